"""Ten firms, four inspectors and a plan of two tiers for them: what the tests of plans begin from."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji import messages
from shuangsuiji.errors import ShuangsuijiError
from shuangsuiji.quarter.plan import AdoptResult, adopt
from shuangsuiji.sample.numbers import credit_code
from shuangsuiji.store import Store
from tests.quarter.workspace import LATER, give, new_store

KEY: Final = bytes(range(32))

PLAN: Final = """\
[plan]
id = "410102-2026-01"
version = 1
authority = "某区市场监督管理局"
title = "2026年度第一批抽查计划"
window = { from = 2026-03-01, to = 2026-06-30 }
district = "town"

[seed]
values = ["kl8:2026040"]

[publish]
deadline = 2026-02-28
max_posterior = "100%"

[columns]
town = "所属乡镇"
grade = "信用风险等级"

[[exclusion]]
reason = "visited"
name = "本年度已检查"
visits = 1
since = 2026-01-01

[[slot]]
id = "lead"
name = "组长"
pool = ["eq", "unit", "市场监管局"]

[[slot]]
id = "local"
name = "属地人员"
pool = ["and"]
district = "home"

[blocks]
max_targets = 10
max_per_inspector = 8

[[task]]
id = "publicity"
name = "公示信息检查"
kind = "不定向"
pool = ["and"]
slots = ["lead", "local"]
items = ["年度报告公示信息检查"]
key = "town"

[[task.tier]]
id = "high"
name = "高风险"
where = ["eq", "grade", "高"]
count = 2
key = ""

[[task.tier]]
id = "medium"
name = "中风险"
where = ["eq", "grade", "中"]
rate = "1/3"
"""

# (乡镇, 信用风险等级, 登记状态, visited this year) of ten firms.
FIRMS: Final = (
    ("东镇", "高", "存续", False),
    ("西乡", "高", "存续", False),
    ("西乡", "高", "存续", False),
    ("东镇", "高", "吊销", False),
    ("东镇", "高", "存续", True),
    ("东镇", "中", "存续", False),
    ("东镇", "中", "存续", False),
    ("西乡", "中", "存续", False),
    ("", "中", "存续", False),
    ("西乡", "", "存续", False),
)
CODES: Final = tuple(credit_code("91", serial) for serial in range(1, len(FIRMS) + 1))
INSPECTORS: Final = """姓名,单位,地区,身份证号,执法证编号,执法证有效期
王一,市场监管局,东镇,ID-1,A1,长期
赵二,市场监管局,西乡,ID-2,A2,2020-01-01至2029-12-31
钱三,城关所,西乡,ID-3,B1,2020-01-01至2026-03-31
孙四,应急管理局,东镇,ID-4,C1,长期
"""


def registry(*gone: str) -> str:
    """The registry as a file; with codes of firms, as it is once those are deregistered."""
    head = "统一社会信用代码,企业名称,登记状态,所属乡镇\n"
    rows = zip(CODES, FIRMS, strict=True)
    return head + "".join(
        f"{code},甲,{'注销' if code in gone else state},{town}\n" for code, (town, _, state, _) in rows
    )


def with_rosters(tmp_path: Path) -> Store:
    store = new_store(tmp_path)
    rows = list(zip(CODES, FIRMS, strict=True))
    give(store, "entities", registry())
    give(store, "risk", "统一社会信用代码,信用风险等级\n" + "".join(f"{c},{f[1]}\n" for c, f in rows if f[1]))
    give(store, "inspectors", INSPECTORS)
    give(
        store, "visits", "统一社会信用代码,检查日期\n" + "".join(f"{c},2026-01-01\n" for c, f in rows if f[3])
    )
    return store


def plan_file(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = PLAN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "计划.toml"
    path.write_text(text, encoding="utf-8")
    return path


def adopted(store: Store, path: Path, *, rehearsal: bool = False, reason: str = "") -> AdoptResult:
    return adopt(store, path, rehearsal=rehearsal, reason=reason, salt_key=KEY, operator="张三", now=LATER)


def refused(code: str, action: Callable[[], object]) -> ShuangsuijiError:
    with pytest.raises(ShuangsuijiError) as caught:
        action()
    assert caught.value.code == code
    for lang in messages.LANGUAGES:
        assert len(messages.render(caught.value, lang).splitlines()) == 2
    return caught.value
