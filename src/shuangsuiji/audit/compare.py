"""What a bundle says against what was recomputed: equal, or the place where the two part."""

from collections.abc import Mapping

from shuangsuiji.core.encoding import Json
from shuangsuiji.errors import InputRefused, Where


def same(expected: Json, found: Json, file: str) -> None:
    """Refuse (InputRefused, `audit.differs`, by file and key) a JSON value that is not the one recomputed."""
    if (path := _difference(expected, found)) is not None:
        raise InputRefused("audit.differs", Where(file=file, key=path))


def same_lines(expected: bytes, found: bytes, file: str) -> None:
    """Refuse (InputRefused, `audit.differs`, by file and line) JSON Lines that are not those recomputed."""
    if expected == found:
        return
    pairs = zip(expected.splitlines(), found.splitlines(), strict=False)
    line = next((number for number, (a, b) in enumerate(pairs, start=1) if a != b), None)
    if line is None:  # one is the beginning of the other
        line = min(expected.count(b"\n"), found.count(b"\n")) + 1
    raise InputRefused("audit.differs", Where(file=file, line=line))


def _difference(expected: Json | None, found: Json | None) -> str | None:
    """The path of the first difference, "" for the whole value; None if there is none."""
    if expected == found:
        return None
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for key in sorted(expected.keys() | found.keys()):
            if (inner := _difference(expected.get(key), found.get(key))) is not None:
                return _join(key, inner)
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (a, b) in enumerate(zip(expected, found, strict=True)):
            if (inner := _difference(a, b)) is not None:
                return _join(f"[{number}]", inner)
    return ""


def _join(outer: str, inner: str) -> str:
    return outer + inner if inner.startswith("[") or not inner else f"{outer}.{inner}"
