"""§17, §18: the announced hours of drawings in notices, and what statements before, at and after them prove."""

from dataclasses import replace
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import features, signing, world
from docs.spec.v1.scenarios.cases import GONE, Case, Record, bad, changed, good, key_of
from docs.spec.v1.scenarios.reference import inputs_of
from docs.spec.v1.scenarios.statements import CLOSED, KL8, LATER, PERSONS, given, notice_of, sealed, statement


def hours_told(stamp: Record, later: Record) -> list[Case]:
    """Hours in a notice, and in a late notice, in good form and not."""
    announced: list[Record] = [
        {"issue": "2026051", "source": "kl8", "fallback": [{"issue": "2026052", "source": "kl8"}]},
        {"issue": "051", "source": "fc3d"},
        {"issue": "1", "source": "dice"},
    ]
    other: list[Record] = [{"issue": "2026060", "source": "kl8"}]
    draw = replace(world.draw_of(), announced=announced, values=[])
    late = features.sealed_late(draw, announced=other, values=[])
    first, fallback, three = "kl8:2026051", "kl8:2026052", "fc3d:051"
    accepted: dict[str, Record] = {
        "of one of three": {first: LATER},
        "of drawing and fallback": {first: LATER, fallback: "2026-03-03T02:10:00Z"},
        "of the fallback alone": {fallback: LATER},
        "of two at once": {first: LATER, three: LATER},
        "before the notice": {first: "2026-02-28T23:59:59Z"},
        "none": {},
    }
    refused: dict[str, Any] = {
        "of a drawing not announced": {"kl8:2026053": LATER},
        "of a drawing announced late": {"kl8:2026060": LATER},
        "of an announced one and another": {first: LATER, "ssq:2026051": LATER},
        "of dice": {"dice:1": LATER},
        "a source alone": {"kl8": LATER},
        "an issue written otherwise": {"fc3d:51": LATER},
        "a space in the key": {"kl8: 2026051": LATER},
        "a day": {first: "2026-03-02"},
        "no day of the calendar": {first: "2026-02-30T02:10:00Z"},
        "an hour that no clock shows": {first: "2026-03-02T24:00:00Z"},
        "at +08:00": {first: "2026-03-02T10:10:00+08:00"},
        "without seconds": {first: "2026-03-02T02:10Z"},
        "a number": {first: 1772417400},
        "an earliest and a latest": {first: [LATER, LATER]},
        "an array": [[first, LATER]],
        "a text": LATER,
        "missing": GONE,
    }
    told, both = inputs_of(draw), inputs_of(late)
    cases = [good(f"hours: {case}", inputs=told, stamp=stamp | {"hours": h}, late=None) for case, h in accepted.items()]
    cases += [
        bad(f"hours: {case}", "notice", inputs=told, stamp=changed(stamp, ("hours",), hours), late=None)
        for case, hours in refused.items()
    ]
    by_hand = inputs_of(world.draw_of())
    stamped = stamp | {"hours": {"explicit:1": LATER}}
    cases.append(bad("hours: of a seed set by hand", "notice", inputs=by_hand, stamp=stamped, late=None))
    own = later | {"hours": {"kl8:2026060": LATER}}
    cases.append(good("hours: of a late notice", inputs=both, stamp=stamp | {"hours": {first: LATER}}, late=own))
    wrong = later | {"hours": {first: LATER}}
    cases.append(
        bad("hours: of the first notice's drawing in the late one", "notice", inputs=both, stamp=stamp, late=wrong)
    )
    gone = changed(later, ("hours",), GONE)
    return [*cases, bad("hours: missing in the late notice", "notice", inputs=both, stamp=stamp, late=gone)]


def before_the_hour() -> list[Case]:
    """Statements made before, at and after the announced hours; the last figure of a minute says which."""
    before, hour, after = (f"2026-03-02T02:{time}Z" for time in ("09:59", "10:00", "10:01"))
    notary, first, second, other = signing.fingerprint(signing.NOTARY), "kl8:2026051", "kl8:2026052", "fc3d:051"
    fallback, three = {"issue": "2026052", "source": "kl8"}, {"issue": "051", "source": "fc3d"}
    announced = [KL8 | {"fallback": [fallback]}, three]
    cases: list[Case] = []

    def told(
        case: str,
        times: str | list[str],
        hours: Record,
        drawn: list[Record],
        seeded: str = "",
        persons: list[str] | None = None,
        paper: bool = False,
    ) -> None:
        notice = notice_of(persons or [], hours=hours) | {"values": announced}
        kinds = ("notice", "closing") if persons else ("notice", "notice")
        some = zip(kinds, [times] if isinstance(times, str) else times, strict=False)
        rows = [statement(notice, of, time=time) for of, time in some]
        made = [row | {"receipt": "卷宗"} if paper else signing.signed(row, signing.NOTARY) for row in rows]
        typed = {"seed": seeded} if seeded else None
        asked_of = given(notice, sorted(made, key=verify.encode), [notary], typed) | {"drawn": drawn}
        cases.append(Case(f"hours: {case}", asked_of))

    both = [KL8, three]
    told("before", before, {first: hour}, both)
    told("at", hour, {first: hour}, both)
    told("after", after, {first: hour}, both)
    told("on paper before", before, {first: hour}, both, paper=True)
    told("on paper at", hour, {first: hour}, both, paper=True)
    told("one before and one after", [before, after], {first: hour}, both)
    told("the notice before, the closing before", [before, before], {first: hour}, both, persons=PERSONS)
    told("the notice before, the closing at", [before, hour], {first: hour}, both, persons=PERSONS)
    told("the notice at, the closing before", [hour, before], {first: hour}, both, persons=PERSONS)
    told("between the hours of two that gave values", hour, {first: after, other: before}, both)
    told("before the earlier of two that gave values", before, {first: after, other: hour}, both)
    told("no hour told", after, {}, both)
    told("an hour of the other value alone", hour, {other: hour}, both)
    told("a fallback used: after the hour of the one before", hour, {first: before, second: after}, [fallback, three])
    told("a fallback used: at its hour", after, {first: before, second: after}, [fallback, three])
    told("a fallback used whose hour is not told", after, {first: before}, [fallback, three])
    told("a fallback not used, of an earlier hour", hour, {first: after, second: before}, both)
    told("before the hour, after the seed", before, {first: hour}, both, seeded="2026-03-02T02:09:58Z")
    told("before hour and seed", before, {first: hour}, both, seeded=after)
    told("before the seed, at the hour", hour, {first: hour}, both, seeded=after)
    told("an hour before the notice", before, {first: "2026-03-01T00:00:00Z"}, both)
    return cases + late_hours(before, hour, after)


def late_hours(before: str, hour: str, after: str) -> list[Case]:
    """Of a late seal each notice has its own hours."""
    own = {"issue": "2026060", "source": "kl8"}
    cases = []
    for case, hours, theirs, times in (
        ("each before its own hour", before, after, (hour, "2026-03-02T02:00:00Z")),
        ("the late notice at its hour", after, hour, (hour, before)),
        ("the first notice at its hour", hour, after, (before, hour)),
    ):
        first = notice_of([], hours={"kl8:2026051": hours})
        late = notice_of([], "11" * 32, {"kl8:2026060": theirs}) | {"values": [own]}
        digests = verify.to_be_seen([first, late], [CLOSED, key_of(6)])
        rows = [
            signing.signed(signing.seen(*digests[of], of, "某某公证处", time), signing.NOTARY)
            for of, time in zip(("late-notice", "notice"), times, strict=True)
        ]
        asked_of = given(first, sorted(rows, key=verify.encode), [signing.fingerprint(signing.NOTARY)])
        cases.append(Case(f"hours: late: {case}", asked_of | {"late": sealed(late, own)}))
    return cases
