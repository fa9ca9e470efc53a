"""What the tests of the verbs share: a workspace, an instant, small rosters written inside the test."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from shuangsuiji.quarter.imports import ImportResult, import_roster
from shuangsuiji.quarter.init import init
from shuangsuiji.rosters import Kind
from shuangsuiji.store import Store

NOW: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER: Final = NOW + timedelta(minutes=1)
MIDWAY: Final = datetime(2026, 2, 19, 3, 4, 5, tzinfo=UTC)
"""The issues kl8:2026040 to 2026049 may have been drawn now, and may not, since nobody has told of the pauses of 2026.

So a real draw may still announce them, and a value of theirs may already be typed in.
"""
OPERATORS: Final = ("张三", "李四")

# Three firms whose check digits hold, from the ranges that belong to nobody.
FIRMS: Final = ("91990121MAB46UBF8H", "91990121MAXD0TEB7C", "91990121MAGMRRH728")
ENTITIES: Final = "统一社会信用代码,企业名称,登记状态\n" + "".join(f"{code},甲公司,存续\n" for code in FIRMS)
INSPECTORS: Final = """姓名,单位,身份证号,执法证编号,执法证有效期
王一,市场监管局,ID-1,A1,长期
赵二,市场监管局,ID-2,A2,2020-01-01至2029-12-31
钱三,城关所,ID-3,B1,长期
钱三,城关所,ID-3,B2,长期
"""


def new_store(tmp_path: Path) -> Store:
    init(tmp_path / "workspace", "某区市场监督管理局", "410102", OPERATORS, NOW)
    return Store.open(tmp_path / "workspace")


def give(
    store: Store, kind: Kind, text: str, *, name: str = "", strict: bool = False, accept_gone: bool = False
) -> ImportResult:
    """Import a roster written as CSV, as 张三."""
    path = store.layout.root.parent / (name or f"{kind}.csv")
    path.write_text(text, encoding="utf-8")
    return import_roster(
        store, kind, [path], strict=strict, accept_gone=accept_gone, operator="张三", now=LATER
    )


def on_disk(root: Path) -> dict[str, str]:
    """Every file of a workspace with the SHA-256 of its bytes."""
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
