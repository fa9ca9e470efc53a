"""The page's fast paths find what their readable twins find: the same leaves, the same fault in the same place."""

import hashlib
import zlib
from itertools import permutations
from typing import Any, Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.spec.v1 import verify
from tests.spec.implementations import IMPLEMENTATIONS
from tests.spec.page import BrowserPage
from tests.spec.protocol import Record

PAGE: Final = cast("BrowserPage", IMPLEMENTATIONS["page"])
COLUMNS: Final = ["district", "grade"]
LISTED: Final = ["A", "B"]

TEXTS: Final = st.text(max_size=4) | st.sampled_from(
    ["甲", "𠀀", '"', "\\", "}", '{"', "\n", "\x7f", "A", "é" * 50]
)
VALUES: Final = TEXTS | st.sampled_from([0, [], {}, {"grade": "甲"}, [["甲"]]])
CELLS: Final = st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(["甲", "乙", "}{"]))
PLAIN: Final = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["", "甲公司"]) | TEXTS,
        "columns": CELLS,
        "status": st.sampled_from(["in_business", "revoked"]),
    }
)
STRANGE: Final[dict[str, st.SearchStrategy[Any]]] = {
    "columns": VALUES | st.dictionaries(st.sampled_from([*COLUMNS, "kind", "__proto__"]), VALUES, max_size=3),
    "id": VALUES,
    "lists": VALUES | st.lists(st.sampled_from([*LISTED, "C"]), max_size=2),
    "more": VALUES,
    "name": VALUES,
    "status": VALUES | st.sampled_from(["moved_out", "in_business ", "in"]),
    "visits": VALUES | st.lists(st.sampled_from(["2026-01-01", "2025-02-29", "2025-01-01"]), max_size=2),
}

EVERYTHING: Final[list[Any]] = [
    *("", "甲", "\\", '"', "in_business", "revoked", 0, [], {}, [{}], ["2026-01-01"], ["A"]),
    *({"grade": ""}, {"grade": 1}, {"kind": "甲"}, {"grade": "甲", "more": {}}, {"grade": {"a": "甲"}}),
    {"district": "甲", "grade": "}"},
]


@st.composite
def records(draw: st.DrawFn) -> list[Any]:
    """Records of a registry, mostly ascending and plain, with a strange or absent member here and there."""
    ids = draw(st.lists(TEXTS.filter(bool), min_size=1, max_size=6, unique=True))
    ids.sort(key=str.encode)
    if draw(st.integers(0, 7)) == 0:
        ids = draw(st.permutations(ids))
    found: list[Any] = [{"id": one} | draw(PLAIN) for one in ids]
    for number in draw(st.sets(st.integers(0, len(ids) - 1), max_size=2)):
        member = draw(st.sampled_from(list(STRANGE)))
        what = draw(st.integers(0, 9))
        if what:
            found[number][member] = draw(STRANGE[member])
        elif member in found[number]:
            del found[number][member]
        else:
            found[number] = draw(VALUES)
    return found


def registry(found: list[Any]) -> Record:
    """What the registry of these records comes to: by the fast paths (`quick`), and by their twins (`readable`)."""
    data = b"".join(verify.encode(one) + b"\n" for one in found)
    draw = {"mode": "rehearsal", "draw": 7, "salt_key": "5a" * 32}
    answer: Record = PAGE.registry_twins(columns=COLUMNS, listed=LISTED, data=data, **draw)
    return answer


class TestRegistry:
    """§8: entity records, their salts and leaves."""

    @given(records())
    def test_of_any_records(self, found: list[Any]) -> None:
        answer = registry(found)
        assert answer["quick"] == answer["readable"]

    def test_of_every_single_change(self) -> None:
        plain = [
            {"columns": {"grade": "甲"}, "id": f"9{n}", "name": "", "status": "withdrawn"} for n in range(3)
        ]
        changed = [plain, *permutations(plain), [plain[0], *plain], [*plain, plain[2]]]
        for number, record in enumerate(plain):
            others = [record | {member: value} for member in STRANGE for value in EVERYTHING]
            others += [{key: value for key, value in record.items() if key != absent} for absent in record]
            changed += [[*plain[:number], other, *plain[number + 1 :]] for other in [*others, *EVERYTHING]]
        refused = 0
        for found in changed:
            answer = registry(list(found))
            assert answer["quick"] == answer["readable"], found
            refused += "fault" in answer["readable"]
        assert 0 < refused < len(changed)

    def test_plain_records_are_recognised_and_no_others(self) -> None:
        plain: Record = {"columns": {"grade": "甲"}, "id": "91", "name": "", "status": "withdrawn"}
        others = [
            plain | {"id": "92", "more": ""},
            plain | {"id": "94", "name": '"'},
            plain | {"id": "95", "columns": {"grade": "\n"}},
        ]
        last = plain | {"id": "96", "columns": {}}
        assert registry([plain, others[0], last])["recognised"] == [0]
        answer = registry(
            [plain, *others[1:], last, last | {"id": "97", "lists": ["A"], "visits": ["2026-01-01"]}]
        )
        assert answer["recognised"] == [0, 3, 4]
        assert answer["quick"] == answer["readable"]

    def test_of_more_columns_than_are_kept(self) -> None:
        found = [
            {
                "columns": {"grade": f"{number % 9000:04}"},
                "id": f"{number:05}",
                "name": "",
                "status": "revoked",
            }
            for number in range(18_000)
        ]
        answer = registry(found)
        assert len(answer["recognised"]) == len(found)
        assert answer["quick"] == answer["readable"]

    def test_of_records_longer_than_the_buffer(self) -> None:
        sizes = [1, 4000, 4100, 100_000, 3, 200_000]
        found = [
            {"columns": {}, "id": f"{number}" + "x" * size, "name": "甲" * size, "status": "revoked"}
            for number, size in enumerate(sizes)
        ]
        answer = registry(found)
        assert len(answer["readable"]["leaves"]) == len(sizes)
        assert answer["quick"] == answer["readable"]


class TestDigests:
    """§16: digests of whole members, by the browser's own SHA-256 or by the page's."""

    @pytest.mark.parametrize("size", [0, 1, 2**20 - 1, 2**20, 3 * 2**20 + 17])
    def test_of_any_size(self, size: int) -> None:
        data = bytes((i * 2654435761 % 2**32) >> 24 for i in range(size))
        assert PAGE.digest_twins(size=size) == [hashlib.sha256(data).hexdigest()] * 4

    def test_without_the_browser_s_own(self) -> None:
        """As on a page that came by plain http, or where its copy finds no room."""
        size = 2**20 + 5
        _, *found = PAGE.digest_twins(size=size)
        assert PAGE.digest_twins(size=size, without=True) == [None, *found]


class TestChecksum:
    """§16: CRC-32 of any part of the file, sixteen bytes at a time or one."""

    @given(st.binary(max_size=80), st.data())
    def test_of_any_part(self, content: bytes, data: st.DataObject) -> None:
        first, last = sorted(data.draw(st.integers(0, len(content))) for _ in range(2))
        assert PAGE.checksum(**{"data": content, "from": first, "to": last}) == zlib.crc32(
            content[first:last]
        )
