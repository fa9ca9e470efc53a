"""§17 `notice.json`, what the commit notice (抽取承诺公告) says before any public value exists."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal

from shuangsuiji.core.closing import check_contributors
from shuangsuiji.core.commitment import Frozen, FrozenTargets
from shuangsuiji.core.encoding import Json, canonical_json, is_date
from shuangsuiji.core.hashing import SPEC, tagged_hash
from shuangsuiji.core.seed import MADE_ANEW, Announced, Drawing
from shuangsuiji.errors import InputRefused

_TIME: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")


NO_HOURS: Final[Mapping[str, str]] = MappingProxyType({})

Covers = Literal["both", "targets", "inspectors"]
"""Which of the two stages a notice seals: the late notice (人员补封公告) the inspectors alone."""

_COVERED: Final[Mapping[Covers, frozenset[str]]] = {
    "both": frozenset({"targets", "inspectors"}),
    "targets": frozenset({"targets"}),
    "inspectors": frozenset({"inspectors"}),
}
_SIZES: Final[Mapping[str, frozenset[str]]] = {
    "targets": frozenset({"registry"}),
    "inspectors": frozenset({"inspectors", "recusals"}),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A commit notice: commitments, digest of the changes, the log's head before the freeze in hex, sizes of the lists.

    `contributors` are those who may add to the seed, `deadline` is the date by which the result is published, `time`
    the freeze as `YYYY-MM-DDTHH:MM:SSZ`. Of a stage that it does not cover, the commitment is empty and sizes are 0.
    `hours` are, in the same form, the announced hours of drawings, by "source:issue": of those whose hour is known.
    """

    authority: str
    plan: str
    mode: str
    draw: int
    targets: str
    inspectors: str
    registry_size: int
    inspectors_size: int
    recusals_size: int
    changes: str
    values: tuple[Announced, ...]
    head: str
    time: str
    deadline: str
    contributors: tuple[str, ...] = ()
    covers: Covers = "both"
    hours: Mapping[str, str] = field(default_factory=dict)

    @property
    def commitments(self) -> dict[str, str]:
        """§17 Its commitments (hex) by stage."""
        found = {"inspectors": self.inspectors, "targets": self.targets}
        return {stage: digest for stage, digest in found.items() if stage in _COVERED[self.covers]}

    @property
    def commitment(self) -> bytes:
        """§11 What its closing and contributions are about: C(targets), of a late notice C(inspectors)."""
        return bytes.fromhex(self.inspectors if self.covers == "inspectors" else self.targets)

    @property
    def sizes(self) -> dict[str, int]:
        """§17 Its sizes by list."""
        wanted = frozenset[str]().union(*(_SIZES[stage] for stage in _COVERED[self.covers]))
        found = {
            "inspectors": self.inspectors_size,
            "recusals": self.recusals_size,
            "registry": self.registry_size,
        }
        return {name: size for name, size in found.items() if name in wanted}

    def hour(self, drawn: Iterable[Drawing]) -> str:
        """§18 The first announced hour of the drawings that gave its values, "" if none of them has one."""
        return min((self.hours[one] for one in map(str, drawn) if one in self.hours), default="")

    def object(self) -> dict[str, Json]:
        """§17 The notice as JSON."""
        return {
            "authority": self.authority,
            "changes": self.changes,
            "commitments": self.commitments,
            "contributors": list(self.contributors),
            "deadline": self.deadline,
            "draw": self.draw,
            "head": self.head,
            "hours": dict(self.hours),
            "mode": self.mode,
            "plan": self.plan,
            "sizes": self.sizes,
            "spec": SPEC,
            "time": self.time,
            "values": [one.object() for one in self.values],
        }


def is_time(text: str) -> bool:
    """§17 Whether a text is an instant, YYYY-MM-DDTHH:MM:SSZ."""
    found = _TIME.fullmatch(text)
    return found is not None and is_date(found[1])


def notice_digest(notice: Notice) -> bytes:
    """§17 What a witness of the notice states, 32 bytes: T("notice", notice.json)."""
    return tagged_hash("notice", canonical_json(notice.object()))


def notice_of(
    frozen: Frozen,
    changes: str,
    head: str,
    deadline: str,
    time: str,
    contributors: Sequence[str] = (),
    hours: Mapping[str, str] = NO_HOURS,
) -> Notice:
    """§17 The notice of a frozen draw: what is given besides `frozen` is not determined by the draw.

    `changes` is their digest (§16), hex.

    InputRefused `core.contributor_*`.
    """
    check_contributors(contributors)
    return Notice(
        authority=frozen.plan.authority,
        plan=frozen.plan.id,
        mode=frozen.seal.mode,
        draw=frozen.seal.draw,
        targets=frozen.targets_commitment.hex(),
        inspectors=frozen.inspectors_commitment.hex(),
        registry_size=len(frozen.registry.entities),
        inspectors_size=len(frozen.pool.inspectors),
        recusals_size=len(frozen.pool.recusals),
        changes=changes,
        values=frozen.announced,
        head=head,
        time=time,
        deadline=deadline,
        contributors=tuple(contributors),
        hours=dict(hours),
    )


def targets_notice_of(
    frozen: FrozenTargets,
    changes: str,
    head: str,
    deadline: str,
    time: str,
    contributors: Sequence[str] = (),
    hours: Mapping[str, str] = NO_HOURS,
) -> Notice:
    """§17 The notice of targets that are sealed alone. InputRefused as `notice_of`."""
    check_contributors(contributors)
    return Notice(
        authority=frozen.plan.authority,
        plan=frozen.plan.id,
        mode=frozen.seal.mode,
        draw=frozen.seal.draw,
        targets=frozen.targets_commitment.hex(),
        inspectors="",
        registry_size=len(frozen.registry.entities),
        inspectors_size=0,
        recusals_size=0,
        changes=changes,
        values=frozen.announced,
        head=head,
        time=time,
        deadline=deadline,
        contributors=tuple(contributors),
        hours=dict(hours),
        covers="targets",
    )


def late_notice_of(
    frozen: Frozen,
    changes: str,
    head: str,
    deadline: str,
    time: str,
    contributors: Sequence[str] = (),
    hours: Mapping[str, str] = NO_HOURS,
) -> Notice:
    """§17 The late notice, of inspectors sealed late. InputRefused as `notice_of`."""
    whole = notice_of(frozen, changes, head, deadline, time, contributors, hours)
    return replace(whole, targets="", registry_size=0, values=frozen.late, covers="inspectors")


def parse_notice(value: Json) -> Notice:
    """§17 The notice that a `notice.json` object stands for; InputRefused (`bundle.notice`) if it is none."""
    raw: Any = value
    try:
        notice = Notice(
            authority=str(raw["authority"]),
            plan=str(raw["plan"]),
            mode=str(raw["mode"]),
            draw=int(raw["draw"]),
            targets=str(raw["commitments"].get("targets", "")),
            inspectors=str(raw["commitments"].get("inspectors", "")),
            registry_size=int(raw["sizes"].get("registry", 0)),
            inspectors_size=int(raw["sizes"].get("inspectors", 0)),
            recusals_size=int(raw["sizes"].get("recusals", 0)),
            changes=str(raw["changes"]),
            values=tuple(map(lenient_announced, raw["values"])),
            head=str(raw["head"]),
            time=str(raw["time"]),
            deadline=str(raw["deadline"]),
            contributors=tuple(map(str, raw["contributors"])),
            covers=_covers(raw["commitments"]),
            hours={str(name): str(hour) for name, hour in raw["hours"].items()},
        )
        check_contributors(notice.contributors)
        _check_hours(notice)
    except (InputRefused, AttributeError, KeyError, TypeError, ValueError) as why:
        raise InputRefused("bundle.notice") from why
    # Writing it again catches what the conversions let through: other types, other members.
    if notice.object() != value:
        raise InputRefused("bundle.notice")
    return notice


def _check_hours(notice: Notice) -> None:
    """§17 Hours are instants, of announced drawings that are not made anew each time."""
    drawings = {str(one) for value in notice.values for one in value.drawings if one.source not in MADE_ANEW}
    if not (notice.hours.keys() <= drawings and all(map(is_time, notice.hours.values()))):
        raise InputRefused("bundle.notice")


def _covers(commitments: Any) -> Covers:
    """By its commitments; KeyError if they are none that a notice has."""
    return {stages: covers for covers, stages in _COVERED.items()}[frozenset(commitments)]


def lenient_announced(raw: Any) -> Announced:
    """§11 The announcement in a value whose form is checked by writing it again; KeyError, TypeError and the like."""
    fallback = (Drawing(str(one["source"]), str(one["issue"])) for one in raw.get("fallback", ()))
    return Announced(str(raw["source"]), str(raw["issue"]), tuple(fallback))
