#!/usr/bin/env python3
"""核验双随机抽查的审计包 / Verify a draw of inspection targets and inspectors from an auditor's bundle alone.

    python verify.py BUNDLE [--trust FINGERPRINT]... [--rehearsal] [--json]

It needs Python 3.11 and its standard library only. It is meant to be read beside spec.md, from top to bottom: it
follows the sections in their order, and docstrings begin with the section that they carry out.
"""

import argparse
import hmac
import json
import math
import operator
import re
import struct
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, partial
from hashlib import sha256, sha512
from itertools import accumulate, count, pairwise
from pathlib import Path
from typing import Any

Record = dict[str, Any]  # a JSON object


class SpecError(Exception):
    """Something is not as the specification says; `place` (file, line, id, path, byte) grows on the way out."""

    def __init__(self, what: str, **place: str | int) -> None:
        super().__init__(what)
        self.what, self.place = what, place


def need(condition: bool, what: str, **place: str | int) -> None:
    if not condition:
        raise SpecError(what, **place)


@contextmanager
def at(**place: str | int) -> Iterator[None]:
    """Tell a failure inside the block where it is."""
    try:
        yield
    except SpecError as error:
        error.place = place | error.place
        raise


# ---------------------------------------------------------------------------------------------- §1 notation
def u64(number: int) -> bytes:
    """§1: eight bytes, most significant first."""
    return number.to_bytes(8, "big")


def lp(data: bytes) -> bytes:
    """§1: a byte string with its length before it."""
    return u64(len(data)) + data


def matches(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def is_date(value: Any) -> bool:
    """§1: a real day, YYYY-MM-DD. Dates are compared as text."""
    try:
        return matches("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and bool(date.fromisoformat(value))
    except ValueError:
        return False


# ----------------------------------------------------------------------------------------- §2 canonical JSON
MAX_INTEGER, MAX_JSON_BYTES, MAX_JSON_DEPTH = 2**53 - 1, 2**26, 64


def encode(value: Any) -> bytes:
    """§2: cj(x). The json module, called like this, writes exactly the form of §2 (where keys are ASCII)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def encode_lines(values: Iterable[Any]) -> bytes:
    """§2: JSON Lines."""
    return b"".join(encode(value) + b"\n" for value in values)


def check_json(value: Any, depth: int = 0) -> None:
    """§2: objects with ASCII keys, arrays, strings and small integers only; §18: at most 64 deep."""
    if isinstance(value, dict | list):
        need(depth < MAX_JSON_DEPTH, "JSON 嵌套过深 / JSON is nested too deep")
        keys, parts = (value.keys(), value.values()) if isinstance(value, dict) else ((), value)
        need(all(map(str.isascii, keys)), "JSON 键含非 ASCII 字符 / a key is not ASCII")
        for part in parts:
            check_json(part, depth + 1)
    elif type(value) is int:
        need(abs(value) <= MAX_INTEGER, "整数超出范围 / an integer is out of range")
    else:
        need(type(value) is str, "不许有小数、true、false、null / a fraction, true, false or null")


def decode(data: bytes) -> Any:
    """§2: read canonical JSON; bytes that differ from the re-encoding of what was read are refused."""
    need(len(data) <= MAX_JSON_BYTES, "JSON 过长 / JSON is too long")
    try:
        value = json.loads(data.decode())
        check_json(value)
        again = encode(value)
    except (ValueError, RecursionError):
        raise SpecError("不是合法的 UTF-8 JSON / not well-formed UTF-8 JSON") from None
    same_bytes(again, data, "JSON 不是规范形式 / JSON is not in its canonical form")
    return value


def decode_lines(data: bytes) -> list[Any]:
    """§2: JSON Lines."""
    need(not data or data.endswith(b"\n"), "末行没有换行符 / the last line has no newline")
    values = []
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        with at(line=number):
            values.append(decode(line))
    return values


def same_bytes(expected: bytes, found: bytes, what: str, start: int = 0) -> None:
    """Refuse bytes that differ, and say where; `start` is the place of the first of them."""
    if expected != found:
        pairs = enumerate(zip(expected, found, strict=False))
        shorter = min(len(expected), len(found))
        raise SpecError(what, byte=start + next((i for i, (a, b) in pairs if a != b), shorter))


# ------------------------------------------------------------------------------------------ §3 tagged hashes
def tagged(name: str, *fields: bytes) -> bytes:
    """§3: T(name, f1, ..., fk)."""
    return sha256(lp(f"shuangsuiji/v1/{name}".encode()) + b"".join(map(lp, fields))).digest()


def tagged_in(mode: str, name: str, *fields: bytes) -> bytes:
    """§3: D(name, f1, ..., fk) for a draw of this mode."""
    return tagged(f"{mode}/{name}", *fields)


# --------------------------------------------------------------------------------------------- §4 Merkle tree
def root(data: Sequence[bytes]) -> bytes:
    """§4: the root of RFC 6962, section 2.1."""
    if not data:
        return sha256().digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = 1 << (len(data) - 1).bit_length() - 1
    return sha256(b"\x01" + root(data[:k]) + root(data[k:])).digest()


def lead(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """§4: the root that a path leads to."""
    fits = 0 <= index < size and (len(path) > 0) == (size > 1)
    need(fits, "路径长度或位置不对 / a path of the wrong length, or a wrong index")
    if size == 1:
        return sha256(b"\x00" + leaf).digest()
    k = 1 << (size - 1).bit_length() - 1
    if index < k:
        return sha256(b"\x01" + lead(leaf, index, k, path[:-1]) + path[-1]).digest()
    return sha256(b"\x01" + path[-1] + lead(leaf, index - k, size - k, path[:-1])).digest()


# --------------------------------------------------------------------------------- §5 keystream and integers
class Stream:
    """§5: 64-bit words from a 32-byte key, and unbiased integers from the words."""

    def __init__(self, key: bytes) -> None:
        blocks = (sha256(key + u64(block)).digest() for block in count())
        self.words: Iterator[int] = (word for block in blocks for word in struct.unpack(">4Q", block))

    def below(self, n: int) -> int:
        limit = 2**64 // n * n
        return next(word for word in self.words if word < limit) % n

    def shuffle(self, items: list[int]) -> None:
        for x in range(len(items) - 1, 0, -1):
            r = self.below(x + 1)
            items[x], items[r] = items[r], items[x]


# ---------------------------------------------------------------------------------------------- §6 predicates
MAX_PREDICATE_DEPTH = 32
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "in": lambda value, choice: value in choice,
    "prefix": str.startswith,
    "ge": operator.ge,  # Python orders text by code points, which is the order of its UTF-8 bytes
    "le": operator.le,
}


def is_predicate(fields: tuple[str, ...], value: Any, depth: int = 1) -> bool:
    """§6: whether the value is a valid predicate over records of these fields."""
    if (
        not isinstance(value, list)
        or not value
        or not isinstance(value[0], str)
        or depth > MAX_PREDICATE_DEPTH
    ):
        return False
    name, *parts = value
    if name in ("and", "or", "not"):
        count_fits = name != "not" or len(parts) == 1
        return count_fits and all(is_predicate(fields, part, depth + 1) for part in parts)
    if name not in COMPARE or len(parts) != 2 or parts[0] not in fields:
        return False
    choice = parts[1] if name == "in" else [parts[1]]
    return isinstance(choice, list) and len(choice) >= 1 and all(isinstance(part, str) for part in choice)


def holds(predicate: Any, fields: Mapping[str, Any]) -> bool:
    """§6: whether a valid predicate holds for a record's fields, each a string or an array of strings."""
    name, *parts = predicate
    if name == "and":
        return all(holds(part, fields) for part in parts)
    if name == "or":
        return any(holds(part, fields) for part in parts)
    if name == "not":
        return not holds(parts[0], fields)
    value = fields.get(parts[0], [])
    return any(COMPARE[name](v, parts[1]) for v in ([value] if isinstance(value, str) else value))


# -------------------------------------------------------------------- forms of values, as the tables give them
TEXT, NAME, DIGEST = "(?s).*", "(?s).+", "[0-9a-f]{64}"  # shapes
is_one = partial(operator.eq, 1)


def one_of(*choice: str) -> Callable[[Any], bool]:
    return partial(operator.contains, choice)


def check(shape: Any, value: Any, path: str = "") -> None:
    """Refuse a value that has not this shape.

    A shape is: of a text, its pattern; of an integer, the least one; of an object, the shapes of its members ("key?"
    may be absent), or a tuple of such to choose from; of an array, the shape of its elements, their least number and,
    if they have an order, that of each and the next; or else a test of the value.
    """
    keys = value.keys() if isinstance(value, dict) else set()
    if isinstance(shape, tuple):
        shape = next((one for one in shape if one.keys() == keys), shape[0])
    parts: list[tuple[str, Any, Any]] = []
    if isinstance(shape, dict):
        shapes = {key.rstrip("?"): part for key, part in shape.items()}
        fits = isinstance(value, dict) and {key for key in shape if key[-1] != "?"} <= keys <= shapes.keys()
        parts = [(f".{key}", shapes[key], value[key]) for key in keys if fits]
    elif isinstance(shape, list):
        fits = isinstance(value, list) and len(value) >= shape[1]
        parts = [(f"[{number}]", shape[0], part) for number, part in enumerate(value if fits else ())]
    elif isinstance(shape, str):
        fits = matches(shape, value)
    else:
        fits = isinstance(value, int) and value >= shape if isinstance(shape, int) else shape(value)
    need(fits, "形式不合规范 / not of the form that the specification gives", path=path)
    for name, part_shape, part in parts:
        check(part_shape, part, path + name)
    if isinstance(shape, list):
        ordered = all(order(a, b) for order in shape[2:] for a, b in pairwise(value))
        need(ordered, "没有按序或重复 / out of order or twice", path=path)


# ------------------------------------------------------------------------------------------------ §7 the plan
ENTITY_FIELDS = ("id", "name", "status")
INSPECTOR_FIELDS = ("id", "name", "unit", "department", "district", "qualifications")
SLOT, NUMBER = "[a-z][a-z0-9_]{0,31}", "[A-Za-z0-9-]{1,64}"  # identifiers
ALIAS, REASON = f"(?!(id|name|status)$){SLOT}", f"(?!not_in_business$){SLOT}"
RATE = r"(0|[1-9][0-9]{0,2})(\.[0-9]{1,6})?%|(0|[1-9][0-9]{0,9})/([1-9][0-9]{0,8}|10{9})"


def rate_of(text: str) -> Fraction:
    """§7: the value of a rate."""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def is_rate(value: Any) -> bool:
    """§7."""
    return matches(RATE, value) and rate_of(value) <= 1


def plan_shape(columns: Iterable[str]) -> Record:
    """§7: the tables, for a plan with these aliases."""
    headings = {alias: NAME for alias in columns if matches(ALIAS, alias)}
    where, alias = partial(is_predicate, (*ENTITY_FIELDS, *columns)), one_of(*columns)
    quota = ({"count": 0}, {"rate": is_rate}, {"all": is_one})
    tier = {"id": NUMBER, "name": NAME, "where": where, "key?": alias, "quota": quota}
    task = {"id": NUMBER, "name": NAME, "pool": where, "slots": [TEXT, 2], "items": [NAME, 1]}
    pool, district = partial(is_predicate, INSPECTOR_FIELDS), one_of("any", "home", "away")
    by_visits = {"reason": REASON, "visits": 1, "since": is_date}
    return {
        "authority": NAME,
        "id": NUMBER,
        "version": 1,
        "columns": headings,
        "district?": alias,
        "window": {"from": is_date, "to": is_date},
        "exclusions": [({"reason": REASON, "where": where}, by_visits), 0],
        "slots": [{"id": SLOT, "pool": pool, "district": district}, 1],
        "blocks": {"max_targets": 1, "max_per_inspector": 1},
        "tasks": [task | {"tiers": [tier, 1]}, 1],
    }


def check_plan(plan: Any) -> None:
    """§7: the tables, and what they say of several values together."""
    columns = dig(plan, "columns")
    check(plan_shape(columns if isinstance(columns, dict) else {}), plan)
    slots, tasks = [slot["id"] for slot in plan["slots"]], plan["tasks"]
    need(plan["window"]["from"] <= plan["window"]["to"], "起止颠倒 / from after to", path=".window")
    need(len(slots) <= 16 and len(tasks) <= 1000, "席位或任务过多 / too many slots or tasks")
    known = all(set(task["slots"]) <= set(slots) for task in tasks)
    need(known, "任务用了未知席位 / a task names an unknown slot", path=".tasks")
    tiers = [[tier["id"] for tier in task["tiers"]] for task in tasks]
    for names in (slots, [task["id"] for task in tasks], *tiers, *(task["slots"] for task in tasks)):
        need(len(names) == len(set(names)), "编号重复 / an identifier occurs twice")


# --------------------------------------------------------------------------------- §8 records, salts, leaves
STATUSES = ("in_business", "revoked", "deregistered", "withdrawn", "moved_out")
CERTIFICATE = {"number": NAME, "from?": is_date, "to?": is_date, "cancelled?": NAME}


@dataclass(frozen=True)
class Draw:
    """All that a draw follows from."""

    mode: str  # "real" or "rehearsal"
    number: int
    salt_key: bytes
    plan: Record
    entities: list[Record]
    inspectors: list[Record]
    recusals: list[Record]
    announced: list[Record]  # {"issue", "source", "fallback" opt}
    values: list[Record]  # {"issue", "source", "value"}
    contributors: list[str]
    contributions: list[Record]  # of the closing


def entity_shape(columns: Iterable[str]) -> Record:
    """§8: an entity record over the plan's aliases."""
    named = {f"{alias}?": NAME for alias in columns}
    shape = {"id": NAME, "name": TEXT, "status": one_of(*STATUSES), "columns": named}
    return shape | {"visits?": [is_date, 1, operator.le]}


INSPECTOR = {
    **dict.fromkeys(("id", "name"), NAME),
    **dict.fromkeys(("unit", "department", "district"), TEXT),
    "qualifications": [TEXT, 0, operator.lt],
    "certificates": [CERTIFICATE, 0, lambda a, b: a["number"] < b["number"]],
    "undrawable?": NAME,
}


def recusal_shape(columns: Iterable[str]) -> tuple[Record, Record]:
    """§8: a recusal, from one entity or from all with a value in a column."""
    group = {"inspector": NAME, "column": one_of(*columns), "value": NAME}
    return {"inspector": NAME, "entity": NAME}, group


def check_list(records: Sequence[Any], shape: Any, order: Callable[[Any], Any]) -> None:
    """§8, §16, §17: every record has the shape, and the list is strictly ascending."""
    for line, record in enumerate(records, 1):
        with at(line=line, **identity(record)):
            check(shape, record)
    for line, (a, b) in enumerate(pairwise(records), 2):
        need(order(a) < order(b), "没有按序或重复 / out of order or twice", line=line, **identity(b))


def identity(record: Any) -> dict[str, str]:
    """The record's id, for the place of a failure."""
    return {"id": record["id"]} if isinstance(dig(record, "id"), str) else {}


def entity_fields(record: Record) -> Record:
    """§8: the fields of an entity record for predicates."""
    return {**record["columns"], **{name: record[name] for name in ENTITY_FIELDS}}


def salt(draw: Draw, kind: str, *identifier: str) -> bytes:
    """§8: salt(kind, id); that of the recusals has no id."""
    message = lp(f"shuangsuiji/v1/{draw.mode}/salt/{kind}".encode()) + u64(draw.number)
    return hmac.digest(draw.salt_key, message + b"".join(lp(i.encode()) for i in identifier), "sha256")


Sealed = tuple[bytes, Record]  # a leaf and its record


@dataclass(frozen=True)
class Part:
    """§8, §9: a whole list, a tier or a stratum: its leaves in ascending order, with their records."""

    name: str  # of a tier its id, of a stratum its cell
    sealed: list[Sealed]
    quota: int = 0  # of a tier
    strata: Sequence["Part"] = ()  # of a tier, as numbered

    @cached_property
    def root(self) -> bytes:
        return root([leaf for leaf, _ in self.sealed])

    def statement(self) -> Record:
        """§10: `registry`, `pool`, an element of `tiers` or of `strata`."""
        said: Record = {"root": self.root.hex(), "size": len(self.sealed)}
        inner = {"quota": self.quota, "strata": [stratum.statement() for stratum in self.strata]}
        return said | (inner if self.strata else {})


def seal(draw: Draw, kind: str, records: Iterable[Record]) -> Part:
    """§8: the records with their leaves, in ascending order of the leaves."""
    name = f"leaf/{kind}"
    leaves = [tagged_in(draw.mode, name, salt(draw, kind, r["id"]), encode(r)) for r in records]
    return Part(kind, sorted(zip(leaves, records, strict=True), key=operator.itemgetter(0)))


def recusals_digest(draw: Draw) -> bytes:
    """§8."""
    return tagged_in(draw.mode, "recusals", salt(draw, "recusals"), encode_lines(draw.recusals))


# ---------------------------------------------------------------------- §9 exclusions, tiers, strata, quotas
@dataclass(frozen=True)
class Task:
    """§9: a task's non-empty tiers in ascending order of their roots, and how many are in none, by reason."""

    id: str
    tiers: list[Part]
    outside: Counter[str]


def exclusion(plan: Record, record: Record, fields: Record) -> str:
    """§9: the first reason that applies, or "" if none does."""
    if record["status"] != "in_business":
        return "not_in_business"
    for rule in plan["exclusions"]:
        if "where" in rule:
            applies = holds(rule["where"], fields)
        else:
            applies = sum(day >= rule["since"] for day in record.get("visits", [])) >= rule["visits"]
        if applies:
            return str(rule["reason"])
    return ""


def stratify(plan: Record, registry: Part) -> list[Task]:
    """§9: the tiers and strata of every task, in the plan's order."""
    fields = [entity_fields(record) for _, record in registry.sealed]
    reasons = [exclusion(plan, record, f) for (_, record), f in zip(registry.sealed, fields, strict=True)]
    tasks = []
    for task in plan["tasks"]:
        outside: Counter[str] = Counter()
        members: dict[str, list[Sealed]] = defaultdict(list)
        for sealed, f, reason in zip(registry.sealed, fields, reasons, strict=True):
            if holds(task["pool"], f):
                tier = next((t["id"] for t in task["tiers"] if not reason and holds(t["where"], f)), "")
                members[tier].append(sealed)
                outside[reason or "未入层 in no tier"] += not tier
        tiers = [make_tier(tier, members[tier["id"]]) for tier in task["tiers"]]
        numbered = sorted((tier for tier in tiers if tier.sealed), key=operator.attrgetter("root"))
        tasks.append(Task(task["id"], numbered, +outside))
    return tasks


def make_tier(tier: Record, sealed: list[Sealed]) -> Part:
    """§9: base, quota and strata of one tier."""
    quota = quota_of(tier["quota"], len(sealed))
    need(quota <= len(sealed), "名额多于本层户数 / the count is above the tier's size", id=tier["id"])
    cells: dict[str, list[Sealed]] = defaultdict(list)
    for leaf, record in sealed:
        cells[record["columns"].get(tier["key"], "") if "key" in tier else ""].append((leaf, record))
    strata = [Part(cell, members) for cell, members in cells.items()]
    return Part(tier["id"], sealed, quota, sorted(strata, key=operator.attrgetter("root")))


def quota_of(quota: Record, size: int) -> int:
    """§9: n of a tier of N entities."""
    if "rate" in quota:
        return math.ceil(size * rate_of(quota["rate"]))
    return int(quota.get("count", size))


# ------------------------------------------------------------------------------------------ §10 commitments
def tasks_statement(tasks: Iterable[Task]) -> list[Record]:
    """§10: `tasks`."""
    return [{"id": task.id, "tiers": [tier.statement() for tier in task.tiers]} for task in tasks]


def make_statements(draw: Draw, parts: Record) -> Record:
    """§10: both; `parts` are registry, tasks, pool and recusals."""
    common = {"authority": draw.plan["authority"], "draw": draw.number, "mode": draw.mode, "spec": "v1"}
    common |= {"plan": tagged("plan", encode(draw.plan)).hex(), "suite": "sha256", "values": draw.announced}
    targets = common | {"stage": "targets", "registry": parts["registry"], "tasks": parts["tasks"]}
    inspectors = common | {"stage": "inspectors", "pool": parts["pool"], "recusals": parts["recusals"]}
    inspectors |= {"targets": commitment(draw.mode, targets).hex()}
    return {"inspectors": inspectors, "targets": targets}


def commitment(mode: str, said: Record) -> bytes:
    """§10: C(stage)."""
    return tagged_in(mode, f"commitment/{said['stage']}", encode(said))


# ------------------------------------------------------------------------- §11 closing, public values, seed
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # RFC 8032, section 5.1
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]  # x, y
NEUTRAL: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    """§11, RFC 8032, section 5.1: the sum of two points of the curve."""
    (x, y), (u, v) = a, b
    t = D * x * y * u * v
    return (x * v + u * y) * pow(1 + t, -1, P) % P, (y * v + x * u) * pow(1 - t, -1, P) % P


def times(n: int, point: Point) -> Point:
    """§11: the n-fold of a point."""
    result = NEUTRAL
    while n:
        if n % 2:
            result = add(result, point)
        n, point = n // 2, add(point, point)
    return result


def point_bytes(point: Point) -> bytes:
    """§11, RFC 8032, section 5.1.2."""
    return (point[1] | point[0] % 2 << 255).to_bytes(32, "little")


def point_of(data: bytes) -> Point:
    """§11, RFC 8032, section 5.1.3: decode, refusing all that is not the encoding of a point."""
    sign, y = divmod(int.from_bytes(data, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    x = root if root * root % P == square else root * pow(2, (P - 1) // 4, P) % P
    valid = y < P and x * x % P == square and (x, sign) != (0, 1)
    need(valid, "公钥不是曲线上的点 / the public key is no point of the curve")
    return (x if x % 2 == sign else P - x, y)


BASE = point_of(bytes.fromhex("58" + "66" * 31))  # B, of y = 4/5


SIGNED = {"key": DIGEST, "signature": "[0-9a-f]{128}"}


def check_signature(signed: Record, message: bytes) -> None:
    """§11: a valid signature, by the equation without the cofactor, under a key that is not of small order."""
    key, signature = bytes.fromhex(signed["key"]), bytes.fromhex(signed["signature"])
    r, s, a = signature[:32], int.from_bytes(signature[32:], "little"), point_of(key)
    need(times(8, a) != NEUTRAL, "公钥阶数过小 / the public key is of small order")
    k = int.from_bytes(sha512(r + key + message).digest(), "little") % L
    valid = s < L and point_bytes(add(times(s, BASE), times(k, (P - a[0], a[1])))) == r
    need(valid, "签名不成立 / the signature is not valid")


def fingerprint(key: str) -> str:
    """§11: of a public key."""
    return tagged("key", bytes.fromhex(key)).hex()


CONTRIBUTION = (
    {"absent": is_one, "person": NAME},
    {"person": NAME, "slip": "(?s).{1,200}"},
    {"person": NAME, "value": DIGEST} | SIGNED,
)


def check_contributions(mode: str, targets: bytes, contributors: list[str], contributions: Any) -> None:
    """§11: one of each contributor, and the signatures; `targets` is the targets commitment."""
    check([CONTRIBUTION, 0], contributions, ".closing.contributions")
    persons = [contribution["person"] for contribution in contributions]
    need(persons == contributors, "不是公告所列人员或次序 / not the contributors of the notice, in order")
    for number, signed in enumerate(contributions):
        if "key" in signed:
            message = tagged_in(mode, "contribution", targets, bytes.fromhex(signed["value"]))
            with at(path=f".closing.contributions[{number}]"):
                check_signature(signed, message)


def closing_statement(draw: Draw, targets: bytes) -> Record:
    """§11: 收集截止."""
    return {"commitment": targets.hex(), "contributions": draw.contributions}


def closing_digest(mode: str, closing: Record) -> bytes:
    """§11."""
    return tagged_in(mode, "closing", encode(closing))


# source: form of its value, the ascending numbers of two digits in it (how many, up to which), other outcomes
SOURCES: dict[str, tuple[str, list[tuple[int, int]], int]] = {
    "kl8": ("[0-9]{40}", [(20, 80)], 1),
    "fc3d": ("[0-9]{3}", [], 10**3),
    "pl5": ("[0-9]{5}", [], 10**5),
    "qxc": ("[0-9]{6}(0[0-9]|1[0-4])", [], 15 * 10**6),
    "ssq": ("[0-9]{14}", [(6, 33), (1, 16)], 1),
    "dlt": ("[0-9]{14}", [(5, 35), (2, 12)], 1),
    "dice": ("[0-9]{1,100}", [], 10),  # a die
    "explicit": ("[0-9a-f]{64}", [], 1),
}
DRAWING = {"issue": "[0-9]{1,12}", "source": one_of(*SOURCES)}


def drawings(announcement: Record) -> list[str]:
    """§11: the announced drawing and its fallbacks, as source:issue."""
    return [f"{one['source']}:{one['issue']}" for one in (announcement, *announcement.get("fallback", []))]


def check_announced(announced: Any) -> None:
    """§10, §11: at least one, of known sources, no drawing twice."""
    check([DRAWING | {"fallback?": [DRAWING, 1]}, 1], announced, ".targets.values")
    named = [name for announcement in announced for name in drawings(announcement)]
    once = len(set(named)) == len(named)
    once &= all(name.endswith(":1") for name in named if name.startswith(("dice:", "explicit:")))
    need(once, "开奖期号不对或重复 / a wrong issue, or a drawing twice", path=".targets.values")


def outcomes(source: str, value: Any) -> int:
    """§11: the value is valid; its number of equally likely outcomes."""
    pattern, parts, product = SOURCES[source]
    valid, start = matches(pattern, value), 0
    for many, highest in parts if valid else ():
        numbers = [int(value[i : i + 2]) for i in range(start, start + 2 * many, 2)]
        valid &= numbers == sorted(set(numbers)) and numbers[0] >= 1 and numbers[-1] <= highest
        product *= math.comb(highest, many)
        start += 2 * many
    need(valid, "不是该来源的数值 / not a value of this source", path=f".{source}")
    return product ** len(value) if source == "dice" else product


def check_values(mode: str, announced: list[Record], values: Any) -> int:
    """§11: valid, as announced, and enough; the product of the outcomes."""
    check([DRAWING | {"value": TEXT}, 1], values, ".values")
    told = [drawings(announcement) for announcement in announced]
    names = [drawings(value)[0] for value in values]
    as_told = len(names) == len(told) and all(map(operator.contains, told, names))
    need(as_told, "不是所公告的公开数值 / not the values that were announced")
    product = math.prod(outcomes(value["source"], value["value"]) for value in values)
    if mode == "real":
        explicit = any("explicit:1" in names for names in told)
        need(not explicit, "正式抽查不得手工指定种子 / an explicit seed in a real draw")
        need(product >= 2**60, "熵不足 60 比特 / less than 60 bits of entropy")
    return product


def passed_over(draw: Draw) -> list[str]:
    """§11: the drawings that took no place, if fallbacks are what they should be; of valid values."""
    names = [drawings(value)[0] for value in draw.values]
    told = [drawings(announcement) for announcement in draw.announced]
    return [before for name, some in zip(names, told, strict=True) for before in some[: some.index(name)]]


@dataclass(frozen=True)
class Seed:
    """§11: the seed of a stage, and the keys made from it."""

    mode: str
    stage: str
    value: bytes

    def key(self, name: str, *fields: bytes) -> bytes:
        return tagged_in(self.mode, f"key/{self.stage}/{name}", self.value, *fields)


def make_seeds(
    mode: str, committed: Mapping[str, bytes], closed: bytes, values: list[Record]
) -> dict[str, Seed]:
    """§11: seed(s) by stage; `committed` is C(s) by stage, `closed` the closing digest."""
    last = closed, encode(values)
    return {s: Seed(mode, s, tagged_in(mode, f"seed/{s}", c, *last)) for s, c in committed.items()}


# --------------------------------------------------------------------------- §12 tickets and the first draw
def ticket(key: bytes, leaf: bytes) -> bytes:
    """§12: `key` is key("targets", "tickets")."""
    return sha256(b"shuangsuiji/v1/ticket".ljust(32, b"\x00") + key + leaf).digest()


def systematic(quota: int, sizes: Sequence[int], offset: int) -> list[int]:
    """§12: the quotas of strata of these sizes, by systematic rounding."""
    total, run, quotas = sum(sizes), offset, []
    for size in sizes:
        whole, part = divmod(quota * size, total)
        quotas.append(whole + (run + part >= total))
        run = (run + part) % total
    return quotas


def first_draw(tasks: Iterable[Task], seed: Seed) -> tuple[list[Record], list[Record]]:
    """§12: the lines of strata.jsonl and of targets.jsonl."""
    key, strata = seed.key("tickets"), []
    drawn_by: dict[str, list[str]] = defaultdict(list)
    for task_id, tier in ((task.id, tier) for task in tasks for tier in task.tiers):
        offset = Stream(seed.key("rounding", task_id.encode(), tier.root)).below(len(tier.sealed))
        quotas = systematic(tier.quota, [len(stratum.sealed) for stratum in tier.strata], offset)
        for stratum, quota in zip(tier.strata, quotas, strict=True):
            ordered = sorted((ticket(key, leaf), leaf, record["id"]) for leaf, record in stratum.sealed)
            for _, _, identifier in ordered[:quota]:
                drawn_by[identifier].append(task_id)
            line = {"cell": stratum.name, "quota": quota, "task": task_id, "tier": tier.name}
            cut = {"cut": ordered[quota - 1][0].hex()} if quota else {}
            strata.append(line | stratum.statement() | cut)
    return strata, [{"id": identifier, "tasks": drawn_by[identifier]} for identifier in sorted(drawn_by)]


# --------------------------------------------------------------------------------- §13 eligible inspectors
def left_out(inspector: Record, window: Record) -> str:
    """§13: the first reason why an inspector is not eligible, or "" if none applies."""
    first, last = window["from"], window["to"]
    valid = [certificate for certificate in inspector["certificates"] if "cancelled" not in certificate]
    if "undrawable" in inspector:
        return "undrawable"
    if not inspector["certificates"]:
        return "no_certificate"
    if not valid:
        return "cancelled"
    covering = any(c.get("from", first) <= first and c.get("to", last) >= last for c in valid)
    return "" if covering else "expired"


# ------------------------------------------------------------------------------- §14 blocks, slots, pools
def make_blocks(draw: Draw, targets: Iterable[Record], seed: Seed) -> list[Record]:
    """§14: the lines of blocks.jsonl without the teams."""
    plan, columns = draw.plan, {record["id"]: record["columns"] for record in draw.entities}
    groups: dict[bytes, list[str]] = defaultdict(list)
    for target in targets:
        district = columns[target["id"]].get(plan["district"], "") if "district" in plan else ""
        groups[encode([district, target["tasks"]])].append(target["id"])
    blocks: list[Record] = []
    for group in sorted(groups):
        district, tasks = json.loads(group)
        ordered = sorted(groups[group], key=lambda i: (seed.key("block-order", salt(draw, "entity", i)), i))
        for part in cut(ordered, plan["blocks"]["max_targets"]):
            blocks.append({"block": len(blocks) + 1, "district": district, "targets": part, "tasks": tasks})
    return blocks


def cut(ordered: list[str], most: int) -> list[list[str]]:
    """§14: consecutive parts of at most `most`, as few as can be, the longer ones first."""
    k = -(-len(ordered) // most)
    whole, longer = divmod(len(ordered), k)
    bounds = accumulate((whole + (number < longer) for number in range(k)), initial=0)
    return [ordered[start:end] for start, end in pairwise(bounds)]


@dataclass(frozen=True)
class Slot:
    """§14: one place in the team of a block, its pool (ascending by id), and the block's recusal set."""

    block: int
    id: str
    pool: tuple[str, ...]
    recused: frozenset[str]


def make_slots(draw: Draw, blocks: Iterable[Record]) -> list[Slot]:
    """§14: the slots of all blocks; a slot's number is its position."""
    plan, recused = draw.plan, recusal_sets(draw, blocks)
    eligible = [person for person in draw.inspectors if not left_out(person, plan["window"])]
    pools: dict[tuple[str, str], tuple[str, ...]] = {}
    slots = []
    for block in blocks:
        used = {slot for task in plan["tasks"] if task["id"] in block["tasks"] for slot in task["slots"]}
        for slot in (slot for slot in plan["slots"] if slot["id"] in used):
            key = (slot["id"], block["district"])
            if key not in pools:
                pools[key] = tuple(sorted(p["id"] for p in eligible if admits(slot, block["district"], p)))
            slots.append(Slot(block["block"], slot["id"], pools[key], recused[block["block"]]))
    return slots


def recusal_sets(draw: Draw, blocks: Iterable[Record]) -> dict[int, frozenset[str]]:
    """§14: the recusal set of each block."""
    columns = {record["id"]: record["columns"] for record in draw.entities}
    recused: dict[tuple[str, str], set[str]] = defaultdict(set)  # by ("", id) or (alias, value)
    for recusal in draw.recusals:
        key = ("", recusal["entity"]) if "entity" in recusal else (recusal["column"], recusal["value"])
        recused[key].add(recusal["inspector"])
    keys = {b["block"]: [k for i in b["targets"] for k in (("", i), *columns[i].items())] for b in blocks}
    return {block: frozenset().union(*(recused[key] for key in named)) for block, named in keys.items()}


def admits(slot: Record, district: str, person: Record) -> bool:
    """§14: whether an eligible inspector is in the pool of a slot in a block of this district."""
    home = person["district"] == district
    near = slot["district"] == "any" or home == (slot["district"] == "home")
    return near and holds(slot["pool"], {name: person[name] for name in INSPECTOR_FIELDS})


# ---------------------------------------------------------------------------------------- §15 the second draw
Pools = Sequence[tuple[int, ...]]
Sets = Sequence[frozenset[int]]
NONE, ROOT, HELD = -1, -2, -3  # own: nobody; via: a root, or reached through its holder
SHORTAGE = "人员不足，没有合规的分派 / shortage: no lawful assignment exists"


class Component:
    """§15.1: slots and inspectors that hang together, numbered from 0, and the state of the replay.

    pools[s] has the inspectors of slot s, ascending; blocks[s] is its block, recused[s] that block's recusal set.
    """

    def __init__(self, key: bytes, pools: Pools, blocks: Sequence[int], recused: Sets, cap: int) -> None:
        self.stream, self.pools, self.recused, self.cap = Stream(key), pools, recused, cap
        self.slots, self.inspectors = len(pools), 1 + max(pool[-1] for pool in pools)
        self.distinct = list(dict.fromkeys(pools))
        sets, number = [*map(frozenset, self.distinct)], {pool: p for p, pool in enumerate(self.distinct)}
        self.pool_of = [number[pool] for pool in pools]  # which of the distinct ones
        self.members = [sets[p] for p in self.pool_of]
        together: dict[int, list[int]] = defaultdict(list)
        for s, block in enumerate(blocks):
            together[block].append(s)
        self.mates = [[z for z in together[block] if z != s] for s, block in enumerate(blocks)]
        self.own = [NONE] * self.slots
        self.held: list[list[int]] = [[] for _ in range(self.inspectors)]

    def give(self, s: int, j: int) -> None:
        self.own[s] = j
        self.held[j].append(s)

    def drop(self, s: int) -> None:
        held = self.held[self.own[s]]
        c, last = held.index(s), held.pop()
        if last != s:
            held[c] = last
        self.own[s] = NONE

    def load(self, j: int) -> int:
        return len(self.held[j])

    def barred(self, j: int, s: int, but: int = NONE) -> bool:
        """Whether j is recused from s or owns one of its mates, the slot `but` being thought vacant."""
        return j in self.recused[s] or any(self.own[z] == j for z in self.mates[s] if z != but)

    def search(self, roots: list[int], goal: float, pruned: set[int]) -> int:
        """§15.2: the inspector found, or NONE; `via`, `take` and `seen` stay behind."""
        self.via, self.queue = dict.fromkeys(roots, ROOT), roots
        self.take: dict[int, int] = {}
        self.seen = pruned | {self.own[s] for s in roots if self.own[s] != NONE}
        rest = [list(pool) for pool in self.distinct]
        for s in self.queue:  # it grows meanwhile
            for z in self.mates[s]:
                j = self.own[z]
                able = j in self.members[s] and j not in self.recused[s] and j not in pruned
                if able and z not in self.via:
                    self.via[z] = s
                    self.queue.append(z)
            found = self.walk(s, rest, goal)
            if found != NONE:
                return found
        return NONE

    def walk(self, s: int, rest: list[list[int]], goal: float) -> int:
        """§15.2: the walk through what is left of the pool of s."""
        candidates, kept = rest[self.pool_of[s]], []
        for j in candidates:
            if j in self.seen:
                continue
            if j == self.own[s] or self.barred(j, s):
                kept.append(j)
                continue
            self.seen.add(j)
            self.take[j] = s
            if self.load(j) <= goal and self.load(j) < self.cap:
                return j
            for y in self.held[j]:
                if y not in self.via:
                    self.via[y] = HELD
                    self.queue.append(y)
        rest[self.pool_of[s]] = kept
        return NONE

    def flip(self, j: int) -> None:
        """§15.2: carry out what was found."""
        s = self.take[j]
        while True:
            o, f = self.own[s], self.via[s]
            if o != NONE:
                self.drop(s)
            self.give(s, j)
            if f == ROOT:
                return
            j = o
            s = self.take[j] if f == HELD else f

    def start(self) -> None:
        """§15.3: a lawful assignment, or a shortage."""
        order, blocked = list(range(self.slots)), []
        self.stream.shuffle(order)
        for s in order:
            out = self.recused[s] | {self.own[z] for z in self.mates[s]}
            able = [j for j in self.pools[s] if len(self.held[j]) < self.cap and j not in out]
            least = min((len(self.held[j]) for j in able), default=0)
            ties = [j for j in able if len(self.held[j]) == least]
            if ties:
                self.give(s, ties[self.stream.below(len(ties))])
            else:
                blocked.append(s)
        for s in blocked:
            j = self.search([s], math.inf, set())
            if j == NONE:
                raise SpecError(SHORTAGE)  # §15.6: `via` and `seen` are the certificate
            self.flip(j)

    def balance(self) -> None:
        """§15.3: to the least sum of squares of the loads."""
        pruned: set[int] = set()
        level = max(map(len, self.held))
        while level >= 2:
            top = [i for i in range(self.inspectors) if i not in pruned and self.load(i) == level]
            j = self.search([s for i in top for s in self.held[i]], level - 2, pruned)
            if j != NONE:
                self.flip(j)
            else:
                pruned |= self.seen
                level -= 1

    def rotations(self) -> None:
        """§15.4."""
        c = 4
        while c < 4 * (self.slots + self.inspectors):
            c *= 2
            for _ in range(max(16, -(-max(4 * self.slots, 4096) // c))):
                self.rotate(c)

    def rotate(self, c: int) -> None:
        """§15.4: a slot is given up and the vacancy wanders, for at most c tries; else all is undone."""
        i = self.stream.below(self.inspectors)
        if not self.held[i]:
            return
        r0 = self.stream.below(self.load(i))
        s0 = s = self.held[i][r0]
        self.drop(s0)
        d, trail = self.load(i), []
        for _ in range(c):
            j = self.pools[s][self.stream.below(len(self.pools[s]))]
            load = self.load(j)
            m = load + 1 if load == d and load < self.cap else load
            if m == 0:
                continue
            r = self.stream.below(m)
            y = self.held[j][r] if r < load else NONE
            if self.barred(j, s, but=y):
                continue
            if y == NONE:
                self.give(s, j)
                return
            self.held[j][r] = s
            self.own[s], self.own[y] = j, NONE
            trail.append((s, j, r))
            s = y
        for x, j, r in reversed(trail):
            self.own[x] = NONE
            self.held[j][r] = s
            self.own[s] = j
            s = x
        self.give(s0, i)
        self.held[i][r0], self.held[i][-1] = self.held[i][-1], self.held[i][r0]

    def exchange(self) -> None:
        """§15.5: one of the 16 T."""
        i = self.stream.below(self.inspectors)
        if not self.held[i]:
            return
        c = self.stream.below(self.load(i))
        s = self.held[i][c]
        j = self.pools[s][self.stream.below(len(self.pools[s]))]
        coin = self.stream.below(2)
        if j == i or j in self.recused[s]:
            return
        if coin == 1:
            self.swap(i, c, j)
        elif self.load(j) == self.load(i) - 1 and self.load(j) < self.cap and not self.barred(j, s):
            self.drop(s)
            self.give(s, j)

    def swap(self, i: int, c: int, j: int) -> None:
        """§15.5: the slot at position c of i for one of j."""
        if not self.held[j]:
            return
        e = self.stream.below(self.load(j))
        s, y = self.held[i][c], self.held[j][e]
        if i in self.members[y] and not self.barred(i, y, but=s) and not self.barred(j, s, but=y):
            self.own[s], self.own[y] = j, i
            self.held[i][c], self.held[j][e] = y, s

    def run(self) -> list[int]:
        """§15: the inspector of each slot."""
        self.start()
        self.balance()
        self.rotations()
        for _ in range(16 * self.slots):
            self.exchange()
        return self.own


def components(slots: Sequence[Slot]) -> list[tuple[list[str], list[int]]]:
    """§15.1: the inspectors and the slots (numbers of §14) of each component, both ascending."""
    by_pool: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        by_pool[slot.pool].append(number)
    parts: list[tuple[set[str], list[int]]] = []
    for pool, numbers in by_pool.items():
        people, joined, apart = set(pool), numbers, []
        for part in parts:
            if people.isdisjoint(part[0]):
                apart.append(part)
            else:
                people, joined = people | part[0], joined + part[1]
        parts = [*apart, (people, joined)]
    return [(sorted(people), sorted(numbers)) for people, numbers in parts]


def assign(slots: Sequence[Slot], cap: int, seed: Seed) -> list[str]:
    """§15: the inspector of each slot of §14."""
    need(all(slot.pool for slot in slots), SHORTAGE)
    team = [""] * len(slots)
    for people, numbers in components(slots):
        index = {person: j for j, person in enumerate(people)}
        part = [slots[number] for number in numbers]
        pools = {pool: tuple(index[person] for person in pool) for pool in {slot.pool for slot in part}}
        recused = [frozenset(index[person] for person in slot.recused if person in index) for slot in part]
        key, blocks = seed.key("component", u64(numbers[0])), [slot.block for slot in part]
        own = Component(key, [pools[slot.pool] for slot in part], blocks, recused, cap).run()
        for number, j in zip(numbers, own, strict=True):
            team[number] = people[j]
    return team


def check_lawful(slots: Sequence[Slot], people: Sequence[str], cap: int) -> None:
    """§15: everyone from the pool, nobody recused, nobody twice in a block or above the cap."""
    lawful = all(p in slot.pool and p not in slot.recused for slot, p in zip(slots, people, strict=True))
    twice = len({(slot.block, p) for slot, p in zip(slots, people, strict=True)}) < len(slots)
    above = any(load > cap for load in Counter(people).values())
    need(lawful and not twice and not above, "分派不合规 / the assignment is not lawful")


def team_lines(blocks: Iterable[Record], slots: Sequence[Slot], people: Sequence[str]) -> list[Record]:
    """§15.7: the lines of blocks.jsonl."""
    teams: dict[int, list[Record]] = defaultdict(list)
    for slot, person in zip(slots, people, strict=True):
        teams[slot.block].append({"inspector": person, "slot": slot.id})
    return [block | {"team": teams[block["block"]]} for block in blocks]


def result_digest(mode: str, members: Mapping[str, bytes]) -> bytes:
    """§15.7."""
    return tagged_in(mode, "result", *(members[f"{name}.jsonl"] for name in ("strata", "targets", "blocks")))


# ---------------------------------------------------------------------------------- §16 the auditor's bundle
LINES = "blocks changes entities inspectors log records recusals shortages strata targets witness".split()
VALUES = "commitment manifest notice plan salt seed".split()
MEMBERS = sorted([*(f"{name}.jsonl" for name in LINES), *(f"{name}.json" for name in VALUES)])
OPTIONAL = ("late.json", "signature.json")
MAX_BYTES, DATE = 2**31, 0x0021  # 1980-01-01


def write_archive(members: Mapping[str, bytes]) -> bytes:
    """§16: local headers with the data, central entries, the end record, in the order of the members."""
    local: list[bytes] = []
    central, offset = b"", 0
    for name, data in members.items():
        common = (20, 0, 0, 0, DATE, zlib.crc32(data), len(data), len(data), len(name), 0)
        local += [struct.pack("<IHHHHHIIIHH", 0x04034B50, *common), name.encode(), data]
        head = (0x02014B50, 0x0314, *common, 0, 0, 0, 0x81A40000, offset)
        central += struct.pack("<IHHHHHHIIIHHHHHII", *head) + name.encode()
        offset += 30 + len(name) + len(data)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members), len(central), offset, 0)
    return b"".join([*local, central, end])


def read_archive(
    archive: bytes, required: Sequence[str] = MEMBERS, optional: Sequence[str] = OPTIONAL
) -> dict[str, bytes]:
    """§16: the lengths in the local headers are believed only until the archive is written anew and compared."""
    need(len(archive) <= MAX_BYTES, "文件过大 / the file is too large")
    members: dict[str, bytes] = {}
    offset = 0
    while archive[offset : offset + 4] == b"PK\x03\x04":
        size, length = struct.unpack_from("<IH", archive.ljust(offset + 30), offset + 22)
        start = offset + 30 + length
        members[archive[offset + 30 : start].decode("ascii", "replace")] = archive[start : start + size]
        offset = start + size
    named = {*required} <= members.keys() <= {*required, *optional}
    need(named, f"不是该类文件的成员 / not the members of this kind: {', '.join(members)}")
    what = "归档结构或校验和与内容不符 / structure or CRC-32 of the archive differs from its content"
    same_bytes(write_archive(dict(sorted(members.items()))), archive, what)
    return members


def make_manifest(members: Mapping[str, bytes], result: str, kind: str = "auditor") -> Record:
    """§16: over all members but the manifest itself and the signature."""
    told = {name: data for name, data in members.items() if name not in ("manifest.json", "signature.json")}
    files = {name: {"sha256": sha256(data).hexdigest(), "size": len(data)} for name, data in told.items()}
    return {"files": files, "kind": kind, "result": result, "spec": "v1"}


# --------------------------------------------------------------------------------- §17 log and commit notice
def is_time(value: Any) -> bool:
    """§17: a second of a real day, UTC."""
    time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
    return matches(f"[-0-9]{{10}}T{time}", value) and is_date(value[:10])


ENTRY: Record = {"details": lambda value: isinstance(value, dict), "operator": TEXT, "verb": TEXT}
ENTRY |= {"prev": DIGEST, "seq": 1, "time": is_time}
STAMP = {"contributors": [NAME, 0], "deadline": is_date, "head": DIGEST, "time": is_time}
SEEN: Record = {"authority": TEXT, "digest": DIGEST, "draw": 1, "mode": TEXT, "name": NAME}
SEEN |= {"of": one_of("notice", "closing"), "time": is_time}


def make_notice(draw: Draw, committed: Mapping[str, bytes], stamp: Record) -> Record:
    """§17: 抽取承诺公告; deadline, head and time come from the stamp: nothing else determines them."""
    lists = {"inspectors": draw.inspectors, "recusals": draw.recusals, "registry": draw.entities}
    notice = {name: stamp[name] for name in ("deadline", "head", "time")}
    notice |= {"commitments": {stage: value.hex() for stage, value in committed.items()}}
    notice |= {"authority": draw.plan["authority"], "draw": draw.number, "mode": draw.mode}
    notice |= {"plan": draw.plan["id"], "spec": "v1", "values": draw.announced}
    notice |= {"contributors": draw.contributors}
    return notice | {"sizes": {name: len(records) for name, records in lists.items()}}


def chain(entries: Iterable[Record]) -> tuple[list[Record], str]:
    """§17: the entries with `seq` and `prev`, and the head."""
    log, head = [], "0" * 64
    for seq, entry in enumerate(entries, 1):
        log.append(entry | {"seq": seq, "prev": head})
        head = tagged("log", encode(log[-1])).hex()
    return log, head


def check_log(log: Sequence[Any], notice: Record) -> dict[str, Record]:
    """§17: the chain, and the places of the freeze and of the closing, which are returned."""
    check_list(log, ENTRY, operator.itemgetter("seq"))
    for line, (found, expected) in enumerate(zip(log, chain(log)[0], strict=True), 1):
        need(found == expected, "日志链断裂 / the chain of the log is broken", line=line)
    about = [e for e in log if all(e["details"].get(key) == notice[key] for key in ("mode", "draw"))]
    verbs, placed = ["freeze", "close", "seed", "draw", "match"], {}
    for number, verb in enumerate(verbs[: 2 if notice["contributors"] else 1], 1):
        found = [entry for entry in about if entry["verb"] == verb]
        need(len(found) == 1, f"本次抽取应恰有一条 {verb} 记录 / not exactly one {verb} of this draw")
        placed[verb] = found[0]
        early = [e["seq"] for e in about if e["verb"] in verbs[number:] and e["seq"] < found[0]["seq"]]
        what = f"本次抽取有记录先于 {verb} / an entry of this draw stands before its {verb}"
        need(not early, what, line=min(early, default=0))
    freeze = placed["freeze"]
    told = [freeze["prev"], freeze["time"], freeze["details"].get("commitments")]
    agrees = told == [notice["head"], notice["time"], notice["commitments"]]
    need(agrees, "封存记录与公告不符 / the freeze differs from the notice", line=freeze["seq"])
    return placed


def witness_message(statement: Record) -> bytes:
    """§17: what the witness signs."""
    return tagged("witness", encode({name: statement[name] for name in SEEN}))


def check_witness(statements: Sequence[Any], notice: Record, closed: bytes) -> None:
    """§17: the form of the statements, what they are of, and their signatures; `closed` is the closing digest."""
    check_list(statements, (SEEN | SIGNED, SEEN | {"receipt": NAME}), encode)
    digests = {"notice": tagged("notice", encode(notice)).hex(), "closing": closed.hex()}
    for line, said in enumerate(statements, 1):
        with at(line=line):
            told = {name: notice[name] for name in ("authority", "draw", "mode")}
            same(said | told | {"digest": digests[said["of"]]}, said)
            need(said["time"] >= notice["time"], "见证早于公告 / witnessed before the notice", path=".time")
            if "key" in said:
                check_signature(said, witness_message(said))


# ------------------------------------------------------------------------------------------ §18 verification


def dig(value: Any, *keys: str) -> Any:
    """The value under these keys; None if it is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def same(recomputed: Any, found: Any, path: str = "", **place: str | int) -> None:
    """Refuse a value that differs, and name the path to the first difference."""
    if isinstance(recomputed, dict) and isinstance(found, dict):
        for key in sorted(recomputed.keys() | found.keys()):
            same(recomputed.get(key), found.get(key), f"{path}.{key}", **place)
    elif isinstance(recomputed, list) and isinstance(found, list) and len(recomputed) == len(found):
        for number, (a, b) in enumerate(zip(recomputed, found, strict=True)):
            same(a, b, f"{path}[{number}]", **place)
    else:
        need(recomputed == found, "与复算结果不符 / differs from what was recomputed", **place, path=path)


def same_lines(recomputed: Sequence[Record], found: Sequence[Any], file: str) -> None:
    for line, (a, b) in enumerate(zip(recomputed, found, strict=False), 1):
        same(a, b, file=file, line=line, **identity(a))
    what = "行数与复算结果不符 / another number of lines than recomputed"
    need(len(recomputed) == len(found), what, file=file, line=1 + min(len(recomputed), len(found)))


def counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counter.items())) or "0"


class Verification:
    """§18: the steps in their order; each says what it checked, or raises SpecError. Here those that kinds share."""

    kind: str
    required: Sequence[str] = MEMBERS
    optional: Sequence[str] = OPTIONAL
    steps: Sequence[str]
    mode: str

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.json: dict[str, Any] = {}  # what was read of each member
        self.signer = ""  # the fingerprint of whoever signed the file
        self.parts: Record = {}  # of the statements, recomputed

    def step_archive(self) -> str:
        self.members = read_archive(self.data, self.required, self.optional)
        return f"{len(self.members)} 个文件 members，{len(self.data):,} 字节 bytes"

    def step_manifest(self) -> str:
        with at(file="manifest.json"):
            found = decode(self.members["manifest.json"])
            check(DIGEST, dig(found, "result"), ".result")
            same(make_manifest(self.members, found["result"], self.kind), found)
        return "各文件的长度与摘要 size and digest of every member"

    def step_signature(self) -> str:
        if "signature.json" not in self.members:
            return "没有签名 unsigned"
        with at(file="signature.json"):
            signed = decode(self.members["signature.json"])
            check(SIGNED, signed)
            check_signature(signed, tagged("bundle", self.members["manifest.json"]))
        self.signer = fingerprint(signed["key"])
        return f"公钥 key {self.signer}"

    def step_encoding(self) -> str:
        for name, data in self.members.items():
            with at(file=name):
                self.json[name] = decode_lines(data) if name.endswith(".jsonl") else decode(data)
        lines = sum(len(value) for name, value in self.json.items() if name.endswith(".jsonl"))
        return f"规范 JSON canonical JSON，{lines:,} 行 lines"


class AuditorBundle(Verification):
    """§18: the steps of an auditor's bundle."""

    kind = "auditor"
    steps = (
        "archive manifest signature encoding plan registry strata pool commitment notice log seed witness"
        " targets blocks assignment result records".split()
    )
    draw: Draw

    def step_plan(self) -> str:
        plan = self.json["plan.json"]
        with at(file="plan.json"):
            check_plan(plan)
        tasks, tiers = len(plan["tasks"]), sum(len(task["tiers"]) for task in plan["tasks"])
        return f"{plan['authority']}，计划 plan {plan['id']}，{tasks} 项任务 tasks，{tiers} 层 tiers"

    def read_draw(self) -> Draw:
        """What the draw follows from, as the bundle has it; most of it is checked by later steps."""
        said, salts = dig(self.json["commitment.json"], "targets"), self.json["salt.json"]
        mode, number, seed = dig(said, "mode"), dig(said, "draw"), self.json["seed.json"]
        known = mode in ("real", "rehearsal") and isinstance(number, int) and number >= 1
        need(known, "没有方式或编号 / no mode or number", file="commitment.json", path=".targets")
        with at(file="salt.json"):
            check({"key": DIGEST}, salts)
        lists = {name: self.json[f"{name}.jsonl"] for name in ("entities", "inspectors", "recusals")}
        values = {"announced": dig(said, "values"), "values": dig(seed, "values")}
        values["contributors"] = dig(self.json["notice.json"], "contributors")
        values["contributions"] = dig(seed, "closing", "contributions")
        return Draw(mode, number, bytes.fromhex(salts["key"]), self.json["plan.json"], **lists, **values)

    def same_parts(self, stage: str, parts: Record) -> None:
        """Compare parts of a statement as soon as they are recomputed; `commitment` compares the whole."""
        self.parts |= parts
        for name, part in parts.items():
            found = dig(self.json["commitment.json"], stage, name)
            same(part, found, f".{stage}.{name}", file="commitment.json")

    def step_registry(self) -> str:
        self.draw = self.read_draw()
        self.mode = self.draw.mode
        with at(file="entities.jsonl"):
            shape = entity_shape(self.draw.plan["columns"])
            check_list(self.draw.entities, shape, operator.itemgetter("id"))
        self.registry = seal(self.draw, "entity", self.draw.entities)
        self.same_parts("targets", {"registry": self.registry.statement()})
        return f"名录 registry {len(self.draw.entities):,} 户 entities，根相符 root equal"

    def step_strata(self) -> str:
        with at(file="plan.json"):
            self.tasks = stratify(self.draw.plan, self.registry)
        self.same_parts("targets", {"tasks": tasks_statement(self.tasks)})
        tiers = [tier for task in self.tasks for tier in task.tiers]
        base, quota = sum(len(tier.sealed) for tier in tiers), sum(tier.quota for tier in tiers)
        outside = counts(sum((task.outside for task in self.tasks), Counter()))
        return f"基数 base {base:,}，名额 quota {quota:,}；不列入 excluded: {outside}"

    def step_pool(self) -> str:
        people, recusals = self.draw.inspectors, self.draw.recusals
        with at(file="inspectors.jsonl"):
            check_list(people, INSPECTOR, operator.itemgetter("id"))
        with at(file="recusals.jsonl"):
            check_list(recusals, recusal_shape(self.draw.plan["columns"]), encode)
        digest = {"digest": recusals_digest(self.draw).hex(), "size": len(recusals)}
        pool = seal(self.draw, "inspector", people).statement()
        self.same_parts("inspectors", {"pool": pool, "recusals": digest})
        return f"人员 inspectors {len(people):,}，回避 recusals {len(recusals):,}，相符 root and digest equal"

    def step_commitment(self) -> str:
        with at(file="commitment.json"):
            check_announced(self.draw.announced)
            statements = make_statements(self.draw, self.parts)
            same(statements, self.json["commitment.json"])
        self.committed = {stage: commitment(self.draw.mode, said) for stage, said in statements.items()}
        return ", ".join(f"{stage} {value.hex()}" for stage, value in self.committed.items())

    def step_notice(self) -> str:
        notice = self.json["notice.json"]
        with at(file="notice.json"):
            check(STAMP, {name: dig(notice, name) for name in STAMP})
            names = notice["contributors"]
            need(len(set(names)) == len(names), "姓名重复 / a name occurs twice", path=".contributors")
            same(make_notice(self.draw, self.committed, notice), notice)
        return f"第 {self.draw.number} 号抽取 draw {self.draw.number}，封存于 frozen at {notice['time']}"

    def step_log(self) -> str:
        log = self.json["log.jsonl"]
        with at(file="log.jsonl"):
            self.placed = check_log(log, self.json["notice.json"])
        places = ", ".join(f"{verb}: {entry['seq']:,}" for verb, entry in self.placed.items())
        return f"日志 log {len(log):,} 条 entries，位置 places {places}"

    def step_seed(self) -> str:
        found, draw, targets = self.json["seed.json"], self.draw, self.committed["targets"]
        with at(file="seed.json"):
            check_contributions(draw.mode, targets, draw.contributors, draw.contributions)
            product = check_values(draw.mode, draw.announced, draw.values)
            closing = closing_statement(draw, targets)
            same({"closing": closing, "values": draw.values}, found)
        self.closed = closing_digest(draw.mode, closing)
        if "close" in self.placed:
            entry = self.placed["close"]
            path = ".details.closing"
            same(
                self.closed.hex(), dig(entry, "details", "closing"), path, file="log.jsonl", line=entry["seq"]
            )
        self.seeds = make_seeds(draw.mode, self.committed, self.closed, draw.values)
        values = ", ".join(f"{v['source']}:{v['issue']}={v['value']}" for v in draw.values)
        given = sum("absent" not in one for one in draw.contributions)
        told = f"收集 contributions {given:,} / {len(draw.contributions):,}，公开数值 public values {values}"
        return f"{told}，{math.log2(product):.2f} 比特 bits"

    def step_witness(self) -> str:
        statements = self.json["witness.jsonl"]
        with at(file="witness.jsonl"):
            check_witness(statements, self.json["notice.json"], self.closed)
        signed = sum("key" in said for said in statements)
        return f"见证 statements {len(statements):,}，其中有签名 of them signed {signed:,}"

    def step_targets(self) -> str:
        strata, self.targets = first_draw(self.tasks, self.seeds["targets"])
        same_lines(strata, self.json["strata.jsonl"], "strata.jsonl")
        same_lines(self.targets, self.json["targets.jsonl"], "targets.jsonl")
        visits, size = sum(line["quota"] for line in strata), f"{len(strata):,} 格 strata"
        return f"{size}，抽出 drawn {len(self.targets):,} 户 entities，{visits:,} 户次 visits"

    def step_blocks(self) -> str:
        self.blocks = make_blocks(self.draw, self.targets, self.seeds["inspectors"])
        rows = self.json["blocks.jsonl"]
        bare = [{k: v for k, v in r.items() if k != "team"} if isinstance(r, dict) else r for r in rows]
        same_lines(self.blocks, bare, "blocks.jsonl")
        reasons = Counter(left_out(person, self.draw.plan["window"]) for person in self.draw.inspectors)
        eligible, size = reasons.pop("", 0), f"{len(rows):,} 个任务包 blocks"
        return f"{size}，可抽人员 eligible inspectors {eligible:,}，不列入 left out: {counts(reasons)}"

    def step_assignment(self) -> str:
        slots, cap = make_slots(self.draw, self.blocks), self.draw.plan["blocks"]["max_per_inspector"]
        with at(file="blocks.jsonl"):
            people = assign(slots, cap, self.seeds["inspectors"])
            check_lawful(slots, people, cap)
        same_lines(team_lines(self.blocks, slots, people), self.json["blocks.jsonl"], "blocks.jsonl")
        used, most = len(set(people)), max(Counter(people).values(), default=0)
        return f"{len(people):,} 个席位 slots，{used:,} 人 people，每人至多 at most {most:,}"

    def step_result(self) -> str:
        digest = result_digest(self.draw.mode, self.members).hex()
        same(digest, self.json["manifest.json"]["result"], ".result", file="manifest.json")
        return digest

    def step_records(self) -> str:
        with at(file="records.jsonl"):
            need(not self.json["records.jsonl"], "尚不支持 / not yet")
        return "无 none"


RECOMPUTED, CONSISTENT, TRUSTED = "已复算 recomputed", "有据一致 consistent", "凭信 trusted"
NOT_PROVEN = (
    "名单完整、真实 / that the lists were complete and true",
    "公开数值确为当众产生 / that the public values are what was drawn in public",
    "产生在公告、收集截止被见证之后 / that they were drawn after notice and closing had been witnessed",
)
ORDERS = {  # the answers on the order in time, the best first: the exit code of a real draw
    "已见证 witnessed": 0,
    "签名人未知 signer unknown": 13,
    "有回执记录，凭信 receipt recorded, taken on trust": 12,
    "未证明 not proven": 10,
}
VERDICTS = {
    0: "全部步骤成立 / all steps hold",
    1: "核验不通过 / verification failed",
    11: "全部步骤成立，但这是演练，未给 --rehearsal / all steps hold, but it is a rehearsal (no --rehearsal)",
}
VERDICTS |= {
    code: f"{VERDICTS[0]}；时间先后 order in time: {answer}" for answer, code in ORDERS.items() if code
}


def standing(said: Record, trusted: Collection[str]) -> int:
    """§18: what a witness statement can prove, or an empty one, if there is none, cannot: its place in ORDERS."""
    if "key" in said:
        return 0 if fingerprint(said["key"]) in trusted else 1
    return 2 if said else 3


def order_in_time(notice: Record, statements: Sequence[Record], trusted: Collection[str]) -> tuple[str, str]:
    """§18: the answer, and who has seen what, and when: of the best statements the first."""
    kinds, worst, told = {"notice": "公告 notice", "closing": "收集截止 closing"}, 0, []
    for kind in kinds if notice["contributors"] else ["notice"]:
        about = [said for said in statements if said["of"] == kind]
        best = min(about, key=lambda said: (standing(said, trusted), said["time"]), default={})
        worst = max(worst, standing(best, trusted))
        where = (
            f"公钥 key {fingerprint(best['key'])}" if "key" in best else f"回执 receipt {best.get('receipt')}"
        )
        seen = f"{best['name']}, {best['time']}, {where}" if best else "无人见证 seen by nobody"
        told.append(f"{kinds[kind]}: {seen}")
    return list(ORDERS)[worst], "; ".join(told)


def verify(data: bytes, rehearsal: bool = False, trusted: Collection[str] = ()) -> Record:
    """§18: the report of all steps up to the first that fails; `exit` is the exit code."""
    verification = AuditorBundle(data)
    report: Record = {"exit": 1, "steps": [], "trusted": [*NOT_PROVEN], "verdict": VERDICTS[1]}
    for name in verification.steps:
        try:
            checked = shown(getattr(verification, f"step_{name}")())
        except SpecError as error:
            place = {k: shown(v) if isinstance(v, str) else v for k, v in error.place.items() if v != ""}
            return report | {"failure": {"class": name, "place": place, "what": error.what}}
        answer = CONSISTENT if name in ("notice", "log") else RECOMPUTED
        report["steps"].append({"answer": answer, "checked": checked, "step": name})
    draw, notice = verification.draw, verification.json["notice.json"]
    answer, seen = order_in_time(notice, verification.json["witness.jsonl"], trusted)
    code = ORDERS[answer] if draw.mode == "real" else 0 if rehearsal else 11
    report["trusted"] += [
        f"请核对 {name} 未曾开奖 / check that {name} never took place" for name in passed_over(draw)
    ]
    return report | {"exit": code, "order": f"{answer} ({shown(seen)})", "verdict": VERDICTS[code]}


def shown(text: str) -> str:
    """Text from the bundle as a terminal may have it: nothing unprintable, not endless."""
    short = text if len(text) <= 500 else f"{text[:500]}..."
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short)


def as_text(report: Record) -> str:
    lines = [f"{step['answer']} | {step['step']}: {step['checked']}" for step in report["steps"]]
    if "failure" in report:
        failure = report["failure"]
        place = ", ".join(f"{key} {value}" for key, value in failure["place"].items())
        lines.append(f"不通过 FAILED | {failure['class']}: {failure['what']} ({place})")
    else:
        lines.append(f"时间先后 order in time | {report['order']}")
    lines += [f"{TRUSTED} | {text}" for text in report["trusted"]]
    return "\n".join([*lines, f"{report['verdict']} [{report['exit']}]"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Read one bundle and say what holds; the exit codes are those of §18."""
    parser = argparse.ArgumentParser(description="核验审计包 / verify an auditor's bundle (shuangsuiji v1)")
    parser.add_argument("bundle", type=Path, help="审计包 / the bundle")
    trust = "信任的见证人公钥指纹，可多次给出 / fingerprint of a witness's key that you trust; repeatable"
    parser.add_argument("--trust", action="append", default=[], metavar="FINGERPRINT", help=trust)
    parser.add_argument("--rehearsal", action="store_true", help="接受演练 / accept a rehearsal")
    parser.add_argument("--json", action="store_true", help="机器可读 / for machines")
    options = parser.parse_args(arguments)
    if not all(matches(DIGEST, text) for text in options.trust):
        parser.error("--trust: 64 位小写十六进制数 / 64 lower-case hex digits")
    try:
        with options.bundle.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        parser.error(f"{options.bundle}: {error.strerror}")
    report = verify(data, options.rehearsal, options.trust)
    text = json.dumps(report, ensure_ascii=False, indent=1) if options.json else as_text(report)
    sys.stdout.buffer.write(text.encode() + b"\n")
    return int(report["exit"])


if __name__ == "__main__":
    sys.exit(main())
