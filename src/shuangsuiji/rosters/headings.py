"""表头对照: which written headings mean which column, read from `config/headings.toml`.

A column of a roster is addressed by its canonical Chinese heading; variants are matched by `normal.squeeze`,
so that spaces, brackets, width and case do not matter. Headings that the file does not know are kept as written.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self, cast, get_args

from shuangsuiji.errors import InputRefused, Listing
from shuangsuiji.rosters.model import KINDS, LATER, STRUCTURE, Kind
from shuangsuiji.rosters.normal import clean_text, squeeze
from shuangsuiji.rosters.settings import Table

# code: a number or code, never to be altered by Excel; codes, list: several of them in one cell;
# date: one day; period: an end, or a beginning and an end.
Content = Literal["text", "code", "codes", "list", "date", "period"]
# registration: 18-digit credit code or 15-digit registration number; free: any code (a product, a device).
Rule = Literal["registration", "free"]
# What the program does with a column beyond keeping it.
Role = Literal[
    "",
    "entity_name",
    "entity_type",
    "registration_number",
    "status",
    "owner",
    "person_name",
    "identity",
    "unit",
    "department",
    "district",
    "certificate",
    "valid_from",
    "valid_to",
    "certificate_status",
    "duty_status",
    "undrawable",
    "qualifications",
    "decision",
    "reason",
    "group_column",
    "group_value",
    "colleague",
    "declarer",
    "expert",
    "most",
    "leave_from",
    "leave_to",
    "visit_date",
    "change_kind",
    "change_id",
    "approver",
    "plan_id",
    "task_id",
    "task_name",
    "item",
    "result",
    "checked_on",
    "method",
    "persons",
    "disposal",
    "evidence",
    "scan",
    "remark",
    "education_day",
    "education_reference",
    "warning_day",
    "warning_reference",
    "fine_day",
    "fine_reference",
    "fine_amount",
    "correction",
    "step_day",
    "step_reason",
    "step_reference",
]

# The ASCII name that a role gives to its column in the frame of a kind.
_FRAME_NAMES: Final[Mapping[tuple[Kind, Role], str]] = {
    ("entities", "entity_name"): "name",
    ("entities", "registration_number"): "previous_code",
    ("entities", "status"): "status",
    ("inspectors", "person_name"): "name",
    ("inspectors", "unit"): "unit",
    ("inspectors", "department"): "department",
    ("inspectors", "district"): "district",
    ("inspectors", "undrawable"): "undrawable",
    ("inspectors", "qualifications"): "qualifications",
    ("inspectors", "certificate"): "certificates",
    ("review", "certificate"): "certificate",
    ("review", "decision"): "decision",
    ("review", "reason"): "reason",
    ("conflicts", "group_column"): "column",
    ("conflicts", "group_value"): "value",
    ("conflicts", "colleague"): "colleague",
    ("inspectors", "expert"): "expert",
    ("inspectors", "most"): "most",
    ("reasons", "change_kind"): "kind",
    ("reasons", "change_id"): "id",
    ("reasons", "reason"): "reason",
    ("reasons", "approver"): "approver",
    ("visits", "visit_date"): "date",
}
_KEYED_BY_ENTITY: Final = frozenset({"entities", "risk", "visits", "list", "results", "abnormal"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column as configured: canonical heading, variants, what its cells are, what it is used for.

    `private`: never leaves the store. `template`: stands in the Excel template, with `hint` and `example`.
    """

    heading: str
    kinds: tuple[Kind, ...]
    content: Content
    role: Role
    variants: tuple[str, ...]
    private: bool
    template: bool
    hint: str
    example: str

    @property
    def names(self) -> tuple[str, ...]:
        """All spellings."""
        return (self.heading, *self.variants)


@dataclass(frozen=True, slots=True)
class KindRules:
    """What a file of one kind must have (`required`), which sheet counts, which headings are left out."""

    required: tuple[str, ...]
    sheet: str
    ignored: frozenset[str]


@dataclass(frozen=True, slots=True)
class HeadingMap:
    """The whole of `headings.toml`, checked. Keys are canonical headings in order of preference."""

    entity_key: tuple[str, ...]
    entity_rule: Rule
    inspector_key: tuple[str, ...]
    kinds: Mapping[Kind, KindRules]
    columns: tuple[Column, ...]
    index: Mapping[tuple[Kind, str], Column]

    @classmethod
    def load(cls, file: Path) -> Self:
        """Reads and checks a `headings.toml`. Raises InputRefused `rosters.settings_*` with the key's path."""
        top = Table.load(file)
        top.only(["entity_key", "entity_rule", "inspector_key", "column", *KINDS])
        columns = tuple(_column(table) for table in top.tables("column"))
        made = cls(
            entity_key=top.texts("entity_key"),
            entity_rule=cast(Rule, top.choice("entity_rule", get_args(Rule), "registration")),
            inspector_key=top.texts("inspector_key"),
            kinds={
                kind: _kind_rules(top.table(kind))
                for kind in KINDS
                if kind not in LATER or kind in top.values
            },
            columns=columns,
            index=_index(top, columns),
        )
        made._check_references(top)
        return made

    def column(self, kind: Kind, written: str) -> Column | None:
        """The column that a heading means, None if it is not known."""
        return self.index.get((kind, squeeze(written)))

    def canonical(self, kind: Kind, written: str) -> str:
        """The canonical heading; an unknown one as it is written, tidied."""
        found = self.column(kind, written)
        return clean_text(written) if found is None else found.heading

    def frame_column(self, kind: Kind, written: str) -> str:
        """The name of the frame's column that a heading (any variant) is addressed by."""
        found = self.column(kind, written)
        heading = self.canonical(kind, written)
        if "id" in STRUCTURE[kind] and heading == self.key(kind)[0]:
            return "id"
        return heading if found is None else _FRAME_NAMES.get((kind, found.role), heading)

    def of_kind(self, kind: Kind) -> tuple[Column, ...]:
        """The columns known for a kind, in the file's order."""
        return tuple(column for column in self.columns if kind in column.kinds)

    def with_role(self, kind: Kind, role: Role) -> str:
        """The canonical heading of the column with this role, empty if there is none."""
        return next((column.heading for column in self.of_kind(kind) if column.role == role), "")

    def private(self, kind: Kind) -> frozenset[str]:
        """Canonical headings whose cells never leave the store."""
        return frozenset(column.heading for column in self.of_kind(kind) if column.private)

    def key(self, kind: Kind) -> tuple[str, ...]:
        """The headings of which a file of this kind must have one."""
        if kind == "reasons":
            return (self.with_role(kind, "change_id"),)
        return self.entity_key if kind in _KEYED_BY_ENTITY else self.inspector_key

    def nearest(self, kind: Kind, wanted: str, seen: Iterable[str]) -> str:
        """The written heading most like a missing column, empty if none is."""
        column = next(column for column in self.of_kind(kind) if column.heading == wanted)
        spellings = [squeeze(spelling) for spelling in column.names]
        best = max(((_likeness(squeeze(text), spellings), text) for text in seen if text), default=(0.0, ""))
        return best[1] if best[0] >= _ALIKE else ""

    def _check_references(self, top: Table) -> None:
        entity_kinds = [kind for kind in self.kinds if kind in _KEYED_BY_ENTITY]
        for kind in entity_kinds:
            self._known(top, "entity_key", kind, self.entity_key)
        self._known(top, "inspector_key", "inspectors", self.inspector_key)
        for kind, rules in self.kinds.items():
            self._known(top.table(kind), "required", kind, rules.required)

    def _known(self, table: Table, key: str, kind: Kind, headings: tuple[str, ...]) -> None:
        known = {column.heading for column in self.of_kind(kind)}
        for heading in headings:
            if heading not in known:
                raise InputRefused("rosters.settings_heading", table.place(key), heading=heading, kind=kind)


_ALIKE: Final = 0.5


def _likeness(text: str, spellings: list[str]) -> float:
    return max(difflib.SequenceMatcher(None, text, spelling).ratio() for spelling in spellings)


def _column(table: Table) -> Column:
    fields = ("heading", "kinds", "content", "role", "variants", "private", "template", "hint", "example")
    table.only(fields)
    kinds = table.texts("kinds")
    for kind in kinds:
        if kind not in KINDS:
            raise InputRefused(
                "rosters.settings_choice", table.place("kinds"), value=kind, known=Listing(KINDS)
            )
    return Column(
        heading=table.text("heading"),
        kinds=cast(tuple[Kind, ...], kinds),
        content=cast(Content, table.choice("content", get_args(Content), "text")),
        role=cast(Role, table.choice("role", get_args(Role), "")),
        variants=table.texts("variants", ()),
        private=table.flag("private"),
        template=table.flag("template"),
        hint=table.text("hint", ""),
        example=table.text("example", ""),
    )


def _kind_rules(table: Table) -> KindRules:
    table.only(["required", "sheet", "ignored"])
    return KindRules(
        required=table.texts("required"),
        sheet=table.text("sheet", ""),
        ignored=frozenset(squeeze(heading) for heading in table.texts("ignored", ())),
    )


def _index(top: Table, columns: tuple[Column, ...]) -> dict[tuple[Kind, str], Column]:
    """Every spelling of every column by kind. Raises InputRefused `rosters.settings_twice`."""
    index: dict[tuple[Kind, str], Column] = {}
    roles: dict[tuple[Kind, Role], Column] = {}
    for number, column in enumerate(columns):
        for kind in column.kinds:
            claims = [
                (spelling, index.setdefault((kind, squeeze(spelling)), column)) for spelling in column.names
            ]
            if column.role:
                claims.append((column.role, roles.setdefault((kind, column.role), column)))
            for claim, owner in claims:
                if owner is not column:
                    place = top.place(f"column[{number}]")
                    raise InputRefused(
                        "rosters.settings_twice", place, claim=claim, kind=kind, other=owner.heading
                    )
    return index
