"""A shortage is a result too: what was given up for it, who is short, and a draw that can only be void."""

from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.audit.verify import verify
from shuangsuiji.bundle.members import read_lines
from shuangsuiji.cli import failures, language, run
from shuangsuiji.errors import Shortage
from shuangsuiji.messages import LANGUAGES, Lang
from shuangsuiji.quarter import draw, export, freeze, match, plan, publish, seed
from shuangsuiji.quarter.match import MatchResult
from shuangsuiji.quarter.shortages import Lacking, Vacancy
from shuangsuiji.quarter.void import void
from shuangsuiji.sample.numbers import credit_code
from shuangsuiji.store import Store
from tests.quarter.workspace import LATER, give, new_store

FIRMS: Final = 14
SPECIALISTS: Final = 3
PLAN: Final = """
[plan]
id = "410102-2026-01"
version = 1
authority = "某区市场监督管理局"
title = "一季度抽查计划"
district = "township"
window = {{ from = 2026-03-02, to = 2026-06-30 }}
[publish]
deadline = 2026-02-27
[seed]
values = ["explicit:1"]
[columns]
township = "所属乡镇"
[blocks]
max_targets = 1
max_per_inspector = 4
[[slot]]
id = "lead"
name = "组长"
pool = ["eq", "department", "综合"]
[[slot]]
id = "special"
name = "特种设备"
pool = ["eq", "department", "特设"]
district = "home"
{more}
[[task]]
id = "t"
name = "特种设备检查"
kind = "不定向"
pool = ["and"]
slots = ["lead", "special"]
items = ["特种设备使用登记"]
[[task.tier]]
id = "all"
name = "全部"
where = ["and"]
all = true
"""
BORROW: Final = '[[relaxation]]\nname = "借邻镇"\nslot = "special"\nneighbours = { "万龙镇" = ["东关镇"] }\n'
MORE: Final = "[[relaxation]]\ncap = 9\n"
AS_PLANNED: Final = Lacking(
    0, "search", (Vacancy("万龙镇", "特种设备", FIRMS),), SPECIALISTS, 4 * SPECIALISTS, 4
)


def drawn(tmp_path: Path, more: str = "") -> Store:
    """Fourteen firms of one township, a block each; seven leads, three specialists there and one next door."""
    store = new_store(tmp_path)
    rows = "".join(f"{credit_code('91', number)},甲公司,存续,万龙镇\n" for number in range(1, FIRMS + 1))
    give(store, "entities", f"统一社会信用代码,企业名称,登记状态,所属乡镇\n{rows}")
    leads = [f"组长{one},市场监管局,综合,万龙镇,L{one},长期" for one in range(7)]
    special = [f"特设{one},市场监管局,特设,万龙镇,S{one},长期" for one in range(SPECIALISTS)]
    near = "邻镇,市场监管局,特设,东关镇,N1,长期"
    give(
        store,
        "inspectors",
        "\n".join(["姓名,单位,部门,辖区,执法证编号,执法证有效期", *leads, *special, near, ""]),
    )
    path = tmp_path / "plan.toml"
    path.write_text(PLAN.format(more=more), encoding="utf-8")
    plan.adopt(store, path, salt_key=bytes(range(32)), rehearsal=True, operator="张三", now=LATER)
    freeze.freeze(store, operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    seed.explicit(store, "0" * 64, operator="张三", now=LATER)
    draw.draw(store, operator="张三", now=LATER)
    return store


def matched(store: Store) -> MatchResult:
    return match.match(store, operator="张三", now=LATER)


class TestShortage:
    """规范 §15.6: the draw has its state, its files and its log entry, whether or not a team was found."""

    def test_who_is_short_and_that_it_can_only_be_void(self, tmp_path: Path) -> None:
        store = drawn(tmp_path)
        result = matched(store)
        assert not result.succeeded
        assert (result.blocks, result.places, result.inspectors) == (FIRMS, 2 * FIRMS, 0)
        assert result.shortages == (AS_PLANNED,)
        with store.read() as reader:
            row = reader.open_draw()
            assert row.state == "matched"
            lines = read_lines("blocks.jsonl", reader.file(row, "blocks.jsonl"), lambda value: value)
            assert not any(isinstance(line, dict) and "team" in line for line in lines)
            entry = reader.log()[-1]
        assert entry.verb == "match"
        assert (entry.details["relaxations"], entry.details["shortages"]) == (0, 1)

    def test_as_many_relaxations_as_it_needs_by_their_names(self, tmp_path: Path) -> None:
        result = matched(drawn(tmp_path, BORROW + MORE))
        assert result.succeeded
        assert result.shortages == (AS_PLANNED,)
        (only,) = result.relaxed
        assert only.name == "借邻镇"
        assert "东关镇" in only.words["zh"]

    def test_none_where_nobody_is_short(self, tmp_path: Path) -> None:
        result = matched(drawn(tmp_path, MORE.replace("9", "5")))
        assert (result.succeeded, len(result.relaxed)) == (True, 1)
        assert sum(load * persons for load, persons in result.loads.items()) == result.places

    @pytest.mark.parametrize("more", ["", BORROW])
    def test_the_bundle_verifies_either_way(self, tmp_path: Path, more: str) -> None:
        store = drawn(tmp_path, more)
        result = matched(store)
        path = tmp_path / "bundle.zip"
        export.bundle(store, path, operator="张三", now=LATER)
        report = verify(path)
        assert report.failure is None
        facts = {step.name: step.facts for step in report.steps}["assignment"]
        assert facts["relaxations"] == len(result.relaxed)


class TestNotice:
    """The result notice says what was given up, or that no team was found."""

    def published(self, store: Store) -> str:
        done = publish.publish(store, operator="张三", now=LATER).artefacts
        (page,) = (one.path for one in done if one.path.suffix == ".html")
        return page.read_text(encoding="utf-8")

    def test_relaxed(self, tmp_path: Path) -> None:
        store = drawn(tmp_path, BORROW)
        matched(store)
        page = self.published(store)
        assert "按原计划人员不足，已依次采用计划规定的下列放宽办法：“特种设备”可从邻近片区借用" in page

    def test_void(self, tmp_path: Path) -> None:
        store = drawn(tmp_path, "[[relaxation]]\ncap = 4\n")
        matched(store)
        void(store, reason="特种设备人员不足", approver="局长", operator="张三", now=LATER)
        page = self.published(store)
        assert "依次采用计划规定的全部放宽办法以后仍未能编成检查组" in page
        assert "特种设备人员不足" in page


@pytest.mark.parametrize("lang", LANGUAGES)
class TestWords:
    """What an officer reads, in either language."""

    def say(self, capsys: pytest.CaptureFixture[str], lang: Lang, store: Store) -> tuple[int, str]:
        language.speak(lang)
        arguments = ["--workspace", str(store.layout.root), "match", "--operator", "张三"]
        code = failures.guarded(lambda: run(arguments), json=False)
        return code, capsys.readouterr().out

    def test_void(self, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
        code, out = self.say(capsys, lang, drawn(tmp_path))
        assert code == Shortage.exit_code
        assert {
            "zh": "按原计划：万龙镇“特种设备”席位要 14 个，能担任的 3 人 × 每人 4 个 = 12，缺 2 个。",
            "en": "As planned: 万龙镇 特种设备: 14 places, but 3 inspectors x 4 each = 12: 2 too few.",
        }[lang] in out
        assert "shuangsuiji void" in out

    def test_relaxed(self, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
        code, out = self.say(capsys, lang, drawn(tmp_path, BORROW))
        assert code == 0
        assert {"zh": "放宽了 1 项", "en": "in the plan's order: 1"}[lang] in out
        assert "借邻镇" in out
        assert "shuangsuiji publish" in out
