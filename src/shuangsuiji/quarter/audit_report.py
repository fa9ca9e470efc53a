"""`audit report` (审计十问): verify an auditor's bundle and answer the ten questions, on the screen and on one page."""

from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Final

from shuangsuiji.audit.case import Case, Line
from shuangsuiji.audit.questions import Answered, answers, to_check
from shuangsuiji.audit.randomness import Randomness, randomness
from shuangsuiji.audit.report import Report
from shuangsuiji.audit.verify import CrossCheck, examine
from shuangsuiji.core.seed import SOURCES, PublicValue
from shuangsuiji.messages import Lang, text
from shuangsuiji.publish import words
from shuangsuiji.publish.questions import QuestionView, questions_page
from shuangsuiji.publish.words import BEIJING
from shuangsuiji.store import files, instants
from shuangsuiji.store.environment import environment

_INSTANTS: Final = frozenset({"hour", "time", "first", "last"})
"""Parameters of a sentence that are instants, or empty."""


@dataclass(frozen=True, slots=True)
class ReportResult:
    """The verification, the ten answers (none if it failed), the page if one was asked for.

    `randomness` says how many persons and teams could lawfully have been drawn for each kind of place; None if it
    failed.
    """

    report: Report
    answers: tuple[Answered, ...]
    exit_code: int
    page: Path | None
    randomness: Randomness | None = None


def audit_report(
    bundle: Path,
    page: Path | None,
    *,
    rehearsal: bool = False,
    cross_check: CrossCheck | None = None,
    trust: frozenset[str] = frozenset(),
    signers: frozenset[str] = frozenset(),
    commitments: tuple[str, ...] = (),
    values: tuple[PublicValue, ...] = (),
    lang: Lang = "zh",
) -> ReportResult:
    """Answer the ten questions about the bundle, and write them as HTML to `page` if one is given.

    A bundle that does not hold has no answers, and no page. The options are those of `verify`. Raises InputRefused as
    `verify`, EnvironmentRefused as `environment`.
    """
    report, case = examine(
        bundle, cross_check, trust=trust, signers=signers, commitments=commitments, values=values
    )
    code = report.exit_code(rehearsal)
    if case is None:
        return ReportResult(report, (), code, None)
    found = answers(report, case)
    if page is not None:
        head = _head(report, case, _digest(bundle), lang)
        data = questions_page(head, _views(found, lang), _verdict(code, lang), lang)
        with environment(page):
            files.write(page, data)
    return ReportResult(report, found, code, page, randomness(case.frozen, case.matching))


def sentence(line: Line, lang: Lang) -> str:
    """A sentence of an answer in a language; instants as a clock in China shows them, kinds of statement in words.

    Public values are in the pieces in which they are announced, and drawings have the lotteries' names in Chinese.
    """
    params = dict(line.params)
    if isinstance(kind := params.get("kind"), str):
        params["value"] = " ".join(words.drawn_value(kind, str(params["value"])))
    source, _, issue = str(params.get("drawing", "")).partition(":")
    if lang == "zh" and source in SOURCES:
        params["drawing"] = words.drawing(source, issue)
    for name in _INSTANTS & params.keys():
        if at := params[name]:
            params[name] = f"{instants.from_text(str(at)).astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
    if isinstance(own := params.get(f"words_{lang}"), str):
        params["words"] = own
    if isinstance(of := params.get("what"), str):
        params["what"] = text(f"cli.audit.of.{of}", lang)
    return text(f"audit.answered.{line.code}", lang, **params)


def _views(found: tuple[Answered, ...], lang: Lang) -> list[QuestionView]:
    return [
        QuestionView(
            text(f"audit.question.{one.question}", lang),
            text(f"cli.audit.answer.{one.answer}", lang),
            str(one.answer),
            tuple(sentence(line, lang) for line in one.lines),
            sum(map(to_check, one.lines)),
        )
        for one in found
    ]


def _digest(bundle: Path) -> str:
    """The SHA-256 of the file in groups of eight digits: what ties a printed page to its file."""
    with environment(bundle), bundle.open("rb") as file:
        digits = file_digest(file, "sha256").hexdigest()
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def _head(report: Report, case: Case, digest: str, lang: Lang) -> dict[str, str]:
    plan, seal = case.frozen.plan, case.frozen.seal

    def say(code: str) -> str:
        return text(f"audit.page.{code}", lang)

    number = text("audit.page.draw", lang, mode=text(f"cli.mode.{seal.mode}", lang), number=seal.draw)
    head = {
        say("authority"): plan.authority,
        say("number"): f"{plan.id}, {number}",
        say("targets"): case.frozen.targets_commitment.hex(),
        say("inspectors"): case.frozen.inspectors_commitment.hex(),
        say("file"): digest,
    }
    if report.recorded is not None and report.recorded.void:
        head[say("void")] = report.recorded.reason
    return head


def _verdict(code: int, lang: Lang) -> str:
    return text(f"cli.audit.verdict.{code}", lang)
