"""检查结果: what the platform would export once a calendar of visits was carried out; invented, one row per item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shuangsuiji.errors import InputRefused
from shuangsuiji.sample.chance import Chance
from shuangsuiji.sample.county import COUNTY, MARKET_BUREAU
from shuangsuiji.sample.marks import mark
from shuangsuiji.sample.table import Table

LOST: Final = "通过登记的住所(经营场所)无法联系"

_COLUMNS: Final = (
    "抽查计划编号",
    "抽查任务名称",
    "抽查类型",
    "检查机关",
    "抽查市场主体名称",
    "统一社会信用代码/注册号",
    "抽查事项",
    "检查完成日期",
    "检查方式",
    "检查人员",
    "检查结果",
    "后续处置",
    "现场检查笔录编号",
    "扫码入企记录号",
    "批评教育日期",
    "批评教育记录号",
    "警告日期",
    "警告文书号",
    "罚款日期",
    "罚款文书号",
    "罚款金额",
    "备注",
)
_ENFORCEMENT: Final = ("", "", "", "", "", "", "")
_ON_SITE, _DOCUMENTS, _NETWORK = "实地核查", "书面检查", "网络监测"
_FINE: Final = "未发现问题"
_CORRECTED: Final = "发现问题已责令改正"
_PER_THOUSAND: Final = 1000
_FORGOTTEN: Final = 40
"""Of a thousand targets of a week's first day so many are entered with the week after."""

# A whole visit that ends so, per thousand of those that reached the business.
_ENDS: Final = (
    ("已关闭停业或正在组织清算", 18, "反馈至日常监管部门"),
    ("未发现开展本次抽查涉及的经营活动", 9, "无需后续处置"),
    ("注销/被吊销/被撤销/迁出", 4, "无需后续处置"),
    ("不配合检查情节严重", 1, "案件线索移送"),
)
# The result of one item, per thousand, by a word in the item's name; the rest found nothing.
_FOUND: Final = {
    "年度报告": (
        ("未按规定公示年度报告", 26, "责令改正"),
        ("公示信息隐瞒真实情况、弄虚作假", 6, "抄告相关部门"),
    ),
    "即时": (("未按规定公示应当公示的信息", 14, "责令改正"),),
    "": ((_CORRECTED, 38, "责令改正"), ("发现问题待后续处理", 6, "案件线索移送")),
}


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One target's visit of the calendar, for one task: what the platform knows of it beforehand.

    `persons` are the inspectors' ids, `day` an ISO date.
    """

    plan: str
    task: str
    kind: str
    items: tuple[str, ...]
    target: str
    name: str
    day: str
    persons: tuple[str, ...]


def results(visits: Sequence[PlannedVisit], *, seed: int, lost: int) -> Table:
    """The export `results.csv`: every visit took place on its day, and exactly `lost` targets could not be found.

    A target that cannot be found, has closed or the like is so in all of its tasks. Raises InputRefused
    `sample.lost` for more than there are targets.
    """
    targets = sorted({one.target for one in visits})
    if not 0 <= lost <= len(targets):
        raise InputRefused("sample.lost", lost=lost, most=len(targets))
    batch = "、".join(sorted({one.plan for one in visits}))
    gone = set(Chance(seed, f"lost {batch}").order(targets)[:lost])
    chance = Chance(seed, f"results {batch}")
    ends = {target: _end(chance) for target in targets}
    rows: list[tuple[str, ...]] = []
    for visit in sorted(visits, key=lambda one: (one.day, one.target, one.task)):
        for item in visit.items:
            if visit.target in gone:
                outcome = (LOST, "反馈至日常监管部门")
            else:
                outcome = ends[visit.target] or _item(chance, item)
            rows.append(_row(chance, visit, item, outcome, len(rows) + 1))
    return Table("results.csv", _COLUMNS, tuple(rows))


def weekly(whole: Table, *, seed: int) -> tuple[Table, ...]:
    """The export in parts, one at the end of each calendar week: `results-1.csv`, `results-2.csv` and so on.

    Few targets of a week's first day are forgotten and come with the week after.
    """
    days = [date.fromisoformat(day) for day in whole.column("检查完成日期")]
    weeks = sorted({day.isocalendar()[:2] for day in days})
    begun = {min(day for day in days if day.isocalendar()[:2] == week) for week in weeks[:-1]}
    targets = whole.column("统一社会信用代码/注册号")
    chance = Chance(seed, f"forgotten {'、'.join(sorted(set(whole.column('抽查计划编号'))))}")
    forgotten = {target for target in sorted(set(targets)) if chance.often(_FORGOTTEN)}
    parts: list[list[tuple[str, ...]]] = [[] for _ in weeks]
    for row, day, target in zip(whole.rows, days, targets, strict=True):
        late = target in forgotten and day in begun
        parts[weeks.index(day.isocalendar()[:2]) + late].append(row)
    return tuple(
        Table(f"results-{number}.csv", whole.headings, tuple(rows))
        for number, rows in enumerate(parts, start=1)
    )


def _end(chance: Chance) -> tuple[str, str] | None:
    """How a whole visit ends, where no single item is looked at any more."""
    return _pick(chance, _ENDS)


def _item(chance: Chance, item: str) -> tuple[str, str]:
    found = next(choices for word, choices in _FOUND.items() if word in item)
    return _pick(chance, found) or (_FINE, "无需后续处置")


def _pick(chance: Chance, choices: Sequence[tuple[str, int, str]]) -> tuple[str, str] | None:
    at = chance.below(_PER_THOUSAND)
    for result, weight, disposal in choices:
        if at < weight:
            return result, disposal
        at -= weight
    return None


def _row(
    chance: Chance, visit: PlannedVisit, item: str, outcome: tuple[str, str], serial: int
) -> tuple[str, ...]:
    result, disposal = outcome
    method = _ON_SITE
    if result != LOST and "公示信息" in item:
        method = chance.pick((_ON_SITE, _ON_SITE, _DOCUMENTS, _NETWORK))
    place = (visit.plan, visit.task, visit.kind, f"{COUNTY}{MARKET_BUREAU}", visit.name, visit.target, item)
    done = (visit.day, method, "、".join(visit.persons), result, disposal)
    kept = (mark("笔", serial), mark("扫", serial) if method == _ON_SITE else "")
    note = mark("注", serial) if chance.often(30) else ""
    measures = _measures(chance, visit, serial) if result == _CORRECTED else _ENFORCEMENT
    return (*place, *done, *kept, *measures, note)


def _measures(chance: Chance, visit: PlannedVisit, serial: int) -> tuple[str, ...]:
    """执法三步: corrections come with criticism and education, some with a warning, few with a fine."""
    day, number = visit.day, f"〔{visit.day[:4]}〕{visit.plan.rpartition('-')[2]}-{serial}号"
    education = (day, f"拟市监教{number}")
    warning, fine = ("", ""), ("", "", "")
    if chance.often(220):
        warning = (day, f"拟市监警{number}")
        if chance.often(300):
            fine = (day, f"拟市监罚{number}", str(100 * (5 + chance.below(46))))
    return (*education, *warning, *fine)
