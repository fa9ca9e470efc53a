"""Families of inspector draws small enough that all their lawful, equally balanced assignments can be listed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

Own = tuple[int, ...]
"""An assignment: the inspector of each slot."""


@dataclass(frozen=True)
class Family:
    """One draw: `blocks[s]` and `pools[s]` of each slot s; `recused[b]`, caps and pairs as in the specification."""

    name: str
    chinese: str
    inspectors: int
    blocks: tuple[int, ...]
    pools: tuple[tuple[int, ...], ...]
    recused: dict[int, frozenset[int]] = field(default_factory=dict)
    caps: tuple[int, ...] = ()
    incompatible: frozenset[tuple[int, int]] = frozenset()

    def cap(self, inspector: int) -> int:
        """The most slots of an inspector; without caps, all of them."""
        return self.caps[inspector] if self.caps else len(self.pools)

    def barred(self, inspector: int, slot: int, own: Own) -> bool:
        """Whether an inspector may not take a slot beside those who own its block's other slots (-1: nobody)."""
        block = self.blocks[slot]
        if inspector in self.recused.get(block, ()):
            return True
        return any(
            one == inspector or (min(one, inspector), max(one, inspector)) in self.incompatible
            for other, one in enumerate(own)
            if other != slot and self.blocks[other] == block and one >= 0
        )

    def lawful(self) -> list[Own]:
        """Every lawful assignment with the least sum of squares of loads, in ascending order."""
        found, least, begun = list[Own](), len(self.pools) ** 2, [Own()]
        while begun:
            own = begun.pop()
            rest = len(self.pools) - len(own)
            squares = sum(load * load for load in Counter(own).values())
            if squares + rest > least:
                continue
            if rest == 0:
                found, least = ([] if squares < least else found), squares
                found.append(own)
                continue
            begun += [
                (*own, one)
                for one in self.pools[len(own)]
                if own.count(one) < self.cap(one) and not self.barred(one, len(own), own)
            ]
        return sorted(found)


@dataclass(frozen=True)
class Teams:
    """Fixed teams: inspectors for the places of `teams`, each in one; then teams for blocks with the recusals given."""

    name: str
    chinese: str
    teams: Family
    blocks: int
    recused: dict[int, frozenset[int]]

    def dispatch(self, members: Own) -> Family:
        """The second draw, of teams for blocks: what one member is recused from, his team is."""
        teams = self._members(members)
        numbers = range(len(teams))
        recused = {b: frozenset(n for n in numbers if who & set(teams[n])) for b, who in self.recused.items()}
        blocks = tuple(range(self.blocks))
        return Family(f"{self.name}/blocks", "", len(teams), blocks, (tuple(numbers),) * self.blocks, recused)

    def drawn(self, draw: Callable[[Family], Own | None]) -> Own | None:
        """Both draws made: who goes to which block, block by block."""
        members = draw(self.teams)
        sent = None if members is None else draw(self.dispatch(members))
        return None if members is None or sent is None else self.outcome(members, sent)

    def outcome(self, members: Own, sent: Own) -> Own:
        """Who goes to which block."""
        teams = self._members(members)
        return tuple(one for team in sent for one in teams[team])

    def law(self) -> dict[Own, float]:
        """What is aimed at: all sets of teams equally likely, and for each all ways to send them."""
        chances: dict[Own, float] = {}
        formed = self.teams.lawful()
        for members in formed:
            ways = self.dispatch(members).lawful()
            for sent in ways:
                own = self.outcome(members, sent)
                chances[own] = chances.get(own, 0) + 1 / len(formed) / len(ways)
        return dict(sorted(chances.items()))

    def _members(self, members: Own) -> list[Own]:
        size = self.teams.blocks.count(0)
        return [members[at : at + size] for at in range(0, len(members), size)]


def _pairs(blocks: int) -> tuple[int, ...]:
    return tuple(number // 2 for number in range(2 * blocks))


def _ring(size: int, name: str, chinese: str) -> Family:
    pools = tuple(tuple(sorted((s, (s + 1) % size))) for s in range(size))
    return Family(name, chinese, size, tuple(range(size)), pools)


ANYONE: Final = tuple(range(6))

FAMILIES: Final = (
    Family("symmetric", "人人相同：3组各2人，6人", 6, _pairs(3), (ANYONE,) * 6),
    Family(
        "recusals",
        "有回避：5组各1人，5人，每人回避1至2组",
        5,
        tuple(range(5)),
        (tuple(range(5)),) * 5,
        {0: frozenset({0}), 1: frozenset({1, 2}), 2: frozenset({2}), 3: frozenset({3}), 4: frozenset({4})},
    ),
    Family(
        "tight caps",
        "上限紧：3组各2人，4人，上限2、2、1、1",
        4,
        _pairs(3),
        (tuple(range(4)),) * 6,
        {0: frozenset({3})},
        (2, 2, 1, 1),
    ),
    Family(
        "specialists",
        "专业席位：3组，专业席只有3人可任，组员6人",
        6,
        _pairs(3),
        ((0, 1, 2), ANYONE, (0, 1, 2), ANYONE, (1, 2), ANYONE),
    ),
    Family(
        "scarce leads",
        "组长稀缺：4组，组长席只有2人可任，共5人",
        5,
        _pairs(4),
        ((0, 1), (0, 1, 2, 3, 4)) * 4,
        {},
        (3, 3, 2, 2, 2),
    ),
    Family(
        "three villages",
        "三村三人，各回避本村",
        3,
        (0, 1, 2),
        ((0, 1, 2),) * 3,
        {0: frozenset({0}), 1: frozenset({1}), 2: frozenset({2})},
    ),
    _ring(6, "ring of 6", "环形强制链，6个任务"),
    Family(
        "incompatible pairs",
        "不得同组：3组各2人，6人，两对不得同组",
        6,
        _pairs(3),
        (ANYONE,) * 6,
        {0: frozenset({5})},
        (),
        frozenset({(0, 1), (2, 3)}),
    ),
    Family(
        "extra load",
        "多一次轮到谁：4组各1人，3人，其中1人有回避",
        3,
        (0, 1, 2, 3),
        ((0, 1, 2),) * 4,
        {0: frozenset({2}), 1: frozenset({2})},
    ),
)
"""In the order of the published table."""

FIXED_TEAMS: Final = Teams(
    "fixed teams",
    "固定检查组：6人编成3组，再派往4个任务，3个任务有回避",
    Family("fixed teams/teams", "", 6, _pairs(3), ((0, 1, 2), ANYONE) * 3, {}, (1,) * 6),
    4,
    {0: frozenset({0}), 1: frozenset({1, 3}), 2: frozenset({4})},
)

WORST: Final = _ring(24, "ring of 24", "环形强制链，24个任务（已知最坏情形）")
"""The worst case known: two assignments, and the only way between them moves all 24 places at once."""
