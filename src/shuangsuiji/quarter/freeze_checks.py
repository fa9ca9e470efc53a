"""What a freeze looks at before it seals: what could never be mended afterwards."""

from collections.abc import Mapping, Sequence

from shuangsuiji.bundle import members
from shuangsuiji.bundle.pools import drawable_districts
from shuangsuiji.core.closing import check_contributors
from shuangsuiji.core.commitment import Lists, Predecessor
from shuangsuiji.core.eligibility import eligible, slot_pool
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.seed import REAL
from shuangsuiji.core.strata import Division
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.persons import first_repeated
from shuangsuiji.quarter.dossier import COMMITMENT, PLAN, TARGETS_COMMITMENT, adopted_file, read_notice
from shuangsuiji.quarter.exposure import Exposure, earlier_lists, expose
from shuangsuiji.quarter.publish import RESULT_NOTICE
from shuangsuiji.quarter.records import Rosters
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow, State

_KEPT_BACK: frozenset[State] = frozenset({"frozen", "seeded", "drawn", "matched"})


def check_lists(plan: Plan, rosters: Rosters) -> None:
    """Refuse (WrongState, `quarter.list_missing`) a listed task without its list."""
    for task in plan.tasks:
        if task.source is not None and task.id not in rosters.lists:
            raise WrongState("quarter.list_missing", task=task.id)


def contributors(given: Sequence[str], own: Sequence[str] = ()) -> tuple[str, ...]:
    """Who may add to the seed: those given, else the plan's own.

    Refuse (InputRefused, `quarter.contributors_alike`) two names that a reader cannot tell apart: one person would give
    twice.
    """
    persons = tuple(one.strip() for one in given) or tuple(own)
    check_contributors(persons)
    if (alike := first_repeated(persons)) is not None:
        raise InputRefused("quarter.contributors_alike", person=alike[0], other=alike[1])
    return persons


def check_open_commitments(reader: Reader, draw: DrawRow, plan: Plan) -> None:
    """Refuse (WrongState, `quarter.same_item`) an item and period that another open commitment has too.

    A commitment is open until its result is published or it is declared void: of two draws of the same visits, one
    could be let go after its seed is known, and its result kept back.
    """
    for other in reader.draws():
        if other.id == draw.id or other.void or draw.mode != other.mode or draw.mode != REAL:
            continue
        if other.state not in _KEPT_BACK or RESULT_NOTICE in other.files:
            continue
        theirs = _plan(reader, other)
        if shared := _shared_items(plan, theirs):
            raise WrongState(
                "quarter.same_item",
                item=shared[0],
                other=other.plan_id,
                number=other.number,
                begins=theirs.window_from,
                ends=theirs.window_to,
            )


def find_predecessor(reader: Reader, draw: DrawRow, plan: Plan, number: int | None) -> Predecessor | None:
    """The void draw whose place this one takes (specification §10, §19).

    WrongState: `quarter.not_void` for one that stands, or was never frozen; `quarter.successor_needed` where a draw of
    the same plan, or of the same item on some of the same days, was declared void and it is not said that this one
    follows it. A void draw that another one follows already asks for no second one.
    """
    draws = [other for other in reader.draws() if other.mode == draw.mode and "notice.json" in other.files]
    void = {other.number: other for other in draws if other.void}
    followed = {own.draw for other in draws if (own := _predecessor(reader, other)) is not None}
    waiting = [
        other
        for other in void.values()
        if other.number not in followed
        and (other.plan_id == draw.plan_id or _shared_items(plan, _plan(reader, other)))
    ]
    if waiting and number not in {other.number for other in waiting}:
        raise WrongState("quarter.successor_needed", plan=waiting[-1].plan_id, number=waiting[-1].number)
    if number is None:
        return None
    if number not in void or number >= draw.number:
        raise WrongState("quarter.not_void", number=number, mode=draw.mode)
    return Predecessor(draw=number, commitment=bytes.fromhex(read_notice(reader, void[number]).targets))


def _predecessor(reader: Reader, draw: DrawRow) -> Predecessor | None:
    """The void draw that a sealed one says it takes the place of."""
    name = COMMITMENT if COMMITMENT in draw.files else TARGETS_COMMITMENT
    return members.read_predecessor(members.read_statement(reader.file(draw, name), "targets"))


def _plan(reader: Reader, draw: DrawRow) -> Plan:
    return members.read_plan(reader.file(draw, PLAN))


def _shared_items(plan: Plan, other: Plan) -> list[str]:
    """The items (抽查事项) that two plans share, if the days of their visits overlap."""
    if other.window_from > plan.window_to or plan.window_from > other.window_to:
        return []
    theirs = {item for task in other.tasks for item in task.items}
    return sorted({item for task in plan.tasks for item in task.items} & theirs)


def measure(
    reader: Reader, draw: DrawRow, held: Lists, divisions: Sequence[Division], plan: Plan
) -> Exposure:
    """What the list would give away of the rosters as they are sealed; refused for a real draw as `plan adopt` does."""
    exposure = expose(
        adopted_file(reader, draw), divisions, held.entities, tuple(earlier_lists(reader, plan))
    )
    if draw.mode == REAL and exposure.refusal is not None:
        raise exposure.refusal
    return exposure


def check_teams(plan: Plan, names: Mapping[str, str], held: Lists, divisions: Sequence[Division]) -> None:
    """Refuse (InputRefused, `quarter.no_team`) a task that could not get a team for one target, wherever that lies.

    All relaxations count: the draw may use them. Its draw would have targets and never inspectors.
    """
    candidates = eligible(plan, held.inspectors)
    places = relaxed(plan, len(plan.relaxations)).slots
    for division in divisions:
        districts = drawable_districts(plan, held.entities, (division,))
        if not _draws(division, held):
            continue
        slots = [slot for slot in places if slot.id in division.task.slots]
        teams = [[slot_pool(slot, district, candidates) for slot in slots] for district in districts]
        if not any(all(pools) and len(set().union(*pools)) >= len(slots) for pools in teams):
            most, scarcest = min(
                (max(map(len, pools)), n) for n, pools in enumerate(zip(*teams, strict=True))
            )
            raise InputRefused(
                "quarter.no_team",
                task=division.task.name,
                places=len(slots),
                slot=names[slots[scarcest].id],
                count=most,
            )


def _draws(division: Division, held: Lists) -> bool:
    """Whether a task will have targets."""
    if division.task.source is None:
        return any(base.quota for base in division.bases)
    return any(division.task.id in one.lists for one in held.entities)
