"""Approvals (批准): who decides about a real draw by hand does not approve of it too."""

from collections.abc import Iterable

from shuangsuiji.core.seed import REAL
from shuangsuiji.errors import InputRefused
from shuangsuiji.persons import same_name


def check_approvers(mode: str, approvers: Iterable[str], operator: str) -> None:
    """Refuse (InputRefused, `quarter.own_approver`) in a real draw an approver who is the operator.

    Both are declared, not authenticated: this keeps honest records apart, and shows who signs for what.
    """
    for approver in approvers:
        if mode == REAL and same_name(approver, operator):
            raise InputRefused("quarter.own_approver", approver=approver.strip(), operator=operator)
