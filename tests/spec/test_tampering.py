"""§18: nothing in a bundle can be changed unseen, and nothing in it makes a verifier stumble."""

import json
from functools import reduce
from operator import getitem
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from docs.spec.v1 import verify
from docs.spec.v1.make_vectors import VECTORS
from docs.spec.v1.scenarios.cases import changed
from docs.spec.v1.scenarios.tampering import resealed
from docs.spec.v1.scenarios.world import write_archive
from tests.spec.featured import FEATURED
from tests.spec.remade import OTHERS, remade, taken_apart

GOOD = (VECTORS / "bundles" / "rehearsal-witnessed.zip").read_bytes()
MEMBERS = verify.read_archive(GOOD)
FULL = [name for name, data in MEMBERS.items() if data and name != "manifest.json"]
TAKEN_APART = {name: taken_apart(name) for name in OTHERS}
BITS = st.integers(min_value=0, max_value=8 * len(GOOD) - 1)


def flip(data: bytes, bit: int) -> bytes:
    position, place = divmod(bit, 8)
    return data[:position] + bytes([data[position] ^ 1 << place]) + data[position + 1 :]


def failure_of(archive: bytes) -> dict[str, Any]:
    """The failure that verification must end with."""
    report = verify.verify(archive, rehearsal=True)
    assert report["exit"] == 1
    failure = report["failure"]
    assert isinstance(failure, dict)
    return failure


def spans() -> dict[str, range]:
    """The bytes of each member with its local header."""
    found, offset = {}, 0
    for name, data in MEMBERS.items():
        end = offset + 30 + len(name) + len(data)
        found[name] = range(offset, end)
        offset = end
    return found


class TestOneFlippedBit:
    """§18: one flipped bit anywhere is found and located."""

    @given(BITS)
    def test_in_the_file(self, bit: int) -> None:
        failure = failure_of(flip(GOOD, bit))
        assert failure["class"] == "archive"
        span = next((span for span in spans().values() if bit // 8 in span), [bit // 8])
        assert (
            failure["place"].get("byte", bit // 8) in span
        )  # another length or name: other members, no byte

    @given(st.data())
    def test_in_a_member_of_an_archive_written_anew(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(FULL))
        bit = data.draw(st.integers(min_value=0, max_value=8 * len(MEMBERS[name]) - 1))
        failure = failure_of(write_archive(MEMBERS | {name: flip(MEMBERS[name], bit)}))
        assert failure["class"] == "manifest"
        assert name in failure["place"]["path"]

    @given(st.data())
    def test_in_a_member_with_manifest_and_archive_written_anew(self, data: st.DataObject) -> None:
        """Bound by what is recomputed or signed; only the log's last entry stands alone."""
        name = data.draw(st.sampled_from(FULL))
        bit = data.draw(st.integers(min_value=0, max_value=8 * len(MEMBERS[name]) - 1))
        if name == "log.jsonl" and bit // 8 > MEMBERS[name][:-1].rindex(b"\n"):
            return
        failure = failure_of(resealed(MEMBERS | {name: flip(MEMBERS[name], bit)}))
        assert failure["class"] not in ("archive", "manifest", "result")


JSON = st.recursive(
    st.text(max_size=3)
    | st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
    | st.sampled_from(["2026-03-10", "0" * 64, "in_business", "A", "91-01", "lead", "100%", "dice"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "key", "value", "count", "from", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


class TestHostileInput:
    """§18: every malformed input ends in a failure class, never in an exception."""

    @given(st.binary(max_size=300))
    def test_any_bytes(self, data: bytes) -> None:
        assert failure_of(data)["class"] == ("encoding" if data[:1] == b"{" else "archive")

    @given(st.sampled_from(verify.MEMBERS), st.binary(max_size=40))
    def test_any_bytes_as_a_member(self, name: str, data: bytes) -> None:
        members = MEMBERS | {name: data}
        archive = write_archive(members) if name == "manifest.json" else resealed(members)
        assert verify.verify(archive, rehearsal=True)["exit"] in (0, 1)

    @given(st.data())
    def test_any_value_anywhere(self, data: st.DataObject) -> None:
        bundle = data.draw(st.sampled_from(FEATURED))
        good = verify.read_archive((VECTORS / "bundles" / f"{bundle}.zip").read_bytes())
        name = data.draw(st.sampled_from(sorted(good)))
        lines = name.endswith(".jsonl")
        value = verify.decode_lines(good[name]) if lines else verify.decode(good[name])
        other = self.altered(value, data)
        members = good | {name: verify.encode_lines(other) if lines else verify.encode(other)}
        archive = write_archive(members) if name == "manifest.json" else resealed(members)
        self.check_report(verify.verify(archive, rehearsal=True))

    @given(st.sampled_from(sorted(OTHERS)), st.data())
    def test_any_value_anywhere_in_the_other_kinds(self, name: str, data: st.DataObject) -> None:
        whole = TAKEN_APART[name]
        member = data.draw(st.sampled_from(sorted(whole)))
        other = remade(name, whole | {member: self.altered(whole[member], data)})
        self.check_report(verify.verify(other, rehearsal=True))
        if name == "receipt":
            beside = (VECTORS / "bundles" / OTHERS["public"]).read_bytes()
            self.check_report(verify.verify(other, rehearsal=True, public=beside))
        if name == "public":
            receipt = (VECTORS / "bundles" / OTHERS["receipt"]).read_bytes()
            self.check_report(verify.verify(receipt, rehearsal=True, public=other))

    @staticmethod
    def altered(value: Any, data: st.DataObject) -> Any:
        """Something else in one place."""
        path: list[str | int] = []
        place: Any = value
        while isinstance(place, dict | list) and place and (not path or data.draw(st.booleans())):
            keys = sorted(place) if isinstance(place, dict) else range(len(place))
            path.append(data.draw(st.sampled_from(keys)))
            place = reduce(getitem, path, value)
        if not isinstance(value, dict | list):
            return data.draw(JSON)
        return changed(value, path or [0], data.draw(JSON))  # of an empty list: one more

    @staticmethod
    def check_report(report: dict[str, Any]) -> None:
        assert report["exit"] in (0, 1)
        assert json.loads(json.dumps(report))
        assert verify.as_text(report)

    def test_what_a_terminal_would_obey_is_not_printed(self) -> None:
        entities = verify.decode_lines(MEMBERS["entities.jsonl"])
        entities[0]["id"] = "91\x1b[2J\u202e\u009b31m"
        members = MEMBERS | {"entities.jsonl": verify.encode_lines([entities[0], entities[0]])}
        text = verify.as_text(verify.verify(resealed(members)))
        assert "91\\u001b[2J\\u202e\\u009b31m" in text
        assert text.replace("\n", "").isprintable()
