"""What a freeze looks at before it seals: what could never be mended afterwards."""

from collections.abc import Mapping, Sequence

from shuangsuiji.bundle import members
from shuangsuiji.bundle.pools import drawable_districts
from shuangsuiji.core.commitment import Lists, Predecessor
from shuangsuiji.core.eligibility import eligible, slot_pool
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.seed import REAL
from shuangsuiji.core.strata import Division
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.quarter.dossier import PLAN, adopted_file, read_notice
from shuangsuiji.quarter.exposure import Exposure, earlier_lists, expose
from shuangsuiji.quarter.records import Rosters
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow, State

_UNMATCHED: frozenset[State] = frozenset({"frozen", "seeded", "drawn"})


def check_lists(plan: Plan, rosters: Rosters) -> None:
    """Refuse (WrongState, `quarter.list_missing`) a listed task without its list."""
    for task in plan.tasks:
        if task.source is not None and task.id not in rosters.lists:
            raise WrongState("quarter.list_missing", task=task.id)


def check_open_commitments(reader: Reader, draw: DrawRow, plan: Plan) -> None:
    """Refuse (WrongState, `quarter.same_item`) an item and period that another open commitment has too.

    Of two draws of the same visits that are sealed and not yet matched, one could be let go after its seed is known.
    """
    items = {item for task in plan.tasks for item in task.items}
    for other in reader.draws():
        if other.id == draw.id or other.void or draw.mode != other.mode or draw.mode != REAL:
            continue
        if other.state not in _UNMATCHED:
            continue
        theirs = members.read_plan(reader.file(other, PLAN))
        shared = sorted(items & {item for task in theirs.tasks for item in task.items})
        if shared and theirs.window_from <= plan.window_to and plan.window_from <= theirs.window_to:
            raise WrongState(
                "quarter.same_item",
                item=shared[0],
                other=other.plan_id,
                number=other.number,
                begins=theirs.window_from,
                ends=theirs.window_to,
            )


def find_predecessor(reader: Reader, draw: DrawRow, number: int | None) -> Predecessor | None:
    """The void draw whose place this one takes (specification §10, §19).

    WrongState: `quarter.not_void` for one that stands, or was never frozen; `quarter.successor_needed` where a draw of
    the same plan was declared void and it is not said that this one follows it.
    """
    void = [other for other in reader.draws() if other.mode == draw.mode and other.void]
    if number is None:
        own = [other for other in void if other.plan_id == draw.plan_id]
        if own:
            raise WrongState("quarter.successor_needed", plan=draw.plan_id, number=own[-1].number)
        return None
    other = next((one for one in void if one.number == number and number < draw.number), None)
    if other is None or "notice.json" not in other.files:
        raise WrongState("quarter.not_void", number=number, mode=draw.mode)
    return Predecessor(draw=number, commitment=bytes.fromhex(read_notice(reader, other).targets))


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
