"""What an officer needs to know of a shortage (人员不足): which places, how many persons, what they have room for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import InspectorDraw, ShortageLine
from shuangsuiji.core.fixed_teams import blank_blocks, once
from shuangsuiji.core.matching.problem import Problem
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.teams import Block, make_problem
from shuangsuiji.messages import LANGUAGES, Lang
from shuangsuiji.plan.texts import Texts
from shuangsuiji.plan.wording import relaxation_words


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A relaxation that was applied (已放宽): the plan's own name for it or "", and what it does, in each language."""

    name: str
    words: Mapping[Lang, str]


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Places of one kind: slot by name ("": whole blocks), district where the slot is bound to it, how many."""

    district: str
    slot: str
    count: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """An attempt that failed, with so many relaxations in force.

    `why` is that of the specification (§15.6), or "apart": incompatible inspectors leave nobody for some places, or
    before any draw "worst", of the worst there can be, or "alone": each of `targets` (names) has a team of its own that
    cannot be formed. All places that
    nobody but so many `persons` can take are counted, and these have room for `room` of them; `cap` is the most that
    each may take, None where they differ. Of fixed teams the vacancies are blocks, the persons all their members.
    """

    relaxations: int
    why: str
    vacancies: tuple[Vacancy, ...]
    persons: int
    room: int
    cap: int | None
    targets: tuple[str, ...] = ()

    @property
    def places(self) -> int:
        """How many places there are in all."""
        return sum(one.count for one in self.vacancies)

    @property
    def missing(self) -> int:
        """How many places are left over by the persons' room; 0 where only recusals and distinct members tell."""
        return max(0, self.places - self.room)


def applied(plan: Plan, drawn: InspectorDraw, texts: Texts) -> tuple[Relaxed, ...]:
    """The relaxations in force, in the plan's order."""
    names = texts.relaxations or ("",) * len(plan.relaxations)
    return tuple(
        Relaxed(name, {lang: relaxation_words(one, texts.slots, lang) for lang in LANGUAGES})
        for one, name in list(zip(plan.relaxations, names, strict=True))[: drawn.applied]
    )


def lacking(frozen: Frozen, drawn: InspectorDraw, names: Mapping[str, str]) -> tuple[Lacking, ...]:
    """Each attempt that failed; `names` are those of the slots."""
    blocks = [team.block for team in drawn.teams]
    return tuple(_lacking(frozen, blocks, line, names) for line in drawn.shortages)


def _lacking(
    frozen: Frozen, blocks: Sequence[Block], line: ShortageLine, names: Mapping[str, str]
) -> Lacking:
    plan = relaxed(frozen.plan, line.relaxations)
    if plan.teams is not None and line.why == "teams":
        blocks = blank_blocks(plan, plan.teams)
    elif plan.teams is not None:
        districts = Counter(blocks[slot].district for slot in line.slots)
        whole = tuple(Vacancy(district, "", count) for district, count in sorted(districts.items()))
        return Lacking(line.relaxations, line.why, whole, len(line.inspectors), 0, None)
    candidates, made = make_problem(plan, blocks, frozen.pool)
    problem = widened(once(made) if line.why == "teams" else made)
    why = line.why
    if line.why == "clash":
        slots: Sequence[int] = line.slots
        persons = {at for at, one in enumerate(candidates) if one.id in line.inspectors}
    else:
        persons = {one for slot in line.slots for one in _able(problem, slot)}
        slots = _only_for(problem, persons)
        if not persons and any(_able(made, slot) for slot in line.slots):
            why = "apart"
    caps = {problem.caps[one] for one in persons}
    return Lacking(
        line.relaxations,
        why,
        tuple(_vacancies(plan, blocks, slots, names)),
        len(persons),
        _room(problem, slots, persons),
        caps.pop() if len(caps) == 1 else None,
    )


def _able(problem: Problem, slot: int) -> set[int]:
    place = problem.slots[slot]
    return set(place.pool) - problem.recused[place.block]


def _only_for(problem: Problem, persons: AbstractSet[int]) -> list[int]:
    """The places that only these persons can take."""
    others = {pool: set(pool) - persons for pool in {slot.pool for slot in problem.slots}}
    return [at for at, slot in enumerate(problem.slots) if others[slot.pool] <= problem.recused[slot.block]]


def _room(problem: Problem, slots: Sequence[int], persons: AbstractSet[int]) -> int:
    """How many of these slots these persons can take: each one of a block, up to his cap."""
    pairs = {(one, problem.slots[slot].block) for slot in slots for one in _able(problem, slot) & persons}
    return sum(min(count, problem.caps[one]) for one, count in Counter(one for one, _ in pairs).items())


def _vacancies(
    plan: Plan, blocks: Sequence[Block], slots: Sequence[int], names: Mapping[str, str]
) -> Iterator[Vacancy]:
    rules = {slot.id: slot.district for slot in plan.slots}
    places = [(block.district, slot) for block in blocks for slot in block.slots]
    kinds = Counter(
        ("" if rules[slot] == "any" else district, slot) for district, slot in (places[at] for at in slots)
    )
    for (district, slot), count in sorted(kinds.items()):
        yield Vacancy(district, names[slot], count)
