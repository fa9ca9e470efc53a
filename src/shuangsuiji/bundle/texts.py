"""What disclosure needs of a plan's texts; `shuangsuiji.plan.texts` has it (plans and bundles do not know each other).

None of it is part of the commitment. An empty text stands for the notice's own default.
"""

from collections.abc import Mapping
from typing import Protocol


class TaskTexts(Protocol):
    """What the plan notice says of one task."""

    @property
    def directed(self) -> bool:
        """定向 or 不定向抽查."""

    @property
    def agency(self) -> str:
        """检查主体."""

    @property
    def lead(self) -> str:
        """发起部门."""

    @property
    def partners(self) -> tuple[str, ...]:
        """配合部门."""

    @property
    def method(self) -> str:
        """检查方式."""

    @property
    def scope(self) -> str:
        """抽查对象范围."""

    @property
    def risk(self) -> str:
        """信用风险分类监管要求."""

    @property
    def remark(self) -> str:
        """备注."""


class Texts(Protocol):
    """标题、正文、落款 of the notices, and two permissions."""

    @property
    def title(self) -> str:
        """抽查计划名称."""

    @property
    def issuer(self) -> str:
        """落款机关."""

    @property
    def contact(self) -> str:
        """联系方式."""

    @property
    def plan_body(self) -> str:
        """正文 of the plan notice: paragraphs divided by line feeds."""

    @property
    def commitment_body(self) -> str:
        """正文 of the commit notice."""

    @property
    def draw_body(self) -> str:
        """正文 of the result notice."""

    @property
    def reasons(self) -> Mapping[str, str]:
        """Wordings of the plan's reasons of exclusion, by reason."""

    @property
    def tasks(self) -> Mapping[str, TaskTexts]:
        """The texts of every task of the plan, by task id."""

    @property
    def publish_inspectors(self) -> bool:
        """Whether names and units of drawn inspectors may be public."""

    @property
    def embargo(self) -> str | None:
        """The first date (ISO) on which the list of those drawn may be public; None: at once."""
