"""The sample's year from rosters to its account: the founding figures, counted again from what it left behind."""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji import sample
from shuangsuiji.audit.executed import Limits
from shuangsuiji.config import shipped
from shuangsuiji.followup.results import CLEAN as CLEAN_RESULT
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.publish.words import zh
from shuangsuiji.quarter.execution import execution
from shuangsuiji.quarter.notices import FORMATS
from shuangsuiji.quarter.plan import check
from shuangsuiji.store import Store
from tests.cli.runs import CLEAN, run
from tests.test_private_marks import text
from tests.year import YearRun, run_once

VERIFY: Final = Path(__file__).parents[1] / "docs" / "spec" / "v1" / "verify.py"
TARGETS: Final = 2_225
LOST: Final = 246


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> YearRun:
    return run_once(tmp_path_factory)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_the_demo_ends_with_the_founding_figures_and_says_where_everything_lies(year: YearRun) -> None:
    end = year.said.splitlines()[-12:]
    said = "\n".join(end)
    for figure in ("2225 户", "检查率 100%", "录入率 100%", "246 户", "1064 人", "82 人"):
        assert figure in said
    assert "核验通过" in year.said
    bundles = [
        f"bundles/{name}" for name in ("demo.zip", "public.zip", "receipt.json", "receipt.pdf", "report.html")
    ]
    for named in ("site", "account", "published", *bundles):
        assert f"演示/{named}" in said
        assert (year.workspace / named).exists()
    again = run("demo", "--workspace", year.workspace)
    assert (again.returncode, again.stdout) == (3, "")


def test_the_other_verifier_agrees(year: YearRun) -> None:
    bundles = year.workspace / "bundles"
    beside = [str(bundles / "receipt.json"), "--public", str(bundles / "public.zip")]
    for files in ([str(bundles / "demo.zip")], beside):
        other = [sys.executable, str(VERIFY), *files, "--rehearsal"]
        assert subprocess.run(other, capture_output=True, env=CLEAN, check=False).returncode == 0


def test_no_business_is_drawn_twice_and_no_plan_gives_a_class_away(year: YearRun) -> None:
    store = Store.open(year.workspace)
    drawn: Counter[str] = Counter()
    with store.read() as reader:
        for draw in reader.draws():
            drawn.update(json.loads(one)["id"] for one in reader.file(draw, "targets.jsonl").splitlines())
    assert len(drawn) == drawn.total() == TARGETS
    for number in range(1, 5):
        exposure = check(store, shipped("config") / "plans" / f"founding-2021-{number}.toml").exposure
        assert exposure is not None
        assert exposure.exceeding == 0


def test_the_published_results_counted_again_give_the_published_account(year: YearRun) -> None:
    found = {
        row["指标编号"]: int(row["数值"]) for row in table(year.workspace / "account/public/figures.csv")
    }
    rows = table(year.workspace / "site/data/results.csv")
    targets = {row["统一社会信用代码/注册号"] for row in rows}
    lost = {row["统一社会信用代码/注册号"] for row in rows if "无法联系" in row["检查结果"]}
    assert (len(targets), len(lost)) == (TARGETS, LOST)
    assert not [row for row in rows if "未检查" in row["检查结果"]]
    assert found["whole.entities"] == found["whole.calls"] == TARGETS
    # 户次 are those of the notices: an enterprise counts in each of its tasks.
    draws = json.loads((year.workspace / "site/data/draws.json").read_text(encoding="utf-8"))["draws"]
    notices = sum(draw["visits"] for draw in draws)
    assert notices > TARGETS
    for part in ("due", "checked", "entered", "published"):
        assert found[f"whole.{part}"] == notices, part
    # Letters go to those who were lost alone; other grounds lead to the list as well.
    assert found["whole.lost"] == found["abnormal.letter_2"] == LOST
    assert found["abnormal.decided"] == found["abnormal.proposed"] >= LOST
    assert (found["review.reviewed"], found["review.cancelled"]) == (1_064, 82)
    drawn = sorted(value for key, value in found.items() if key.startswith("tier."))
    assert drawn == sorted([129, 147, 172, 1_507, 270, 60])


def test_the_site_and_the_account_count_the_same_kinds_of_result(year: YearRun) -> None:
    """Nobody was drawn twice: 户 of the account are 户次 of the site, and both the rows of the published table."""
    categories = Vocabulary.load(workspace=year.workspace).categories
    words = {one.code: one.name for one in categories.values()}
    found = {
        words[row["指标编号"].split(".")[1]]: int(row["数值"])
        for row in table(year.workspace / "account/public/figures.csv")
        if row["指标编号"].startswith("category.") and row["指标编号"].endswith(".entities")
    }
    rows = table(year.workspace / "site/data/results.csv")
    own: dict[str, set[str]] = {}
    for row in rows:
        own.setdefault(row["统一社会信用代码/注册号"], set()).update(row["检查结果"].split("；"))
    problems = {one.name for one in categories.values() if one.problem}
    for kinds in own.values():
        if kinds & problems:
            kinds.discard(words[CLEAN_RESULT])
    assert found == Counter(kind for kinds in own.values() for kind in kinds)
    site = (year.workspace / "site/statistics.html").read_text(encoding="utf-8")
    for name, count in found.items():
        assert re.search(rf'<th scope="row">{re.escape(name)}</th><td class="n">{count}</td>', site), name


def test_the_notices_of_results_count_the_kinds_that_the_site_counts(year: YearRun) -> None:
    """Each tells of its own batch, all of it, and has no corrections: the four add up to the site's figures."""
    told: Counter[str] = Counter()
    for notice in (year.workspace / "published").glob("*/inspection-1/inspection-1.html"):
        said = notice.read_text(encoding="utf-8")
        _, _, found = said.partition(zh("notices.inspection.by_kind"))
        for row in re.findall(r"<tr>(.*?)</tr>", found.partition("</table>")[0], flags=re.DOTALL):
            cells = [re.sub(r"<[^>]*>", "", one) for one in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
            if cells[-1].isdigit():
                told[cells[0]] += int(cells[-1])
    site = (year.workspace / "site/statistics.html").read_text(encoding="utf-8")
    assert len(told) > 5
    for name, count in told.items():
        assert re.search(rf'<th scope="row">{re.escape(name)}</th><td class="n">{count}</td>', site), name


def test_what_is_asked_about_the_carrying_out_is_short(year: YearRun) -> None:
    """Results come in as visits are made: nothing in bulk, a few forgotten and late, and everyone drawn was there."""
    seen = execution(Store.open(year.workspace), year=2021, rehearsal=True, limits=Limits())
    assert (seen.due, seen.done) == (TARGETS, TARGETS)
    assert not any((seen.bulk, seen.absent, seen.strangers, seen.crowded, seen.moved))
    assert 0 < len(seen.late) < 20


def test_every_figure_is_the_count_of_its_records(year: YearRun) -> None:
    lines: Counter[str] = Counter()
    targets: dict[str, set[str]] = {}
    records = table(year.workspace / "account/internal/records.csv")
    for row in records:
        lines[row["指标编号"]] += 1
        targets.setdefault(row["指标编号"], set()).update({row["检查对象编号"]} - {""})
    steps = {row["步骤号"] for row in table(year.workspace / "account/internal/steps.csv")}
    named = [row["步骤号"] for row in records if row["指标编号"].startswith("abnormal.")]
    assert (len(named), set(named)) == (len(steps), steps)
    figures = table(year.workspace / "account/internal/figures.csv")
    assert {row["指标编号"]: int(row["条"]) for row in figures if int(row["条"])} == lines
    for row in figures:
        assert int(row["户"]) == len(targets.get(row["指标编号"], ()))


def public_files(workspace: Path) -> Iterator[Path]:
    for folder in ("published", "site", "account"):
        yield from (path for path in (workspace / folder).rglob("*") if path.is_file())
    yield workspace / "bundles" / "public.zip"


def test_nothing_published_and_no_account_holds_a_private_mark(year: YearRun) -> None:
    export = (year.workspace / "results-1" / "results-1.csv").read_text(encoding="utf-8-sig")
    assert export.count(sample.MARK) > 1_000
    paths = list(public_files(year.workspace))
    assert {path.suffix for path in paths} >= {
        ".html",
        ".csv",
        ".json",
        ".js",
        ".svg",
        ".pdf",
        ".xlsx",
        ".zip",
    }
    assert not [path for path in paths if sample.MARK in text(path)]


def test_the_site_has_every_notice_as_pdf_and_workbook_too(year: YearRun) -> None:
    pages = list((year.workspace / "site" / "notices").rglob("*.html"))
    assert len(pages) == 4 * len({page.name for page in pages})
    assert not [
        page for page in pages if not all(page.with_suffix(f".{one}").exists() for one in FORMATS[:2])
    ]


def test_no_notice_of_results_in_another_format_holds_a_private_mark(year: YearRun) -> None:
    """Nor what a PDF writes for the mark where no font has it: its code."""
    unseen = zh("publish.unprintable", point=f"{ord(sample.MARK):04X}")
    rows = table(year.workspace / "published" / "rehearsal-1" / "inspection-1" / "inspection-1.csv")
    targets = {row["统一社会信用代码/注册号"].strip() for row in rows}
    for form in FORMATS[:2]:
        said = text(year.workspace / "site" / "notices" / "rehearsal-1" / f"inspection-1.{form}")
        assert targets
        assert not [one for one in targets if one not in said]
        assert not [one for one in (sample.MARK, unseen) if one in said], form


def test_the_public_account_names_no_inspector_and_no_business(year: YearRun) -> None:
    inspectors = table(shipped("sample_data") / "inspectors.csv")
    numbers = {row["执法证编号"] for row in inspectors}
    targets = {
        row["统一社会信用代码/注册号"].strip() for row in table(year.workspace / "site/data/results.csv")
    }
    internal = text(year.workspace / "account/internal/account.html")
    assert any(number in internal for number in numbers)
    for path in (year.workspace / "account" / "public").iterdir():
        said = text(path)
        assert not [one for one in numbers | targets if one in said], path
