"""What was decided by people and not drawn: who was left out, by which reasons; who took whose place afterwards."""

from collections.abc import Iterator, Sequence

from shuangsuiji.audit.case import Case, Line
from shuangsuiji.audit.report import Report
from shuangsuiji.core.decisions import (
    PersonsOutcome,
    PersonsRequest,
    Place,
    Record,
    TargetOutcome,
    TargetRequest,
    Urgent,
)
from shuangsuiji.core.eligibility import left_out
from shuangsuiji.core.plan import Visited
from shuangsuiji.messages import Lang, known, text
from shuangsuiji.plan.wording import entity_condition


def decided(report: Report, case: Case) -> Iterator[Line]:
    """Exclusions and lists by task, persons left out, and each record with what it replaced."""
    for division in case.frozen.strata.divisions:
        for reason, count in division.excluded.items():
            words = {"words_zh": _words(reason, case, "zh"), "words_en": _words(reason, case, "en")}
            yield Line("excluded", {"task": division.task.name, "reason": reason, "count": count, **words})
        if division.in_no_tier:
            yield Line("in_no_tier", {"task": division.task.name, "count": division.in_no_tier})
        if division.task.source is not None:
            yield Line(f"listed.{division.task.source}", {"task": division.task.name})
    for reason, count in left_out(case.frozen.plan, case.frozen.pool.inspectors).items():
        yield Line(f"left_out.{reason}", {"count": count})
    if report.recorded is None:
        return
    for kind, count in report.recorded.counts.items():
        yield Line(f"record.{kind}", {"count": count})
    replaced = _Replaced(case)
    for record in case.records:
        told: dict[str, str | int] = {"number": record.seq, "time": record.time, "reason": record.reason}
        yield Line("recorded", told | {"operator": record.operator, "approver": record.approver})
        yield from replaced.by(record)
    if not case.records:
        yield Line("no_records", {})


def _words(reason: str, case: Case, lang: Lang) -> str:
    """A reason of exclusion in words: its own name, else what the plan's rules of that reason ask for."""
    if known(f"publish.reason.{reason}"):
        return text(f"publish.reason.{reason}", lang)
    plan = case.frozen.plan
    rules = [
        text("audit.rule.visited", lang, since=one.since, visits=one.visits)
        if isinstance(one, Visited)
        else entity_condition(one.where.source, plan, lang)
        for one in plan.exclusions
        if one.reason == reason
    ]
    return text("audit.rule.join", lang).join(rules)


class _Replaced:
    """§19 Who holds which place of whom, as the records of a verified bundle go on."""

    def __init__(self, case: Case) -> None:
        self.people = {one.id: one.name for one in case.frozen.pool.inspectors}
        self.firms = {one.id: one.name for one in case.frozen.registry.entities} if case.records else {}
        self.asked = {one.seq: one.decision for one in case.records}
        self.holders = {
            (target.entity.id, slot): one.id
            for team in case.matching.teams
            for slot, one in zip(team.block.slots, team.inspectors, strict=False)
            for target in team.block.targets
        }

    def by(self, record: Record) -> Iterator[Line]:
        """What a record replaced: persons by place, or a target."""
        match record.decision:
            case Urgent(places=places, inspectors=new):
                yield from self._persons(places, new)
            case PersonsOutcome(request=number, inspectors=new):
                request = self.asked[number]
                if isinstance(request, PersonsRequest):
                    yield from self._persons(request.places, new)
            case TargetOutcome(request=number, target=target) if target:
                request = self.asked[number]
                if isinstance(request, TargetRequest):
                    yield self._target(request.target, target)

    def _persons(self, places: Sequence[Place], inspectors: Sequence[str]) -> Iterator[Line]:
        for place, new in zip(places, inspectors, strict=False):
            old = self.holders.get((place.targets[0], place.slot), "")
            self.holders |= {(target, place.slot): new for target in place.targets}
            yield Line(
                "replaced_person",
                {
                    "old": self._person(old),
                    "new": self._person(new),
                    "block": place.block,
                    "slot": place.slot,
                    "targets": "、".join(self._firm(one) for one in place.targets),
                },
            )

    def _target(self, old: str, new: str) -> Line:
        self.holders |= {(new, slot): one for (target, slot), one in self.holders.items() if target == old}
        return Line("replaced_target", {"old": self._firm(old), "new": self._firm(new)})

    def _person(self, identifier: str) -> str:
        return f"{self.people.get(identifier, '')}（{identifier}）" if identifier else "—"

    def _firm(self, identifier: str) -> str:
        return f"{self.firms.get(identifier, '')}（{identifier}）"
