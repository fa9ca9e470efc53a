"""经营异常名录: the steps of the proposal to put a target on the list of abnormal operations, and their order.

Where the ground asks for letters (通过登记的住所无法联系), two special letters go out before it is verified, so many
days apart as `results.toml` says. Steps are only added; a proposal that was dropped may be made anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from shuangsuiji.core.encoding import Json
from shuangsuiji.followup.results import Entry, Standing
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.store.rows import AbnormalRow

PROPOSED: Final = "proposed"
LETTER_1: Final = "letter_1"
LETTER_2: Final = "letter_2"
VERIFIED: Final = "verified"
DECIDED: Final = "decided"
REMOVED: Final = "removed"
DROPPED: Final = "dropped"
STEPS: Final = (PROPOSED, LETTER_1, LETTER_2, VERIFIED, DECIDED, REMOVED, DROPPED)
"""提出列入, 第一次、第二次专用信函, 查实, 作出列入决定, 移出, 终止."""
DUE: Final = "due"
"""待提出: the stage of a target of which nothing was recorded yet."""

_WITH_LETTERS: Final[Mapping[str, tuple[str, ...]]] = {
    DUE: (PROPOSED,),
    PROPOSED: (LETTER_1, DROPPED),
    LETTER_1: (LETTER_2, DROPPED),
    LETTER_2: (VERIFIED, DROPPED),
    VERIFIED: (DECIDED, DROPPED),
    DECIDED: (REMOVED,),
    REMOVED: (),
    DROPPED: (PROPOSED,),
}
_WITHOUT_LETTERS: Final[Mapping[str, tuple[str, ...]]] = {**_WITH_LETTERS, PROPOSED: (VERIFIED, DROPPED)}
_ENDING: Final = frozenset({REMOVED, DROPPED})
_WITH_REASON: Final = frozenset({REMOVED, DROPPED})
_WITH_DOCUMENT: Final = frozenset({DECIDED, REMOVED})


@dataclass(frozen=True, slots=True)
class AbnormalStep:
    """One step (`STEPS`) about one target: its day, its reason, the number of its document or letter, its ground.

    `number` is its own in the workspace, by which the year's account names it.
    """

    target: str
    step: str
    day: date
    reason: str
    reference: str
    operator: str
    time: datetime
    ground: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """列入建议: a target whose result is a ground, or of which a step was recorded.

    `ground` is the code of that ground, "" if no approved result bears it out any more; `checked` the day of the check.
    `steps` are those since it was proposed last; `letters` says whether the ground asks for letters.
    """

    target: str
    ground: str
    letters: bool
    checked: date | None
    steps: tuple[AbnormalStep, ...]

    @property
    def stage(self) -> str:
        """The last step, `DUE` if there is none."""
        return self.steps[-1].step if self.steps else DUE

    @property
    def allowed(self) -> tuple[str, ...]:
        """The steps that may come next; without a ground only what ends it."""
        order = _WITH_LETTERS if self.letters else _WITHOUT_LETTERS
        return tuple(one for one in order[self.stage] if self.ground or one in _ENDING)


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step that is to be recorded about a target; `reason` and `reference` as given, perhaps empty."""

    step: str
    day: date
    reason: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a step may not be recorded: the code of the refusal, its parameters, and which of day, reason, reference."""

    code: str
    params: Mapping[str, str | int]
    about: str = ""


def proposals(
    standings: Iterable[Standing], steps: Iterable[AbnormalStep], vocabulary: Vocabulary
) -> tuple[Proposal, ...]:
    """The proposals of a draw, due ones too, ascending by target."""
    grounds: dict[str, dict[str, date]] = {}
    for one in standings:
        entry = _borne_out(one)
        ground = vocabulary.categories[entry.category].ground if entry else ""
        if entry and ground:
            grounds.setdefault(one.target, {}).setdefault(ground, entry.day)
    taken: dict[str, list[AbnormalStep]] = {}
    for step in steps:
        if step.step == PROPOSED:
            taken[step.target] = []
        taken.setdefault(step.target, []).append(step)
    targets = sorted({*grounds, *taken})
    return tuple(
        _proposal(one, grounds.get(one, {}), tuple(taken.get(one, ())), vocabulary) for one in targets
    )


def fault(proposal: Proposal, new: NewStep, today: date, vocabulary: Vocabulary) -> Fault | None:
    """What is wrong with a step; None if it may be recorded."""
    if new.step not in proposal.allowed:
        if not proposal.ground:
            return Fault("abnormal.no_ground", {})
        return Fault("abnormal.wrong_step", {"stage": proposal.stage, "step": new.step})
    wrong = _day_fault(proposal, new, today, vocabulary)
    if wrong is not None:
        return Fault(*wrong, "day")
    if new.step in _WITH_REASON and not new.reason:
        return Fault("abnormal.reason_needed", {"step": new.step}, "reason")
    if new.step in _WITH_DOCUMENT and not new.reference:
        return Fault("abnormal.reference_needed", {"step": new.step}, "reference")
    return None


def _day_fault(
    proposal: Proposal, new: NewStep, today: date, vocabulary: Vocabulary
) -> tuple[str, dict[str, str | int]] | None:
    before = proposal.steps[-1].day if proposal.steps else proposal.checked
    if before is not None and new.day < before:
        code = "abnormal.day_before" if proposal.steps else "abnormal.before_check"
        return code, {"before": before.isoformat()}
    if new.day > today:
        return "abnormal.day_future", {"today": today.isoformat()}
    span = second_letter(proposal, vocabulary) if new.step == LETTER_2 else None
    if span is None or before is None or span[0] <= new.day <= span[1]:
        return None
    apart = {"apart": (new.day - before).days, "least": vocabulary.least, "most": vocabulary.most}
    return "abnormal.letters_apart", {"first": before.isoformat(), **apart}


def content(new: NewStep, proposal: Proposal, vocabulary: Vocabulary) -> dict[str, Json]:
    """What the store keeps of a step besides its own columns: without a reason of its own, the ground's name."""
    ground = vocabulary.grounds.get(proposal.ground)
    reason = new.reason or ("" if ground is None else ground.name)
    return {"ground": proposal.ground, "reason": reason, "reference": new.reference}


def parse_step(row: AbnormalRow) -> AbnormalStep:
    """The step of a row that the store kept."""
    value: Mapping[str, Any] = row.content
    return AbnormalStep(
        target=row.target,
        step=row.step,
        day=date.fromisoformat(row.day),
        reason=value["reason"],
        reference=value["reference"],
        operator=row.operator,
        time=row.time,
        ground=value["ground"],
        number=row.number,
    )


def undecided(steps: Iterable[AbnormalStep]) -> Iterator[tuple[str, date]]:
    """The targets that were verified and not decided upon, with the day of the verification."""
    last = {one.target: one for one in steps}
    return ((target, one.day) for target, one in last.items() if one.step == VERIFIED)


def second_letter(proposal: Proposal, vocabulary: Vocabulary) -> tuple[date, date] | None:
    """The first and the last day for the second letter (第二次专用信函); None where it is not its turn."""
    if LETTER_2 not in proposal.allowed:
        return None
    sent = proposal.steps[-1].day
    return sent + timedelta(days=vocabulary.least), sent + timedelta(days=vocabulary.most)


def _borne_out(one: Standing) -> Entry | None:
    """The approved result of an item, if there is one: what was published, while a correction of it waits."""
    return one.entry if one.state in ("approved", "published") else one.public


def _proposal(
    target: str, grounds: Mapping[str, date], steps: tuple[AbnormalStep, ...], vocabulary: Vocabulary
) -> Proposal:
    """The proposal on the ground that it was made on; a due one on a ground with letters, else the first."""
    if steps and steps[-1].step != DROPPED:
        ground = steps[0].ground
        known = vocabulary.grounds.get(ground)
        letters = known is not None and known.letters
        return Proposal(target, ground if ground in grounds else "", letters, grounds.get(ground), steps)
    by_letters = sorted(grounds, key=lambda one: not vocabulary.grounds[one].letters)
    ground = by_letters[0] if by_letters else ""
    letters = bool(ground) and vocabulary.grounds[ground].letters
    return Proposal(target, ground, letters, grounds.get(ground), steps)
