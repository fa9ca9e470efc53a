"""§11 Public values (公开随机数) and the seeds of the two stages."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from shuangsuiji.core.closing import Closing
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.errors import InputRefused

REAL: Final = "real"
REHEARSAL: Final = "rehearsal"
"""演练: may be seeded by hand, and can never pass for a real draw."""
EXPLICIT: Final = "explicit"
LEAST_OUTCOMES: Final = 2**60
"""The fewest equally likely outcomes that may seed a real draw."""

MADE_ANEW: Final = ("dice", EXPLICIT)
_ISSUE = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A public drawing: source and issue (期号)."""

    source: str
    issue: str

    def __str__(self) -> str:
        return f"{self.source}:{self.issue}"

    def object(self) -> dict[str, Json]:
        """§11 As JSON."""
        return {"issue": self.issue, "source": self.source}


@dataclass(frozen=True, slots=True)
class Announced:
    """A public value to come: the drawing, named before it takes place, and what takes its place if it does not.

    The fallbacks (备用) stand in their order. Nothing takes the place of dice or of a seed set by hand: nobody could
    check that these were not thrown or set.
    """

    source: str
    issue: str
    fallback: tuple[Drawing, ...] = ()

    def __str__(self) -> str:
        return "/".join(map(str, self.drawings))

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """§11 The drawings that may give the value: the announced one, then its fallbacks."""
        return (Drawing(self.source, self.issue), *self.fallback)

    def object(self) -> dict[str, Json]:
        """§10 As JSON."""
        value: dict[str, Json] = {"issue": self.issue, "source": self.source}
        return value | {"fallback": [one.object() for one in self.fallback]} if self.fallback else value


@dataclass(frozen=True, slots=True)
class PublicValue:
    """A public value: the drawing and what was drawn, in the form of §11."""

    source: str
    issue: str
    value: str

    def __str__(self) -> str:
        return f"{self.drawing}={self.value}"

    @property
    def drawing(self) -> Drawing:
        """§11 The drawing it is the outcome of."""
        return Drawing(self.source, self.issue)

    def object(self) -> dict[str, Json]:
        """§11 As JSON."""
        return {"issue": self.issue, "source": self.source, "value": self.value}


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of drawing: its Chinese name, the form of a valid value, the number of equally likely outcomes."""

    name: str
    valid: Callable[[str], bool]
    outcomes: int


@dataclass(frozen=True, slots=True)
class Seeds:
    """The seeds (32 bytes each) of the two stages and the keys derived from them.

    The inspectors' is empty as long as they are not sealed, or not seeded.
    """

    mode: str
    targets: bytes
    inspectors: bytes

    def key(self, stage: str, name: str, *fields: bytes) -> bytes:
        """§11 A key of a stage ("targets" or "inspectors") for one purpose."""
        seed = {"targets": self.targets, "inspectors": self.inspectors}[stage]
        if not seed:
            raise ValueError(stage)
        return draw_hash(self.mode, f"key/{stage}/{name}", seed, *fields)


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _numbers(*groups: tuple[int, int, int]) -> Callable[[str], bool]:
    """Two digits a number; each group (count, least, most) strictly ascending."""

    def valid(value: str) -> bool:
        if not re.fullmatch(rf"[0-9]{{{2 * sum(count for count, _, _ in groups)}}}", value):
            return False
        numbers = [int(value[i : i + 2]) for i in range(0, len(value), 2)]
        for count, least, most in groups:
            group, numbers = numbers[:count], numbers[count:]
            if group != sorted(set(group)) or group[0] < least or group[-1] > most:
                return False
        return True

    return valid


SOURCES: Final = {
    "kl8": Source("快乐8", _numbers((20, 1, 80)), math.comb(80, 20)),
    "fc3d": Source("福彩3D", _form(r"[0-9]{3}"), 10**3),
    "pl5": Source("排列5", _form(r"[0-9]{5}"), 10**5),
    "qxc": Source("七星彩", _form(r"[0-9]{6}(0[0-9]|1[0-4])"), 15 * 10**6),
    "ssq": Source("双色球", _numbers((6, 1, 33), (1, 1, 16)), math.comb(33, 6) * 16),
    "dlt": Source("大乐透", _numbers((5, 1, 35), (2, 1, 12)), math.comb(35, 5) * math.comb(12, 2)),
    "dice": Source("十面骰子", _form(r"[0-9]{20}"), 10**20),
    EXPLICIT: Source("演练种子", _form(r"[0-9a-f]{64}"), 1),
}
"""§11 The table of sources."""


def check_announced(announced: Sequence[Announced]) -> None:
    """§11 Refuse (InputRefused, `core.seed_*`) a list of announcements that no statement may have."""
    if not announced:
        raise InputRefused("core.seed_none")
    for one in _drawings(announced):
        if one.source not in SOURCES:
            raise InputRefused("core.seed_source", source=one.source, known=", ".join(SOURCES))
        if not _ISSUE.fullmatch(one.issue) or (one.source in MADE_ANEW and one.issue != "1"):
            raise InputRefused("core.seed_issue", source=one.source, issue=one.issue)
    _check_clash(_drawings(announced), "core.seed_twice")
    for each in announced:
        made = next((one for one in each.drawings[:-1] if one.source in MADE_ANEW), None)
        if made is not None:
            raise InputRefused("core.seed_made", drawing=str(made), announced=str(each))


def check_seedable(mode: str, announced: Sequence[Announced]) -> None:
    """§11 Refuse (InputRefused, `core.seed_*`) announcements that might leave a draw of this mode without a seed.

    A freeze asks before it seals, and asks for 60 bits whichever of the fallbacks it comes to.
    """
    if mode != REAL:
        return
    _check_explicit(announced)
    fewest = [min(SOURCES[one.source].outcomes for one in each.drawings) for each in announced]
    _check_outcomes(math.prod(fewest))


def check_values(mode: str, announced: Sequence[Announced], values: Sequence[PublicValue]) -> None:
    """§11 Refuse (InputRefused, `core.seed_*`) values that are not the announced ones or not of their form.

    Also, in a real draw, values with fewer than 2^60 equally likely outcomes, and a seed announced to be set by hand.
    """
    check_announced(announced)
    if len(values) != len(announced) or any(
        value.drawing not in one.drawings for one, value in zip(announced, values, strict=True)
    ):
        raise InputRefused(
            "core.seed_not_announced",
            announced=", ".join(map(str, announced)),
            given=", ".join(str(one.drawing) for one in values),
        )
    for one in values:
        if not SOURCES[one.source].valid(one.value):
            raise InputRefused(
                "core.seed_value", source=one.source, name=SOURCES[one.source].name, value=one.value
            )
    if mode == REAL:
        _check_explicit(announced)
        _check_outcomes(math.prod(SOURCES[one.source].outcomes for one in values))


def check_mode(mode: str, announced: Sequence[Announced]) -> None:
    """§11 Refuse (InputRefused, `core.seed_explicit`) a seed to be set by hand in a real draw."""
    if mode == REAL:
        _check_explicit(announced)


def check_fresh(announced: Sequence[Announced], earlier: Sequence[Announced]) -> None:
    """§10, §19 Refuse (InputRefused, `core.seed_*`) what a late seal or a request may not announce after the others.

    No drawings of a draw and its requests clash; dice are thrown, and explicit seeds set, anew each time.
    """
    check_announced(announced)
    drawn = [one for one in _drawings([*earlier, *announced]) if one.source not in MADE_ANEW]
    _check_clash(drawn, "core.seed_known")


def not_held(announced: Sequence[Announced], values: Sequence[PublicValue]) -> tuple[Drawing, ...]:
    """§11 The drawings that must not have taken place, since a fallback further on gave the value."""
    return tuple(
        drawing
        for one, value in zip(announced, values, strict=True)
        for drawing in one.drawings[: one.drawings.index(value.drawing)]
    )


def _check_clash(drawings: Iterable[Drawing], repeated: str) -> None:
    """§11 Refuse (InputRefused, `repeated` or `core.seed_alike`) a drawing that clashes with one before it.

    One drawing must not pass for two by two ways to write its issue: kl8:2026051 and kl8:26051.
    """
    seen, first = set[Drawing](), dict[str, Drawing]()
    for one in drawings:
        if one in seen:
            raise InputRefused(repeated, source=one.source, issue=one.issue)
        other = first.setdefault(one.source, one)
        if len(other.issue) != len(one.issue):
            raise InputRefused("core.seed_alike", drawing=str(one), other=str(other))
        seen.add(one)


def _drawings(announced: Iterable[Announced]) -> list[Drawing]:
    return [drawing for one in announced for drawing in one.drawings]


def _check_explicit(announced: Sequence[Announced]) -> None:
    if any(one.source == EXPLICIT for one in _drawings(announced)):
        raise InputRefused("core.seed_explicit")


def _check_outcomes(outcomes: int) -> None:
    if outcomes < LEAST_OUTCOMES:
        raise InputRefused("core.seed_entropy", bits=outcomes.bit_length() - 1)


@dataclass(frozen=True, slots=True)
class LateSeed:
    """What seeds inspectors that were sealed late: the closing of their own notice, and its public values."""

    closing: Closing
    values: tuple[PublicValue, ...]


def derive_seeds(
    mode: str,
    closing: Closing,
    inspectors_commitment: bytes,
    values: Sequence[PublicValue],
    late: LateSeed | None = None,
) -> Seeds:
    """§11 The seeds of both stages from the commitments, the closing statement and the public values.

    `late` takes the place of closing and values for inspectors sealed late.
    """
    own = late or LateSeed(closing, tuple(values))
    targets = target_seeds(mode, closing, values).targets
    return Seeds(mode, targets, _seed(mode, "inspectors", inspectors_commitment, own.closing, own.values))


def target_seeds(mode: str, closing: Closing, values: Sequence[PublicValue]) -> Seeds:
    """§11 The seed of the targets alone: all there is while the inspectors wait to be sealed."""
    return Seeds(mode, _seed(mode, "targets", closing.commitment, closing, values), b"")


def _seed(mode: str, stage: str, commitment: bytes, closing: Closing, values: Sequence[PublicValue]) -> bytes:
    public = canonical_json([one.object() for one in values])
    return draw_hash(mode, f"seed/{stage}", commitment, closing.digest(mode), public)
