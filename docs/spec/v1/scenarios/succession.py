"""§19: what is decided after the seed: replacements of persons and targets, urgent ones, void draws."""

from collections.abc import Callable, Iterator
from typing import Any

from docs.spec.v1.scenarios.candidates import WRITTEN
from docs.spec.v1.scenarios.cases import GONE, Case, Record, Scenario, bad, changed, good
from docs.spec.v1.scenarios.diary import (
    Diary,
    announced,
    crew,
    hopeless,
    in_earnest,
    one,
    ordinary,
    place,
    sealed_late,
    two,
    values,
    west,
)
from docs.spec.v1.scenarios.reference import inputs_of

STATE = "the state after the records, from a draw that follows from the inputs; the chain, without the log"


def succession_scenarios() -> list[Scenario]:
    """The scenarios of records."""
    return [Scenario("records", "§19", STATE, [*lawful(), *refused()])]


def given(diary: Diary) -> Record:
    return {"inputs": inputs_of(diary.draw), "records": diary.records}


def lawful() -> Iterator[Case]:
    """Good records, by what they show."""
    for name, write in LAWFUL.items():
        diary = Diary(crew())
        write(diary)
        yield good(name, **given(diary))
    for name, (draw, write) in WRITTEN.items():
        diary = Diary(draw())
        write(diary)
        yield good(name, **given(diary))
    real, late = Diary(in_earnest()), Diary(sealed_late(crew()))
    yield good("a real draw", **given(real.persons(2, [two(real)])))
    yield good("inspectors sealed late", **given(late.persons(9, [two(late)])))
    yield good("a draw without teams is void", **given(Diary(hopeless()).write("void")))


def twice_asked(diary: Diary) -> None:
    """Two open requests, the earlier answered first; loads of the first answer count in the second."""
    diary.ask(1, [two(diary)]).ask(2, [place(diary.blocks[1], "lead")])
    diary.answer(1, 1).answer(2, 2)


def came_back(diary: Diary) -> None:
    """A recusal that was asked for makes nobody gone."""
    block = diary.blocks[0]
    old = diary.state.team[block["targets"][0]]["local"]
    diary.persons(1, [one(diary)], "recusal")
    diary.persons(2, diary.everywhere(next(j for j in ("M1", "M2", "M3", "M4") if j != old and diary.everywhere(j))))


def by_fallback(diary: Diary) -> None:
    told = [announced(1)[0] | {"fallback": announced(2)}]
    diary.write("request", because="unable", places=[two(diary)], values=told).answer(2)


def by_dice(diary: Diary) -> None:
    """Dice are thrown anew for every request."""
    dice = [{"issue": "1", "source": "dice"}]
    for digits, slot in (("12345" * 4, "lead"), ("67890" * 4, "local")):
        diary.write("request", because="unable", places=[two(diary, slot)], values=dice)
        diary.write("outcome", request=len(diary.records), values=[dice[0] | {"value": digits}])


def split(diary: Diary, *more: Record) -> Diary:
    """Between the second request, of all these places, and its outcome one of two targets got another inspector."""
    diary.ask(1, [one(diary)], "recusal").ask(2, [two(diary, "local"), *more])
    return diary.answer(1, 1)


def twice_drawn(diary: Diary, *places: Record) -> Diary:
    """Two requests about one inspector with values of their own, of which the first has replaced him."""
    return diary.ask(1, [two(diary)]).ask(2, [two(diary), *places]).answer(1, 1)


def drawn_again(diary: Diary) -> Diary:
    """The second is carried out as if it had been about his successor."""
    twice_drawn(diary)
    diary.state.about[2] = diary.state.olds([two(diary)])
    return diary.answer(2, 2)


def nobody_left(diary: Diary) -> Diary:
    """Two requests about the last inspector there is for a place, of which the first has replaced him by nobody."""
    diary.persons(1, west(diary)).ask(2, west(diary)).ask(3, west(diary))
    return diary.answer(2, 3)


def urgent_elsewhere(diary: Diary) -> None:
    """An urgent record beside an open request: the other slot of its targets."""
    diary.ask(1, [two(diary)]).write("urgent", places=[two(diary, "local")]).answer(1, 1)


def urgent_after_a_lapse(diary: Diary) -> None:
    """A request that has lapsed keeps no place."""
    twice_drawn(diary).write("urgent", places=[two(diary)]).answer(2, 2)


def at_once(diary: Diary, *places: Record) -> Diary:
    """An urgent record of places, with the inspectors that would follow from the sealed order."""
    return diary.forge(
        {"kind": "urgent", "places": [*places], "inspectors": diary.state.replace(places, diary.state.substitute)}
    )


def target_twice(diary: Diary) -> Diary:
    """Two requests for the same target, of which the first has replaced it."""
    target = ordinary(diary)
    for issue in (1, 2):
        diary.write("request", target=target, values=announced(issue))
    return diary.answer(1, 1)


def replaced_in_places(diary: Diary) -> None:
    """Between the request and its outcome a target of its places was replaced."""
    target = ordinary(diary)
    (block,) = (block for block in diary.blocks if target in block["targets"])
    diary.write("request", target=target, values=announced(1)).ask(2, [place(block, "local")])
    diary.answer(1, 1).answer(2, 2)


LAWFUL: dict[str, Callable[[Diary], Any]] = {
    "no records": lambda diary: diary,
    "void": lambda diary: diary.write("void"),
    "a request that waits": lambda diary: diary.ask(1, [two(diary)]),
    "unable: the lead of two targets": lambda diary: diary.persons(1, [two(diary)]),
    "unable: for one target of two": lambda diary: diary.persons(1, [one(diary)]),
    "both slots of a block": lambda diary: diary.persons(1, [two(diary), two(diary, "local")]),
    "both slots, the other first": lambda diary: diary.persons(1, [two(diary, "local"), two(diary)]),
    "recusal: of one target": lambda diary: diary.persons(1, [one(diary)], "recusal"),
    "recusal: in both slots, one after the other": lambda diary: diary.persons(1, [one(diary)], "recusal").persons(
        2, [one(diary, slot="lead")], "recusal"
    ),
    "recusal: by both targets": lambda diary: diary.persons(1, [one(diary)], "recusal").persons(
        2, [one(diary, 1)], "recusal"
    ),
    "recusal makes nobody gone": came_back,
    "transferred: all places at once": lambda diary: diary.persons(1, diary.everywhere(diary.busiest())),
    "transferred, and his successor too": lambda diary: diary.persons(1, diary.everywhere("L2")).persons(
        2, diary.everywhere("L3")
    ),
    "no candidates are left": lambda diary: diary.persons(1, west(diary)).persons(2, west(diary)),
    "a place without an inspector": lambda diary: (
        diary.persons(1, west(diary)).persons(2, west(diary)).persons(3, west(diary))
    ),
    "two requests, answered in their order": twice_asked,
    "lapsed: two inspectors by now": lambda diary: split(diary).answer(2, 2),
    "lapsed: then another request": lambda diary: split(diary).answer(2, 2).persons(3, [one(diary)]),
    "lapsed: another inspector by now": lambda diary: twice_drawn(diary).answer(2, 2),
    "lapsed: another inspector in one of several places": lambda diary: twice_drawn(diary, two(diary, "local")).answer(
        2, 2
    ),
    "lapsed: nobody, where there was somebody": lambda diary: nobody_left(diary).answer(3, 4),
    "lapsed: because of a recusal": lambda diary: (
        diary.ask(1, [one(diary)]).ask(2, [one(diary)], "recusal").answer(1, 1).answer(2, 2)
    ),
    "not lapsed: still nobody": lambda diary: (
        nobody_left(diary).answer(3, 4).ask(4, west(diary)).ask(5, west(diary)).answer(4, 7).answer(5, 8)
    ),
    "lapsed: a target in its places is replaced": replaced_in_places,
    "lapsed: several places, one of them none by now": lambda diary: split(diary, two(diary)).answer(2, 2),
    "lapsed: a target asked for twice": lambda diary: target_twice(diary).answer(2, 2),
    "urgent: another slot of targets that wait": urgent_elsewhere,
    "urgent: where a request has lapsed": urgent_after_a_lapse,
    "urgent: where a target waits": lambda diary: diary.write(
        "request", target=diary.blocks[0]["targets"][0], values=announced(1)
    ).write("urgent", places=[two(diary)]),
    "urgent": lambda diary: diary.write("urgent", places=[two(diary)]),
    "urgent: several places": lambda diary: diary.write("urgent", places=diary.everywhere(diary.busiest())),
    "urgent: no candidates": lambda diary: diary.persons(1, west(diary)).write("urgent", places=west(diary)),
    "a target replaced": lambda diary: diary.target(1, ordinary(diary)),
    "a target replaced, and its successor": lambda diary: diary.target(1, ordinary(diary)).target(2, ordinary(diary)),
    "a target replaced, then a person": lambda diary: diary.target(1, ordinary(diary)).persons(2, [two(diary)]),
    "a target without candidates": lambda diary: diary.target(1, "E11"),
    "by a fallback": by_fallback,
    "by dice, twice": by_dice,
    "void after a replacement": lambda diary: diary.persons(1, [two(diary)]).write("void"),
}


def refused() -> Iterator[Case]:
    """Records that are not as they must be."""
    for name, write in UNLAWFUL.items():
        diary = Diary(crew())
        write(diary)
        yield bad(name, "records", **given(diary))
    for name, (path, new) in ALTERED.items():
        diary = Diary(crew()).persons(1, [two(Diary(crew()))]).target(2, ordinary(Diary(crew())))
        yield bad(name, "records", inputs=inputs_of(diary.draw), records=changed(diary.records, path, new))
    yield from others()


def others() -> Iterator[Case]:
    """Draws in which a record is not allowed that is allowed elsewhere."""
    plan = {name: value for name, value in crew().plan.items() if name != "substitutes"}
    strict = Diary(crew(plan=plan))
    told: Record = {"kind": "urgent", "places": [two(strict)]}
    strict.forge(told | {"inspectors": strict.state.replace(told["places"], strict.state.substitute)})
    yield bad("urgent, not in the plan", "records", **given(strict))
    sets = [{"issue": "1", "source": "explicit"}]
    for name, values_ in {"an explicit seed": sets, "a drawing of the draw's": announced(1)}.items():
        real = Diary(in_earnest())
        yield bad(f"a real draw: {name}", "records", **given(real.forge(asking(two(real)) | {"values": values_})))
    real, weak = Diary(in_earnest()), [{"issue": "1", "source": "pl5"}]
    real.write("request", because="unable", places=[two(real)], values=weak)
    real.forge(outcome(1, 1, "L1") | {"values": [weak[0] | {"value": "12345"}]})
    yield bad("a real draw: less than 60 bits", "records", **given(real))
    real = Diary(in_earnest())
    real.write("request", because="unable", places=[two(real)], values=[announced(2)[0] | {"fallback": weak}])
    real.forge(outcome(1, 1, "L1") | {"values": [weak[0] | {"value": "12345"}]})
    yield bad("a real draw: less than 60 bits by a fallback", "records", **given(real))
    none = Diary(hopeless())
    yield bad("a draw without teams", "records", **given(none.forge(asking(two(none)))))
    late = Diary(sealed_late(crew()))
    yield bad("a drawing of the late notice", "records", **given(late.forge(asking(two(late), issue=8))))
    for name, own in {"the draw": in_earnest(), "the late notice": sealed_late(crew())}.items():
        diary = Diary(own)
        longer = diary.forge(asking(two(diary), issue=10))
        yield bad(f"an issue of more digits than those of {name}", "records", **given(longer))


def asking(*places: Record, because: str = "unable", issue: int = 9) -> Record:
    return {"kind": "request", "because": because, "places": [*places], "values": announced(issue)}


def outcome(issue: int, request: int, *inspectors: str) -> Record:
    return {"kind": "outcome", "request": request, "values": values(issue), "inspectors": [*inspectors]}


def with_target(request: int) -> Record:
    return {"kind": "outcome", "request": request, "values": values(request), "target": "E04"}


def out_of_turn(diary: Diary, request: int) -> Diary:
    """The outcome of a request whose turn it is not, with the inspectors that would follow."""
    said = diary.records[request - 1]
    diary.state.requests = {request: said} | diary.state.requests
    return diary.answer(int(said["values"][0]["issue"]), request)


def asking_for(target: str) -> Record:
    return {"kind": "request", "target": target, "values": announced(1)}


def held(diary: Diary) -> str:
    """Who leads the first block."""
    return str(diary.state.team[diary.blocks[0]["targets"][0]]["lead"])


BACK_DATED = {"kind": "void", "time": "2026-03-11T00:59:59Z"}


UNLAWFUL: dict[str, Callable[[Diary], Any]] = {
    "a record after void": lambda diary: diary.write("void").forge(asking(two(diary))),
    "void, twice": lambda diary: diary.write("void").forge({"kind": "void"}),
    "void, with a member more": lambda diary: diary.forge({"kind": "void", "note": "x"}),
    "an unknown kind": lambda diary: diary.forge({"kind": "swap"}),
    "no reason": lambda diary: diary.forge({"kind": "void", "reason": ""}),
    "no approver": lambda diary: diary.forge({"kind": "void", "approver": ""}),
    "a time of another form": lambda diary: diary.forge({"kind": "void", "time": "2026-03-11"}),
    "back-dated": lambda diary: diary.ask(1, [two(diary)]).forge(BACK_DATED),
    "another seq": lambda diary: diary.forge({"kind": "void", "seq": 2}),
    "another prev": lambda diary: diary.forge({"kind": "void", "prev": "0" * 64}),
    "an unknown reason of a request": lambda diary: diary.forge(asking(two(diary), because="holiday")),
    "no places": lambda diary: diary.forge(asking()),
    "no such block": lambda diary: diary.forge(asking(two(diary, block=99))),
    "no such slot": lambda diary: diary.forge(asking(two(diary, "partner"))),
    "a target of another block": lambda diary: diary.forge(asking(two(diary, targets=diary.blocks[1]["targets"]))),
    "no targets": lambda diary: diary.forge(asking(two(diary, targets=[]))),
    "targets out of order": lambda diary: diary.forge(asking(two(diary, targets=diary.blocks[0]["targets"][::-1]))),
    "a target twice": lambda diary: diary.forge(asking(two(diary, targets=diary.blocks[0]["targets"][:1] * 2))),
    "a place twice": lambda diary: diary.forge(asking(two(diary), two(diary))),
    "a target twice with one slot": lambda diary: diary.forge(asking(two(diary, "local"), one(diary))),
    "targets with different inspectors": lambda diary: diary.persons(1, [one(diary)]).forge(
        asking(two(diary, "local"))
    ),
    "recusal: of two targets": lambda diary: diary.forge(asking(two(diary), because="recusal")),
    "recusal: in two places": lambda diary: diary.forge(asking(one(diary), one(diary, slot="lead"), because="recusal")),
    "recusal: the second for the same slot": lambda diary: diary.persons(1, [one(diary)], "recusal").forge(
        asking(one(diary), because="recusal")
    ),
    "a drawing of an earlier request": lambda diary: diary.persons(9, [two(diary)]).forge(asking(two(diary))),
    "a drawing of an earlier request, as a fallback": lambda diary: diary.persons(9, [two(diary)]).forge(
        asking(two(diary)) | {"values": [announced(8)[0] | {"fallback": announced(9)}]}
    ),
    "an issue of more digits than those of an earlier request": lambda diary: diary.persons(9, [two(diary)]).forge(
        asking(two(diary), issue=10)
    ),
    "a fallback of more digits than those of an earlier request": lambda diary: diary.persons(9, [two(diary)]).forge(
        asking(two(diary)) | {"values": [{"issue": "26001", "source": "ssq", "fallback": announced(10)}]}
    ),
    "dice with a fallback": lambda diary: diary.forge(
        asking(two(diary)) | {"values": [{"issue": "1", "source": "dice", "fallback": announced(9)}]}
    ),
    "a drawing twice": lambda diary: diary.forge(asking(two(diary)) | {"values": announced(9) * 2}),
    "nothing announced": lambda diary: diary.forge(asking(two(diary)) | {"values": []}),
    "an outcome without a request": lambda diary: diary.forge(outcome(1, 1, "L1")),
    "an outcome of a record that is no request": lambda diary: diary.write("urgent", places=[two(diary)]).forge(
        outcome(1, 1, "L1")
    ),
    "a second outcome": lambda diary: out_of_turn(diary.persons(1, [two(diary)]), 1),
    "a later request answered first": lambda diary: out_of_turn(
        diary.ask(1, [two(diary)]).ask(2, [place(diary.blocks[1], "lead")]), 2
    ),
    "values that were not announced": lambda diary: diary.ask(1, [two(diary)]).forge(outcome(2, 1, "L1")),
    "the old inspector again": lambda diary: diary.ask(1, [two(diary)]).forge(outcome(1, 1, held(diary))),
    "nobody, though there are candidates": lambda diary: diary.ask(1, [two(diary)]).forge(outcome(1, 1, "")),
    "more inspectors than places": lambda diary: diary.ask(1, [two(diary)]).forge(outcome(1, 1, "L1", "L2")),
    "an outcome with a target": lambda diary: diary.ask(1, [two(diary)]).forge(with_target(1)),
    "lapsed: places that have two inspectors by now": lambda diary: split(diary).forge(outcome(2, 2, "M2")),
    "lapsed: nobody for places that are none by now": lambda diary: split(diary).forge(outcome(2, 2, "")),
    "lapsed: the one who has come in replaced again": drawn_again,
    "lapsed: nobody in the place of the one who has come in": lambda diary: twice_drawn(diary).forge(outcome(2, 2, "")),
    "lapsed: nobody after nobody": lambda diary: nobody_left(diary).forge(outcome(3, 4, "")),
    "lapsed: a target that is none by now": lambda diary: target_twice(diary).forge(with_target(2)),
    "nothing, though it has not lapsed": lambda diary: diary.ask(1, [two(diary)]).forge(outcome(1, 1)),
    "a target that is none": lambda diary: diary.forge(asking_for("E99")),
    "a target of a listed task": lambda diary: diary.forge(asking_for("E12")),
    "urgent: a place that waits": lambda diary: at_once(diary.ask(1, [two(diary)]), two(diary)),
    "urgent: a part of a place that waits": lambda diary: at_once(diary.ask(1, [two(diary, "local")]), one(diary)),
    "urgent: a place that waits for a recusal, and another": lambda diary: at_once(
        diary.ask(1, [one(diary)], "recusal"), two(diary, "local"), two(diary)
    ),
    "urgent: nothing": lambda diary: diary.forge({"kind": "urgent", "places": [two(diary)], "inspectors": []}),
    "urgent: another inspector": lambda diary: diary.forge(
        {"kind": "urgent", "places": [two(diary)], "inspectors": ["M1"]}
    ),
    "urgent: nobody, though there are candidates": lambda diary: diary.forge(
        {"kind": "urgent", "places": [two(diary)], "inspectors": [""]}
    ),
}


ALTERED: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "a record dropped": ((1,), GONE),
    "a record altered": ((0, "reason"), "另有原因"),
    "a record at the end altered": ((3, "target"), "E99"),
    "a record that is no object": ((3,), 1),
    "a value altered": ((1, "values"), values(3)),
}
