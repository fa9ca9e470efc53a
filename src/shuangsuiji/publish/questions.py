"""审计十问: the answers to an auditor's ten questions as one page of A4, for auditors only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final
from unicodedata import east_asian_width

from shuangsuiji.publish.html import templates

ROOM: Final = 46
"""Lines of sentences that one printed page has room for beside the head, the ten questions and the verdict."""
CELLS: Final = 108
"""Half-width characters that surely go into a printed line."""
HEAD_LINES: Final = 3
"""Lines of a value in the head that are printed."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question, the word of its answer and its class for the page, the sentences; all in the reader's language.

    The first `checks` sentences say what somebody has to check: they are printed whatever else gives way.
    """

    question: str
    answer: str
    grade: str
    sentences: tuple[str, ...]
    checks: int = 0


def printed(questions: Sequence[QuestionView], room: int = ROOM) -> tuple[int, ...]:
    """How many sentences of each question are printed, so that all together fit one page.

    The longest answers give way first, to one common length; the line that says how many more there are is counted.
    What has to be checked never gives way, not even where it does not fit.
    """
    lines = [[_lines(one) for one in question.sentences] for question in questions]
    counts: tuple[int, ...] = ()
    for most in range(max(map(sum, lines), default=0), 0, -1):
        both = zip(questions, lines, strict=True)
        counts = tuple(max(question.checks, _first(own, most)) for question, own in both)
        cut = zip(lines, counts, strict=True)
        if sum(sum(own[:count]) + (count < len(own)) for own, count in cut) <= room:
            break
    return counts


def _first(lines: Sequence[int], most: int) -> int:
    """How many of an answer's sentences are within `most` lines; of one that is cut, a line is for saying so."""
    if sum(lines) <= most:
        return len(lines)
    return next(count for count in range(len(lines) - 1, -1, -1) if sum(lines[:count]) < most)


def _lines(sentence: str) -> int:
    return ceil(sum(2 if east_asian_width(one) in "WFA" else 1 for one in sentence) / CELLS) or 1


def questions_page(
    head: Mapping[str, str], questions: Sequence[QuestionView], verdict: str, lang: str
) -> bytes:
    """The page in UTF-8; `head` are label and value of what the page is about, `verdict` what the verification said.

    On a screen it has every sentence; printed, what goes on one page of A4.
    """
    page = templates().get_template("questions.html")
    more = sum(min(_lines(value), HEAD_LINES) - 1 for value in head.values())
    both = zip(questions, printed(questions, ROOM - more), strict=True)
    return page.render(
        head=head, head_lines=HEAD_LINES, questions=list(both), verdict=verdict, lang=lang
    ).encode()
