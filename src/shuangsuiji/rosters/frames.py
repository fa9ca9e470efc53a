"""Frames of checked rosters: their order and their digest, which know neither file format nor row order."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from shuangsuiji.rosters.model import STRUCTURE, Kind

_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ROWS_AT_ONCE: Final = 10_000  # rows as Python lists at a time; the digest does not depend on it


def make(kind: Kind, columns: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The frame of a roster: structural columns first, the others by code point; rows in canonical order.

    All columns have pandas' `str` type, "" is missing. Rows are ordered by the UTF-8 bytes of `id`, or of all
    cells where a kind has no id. Raises ValueError if a structural column is absent.
    """
    first = STRUCTURE[kind]
    missing = set(first) - columns.keys()
    if missing:
        raise ValueError(f"{kind}: no column {missing}")
    names = [*first, *sorted(columns.keys() - set(first))]
    frame = pd.DataFrame({name: pd.Series(list(columns[name]), dtype="str") for name in names})
    return sort(frame)


def sort(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows in canonical order, renumbered from 0."""
    # Code points order text as its UTF-8 bytes do.
    keys = ["id"] if "id" in frame.columns and frame["id"].is_unique else list(frame.columns)
    cells = [frame[name].tolist() for name in keys]
    rows = list(zip(*cells, strict=True))
    order = sorted(range(len(rows)), key=rows.__getitem__)
    return frame.iloc[order].reset_index(drop=True)


def digest(kind: Kind, frame: pd.DataFrame) -> str:
    """SHA-256, as lower-case hex, of the canonical rows.

    One line of UTF-8 each, ended by a line feed: the kind and the column names, sorted, as a JSON array; then
    each row's cells in that order of columns, as a JSON array without blanks (non-ASCII not escaped), rows by
    `id`, or where that is absent or not unique by all cells in that order.
    """
    names = sorted(frame.columns)
    state = hashlib.sha256()
    state.update(_line([kind, *names]))
    ordered = sort(frame[names])
    for start in range(0, len(ordered), _ROWS_AT_ONCE):
        columns = [ordered[name].iloc[start : start + _ROWS_AT_ONCE].tolist() for name in names]
        state.update(b"".join(_line(row) for row in zip(*columns, strict=True)))
    return state.hexdigest()


def _line(cells: Sequence[str]) -> bytes:
    return _JSON.encode(cells).encode() + b"\n"
