"""`plan show` reads out all that a plan asks for, beside the plan of the guide, in both languages."""

from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.cli import failures, language, run
from shuangsuiji.messages import LANGUAGES, Lang
from tests.plan.test_guide import PLAN

SAID: Final = (
    "城关镇, 东关镇, 西关镇",
    "某政文〔2026〕12号",
    "属地人员可从邻近乡镇借用",
    "城关镇 from 东关镇, 西关镇; 东关镇 from 城关镇",
    "at most 12 blocks to an inspector",
    "last 2 real draws",
    "Urgent replacements",
    "专家 (expert)",
    "list dispatched by a superior",
    "in 4 waves",
    "1–20 of each",
)


def shown(path: Path, lang: Lang, capsys: pytest.CaptureFixture[str]) -> str:
    language.speak(lang)
    assert failures.guarded(lambda: run(["plan", "show", str(path)]), json=False) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_that_a_plan_asks_for_is_read_out(
    lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "计划.toml"
    path.write_text(PLAN, encoding="utf-8")
    out = shown(path, lang, capsys)
    assert all(said in out for said in SAID if lang == "en"), [said for said in SAID if said not in out]
    assert "属地人员可从邻近乡镇借用" in out
