"""The uncommitted part of a plan file, read from its content after the keys were checked."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shuangsuiji.core.closing import check_contributors
from shuangsuiji.core.encoding import is_date
from shuangsuiji.core.plan import parse_rate
from shuangsuiji.core.seed import Announced, check_announced
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan.deadlines import read_deadlines
from shuangsuiji.plan.drawings import announced
from shuangsuiji.plan.positions import KeyPath
from shuangsuiji.plan.source import Places
from shuangsuiji.plan.texts import DIRECTED, KINDS, MAX_POSTERIOR, TaskTexts, Texts
from shuangsuiji.plan.visits import read_visits

MOST_DRAWS: Final = 100
"""The largest number of earlier draws that a rotation may look back on."""


def read_texts(content: Mapping[str, Any], places: Places) -> Texts:
    """The texts of a plan file whose plan is valid. Raises InputRefused `plan.*`, `core.seed_*` with line and key."""
    reader = _Reader(content, places)
    return Texts(
        title=reader.text(("plan", "title")),
        issuer=reader.optional(("texts", "issuer")),
        contact=reader.optional(("texts", "contact")),
        plan_body=reader.optional(("texts", "plan")),
        commitment_body=reader.optional(("texts", "commitment")),
        draw_body=reader.optional(("texts", "draw")),
        reasons=_reasons(reader),
        slots={slot["id"]: reader.text(("slot", n, "name")) for n, slot in enumerate(content["slot"])},
        tasks={task["id"]: _task(reader, ("task", n)) for n, task in enumerate(content["task"])},
        publish_inspectors=reader.flag(("publish", "inspectors")),
        deadline=reader.date(("publish", "deadline")),
        embargo=reader.date(("publish", "embargo")) if "embargo" in content["publish"] else None,
        values=_values(reader),
        confidential=_confidential(reader),
        max_posterior=_max_posterior(reader),
        contributors=_contributors(reader),
        relaxations=tuple(
            reader.optional(("relaxation", number, "name"))
            for number, _ in enumerate(content.get("relaxation", []))
        ),
        jurisdiction=reader.texts(("jurisdiction", "districts")),
        authorisation=reader.optional(("jurisdiction", "authorisation")),
        rotation=_rotation(reader),
        visits=read_visits(content, places),
        deadlines=read_deadlines(content, places),
    )


class _Reader:
    """Values by path, each refused with its place if it is not of the kind asked for."""

    def __init__(self, content: Mapping[str, Any], places: Places) -> None:
        self.content, self.places = content, places

    def text(self, path: KeyPath) -> str:
        """A text that says something."""
        value = self._at(path)
        if not isinstance(value, str) or not value.strip():
            raise self.places.refuse("plan.text", path)
        return value

    def optional(self, path: KeyPath) -> str:
        """A text that may be absent or empty."""
        return self.text(path) if self._at(path, "") != "" else ""

    def flag(self, path: KeyPath) -> bool:
        """Yes or no; no where the key is absent."""
        value = self._at(path, False)
        if not isinstance(value, bool):
            raise self.places.refuse("plan.flag", path)
        return value

    def texts(self, path: KeyPath) -> tuple[str, ...]:
        """An array of such texts, empty where the key is absent."""
        value = self._at(path, [])
        if not isinstance(value, list):
            raise self.places.refuse("plan.texts", path)
        return tuple(self.text((*path, number)) for number in range(len(value)))

    def date(self, path: KeyPath) -> str:
        """A date."""
        value = self._at(path)
        if not isinstance(value, str) or not is_date(value):
            raise self.places.refuse("plan.date", path)
        return value

    def choice(self, path: KeyPath, choices: Iterable[str]) -> str:
        """One of the given texts."""
        value = self.text(path)
        if value not in choices:
            raise self.places.refuse("plan.choice", path, written=value, choices=_all(choices))
        return value

    def _at(self, path: KeyPath, default: Any = None) -> Any:
        value: Any = self.content
        for part in path[:-1]:
            value = value.get(part, {}) if isinstance(part, str) else value[part]
        last = path[-1]
        return value.get(last, default) if isinstance(last, str) else value[last]


def _all(choices: Iterable[str]) -> str:
    """Choices for texts in any language: what an officer would type, divided as in the file."""
    return ", ".join(choices)


def _values(reader: _Reader) -> tuple[Announced, ...]:
    path: KeyPath = ("seed", "values")
    values: list[Announced] = []
    for number, written in enumerate(reader.texts(path)):
        try:
            values.append(announced(written))
            check_announced(values)
        except ValueError:
            raise reader.places.refuse("plan.seed_value", (*path, number), written=written) from None
        except InputRefused as why:
            raise reader.places.refuse(why.code, (*path, number), **why.params) from None
    return tuple(values)


def _confidential(reader: _Reader) -> tuple[str, ...] | None:
    path: KeyPath = ("publish", "confidential")
    if "confidential" not in reader.content["publish"]:
        return None
    columns = reader.content["columns"]
    named = reader.texts(path)
    for number, alias in enumerate(named):
        if alias not in columns:
            raise reader.places.refuse("plan.choice", (*path, number), written=alias, choices=_all(columns))
    return named


def _max_posterior(reader: _Reader) -> str:
    path: KeyPath = ("publish", "max_posterior")
    written = reader.optional(path)
    try:
        if written:
            parse_rate(written)
    except ValueError:
        raise reader.places.refuse("plan.share", path, written=written) from None
    return written or MAX_POSTERIOR


def _contributors(reader: _Reader) -> tuple[str, ...]:
    path: KeyPath = ("seed", "contributors")
    names = reader.texts(path)
    try:
        check_contributors(names)
    except InputRefused as why:
        raise reader.places.refuse(why.code, path, **why.params) from None
    return names


def _rotation(reader: _Reader) -> int:
    path: KeyPath = ("rotation", "draws")
    draws = reader.content.get("rotation", {}).get("draws", 0)
    if not isinstance(draws, int) or not 0 <= draws <= MOST_DRAWS:
        raise reader.places.refuse("plan.rotation", path, written=str(draws), most=MOST_DRAWS)
    return draws


def _reasons(reader: _Reader) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, rule in enumerate(reader.content.get("exclusion", [])):
        path: KeyPath = ("exclusion", number, "name")
        name = reader.text(path)
        if found.setdefault(rule["reason"], name) != name:
            raise reader.places.refuse(
                "plan.two_names", path, reason=rule["reason"], first=found[rule["reason"]]
            )
    return found


def _task(reader: _Reader, path: KeyPath) -> TaskTexts:
    return TaskTexts(
        directed=reader.choice((*path, "kind"), KINDS) == DIRECTED,
        partners=reader.texts((*path, "partners")),
        **{
            key: reader.optional((*path, key))
            for key in ("agency", "lead", "method", "scope", "risk", "remark")
        },
    )
