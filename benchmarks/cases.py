"""What is measured: cases by name, each in the sizes of a profile, made the same way every time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeAlias

from shuangsuiji.core.matching.problem import Problem, Slot
from shuangsuiji.core.stream import Stream

Profile: TypeAlias = Literal["smoke", "quick", "full"]


@dataclass(frozen=True, slots=True)
class District:
    """Inspectors, as positions, and for each block the ones recused; all may take any of a block's two places.

    But for the `special` blocks, whose second place only `specialists` may take.
    """

    people: range
    recused: tuple[frozenset[int], ...]
    specialists: range = range(0)
    special: frozenset[int] = frozenset()


PLACES: Final = 2
"""Of a team."""


@dataclass(frozen=True)
class Teams:
    """A second draw: targets, inspectors, districts, targets to a block; three in a hundred inspectors are recused.

    With `specialists`, so many in a district, every fourth block needs one of them.
    """

    targets: int
    inspectors: int
    districts: int = 1
    to_a_block: int = 1
    specialists: int = 0

    @cached_property
    def parts(self) -> tuple[District, ...]:
        """The districts, as equal as they can be."""
        stream = Stream(b"benchmark".ljust(32, b"."))
        people = _shares(self.inspectors, self.districts)
        targets = _shares(self.targets, self.districts)
        return tuple(
            _district(range(*own), -(-(last - first) // self.to_a_block), stream, self.specialists)
            for own, (first, last) in zip(people, targets, strict=True)
        )

    @cached_property
    def cap(self) -> int:
        """One above what the busiest must take."""
        return 1 + max(-(-PLACES * len(part.recused) // len(part.people)) for part in self.parts)

    @cached_property
    def problem(self) -> Problem:
        """As the core has it."""
        slots: list[Slot] = []
        for part in self.parts:
            pool = tuple(part.people)
            first = len(slots) // PLACES
            few = tuple(part.specialists)
            for number in range(len(part.recused)):
                block = first + number
                slots += [Slot(block, pool), Slot(block, few if number in part.special else pool)]
        recused = tuple(barred for part in self.parts for barred in part.recused)
        return Problem(tuple(slots), recused, (self.cap,) * self.inspectors)


@dataclass(frozen=True, slots=True)
class Draw:
    """A first draw: entities, of whom one in twenty is drawn."""

    entities: int

    @property
    def quota(self) -> int:
        """Five in a hundred."""
        return self.entities // 20


@dataclass(frozen=True, slots=True)
class Tickets:
    """The tickets of so many entities, on one core."""

    entities: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A whole batch on a generated district of so many enterprises."""

    enterprises: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of so many visits by so many inspectors: visit days, districts, visits of a block."""

    targets: int
    inspectors: int
    days: int
    districts: int = 15
    to_a_block: int = 1


@dataclass(frozen=True, slots=True)
class Load:
    """What a process does before the first compiled loop can run: compiling, if no process has done it before."""


Case: TypeAlias = Teams | Draw | Tickets | Batch | Calendar | Load

CASES: Final[Mapping[str, Case]] = {
    "compile": Load(),
    "load": Load(),
    "match/county-townships": Teams(2_225, 982, 15),
    "match/county-pool": Teams(2_225, 982),
    "match/county-blocks": Teams(2_225, 982, 15, 10),
    "match/county-specialists": Teams(2_225, 982, 15, specialists=7),
    "match/city": Teams(20_000, 3_000),
    "match/province": Teams(200_000, 20_000, 158),
    "draw/1e5": Draw(10**5),
    "draw/1e6": Draw(10**6),
    "draw/1e7": Draw(10**7),
    "tickets/1e7": Tickets(10**7),
    "batch/sample": Batch(3_000),
    "schedule/county-blocks": Calendar(2_225, 982, 60, to_a_block=10),
    "schedule/county-fresh": Calendar(2_225, 982, 60),
}
CURVE: Final[Mapping[str, Case]] = {
    f"match/curve-{districts * 1_266}": Teams(districts * 1_266, districts * 127, districts)
    for districts in (1, 5, 20, 79, 158)
}
"""The same district again and again: what a target costs should not depend on how many there are."""


def case_of(name: str, profile: Profile) -> Case:
    """A case in the size that the profile gives it."""
    case = CURVE[name] if name in CURVE else CASES[name]
    return _smallest(case) if profile == "smoke" else case


def _smallest(case: Case) -> Case:
    match case:
        case Teams():
            districts = min(case.districts, 2)
            return Teams(
                15 * districts,
                6 * districts,
                districts,
                min(case.to_a_block, 3),
                min(case.specialists, 2),
            )
        case Draw():
            return Draw(200)
        case Tickets():
            return Tickets(200)
        case Batch():
            return Batch(600)
        case Calendar():
            return Calendar(30, 20, 10, 3, min(case.to_a_block, 5))
        case Load():
            return case


def _shares(whole: int, parts: int) -> list[tuple[int, int]]:
    return [(whole * part // parts, whole * (part + 1) // parts) for part in range(parts)]


def _district(people: range, blocks: int, stream: Stream, specialists: int) -> District:
    number = round(len(people) * 3 / 100)
    recused = []
    for _ in range(blocks):
        some: set[int] = set()
        while len(some) < number:
            some.add(people[stream.below(len(people))])
        recused.append(frozenset(some))
    special = frozenset(range(0, blocks, 4)) if specialists else frozenset[int]()
    return District(people, tuple(recused), people[:specialists], special)
