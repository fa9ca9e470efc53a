"""公示文书: what a notice or a paper says, apart from how it is laid out.

One model, four renderers: `html`, `pdf`, `xlsx`, `rows` (CSV). Texts are plain: whatever a name holds, no renderer
reads markup in it. Only public types become notices (`notices`, `draw_notice`); papers for inspectors and the sheet for
one business have makers of their own (`papers`, `receipt_sheet`).

As JSON (`to_json`, `from_json`) a document is kept beside the page that was published, so that it can be made anew in
another format and says exactly what was published.
"""

import json
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, Literal

Style = Literal["", "strong", "code", "digest"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style; a `digest` is 64 hex digits or the like, to be compared line by line."""

    text: str
    style: Style = ""


Text = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: of the body, a note below a table, a warning in a frame, or one centred line."""

    text: Text
    kind: Literal["body", "note", "warning", "centred"] = "body"


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is said of it, each value on a line of its own; no value is a place to write."""

    label: str
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with values as a table of two columns (`pairs`: of four); `code` is the text of a QR code beside it."""

    rows: tuple[Fact, ...]
    caption: str = ""
    code: str = ""
    pairs: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    `word` holds words, `code` an identifier, `number` counts and rates, `codes` several identifiers, `lines` several
    texts each on a line of its own, `blank` nothing: a place to write. `share` is its part of the width, 0 as its
    content needs.
    """

    name: str
    kind: Literal["word", "code", "number", "codes", "lines", "blank"] = "word"
    share: int = 0


Cell = str | int | Span | tuple[str, ...]
"""A tuple stands in columns of `codes` and `lines`."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column heads the rows, unless it is `long`: a list over pages with a heading on each.

    `total` is the last row, empty if there is none. `tall` rows leave room to write by hand.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    total: tuple[Cell, ...] = ()
    long: bool = False
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A small chart as SVG text (`charts`); a table beside it has the same numbers."""

    svg: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Digests (64 hex digits) under labels, in groups of four for comparing by eye."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """Command lines as they are typed."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen by hand, under a label: with `boxes` to tick, else to be referred to."""

    label: str
    options: tuple[str, ...]
    boxes: bool = True


@dataclass(frozen=True, slots=True)
class Lines:
    """A place to write by hand under a label: so many lines high."""

    label: str
    lines: int


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, each under who signs there."""

    labels: tuple[str, ...]


Block = Paragraph | Steps | Facts | Table | Chart | Fingerprints | Commands | Choices | Lines | Signatures


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: on a page of its own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole notice or paper.

    `kind` names it for programs ("plan", "draw"); `title` are its lines; `marks` stand under it (numbers of plan and
    draw). `opening` comes before the first section, `ending` after the last. `verifier` is the address of the public
    verifier, of which a QR code is shown, or empty. A `sheet` is set small, for one page, its sections are not numbered
    and it has no annex.
    """

    kind: str
    authority: str
    title: tuple[str, ...]
    rehearsal: bool
    marks: tuple[str, ...]
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
    ending: tuple[Block, ...]
    issuer: str
    issued: date
    annexes: tuple[Annex, ...] = ()
    verifier: str = ""
    sheet: bool = False


_TYPES: Final[dict[str, type]] = {
    one.__name__.lower(): one
    for one in (
        Span, Paragraph, Steps, Fact, Facts, Column, Table, Chart, Fingerprints, Commands, Choices, Lines, Signatures,
        Section, Annex, Document,
    )
}  # fmt: skip


def plain(text: Text) -> str:
    """A text without its styles."""
    return "".join(span.text for span in text)


def words(text: str, style: Style = "") -> Text:
    """A text of one style."""
    return (Span(text, style),)


def tree(value: object) -> Any:
    """A document, or a part of one, in the values of JSON; each part says of which type it is."""
    if isinstance(value, tuple):
        return [tree(one) for one in value]
    if isinstance(value, date):
        return {"type": "date", "day": value.isoformat()}
    if isinstance(value, str | int):
        return value
    own = {field.name: tree(getattr(value, field.name)) for field in fields(value)}  # type: ignore[arg-type]
    return {"type": type(value).__name__.lower(), **own}


def to_json(document: Document) -> bytes:
    """A document as JSON, in UTF-8; the same document gives the same bytes."""
    return json.dumps(tree(document), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_json(data: bytes) -> Document:
    """The document that `to_json` made the bytes from; they are the program's own."""
    made = _value(json.loads(data))
    assert isinstance(made, Document)  # noqa: S101 - what was kept is what was written
    return made


def _value(found: Any) -> object:
    if isinstance(found, list):
        return tuple(_value(one) for one in found)
    if not isinstance(found, dict):
        return found
    if found["type"] == "date":
        return date.fromisoformat(found["day"])
    own = {name: _value(one) for name, one in found.items() if name != "type"}
    return _TYPES[found["type"]](**own)
