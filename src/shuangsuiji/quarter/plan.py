"""`plan check`, `plan show`, `plan adopt`: a plan file looked at, read out, and made the plan of a draw."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shuangsuiji.core.commitment import plan_digest
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan import Count, Quota, Rate, parse_rate
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.core.seed import REAL, REHEARSAL, check_seedable
from shuangsuiji.core.strata import check_quotas, divide
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.plan import PlanFile, Texts, read_plan
from shuangsuiji.quarter.preview import (
    PeoplePreview,
    TaskPreview,
    Warned,
    drawable_districts,
    preview_people,
    preview_tasks,
    warnings,
)
from shuangsuiji.quarter.records import current_rosters, lists
from shuangsuiji.rosters.reading import Rules
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow, Mode, PlanRow
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """What a plan would draw: by task, tier and cell; who could be drawn for which place; what to look at.

    `people` is None and `tasks` are empty where there are no rosters yet to hold the plan against.
    """

    plan: str
    version: int
    title: str
    tasks: tuple[TaskPreview, ...]
    people: PeoplePreview | None
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan read out: the object of specification §7, its digest (hex), and the texts beside it."""

    plan: dict[str, Json]
    digest: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class AdoptResult:
    """The adopted plan: its draw (mode and number), its digest (hex), the version it takes the place of (0: none)."""

    plan: str
    version: int
    title: str
    mode: str
    draw: int
    digest: str
    replaced: int


def check(store: Store | None, path: Path, *, config: Path | None = None) -> PlanPreview:
    """A plan file held against the rosters as they stand; changes nothing.

    Without a workspace, or before registry and inspectors are imported, only the file is checked. `config` is the
    directory given by `--config`. Raises InputRefused as `read_plan`, `plan.nothing_drawn` for a tier that nobody could
    be drawn from, `core.quota_above_base` with the count's line, and those of `quarter.records`.
    """
    file = _read(path)
    if store is None:
        return _preview(file, (), None, ())
    with store.read() as reader:
        warned = tuple(_foreign(file, reader))
        if any(reader.current_import(roster) is None for roster in ("entities", "inspectors")):
            return _preview(file, (), None, (*warned, Warned("plan.warning.no_rosters", {})))
        rosters = current_rosters(reader)
    headings = Rules.load(workspace=store.layout.root, override=config).headings
    frozen = lists(file.plan, rosters, headings)
    divisions = divide(file.plan, frozen.entities)
    try:
        check_quotas(divisions)
    except InputRefused as refusal:
        raise _above_base(refusal, file) from None
    tasks = preview_tasks(file.plan, divisions)
    districts = drawable_districts(file.plan, frozen, divisions)
    people = preview_people(file.plan, file.texts.slots, frozen, districts)
    return _preview(file, tasks, people, (*warned, *warnings(tasks, people)))


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
    salt_key: bytes,
    operator: str,
    now: datetime,
) -> AdoptResult:
    """Make a plan file the plan of a new draw, under the next number of its mode; or, before that draw's freeze, its
    next version.

    `salt_key` is 32 fresh random bytes; a new draw keeps them in a file outside the database, a further version leaves
    those of its draw alone. Raises InputRefused as `read_plan` and `plan.nothing_drawn`; in a real draw also
    `plan.authority` and `core.seed_*`; `plan.reason_needed` for a later version without one. WrongState
    `plan.used_up`, `plan.frozen`, `plan.already_adopted`, `plan.version_behind`, `plan.other_mode`.
    """
    file = _read(path)
    plan, mode = file.plan, _mode(rehearsal)
    with store.begin(operator, "plan adopt", now) as transaction:
        if mode == REAL:
            _check_real(file, transaction)
        before = _draw_before(file, mode, transaction)
        row = _add_plan(file, reason.strip(), transaction)
        draw = transaction.change_plan(before, row) if before else transaction.add_draw(mode, row, salt_key)
        digest = plan_digest(plan).hex()
        transaction.details(
            draw=draw.number, mode=mode, plan=plan.id, version=plan.version, digest=digest, reason=row.reason
        )
    replaced = before.plan_version if before else 0
    return AdoptResult(plan.id, plan.version, file.texts.title, mode, draw.number, digest, replaced)


def _read(path: Path) -> PlanFile:
    file = read_plan(path)
    for number, task in enumerate(file.plan.tasks):
        for within, tier in enumerate(task.tiers):
            if _draws_nobody(tier.quota):
                place = ("task", number, "tier", within)
                raise file.places.refuse("plan.nothing_drawn", place, tier=tier.name)
    return file


def _draws_nobody(quota: Quota) -> bool:
    match quota:
        case Count(count):
            return count == 0
        case Rate(text):
            return parse_rate(text) == 0
    return False


def _above_base(refusal: InputRefused, file: PlanFile) -> InputRefused:
    """The refusal of a count above its base, at the tier's place in the file."""
    for number, task in enumerate(file.plan.tasks):
        for within, tier in enumerate(task.tiers):
            if (task.id, tier.id) == (refusal.params["task"], refusal.params["tier"]):
                place = ("task", number, "tier", within, "count")
                return file.places.refuse(refusal.code, place, **refusal.params)
    return refusal


def _preview(
    file: PlanFile, tasks: tuple[TaskPreview, ...], people: PeoplePreview | None, warned: tuple[Warned, ...]
) -> PlanPreview:
    return PlanPreview(file.plan.id, file.plan.version, file.texts.title, tasks, people, warned)


def _foreign(file: PlanFile, reader: Reader) -> list[Warned]:
    ours = reader.workspace().authority
    if file.plan.authority == ours:
        return []
    return [Warned("plan.warning.authority", {"written": file.plan.authority, "ours": ours})]


def _mode(rehearsal: bool) -> Mode:
    return REHEARSAL if rehearsal else REAL


def _check_real(file: PlanFile, reader: Reader) -> None:
    ours = reader.workspace().authority
    if file.plan.authority != ours:
        raise file.places.refuse(
            "plan.authority", ("plan", "authority"), written=file.plan.authority, ours=ours
        )
    if file.texts.values:
        try:
            check_seedable(REAL, file.texts.values)
        except InputRefused as why:
            raise file.places.refuse(why.code, ("seed", "values"), **why.params) from None


def _draw_before(file: PlanFile, mode: Mode, reader: Reader) -> DrawRow | None:
    """The draw of an earlier version of this plan that has not been frozen yet; refused if there is another one."""
    plan = file.plan
    earlier = [draw for draw in reader.draws() if draw.plan_id == plan.id]
    for draw in earlier:
        if draw.state == "published":
            if mode == draw.mode == REAL:
                raise WrongState("plan.used_up", plan=plan.id, number=draw.number)
            continue
        if draw.mode != mode:
            raise WrongState("plan.other_mode", plan=plan.id, mode=draw.mode, number=draw.number)
        if draw.state != "adopted":
            raise WrongState("plan.frozen", plan=plan.id, number=draw.number)
        if (
            draw.plan_version == plan.version
            and reader.plan_source(reader.plan(plan.id, plan.version)) == file.source
        ):
            raise WrongState("plan.already_adopted", plan=plan.id, version=plan.version, number=draw.number)
        return draw
    return None


def _add_plan(file: PlanFile, reason: str, transaction: Transaction) -> PlanRow:
    """The plan's row; a later version says why and comes after all before it."""
    plan = file.plan
    known = [row.version for row in transaction.plans() if row.plan_id == plan.id]
    if known and plan.version < max(known):
        raise WrongState("plan.version_behind", plan=plan.id, version=plan.version, latest=max(known))
    if known and plan.version not in known and not reason:
        raise InputRefused("plan.reason_needed", plan=plan.id, version=plan.version)
    return transaction.add_plan(plan.id, plan.version, file.source, title=file.texts.title, reason=reason)
