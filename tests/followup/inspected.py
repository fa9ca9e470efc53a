"""A small draw after its match, in memory: two tasks, three targets, a team that changed; rows of results about it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from shuangsuiji.core.plan import Plan, Task
from shuangsuiji.core.predicates import Predicate
from shuangsuiji.core.records import Certificate, Inspector
from shuangsuiji.followup.entering import Checked, check
from shuangsuiji.followup.expected import Case, Expected
from shuangsuiji.followup.results import Entry, Facts, Key
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.model import RawTable
from tests.rosters.offices import RULES, credit_code

VOCABULARY: Final = Vocabulary.load()
FIRMS: Final = tuple(credit_code(number) for number in range(1, 5))
DRAWN: Final = date(2026, 3, 2)
CHANGED: Final = date(2026, 3, 20)
TODAY: Final = date(2026, 5, 15)
HEADINGS: Final = (
    "统一社会信用代码", "抽查任务名称", "抽查事项", "检查完成日期", "检查结果", "检查人员", "检查方式",
    "批评教育日期", "批评教育记录号", "警告日期", "警告文书号", "罚款日期", "罚款文书号", "罚款金额",
    "备注", "更正原因",
)  # fmt: skip


def _inspector(number: int, ends: str | None = None, *, expert: bool = False) -> Inspector:
    certificates = () if expert else (Certificate(f"C{number}", None, ends),)
    return Inspector(f"P{number}", f"检查员{number}", "市监局", "", "", (), certificates, expert=expert)


PEOPLE: Final = {
    one.id: one
    for one in (
        _inspector(1),
        _inspector(2),
        _inspector(3),
        _inspector(4, "2026-04-10"),
        _inspector(5, expert=True),
        _inspector(6),
    )
}

_ANY: Final = Predicate(["and"], lambda _: True)
PLAN: Final = Plan(
    authority="某局",
    id="410102-2026-01",
    version=1,
    columns={},
    district=None,
    window_from="2026-03-01",
    window_to="2026-04-30",
    exclusions=(),
    slots=(),
    max_targets=5,
    max_per_inspector=5,
    tasks=(
        Task("nb", "公示信息检查", _ANY, (), ("年度报告", "即时信息"), ()),
        Task("xf", "消防检查", _ANY, (), ("消防安全责任制、设施落实",), ()),
    ),
)

# The first firm has one task and a team that changed, the second both tasks, the third came in for the fourth.
CASES: Final[Mapping[str, Case]] = {
    FIRMS[0]: Case(("nb",), DRAWN, ((CHANGED, frozenset({"P1", "P2"})), (None, frozenset({"P1", "P3"})))),
    FIRMS[1]: Case(("nb", "xf"), DRAWN, ((None, frozenset({"P1", "P4", "P5"})),)),
    FIRMS[2]: Case(("xf",), CHANGED, ((None, frozenset({"P2", "P3"})),)),
}
EXPECTED: Final = Expected(
    plan=PLAN,
    methods={"nb": "实地核查", "xf": ""},
    today=TODAY,
    cases=CASES,
    inspectors=PEOPLE,
    replaced=frozenset({FIRMS[3]}),
    other_plans=frozenset({"410102-2026-02"}),
)
GOOD: Final = {
    "统一社会信用代码": FIRMS[0],
    "检查完成日期": "2026-03-18",
    "检查结果": "未发现问题",
    "检查人员": "检查员1、检查员2",
}


def row(**changes: str) -> dict[str, str]:
    """A row that may be entered, with some cells changed."""
    return {**GOOD, **changes}


def table(rows: Sequence[Mapping[str, str]], file: str = "结果.xlsx") -> RawTable:
    """A table of rows, each a mapping of headings."""
    headings = tuple(dict.fromkeys([*HEADINGS, *(name for one in rows for name in one)]))
    columns = tuple(RULES.headings.canonical("results", heading) for heading in headings)
    cells = [[one.get(heading, "") for heading in headings] for one in rows]
    return RawTable(file, "", headings, columns, [*range(2, len(rows) + 2)], cells, {}, None, ())


def entered(
    rows: Sequence[Mapping[str, str]],
    *,
    expected: Expected = EXPECTED,
    vocabulary: Vocabulary = VOCABULARY,
    reason: str = "",
    as_drawn: bool = False,
) -> Checked:
    """The rows held against the draw."""
    draft = Draft("results", [table(rows)], RULES.headings, RULES.words)
    return check(draft, expected, vocabulary, reason=reason, as_drawn=as_drawn)


def codes(checked: Checked) -> list[str]:
    """The codes of what was refused."""
    return [one.code for one in checked.roster.refused]


def standing(facts: Facts, key: Key, number: int = 1) -> Expected:
    """The draw with one result entered."""
    from datetime import UTC, datetime

    own = {name: getattr(facts, name) for name in Facts.__slots__}
    entry = Entry(
        id=number, batch=9, target=key[0], task=key[1], item=key[2], corrects=0, reason="", operator="张三",
        time=datetime(2026, 3, 19, tzinfo=UTC), source="", row=0, **own,
    )  # fmt: skip
    return replace(EXPECTED, standing={key: entry})
