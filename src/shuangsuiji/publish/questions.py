"""审计十问: the answers to an auditor's ten questions as one page of A4, for auditors only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shuangsuiji.publish.html import templates


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question, the word of its answer and its class for the page, the sentences; all in the reader's language."""

    question: str
    answer: str
    grade: str
    sentences: tuple[str, ...]


def questions_page(
    head: Mapping[str, str], questions: Sequence[QuestionView], verdict: str, lang: str
) -> bytes:
    """The page in UTF-8; `head` are label and value of what the page is about, `verdict` what the verification said."""
    page = templates().get_template("questions.html")
    return page.render(head=head, questions=questions, verdict=verdict, lang=lang).encode()
