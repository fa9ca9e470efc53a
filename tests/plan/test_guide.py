"""docs/plan.md is true: its examples are a plan, it explains every key, and what it says is printed is printed."""

import re
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.errors import InputRefused
from shuangsuiji.messages import render
from shuangsuiji.plan import parse_plan_file
from shuangsuiji.plan.schema import TABLES

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "plan.md").read_text(encoding="utf-8")
BLOCKS: Final = re.findall(r"```(\w+)\n(.*?)```", GUIDE, flags=re.DOTALL)
PLAN: Final = "\n".join(text for language, text in BLOCKS if language == "toml")
PRINTED: Final = [text for language, text in BLOCKS if language == "text"]

# Fixed teams go with no slot that is bound to a district.
FOR_OTHER_PLANS: Final = {("blocks", "teams")}

SLIPS: Final = (
    ("count = 120", "cuont = 120"),
    ('rate = "1%"', "rate = 0.01"),
    ('["eq", "kind", "个体工商户"]', '["eq", "主体类型", "个体工商户"]'),
)


def test_the_examples_together_are_a_plan_that_uses_every_key() -> None:
    file = parse_plan_file(PLAN.encode(), "计划.toml")
    assert [task.id for task in file.plan.tasks] == [f"{file.plan.id}-{number:02}" for number in (1, 2, 3)]
    used = {(tuple(part for part in path if isinstance(part, str))) for path in file.places.lines}
    assert used >= {(*table, key) for table, form in TABLES.items() for key in form.keys} - FOR_OTHER_PLANS


def test_every_key_is_explained_outside_the_examples() -> None:
    prose = re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)
    for table, form in TABLES.items():
        for key in form.keys:
            assert re.search(rf"`(\[+)?(task\.)?{key}\b", prose), (table, key)


@pytest.mark.parametrize(("slip", "printed"), tuple(zip(SLIPS, PRINTED, strict=True)))
def test_what_a_slip_prints_is_what_the_guide_says(slip: tuple[str, str], printed: str) -> None:
    right, wrong = slip
    assert PLAN.count(right) == 1
    with pytest.raises(InputRefused) as caught:
        parse_plan_file(PLAN.replace(right, wrong).encode(), "计划.toml")
    assert render(caught.value, "zh") == printed.strip()
