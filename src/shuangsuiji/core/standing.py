"""§19 Where a draw stands after its records (抽取现状), and the grounds that no record can change.

A state is never changed: `core.succession` makes the next one of it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.decisions import Record, Void
from shuangsuiji.core.draw import Team
from shuangsuiji.core.lawful import Rules
from shuangsuiji.core.seed import Announced, Seeds
from shuangsuiji.core.teams import Block, Target

NOBODY: Final = ""
"""The inspector of a slot that has none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """一户现状: a target with its tasks and wave, its block, and the inspector (id or NOBODY) of each slot."""

    target: Target
    block: int
    team: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """§19 Where a draw stands after its records so far.

    `targets` are by id, `blocks` the ids of a block's targets in order, `were` all who are and were targets; `gone` the
    inspectors replaced because they were unable. `requests` are all requests by their number, `about` the inspectors of
    their places when they were made (none of a target), `asked_for` the drawings they announced, `answered` the numbers
    of those that have an outcome. Of requests because of a recusal, `asked` are (target, slot), `objections` (target,
    inspector).
    """

    targets: Mapping[str, Standing]
    blocks: Mapping[int, tuple[str, ...]]
    loads: Mapping[str, int]
    were: frozenset[str]
    gone: frozenset[str] = frozenset()
    asked: frozenset[tuple[str, str]] = frozenset()
    objections: frozenset[tuple[str, str]] = frozenset()
    requests: Mapping[int, Record] = field(default_factory=dict)
    about: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    asked_for: tuple[Announced, ...] = ()
    answered: frozenset[int] = frozenset()
    last: Record | None = None

    @property
    def void(self) -> bool:
        """§19 Whether the draw is void (作废)."""
        return self.last is not None and isinstance(self.last.decision, Void)

    @property
    def open(self) -> tuple[int, ...]:
        """§19 The numbers of the requests that have no outcome yet."""
        return tuple(number for number in self.requests if number not in self.answered)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What records rest on and cannot change: the frozen draw, its seeds, its teams, its result digest (32 bytes).

    `rules` are those of the plan with the relaxations that the draw applied.
    """

    frozen: Frozen
    seeds: Seeds
    teams: tuple[Team, ...]
    result: bytes
    rules: Rules

    @property
    def announced(self) -> tuple[Announced, ...]:
        """§10 What the draw's own statements announced."""
        return (*self.frozen.announced, *self.frozen.late)

    @property
    def manned(self) -> bool:
        """§19 Whether the draw's blocks have teams."""
        return all(team.inspectors for team in self.teams)

    @property
    def blocks(self) -> Mapping[int, Block]:
        """§14 The blocks by number."""
        return {team.block.number: team.block for team in self.teams}

    def first(self) -> State:
        """§19 The state before any record: as in `blocks.jsonl`."""
        standings: dict[str, Standing] = {}
        loads: Counter[str] = Counter()
        for team in self.teams:
            ids = [one.id for one in team.inspectors]
            loads.update(ids)
            own = MappingProxyType(dict(zip(team.block.slots, ids, strict=False)))
            for target in team.block.targets:
                standings[target.entity.id] = Standing(target, team.block.number, own)
        blocks = {
            team.block.number: tuple(one.entity.id for one in team.block.targets) for team in self.teams
        }
        return State(standings, blocks, loads, frozenset(standings))
