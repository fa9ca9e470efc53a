"""§12 The first draw: quotas of strata, then in each stratum the smallest tickets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shuangsuiji.core.allocation import systematic_rounding
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.seed import Seeds
from shuangsuiji.core.strata import NumberedTier, Stratum
from shuangsuiji.core.stream import Stream
from shuangsuiji.core.tickets import tickets


@dataclass(frozen=True, slots=True)
class DrawnStratum:
    """A stratum after the draw: its quota, the registry positions drawn, and the cut (largest ticket drawn)."""

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


def draw_task(task: str, tiers: Sequence[NumberedTier], seeds: Seeds) -> Iterator[DrawnStratum]:
    """§12 The first draw of one task, whose tiers and strata are numbered (§9); strata in their order."""
    for tier in tiers:
        key = seeds.key("targets", "rounding", task.encode(), tier.root)
        sizes = [len(stratum.members) for stratum in tier.strata]
        quotas = systematic_rounding(tier.quota, sizes, Stream(key).below(tier.size))
        for stratum, quota in zip(tier.strata, quotas, strict=True):
            yield _draw(task, tier.tier.id, stratum, quota, seeds)


def _draw(task: str, tier: str, stratum: Stratum, quota: int, seeds: Seeds) -> DrawnStratum:
    ordered = sorted(
        zip(
            tickets(seeds.key("targets", "tickets"), stratum.leaves),
            stratum.leaves,
            stratum.members,
            strict=True,
        )
    )
    drawn = ordered[:quota]
    cut = drawn[-1][0] if drawn else None
    return DrawnStratum(task, tier, stratum, quota, tuple(member for _, _, member in drawn), cut)
