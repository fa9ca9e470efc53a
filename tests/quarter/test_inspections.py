"""Inspection results from approval to notice, table and site: whole rows, each once, none after its term."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from pypdf import PdfReader

from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.publish.table import read_table
from shuangsuiji.quarter import export, site
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.notices import FORMATS, notices
from shuangsuiji.quarter.publish import PublishResult, publish
from shuangsuiji.quarter.review import Selection
from shuangsuiji.quarter.status import status
from shuangsuiji.quarter.take_down import take_down_published
from shuangsuiji.quarter.void import void
from shuangsuiji.store import Store
from tests.quarter.small_plan import plan_file, with_rosters
from tests.quarter.test_records import WIDE, seeded, store
from tests.quarter.test_results import AFTER, imported, reviewed, rows, states
from tests.quarter.workspace import NOW

__all__ = ["store"]

LOST: Final = Vocabulary.load().categories["lost_contact"].name
PLAN: Final = "410102-2026-01"
LATER: Final = AFTER + timedelta(days=30)
OVER: Final = datetime(2031, 3, 31, 16, tzinfo=UTC)
"""What was told AFTER the draw is five years old, at +08:00."""
FINE: Final = {
    "检查结果": LOST, "批评教育日期": "2026-03-18", "批评教育记录号": "教1号",
    "警告日期": "2026-03-18", "警告文书号": "警1号",
}  # fmt: skip


def published(store: Store, now: datetime = AFTER) -> PublishResult:
    return publish(store, plan_id=PLAN, operator="张三", now=now)


def names(done: PublishResult) -> list[str]:
    return [one.name for one in done.artefacts]


def nothing_due(store: Store) -> None:
    with pytest.raises(WrongState) as caught:
        published(store)
    assert caught.value.code in ("quarter.nothing_to_publish", "store.no_open_draw")


def table(store: Store, now: datetime = AFTER) -> dict[str, tuple[str, str]]:
    """Day and result of everybody in the table, as it is exported."""
    made = export.csv(store, store.layout.root.parent / "表.csv", now=now)
    return {
        row["统一社会信用代码/注册号"]: (row["检查完成日期"], row["检查结果"])
        for row in read_table(made.path.read_bytes())
    }


def approve(store: Store) -> None:
    reviewed(store, Selection(everything=True))


def test_results_are_told_once_they_are_approved_and_each_once(store: Store) -> None:
    found = rows(store, **FINE)
    imported(store, found)
    assert names(published(store)) == ["public/result.html", "public/result.csv"]
    assert set(table(store).values()) == {("", "未检查")}
    nothing_due(store)
    reviewed(store, Selection((1,)))
    done = published(store)
    assert names(done) == ["public/inspection-1.html", "public/inspection-1.csv"]
    assert states(store).count("published") == 1
    page = done.artefacts[0].path.read_text(encoding="utf-8")
    assert "本次公示<strong>1户</strong>检查对象的检查结果，其中发现问题的1户" in page
    assert LOST in page
    assert "警告（警1号）" in page
    assert "教1号" not in page
    (code,) = (one["统一社会信用代码"] for one in found if one["检查结果"] == LOST)
    told = table(store)
    assert told.pop(code) == ("2026-03-18", LOST)
    assert set(told.values()) == {("", "未检查")}
    approve(store)
    done = published(store)
    assert names(done) == ["public/inspection-2.html", "public/inspection-2.csv"]
    assert code not in done.artefacts[0].path.read_text(encoding="utf-8")
    assert set(states(store)) == {"published"}
    assert done.artefacts[1].path.read_bytes() == (store.layout.root.parent / "表.csv").read_bytes() or table(
        store
    )
    nothing_due(store)


def test_a_correction_is_told_when_it_is_approved_with_what_was_told_before(store: Store) -> None:
    imported(store, rows(store, **FINE))
    approve(store)
    assert names(published(store))[-1] == "public/inspection-1.csv"
    changed = [one | {"更正原因": "另行查明"} for one in rows(store)[:1]]
    imported(store, changed, now=LATER)
    nothing_due(store)
    assert LOST in {result for _, result in table(store).values()}
    approve(store)
    done = published(store, LATER)
    assert names(done) == ["public/inspection-2.html", "public/inspection-2.csv"]
    page = done.artefacts[0].path.read_text(encoding="utf-8")
    assert "抽查检查结果更正公示（第2次）" in page
    assert "更正对照" in page
    assert LOST in page
    assert "另行查明" not in page
    assert LOST not in {result for _, result in table(store).values()}


def test_a_correction_of_a_note_is_reviewed_too_and_told_to_nobody(store: Store) -> None:
    """What the public was told still stands: no notice, not even beside another row's correction."""
    imported(store, rows(store))
    approve(store)
    published(store)
    first, second = rows(store)[:2]
    noted = first | {"备注": "补充笔录页码", "更正原因": "漏记"}
    imported(store, [noted], now=LATER)
    assert states(store).count("pending") == 1
    with pytest.raises(InputRefused) as caught:
        reviewed(store, Selection(everything=True), operator="张三")
    assert caught.value.code == "result.own_entries"
    approve(store)
    assert set(states(store)) == {"published"}
    nothing_due(store)
    imported(store, [second | {"检查结果": LOST, "更正原因": "另行查明"}], now=LATER)
    approve(store)
    page = published(store, LATER).artefacts[0].path.read_text(encoding="utf-8")
    assert "抽查检查结果更正公示（第2次）" in page
    assert second["统一社会信用代码"] in page
    assert first["统一社会信用代码"] not in page


def test_nothing_is_told_before_the_embargo_ends_and_then_all_at_once(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    held = ("deadline = 2026-02-28", "deadline = 2026-02-28\nembargo = 2026-04-15")
    seeded(store, plan_file(tmp_path, WIDE, held))
    match(store, operator="张三", now=NOW)
    imported(store, rows(store, **FINE))
    approve(store)
    done = published(store)
    assert names(done) == ["public/result.html"]
    nothing_due(store)
    made = site.site(store, tmp_path / "site", operator="张三", now=AFTER)
    code = rows(store)[0]["统一社会信用代码"]
    assert not [
        path for path in made.path.rglob("*") if path.is_file() and code.encode() in path.read_bytes()
    ]
    done = published(store, LATER)
    assert names(done) == [
        *("public/list.html", "public/result.csv", "public/inspection-1.html", "public/inspection-1.csv")
    ]
    assert done.complete


def test_a_void_draw_tells_no_results(store: Store) -> None:
    imported(store, rows(store))
    approve(store)
    void(store, reason="名录有误", approver="王局长", operator="张三", now=AFTER)
    assert names(published(store)) == ["public/result.html", "public/result.csv"]
    nothing_due(store)


def test_rehearsals_are_on_the_site_only_beside_nothing_or_if_asked_for(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    seeded(store, plan_file(tmp_path, WIDE), rehearsal=True)
    match(store, operator="张三", now=NOW)
    published(store)
    alone = site.site(store, tmp_path / "alone", bundles=False, operator="张三", now=LATER)
    assert (alone.draws, alone.rehearsal) == (1, True)
    real = plan_file(tmp_path, WIDE, (PLAN, "410102-2026-02"))
    seeded(store, real)
    made = site.site(store, tmp_path / "real", bundles=False, operator="张三", now=LATER)
    assert (made.draws, made.rehearsal) == (1, False)
    assert not (made.path / "notices" / "rehearsal-1").exists()
    assert "演练" not in (made.path / "index.html").read_text(encoding="utf-8")
    both = site.site(store, tmp_path / "both", rehearsals=True, bundles=False, operator="张三", now=LATER)
    assert (both.draws, both.rehearsal) == (2, False)
    assert "含演练" in (both.path / "index.html").read_text(encoding="utf-8")


def test_notices_are_there_in_other_formats_if_asked_for(store: Store, tmp_path: Path) -> None:
    imported(store, rows(store, **FINE))
    approve(store)
    published(store)
    made = site.site(store, tmp_path / "site", bundles=False, formats=("xlsx",), operator="张三", now=LATER)
    found = {path.name for path in (made.path / "notices" / "real-1").iterdir()}
    assert found >= {"plan-1.xlsx", "commitment.xlsx", "result.xlsx", "inspection-1.xlsx"}
    assert 'href="notices/real-1/inspection-1.xlsx"' in (made.path / "index.html").read_text(encoding="utf-8")


def test_the_site_shows_them_until_their_term_is_over(store: Store, tmp_path: Path) -> None:
    imported(store, rows(store, **FINE))
    approve(store)
    published(store)
    code = rows(store)[0]["统一社会信用代码"]
    before = site.site(store, tmp_path / "before", operator="张三", now=LATER)
    page = (before.path / "enterprises" / f"{code[-1]}.html").read_text(encoding="utf-8")
    assert LOST in page
    assert "警告（警1号）" in page
    assert (
        before.path.joinpath("notices", "real-1", "inspection-1.html").read_bytes()
        == (store.layout.published / "real-1" / "inspection-1" / "inspection-1.html").read_bytes()
    )
    over = OVER
    assert LOST in {result for _, result in table(store, over - timedelta(days=1)).values()}
    assert set(table(store, over).values()) == {("", "公示期满，结果已撤下")}
    after = site.site(store, tmp_path / "after", operator="张三", now=over)
    for path in after.path.rglob("*"):
        if path.suffix in (".html", ".csv", ".json", ".js") and path.name != "verifier.html":
            assert LOST not in path.read_text(encoding="utf-8"), path
            assert "警1号" not in path.read_text(encoding="utf-8"), path


def test_no_format_of_a_notice_is_handed_out_with_results_whose_term_is_over(
    store: Store, tmp_path: Path
) -> None:
    """While the term runs a notice is what was published, byte for byte."""
    imported(store, rows(store, **FINE))
    approve(store)
    done = published(store)
    pages = {one.path.name: one.path.read_bytes() for one in done.artefacts}
    over = AFTER.replace(year=AFTER.year + 6)
    for form in FORMATS[2:]:
        for name, now in (("now", AFTER), ("over", over)):
            target = tmp_path / f"{name}.{form}"
            notices(store, target, form, names=["inspection-1"], plan_id=PLAN, now=now)
        assert (tmp_path / f"now.{form}").read_bytes() == pages[f"inspection-1.{form}"]
        assert LOST in (tmp_path / f"now.{form}").read_text(encoding="utf-8")
        assert LOST not in (tmp_path / f"over.{form}").read_text(encoding="utf-8")
    notices(store, tmp_path / "over.pdf", "pdf", names=["inspection-1"], plan_id=PLAN, now=over)
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "over.pdf").pages)
    assert re.sub(r"\s", "", LOST) not in re.sub(r"\s", "", text)


def test_what_was_published_comes_down_after_its_term_and_the_log_keeps_that_it_was(store: Store) -> None:
    """Natural persons after two years, the others after five; a notice says how many came down, and names none."""
    found = rows(store, **FINE)
    imported(store, found)
    approve(store)
    done = published(store)
    (told,) = (one.path for one in done.artefacts if one.path.name == "inspection-1.html")
    folder, kept = told.parent, told.read_bytes()
    assert not [one for one in status(store, OVER - timedelta(days=1)).overdue if one.kind == "down"]
    with pytest.raises(WrongState, match="nothing_to_take_down"):
        take_down_published(store, operator="张三", now=OVER - timedelta(days=1))
    over = status(store, OVER)
    assert (over.next.command, over.missing) == ("publish down", ("quarter.missing.next_plan",))
    (due,) = (one for one in over.overdue if one.kind == "down")
    assert (due.count, due.due) == (len({one["统一社会信用代码"] for one in found}), date(2031, 4, 1))
    (down,) = take_down_published(store, operator="张三", now=OVER).draws
    assert {path.name for path in down.replaced} == {"inspection-1.html", "inspection-1.csv"}
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        assert LOST not in text
        assert "警1号" not in text
    page = (folder / "inspection-1.html").read_text(encoding="utf-8")
    assert f"本公告公示的{due.count}户检查结果，公示期已满，已经全部撤下" in page
    assert "更正" not in page.partition("<main")[2].partition("</h1>")[0]
    after = status(store, OVER)
    assert (after.next.command, [one for one in after.overdue if one.kind == "down"]) == ("plan adopt", [])
    with pytest.raises(WrongState, match="nothing_to_take_down"):
        take_down_published(store, operator="张三", now=OVER)
    with store.read() as reader:
        draw = reader.draws()[-1]
        assert reader.file(draw, "public/inspection-1.html") == kept
        assert reader.log()[-1].verb == "publish down"


def test_results_whose_term_runs_stay_where_others_come_down(store: Store) -> None:
    imported(store, rows(store, **FINE))
    reviewed(store, Selection((1,)))
    first = published(store).artefacts[-1].path.parent
    approve(store)
    second = published(store, LATER).artefacts[-1].path.parent
    over = OVER + timedelta(days=1)
    assert over < LATER.replace(year=2031)
    kept = (second / "inspection-2.html").read_bytes()
    (down,) = take_down_published(store, operator="张三", now=over).draws
    assert down.targets == 1
    assert (second / "inspection-2.html").read_bytes() == kept
    assert LOST not in (first / "inspection-1.html").read_text(encoding="utf-8")
    assert {one["检查结果"] for one in read_table((second / "inspection-2.csv").read_bytes())} == {
        "公示期满，结果已撤下", "未发现问题"
    }  # fmt: skip
