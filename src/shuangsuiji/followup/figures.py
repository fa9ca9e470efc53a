"""数与记录: a figure is nothing but the records behind it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class Record(NamedTuple):
    """One line behind a figure: a target of a batch in a task, or the `entry` (its number) or other thing about it.

    `task` is empty of what is about a target in all its tasks. `other` is a step of a proposal, the document of a step
    of enforcement, the inspector who holds a place, or the certificate of an inspector's review; of the last, `batch`
    and `target` are empty. `amount` is that of a fine, in fen (分); `step` the number of a step of a proposal.
    """

    batch: str
    target: str
    task: str = ""
    entry: int = 0
    other: str = ""
    amount: int = 0
    step: int = 0


def hundredths(share: Fraction) -> int:
    """A share in hundredths of a per cent, halves up."""
    return (share.numerator * 20_000 + share.denominator) // (2 * share.denominator)


def percent(share: Fraction) -> str:
    """A share in per cent to two places, halves up; one too small to show as `<0.01%`."""
    shown = hundredths(share)
    if shown == 0 and share:
        return "<0.01%"
    return f"{shown // 100}.{shown % 100:02}%"


@dataclass(frozen=True, slots=True)
class Figure:
    """一个数: its key, and the records that it counts, each once, in order."""

    key: str
    records: tuple[Record, ...] = ()

    @property
    def entities(self) -> int:
        """户: different targets, however many batches drew them."""
        return len({one.target for one in self.records if one.target})

    @property
    def visits(self) -> int:
        """户次: targets of each batch in each of their tasks, as the notices of draws count them."""
        return len({(one.batch, one.target, one.task) for one in self.records if one.target})

    @property
    def calls(self) -> int:
        """检查次数（上门）: targets of each batch; one visit is for all tasks."""
        return len({(one.batch, one.target) for one in self.records if one.target})

    @property
    def lines(self) -> int:
        """条: the records themselves."""
        return len(self.records)

    @property
    def amount(self) -> int:
        """What its fines come to, in fen (分)."""
        return sum(one.amount for one in self.records)
