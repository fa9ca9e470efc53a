#!/usr/bin/env python3
"""核验双随机抽查的审计包、公开包、回执 / Verify a draw of inspection targets and inspectors from one file alone.

    python verify.py FILE [--public BUNDLE] [--trust FINGERPRINT]... [--signer FINGERPRINT]... [--rehearsal] [--json]

The file is an auditor's bundle, a public bundle, or a receipt, beside which a public bundle may be given.

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
import traceback
import zlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property, partial
from hashlib import sha256, sha512
from itertools import accumulate, combinations, count, pairwise, zip_longest
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


def same_bytes(expected: bytes, found: bytes, what: str) -> None:
    """Refuse bytes that differ, and say where."""
    if expected != found:
        pairs = enumerate(zip(expected, found, strict=False))
        raise SpecError(what, byte=next((i for i, (a, b) in pairs if a != b), min(len(expected), len(found))))


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
    named = isinstance(value, list) and value and isinstance(value[0], str)
    if not named or depth > MAX_PREDICATE_DEPTH:
        return False
    name, *parts = value
    if name in ("and", "or", "not"):
        return (name != "not" or len(parts) == 1) and all(is_predicate(fields, part, depth + 1) for part in parts)
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
by_id, by_leaf, by_root = operator.itemgetter("id"), operator.itemgetter(0), operator.attrgetter("root")


def one_of(*choice: str) -> Callable[[Any], bool]:
    return partial(operator.contains, choice)


def ascending(key: Any) -> Callable[[Any, Any], bool]:
    return lambda a, b: bool(a[key] < b[key])


def anything(_: Any) -> bool:
    return True


MODE, SOURCE = one_of("real", "rehearsal"), one_of("platform", "superior")


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


def dig(value: Any, *keys: str) -> Any:
    """The value under these keys; None if it is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def without(value: Any, *keys: str) -> Any:
    """An object without these members; another value as it is."""
    return {key: value[key] for key in value if key not in keys} if isinstance(value, dict) else value


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
    for line, (a, b) in enumerate(zip_longest(recomputed, found), 1):
        same(a, b, file=file, line=line, **identity(a))


# ------------------------------------------------------------------------------------------------ §7 the plan
ENTITY_FIELDS = ("id", "name", "status")
INSPECTOR_FIELDS = ("id", "name", "unit", "department", "district", "qualifications")
SLOT, NUMBER = "[a-z][a-z0-9_]{0,31}", "[A-Za-z0-9-]{1,64}"  # identifiers
ALIAS = f"(?!(id|name|status)$){SLOT}"
REASON = f"(?!(not_in_business|not_in_pool|in_no_tier|not_listed)$){SLOT}"
RATE = r"(0|[1-9][0-9]{0,2})(\.[0-9]{1,6})?%|(0|[1-9][0-9]{0,9})/([1-9][0-9]{0,8}|10{9})"


def rate_of(text: str) -> Fraction:
    """§7: the value of a rate."""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def is_rate(value: Any) -> bool:
    return matches(RATE, value) and rate_of(value) <= 1


def plan_shape(columns: Iterable[str]) -> Record:
    """§7: the tables, for a plan with these aliases."""
    headings = {alias: NAME for alias in columns if matches(ALIAS, alias)}
    where, alias = partial(is_predicate, (*ENTITY_FIELDS, *columns)), one_of(*columns)
    pool, district = partial(is_predicate, INSPECTOR_FIELDS), one_of("any", "home", "away")
    quota = ({"count": 0}, {"rate": is_rate}, {"all": is_one})
    tier = {"id": NUMBER, "name": NAME, "where": where, "key?": alias, "quota": quota}
    tier |= {"bounds?": {"least": 0, "most": 1}, "waves?": 2}
    task = {"id": NUMBER, "name": NAME, "pool": where, "slots": [TEXT, 2], "items": [NAME, 1]}
    by_visits = {"reason": REASON, "visits": 1, "since": is_date}
    relaxation = (
        {"cap": 1},
        {"slot": TEXT, "district": one_of("any")},
        {"slot": TEXT, "neighbours": [{"district": TEXT, "from": [TEXT, 1]}, 1]},
        {"slot": TEXT, "pool": pool},
    )
    shape = {"authority": NAME, "id": NUMBER, "version": 1, "columns": headings, "district?": alias, "teams?": 1}
    shape |= {"window": {"from": is_date, "to": is_date}, "blocks": {"max_targets": 1, "max_per_inspector": 1}}
    shape |= {"exclusions": [({"reason": REASON, "where": where}, by_visits), 0], "substitutes?": is_one}
    shape |= {"slots": [{"id": SLOT, "pool": pool, "district": district, "extra?": is_one}, 1]}
    shape |= {"tasks": [(task | {"tiers": [tier, 1]}, task | {"source": SOURCE}), 1]}
    return shape | {"relaxations?": [relaxation, 1]}


def check_plan(plan: Any) -> None:
    """§7: the tables, and what they say of several values together."""
    columns = dig(plan, "columns")
    check(plan_shape(columns if isinstance(columns, dict) else {}), plan)
    slots, tasks = {slot["id"]: slot for slot in plan["slots"]}, plan["tasks"]
    tiers = [tier for task in tasks for tier in task.get("tiers", [])]
    full, bounded = ([tier for tier in tiers if key in tier] for key in ("waves", "bounds"))
    changes = [one for one in plan.get("relaxations", []) if "slot" in one]
    near = [one for one in changes if "neighbours" in one]
    lists = [plan["slots"], tasks, *(task.get("tiers", []) for task in tasks)]
    ids = [[one["id"] for one in some] for some in lists] + [task["slots"] for task in tasks]
    ids += [[one["district"] for one in relaxation["neighbours"]] for relaxation in near]
    used, named = [set(task["slots"]) for task in tasks], {one["slot"] for one in changes}
    fixed, extra = "teams" in plan, {slot["id"] for slot in plan["slots"] if "extra" in slot}
    anywhere = all(slot["district"] == "any" for slot in plan["slots"])
    home = {slot["id"] for slot in plan["slots"] if slot["district"] == "home"}
    listed = [task["pool"] == ["and"] for task in tasks if "source" in task]
    crossed = [tier for tier in bounded if tier["bounds"]["least"] > tier["bounds"]["most"]]
    waves = [tier["waves"] <= 1000 and "all" in tier["quota"] and "key" not in tier for tier in full]
    rules = {
        "起止颠倒 / from after to": plan["window"]["from"] <= plan["window"]["to"],
        "过多 / too many": len(slots) <= 16 and len(tasks) <= 1000 and plan.get("teams", 1) <= 10_000,
        "编号重复 / an identifier occurs twice": all(len(some) == len(set(some)) for some in ids),
        "未知席位 / an unknown slot": named.union(*used) <= slots.keys(),
        "不足两名检查人员 / fewer than two inspectors": all(len(some - extra) >= 2 for some in used),
        "导入名单的任务另有范围 / a listed task with a pool": all(listed),
        "上下限不对 / bounds without key, or crossed": not crossed and all("key" in t for t in bounded),
        "批次不对 / waves of no full tier, or too many": all(waves),
        "固定检查组的席位不一 / slots of fixed teams differ": not fixed or all(s == used[0] for s in used),
        "固定检查组的席位限地区 / slots of fixed teams bound to a district": not fixed or anywhere,
        "席位不限本地 / neighbours of no home slot": {one["slot"] for one in near} <= home,
    }
    for what, kept in rules.items():
        need(kept, what)


# --------------------------------------------------------------------------------- §8 records, salts, leaves
STATUS = one_of("in_business", "revoked", "deregistered", "withdrawn", "moved_out")
CERTIFICATE = {"number": NAME, "from?": is_date, "to?": is_date, "cancelled?": NAME}


@dataclass(frozen=True)
class Round:
    """§10, §17: the stages that are sealed together, and what their seeds come from."""

    prefix: str  # of verbs in the log and kinds of witness statements: "" or "late-"
    stages: tuple[str, ...]
    announced: list[Record]  # {"issue", "source", "fallback" opt}
    values: list[Record]  # {"issue", "source", "value"}
    contributors: list[str]
    contributions: list[Record]  # of the closing


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
    announced: list[Record]
    values: list[Record]
    contributors: list[str]
    contributions: list[Record]
    late: Record | None = None  # the same four of inspectors sealed late
    predecessor: Record | None = None  # §10

    @property
    def rounds(self) -> list[Round]:
        own = (self.announced, self.values, self.contributors, self.contributions)
        if self.late is None:
            return [Round("", ("targets", "inspectors"), *own)]
        return [Round("", ("targets",), *own), Round("late-", ("inspectors",), **self.late)]


def entity_shape(columns: Iterable[str], listed: Iterable[str] = ()) -> Record:
    """§8: an entity record over the plan's aliases and listed tasks."""
    named = {f"{alias}?": NAME for alias in columns}
    shape = {"id": NAME, "name": TEXT, "status": STATUS, "columns": named}
    return shape | {"visits?": [is_date, 1, operator.le], "lists?": [one_of(*listed), 1, operator.lt]}


INSPECTOR: Record = {"id": NAME, "name": NAME, "unit": TEXT, "department": TEXT, "district": TEXT}
INSPECTOR |= {"qualifications": [TEXT, 0, operator.lt], "undrawable?": NAME, "expert?": is_one, "most?": 0}
INSPECTOR |= {"certificates": [CERTIFICATE, 0, ascending("number")]}


def check_recusals(recusals: Sequence[Any], columns: Iterable[str]) -> None:
    """§8: from one entity, from all with a value in a column, or from one another."""
    group = {"inspector": NAME, "column": one_of(*columns), "value": NAME}
    pair = {"colleague": NAME, "inspector": NAME}
    check_list(recusals, ({"inspector": NAME, "entity": NAME}, group, pair), encode)
    for line, recusal in enumerate(recusals, 1):
        ordered = recusal.get("colleague", "") < recusal["inspector"]
        need(ordered, "两人次序不对 / two colleagues out of order", line=line)


def check_list(records: Sequence[Any], shape: Any, order: Callable[[Any], Any]) -> None:
    """§8, §16, §17: every record has the shape, and the list is strictly ascending."""
    need(isinstance(records, list), "不是数组 / no array")
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
    quota: int = 0  # of a tier, as are the others
    strata: Sequence["Part"] = ()  # as numbered
    bounds: Record | None = None
    waves: int = 0

    @cached_property
    def root(self) -> bytes:
        return root([leaf for leaf, _ in self.sealed])

    def statement(self) -> Record:
        """§10: `registry`, `pool`, `listed`, an element of `tiers` or of `strata`."""
        said: Record = {"root": self.root.hex(), "size": len(self.sealed)}
        inner = {"quota": self.quota, "strata": [stratum.statement() for stratum in self.strata]}
        inner |= {"bounds": self.bounds} if self.bounds else {}
        return said | (inner if self.strata else {})


def seal(draw: Draw, kind: str, records: Iterable[Record]) -> Part:
    """§8: the records with their leaves, in ascending order of the leaves."""
    name = f"leaf/{kind}"
    leaves = [tagged_in(draw.mode, name, salt(draw, kind, r["id"]), encode(r)) for r in records]
    return Part(kind, sorted(zip(leaves, records, strict=True), key=by_leaf))


def recusals_digest(draw: Draw) -> bytes:
    return tagged_in(draw.mode, "recusals", salt(draw, "recusals"), encode_lines(draw.recusals))


# ---------------------------------------------------------------------- §9 exclusions, tiers, strata, quotas
@dataclass(frozen=True)
class Task:
    """§9: a task's non-empty tiers in ascending order of their roots, and how many are in none, by reason."""

    id: str
    tiers: list[Part]
    outside: Counter[str]
    listed: Part | None = None  # instead of tiers
    source: str = ""

    def statement(self) -> Record:
        """§10: an element of `tasks`."""
        if self.listed:
            return {"id": self.id, "listed": self.listed.statement(), "source": self.source}
        return {"id": self.id, "tiers": [tier.statement() for tier in self.tiers]}


def exclusion(plan: Record, record: Record, fields: Record) -> str:
    """§9: the first reason that applies, or "" if none does."""
    if record["status"] != "in_business":
        return "not_in_business"
    visits = record.get("visits", [])
    for rule in plan["exclusions"]:
        often = "visits" in rule and sum(day >= rule["since"] for day in visits) >= rule["visits"]
        if often or ("where" in rule and holds(rule["where"], fields)):
            return str(rule["reason"])
    return ""


def stratify(plan: Record, registry: Part) -> list[Task]:
    """§9: the tiers and strata of every task, in the plan's order."""
    fields = [entity_fields(record) for _, record in registry.sealed]
    reasons = [exclusion(plan, record, f) for (_, record), f in zip(registry.sealed, fields, strict=True)]
    tasks = []
    for task in plan["tasks"]:
        if "source" in task:
            named = [(leaf, record) for leaf, record in registry.sealed if task["id"] in record.get("lists", [])]
            tasks.append(Task(task["id"], [], Counter(), Part(task["id"], named), task["source"]))
            continue
        outside: Counter[str] = Counter()
        members: dict[str, list[Sealed]] = defaultdict(list)
        for sealed, f, reason in zip(registry.sealed, fields, reasons, strict=True):
            if holds(task["pool"], f):
                tier = next((t["id"] for t in task["tiers"] if not reason and holds(t["where"], f)), "")
                members[tier].append(sealed)
                outside[reason or "未入层 in no tier"] += not tier
        tiers = [make_tier(tier, members[tier["id"]]) for tier in task["tiers"]]
        numbered = sorted((tier for tier in tiers if tier.sealed), key=by_root)
        tasks.append(Task(task["id"], numbered, +outside))
    return tasks


def make_tier(tier: Record, sealed: list[Sealed]) -> Part:
    """§9: base, quota and strata of one tier."""
    quota = quota_of(tier["quota"], len(sealed))
    need(quota <= len(sealed), "名额多于本层户数 / the count is above the tier's size", id=tier["id"])
    cells: dict[str, list[Sealed]] = defaultdict(list)
    for leaf, record in sealed:
        cells[record["columns"].get(tier["key"], "") if "key" in tier else ""].append((leaf, record))
    bounds = tier.get("bounds")
    least, most = (sum(some) for some in limits(bounds, [len(members) for members in cells.values()]))
    need(least <= quota <= most, "名额不在上下限之内 / the quota is not within the bounds", id=tier["id"])
    numbered = sorted((Part(cell, members) for cell, members in cells.items()), key=by_root)
    return Part(tier["id"], sealed, quota, numbered, bounds, tier.get("waves", 0))


def limits(bounds: Record | None, sizes: Sequence[int]) -> tuple[list[int], list[int]]:
    """§9: the least and the largest quota of each stratum of these sizes."""
    least, most = (bounds["least"], bounds["most"]) if bounds else (0, max(sizes, default=0))
    return [min(least, size) for size in sizes], [min(most, size) for size in sizes]


def quota_of(quota: Record, size: int) -> int:
    """§9: n of a tier of N entities."""
    if "rate" in quota:
        return math.ceil(size * rate_of(quota["rate"]))
    return int(quota.get("count", size))


# ------------------------------------------------------------------------------------------ §10 commitments
def make_statements(draw: Draw, parts: Record) -> Record:
    """§10: both; `parts` are registry, tasks, pool and recusals."""
    common = {"authority": draw.plan["authority"], "draw": draw.number, "mode": draw.mode, "spec": "v1"}
    common |= {"plan": tagged("plan", encode(draw.plan)).hex(), "suite": "sha256"}
    targets = common | {"stage": "targets", "values": draw.rounds[0].announced}
    targets |= {"registry": parts["registry"], "tasks": parts["tasks"]}
    targets |= {"predecessor": draw.predecessor} if draw.predecessor else {}
    inspectors = common | {"stage": "inspectors", "values": draw.rounds[-1].announced}
    inspectors |= {"pool": parts["pool"], "recusals": parts["recusals"]}
    inspectors |= {"targets": commitment(draw.mode, targets).hex()}
    return {"inspectors": inspectors, "targets": targets}


PREDECESSOR = {"commitment": DIGEST, "draw": 1}


def check_predecessor(predecessor: Any, number: int) -> None:
    """§10: of the draw of this number, if it has one."""
    if predecessor is not None:
        path = ".targets.predecessor"
        check(PREDECESSOR, predecessor, path)
        need(predecessor["draw"] < number, "前次编号不在前 / the predecessor is no earlier draw", path=path)


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
    if n == 0:
        return NEUTRAL
    twice = times(n // 2, add(point, point))
    return add(twice, point) if n % 2 else twice


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


def check_contributions(mode: str, committed: bytes, contributors: list[str], contributions: Any) -> None:
    """§11: one of each contributor, and the signatures; `committed` is C(targets) or, sealed late, C(inspectors)."""
    check([CONTRIBUTION, 0], contributions, ".closing.contributions")
    persons = [contribution["person"] for contribution in contributions]
    need(persons == contributors, "不是公告所列人员或次序 / not the contributors of the notice, in order")
    for signed in (contribution for contribution in contributions if "key" in contribution):
        check_signature(signed, tagged_in(mode, "contribution", committed, bytes.fromhex(signed["value"])))


def closing_digest(mode: str, closing: Record) -> bytes:
    return tagged_in(mode, "closing", encode(closing))


# source: form of its value, the ascending numbers of two digits in it (how many, up to which), other outcomes
SOURCES: dict[str, tuple[str, list[tuple[int, int]], int]] = {
    "kl8": ("[0-9]{40}", [(20, 80)], 1),
    "fc3d": ("[0-9]{3}", [], 10**3),
    "pl5": ("[0-9]{5}", [], 10**5),
    "qxc": ("[0-9]{6}(0[0-9]|1[0-4])", [], 15 * 10**6),
    "ssq": ("[0-9]{14}", [(6, 33), (1, 16)], 1),
    "dlt": ("[0-9]{14}", [(5, 35), (2, 12)], 1),
    "dice": ("[0-9]{20}", [], 10**20),
    "explicit": ("[0-9a-f]{64}", [], 1),
}
DRAWING = {"issue": "[0-9]{1,12}", "source": one_of(*SOURCES)}
ANNOUNCED = [DRAWING | {"fallback?": [DRAWING, 1]}, 1]
REPEATED = ("dice:1", "explicit:1")  # made anew each time


def drawings(*announcements: Record) -> list[str]:
    """§11: the announced drawings, each with its fallbacks, as source:issue."""
    told = [one for announcement in announcements for one in (announcement, *announcement.get("fallback", []))]
    return [f"{one['source']}:{one['issue']}" for one in told]


def clash(names: Collection[str]) -> bool:
    """§11: one of the drawings stands there twice, or a source has issues of different numbers of digits."""
    sources = {name.partition(":")[0] for name in names}
    lengths = {(name.partition(":")[0], len(name)) for name in names}
    return len({*names}) < len(names) or len(lengths) > len(sources)


def clash_anew(*announcements: Record) -> bool:
    """§10, §19: the same of what several announced, each without a clash of its own."""
    return clash([name for name in drawings(*announcements) if name not in REPEATED])


def check_announced(announced: Any, path: str = ".targets.values") -> None:
    """§10, §11: at least one, of known sources, none that clash."""
    check(ANNOUNCED, announced, path)
    names = drawings(*announced)
    once = not clash(names) and all(name in REPEATED for name in names if name.startswith(("dice:", "explicit:")))
    need(once, "开奖期号不对、重复或位数不一 / a wrong issue, a drawing twice, or issues not written alike", path=path)
    replaced = [name for announcement in announced for name in drawings(announcement)[:-1]]
    sure = all(name not in REPEATED for name in replaced)
    need(sure, "骰子或手工种子不得再有备用 / dice, or a seed set by hand, with a fallback", path=path)


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
    return product


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


@dataclass(frozen=True)
class Seed:
    """§11: the seed of a stage, and the keys made from it."""

    mode: str
    stage: str
    value: bytes

    def key(self, name: str, *fields: bytes) -> bytes:
        return tagged_in(self.mode, f"key/{self.stage}/{name}", self.value, *fields)


def make_seeds(mode: str, committed: Mapping[str, bytes], closed: bytes, values: list[Record]) -> dict[str, Seed]:
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


def by_bounds(quota: int, sizes: Sequence[int], bounds: Record | None) -> list[int | None]:
    """§12: the quotas of strata that are at one of their bounds; None for those that divide what is left."""
    if bounds is None:
        return [None] * len(sizes)
    least, most = limits(bounds, sizes)

    def total(level: Fraction) -> Fraction:
        three = zip(sizes, least, most, strict=True)
        return sum((min(max(level * v, Fraction(a)), Fraction(b)) for v, a, b in three), Fraction())

    level = Fraction()
    if sum(least) < quota:  # between the last bend where the sum is too small and the next, it grows in a line
        bends = sorted({Fraction(x, v) for some in (least, most) for x, v in zip(some, sizes, strict=True)} | {level})
        place = bisect_left(bends, Fraction(quota), key=total)
        low, high = bends[place - 1], bends[place]
        level = low + (quota - total(low)) * (high - low) / (total(high) - total(low))
    return [a if level * v <= a else b if level * v >= b else None for v, a, b in zip(sizes, least, most, strict=True)]


def strata_quotas(tier: Part, seed: Seed, task: str) -> list[int]:
    """§12: of the strata of a tier."""
    sizes = [len(stratum.sealed) for stratum in tier.strata]
    fixed = by_bounds(tier.quota, sizes, tier.bounds)
    rest = [size for size, quota in zip(sizes, fixed, strict=True) if quota is None]
    left = tier.quota - sum(quota or 0 for quota in fixed)
    stream = Stream(seed.key("rounding", task.encode(), tier.root))
    divided = iter(systematic(left, rest, stream.below(sum(rest))) if rest else [])
    return [next(divided) if quota is None else quota for quota in fixed]


def first_draw(tasks: Iterable[Task], seed: Seed) -> tuple[list[Record], list[Record]]:
    """§12: the lines of strata.jsonl and of targets.jsonl."""
    key, strata = seed.key("tickets"), []
    drawn_by: dict[str, list[str]] = defaultdict(list)
    waves: dict[str, int] = {}
    for task in tasks:
        for _, record in task.listed.sealed if task.listed else ():
            drawn_by[record["id"]].append(task.id)
        for tier in task.tiers:
            for stratum, quota in zip(tier.strata, strata_quotas(tier, seed, task.id), strict=True):
                ordered = sorted((ticket(key, leaf), leaf, record["id"]) for leaf, record in stratum.sealed)
                for _, _, identifier in ordered[:quota]:
                    drawn_by[identifier].append(task.id)
                for wave, part in enumerate(cut(ordered, tier.waves) if tier.waves else (), 1):
                    waves |= {identifier: min(wave, waves.get(identifier, wave)) for _, _, identifier in part}
                line = {"cell": stratum.name, "quota": quota, "task": task.id, "tier": tier.name}
                last = {"cut": ordered[quota - 1][0].hex()} if quota else {}
                strata.append(line | stratum.statement() | last)
    targets = [{"id": identifier, "tasks": drawn_by[identifier]} for identifier in sorted(drawn_by)]
    return strata, [t | ({"wave": waves[t["id"]]} if t["id"] in waves else {}) for t in targets]


def cut(ordered: list[Any], k: int) -> list[list[Any]]:
    """§14: k consecutive parts, the longer ones first."""
    whole, longer = divmod(len(ordered), k)
    ends = accumulate((whole + (number < longer) for number in range(k)), initial=0)
    return [ordered[start:end] for start, end in pairwise(ends)]


# --------------------------------------------------------------------------------- §13 eligible inspectors
def left_out(inspector: Record, window: Record) -> str:
    """§13: the first reason why an inspector is not eligible, or "" if none applies."""
    first, last = window["from"], window["to"]
    valid = [certificate for certificate in inspector["certificates"] if "cancelled" not in certificate]
    covering = any(c.get("from", first) <= first and c.get("to", last) >= last for c in valid)
    if "undrawable" in inspector:
        return "undrawable"
    if covering or "expert" in inspector:
        return ""
    return "expired" if valid else "cancelled" if inspector["certificates"] else "no_certificate"


# ------------------------------------------------------------------------------- §14 blocks, slots, pools
def make_blocks(draw: Draw, targets: Iterable[Record], seed: Seed) -> list[Record]:
    """§14: the lines of blocks.jsonl without the teams."""
    plan, columns = draw.plan, {record["id"]: record["columns"] for record in draw.entities}
    groups: dict[bytes, list[str]] = defaultdict(list)
    for target in targets:
        district = columns[target["id"]].get(plan["district"], "") if "district" in plan else ""
        groups[encode([district, target["tasks"], target.get("wave", 0)])].append(target["id"])
    blocks: list[Record] = []
    for group in sorted(groups):
        district, tasks, wave = json.loads(group)
        ordered = sorted(groups[group], key=lambda i: (seed.key("block-order", salt(draw, "entity", i)), i))
        for part in cut(ordered, -(-len(ordered) // plan["blocks"]["max_targets"])):
            block = {"block": len(blocks) + 1, "district": district, "targets": part, "tasks": tasks}
            blocks.append(block | ({"wave": wave} if wave else {}))
    return blocks


Person = Any  # an inspector's id, or in §15.8 the number of a fixed team


@dataclass(frozen=True)
class Slot:
    """§14: one place in the team of a block, its pool (ascending), and the block's recusal set."""

    block: int
    id: str
    pool: tuple[Person, ...]
    recused: frozenset[Person]


def make_slots(draw: Draw, blocks: Iterable[Record], relaxations: Sequence[Record] = ()) -> list[Slot]:
    """§14: the slots of all blocks, with relaxations (§15.6) in force; a slot's number is its position."""
    plan, recused = draw.plan, recusal_sets(draw, blocks)
    eligible = [person for person in draw.inspectors if not left_out(person, plan["window"])]
    pools: dict[tuple[str, str], tuple[str, ...]] = {}
    slots = []
    for block in blocks:
        used = {slot for task in plan["tasks"] if task["id"] in block["tasks"] for slot in task["slots"]}
        for slot in (relaxed(slot, relaxations) for slot in plan["slots"] if slot["id"] in used):
            key = (slot["id"], block["district"])
            if key not in pools:
                pools[key] = tuple(p["id"] for p in eligible if admits(slot, block["district"], p))
            slots.append(Slot(block["block"], slot["id"], pools[key], recused[block["block"]]))
    return slots


def recusal_sets(draw: Draw, blocks: Iterable[Record]) -> dict[int, frozenset[str]]:
    """§14: the recusal set of each block."""
    columns = {record["id"]: record["columns"] for record in draw.entities}
    recused: dict[tuple[str, str], set[str]] = defaultdict(set)  # by ("", id) or (alias, value)
    for recusal in (recusal for recusal in draw.recusals if "colleague" not in recusal):
        key = ("", recusal["entity"]) if "entity" in recusal else (recusal["column"], recusal["value"])
        recused[key].add(recusal["inspector"])
    keys = {b["block"]: [k for i in b["targets"] for k in (("", i), *columns[i].items())] for b in blocks}
    return {block: frozenset().union(*(recused[key] for key in named)) for block, named in keys.items()}


def relaxed(slot: Record, relaxations: Iterable[Record]) -> Record:
    """§15.6: a slot of the plan with these relaxations in force."""
    for change in relaxations:
        slot = slot | change if change.get("slot") == slot["id"] else slot
    return slot


def admits(slot: Record, district: str, person: Record) -> bool:
    """§14: whether an eligible inspector is in the pool of a slot in a block of this district."""
    home = person["district"] == district
    near = slot["district"] == "any" or home == (slot["district"] == "home")
    for neighbour in slot.get("neighbours", []):
        near |= neighbour["district"] == district and person["district"] in neighbour["from"]
    fits = "extra" in slot or "expert" not in person
    return fits and near and holds(slot["pool"], {name: person[name] for name in INSPECTOR_FIELDS})


# ---------------------------------------------------------------------------------------- §15 the second draw
Pair = tuple[Person, Person]  # incompatible, in order
ROOT, HELD = -1, -2  # via: a root, or reached through its holder
EVEN = range(1, 2)  # §15.5: load(i) - load(j) where balance is kept


class Shortage(Exception):
    """§15.6: 人员不足, with the slots and the inspectors that show it."""

    def __init__(self, why: str, slots: Iterable[int] = (), inspectors: Iterable[Person] = ()) -> None:
        super().__init__(why)
        self.why, self.slots, self.inspectors = why, sorted(slots), sorted(set(inspectors))


class Component:
    """§15.1: slots (numbered from 0) and inspectors that hang together, and the state of the replay."""

    def __init__(self, key: bytes, slots: Sequence[Slot], caps: Mapping[Person, int], pairs: Iterable[Pair]) -> None:
        self.stream, self.caps, self.size = Stream(key), caps, len(slots)
        self.pools, self.recused = [slot.pool for slot in slots], [slot.recused for slot in slots]
        sets = {pool: frozenset(pool) for pool in self.pools}
        self.members = [sets[pool] for pool in self.pools]
        self.people = sorted(frozenset().union(*sets.values()))
        self.foes: dict[Person, set[Person]] = {person: set() for person in self.people}
        for a, b in (pair for pair in pairs if self.foes.keys() >= {*pair}):
            self.foes[a].add(b)
            self.foes[b].add(a)
        self.wary = [person for person in self.people if self.foes[person]]
        together: dict[int, list[int]] = defaultdict(list)
        for s, slot in enumerate(slots):
            together[slot.block].append(s)
        self.mates = [[z for z in together[slot.block] if z != s] for s, slot in enumerate(slots)]
        self.own: list[Person | None] = [None] * self.size
        self.held: dict[Person, list[int]] = {person: [] for person in self.people}

    def give(self, s: int, j: Person) -> None:
        self.own[s] = j
        self.held[j].append(s)

    def drop(self, s: int) -> None:
        held = self.held[self.own[s]]
        c, last = held.index(s), held.pop()
        if last != s:
            held[c] = last
        self.own[s] = None

    def load(self, j: Person) -> int:
        return len(self.held[j])

    def barred(self, j: Person, s: int, but: int | None = None) -> bool:
        """Whether j is recused from s or owns one of its mates, the slot `but` being thought vacant."""
        return j in self.recused[s] or any(self.own[z] == j for z in self.mates[s] if z != but)

    def clashes(self, j: Person, s: int) -> int:
        """§15.1: how many mates of s have inspectors incompatible with j."""
        return sum(self.own[z] in self.foes[j] for z in self.mates[s]) if self.foes[j] else 0

    def search(self, roots: list[int], goal: float, pruned: set[Person]) -> Person | None:
        """§15.2: the inspector found, or None; `via`, `take`, `seen` stay behind (`rest` only saves time)."""
        self.via, queue, self.take = dict.fromkeys(roots, ROOT), roots, dict[Person, int]()
        self.seen = pruned | {self.own[s] for s in roots if self.own[s] is not None}
        for s in queue:  # it grows meanwhile
            for z in self.mates[s]:
                j = self.own[z]
                if z not in self.via and j in self.members[s] and j not in self.recused[s] and j not in pruned:
                    self.via[z] = s
                    queue.append(z)
            for j in self.pools[s]:
                if j in self.seen or j == self.own[s] or self.barred(j, s):
                    continue
                self.seen.add(j)
                self.take[j] = s
                if self.load(j) <= goal and self.load(j) < self.caps[j]:
                    return j
                for y in self.held[j]:
                    if y not in self.via:
                        self.via[y] = HELD
                        queue.append(y)
        return None

    def flip(self, j: Person) -> None:
        """§15.2: carry out what was found."""
        s = self.take[j]
        while True:
            o, f = self.own[s], self.via[s]
            if o is not None:
                self.drop(s)
            self.give(s, j)
            if f == ROOT:
                return
            j = o
            s = self.take[j] if f == HELD else f

    def start(self) -> None:
        """§15.3: a lawful assignment, but for incompatible inspectors, or a shortage."""
        order, blocked = list(range(self.size)), []
        self.stream.shuffle(order)
        for s in order:
            out = self.recused[s] | {self.own[z] for z in self.mates[s]}
            able = [j for j in self.pools[s] if self.load(j) < self.caps[j] and j not in out]
            least = min(map(self.load, able), default=0)
            ties = [j for j in able if self.load(j) == least]
            if ties:
                self.give(s, ties[self.stream.below(len(ties))])
            else:
                blocked.append(s)
        for s in blocked:
            j = self.search([s], math.inf, set())
            if j is None:
                raise Shortage("search", self.via, self.seen)
            self.flip(j)

    def balance(self) -> None:
        """§15.3: to the least sum of squares of the loads."""
        pruned: set[Person] = set()
        level = max(map(len, self.held.values()))
        while level >= 2:
            top = [i for i in self.people if i not in pruned and self.load(i) == level]
            j = self.search([s for i in top for s in self.held[i]], level - 2, pruned)
            if j is not None:
                self.flip(j)
            else:
                pruned |= self.seen
                level -= 1

    def repair(self) -> None:
        """§15.3: rounds until no incompatible inspectors are in one team, if need be at the cost of balance."""
        if self.get_apart(EVEN):
            return
        if not self.get_apart(range(-self.size, self.size + 1)):
            raise Shortage("clash", self.clashing(), [self.own[s] for s in self.clashing()])
        for _ in range(64 * (self.size + len(self.people))):
            self.one_round(range(1, self.size + 1))

    def get_apart(self, gaps: range) -> bool:
        """§15.3: at most 64 (T + I) rounds; whether no clash is left."""
        for _ in range(64 * (self.size + len(self.people))):
            if not self.clashing():
                return True
            self.one_round(gaps)
        return not self.clashing()

    def clashing(self) -> list[int]:
        """§15.3: the slots with a clash."""
        return [s for j in self.wary for s in self.held[j] if self.clashes(j, s)]

    def one_round(self, gaps: range) -> None:
        """§15.3: one of the 64 (T + I)."""
        self.exchange(gaps)
        self.rotate(8)

    def rotations(self) -> None:
        """§15.4."""
        c = 4
        while c < 4 * (self.size + len(self.people)):
            c *= 2
            for _ in range(max(16, -(-max(4 * self.size, 4096) // c))):
                self.rotate(c)

    def rotate(self, c: int) -> None:
        """§15.4: a slot is given up and the vacancy wanders, for at most c tries; else all is undone."""
        i = self.people[self.stream.below(len(self.people))]
        if not self.held[i]:
            return
        r0 = self.stream.below(self.load(i))
        s0 = s = self.held[i][r0]
        self.drop(s0)
        d, trail = self.load(i), []
        for _ in range(c):
            j = self.pools[s][self.stream.below(len(self.pools[s]))]
            load = self.load(j)
            m = load + 1 if load == d and load < self.caps[j] else load
            if m == 0:
                continue
            r = self.stream.below(m)
            y = self.held[j][r] if r < load else None
            if self.barred(j, s, but=y) or self.clashes(j, s):
                continue
            if y is None:
                self.give(s, j)
                return
            self.held[j][r], self.own[s], self.own[y] = s, j, None
            trail.append((s, j, r))
            s = y
        for x, j, r in reversed(trail):
            self.own[x], self.held[j][r], self.own[s] = None, s, j
            s = x
        self.give(s0, i)
        self.held[i][r0], self.held[i][-1] = self.held[i][-1], self.held[i][r0]

    def exchange(self, gaps: range) -> None:
        """§15.5: one of the 16 T; a slot is handed on if by `gaps` its owner has more than the other."""
        i = self.people[self.stream.below(len(self.people))]
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
            return
        fits = self.load(i) - self.load(j) in gaps and self.load(j) < self.caps[j] and not self.barred(j, s)
        if fits and self.clashes(j, s) <= self.clashes(i, s):
            self.drop(s)
            self.give(s, j)

    def swap(self, i: Person, c: int, j: Person) -> None:
        """§15.5: the slot at position c of i for one of j."""
        if not self.held[j]:
            return
        e = self.stream.below(self.load(j))
        s, y = self.held[i][c], self.held[j][e]
        if i not in self.members[y] or self.barred(i, y, but=s) or self.barred(j, s, but=y):
            return
        if self.clashes(j, s) + self.clashes(i, y) <= self.clashes(i, s) + self.clashes(j, y):
            self.own[s], self.own[y], self.held[i][c], self.held[j][e] = j, i, y, s

    def run(self) -> list[Person]:
        """§15: the inspector of each slot."""
        self.start()
        self.balance()
        self.repair()
        self.rotations()
        for _ in range(16 * self.size):
            self.exchange(EVEN)
        return self.own


def widened(slots: Sequence[Slot], pairs: Iterable[Pair]) -> list[Slot]:
    """§15.1: the slots with widened recusal sets."""
    foes: dict[Person, set[Person]] = defaultdict(set)
    for a, b in pairs:
        foes[a].add(b)
        foes[b].add(a)
    teams: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        teams[slot.block].append(slot)
    sets = {}
    for block, team in teams.items():
        sets[block], joining = team[0].recused, {*foes}
        while joining:
            able = [{*slot.pool} - sets[block] for slot in team]
            joining = {x for x in foes.keys() - sets[block] if any(some and some <= foes[x] for some in able)}
            sets[block] |= joining
    return [replace(slot, recused=sets[slot.block]) for slot in slots]


def components(slots: Sequence[Slot], pairs: Iterable[Pair]) -> list[list[int]]:
    """§15.1: the slots (numbers of §14) of each component, ascending; by their first slots."""
    by_pool: dict[tuple[Person, ...], list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        by_pool[slot.pool].append(number)
    everyone = {person for pool in by_pool for person in pool}
    links: list[tuple[Pair, list[int]]] = [(pair, []) for pair in pairs if everyone.issuperset(pair)]
    parts: list[tuple[set[Person], list[int]]] = []
    for pool, numbers in [*by_pool.items(), *links]:
        joined = [part for part in parts if not part[0].isdisjoint(pool)]
        one = ({*pool}.union(*(people for people, _ in joined)), sum((some for _, some in joined), numbers))
        parts = [*(part for part in parts if part[0].isdisjoint(pool)), one]
    return sorted(sorted(numbers) for _, numbers in parts)


def assign(
    slots: Sequence[Slot], caps: Mapping[Person, int], pairs: Iterable[Pair], key: Callable[[bytes], bytes]
) -> list[Person]:
    """§15: the inspector of each slot; `key` makes the key of a component's stream."""
    for number, slot in enumerate(slots):
        if not slot.pool:
            raise Shortage("pool", [number])
    slots = widened(slots, pairs)
    team: list[Person] = [None] * len(slots)
    for numbers in components(slots, pairs):
        part = Component(key(u64(numbers[0])), [slots[number] for number in numbers], caps, pairs)
        try:
            for number, person in zip(numbers, part.run(), strict=True):
                team[number] = person
        except Shortage as short:
            raise Shortage(short.why, [numbers[s] for s in short.slots], short.inspectors) from None
    return team


def assign_teams(draw: Draw, slots: Sequence[Slot], relaxations: Sequence[Record], seed: Seed) -> list[str]:
    """§15.8: the inspector of each slot, where every block draws one of the plan's fixed teams."""
    caps, tasks = caps_of(draw, relaxations), [task["id"] for task in draw.plan["tasks"]]
    everything = {"district": "", "targets": [], "tasks": tasks}
    places = [{"block": number + 1} | everything for number in range(draw.plan["teams"])]
    once = {person: min(1, cap) for person, cap in caps.items()}
    try:
        drawn = assign(make_slots(draw, places, relaxations), once, pairs_of(draw), partial(seed.key, "teams"))
    except Shortage as short:
        raise Shortage("teams", short.slots, short.inspectors) from None
    size = len(drawn) // len(places)
    teams = [drawn[start : start + size] for start in range(0, len(drawn), size)]
    least = {number: min(caps[person] for person in team) for number, team in enumerate(teams)}
    wholes = []
    for slot in slots[::size]:
        recused = frozenset(number for number, team in enumerate(teams) if slot.recused & {*team})
        wholes.append(Slot(slot.block, "", tuple(least), recused))
    try:
        owners = assign(wholes, least, (), partial(seed.key, "component"))
    except Shortage as short:
        people = [person for number in short.inspectors for person in teams[number]]
        raise Shortage(short.why, short.slots, people) from None
    return [person for number in owners for person in teams[number]]


def caps_of(draw: Draw, relaxations: Iterable[Record]) -> dict[str, int]:
    """§15, §15.6: the cap of each inspector."""
    most = draw.plan["blocks"]["max_per_inspector"]
    cap = max(most, [most, *(one["cap"] for one in relaxations if "cap" in one)][-1])
    return {person["id"]: min(cap, person.get("most", cap)) for person in draw.inspectors}


def pairs_of(draw: Draw) -> set[Pair]:
    """§8: the inspectors who are incompatible."""
    return {(one["colleague"], one["inspector"]) for one in draw.recusals if "colleague" in one}


def check_lawful(slots: Sequence[Slot], people: Sequence[str], caps: Mapping[str, int], pairs: set[Pair]) -> None:
    """§15: everyone from the pool, nobody recused, twice in a block, above the cap, with one incompatible."""
    teams: dict[int, list[str]] = defaultdict(list)
    for slot, person in zip(slots, people, strict=True):
        fits = person in slot.pool and person not in slot.recused
        need(fits, "不在人员池或应回避 / not in the pool, or recused")
        teams[slot.block].append(person)
    for team in teams.values():
        apart = len(team) == len({*team}) and pairs.isdisjoint(combinations(sorted(team), 2))
        need(apart, "同组两人重复或须回避 / one twice in a team, or two incompatible")
    need(all(load <= caps[p] for p, load in Counter(people).items()), "超过每人上限 / above the cap")


def second_draw(draw: Draw, blocks: list[Record], seed: Seed) -> tuple[list[Record], list[Record]]:
    """§15.6: the lines of blocks.jsonl and of shortages.jsonl."""
    relaxations, shortages = draw.plan.get("relaxations", []), []
    for number in range(len(relaxations) + 1):
        some = relaxations[:number]
        slots, caps, pairs = make_slots(draw, blocks, some), caps_of(draw, some), pairs_of(draw)
        try:
            if "teams" in draw.plan:
                people = assign_teams(draw, slots, some, seed)
            else:
                people = assign(slots, caps, pairs, partial(seed.key, "component"))
        except Shortage as short:
            line = {"inspectors": short.inspectors, "relaxations": number, "slots": short.slots}
            shortages.append(line | {"why": short.why})
        else:
            check_lawful(slots, people, caps, pairs)
            return team_lines(blocks, slots, people), shortages
    return blocks, shortages


def team_lines(blocks: Iterable[Record], slots: Sequence[Slot], people: Sequence[str]) -> list[Record]:
    """§15.7: the lines of blocks.jsonl."""
    teams: dict[int, list[Record]] = defaultdict(list)
    for slot, person in zip(slots, people, strict=True):
        teams[slot.block].append({"inspector": person, "slot": slot.id})
    return [block | {"team": teams[block["block"]]} for block in blocks]


def result_digest(draw: Draw, members: Mapping[str, bytes]) -> bytes:
    results = (members[f"{name}.jsonl"] for name in ("strata", "targets", "blocks"))
    return tagged_in(draw.mode, "result", salt(draw, "result"), *results)


# ---------------------------------------------------------------------------------- §16 the auditor's bundle
LINES = "blocks changes entities inspectors log records recusals shortages strata targets witness".split()
VALUES = "commitment manifest notice plan salt seed".split()
MEMBERS = sorted([*(f"{name}.jsonl" for name in LINES), *(f"{name}.json" for name in VALUES)])
OPTIONAL = ("late.json", "signature.json")
MAX_BYTES, DATE = 2**31 - 2**16, 0x0021  # 1980-01-01


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
    told = without(members, "manifest.json", "signature.json")
    files = {name: {"sha256": sha256(data).hexdigest(), "size": len(data)} for name, data in told.items()}
    return {"files": files, "kind": kind, "result": result, "spec": "v1"}


CHANGE = {"approver": TEXT, "id": NAME, "kind": NAME, "reason": TEXT}
CHANGE |= {"column?": SLOT, "now?": TEXT, "was?": TEXT}


def changes_digest(draw: Draw, prefix: str, changes: Sequence[Any]) -> str:
    """§16: of changes of the right form and order; the prefix is that of the round."""
    check_list(changes, CHANGE, encode)
    return tagged_in(draw.mode, "changes", salt(draw, f"{prefix}changes"), encode_lines(changes)).hex()


# --------------------------------------------------------------------------------- §17 log and commit notice
def is_time(value: Any) -> bool:
    """§17: a second of a real day, UTC."""
    time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
    return matches(f"[-0-9]{{10}}T{time}", value) and is_date(value[:10])


def are_names(value: Any) -> bool:
    """§17: distinct names, in any order."""
    names = isinstance(value, list) and all(matches(NAME, name) for name in value)
    return names and len(set(value)) == len(value)


ENTRY: Record = {"details": lambda value: isinstance(value, dict), "operator": TEXT, "verb": TEXT}
ENTRY |= {"prev": DIGEST, "seq": 1, "time": is_time}
STAMP = {"contributors": are_names, "deadline": is_date, "head": DIGEST, "hours": anything, "time": is_time}
KINDS = ("notice", "closing", "late-notice", "late-closing")
SEEN: Record = {"authority": TEXT, "digest": DIGEST, "draw": 1, "mode": TEXT, "name": NAME}
SEEN |= {"of": one_of(*KINDS), "time": is_time}


def stamp_of(announced: Sequence[Record]) -> Record:
    """§17: the shape of what nothing determines in a notice with these announced values."""
    return STAMP | {"hours": {f"{name}?": is_time for name in drawings(*announced) if name not in REPEATED}}


def make_notice(draw: Draw, sealed: Round, committed: Mapping[str, bytes], changes: str, stamp: Any) -> Record:
    """§17: 抽取承诺公告; nothing determines what the stamp has: contributors, deadline, head, hours, time."""
    given = {name: dig(stamp, name) for name in STAMP}
    check(stamp_of(sealed.announced), given)
    sizes = {"registry": len(draw.entities)} if "targets" in sealed.stages else {}
    if "inspectors" in sealed.stages:
        sizes |= {"inspectors": len(draw.inspectors), "recusals": len(draw.recusals)}
    notice = given | {"authority": draw.plan["authority"], "changes": changes, "draw": draw.number, "mode": draw.mode}
    notice |= {"commitments": {stage: committed[stage].hex() for stage in sealed.stages}, "sizes": sizes}
    return notice | {"plan": draw.plan["id"], "spec": "v1", "values": sealed.announced}


def chain(entries: Iterable[Record]) -> tuple[list[Record], str]:
    """§17: the entries with `seq` and `prev`, and the head."""
    log, head = [], "0" * 64
    for seq, entry in enumerate(entries, 1):
        log.append(entry | {"seq": seq, "prev": head})
        head = tagged("log", encode(log[-1])).hex()
    return log, head


FREEZING = ("freeze", "close", "seed", "draw", "match")
LATE_FREEZING = ("late-freeze", "late-close", "late-seed", "match")


def check_log(log: Sequence[Any], notices: Sequence[Record]) -> dict[str, Record]:
    """§17: the chain, and the places of freezes and closings; returned are the first entries of each verb."""
    check_list(log, ENTRY, operator.itemgetter("seq"))
    same_lines(chain(log)[0], log, "log.jsonl")
    about = entries_of(log, notices[0]["mode"], notices[0]["draw"])
    for notice, verbs in zip(notices, (FREEZING, LATE_FREEZING), strict=False):
        check_places(about, notice, verbs)
    first = {entry["verb"]: entry for entry in reversed(about)}
    if len(notices) > 1:
        need(first["freeze"]["seq"] < first["late-freeze"]["seq"], "late-freeze 先于 before freeze")
    return first


def entries_of(log: Sequence[Record], mode: str, draw: int) -> list[Record]:
    """§17: the entries of a draw."""
    return [entry for entry in log if [entry["details"].get(key) for key in ("mode", "draw")] == [mode, draw]]


def check_places(about: Sequence[Record], notice: Record, verbs: Sequence[str]) -> None:
    """§17: freeze and closing (the first two verbs) stand once, before all that follows; what the freeze says."""
    for number, verb in enumerate(verbs[: 2 if notice["contributors"] else 1], 1):
        found = [entry["seq"] for entry in about if entry["verb"] == verb]
        need(len(found) == 1, f"本次抽取应恰有一条 {verb} 记录 / not exactly one {verb} of this draw")
        early = [e["seq"] for e in about if e["verb"] in verbs[number:] and e["seq"] < found[0]]
        what = f"本次抽取有记录先于 {verb} / an entry of this draw stands before its {verb}"
        need(not early, what, line=min(early, default=0))
    (freeze,) = (entry for entry in about if entry["verb"] == verbs[0])
    told = {key: freeze["details"].get(key) for key in ("changes", "commitments")}
    told |= {"head": freeze["prev"], "time": freeze["time"]}
    same({key: notice[key] for key in told}, told, line=freeze["seq"])


Seen = dict[str, tuple[Record, bytes]]  # by kind of witness statement: the notice, and the digest


def to_be_seen(notices: Sequence[Record], closings: Sequence[bytes]) -> Seen:
    """§17: what can be witnessed."""
    both = zip(notices, closings, strict=True)
    digests = [(notice, one) for notice, c in both for one in (tagged("notice", encode(notice)), c)]
    return dict(zip(KINDS, digests, strict=False))


def check_witness(statements: Sequence[Any], seen: Seen) -> None:
    """§17: the form of the statements, what they are of, and their signatures."""
    said_of = SEEN | {"of": one_of(*seen)}
    check_list(statements, (said_of | SIGNED, said_of | {"receipt": NAME}), encode)
    for line, said in enumerate(statements, 1):
        with at(line=line):
            notice, digest = seen[said["of"]]
            told = {name: notice[name] for name in ("authority", "draw", "mode")}
            same(said | told | {"digest": digest.hex()}, said)
            need(said["time"] >= notice["time"], "见证早于公告 / witnessed before the notice", path=".time")
            if "key" in said:
                check_signature(said, tagged("witness", encode({name: said[name] for name in SEEN})))


# ------------------------------------------------------------------------------------------ §18 verification
def sealed_by(statement: Any, notice: Any, seed: Any) -> Record:
    """§10, §11: what a seed comes from, as a bundle or receipt has it."""
    told = {"announced": dig(statement, "values"), "contributors": dig(notice, "contributors")}
    return told | {"contributions": dig(seed, "closing", "contributions"), "values": dig(seed, "values")}


class Verification:
    """§18: the steps in their order; each may tell a fact, or raises SpecError. Here those that all kinds share."""

    kind, required = "auditor", MEMBERS
    optional: Sequence[str] = OPTIONAL
    steps: Sequence[str]
    trusted: Sequence[str] = ()  # besides what is never proven
    mode: str
    rounds: list[Round]
    notices: list[Record]
    committed: dict[str, bytes]

    def __init__(self, data: bytes) -> None:
        self.data, self.signer, self.void = data, "", ""  # the fingerprint of who signed, the reason of a void draw
        self.members: dict[str, bytes] = {}
        self.json: dict[str, Any] = {}  # what was read of each member
        self.placed: dict[str, Record] | None = None  # if there is a log, the draw's first entry of each verb
        self.seeds: dict[str, Seed] = {}

    def step_archive(self) -> None:
        self.members = read_archive(self.data, self.required, self.optional)

    def step_manifest(self) -> None:
        found = decode(self.members["manifest.json"])
        check(DIGEST, dig(found, "result"), ".result")
        same(make_manifest(self.members, found["result"], self.kind), found)

    def step_signature(self) -> None:
        if "signature.json" in self.members:
            signed = decode(self.members["signature.json"])
            self.signed_by(signed, tagged("bundle", self.members["manifest.json"]))

    def signed_by(self, signed: Any, message: bytes, path: str = "") -> None:
        check(SIGNED, signed, path)
        check_signature(signed, message)
        self.signer = fingerprint(signed["key"])

    def step_encoding(self) -> str:
        for name, data in self.members.items():
            with at(file=name):
                self.json[name] = decode_lines(data) if name.endswith(".jsonl") else decode(data)
        return ", ".join(f"{name} {len(value):,}" for name, value in self.json.items() if isinstance(value, list))

    def step_seed(self) -> str:
        self.closings: list[bytes] = []
        saids = {"seed.json": self.json["seed.json"], "late.json": dig(self.json.get("late.json"), "seed")}
        for sealed, (file, said) in zip(self.rounds, saids.items(), strict=False):
            committed = {stage: self.committed[stage] for stage in sealed.stages}
            first, *_ = committed.values()
            with at(file=file):
                check_contributions(self.mode, first, sealed.contributors, sealed.contributions)
                check_values(self.mode, sealed.announced, sealed.values)
                closing = {"commitment": first.hex(), "contributions": sealed.contributions}
                same({"closing": closing, "values": sealed.values}, said)
            closed = closing_digest(self.mode, closing)
            if self.placed and sealed.contributors:
                entry = self.placed[f"{sealed.prefix}close"]
                same(closed.hex(), entry["details"].get("closing"), file="log.jsonl", line=entry["seq"])
            self.closings.append(closed)
            self.seeds |= make_seeds(self.mode, committed, closed, sealed.values)
        return ", ".join(f"{drawings(one)[0]}={one['value']}" for sealed in self.rounds for one in sealed.values)

    def taken(self) -> Iterator[tuple[list[str], str]]:
        """§11: the announced drawings, fallbacks included, and which of them took place."""
        for sealed in self.rounds:
            for announced, value in zip(sealed.announced, sealed.values, strict=True):
                yield drawings(announced), drawings(value)[0]

    def following(self) -> Iterator[tuple[str, str, str | None]]:
        """§18: the drawings that gave a value, the time after which they must have taken place, the announced hour."""
        for sealed, notice in zip(self.rounds, self.notices, strict=True):
            fixed = f"{sealed.prefix}{'close' if sealed.contributors else 'freeze'}"
            for name in drawings(*sealed.values):
                if name != "explicit:1":
                    yield name, dig(self.placed, fixed, "time") or notice["time"], notice["hours"].get(name)

    def step_witness(self) -> None:
        check_witness(self.json["witness.jsonl"], to_be_seen(self.notices, self.closings))


class AuditorBundle(Verification):
    """§18: the steps of an auditor's bundle."""

    steps = "archive manifest signature encoding plan registry strata pool commitment notice log seed".split()
    steps += "witness targets blocks assignment result records".split()

    def step_plan(self) -> None:
        check_plan(self.json["plan.json"])

    def read_draw(self) -> Draw:
        """What the draw follows from, as the bundle has it; most of it is checked by later steps."""
        said, late = self.json["commitment.json"], self.json.get("late.json")
        mode, number = dig(said, "targets", "mode"), dig(said, "targets", "draw")
        with at(file="commitment.json", path=".targets"):
            check({"draw": 1, "mode": MODE}, {"draw": number, "mode": mode})
        with at(file="salt.json"):
            check({"key": DIGEST}, self.json["salt.json"])
        key, plan = bytes.fromhex(self.json["salt.json"]["key"]), self.json["plan.json"]
        lists = {name: self.json[f"{name}.jsonl"] for name in ("entities", "inspectors", "recusals")}
        sealed = sealed_by(dig(said, "targets"), self.json["notice.json"], self.json["seed.json"])
        more: Record = {"predecessor": dig(said, "targets", "predecessor")}
        if late is not None:
            more["late"] = sealed_by(dig(said, "inspectors"), dig(late, "notice"), dig(late, "seed"))
        return Draw(mode, number, key, plan, **lists, **sealed, **more)

    def same_parts(self, stage: str, parts: Record) -> None:
        """Compare parts of a statement as soon as they are recomputed; `commitment` compares the whole."""
        self.parts |= parts
        for name, part in parts.items():
            found = dig(self.json["commitment.json"], stage, name)
            same(part, found, f".{stage}.{name}", file="commitment.json")

    def step_registry(self) -> None:
        self.draw, self.parts = self.read_draw(), Record()
        self.mode, self.rounds = self.draw.mode, self.draw.rounds
        listed = [task["id"] for task in self.draw.plan["tasks"] if "source" in task]
        with at(file="entities.jsonl"):
            check_list(self.draw.entities, entity_shape(self.draw.plan["columns"], listed), by_id)
        self.registry = seal(self.draw, "entity", self.draw.entities)
        self.same_parts("targets", {"registry": self.registry.statement()})

    def step_strata(self) -> str:
        with at(file="plan.json"):
            self.tasks = stratify(self.draw.plan, self.registry)
        self.same_parts("targets", {"tasks": [task.statement() for task in self.tasks]})
        outside = sum((task.outside for task in self.tasks), Counter())
        return ", ".join(f"{reason} {number:,}" for reason, number in sorted(outside.items()))

    def step_pool(self) -> None:
        people, recusals = self.draw.inspectors, self.draw.recusals
        with at(file="inspectors.jsonl"):
            check_list(people, INSPECTOR, by_id)
        with at(file="recusals.jsonl"):
            check_recusals(recusals, self.draw.plan["columns"])
        digest = {"digest": recusals_digest(self.draw).hex(), "size": len(recusals)}
        self.same_parts("inspectors", {"pool": seal(self.draw, "inspector", people).statement(), "recusals": digest})

    def step_commitment(self) -> str:
        for sealed, stage in zip(self.rounds, ("targets", "inspectors"), strict=False):
            check_announced(sealed.announced, f".{stage}.values")
        fresh = not clash_anew(*(one for sealed in self.rounds for one in sealed.announced))
        need(fresh, "补充封存公告了同一期开奖，或期号位数不一 / the late seal announces the same drawing, or not alike")
        check_predecessor(self.draw.predecessor, self.draw.number)
        statements = make_statements(self.draw, self.parts)
        same(statements, self.json["commitment.json"])
        self.committed = {stage: commitment(self.mode, said) for stage, said in statements.items()}
        return ", ".join(f"{stage} {value.hex()}" for stage, value in self.committed.items())

    def step_notice(self) -> str:
        late = self.json.get("late.json")
        told = [tuple((file, self.json[file]) for file in ("notice.json", "changes.jsonl"))]
        if late is not None:
            with at(file="late.json"):
                check({"changes": anything, "notice": anything, "seed": anything}, late)
            told.append(tuple(("late.json", late[name]) for name in ("notice", "changes")))
        self.notices = [notice for (_, notice), _ in told]
        for sealed, ((file, notice), (beside, changes)) in zip(self.rounds, told, strict=True):
            with at(file=beside):
                digest = changes_digest(self.draw, sealed.prefix, changes)
            with at(file=file):
                same(make_notice(self.draw, sealed, self.committed, digest, notice), notice)
        return ", ".join(f"{notice['draw']}: {notice['time']}" for notice in self.notices)

    def step_log(self) -> None:
        self.placed = check_log(self.json["log.jsonl"], self.notices)

    def step_targets(self) -> None:
        strata, self.targets = first_draw(self.tasks, self.seeds["targets"])
        same_lines(strata, self.json["strata.jsonl"], "strata.jsonl")
        same_lines(self.targets, self.json["targets.jsonl"], "targets.jsonl")

    def step_blocks(self) -> None:
        self.blocks = make_blocks(self.draw, self.targets, self.seeds["inspectors"])
        rows = self.json["blocks.jsonl"]
        same_lines(self.blocks, [without(row, "team") for row in rows], "blocks.jsonl")

    def step_assignment(self) -> str:
        lines, self.shortages = second_draw(self.draw, self.blocks, self.seeds["inspectors"])
        same_lines(self.shortages, self.json["shortages.jsonl"], "shortages.jsonl")
        same_lines(lines, self.json["blocks.jsonl"], "blocks.jsonl")
        return ", ".join(f"人员不足 shortage: {line['why']}" for line in self.shortages)

    def step_result(self) -> str:
        digest = result_digest(self.draw, self.members).hex()
        same(digest, self.json["manifest.json"]["result"], ".result", file="manifest.json")
        return digest

    def step_records(self) -> None:
        records, blocks = self.json["records.jsonl"], self.json["blocks.jsonl"]
        if records:
            state = Succession(self.draw, self.tasks, blocks, len(self.shortages), self.seeds["inspectors"])
            check_records(records, state, self.json["manifest.json"]["result"])
            self.void = state.void
        with at(file="log.jsonl"):
            check_record_entries(self.draw, records, self.json["log.jsonl"])


# ------------------------------------------------------------------------------- §19 records after the seed
PLACE = {"block": 1, "slot": TEXT, "targets": [TEXT, 1]}
RECORD: Record = {"approver": NAME, "operator": NAME, "prev": DIGEST, "reason": NAME, "seq": 1, "time": is_time}
REQUEST = RECORD | {"kind": "request", "values": ANNOUNCED}
OUTCOME = RECORD | {"kind": "outcome", "request": 1, "values": [DRAWING | {"value": TEXT}, 1]}
RECORDS = (
    RECORD | {"kind": "void"},
    REQUEST | {"because": one_of("recusal", "unable"), "places": [PLACE, 1]},
    REQUEST | {"target": TEXT},
    OUTCOME | {"inspectors": [TEXT, 0]},
    OUTCOME | {"target": TEXT},
    RECORD | {"inspectors": [TEXT, 1], "kind": "urgent", "places": [PLACE, 1]},
)


def places_in(places: Sequence[Record]) -> list[tuple[str, str]]:
    """§19: each target of places, with its slot."""
    return [(target, place["slot"]) for place in places for target in place["targets"]]


class Succession:
    """§19: the state of a draw, changed by one record after the other."""

    def __init__(self, draw: Draw, tasks: list[Task], blocks: list[Record], short: int, seed: Seed) -> None:
        """The lines of blocks.jsonl, the number of those of shortages.jsonl, and seed(inspectors)."""
        applied = draw.plan.get("relaxations", [])[:short]
        self.draw, self.tasks, self.seed = draw, tasks, seed
        self.caps, self.pairs = caps_of(draw, applied), pairs_of(draw)
        self.pools = {(slot.block, slot.id): slot.pool for slot in make_slots(draw, blocks, applied)}
        alone = [{"block": record["id"], "targets": [record["id"]]} for record in draw.entities]
        self.recused: dict[Any, frozenset[str]] = recusal_sets(draw, alone)  # of each entity
        self.blocks = {block["block"]: block | {"targets": [*block["targets"]]} for block in blocks}
        self.team: dict[str, dict[str, str]] = {
            target: {} for block in blocks for target in block["targets"]
        }  # in each slot an inspector, or ""
        places = [(block["targets"], place) for block in blocks for place in block.get("team", [])]
        for target, place in ((target, place) for targets, place in places for target in targets):
            self.team[target][place["slot"]] = place["inspector"]
        self.load = Counter(place["inspector"] for block in blocks for place in block.get("team", []))
        self.targets = {*self.team}  # now or before
        self.announced = [one for sealed in draw.rounds for one in sealed.announced]  # and, later on, by requests
        self.gone: set[str] = set()
        self.asked: set[tuple[str, str]] = set()  # recusals that were asked for: of a target, in a slot
        self.unwanted: set[tuple[str, str]] = set()  # by a target, an inspector
        self.requests: dict[int, Record] = {}  # without an outcome
        self.about: dict[int, list[str]] = {}  # of a request the old inspectors of its places when it was made
        self.void = ""

    def follow(self, record: Record) -> Record:
        """What the record has to say, given those before; it is carried out."""
        need(not self.void, "作废之后还有记录 / a record after the draw was declared void")
        kind, drawn = record["kind"], all("team" in block for block in self.blocks.values())
        need(drawn or kind == "void", "没有检查组，只能作废 / no teams: it can only be void")
        if kind == "outcome":
            return self.outcome(record)
        if kind == "urgent":
            need("substitutes" in self.draw.plan, "计划不许紧急替换 / the plan allows no urgent replacement")
            free = self.waiting.isdisjoint(places_in(record["places"]))
            need(free, "席位已有待办的更换申请 / a place that waits for fresh values", path=".places")
            return {"inspectors": self.replace(record["places"], self.substitute)}
        if kind == "request":
            self.request(record)
        else:
            self.void = record["reason"]
        return {}

    def request(self, record: Record) -> None:
        """§19: places or target, and announced values that nobody can know yet."""
        check_announced(record["values"], ".values")
        self.announced += record["values"]
        fresh = not clash_anew(*self.announced)
        need(fresh, "期号用过或位数不一 / a drawing announced before, or not written alike", path=".values")
        explicit = self.draw.mode == "real" and "explicit:1" in drawings(*record["values"])
        need(not explicit, "正式抽查不得手工指定种子 / an explicit seed in a real draw", path=".values")
        self.requests[record["seq"]] = record
        if "target" in record:
            self.block_of(record["target"])
            return
        self.about[record["seq"]] = olds = self.olds(record["places"])
        if record["because"] == "recusal":
            places = places_in(record["places"])
            once = len(places) == 1 and places[0] not in self.asked
            need(once, "企业申请回避，每席位限一次 / a recusal is asked for one place, once", path=".places")
            self.asked.add(places[0])
            self.unwanted.add((places[0][0], olds[0]))

    def outcome(self, record: Record) -> Record:
        """§19: what comes of a request, by the values announced there."""
        mode, earliest = self.draw.mode, next(iter(self.requests), None)
        need(record["request"] == earliest, "不是最早的待办申请 / not the earliest open request", path=".request")
        request = self.requests.pop(record["request"])
        check_values(mode, request["values"], record["values"])
        digest = record_digest(mode, request)
        stream = Stream(tagged_in(mode, "key/records", digest, encode(record["values"])))
        if self.has_lapsed(request):
            return {"target": ""} if "target" in request else {"inspectors": []}
        if "target" in request:
            return {"target": self.replace_target(request["target"], stream)}

        def lightest(_: Record, candidates: list[str]) -> str:
            least = min(self.load[j] for j in candidates)
            ties = [j for j in candidates if self.load[j] == least]
            return ties[stream.below(len(ties))]

        return {"inspectors": self.replace(request["places"], lightest, request["because"] == "unable")}

    def has_lapsed(self, request: Record) -> bool:
        """§19: whether records since have left the request without its target, its places, or the persons in them."""
        try:
            if "target" not in request:
                return self.olds(request["places"]) != self.about[request["seq"]]
            self.block_of(request["target"])
        except SpecError:
            return True
        return False

    @property
    def waiting(self) -> set[tuple[str, str]]:
        """§19: the targets and slots for whose persons fresh values are asked."""
        asked = [request for request in self.requests.values() if "places" in request]
        return {one for request in asked if not self.has_lapsed(request) for one in places_in(request["places"])}

    def olds(self, places: Sequence[Record]) -> list[str]:
        """§19: the old inspector of each place, "" for none."""
        olds: list[str] = []
        seen: set[tuple[str, str]] = set()
        for number, place in enumerate(places):
            slot, told = place["slot"], place["targets"]
            here = [target for target in dig(self.blocks.get(place["block"]), "targets") or () if target in told]
            held = {self.team[target].get(slot) for target in here}
            fits = here == told and len(held) == 1 and None not in held
            fits &= seen.isdisjoint((target, slot) for target in here)
            need(fits, "不是一处席位 / not a place of one team", path=f".places[{number}]")
            olds += [inspector for inspector in held if inspector is not None]
            seen |= {(target, slot) for target in here}
        return olds

    def replace(
        self, places: Sequence[Record], choose: Callable[[Record, list[str]], str], unable: bool = True
    ) -> list[str]:
        """§19: replacement of persons; the new ones."""
        olds, news = self.olds(places), []
        self.gone |= {*olds} if unable else set()
        for place, old in zip(places, olds, strict=True):
            pool = self.pools[place["block"], place["slot"]]
            candidates = [j for j in pool if j != old and self.is_candidate(j, place)]
            new = choose(place, candidates) if candidates else ""
            for target in place["targets"]:
                self.team[target][place["slot"]] = new
            self.load[new] += 1
            news.append(new)
        return news

    def is_candidate(self, j: str, place: Record) -> bool:
        """§19: whether an inspector of the pool, who is not the old one, is a candidate."""
        if j in self.gone or self.load[j] >= self.caps[j]:
            return False
        for target in place["targets"]:
            others = [other for slot, other in self.team[target].items() if slot != place["slot"]]
            clash = j in others or any(tuple(sorted((j, other))) in self.pairs for other in others)
            if clash or j in self.recused[target] or (target, j) in self.unwanted:
                return False
        return True

    def substitute(self, place: Record, candidates: list[str]) -> str:
        """§19: the urgent replacement."""
        fields = u64(place["block"]), place["slot"].encode()
        return min(candidates, key=lambda j: self.seed.key("substitute", *fields, j.encode()))

    def block_of(self, target: str) -> Record:
        """§19: the block of a target that can be replaced."""
        listed = {task.id for task in self.tasks if task.listed}
        found = [block for block in self.blocks.values() if target in block["targets"]]
        can = bool(found) and listed.isdisjoint(found[0]["tasks"])
        need(can, "不是可以替换的检查对象 / no target that can be replaced", path=".target")
        return found[0]

    def replace_target(self, target: str, stream: Stream) -> str:
        """§19: replacement of a target; the new one, or ""."""
        block, team = self.block_of(target), {*self.team[target].values()}
        tiers = [tier for task in self.tasks if task.id in block["tasks"] for tier in task.tiers]
        strata = [[record for _, record in stratum.sealed] for tier in tiers for stratum in tier.strata]
        strata = [stratum for stratum in strata if target in (record["id"] for record in stratum)]
        alike = set.intersection(*({record["id"] for record in stratum} for stratum in strata)) - self.targets
        district, column = block["district"], self.draw.plan.get("district")
        near = [record["id"] for record in strata[0] if record["columns"].get(column, "") == district]
        candidates: list[str] = [j for j in near if j in alike and team.isdisjoint(self.recused[j])]
        if not candidates:
            return ""
        new = candidates[stream.below(len(candidates))]
        block["targets"][block["targets"].index(target)] = new
        self.team[new] = self.team.pop(target)
        self.targets.add(new)
        return new


def record_digest(mode: str, record: Record) -> bytes:
    return tagged_in(mode, "record", encode(record))


def check_records(records: Sequence[Any], state: Succession, result: str) -> None:
    """§19: form, chain, times, and what follows; `result` is the result digest."""
    time, head = "", result
    for line, record in enumerate(records, 1):
        with at(line=line):
            check(RECORDS, record)
            need(record["time"] >= time, "时间早于上一条 / earlier than the record before", path=".time")
            same(record | {"seq": line, "prev": head}, record)
            same(record | state.follow(record), record)
        time, head = record["time"], record_digest(state.draw.mode, record).hex()


def check_record_entries(draw: Draw, records: Sequence[Record], log: Sequence[Record]) -> None:
    """§19: to each record belongs an entry of the log, in order, after the match."""
    about = entries_of(log, draw.mode, draw.number)
    own = [entry for entry in about if entry["verb"] == "record"]
    matched = max((entry["seq"] for entry in about if entry["verb"] == "match"), default=0)
    early = [entry["seq"] for entry in own if entry["seq"] < matched]
    need(not early, "记录先于派员 / a record before the inspectors were drawn", line=min(early, default=0))
    told = [{"operator": e["operator"], "record": e["details"].get("record"), "time": e["time"]} for e in own]
    due = [{"operator": r["operator"], "record": record_digest(draw.mode, r).hex(), "time": r["time"]} for r in records]
    same(due, told)


# --------------------------------------------------------------------------------------- §20 the public bundle
def is_place(value: Any) -> bool:
    """§20: [t, i, j] or [t]."""
    numbers = isinstance(value, list) and all(isinstance(part, int) and part >= 0 for part in value)
    return numbers and len(value) in (1, 3)


SEALED: Record = {"root": DIGEST, "size": 1}
TIER = SEALED | {"quota": 0, "strata": [SEALED, 1, ascending("root")], "bounds?": {"least": 0, "most": 1}}
ANY_LISTED = {"id": NUMBER, "listed": SEALED | {"size": 0}, "source": SOURCE}
TASKS = [({"id": NUMBER, "tiers": [TIER, 0, ascending("root")]}, ANY_LISTED), 1]
LOOKED_UP: Record = {"draw": 1, "mode": MODE, "registry": SEALED | {"size": 0}}
STATEMENT = LOOKED_UP | {"authority": NAME, "plan": DIGEST, "spec": "v1", "stage": "targets", "suite": "sha256"}
STATEMENT |= {"predecessor?": PREDECESSOR, "tasks": TASKS, "values": ANNOUNCED}
SIZES = ({"registry": 0}, {"inspectors": 0, "recusals": 0, "registry": 0})
NOTICE = STAMP | {"authority": NAME, "draw": 1, "mode": NAME, "plan": NUMBER, "spec": "v1", "sizes": SIZES}
NOTICE |= {"changes": DIGEST, "commitments": {"inspectors?": DIGEST, "targets": DIGEST}, "values": ANNOUNCED}
LEAF = {"in": [is_place, 0, ascending(0)], "leaf": DIGEST}


def check_tasks(tasks: Any) -> None:
    """§20: `tasks` of a targets statement: form, order (§9), quotas within sizes and bounds."""
    path = ".targets.tasks"
    check(TASKS, tasks, path)
    few = len({task["id"] for task in tasks}) == len(tasks) <= 1000
    need(few, "任务过多或重复 / too many tasks, or one twice", path=path)
    for tier in (tier for task in tasks for tier in task.get("tiers", ())):
        sizes, bounds = [stratum["size"] for stratum in tier["strata"]], tier.get("bounds")
        least, most = (sum(some) for some in limits(bounds, sizes))
        fits = sum(sizes) == tier["size"] and least <= tier["quota"] <= most
        fits &= bounds is None or bounds["least"] <= bounds["most"]
        need(fits, "户数、名额、上下限不合 / sizes, quota and bounds do not go together", path=path)


Place = tuple[int, ...]  # [t, i, j] or [t]


def places_of(tasks: Sequence[Record]) -> dict[Place, tuple[Record, Record]]:
    """§20: all places of a targets statement, in order: the tier (of a list none), and the stratum or list."""
    places: dict[Place, tuple[Record, Record]] = {}
    for t, task in enumerate(tasks):
        places |= {(t,): ({}, task["listed"])} if "listed" in task else {}
        for i, tier in enumerate(task.get("tiers", ())):
            places |= {(t, i, j): (tier, stratum) for j, stratum in enumerate(tier["strata"])}
    return places


def with_leaves(tasks: Sequence[Record], leaves: Iterable[Record]) -> list[Task]:
    """§20: the tasks of a targets statement, with the leaves that lie in their strata and lists."""
    lying: dict[Place, list[Sealed]] = {place: [] for place in places_of(tasks)}
    for line in leaves:
        for place in map(tuple, line["in"]):
            need(place in lying, f"没有这一处 / there is no place {[*place]}", file="leaves.jsonl", id=line["leaf"])
            lying[place].append((bytes.fromhex(line["leaf"]), {"id": line["leaf"]}))
    made = []
    for t, task in enumerate(tasks):
        tiers = []
        for i, tier in enumerate(task.get("tiers", ())):
            strata = [Part("", lying[t, i, j]) for j in range(len(tier["strata"]))]
            sealed = sorted((one for part in strata for one in part.sealed), key=by_leaf)
            tiers.append(Part("", sealed, tier["quota"], strata, tier.get("bounds")))
        listed = Part("", lying[t,]) if "listed" in task else None
        made.append(Task(task["id"], tiers, Counter(), listed, task.get("source", "")))
    return made


class Published(Verification):
    """§20, §21: the steps that the public bundle and the receipt share."""

    trusted: Sequence[str] = (
        "计划与承诺摘要相符，分层按其规则 / that the plan has the digest of the statement and the strata follow it",
        "人员及其抽取 / the inspectors and their draw",
        "名单变动 / the changes of the lists",
        "抽取以后的替换与作废不在其中 / what was recorded after the draw (a replacement, a void draw) is not in it",
    )

    def look_up(self) -> None:
        """What the step `registry` needs of the targets statement."""
        self.said = dig(self.json["commitment.json"], "targets")
        with at(file="commitment.json"):
            check(LOOKED_UP, {name: dig(self.said, name) for name in LOOKED_UP}, ".targets")
        self.mode = self.said["mode"]

    def step_commitment(self) -> str:
        check({"targets": STATEMENT}, self.json["commitment.json"])
        check_announced(self.said["values"])
        check_predecessor(self.said.get("predecessor"), self.said["draw"])
        self.committed = {"targets": commitment(self.mode, self.said)}
        return self.committed["targets"].hex()

    def step_notice(self) -> str:
        notice, said = self.json["notice.json"], self.said
        check(NOTICE | stamp_of(said["values"]), notice)
        together = ("inspectors" in notice["commitments"]) == ("inspectors" in notice["sizes"])
        need(together, "承诺与数目不齐 / commitments and sizes of different lists", path=".sizes")
        told = {name: said[name] for name in ("authority", "draw", "mode", "values")}
        told["commitments"] = notice["commitments"] | {"targets": self.committed["targets"].hex()}
        same(notice | told | {"sizes": notice["sizes"] | {"registry": said["registry"]["size"]}}, notice)
        self.notices = [notice]
        self.rounds = [Round("", ("targets",), **sealed_by(said, notice, self.json["seed.json"]))]
        return f"{notice['draw']}: {notice['time']}"


PUBLIC = [f"{name}.json" for name in "commitment manifest notice seed".split()]
PUBLIC += [f"{name}.jsonl" for name in "leaves names strata witness".split()]


class PublicBundle(Published):
    """§20: the steps of a public bundle."""

    kind = "public"
    trusted = (*Published.trusted, "姓名与叶子相配 / that names match leaves", "结果摘要 / the result digest")
    required = PUBLIC
    optional = ("signature.json",)
    steps = "archive manifest signature encoding registry strata commitment notice seed witness targets".split()

    def step_registry(self) -> None:
        self.look_up()
        leaves = self.json["leaves.jsonl"]
        with at(file="leaves.jsonl"):
            check_list(leaves, LEAF, operator.itemgetter("leaf"))
        told = {"root": root([bytes.fromhex(line["leaf"]) for line in leaves]).hex(), "size": len(leaves)}
        same(told, self.said["registry"], ".targets.registry", file="commitment.json")

    def step_strata(self) -> None:
        with at(file="commitment.json"):
            check_tasks(dig(self.said, "tasks"))
            self.tasks = with_leaves(self.said["tasks"], self.json["leaves.jsonl"])
            same([task.statement() for task in self.tasks], self.said["tasks"], ".targets.tasks")

    def step_targets(self) -> None:
        lines, targets = first_draw(self.tasks, self.seeds["targets"])
        same_lines([without(line, "cell", "tier") for line in lines], self.json["strata.jsonl"], "strata.jsonl")
        with at(file="names.jsonl"):
            check_list(self.json["names.jsonl"], {"id": NAME, "name": TEXT}, by_id)
            fits = len(self.json["names.jsonl"]) == len(targets)
            need(fits, "姓名与抽出户数不符 / not as many names as targets")


# ------------------------------------------------------------------------------------------------ §21 receipts
PATH = {"index": 0, "path": [DIGEST, 0]}
LIES = PATH | {"cut?": DIGEST, "stratum": 0, "task": NUMBER, "tier": 0}
MEMBER = (LIES, PATH | {"task": NUMBER}, {"outside": SLOT, "task": NUMBER})
INSIDE = ("commitment", "entity", "notice", "registry", "salt", "seed", "tasks", "witness")
RECEIPT = dict.fromkeys((*INSIDE, "signature?"), anything) | {"kind": "receipt", "spec": "v1"}


class Receipt(Published):
    """§21: the steps of a receipt; `public` if there is a public bundle beside it."""

    def __init__(self, data: bytes, public: bytes | None = None) -> None:
        super().__init__(data)
        self.public = public
        self.steps = "encoding signature registry strata commitment notice seed witness targets".split()
        self.trusted = [*self.trusted, "未入某任务的原因 / the reasons why it lies outside a task"]
        if public is None:
            self.trusted.append("截线 / the cuts: no public bundle was given")
        else:
            self.steps.append("public")

    def step_encoding(self) -> str:
        self.receipt = decode(self.data)
        check(RECEIPT, self.receipt)
        self.json = {f"{name}.json": self.receipt[name] for name in ("commitment", "notice", "seed")}
        self.json["witness.jsonl"] = self.receipt["witness"]
        return ""

    def step_signature(self) -> None:
        if "signature" in self.receipt:
            message = tagged("receipt", encode(without(self.receipt, "signature")))
            self.signed_by(self.receipt["signature"], message, ".signature")

    def step_registry(self) -> str:
        self.look_up()
        receipt, entity = self.receipt, self.receipt["entity"]
        columns = dig(entity, "columns")
        aliases = [alias for alias in columns if matches(ALIAS, alias)] if isinstance(columns, dict) else []
        check(entity_shape(aliases) | {"lists?": [NUMBER, 1, operator.lt]}, entity, ".entity")
        check(DIGEST, receipt["salt"], ".salt")
        check(PATH, receipt["registry"], ".registry")
        self.leaf = tagged_in(self.mode, "leaf/entity", bytes.fromhex(receipt["salt"]), encode(entity))
        self.check_path(receipt["registry"], self.said["registry"], ".registry")
        return f"{entity['name']} {entity['id']}"

    def check_path(self, told: Record, said: Record, path: str) -> None:
        """§21: the path leads from the leaf to the root of the statement."""
        with at(path=path):
            found = lead(self.leaf, told["index"], said["size"], [bytes.fromhex(part) for part in told["path"]])
            need(found.hex() == said["root"], "路径通不到承诺的根 / the path does not lead to the committed root")

    def step_strata(self) -> None:
        said, told, lists = dig(self.said, "tasks"), self.receipt["tasks"], self.receipt["entity"].get("lists", [])
        with at(file="commitment.json"):
            check_tasks(said)
        check([MEMBER, 0], told, ".tasks")
        same([task["id"] for task in said], [one["task"] for one in told], ".tasks")
        known = set(lists) <= {task["id"] for task in said if "listed" in task}
        need(known, "不是名单任务 / no listed task", path=".entity.lists")
        places = places_of(said)
        self.lies: list[tuple[Place, Record, Record]] = []  # the places, what is told, the tiers
        for t, (task, one) in enumerate(zip(said, told, strict=True)):
            listed, outside = "listed" in task, one.get("outside")
            place = (t, one["tier"], one["stratum"]) if "tier" in one else (t,)
            fits = place in places if outside is None else listed == (outside == "not_listed")
            fits &= not listed or (outside is None) == (task["id"] in lists)
            need(fits, "与任务或名单不符 / does not go with the task or the lists", path=f".tasks[{t}]")
            if outside is None:
                tier, part = places[place]
                self.check_path(one, part, f".tasks[{t}]")
                self.lies.append((place, one, tier))

    def step_targets(self) -> str:
        mine = ticket(self.seeds["targets"].key("tickets"), self.leaf).hex()
        self.drawn: list[str] = []  # the tasks
        for _, told, tier in self.lies:
            below = not tier or mine <= told.get("cut", "")
            fits = not tier or tier["quota"] > 0 or "cut" not in told
            fits &= below or tier["quota"] < tier["size"]
            need(fits, "截线与名额不合 / the cut does not go with the quota", id=told["task"])
            self.drawn += [told["task"]] if below else []
        return f"抽签号 ticket {mine}, 抽中 drawn in {', '.join(self.drawn) or '无 none'}"

    def step_public(self) -> None:
        """§21: the public bundle holds, and has the same commitment, notice, seed, places and cuts."""
        beside = PublicBundle(self.public or b"")
        for name in beside.steps:
            with at(step=name):
                getattr(beside, f"step_{name}")()
        for name in ("commitment.json", "notice.json", "seed.json"):
            same(beside.json[name], self.json[name], file=name)
        found = {line["leaf"]: line["in"] for line in beside.json["leaves.jsonl"]}
        same(found.get(self.leaf.hex()), [[*place] for place, _, _ in self.lies], ".tasks")
        strata = [place for place in places_of(self.said["tasks"]) if len(place) == 3]
        lines: Record = dict(zip(map(str, strata), beside.json["strata.jsonl"], strict=True))
        for place, told, tier in self.lies:
            if tier:
                same(lines[str(place)].get("cut"), told.get("cut"), f".tasks[{place[0]}].cut")
        named = any(line["id"] == self.receipt["entity"]["id"] for line in beside.json["names.jsonl"])
        need(named == bool(self.drawn), "名单与回执不符 / the names do not go with the receipt", file="names.jsonl")


# ------------------------------------------------------------------------------ report and command line
TITLES = "归档 清单 签名 编码 计划 名录 分层 人员池 承诺 公告 日志 种子 见证 对象 任务包 派员 结果 记录 公开包".split()
STEPS = dict(zip([*AuditorBundle.steps, "public"], TITLES, strict=True))
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
FAULT = 70  # the verifier itself could not finish
VERDICTS = {
    code: f"全部步骤成立，时间先后 / all steps hold, order in time: {answer}" for answer, code in ORDERS.items()
}
VERDICTS |= {0: "全部步骤成立 / all steps hold", 1: "核验不通过 / verification failed"}
VERDICTS |= {11: "全部步骤成立，但这是演练 / all steps hold, but it is a rehearsal (no --rehearsal)"}


Keys = Collection[str]  # fingerprints


def standing(said: Record, trusted: Keys) -> int:
    """§18: what a witness statement can prove, or an empty one, if there is none, cannot: its place in ORDERS."""
    if "key" in said:
        return 0 if fingerprint(said["key"]) in trusted else 1
    return 2 if said else 3


def first_hour(notice: Record, drawn: Sequence[Record]) -> str:
    """§18: the first of the notice's hours of the drawings that gave its values; "" if it has none of them."""
    return min((hour for name, hour in notice["hours"].items() if name in drawings(*drawn)), default="")


def order_in_time(
    notices: Sequence[Record],
    hours: Sequence[str],
    statements: Sequence[Record],
    trusted: Keys,
    placed: Mapping[str, Record] | None,
) -> tuple[str, str]:
    """§18: the answer, and who has seen what, and when: of the best statements the first.

    A statement counts only if it is before the notice's first hour, if that has one, and, if there is a log, not after
    the first entry of the verb `seed` or `late-seed`.
    """
    worst, told = 0, []
    both = [one for one in zip(notices, hours, strict=True) for _ in ("notice", "closing")]
    for kind, (notice, hour) in zip(KINDS, both, strict=False):
        if kind.endswith("closing") and not notice["contributors"]:
            continue
        about = [said for said in statements if said["of"] == kind]
        seed = dig(placed, "late-seed" if kind.startswith("late-") else "seed", "time") or ""
        timely = [said for said in about if not hour or said["time"] < hour]
        counts = [said for said in timely if placed is None or said["time"] <= seed]
        best = min(counts, key=lambda said: (standing(said, trusted), said["time"]), default={})
        worst = max(worst, standing(best, trusted))
        mark = fingerprint(best["key"]) if "key" in best else best.get("receipt")
        seen = "公告的开奖时刻或录入种子之后才见证 seen after the announced hour or the seed only"
        nobody = seen if about else "无人见证 seen by nobody"
        told.append(f"{kind}: " + (f"{best['name']}, {best['time']}, {mark}" if best else nobody))
    return list(ORDERS)[worst], "; ".join(told)


def opened(data: bytes, public: bytes | None) -> Verification:
    """§18: the kinds are told apart by their first bytes."""
    if data[:1] == b"{":
        return Receipt(data, public)
    return PublicBundle(data) if data[30:45] == b"commitment.json" else AuditorBundle(data)


def verify(
    data: bytes, rehearsal: bool = False, trusted: Keys = (), public: bytes | None = None, signers: Keys = ()
) -> Record:
    """§18: the report of all steps up to the first that fails; `exit` is the exit code."""
    verification = opened(data, public)
    report: Record = {"exit": 1, "steps": [], "verdict": VERDICTS[1]}
    report["trusted"] = [*NOT_PROVEN, *verification.trusted]
    for name in verification.steps:
        try:
            fact = getattr(verification, f"step_{name}")() or ""
        except SpecError as error:
            read = [*verification.members, *verification.json]
            files = [file for file in read if file.startswith(f"{name}.")]  # of the step's name, if no other is said
            place: Record = ({"file": files[0]} if files else {}) | error.place
            place = {k: shown(v) if isinstance(v, str) else v for k, v in place.items() if v != ""}
            return report | {"failure": {"class": name, "place": place, "what": error.what}}
        answer = CONSISTENT if name in ("notice", "log") else RECOMPUTED
        report["steps"].append({"answer": answer, "checked": shown(f"{STEPS[name]} {fact}"), "step": name})
    statements, placed = verification.json["witness.jsonl"], verification.placed
    hours = [first_hour(one, r.values) for one, r in zip(verification.notices, verification.rounds, strict=True)]
    answer, seen = order_in_time(verification.notices, hours, statements, trusted, placed)
    code = ORDERS[answer] if verification.mode == "real" else 0 if rehearsal else 11
    for drawing, time, hour in verification.following():
        zh, en = (f"在公告的 {hour}、不早于此时，且", f"at {hour} as announced, not before, and ") if hour else ("", "")
        told = f"请核对 {drawing} {zh}在 {time} 以后产生 / check that {drawing} was drawn {en}after {time}"
        report["trusted"].append(told)
    for announced, value in verification.taken():
        for drawing in announced[: announced.index(value)]:
            report["trusted"].append(f"请核对 {drawing} 未曾开奖 / check that {drawing} never took place")
    known = "可信 trusted" if verification.signer in signers else "未知 unknown"
    report["signer"] = f"{known} {verification.signer}" if verification.signer else "未签名 unsigned"
    report |= {"void": shown(verification.void)} if verification.void else {}
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
    titles = {"void": "作废 VOID", "order": "时间先后 order in time", "signer": "签署人 signer"}
    lines += [f"{title} | {report[key]}" for key, title in titles.items() if key in report]
    lines += [f"{TRUSTED} | {text}" for text in report["trusted"]]
    return "\n".join([*lines, f"{report['verdict']} [{report['exit']}]"])


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of §18; what goes wrong in here is no verdict on the file, and has a code of its own."""
    try:
        return told(arguments)
    except Exception:  # noqa: BLE001 - Python would exit with 1: a step failed
        traceback.print_exc()
        print("核验程序未能完成，没有结论 / the verifier could not finish: there is no verdict", file=sys.stderr)
        return FAULT


def told(arguments: Sequence[str] | None) -> int:
    """Read one file and say what holds; the exit codes are those of §18."""
    parser = argparse.ArgumentParser(description="核验双随机抽查 / verify a draw (shuangsuiji v1)", allow_abbrev=False)
    parser.add_argument("file", type=Path, help="审计包、公开包或回执 / the bundle or receipt")
    for option, text in (
        ("--trust", "信任的见证人公钥指纹，可多次给出 / fingerprint of a witness's key that you trust; repeatable"),
        ("--signer", "信任的签署机关公钥指纹，可多次给出 / fingerprint of a key that signs bundles; repeatable"),
    ):
        parser.add_argument(option, action="append", default=[], metavar="FINGERPRINT", help=text)
    parser.add_argument("--public", type=Path, metavar="BUNDLE", help="与回执对照的公开包 / beside a receipt")
    parser.add_argument("--rehearsal", action="store_true", help="接受演练 / accept a rehearsal")
    parser.add_argument("--json", action="store_true", help="机器可读 / for machines")
    options = parser.parse_args(arguments)
    if not all(matches(DIGEST, text) for text in options.trust + options.signer):
        parser.error("--trust, --signer: 64 位小写十六进制数 / 64 lower-case hex digits")
    data = []
    for path in filter(None, (options.file, options.public)):
        try:
            with path.open("rb") as file:
                data.append(file.read(MAX_BYTES + 1))
        except OSError as error:
            parser.error(f"{path}: {error.strerror}")
    if options.public and data[0][:1] != b"{":
        parser.error("--public: 只用于回执 / for a receipt only")
    report = verify(data[0], options.rehearsal, options.trust, data[1] if options.public else None, options.signer)
    text = json.dumps(report, ensure_ascii=False, indent=1) if options.json else as_text(report)
    sys.stdout.buffer.write(text.encode() + b"\n")
    return int(report["exit"])


if __name__ == "__main__":
    sys.exit(main())
