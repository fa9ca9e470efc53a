"""What is said in a plan file beside the plan reaches the notices as it was written."""

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.encoding import canonical_json, parse_json
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.core.seed import Announced
from shuangsuiji.plan import TaskTexts, Texts, parse_plan_file, parse_texts, texts_object
from shuangsuiji.plan.visits import VisitRules
from tests.plan.test_reader import PLAN

WORDS = st.text(max_size=6)
NAMES = st.dictionaries(st.from_regex(r"[a-z]{1,4}", fullmatch=True), WORDS, max_size=2)
TASKS = st.builds(
    TaskTexts, st.booleans(), WORDS, WORDS, st.lists(WORDS, max_size=2).map(tuple), *[WORDS] * 4
)
VISITS = st.builds(
    VisitRules,
    st.integers(1, 9),
    st.integers(0, 31),
    st.lists(st.integers(0, 6), max_size=2).map(tuple),
    st.lists(WORDS, max_size=2).map(tuple),
    st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple),
)
TEXTS = st.builds(
    Texts,
    *[WORDS] * 6,
    reasons=NAMES,
    slots=NAMES,
    tasks=st.dictionaries(st.from_regex(r"[a-z]{1,4}", fullmatch=True), TASKS, max_size=2),
    publish_inspectors=st.booleans(),
    deadline=WORDS,
    embargo=st.none() | WORDS,
    values=st.lists(st.builds(Announced, WORDS, WORDS), max_size=2).map(tuple),
    relaxations=st.lists(WORDS, max_size=2).map(tuple),
    jurisdiction=st.lists(WORDS, max_size=2).map(tuple),
    authorisation=WORDS,
    rotation=st.integers(0, 9),
    visits=VISITS,
)


@given(TEXTS)
def test_texts_survive_the_way_through_their_file(texts: Texts) -> None:
    assert parse_texts(parse_json(canonical_json(texts_object(texts)))) == texts


def test_every_text_of_a_plan_file_is_read() -> None:
    said = PLAN.replace(
        'kind = "不定向"',
        'kind = "定向"\nlist_source = "本系统抽取"\nagency = "某县市场监管局"\nlead = "信用股"\n'
        'partners = ["应急管理局"]\n'
        'method = "实地核查"\nscope = "危化企业"\nrisk = "差异化"\nremark = "无"',
    ).replace(
        "[publish]",
        '[texts]\nissuer = "某县"\ncontact = "电话"\nplan = "甲"\ncommitment = """乙\n丙"""\ndraw = "丁"\n\n'
        "[publish]\ninspectors = true\nembargo = 2021-07-01",
    )
    texts = parse_plan_file(said.encode(), "计划.toml").texts
    assert texts == Texts(
        title="某县2021年度抽查计划",
        issuer="某县",
        contact="电话",
        plan_body="甲",
        commitment_body="乙\n丙",
        draw_body="丁",
        reasons={"visited": "本年度已检查"},
        slots={"lead": "组长", "member": "组员"},
        tasks={
            "publicity": TaskTexts(
                True, "某县市场监管局", "信用股", ("应急管理局",), "实地核查", "危化企业", "差异化", "无"
            )
        },
        publish_inspectors=True,
        deadline="2021-04-30",
        embargo="2021-07-01",
        values=(Announced("kl8", "2021088"), Announced("ssq", "2021030")),
    )


def test_the_plan_is_the_same_whatever_is_said_beside_it() -> None:
    silent = parse_plan_file(PLAN.encode(), "计划.toml")
    said = PLAN.replace("[publish]", '[texts]\ncontact = "电话"\n[publish]\nembargo = 2021-07-01')
    spoken = parse_plan_file(said.replace('title = "某县', 'title = "某市').encode(), "计划.toml")
    assert plan_object(spoken.plan) == plan_object(silent.plan)
    assert spoken.texts != silent.texts
