"""Lines of a frozen list, found by their ids: of a large registry only those that are asked for are parsed."""

import json
import re
from collections.abc import Collection, Iterator
from typing import Final

from shuangsuiji.core.encoding import canonical_json

# In canonical JSON a quote within a text is escaped, so that this is the record's own member and nothing else.
_ID: Final = re.compile(rb'"id":("(?:[^"\\]|\\.)*")')


def line_ids(data: bytes) -> Iterator[str]:
    """The ids of all records, in the order of the lines."""
    for line in data.splitlines():
        found = _ID.search(line)
        yield json.loads(found[1] if found else line)


def lines_of(data: bytes, ids: Collection[str]) -> bytes:
    """The lines of those records alone, in their order."""
    wanted = {canonical_json(one) for one in ids}
    return b"".join(
        line for line in data.splitlines(keepends=True) if (found := _ID.search(line)) and found[1] in wanted
    )
