"""§16: archives that are not of the one form, from a good one."""

import struct
import zlib
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import world

Members = dict[str, bytes]


def archives(good: bytes) -> dict[str, bytes]:
    """§16: bytes that are no archive of the one form."""
    members = verify.read_archive(good)
    content = good.index(b'{"block":1')
    return {
        "nothing": b"",
        "flipped-content": flipped(good, content),
        "flipped-size": flipped(good, 18),
        "flipped-central-offset": flipped(good, good.rindex(b"PK\x01\x02") + 42),
        "cut": good[:-1],
        "byte-after": good + b"\x00",
        "other-order": verify.write_archive(dict(reversed(members.items()))),
        "member-missing": world.write_archive({k: v for k, v in members.items() if k != "salt.json"}),
        "member-more": world.write_archive(members | {"note.txt": b""}),
        **{name: deviating(members, **fields) for name, fields in DEVIATIONS.items()},
    }


DEVIATIONS: dict[str, dict[str, int | bytes]] = {
    "flags": {"flags": 0x0800},
    "version-needed": {"needed": 10},
    "version-made-by": {"made": 0x031E},
    "time": {"time": 0x6000},
    "date": {"date": 0x5C21},
    "attributes": {"attributes": 0x81ED0000},
    "internal-attributes": {"internal": 1},
    "extra-fields": {"extra": b"UT\x05\x00\x01\x00\x00\x00\x00"},
    "comments": {"comment": b"x"},
    "comment-of-the-archive": {"end": b"x"},
    "disk": {"disk": 1},
}


def deviating(members: Members, **fields: Any) -> bytes:
    """An archive whose headers and entries all say something else than §16 has, and agree with each other."""
    told: dict[str, Any] = {"needed": 20, "made": 0x0314, "flags": 0, "time": 0, "date": verify.DATE}
    told |= {"attributes": 0x81A40000, "internal": 0, "disk": 0, "extra": b"", "comment": b"", "end": b""} | fields
    local, central = b"", b""
    for name, data in members.items():
        sizes = (zlib.crc32(data), len(data), len(data), len(name), len(told["extra"]))
        common = (told["needed"], told["flags"], 0, told["time"], told["date"], *sizes)
        after = (len(told["comment"]), told["disk"], told["internal"], told["attributes"], len(local))
        head = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, told["made"], *common, *after)
        central += head + name.encode() + told["extra"] + told["comment"]
        local += struct.pack("<IHHHHHIIIHH", 0x04034B50, *common) + name.encode() + told["extra"] + data
    counts = (told["disk"], told["disk"], len(members), len(members), len(central), len(local))
    end = struct.pack("<IHHHHIIH", 0x06054B50, *counts, len(told["end"]))
    return local + central + end + bytes(told["end"])


def flipped(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
