"""Inspectors sealed after the targets: a notice, contributions and public values of their own, each in its order."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from docs.spec.v1 import verify as reference
from shuangsuiji.audit.verify import examine, verify
from shuangsuiji.audit.witnesses import Order
from shuangsuiji.bundle import archive, signatures
from shuangsuiji.bundle.notice import notice_digest
from shuangsuiji.bundle.witness import KINDS, LATE_CLOSING, LATE_NOTICE, WitnessStatement, sign_statement
from shuangsuiji.core.encoding import canonical_json, parse_json
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.quarter.ceremony import ceremony
from shuangsuiji.quarter.close import close, slip
from shuangsuiji.quarter.dossier import LATE, OWN, read_closing, read_notice
from shuangsuiji.quarter.draw import draw
from shuangsuiji.quarter.export import bundle
from shuangsuiji.quarter.late import inspectors, targets_only
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.plan import adopt
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.reasons import changes
from shuangsuiji.quarter.seed import typed
from shuangsuiji.quarter.status import status
from shuangsuiji.quarter.witness import statement
from shuangsuiji.store import Store, instants
from tests.audit.bundles import with_manifest
from tests.quarter.ceremony_pages import sheet, slides
from tests.quarter.small_plan import KEY, plan_file, with_rosters
from tests.quarter.test_records import KL8, OTHER, PEOPLE, WIDE
from tests.quarter.workspace import MIDWAY as NOW
from tests.quarter.workspace import give, on_disk

NOTARY: Final = b"n" * 32
FEBRUARY: Final = ("from = 2026-03-01, to = 2026-06-30", "from = 2026-07-01, to = 2026-09-30")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A real draw whose targets are frozen alone, its notice published."""
    store = with_rosters(tmp_path)
    adopt(store, plan_file(tmp_path, WIDE), salt_key=KEY, operator="张三", now=NOW)
    targets_only(store, values=["kl8:2026040"], operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    return store


def refused(store: Store, code: str, call: Callable[[], object]) -> None:
    before = on_disk(store.layout.root)
    with pytest.raises((InputRefused, WrongState)) as caught:
        call()
    assert caught.value.code == code
    assert on_disk(store.layout.root) == before


def seeded(store: Store, issue: str, value: str) -> None:
    for operator in ("张三", "李四"):
        typed(store, [f"kl8:{issue}={value}"], operator=operator, now=NOW)


def sealed(store: Store, *guests: str) -> None:
    give(store, "inspectors", PEOPLE, accept_gone=True)
    inspectors(store, values=["kl8:2026041"], contributors=guests, operator="张三", now=NOW)


def witness(store: Store, of: str, time: datetime = NOW) -> bytes:
    """The notary's signed statement of one of the four kinds."""
    with store.read() as reader:
        row = reader.draws()[-1]
        seal = LATE if of in (LATE_NOTICE, LATE_CLOSING) else OWN
        notice = read_notice(reader, row, seal)
        closing = read_closing(reader, row, notice, seal)
    assert closing is not None
    digest = notice_digest(notice) if of.endswith("notice") else closing.digest(notice.mode)
    stated = WitnessStatement(
        notice.authority, digest.hex(), notice.draw, notice.mode, "县公证处", of, instants.to_text(time)
    )
    return canonical_json(sign_statement(stated, NOTARY).object())


def through(store: Store, *guests: str) -> None:
    """The draw up to its match, with slips of the guests for the late seal."""
    seeded(store, "2026040", KL8)
    draw(store, operator="张三", now=NOW)
    sealed(store, *guests)
    publish(store, operator="张三", now=NOW)
    for guest in guests:
        for operator in ("张三", "李四"):
            slip(store, guest, "春风", operator=operator, now=NOW)
    if guests:
        close(store, operator="张三", now=NOW)
        publish(store, operator="张三", now=NOW)
    seeded(store, "2026041", OTHER)
    match(store, operator="张三", now=NOW)


@pytest.mark.parametrize("guests", [(), ("王代表",)])
def test_a_late_sealed_draw_is_verified_by_both_programs_as_witnessed(
    store: Store, tmp_path: Path, guests: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    through(store, *guests)
    path = tmp_path / "审计包.zip"
    trust = frozenset({signatures.fingerprint(signatures.public_key(NOTARY))})
    needed = [one for one in KINDS if guests or one != LATE_CLOSING]
    orders = []
    for of in needed:
        statement(store, witness(store, of), operator="张三", now=NOW)
        bundle(store, path, operator="张三", now=NOW)
        report = verify(path, trust=trust)
        assert report.failure is None, report.failure
        assert reference.main([str(path), "--trust", *trust]) == report.exit_code(rehearsal=False)
        orders.append(report.order)
    assert orders[-1] == Order.WITNESSED
    assert Order.NOT_PROVEN in orders
    capsys.readouterr()


def test_the_stages_follow_one_another_and_status_says_which_is_due(store: Store) -> None:
    refused(store, "quarter.too_early", lambda: sealed_early(store))
    seeded(store, "2026040", KL8)
    assert status(store, NOW).next.command == "draw"
    draw(store, operator="张三", now=NOW)
    assert status(store, NOW).next.example.startswith("shuangsuiji freeze --inspectors")
    assert ceremony(store, now=NOW).state == "drawn"
    refused(store, "quarter.inspectors_unsealed", lambda: match(store, operator="张三", now=NOW))
    sealed(store, "王代表")
    assert status(store, NOW).next.command == "publish"
    refused(store, "quarter.late_not_open", lambda: sealed_early(store))
    refused(store, "quarter.commitment_unpublished", lambda: seeded(store, "2026041", OTHER))
    publish(store, operator="张三", now=NOW)
    assert status(store, NOW).next.command == "contribute"
    refused(store, "quarter.not_closed", lambda: seeded(store, "2026041", OTHER))
    close(store, ["王代表"], operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    assert status(store, NOW).next.command == "seed"
    refused(store, "quarter.late_unseeded", lambda: match(store, operator="张三", now=NOW))
    seeded(store, "2026041", OTHER)
    assert status(store, NOW).next.command == "match"
    match(store, operator="张三", now=NOW)


def sealed_early(store: Store) -> None:
    inspectors(store, values=["kl8:2026041"], operator="张三", now=NOW)


def test_the_late_seed_waits_for_its_drawing(store: Store) -> None:
    seeded(store, "2026040", KL8)
    give(store, "inspectors", PEOPLE, accept_gone=True)
    inspectors(store, values=["kl8:2026050"], operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    refused(store, "quarter.not_drawn_yet", lambda: seeded(store, "2026050", OTHER))


def test_the_targets_values_cannot_seed_the_inspectors_too(store: Store) -> None:
    seeded(store, "2026040", KL8)
    for code, value in (("core.seed_known", "kl8:2026040"), ("plan.issue_form", "kl8:26040")):
        refused(
            store,
            code,
            lambda value=value: inspectors(store, values=[value], operator="张三", now=NOW),  # type: ignore[misc]
        )


def test_what_changed_in_a_pool_sealed_late_is_told_explained_and_bound_by_its_notice(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    through(store)
    publish(store, operator="张三", now=NOW)
    later: Any = {"plan_id": "410102-2026-02", "operator": "张三", "now": NOW}
    plan = plan_file(tmp_path, WIDE, ('"410102-2026-01"', '"410102-2026-02"'), FEBRUARY)
    adopt(store, plan, salt_key=KEY, operator="张三", now=NOW)
    targets_only(store, values=["kl8:2026048"], **later)
    publish(store, **later)
    seeded(store, "2026048", KL8)
    draw(store, **later)
    give(
        store,
        "inspectors",
        PEOPLE.replace("东镇1,市场监管局,东镇", "东镇1,市场监管局,西乡"),
        accept_gone=True,
    )
    table = tmp_path / "变动.csv"
    assert changes(store, table, plan_id="410102-2026-02").changes == {"inspector_changed": 1}
    table.write_text("变动类型,变动对象,变动理由,批准人\n人员信息改变,*,调动,李局长\n", encoding="utf-8")
    result = inspectors(store, values=["kl8:2026049"], reasons=[table], **later)
    assert (result.changes, result.unexplained) == ({"inspector_changed": 1}, {})
    publish(store, **later)
    seeded(store, "2026049", OTHER)
    match(store, **later)
    path = tmp_path / "审计包.zip"
    bundle(store, path, **later)
    report, case = examine(path)
    assert report.failure is None, report.failure
    assert reference.main([str(path)]) == report.exit_code(rehearsal=False)
    assert case is not None
    assert [(one["kind"], one["column"], one["reason"]) for one in case.changes] == [
        ("inspector_changed", "district", "调动")
    ]
    capsys.readouterr()
    hidden = dict(archive.read(path)[1])
    late: Any = parse_json(hidden["late.json"])
    hidden["late.json"] = canonical_json(late | {"changes": []})
    path.write_bytes(archive.write(archive.AUDITOR, with_manifest(hidden)))
    assert [examine(path)[0].failure.failure_class] == ["notice"]  # type: ignore[union-attr]


def test_notices_say_what_they_seal(store: Store) -> None:
    through(store)
    publish(store, operator="张三", now=NOW)
    folder = store.layout.published / "real-1"
    first = (folder / "commitment" / "commitment.html").read_text(encoding="utf-8")
    late = (folder / "late-commitment" / "late-commitment.html").read_text(encoding="utf-8")
    assert "人员补封公告公布" in first
    assert "执法检查人员抽取的指纹" not in first
    assert "人员补封公告" in late
    assert "检查对象抽取的指纹" not in late
    assert "执法检查人员名录库<" in late
    assert "执法检查人员名录库<" not in first
    assert (folder / "late-commitment" / "late-notice.json").exists()


def test_the_room_shows_each_stage_once_it_is_sealed(store: Store) -> None:
    page = slides(ceremony(store, now=NOW))
    assert "执法检查人员（人）" not in page, "no number of inspectors while none are sealed"
    assert "人员补封：" not in page
    assert page.count("尚未进行") == 6, "all but the freeze; the late seal's closing as long as it may be due"
    seeded(store, "2026040", KL8)
    draw(store, operator="张三", now=NOW)
    result = ceremony(store, now=NOW)
    assert "检查组名单还不能算出" in slides(result)
    assert "检查人员尚未封存" in sheet(result)
    sealed(store, "王代表")
    publish(store, operator="张三", now=NOW)
    slip(store, "王代表", "春风", operator="张三", now=NOW)
    page = slides(ceremony(store, now=NOW))
    with store.read() as reader:
        notice = read_notice(reader, reader.draws()[-1], LATE)
    assert all(f"<span>{notice.inspectors[at : at + 4]}</span>" in page for at in range(0, 64, 4))
    assert f"<b>{notice.inspectors_size}</b><span>执法检查人员（人）" in page
    assert page.count("第2026041期") == 1
    assert "等待第二人录入" in page
    assert "春风" not in page
    slip(store, "王代表", "春风", operator="李四", now=NOW)
    close(store, operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    typed(store, [f"kl8:2026041={OTHER}"], operator="张三", now=NOW)
    result = ceremony(store, now=NOW)
    page = slides(result)
    assert "春风" in page
    assert page.count("等待第二人录入") == 1, "a typing of the late value"
    assert page.count("分别录入，一致") == 1, "the targets' value"
    assert "尚未录入" in sheet(result)
    typed(store, [f"kl8:2026041={OTHER}"], operator="李四", now=NOW)
    match(store, operator="张三", now=NOW)
    page = slides(ceremony(store, now=NOW))
    assert page.count("分别录入，一致") == 2
    assert "检查组名单自此可以算出" in page
    # Nobody was to contribute to the targets: that closing alone is no step. The others are all done.
    assert page.count('<li class="done">') == 7
    assert "尚未进行" not in page


@pytest.mark.parametrize("guests", [(), ("王代表",)])
def test_the_sheet_to_sign_confirms_both_stages(store: Store, guests: tuple[str, ...]) -> None:
    through(store, *guests)
    paper = sheet(ceremony(store, now=NOW))
    with store.read() as reader:
        row = reader.draws()[-1]
        own, late = (read_notice(reader, row, seal) for seal in (OWN, LATE))
        closing = read_closing(reader, row, late, LATE)
    assert closing is not None
    assert own.targets in paper
    assert f'检查人员（人员补封） <code class="digest">{late.inspectors}' in paper
    rows = {one.split("</th>")[0]: one for one in paper.split('<th scope="row">')}
    for label, issue, value in (("公开随机数", "2026040", KL8), ("人员补封公开随机数", "2026041", OTHER)):
        assert f"第{issue}期" in rows[label]
        assert " ".join(value[at : at + 2] for at in range(0, 40, 2)) in rows[label]
        assert "张三、李四（分别录入，一致）" in rows[label]
    for label, issue in (("检查对象何时可算出", "2026040"), ("检查组何时可算出", "2026041")):
        assert f"第{issue}期（公告未载明开奖时间）" in rows[label]
    assert ("人员补封现场投入" in rows) == bool(guests)
    if guests:
        assert closing.digest("real").hex() in rows["人员补封现场投入"]
        assert "王代表（" in rows["人员补封现场投入"]
    assert "抽取承诺公告、人员补封公告一致" in paper
