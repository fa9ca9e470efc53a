"""`init --templates` (名册模板): an Excel workbook to fill in for each kind of roster, and the plans to begin from."""

from dataclasses import dataclass
from pathlib import Path

from shuangsuiji import messages
from shuangsuiji.config import shipped
from shuangsuiji.errors import InputRefused, Where
from shuangsuiji.messages import Lang
from shuangsuiji.rosters import KINDS, Rules
from shuangsuiji.rosters.templates import template
from shuangsuiji.store import environment, files


@dataclass(frozen=True, slots=True)
class TemplatesResult:
    """The files written: workbooks in the order of `KINDS`, then the shipped plans (计划样例)."""

    files: tuple[Path, ...]


def templates(
    folder: Path, *, workspace: Path | None = None, config: Path | None = None, lang: Lang = "zh"
) -> TemplatesResult:
    """Write a template of each roster and the shipped plans into `folder`, made if need be.

    `lang` is that of names and explanations. Headings are those of `headings.toml` as it holds for the workspace and
    `--config`. Raises InputRefused `rosters.settings_*` and, before anything is written, `quarter.template_exists` (a
    filled one may lie there); EnvironmentRefused as `environment`.
    """
    headings = Rules.load(workspace=workspace, override=config).headings
    made = {
        folder / f"{messages.text(f'rosters.template.sheet.{kind}', lang)}.xlsx": template(
            kind, headings, lang
        )
        for kind in KINDS
        if kind in headings.kinds
    }
    for plan in sorted((shipped("config") / "plans").glob("*.toml")):
        made[folder / plan.name] = plan.read_bytes()
    with environment(folder):
        for path in made:
            if path.exists():
                raise InputRefused("quarter.template_exists", Where(file=str(path)))
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in made.items():
            files.write(path, data, files.PUBLIC)
    return TemplatesResult(tuple(made))
