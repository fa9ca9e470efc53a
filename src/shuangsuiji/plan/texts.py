"""What a plan file says to people and not to the commitment: titles, departments, notice texts, publication."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shuangsuiji.core.encoding import Json
from shuangsuiji.core.seed import Announced, Drawing
from shuangsuiji.plan.deadlines import USUAL, Deadlines
from shuangsuiji.plan.visits import EVERY_WORKING_DAY, VisitRules, parse_visits

DIRECTED: Final = "定向"
"""抽查类型: targets of one kind, size, industry or region (企业公示信息抽查办法, 总局令101号)."""
KINDS: Final = (DIRECTED, "不定向")
DRAWN_HERE: Final = "本系统抽取"
"""名单来源: the targets are drawn by this engine."""
SOURCES: Final[Mapping[str, str]] = {"平台抽取": "platform", "上级派发": "superior"}
"""名单来源 of a listed task, as it is written and as §7 has it: drawn on the platform, dispatched by a superior."""

MAX_POSTERIOR: Final = "2/3"
"""The default of `max_posterior`: at worst two to one for a class (docs/decisions/0011)."""


@dataclass(frozen=True, slots=True)
class TaskTexts:
    """What the plan notice says of one task; an empty text stands for the notice's own default.

    `directed`: 定向 or 不定向抽查; `agency` 检查主体, `lead` 发起部门, `partners` 配合部门, `method` 检查方式, `scope`
    抽查对象范围, `risk` 信用风险分类监管要求, `remark` 备注.
    """

    directed: bool
    agency: str = ""
    lead: str = ""
    partners: tuple[str, ...] = ()
    method: str = ""
    scope: str = ""
    risk: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """The uncommitted part of a plan file (公告文字与公布安排).

    `title` names the plan (抽查计划名称), `issuer` and `contact` close each notice; the bodies are paragraphs divided
    by line feeds. `reasons`, `slots` and `tasks` are keyed by reason of exclusion, slot id and task id of the plan.
    `deadline` is the date (ISO) by which the result is published, `embargo` the first date on which the list of those
    drawn may be public (None: at once); `values` are the public values announced and `contributors` those who may add
    to the seed, unless the freeze names others.
    `confidential` are the aliases of the confidential columns (None: by their headings), `max_posterior` the largest
    share (a rate of §7) that a confidential tier may have among those drawn of a recognisable group.
    `relaxations` names those of the plan for people, empty where it does not; `jurisdiction` are the districts that
    the authority inspects, `authorisation` the document that lets it inspect others (empty: there is none, and those
    are excluded); pairs who met in the last `rotation` real draws are kept apart by the freeze.
    `visits` say when visits may take place, `deadlines` how soon what follows the draw is to be done.
    """

    title: str
    issuer: str
    contact: str
    plan_body: str
    commitment_body: str
    draw_body: str
    reasons: Mapping[str, str]
    slots: Mapping[str, str]
    tasks: Mapping[str, TaskTexts]
    publish_inspectors: bool
    deadline: str
    embargo: str | None
    values: tuple[Announced, ...]
    confidential: tuple[str, ...] | None = None
    max_posterior: str = MAX_POSTERIOR
    contributors: tuple[str, ...] = ()
    relaxations: tuple[str, ...] = ()
    jurisdiction: tuple[str, ...] = ()
    authorisation: str = ""
    rotation: int = 0
    visits: VisitRules = EVERY_WORKING_DAY
    deadlines: Deadlines = USUAL


def texts_object(texts: Texts) -> dict[str, Json]:
    """The object of `texts.json`; `parse_texts(texts_object(t)) == t`."""
    value: dict[str, Json] = {
        "authorisation": texts.authorisation,
        "commitment_body": texts.commitment_body,
        "contact": texts.contact,
        "contributors": list(texts.contributors),
        "deadline": texts.deadline,
        "deadlines": texts.deadlines.object(),
        "draw_body": texts.draw_body,
        "issuer": texts.issuer,
        "jurisdiction": list(texts.jurisdiction),
        "max_posterior": texts.max_posterior,
        "plan_body": texts.plan_body,
        "publish_inspectors": int(texts.publish_inspectors),
        "reasons": dict(texts.reasons),
        "relaxations": list(texts.relaxations),
        "rotation": texts.rotation,
        "slots": dict(texts.slots),
        "tasks": {name: _task_object(task) for name, task in texts.tasks.items()},
        "title": texts.title,
        "values": [one.object() for one in texts.values],
        "visits": texts.visits.object(),
    }
    if texts.confidential is not None:
        value["confidential"] = list(texts.confidential)
    return value if texts.embargo is None else value | {"embargo": texts.embargo}


def parse_texts(value: Any) -> Texts:
    """The texts of a `texts.json` object that `texts_object` made. Raises KeyError or TypeError for any other."""
    fields = dict(value)
    fields["embargo"] = fields.get("embargo")
    for name in ("confidential", "contributors", "jurisdiction", "relaxations"):
        if name in fields:
            fields[name] = tuple(fields[name])
    fields["publish_inspectors"] = fields["publish_inspectors"] == 1
    fields["tasks"] = {name: _parse_task(task) for name, task in fields["tasks"].items()}
    fields["values"] = tuple(map(_parse_announced, fields["values"]))
    if "visits" in fields:  # drafts of earlier versions have none
        fields["visits"] = parse_visits(fields["visits"])
    if "deadlines" in fields:
        fields["deadlines"] = Deadlines(**fields["deadlines"])
    return Texts(**fields)


def _task_object(task: TaskTexts) -> Json:
    return {
        "agency": task.agency,
        "directed": int(task.directed),
        "lead": task.lead,
        "method": task.method,
        "partners": list(task.partners),
        "remark": task.remark,
        "risk": task.risk,
        "scope": task.scope,
    }


def _parse_announced(value: Any) -> Announced:
    fallback = tuple(Drawing(**one) for one in value.get("fallback", ()))
    return Announced(value["source"], value["issue"], fallback)


def _parse_task(value: Any) -> TaskTexts:
    return TaskTexts(**{**value, "directed": value["directed"] == 1, "partners": tuple(value["partners"])})
