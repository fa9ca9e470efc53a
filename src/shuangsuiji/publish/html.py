"""A document as one HTML file.

Complete in itself: no script, nothing from the network, legible on a telephone and printable on A4. The same document
gives the same bytes.
"""

import io
import re
from functools import cache
from typing import Final

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined

from shuangsuiji.publish import words
from shuangsuiji.publish.content import Document, Table, plain
from shuangsuiji.publish.words import zh

_BRACKETED: Final = re.compile("(（[^（）]*）|“[^“”]{1,16}”|《[^《》]{1,16}》)")


def page(document: Document) -> bytes:
    """The document as HTML in UTF-8."""
    labels = {
        "annex": zh("notices.annex"),
        "colon": zh("notices.colon"),
        "mode": zh("notices.mode"),
        "mode_notice": zh("notices.mode_notice"),
        "mode_title": zh("notices.mode_title"),
        "mode_word": zh("notices.mode_word"),
        "name": zh("notices.draw.name"),
        "numerals": zh("notices.numerals"),
        "task": zh("notices.draw.task"),
        "verifier": zh("notices.verifier"),
    }
    return templates().get_template("document.html").render(doc=document, label=labels).encode()


def qr_svg(text: str) -> str:
    """A QR code as SVG to stand inside a page; to look for the best of the eight masks takes five times as long."""
    code = segno.make_qr(text, error="m", encoding="utf-8", mask=3)
    return code.svg_inline(border=2, svgclass="qr", lineclass=None, omitsize=True)


def qr_code(text: str) -> str:
    """A QR code as a file of SVG."""
    out = io.BytesIO()
    code = segno.make_qr(text, error="m", encoding="utf-8", mask=3)
    code.save(out, kind="svg", border=2, xmldecl=False, lineclass=None, svgclass=None, nl=False)
    return out.getvalue().decode()


@cache
def templates() -> Environment:
    """The templates of all pages, with the words of a notice as filters."""
    made = Environment(
        loader=PackageLoader("shuangsuiji.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    functions = (
        words.contribution, words.day, words.drawing, words.drawing_at, words.drawn_value, words.excluded,
        words.fingerprint, words.instant, words.left_out, words.source, plain, qr_svg, kind, bracketed, shares,
    )  # fmt: skip
    made.filters |= {function.__name__: function for function in functions}
    return made


def kind(part: object) -> str:
    """Which part of a document it is: `Table`."""
    return type(part).__name__


def bracketed(line: str) -> list[str]:
    """A line of a title in pieces; each second one stands in brackets or quotes and is not to be broken."""
    return _BRACKETED.split(line)


def shares(table: Table) -> list[int]:
    """The widths of a table's columns in percent, where each has its share; otherwise the browser finds them."""
    parts = [one.share for one in table.columns]
    return [100 * one // sum(parts) for one in parts] if all(parts) else []
