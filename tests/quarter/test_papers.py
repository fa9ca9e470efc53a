"""Papers of a calendar: the teams as they were drawn, the addresses of the registry, nobody's grade; sheets as PDF."""

import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from pypdf import PdfReader

from shuangsuiji import sample
from shuangsuiji.followup.schedule import Figures, Schedule, Visit
from shuangsuiji.publish.content import to_json
from shuangsuiji.publish.papers import FormWords
from shuangsuiji.quarter import prove
from shuangsuiji.quarter.dossier import read_frozen
from shuangsuiji.quarter.papers import Papers, read_papers
from shuangsuiji.quarter.publish import read_outcome
from shuangsuiji.store import Store
from tests.quarter.test_prove import LATER, WHO, whole

__all__ = ["whole"]

CHOICES: Final = FormWords(("未发现问题",), ("实地核查",), ("无需后续处置",))
FIRST: Final = date(2021, 4, 20)
FIGURES: Final = Figures(0, 0, 0, 0, 0, 0, 0, 0, "none")


@pytest.fixture(scope="module")
def papers(whole: Path) -> tuple[Schedule, Papers]:
    """A calendar of the batch that puts each block on a day of its own, and its papers."""
    with Store.open(whole).read() as reader:
        draw = reader.draws()[-1]
        teams = read_outcome(reader, draw, read_frozen(reader, draw)).teams
        visits = tuple(
            Visit(
                target=target.entity.id,
                block=team.block.number,
                district=team.block.district,
                tasks=team.block.tasks,
                team=tuple(
                    (slot, one.id) for slot, one in zip(team.block.slots, team.inspectors, strict=True)
                ),
                day=FIRST + timedelta(days=number),
            )
            for number, team in enumerate(teams)
            for target in team.block.targets
        )
        days = tuple(sorted({one.day for one in visits}))
        schedule = Schedule(1, days, 4, visits, FIGURES)
        return schedule, read_papers(reader, draw, schedule, LATER)


def test_every_block_has_its_sheet_and_every_target_its_form(papers: tuple[Schedule, Papers]) -> None:
    schedule, made = papers
    sheets, forms = made.task_sheets(), made.record_forms(CHOICES)
    assert len(sheets) == len({one.block for one in schedule.visits})
    assert len(forms) == len(schedule.visits) > 20
    for visit, form in zip(schedule.visits, forms, strict=True):
        said = to_json(form).decode()
        assert visit.target in said
        assert f"第{visit.block}组" in said


def test_an_office_prints_the_papers_of_its_district(papers: tuple[Schedule, Papers]) -> None:
    _, made = papers
    apart = made.districts()
    assert len(apart) > 1
    assert all({one.district for one in own.inspections} == {name} for name, own in apart)
    assert sorted(one.id for _, own in apart for one in own.inspections) == sorted(
        one.id for one in made.inspections
    )


def test_papers_have_the_names_addresses_and_certificates_of_the_rosters(
    papers: tuple[Schedule, Papers],
) -> None:
    _, made = papers
    assert all(one.name and one.address and len(one.team) >= 2 and one.duties for one in made.inspections)
    assert all(
        person.name and person.unit and person.certificate for one in made.inspections for person in one.team
    )


def test_papers_hold_no_private_mark_and_no_grade(papers: tuple[Schedule, Papers], whole: Path) -> None:
    """No text is a grade; telephones and legal persons, which the sample marks, stand nowhere."""
    _, made = papers
    with Store.open(whole).read() as reader:
        frozen = read_frozen(reader, reader.draws()[-1])
    column = next(alias for alias, heading in frozen.plan.columns.items() if "风险" in heading)
    grades = {one.columns.get(column, "") for one in frozen.registry.entities} - {""}
    assert grades
    for document in (*made.task_sheets(), *made.record_forms(CHOICES)):
        said = to_json(document).decode()
        assert sample.MARK not in said
        assert not {grade for grade in grades if f'"{grade}"' in said}


def test_sheets_of_receipts_are_one_file_for_the_printer(whole: Path, tmp_path: Path) -> None:
    made = prove.several(Store.open(whole), tmp_path / "out", pdf=True, operator=WHO, now=LATER)
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert {name.rpartition(".")[2] for name in written} == {"json", "pdf"}
    assert len(written) == made.count + 1
    sheets = tmp_path / "out" / "sheets.pdf"
    assert stat.S_IMODE(sheets.stat().st_mode) == 0o600
    assert len(PdfReader(sheets).pages) == made.count


def test_the_sheet_of_one_receipt_may_be_a_pdf(whole: Path, tmp_path: Path) -> None:
    with Store.open(whole).read() as reader:
        code = (
            reader.file(reader.draws()[-1], "public/result.csv")
            .decode()
            .splitlines()[1]
            .split(",")[8]
            .strip("\t")
        )
    prove.one(Store.open(whole), code, tmp_path / "one.json", pdf=True, operator=WHO, now=LATER)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.json", "one.pdf"]
    (page,) = PdfReader(tmp_path / "one.pdf").pages
    assert code in page.extract_text()
