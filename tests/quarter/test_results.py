"""Results of a drawn batch: entered by one person, reviewed by another, counted at the next freeze; all or nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from shuangsuiji.audit.verify import verify
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.followup.abnormal import NewStep
from shuangsuiji.quarter import request
from shuangsuiji.quarter.abnormal import Chosen, list_abnormal, step, step_from_files
from shuangsuiji.quarter.dossier import read_frozen
from shuangsuiji.quarter.export import bundle
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.outcome import UrgentResult, urgent
from shuangsuiji.quarter.plan import adopt, check
from shuangsuiji.quarter.preview import preview_tasks
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.request import RequestResult
from shuangsuiji.quarter.result_entry import EntryResult, enter_result, import_results
from shuangsuiji.quarter.results import Filter, ListResult, list_results, read_standings, scheduled_draw
from shuangsuiji.quarter.review import ReviewResult, Selection, review
from shuangsuiji.quarter.status import status
from shuangsuiji.quarter.void import void
from shuangsuiji.rosters.report import FAULTY
from shuangsuiji.rosters.workbook_out import to_bytes
from shuangsuiji.store import Store
from tests.quarter.small_plan import KEY, PLAN, plan_file, registry, with_rosters
from tests.quarter.test_records import WIDE, answered, asked, chronicle, seeded, store
from tests.quarter.workspace import NOW, give, on_disk

__all__ = ["store"]

VISIT: Final = "2026-03-18"
AFTER: Final = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
HEAD: Final = ("统一社会信用代码", "企业名称", "检查完成日期", "检查结果", "检查人员", "检查方式")
LOST: Final = "通过登记的住所（经营场所）无法联系"


def rows(store: Store, **changes: str) -> list[dict[str, str]]:
    """A row of each target by those who were drawn, as an export has it."""
    found = chronicle(store)
    people = {one.id: one.name for one in found.grounds.frozen.pool.inspectors}
    made = [
        {
            "统一社会信用代码": target,
            "企业名称": one.target.entity.name,
            "检查完成日期": VISIT,
            "检查结果": "未发现问题",
            "检查人员": "、".join(people[person] for person in one.team.values()),
            "检查方式": "实地核查",
        }
        for target, one in sorted(found.state.targets.items())
    ]
    made[0] |= changes
    return made


def put(
    store: Store, table: Sequence[Mapping[str, str]], name: str = "结果.csv", encoding: str = "gb18030"
) -> Path:
    """The rows as a file beside the workspace."""
    path = store.layout.root.parent / name
    head = list(dict.fromkeys([*HEAD, *(key for one in table for key in one)]))
    lines = [head, *([one.get(key, "") for key in head] for one in table)]
    path.write_bytes("".join(",".join(line) + "\r\n" for line in lines).encode(encoding))
    return path


def imported(
    store: Store,
    table: Sequence[Mapping[str, str]],
    *,
    now: datetime = AFTER,
    reason: str = "",
    strict: bool = False,
) -> EntryResult:
    return import_results(store, [put(store, table)], reason=reason, strict=strict, operator="张三", now=now)


def reviewed(
    store: Store, selection: Selection, *, approved: bool = True, reason: str = "", operator: str = "李四"
) -> ReviewResult:
    return review(store, selection, approved=approved, reason=reason, operator=operator, now=AFTER)


def listed(store: Store, **chosen: str) -> ListResult:
    return list_results(store, Filter(**chosen))  # type: ignore[arg-type]


def letters_told(store: Store, day: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The second letters that may go out on a day of 2026, and those for which it is too late, by `status`."""
    found = status(store, datetime.fromisoformat(f"2026-{day}T02:00+00:00"))
    late = (one for one in found.overdue if one.kind == "letter")
    due, over = ([(one.count, one.due.isoformat()) for one in steps] for steps in (found.letters, late))
    return due, over


def scheduled(store: Store) -> int:
    """The draw whose calendar is meant where no plan is named."""
    with store.read() as reader:
        return scheduled_draw(reader, None).number


def states(store: Store) -> list[str]:
    with store.read() as reader:
        return [one.state for one in read_standings(reader, reader.draws()[-1])]


def refused(store: Store, code: str, call: Callable[[], object]) -> str:
    """What is refused leaves everything but perhaps a report; the report's path."""
    before = on_disk(store.layout.root)
    with pytest.raises((InputRefused, WrongState)) as caught:
        call()
    assert caught.value.code == code
    after = on_disk(store.layout.root)
    assert {name: digest for name, digest in after.items() if not name.startswith("reports/")} == {
        name: digest for name, digest in before.items() if not name.startswith("reports/")
    }
    return str(caught.value.params.get("report", ""))


def test_from_an_export_to_what_may_be_published(store: Store) -> None:
    publish(store, operator="张三", now=AFTER)
    table = rows(store)
    assert listed(store).unchecked == len(table)
    assert set(states(store)) == {"missing"}
    assert status(store, AFTER).followed[0].command == "results import"
    done = imported(store, table)
    assert (done.entries, done.targets, done.refused_rows) == (len(table), len(table), 0)
    assert set(states(store)) == {"pending"}
    found = status(store, AFTER).followed[0]
    assert (found.command, found.unchecked, found.entered_by) == ("results review", 0, ("张三",))
    refused(
        store, "result.own_entries", lambda: reviewed(store, Selection((), (done.batch,)), operator="张三")
    )
    refused(store, "result.own_entries", lambda: reviewed(store, Selection(everything=True), operator="张三"))
    refused(
        store, "result.reason_needed", lambda: reviewed(store, Selection(everything=True), approved=False)
    )
    back = reviewed(store, Selection((1,)), approved=False, reason="缺现场检查笔录")
    assert (back.count, back.states["returned"]) == (1, 1)
    refused(store, "result.not_pending", lambda: reviewed(store, Selection((1,))))
    refused(store, "result.no_such_entries", lambda: reviewed(store, Selection((999,))))
    result = reviewed(store, Selection((), (done.batch,)))
    assert (result.count, result.states["approved"]) == (len(table) - 1, len(table) - 1)
    refused(store, "result.nothing_pending", lambda: reviewed(store, Selection((), (done.batch,))))
    assert status(store, AFTER).followed[0].command == "publish"
    (one,) = listed(store, state="returned").chosen
    assert one.review is not None
    assert (one.review.reason, one.review.operator) == ("缺现场检查笔录", "李四")


def test_the_log_has_counts_and_digests_and_no_names(store: Store) -> None:
    done = imported(store, rows(store))
    reviewed(store, Selection(everything=True))
    with store.read() as reader:
        entered, approved = reader.log()[-2:]
    assert (entered.seq, entered.verb, approved.verb) == (done.batch, "results import", "results review")
    assert (entered.details["digest"], entered.details["entries"]) == (done.digest, done.entries)
    assert approved.details["entries"] == done.entries
    text = str([entered.details, approved.details])
    assert not any(
        code in text or name in text for one in rows(store) for code, name in [list(one.values())[:2]]
    )


def test_the_same_export_again_changes_nothing_and_a_correction_is_another_entry(store: Store) -> None:
    table = rows(store)
    imported(store, table[:2])
    with store.read() as reader:
        head = reader.log_head()
    again = imported(store, table[:2])
    assert (again.entries, again.unchanged, again.batch) == (0, 2, 0)
    with store.read() as reader:
        assert reader.log_head() == head
    grown = imported(store, table)
    assert (grown.entries, grown.unchanged) == (len(table) - 2, 2)
    reviewed(store, Selection(everything=True))
    changed = rows(store, 检查结果="停业")
    refused(store, "quarter.nothing_accepted", lambda: imported(store, changed[:1]))
    corrected = imported(store, changed, reason="平台填错")
    assert (corrected.entries, corrected.corrections) == (1, 1)
    assert states(store)[0] == "pending"
    with store.read() as reader:
        draw = reader.draws()[-1]
        kept = [one for one in reader.entries(draw) if one.target == table[0]["统一社会信用代码"]]
    assert [one.content["category"] for one in kept] == ["no_problem", "closed"]
    assert kept[1].corrects == kept[0].id


def test_the_order_of_the_rows_decides_nothing(store: Store, tmp_path: Path) -> None:
    table = rows(store)
    path = put(store, table[::-1], "倒序.csv", "utf-8")
    done = import_results(store, [path], operator="张三", now=AFTER)
    with store.read() as reader:
        found = [one.target for one in reader.entries(reader.draws()[-1])]
    assert found == [one["统一社会信用代码"] for one in table]
    del tmp_path
    assert done.entries == len(table)


def test_faulty_rows_go_back_and_the_others_are_entered(store: Store) -> None:
    table = rows(store, 检查完成日期="2026-07-01")
    refused(store, "quarter.strict_refused", lambda: imported(store, table, strict=True))
    done = imported(store, table)
    assert (done.refused_rows, done.entries) == (1, len(table) - 1)
    (workbook,) = (path for path in done.reports if path.suffix == ".xlsx")
    page = openpyxl.load_workbook(workbook).worksheets[0]
    assert page["C3"].fill.fgColor.rgb == FAULTY.fgColor.rgb
    assert "2026-07-01" in str(page["H3"].value)
    mended = rows(store)
    assert imported(store, mended).entries == 1


def test_nothing_is_half_written_when_every_row_is_refused(store: Store) -> None:
    table = [{**one, "检查人员": "某人"} for one in rows(store)]
    report = refused(store, "quarter.nothing_accepted", lambda: imported(store, table))
    assert all(Path(path).is_file() for path in report.split("、"))
    assert set(states(store)) == {"missing"}


def test_a_workbook_with_formulas_dates_and_numbers_is_read_as_text(store: Store) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(list(HEAD))
    first, second, *_ = rows(store)
    page.append([*list(first.values())[:2], date(2026, 3, 18), *list(first.values())[3:]])
    page.append(
        [*list(second.values())[:3], '=IF(1,"未发现问题","")', second["检查人员"], second["检查方式"]]
    )
    path = store.layout.root.parent / "结果.xlsx"
    path.write_bytes(to_bytes(book))
    done = import_results(store, [path], operator="张三", now=AFTER)
    assert (done.entries, [one.code for one in done.refused]) == (1, ["rosters.formula_without_value"])
    broken = store.layout.root.parent / "坏.xlsx"
    broken.write_bytes(path.read_bytes()[:2000])
    refused(
        store,
        "rosters.workbook_damaged",
        lambda: import_results(store, [broken], operator="张三", now=AFTER),
    )


def test_one_result_is_entered_by_command_as_a_row_is(store: Store) -> None:
    first = rows(store)[0]
    target = first["统一社会信用代码"]

    def enter(**cells: str) -> EntryResult:
        filled = {
            "checked_on": VISIT,
            "result": "未发现问题",
            "persons": first["检查人员"],
            "method": "书面检查",
            **cells,
        }
        return enter_result(store, target, filled, operator="张三", now=AFTER)  # type: ignore[arg-type]

    refused(store, "result.unknown_category", lambda: enter(result="正常"))
    refused(store, "result.outside_window", lambda: enter(checked_on="2026-07-01"))
    refused(
        store,
        "quarter.no_such_target",
        lambda: enter_result(store, "无此户", {"result": "未发现问题"}, operator="张三", now=AFTER),
    )
    assert enter().entries == 1
    refused(store, "result.nothing_new", enter)
    refused(store, "result.already_entered", lambda: enter(result="停业"))
    assert enter(result="停业", correction="笔误").corrections == 1


def test_who_came_in_by_a_record_is_accepted_and_a_target_replaced_is_not(store: Store) -> None:
    table = rows(store)
    state = chronicle(store).state
    target = table[0]["统一社会信用代码"]
    request.person(store, state.targets[target].team["local"], [target], asked())
    answered(store, 1)
    now = rows(store)
    assert now[0] != table[0]
    assert imported(store, now[:1]).entries == 1
    refused(store, "quarter.nothing_accepted", lambda: imported(store, table[:1]))


@pytest.mark.parametrize("at_once", [False, True])
def test_a_person_is_replaced_at_what_remains_to_visit_only(store: Store, at_once: bool) -> None:
    def replaced(*targets: str) -> UrgentResult | RequestResult:
        if not at_once:
            return request.person(store, person, targets, asked())
        return urgent(store, person, targets, asked())

    table = {one["统一社会信用代码"]: one for one in rows(store)}
    before = chronicle(store).state.targets
    visits: dict[str, list[str]] = {}
    for code, one in sorted(before.items()):
        for inspector in one.team.values():
            visits.setdefault(inspector, []).append(code)
    person, (first, *others) = max(visits.items(), key=lambda pair: len(pair[1]))
    assert others
    imported(store, [table[first]])
    refused(store, "result.target_inspected", lambda: replaced(first))
    refused(store, "result.target_inspected", lambda: replaced(others[0], first))
    replaced()
    if not at_once:
        answered(store, 1)
    after = chronicle(store).state.targets
    assert after[first].team == before[first].team, "the visit made stays whose it was"
    assert all(person not in after[one].team.values() for one in others)
    refused(store, "quarter.nothing_remains", replaced)


def test_who_was_inspected_is_not_replaced_and_who_is_being_replaced_is_not_entered(store: Store) -> None:
    table = rows(store)
    first, second = (one["统一社会信用代码"] for one in table[:2])
    give(store, "entities", registry(first, second), accept_gone=True)
    imported(store, table[:1])
    refused(store, "result.target_inspected", lambda: request.target(store, first, asked()))
    request.target(store, second, asked())
    assert [one.code for one in imported(store, table).refused] == ["result.target_requested"]
    answered(store, 1)
    now = rows(store)
    done = imported(store, now)
    assert (done.refused, set(states(store))) == ((), {"pending"})
    came = {one["统一社会信用代码"] for one in now} - {one["统一社会信用代码"] for one in table}
    assert done.entries == len(came)
    if came:
        refused(store, "quarter.nothing_accepted", lambda: imported(store, table[1:2]))


def test_a_void_draw_takes_no_results(store: Store) -> None:
    table = rows(store)
    void(store, reason="名册有误", approver="王局长", operator="张三", now=AFTER)
    refused(store, "quarter.void", lambda: imported(store, table))
    assert status(store, AFTER).followed == ()


def test_before_the_match_there_is_nothing_to_enter(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    seeded(store, plan_file(tmp_path, WIDE))
    table = [dict.fromkeys(HEAD, "x")]
    refused(store, "quarter.too_early", lambda: imported(store, table))


def test_own_visits_count_at_the_next_freeze_of_the_same_mode(store: Store, tmp_path: Path) -> None:
    table = rows(store)
    again = PLAN.replace("from = 2026-03-01, to = 2026-06-30", "from = 2026-07-01, to = 2026-09-30")
    again = again.replace(*WIDE).replace('items = ["年度', 'items = ["二批年度')

    def eligible(serial: str, *, rehearsal: bool) -> dict[str, tuple[str, ...]]:
        path = tmp_path / f"{serial}.toml"
        path.write_text(again.replace("2026-01", f"2026-{serial}", 1), encoding="utf-8")
        previewed = check(store, path, rehearsal=rehearsal).tasks
        adopt(store, path, rehearsal=rehearsal, salt_key=KEY, operator="张三", now=AFTER)
        values = ["explicit:1" if rehearsal else "dice:1"]
        freeze(store, values=values, plan_id=f"410102-2026-{serial}", operator="张三", now=AFTER)
        with store.read() as reader:
            frozen = read_frozen(reader, reader.draws()[-1])
        sealed = preview_tasks(frozen.plan, frozen.strata.divisions, frozen.registry.entities)
        assert previewed == sealed
        return {one.id: one.visits for one in frozen.registry.entities}

    imported(store, table[:2])
    rehearsed, real = eligible("02", rehearsal=True), eligible("03", rehearsal=False)
    assert not any(VISIT in visits for visits in rehearsed.values())
    for code, visits in real.items():
        own = (VISIT,) if code in {one["统一社会信用代码"] for one in table[:2]} else ()
        assert visits == (*rehearsed[code], *own)


def test_of_several_draws_the_one_with_work_left_is_meant_or_must_be_named(
    store: Store, tmp_path: Path
) -> None:
    publish(store, operator="张三", now=NOW)
    again = PLAN.replace("from = 2026-03-01, to = 2026-06-30", "from = 2026-07-01, to = 2026-09-30")
    path = tmp_path / "二批.toml"
    again = (
        again.replace(*WIDE).replace('items = ["年度', 'items = ["二批年度').replace("2026-01", "2026-02", 1)
    )
    again = again.replace('district = "home"', 'district = "any"')  # a firm of no town may be drawn
    path.write_text(again, encoding="utf-8")
    table = rows(store)
    seeded(store, path)
    assert listed(store).draw == 1  # the second has no teams yet
    match(store, operator="张三", now=NOW)
    assert scheduled(store) == 2  # the first's list is public, and its calendar long made
    refused(store, "quarter.which_draw", lambda: listed(store))
    publish(store, plan_id="410102-2026-02", operator="张三", now=NOW)
    with pytest.raises(WrongState) as caught:
        scheduled(store)
    assert caught.value.params == {
        "draws": "410102-2026-01、410102-2026-02"
    }  # no codes of modes: a plan is named
    named = {one: list_results(store, Filter(), plan_id=f"410102-2026-0{one}").draw for one in (1, 2)}
    assert named == {1: 1, 2: 2}
    done = import_results(store, [put(store, table)], plan_id="410102-2026-01", operator="张三", now=AFTER)
    assert (done.draw, done.entries) == (1, len(table))
    review(
        store, Selection(everything=True), approved=True, plan_id="410102-2026-01", operator="李四", now=AFTER
    )
    with store.begin("张三", "publish", AFTER) as transaction:
        transaction.mark_published_entries([one.id for one in transaction.entries(transaction.draws()[0])])
    assert listed(store).draw == scheduled(store) == 2
    assert {one.draw: one.command for one in status(store, AFTER).followed} == {1: "", 2: "results import"}


def test_lost_contact_goes_step_by_step_to_the_list(store: Store) -> None:
    table = [{**one, "检查结果": LOST} if place < 2 else one for place, one in enumerate(rows(store))]
    imported(store, table)
    done_next: dict[str, str] = {}

    def stepped(
        name: str, day: date = date(2026, 3, 30), reference: str = "", targets: tuple[str, ...] = ()
    ) -> int:
        new, chosen = NewStep(name, day, "理由", reference), Chosen(targets, everything=not targets)
        done = step(store, new, chosen, operator="张三", now=AFTER + timedelta(days=60))
        done_next[name] = done.next
        return done.count

    refused(store, "abnormal.nobody", lambda: stepped("proposed"))
    reviewed(store, Selection(everything=True))
    assert list_abnormal(store).stages == {"due": 2}

    assert stepped("proposed") == 2
    refused(store, "abnormal.nobody", lambda: stepped("letter_2"))
    assert stepped("letter_1", date(2026, 4, 1)) == 2
    told = {day: letters_told(store, day) for day in ("04-15", "04-16", "05-01", "05-02")}
    both = [(2, "2026-05-01")]
    assert told == {"04-15": ([], []), "04-16": (both, []), "05-01": (both, []), "05-02": ([], both)}
    first, second = (one["统一社会信用代码"] for one in table[:2])
    path = store.layout.root.parent / "信函.csv"
    path.write_text(
        f"统一社会信用代码,企业名称,寄出日期,邮件号\n{first},甲,2026-04-20,XA1\n{second},乙,2026-04-05,XA2\n",
        encoding="utf-8",
    )
    done = step_from_files(
        store, NewStep("letter_2", date(2026, 4, 20)), [path], operator="张三", now=AFTER + timedelta(days=60)
    )
    assert (done.count, [one.code for one in done.refused]) == (1, ["abnormal.letters_apart"])
    assert list_abnormal(store).stages == {"letter_1": 1, "letter_2": 1}
    refused(store, "abnormal.several_stages", lambda: stepped("dropped", date(2026, 5, 1)))
    refused(store, "abnormal.wrong_step", lambda: stepped("verified", targets=(second,)))
    assert stepped("verified", date(2026, 4, 22), targets=(first,)) == 1
    refused(
        store, "abnormal.reference_needed", lambda: stepped("decided", date(2026, 4, 23), targets=(first,))
    )
    overdue = status(store, AFTER + timedelta(days=60)).overdue
    late = {one.kind: one.count for one in overdue}
    assert late == {"publish": len(table), "abnormal": 1, "result": 1, "letter": 1}
    assert stepped("decided", date(2026, 5, 8), "异列〔2026〕1号", targets=(first,)) == 1
    assert done_next == {"proposed": "letter_1", "letter_1": "letter_2", "verified": "decided", "decided": ""}
    assert {one.kind for one in status(store, AFTER + timedelta(days=60)).overdue} == {
        "publish",
        "result",
        "letter",
    }
    assert stepped("letter_2", date(2026, 4, 18), targets=(second,)) == 1
    assert stepped("dropped", date(2026, 4, 19)) == 1
    assert list_abnormal(store).stages == {"decided": 1, "dropped": 1}


def test_a_bundle_of_a_draw_with_results_is_verified_as_before(store: Store, tmp_path: Path) -> None:
    imported(store, rows(store))
    reviewed(store, Selection(everything=True))
    publish(store, operator="张三", now=AFTER)
    bundle(store, tmp_path / "包.zip", operator="张三", now=AFTER)
    assert verify(tmp_path / "包.zip").failure is None
