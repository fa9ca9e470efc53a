"""`report` (年度总账): a year's account over all its batches, with the records behind every figure.

What is public and what is not go into folders of their own, so that neither is handed out for the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from shuangsuiji.bundle import members
from shuangsuiji.bundle.disclose_account import PublicAccount, disclose_account
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Entity
from shuangsuiji.core.seed import REAL, REHEARSAL
from shuangsuiji.core.strata import divide
from shuangsuiji.errors import EnvironmentRefused, WrongState
from shuangsuiji.followup.abnormal import AbnormalStep, parse_step
from shuangsuiji.followup.expected import Case
from shuangsuiji.followup.results import STEPS, Standing
from shuangsuiji.followup.statistics import Account, ReviewedCertificate, Year, account, as_told
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.followup.work import Person, Visited
from shuangsuiji.publish.account import account_content, districts_chart, internal_content, kinds_chart
from shuangsuiji.publish.account_tables import (
    entries_table,
    figures_table,
    public_table,
    records_table,
    steps_table,
)
from shuangsuiji.publish.content import Document
from shuangsuiji.publish.html import page
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.batches import Batches, read_batches
from shuangsuiji.quarter.chronicle import read_chronicle
from shuangsuiji.quarter.dossier import read_plan, read_texts
from shuangsuiji.quarter.frozen_lines import lines_of
from shuangsuiji.quarter.publication import read_publication
from shuangsuiji.quarter.records import present_codes
from shuangsuiji.quarter.results import present_targets, read_standings
from shuangsuiji.quarter.visitors import read_cases
from shuangsuiji.store import files
from shuangsuiji.store.environment import environment
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow, Mode
from shuangsuiji.store.workspace import Store

PUBLIC: Final = "public"
INTERNAL: Final = "internal"
"""The folders of the two accounts."""
ACCOUNT: Final = "account"
"""The document's name, in each of its formats."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its path, size in bytes, SHA-256 (hex)."""

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ReportResult:
    """A year's account: the plans of its batches, those not drawn yet, its public numbers, the files.

    `pending` and `returned` are results that wait for somebody, `figures` and `records` how many keys and lines the
    tables have; `printed`: there is a PDF, as there is wherever a Chinese font is.
    """

    year: int
    mode: Mode
    batches: tuple[str, ...]
    undrawn: tuple[str, ...]
    void: int
    account: PublicAccount
    pending: int
    returned: int
    figures: int
    records: int
    printed: bool
    files: tuple[Written, ...]


def report(
    store: Store,
    folder: Path,
    *,
    year: int,
    rehearsal: bool = False,
    config: Path | None = None,
    now: datetime,
) -> ReportResult:
    """Write the account of the batches whose visits begin in `year` into `folder`, which is made or empty.

    `rehearsal`: count the rehearsals of the year and no real draw; of several of one plan the last. `config` is the
    directory given by `--config`. Raises WrongState `quarter.report.no_batches`, `quarter.report.not_empty`; those of
    `read_standings`; InputRefused as `Vocabulary.load`, `read_publication`, `result.code_gone`; EnvironmentRefused as
    `environment`.
    """
    vocabulary = Vocabulary.load(workspace=store.layout.root, override=config)
    measures = read_publication(workspace=store.layout.root, override=config).measures
    mode: Mode = REHEARSAL if rehearsal else REAL
    with store.read() as reader:
        draws = read_batches(reader, mode, year=year)
        if not draws.counted:
            raise WrongState("quarter.report.no_batches", year=year, mode=mode)
        counted = _year(reader, draws.counted, year)
        authority = reader.workspace().authority
    whole = account(counted, vocabulary.categories)
    told = account(as_told(counted), vocabulary.categories)
    issued = civil_day(now)
    head = {"authority": authority, "year": year, "rehearsal": rehearsal, "issued": issued}
    public = disclose_account(whole, told, measures=measures, **head)  # type: ignore[arg-type]
    own = disclose_account(whole, whole, measures=STEPS, **head)  # type: ignore[arg-type]
    names = _names(vocabulary)
    fonts = store.layout.fonts
    made = _public(public, names, draws, fonts) | _internal(own, whole, counted, names, draws, fonts)
    return ReportResult(
        year=year,
        mode=mode,
        batches=tuple(one.plan_id for one in draws.counted),
        undrawn=draws.undrawn,
        void=draws.void,
        account=public,
        pending=whole.pending.lines,
        returned=whole.returned.lines,
        figures=sum(1 for _ in whole.figures()),
        records=sum(one.lines for one in whole.figures()),
        printed=any(name.endswith(".pdf") for name in made),
        files=_write(folder, made),
    )


def _year(reader: Reader, draws: Sequence[DrawRow], year: int) -> Year:
    visited: list[Visited] = []
    batches: dict[str, str] = {}
    tasks: dict[str, str] = {}
    tiers: dict[tuple[str, str], str] = {}
    persons: dict[str, Person] = {}
    now = reader.current_import("entities")
    present = {} if now is None else present_codes(reader.snapshot(now.digest))
    for draw in draws:
        plan = read_plan(reader, draw)
        batches[draw.plan_id] = read_texts(reader, draw).title
        tasks |= {task.name: task.name for task in plan.tasks}
        tiers |= {(task.name, tier.name): tier.name for task in plan.tasks for tier in task.tiers}
        pool = members.read_inspectors(reader.file(draw, "inspectors.jsonl"))
        persons |= {one.id: Person(one.id, one.name, one.unit, one.department) for one in pool}
        # An enterprise whose code has changed since is one 户, under its present code.
        found = _visited(reader, draw, plan)
        visited += (replace(one, target=present.get(one.target, one.target)) for one in found)
    return Year(visited, batches, tasks, tiers, persons, tuple(_reviewed(reader, year)))


def _visited(reader: Reader, draw: DrawRow, plan: Plan) -> Iterator[Visited]:
    """The visits of a batch. Tasks and tiers go by their names: each plan gives ids of its own."""
    names = {task.id: task.name for task in plan.tasks}
    targets = present_targets(reader, draw)
    # In which tier an entity lies is a matter of its own record: the others need not be read.
    entities = members.read_entities(lines_of(reader.file(draw, "entities.jsonl"), targets), plan)
    districts = {one.id: one.columns.get(plan.district or "", "") for one in entities}
    tiers = _tiers_of(plan, entities)
    results: dict[str, list[Standing]] = {}
    for one in read_standings(reader, draw):
        results.setdefault(one.target, []).append(replace(one, task=names[one.task]))
    taken: dict[str, list[AbnormalStep]] = {}
    for step in map(parse_step, reader.abnormal(draw)):
        taken.setdefault(step.target, []).append(step)
    cases = read_cases(reader, read_chronicle(reader, draw))
    for target in sorted(targets):
        yield Visited(
            batch=draw.plan_id,
            target=target,
            district=districts[target],
            tiers=tuple(
                (names[task], tier) for task, tier in tiers.get(target, ()) if task in targets[target]
            ),
            standings=tuple(results.get(target, ())),
            steps=tuple(taken.get(target, ())),
            team=_team(cases[target], results.get(target, ())),
        )


def _team(case: Case, standings: Sequence[Standing]) -> frozenset[str]:
    """Who was to go to a target: the team of the day of its check; without one today's."""
    entries = [one.entry for one in standings if one.entry is not None]
    if not entries:
        return case.teams[-1][1]
    present = frozenset(person for one in entries for person in one.persons)
    return case.nearest(min(one.day for one in entries), present)


def _tiers_of(plan: Plan, entities: Sequence[Entity]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The tiers of entities, as the task's id and the tier's name, by id."""
    found: dict[str, list[tuple[str, str]]] = {}
    for division in divide(plan, entities):
        for base in division.bases:
            for cell in base.cells.values():
                for position in cell:
                    found.setdefault(entities[position].id, []).append((division.task.id, base.tier.name))
    return found


def _reviewed(reader: Reader, year: int) -> Iterator[ReviewedCertificate]:
    """The certificates in the reviews (年度审验) that were imported in the year and stand."""
    for one in reader.imports():
        if one.kind == "review" and one.withdrawn is None and civil_day(one.time).year == year:
            frame = reader.snapshot(one.source)
            cells = (frame[name].tolist() for name in ("inspector", "certificate", "decision"))
            for inspector, certificate, decision in zip(*cells, strict=True):
                yield ReviewedCertificate(inspector, certificate, decision == "cancel")


def _names(vocabulary: Vocabulary) -> Mapping[str, str]:
    """The words of results by code; of methods, follow-ups and grounds, with what they are before the code."""
    names = {one.code: one.name for one in vocabulary.categories.values()}
    names |= {f"method.{one.code}": one.name for one in vocabulary.methods.values()}
    names |= {f"ground.{code}": one.name for code, one in vocabulary.grounds.items()}
    return names | {f"disposal.{one.code}": one.name for one in vocabulary.disposals.values()}


def _public(view: PublicAccount, names: Mapping[str, str], draws: Batches, fonts: Path) -> dict[str, bytes]:
    made = _pages(account_content(view, names, draws.undrawn, draws.void), fonts)
    made["figures.csv"] = public_table(view)
    return {f"{PUBLIC}/{name}": data for name, data in (made | _charts(view, names)).items()}


def _internal(
    view: PublicAccount,
    whole: Account,
    counted: Year,
    names: Mapping[str, str],
    draws: Batches,
    fonts: Path,
) -> dict[str, bytes]:
    made = _pages(internal_content(view, whole, names, draws.undrawn, draws.void), fonts)
    made |= {"figures.csv": figures_table(whole), "records.csv": records_table(whole)}
    made |= {"entries.csv": entries_table(counted, names), "steps.csv": steps_table(counted, names)}
    return {f"{INTERNAL}/{name}": data for name, data in (made | _charts(view, names)).items()}


def _pages(document: Document, fonts: Path) -> dict[str, bytes]:
    """The document in its formats; no PDF where the machine has no Chinese font."""
    from shuangsuiji.publish.pdf import render
    from shuangsuiji.publish.xlsx import workbook

    made = {f"{ACCOUNT}.html": page(document), f"{ACCOUNT}.xlsx": workbook(document)}
    try:
        made[f"{ACCOUNT}.pdf"] = render([document], fonts).data
    except EnvironmentRefused as refusal:
        if refusal.code != "publish.no_chinese_font":
            raise
    return made


def _charts(view: PublicAccount, names: Mapping[str, str]) -> dict[str, bytes]:
    """The charts as files of their own; of nothing there is none."""
    made = {"kinds.svg": kinds_chart(view, names)} if view.categories else {}
    made |= {"districts.svg": districts_chart(view)} if view.districts else {}
    return {name: svg.encode() for name, svg in made.items()}


def _write(folder: Path, made: Mapping[str, bytes]) -> tuple[Written, ...]:
    with environment(folder):
        if folder.exists() and any(folder.iterdir()):
            raise WrongState("quarter.report.not_empty", path=str(folder))
        for name in (PUBLIC, INTERNAL):
            mode = files.PUBLIC_FOLDER if name == PUBLIC else files.PRIVATE_FOLDER
            (folder / name).mkdir(mode, parents=True, exist_ok=True)
        for name, data in made.items():
            mode = files.PUBLIC if name.startswith(f"{PUBLIC}/") else files.PRIVATE
            files.write(folder / name, data, mode)
    return tuple(Written(folder / name, len(data), sha256(data).hexdigest()) for name, data in made.items())
