"""Which keys a plan file has, table by table, and the refusal of every other one."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shuangsuiji.errors import InputRefused
from shuangsuiji.plan.positions import KeyPath
from shuangsuiji.plan.source import Places
from shuangsuiji.plan.texts import SOURCES

NAMES_ARE_FREE: Final = frozenset({("columns",), ("relaxation", "neighbours")})
"""Tables whose keys are the officer's own (aliases, districts)."""
# Below this likeness (difflib's ratio) a suggestion would mislead.
_ALIKE: Final = 0.4
# From this likeness on a key is a slip of the pen, even if another table has one of that name.
_ALMOST_EQUAL: Final = 0.8


_OF_DRAWN_TASKS: Final = ("pool", "tier")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the plan file: its keys; `repeated` if there are several, written `[[name]]`."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    repeated: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys it may have."""
        return self.required + self.optional


TABLES: Final[Mapping[tuple[str, ...], Table]] = {
    (): Table(
        ("plan", "columns", "slot", "blocks", "task", "publish"),
        ("jurisdiction", "exclusion", "relaxation", "rotation", "seed", "texts", "visits", "deadlines"),
    ),
    ("plan",): Table(("id", "version", "authority", "title", "window"), ("district",)),
    ("plan", "window"): Table(("from", "to")),
    ("columns",): Table(),
    ("jurisdiction",): Table(("districts",), ("column", "authorisation")),
    ("exclusion",): Table(("reason", "name"), ("where", "visits", "since"), repeated=True),
    ("slot",): Table(("id", "name", "pool"), ("district", "extra"), repeated=True),
    ("blocks",): Table(("max_targets", "max_per_inspector"), ("teams", "substitutes")),
    ("relaxation",): Table((), ("name", "cap", "slot", "district", "neighbours", "pool"), repeated=True),
    ("relaxation", "neighbours"): Table(),
    ("rotation",): Table(("draws",)),
    ("task",): Table(
        ("id", "name", "kind", "pool", "slots", "items", "tier"),
        ("key", "list_source", "agency", "lead", "partners", "method", "scope", "risk", "remark"),
        repeated=True,
    ),
    ("task", "tier"): Table(
        ("id", "name", "where"), ("count", "rate", "all", "key", "bounds", "waves"), repeated=True
    ),
    ("task", "tier", "bounds"): Table(("least", "most")),
    ("seed",): Table(("values",), ("contributors",)),
    ("publish",): Table(("deadline",), ("embargo", "inspectors", "confidential", "max_posterior")),
    ("visits",): Table(optional=("max_per_day", "last_days_of_month", "weekdays", "days", "appointed")),
    ("visits", "appointed"): Table(("target", "day"), repeated=True),
    ("deadlines",): Table(optional=("match", "publish", "abnormal")),
    ("texts",): Table(optional=("issuer", "contact", "plan", "commitment", "draw")),
}
"""Every table by the names on the way to it."""


def refuse_unknown(places: Places) -> None:
    """Refuse the first key of the file that its table does not have.

    InputRefused `plan.unknown_key` with the nearest right key, `plan.misplaced_key` if it belongs to another table,
    `plan.stray_key` if nothing is near.
    """
    for path, _ in sorted(places.lines.items(), key=lambda item: item[1]):
        table = names(path[:-1])
        key = path[-1]
        if (
            isinstance(key, str)
            and table in TABLES
            and table not in NAMES_ARE_FREE
            and key not in TABLES[table].keys
        ):
            raise _unknown(path, key, table, places)


def refuse_misshapen(content: Mapping[str, Any], places: Places) -> None:
    """Refuse a table written as something else (`plan.not_table`, `plan.not_tables`), then one without a key it needs.

    InputRefused `plan.missing_key` or `plan.missing_table` for the latter.
    """
    tables = list(_tables((), content, places))
    for path, table in tables:
        for key in TABLES[names(path)].required:
            if key not in table and not (listed(table) and key in _OF_DRAWN_TASKS):
                raise _missing((*path, key), key, places)


def listed(table: Mapping[str, Any]) -> bool:
    """Whether a table is a task whose targets come as a list: they have neither range nor tiers."""
    return table.get("list_source") in SOURCES


def items(table: Mapping[str, Any], path: KeyPath, name: str) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """The tables of an array of tables, each with its path."""
    for number, one in enumerate(table.get(name, [])):
        yield (*path, name, number), one


def tiers(content: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """The tiers of all tasks, each with its path."""
    for path, task in items(content, (), "task"):
        yield from items(task, path, "tier")


def names(path: KeyPath) -> tuple[str, ...]:
    """A path without its array indexes."""
    return tuple(part for part in path if isinstance(part, str))


def header(table: tuple[str, ...]) -> str:
    """How a table's beginning is written: `[plan]`, `[[task.tier]]`."""
    name = ".".join(table)
    return f"[[{name}]]" if TABLES[table].repeated else f"[{name}]"


def nearest(wrong: str, choices: Iterable[str]) -> str:
    """The choice most like a wrong text, empty if none is like it."""
    found = difflib.get_close_matches(wrong, choices, n=1, cutoff=_ALIKE)
    return found[0] if found else ""


def _unknown(path: KeyPath, key: str, table: tuple[str, ...], places: Places) -> InputRefused:
    known = TABLES[table].keys
    params = {"wrong": key, "known": ", ".join(known)}
    homes = [header(other) for other, form in TABLES.items() if other and key in form.keys]
    if homes and not difflib.get_close_matches(key, known, cutoff=_ALMOST_EQUAL):
        if not table:
            return places.refuse("plan.headless_key", path, homes=", ".join(homes), **params)
        return places.refuse(
            "plan.misplaced_key", path, table=header(table), homes=", ".join(homes), **params
        )
    if right := _meant(key, path[:-1], places):
        return places.refuse("plan.unknown_key", path, right=right, **params)
    return places.refuse("plan.stray_key", path, **params)


def _meant(key: str, at: KeyPath, places: Places) -> str:
    """The key that a wrong one was probably meant to be, empty if none is like it.

    Best is one that the table at `at` needs and lacks; a key that stands there already was hardly meant, unless there
    may be several of it.
    """
    form = TABLES[names(at)]
    present = {path[-1] for path in places.lines if path[:-1] == at}
    lacking = [one for one in form.required if one not in present]
    free = [one for one in form.keys if one not in present or _repeated((*names(at), one))]
    return nearest(key, lacking) or nearest(key, free) or nearest(key, form.keys)


def _repeated(table: tuple[str, ...]) -> bool:
    return table in TABLES and TABLES[table].repeated


def _missing(path: KeyPath, key: str, places: Places) -> InputRefused:
    inner = names(path)
    if _repeated(inner) or len(inner) == 1:  # the other tables are written as the value of a key
        return places.refuse("plan.missing_table", path, missing=header(inner))
    return places.refuse("plan.missing_key", path, missing=key, table=header(inner[:-1]))


def _tables(path: KeyPath, value: Any, places: Places) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    table = names(path)
    if TABLES[table].repeated and not isinstance(path[-1], int):
        if not isinstance(value, list):
            raise places.refuse("plan.not_tables", path, header=header(table))
        for number, one in enumerate(value):
            yield from _tables((*path, number), one, places)
        return
    if not isinstance(value, dict):
        raise places.refuse("plan.not_table", path, header=header(table))
    yield path, value
    for key, inner in value.items():
        if (*table, key) in TABLES:
            yield from _tables((*path, key), inner, places)
