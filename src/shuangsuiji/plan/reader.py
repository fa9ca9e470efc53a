"""From the bytes of a plan file to the core's Plan and the texts beside it."""

from dataclasses import dataclass
from pathlib import Path

from shuangsuiji.core.plan import Plan
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.errors import EnvironmentRefused, InputRefused, Where
from shuangsuiji.plan.checks import check
from shuangsuiji.plan.schema import refuse_misshapen, refuse_unknown
from shuangsuiji.plan.source import Places, read_document
from shuangsuiji.plan.texts import Texts
from shuangsuiji.plan.texts_reader import read_texts
from shuangsuiji.plan.translation import in_the_file, plan_object
from shuangsuiji.plan.values import plain


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan file (计划文件): what is committed to, what is only said, and the bytes as the officer wrote them."""

    plan: Plan
    texts: Texts
    source: bytes
    places: Places


def read_plan(path: Path) -> PlanFile:
    """The plan of a TOML file.

    Raises InputRefused with file, line and key for whatever is wrong in it (`plan.*`, `core.plan_*`, `core.seed_*`),
    `plan.file_missing` if there is none, EnvironmentRefused `plan.file_unreadable`.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputRefused("plan.file_missing", Where(file=str(path))) from None
    except OSError as why:
        reason = why.strerror or type(why).__name__
        raise EnvironmentRefused("plan.file_unreadable", Where(file=str(path)), reason=reason) from None
    return parse_plan_file(data, str(path))


def parse_plan_file(data: bytes, file: str) -> PlanFile:
    """The plan of a TOML file's bytes; `file` names it in refusals. Raises InputRefused as `read_plan` does."""
    document = read_document(data, file)
    places = document.places
    refuse_unknown(places)
    if document.twice is not None:
        raise document.twice
    refuse_misshapen(document.content, places)
    content = plain(document.content, (), places)
    check(content, places)
    try:
        plan = parse_plan(plan_object(content))
    except InputRefused as refusal:
        raise in_the_file(refusal, content, places) from None
    return PlanFile(plan, read_texts(content, places), data, places)
