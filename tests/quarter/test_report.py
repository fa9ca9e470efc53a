"""The account of a small batch: what was not inspected is not counted as inspected, nothing is overwritten."""

import csv
import io
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.audit.executed import Limits
from shuangsuiji.config import locate
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.followup.vocabulary import NAME
from shuangsuiji.quarter.abnormal import list_abnormal
from shuangsuiji.quarter.execution import execution
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.report import ReportResult, report
from shuangsuiji.quarter.results import present_targets
from shuangsuiji.quarter.review import Selection
from shuangsuiji.quarter.sample import results
from shuangsuiji.quarter.void import void
from shuangsuiji.sample.numbers import registration_number
from shuangsuiji.store import Store
from tests.quarter.small_plan import CODES, FIRMS, plan_file, registry, with_rosters
from tests.quarter.test_records import WIDE, seeded, store
from tests.quarter.test_results import AFTER, LOST, imported, reviewed, rows
from tests.quarter.workspace import NOW, give

__all__ = ["store"]

YEAR: Final = 2026


def told(store: Store, folder: Path) -> ReportResult:
    return report(store, folder, year=YEAR, now=AFTER)


def figures(folder: Path, part: str) -> dict[str, dict[str, str]]:
    text = (folder / part / "figures.csv").read_text(encoding="utf-8-sig")
    return {row["指标编号"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_what_nobody_entered_is_due_and_not_checked(store: Store, tmp_path: Path) -> None:
    count = len(rows(store))
    found = told(store, tmp_path / "总账").account.whole
    assert (found.entities, found.due) == (count, count)
    assert (found.checked, found.entered, found.published, found.problem) == (0, 0, 0, 0)


def test_results_count_once_they_are_entered_and_as_found_once_they_are_approved(
    store: Store, tmp_path: Path
) -> None:
    table = rows(store, 检查结果=LOST)
    imported(store, table)
    entered = told(store, tmp_path / "1")
    count = len(table)
    assert (entered.account.whole.checked, entered.account.whole.entered) == (count, count)
    assert entered.pending > 0
    assert figures(tmp_path / "1", "internal")["whole.lost"]["户"] == "0"
    reviewed(store, Selection(everything=True))
    approved = told(store, tmp_path / "2")
    assert approved.pending == 0
    assert figures(tmp_path / "2", "internal")["whole.lost"]["户"] == "1"
    # Nothing of it was published, so that the public account tells nothing of it.
    assert figures(tmp_path / "2", "public")["whole.lost"]["数值"] == "0"
    assert approved.account.whole.published == approved.account.results == 0
    pages = [
        (tmp_path / "2" / part / "account.html").read_text(encoding="utf-8")
        for part in ("public", "internal")
    ]
    assert ["无法联系的0户" in pages[0], "无法联系的1户" in pages[1]] == [True, True]


def test_what_is_internal_is_closed_to_others(store: Store, tmp_path: Path) -> None:
    for one in told(store, tmp_path / "总账").files:
        others = stat.S_IMODE(one.path.stat().st_mode) & 0o077
        assert bool(others) == ("public" in one.path.parts), one.path
        assert one.size == one.path.stat().st_size
    assert stat.S_IMODE((tmp_path / "总账" / "internal").stat().st_mode) & 0o077 == 0


def test_the_same_records_give_the_same_bytes(store: Store, tmp_path: Path) -> None:
    imported(store, rows(store))
    first, second = (told(store, tmp_path / name) for name in "ab")
    assert [one.sha256 for one in first.files] == [one.sha256 for one in second.files]


def test_a_year_without_batches_and_a_folder_in_use_are_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "用过").mkdir()
    (tmp_path / "用过" / "a.txt").write_text("mine", encoding="utf-8")
    calls: tuple[tuple[str, Callable[[], object]], ...] = (
        ("quarter.report.no_batches", lambda: report(store, tmp_path / "x", year=2025, now=AFTER)),
        (
            "quarter.report.no_batches",
            lambda: report(store, tmp_path / "x", year=YEAR, rehearsal=True, now=AFTER),
        ),
        ("quarter.report.not_empty", lambda: told(store, tmp_path / "用过")),
    )
    for code, call in calls:
        with pytest.raises(WrongState) as refusal:
            call()
        assert refusal.value.code == code
    assert not (tmp_path / "x").exists()
    assert [path.name for path in (tmp_path / "用过").iterdir()] == ["a.txt"]


def test_a_void_draw_is_not_counted(store: Store, tmp_path: Path) -> None:
    void(store, reason="名录有误", approver="王局长", operator="张三", now=AFTER)
    with pytest.raises(WrongState) as refusal:
        told(store, tmp_path / "总账")
    assert refusal.value.code == "quarter.report.no_batches"


def test_who_was_drawn_twice_is_one_enterprise_and_two_visits_even_under_another_code(tmp_path: Path) -> None:
    """All of the high tier are drawn in both batches; one of them got its credit code in between."""
    old, new = registration_number("1", 1), CODES[1]
    store = with_rosters(tmp_path)
    wide = (WIDE, ("count = 2", "count = 3"), ('district = "home"', 'district = "any"'))
    give(store, "entities", registry().replace(new, old), accept_gone=True)
    grades = "".join(f"{code},{grade}\n" for code, (_, grade, *_) in zip(CODES, FIRMS, strict=True) if grade)
    give(store, "risk", f"统一社会信用代码,信用风险等级\n{grades}".replace(new, old), accept_gone=True)
    seeded(store, plan_file(tmp_path, *wide))
    match(store, operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    head, *lines = registry().splitlines()
    numbered = [f"{line},{old if line.startswith(new) else ''}" for line in lines]
    give(store, "entities", "\n".join([f"{head},注册号", *numbered]) + "\n")
    again = (
        *(("2026-01", "2026-02"), ('items = ["年度', 'items = ["二批年度'), *wide),
        ("from = 2026-03-01, to = 2026-06-30", "from = 2026-07-01, to = 2026-09-30"),
    )
    seeded(store, plan_file(tmp_path, *again))
    match(store, operator="张三", now=NOW)
    with store.read() as reader:
        first, second = (set(present_targets(reader, draw)) for draw in reader.draws())
    assert old in first - second
    assert new in second - first
    whole = told(store, tmp_path / "总账").account.whole
    assert whole.due == len(first) + len(second)
    assert whole.entities == len({new if one == old else one for one in first | second})
    own = figures(tmp_path / "总账", "internal")["whole.due"]
    assert (int(own["户"]), int(own["户次"])) == (whole.entities, whole.due)


def test_a_word_that_was_used_and_is_gone_is_asked_back_and_is_no_fault_of_the_program(
    store: Store, tmp_path: Path
) -> None:
    imported(store, rows(store))
    reviewed(store, Selection(everything=True))
    (tmp_path / "config").mkdir()
    kept = locate(NAME).read_text(encoding="utf-8").replace('code = "no_problem"', 'code = "fine"')
    (tmp_path / "config" / NAME).write_text(kept, encoding="utf-8")
    changed = tmp_path / "config"
    calls: tuple[Callable[[], object], ...] = (
        lambda: report(store, tmp_path / "x", year=YEAR, config=changed, now=AFTER),
        lambda: execution(store, limits=Limits(), config=changed),
        lambda: list_abnormal(store, config=changed),
    )
    for call in calls:
        with pytest.raises(InputRefused) as refusal:
            call()
        assert (refusal.value.code, refusal.value.params["value"]) == ("result.code_gone", "no_problem")
        assert refusal.value.where.file == str(changed / NAME)


def test_results_are_made_up_of_a_calendar_alone(store: Store, tmp_path: Path) -> None:
    with pytest.raises(WrongState) as refusal:
        results(store, tmp_path / "结果", lost=0)
    assert refusal.value.code == "sample.no_calendar"
    assert not (tmp_path / "结果").exists()
