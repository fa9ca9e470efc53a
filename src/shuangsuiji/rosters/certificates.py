"""执法证: certificates as the people frame holds them, a JSON array in one cell.

Each is an object with `number`, `from` and `to` (ISO dates; absent = open, 长期) and `cancelled` (the reason;
absent when valid); sorted by number, no blanks, keys sorted, non-ASCII not escaped.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Certificate:
    """One certificate; empty fields are absent ones."""

    number: str
    valid_from: str = ""
    valid_to: str = ""
    cancelled: str = ""


def dump(certificates: Iterable[Certificate]) -> str:
    """The cell's text."""
    return _json(
        [
            {
                key: value
                for key, value in {
                    "cancelled": one.cancelled,
                    "from": one.valid_from,
                    "number": one.number,
                    "to": one.valid_to,
                }.items()
                if value
            }
            for one in sorted(certificates)
        ]
    )


def load(cell: str) -> tuple[Certificate, ...]:
    """The certificates of a cell. Raises ValueError or KeyError if it was not written by `dump`."""
    return tuple(
        Certificate(one["number"], one.get("from", ""), one.get("to", ""), one.get("cancelled", ""))
        for one in json.loads(cell)
    )


def dump_list(values: Iterable[str]) -> str:
    """A set of texts (qualifications) as the frame holds it: a JSON array, sorted."""
    return _json(sorted(set(values)))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
