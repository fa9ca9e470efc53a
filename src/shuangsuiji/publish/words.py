"""Codes, numbers and instants in the words of a Chinese notice."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Final

from shuangsuiji.bundle.disclose_results import PublicCategory, PublicResult
from shuangsuiji.bundle.public import PublicTask, PublicTier, Tally
from shuangsuiji.core.closing import Absent, Contribution, Slip
from shuangsuiji.core.plan import Count, Everything, Quota, Rate
from shuangsuiji.core.seed import SOURCES, Announced, Drawing, PublicValue
from shuangsuiji.followup.results import CLEAN
from shuangsuiji.messages import catalogue, text

BEIJING: Final = timezone(timedelta(hours=8))
"""Civil time of notices: +08:00 the whole year."""

_PAIRS: Final = frozenset({"kl8", "ssq", "dlt"})


def zh(code: str, **params: str | int) -> str:
    """A text of the catalogue in Chinese, the language of all notices."""
    return text(code, "zh", **params)


def day(value: date) -> str:
    """2026年3月20日."""
    return zh("publish.day", year=value.year, month=value.month, day=value.day)


def civil_day(value: datetime) -> date:
    """The day in China at an instant (with its zone)."""
    return value.astimezone(BEIJING).date()


def instant(value: datetime) -> str:
    """An instant (with its zone) in Beijing time, to the second."""
    local = value.astimezone(BEIJING)
    return zh("publish.instant", day=day(local.date()), time=local.strftime("%H:%M:%S"))


def hour(value: datetime) -> str:
    """An announced instant (with its zone): 北京时间2026年3月20日 21:30."""
    local = value.astimezone(BEIJING)
    time = f"{local:%H:%M:%S}".removesuffix(":00")
    return zh("publish.hour", day=day(local.date()), time=time)


def drawing_at(one: Drawing | Announced | PublicValue, hours: Mapping[str, datetime]) -> str:
    """A drawing, with its hour if one is announced: 快乐8第2026318期（北京时间2026年11月20日 21:30开奖）."""
    at = hours.get(f"{one.source}:{one.issue}")
    held = "" if at is None else zh("publish.held_at", hour=hour(at))
    return drawing(one.source, one.issue) + held


def kind(task: PublicTask) -> str:
    """抽查类型."""
    return zh("publish.directed" if task.directed else "publish.undirected")


def source(code: str) -> str:
    """Where a task's list of targets comes from (名单来源)."""
    return zh(f"publish.source.{code}")


def scarce(label: str) -> str:
    """What is said of a place for which few can be drawn: 未随机, 随机性不足; nothing of any other."""
    return zh(f"publish.scarce.{label}") if label else ""


def quota(rule: Quota) -> str:
    """A tier's rule (抽查比例/数量)."""
    match rule:
        case Count(count):
            return zh("publish.count", count=count)
        case Rate(rate):
            return rate
        case Everything():
            return zh("publish.everything")


def change(code: str) -> str:
    """What became of a target after the draw."""
    return zh(f"publish.change.{code}")


def result(found: PublicResult | None) -> str:
    """检查结果 of a row: its kinds; 未检查 as long as nothing was published; or that it came down."""
    if found is not None and found.down:
        return zh("publish.taken_down")
    if found is None or not found.categories:
        return zh("publish.not_inspected")
    return zh("publish.remark_join").join(one.name for one in found.categories)


def kinds(rows: Sequence[PublicResult]) -> set[PublicCategory]:
    """The kinds of result of an enterprise: as in one row, 未发现问题 is none beside a problem in another row."""
    problem = any(one.problem for one in rows)
    return {kind for one in rows for kind in one.categories if not (problem and kind.code == CLEAN)}


def measures(found: PublicResult | None) -> list[str]:
    """执法 that is public with a result: 罚款（某市监处罚〔2021〕1号）."""
    return [
        zh("publish.measure_of", kind=zh(f"publish.measure.{one.kind}"), reference=one.reference)
        for one in (found.measures if found else ())
    ]


def replaced(values: Sequence[Tally]) -> str:
    """What was replaced after the draw, by kind: 人员不能到场更换3次，企业申请回避更换1次."""
    return zh("publish.tally_join").join(
        zh(f"publish.replaced.{one.code}", count=one.count) for one in values
    )


def rule(tier: PublicTier) -> str:
    """A tier's rule with the bounds of its cells and its waves, if it has any: 5%（每单元1至20户）."""
    words = quota(tier.rule)
    if tier.bounds is not None:
        words += zh("publish.bounds", least=tier.bounds[0], most=tier.bounds[1])
    return words if tier.waves is None else words + zh("publish.waves", waves=tier.waves)


def excluded(values: Sequence[Tally]) -> str:
    """Enterprises that could not be drawn, by reason: 非存续状态3户，一年内已检查1户."""
    return _join(
        "publish.tally_entities", [(_label(f"publish.reason.{one.code}", one), one) for one in values]
    )


def left_out(values: Sequence[Tally]) -> str:
    """Inspectors who could not be drawn, by reason: 执法证件已注销82人."""
    return _join(
        "publish.tally_people", [(_label(f"publish.left_out.{one.code}", one), one) for one in values]
    )


def _label(known: str, tally: Tally) -> str:
    """A reason in the plan author's words, else in the catalogue's, else its code."""
    return tally.label or (zh(known) if known in catalogue("publish") else tally.code)


def _join(item: str, values: Sequence[tuple[str, Tally]]) -> str:
    return zh("publish.tally_join").join(zh(item, reason=label, count=one.count) for label, one in values)


def drawing(kind: str, issue: str) -> str:
    """A drawing of public values: 快乐8第2026318期; dice and explicit seeds have no issue."""
    name = SOURCES[kind].name
    return name if kind in ("dice", "explicit") else zh("publish.drawing", name=name, issue=issue)


def contribution(one: Contribution) -> str:
    """How a contribution was given (投入方式): a slip, a signed value, nothing."""
    match one:
        case Absent():
            return zh("publish.contribution.absent")
        case Slip():
            return zh("publish.contribution.slip")
        case _:
            return zh("publish.contribution.signed")


def drawn_value(kind: str, value: str) -> tuple[str, ...]:
    """A public value in the pieces in which it is announced: two digits each where the balls are numbered so."""
    if kind in _PAIRS:
        return tuple(value[at : at + 2] for at in range(0, len(value), 2))
    if kind == "qxc":
        return (*value[:6], value[6:])
    return (value,) if kind == "explicit" else tuple(value)


def fingerprint(digest: str) -> tuple[str, ...]:
    """A digest (64 hex digits) in groups of four, for comparing by eye."""
    return tuple(digest[at : at + 4] for at in range(0, len(digest), 4))
