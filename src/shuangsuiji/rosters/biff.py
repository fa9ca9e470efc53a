"""What calamine does not tell of an xls: its error cells and its password, from the workbook stream's records.

[MS-CFB] for the container, [MS-XLS] for the records. A formula that was never computed cannot be told from one
that gives empty text: both hold a blank string.
"""

import struct
from collections.abc import Iterator
from typing import Final

from shuangsuiji.rosters.model import Fault

_BOF, _EOF, _BOUNDSHEET, _FORMULA, _BOOLERR, _FILEPASS = 0x0809, 0x000A, 0x0085, 0x0006, 0x0205, 0x002F
_ENCRYPTED_XLSX: Final = "EncryptedPackage".encode("utf-16-le")
ERROR: Final[Fault] = "rosters.error_cell"
_END: Final = 0xFFFFFFFA  # sector numbers from here on mean an end
_HEADER_FAT_SECTORS: Final = 109


def faults(data: bytes) -> dict[str, dict[tuple[int, int], Fault]]:
    """Per sheet name, the error cells by 0-based (row, column).

    Raises struct.error, IndexError or ValueError on a broken file.
    """
    stream = _workbook_stream(data)
    return {name: dict.fromkeys(_errors(stream, start), ERROR) for name, start in _sheets(stream)}


def is_protected(data: bytes) -> bool:
    """Whether an OLE file wants a password: an encrypted xlsx inside, or the record FILEPASS.

    Raises struct.error, IndexError or ValueError on a broken file.
    """
    if _ENCRYPTED_XLSX in data:
        return True
    return any(kind == _FILEPASS for kind, _ in _records(_workbook_stream(data), 0))


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """(type, body) of each record from `place` to the end of that substream, nested ones (charts) left out."""
    depth = 0
    while True:
        kind, size = struct.unpack_from("<HH", stream, place)
        body = stream[place + 4 : place + 4 + size]
        place += 4 + size
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, body


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, body in _records(stream, 0):
        if kind == _BOUNDSHEET:
            start, _, sheet_type, length, wide = struct.unpack_from("<IBBBB", body)
            text = body[8 : 8 + length * (1 + (wide & 1))]
            if sheet_type == 0:
                yield text.decode("utf-16-le" if wide & 1 else "latin-1"), start


def _errors(stream: bytes, start: int) -> Iterator[tuple[int, int]]:
    for kind, body in _records(stream, start):
        if kind == _BOOLERR:
            row, column, _, _, is_error = struct.unpack_from("<HHHBB", body)
            if is_error:
                yield row, column
        elif kind == _FORMULA:
            row, column, _, value_type, marker = struct.unpack_from("<HHHB5xH", body)
            if marker == 0xFFFF and value_type == 2:
                yield row, column


def _workbook_stream(data: bytes) -> bytes:
    """The bytes of the stream `Workbook` (BIFF8); it is never in the mini stream, being over 4,096 bytes."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    directory_start, more, more_count = (struct.unpack_from("<I", data, at)[0] for at in (48, 68, 72))

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    fat_sectors = [*struct.unpack_from(f"<{_HEADER_FAT_SECTORS}I", data, 76)]
    for _ in range(more_count):
        *numbers, more = struct.unpack(f"<{size // 4}I", sector(more))
        fat_sectors += numbers
    fat = [
        entry
        for number in fat_sectors
        if number < _END
        for entry in struct.unpack(f"<{size // 4}I", sector(number))
    ]

    def chain(number: int) -> bytes:
        found: list[bytes] = []
        while number < _END:
            if len(found) > len(fat):
                raise ValueError("a chain of sectors runs in a circle")
            found.append(sector(number))
            number = fat[number]
        return b"".join(found)

    directory = chain(directory_start)
    for at in range(0, len(directory), 128):
        length, start, stream_size = struct.unpack_from("<64xH50xIQ", directory, at)
        if directory[at : at + max(length - 2, 0)].decode("utf-16-le") == "Workbook":
            return chain(start)[:stream_size]
    raise ValueError("no stream named Workbook")
