"""§19: what is decided after the seed: replacements of persons and targets, urgent ones, void draws."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.cases import GONE, Case, Record, Scenario, bad, changed, good
from docs.spec.v1.scenarios.public import asked
from docs.spec.v1.scenarios.reference import inputs_of

EAST, WEST = "东镇", "西镇"
STATE = "the state after the records, from a draw that follows from the inputs; the chain, without the log"


class Diary:
    """Records of a draw, one after the other; what follows from each is written into it."""

    def __init__(self, draw: verify.Draw) -> None:
        derived = world.derive(draw)
        lines = {name: derived[name] for name in ("strata", "targets", "blocks")}
        members = {f"{name}.jsonl": verify.encode_lines(rows) for name, rows in lines.items()}
        short, seed = len(derived["shortages"]), derived["seeds"]["inspectors"]
        self.draw, self.records = draw, list[Record]()
        self.result = verify.result_digest(draw, members).hex()
        self.state = verify.Succession(draw, derived["tasks"], derived["blocks"], short, seed)

    def write(self, kind: str, **said: Any) -> "Diary":
        """A record, and what it has to say."""
        record = self.next({"kind": kind} | said)
        self.records.append(record | self.state.follow(record))
        return self

    def next(self, said: Record) -> Record:
        """The next record of the chain, as far as it is said."""
        seq, digests = len(self.records) + 1, chained(self.draw, self.result, self.records)
        stamp = {
            "approver": "局长",
            "operator": "甲",
            "reason": "见调整审批表",
            "time": f"2026-03-11T{seq:02}:00:00Z",
        }
        return stamp | {"prev": digests, "seq": seq} | said

    def forge(self, said: Record) -> "Diary":
        """A record that may not stand there."""
        self.records.append(self.next(said))
        return self

    def ask(self, issue: int, places: list[Record], because: str = "unable") -> "Diary":
        """A request to replace persons, and nothing else."""
        return self.write("request", because=because, places=places, values=announced(issue))

    def persons(self, issue: int, places: list[Record], because: str = "unable") -> "Diary":
        """A request to replace persons, and its outcome."""
        return self.ask(issue, places, because).answer(issue)

    def target(self, issue: int, target: str) -> "Diary":
        """A request to replace a target, and its outcome."""
        return self.write("request", target=target, values=announced(issue)).answer(issue)

    def answer(self, issue: int, request: int = 0) -> "Diary":
        """The outcome of a request, of the last one unless it is said."""
        return self.write("outcome", request=request or len(self.records), values=values(issue))

    @property
    def blocks(self) -> list[Record]:
        """Blocks as they are now, those of most targets first."""
        return sorted(self.state.blocks.values(), key=lambda block: (-len(block["targets"]), block["block"]))

    def everywhere(self, inspector: str) -> list[Record]:
        """All the places of an inspector."""
        held = [(block, slot) for block in self.blocks for slot in ("lead", "local")]
        return [
            place(block, slot)
            for block, slot in held
            if {self.state.team[target][slot] for target in block["targets"]} == {inspector}
        ]

    def busiest(self) -> str:
        """An inspector of the highest load."""
        return str(max(sorted(self.state.load), key=lambda j: self.state.load[j]))


def chained(draw: verify.Draw, result: str, records: list[Record]) -> str:
    """What the next record has as `prev`."""
    return verify.record_digest(draw.mode, records[-1]).hex() if records else result


def announced(issue: int) -> list[Record]:
    return [{"issue": str(issue), "source": "kl8"}]


def values(issue: int) -> list[Record]:
    """Another value for every issue."""
    digits = "".join(f"{number:02}" for number in range(1 + issue % 4, 78 + issue % 4, 4))
    return [announced(issue)[0] | {"value": digits}]


def crew(**changes: Any) -> verify.Draw:
    """Blocks of two in the east, a block of one in the west; a task on a list; a target alone in its stratum."""
    plan = world.plan() | {"substitutes": 1, "exclusions": [], "slots": world.plan()["slots"][:2]}
    plan |= {"blocks": {"max_targets": 2, "max_per_inspector": 3}}
    first, *_ = plan["tasks"]
    spread = {"id": "a", "name": "甲", "where": ["eq", "grade", "A"], "key": "town", "quota": {"count": 5}}
    alone = {"id": "b", "name": "乙", "where": ["eq", "grade", "B"], "quota": {"all": 1}}
    named = {key: first[key] for key in ("pool", "slots", "items")}
    plan["tasks"] = [
        named | {"id": "A", "name": "抽查", "tiers": [spread, alone]},
        named | {"id": "L", "name": "派发", "source": "superior"},
    ]
    firms = [world.entity(f"E{n:02}", "", "A", WEST if n > 8 else EAST, {}) for n in range(1, 11)]
    firms += [
        world.entity("E11", "", "B", EAST, {}),
        world.entity("E12", "", "C", EAST, {}) | {"lists": ["L"]},
    ]
    valid = [{"number": "1"}]
    people = [world.person(f"L{n}", "市场监管", "", ["组长"], valid) for n in range(1, 5)]
    people += [world.person(f"M{n}", "市场监管", EAST, [], valid) for n in range(1, 5)]
    people += [world.person("M5", "市场监管", EAST, [], valid) | {"most": 1}]
    people += [world.person(f"W{n}", "市场监管", WEST, [], valid) for n in (1, 2)]
    recusals = [{"colleague": "L1", "inspector": "M1"}, {"entity": "E02", "inspector": "M3"}]
    given = {"plan": plan, "entities": firms, "inspectors": people, "recusals": recusals}
    return world.draw_of(**given | changes)


def place(block: Record, slot: str, *targets: str) -> Record:
    """A place of a block: all its targets, unless some are said."""
    return {"block": block["block"], "slot": slot, "targets": [*(targets or block["targets"])]}


def succession_scenarios() -> list[Scenario]:
    """The scenarios of records."""
    return [Scenario("records", "§19", STATE, [*lawful(), *refused()])]


def given(diary: Diary) -> Record:
    return {"inputs": inputs_of(diary.draw), "records": diary.records}


def west(diary: Diary) -> list[Record]:
    """The place of the west for which there are two inspectors."""
    (block,) = (block for block in diary.blocks if block["district"] == WEST)
    return [place(block, "local")]


def lawful() -> Iterator[Case]:
    """Good records, by what they show."""
    for name, write in LAWFUL.items():
        diary = Diary(crew())
        write(diary)
        yield good(name, **given(diary))
    real, late = Diary(in_earnest()), Diary(sealed_late(crew()))
    yield good("a real draw", **given(real.persons(2, [two(real)])))
    yield good("inspectors sealed late", **given(late.persons(9, [two(late)])))
    yield good("a draw without teams is void", **given(Diary(hopeless()).write("void")))


def sealed_late(draw: verify.Draw) -> verify.Draw:
    """The same draw, its inspectors sealed late."""
    told = {"announced": announced(8), "values": values(8), "contributors": [], "contributions": []}
    return replace(draw, late=told)


def in_earnest() -> verify.Draw:
    """The same as a real draw."""
    return crew(mode="real", announced=announced(1), values=values(1))


def hopeless() -> verify.Draw:
    """A draw that nobody in the east can be sent on."""
    return crew(inspectors=[one for one in crew().inspectors if one["district"] != EAST])


def two(diary: Diary, slot: str = "lead", **more: Any) -> Record:
    """A place with two targets."""
    return place(diary.blocks[0], slot) | more


def one(diary: Diary, number: int = 0, slot: str = "local") -> Record:
    """A place with one of two targets."""
    return place(diary.blocks[0], slot, diary.blocks[0]["targets"][number])


def ordinary(diary: Diary) -> str:
    """A target that has others in its stratum."""
    return str(
        next(
            t for b in diary.blocks for t in b["targets"] if t not in ("E11", "E12") and b["district"] == EAST
        )
    )


def twice_asked(diary: Diary) -> None:
    """Two open requests, answered in the other order; loads of the first answer count in the second."""
    diary.ask(1, [two(diary)]).ask(2, [place(diary.blocks[1], "lead")])
    diary.answer(2, 2).answer(1, 1)


def came_back(diary: Diary) -> None:
    """A recusal that was asked for makes nobody gone."""
    block = diary.blocks[0]
    old = diary.state.team[block["targets"][0]]["local"]
    diary.persons(1, [one(diary)], "recusal")
    diary.persons(
        2, diary.everywhere(next(j for j in ("M1", "M2", "M3", "M4") if j != old and diary.everywhere(j)))
    )


def by_fallback(diary: Diary) -> None:
    told = [announced(1)[0] | {"fallback": announced(2)}]
    diary.write("request", because="unable", places=[two(diary)], values=told).answer(2)


def by_dice(diary: Diary) -> None:
    """Dice are thrown anew for every request."""
    dice = [{"issue": "1", "source": "dice"}]
    for digits, slot in (("123", "lead"), ("456", "local")):
        diary.write("request", because="unable", places=[two(diary, slot)], values=dice)
        diary.write("outcome", request=len(diary.records), values=[dice[0] | {"value": digits}])


def overtaken(diary: Diary) -> None:
    """Between the request and its outcome the place got another inspector, by an urgent record."""
    diary.ask(1, [two(diary)]).write("urgent", places=[two(diary)]).answer(1, 1)


LAWFUL: dict[str, Callable[[Diary], Any]] = {
    "no records": lambda diary: diary,
    "void": lambda diary: diary.write("void"),
    "a request that waits": lambda diary: diary.ask(1, [two(diary)]),
    "unable: the lead of two targets": lambda diary: diary.persons(1, [two(diary)]),
    "unable: for one target of two": lambda diary: diary.persons(1, [one(diary)]),
    "both slots of a block": lambda diary: diary.persons(1, [two(diary), two(diary, "local")]),
    "both slots, the other first": lambda diary: diary.persons(1, [two(diary, "local"), two(diary)]),
    "recusal: of one target": lambda diary: diary.persons(1, [one(diary)], "recusal"),
    "recusal: in both slots, one after the other": lambda diary: diary.persons(
        1, [one(diary)], "recusal"
    ).persons(2, [one(diary, slot="lead")], "recusal"),
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
    "two requests, answered in the other order": twice_asked,
    "a request overtaken by an urgent record": overtaken,
    "urgent": lambda diary: diary.write("urgent", places=[two(diary)]),
    "urgent: several places": lambda diary: diary.write("urgent", places=diary.everywhere(diary.busiest())),
    "urgent: no candidates": lambda diary: diary.persons(1, west(diary)).write("urgent", places=west(diary)),
    "a target replaced": lambda diary: diary.target(1, ordinary(diary)),
    "a target replaced, and its successor": lambda diary: diary.target(1, ordinary(diary)).target(
        2, ordinary(diary)
    ),
    "a target replaced, then a person": lambda diary: diary.target(1, ordinary(diary)).persons(
        2, [two(diary)]
    ),
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
    urgent = Diary(crew()).write("urgent", places=[two(Diary(crew()))]).records[0]
    strict = Diary(crew(plan=plan))
    strict.forge({key: urgent[key] for key in ("kind", "places", "inspectors")})
    yield bad("urgent, not in the plan", "records", **given(strict))
    sets = [{"issue": "1", "source": "explicit"}]
    for name, told in {"an explicit seed": sets, "a drawing of the draw's": announced(1)}.items():
        real = Diary(in_earnest())
        yield bad(
            f"a real draw: {name}", "records", **given(real.forge(asking(two(real)) | {"values": told}))
        )
    real, dice = Diary(in_earnest()), [{"issue": "1", "source": "dice"}]
    real.write("request", because="unable", places=[two(real)], values=dice)
    real.forge(outcome(1, 1, "L1") | {"values": [dice[0] | {"value": "123"}]})
    yield bad("a real draw: less than 60 bits", "records", **given(real))
    none = Diary(hopeless())
    yield bad("a draw without teams", "records", **given(none.forge(asking(two(none)))))
    late = Diary(sealed_late(crew()))
    yield bad("a drawing of the late notice", "records", **given(late.forge(asking(two(late), issue=8))))


def asking(*places: Record, because: str = "unable", issue: int = 9) -> Record:
    return {"kind": "request", "because": because, "places": [*places], "values": announced(issue)}


def outcome(issue: int, request: int, *inspectors: str) -> Record:
    return {"kind": "outcome", "request": request, "values": values(issue), "inspectors": [*inspectors]}


def with_target(request: int) -> Record:
    return {"kind": "outcome", "request": request, "values": values(1), "target": "E04"}


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
    "a target of another block": lambda diary: diary.forge(
        asking(two(diary, targets=diary.blocks[1]["targets"]))
    ),
    "no targets": lambda diary: diary.forge(asking(two(diary, targets=[]))),
    "targets out of order": lambda diary: diary.forge(
        asking(two(diary, targets=diary.blocks[0]["targets"][::-1]))
    ),
    "a target twice": lambda diary: diary.forge(
        asking(two(diary, targets=diary.blocks[0]["targets"][:1] * 2))
    ),
    "a place twice": lambda diary: diary.forge(asking(two(diary), two(diary))),
    "a target twice with one slot": lambda diary: diary.forge(asking(two(diary, "local"), one(diary))),
    "targets with different inspectors": lambda diary: diary.persons(1, [one(diary)]).forge(
        asking(two(diary, "local"))
    ),
    "recusal: of two targets": lambda diary: diary.forge(asking(two(diary), because="recusal")),
    "recusal: in two places": lambda diary: diary.forge(
        asking(one(diary), one(diary, slot="lead"), because="recusal")
    ),
    "recusal: the second for the same slot": lambda diary: diary.persons(1, [one(diary)], "recusal").forge(
        asking(one(diary), because="recusal")
    ),
    "a drawing of an earlier request": lambda diary: diary.persons(9, [two(diary)]).forge(asking(two(diary))),
    "a drawing of an earlier request, as a fallback": lambda diary: diary.persons(9, [two(diary)]).forge(
        asking(two(diary)) | {"values": [announced(8)[0] | {"fallback": announced(9)}]}
    ),
    "a drawing twice": lambda diary: diary.forge(asking(two(diary)) | {"values": announced(9) * 2}),
    "nothing announced": lambda diary: diary.forge(asking(two(diary)) | {"values": []}),
    "an outcome without a request": lambda diary: diary.forge(outcome(1, 1, "L1")),
    "an outcome of a record that is no request": lambda diary: diary.write(
        "urgent", places=[two(diary)]
    ).forge(outcome(1, 1, "L1")),
    "a second outcome": lambda diary: diary.persons(1, [two(diary)]).forge(outcome(1, 1, "L1")),
    "values that were not announced": lambda diary: diary.ask(1, [two(diary)]).forge(outcome(2, 1, "L1")),
    "the old inspector again": lambda diary: diary.ask(1, [two(diary)]).forge(outcome(1, 1, held(diary))),
    "nobody, though there are candidates": lambda diary: diary.ask(1, [two(diary)]).forge(outcome(1, 1, "")),
    "more inspectors than places": lambda diary: diary.ask(1, [two(diary)]).forge(outcome(1, 1, "L1", "L2")),
    "an outcome with a target": lambda diary: diary.ask(1, [two(diary)]).forge(with_target(1)),
    "places that have two inspectors by now": lambda diary: (
        diary.ask(1, [two(diary, "local")]).persons(2, [one(diary)], "recusal").forge(outcome(1, 1, "M2"))
    ),
    "a target that is none by now": lambda diary: (
        diary.write("request", target=ordinary(diary), values=announced(1))
        .target(2, ordinary(diary))
        .forge(with_target(1))
    ),
    "a target that is none": lambda diary: diary.forge(asking_for("E99")),
    "a target of a listed task": lambda diary: diary.forge(asking_for("E12")),
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


def record_bundles() -> Iterator[tuple[str, bytes, Case]]:
    """Auditor's bundles with records."""
    empty, void = Diary(crew()), Diary(crew()).write("void")
    full = (
        Diary(crew()).persons(1, [two(empty)]).target(2, ordinary(empty)).persons(3, [one(empty)], "recusal")
    )
    full.write("urgent", places=west(full))
    yield asked("records-void", bundle(void))
    yield asked("records-of-every-kind", bundle(full))
    real = Diary(in_earnest())
    yield asked("records-real", bundle(real.persons(2, [two(real)])))
    yield asked("records-void-without-teams", bundle(Diary(hopeless()).write("void")))
    before = world.derive(void.draw)["committed"]["targets"].hex()
    successor = crew(number=8, predecessor={"commitment": before, "draw": 7})
    yield asked("records-successor-of-a-void-draw", bundle(Diary(successor)))
    for name, data in forged(full).items():
        yield asked(f"records-{name}", data, "records")
    yield asked(
        "commitment-predecessor-that-is-no-earlier-draw",
        bundle(Diary(replace(successor, number=7))),
        "commitment",
    )


def bundle(diary: Diary, records: list[Record] | None = None, entries: list[Record] | None = None) -> bytes:
    """The bundle with its records and their entries in the log, or others."""
    members = world.members_of(diary.draw)
    records, entries = (
        diary.records if records is None else records,
        entries_of(diary) if entries is None else entries,
    )
    log = verify.chain([*verify.decode_lines(members["log.jsonl"]), *entries])[0]
    members |= {"records.jsonl": verify.encode_lines(records), "log.jsonl": verify.encode_lines(log)}
    return world.write_archive(world.sealed(members, diary.result))


def entries_of(diary: Diary) -> list[Record]:
    """The log's entries of the records."""
    return [
        {
            "details": {
                "draw": diary.draw.number,
                "mode": diary.draw.mode,
                "record": verify.record_digest(diary.draw.mode, record).hex(),
            },
            "operator": record["operator"],
            "time": record["time"],
            "verb": "record",
        }
        for record in diary.records
    ]


def forged(diary: Diary) -> dict[str, bytes]:
    """Records dropped, reordered, back-dated, altered; entries that are not theirs."""
    records, entries = diary.records, entries_of(diary)
    altered = changed(records, (2, "reason"), "另有原因")
    return {
        "the-last-dropped": bundle(diary, records[:-1]),
        "one-dropped": bundle(diary, records[:2] + records[3:], entries[:2] + entries[3:]),
        "reordered": bundle(diary, [records[1], records[0], *records[2:]]),
        "back-dated": bundle(diary, changed(records, (3, "time"), "2026-03-11T02:00:00Z")),
        "altered": bundle(diary, altered),
        "entry-missing": bundle(diary, entries=entries[1:]),
        "entry-more": bundle(diary, entries=[*entries, entries[0]]),
        "entries-reordered": bundle(diary, entries=[entries[1], entries[0], *entries[2:]]),
        "entry-of-another-record": bundle(
            diary, entries=changed(entries, (5, "details", "record"), "0" * 64)
        ),
        "entry-of-another-operator": bundle(diary, entries=changed(entries, (5, "operator"), "乙")),
        "entry-of-another-time": bundle(diary, entries=changed(entries, (5, "time"), "2026-03-12T00:00:00Z")),
        "entry-without-a-record": bundle(Diary(diary.draw), entries=entries[:1]),
    }
