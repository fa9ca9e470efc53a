"""A plan given up before its freeze: its number stays, everybody is told, the plan may be adopted anew."""

from pathlib import Path

import pytest

from shuangsuiji.audit.questions import answers
from shuangsuiji.audit.verify import examine
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.quarter.draw import draw
from shuangsuiji.quarter.drop import drop
from shuangsuiji.quarter.export import bundle
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.plan import adopt
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.seed import typed
from shuangsuiji.quarter.status import status
from shuangsuiji.quarter.void import void
from shuangsuiji.store import Store
from tests.quarter.small_plan import KEY, plan_file, with_rosters
from tests.quarter.test_records import KL8, PEOPLE, WIDE
from tests.quarter.workspace import MIDWAY as NOW
from tests.quarter.workspace import give, on_disk


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A real plan adopted, its notice not yet published."""
    store = with_rosters(tmp_path)
    give(store, "inspectors", PEOPLE, accept_gone=True)
    adopted(store, plan_file(tmp_path, WIDE))
    return store


def adopted(store: Store, path: Path, reason: str = "") -> int:
    return adopt(store, path, salt_key=KEY, reason=reason, operator="张三", now=NOW).draw


def dropped(store: Store, reason: str = "事项调整") -> bool:
    return drop(store, reason=reason, operator="张三", now=NOW).public


def test_its_number_stays_and_the_plan_gets_the_next_one(store: Store, tmp_path: Path) -> None:
    assert not dropped(store)
    assert [(one.draw, one.reason) for one in status(store, NOW).dropped] == [(1, "事项调整")]
    assert status(store, NOW).draws == ()
    assert status(store, NOW).next.command == "plan adopt"
    with pytest.raises(WrongState) as nothing:
        publish(store, operator="张三", now=NOW)
    assert nothing.value.code == "store.no_open_draw"
    assert adopted(store, plan_file(tmp_path, WIDE)) == 2


def test_it_needs_a_reason_and_comes_before_the_freeze(store: Store) -> None:
    before = on_disk(store.layout.root)
    with pytest.raises(InputRefused) as refused:
        dropped(store, " ")
    assert refused.value.code == "quarter.drop_reason"
    assert on_disk(store.layout.root) == before
    freeze(store, values=["kl8:2026040"], operator="张三", now=NOW)
    with pytest.raises(WrongState) as late:
        dropped(store)
    assert late.value.code == "quarter.too_late"


def test_a_void_before_the_match_says_what_to_do_instead(store: Store) -> None:
    for code in ("quarter.void_unfrozen", "quarter.void_early"):
        with pytest.raises(WrongState) as early:
            void(store, reason="名册有误", approver="李局", operator="张三", now=NOW)
        assert early.value.code == code
        if code == "quarter.void_unfrozen":
            freeze(store, values=["kl8:2026040"], operator="张三", now=NOW)


def test_a_plan_that_was_published_is_given_up_in_public(store: Store, tmp_path: Path) -> None:
    publish(store, operator="张三", now=NOW)
    assert dropped(store)
    assert status(store, NOW).next.command == "publish"
    adopted(store, plan_file(tmp_path, WIDE))
    (notice,) = publish(store, operator="张三", now=NOW).artefacts
    assert notice.name == "public/dropped.html"
    told = notice.path.read_text(encoding="utf-8")
    assert "事项调整" in told
    assert "第1号" in told
    # Once told, the next publication is about the plan that took its place.
    assert publish(store, operator="张三", now=NOW).draw == 2
    assert [one.draw.number for one in status(store, NOW).draws] == [2]


def test_the_report_counts_it_and_finds_no_gap(store: Store, tmp_path: Path) -> None:
    dropped(store)
    adopted(store, plan_file(tmp_path, WIDE))
    drawn(store)
    path = tmp_path / "审计包.zip"
    bundle(store, path, operator="张三", now=NOW)
    report, case = examine(path)
    assert case is not None
    counts = next(one.lines for one in answers(report, case) if one.question == "counts")
    told = {line.code: line.params for line in counts}
    assert (told["dropped"]["number"], told["dropped"]["reason"]) == ("1", "事项调整")
    assert told["no_gap"] == {"draw": 2}
    # Who could know, and when, stands in the seed's entry.
    seed = next(one.lines for one in answers(report, case) if one.question == "seed")
    known = {line.code: line.params for line in seed}
    assert known["known_from"] == {"drawing": "kl8:2026040", "hours": "每日21:30开奖"}
    assert known["held_by"] == {"operators": "张三、李四"}
    assert known["key_copies"] == {"places": "局保密柜"}


def test_a_version_that_was_declared_void_is_adopted_again_with_a_reason_only(
    store: Store, tmp_path: Path
) -> None:
    drawn(store)
    void(store, reason="名册有误", approver="李局", operator="张三", now=NOW)
    with pytest.raises(InputRefused) as refused:
        adopted(store, plan_file(tmp_path, WIDE))
    assert refused.value.code == "plan.reason_again"
    assert adopted(store, plan_file(tmp_path, WIDE), "名册更正后重抽") == 2
    with store.read() as reader:
        assert reader.log()[-1].details["reason"] == "名册更正后重抽"


def drawn(store: Store) -> None:
    freeze(store, values=["kl8:2026040"], operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    for operator in ("张三", "李四"):
        typed(store, [f"kl8:2026040={KL8}"], key_copies=["局保密柜"], operator=operator, now=NOW)
    draw(store, operator="张三", now=NOW)
    match(store, operator="张三", now=NOW)
