"""公示与公告: the notices of a batch as single HTML files.

Each is complete in itself: no script, nothing from the network, legible on a telephone and printable on A4. The
same view gives the same bytes.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from shuangsuiji.bundle.public import PublicClosing, PublicCommitment, PublicDraw, PublicPlan
from shuangsuiji.publish import words

_NUMERALS: Final = "一二三四五六七八九十"


def plan_notice(view: PublicPlan) -> bytes:
    """抽查计划公示, as HTML in UTF-8."""
    return _render("plan.html", view)


def commitment_notice(view: PublicCommitment, hours: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """抽取承诺公告, published before the public values are drawn; HTML in UTF-8.

    `hours` are the days and hours of lotteries in words, by source: for readers, who see whether they were too late.
    """
    return _render("commitment.html", view, hours=hours)


def closing_notice(view: PublicClosing) -> bytes:
    """收集截止公告, published after the last contribution and before the public values; HTML in UTF-8."""
    return _render("closing.html", view)


def draw_notice(view: PublicDraw) -> bytes:
    """抽查对象抽取结果公示, with the list of targets as its annex unless it is held back; HTML in UTF-8."""
    return _render("draw.html", view)


def _render(
    template: str, view: PublicPlan | PublicCommitment | PublicClosing | PublicDraw, **more: Mapping[str, str]
) -> bytes:
    numerals: Iterator[str] = iter(_NUMERALS)
    page = templates().get_template(template)
    return page.render(view=view, head=view.head, numeral=lambda: next(numerals), **more).encode()


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
        words.change, words.contribution, words.day, words.drawing, words.drawn_value, words.excluded,
        words.fingerprint, words.instant, words.kind, words.left_out, words.rule, words.replaced, words.scarce,
        words.source,
    )  # fmt: skip
    made.filters |= {function.__name__: function for function in functions}
    return made
