#!/usr/bin/env python3
"""Verify a draw of 双随机 inspection from an auditor's bundle and nothing else.

    python verify.py BUNDLE [--rehearsal] [--json] [--lang zh|en]

This file needs Python 3.11 and its standard library only. It is meant to be read beside spec.md, from top to
bottom: it follows the sections in their order, and each docstring begins with the section that it carries out.
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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

Text = tuple[str, str]  # Chinese, English
Record = dict[str, Any]  # a JSON object


class SpecError(Exception):
    """Something is not as the specification says: what it is, and the place, which grows on the way out."""

    def __init__(self, what: Text, **place: str | int) -> None:
        super().__init__(what)
        self.what = what
        self.place = place


class ShortageError(SpecError):
    """§15.6: no lawful assignment exists; `slots` (of the component) and `inspectors` are the certificate."""

    def __init__(self, slots: Iterable[int], inspectors: Iterable[int]) -> None:
        super().__init__(("人员不足，没有合规的分派", "shortage: no lawful assignment exists"))
        self.slots, self.inspectors = sorted(slots), sorted(inspectors)


def need(condition: bool, zh: str, en: str, **place: str | int) -> None:
    if not condition:
        raise SpecError((zh, en), **place)


def form(condition: bool, path: str) -> None:
    """Refuse the value at this path of a JSON object: the section's table says what it should be."""
    if not condition:
        raise SpecError(("不合规范的形式", "not of the form that the specification gives"), path=path)


@contextmanager
def at(**place: str | int) -> Iterator[None]:
    """Tell a failure inside the block where it is; paths are joined from the outside in."""
    try:
        yield
    except SpecError as error:
        path = ".".join(str(p["path"]) for p in (place, error.place) if "path" in p)
        error.place = {**place, **error.place, **({"path": path} if path else {})}
        raise


def has_keys(value: Any, required: Iterable[str], optional: Iterable[str] = ()) -> bool:
    return isinstance(value, dict) and set(required) <= value.keys() <= {*required, *optional}


def is_text(value: Any, least: int = 0) -> bool:
    return isinstance(value, str) and len(value) >= least


def is_integer(value: Any, least: int) -> bool:
    return isinstance(value, int) and value >= least


def is_list(value: Any, least: int = 0) -> bool:
    return isinstance(value, list) and len(value) >= least


def is_ascending(values: Sequence[Any]) -> bool:
    """Strictly: no value occurs twice."""
    return all(a < b for a, b in pairwise(values))


def matches(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def is_digest(value: Any) -> bool:
    return matches("[0-9a-f]{64}", value)


# ---------------------------------------------------------------------------------------------- §1 notation


def u64(number: int) -> bytes:
    """§1: eight bytes, most significant first."""
    return number.to_bytes(8, "big")


def lp(data: bytes) -> bytes:
    """§1: a byte string with its length before it."""
    return len(data).to_bytes(8, "big") + data


def is_date(value: Any) -> bool:
    """§1: a real day, YYYY-MM-DD. Dates are compared as text."""
    try:
        return matches("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and bool(date.fromisoformat(value))
    except ValueError:
        return False


# ----------------------------------------------------------------------------------------- §2 canonical JSON

MAX_INTEGER = 2**53 - 1
MAX_JSON_BYTES = 2**26
MAX_JSON_DEPTH = 64


def encode(value: Any) -> bytes:
    """§2: cj(x). The json module, so called, writes exactly the form of §2 (keys are ASCII)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check_json(value: Any, depth: int = 0) -> None:
    """§2: objects with ASCII keys, arrays, strings and small integers only; §18: at most 64 deep."""
    if type(value) in (dict, list):
        need(depth < MAX_JSON_DEPTH, "JSON 嵌套过深", "JSON is nested too deep")
        if isinstance(value, dict):
            need(all(map(str.isascii, value)), "JSON 键含非 ASCII 字符", "a JSON key is not ASCII")
        for part in value.values() if isinstance(value, dict) else value:
            check_json(part, depth + 1)
    elif type(value) is int:
        need(abs(value) <= MAX_INTEGER, "整数超出范围", "an integer is out of range")
    else:
        need(type(value) is str, "不许有小数、true、false、null", "fraction, true, false or null")


def decode(data: bytes) -> Any:
    """§2: read canonical JSON; bytes that differ from the re-encoding of what was read are refused."""
    need(len(data) <= MAX_JSON_BYTES, "JSON 过长", "JSON is too long")
    try:
        value = json.loads(data.decode())
        check_json(value)
        again = encode(value)
    except (ValueError, RecursionError):
        raise SpecError(("不是合法的 UTF-8 JSON", "not well-formed UTF-8 JSON")) from None
    if again != data:
        byte = first_difference(again, data)
        raise SpecError(("JSON 不是规范形式", "JSON is not in its canonical form"), byte=byte)
    return value


def encode_lines(values: Iterable[Any]) -> bytes:
    """§2: JSON Lines."""
    return b"".join(encode(value) + b"\n" for value in values)


def decode_lines(data: bytes) -> list[Any]:
    """§2: JSON Lines."""
    need(not data or data.endswith(b"\n"), "末行没有换行符", "the last line has no newline")
    values = []
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        with at(line=number):
            values.append(decode(line))
    return values


def first_difference(a: bytes, b: bytes) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


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


# --------------------------------------------------------------------------------- §5 keystream and integers


class Stream:
    """§5: 64-bit words from a 32-byte key, and unbiased integers from the words."""

    def __init__(self, key: bytes) -> None:
        self.words = self._words(key)

    @staticmethod
    def _words(key: bytes) -> Iterator[int]:
        block = 0
        while True:
            yield from struct.unpack(">4Q", sha256(key + u64(block)).digest())
            block += 1

    def below(self, n: int) -> int:
        """§5: an integer from 0 to n - 1."""
        limit = 2**64 // n * n
        return next(word for word in self.words if word < limit) % n

    def shuffle(self, items: list[int]) -> None:
        """§5: in place."""
        for x in range(len(items) - 1, 0, -1):
            r = self.below(x + 1)
            items[x], items[r] = items[r], items[x]


# ---------------------------------------------------------------------------------------------- §6 predicates

MAX_PREDICATE_DEPTH = 32
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "in": lambda value, choice: value in choice,
    "prefix": str.startswith,
    "ge": operator.ge,  # Python compares text by code points: the same order as that of UTF-8 bytes
    "le": operator.le,
}


def check_predicate(predicate: Any, fields: Iterable[str], depth: int = 1) -> None:
    """§6: valid over records of these fields."""
    form(is_list(predicate, 1) and is_text(predicate[0]), "predicate")
    need(depth <= MAX_PREDICATE_DEPTH, "谓词嵌套过深", "a predicate is nested too deep")
    name, *parts = predicate
    if name in ("and", "or", "not"):
        form(name != "not" or len(parts) == 1, "not")
        for part in parts:
            check_predicate(part, fields, depth + 1)
        return
    form(name in COMPARE and len(parts) == 2, "predicate")
    field, operand = parts
    need(is_text(field) and field in fields, "谓词用了未知字段", "a predicate names an unknown field")
    choice = operand if name == "in" else [operand]
    form(is_list(choice, 1) and all(map(is_text, choice)), "predicate")


def holds(predicate: Any, fields: Mapping[str, Any]) -> bool:
    """§6: whether a valid predicate holds for a record's fields (each a string or an array of strings)."""
    name, *parts = predicate
    if name == "and":
        return all(holds(part, fields) for part in parts)
    if name == "or":
        return any(holds(part, fields) for part in parts)
    if name == "not":
        return not holds(parts[0], fields)
    field, operand = parts
    value = fields.get(field, [])
    return any(COMPARE[name](v, operand) for v in ([value] if isinstance(value, str) else value))


# ------------------------------------------------------------------------------------------------ §7 the plan

PLAN_KEYS = ("authority", "id", "version", "columns", "window", "exclusions", "slots", "blocks", "tasks")
TASK_KEYS = ("id", "name", "pool", "slots", "items", "tiers")
IDENTIFIER = "[A-Za-z0-9-]{1,64}"
ALIAS = "[a-z][a-z0-9_]{0,31}"
PERCENT = re.compile(r"(0|[1-9][0-9]{0,2})(?:\.([0-9]{1,6}))?%")
RATIO = re.compile(r"(0|[1-9][0-9]{0,9})/([1-9][0-9]{0,9})")
ENTITY_FIELDS = ("id", "name", "status")
INSPECTOR_FIELDS = ("id", "name", "unit", "department", "district", "qualifications")


def check_plan(plan: Any) -> None:
    """§7."""
    form(has_keys(plan, PLAN_KEYS, ["district"]), "")
    form(is_text(plan["authority"], 1), "authority")
    form(matches(IDENTIFIER, plan["id"]), "id")
    form(is_integer(plan["version"], 1), "version")
    columns, window, blocks = plan["columns"], plan["window"], plan["blocks"]
    form(isinstance(columns, dict), "columns")
    for alias, heading in columns.items():
        form(matches(ALIAS, alias) and alias not in ENTITY_FIELDS and is_text(heading, 1), "columns")
    form("district" not in plan or (is_text(plan["district"]) and plan["district"] in columns), "district")
    form(has_keys(window, ["from", "to"]) and all(map(is_date, window.values())), "window")
    form(window["from"] <= window["to"], "window")
    form(has_keys(blocks, ["max_targets", "max_per_inspector"]), "blocks")
    form(all(is_integer(n, 1) for n in blocks.values()), "blocks")
    check_exclusions(plan["exclusions"], columns)
    check_slots(plan["slots"])
    form(is_list(plan["tasks"], 1) and len(plan["tasks"]) <= 1000, "tasks")
    for number, task in enumerate(plan["tasks"]):
        with at(path=f"tasks[{number}]"):
            check_task(task, columns, [slot["id"] for slot in plan["slots"]])
    check_distinct([task["id"] for task in plan["tasks"]], "tasks")


def check_distinct(values: Sequence[str], path: str) -> None:
    need(len(values) == len(set(values)), "编号重复", "an identifier occurs twice", path=path)


def check_exclusions(rules: Any, columns: Iterable[str]) -> None:
    """§7, §9: rules by predicate and rules by visits."""
    form(is_list(rules), "exclusions")
    for number, rule in enumerate(rules):
        with at(path=f"exclusions[{number}]"):
            by_visits = has_keys(rule, ["reason", "visits", "since"])
            form(by_visits or has_keys(rule, ["reason", "where"]), "")
            form(matches(ALIAS, rule["reason"]) and rule["reason"] != "not_in_business", "reason")
            if by_visits:
                form(is_integer(rule["visits"], 1), "visits")
                form(is_date(rule["since"]), "since")
            else:
                check_predicate(rule["where"], [*ENTITY_FIELDS, *columns])


def check_slots(slots: Any) -> None:
    """§7: the slots of the plan."""
    form(is_list(slots, 1) and len(slots) <= 16, "slots")
    for number, slot in enumerate(slots):
        with at(path=f"slots[{number}]"):
            form(has_keys(slot, ["id", "pool", "district"]) and matches(ALIAS, slot["id"]), "")
            form(slot["district"] in ("any", "home", "away"), "district")
            check_predicate(slot["pool"], INSPECTOR_FIELDS)
    check_distinct([slot["id"] for slot in slots], "slots")


def check_task(task: Any, columns: Iterable[str], slots: Sequence[str]) -> None:
    """§7: a task and its tiers."""
    form(has_keys(task, TASK_KEYS) and matches(IDENTIFIER, task["id"]) and is_text(task["name"], 1), "")
    check_predicate(task["pool"], [*ENTITY_FIELDS, *columns])
    form(is_list(task["slots"], 2) and all(is_text(s) and s in slots for s in task["slots"]), "slots")
    check_distinct(task["slots"], "slots")
    form(is_list(task["items"], 1) and all(map(is_text, task["items"])), "items")
    form(is_list(task["tiers"], 1), "tiers")
    for number, tier in enumerate(task["tiers"]):
        with at(path=f"tiers[{number}]"):
            form(has_keys(tier, ["id", "name", "where", "quota"], ["key"]), "")
            form(matches(IDENTIFIER, tier["id"]) and is_text(tier["name"], 1), "id, name")
            check_predicate(tier["where"], [*ENTITY_FIELDS, *columns])
            form("key" not in tier or (is_text(tier["key"]) and tier["key"] in columns), "key")
            quota_of(tier["quota"], 0)
    check_distinct([tier["id"] for tier in task["tiers"]], "tiers")


def fraction(rate: Any) -> tuple[int, int]:
    """§7: the value of a rate as numerator and denominator."""
    form(is_text(rate), "rate")
    if percent := PERCENT.fullmatch(rate):
        whole, part = percent.groups(default="")
        a, b = int(whole + part.ljust(6, "0")), 10**8
    else:
        ratio = RATIO.fullmatch(rate)
        form(ratio is not None, "rate")
        a, b = map(int, ratio.groups()) if ratio else (0, 1)
    form(a <= b <= 10**9, "rate")
    return a, b


def quota_of(quota: Any, size: int) -> int:
    """§7, §9: n for a tier of N entities (this number may exceed N, if it is a count)."""
    if has_keys(quota, ["count"]):
        form(is_integer(quota["count"], 0), "quota")
        return int(quota["count"])
    if has_keys(quota, ["rate"]):
        a, b = fraction(quota["rate"])
        return -(-size * a // b)
    form(quota == {"all": 1}, "quota")
    return size


# --------------------------------------------------------------------------------- §8 records, salts, leaves

ENTITY_KEYS = frozenset({"id", "name", "status", "columns"})
ENTITY_KEYS_ALL = ENTITY_KEYS | {"visits"}
INSPECTOR_KEYS = frozenset({"id", "name", "unit", "department", "district", "qualifications", "certificates"})
STATUSES = ("in_business", "revoked", "deregistered", "withdrawn", "moved_out")
Sealed = tuple[bytes, Record]  # a leaf and its record


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
    announced: list[Record]  # {"issue", "source"}
    values: list[Record]  # {"issue", "source", "value"}


def check_entity(record: Any, columns: Iterable[str]) -> None:
    """§8: an entity record over the plan's aliases."""
    form(isinstance(record, dict) and ENTITY_KEYS <= record.keys() <= ENTITY_KEYS_ALL, "")
    form(is_text(record["id"], 1), "id")
    form(is_text(record["name"]), "name")
    form(record["status"] in STATUSES, "status")
    form(isinstance(record["columns"], dict), "columns")
    for alias, value in record["columns"].items():
        form(alias in columns and is_text(value, 1), f"columns.{alias}")
    if "visits" in record:
        visits = record["visits"]
        form(is_list(visits, 1) and all(map(is_date, visits)) and visits == sorted(visits), "visits")


def check_inspector(record: Any) -> None:
    """§8: an inspector record."""
    form(has_keys(record, INSPECTOR_KEYS, ["undrawable"]), "")
    form(is_text(record["id"], 1) and is_text(record["name"], 1), "id, name")
    form(
        all(is_text(record[key]) for key in ("unit", "department", "district")), "unit, department, district"
    )
    qualifications, certificates = record["qualifications"], record["certificates"]
    form(is_list(qualifications) and all(map(is_text, qualifications)), "qualifications")
    form(is_ascending(qualifications), "qualifications")
    form("undrawable" not in record or is_text(record["undrawable"], 1), "undrawable")
    form(is_list(certificates), "certificates")
    for certificate in certificates:
        form(has_keys(certificate, ["number"], ["from", "to", "cancelled"]), "certificates")
        form(is_text(certificate["number"], 1), "certificates.number")
        form(all(is_date(certificate[key]) for key in ("from", "to") if key in certificate), "certificates")
        form("cancelled" not in certificate or is_text(certificate["cancelled"], 1), "certificates.cancelled")
    form(is_ascending([certificate["number"] for certificate in certificates]), "certificates")


def check_recusal(recusal: Any, columns: Iterable[str]) -> None:
    """§8: a recusal, of one entity or of all with a value in a column."""
    if not has_keys(recusal, ["inspector", "entity"]):
        form(has_keys(recusal, ["inspector", "column", "value"]), "")
        form(is_text(recusal["column"]) and recusal["column"] in columns, "column")
    form(all(is_text(value, 1) for value in recusal.values()), "")


def check_list(records: Sequence[Any], check: Callable[[Any], None], order: Callable[[Any], Any]) -> None:
    """§8, §16: every record valid, and the list strictly ascending."""
    for line, record in enumerate(records, 1):
        identifier = record.get("id") if isinstance(record, dict) else None
        with at(line=line, **({"id": identifier} if isinstance(identifier, str) else {})):
            check(record)
    for line, (a, b) in enumerate(pairwise(records), 2):
        need(order(a) < order(b), "没有按序排列或重复", "out of order or twice", line=line)


def entity_fields(record: Record) -> Record:
    """§8: the fields of an entity record for predicates."""
    return {**record["columns"], "id": record["id"], "name": record["name"], "status": record["status"]}


def inspector_fields(record: Record) -> Record:
    """§8: the fields of an inspector record for predicates."""
    return {key: record[key] for key in INSPECTOR_FIELDS}


def salt(draw: Draw, kind: str, *identifier: str) -> bytes:
    """§8: salt(kind, id), and the salt of the recusals (which has no id)."""
    message = lp(f"shuangsuiji/v1/{draw.mode}/salt/{kind}".encode()) + u64(draw.number)
    return hmac.digest(draw.salt_key, message + b"".join(lp(i.encode()) for i in identifier), "sha256")


def leaf(draw: Draw, kind: str, record: Record) -> bytes:
    """§8: leaf(kind, record)."""
    return tagged_in(draw.mode, f"leaf/{kind}", salt(draw, kind, record["id"]), encode(record))


def seal(draw: Draw, kind: str, records: Iterable[Record]) -> list[Sealed]:
    """§8: the records with their leaves, in ascending order of the leaves."""
    return sorted(((leaf(draw, kind, record), record) for record in records), key=lambda sealed: sealed[0])


def root_of(sealed: Sequence[Sealed]) -> bytes:
    """§8, §9: the root over leaves in their ascending order."""
    return root([leaf for leaf, _ in sealed])


def recusals_digest(draw: Draw) -> bytes:
    """§8."""
    return tagged_in(draw.mode, "recusals", salt(draw, "recusals"), encode_lines(draw.recusals))


# ---------------------------------------------------------------------- §9 exclusions, tiers, strata, quotas


@dataclass(frozen=True)
class Stratum:
    """§9: one cell of a tier."""

    cell: str
    root: bytes
    sealed: list[Sealed]


@dataclass(frozen=True)
class Tier:
    """§9: a tier that has entities, its strata in ascending order of their roots."""

    id: str
    root: bytes
    size: int
    quota: int
    strata: list[Stratum]


@dataclass(frozen=True)
class Task:
    """§9: a task's non-empty tiers in ascending order of their roots, and who is not in them."""

    id: str
    tiers: list[Tier]
    excluded: Counter[str]
    untiered: int


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


def stratify(plan: Record, registry: Sequence[Sealed]) -> list[Task]:
    """§9: the strata of every task, in the plan's order; `registry` ascending by leaf."""
    fields = [entity_fields(record) for _, record in registry]
    reasons = [exclusion(plan, record, f) for (_, record), f in zip(registry, fields, strict=True)]
    tasks = []
    for task in plan["tasks"]:
        excluded: Counter[str] = Counter()
        members: dict[str, list[Sealed]] = defaultdict(list)
        for sealed, f, reason in zip(registry, fields, reasons, strict=True):
            if not holds(task["pool"], f):
                continue
            if reason:
                excluded[reason] += 1
            else:
                members[next((t["id"] for t in task["tiers"] if holds(t["where"], f)), "")].append(sealed)
        tiers = [make_tier(tier, members[tier["id"]]) for tier in task["tiers"]]
        numbered = sorted((tier for tier in tiers if tier.size), key=lambda tier: tier.root)
        tasks.append(Task(task["id"], numbered, excluded, len(members[""])))
    return tasks


def make_tier(tier: Record, sealed: list[Sealed]) -> Tier:
    """§9: base, quota and strata of one tier."""
    quota = quota_of(tier["quota"], len(sealed))
    need(quota <= len(sealed), "名额多于本层户数", "the count is above the tier's size", id=tier["id"])
    cells: dict[str, list[Sealed]] = defaultdict(list)
    for leaf, record in sealed:
        cells[record["columns"].get(tier["key"], "") if "key" in tier else ""].append((leaf, record))
    strata = [Stratum(cell, root_of(part), part) for cell, part in cells.items()]
    return Tier(tier["id"], root_of(sealed), len(sealed), quota, sorted(strata, key=lambda s: s.root))


# ------------------------------------------------------------------------------------------ §10 commitments


def tasks_statement(tasks: Iterable[Task]) -> list[Record]:
    """§10: `tasks` of the targets statement."""
    return [{"id": task.id, "tiers": [tier_statement(tier) for tier in task.tiers]} for task in tasks]


def tier_statement(tier: Tier) -> Record:
    """§10."""
    strata = [{"root": s.root.hex(), "size": len(s.sealed)} for s in tier.strata]
    return {"quota": tier.quota, "root": tier.root.hex(), "size": tier.size, "strata": strata}


def common_statement(draw: Draw, stage: str) -> Record:
    """§10: what both statements say."""
    return {
        "authority": draw.plan["authority"],
        "draw": draw.number,
        "mode": draw.mode,
        "plan": tagged("plan", encode(draw.plan)).hex(),
        "spec": "v1",
        "stage": stage,
        "suite": "sha256",
        "values": draw.announced,
    }


def targets_statement(draw: Draw, registry_root: bytes, tasks: Iterable[Task]) -> Record:
    """§10."""
    registry = {"root": registry_root.hex(), "size": len(draw.entities)}
    return common_statement(draw, "targets") | {"registry": registry, "tasks": tasks_statement(tasks)}


def inspectors_statement(draw: Draw, pool_root: bytes, recusals: bytes, targets: bytes) -> Record:
    """§10: `targets` is the targets commitment."""
    return common_statement(draw, "inspectors") | {
        "pool": {"root": pool_root.hex(), "size": len(draw.inspectors)},
        "recusals": {"digest": recusals.hex(), "size": len(draw.recusals)},
        "targets": targets.hex(),
    }


def commitment(mode: str, stage: str, statement: Record) -> bytes:
    """§10: C(stage)."""
    return tagged_in(mode, f"commitment/{stage}", encode(statement))


# ------------------------------------------------------------------------- §11 closing, public values, seed


def are_numbers(digits: str, highest: int) -> bool:
    """§11: numbers of two digits from 01 on, strictly ascending."""
    numbers = [int(digits[i : i + 2]) for i in range(0, len(digits), 2)]
    return is_ascending(numbers) and numbers[0] >= 1 and numbers[-1] <= highest


# source: (pattern of the value, what the pattern cannot say, equally likely outcomes)
SOURCES: dict[str, tuple[str, Callable[[str], bool], Callable[[str], int]]] = {
    "kl8": ("[0-9]{40}", lambda v: are_numbers(v, 80), lambda _: math.comb(80, 20)),
    "fc3d": ("[0-9]{3}", lambda _: True, lambda _: 10**3),
    "pl5": ("[0-9]{5}", lambda _: True, lambda _: 10**5),
    "qxc": ("[0-9]{8}", lambda v: v[6:] <= "14", lambda _: 15 * 10**6),
    "ssq": (
        "[0-9]{14}",
        lambda v: are_numbers(v[:12], 33) and are_numbers(v[12:], 16),
        lambda _: math.comb(33, 6) * 16,
    ),
    "dlt": (
        "[0-9]{14}",
        lambda v: are_numbers(v[:10], 35) and are_numbers(v[10:], 12),
        lambda _: math.comb(35, 5) * math.comb(12, 2),
    ),
    "dice": ("[0-9]{1,100}", lambda _: True, lambda v: 10 ** len(v)),
    "explicit": ("[0-9a-f]{64}", lambda _: True, lambda _: 1),
}
ISSUE = {"dice": "1", "explicit": "1"}


def check_announced(announced: Any) -> None:
    """§10, §11: at least one, of known sources, no drawing twice."""
    form(is_list(announced, 1), "values")
    for number, value in enumerate(announced):
        with at(path=f"values[{number}]"):
            form(has_keys(value, ["issue", "source"]), "")
            form(is_text(value["source"]) and value["source"] in SOURCES, "source")
            form(matches(ISSUE.get(value["source"], "[0-9]{1,12}"), value["issue"]), "issue")
    check_distinct([encode(value).decode() for value in announced], "values")


def outcomes(source: str, value: Any) -> int:
    """§11: a valid value's number of equally likely outcomes."""
    pattern, valid, count = SOURCES[source]
    form(matches(pattern, value) and valid(value), "value")
    return count(value)


def check_values(draw: Draw) -> int:
    """§11: the values are valid, as announced, and enough; returns the product of the outcomes."""
    values = draw.values
    form(is_list(values) and all(has_keys(v, ["issue", "source", "value"]) for v in values), "values")
    named = [{"issue": value["issue"], "source": value["source"]} for value in values]
    need(named == draw.announced, "不是所公告的公开数值", "not the values that were announced", path="values")
    product = 1
    for number, value in enumerate(values):
        with at(path=f"values[{number}]"):
            product *= outcomes(value["source"], value["value"])
            explicit = draw.mode == "real" and value["source"] == "explicit"
            need(not explicit, "正式抽查不得手工指定种子", "an explicit seed in a real draw")
    need(draw.mode != "real" or product >= 2**60, "熵不足 60 比特", "less than 60 bits of entropy")
    return product


def closing_statement(targets: bytes) -> Record:
    """§11: 收集截止."""
    return {"commitment": targets.hex(), "contributions": []}


@dataclass(frozen=True)
class Seed:
    """§11: the seed of one stage, and the keys made from it."""

    mode: str
    stage: str
    value: bytes

    def key(self, name: str, *fields: bytes) -> bytes:
        return tagged_in(self.mode, f"key/{self.stage}/{name}", self.value, *fields)


def make_seed(mode: str, stage: str, committed: bytes, closing: Record, values: list[Record]) -> Seed:
    """§11: seed(stage)."""
    closed = tagged_in(mode, "closing", encode(closing))
    return Seed(mode, stage, tagged_in(mode, f"seed/{stage}", committed, closed, encode(values)))


# --------------------------------------------------------------------------- §12 tickets and the first draw


def ticket(key: bytes, leaf: bytes) -> bytes:
    """§12: `key` is key("targets", "tickets")."""
    return sha256(b"shuangsuiji/v1/ticket".ljust(32, b"\x00") + key + leaf).digest()


def systematic(quota: int, sizes: Sequence[int], offset: int) -> list[int]:
    """§12: the quotas of strata of these sizes, by systematic rounding."""
    total, run, quotas = sum(sizes), offset, []
    for size in sizes:
        whole, part = quota * size // total, quota * size % total
        quotas.append(whole + (1 if run + part >= total else 0))
        run = (run + part) % total
    return quotas


def first_draw(tasks: Iterable[Task], seed: Seed) -> tuple[list[Record], list[Record]]:
    """§12: the lines of strata.jsonl and of targets.jsonl."""
    key, strata = seed.key("tickets"), []
    drawn_by: dict[str, list[str]] = defaultdict(list)
    for task in tasks:
        for tier in task.tiers:
            offset = Stream(seed.key("rounding", task.id.encode(), tier.root)).below(tier.size)
            quotas = systematic(tier.quota, [len(stratum.sealed) for stratum in tier.strata], offset)
            for stratum, quota in zip(tier.strata, quotas, strict=True):
                by_ticket = sorted((ticket(key, leaf), leaf, record["id"]) for leaf, record in stratum.sealed)
                drawn = by_ticket[:quota]
                for _, _, identifier in drawn:
                    drawn_by[identifier].append(task.id)
                line = {"cell": stratum.cell, "quota": quota, "root": stratum.root.hex()}
                line |= {"size": len(stratum.sealed), "task": task.id, "tier": tier.id}
                strata.append(line | ({"cut": drawn[-1][0].hex()} if drawn else {}))
    return strata, [{"id": identifier, "tasks": drawn_by[identifier]} for identifier in sorted(drawn_by)]


# --------------------------------------------------------------------------------- §13 eligible inspectors


def left_out(inspector: Record, window: Record) -> str:
    """§13: the first reason why an inspector is not eligible, or "" if none applies."""
    certificates = inspector["certificates"]
    valid = [certificate for certificate in certificates if "cancelled" not in certificate]
    if "undrawable" in inspector:
        return "undrawable"
    if not certificates:
        return "no_certificate"
    if not valid:
        return "cancelled"
    first, last = window["from"], window["to"]
    return (
        "" if any(c.get("from", first) <= first and c.get("to", last) >= last for c in valid) else "expired"
    )


# ------------------------------------------------------------------------------- §14 blocks, slots, pools


@dataclass(frozen=True)
class Block:
    """§14: 检查组任务包; its slots are those of the plan that one of its tasks names."""

    number: int
    district: str
    targets: list[str]
    tasks: list[str]
    slots: list[Record]
    recused: frozenset[str]


@dataclass(frozen=True)
class Slot:
    """§14: one place in the team of a block; pool ascending by id."""

    block: Block
    id: str
    pool: tuple[str, ...]


def make_blocks(draw: Draw, targets: Iterable[Record], seed: Seed) -> list[Block]:
    """§14: groups, their order, and the cutting into blocks."""
    plan, records = draw.plan, {record["id"]: record for record in draw.entities}
    groups: dict[bytes, list[str]] = defaultdict(list)
    for target in targets:
        columns = records[target["id"]]["columns"]
        district = columns.get(plan["district"], "") if "district" in plan else ""
        groups[encode([district, target["tasks"]])].append(target["id"])
    recusals = RecusalIndex(draw.recusals)
    blocks: list[Block] = []
    for name in sorted(groups):
        district, tasks = json.loads(name)
        named = {slot for task in plan["tasks"] if task["id"] in tasks for slot in task["slots"]}
        slots = [slot for slot in plan["slots"] if slot["id"] in named]
        ordered = sorted(groups[name], key=lambda i: (seed.key("block-order", salt(draw, "entity", i)), i))
        for part in cut(ordered, plan["blocks"]["max_targets"]):
            recused = frozenset[str]().union(*(recusals.of(records[identifier]) for identifier in part))
            blocks.append(Block(len(blocks) + 1, district, part, tasks, slots, recused))
    return blocks


def cut(ordered: Sequence[str], most: int) -> Iterator[list[str]]:
    """§14: consecutive parts of at most `most`, as few as can be, the longer ones first."""
    k = -(-len(ordered) // most)
    whole, longer = divmod(len(ordered), k)
    start = 0
    for number in range(k):
        end = start + whole + (1 if number < longer else 0)
        yield list(ordered[start:end])
        start = end


class RecusalIndex:
    """§14: the inspectors who may not visit an entity."""

    def __init__(self, recusals: Iterable[Record]) -> None:
        self.by_entity: dict[str, set[str]] = defaultdict(set)
        self.by_column: dict[tuple[str, str], set[str]] = defaultdict(set)
        for recusal in recusals:
            if "entity" in recusal:
                self.by_entity[recusal["entity"]].add(recusal["inspector"])
            else:
                self.by_column[recusal["column"], recusal["value"]].add(recusal["inspector"])

    def of(self, record: Record) -> set[str]:
        columns = (self.by_column.get(item, set()) for item in record["columns"].items())
        return self.by_entity.get(record["id"], set()).union(*columns)


def make_slots(draw: Draw, blocks: Iterable[Block]) -> list[Slot]:
    """§14: the slots of all blocks, each with its pool; a slot's number is its position."""
    eligible = [person for person in draw.inspectors if not left_out(person, draw.plan["window"])]
    eligible.sort(key=lambda person: str(person["id"]))
    pools: dict[tuple[str, str], tuple[str, ...]] = {}
    slots = []
    for block in blocks:
        for slot in block.slots:
            name = (slot["id"], block.district)
            if name not in pools:
                pools[name] = tuple(p["id"] for p in eligible if admits(slot, block.district, p))
            slots.append(Slot(block, slot["id"], pools[name]))
    return slots


def admits(slot: Record, district: str, person: Record) -> bool:
    """§14: whether an eligible inspector is in the pool of a slot in a block of this district."""
    home = person["district"] == district
    near = slot["district"] == "any" or home == (slot["district"] == "home")
    return near and holds(slot["pool"], inspector_fields(person))


# ---------------------------------------------------------------------------------------- §15 the second draw

NONE, ROOT, HELD = -1, -2, -3  # nobody (own); a root, reached through its holder (via)


class Component:
    """§15.1: slots and inspectors that hang together, both numbered from 0, and the state of the replay.

    pools[s] lists the inspectors of slot s, ascending; blocks[s] is its block; recused[s] the block's recusals.
    """

    def __init__(
        self,
        key: bytes,
        pools: Sequence[Sequence[int]],
        blocks: Sequence[int],
        recused: Sequence[frozenset[int]],
        cap: int,
    ) -> None:
        self.stream = Stream(key)
        self.pools, self.recused, self.cap = pools, recused, cap
        self.members = {id(pool): frozenset(pool) for pool in pools}
        self.inspectors = 1 + max(pool[-1] for pool in pools)
        together: dict[int, list[int]] = defaultdict(list)
        for s, block in enumerate(blocks):
            together[block].append(s)
        self.mates = [[z for z in together[block] if z != s] for s, block in enumerate(blocks)]
        self.own = [NONE] * len(pools)
        self.held: list[list[int]] = [[] for _ in range(self.inspectors)]

    def give(self, s: int, j: int) -> None:
        self.own[s] = j
        self.held[j].append(s)

    def drop(self, s: int) -> None:
        held = self.held[self.own[s]]
        c = held.index(s)
        last = held.pop()
        if last != s:
            held[c] = last
        self.own[s] = NONE

    def load(self, j: int) -> int:
        return len(self.held[j])

    def in_pool(self, j: int, s: int) -> bool:
        return j in self.members[id(self.pools[s])]

    def barred(self, j: int, s: int, but: int = NONE) -> bool:
        """Whether j is recused from s or owns one of its mates, one slot (`but`) being thought vacant."""
        return j in self.recused[s] or any(self.own[z] == j for z in self.mates[s] if z != but)

    # §15.2 relay search

    def search(self, roots: Sequence[int], goal: float, pruned: set[int]) -> int:
        """§15.2: the inspector found, or NONE; leaves `via`, `take` and `seen` behind."""
        self.via = dict.fromkeys(roots, ROOT)
        self.take: dict[int, int] = {}
        self.seen = pruned | {self.own[s] for s in roots if self.own[s] != NONE}
        self.queue = list(roots)
        rest = {id(pool): list(pool) for pool in self.pools}
        for s in self.queue:  # it grows while we walk it
            for z in self.mates[s]:
                j = self.own[z]
                open_ = j != NONE and z not in self.via and j not in pruned
                if open_ and self.in_pool(j, s) and j not in self.recused[s]:
                    self.via[z] = s
                    self.queue.append(z)
            found = self.walk(s, rest, goal)
            if found != NONE:
                return found
        return NONE

    def walk(self, s: int, rest: dict[int, list[int]], goal: float) -> int:
        """§15.2: the walk through what is left of the pool of s."""
        pool = id(self.pools[s])
        candidates, rest[pool] = rest[pool], []
        for j in candidates:
            if j in self.seen:
                continue
            if j == self.own[s] or self.barred(j, s):
                rest[pool].append(j)
                continue
            self.seen.add(j)
            self.take[j] = s
            if self.load(j) <= goal and self.load(j) < self.cap:
                return j
            for y in self.held[j]:
                if y not in self.via:
                    self.via[y] = HELD
                    self.queue.append(y)
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

    # §15.3 start

    def start(self) -> None:
        """§15.3: a lawful assignment, or a shortage."""
        order, blocked = list(range(len(self.pools))), []
        self.stream.shuffle(order)
        for s in order:
            able = [j for j in self.pools[s] if self.load(j) < self.cap and not self.barred(j, s)]
            least = min(map(self.load, able), default=0)
            ties = [j for j in able if self.load(j) == least]
            if ties:
                self.give(s, ties[self.stream.below(len(ties))])
            else:
                blocked.append(s)
        for s in blocked:
            j = self.search([s], math.inf, set())
            if j == NONE:
                raise ShortageError(self.via, self.seen)
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

    # §15.4 rotations

    def rotations(self) -> None:
        """§15.4."""
        slots, c = len(self.pools), 4
        while c < 4 * (slots + self.inspectors):
            c *= 2
            for _ in range(max(16, -(-max(4 * slots, 4096) // c))):
                self.rotate(c)

    def rotate(self, c: int) -> None:
        """§15.4: one slot is given up and the vacancy wanders, for at most c tries; else all is undone."""
        i = self.stream.below(self.inspectors)
        if not self.held[i]:
            return
        r0 = self.stream.below(self.load(i))
        s0 = self.held[i][r0]
        self.drop(s0)
        d, s, trail = self.load(i), s0, []
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
        self.undo(trail, s)
        self.own[s0] = i
        self.held[i].append(s0)
        self.held[i][r0], self.held[i][-1] = self.held[i][-1], self.held[i][r0]

    def undo(self, trail: list[tuple[int, int, int]], s: int) -> None:
        """§15.4: walk the vacancy back from s."""
        for x, j, r in reversed(trail):
            self.own[x] = NONE
            self.held[j][r] = s
            self.own[s] = j
            s = x

    # §15.5 exchanges

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
        """§15.5: i's slot at position c for one of j's."""
        if not self.held[j]:
            return
        e = self.stream.below(self.load(j))
        s, y = self.held[i][c], self.held[j][e]
        if not self.in_pool(i, y) or self.barred(i, y, but=s) or self.barred(j, s, but=y):
            return
        self.own[s], self.own[y] = j, i
        self.held[i][c], self.held[j][e] = y, s

    def run(self) -> list[int]:
        """§15: the inspector of each slot."""
        self.start()
        self.balance()
        self.rotations()
        for _ in range(16 * len(self.pools)):
            self.exchange()
        return self.own


def components(slots: Sequence[Slot]) -> list[list[int]]:
    """§15.1: the numbers of the slots whose pools hang together, ascending within a component."""
    leader: dict[str, str] = {}

    def find(person: str) -> str:
        while leader.setdefault(person, person) != person:
            leader[person] = leader[leader[person]]
            person = leader[person]
        return person

    for pool in {slot.pool for slot in slots}:
        for person in pool:
            leader[find(person)] = find(pool[0])
    parts: dict[str, list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        parts[find(slot.pool[0])].append(number)
    return list(parts.values())


def assign(slots: Sequence[Slot], cap: int, seed: Seed) -> list[str]:
    """§15: the inspector of each slot of §14."""
    for number, slot in enumerate(slots):
        if not slot.pool:
            raise ShortageError([number], [])
    team = [""] * len(slots)
    for numbers in components(slots):
        part = [slots[number] for number in numbers]
        distinct = {slot.pool for slot in part}
        people = sorted(set[str]().union(*distinct))
        index = {person: j for j, person in enumerate(people)}
        pools = {pool: [index[person] for person in pool] for pool in distinct}
        recused = [frozenset(index[p] for p in slot.block.recused if p in index) for slot in part]
        key = seed.key("component", u64(numbers[0]))
        blocks = [slot.block.number for slot in part]
        own = Component(key, [pools[slot.pool] for slot in part], blocks, recused, cap).run()
        for number, j in zip(numbers, own, strict=True):
            team[number] = people[j]
    return team


def blocks_lines(blocks: Iterable[Block], slots: Sequence[Slot], people: Sequence[str]) -> list[Record]:
    """§15.7: the lines of blocks.jsonl."""
    teams: dict[int, list[Record]] = defaultdict(list)
    for slot, person in zip(slots, people, strict=True):
        teams[slot.block.number].append({"inspector": person, "slot": slot.id})
    return [block_line(block) | {"team": teams[block.number]} for block in blocks]


def block_line(block: Block) -> Record:
    """§15.7: a block's line without the team."""
    district, targets = block.district, block.targets
    return {"block": block.number, "district": district, "targets": targets, "tasks": block.tasks}


def check_lawful(slots: Sequence[Slot], people: Sequence[str], cap: int) -> None:
    """§15: every inspector of the pool, none recused, none twice in a block, none above the cap."""
    lawful = all(p in s.pool and p not in s.block.recused for s, p in zip(slots, people, strict=True))
    twice = len({(s.block.number, p) for s, p in zip(slots, people, strict=True)}) < len(slots)
    above = any(load > cap for load in Counter(people).values())
    need(lawful and not twice and not above, "分派不合规", "the assignment is not lawful")


# ---------------------------------------------------------------------------------- §16 the auditor's bundle

MEMBERS = (
    *("blocks.jsonl", "commitment.json", "entities.jsonl", "inspectors.jsonl", "log.jsonl", "manifest.json"),
    *(
        "notice.json",
        "plan.json",
        "recusals.jsonl",
        "salt.json",
        "seed.json",
        "strata.jsonl",
        "targets.jsonl",
    ),
)
MAX_BUNDLE_BYTES = 2**31
DATE = 0x0021  # 1980-01-01


def local_header(name: str, data: bytes) -> bytes:
    """§16."""
    crc, size = zlib.crc32(data), len(data)
    head = (0x04034B50, 20, 0, 0, 0, DATE, crc, size, size, len(name), 0)
    return struct.pack("<IHHHHHIIIHH", *head) + name.encode()


def central_directory(members: Mapping[str, bytes]) -> bytes:
    """§16: the central entries and the end record."""
    entries, offset = b"", 0
    for name, data in members.items():
        crc, size = zlib.crc32(data), len(data)
        head = (0x02014B50, 0x0314, 20, 0, 0, 0, DATE, crc, size, size, len(name))
        entries += struct.pack("<IHHHHHHIIIHHHHHII", *head, 0, 0, 0, 0, 0x81A40000, offset) + name.encode()
        offset += len(local_header(name, data)) + size
    count = len(members)
    return entries + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(entries), offset, 0)


def write_archive(members: Mapping[str, bytes]) -> bytes:
    """§16: members in ascending order of name."""
    ordered = {name: members[name] for name in sorted(members)}
    parts = [local_header(name, data) + data for name, data in ordered.items()]
    return b"".join([*parts, central_directory(ordered)])


def read_archive(archive: bytes) -> dict[str, bytes]:
    """§16: every byte that is not a member's content is compared with what write_archive would write."""
    need(len(archive) <= MAX_BUNDLE_BYTES, "审计包过大", "the bundle is too large")
    members: dict[str, bytes] = {}
    offset = 0
    for name in MEMBERS:
        start = offset + len(local_header(name, b""))
        size = int.from_bytes(archive[offset + 18 : offset + 22], "little")
        data = archive[start : start + size]
        with at(file=name):
            check_bytes(archive, offset, local_header(name, data))
        members[name] = data
        offset = start + size
    check_bytes(archive, offset, central_directory(members))
    offset += len(central_directory(members))
    need(len(archive) == offset, "归档之后还有字节", "bytes after the archive", byte=offset)
    return members


def check_bytes(archive: bytes, offset: int, expected: bytes) -> None:
    """§16: these bytes at this offset of the archive."""
    found = archive[offset : offset + len(expected)]
    if found != expected:
        what = ("归档结构或校验和与内容不符", "structure or CRC-32 of the archive differs from its content")
        raise SpecError(what, byte=offset + first_difference(found, expected))


def manifest(members: Mapping[str, bytes], result: str) -> Record:
    """§16."""
    files = {
        name: {"sha256": sha256(data).hexdigest(), "size": len(data)}
        for name, data in members.items()
        if name != "manifest.json"
    }
    return {"files": files, "kind": "auditor", "result": result, "spec": "v1"}


def result_digest(mode: str, members: Mapping[str, bytes]) -> bytes:
    """§15.7."""
    names = ("strata.jsonl", "targets.jsonl", "blocks.jsonl")
    return tagged_in(mode, "result", *(members[name] for name in names))


# --------------------------------------------------------------------------------- §17 log and commit notice

TIME = r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"


def is_time(value: Any) -> bool:
    return matches(TIME, value) and is_date(value[:10])


def chain(entries: Iterable[Record]) -> tuple[list[Record], str]:
    """§17: the entries with their `seq` and `prev`, and the head."""
    log, head = [], "0" * 64
    for seq, entry in enumerate(entries, 1):
        log.append(entry | {"seq": seq, "prev": head})
        head = tagged("log", encode(log[-1])).hex()
    return log, head


def check_log(log: Sequence[Any]) -> None:
    """§17: entries well formed and chained."""
    keys = ("details", "operator", "prev", "seq", "time", "verb")
    for line, entry in enumerate(log, 1):
        with at(line=line):
            form(has_keys(entry, keys) and isinstance(entry["details"], dict), "")
            form(is_text(entry["operator"]) and is_text(entry["verb"]) and is_time(entry["time"]), "")
    for line, (found, expected) in enumerate(zip(log, chain(log)[0], strict=True), 1):
        need(found == expected, "日志链断裂", "the chain of the log is broken", line=line)


def check_freeze(log: Sequence[Record], notice: Record) -> Record:
    """§17: the one entry of the freeze, as the notice says, before seed, draw and match."""
    draw = (notice["mode"], notice["draw"])
    about = [e for e in log if (e["details"].get("mode"), e["details"].get("draw")) == draw]
    freezes = [entry for entry in about if entry["verb"] == "freeze"]
    need(len(freezes) == 1, "本次抽取应恰有一条封存记录", "not exactly one freeze of this draw")
    freeze = freezes[0]
    agrees = freeze["prev"] == notice["head"] and freeze["time"] == notice["time"]
    agrees &= freeze["details"].get("commitments") == notice["commitments"]
    need(agrees, "封存记录与公告不符", "the freeze differs from the notice", line=freeze["seq"])
    for entry in about:
        early = entry["seq"] < freeze["seq"] and entry["verb"] in ("seed", "draw", "match")
        need(not early, "种子或抽取先于封存", "seed or draw before the freeze", line=entry["seq"])
    return freeze


def commit_notice(draw: Draw, commitments: Record, log: Record) -> Record:
    """§17: 抽取承诺公告; `log` gives deadline, head and time, which nothing else determines."""
    sizes = {"inspectors": draw.inspectors, "recusals": draw.recusals, "registry": draw.entities}
    return {
        "authority": draw.plan["authority"],
        "commitments": commitments,
        "deadline": log["deadline"],
        "draw": draw.number,
        "head": log["head"],
        "mode": draw.mode,
        "plan": draw.plan["id"],
        "sizes": {name: len(records) for name, records in sizes.items()},
        "spec": "v1",
        "time": log["time"],
        "values": draw.announced,
    }


# ------------------------------------------------------------------------------------------ §18 verification


def difference(expected: Any, found: Any) -> str | None:
    """The path of the first difference between two JSON values; None if they are equal."""
    if expected == found:
        return None
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(expected.keys() | found.keys()):
            inner = difference(expected.get(key), found.get(key))
            if inner is not None:
                return f"{key}.{inner}".rstrip(".")
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (a, b) in enumerate(zip(expected, found, strict=True)):
            inner = difference(a, b)
            if inner is not None:
                return f"[{number}].{inner}".rstrip(".")
    return ""


def same(expected: Any, found: Any, **place: str | int) -> None:
    """Two JSON values are equal, or the failure says where they part."""
    path = difference(expected, found)
    if path is not None:
        raise SpecError(("与复算结果不符", "differs from what was recomputed"), **place, path=path)


def same_lines(expected: Sequence[Record], found: Sequence[Any], file: str) -> None:
    """Two JSON Lines files are equal, or the failure says in which line they part."""
    for line, (a, b) in enumerate(zip(expected, found, strict=False), 1):
        with at(**({"id": a["id"]} if "id" in a else {})):
            same(a, b, file=file, line=line)
    need(len(expected) == len(found), "行数与复算结果不符", "another number of lines", file=file)


def dig(value: Any, *keys: str) -> Any:
    """The value under these keys, or None: what the bundle says need not be there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def count_of(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counter.items())) or "0"


class Verification:
    """§18: the steps in their order; each says what it checked, or raises SpecError."""

    def __init__(self, archive: bytes) -> None:
        self.archive = archive
        self.mode = ""
        self.json: dict[str, Any] = {}  # what was read of each member

    def step_archive(self) -> Text:
        self.members = read_archive(self.archive)
        count, size = len(self.members), len(self.archive)
        return f"{count} 个文件，{size:,} 字节", f"{count} members, {size:,} bytes"

    def step_manifest(self) -> Text:
        with at(file="manifest.json"):
            found = decode(self.members["manifest.json"])
            result = dig(found, "result")
            form(is_digest(result), "result")
            same(manifest(self.members, result), found)
        self.result = result
        return "各文件的长度与摘要", "size and digest of every member"

    def step_encoding(self) -> Text:
        for name, data in self.members.items():
            with at(file=name):
                self.json[name] = decode_lines(data) if name.endswith(".jsonl") else decode(data)
        lines = sum(len(self.json[name]) for name in MEMBERS if name.endswith(".jsonl"))
        return f"规范 JSON，{lines:,} 行", f"canonical JSON, {lines:,} lines"

    def step_plan(self) -> Text:
        with at(file="plan.json"):
            check_plan(self.json["plan.json"])
        self.plan: Record = self.json["plan.json"]
        tiers = sum(len(task["tiers"]) for task in self.plan["tasks"])
        tasks, name = len(self.plan["tasks"]), self.plan["id"]
        return f"计划 {name}，{tasks} 项任务，{tiers} 层", f"plan {name}, {tasks} tasks, {tiers} tiers"

    def read_draw(self) -> Draw:
        """What the draw follows from, as the bundle has it; what is not yet checked here is checked later."""
        self.statements = self.json["commitment.json"]
        mode, number = (dig(self.statements, "targets", key) for key in ("mode", "draw"))
        with at(file="commitment.json", path="targets"):
            form(mode in ("real", "rehearsal"), "mode")
            form(is_integer(number, 1), "draw")
        key = dig(self.json["salt.json"], "key")
        with at(file="salt.json"):
            form(has_keys(self.json["salt.json"], ["key"]) and is_digest(key), "key")
        entities, inspectors, recusals = (
            self.json[f"{name}.jsonl"] for name in ("entities", "inspectors", "recusals")
        )
        announced, values = dig(self.statements, "targets", "values"), dig(self.json["seed.json"], "values")
        salt_key = bytes.fromhex(key)
        return Draw(mode, number, salt_key, self.plan, entities, inspectors, recusals, announced, values)

    def step_registry(self) -> Text:
        self.draw = self.read_draw()
        self.mode = self.draw.mode
        with at(file="entities.jsonl"):
            columns = self.plan["columns"]
            check_list(self.draw.entities, lambda e: check_entity(e, columns), lambda e: e["id"])
        self.registry = seal(self.draw, "entity", self.draw.entities)
        self.registry_root = root_of(self.registry)
        expected = {"root": self.registry_root.hex(), "size": len(self.registry)}
        found = dig(self.statements, "targets", "registry")
        same(expected, found, file="commitment.json")
        size = len(self.registry)
        return f"名录 {size:,} 户，根相符", f"registry of {size:,} entities, root equal"

    def step_strata(self) -> Text:
        with at(file="plan.json"):
            self.tasks = stratify(self.plan, self.registry)
        found = dig(self.statements, "targets", "tasks")
        same(tasks_statement(self.tasks), found, file="commitment.json")
        excluded = count_of(sum((task.excluded for task in self.tasks), Counter()))
        base = sum(tier.size for task in self.tasks for tier in task.tiers)
        quota = sum(tier.quota for task in self.tasks for tier in task.tiers)
        untiered = sum(task.untiered for task in self.tasks)
        zh = f"基数 {base:,} 户次，名额 {quota:,}；不列入：{excluded}；未入层 {untiered:,}"
        return zh, f"base {base:,}, quota {quota:,}; excluded: {excluded}; in no tier {untiered:,}"

    def step_pool(self) -> Text:
        people, recusals, columns = self.draw.inspectors, self.draw.recusals, self.plan["columns"]
        with at(file="inspectors.jsonl"):
            check_list(people, check_inspector, lambda person: person["id"])
        with at(file="recusals.jsonl"):
            check_list(recusals, lambda recusal: check_recusal(recusal, columns), encode)
        self.pool_root = root_of(seal(self.draw, "inspector", people))
        self.recusals = recusals_digest(self.draw)
        pool = {"root": self.pool_root.hex(), "size": len(people)}
        digest = {"digest": self.recusals.hex(), "size": len(recusals)}
        for name, expected in (("pool", pool), ("recusals", digest)):
            same(expected, dig(self.statements, "inspectors", name), file="commitment.json")
        zh = f"人员 {len(people):,} 名，回避 {len(recusals):,} 条"
        return zh, f"{len(people):,} inspectors, {len(recusals):,} recusals"

    def step_commitment(self) -> Text:
        draw = self.draw
        with at(file="commitment.json", path="targets"):
            check_announced(draw.announced)
        targets = targets_statement(draw, self.registry_root, self.tasks)
        self.targets = commitment(draw.mode, "targets", targets)
        inspectors = inspectors_statement(draw, self.pool_root, self.recusals, self.targets)
        same({"inspectors": inspectors, "targets": targets}, self.statements, file="commitment.json")
        self.inspectors = commitment(draw.mode, "inspectors", inspectors)
        both = f"targets {self.targets.hex()}, inspectors {self.inspectors.hex()}"
        return f"承诺值 {both}", f"commitments {both}"

    def step_notice(self) -> Text:
        notice = self.json["notice.json"]
        self.commitments = {"inspectors": self.inspectors.hex(), "targets": self.targets.hex()}
        with at(file="notice.json"):
            for key, valid in (("deadline", is_date), ("head", is_digest), ("time", is_time)):
                form(valid(dig(notice, key)), key)
            same(commit_notice(self.draw, self.commitments, notice), notice)
        number, time = self.draw.number, notice["time"]
        return f"第 {number} 号抽取，封存于 {time}", f"draw {number}, frozen at {time}"

    def step_log(self) -> Text:
        log = self.json["log.jsonl"]
        with at(file="log.jsonl"):
            check_log(log)
            freeze = check_freeze(log, self.json["notice.json"])
        zh = f"日志 {len(log):,} 条，封存为第 {freeze['seq']:,} 条"
        return zh, f"log of {len(log):,} entries, the freeze is number {freeze['seq']:,}"

    def step_seed(self) -> Text:
        draw = self.draw
        closing = closing_statement(self.targets)
        with at(file="seed.json"):
            form(has_keys(self.json["seed.json"], ["closing", "values"]), "")
            bits = math.log2(check_values(draw))
            same(closing, self.json["seed.json"]["closing"])
        self.first = make_seed(draw.mode, "targets", self.targets, closing, draw.values)
        self.second = make_seed(draw.mode, "inspectors", self.inspectors, closing, draw.values)
        values = "; ".join(f"{v['source']}:{v['issue']}={v['value']}" for v in draw.values)
        return f"公开数值 {values}，{bits:.2f} 比特", f"public values {values}, {bits:.2f} bits"

    def step_targets(self) -> Text:
        strata, self.drawn = first_draw(self.tasks, self.first)
        same_lines(strata, self.json["strata.jsonl"], "strata.jsonl")
        same_lines(self.drawn, self.json["targets.jsonl"], "targets.jsonl")
        visits = sum(line["quota"] for line in strata)
        zh = f"{len(strata):,} 格，抽出 {len(self.drawn):,} 户，{visits:,} 户次"
        return zh, f"{len(strata):,} strata, {len(self.drawn):,} entities drawn, {visits:,} times in all"

    def step_blocks(self) -> Text:
        self.blocks = make_blocks(self.draw, self.drawn, self.second)
        self.slots = make_slots(self.draw, self.blocks)
        rows = self.json["blocks.jsonl"]
        untold = [
            {k: v for k, v in row.items() if k != "team"} if isinstance(row, dict) else row for row in rows
        ]
        same_lines([block_line(block) for block in self.blocks], untold, "blocks.jsonl")
        reasons = Counter(left_out(person, self.plan["window"]) for person in self.draw.inspectors)
        eligible = reasons.pop("", 0)
        blocks, slots, out = len(self.blocks), len(self.slots), count_of(reasons)
        zh = f"{blocks:,} 个任务包，{slots:,} 个席位；可抽人员 {eligible:,}，不列入：{out}"
        return zh, f"{blocks:,} blocks, {slots:,} slots; {eligible:,} eligible inspectors, left out: {out}"

    def step_assignment(self) -> Text:
        cap = self.plan["blocks"]["max_per_inspector"]
        people = assign(self.slots, cap, self.second)
        same_lines(blocks_lines(self.blocks, self.slots, people), self.json["blocks.jsonl"], "blocks.jsonl")
        check_lawful(self.slots, people, cap)
        used, most = len(set(people)), max(Counter(people).values(), default=0)
        zh = f"{len(people):,} 个席位由 {used:,} 人担任，每人至多 {most} 个"
        return zh, f"{len(people):,} slots filled by {used:,} people, at most {most} each"

    def step_result(self) -> Text:
        digest = result_digest(self.mode, self.members).hex()
        same(digest, self.result, file="manifest.json")
        return f"结果摘要 {digest}", f"result digest {digest}"


RECOMPUTED, CONSISTENT = ("已复算", "recomputed"), ("有据一致", "consistent")
STEPS: dict[str, tuple[Callable[[Verification], Text], Text]] = {
    "archive": (Verification.step_archive, RECOMPUTED),
    "manifest": (Verification.step_manifest, RECOMPUTED),
    "encoding": (Verification.step_encoding, RECOMPUTED),
    "plan": (Verification.step_plan, RECOMPUTED),
    "registry": (Verification.step_registry, RECOMPUTED),
    "strata": (Verification.step_strata, RECOMPUTED),
    "pool": (Verification.step_pool, RECOMPUTED),
    "commitment": (Verification.step_commitment, RECOMPUTED),
    "notice": (Verification.step_notice, CONSISTENT),
    "log": (Verification.step_log, CONSISTENT),
    "seed": (Verification.step_seed, RECOMPUTED),
    "targets": (Verification.step_targets, RECOMPUTED),
    "blocks": (Verification.step_blocks, RECOMPUTED),
    "assignment": (Verification.step_assignment, RECOMPUTED),
    "result": (Verification.step_result, RECOMPUTED),
}
TRUSTED: tuple[Text, ...] = (
    ("名单完整、真实", "that the lists were complete and true"),
    ("公开数值确为当众产生的数值", "that the public values are what was drawn in public"),
    (
        "承诺值公布在先（时间先后：未证明）",
        "that the commitment was published first (order in time: not proven)",
    ),
)


@dataclass(frozen=True)
class Report:
    """§18: the answers of the steps that hold, and the failure that ended them, if any."""

    mode: str
    answers: dict[str, Text]
    failure: str = ""  # the failure class
    what: Text = ("", "")
    place: Mapping[str, str | int] | None = None

    def exit_code(self, rehearsal: bool) -> int:
        """§18."""
        if self.failure:
            return 1
        if self.mode == "real":
            return 10
        return 0 if rehearsal else 11


def verify(archive: bytes) -> Report:
    """§18: all steps, up to the first that fails."""
    verification = Verification(archive)
    answers: dict[str, Text] = {}
    for name, (step, _) in STEPS.items():
        try:
            answers[name] = step(verification)
        except SpecError as error:
            return Report(verification.mode, answers, name, error.what, error.place)
    return Report(verification.mode, answers)


def make_bundle(draw: Draw, before: Sequence[Record], time: str, deadline: str) -> bytes:
    """§16: the bundle of a draw, from what it follows from and the log entries before its freeze.

    A verifier has no need of it: it is here for the test vectors, and for whoever wants to try the effect of a change.
    """
    registry = seal(draw, "entity", draw.entities)
    tasks = stratify(draw.plan, registry)
    targets = targets_statement(draw, root_of(registry), tasks)
    first = commitment(draw.mode, "targets", targets)
    pool_root = root_of(seal(draw, "inspector", draw.inspectors))
    inspectors = inspectors_statement(draw, pool_root, recusals_digest(draw), first)
    second = commitment(draw.mode, "inspectors", inspectors)
    closing = closing_statement(first)
    strata, drawn = first_draw(tasks, make_seed(draw.mode, "targets", first, closing, draw.values))
    seed = make_seed(draw.mode, "inspectors", second, closing, draw.values)
    blocks = make_blocks(draw, drawn, seed)
    slots = make_slots(draw, blocks)
    people = assign(slots, draw.plan["blocks"]["max_per_inspector"], seed)

    commitments = {"inspectors": second.hex(), "targets": first.hex()}
    details = {"draw": draw.number, "mode": draw.mode}
    entries = [
        {"details": details, "operator": "-", "time": time, "verb": v} for v in ("seed", "draw", "match")
    ]
    freeze = {
        "details": details | {"commitments": commitments},
        "operator": "-",
        "time": time,
        "verb": "freeze",
    }
    stamp = {"deadline": deadline, "head": chain(before)[1], "time": time}
    members = {
        "blocks.jsonl": encode_lines(blocks_lines(blocks, slots, people)),
        "commitment.json": encode({"inspectors": inspectors, "targets": targets}),
        "entities.jsonl": encode_lines(draw.entities),
        "inspectors.jsonl": encode_lines(draw.inspectors),
        "log.jsonl": encode_lines(chain([*before, freeze, *entries])[0]),
        "notice.json": encode(commit_notice(draw, commitments, stamp)),
        "plan.json": encode(draw.plan),
        "recusals.jsonl": encode_lines(draw.recusals),
        "salt.json": encode({"key": draw.salt_key.hex()}),
        "seed.json": encode({"closing": closing, "values": draw.values}),
        "strata.jsonl": encode_lines(strata),
        "targets.jsonl": encode_lines(drawn),
    }
    result = result_digest(draw.mode, members).hex()
    return write_archive(members | {"manifest.json": encode(manifest(members, result))})


# --------------------------------------------------------------------------------------------- command line

VERDICTS: dict[int, Text] = {
    0: ("全部步骤成立（演练）", "all steps hold (a rehearsal)"),
    1: ("核验不通过", "verification failed"),
    10: ("全部步骤成立；时间先后未证明", "all steps hold; order in time: not proven"),
    11: (
        "全部步骤成立，但这是演练（未给 --rehearsal）",
        "all steps hold, but it is a rehearsal (no --rehearsal)",
    ),
}


def shown(value: object) -> str:
    """Text from the bundle as a terminal may have it: nothing unprintable, not endless."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value))
    return text if len(text) <= 300 else text[:300] + "..."


def say(text: Text, lang: str) -> str:
    return {"zh": text[0], "en": text[1]}.get(lang, " ｜ ".join(text))


def render(report: Report, code: int, lang: str) -> Iterator[str]:
    """The report for people."""
    for number, (name, text) in enumerate(report.answers.items(), 1):
        answer = say(STEPS[name][1], lang)
        yield f"[{number:2}/{len(STEPS)}] {name}: {answer}: {shown(say(text, lang))}"
    if report.failure:
        number = len(report.answers) + 1
        yield f"[{number:2}/{len(STEPS)}] {report.failure}: {say(('不通过', 'FAILED'), lang)}: {say(report.what, lang)}"
        yield "        " + ", ".join(f"{key} {shown(value)}" for key, value in (report.place or {}).items())
    yield say(("以下各项不在证明之列，只是凭信：", "Not proven here, taken on trust:"), lang)
    for text in TRUSTED:
        yield f"  - {say(('凭信', 'trusted'), lang)}: {say(text, lang)}"
    yield f"{say(VERDICTS[code], lang)} (exit {code})"


def as_json(report: Report, code: int) -> str:
    """The report for machines."""
    steps = [
        {"step": name, "answer": STEPS[name][1][1], "zh": text[0], "en": text[1]}
        for name, text in report.answers.items()
    ]
    failure = {"class": report.failure, "zh": report.what[0], "en": report.what[1], "place": report.place}
    whole: Record = {"exit": code, "mode": report.mode, "steps": steps, "trusted": [en for _, en in TRUSTED]}
    return json.dumps(whole | ({"failure": failure} if report.failure else {}), ensure_ascii=False, indent=1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read one bundle and say what holds; the exit codes are those of §18."""
    parser = argparse.ArgumentParser(description="核验审计包 / verify an auditor's bundle (shuangsuiji v1)")
    parser.add_argument("bundle", type=Path, help="审计包 / the bundle")
    parser.add_argument("--rehearsal", action="store_true", help="接受演练 / accept a rehearsal")
    parser.add_argument("--json", action="store_true", help="机器可读 / for machines")
    parser.add_argument("--lang", choices=("zh", "en", "both"), default="both", help="语言 / language")
    options = parser.parse_args(arguments)
    try:
        with options.bundle.open("rb") as file:
            archive = file.read(MAX_BUNDLE_BYTES + 1)
    except OSError as error:
        parser.error(f"{options.bundle}: {error.strerror}")
    report = verify(archive)
    code = report.exit_code(options.rehearsal)
    text = as_json(report, code) if options.json else "\n".join(render(report, code, options.lang))
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
