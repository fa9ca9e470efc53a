"""The calendar of a draw: lawful days for those who are targets now, kept as far as nothing changed, or a refusal."""

import csv
import io
import re
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from pypdf import PdfReader

from shuangsuiji.errors import InputRefused, Shortage, ShuangsuijiError, WrongState
from shuangsuiji.followup.schedule import Schedule
from shuangsuiji.followup.workdays import read_workdays
from shuangsuiji.publish import pdf
from shuangsuiji.quarter import request
from shuangsuiji.quarter.calendar_files import export, place
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.schedule import MadeResult, Wishes, make, read_schedule
from shuangsuiji.quarter.schedule_shown import show
from shuangsuiji.quarter.status import status
from shuangsuiji.quarter.void import void
from shuangsuiji.store import Store
from tests.quarter.small_plan import plan_file, registry, with_rosters
from tests.quarter.test_records import PEOPLE, WIDE, answered, asked, chronicle, seeded, somebody
from tests.quarter.workspace import NOW, give, on_disk

RULES: Final = ("[blocks]", "[visits]\nlast_days_of_month = 10\nmax_per_day = 1\n\n[blocks]")
IN_APRIL: Final = datetime(2026, 4, 10, 2, tzinfo=UTC)
LONG_LEAVE: Final = "2026-03-01,2026-06-20"


def matched(folder: Path, *changes: tuple[str, str]) -> Store:
    folder.mkdir(exist_ok=True)
    store = with_rosters(folder)
    seeded(store, plan_file(folder, WIDE, *changes))
    match(store, operator="张三", now=NOW)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A real draw, matched, whose visits are in the last ten days of a month, one a day."""
    return matched(tmp_path / "one", RULES)


def made(store: Store, *, now: datetime = NOW, **wishes: object) -> MadeResult:
    return make(store, Wishes(**wishes), operator="张三", now=now)  # type: ignore[arg-type]


def latest(store: Store) -> Schedule:
    with store.read() as reader:
        schedule = read_schedule(reader, reader.draws()[-1])
    assert schedule is not None
    return schedule


def days(store: Store) -> dict[str, date]:
    return {visit.target: visit.day for visit in latest(store).visits}


def refused(store: Store, code: str, call: Callable[[], object]) -> ShuangsuijiError:
    before = on_disk(store.layout.root)
    with pytest.raises((InputRefused, WrongState, Shortage)) as caught:
        call()
    assert caught.value.code == code
    assert on_disk(store.layout.root) == before
    return caught.value


def on_leave(store: Store, person: str, leave: str) -> None:
    """The roster again, with somebody's leave."""
    head, *rows = PEOPLE.splitlines()
    lines = [f"{head},休假开始,休假结束"]
    lines += [f"{row},{leave if row.split(',')[4] == person else ','}" for row in rows]
    give(store, "inspectors", "\n".join(lines) + "\n")


def test_every_target_gets_a_lawful_day_and_the_log_names_the_calendar(store: Store) -> None:
    result = made(store)
    state, schedule, calendar = chronicle(store).state, latest(store), read_workdays()
    assert {visit.target for visit in schedule.visits} == set(state.targets)
    assert (result.number, result.visits) == (1, len(state.targets))
    for visit in schedule.visits:
        assert dict(visit.team) == dict(state.targets[visit.target].team)
        assert calendar.is_working(visit.day)
        following = visit.day + timedelta(days=10)
        assert (following.year, following.month) != (visit.day.year, visit.day.month)
    with store.read() as reader:
        entry = reader.log()[-1]
        data = reader.file(reader.draws()[-1], "schedule-1.json")
    assert (entry.verb, entry.details["sha256"]) == ("schedule", sha256(data).hexdigest())
    assert show(store).total == result.visits


def test_the_same_draw_gives_the_same_calendar(store: Store, tmp_path: Path) -> None:
    other = matched(tmp_path / "other", RULES)
    made(store)
    made(other)
    assert latest(store) == latest(other)


def test_after_a_replacement_what_has_not_changed_keeps_its_day(store: Store) -> None:
    made(store)
    before = days(store)
    target, person = somebody(store)
    request.person(store, person, [target], asked())
    answered(store, 1)
    result = made(store)
    assert (result.number, result.kept) == (2, len(before) - 1)
    after = days(store)
    assert {one: day for one, day in after.items() if one != target} == {
        one: day for one, day in before.items() if one != target
    }
    assert person not in next(visit.persons for visit in latest(store).visits if visit.target == target)


def test_a_replaced_target_is_not_visited_and_the_newcomer_is(store: Store) -> None:
    made(store)
    before = set(days(store))
    give(store, "entities", registry(*before))
    gone = []
    for number, target in enumerate(sorted(before)):
        issue = f"{2026041 + number}"
        result = request.target(store, target, asked(issue, reason="已注销"))
        if answered(store, result.number, issue).changes[0].new:
            gone.append(target)
    made(store)
    assert gone
    assert set(days(store)) == set(chronicle(store).state.targets)
    assert not set(gone) & set(days(store))


def test_nobody_is_sent_while_on_leave_and_who_has_no_day_left_is_named(store: Store) -> None:
    _, person = somebody(store)
    on_leave(store, person, LONG_LEAVE)
    made(store, max_per_day=4)
    own = [visit.day for visit in latest(store).visits if person in visit.persons]
    assert own
    assert min(own) > date(2026, 6, 20)
    on_leave(store, person, "2026-03-01,2026-06-30")
    why = refused(store, "schedule.no_common_days", lambda: made(store))
    assert person in str(why.params["persons"])


def test_days_that_are_over_are_kept_and_new_ones_lie_ahead(store: Store) -> None:
    made(store)
    before = days(store)
    target, person = somebody(store)
    request.person(store, person, [target], asked())
    answered(store, 1)
    made(store, now=IN_APRIL)
    after = days(store)
    assert after[target] > IN_APRIL.date()
    assert all(after[one] == before[one] for one in before if one != target)


def test_an_appointment_keeps_its_day_in_later_calendars(store: Store) -> None:
    made(store)
    target = min(days(store))
    made(store, appoint=[f"{target}=2026-05-06"])
    assert days(store)[target] == date(2026, 5, 6)
    result = made(store)
    assert (result.number, result.appointed) == (3, 1)
    assert days(store)[target] == date(2026, 5, 6)
    for wrong, code in (
        ("五月九日", "appointment"),
        ("2026-05-10", "appointed_day"),
        ("2026-07-01", "appointed_day"),
    ):
        wish = [f"{target}={wrong}"]
        refused(store, f"schedule.{code}", partial(made, store, appoint=wish))


def test_a_day_may_be_added_and_the_limit_be_another(tmp_path: Path) -> None:
    few = ("[blocks]", "[visits]\nmax_per_day = 1\ndays = [2026-03-02]\n\n[blocks]")
    store = matched(tmp_path / "few", few)
    with pytest.raises(Shortage):
        made(store)
    made(store, max_per_day=9)
    assert set(days(store).values()) == {date(2026, 3, 2)}


def test_without_teams_or_after_void_there_is_nothing_to_schedule(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    seeded(store, plan_file(tmp_path, WIDE))
    refused(store, "quarter.too_early", lambda: made(store))
    match(store, operator="张三", now=NOW)
    refused(store, "schedule.none", lambda: show(store))
    assert [draw.plan_id for draw in status(store, now=NOW).unscheduled] == ["410102-2026-01"]
    made(store)
    assert status(store, now=NOW).unscheduled == ()
    void(store, reason="名册有误", approver="王局长", operator="张三", now=NOW)
    refused(store, "quarter.void", lambda: made(store))


def test_a_window_that_is_over_is_refused(store: Store) -> None:
    refused(store, "schedule.no_days", lambda: made(store, now=datetime(2026, 7, 1, tzinfo=UTC)))


def test_what_is_handed_out_is_private_the_same_every_time_and_knows_no_grade(
    store: Store, tmp_path: Path
) -> None:
    made(store)
    one = export(store, tmp_path / "a", papers=False, operator="张三", now=NOW)
    export(store, tmp_path / "b", papers=False, operator="李四", now=NOW + timedelta(days=1))
    assert on_disk(tmp_path / "a") == on_disk(tmp_path / "b")
    for path in (tmp_path / "a", *(tmp_path / "a").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
        assert path.suffix != ".csv" or not {"高", "中", "高风险", "中风险"} & set(cells(path))
    persons = {person for visit in latest(store).visits for person in visit.persons}
    assert one.counts["ics"] == len(persons) == len(list((tmp_path / "a" / "日历").iterdir()))
    assert len(table(tmp_path / "a" / "检查安排.csv")) == len(latest(store).visits)
    refused(store, "quarter.folder_taken", lambda: export(store, tmp_path / "a", operator="张三", now=NOW))


def test_papers_to_print_name_who_goes_to_whom_and_know_no_grade(store: Store, tmp_path: Path) -> None:
    """An order for each team and a form for each target, in a file for each district or part of a large one."""
    made(store)
    export(store, tmp_path / "a", receipts=False, operator="张三", now=NOW)
    visits = latest(store).visits
    texts = {
        path.name: [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(path).pages]
        for path in sorted((tmp_path / "a" / "文书").iterdir())
    }
    assert len(texts) == 2 * len({visit.district for visit in visits})
    forms = [page for name, pages in texts.items() if "记录表" in name for page in pages]
    orders = [page for name, pages in texts.items() if "任务书" in name for page in pages]
    assert len(forms) == len(visits)
    assert len(orders) == len({visit.block for visit in visits})
    people = {person: name for name, *_, person, _ in (row.split(",") for row in PEOPLE.splitlines()[1:])}
    for visit in visits:
        (form,) = [page for page in forms if visit.target in page]
        assert all(people[person] in form for person in visit.persons)
        assert any(visit.target in order and f"第{visit.block}组" in order for order in orders)
    assert not [
        page for page in (*forms, *orders) if "高风险" in page or "中风险" in page or "信用风险" in page
    ]


def test_a_team_hands_over_a_sheet_for_each_target_in_the_order_of_its_visits(
    store: Store, tmp_path: Path
) -> None:
    """One PDF for each team; each sheet tells the digest of the receipt beside it, and no sheet names another."""
    made(store)
    counts = export(store, tmp_path / "a", operator="张三", now=NOW).counts
    visits = latest(store).visits
    receipts = {
        path.stem: sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "a" / "回执文件").iterdir()
    }
    assert set(receipts) == {visit.target for visit in visits}
    assert (counts["receipts"], counts["sheets"]) == (len(visits), len({visit.block for visit in visits}))
    for path in (tmp_path / "a" / "回执单").iterdir():
        pages = [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(path).pages]
        named = [next(one for one in receipts if one in page) for page in pages]
        own = [visit for visit in visits if visit.target in named]
        assert named == [visit.target for visit in sorted(own, key=lambda one: (one.day, one.target))]
        assert len({visit.block for visit in own}) == 1
        for target, page in zip(named, pages, strict=True):
            assert receipts[target] in page
            assert not [other for other in receipts if other != target and other in page]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_receipts_wait_for_the_end_of_an_embargo_and_are_never_among_what_is_public(tmp_path: Path) -> None:
    embargo = ("deadline = 2026-02-28", "deadline = 2026-02-28\nembargo = 2026-04-30")
    store = matched(tmp_path / "one", RULES, embargo)
    made(store)
    held = export(store, tmp_path / "a", operator="张三", now=NOW)
    assert (held.no_receipts, held.held_until) == ("bundle.list_held_back", "2026-04-30")
    assert not {"receipts", "sheets"} & set(held.counts)
    assert not list((tmp_path / "a").glob("回执*"))
    refused(
        store,
        "quarter.public_folder",
        lambda: export(store, store.layout.published / "a", operator="张三", now=NOW),
    )


def test_many_papers_of_a_district_are_several_files(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(store)
    monkeypatch.setattr(pdf, "MOST", 1)
    export(store, tmp_path / "a", receipts=False, operator="张三", now=NOW)
    count = sum(len(PdfReader(path).pages) for path in (tmp_path / "a" / "文书").glob("*记录表*"))
    assert count == len(latest(store).visits)
    assert list((tmp_path / "a" / "文书").glob("*记录表*-02.pdf"))


def test_a_person_who_is_out_has_his_visit_taken_back_in_his_calendar(store: Store, tmp_path: Path) -> None:
    made(store)
    target, person = somebody(store)
    request.person(store, person, [target], asked())
    answered(store, 1)
    made(store)
    export(store, tmp_path / "a", papers=False, operator="张三", now=NOW)
    (file,) = (tmp_path / "a" / "日历").glob(f"*-{person}.ics")
    text = file.read_text(encoding="utf-8").replace("\n ", "")
    assert text.count("STATUS:CANCELLED") == 1
    assert target in text


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def cells(path: Path) -> list[str]:
    return [cell for row in table(path) for cell in row.values()]


def test_a_place_is_district_and_address_and_names_no_district_twice() -> None:
    assert place("东镇", "解放路1号") == "东镇解放路1号"
    assert place("东镇", "东镇解放路1号") == "东镇解放路1号"
    assert (place("东镇", ""), place("", "解放路1号")) == ("东镇", "解放路1号")
