"""A plan file says what the plan is, and what is wrong with it: file, line, key, and how to mend it."""

import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shuangsuiji import messages
from shuangsuiji.core.plan import Plan
from shuangsuiji.errors import EnvironmentRefused, InputRefused
from shuangsuiji.plan import parse_plan_file, read_plan
from shuangsuiji.plan.schema import TABLES
from tests.plan.written import STYLES, Style, plans, written

PLAN: Final = """\
[plan]
id = "990121-2021-01"
version = 1
authority = "某县市场监督管理局"
title = "某县2021年度抽查计划"
window = { from = 2021-03-01, to = 2021-06-30 }
district = "township"

[seed]
values = ["kl8:2021088", "ssq:2021030"]

[publish]
deadline = 2021-04-30

[columns]
township = "所属乡镇"
grade = "信用风险等级"

[[exclusion]]
reason = "visited"
name = "本年度已检查"
visits = 1
since = 2021-01-01

[[slot]]
id = "lead"
name = "组长"
pool = ["eq", "unit", "市场监督管理局"]

[[slot]]
id = "member"
name = "组员"
pool = [
  "or",
  ["eq", "unit", "市场监督管理局"],
  ["in", "qualifications", ["食品安全", "药品安全"]],
]

[blocks]
max_targets = 10
max_per_inspector = 8

[[task]]
id = "publicity"
name = "公示信息检查"
kind = "不定向"
pool = ["and"]
slots = ["lead", "member"]
items = ["年度报告公示信息检查"]
key = "township"

[[task.tier]]
id = "high"
name = "高风险"
where = ["eq", "grade", "高"]
rate = "5%"

[[task.tier]]
id = "other"
name = "其他"
where = ["and"]
count = 20
"""

# (what stands in PLAN, what an officer wrote instead, the refusal, its key)
SLIPS: Final = (
    ('rate = "5%"', "rate = 0.05", "plan.rate_number", "task[0].tier[0].rate"),
    ('rate = "5%"', "rate = 5", "plan.rate_number", "task[0].tier[0].rate"),
    ('rate = "5%"', "rate = nan", "plan.rate_number", "task[0].tier[0].rate"),
    ('rate = "5%"', "rate = 5%", "plan.syntax", ""),
    ('rate = "5%"', "rate = “5%”", "plan.syntax", ""),
    ('rate = "5%"', 'rate = "5.0.0%"', "core.plan_rate", "task[0].tier[0].rate"),
    ('rate = "5%"', 'rate = "120%"', "core.plan_rate", "task[0].tier[0].rate"),
    ("count = 20", 'count = "20"', "core.plan_integer", "task[0].tier[1].count"),
    ("count = 20", "count = 20.0", "plan.fraction", "task[0].tier[1].count"),
    ("count = 20", "count = -1", "core.plan_integer", "task[0].tier[1].count"),
    ("count = 20", "count = 99999999999999999999", "plan.too_large", "task[0].tier[1].count"),
    ("count = 20", "count = true", "plan.yes_or_no", "task[0].tier[1].count"),
    ("count = 20", "count = 20\ncount = 30", "plan.twice", ""),
    (
        '["eq", "grade", "高"]',
        '["eq", "信用风险等级", "高"]',
        "plan.condition_field",
        "task[0].tier[0].where[1]",
    ),
    ('["eq", "grade", "高"]', '["eq", "grad", "高"]', "plan.condition_field", "task[0].tier[0].where[1]"),
    ('["eq", "grade", "高"]', '["=", "grade", "高"]', "plan.condition_name", "task[0].tier[0].where[0]"),
    ('["eq", "grade", "高"]', '["eq", "grade"]', "plan.condition_operands", "task[0].tier[0].where"),
    ('["eq", "grade", "高"]', '["eq", "grade", 3]', "plan.condition_text", "task[0].tier[0].where[2]"),
    ('["eq", "grade", "高"]', '["in", "grade", "高"]', "plan.condition_list", "task[0].tier[0].where[2]"),
    ('["eq", "grade", "高"]', '["not"]', "plan.condition_not", "task[0].tier[0].where"),
    ('["eq", "grade", "高"]', '"高"', "plan.condition_form", "task[0].tier[0].where"),
    ('"qualifications", [', '"qualification", [', "plan.condition_field", "slot[1].pool[2][1]"),
    ('"食品安全", ', "7, ", "plan.condition_text", "slot[1].pool[2][2][0]"),
    ('key = "township"', 'key = "town"', "core.plan_choice", "task[0].key"),
    ('district = "township"', 'district = "town"', "core.plan_choice", "plan.district"),
    ('slots = ["lead", "member"]', 'slots = ["lead"]', "core.plan_length", "task[0].slots"),
    ('slots = ["lead", "member"]', 'slots = ["lead", "leed"]', "core.plan_choice", "task[0].slots[1]"),
    ('slots = ["lead", "member"]', 'slots = ["lead", "lead"]', "core.plan_repeated", "task[0].slots[1]"),
    ('id = "other"', 'id = "high"', "core.plan_repeated", "task[0].tier[1].id"),
    ('id = "member"', 'id = "lead"', "core.plan_repeated", "slot[1].id"),
    ('id = "other"', 'id = "其他"', "plan.number", "task[0].tier[1].id"),
    ('id = "member"', 'id = "组员"', "plan.short_name", "slot[1].id"),
    ('grade = "信用风险等级"', '"信用风险等级" = "grade"', "plan.alias", "columns.信用风险等级"),
    ('grade = "信用风险等级"', "grade = 3", "core.plan_value", "columns.grade"),
    ("deadline = 2021-04-30", "deadline = 2021-04-31", "plan.date", ""),
    ("deadline = 2021-04-30", 'deadline = "四月底"', "plan.date", "publish.deadline"),
    ("deadline = 2021-04-30", "deadline = 2021-04-30T09:00:00", "plan.time_of_day", "publish.deadline"),
    ("deadline = 2021-04-30", "deadline = 2021-04-30\ninspectors = 1", "plan.flag", "publish.inspectors"),
    ("to = 2021-06-30", "to = 2021-02-01", "core.plan_window", "plan.window"),
    ("version = 1", "version = 0", "core.plan_integer", "plan.version"),
    ("max_targets = 10", "max_targets = 0", "core.plan_integer", "blocks.max_targets"),
    ('"ssq:2021030"', '"ssq2021030"', "plan.seed_value", "seed.values[1]"),
    ('"ssq:2021030"', '"ssp:2021030"', "core.seed_source", "seed.values[1]"),
    ('"ssq:2021030"', '"kl8:2021088"', "core.seed_twice", "seed.values[1]"),
    ('"ssq:2021030"', '"kl8:21088"', "core.seed_alike", "seed.values[1]"),
    ('kind = "不定向"', 'kind = "随机"', "plan.choice", "task[0].kind"),
    ('kind = "不定向"', 'kind = "定向"\nlist_source = "平台"', "plan.list_source", "task[0].list_source"),
    ('pool = ["and"]', 'list_source = "平台抽取"\npool = ["and"]', "plan.listed_key", "task[0].pool"),
    ("count = 20", "count = 20\nbounds = { least = 2, most = 1 }", "plan.bounds", "task[0].tier[1].bounds"),
    (
        "count = 20",
        'count = 20\nkey = ""\nbounds = { least = 0, most = 1 }',
        "plan.bounds_key",
        "task[0].tier[1].bounds",
    ),
    ("count = 20", "count = 20\nwaves = 4", "plan.waves", "task[0].tier[1].waves"),
    ("count = 20", 'all = true\nkey = ""\nwaves = 1', "plan.waves", "task[0].tier[1].waves"),
    ("max_targets = 10", "max_targets = 10\nteams = 0", "core.plan_integer", "blocks.teams"),
    ("max_targets = 10", "max_targets = 10\nsubstitutes = 1", "plan.flag", "blocks.substitutes"),
    ('id = "member"', 'id = "member"\nextra = 1', "plan.flag", "slot[1].extra"),
    ("[blocks]", "[[relaxation]]\ncap = 0\n[blocks]", "core.plan_integer", "relaxation[0].cap"),
    ("[blocks]", '[[relaxation]]\nname = "放宽"\n[blocks]', "plan.relaxation_form", "relaxation[0]"),
    (
        "[blocks]",
        '[[relaxation]]\nslot = "led"\ndistrict = "any"\n[blocks]',
        "plan.relaxation_slot",
        "relaxation[0].slot",
    ),
    (
        "[blocks]",
        '[[relaxation]]\nslot = "lead"\ndistrict = "home"\n[blocks]',
        "plan.relaxation_district",
        "relaxation[0].district",
    ),
    (
        "[blocks]",
        '[[relaxation]]\nslot = "lead"\nneighbours = { "城关" = ["东关"] }\n[blocks]',
        "plan.relaxation_home",
        "relaxation[0].neighbours",
    ),
    (
        "[blocks]",
        '[[relaxation]]\nslot = "lead"\npool = ["eq", "unti", "甲"]\n[blocks]',
        "plan.condition_field",
        "relaxation[0].pool[1]",
    ),
    (
        "[blocks]",
        "[jurisdiction]\ndistricts = []\n[blocks]",
        "plan.jurisdiction_districts",
        "jurisdiction.districts",
    ),
    (
        "[blocks]",
        '[jurisdiction]\ndistricts = ["城关"]\ncolumn = "town"\n[blocks]',
        "plan.jurisdiction_column",
        "jurisdiction.column",
    ),
    ("[blocks]", "[rotation]\ndraws = -1\n[blocks]", "plan.rotation", "rotation.draws"),
    ("[blocks]", "[visits]\nmax_per_day = 0\n[blocks]", "plan.visits_number", "visits.max_per_day"),
    ("[blocks]", '[visits]\nweekdays = ["周八"]\n[blocks]', "plan.choice", "visits.weekdays[0]"),
    ("[blocks]", "[visits]\ndays = [2021-07-01]\n[blocks]", "plan.visits_window", "visits.days[0]"),
    (
        "[blocks]",
        '[visits]\nappointed = [{ target = "A", day = "三月" }]\n[blocks]',
        "plan.date",
        "visits.appointed[0].day",
    ),
    (
        "[blocks]",
        '[visits]\nappointed = [{ target = "A" }]\n[blocks]',
        "plan.missing_key",
        "visits.appointed[0].day",
    ),
    ('kind = "不定向"', 'kind = "定向"\npartners = "应急管理局"', "plan.texts", "task[0].partners"),
    ('title = "某县2021年度抽查计划"', "title = 2021", "plan.text", "plan.title"),
    ("since = 2021-01-01", 'where = ["and"]', "plan.exclusion_form", "exclusion[0]"),
    ('reason = "visited"', 'reason = "not_in_business"', "core.plan_value", "exclusion[0].reason"),
    ("count = 20", 'count = 20\nrate = "5%"', "plan.quota", "task[0].tier[1]"),
    ("count = 20", "all = false", "plan.quota", "task[0].tier[1]"),
    (
        "since = 2021-01-01",
        'since = 2021-01-01\n[[exclusion]]\nreason = "visited"\nname = "查过"\nwhere = ["and"]',
        "plan.two_names",
        "exclusion[1].name",
    ),
    ("[blocks]", "[[blocks]]", "plan.not_table", "blocks"),
    ("[[task]]", "[task]", "plan.not_tables", "task"),
    ('name = "其他"', 'title = "其他"', "plan.misplaced_key", "task[0].tier[1].title"),
    ("[plan]", "", "plan.headless_key", "id"),
    ("count = 20", "备注 = 20", "plan.syntax", ""),
    ("count = 20", "xyz = 20", "plan.stray_key", "task[0].tier[1].xyz"),
)

# Refusals of a whole table, whose line is that of its header.
AT_THE_TABLE: Final = frozenset(
    {"plan.exclusion_form", "plan.relaxation_form", "plan.quota", "plan.not_tables", "plan.headless_key"}
)


@given(plans(), STYLES)
def test_any_plan_survives_the_way_through_a_file(plan: Plan, style: Style) -> None:
    text = written(plan, style)
    assert parse_plan_file(text.encode(), "计划.toml").plan == plan
    assert parse_plan_file(text.encode("utf-8-sig"), "计划.toml").plan == plan


def misspellings(word: str) -> st.SearchStrategy[str]:
    """One letter lost, doubled, exchanged with the next one, or another in its place."""
    at = st.integers(0, len(word) - 1)
    return st.one_of(
        at.map(lambda i: word[:i] + word[i + 1 :]),
        at.map(lambda i: word[: i + 1] + word[i:]),
        at.map(lambda i: word[:i] + word[i : i + 2][::-1] + word[i + 2 :]),
        st.tuples(at, st.sampled_from("aexz")).map(lambda p: word[: p[0]] + p[1] + word[p[0] + 1 :]),
    ).filter(lambda wrong: wrong not in ("", word))


@given(plans(), STYLES, st.data())
def test_any_misspelt_key_is_named_with_its_line_and_the_right_one(
    plan: Plan, style: Style, data: st.DataObject
) -> None:
    lines = written(plan, style).split("\n")
    keys = [
        (number, found[1], found[2])
        for number, line in enumerate(lines)
        if (found := re.match(r"(\[*(?:task\.)?)([a-z_]+)(?= = |\])", line))
        and found[2] not in plan.columns  # an alias is the officer's own
    ]
    number, before, key = data.draw(st.sampled_from(keys))
    wrong = data.draw(misspellings(key))
    table_keys = {one for table in TABLES.values() for one in table.keys}
    assume(wrong not in table_keys)
    lines[number] = lines[number].replace(before + key, before + wrong, 1)
    with pytest.raises(InputRefused) as caught:
        parse_plan_file("\n".join(lines).encode(), "计划.toml")
    refusal = caught.value
    assert (refusal.code, refusal.where.line) == ("plan.unknown_key", number + 1)
    assert (refusal.params["wrong"], refusal.params["right"]) == (wrong, key)
    assert refusal.where.key.endswith(wrong) or f".{wrong}[" in f".{refusal.where.key}"


@pytest.mark.parametrize(("right", "slip", "code", "key"), SLIPS)
def test_a_slip_is_refused_at_its_line_with_the_mend(right: str, slip: str, code: str, key: str) -> None:
    assert right in PLAN
    with pytest.raises(InputRefused) as caught:
        parse_plan_file(PLAN.replace(right, slip, 1).encode(), "计划.toml")
    refusal = caught.value
    line = line_of(right)
    assert (refusal.code, refusal.where.key) == (code, key)
    assert refusal.where.file == "计划.toml"
    assert refusal.where.line in range(line, line + slip.count("\n") + 1) or code in AT_THE_TABLE
    for lang in messages.LANGUAGES:
        told = messages.render(refusal, lang).splitlines()
        assert len(told) == 2
        assert f"{refusal.where.line}" in told[0]


def line_of(text: str) -> int:
    """The line of PLAN on which a text first stands."""
    return PLAN[: PLAN.index(text)].count("\n") + 1


REQUIRED: Final = [
    number
    for number, line in enumerate(PLAN.splitlines())
    if (found := re.match(r"(\w+) = [^\[]*\]?$", line))
    and found[1] not in ("district", "key", "values", "visits", "since", "rate", "count", "township", "grade")
]


@pytest.mark.parametrize("number", REQUIRED, ids=lambda number: PLAN.splitlines()[number])
def test_a_key_left_out_is_named_with_the_table_that_lacks_it(number: int) -> None:
    lines = PLAN.splitlines()
    key = lines[number].split(" ", 1)[0]
    header = next(at for at in range(number, -1, -1) if lines[at].startswith("["))
    del lines[number]
    with pytest.raises(InputRefused) as caught:
        parse_plan_file("\n".join(lines).encode(), "计划.toml")
    refusal = caught.value
    assert (refusal.code, refusal.where.line) == ("plan.missing_key", header + 1)
    assert (refusal.params["missing"], refusal.params["table"]) == (key, lines[header])


@pytest.mark.parametrize("table", [(), ("task",)], ids=["document", "task"])
def test_a_part_left_out_is_named(table: tuple[str, ...]) -> None:
    text = PLAN[: PLAN.index("[[task.tier]]")] if table else PLAN[: PLAN.index("[[task]]")]
    with pytest.raises(InputRefused) as caught:
        parse_plan_file(text.encode(), "计划.toml")
    assert caught.value.code == "plan.missing_table"
    assert caught.value.params["missing"] == ("[[task.tier]]" if table else "[[task]]")


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (PLAN.encode("gb18030"), "plan.encoding", 4),
        (PLAN.replace('"lead", "member"]', '"lead", "member"').encode(), "plan.syntax", line_of("items")),
        ((PLAN + "\nitems = [").encode(), "plan.syntax_end", PLAN.count("\n") + 2),
        (
            PLAN.replace('"grade", "高"', f'"grade", {"[" * 70}{"]" * 70}').encode(),
            "plan.too_deep",
            line_of('where = ["eq", "grade"'),
        ),
        (PLAN.replace('"grade", "高"', f'"grade", {"[" * 9999}{"]" * 9999}').encode(), "plan.too_deep", None),
        (b"", "plan.missing_table", None),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "plan.encoding", 2),
    ],
    ids=["GB18030", "bracket", "unfinished", "deep", "abyss", "empty", "PDF"],
)
def test_a_file_that_is_no_plan_at_all_is_refused_with_the_line(
    data: bytes, code: str, line: int | None
) -> None:
    with pytest.raises(InputRefused) as caught:
        parse_plan_file(data, "计划.toml")
    assert (caught.value.code, caught.value.where.line) == (code, line)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as missing:
        read_plan(tmp_path / "计划.toml")
    assert missing.value.code == "plan.file_missing"
    with pytest.raises(EnvironmentRefused) as folder:
        read_plan(tmp_path)
    assert folder.value.code == "plan.file_unreadable"


def test_a_rate_written_as_a_number_is_answered_with_the_text_to_write() -> None:
    for number, text in (
        ("0.05", "5%"),
        ("5", "5%"),
        ("2.5", "2.5%"),
        ("1.0", "100%"),
        ("1e-3", "0.1%"),
        ("inf", "5%"),
    ):
        with pytest.raises(InputRefused) as caught:
            parse_plan_file(PLAN.replace('rate = "5%"', f"rate = {number}").encode(), "计划.toml")
        assert caught.value.params["right"] == text
