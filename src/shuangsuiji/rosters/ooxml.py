"""What calamine does not tell of an xlsx (ECMA-376): error cells, and formulas that were never computed.

Both come from it as empty text, and a silently empty cell could drop a firm's district or an officer's recusal.
Sheets without either, the usual case, are passed by one search of their bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from shuangsuiji.rosters.model import Fault

WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_SUSPECT: Final = re.compile(rb"""\st\s*=\s*["']e["']|<(?:\w+:)?f[\s/>]""")
_REFERENCE: Final = re.compile(r"([A-Z]+)(\d+)", re.ASCII)


def faults(data: bytes) -> dict[str, dict[tuple[int, int], Fault]]:
    """Per sheet name, the faulty cells by 0-based (row, column).

    Raises zipfile.BadZipFile, KeyError or ET.ParseError on a broken file.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: dict(_sheet_faults(sheet)) if _SUSPECT.search(sheet) else {}
            for name, path in _sheets(archive)
            for sheet in [archive.read(path)]
        }


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet and the path of its part."""
    targets = {
        relation.get("Id", ""): relation.get("Target", "") for relation in _parse(archive.read(_RELATIONS))
    }
    for element in _parse(archive.read(WORKBOOK)).iter():
        if _tag(element) == "sheet":
            key = next(value for name, value in element.items() if name.endswith("}id"))
            target = targets[key]
            yield element.get("name", ""), target[1:] if target.startswith("/") else f"xl/{target}"


def _sheet_faults(sheet: bytes) -> Iterator[tuple[tuple[int, int], Fault]]:
    row = column = -1
    for event, element in ET.iterparse(io.BytesIO(sheet), events=("start", "end")):  # noqa: S314 - expat bounds entities
        tag = _tag(element)
        if event == "start" and tag == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif event == "end" and tag == "c":
            found = _REFERENCE.fullmatch(element.get("r", ""))
            column = _column(found[1]) if found else column + 1
            fault = _fault(element)
            if fault:
                yield (row, column), fault
        elif event == "end" and tag == "row":
            element.clear()


def _fault(cell: ET.Element) -> Fault | None:
    kind = cell.get("t", "n")
    if kind == "e":
        return "rosters.error_cell"
    parts = {_tag(part): part for part in cell}
    if "f" not in parts:
        return None
    value = parts.get("v")
    # A computed formula may well give empty text; then the cell says that it is text and has a value part.
    computed = value is not None and (kind == "str" or value.text)
    return None if computed else "rosters.formula_without_value"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _parse(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - expat bounds entities
