"""What an import changes: who is gone, who came; one unit's people put into the place of its former ones.

Each import is a full snapshot of what it covers: the registry, or of people the units that stand in it.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import pandas as pd

from shuangsuiji.errors import InputRefused, first_of
from shuangsuiji.rosters import frames
from shuangsuiji.rosters.certificates import load
from shuangsuiji.rosters.headings import HeadingMap

GONE_LIMIT: Final = Fraction(1, 20)  # above this share gone an import wants the operator's word
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Change:
    """From one snapshot to the next: keys gone, new, and (old, new) pairs of a changed code."""

    before: int
    after: int
    gone: tuple[str, ...]
    new: tuple[str, ...]
    renumbered: tuple[tuple[str, str], ...]

    @property
    def gone_share(self) -> Fraction:
        """The share of the former records that is gone; 0 if there were none."""
        return Fraction(len(self.gone), self.before) if self.before else Fraction(0)

    @property
    def needs_consent(self) -> bool:
        """Whether more than `GONE_LIMIT` is gone."""
        return self.gone_share > GONE_LIMIT


def compare(before: pd.DataFrame | None, after: pd.DataFrame) -> Change:
    """The change between two frames with `id`, from nothing if there was none before.

    A `previous_code` that names a former id is the same entity.
    """
    old, new = set() if before is None else set(before["id"]), set(after["id"])
    renumbered: tuple[tuple[str, str], ...] = ()
    if "previous_code" in after.columns:
        pairs = zip(after["previous_code"], after["id"], strict=True)
        renumbered = tuple(sorted((was, now) for was, now in pairs if was in old and now not in old))
    was, now = {pair[0] for pair in renumbered}, {pair[1] for pair in renumbered}
    return Change(
        before=len(old),
        after=len(new),
        gone=tuple(sorted(old - new - was)),
        new=tuple(sorted(new - old - now)),
        renumbered=renumbered,
    )


def merge_people(
    before: pd.DataFrame | None, incoming: pd.DataFrame, mapping: HeadingMap
) -> tuple[pd.DataFrame, Change]:
    """The people after units sent their rosters anew, and the change within those units.

    Units not in `incoming` keep their people. Raises InputRefused `rosters.person_in_two_units` if somebody in
    `incoming` (by id, certificate or ID number) also stands in a unit that did not send one: neither record
    wins silently.
    """
    if before is None:
        return incoming, compare(None, incoming)
    units = set(incoming["unit"])
    replaced = before["unit"].isin(units)
    kept, former = before[~replaced], before[replaced]
    _refuse_shared(kept, incoming, mapping.with_role("inspectors", "identity"))
    columns = list(dict.fromkeys([*before.columns, *incoming.columns]))
    both = [part.reindex(columns=columns, fill_value="").astype("str") for part in (kept, incoming)]
    merged = pd.concat(both, ignore_index=True)
    ordered = {name: merged[name].tolist() for name in columns}
    return frames.make("inspectors", ordered), compare(former, incoming)


def _refuse_shared(kept: pd.DataFrame, incoming: pd.DataFrame, identity: str) -> None:
    units = {
        mark: unit for marks, unit in zip(_marks(kept, identity), kept["unit"], strict=True) for mark in marks
    }
    shared = []
    for name, marks in zip(incoming["name"], _marks(incoming, identity), strict=True):
        known = sorted(marks & units.keys())
        if known:
            shared.append(f"{name}({units[known[0]]})")
    if shared:
        people = first_of(shared, _SHOWN)
        raise InputRefused("rosters.person_in_two_units", count=len(shared), people=people)


def _marks(frame: pd.DataFrame, identity: str) -> list[set[tuple[str, str]]]:
    """Per person what tells one from another: id, certificates, ID number."""
    numbers = frame[identity] if identity in frame.columns else [""] * len(frame)
    return [
        {("id", key)}
        | {("certificate", one.number) for one in load(cell)}
        | ({("identity", number)} if number else set())
        for key, cell, number in zip(frame["id"], frame["certificates"], numbers, strict=True)
    ]
