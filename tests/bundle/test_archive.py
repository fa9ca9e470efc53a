"""§16 The auditor's bundle: one form, and no other file passes for it."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuangsuiji.bundle import archive
from shuangsuiji.core.encoding import parse_json
from shuangsuiji.errors import InputRefused

AUDITOR = archive.AUDITOR
NAMES = sorted(AUDITOR.required)
MEMBERS = {name: f'{{"name":"{name}"}}\n'.encode() for name in NAMES} | {"blocks.jsonl": b""}
WHOLE = archive.write(AUDITOR, MEMBERS)

contents = st.binary(max_size=40)
kinds = st.sampled_from(sorted(archive.KINDS.values(), key=lambda kind: kind.name))
bundles = kinds.flatmap(
    lambda kind: st.tuples(
        st.just(kind),
        st.fixed_dictionaries(
            dict.fromkeys(sorted(kind.required), contents),
            optional=dict.fromkeys(sorted(kind.optional), contents),
        ),
    )
)
one_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def put(folder: Path, data: bytes) -> Path:
    path = folder / "bundle.zip"
    path.write_bytes(data)
    return path


def refusal(folder: Path, data: bytes) -> archive.ArchiveRefused:
    with pytest.raises(archive.ArchiveRefused) as caught:
        archive.read(put(folder, data))
    assert caught.value.failure_class == "archive"
    assert caught.value.where.file == "bundle.zip"
    return caught.value


class TestTheForm:
    @one_file
    @given(bundle=bundles)
    def test_what_is_written_is_read_back(
        self, tmp_path: Path, bundle: tuple[archive.Kind, dict[str, bytes]]
    ) -> None:
        kind, members = bundle
        assert archive.read(put(tmp_path, archive.write(kind, members))) == (kind, members)

    def test_the_order_in_which_members_are_given_does_not_matter(self) -> None:
        assert archive.write(AUDITOR, dict(reversed(MEMBERS.items()))) == WHOLE

    def test_an_ordinary_unzip_program_reads_it(self) -> None:
        with zipfile.ZipFile(io.BytesIO(WHOLE)) as packed:
            assert packed.testzip() is None
            assert {name: packed.read(name) for name in packed.namelist()} == MEMBERS
            assert packed.namelist() == sorted(MEMBERS)
            for info in packed.infolist():
                assert info.compress_type == zipfile.ZIP_STORED
                assert info.date_time == (1980, 1, 1, 0, 0, 0)
                assert info.external_attr >> 16 == 0o100644  # an ordinary file, as unzip leaves it on disk

    def test_the_bytes_are_those_of_the_specification(self) -> None:
        first = NAMES[0]
        assert WHOLE.startswith(
            bytes.fromhex("504b0304 1400 0000 0000 0000 2100 00000000 00000000 00000000 0c00 0000")
            + first.encode()
        )
        assert WHOLE.endswith(bytes.fromhex("504b0506 0000 0000 1100 1100") + WHOLE[-10:])


class TestHostileFiles:
    def test_one_flipped_bit_anywhere_is_found_and_located(self, tmp_path: Path) -> None:
        for at in range(len(WHOLE)):
            broken = bytearray(WHOLE)
            broken[at] ^= 1 << at % 8
            why = refusal(tmp_path, bytes(broken))
            # A bit of the data shows first at the checksum that stands before it; a bit of a length where the
            # next member should begin: never more than one member away.
            named = str(why.params.get("part") or why.params["member"])
            assert distance(named, at) <= 1, (at, why.code, why.params)

    @pytest.mark.parametrize("keep", [0, 1, 29, 30, len(WHOLE) // 2, len(WHOLE) - 1])
    def test_a_cut_file(self, tmp_path: Path, keep: int) -> None:
        refusal(tmp_path, WHOLE[:keep])

    def test_something_before_or_after(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, b"#!/bin/sh\n" + WHOLE).code == "bundle.member"
        why = refusal(tmp_path, WHOLE + b"\n")
        assert (why.code, why.params["offset"]) == ("bundle.trailing", len(WHOLE))

    def test_the_same_members_packed_by_another_program(self, tmp_path: Path) -> None:
        repacked = io.BytesIO()
        with zipfile.ZipFile(repacked, "w") as target:
            for name, data in MEMBERS.items():
                target.writestr(name, data)
        refusal(tmp_path, repacked.getvalue())

    def test_a_member_missing_twice_or_foreign(self, tmp_path: Path) -> None:
        for change in (b"targets.jsonl", b"strata.jsonl"):
            refusal(tmp_path, WHOLE.replace(change, b"../" + change[3:]))

    def test_a_length_beyond_the_file_is_not_believed(self, tmp_path: Path) -> None:
        broken = bytearray(WHOLE)
        broken[18:26] = b"\xff" * 8
        assert refusal(tmp_path, bytes(broken)).params == {"member": "blocks.jsonl", "offset": 0}

    def test_a_file_beyond_the_limit_is_not_read(self, tmp_path: Path) -> None:
        path = tmp_path / "bundle.zip"
        with path.open("wb") as file:
            file.truncate(archive.LARGEST + 1)  # sparse: takes no room on disk
        with pytest.raises(archive.ArchiveRefused) as caught:
            archive.read(path)
        assert caught.value.code == "bundle.too_large"

    def test_no_file_or_a_folder_is_no_failed_verification(self, tmp_path: Path) -> None:
        for path in (tmp_path / "missing.zip", tmp_path):
            with pytest.raises(InputRefused) as caught:
                archive.read(path)
            assert caught.value.code == "bundle.unreadable"
            assert not isinstance(caught.value, archive.ArchiveRefused)

    def test_members_that_make_no_bundle_are_not_written(self) -> None:
        for members in (MEMBERS | {"extra": b""}, {"plan.json": b""}):
            with pytest.raises(archive.ArchiveRefused) as caught:
                archive.write(AUDITOR, members)
            assert caught.value.code == "bundle.members"


def test_the_manifest_covers_every_other_member() -> None:
    data = archive.manifest(AUDITOR, MEMBERS, "ab" * 32)
    value = parse_json(data)
    assert isinstance(value, dict)
    assert set(value["files"]) == set(MEMBERS) - {"manifest.json"}
    assert value["files"]["blocks.jsonl"] == {
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "size": 0,
    }
    assert (value["kind"], value["result"], value["spec"]) == ("auditor", "ab" * 32, "v1")
    assert archive.manifest(AUDITOR, MEMBERS | {"manifest.json": data}, "ab" * 32) == data


def test_the_manifest_does_not_cover_the_signature_that_is_made_over_it() -> None:
    signed = MEMBERS | {"signature.json": b"{}"}
    assert archive.manifest(AUDITOR, signed, "ab" * 32) == archive.manifest(AUDITOR, MEMBERS, "ab" * 32)
    assert archive.write(AUDITOR, signed) != WHOLE


def distance(named: str, at: int) -> int:
    """How many parts lie between the part named and the one that holds the byte `at`."""
    parts = [*NAMES, archive.DIRECTORY]
    ends, end = [], 0
    for name in NAMES:
        end += 30 + len(name) + len(MEMBERS[name])
        ends.append(end)
    holds = next((n for n, end in enumerate(ends) if at < end), len(NAMES))
    return abs(parts.index(named) - holds)
