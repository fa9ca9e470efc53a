"""§2 to §6: canonical JSON, hashes, the tree, the keystream, predicates."""

from collections.abc import Callable
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios.cases import Case, Scenario, bad, good, key_of, nested

LARGEST = 2**53 - 1


def encoding_scenarios() -> list[Scenario]:
    """The scenarios of these sections."""
    return [
        Scenario("encode", "§2", "values and the hex of their canonical JSON", encodings()),
        Scenario("decode", "§2", "bytes read as one value of canonical JSON", decodings()),
        Scenario("decode_lines", "§2", "bytes read as JSON Lines", line_decodings()),
        Scenario("tagged", "§3", "T (mode empty) and D", tags()),
        Scenario("root", "§4", "roots of 0 to 8 and 21 byte strings", roots()),
        Scenario("words", "§5", "the first words of a stream, as 16 hex digits each", words()),
        Scenario("below", "§5", "integers below bounds, one after the other from one stream", integers()),
        Scenario("shuffle", "§5", "0, 1, ... shuffled", shuffles()),
        Scenario("predicate", "§6", "whether a predicate holds for a record", predicates()),
    ]


def encodings() -> list[Case]:
    values: dict[str, Any] = {
        "an empty object": {},
        "an empty array": [],
        "keys by their bytes": {"b": 1, "a": 2, "B": 3, "aa": 4, "": 5, "~": 6, "10": 7, "9": 8},
        "keys by their bytes before escaping": {"#": 1, '"': 2, "!": 3, "\\": 4, "[": 5, "]": 6, "\x7f": 7},
        "keys with control characters": {" ": 1, "\n": 2, "\x1f": 3, "": 4, "\x00": 5, "\t!": 6, "\t\x01": 7},
        "integers": [0, -1, LARGEST, -LARGEST],
        "short escapes": '"\\\b\t\n\f\r',
        "other control characters": "".join(map(chr, range(32))) + "\x7f",
        "nothing else is escaped": "/<>&'\u0080\u2028\u2029\ufeff\ufffe",
        "composed and decomposed": ["é", "e\u0301", "Å", "\u212b"],
        "outside the BMP": "𠮷野家😀",
        "nested 64 deep": nested(64, "x", "")[0],
    }
    return [good(case, value=value) for case, value in values.items()]


ACCEPTED: dict[str, bytes] = {
    "an object": b'{"a":[1,"x",{}],"b":-7}',
    "a string alone": '"甲"'.encode(),
    "an integer alone": b"9007199254740991",
    "keys by their bytes before escaping": b'{"!":1,"\\"":2,"#":3,"[":4,"\\\\":5,"]":6}',
    "keys with control characters": b'{"":1,"\\u0000":2,"\\n":3,"\\u001f":4," ":5}',
    "two forms of one name": '["é","e\u0301"]'.encode(),
    "outside the BMP": '"𠮷"'.encode(),
    "delete stands for itself": b'"\x7f"',
    "64 objects inside one another": b'{"a":' * 63 + b"{}" + b"}" * 63,
    "64 arrays inside one another": b"[" * 64 + b"]" * 64,
}
REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "space after a colon": b'{"a": 1}',
    "space before": b" 1",
    "trailing newline": b"1\n",
    "two values": b"1 2",
    "keys out of order": b'{"b":1,"a":2}',
    "keys out of order, by case": b'{"a":1,"B":2}',
    "keys out of order, a quote": b'{"#":1,"\\"":2}',
    "keys out of order, a control character": b'{" ":1,"\\n":2}',
    "a key written with \\u for \\n": b'{"\\u000a":1}',
    "a raw control character in a key": b'{"\n":1}',
    "duplicate key": b'{"a":1,"a":1}',
    "duplicate key, other value": b'{"a":1,"a":2}',
    "non-ASCII key": '{"é":1}'.encode(),
    "escaped key": b'{"\\u0061":1}',
    "minus zero": b"-0",
    "leading zero": b"01",
    "plus sign": b"+1",
    "fraction": b"1.0",
    "exponent": b"1e3",
    "integer too large": b"9007199254740992",
    "integer too small": b"-9007199254740992",
    "five thousand digits": b"1" * 5000,
    "true": b"true",
    "false in an array": b"[false]",
    "null": b"null",
    "null as a member": b'{"a":null}',
    "not a number": b"NaN",
    "infinity": b"-Infinity",
    "lone surrogate, escaped": b'"\\ud800"',
    "lone surrogate, in the bytes": b'"\xed\xa0\x80"',
    "surrogate pair, escaped": b'"\\ud842\\udfb7"',
    "escaped slash": b'"\\/"',
    "escaped letter": b'"\\u0041"',
    "escaped quote as \\u": b'"\\u0022"',
    "newline as \\u": b'"\\u000a"',
    "upper-case hex escape": b'"\\u001F"',
    "raw control character": b'"\n"',
    "byte order mark": b'\xef\xbb\xbf"x"',
    "overlong UTF-8": b'"\xc1\x81"',
    "cut UTF-8": b'"\xe7\x94"',
    "UTF-16": '"x"'.encode("utf-16"),
    "single quotes": b"'x'",
    "trailing comma": b"[1,]",
    "comment": b"1//",
    "arrays and objects, 65 together": b'[{"a":' * 32 + b"[]" + b"}]" * 32,
    "65 arrays inside one another": b"[" * 65 + b"]" * 65,
    "2,000 open brackets": b"[" * 2000,
    "unclosed": b'{"a":1',
}


def decodings() -> list[Case]:
    cases = [good(case, data=data.hex()) for case, data in ACCEPTED.items()]
    return cases + [bad(case, "invalid", data=data.hex()) for case, data in REFUSED.items()]


def line_decodings() -> list[Case]:
    return [
        good("no bytes, no values", data=""),
        good("two lines", data=b'{"a":1}\n"\xc2\x85"\n'.hex()),
        bad("no newline at the end", "invalid", data=b"1\n2".hex()),
        bad("an empty line", "invalid", data=b"1\n\n2\n".hex()),
        bad("only a newline", "invalid", data=b"\n".hex()),
        bad("carriage return", "invalid", data=b"1\r\n".hex()),
        bad("a value on two lines", "invalid", data=b"[1,\n2]\n".hex()),
        bad("a line not canonical", "invalid", data=b'1\n{"b":1,"a":1}\n'.hex()),
    ]


def tags() -> list[Case]:
    one, two = b"a".hex(), b"b".hex()
    return [
        good("no fields", mode="", name="plan", fields=[]),
        good("an empty field is a field", mode="", name="plan", fields=[""]),
        good("two fields", mode="", name="plan", fields=[one, two]),
        good("one field of the same bytes", mode="", name="plan", fields=[one + two]),
        good("a draw", mode="real", name="closing", fields=[one]),
        good("a rehearsal", mode="rehearsal", name="closing", fields=[one]),
        good("the mode is a part of the name", mode="", name="real/closing", fields=[one]),
        good("a long field", mode="real", name="result", fields=["61" * 1000]),
    ]


def roots() -> list[Case]:
    sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 21]
    cases = [good(f"{n} leaves", data=[key_of(i).hex() for i in range(n)]) for n in sizes]
    return [*cases, good("an empty leaf", data=[""]), good("two of one value", data=["00", "00"])]


def words() -> list[Case]:
    return [good(f"{count} words", key=key_of(count).hex(), count=count) for count in (1, 4, 5, 13)]


def integers() -> list[Case]:
    half, whole = 2**63 + 1, 2**64
    once = searched(lambda words: words[0] >= half > words[1])
    twice = searched(lambda words: words[0] >= half and words[1] >= half > words[2])
    last = searched(lambda words: words[0] >= whole - whole % 3_000_000_000_000_000_000)
    return [
        good("below 1 takes a word", key=key_of(0).hex(), bounds=["1", "10", "1", "10"]),
        good("small bounds", key=key_of(1).hex(), bounds=[str(n) for n in range(1, 20)]),
        good("2^64: every word", key=key_of(2).hex(), bounds=[str(whole)] * 3),
        good("2^64 - 1", key=key_of(3).hex(), bounds=[str(whole - 1)] * 3),
        good("2^63 + 1, one word rejected", key=once, bounds=[str(half), "1000"]),
        good("2^63 + 1, two words rejected", key=twice, bounds=[str(half), "1000"]),
        good("a bound that leaves a remainder, rejected", key=last, bounds=["3000000000000000000", "7"]),
        good("a power of two", key=key_of(4).hex(), bounds=[str(2**40), "2", str(2**63)]),
    ]


def searched(wanted: Callable[[list[int]], bool]) -> str:
    """The first key whose first words are as wanted."""
    number = 0
    while True:
        stream = verify.Stream(key_of(number)).words
        if wanted([next(stream) for _ in range(3)]):
            return key_of(number).hex()
        number += 1


def shuffles() -> list[Case]:
    return [good(f"{n} elements", key=key_of(n).hex(), length=n) for n in (0, 1, 2, 3, 10, 50)]


COLUMNS = ["town", "columns", "visits", "opened"]
FIRM = {
    "id": "91-甲",
    "name": "Café 𠮷",
    "status": "in_business",
    "columns": {"town": "东镇", "visits": "v", "opened": "2026-02-28"},
    "visits": ["2026-01-01"],
}
OFFICER = {
    "id": "P1",
    "name": "人",
    "unit": "",
    "department": "消防",
    "district": "东镇",
    "qualifications": ["执法", "检验"],
    "certificates": [{"number": "1"}],
}


def predicates() -> list[Case]:
    return [*firm_predicates(), *officer_predicates(), *invalid_predicates()]


def firm_predicates() -> list[Case]:
    shown: dict[str, Any] = {
        "eq": ["eq", "town", "东镇"],
        "eq, not equal": ["eq", "town", "东镇 "],
        "eq, a decomposed name": ["eq", "name", "Cafe\u0301 𠮷"],
        "eq, an absent field": ["eq", "columns", ""],
        "in": ["in", "status", ["revoked", "in_business"]],
        "in, no element equal": ["in", "town", ["东", "镇"]],
        "in, twice the same": ["in", "town", ["东镇", "东镇"]],
        "prefix": ["prefix", "id", "91"],
        "prefix, longer than the value": ["prefix", "id", "91-甲乙"],
        "prefix, empty: the field is present": ["prefix", "town", ""],
        "prefix, empty: the field is absent": ["prefix", "columns", ""],
        "ge, equal": ["ge", "opened", "2026-02-28"],
        "ge, before": ["ge", "opened", "2026-03-01"],
        "le": ["le", "opened", "2026-03-01"],
        "le, a prefix is smaller": ["le", "id", "91-甲甲"],
        "ge, by UTF-8 and not by UTF-16": ["ge", "name", "Café \uffff"],
        "ge, an absent field": ["ge", "columns", ""],
        "le, an absent field": ["le", "columns", "z"],
        "and of nothing": ["and"],
        "or of nothing": ["or"],
        "and": ["and", ["prefix", "id", "91"], ["eq", "town", "西镇"]],
        "or": ["or", ["prefix", "id", "92"], ["eq", "town", "东镇"]],
        "not": ["not", ["eq", "columns", "x"]],
        "an alias named visits is the column": ["eq", "visits", "v"],
        "32 deep": nested(31, ["eq", "town", "东镇"], "not"),
    }
    return [
        good(case, kind="entity", columns=COLUMNS, predicate=predicate, record=FIRM)
        for case, predicate in shown.items()
    ]


def officer_predicates() -> list[Case]:
    shown: dict[str, Any] = {
        "eq on an array": ["eq", "qualifications", "检验"],
        "in on an array": ["in", "qualifications", ["组长", "执法"]],
        "prefix on an array": ["prefix", "qualifications", "检"],
        "not eq on an array: no element": ["not", ["eq", "qualifications", "执法"]],
        "ge and le by different elements": ["and", ["ge", "qualifications", "检"], ["le", "qualifications", "打"]],
        "an empty string is present": ["prefix", "unit", ""],
        "eq empty": ["eq", "unit", ""],
    }
    cases = [
        good(case, kind="inspector", columns=COLUMNS, predicate=predicate, record=OFFICER)
        for case, predicate in shown.items()
    ]
    empty = OFFICER | {"qualifications": []}
    absent = ["prefix", "qualifications", ""]
    return [*cases, good("an empty array", kind="inspector", columns=[], predicate=absent, record=empty)]


def invalid_predicates() -> list[Case]:
    shown: dict[str, Any] = {
        "unknown name": ["ne", "town", "x"],
        "no name": [],
        "a name that is no string": [1, "town", "x"],
        "no array": "and",
        "an object": {"eq": "x"},
        "eq with too few": ["eq", "town"],
        "eq with too many": ["eq", "town", "x", "y"],
        "eq with an array": ["eq", "town", ["x"]],
        "eq with an integer": ["eq", "town", 1],
        "in with a string": ["in", "town", "x"],
        "in with nothing": ["in", "town", []],
        "in with an integer": ["in", "town", ["x", 1]],
        "not with two": ["not", ["and"], ["and"]],
        "not with none": ["not"],
        "a part that is no predicate": ["and", ["and"], "town"],
        "unknown field": ["eq", "village", "x"],
        "a field that is no string": ["eq", ["town"], "x"],
        "a field of the other kind": ["eq", "district", "x"],
        "33 deep": nested(32, ["eq", "town", "x"], "not"),
    }
    cases = [
        bad(case, "invalid", kind="entity", columns=COLUMNS, predicate=predicate, record=FIRM)
        for case, predicate in shown.items()
    ]
    foreign = {"a column": ["eq", "town", "x"], "certificates": ["eq", "certificates", "1"]}
    return cases + [
        bad(f"inspectors: {case}", "invalid", kind="inspector", columns=COLUMNS, predicate=p, record=OFFICER)
        for case, p in foreign.items()
    ]
