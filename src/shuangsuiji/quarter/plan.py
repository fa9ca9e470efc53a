"""`plan check`, `plan show`, `plan adopt`: a plan file looked at, read out, and made the plan of a draw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from shuangsuiji.core.commitment import Lists, plan_digest
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan import Count, Quota, Rate, parse_rate
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.core.seed import REAL, REHEARSAL, check_seedable
from shuangsuiji.core.strata import Division, check_quotas, divide
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.persons import first_repeated
from shuangsuiji.plan import PlanFile, Texts, read_plan
from shuangsuiji.quarter.announcing import check_deadline, check_issues
from shuangsuiji.quarter.chronicle import ended
from shuangsuiji.quarter.exposure import Exposure, earlier_lists, expose
from shuangsuiji.quarter.lotteries import Lotteries
from shuangsuiji.quarter.named import named_singly
from shuangsuiji.quarter.preview import (
    PeoplePreview,
    TaskPreview,
    Warned,
    preview_people,
    preview_tasks,
    warnings,
)
from shuangsuiji.quarter.records import current_rosters, lists
from shuangsuiji.quarter.stranded import TeamPreview, alike, preview_teams
from shuangsuiji.quarter.sufficiency import Sufficiency, Tell, simulate, sufficiency
from shuangsuiji.quarter.visit_warnings import doubtful_visits
from shuangsuiji.rosters.reading import Rules
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow, Mode, PlanRow
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store

_KEYS: Final = {"core.quota_above_base": "count", "core.quota_out_of_bounds": "bounds"}
"""The key of a tier that the rosters do not bear out, by the code of the refusal."""


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """What a plan would draw: by task, tier and cell; who could be drawn for which place; what to look at.

    `reasons` and `slots` are the plan's names for its reasons of exclusion and its slots. `people`, `exposure` and
    `sufficiency` are None and `tasks` and `teams` are empty where there are no rosters yet to hold the plan against.
    """

    plan: str
    version: int
    title: str
    tasks: tuple[TaskPreview, ...]
    reasons: Mapping[str, str]
    people: PeoplePreview | None
    teams: tuple[TeamPreview, ...]
    slots: Mapping[str, str]
    exposure: Exposure | None
    sufficiency: Sufficiency | None
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """How many draws to simulate, and whom to tell after each."""

    draws: int
    tell: Tell


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan read out: the object of specification §7, its digest (hex), and the texts beside it."""

    plan: dict[str, Json]
    digest: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class AdoptResult:
    """The adopted plan: its draw (mode and number), its digest (hex), the version it takes the place of (0: none).

    `warnings`: what a real adoption would have been refused for, and conditions that name single firms.
    """

    plan: str
    version: int
    title: str
    mode: str
    draw: int
    digest: str
    replaced: int
    warnings: tuple[Warned, ...]


def check(
    store: Store | None,
    path: Path,
    *,
    rehearsal: bool = False,
    config: Path | None = None,
    simulation: Simulation | None = None,
) -> PlanPreview:
    """A plan file held against the rosters as they stand; changes nothing.

    Without a workspace, or before registry and inspectors are imported, only the file is checked. `config` is the
    directory given by `--config`. As a `rehearsal`, or where the file can be adopted for nothing else, own visits are
    those of rehearsals, as they are at a freeze. With a `simulation` it also says how often draws would be short of
    inspectors. Raises InputRefused as `read_plan`; `plan.nothing_drawn` for a tier from which nobody could ever be
    drawn; `core.quota_above_base` and `quarter.column_missing` with their lines; those of `quarter.records`;
    `plan.posterior.*` for a list that would give classes away, which is a warning only for a rehearsal; but for a
    rehearsal, those of `check_issues` and `check_deadline` for its public values.
    """
    file = read_drawing(path)
    root = None if store is None else store.layout.root
    named = (
        *named_singly(file.plan, file.texts),
        *doubtful_visits(file.plan, file.texts, root, config),
    )
    if store is None:
        if not rehearsal and _not_seedable(file) is None:
            _check_values(file, root, config)
        return _unheld(file, named)
    with store.read() as reader:
        warned = (*_rehearsal_only(file, reader), *named)
        mode = REHEARSAL if rehearsal else preview_mode(file, reader)
        if mode == REAL:
            _check_values(file, root, config)
        if not _have_rosters(reader):
            return _unheld(file, (*warned, Warned("plan.warning.no_rosters", {})))
        held, divisions, exposure = hold(file, reader, mode, config)
    if exposure.refusal is not None:
        if mode == REAL:
            raise exposure.refusal
        warned = (*warned, gives_away(exposure))
    tasks = preview_tasks(file.plan, divisions, held.entities)
    targets = alike(file.plan, divisions, held)
    people = preview_people(file.plan, file.texts.slots, held, divisions, targets)
    enough = sufficiency(file.plan, divisions, held, file.texts.slots, targets)
    if simulation is not None:
        drawn = simulate(file.plan, held, file.texts.slots, simulation.draws, simulation.tell)
        enough = replace(enough, simulated=drawn)
    warned = (*warned, *warnings(tasks, people))
    teams = preview_teams(file.plan, held, targets)
    return replace(
        _unheld(file, warned), tasks=tasks, people=people, teams=teams, exposure=exposure, sufficiency=enough
    )


def show(path: Path) -> PlanShown:
    """A plan file read out. Raises InputRefused as `read_plan`."""
    file = read_plan(path)
    return PlanShown(plan_object(file.plan), plan_digest(file.plan).hex(), file.texts)


def adopt(
    store: Store,
    path: Path,
    *,
    rehearsal: bool = False,
    reason: str = "",
    config: Path | None = None,
    salt_key: bytes,
    operator: str,
    now: datetime,
) -> AdoptResult:
    """Make a plan file the plan of a new draw, or the next version of the plan of a draw that is not frozen yet.

    A new draw takes the next number of its mode and keeps `salt_key`, 32 fresh random bytes, in a file outside the
    database; a further version leaves number and key as they are. Raises InputRefused as `read_plan` and
    `plan.nothing_drawn`; for a real draw `plan.authority`, `core.seed_*` and, once there are rosters, whatever `check`
    refuses; `plan.reason_needed` for a later version, `plan.reason_again` for one that was declared void. A rehearsal
    goes on with a warning where the list would give classes away. `config` as for `check`. WrongState `plan.used_up`,
    `plan.frozen`, `plan.already_adopted`, `plan.version_behind`, `plan.real_open`, `plan.rehearsal_open`.
    """
    file = read_drawing(path)
    plan, mode = file.plan, _mode(rehearsal)
    with store.begin(operator, "plan adopt", now) as transaction:
        if mode == REAL:
            _check_real(file, transaction, config)
        before = _draw_before(file, mode, transaction)
        warned = (
            *_adoptable(file, mode, transaction, config),
            *named_singly(plan, file.texts),
            *doubtful_visits(plan, file.texts, store.layout.root, config),
        )
        _check_again(file, mode, reason.strip(), transaction)
        row = _add_plan(file, reason.strip(), transaction)
        draw = transaction.change_plan(before, row) if before else transaction.add_draw(mode, row, salt_key)
        digest = plan_digest(plan).hex()
        transaction.details(
            draw=draw.number,
            mode=mode,
            plan=plan.id,
            version=plan.version,
            digest=digest,
            reason=reason.strip() or row.reason,
        )
    replaced = before.plan_version if before else 0
    return AdoptResult(plan.id, plan.version, file.texts.title, mode, draw.number, digest, replaced, warned)


def read_drawing(path: Path) -> PlanFile:
    """A plan file all of whose tiers draw somebody, and whose contributors are told apart.

    Raises InputRefused as `read_plan`, `plan.nothing_drawn`, `quarter.contributors_alike`.
    """
    file = read_plan(path)
    if (alike := first_repeated(file.texts.contributors)) is not None:
        raise file.places.refuse(
            "quarter.contributors_alike", ("seed", "contributors"), person=alike[0], other=alike[1]
        )
    for number, task in enumerate(file.plan.tasks):
        for within, tier in enumerate(task.tiers):
            if nothing := _draws_nobody(tier.quota):
                place = ("task", number, "tier", within, nothing)
                raise file.places.refuse("plan.nothing_drawn", place, tier=tier.name)
    return file


def _draws_nobody(quota: Quota) -> str:
    """The key of a quota that is nothing whatever the base, else empty."""
    match quota:
        case Count(0):
            return "count"
        case Rate(text) if parse_rate(text) == 0:
            return "rate"
    return ""


def _have_rosters(reader: Reader) -> bool:
    return all(reader.current_import(roster) is not None for roster in ("entities", "inspectors"))


def hold(
    file: PlanFile, reader: Reader, mode: Mode, config: Path | None
) -> tuple[Lists, tuple[Division, ...], Exposure]:
    """The file held against the rosters: what a freeze would seal, how it divides, what the list would give away."""
    headings = Rules.load(workspace=reader.layout.root, override=config).headings
    try:
        rosters = current_rosters(reader, file.plan, file.texts.rotation, mode=mode)
        held = lists(file.plan, rosters, headings)
        divisions = divide(file.plan, held.entities)
        check_quotas(divisions)
    except InputRefused as refusal:
        raise _in_the_file(refusal, file) from None
    earlier = tuple(earlier_lists(reader, file.plan))
    return held, divisions, expose(file, divisions, held.entities, earlier)


def _adoptable(file: PlanFile, mode: Mode, reader: Reader, config: Path | None) -> Iterator[Warned]:
    """Refuse a real draw what `check` refuses; of a rehearsal's list say what it would give away."""
    if _have_rosters(reader):
        _, _, exposure = hold(file, reader, mode, config)
        if exposure.refusal is not None:
            if mode == REAL:
                raise exposure.refusal
            yield gives_away(exposure)


def gives_away(exposure: Exposure) -> Warned:
    """The warning for a rehearsal whose list would give classes away."""
    first = exposure.worst[0]
    params = {"group": first.group, "tier": first.tier, "share": first.percent, "limit": exposure.limit}
    return Warned("plan.warning.posterior", params)


def _in_the_file(refusal: InputRefused, file: PlanFile) -> InputRefused:
    """A refusal by the rosters with the place in the file that they do not bear out, where there is one."""
    params = refusal.params
    if refusal.code == "quarter.column_missing":
        return file.places.refuse(refusal.code, ("columns", str(params["alias"])), **params)
    if refusal.code in _KEYS:
        for number, task in enumerate(file.plan.tasks):
            for within, tier in enumerate(task.tiers):
                if (task.id, tier.id) == (params["task"], params["tier"]):
                    place = ("task", number, "tier", within, _KEYS[refusal.code])
                    return file.places.refuse(refusal.code, place, **params)
    return refusal


def _unheld(file: PlanFile, warned: tuple[Warned, ...]) -> PlanPreview:
    """The preview of a file that is not held against rosters."""
    plan, texts = file.plan, file.texts
    return PlanPreview(
        plan.id, plan.version, texts.title, (), texts.reasons, None, (), texts.slots, None, None, warned
    )


def _rehearsal_only(file: PlanFile, reader: Reader) -> Iterator[Warned]:
    """Why the file could only be adopted for a rehearsal."""
    ours = reader.workspace().authority
    if file.plan.authority != ours:
        yield Warned("plan.warning.authority", {"written": file.plan.authority, "ours": ours})
    if _not_seedable(file):
        yield Warned("plan.warning.seed", {})


def preview_mode(file: PlanFile, reader: Reader) -> Mode:
    """What a file is looked at as where nobody says: a rehearsal if it can be adopted for nothing else."""
    return _mode(any(_rehearsal_only(file, reader)))


def _mode(rehearsal: bool) -> Mode:
    return REHEARSAL if rehearsal else REAL


def _check_real(file: PlanFile, reader: Reader, config: Path | None) -> None:
    ours = reader.workspace().authority
    if file.plan.authority != ours:
        raise file.places.refuse(
            "plan.authority", ("plan", "authority"), written=file.plan.authority, ours=ours
        )
    if (refusal := _not_seedable(file)) is not None:
        raise file.places.refuse(refusal.code, ("seed", "values"), **refusal.params)
    _check_values(file, reader.layout.root, config)


def _check_values(file: PlanFile, root: Path | None, config: Path | None) -> None:
    """Refuse, with its place, what no real draw may announce, as far as the file alone shows it."""
    lotteries = Lotteries.load(workspace=root, override=config)
    values, day = file.texts.values, date.fromisoformat(file.plan.window_from)
    try:
        check_issues(values, day, lotteries)
        check_deadline(values, file.texts.deadline, day, lotteries)
    except InputRefused as refusal:
        raise file.places.refuse(refusal.code, ("seed", "values"), **refusal.params) from None


def _not_seedable(file: PlanFile) -> InputRefused | None:
    """Why the announced values could not seed a real draw; without any, the freeze will name them."""
    if file.texts.values:
        try:
            check_seedable(REAL, file.texts.values)
        except InputRefused as refusal:
            return refusal
    return None


def _draw_before(file: PlanFile, mode: Mode, reader: Reader) -> DrawRow | None:
    """The draw of an earlier version of this plan that has not been frozen yet; refused if there is another one."""
    plan = file.plan
    earlier = [draw for draw in reader.draws() if draw.plan_id == plan.id]
    for draw in earlier:
        if ended(reader, draw):
            continue
        if draw.state == "published":
            if mode == draw.mode == REAL:
                raise WrongState("plan.used_up", plan=plan.id, number=draw.number)
            continue
        if draw.mode != mode:
            code = "plan.real_open" if draw.mode == REAL else "plan.rehearsal_open"
            raise WrongState(code, plan=plan.id, number=draw.number)
        if draw.state != "adopted":
            raise WrongState("plan.frozen", plan=plan.id, number=draw.number)
        if (
            draw.plan_version == plan.version
            and reader.plan_source(reader.plan(plan.id, plan.version)) == file.source
        ):
            raise WrongState("plan.already_adopted", plan=plan.id, version=plan.version, number=draw.number)
        return draw
    return None


def _check_again(file: PlanFile, mode: Mode, reason: str, reader: Reader) -> None:
    """Refuse (InputRefused, `plan.reason_again`) a version that was drawn and declared void, unless it is said why."""
    plan = file.plan
    same = [one for one in reader.draws() if (one.plan_id, one.plan_version) == (plan.id, plan.version)]
    void = [one for one in same if one.void and one.mode == mode]
    if void and not reason:
        raise InputRefused("plan.reason_again", plan=plan.id, version=plan.version, number=void[-1].number)


def _add_plan(file: PlanFile, reason: str, transaction: Transaction) -> PlanRow:
    """The plan's row; a later version says why and comes after all before it."""
    plan = file.plan
    known = [row.version for row in transaction.plans() if row.plan_id == plan.id]
    if known and plan.version < max(known):
        raise WrongState("plan.version_behind", plan=plan.id, version=plan.version, latest=max(known))
    if known and plan.version not in known and not reason:
        raise InputRefused("plan.reason_needed", plan=plan.id, version=plan.version)
    return transaction.add_plan(plan.id, plan.version, file.source, title=file.texts.title, reason=reason)
