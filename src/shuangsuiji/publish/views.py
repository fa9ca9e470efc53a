"""Views of `bundle.public` as JSON: kept beside the pages made of them, so that a site is made of what was published.

The same view gives the same bytes. They are the program's own: `from_json` reads what `to_json` wrote.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from shuangsuiji.bundle import disclose_results, public
from shuangsuiji.core import plan, seed

_TYPES: Final[dict[str, type]] = {
    name: one
    for module in (public, disclose_results, plan, seed)
    for name, one in vars(module).items()
    if isinstance(one, type) and is_dataclass(one)
}


def to_json(view: object) -> bytes:
    """A view as JSON, in UTF-8; each part says of which type it is."""
    return json.dumps(_tree(view), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_json(data: bytes) -> Any:
    """The view that the bytes were made from."""
    return _value(json.loads(data))


def _tree(value: object) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple | list):
        return [_tree(one) for one in value]
    if isinstance(value, datetime):
        return {"type": "instant", "value": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"type": "date", "value": value.isoformat()}
    own = {one.name: _tree(getattr(value, one.name)) for one in fields(value)}  # type: ignore[arg-type]
    return {"type": type(value).__name__, **own}


def _value(found: Any) -> Any:
    if isinstance(found, list):
        return tuple(_value(one) for one in found)
    if not isinstance(found, dict):
        return found
    if found["type"] == "instant":
        return datetime.fromisoformat(found["value"])
    if found["type"] == "date":
        return date.fromisoformat(found["value"])
    own = {name: _value(one) for name, one in found.items() if name != "type"}
    return _TYPES[found["type"]](**own)
