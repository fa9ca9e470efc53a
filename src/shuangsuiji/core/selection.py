"""§12 The first draw: quotas of strata, then in each stratum the smallest tickets."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shuangsuiji.core.allocation import allocate, cut
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan import Task
from shuangsuiji.core.seed import Seeds
from shuangsuiji.core.strata import NumberedTier, Stratum
from shuangsuiji.core.stream import Stream
from shuangsuiji.core.tickets import tickets

Smallest: TypeAlias = Callable[[bytes, Sequence[bytes], int], tuple[Sequence[int], bytes | None]]
"""What `smallest` does, or a fast twin of it."""


@dataclass(frozen=True, slots=True)
class DrawnStratum:
    """A stratum after the draw: its quota, the registry positions drawn by ticket, the cut (largest ticket drawn)."""

    task: str
    tier: str
    stratum: Stratum
    quota: int
    drawn: tuple[int, ...]
    cut: bytes | None

    def object(self) -> dict[str, Json]:
        """§12 Its line of `strata.jsonl`."""
        value: dict[str, Json] = {
            "cell": self.stratum.cell,
            "quota": self.quota,
            "root": self.stratum.root.hex(),
            "size": len(self.stratum.members),
            "task": self.task,
            "tier": self.tier,
        }
        return value if self.cut is None else value | {"cut": self.cut.hex()}


def smallest(key: bytes, leaves: Sequence[bytes], quota: int) -> tuple[Sequence[int], bytes | None]:
    """§12 Where the `quota` leaves with the smallest tickets stand, in the order of these; the largest of them.

    Of equal tickets the one of the smaller leaf comes first.
    """
    drawn = sorted(zip(tickets(key, leaves), leaves, range(len(leaves)), strict=True))[:quota]
    return [place for _, _, place in drawn], drawn[-1][0] if drawn else None


def draw_task(
    task: str, tiers: Sequence[NumberedTier], seeds: Seeds, smallest: Smallest = smallest
) -> Iterator[DrawnStratum]:
    """§12 The first draw of one task, whose tiers and strata are numbered (§9); strata in their order."""
    key = seeds.key("targets", "tickets")
    for tier in tiers:
        offsets = Stream(seeds.key("targets", "rounding", task.encode(), tier.root))
        sizes = [len(stratum.members) for stratum in tier.strata]
        quotas = allocate(tier.quota, sizes, tier.tier.bounds, offsets)
        for stratum, quota in zip(tier.strata, quotas, strict=True):
            places, cut_at = smallest(key, stratum.leaves, quota)
            positions = tuple(stratum.members[place] for place in places)
            yield DrawnStratum(task, tier.tier.id, stratum, quota, positions, cut_at)


def waves(task: Task, strata: Iterable[DrawnStratum]) -> Iterator[tuple[int, int]]:
    """§12 The entities of the task's full permutations (全量随机排序), as registry positions, each with its wave."""
    parts = {tier.id: tier.waves for tier in task.tiers}
    for stratum in strata:
        if (count := parts[stratum.tier]) is not None:
            for wave, members in enumerate(cut(stratum.drawn, count), start=1):
                yield from ((member, wave) for member in members)
