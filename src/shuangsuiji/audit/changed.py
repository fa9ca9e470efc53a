"""§16 The changes held to their form: what they say is the authority's word."""

import re
from collections.abc import Mapping
from typing import Final

from shuangsuiji.bundle import members
from shuangsuiji.core.encoding import Json
from shuangsuiji.errors import InputRefused, Where

CHANGES: Final = "changes.jsonl"

_REQUIRED: Final = frozenset({"approver", "id", "kind", "reason"})
_OPTIONAL: Final = frozenset({"column", "now", "was"})
_ALIAS: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")


def check_changes(data: bytes, file: str = CHANGES) -> int:
    """§16 How many changes there are; InputRefused `bundle.form` for another form, order or a line twice."""
    count = sum(members.read_lines(file, data, _one))
    lines = data.splitlines()
    if lines != sorted(set(lines)):
        raise InputRefused("bundle.form", Where(file=file))
    return count


def _one(value: Json) -> int:
    if (
        not isinstance(value, Mapping)
        or not _REQUIRED <= value.keys() <= _REQUIRED | _OPTIONAL
        or not all(isinstance(one, str) for one in value.values())
        or not value["id"]
        or not value["kind"]
        or not _ALIAS.fullmatch(str(value.get("column", "a")))
    ):
        raise InputRefused("bundle.form")
    return 1
