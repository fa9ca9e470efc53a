"""抽查计划: from the TOML that an officer writes to the core's frozen Plan, and to the texts that stay beside it."""

from shuangsuiji.plan.drawings import announced
from shuangsuiji.plan.reader import PlanFile, parse_plan_file, read_plan
from shuangsuiji.plan.texts import TaskTexts, Texts, parse_texts, texts_object

__all__ = [
    "PlanFile",
    "TaskTexts",
    "Texts",
    "announced",
    "parse_plan_file",
    "parse_texts",
    "read_plan",
    "texts_object",
]
