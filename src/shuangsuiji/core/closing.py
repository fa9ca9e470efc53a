"""§11 What persons present add to the seed before the public values exist (现场投入), and the closing (收集截止).

Whether a signature holds is asked where a contribution is read (`bundle.closing`): the core verifies none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.errors import InputRefused

LONGEST_SLIP: Final = 200
"""The most code points of a slip."""


@dataclass(frozen=True, slots=True)
class Absent:
    """缺席: the contributor gave nothing."""

    person: str

    def object(self) -> dict[str, Json]:
        """§11 As JSON."""
        return {"absent": 1, "person": self.person}


@dataclass(frozen=True, slots=True)
class Slip:
    """纸条: what the contributor wrote on paper, as two persons typed it in."""

    person: str
    text: str

    def object(self) -> dict[str, Json]:
        """§11 As JSON."""
        return {"person": self.person, "slip": self.text}


@dataclass(frozen=True, slots=True)
class SignedValue:
    """签名值: 32 bytes of the contributor's own, signed (64 bytes) under the contributor's public key (32 bytes)."""

    person: str
    value: bytes
    key: bytes
    signature: bytes

    def object(self) -> dict[str, Json]:
        """§11 As JSON."""
        return {
            "key": self.key.hex(),
            "person": self.person,
            "signature": self.signature.hex(),
            "value": self.value.hex(),
        }


Contribution = Absent | Slip | SignedValue


@dataclass(frozen=True, slots=True)
class Closing:
    """The closing statement: C(targets), and one contribution per contributor in the notice's order.

    Of a late notice, C(inspectors).
    """

    commitment: bytes
    contributions: tuple[Contribution, ...] = ()

    def object(self) -> dict[str, Json]:
        """§11 As JSON."""
        return {
            "commitment": self.commitment.hex(),
            "contributions": [one.object() for one in self.contributions],
        }

    def digest(self, mode: str) -> bytes:
        """§11 The closing digest, 32 bytes, which enters the seed."""
        return draw_hash(mode, "closing", canonical_json(self.object()))


def contribution_message(mode: str, commitment: bytes, value: bytes) -> bytes:
    """§11 What a contributor signs: the value, for this draw, and this stage of it, alone."""
    return draw_hash(mode, "contribution", commitment, value)


def check_contributors(names: Sequence[str]) -> None:
    """§17 Refuse (InputRefused, `core.contributor_blank`, `core.contributor_twice`) names no notice may have."""
    for number, name in enumerate(names):
        if not name:
            raise InputRefused("core.contributor_blank")
        if name in names[:number]:
            raise InputRefused("core.contributor_twice", person=name)
