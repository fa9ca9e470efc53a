"""The year's account as documents and tables: what the public one leaves out, and that its numbers add up."""

import csv
import io
from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.bundle.disclose_account import PublicAccount, disclose_account
from shuangsuiji.followup.results import STEPS, Entry
from shuangsuiji.followup.statistics import Account, Year, account, as_told
from shuangsuiji.followup.work import Visited
from shuangsuiji.publish.account import account_content, internal_content, percent, yuan
from shuangsuiji.publish.account_tables import (
    entries_table,
    figures_table,
    public_table,
    records_table,
    steps_table,
)
from shuangsuiji.publish.content import Document, to_json
from shuangsuiji.publish.html import page
from tests.followup.test_statistics import BOUNDED, CATEGORIES, CLEAN, DAY, TIERS, years

NAMES: Final = {"fine": "未发现问题", "wrong": "有问题", "lost": "无法联系到", "moved": "迁走"}


def disclosed(year: Year, measures: Collection[str] = STEPS) -> tuple[PublicAccount, Account]:
    whole, told = account(year, CATEGORIES, CLEAN), account(as_told(year), CATEGORIES, CLEAN)
    view = disclose_account(
        whole, told, measures=measures, authority="某局", year=2021, rehearsal=False, issued=DAY
    )
    return view, whole


def text(document: Document) -> str:
    return to_json(document).decode()


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_only_a_whole_is_a_hundred_per_cent_and_only_nothing_is_nothing(part: int, more: int) -> None:
    whole = part + more
    said = percent(part, whole)
    if not whole:
        assert said == "—"
        return
    assert (said == "100%") == (part == whole)
    assert (said == "0.00%") == (part == 0)
    if part not in (0, whole):
        assert abs(Fraction(said.removesuffix("%")) - Fraction(100 * part, whole)) <= Fraction(1, 100)


def test_amounts() -> None:
    assert [yuan(fen) for fen in (0, 5, 100, 123_456)] == ["0", "0.05", "1", "1234.56"]


@BOUNDED
@given(years())
def test_the_public_account_names_nobody_and_tells_no_result_of_a_tier(year: Year) -> None:
    view, whole = disclosed(year)
    public, internal = account_content(view, NAMES), internal_content(view, whole, NAMES)
    own = [section.title for section in internal.sections if section.title not in text(public)]
    assert own == ["内部统计"]
    said = text(public) + public_table(view).decode()
    persons = {name for one in year.persons.values() for name in (one.name, one.department) if name}
    assert not [name for name in persons if f'"{name}"' in said]
    # Of a tier the public learns how many it drew, and no other number.
    of_tiers = [f"tier.{task}.{tier}.due" for task, tier in TIERS]
    assert [row["指标编号"] for row in rows(public_table(view)) if "tier" in row["指标编号"]] == of_tiers
    assert [row["指标编号"] for row in rows(public_table(view)) if "中高风险" in row["指标"]] == of_tiers[:1]


@BOUNDED
@given(years())
def test_what_was_found_is_told_of_published_results_alone(year: Year) -> None:
    view, _ = disclosed(year)
    told = [[at.public for at in one.standings if at.public is not None] for one in year.visited]
    assert view.results == sum(map(len, told))
    # As in a row of the published list: beside a problem nothing is said to be without one.
    counted = [
        entry.category
        for own in told
        for entry in own
        if entry.category not in CLEAN or not any(CATEGORIES[one.category].problem for one in own)
    ]
    assert {one.code: one.lines for one in view.categories} == {
        code: count for code in CATEGORIES if (count := counted.count(code))
    }
    lost = {
        one.target
        for one in year.visited
        for at in one.standings
        if at.public is not None and at.public.category == "lost"
    }
    assert view.whole.lost == len(lost)


@BOUNDED
@given(years(), st.sets(st.sampled_from(STEPS)))
def test_the_public_account_tells_no_fine_and_no_measure_that_is_not_public(
    year: Year, measures: set[str]
) -> None:
    """It is the same account, byte for byte, whatever the fines were and whatever other measures were taken."""

    def bare(entry: Entry | None) -> Entry | None:
        if entry is None:
            return None
        kept = tuple(replace(one, amount=7) for one in entry.enforcement if one.kind in measures)
        return replace(entry, enforcement=kept)

    def without(visited: Visited) -> Visited:
        standings = (replace(at, entry=bare(at.entry), public=bare(at.public)) for at in visited.standings)
        return replace(visited, standings=tuple(standings))

    other = replace(year, visited=[without(one) for one in year.visited])
    (view, whole), (bared, _) = disclosed(year, measures), disclosed(other, measures)
    assert page(account_content(view, NAMES)) == page(account_content(bared, NAMES))
    assert public_table(view) == public_table(bared)
    # The authority itself has what was fined.
    assert ("罚款合计" in text(internal_content(view, whole, NAMES))) == bool(whole.fines)


@BOUNDED
@given(years())
def test_the_tables_add_up(year: Year) -> None:
    """Whoever counts the records of a key comes to the figure of that key."""
    view, whole = disclosed(year)
    records = rows(records_table(whole))
    for row in rows(figures_table(whole)):
        own = [one for one in records if one["指标编号"] == row["指标编号"]]
        assert int(row["条"]) == len(own)
        about = [one for one in own if one["检查对象编号"]]
        visits = {(one["抽查计划编号"], one["检查对象编号"], one["抽查任务"]) for one in about}
        assert int(row["户次"]) == len(visits)
        assert int(row["检查次数（上门）"]) == len({visit[:2] for visit in visits})
        assert int(row["户"]) == len({target for _, target, _ in visits})
        assert Fraction(row["金额（元）"] or 0) == sum(Fraction(one["金额（元）"] or 0) for one in own)
    entries = rows(entries_table(year, NAMES))
    named = {one["结果录入号"]: (one["抽查计划编号"], one["检查对象编号"]) for one in entries}
    assert len(named) == len(entries)
    for one in records:
        if one["结果录入号"]:
            assert named[one["结果录入号"]] == (one["抽查计划编号"], one["检查对象编号"])
    taken = {one["步骤号"]: one for one in rows(steps_table(year, NAMES))}
    assert len(taken) == sum(len(one.steps) for one in year.visited)
    followed = [one for one in records if one["指标编号"].startswith("abnormal.")]
    assert {one["步骤号"] for one in followed} == set(taken)
    for one in followed:
        step = taken[one["步骤号"]]
        assert (step["抽查计划编号"], step["检查对象编号"]) == (one["抽查计划编号"], one["检查对象编号"])
        assert (step["文号或者信函编号"], step["办理日期"]) == (f"文{one['其他']}", DAY.isoformat())
    numbers = {row["指标编号"]: int(row["数值"]) for row in rows(public_table(view))}
    assert len(numbers) == len(rows(public_table(view)))
    assert numbers["whole.due"] == whole.whole.due.visits
    # A key names the same figure in both accounts.
    internal = {row["指标编号"]: row for row in rows(figures_table(whole))}
    for key, value in numbers.items():
        name = key.removesuffix(".entities").removesuffix(".lines").removesuffix(".calls")
        if key.endswith(".due"):
            assert int(internal[key]["户次"]) == value
        elif key.endswith((".listed", ".removed", ".proposed")):
            assert int(internal[key]["户"]) == value
        elif key != "results":
            assert key in internal or name in internal or f"{name}.due" in internal


@BOUNDED
@given(years())
def test_the_same_account_gives_the_same_bytes(year: Year) -> None:
    made = [page(internal_content(*disclosed(year), NAMES)) for _ in range(2)]
    assert made[0] == made[1]


def test_a_year_without_batches_or_results_is_written_without_rates() -> None:
    view, whole = disclosed(Year([], {}, {}, {}, {}))
    said = text(internal_content(view, whole, NAMES, ["990121-2021-04"], 2))
    assert "检查率—" in said
    assert "990121-2021-04" in said
    assert "已作废的抽取2次" in said
    assert "没有导入年度审验结果" in said
