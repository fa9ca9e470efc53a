"""§10 and §11: public values, seeds, keys."""

from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import signing, world
from docs.spec.v1.scenarios.cases import Case, Record, Scenario, bad, good, key_of


def value_scenarios() -> list[Scenario]:
    """The scenarios of these sections."""
    return [
        Scenario("announced", "§10, §11", "announced values; out: how many", announcements()),
        Scenario("values", "§11", "the product of the outcomes of public values", public_values()),
        Scenario("seeds", "§11", "the seeds of both stages", seeds()),
        Scenario("key", "§11", "keys made from a seed", keys()),
    ]


def announcements() -> list[Case]:
    kl8, dice = {"issue": "2026051", "source": "kl8"}, {"issue": "1", "source": "dice"}
    later, short = kl8 | {"issue": "2026052"}, {"issue": "26025", "source": "ssq"}
    by_hand = {"issue": "1", "source": "explicit"}
    faults: dict[str, Any] = {
        "none": [],
        "no array": kl8,
        "twice": [kl8, kl8],
        "unknown source": [{"issue": "1", "source": "pl3"}],
        "a source that is no string": [{"issue": "1", "source": ["kl8"]}],
        "no issue": [{"source": "kl8"}],
        "issue a number": [{"issue": 2026051, "source": "kl8"}],
        "issue empty": [kl8 | {"issue": ""}],
        "issue of 13 digits": [kl8 | {"issue": "1" * 13}],
        "issue with a letter": [kl8 | {"issue": "2026051a"}],
        "issue with a full-width digit": [kl8 | {"issue": "２"}],
        "issue of dice": [{"issue": "2", "source": "dice"}],
        "issue of an explicit seed": [{"issue": "01", "source": "explicit"}],
        "with its value": [kl8 | {"value": world.KL8}],
        "no fallback": [kl8 | {"fallback": []}],
        "a fallback that is no array": [kl8 | {"fallback": later}],
        "a fallback with a fallback": [kl8 | {"fallback": [later | {"fallback": [dice]}]}],
        "a fallback of an unknown source": [kl8 | {"fallback": [later | {"source": "pl3"}]}],
        "issue of dice as a fallback": [kl8 | {"fallback": [dice | {"issue": "2"}]}],
        "itself as a fallback": [kl8 | {"fallback": [kl8]}],
        "a fallback twice": [kl8 | {"fallback": [later, later]}],
        "one fallback of two": [kl8 | {"fallback": [dice]}, later | {"fallback": [dice]}],
        "a fallback that is announced too": [kl8 | {"fallback": [later]}, later],
        "one drawing under two spellings": [kl8, kl8 | {"issue": "26051"}],
        "issues of different numbers of digits": [later, kl8 | {"issue": "02026051"}],
        "a fallback under another spelling": [kl8 | {"fallback": [kl8 | {"issue": "26051"}]}],
        "fallbacks of two with different numbers of digits": [
            kl8 | {"fallback": [short]},
            later | {"fallback": [short | {"issue": "2026026"}]},
        ],
        "dice with a fallback": [dice | {"fallback": [kl8]}],
        "dice with a fallback, beside another drawing": [kl8, dice | {"fallback": [later]}],
        "an explicit seed with a fallback": [by_hand | {"fallback": [kl8]}],
        "dice with an explicit seed as a fallback": [dice | {"fallback": [by_hand]}],
        "dice as a fallback before another": [kl8 | {"fallback": [dice, later]}],
        "an explicit seed as a fallback before another": [kl8 | {"fallback": [by_hand, later]}],
        "dice as the second fallback of three, of the second drawing": [
            kl8,
            later | {"fallback": [short, dice, kl8 | {"issue": "2026053"}]},
        ],
    }
    cases = [
        good("a fallback", announced=[kl8 | {"fallback": [later]}]),
        good("fallbacks of several sources", announced=[kl8 | {"fallback": [later, dice]}]),
        good("dice as the only fallback", announced=[kl8 | {"fallback": [dice]}]),
        good(
            "last fallbacks of two made by hand",
            announced=[kl8 | {"fallback": [dice]}, later | {"fallback": [by_hand]}],
        ),
        good("one", announced=[kl8]),
        good("two issues of one source", announced=[kl8, kl8 | {"issue": "2026052"}]),
        good("issues of two sources, of different numbers of digits", announced=[kl8, later, short]),
        good("one issue of two sources", announced=[kl8, kl8 | {"source": "ssq"}, {"issue": "1", "source": "dice"}]),
    ]
    return cases + [bad(case, "commitment", announced=fault) for case, fault in faults.items()]


def public_values() -> list[Case]:
    accepted = {
        "kl8": [world.KL8, "".join(f"{n:02}" for n in range(61, 81))],
        "fc3d": ["000", "987"],
        "pl5": ["00000"],
        "qxc": ["00000000", "99999914"],
        "ssq": ["01020304053316", "28293031323301"],
        "dlt": ["01020304350112", "31323334351112"],
        "dice": ["0" * 20, "9" * 20],
        "explicit": ["0a" * 32],
    }
    refused = {
        "kl8": [
            world.KL8[:38],
            world.KL8 + "80",
            world.KL8[2:] + world.KL8[:2],
            "00" + world.KL8[2:],
            world.KL8[:38] + "81",
        ],
        "fc3d": ["12", "1234", "12a", "１２３", "", "12\n"],
        "pl5": ["1234", "123456"],
        "qxc": ["00000015", "0000000", "000000014"],
        "ssq": [
            "01020304053317",
            "01020304053300",
            "01020304053416",
            "01020305043316",
            "01010304053316",
            "010203040533",
        ],
        "dlt": ["01020304360112", "01020304350113", "01020304351201", "01020304350101", "00020304350112"],
        "dice": ["", "1" * 19, "9" * 21, "1 2" + "0" * 17],
        "explicit": ["0A" * 32, "0a" * 31, "0x" + "0a" * 31],
    }
    cases = [
        good(f"{source} {value}", **one_value("rehearsal", source, value))
        for source, values in accepted.items()
        for value in values
    ]
    cases += [
        bad(f"{source} {value!r}", "seed", **one_value("rehearsal", source, value))
        for source, values in refused.items()
        for value in values
    ]
    return cases + entropies() + value_lists()


def one_value(mode: str, source: str, value: Any) -> Record:
    drawing = {"issue": "1", "source": source}
    return {"mode": mode, "announced": [drawing], "values": [drawing | {"value": value}]}


def several(*pairs: tuple[str, str]) -> Record:
    announced = [{"issue": "1", "source": source} for source, _ in pairs]
    values = [{"issue": "1", "source": source, "value": value} for source, value in pairs]
    return {"mode": "real", "announced": announced, "values": values}


def entropies() -> list[Case]:
    ssq, dlt, qxc, pl5 = (
        *(("ssq", "01020304053316"), ("dlt", "01020304350112")),
        *(("qxc", "00000000"), ("pl5", "12345")),
    )
    return [
        good("real, kl8 alone", **one_value("real", "kl8", world.KL8)),
        good("real, dice", **one_value("real", "dice", "1" * 20)),
        bad("real, 18 dice", "seed", **one_value("real", "dice", "1" * 18)),
        good("real, three lotteries", **several(ssq, dlt, qxc)),
        bad("real, two lotteries", "seed", **several(ssq, dlt)),
        good("real, ssq, dlt and dice", **several(ssq, dlt, ("dice", "1234" * 5))),
        good("real, ssq, pl5 and qxc", **several(ssq, pl5, qxc)),
        bad("real, explicit", "seed", **one_value("real", "explicit", "0a" * 32)),
        bad("real, explicit beside kl8", "seed", **several(("kl8", world.KL8), ("explicit", "0a" * 32))),
    ]


def value_lists() -> list[Case]:
    first, second = {"issue": "1", "source": "fc3d"}, {"issue": "2", "source": "fc3d"}
    one, two = first | {"value": "111"}, second | {"value": "222"}
    both = [first, second]
    faults: dict[str, Any] = {
        "another order": [two, one],
        "one missing": [one],
        "one more": [one, two, first | {"issue": "3", "value": "333"}],
        "another issue": [one, two | {"issue": "3"}],
        "no array": {"issue": "1"},
        "no value": [one, second],
        "value a number": [one, second | {"value": 222}],
        "another key": [one, two | {"note": "x"}],
    }
    cases = [good("two issues", mode="rehearsal", announced=both, values=[one, two])]
    cases += [bad(k, "seed", mode="rehearsal", announced=both, values=v) for k, v in faults.items()]
    return cases + fallbacks()


def fallbacks() -> list[Case]:
    first, later = {"issue": "2026051", "source": "kl8"}, {"issue": "2026052", "source": "kl8"}
    dice, explicit = {"issue": "1", "source": "dice"}, {"issue": "1", "source": "explicit"}
    number = {"issue": "9", "source": "pl5"}
    kl8, thrown = {"value": world.KL8}, dice | {"value": world.DICE}
    told = {"mode": "real", "announced": [first | {"fallback": [later, dice]}]}
    two = {"mode": "real", "announced": [*told["announced"], number]}
    digits = number | {"value": "12345"}
    by_hand = {"mode": "real", "announced": [first | {"fallback": [explicit]}]}
    return [
        good("the announced drawing", **told, values=[first | kl8]),
        good("its first fallback", **told, values=[later | kl8]),
        good("its second fallback", **told, values=[thrown]),
        good("a fallback and another value", **two, values=[thrown, digits]),
        bad("a fallback of nothing", "seed", **told, values=[first | {"issue": "2026053"} | kl8]),
        bad("both it and a fallback", "seed", **told, values=[first | kl8, later | kl8]),
        bad("a fallback at another place", "seed", **two, values=[digits, thrown]),
        bad("a fallback of another form", "seed", **told, values=[dice | {"value": "1" * 18}]),
        bad("a fallback with fallbacks", "seed", **told, values=[later | kl8 | {"fallback": [dice]}]),
        bad("explicit announced as a fallback", "seed", **by_hand, values=[first | kl8]),
    ]


def seeds() -> list[Case]:
    committed = {"targets": key_of(1).hex(), "inspectors": key_of(2).hex()}
    values = {
        "dice": [("dice", "1", world.DICE)],
        "other dice": [("dice", "1", world.DICE[::-1])],
        "kl8 and ssq": [("kl8", "2026051", world.KL8), ("ssq", "2026025", "01020304053316")],
        "explicit": [world.EXPLICIT],
    }
    lists = {
        case: [{"issue": issue, "source": source, "value": value} for source, issue, value in drawn]
        for case, drawn in values.items()
    }
    modes = {case: "rehearsal" if case == "explicit" else "real" for case in lists}
    nobody: Record = {"commitments": committed, "contributions": [], "late": None}
    cases = [good(k, mode=modes[k], values=values, **nobody) for k, values in lists.items()]
    signed = signing.contribution("real", key_of(1), "丙", key_of(9))
    own: list[Record] = [signing.contribution("real", key_of(2), "丁", key_of(8))]
    nothing: Record = {"contributions": [], "values": lists["dice"]}
    given: list[Record] = [{"absent": 1, "person": "甲"}, {"person": "乙", "slip": "风调雨顺"}, signed]
    late_ones: dict[str, tuple[list[Record], Record]] = {
        "sealed late": ([], {"contributions": [], "values": lists["kl8 and ssq"]}),
        "sealed late, the same dice": ([], nothing),
        "sealed late, contributions to both": (given, nothing | {"contributions": own}),
    }
    some: Record = {"mode": "real", "commitments": committed, "values": lists["dice"], "late": None}
    alone = {  # of each other source one, with leading zeros: a value is text
        "fc3d": "098",
        "pl5": "00371",
        "qxc": "01234509",
        "ssq": "05111921283007",
        "dlt": "02081527340611",
        "kl8": world.KL8,
    }
    sources = {source: [{"issue": "2026051", "source": source, "value": value}] for source, value in alone.items()}
    return [
        *cases,
        good("dice, a rehearsal", mode="rehearsal", values=lists["dice"], **nobody),
        *(good(case, **some | {"contributions": first, "late": late}) for case, (first, late) in late_ones.items()),
        good("dice and contributions", contributions=given, **some),
        good("dice and a contributor who gave nothing", contributions=given[:1], **some),
        *(good(f"{source} alone", mode="rehearsal", values=values, **nobody) for source, values in sources.items()),
    ]


def keys() -> list[Case]:
    seed, number = key_of(5).hex(), verify.u64(3).hex()
    return [
        good("tickets", mode="real", stage="targets", seed=seed, name="tickets", fields=[]),
        good("tickets, a rehearsal", mode="rehearsal", stage="targets", seed=seed, name="tickets", fields=[]),
        good("rounding", mode="real", stage="targets", seed=seed, name="rounding", fields=["41", seed]),
        good("block order", mode="real", stage="inspectors", seed=seed, name="block-order", fields=[seed]),
        good("component", mode="real", stage="inspectors", seed=seed, name="component", fields=[number]),
    ]
