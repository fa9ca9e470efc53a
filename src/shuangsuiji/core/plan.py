"""§7 The plan (抽查计划): what the commitment covers of a plan file, as frozen values.

A plan reaches the core in one form only, the JSON object of §7; the TOML an officer writes is the work of
`shuangsuiji.plan`, and titles, notices and comments stay there, outside the commitment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

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

    `district` is "any", "home" (the inspector's district is the block's) or "away" (it is not).
    """

    id: str
    pool: Predicate
    district: str


@dataclass(frozen=True, slots=True)
class Tier:
    """A risk tier (风险层级) of a task: predicate, quota, and the alias of its second key (None: not divided)."""

    id: str
    name: str
    where: Predicate
    key: str | None
    quota: Quota


@dataclass(frozen=True, slots=True)
class Task:
    """An inspection task (抽查任务): its pool, tiers in the order of trial, slots, items (抽查事项)."""

    id: str
    name: str
    pool: Predicate
    slots: tuple[str, ...]
    items: tuple[str, ...]
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The committed part of a plan for one batch (批次).

    `columns` maps an alias to the registry heading it stands for; `district` is an alias or None;
    the window's dates (ISO, both included) are the days on which visits take place.
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
