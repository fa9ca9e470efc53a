"""§16, §20 Bundles (审计包, 公开包): ZIP archives of exactly one form, written and read byte for byte.

Reading is for hostile files. Nothing of the archive's own directory is believed: the members are cut out of
the local headers one after another, and the file must then equal the archive written anew from them. That one
comparison covers checksums, the directory, the end record, order, dates, and anything hidden in between.
"""

import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import SPEC
from shuangsuiji.errors import NOWHERE, InputRefused, Where

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.json"
"""Who made the bundle; the manifest, which it signs, does not cover it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of bundle: its name in the manifest, the members that it must and may have."""

    name: str
    required: frozenset[str]
    optional: frozenset[str]

    @property
    def members(self) -> tuple[str, ...]:
        """All names, ascending."""
        return tuple(sorted(self.required | self.optional))


AUDITOR: Final = Kind(
    "auditor",
    frozenset(
        {
            "blocks.jsonl",
            "changes.jsonl",
            "commitment.json",
            "entities.jsonl",
            "inspectors.jsonl",
            "log.jsonl",
            MANIFEST,
            "notice.json",
            "plan.json",
            "records.jsonl",
            "recusals.jsonl",
            "salt.json",
            "seed.json",
            "shortages.jsonl",
            "strata.jsonl",
            "targets.jsonl",
            "witness.jsonl",
        }
    ),
    frozenset({"late.json", SIGNATURE}),
)
"""审计包, §16: confidential to auditors."""
PUBLIC: Final = Kind(
    "public",
    frozenset(
        {
            "commitment.json",
            "leaves.jsonl",
            MANIFEST,
            "names.jsonl",
            "notice.json",
            "seed.json",
            "strata.jsonl",
            "witness.jsonl",
        }
    ),
    frozenset({SIGNATURE}),
)
"""公开包, §20."""
KINDS: Final = {kind.name: kind for kind in (AUDITOR, PUBLIC)}

LARGEST: Final = 2**31 - 2**16
"""The most bytes that a verifier reads (§18), hence the most that are written."""

DIRECTORY: Final = "directory"
"""The part of an archive behind its members: central directory and end record."""

_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")
_END: Final = struct.Struct("<IHHHHIIH")
_LOCAL_SIGNATURE, _CENTRAL_SIGNATURE, _END_SIGNATURE = 0x04034B50, 0x02014B50, 0x06054B50
_NEEDED, _MADE_BY, _DATE, _ATTRIBUTES = 20, 0x0314, 0x0021, 0x81A40000


class ArchiveRefused(InputRefused):
    """The file is there, but it is not an archive of §16: a verification that fails at its first step."""

    failure_class: ClassVar[str] = "archive"


def manifest(kind: Kind, members: Mapping[str, bytes], result: str) -> bytes:
    """§16 `manifest.json` over the other members; `result` is the draw's result digest (hex, §15.7)."""
    files: dict[str, Json] = {
        name: {"sha256": sha256(data).hexdigest(), "size": len(data)}
        for name, data in members.items()
        if name not in (MANIFEST, SIGNATURE)
    }
    return canonical_json({"files": files, "kind": kind.name, "result": result, "spec": SPEC})


def write(kind: Kind, members: Mapping[str, bytes]) -> bytes:
    """§16 The archive of a kind: the same members give the same bytes.

    Raises ArchiveRefused `bundle.members` if one is missing or unknown, `bundle.too_large` beyond `LARGEST`.
    """
    odd = (kind.required - members.keys()) | (members.keys() - kind.required - kind.optional)
    if odd:
        raise ArchiveRefused("bundle.members", names=", ".join(sorted(odd)))
    _check_size(_size(members), NOWHERE)
    return b"".join(piece for _, piece in _pieces(members))


def kind_of(data: bytes) -> Kind:
    """§18 The kind that a file's first bytes, at least 45, make it."""
    first = min(PUBLIC.required)
    return PUBLIC if data[_LOCAL.size : _LOCAL.size + len(first)] == first.encode() else AUDITOR


def read(path: Path) -> tuple[Kind, dict[str, bytes]]:
    """§16 The kind of the archive at `path` and its members by name, ascending.

    Raises ArchiveRefused (failure class `archive`), code `bundle.*`, for a file that is not in every byte the
    archive of its members; InputRefused `bundle.unreadable` if there is no such file or it may not be read.
    """
    where = Where(file=path.name)
    with opened(path) as file:
        return _read(file, where)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to be verified; InputRefused `bundle.unreadable` if there is none, or it may not be read."""
    where = Where(file=path.name)
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise InputRefused("bundle.unreadable", where)
        with path.open("rb") as file:
            yield file
    except OSError as why:
        raise InputRefused("bundle.unreadable", where) from why


def _read(file: BinaryIO, where: Where) -> tuple[Kind, dict[str, bytes]]:
    size = file.seek(0, os.SEEK_END)
    _check_size(size, where)
    file.seek(0)
    kind = kind_of(file.read(_LOCAL.size + len(min(PUBLIC.required))))
    file.seek(0)
    members: dict[str, bytes] = {}
    for name in kind.members:
        if name in kind.required or _begins(file, name):
            members[name] = _cut(file, name, size, where)
    file.seek(0)
    for part, piece in _pieces(members):
        offset = file.tell()
        found = file.read(len(piece))
        if found != piece:
            first = next(
                (i for i, (x, y) in enumerate(zip(found, piece, strict=False)) if x != y), len(found)
            )
            raise ArchiveRefused("bundle.differs", where, offset=offset + first, part=part)
    if file.read(1):
        raise ArchiveRefused("bundle.trailing", where, offset=file.tell() - 1)
    return kind, members


def _begins(file: BinaryIO, name: str) -> bool:
    """Whether the member of that name begins here; the file stays where it is."""
    offset = file.tell()
    head = file.read(_LOCAL.size + len(name))
    file.seek(offset)
    return head[_LOCAL.size :] == name.encode()


def _cut(file: BinaryIO, name: str, size: int, where: Where) -> bytes:
    """The data of the member that must begin here; its length is believed only as far as the file reaches."""
    offset = file.tell()
    header = file.read(_LOCAL.size)
    if len(header) == _LOCAL.size:
        signature, *_, length, name_length, _ = _LOCAL.unpack(header)
        begins = signature == _LOCAL_SIGNATURE and name_length == len(name)
        if begins and file.read(name_length) == name.encode() and length <= size - file.tell():
            return file.read(length)
    raise ArchiveRefused("bundle.member", where, member=name, offset=offset)


def _check_size(size: int, where: Where) -> None:
    if size > LARGEST:
        raise ArchiveRefused("bundle.too_large", where, size=size, most=LARGEST)


def _size(members: Mapping[str, bytes]) -> int:
    heads = _LOCAL.size + _CENTRAL.size
    return sum(heads + 2 * len(name) + len(data) for name, data in members.items()) + _END.size


def _pieces(members: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The archive in order, each piece with the part it belongs to: a member's name, or `DIRECTORY`."""
    directory = b""
    offset = 0
    for name in sorted(members):
        data = members[name]
        # Times and extra fields are zero; sizes stand twice because nothing is compressed.
        common = (_NEEDED, 0, 0, 0, _DATE, zlib.crc32(data), len(data), len(data), len(name), 0)
        head = _LOCAL.pack(_LOCAL_SIGNATURE, *common) + name.encode()
        directory += (
            _CENTRAL.pack(_CENTRAL_SIGNATURE, _MADE_BY, *common, 0, 0, 0, _ATTRIBUTES, offset) + name.encode()
        )
        offset += len(head) + len(data)
        yield name, head
        yield name, data
    count = len(members)
    yield DIRECTORY, directory + _END.pack(_END_SIGNATURE, 0, 0, count, count, len(directory), offset, 0)
