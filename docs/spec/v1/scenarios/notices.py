"""§17: the commit notice, the places of its entries in the log, witness statements, and the order in time of §18."""

from dataclasses import replace
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import features, signing, world
from docs.spec.v1.scenarios.cases import GONE, Case, Record, Scenario, bad, changed, good, key_of
from docs.spec.v1.scenarios.hours import before_the_hour, hours_told
from docs.spec.v1.scenarios.reference import inputs_of
from docs.spec.v1.scenarios.statements import CLOSED, LATER, PERSONS, given, notice_of, sealed, statement


def notice_scenarios() -> list[Scenario]:
    """The scenarios of this section."""
    return [
        Scenario("changes", "§16", "the changes digest of lines in their form and order", changes()),
        Scenario("notice", "§17", "the commit notice of a draw", notices()),
        Scenario("log", "§17", "the head of a log in which freeze and closing have their places", logs()),
        Scenario("witness", "§17", "witness statements; out: the exit code of a real draw, §18", witnesses()),
    ]


FULL: Record = {"approver": "李", "column": "town", "id": "91-01", "kind": "column", "now": "东镇", "reason": "迁址"}
FULL |= {"was": "西镇"}
BARE: Record = {"approver": "", "id": "91-02", "kind": "gone", "reason": ""}


def changes() -> list[Case]:
    digests: dict[str, Record] = {
        "none": {"changes": []},
        "one": {"changes": [FULL]},
        "two": {"changes": [BARE, FULL]},
        "by bytes, not by UTF-16": {"changes": [BARE | {"approver": name} for name in ("\uffff", "𠮷")]},
        "a column of another plan": {"changes": [FULL | {"column": "village"}]},
        "a column named status": {"changes": [FULL | {"column": "status"}]},
        "of inspectors sealed late": {"changes": [FULL], "late": True},
        "none, sealed late": {"changes": [], "late": True},
        "another draw": {"changes": [FULL], "draw": 8},
        "a rehearsal": {"changes": [FULL], "mode": "rehearsal"},
        "another key": {"changes": [FULL], "salt_key": key_of(2).hex()},
    }
    edits: dict[str, tuple[str, Any]] = {
        "no kind": ("kind", GONE),
        "kind empty": ("kind", ""),
        "id empty": ("id", ""),
        "no reason": ("reason", GONE),
        "a reason that is no text": ("reason", 1),
        "no approver": ("approver", GONE),
        "an approver that is no text": ("approver", 1),
        "a column that is no alias": ("column", "地区"),
        "what was, a number": ("was", 1),
        "another member": ("note", "x"),
    }
    faults: dict[str, Any] = {case: [changed(FULL, (path,), new)] for case, (path, new) in edits.items()}
    faults |= {"reversed": [FULL, BARE], "twice": [FULL, FULL], "no object": ["x"], "no array": {}}
    given: Record = {"mode": "real", "draw": 7, "salt_key": key_of(1).hex(), "late": False}
    return [good(case, **given | more) for case, more in digests.items()] + [
        bad(case, "notice", **given, changes=lines) for case, lines in faults.items()
    ]


def notices() -> list[Case]:
    stamp: Record = {"changes": key_of(6).hex(), "deadline": world.DEADLINE, "head": key_of(4).hex()}
    stamp |= {"hours": {}, "time": world.TIME}
    kl8 = {"issue": "2026051", "source": "kl8", "fallback": [{"issue": "2026052", "source": "kl8"}]}
    base = world.draw_of()
    draws = {
        "nobody may contribute": base,
        "two contributors": replace(base, contributors=PERSONS),
        "with a fallback": replace(base, announced=[kl8], values=[]),
    }
    cases = [good(case, inputs=inputs_of(draw), stamp=stamp, late=None) for case, draw in draws.items()]
    later = {"changes": key_of(7).hex(), "deadline": "2026-05-31", "head": key_of(5).hex(), "hours": {}, "time": LATER}
    late = {
        "sealed late": features.sealed_late(base),
        "sealed late, each with contributors of its own": features.sealed_late(
            replace(base, contributors=PERSONS), contributors=["丙"]
        ),
    }
    cases += [good(case, inputs=inputs_of(one), stamp=stamp, late=later) for case, one in late.items()]
    return [*cases, *hours_told(stamp, later)]


def logs() -> list[Case]:
    earlier = world.earlier_log()
    head = verify.chain(earlier)[1]
    both = {contributors: notice_of(PERSONS if contributors else [], head) for contributors in (False, True)}

    def entry(verb: str, draw: int = 7, mode: str = "real", **details: Any) -> Record:
        told = {"draw": draw, "mode": mode} | details
        return {"details": told, "operator": "甲", "time": world.TIME, "verb": verb}

    freeze = entry("freeze", **frozen(both[True]))
    close, seed, drawn = entry("close", closing=CLOSED.hex()), entry("seed"), entry("draw")
    other = [entry(verb, draw=8) for verb in ("close", "seed")] + [entry("close", mode="rehearsal")]
    accepted: dict[str, tuple[bool, list[Record]]] = {
        "nobody may contribute": (False, [freeze, seed, drawn]),
        "a closing nobody asked for": (False, [freeze, seed, close]),
        "two closings nobody asked for": (False, [freeze, close, seed, close]),
        "entries of a late seal that there is not": (False, [freeze, *map(entry, ("late-seed", "late-freeze")), seed]),
        "an entry without operator and verb": (False, [freeze | {"operator": ""}, entry("")]),
        "contributors": (True, [freeze, close, seed, drawn]),
        "entries of other draws anywhere": (True, [freeze, *other, close, seed]),
        "a closing, nothing after": (True, [freeze, close]),
    }
    refused: dict[str, tuple[bool, list[Record]]] = {
        "no freeze": (False, [seed]),
        "two freezes": (False, [freeze, freeze]),
        "no closing": (True, [freeze, seed, drawn]),
        "the closing of another draw": (True, [freeze, other[0], seed]),
        "two closings": (True, [freeze, close, close, seed]),
        "a closing after the seed": (True, [freeze, seed, close, drawn]),
        "a draw before the closing": (True, [freeze, drawn, close, seed]),
        "other commitments": (True, [changed(freeze, ("details", "commitments"), {}), close]),
        "another time": (True, [freeze | {"time": LATER}, close]),
        "no digest of changes": (True, [changed(freeze, ("details", "changes"), GONE), close]),
        "another digest of changes": (True, [changed(freeze, ("details", "changes"), "0" * 64), close]),
    }
    cases = [
        good(case, notice=both[asked], late=None, log=verify.chain([*earlier, *log])[0])
        for case, (asked, log) in accepted.items()
    ]
    cases += [
        bad(case, "log", notice=both[asked], late=None, log=verify.chain([*earlier, *log])[0])
        for case, (asked, log) in refused.items()
    ]
    for case, verb in (("a closing before the freeze", close), ("a seed before the freeze", seed)):
        before = [*earlier, verb]
        notice = notice_of([], verify.chain(before)[1])
        cases.append(bad(case, "log", notice=notice, late=None, log=verify.chain([*before, freeze])[0]))
    cases += late_logs()
    return [*cases, bad("no entries", "log", notice=both[False], late=None, log=[])]


def entry(verb: str, **details: Any) -> Record:
    told = {"draw": 7, "mode": "real"} | details
    return {"details": told, "operator": "甲", "time": world.TIME, "verb": verb}


def frozen(notice: Record) -> Record:
    """What an entry of a freeze says of the notice."""
    return {name: notice[name] for name in ("changes", "commitments")}


def late_logs() -> list[Case]:
    """Logs of inspectors sealed late: `first` up to the draw of the targets, and what may follow."""
    notice = changed(notice_of([]), ("commitments", "inspectors"), GONE)
    notice |= {"sizes": {"registry": 5}, "head": verify.chain(world.earlier_log())[1]}
    freeze = entry("freeze", **frozen(notice))
    first = [*world.earlier_log(), freeze, entry("seed"), entry("draw")]
    seed, match, close = entry("late-seed"), entry("match"), entry("late-close", closing=CLOSED.hex())
    cases = []

    def told(
        case: str, contributors: list[str], before: list[Record], *after: Record, fails: str = "", **told: Any
    ) -> None:
        own = changed(notice_of(contributors, verify.chain(before)[1]), ("commitments", "targets"), GONE)
        own |= {"sizes": {"inspectors": 6, "recusals": 2}, "deadline": "2026-05-31", "changes": key_of(7).hex()}
        late = entry("late-freeze", **frozen(own) | told)
        log = verify.chain([*before, *(late if one is FREEZE else one for one in after)])[0]
        cases.append(Case(case, {"notice": notice, "late": own, "log": log}, fails))

    told("late: nobody may contribute", [], first, FREEZE, seed, match)
    told("late: contributors", PERSONS, first, FREEZE, close, seed, match)
    told("late: before the seed of the targets", [], first[:-2], FREEZE, seed, *first[-2:], match)
    told("late: no late freeze", [], first, seed, match, fails="log")
    told("late: two late freezes", [], first, FREEZE, FREEZE, fails="log")
    told("late: the seed first", [], first, seed, FREEZE, match, fails="log")
    told("late: a seed before its freeze", [], [*first, seed], FREEZE, match, fails="log")
    told("late: a match before its freeze", [], [*first, match], FREEZE, seed, fails="log")
    told("late: no closing", PERSONS, first, FREEZE, seed, match, fails="log")
    told("late: the closing of the targets", PERSONS, first, FREEZE, entry("close"), seed, fails="log")
    told("late: a closing after the match", PERSONS, first, FREEZE, match, close, fails="log")
    told("late: a closing after the seed", PERSONS, first, FREEZE, seed, close, match, fails="log")
    told("late: a draw after the late freeze", [], first[:-1], FREEZE, seed, entry("draw"), match)
    told("late: other commitments", [], first, FREEZE, seed, match, fails="log", commitments={})
    told("late: the other digest of changes", [], first, FREEZE, seed, match, fails="log", changes=key_of(6).hex())
    told("late: no digest of changes", [], first, FREEZE, seed, match, fails="log", changes="")
    told("late: the other head", [], first, entry("check"), FREEZE, fails="log")
    own = changed(notice_of([], notice["head"]), ("commitments", "targets"), GONE)
    before = [*world.earlier_log(), entry("late-freeze", **frozen(own))]
    log = verify.chain([*before, *first[2:], seed, match])[0]
    later = notice | {"head": verify.chain(before)[1]}
    return [*cases, bad("late: before the freeze", "log", notice=later, late=own, log=log)]


FREEZE: Record = {}  # stands for the late freeze in late_logs


def witnesses() -> list[Case]:
    alone, asked = notice_of([]), notice_of(PERSONS)
    notary, bureau = signing.fingerprint(signing.NOTARY), signing.fingerprint(signing.BUREAU)
    seen = signing.signed(statement(alone), signing.NOTARY)
    receipt = statement(alone) | {"receipt": "卷宗第 12 页"}
    first = signing.signed(statement(asked), signing.NOTARY)
    second = signing.signed(statement(asked, "closing", "某某局", LATER), signing.BUREAU)
    by_notary = signing.signed(statement(asked, "closing"), signing.NOTARY)
    on_paper = statement(asked, "closing") | {"receipt": "卷宗第 13 页"}
    at_once = signing.signed(statement(alone, time=world.TIME), signing.NOTARY)
    closing_alone = signing.signed(statement(alone, "closing"), signing.NOTARY)
    accepted: dict[str, tuple[Record, list[Record], list[str]]] = {
        "nobody": (alone, [], [notary]),
        "signed, trusted": (alone, [seen], [notary]),
        "signed, trusted among others": (alone, [seen], [bureau, notary]),
        "signed, nobody trusted": (alone, [seen], []),
        "signed, another trusted": (alone, [seen], [bureau]),
        "a receipt": (alone, [receipt], [notary]),
        "a receipt and a signature": (alone, [seen, receipt], []),
        "by bytes, not by UTF-16": (alone, [receipt | {"name": name} for name in ("\uffff", "𠮷")], []),
        "at the time of the notice": (alone, [at_once], [notary]),
        "a closing witnessed, not the notice": (alone, [closing_alone], [notary]),
        "contributors, nobody": (asked, [], []),
        "contributors, the notice alone": (asked, [first], [notary]),
        "contributors, the closing alone": (asked, [second], [bureau]),
        "contributors, both by one": (asked, [first, by_notary], [notary]),
        "contributors, both by two": (asked, [first, second], [notary, bureau]),
        "contributors, one of two trusted": (asked, [first, second], [notary]),
        "contributors, neither trusted": (asked, [first, second], []),
        "contributors, a signature and a receipt": (asked, [first, on_paper], [notary]),
        "contributors, the closing by an unknown one too": (asked, [first, second, by_notary], [notary]),
    }
    cases = [
        good(case, **given(notice, sorted(some, key=verify.encode), trust))
        for case, (notice, some, trust) in accepted.items()
    ]
    cases += late_witnesses(alone, asked) + timely_witnesses(alone, asked) + before_the_hour()
    faults = witness_faults(alone, seen)
    late = changed(statement(alone), ("of",), "late-notice")
    faults["of a late notice that there is not"] = [signing.signed(late, signing.NOTARY)]
    both = sorted([seen, receipt], key=verify.encode)
    faults |= {"out of order": both[::-1], "twice": [seen, seen], "no object": ["x"]}
    return cases + [bad(case, "witness", **given(alone, some, [notary])) for case, some in faults.items()]


def late_witnesses(alone: Record, asked: Record) -> list[Case]:
    """Late notices beside those of the targets, the closing digest of each another."""
    notary = signing.fingerprint(signing.NOTARY)
    cases = []

    def told(case: str, notice: Record, late: Record, kinds: str, fails: str = "", paper: str = "", **new: Any) -> None:
        seen = verify.to_be_seen([notice, late], [CLOSED, key_of(6)])
        rows = []
        for kind in kinds.split():
            said = signing.seen(*seen[kind], kind, "某某公证处", "2026-03-02T05:00:00Z") | new
            rows.append(said | {"receipt": "卷宗"} if kind == paper else signing.signed(said, signing.NOTARY))
        asked_of = given(notice, sorted(rows, key=verify.encode), [notary])
        cases.append(Case(case, asked_of | {"late": sealed(late)}, fails))

    late, both = alone | {"time": LATER, "head": "11" * 32}, asked | {"time": LATER, "head": "11" * 32}
    told("late: both notices", alone, late, "notice late-notice")
    told("late: the first notice alone", alone, late, "notice")
    told("late: the late notice alone", alone, late, "late-notice")
    told("late: the late notice on paper", alone, late, "notice late-notice", paper="late-notice")
    told("late: all four", asked, both, "notice closing late-notice late-closing")
    told("late: no late closing", asked, both, "notice closing late-notice")
    told("late: a late closing, nobody may contribute first", alone, both, "notice late-notice late-closing")
    told("late: of the first notice as late", alone, late, "late-notice", "witness", digest=digest_of(alone))
    told("late: the first closing as late", asked, both, "late-closing", "witness", digest=CLOSED.hex())
    told("late: before the late notice", alone, late, "late-notice", "witness", time="2026-03-02T02:00:00Z")
    told("late: between the notices, of the first", alone, late, "notice", time="2026-03-02T02:00:00Z")
    return cases


def timely_witnesses(alone: Record, asked: Record) -> list[Case]:
    """Statements made before and after the seed was typed in."""
    notary = signing.fingerprint(signing.NOTARY)
    at, after, later = LATER, "2026-03-02T02:10:01Z", "2026-03-02T09:00:00Z"
    seen = signing.signed(statement(alone), signing.NOTARY)
    both = [signing.signed(statement(asked, of), signing.NOTARY) for of in ("closing", "notice")]
    again = signing.signed(statement(alone, time=after), signing.NOTARY)
    unknown = signing.signed(statement(alone, name="某某局"), signing.BUREAU)
    paper = statement(alone) | {"receipt": "卷宗第 12 页"}
    cases: dict[str, tuple[Record, list[Record], Record]] = {
        "at the seed": (alone, [seen], {"seed": at}),
        "before the seed": (alone, [seen], {"seed": after}),
        "a second after the seed": (alone, [again], {"seed": at}),
        "after and before": (alone, [again, seen], {"seed": at}),
        "by the trusted one after, by an unknown one before": (alone, [again, unknown], {"seed": at}),
        "on paper before, signed after": (alone, [again, paper], {"seed": at}),
        "on paper after": (alone, [paper], {"seed": world.TIME}),
        "both after": (asked, both, {"seed": world.TIME}),
        "no seed in the log": (alone, [seen], {}),
        "no seed but a late one": (alone, [seen], {"late-seed": later}),
    }
    good_ = [
        good(f"seeded: {case}", **given(notice, sorted(rows, key=verify.encode), [notary], seeded))
        for case, (notice, rows, seeded) in cases.items()
    ]
    late = alone | {"head": "11" * 32}
    digests = verify.to_be_seen([alone, late], [CLOSED, key_of(6)])
    rows = [
        signing.signed(signing.seen(*digests[of], of, "某某公证处", time), signing.NOTARY)
        for of, time in (("late-notice", after), ("notice", at))
    ]
    for case, seeded in {
        "late: each before its seed": {"seed": at, "late-seed": after},
        "late: the first after its seed": {"seed": world.TIME, "late-seed": after},
        "late: the late one after its seed": {"seed": after, "late-seed": at},
        "late: no late seed": {"seed": later},
    }.items():
        told = given(alone, sorted(rows, key=verify.encode), [notary], seeded) | {"late": sealed(late)}
        good_.append(good(f"seeded: {case}", **told))
    return good_


def digest_of(notice: Record) -> str:
    return verify.tagged("notice", verify.encode(notice)).hex()


def witness_faults(notice: Record, seen: Record) -> dict[str, list[Any]]:
    """One statement each that must be refused; what is wrong in it is signed, unless the signature is what is wrong."""

    def signed(path: str, new: Any) -> list[Any]:
        return [signing.signed(statement(notice) | {path: new}, signing.NOTARY)]

    def edited(path: str, new: Any) -> list[Any]:
        return [changed(seen, (path,), new)]

    return {
        "a bad signature": edited("signature", "00" * 64),
        "a signature of another key": edited("key", signing.public_key(signing.BUREAU).hex()),
        "a name changed afterwards": edited("name", "某某局"),
        "a time changed afterwards": edited("time", world.TIME),
        "another digest": signed("digest", key_of(8).hex()),
        "the digest of the closing": signed("digest", CLOSED.hex()),
        "of neither": signed("of", "result"),
        "another authority": signed("authority", "另一机关"),
        "another draw": signed("draw", 8),
        "another mode": signed("mode", "rehearsal"),
        "before the notice": signed("time", "2026-03-02T01:29:59Z"),
        "at no time": signed("time", "2026-03-02"),
        "name empty": signed("name", ""),
        "no signature": edited("signature", GONE),
        "no key": edited("key", GONE),
        "a key in capitals": edited("key", seen["key"].upper()),
        "a signature in capitals": edited("signature", seen["signature"].upper()),
        "a signature and a receipt": edited("receipt", "x"),
        "an empty receipt": [statement(notice) | {"receipt": ""}],
        "neither signature nor receipt": [statement(notice)],
        "another member": edited("note", "x"),
        "a key of small order": [statement(notice) | {"key": "01" + "00" * 31, "signature": "01" + "00" * 63}],
    }
