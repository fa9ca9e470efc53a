"""The calendar of a draw: lawful days for those who are targets now, kept as far as nothing changed, or a refusal."""

import csv
import io
import re
import stat
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from pypdf import PdfReader

from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.errors import InputRefused, Shortage, ShuangsuijiError, WrongState
from shuangsuiji.followup.schedule import Schedule
from shuangsuiji.followup.workdays import read_workdays
from shuangsuiji.publish import pdf
from shuangsuiji.quarter import request
from shuangsuiji.quarter.calendar_files import export, place
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.schedule import MadeResult, make, read_schedule
from shuangsuiji.quarter.schedule_shown import show
from shuangsuiji.quarter.status import status
from shuangsuiji.quarter.visit_problem import Wishes
from shuangsuiji.quarter.void import void
from shuangsuiji.store import Store
from tests.followup.test_ics import events
from tests.quarter.small_plan import plan_file, registry, with_rosters
from tests.quarter.test_records import PEOPLE, WIDE, answered, asked, chronicle, seeded, somebody
from tests.quarter.test_results import imported, rows
from tests.quarter.workspace import NOW, give, on_disk

RULES: Final = ("[blocks]", "[visits]\nlast_days_of_month = 10\nmax_per_day = 1\n\n[blocks]")
IN_APRIL: Final = datetime(2026, 4, 10, 2, tzinfo=UTC)
LATE: Final = datetime(2026, 6, 20, 2, tzinfo=UTC)
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


def test_whoever_was_visited_keeps_the_planned_day_whatever_became_of_the_team(store: Store) -> None:
    """A replacement recorded after the visit's day takes nothing back that took place."""
    made(store)
    before = days(store)
    target, person = somebody(store)
    request.person(store, person, [target], asked())
    answered(store, 1)
    own = [one for one in rows(store) if one["统一社会信用代码"] == target]
    imported(store, [own[0] | {"检查完成日期": "2026-03-31"}], now=IN_APRIL)
    made(store, now=IN_APRIL)
    assert days(store)[target] == before[target] != date(2026, 3, 31)
    refused(
        store,
        "schedule.already_visited",
        lambda: made(store, now=IN_APRIL, appoint=[f"{target}=2026-05-06"]),
    )


def test_who_was_visited_before_there_was_a_calendar_stands_under_that_day(store: Store) -> None:
    imported(store, rows(store)[:1], now=IN_APRIL)
    made(store, now=IN_APRIL)
    found = days(store)
    visited = found.pop(rows(store)[0]["统一社会信用代码"])
    assert visited == date(2026, 3, 18)
    assert min(found.values()) > IN_APRIL.date()


def test_again_with_nothing_changed_gives_the_same_days_so_that_nobody_can_choose(store: Store) -> None:
    made(store)
    first = latest(store)
    refused(store, "schedule.reason_needed", lambda: made(store, again=True))
    result = made(store, again=True, reason="再排一次试试")
    assert (result.number, result.moved, result.kept, result.reason) == (2, 0, 0, "再排一次试试")
    assert latest(store).visits == first.visits
    with store.read() as reader:
        draw, entry = reader.draws()[-1], reader.log()[-1]
        assert read_schedule(reader, draw, 1) == first
    assert (entry.details["moved"], entry.details["reason"]) == (0, "再排一次试试")


def test_again_undoes_what_leave_had_moved_once_the_leave_is_off(store: Store) -> None:
    made(store)
    before = days(store)
    target, person = somebody(store)
    on_leave(store, person, f"{before[target]},{before[target]}")
    moved = made(store).moved
    assert 0 < moved == sum(day != before[one] for one, day in days(store).items())
    on_leave(store, person, ",")
    assert made(store).moved == 0
    assert made(store, again=True, reason="销假").moved == moved
    assert days(store) == before


def test_again_leaves_past_and_appointed_days_alone(store: Store) -> None:
    made(store)
    target = max(days(store), key=lambda one: days(store)[one])
    made(store, appoint=[f"{target}=2026-06-30"])
    before = days(store)
    until = sorted(before.values())[1]
    result = made(
        store,
        now=datetime(until.year, until.month, until.day, 2, tzinfo=UTC),
        skip_days=[sorted(before.values())[2].isoformat()],
        again=True,
        reason="台风",
    )
    after = days(store)
    past = [one for one, day in before.items() if day <= until]
    assert all(after[one] == before[one] for one in (*past, target))
    assert all(day > until for one, day in after.items() if one not in past)
    assert result.moved == sum(after[one] != before[one] for one in before) > 0
    assert (result.kept, result.appointed) == (len(past), 1)


def test_a_calendar_that_does_not_hold_any_more_is_told_by_status(store: Store) -> None:
    def outdated(now: datetime = NOW) -> list[tuple[bool, int]]:
        return [(one.replaced, one.on_leave) for one in status(store, now=now).outdated]

    assert outdated() == []
    made(store)
    assert outdated() == []
    target, person = somebody(store)
    on_leave(store, person, f"{days(store)[target]},{days(store)[target]}")
    assert outdated() == [(False, 1)]
    request.person(store, person, [target], asked())
    assert outdated() == [(False, 1)], "nobody is replaced yet"
    answered(store, 1)
    assert outdated() == [(True, 1)]
    assert outdated(datetime(2026, 7, 1, tzinfo=UTC)) == [], "nothing of it lies ahead"
    made(store)
    assert outdated() == []


def test_a_day_given_up_is_visited_by_nobody_then_nor_in_later_calendars(store: Store) -> None:
    made(store)
    before = days(store)
    gone = before[somebody(store)[0]]
    on_it = {one for one, day in before.items() if day == gone}
    refused(store, "schedule.reason_needed", lambda: made(store, skip_days=[gone.isoformat()]))
    for wrong in ("2026-07-01", "2026-03-01"):
        wish = partial(made, store, skip_days=[wrong], reason="台风")
        refused(store, "schedule.no_visit_day", wish)
    result = made(store, skip_days=[gone.isoformat()], reason="台风停工")
    after = days(store)
    assert (result.moved, result.skipped) == (len(on_it), (gone.isoformat(),))
    assert gone not in after.values()
    assert {one: day for one, day in after.items() if one not in on_it} == {
        one: day for one, day in before.items() if one not in on_it
    }
    made(store, again=True, reason="再排")
    assert gone not in days(store).values()
    made(store, add_days=[gone.isoformat()])
    assert latest(store).skipped == ()


def test_of_a_day_that_is_over_and_was_given_up_only_who_has_a_result_stays(store: Store) -> None:
    made(store, max_per_day=9)
    before = days(store)
    gone = min(before.values())
    on_it = sorted(one for one, day in before.items() if day == gone)
    assert len(on_it) > 1
    own = [one for one in rows(store) if one["统一社会信用代码"] == on_it[0]]
    imported(store, [own[0] | {"检查完成日期": gone.isoformat()}], now=LATE)
    made(store, now=LATE, skip_days=[gone.isoformat()], reason="台风停工")
    after = days(store)
    assert after[on_it[0]] == gone
    assert all(after[one] > LATE.date() for one in on_it[1:])
    assert latest(store).max_per_day == 9


def test_an_appointment_on_a_day_given_up_is_to_be_agreed_upon_anew(store: Store) -> None:
    made(store)
    target = min(days(store))
    made(store, appoint=[f"{target}=2026-05-06"])
    wish = partial(made, store, skip_days=["2026-05-06"], reason="台风")
    refused(store, "schedule.appointed_skipped", wish)
    wish(appoint=[f"{target}=2026-05-07"])
    assert days(store)[target] == date(2026, 5, 7)


def test_an_added_day_is_one_in_later_calendars_too(tmp_path: Path) -> None:
    few = ("[blocks]", "[visits]\nmax_per_day = 9\ndays = [2026-03-02]\n\n[blocks]")
    store = matched(tmp_path / "few", few)
    _, person = somebody(store)
    on_leave(store, person, "2026-03-02,2026-03-02")
    made(store, add_days=["2026-03-03"])
    before = days(store)
    assert date(2026, 3, 3) in before.values()
    assert made(store).moved == 0
    assert days(store) == before


def test_whatever_day_is_added_is_one_of_the_calendar_or_refused(store: Store) -> None:
    # A Sunday, the day of 清明节, and days beside the window, which is from March to June.
    for wrong in ("2026-03-01", "2026-04-05", "2026-02-27", "2026-07-01"):
        refused(store, "schedule.added_day", partial(made, store, add_days=["2026-03-03", wrong]))
    made(store, add_days=["2026-03-03"])
    assert date(2026, 3, 3) in latest(store).days


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


def test_a_day_s_limit_holds_over_all_open_batches(tmp_path: Path) -> None:
    """What the calendar made first has planned stands; the one made later goes around it, or says who is short."""
    one_day = ("[blocks]", '[visits]\nmax_per_day = 2\ndays = ["2026-03-31"]\n\n[blocks]')
    store = matched(tmp_path / "one", one_day)
    publish(store, operator="张三", now=NOW)
    again = (
        ("2026-01", "2026-02"),
        ('items = ["年度', 'items = ["二批年度'),
        ('district = "home"', 'district = "any"'),
    )
    seeded(store, plan_file(tmp_path, WIDE, one_day, *again))
    match(store, operator="张三", now=NOW)
    first, second = (
        partial(make, store, plan_id=f"410102-2026-0{number}", operator="张三", now=NOW) for number in (1, 2)
    )

    def meanwhile(*_: int) -> None:
        first()

    with pytest.raises(WrongState, match="changed_meanwhile"):
        second(tell=meanwhile)
    refused(store, "schedule.too_many", second)
    result = second(Wishes(add_days=["2026-03-30"]))
    with store.read() as reader:
        both = [read_schedule(reader, draw) for draw in reader.draws()]
    visits = [visit for schedule in both if schedule for visit in schedule.visits]
    loads = Counter((person, visit.day) for visit in visits for person in visit.persons)
    assert max(loads.values()) == 2
    assert 0 < result.elsewhere <= len(visits) - result.visits


AGAIN: Final = (
    ("2026-01", "2026-02"),
    ('items = ["年度', 'items = ["二批年度'),
    ('district = "home"', 'district = "any"'),
)


def limited(store: Store, folder: Path, limit: int, *changes: tuple[str, str]) -> Callable[..., MadeResult]:
    """A batch with a limit of visits a day, as far as its teams; what makes its calendar."""
    few = ("[blocks]", f'[visits]\nmax_per_day = {limit}\ndays = ["2026-03-30", "2026-03-31"]\n\n[blocks]')
    plan = plan_file(folder, WIDE, few, *changes)
    seeded(store, plan)
    match(store, operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    with store.read() as reader:
        own = reader.draws()[-1].plan_id
    return partial(make, store, plan_id=own, operator="张三", now=NOW)


def loads_of(store: Store) -> dict[tuple[str, date], list[int]]:
    """By person and day, the limits of the batches in which he has visits, a number for each visit."""
    found: dict[tuple[str, date], list[int]] = {}
    with store.read() as reader:
        for draw in reader.draws():
            schedule = read_schedule(reader, draw)
            for visit in schedule.visits if schedule else ():
                for person in visit.persons:
                    found.setdefault((person, visit.day), []).append(schedule.max_per_day if schedule else 0)
    return found


@pytest.mark.parametrize(("first", "second"), [(2, 1), (1, 4)])
def test_the_smaller_limit_wins_on_a_day_on_which_both_batches_have_visits(
    tmp_path: Path, first: int, second: int
) -> None:
    store = with_rosters(tmp_path)
    one = limited(store, tmp_path, first)
    other = limited(store, tmp_path, second, *AGAIN)
    one()
    if first < second:  # on both days somebody has as many as the batch before allows
        refused(store, "schedule.too_many", other)
    other(Wishes(add_days=["2026-03-02"]))
    found = loads_of(store)
    assert any(len({*own}) == 1 and len(own) > 1 for own in found.values()), "the larger limit is made use of"
    assert all(len(own) <= min(own) for own in found.values())
    assert not status(store, now=NOW).outdated


def test_status_tells_of_days_on_which_two_calendars_go_beyond_a_limit(tmp_path: Path) -> None:
    """As calendars may that were made without regard to one another."""
    store = with_rosters(tmp_path)
    one, other = limited(store, tmp_path, 4), limited(store, tmp_path, 4, *AGAIN)
    one()
    other()
    assert not status(store, now=NOW).outdated
    with store.begin("张三", "schedule", NOW) as transaction:
        draw = transaction.draws()[-1]
        schedule = read_schedule(transaction, draw)
        assert schedule is not None
        stricter = replace(schedule, number=2, max_per_day=1)
        transaction.put_files(draw, {"schedule-2.json": canonical_json(stricter.object())})
    broken = {place for place, own in loads_of(store).items() if len(own) > min(own)}
    told = {found.plan: found.crowded for found in status(store, now=NOW).outdated}
    with store.read() as reader:
        expected = {
            draw.plan_id: sum(
                any((who, visit.day) in broken for who in visit.persons) for visit in own.visits
            )
            for draw in reader.draws()
            if (own := read_schedule(reader, draw)) is not None
        }
    assert told == {plan: count for plan, count in expected.items() if count}
    assert told
    assert not status(store, now=datetime(2026, 4, 1, tzinfo=UTC)).outdated, "nothing of it lies ahead"


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


def test_a_visit_keeps_its_identity_from_calendar_to_calendar(store: Store, tmp_path: Path) -> None:
    """So that the later one moves it on a telephone, where the earlier one put it."""
    made(store)
    gone = min(days(store).values())

    def exported(name: str) -> dict[tuple[str, str], dict[str, str]]:
        export(store, tmp_path / name, papers=False, operator="张三", now=NOW)
        files = sorted((tmp_path / name / "日历").iterdir())
        return {(path.name, one["UID"]): one for path in files for one in events(path.read_bytes())}

    first = exported("1")
    result = made(store, skip_days=[gone.isoformat()], reason="台风")
    second = exported("2")
    assert set(first) == set(second)
    sequences = {(int(one["SEQUENCE"]), int(second[key]["SEQUENCE"])) for key, one in first.items()}
    assert sequences == {(1, 2)}
    moved = {key for key, one in first.items() if one["DTSTART"] != second[key]["DTSTART"]}
    assert {first[key]["DTSTART"] for key in moved} == {f"{gone:%Y%m%d}"}
    assert len(moved) >= result.moved > 0


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def cells(path: Path) -> list[str]:
    return [cell for row in table(path) for cell in row.values()]


def test_a_place_is_district_and_address_and_names_no_district_twice() -> None:
    assert place("东镇", "解放路1号") == "东镇解放路1号"
    assert place("东镇", "东镇解放路1号") == "东镇解放路1号"
    assert (place("东镇", ""), place("", "解放路1号")) == ("东镇", "解放路1号")
