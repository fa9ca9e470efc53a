"""Nothing private of a batch that did not go the straight way: inspectors sealed late, a plan given up, a void draw."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from shuangsuiji import sample
from shuangsuiji.quarter import export, site
from shuangsuiji.quarter.close import close, slip
from shuangsuiji.quarter.draw import draw
from shuangsuiji.quarter.drop import drop
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.late import inspectors, targets_only
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.notices import FORMATS, notices
from shuangsuiji.quarter.plan import adopt
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.seed import typed
from shuangsuiji.quarter.void import void
from shuangsuiji.store import Store
from tests.quarter.small_plan import CODES, KEY, plan_file, registry, with_rosters
from tests.quarter.test_records import KL8, OTHER, PEOPLE, WIDE
from tests.quarter.workspace import MIDWAY as NOW
from tests.quarter.workspace import give
from tests.test_private_marks import text

MARK: Final = sample.MARK
WHO: Final[dict[str, Any]] = {"operator": "张三", "now": NOW}
FIRST: Final = (WIDE, ('district = "home"', 'district = "any"'))  # a firm of no town may be drawn
SECOND: Final = (
    *FIRST,
    ('"410102-2026-01"', '"410102-2026-02"'),
    ("from = 2026-03-01, to = 2026-06-30", "from = 2026-07-01, to = 2026-09-30"),
)


def marked(store: Store, *, transferred: str = "") -> None:
    """The rosters, every private cell of them marked; with a person, as they are once that one is transferred."""
    head, *firms = registry().splitlines()
    lines = [f"{head},法定代表人,联系电话", *(f"{one},王{MARK},{MARK}电{n}" for n, one in enumerate(firms))]
    give(store, "entities", "\n".join(lines) + "\n")
    head, *people = PEOPLE.splitlines()
    lines = [f"{head},手机号", *(f"{one.replace('ID-', MARK)},{MARK}手{n}" for n, one in enumerate(people))]
    table = "\n".join(lines) + "\n"
    if transferred:
        table = table.replace(f"{transferred},市场监管局,东镇", f"{transferred},市场监管局,西乡")
    give(store, "inspectors", table, accept_gone=True)
    give(store, "conflicts", f"执法证编号,统一社会信用代码,回避原因\n东镇1,{CODES[0]},持有股份{MARK}\n")


def reasons(tmp_path: Path) -> Path:
    """What the changes since the draw before are explained with, as only auditors read it."""
    path = tmp_path / "变动.csv"
    line = f"人员信息改变,*,调动{MARK},李{MARK}"
    path.write_text(f"变动类型,变动对象,变动理由,批准人\n{line}\n", encoding="utf-8")
    return path


def seeded(store: Store, issue: str, value: str) -> None:
    for operator in ("张三", "李四"):
        typed(store, [f"kl8:{issue}={value}"], operator=operator, now=NOW)


def adopted(store: Store, path: Path, reason: str = "") -> int:
    return adopt(store, path, reason=reason, salt_key=KEY, **WHO).draw


def drawn(store: Store, issue: str, *, tables: tuple[Path, ...] = (), after: int | None = None) -> None:
    """The open draw, from its freeze to its teams."""
    freeze(store, values=[f"kl8:{issue}"], reasons=tables, successor_of=after, **WHO)
    publish(store, **WHO)
    seeded(store, issue, KL8)
    draw(store, **WHO)
    match(store, **WHO)


def late(store: Store, tmp_path: Path) -> set[str]:
    """A batch as usual, then one whose inspectors are sealed late, one of them transferred, with a guest's slip."""
    adopted(store, plan_file(tmp_path, *FIRST))
    drawn(store, "2026040")
    publish(store, **WHO)
    adopted(store, plan_file(tmp_path, *SECOND))
    targets_only(store, values=["kl8:2026048"], **WHO)
    publish(store, **WHO)
    seeded(store, "2026048", KL8)
    draw(store, **WHO)
    marked(store, transferred="东镇1")
    sealed = inspectors(
        store, values=["kl8:2026049"], contributors=["王代表"], reasons=[reasons(tmp_path)], **WHO
    )
    assert sealed.changes["inspector_changed"] == 1
    assert not sealed.unexplained
    publish(store, **WHO)
    for operator in ("张三", "李四"):
        slip(store, "王代表", "春风", operator=operator, now=NOW)
    close(store, **WHO)
    publish(store, **WHO)
    seeded(store, "2026049", OTHER)
    match(store, **WHO)
    publish(store, **WHO)
    return {"plan-1", "commitment", "late-commitment", "late-closing", "result"}


def dropped(store: Store, tmp_path: Path) -> set[str]:
    """A plan given up in public, after rosters were imported for it."""
    adopted(store, plan_file(tmp_path, *FIRST))
    publish(store, **WHO)
    drop(store, reason="事项调整", **WHO)
    publish(store, **WHO)
    return {"plan-1", "dropped"}


def voided(store: Store, tmp_path: Path) -> set[str]:
    """A draw declared void before its list was out, and the draw of the same plan that took its place."""
    adopted(store, plan_file(tmp_path, *FIRST))
    drawn(store, "2026040")
    void(store, reason="名册有误", approver=f"王{MARK}", **WHO)
    publish(store, **WHO)
    adopted(store, plan_file(tmp_path, *FIRST), reason="名册更正后重抽")
    marked(store, transferred="东镇1")
    drawn(store, "2026048", tables=(reasons(tmp_path),), after=1)
    publish(store, **WHO)
    return {"commitment", "result"}


def public(store: Store, folder: Path) -> Mapping[Path, str]:
    """All that anybody gets to see of a workspace, by file: notices in every format, tables, bundles, the site."""
    folder.mkdir()
    with store.read() as reader:
        draws = {one.plan_id: one for one in reader.draws()}
    for plan, latest in draws.items():
        for form in FORMATS:
            notices(store, folder / f"{plan}-{form}", form, plan_id=plan, now=NOW)
        if not latest.dropped:
            export.public(store, folder / f"{plan}.zip", plan_id=plan, **WHO)
            export.csv(store, folder / f"{plan}.csv", plan_id=plan, now=NOW)
    site.site(store, folder / "site", formats=FORMATS, **WHO)
    paths = [*folder.rglob("*"), *store.layout.published.rglob("*")]
    return {path: text(path) for path in paths if path.is_file()}


@pytest.mark.parametrize("world", [late, dropped, voided])
def test_no_public_artefact_holds_a_private_mark(
    world: Callable[[Store, Path], set[str]], tmp_path: Path
) -> None:
    store = with_rosters(tmp_path)
    marked(store)
    expected = world(store, tmp_path)
    found = public(store, tmp_path / "public")
    assert not [path for path, one in found.items() if MARK in one or "ID-" in one]
    for name in expected:  # so that a notice that was not made, or not read, cannot pass
        suffixes = {".csv", ".html", ".pdf", ".xlsx"}
        texts = {path: one for path, one in found.items() if path.stem == name and path.suffix in suffixes}
        assert {path.suffix for path in texts} == suffixes, name
        assert not [path for path, one in texts.items() if "某区市场监督管理局" not in one], name
    with store.read() as reader:
        kept = [reader.file(own, name) for own in reader.draws() for name in own.files]
        private = any(MARK.encode() in one for one in kept)
        assert not [
            name
            for own in reader.draws()
            for name in own.files
            if name.startswith(("content/", "public/", "views/")) and MARK.encode() in reader.file(own, name)
        ]
    assert private == (world is not dropped), "auditors do read reasons and approvers"
