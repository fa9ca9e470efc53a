"""§8 The records that are frozen: entities (检查对象), inspectors (检查人员), recusals (回避); salts and leaves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

from shuangsuiji.core.encoding import Json, canonical_json, is_date, json_lines
from shuangsuiji.core.hashing import draw_hash, salt
from shuangsuiji.core.predicates import Fields
from shuangsuiji.errors import InputRefused

T = TypeVar("T")

IN_BUSINESS: Final = "in_business"
"""存续: the one registration state that can be drawn."""
STATES: Final = frozenset({IN_BUSINESS, "revoked", "deregistered", "withdrawn", "moved_out"})
"""存续, 吊销, 注销, 撤销, 迁出."""


@dataclass(frozen=True, slots=True)
class Entity:
    """An inspection target's record (检查对象): registered identity, plan columns by alias, dates of earlier visits.

    `lists` are the listed tasks of the plan whose list names it.
    """

    id: str
    name: str
    status: str
    columns: Mapping[str, str]
    visits: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()

    def fields(self) -> dict[str, str]:
        """§8 What predicates see."""
        return {"id": self.id, "name": self.name, "status": self.status, **self.columns}

    def object(self) -> dict[str, Json]:
        """§8 The record as JSON."""
        value: dict[str, Json] = {
            "columns": dict(self.columns),
            "id": self.id,
            "name": self.name,
            "status": self.status,
        }
        if self.visits:
            value["visits"] = list(self.visits)
        if self.lists:
            value["lists"] = list(self.lists)
        return value


@dataclass(frozen=True, slots=True)
class Certificate:
    """An enforcement certificate (执法证): validity as ISO dates, None = open (长期); the reason if cancelled."""

    number: str
    begins: str | None = None
    ends: str | None = None
    cancelled: str | None = None

    def object(self) -> dict[str, Json]:
        """§8 The certificate as JSON."""
        members = {"number": self.number, "from": self.begins, "to": self.ends, "cancelled": self.cancelled}
        return {key: value for key, value in members.items() if value is not None}

    def covers(self, begins: str, ends: str) -> bool:
        """§13 Whether it is good for every day from `begins` to `ends`."""
        return (
            self.cancelled is None
            and (self.begins is None or self.begins <= begins)
            and (self.ends is None or self.ends >= ends)
        )


@dataclass(frozen=True, slots=True)
class Inspector:
    """An inspector's record (检查人员), one per person; `undrawable` is the reason why not drawn, or None.

    An `expert` (专家) needs no certificate and only assists; `most` is the largest number of slots this person takes.
    """

    id: str
    name: str
    unit: str
    department: str
    district: str
    qualifications: tuple[str, ...]
    certificates: tuple[Certificate, ...]
    undrawable: str | None = None
    expert: bool = False
    most: int | None = None

    def fields(self) -> Fields:
        """§8 What predicates see."""
        return {
            "id": self.id,
            "name": self.name,
            "unit": self.unit,
            "department": self.department,
            "district": self.district,
            "qualifications": self.qualifications,
        }

    def object(self) -> dict[str, Json]:
        """§8 The record as JSON."""
        value: dict[str, Json] = {
            "certificates": [one.object() for one in self.certificates],
            "department": self.department,
            "district": self.district,
            "id": self.id,
            "name": self.name,
            "qualifications": list(self.qualifications),
            "unit": self.unit,
        }
        if self.undrawable is not None:
            value["undrawable"] = self.undrawable
        if self.expert:
            value["expert"] = 1
        if self.most is not None:
            value["most"] = self.most
        return value


@dataclass(frozen=True, slots=True)
class PairRecusal:
    """回避: one inspector and one entity."""

    inspector: str
    entity: str

    def object(self) -> dict[str, Json]:
        """§8 The recusal as JSON."""
        return {"entity": self.entity, "inspector": self.inspector}


@dataclass(frozen=True, slots=True)
class GroupRecusal:
    """回避: one inspector and every entity whose column (an alias) has the value."""

    inspector: str
    column: str
    value: str

    def object(self) -> dict[str, Json]:
        """§8 The recusal as JSON."""
        return {"column": self.column, "inspector": self.inspector, "value": self.value}


@dataclass(frozen=True, slots=True)
class Incompatible:
    """回避: two inspectors who may not be in one team; `colleague` is the smaller id."""

    inspector: str
    colleague: str

    def object(self) -> dict[str, Json]:
        """§8 The recusal as JSON."""
        return {"colleague": self.colleague, "inspector": self.inspector}


Recusal = PairRecusal | GroupRecusal | Incompatible


@dataclass(frozen=True, slots=True)
class Seal:
    """§8 How the records of one draw are salted: its salt key (32 bytes), mode and number."""

    key: bytes
    mode: str
    draw: int

    def salt(self, kind: str, identifier: str) -> bytes:
        """§8 The salt of a record; kind is "entity" or "inspector"."""
        return salt(self.key, self.mode, self.draw, kind, identifier)

    def result_salt(self) -> bytes:
        """§15.7 The salt of the result digest: without the key nobody can try guesses against it."""
        return salt(self.key, self.mode, self.draw, "result")

    def entity_leaf(self, entity: Entity, record: bytes | None = None) -> bytes:
        """§8 The leaf of an entity; `record` is its canonical JSON, where that is at hand."""
        encoded = canonical_json(entity.object()) if record is None else record
        return leaf(self.mode, "entity", self.salt("entity", entity.id), encoded)

    def inspector_leaf(self, inspector: Inspector) -> bytes:
        """§8 The leaf of an inspector."""
        own_salt = self.salt("inspector", inspector.id)
        return leaf(self.mode, "inspector", own_salt, canonical_json(inspector.object()))

    def recusals_digest(self, recusals: Sequence[Recusal]) -> bytes:
        """§8 The digest of the list of recusals."""
        own_salt = salt(self.key, self.mode, self.draw, "recusals")
        return draw_hash(self.mode, "recusals", own_salt, json_lines(one.object() for one in recusals))

    def changes_digest(self, member: bytes, *, late: bool = False) -> bytes:
        """§16 The digest of the JSON Lines of changes; `late`: of those of inspectors sealed late."""
        own_salt = salt(self.key, self.mode, self.draw, "late-changes" if late else "changes")
        return draw_hash(self.mode, "changes", own_salt, member)


def leaf(mode: str, kind: str, own_salt: bytes, record: bytes) -> bytes:
    """§8 The leaf of a record, as its canonical JSON, with its salt (32 bytes)."""
    return draw_hash(mode, f"leaf/{kind}", own_salt, record)


def order_recusals(recusals: Sequence[Recusal]) -> tuple[Recusal, ...]:
    """§8 Recusals in their canonical order, each once."""
    return tuple(sorted(set(recusals), key=lambda one: canonical_json(one.object())))


def parse_entity(value: Json, aliases: Mapping[str, str], listed: Collection[str] = ()) -> Entity:
    """§8 The entity record of a JSON object; InputRefused (`core.record`) if it is none.

    `aliases` and `listed` are those of the plan: its columns, and the ids of its listed tasks.
    """
    o = _members(value, _ENTITY, _OF_ENTITY)
    columns = o["columns"]
    if not isinstance(columns, dict) or not columns.keys() <= aliases.keys():
        raise _refused("columns", o["id"])
    visits: tuple[str, ...] = ()
    if "visits" in o:
        visits = _array(o["visits"], lambda one: _date(one, "visits"), "visits")
        if not visits or list(visits) != sorted(visits):
            raise _refused("visits", o["id"])
    lists: tuple[str, ...] = ()
    if "lists" in o:
        lists = _array(o["lists"], lambda one: _string(one, "lists"), "lists")
        if not lists or not _ascending(lists) or not set(lists) <= set(listed):
            raise _refused("lists", o["id"])
    status = _filled(o, "status")
    if status not in STATES:
        raise _refused("status", o["id"])
    texts = {alias: _filled(columns, alias) for alias in columns}
    return Entity(_filled(o, "id"), _text(o, "name"), status, texts, visits, lists)


def parse_inspector(value: Json) -> Inspector:
    """§8 The inspector record of a JSON object; InputRefused (`core.record`) if it is none."""
    o = _members(value, _INSPECTOR, _OF_INSPECTOR)
    qualifications = _array(o["qualifications"], lambda one: _string(one, "qualifications"), "qualifications")
    certificates = _array(o["certificates"], _certificate, "certificates")
    numbers = [one.number for one in certificates]
    if not _ascending(qualifications) or not _ascending(numbers):
        raise _refused("certificates", o["id"])
    return Inspector(
        id=_filled(o, "id"),
        name=_filled(o, "name"),
        unit=_text(o, "unit"),
        department=_text(o, "department"),
        district=_text(o, "district"),
        qualifications=qualifications,
        certificates=certificates,
        undrawable=_filled(o, "undrawable") if "undrawable" in o else None,
        expert="expert" in o and _integer(o, "expert", least=1, most=1) == 1,
        most=_integer(o, "most", least=0) if "most" in o else None,
    )


def parse_recusal(value: Json, aliases: Mapping[str, str]) -> Recusal:
    """§8 The recusal of a JSON object; InputRefused (`core.record`) if it is none."""
    if isinstance(value, dict) and "entity" in value:
        o = _members(value, {"inspector", "entity"})
        return PairRecusal(_filled(o, "inspector"), _filled(o, "entity"))
    if isinstance(value, dict) and "colleague" in value:
        o = _members(value, {"inspector", "colleague"})
        pair = Incompatible(_filled(o, "inspector"), _filled(o, "colleague"))
        if pair.colleague >= pair.inspector:
            raise _refused("colleague", pair.inspector)
        return pair
    o = _members(value, {"inspector", "column", "value"})
    recusal = GroupRecusal(_filled(o, "inspector"), _filled(o, "column"), _filled(o, "value"))
    if recusal.column not in aliases:
        raise _refused("column", recusal.inspector)
    return recusal


def _certificate(value: Json) -> Certificate:
    o = _members(value, {"number"}, {"from", "to", "cancelled"})
    return Certificate(
        _filled(o, "number"),
        _date(o["from"], "from") if "from" in o else None,
        _date(o["to"], "to") if "to" in o else None,
        _filled(o, "cancelled") if "cancelled" in o else None,
    )


def _refused(member: str, identifier: Json = "") -> InputRefused:
    return InputRefused("core.record", member=member, id=str(identifier))


def _ascending(texts: Sequence[str]) -> bool:
    return all(a < b for a, b in pairwise(texts))


_ENTITY: Final = frozenset({"columns", "id", "name", "status"})
_OF_ENTITY: Final = frozenset({"lists", "visits"})
_INSPECTOR: Final = frozenset(
    {"certificates", "department", "district", "id", "name", "qualifications", "unit"}
)
_OF_INSPECTOR: Final = frozenset({"expert", "most", "undrawable"})


def _members(
    value: Json, required: AbstractSet[str], optional: AbstractSet[str] = frozenset()
) -> Mapping[str, Json]:
    if not isinstance(value, dict) or not (
        value.keys() == required or required <= value.keys() <= required | optional
    ):
        raise _refused(", ".join(sorted(required)))
    return value


def _string(value: Json, member: str) -> str:
    if not isinstance(value, str):
        raise _refused(member)
    return value


def _text(o: Mapping[str, Json], member: str) -> str:
    value = o[member]
    if not isinstance(value, str):
        raise _refused(member, o.get("id", ""))
    return value


def _filled(o: Mapping[str, Json], member: str) -> str:
    if not (value := _text(o, member)):
        raise _refused(member, o.get("id", ""))
    return value


def _integer(o: Mapping[str, Json], member: str, least: int, most: int | None = None) -> int:
    value = o[member]
    if not isinstance(value, int) or value < least or (most is not None and value > most):
        raise _refused(member, o.get("id", ""))
    return value


def _date(value: Json, member: str) -> str:
    if not isinstance(value, str) or not is_date(value):
        raise _refused(member)
    return value


def _array(value: Json, each: Callable[[Json], T], member: str) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise _refused(member)
    return tuple(each(one) for one in value)
