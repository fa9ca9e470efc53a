"""The auditor's ten questions (审计十问) about a draw, each answered as far as the bundle goes.

已复算 (recomputed), 有据一致 (two things of the bundle agree), 凭信 (taken on trust). There is no verdict "honest": the
last question is what the page does not prove.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from shuangsuiji.audit.case import Case, Entry, Line, of_draw
from shuangsuiji.audit.chain import entry_details
from shuangsuiji.audit.decided import decided
from shuangsuiji.audit.loads import crowds
from shuangsuiji.audit.randomness import randomness, totals
from shuangsuiji.audit.report import TRUSTED, Answer, Report
from shuangsuiji.audit.timing import known_from, told
from shuangsuiji.audit.witnesses import Order
from shuangsuiji.bundle import members
from shuangsuiji.bundle.changes import EVERY
from shuangsuiji.core.closing import Absent
from shuangsuiji.core.seed import EXPLICIT, SOURCES
from shuangsuiji.followup.figures import percent

QUESTIONS: Final = (
    "lists", "rules", "lodged", "seed", "counts", "same", "decided", "random", "visited", "unproven",
)  # fmt: skip
"""The ten questions in the order in which an auditor asks them."""
KINDS: Final = frozenset(
    {"gone", "returned", "new", "status", "renamed", "column", "excluded", "included", "recusal", "inspector_gone",
     "inspector_new", "inspector_left_out", "inspector_changed"}
)  # fmt: skip
"""Kinds of change that have a name of their own; any other is `other`."""
RESULT: Final = "public/result.html"
"""The published result, as the details of a publication name it."""
_CHECKS: Final = ("not_held", "follows", "hour.", "due.", "drawn_already", "missing", "unpublished", "own_witness",
                  "unproven.")  # fmt: skip
"""How the codes of sentences begin that leave something to whoever reads them: to look it up, or to ask."""


def to_check(line: Line) -> bool:
    """Whether a sentence leaves something to be checked."""
    return line.code.startswith(_CHECKS)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question (one of `QUESTIONS`), how far its answer is proven, and the sentences of the answer.

    Sentences that leave something to be checked come first.
    """

    question: str
    answer: Answer
    lines: tuple[Line, ...]


def answers(report: Report, case: Case) -> tuple[Answered, ...]:
    """The ten answers to a bundle whose steps all hold."""
    brought = {one.what for one in report.brought if one.agrees}
    values = Answer.CONSISTENT if "value" in brought else Answer.TRUSTED
    witnessed = report.order is Order.WITNESSED
    # Signatures are recomputed, but what comes first is told by times that were written down, one beside the other. And
    # no recomputing reaches who changed the rules, nor reasons and approvers: they are as the authority's log has them.
    lodged = rules = Answer.CONSISTENT if witnessed else Answer.TRUSTED
    found = {
        "lists": (Answer.TRUSTED, _lists(case)),
        "rules": (rules, _rules(case)),
        "lodged": (lodged, _lodged(report, case)),
        "seed": (values, _seed(report, case)),
        "counts": (Answer.CONSISTENT, _counts(case)),
        "same": (Answer.RECOMPUTED, _same(report, case)),
        "decided": (Answer.CONSISTENT, decided(report, case)),
        "random": (Answer.RECOMPUTED, _random(case)),
        "visited": (Answer.TRUSTED, iter([Line("visited", {})])),
        "unproven": (Answer.TRUSTED, (Line(f"unproven.{one}", {}) for one in TRUSTED["auditor"])),
    }
    return tuple(Answered(name, found[name][0], _ordered(found[name][1])) for name in QUESTIONS)


def _ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: not to_check(line)))


def _lists(case: Case) -> Iterator[Line]:
    frozen = case.frozen
    yield Line(
        "sizes", {"entities": len(frozen.registry.entities), "inspectors": len(frozen.pool.inspectors)}
    )
    counts, bare, approved = Counter[str](), Counter[str](), Counter[str]()
    for change in case.changes:
        kind = str(change["kind"]) if change["kind"] in KINDS else "other"
        told = str(change.get("now", ""))
        count = int(told) if change["id"] == EVERY and told.isdecimal() else 1
        counts[kind] += count
        bare[kind] += 0 if change["reason"] else count
        approved[kind] += count if change["approver"] else 0
    for kind, count in sorted(counts.items()):
        yield Line(f"change.{kind}", {"count": count, "unexplained": bare[kind], "approved": approved[kind]})
    if not case.changes:
        yield Line("no_changes", {})


def _rules(case: Case) -> Iterator[Line]:
    plan = case.frozen.plan
    yield Line("plan", {"plan": plan.id, "version": plan.version, "digest": str(case.frozen.targets["plan"])})
    for entry in of_draw(case, "plan adopt"):
        details = entry_details(entry)
        code = "adopted" if details.get("reason") else "adopted_first"
        yield Line(
            code,
            {
                "version": str(details.get("version", "")),
                "time": str(entry["time"]),
                "operator": str(entry["operator"]),
                "reason": str(details.get("reason", "")),
            },
        )


def _lodged(report: Report, case: Case) -> Iterator[Line]:
    yield Line("frozen", {"time": case.notices[0].time})
    if len(case.notices) > 1:
        yield Line("frozen_late", {"time": case.notices[1].time})
    for one in sorted(report.witnesses, key=lambda one: (one.time, one.of)):
        code, mark = ("receipt", one.receipt) if one.receipt else ("signed", one.fingerprint[:16])
        yield Line(code, {"name": one.name, "time": one.time, "what": one.of, "mark": mark})
        if one.hour:
            yield Line("after_hour", {"name": one.name, "hour": one.hour})
        elif one.after:
            yield Line("after_seed", {"name": one.name, "time": one.after})
        elif not one.counts:
            yield Line("unplaced", {"name": one.name})
        if one.own:
            yield Line("own_witness", {"name": one.name})
    yield Line(f"order.{report.order}{_hours(case) if report.order is Order.WITNESSED else ''}", {})


def _hours(case: Case) -> str:
    """Whether the notices tell the hours of the drawings that gave the values: of all, of some, of none."""
    hours = set().union(*(notice.hours for notice in case.notices))
    known = [str(value.drawing) in hours for value in case.values]
    return ".no_hours" if not any(known) else ".hours" if all(known) else ".some_hours"


def _seed(report: Report, case: Case) -> Iterator[Line]:
    given = [one for one in case.contributions if not isinstance(one, Absent)]
    if case.contributions:
        yield Line("contributions", {"given": len(given), "named": len(case.contributions)})
    outcomes = 1
    for value in case.values:
        outcomes *= SOURCES[value.source].outcomes
        source = SOURCES[value.source].name
        told_value = {"source": source, "issue": value.issue, "value": value.value, "kind": value.source}
        yield Line("value", told_value)
    explicit = any(value.source == EXPLICIT for value in case.values)
    yield Line("explicit", {}) if explicit else Line("bits", {"bits": outcomes.bit_length() - 1})
    for late, entry in _typed(case):
        operators = entry_details(entry).get("operators")
        if isinstance(operators, list) and operators:
            people = "、".join(map(str, operators))
            code = ("typed" if len(operators) > 1 else "set") + late
            yield Line(code, {"operators": people, "time": str(entry["time"])})
            yield from (Line(code, said) for code, said in known_from(entry_details(entry)))
    holders = "、".join(sorted({str(entry["operator"]) for entry in case.entries}))
    yield Line("holders", {"operators": holders})
    yield from (Line(code, said) for code, said in told(case.entries, case.notices, report.follows))
    for drawing in report.not_held:
        yield Line("not_held", {"drawing": drawing})


def _typed(case: Case) -> Iterator[tuple[str, Entry]]:
    """The entries of seeds, those of inspectors sealed late marked."""
    yield from (("", entry) for entry in of_draw(case, "seed"))
    yield from (("_late", entry) for entry in of_draw(case, "late-seed"))


def _counts(case: Case) -> Iterator[Line]:
    mode = case.frozen.seal.mode
    own = [entry for entry in case.entries if entry_details(entry).get("mode") == mode]
    numbers = _numbers(own, "freeze")
    verbs = Counter(str(entry["verb"]) for entry in own)
    voids = sum(entry_details(e).get("kind") == "void" for e in own if e["verb"] == "record")
    yield Line(
        "counts",
        {"freezes": verbs["freeze"], "draws": verbs["draw"], "matches": verbs["match"], "voids": voids},
    )
    dropped = _numbers(own, "plan drop") - numbers
    for entry in own:
        if entry["verb"] == "plan drop":
            given = entry_details(entry)
            number, why = str(given.get("draw", "")), str(given.get("reason", ""))
            yield Line("dropped", {"number": number, "time": str(entry["time"]), "reason": why})
    before = members.read_predecessor(case.frozen.targets)
    if before is not None:
        yield Line("successor", {"draw": case.frozen.seal.draw, "number": before.draw})
    missing = [n for n in range(1, case.frozen.seal.draw) if n not in numbers | dropped]
    if missing:
        yield Line("missing", {"numbers": "、".join(map(str, missing))})
    else:
        yield Line("no_gap", {"draw": case.frozen.seal.draw})
    kept_back = sorted(_numbers(own, "draw") - _published(own))
    if earlier := [n for n in kept_back if n < case.frozen.seal.draw]:
        yield Line("unpublished", {"numbers": "、".join(map(str, earlier))})


def _numbers(entries: Sequence[Entry], verb: str) -> set[int]:
    """The draws of which the log has an entry of this verb."""
    return {n for e in entries if e["verb"] == verb and isinstance(n := entry_details(e).get("draw"), int)}


def _published(entries: Sequence[Entry]) -> set[int]:
    """The draws whose result was published, as the log has it."""
    results = [
        e for e in entries if e["verb"] == "publish" and RESULT in _names(entry_details(e).get("published"))
    ]
    return _numbers(results, "publish")


def _names(value: object) -> Collection[object]:
    return value.keys() if isinstance(value, Mapping) else ()


def _same(report: Report, case: Case) -> Iterator[Line]:
    people = {one.id for team in case.matching.teams for one in team.inspectors}
    yield Line("targets", {"targets": len(case.drawn.targets), "strata": len(case.drawn.strata)})
    if case.matching.succeeded:
        yield Line("teams", {"blocks": len(case.matching.teams), "inspectors": len(people)})
    else:
        yield Line("no_teams", {"attempts": len(case.matching.shortages)})
    if case.matching.applied and case.matching.succeeded:
        yield Line("relaxed", {"count": case.matching.applied})
    yield Line("result", {"result": case.result})
    if report.cross_check is not None:
        yield Line("cross_checked_apart" if report.cross_check["more"] else "cross_checked", {})


def _random(case: Case) -> Iterator[Line]:
    for division in case.frozen.strata.divisions:
        for base in division.bases:
            if base.size:
                code = "bounded" if base.tier.bounds else "chance"
                yield Line(
                    code,
                    {
                        "task": division.task.name,
                        "tier": base.tier.name,
                        "quota": base.quota,
                        "size": base.size,
                        "percent": percent(Fraction(base.quota, base.size)),
                    },
                )
    table = randomness(case.frozen, case.matching)
    if table.persons:
        scarcest = min(table.persons, key=lambda one: (one.least, one.slot, one.district))
        where = {"slot": scarcest.slot, "district": scarcest.district or "—"}
        yield Line("fewest", {"count": scarcest.least, **where})
        yield Line("scarce", totals(table))
    if not any(base.size for division in case.frozen.strata.divisions for base in division.bases):
        yield Line("nobody", {})
    yield from _loads(case)


def _loads(case: Case) -> Iterator[Line]:
    loads = Counter(one.id for team in case.matching.teams for one in team.inspectors)
    if not loads:
        return
    span: dict[str, str | int] = {"least": min(loads.values()), "most": max(loads.values())}
    if case.frozen.plan.teams is not None and max(loads.values()) - min(loads.values()) > 1:
        yield Line("loads_teams", span)
        return
    uneven = crowds(case.frozen, case.matching)
    if not uneven:
        yield Line("loads_same" if span["least"] == span["most"] else "loads", span)
        return
    first = uneven[0]
    slot, district, count = max(first.places, key=lambda kind: (kind[2], kind))
    told: dict[str, str | int] = {
        "persons": first.persons,
        "slot": slot,
        "district": district or "—",
        "count": count,
    }
    yield Line(f"loads_{first.why}", span | told)
