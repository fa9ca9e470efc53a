"""`explain` (抽取说明): why an inspector was drawn for a target, was not, or could not be; for internal use alone."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from shuangsuiji.audit.explain import (
    Facts,
    Person,
    PlaceWhy,
    Verdict,
    hindered,
    lawful,
    of_block,
    of_person,
    places,
)
from shuangsuiji.audit.fairness import simulated_seeds
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import Team, draw_inspectors, draw_targets
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Entity
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.strata import standing
from shuangsuiji.core.teams import Block, Target, make_blocks, team_slots
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.kernels import matching
from shuangsuiji.kernels.tickets import selector
from shuangsuiji.plan.texts import Texts
from shuangsuiji.plan.translation import OUTSIDE
from shuangsuiji.quarter.chronicle import find_inspector, read_teams, record_count
from shuangsuiji.quarter.dossier import read_applied, read_frozen, read_results, read_seeded, read_texts
from shuangsuiji.quarter.plan import Simulation
from shuangsuiji.quarter.records import ON_LEAVE
from shuangsuiji.quarter.rotation import met_before
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class Chance:
    """Simulated draws: how many, in how many the target was drawn, and in how many of these with the inspector.

    A target that has been drawn is drawn in all of them; `short` are those without teams.
    """

    draws: int
    target: int
    together: int
    short: int

    @property
    def between(self) -> tuple[float, float]:
        """Between which shares the probability lies with 95 % confidence: Wilson's interval (J. ASA 22, 1927)."""
        n, z = self.target, NormalDist().inv_cdf(0.975)
        share, off = self.together / n, z * z / n
        middle, half = share + off / 2, z * math.sqrt(share * (1 - share) / n + off / (4 * n))
        return max(0.0, (middle - half) / (1 + off)), min(1.0, (middle + half) / (1 + off))


@dataclass(frozen=True, slots=True)
class ExplainResult:
    """Whether the two were drawn together and why: the target's part, the person's and block's rules, each place.

    `outcome` is "drawn" (in the place `slot`), "possible" (nothing kept them apart), "impossible", "not_drawn" (the
    target was not), "excluded" (the target could not be), "short" (no teams were found), or "before": nothing is drawn
    yet, and they may be. `block` is the block's number, 0 where there is none; `records` counts what was decided after
    the draw, which is not told here; `teams`: the plan has fixed teams, so that whole teams are drawn.
    """

    plan: str
    mode: str
    draw: int
    target: Person
    inspector: Person
    outcome: str
    slot: str
    block: int
    targets: int
    verdicts: tuple[Verdict, ...]
    places: tuple[PlaceWhy, ...]
    records: int
    teams: bool
    chance: Chance | None


def explain(
    store: Store,
    target: str,
    inspector: str,
    *,
    plan_id: str | None = None,
    number: int | None = None,
    simulation: Simulation | None = None,
) -> ExplainResult:
    """Explain one pair of the frozen draw: the open one, else the last, of one plan or number if that is named.

    Reads only. `target` and `inspector` are ids, or names that nobody else has. Raises WrongState `quarter.not_sealed`,
    those of `read_frozen`; InputRefused `quarter.which_entity`, `quarter.no_such_inspector`, `quarter.namesakes`.
    """
    with store.read() as reader:
        draw = _draw(reader, plan_id, number)
        frozen, texts = read_frozen(reader, draw), read_texts(reader, draw)
        entity, person = _entity(frozen, target), find_inspector(frozen, inspector)
        teams = _teams(reader, draw, frozen)
        facts = _facts(reader, draw, frozen, texts, entity, teams)
        own = next((one for one in teams or () if _has(one.block, entity)), None)
    verdicts = (*_of_target(frozen, texts, entity, own), *of_person(facts, person), *of_block(facts, person))
    about_person = [one for one in verdicts if one.rule not in ("target", "jurisdiction")]
    found = tuple(places(facts, person, lawful=lawful(about_person)))
    slot = next((one.slot for one in found if one.drawn is not None and one.drawn.id == person.id), "")
    outcome = _outcome(verdicts, found, teams, own, slot, matched="blocks.jsonl" in draw.files)
    if own and own.inspectors:
        found = hindered(facts, found, person, teams or ())
    if outcome == "possible" and not any(one.able for one in found):
        outcome = "impossible"
    chance = None if simulation is None else _simulate(frozen, entity, person.id, teams, simulation)
    return ExplainResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        target=Person(entity.id, entity.name),
        inspector=Person(person.id, person.name),
        outcome=outcome,
        slot=texts.slots[slot] if slot else "",
        block=own.block.number if own else 0,
        targets=len(facts.block.targets),
        verdicts=verdicts,
        places=found,
        records=record_count(draw),
        teams=frozen.plan.teams is not None,
        chance=chance,
    )


def _draw(reader: Reader, plan_id: str | None, number: int | None) -> DrawRow:
    draws = [
        one
        for one in reader.draws()
        if plan_id in (None, one.plan_id) and number in (None, one.number) and "commitment.json" in one.files
    ]
    if not draws:
        raise WrongState("quarter.not_sealed")
    opened = [one for one in draws if one.state != "published" and not one.void]
    return (opened or draws)[-1]


def _entity(frozen: Frozen, text: str) -> Entity:
    wanted, entities = text.strip(), frozen.registry.entities
    found = [one for one in entities if one.id == wanted] or [one for one in entities if one.name == wanted]
    if len(found) != 1:
        raise InputRefused("quarter.which_entity", target=wanted, count=len(found))
    return found[0]


def _teams(reader: Reader, draw: DrawRow, frozen: Frozen) -> tuple[Team, ...] | None:
    """The blocks, with their teams once they are drawn; None before the targets are."""
    if "blocks.jsonl" in draw.files:
        return read_teams(frozen, *read_results(reader, draw)[1:])
    if "targets.jsonl" not in draw.files:
        return None
    seeds = read_seeded(reader, draw, frozen).seeds
    targets = draw_targets(frozen, seeds, selector(len(frozen.registry.entities))).targets
    if not seeds.inspectors:
        return tuple(Team(_alone(frozen.plan, one), ()) for one in targets)
    return tuple(Team(block, ()) for block in make_blocks(frozen, targets, seeds))


def _alone(plan: Plan, target: Target) -> Block:
    """A target by itself, as long as it is in no block."""
    slots = team_slots(plan, target.tasks)
    return Block(0, _district(plan, target.entity), target.tasks, (target,), slots)


def _has(block: Block, entity: Entity) -> bool:
    return any(one.entity.id == entity.id for one in block.targets)


def _district(plan: Plan, entity: Entity) -> str:
    return "" if plan.district is None else entity.columns.get(plan.district, "")


def _facts(
    reader: Reader,
    draw: DrawRow,
    frozen: Frozen,
    texts: Texts,
    entity: Entity,
    teams: Sequence[Team] | None,
) -> Facts:
    plan = relaxed(frozen.plan, read_applied(reader, draw))
    own = next((one for one in teams or () if _has(one.block, entity)), None)
    tasks = tuple(task for task, part in _parts(frozen, entity).items() if part in ("tier", "listed"))
    drawn = teams is not None and any(one.inspectors for one in teams)
    return Facts(
        plan=plan,
        inspectors=frozen.pool.inspectors,
        recusals=frozen.pool.recusals,
        block=own.block if own else _alone(plan, Target(entity, tasks)),
        team=own.inspectors if own else (),
        loads=Counter(one.id for team in teams or () for one in team.inspectors) if drawn else None,
        met=met_before(reader, plan, texts.rotation, draw),
        names=texts.slots,
        leave=ON_LEAVE,
    )


def _parts(frozen: Frozen, entity: Entity) -> Mapping[str, str]:
    """By task: "tier" if the entity can be drawn in it, "listed", else why not: a reason, or where it fails."""
    found = {}
    fields = entity.fields()
    excluded = standing(entity, frozen.plan, fields)
    for task in frozen.plan.tasks:
        if task.source is not None:
            found[task.id] = "listed" if task.id in entity.lists else "not_listed"
        elif not task.pool.holds(fields):
            found[task.id] = "not_in_pool"
        elif excluded:
            found[task.id] = excluded
        else:
            found[task.id] = "tier" if any(tier.where.holds(fields) for tier in task.tiers) else "in_no_tier"
    return found


def _of_target(frozen: Frozen, texts: Texts, entity: Entity, own: Team | None) -> Iterator[Verdict]:
    """Whether the target is drawn, or could be, task by task; whether it lies outside the jurisdiction."""
    drawn = own.block.tasks if own else ()
    for task in frozen.plan.tasks:
        part = _parts(frozen, entity)[task.id]
        told: dict[str, str | int] = {"task": task.name}
        if task.id in drawn:
            yield Verdict("target", True, "target.drawn", told)
        elif part in ("tier", "listed", "not_in_pool", "in_no_tier", "not_listed"):
            yield Verdict("target", part in ("tier", "listed"), f"target.{part}", told)
        else:
            told["reason"] = texts.reasons.get(part, part)
            code = part if part in (OUTSIDE, "not_in_business") else "excluded"
            yield Verdict("target", False, f"target.{code}", told)
    district = _district(frozen.plan, entity)
    if texts.authorisation and texts.jurisdiction and district not in texts.jurisdiction:
        params = {"district": district or "—", "authorisation": texts.authorisation}
        yield Verdict("jurisdiction", True, "jurisdiction", params)


def _outcome(
    verdicts: Sequence[Verdict],
    found: Sequence[PlaceWhy],
    teams: Sequence[Team] | None,
    own: Team | None,
    slot: str,
    *,
    matched: bool,
) -> str:
    if slot:
        return "drawn"
    if not any(one.holds for one in verdicts if one.rule == "target"):
        return "excluded"
    if not any(one.able for one in found):
        return "impossible"
    if teams is not None and own is None:
        return "not_drawn"
    if own is None or not own.inspectors:
        return "short" if matched else "before"
    return "possible"


def _simulate(
    frozen: Frozen, entity: Entity, inspector: str, teams: Sequence[Team] | None, simulation: Simulation
) -> Chance:
    """Draw from seeds of a counter, the targets too unless this one is drawn already."""
    known = [one for team in teams or () for one in team.block.targets]
    fixed = known if any(one.entity.id == entity.id for one in known) else None
    target = together = short = 0
    for number in range(simulation.draws):
        seeds = simulated_seeds(frozen, number)
        targets = fixed or draw_targets(frozen, seeds, selector(len(frozen.registry.entities))).targets
        if any(one.entity.id == entity.id for one in targets):
            target += 1
            drawn = draw_inspectors(frozen, targets, seeds, matching.runs)
            short += not drawn.succeeded
            team = next(one for one in drawn.teams if _has(one.block, entity))
            together += any(one.id == inspector for one in team.inspectors)
        simulation.tell(number + 1, simulation.draws)
    return Chance(simulation.draws, target, together, short)
