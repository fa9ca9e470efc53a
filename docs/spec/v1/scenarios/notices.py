"""§17: the commit notice, the places of its entries in the log, witness statements, and the order in time of §18."""

from dataclasses import replace
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import signing, world
from docs.spec.v1.scenarios.cases import GONE, Case, Record, Scenario, bad, changed, good, key_of
from docs.spec.v1.scenarios.reference import inputs_of

CLOSED = key_of(3)  # a closing digest
LATER = "2026-03-02T02:10:00Z"
PERSONS = ["甲", "乙"]


def notice_scenarios() -> list[Scenario]:
    """The scenarios of this section."""
    return [
        Scenario("notice", "§17", "the commit notice of a draw", notices()),
        Scenario("log", "§17", "the head of a log in which freeze and closing have their places", logs()),
        Scenario("witness", "§17", "witness statements; out: the exit code of a real draw, §18", witnesses()),
    ]


def notices() -> list[Case]:
    stamp = {"deadline": world.DEADLINE, "head": key_of(4).hex(), "time": world.TIME}
    kl8 = {"issue": "2026051", "source": "kl8", "fallback": [{"issue": "2026052", "source": "kl8"}]}
    base = world.draw_of()
    draws = {
        "nobody may contribute": base,
        "two contributors": replace(base, contributors=PERSONS),
        "with a fallback": replace(base, announced=[kl8], values=[]),
    }
    return [good(case, inputs=inputs_of(draw), stamp=stamp, late=None) for case, draw in draws.items()]


def notice_of(contributors: list[str], head: str = "0" * 64) -> Record:
    committed = {"inspectors": key_of(1).hex(), "targets": key_of(2).hex()}
    told: Record = {
        "authority": "某某县市场监督管理局",
        "commitments": committed,
        "contributors": contributors,
    }
    told |= {"deadline": world.DEADLINE, "draw": 7, "head": head, "mode": "real", "plan": "411000-2026-01"}
    told |= {"sizes": {"inspectors": 6, "recusals": 2, "registry": 5}, "spec": "v1", "time": world.TIME}
    return told | {"values": [{"issue": "2026051", "source": "kl8"}]}


def logs() -> list[Case]:
    earlier = world.earlier_log()
    head = verify.chain(earlier)[1]
    both = {contributors: notice_of(PERSONS if contributors else [], head) for contributors in (False, True)}

    def entry(verb: str, draw: int = 7, mode: str = "real", **details: Any) -> Record:
        told = {"draw": draw, "mode": mode} | details
        return {"details": told, "operator": "甲", "time": world.TIME, "verb": verb}

    none = verify.tagged("changes", b"").hex()
    freeze = entry("freeze", commitments=both[True]["commitments"], changes=none)
    close, seed, drawn = entry("close", closing=CLOSED.hex()), entry("seed"), entry("draw")
    other = [entry(verb, draw=8) for verb in ("close", "seed")] + [entry("close", mode="rehearsal")]
    accepted: dict[str, tuple[bool, list[Record]]] = {
        "nobody may contribute": (False, [freeze, seed, drawn]),
        "a closing nobody asked for": (False, [freeze, seed, close]),
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
    }
    cases = [
        good(case, notice=both[asked], late=None, changes=[], log=verify.chain([*earlier, *log])[0])
        for case, (asked, log) in accepted.items()
    ]
    cases += [
        bad(case, "log", notice=both[asked], late=None, changes=[], log=verify.chain([*earlier, *log])[0])
        for case, (asked, log) in refused.items()
    ]
    for case, verb in (("a closing before the freeze", close), ("a seed before the freeze", seed)):
        before = [*earlier, verb]
        notice = notice_of([], verify.chain(before)[1])
        cases.append(
            bad(case, "log", notice=notice, late=None, changes=[], log=verify.chain([*before, freeze])[0])
        )
    return [*cases, bad("no entries", "log", notice=both[False], late=None, changes=[], log=[])]


def statement(notice: Record, of: str = "notice", name: str = "某某公证处", time: str = LATER) -> Record:
    digest = verify.tagged("notice", verify.encode(notice)) if of == "notice" else CLOSED
    return signing.seen(notice, digest, of, name, time)


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
    faults = witness_faults(alone, seen)
    both = sorted([seen, receipt], key=verify.encode)
    faults |= {"out of order": both[::-1], "twice": [seen, seen], "no object": ["x"]}
    return cases + [bad(case, "witness", **given(alone, some, [notary])) for case, some in faults.items()]


def given(notice: Record, statements: list[Any], trust: list[str]) -> Record:
    return {"notice": notice, "closing": CLOSED.hex(), "late": None, "statements": statements, "trust": trust}


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
        "a signature and a receipt": edited("receipt", "x"),
        "an empty receipt": [statement(notice) | {"receipt": ""}],
        "neither signature nor receipt": [statement(notice)],
        "another member": edited("note", "x"),
        "a key of small order": [
            statement(notice) | {"key": "01" + "00" * 31, "signature": "01" + "00" * 63}
        ],
    }
