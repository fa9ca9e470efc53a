"""§7 The plan (抽查计划): what the commitment covers of a plan file, as frozen values.

A plan reaches the core in one form only, the JSON object of §7; the TOML an officer writes is the work of
`shuangsuiji.plan`, and titles, notices and comments stay there, outside the commitment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from shuangsuiji.core.predicates import Predicate

ENTITY_FIELDS = frozenset({"id", "name", "status"})
"""Fields that every entity record has (§8); a plan's aliases come beside them."""
INSPECTOR_FIELDS = frozenset({"id", "name", "unit", "department", "district", "qualifications"})
"""Fields of an inspector record that a predicate may name (§8)."""

_PERCENT = re.compile(r"(0|[1-9][0-9]{0,2})(?:\.([0-9]{1,6}))?%")
_RATIO = re.compile(r"(0|[1-9][0-9]{0,9})/([1-9][0-9]{0,9})")
_LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class Count:
    """A quota (抽取数量) given as a number of entities (户)."""

    count: int

    def of(self, size: int) -> int:
        """§9 The quota of a tier of `size` entities; may exceed it, which the freeze refuses (§9)."""
        del size
        return self.count


@dataclass(frozen=True, slots=True)
class Rate:
    """A quota given as a rate (抽取比例), kept as written: "5%", "1/20"."""

    text: str

    def of(self, size: int) -> int:
        """§9 ceil(size x rate), exactly."""
        share = parse_rate(self.text) * size
        return -(-share.numerator // share.denominator)


@dataclass(frozen=True, slots=True)
class Everything:
    """The quota of a tier that is inspected whole (全覆盖)."""

    def of(self, size: int) -> int:
        """§9 All of them."""
        return size


Quota = Count | Rate | Everything


@dataclass(frozen=True, slots=True)
class Matching:
    """An exclusion rule (不列入抽取) by a predicate on the entity record, such as under investigation."""

    reason: str
    where: Predicate


@dataclass(frozen=True, slots=True)
class Visited:
    """An exclusion rule by earlier visits: at least `visits` of them on or after `since` (ISO date)."""

    reason: str
    visits: int
    since: str


Exclusion = Matching | Visited


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in an inspection team (检查组席位) and who may take it.

    `district` is "any", "home" (the inspector's district is the block's) or "away" (it is not); `extra`: a place for
    an expert (专家). `neighbours` says from which districts a home slot of a block's district may be filled besides:
    none in a plan as written, some where a relaxation (§15.6) is in force.
    """

    id: str
    pool: Predicate
    district: str
    extra: bool = False
    neighbours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many of each stratum are drawn at least and at most (下限、上限), as far as it has so many."""

    least: int
    most: int

    def object(self) -> dict[str, int]:
        """§7 The bounds as JSON."""
        return {"least": self.least, "most": self.most}

    def of(self, size: int) -> tuple[int, int]:
        """§9 Least and most of a stratum of `size` entities."""
        return min(self.least, size), min(self.most, size)


@dataclass(frozen=True, slots=True)
class Tier:
    """A risk tier (风险层级) of a task: predicate, quota, and the alias of its second key (None: not divided).

    `bounds` hold for each stratum; `waves` is the number of consecutive parts (批) of a full permutation.
    """

    id: str
    name: str
    where: Predicate
    key: str | None
    quota: Quota
    bounds: Bounds | None = None
    waves: int | None = None


SOURCES: Final = frozenset({"platform", "superior"})
"""Where the targets of a listed task were drawn: 平台抽取, 上级派发."""


@dataclass(frozen=True, slots=True)
class Task:
    """An inspection task (抽查任务): its pool, tiers in the order of trial, slots, items (抽查事项).

    With a `source` it is listed: its targets come as a list, and it has no tiers.
    """

    id: str
    name: str
    pool: Predicate
    slots: tuple[str, ...]
    items: tuple[str, ...]
    tiers: tuple[Tier, ...]
    source: str | None = None


@dataclass(frozen=True, slots=True)
class RaiseCap:
    """A relaxation (放宽): nobody takes more slots than `cap`, instead of the plan's smaller number."""

    cap: int


@dataclass(frozen=True, slots=True)
class AnyDistrict:
    """A relaxation: the slot may be filled from every district."""

    slot: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A relaxation: the slot, a home slot, may be filled from neighbouring districts, given by the block's district."""

    slot: str
    districts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class OtherPool:
    """A relaxation: the slot has another pool."""

    slot: str
    pool: Predicate


Relaxation = RaiseCap | AnyDistrict | Neighbours | OtherPool


@dataclass(frozen=True, slots=True)
class Plan:
    """The committed part of a plan for one batch (批次).

    `columns` maps an alias to the registry heading it stands for; `district` is an alias or None;
    the window's dates (ISO, both included) are the days on which visits take place. `teams` is the number of fixed
    teams (固定检查组) or None; `relaxations` are applied in order, as many as a shortage needs; `substitutes` allows
    urgent replacements of persons (§19).
    """

    authority: str
    id: str
    version: int
    columns: Mapping[str, str]
    district: str | None
    window_from: str
    window_to: str
    exclusions: tuple[Exclusion, ...]
    slots: tuple[Slot, ...]
    max_targets: int
    max_per_inspector: int
    tasks: tuple[Task, ...]
    teams: int | None = None
    relaxations: tuple[Relaxation, ...] = ()
    substitutes: bool = False


def parse_rate(text: str) -> Fraction:
    """§7 The value of a rate "p%" or "a/b", as an exact fraction from 0 to 1; ValueError for any other text."""
    if found := _PERCENT.fullmatch(text):
        places = found[2] or ""
        value = Fraction(int(found[1] + places), 100 * 10 ** len(places))
    elif found := _RATIO.fullmatch(text):
        above, below = int(found[1]), int(found[2])
        if max(above, below) > _LARGEST:
            raise ValueError(text)
        value = Fraction(above, below)
    else:
        raise ValueError(text)
    if value > 1:
        raise ValueError(text)
    return value
