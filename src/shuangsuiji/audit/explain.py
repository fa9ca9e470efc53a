"""Why a person could, or could not, be drawn for a target (为什么抽到、为什么没抽到): rule by rule, place by place.

Each rule of §13 to §15 is read off the records for this one pair, apart from the functions that make the pools.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final

from shuangsuiji.audit.placing import INCOMPLETE, UNEVEN, never
from shuangsuiji.core.commitment import Pool
from shuangsuiji.core.draw import Team
from shuangsuiji.core.eligibility import admits, eligible
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.lawful import Rules
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.plan import Plan, Slot
from shuangsuiji.core.records import Entity, GroupRecusal, Incompatible, Inspector, PairRecusal, Recusal
from shuangsuiji.core.teams import Block, make_problem

KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("pool", "leave", "certificate", "predicate", "district", "expert"), "pool"),
    **dict.fromkeys(("recusal", "rotation", "forced"), "recusal"),
    "cap": "cap",
    **dict.fromkeys(("distinct", "incompatible", "balance", "complete"), "draw"),
}
"""How the draw heeds a rule (§14, §15): by who is in a pool, by a block's recusals, by a cap, or by the draw itself."""
_NEVER: Final = {INCOMPLETE: "complete", UNEVEN: "balance"}
"""The rule that keeps a lawful candidate out of a place."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule: whether it lets the person in, and why: a code under `explain` and its parameters.

    `kind` is how the draw heeds the rule; "" of those about the target.
    """

    rule: str
    holds: bool
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    kind: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", KINDS.get(self.rule, ""))


@dataclass(frozen=True, slots=True)
class Person:
    """An inspector by id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An inspector whom the rules of §13 and §14 let into a place.

    `never` is why he is not drawn for it all the same: "complete" (another place would be left without anybody),
    "balance" (loads would be less even), else empty; known once there is a draw.
    """

    id: str
    name: str
    never: str = ""


@dataclass(frozen=True, slots=True)
class PlaceWhy:
    """A place of the team: its condition (§6), the verdicts of its own rules, and who could have been drawn for it.

    `able`: whether all rules, those of the person and the block too, let this person in. `candidates` are those whom
    the rules of §13 and §14 let in; `drawn` is who was.
    """

    slot: str
    name: str
    condition: Json
    verdicts: tuple[Verdict, ...]
    able: bool
    candidates: tuple[Candidate, ...]
    drawn: Person | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to explain from: the plan in force, the lists, the block of the target and its team, if drawn.

    Before the targets are drawn the block has the target alone, and no number (0). `met` are the pairs (inspector,
    entity) whom the rotation keeps apart, with the number of the draw in which they met; `loads` are those of the draw,
    None before it; `names` are those of the slots; `leave` is the reason, of those not drawn, that means leave.
    """

    plan: Plan
    inspectors: Sequence[Inspector]
    recusals: Sequence[Recusal]
    block: Block
    team: tuple[Inspector, ...]
    loads: Mapping[str, int] | None
    met: Mapping[tuple[str, str], int]
    names: Mapping[str, str]
    leave: str


def of_person(facts: Facts, one: Inspector) -> Iterator[Verdict]:
    """§13 Whether the person can be drawn at all: status, leave, certificate on the whole window; §15 the cap."""
    window = {"begins": facts.plan.window_from, "ends": facts.plan.window_to}
    if one.undrawable is None:
        yield Verdict("pool", True, "pool.yes")
    elif one.undrawable == facts.leave:
        yield Verdict("leave", False, "leave.whole", window)
    else:
        yield Verdict("pool", False, "pool.no", {"reason": one.undrawable})
    if one.undrawable != facts.leave:
        yield Verdict("leave", True, "leave.none", window)
    yield _certificate(one, window)
    yield _cap(facts, one)


def _certificate(one: Inspector, window: Mapping[str, str]) -> Verdict:
    if one.expert:
        return Verdict("certificate", True, "certificate.expert")
    own = next((cert for cert in one.certificates if cert.covers(window["begins"], window["ends"])), None)
    if own is not None:
        return Verdict("certificate", True, "certificate.yes", {"number": own.number, **window})
    if not one.certificates:
        return Verdict("certificate", False, "certificate.none")
    numbers = {"numbers": ", ".join(cert.number for cert in one.certificates)}
    if all(cert.cancelled is not None for cert in one.certificates):
        reasons = ", ".join(sorted({str(cert.cancelled) for cert in one.certificates}))
        return Verdict("certificate", False, "certificate.cancelled", numbers | {"reason": reasons})
    spans = (f"{c.begins or '…'}–{c.ends or '…'}" for c in one.certificates if c.cancelled is None)
    return Verdict(
        "certificate", False, "certificate.expired", {**numbers, **window, "spans": ", ".join(spans)}
    )


def _cap(facts: Facts, one: Inspector) -> Verdict:
    most = facts.plan.max_per_inspector
    cap = most if one.most is None else min(most, one.most)
    own = "own" if cap < most else "plan"
    if facts.loads is None or cap == 0:
        return Verdict("cap", cap > 0, f"cap.{own}", {"cap": cap})
    load = facts.loads.get(one.id, 0)
    return Verdict("cap", True, "cap.full" if load == cap else "cap.room", {"cap": cap, "load": load})


def of_block(facts: Facts, one: Inspector) -> Iterator[Verdict]:
    """§14 Recusals against a target of the block, by pair, relation, rotation; §15 who may be beside whom, balance."""
    found = [
        verdict
        for target in facts.block.targets
        for recusal in facts.recusals
        if recusal.inspector == one.id and (verdict := _recusal(facts, recusal, target.entity))
    ]
    count = {"count": len(facts.block.targets)}
    if not any(verdict.rule == "recusal" for verdict in found):
        yield Verdict("recusal", True, "recusal.none", count)
    if facts.met and not any(verdict.rule == "rotation" for verdict in found):
        yield Verdict("rotation", True, "rotation.none", count)
    yield from found
    if one.id in _forced_out(facts):
        yield Verdict("forced", False, "incompatible.forced")
    yield from _beside(facts, one)
    yield _balance(facts, one)


def _balance(facts: Facts, one: Inspector) -> Verdict:
    loads = facts.loads
    if not loads:
        return Verdict("balance", True, "balance.rule")
    told = {"least": min(loads.values()), "most": max(loads.values()), "load": loads.get(one.id, 0)}
    if facts.plan.teams is not None:
        return Verdict("balance", True, "balance.teams", told)
    apart = any(isinstance(recusal, Incompatible) for recusal in facts.recusals)
    return Verdict("balance", True, "balance.apart" if apart else "balance.drawn", told)


def _beside(facts: Facts, one: Inspector) -> Iterator[Verdict]:
    """§15 Nobody twice in a team; §8 nobody beside a colleague with whom he is incompatible."""
    if len(facts.block.slots) > 1:
        yield Verdict("distinct", True, "distinct", {"count": len(facts.block.slots)})
    colleagues = {
        other
        for recusal in facts.recusals
        if isinstance(recusal, Incompatible) and one.id in (recusal.inspector, recusal.colleague)
        for other in {recusal.inspector, recusal.colleague} - {one.id}
    }
    people = {person.id: person for person in facts.inspectors}
    drawn = {person.id for person in facts.team}
    for other in sorted(colleagues & people.keys()):
        inside = other in drawn
        code = "incompatible.inside" if inside else "incompatible.apart"
        yield Verdict("incompatible", not inside, code, {"colleague": people[other].name, "id": other})
    if not colleagues:
        yield Verdict("incompatible", True, "incompatible.none")


def _recusal(facts: Facts, recusal: Recusal, entity: Entity) -> Verdict | None:
    told: dict[str, str | int] = {"entity": entity.name or entity.id, "id": entity.id}
    match recusal:
        case PairRecusal(person, named) if named == entity.id:
            number = facts.met.get((person, named))
            if number is not None:
                return Verdict("rotation", False, "rotation.met", told | {"number": number})
            return Verdict("recusal", False, "recusal.pair", told)
        case GroupRecusal(_, column, value) if entity.columns.get(column) == value:
            heading = facts.plan.columns[column]
            return Verdict("recusal", False, "recusal.relation", told | {"column": heading, "value": value})
        case _:
            return None


def of_slot(facts: Facts, slot: Slot, one: Inspector) -> Iterator[Verdict]:
    """§14 The slot's own rules: predicate (unit, department, qualification …), district, experts."""
    yes = slot.pool.holds(one.fields())
    yield Verdict("predicate", yes, "predicate.yes" if yes else "predicate.no")
    own, here = one.district or "—", facts.block.district or "—"
    told = {"own": own, "district": here}
    if slot.district == "any":
        yield Verdict("district", True, "district.any", told)
    else:
        home = one.district == facts.block.district
        lent = slot.district == "home" and one.district in slot.neighbours.get(facts.block.district, ())
        holds = lent or home == (slot.district == "home")
        code = "lent" if lent and not home else f"{slot.district}.{'yes' if holds else 'no'}"
        yield Verdict("district", holds, f"district.{code}", told)
    if one.expert:
        yield Verdict("expert", slot.extra, "expert.yes" if slot.extra else "expert.no")


def places(facts: Facts, one: Inspector, *, lawful: bool) -> Iterator[PlaceWhy]:
    """Each place of the block; `lawful`: whether the rules of person and block let this person in."""
    rules = {slot.id: slot for slot in facts.plan.slots}
    recused = _recused(facts)
    candidates = [
        person
        for person in eligible(facts.plan, facts.inspectors)
        if person.id not in recused and (person.most is None or person.most > 0)
    ]
    drawn = dict(zip(facts.block.slots, facts.team, strict=False))
    for name in facts.block.slots:
        slot, verdicts = rules[name], tuple(of_slot(facts, rules[name], one))
        able = tuple(
            Candidate(person.id, person.name)
            for person in candidates
            if admits(slot, facts.block.district, person)
        )
        taken = drawn.get(name)
        yield PlaceWhy(
            slot=name,
            name=facts.names[name],
            condition=slot.pool.source,
            verdicts=verdicts,
            able=lawful and all(verdict.holds for verdict in verdicts),
            candidates=able,
            drawn=None if taken is None else Person(taken.id, taken.name),
        )


def hindered(
    facts: Facts, found: Sequence[PlaceWhy], one: Inspector, teams: Sequence[Team]
) -> tuple[PlaceWhy, ...]:
    """§15.3 The places of a drawn block with what all other places of the draw say to this person and to others."""
    lists = Pool(tuple(facts.inspectors), tuple(facts.recusals), b"", b"")
    kept_out = never(facts.plan, lists, teams, facts.block.number)
    return tuple(_hindered(place, one, kept_out.get(place.slot, {})) for place in found)


def _hindered(place: PlaceWhy, one: Inspector, kept_out: Mapping[str, str]) -> PlaceWhy:
    why = {person: _NEVER[kind] for person, kind in kept_out.items()}
    place = replace(
        place,
        candidates=tuple(replace(other, never=why.get(other.id, "")) for other in place.candidates),
    )
    if not place.able or one.id not in why:
        return place
    rule = why[one.id]
    return replace(place, able=False, verdicts=(*place.verdicts, Verdict(rule, False, f"{rule}.never")))


def _recused(facts: Facts) -> AbstractSet[str]:
    rules = Rules(facts.plan, facts.inspectors, facts.recusals)
    return _forced_out(facts).union(*(rules.recused(target.entity) for target in facts.block.targets))


def _forced_out(facts: Facts) -> frozenset[str]:
    """§15.1 Who can be in no team of the block: all who are able to take some place may not work with them."""
    if not any(isinstance(one, Incompatible) for one in facts.recusals):
        return frozenset()
    lists = Pool(tuple(facts.inspectors), tuple(facts.recusals), b"", b"")
    candidates, problem = make_problem(facts.plan, [facts.block], lists)
    return frozenset(candidates[at].id for at in widened(problem).recused[0] - problem.recused[0])


def lawful(verdicts: Sequence[Verdict]) -> bool:
    """Whether person and block allow the draw; who is incompatible with one drawn could have been drawn instead."""
    return all(verdict.holds for verdict in verdicts if verdict.rule != "incompatible")
