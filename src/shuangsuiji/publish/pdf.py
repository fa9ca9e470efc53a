"""Documents as one PDF, set by typst after GB/T 9704: the same documents and fonts give the same bytes.

All texts go to the typesetter as JSON in `sys.inputs` and are set as they are; none is ever pasted into its markup.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import typst

from shuangsuiji.publish import words
from shuangsuiji.publish.content import Document, tree
from shuangsuiji.publish.fonts import MONOSPACED, Fonts, find_fonts
from shuangsuiji.publish.html import qr_code
from shuangsuiji.publish.words import zh

TEMPLATE: Final = Path(__file__).parent / "typst" / "documents.typ"

MOST: Final = 200
"""Documents of one file of papers: 2,225 forms take 19 s of computing in such files, 34 s and 3 GB in a single one."""

_LONGEST_WORD: Final = 20
_WORD: Final = re.compile(rf"[!-~]{{{_LONGEST_WORD + 1},}}")
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
_AS_IT_IS: Final = frozenset({"code", "svg", "verifier_code"})
"""Texts that are pictures."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, and the characters (U+4E00) that it writes as their code because no font of the machine has them."""

    data: bytes
    unprintable: tuple[str, ...]


def render(documents: Sequence[Document], fonts: Path | None = None, *, tags: bool = True) -> Printed:
    """The documents one after another, each from a new page 1. `fonts` is a folder with fonts beside the machine's.

    `tags` mark headings and tables for screen readers; papers to be printed do without. Raises EnvironmentRefused
    `publish.no_chinese_font`.
    """
    found = _fonts(fonts)
    prepared = [_prepared(document) for document in documents]
    held = {one for part in prepared for one in set(json.dumps(part, ensure_ascii=False))}
    missing = found.missing(one for one in held if unicodedata.category(one) not in _UNSEEN)
    written = [_written(part, missing) for part in prepared]
    data = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=found.found,
        sys_inputs={
            "documents": json.dumps(written, ensure_ascii=False),
            "fonts": json.dumps({**found.families, "mono": MONOSPACED}),
            "labels": json.dumps(_labels()),
        },
        pdf_tags=tags,
    )
    return Printed(data, tuple(f"U+{ord(one):04X}" for one in sorted(missing)))


def parts(documents: Iterable[Document], fonts: Path | None = None) -> Iterator[Printed]:
    """Many papers as files of `MOST` documents each, in their order: typst's time and memory grow faster than a file.

    Documents are taken as they are needed. Raises as `render`.
    """
    for own in _batched(documents, MOST):
        yield render(own, fonts, tags=False)


def part_names(stem: str, count: int) -> list[str]:
    """Names for the files of so many documents: `forms.pdf`, or `forms-01.pdf`, `forms-02.pdf`, ..."""
    files = -(-count // MOST)
    width = max(2, len(str(files)))
    return (
        [f"{stem}.pdf"] if files == 1 else [f"{stem}-{number:0{width}}.pdf" for number in range(1, files + 1)]
    )


def _batched(documents: Iterable[Document], most: int) -> Iterator[list[Document]]:
    """The documents in lists of so many, the last as many as are left (`itertools.batched` is of Python 3.12)."""
    rest = iter(documents)
    while own := list(islice(rest, most)):
        yield own


@cache
def _fonts(folder: Path | None) -> Fonts:
    return find_fonts(folder)


def _labels() -> Mapping[str, str]:
    return {
        "annex": zh("notices.annex"),
        "colon": zh("notices.colon"),
        "comma": zh("notices.enumerate"),
        "mode": zh("notices.mode"),
        "mode_notice": zh("notices.mode_notice"),
        "mode_word": zh("notices.mode_word"),
        "numerals": zh("notices.numerals"),
        "qr": zh("notices.qr_code"),
        "verifier": zh("notices.verifier"),
    }


def _prepared(document: Document) -> Any:
    """A document as the template reads it: QR codes drawn, the date in words."""
    value = tree(document)
    value["dated"] = words.day(document.issued)
    value["foot"] = "".join(document.title)
    value["verifier_code"] = qr_code(document.verifier) if document.verifier else ""
    return _drawn(value)


def _drawn(value: Any) -> Any:
    if isinstance(value, list):
        return [_drawn(one) for one in value]
    if isinstance(value, dict):
        if value.get("type") == "facts" and value["code"]:
            value = value | {"code": qr_code(value["code"])}
        return {name: _drawn(one) for name, one in value.items()}
    return value


def _written(value: Any, missing: frozenset[str]) -> Any:
    """A document with what cannot be printed written out, and with places to break long words of codes."""
    if isinstance(value, list):
        return [_written(one, missing) for one in value]
    if isinstance(value, dict):
        digest = value.get("style") == "digest" or value.get("type") == "fingerprints"
        return {
            name: one if name in _AS_IT_IS or digest else _written(one, missing)
            for name, one in value.items()
        }
    return _printable(value, missing) if isinstance(value, str) else value


def _printable(text: str, missing: frozenset[str]) -> str:
    if not text.isascii() or not text.isprintable():
        text = "".join(_character(one, missing) for one in text)
    return _WORD.sub(_breakable, text)


def _character(one: str, missing: frozenset[str]) -> str:
    if one in "\n\r\t\v\f":
        return " "
    if one in missing or unicodedata.category(one) in _UNSEEN:
        return zh("publish.unprintable", point=f"{ord(one):04X}")
    return one


def _breakable(found: re.Match[str]) -> str:
    word = found[0]
    return _BREAK.join(word[at : at + _LONGEST_WORD] for at in range(0, len(word), _LONGEST_WORD))
