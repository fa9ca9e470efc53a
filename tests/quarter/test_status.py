"""`status`: where the work stands, what is missing, which command comes next."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from shuangsuiji.bundle.notice import Notice
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.seed import Announced
from shuangsuiji.quarter.close import close, slip
from shuangsuiji.quarter.dossier import CLOSING_NOTICE, COMMIT_NOTICE
from shuangsuiji.quarter.imports import withdraw
from shuangsuiji.quarter.publish import RESULT_NOTICE
from shuangsuiji.quarter.status import Status, status
from shuangsuiji.store import STATES, DrawRow, Mode, Store
from tests.quarter.workspace import ENTITIES, FIRMS, INSPECTORS, LATER, NOW, give, new_store

KEY = bytes(32)


def adopt(store: Store, plan_id: str = "410102-2026-1", mode: Mode = "real") -> DrawRow:
    with store.begin("张三", "plan adopt", NOW) as transaction:
        return transaction.add_draw(mode, transaction.add_plan(plan_id, 1, plan_id.encode()), KEY)


def announce(store: Store, draw: DrawRow, *values: tuple[str, str], contributors: Sequence[str] = ()) -> None:
    """A freeze, as far as `status` looks at it: the notice with the values and persons announced."""
    notice = Notice(
        authority="某区市场监督管理局",
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        targets="0a" * 32,
        inspectors="0b" * 32,
        registry_size=3,
        inspectors_size=3,
        recusals_size=0,
        changes="0c" * 32,
        values=tuple(Announced(source, issue) for source, issue in values),
        head="0d" * 32,
        time="2026-01-02T03:04:05Z",
        deadline="2026-02-28",
        contributors=tuple(contributors),
    )
    with store.begin("张三", "freeze", NOW) as transaction:
        transaction.put_files(draw, {"notice.json": canonical_json(notice.object())})
        transaction.set_state(draw, "frozen")
    assert status(store, LATER).next.command == "publish"
    with store.begin("张三", "publish", NOW) as transaction:
        transaction.put_files(draw, {COMMIT_NOTICE: b""})


def of_roster(found: Status, kind: str) -> tuple[int, int | None]:
    (roster,) = (one for one in found.rosters if one.kind == kind)
    return roster.size, None if roster.current is None else roster.current.id


def test_an_empty_workspace_wants_its_rosters_one_by_one(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    found = status(store, LATER)
    assert (found.authority, found.region, found.operators) == (
        "某区市场监督管理局",
        "410102",
        ("张三", "李四"),
    )
    assert found.next.command == "import entities"
    assert found.next.example.startswith("shuangsuiji import entities ")
    assert found.missing == (
        "quarter.missing.entities",
        "quarter.missing.inspectors",
        "quarter.missing.plan",
    )
    give(store, "entities", ENTITIES)
    assert status(store, LATER).next.command == "import inspectors"
    give(store, "inspectors", INSPECTORS)
    found = status(store, LATER)
    assert found.next.command == "plan adopt"
    assert found.missing == ("quarter.missing.plan",)
    assert of_roster(found, "entities") == (3, 1)
    assert of_roster(found, "inspectors") == (3, 2)
    assert of_roster(found, "review") == (0, None)
    assert (found.log_entries, found.log_fault) == (3, None)


def test_a_review_stands_until_it_is_withdrawn(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    give(store, "inspectors", INSPECTORS)
    review = give(store, "review", "执法证编号,审验结果,审验原因\nA1,注销,退休\n")
    assert of_roster(status(store, LATER), "review") == (3, review.id)
    withdraw(store, review.id, "误导入", operator="李四", now=LATER)
    assert of_roster(status(store, LATER), "review") == (0, None)


def test_each_state_of_a_draw_leads_to_its_command(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    give(store, "entities", ENTITIES)
    give(store, "inspectors", INSPECTORS)
    draw = adopt(store)
    assert status(store, LATER).next.example == "shuangsuiji freeze --operator 张三"
    assert status(store, LATER).missing == ()
    announce(store, draw, ("kl8", "2026318"), ("pl5", "26001"))
    example = "shuangsuiji seed --value kl8:2026318=… --value pl5:26001=… --operator "
    assert status(store, LATER).next.example == example + "张三"
    with store.begin("张三", "seed", NOW) as transaction:
        transaction.add_typing(draw, "张三", {"kl8:2026318": "0" * 40})
    assert status(store, LATER).next.example == example + "李四"
    assert status(store, LATER).missing == ("quarter.missing.second_typing",)
    assert status(store, LATER).draws[0].typed_by == ("张三",)
    for state, command in zip(STATES[2:], ("draw", "match", "publish", "plan adopt"), strict=True):
        with store.begin("张三", "step", NOW) as transaction:
            transaction.set_state(draw, state)
        assert status(store, LATER).next.command == command
    found = status(store, LATER)
    assert (found.draws, found.published, found.missing) == ((), 1, ("quarter.missing.next_plan",))


def test_a_result_promised_by_the_commit_notice_is_overdue_until_it_is_published(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    draw = adopt(store)
    announce(store, draw, ("kl8", "2026318"))  # the result is promised by 28 February
    last = datetime(2026, 2, 28, 1, tzinfo=UTC)

    def overdue(now: datetime) -> list[tuple[str, date]]:
        return [(one.kind, one.due) for one in status(store, now).overdue]

    assert overdue(last) == []
    assert overdue(last + timedelta(days=1)) == [("result", date(2026, 2, 28))]
    with store.begin("张三", "seed", NOW) as transaction:
        transaction.set_state(draw, "seeded")
    assert overdue(last + timedelta(days=1)) == [("result", date(2026, 2, 28))]
    with store.begin("张三", "publish", NOW) as transaction:
        transaction.put_files(draw, {RESULT_NOTICE: b""})
    assert overdue(last + timedelta(days=1)) == []


def test_contributors_come_before_the_public_values(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    give(store, "entities", ENTITIES)
    give(store, "inspectors", INSPECTORS)
    announce(store, adopt(store), ("kl8", "2026318"), contributors=["王代表", "李代表"])
    assert status(store, LATER).next.example == "shuangsuiji contribute 王代表 --slip … --operator 张三"
    slip(store, "王代表", "春风", operator="张三", now=NOW)
    assert status(store, LATER).next.example == "shuangsuiji contribute 王代表 --slip … --operator 李四"
    slip(store, "王代表", "春风", operator="李四", now=NOW)
    assert status(store, LATER).draws[0].pending == ("李代表",)
    slip(store, "李代表", "秋水", operator="张三", now=NOW)
    slip(store, "李代表", "秋水", operator="李四", now=NOW)
    assert status(store, LATER).next.command == "close"
    close(store, operator="张三", now=NOW)
    assert status(store, LATER).next.command == "publish"
    with store.begin("张三", "publish", NOW) as transaction:
        transaction.put_files(transaction.open_draw(), {CLOSING_NOTICE: b""})
    assert status(store, LATER).next.command == "seed"


def test_a_list_held_back_is_what_a_published_result_still_waits_for(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    give(store, "entities", ENTITIES)
    give(store, "inspectors", INSPECTORS)
    draw = adopt(store)
    announce(store, draw, ("kl8", "2026318"))
    for state in STATES[2:5]:
        with store.begin("张三", "step", NOW) as transaction:
            transaction.set_state(draw, state)
    assert status(store, LATER).missing == ()
    with store.begin("张三", "publish", NOW) as transaction:
        transaction.put_files(draw, {RESULT_NOTICE: b""})
    assert (status(store, LATER).next.command, status(store, LATER).missing) == (
        "publish",
        ("quarter.missing.embargo_end",),
    )


def test_a_rehearsal_is_seeded_by_hand(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    give(store, "entities", ENTITIES)
    give(store, "inspectors", INSPECTORS)
    announce(store, adopt(store, mode="rehearsal"), ("explicit", "1"))
    words = status(store, LATER).next.example.split()
    assert words[:3] == ["shuangsuiji", "seed", "--explicit"]
    assert len(bytes.fromhex(words[3])) == 32


def test_several_draws_are_told_apart_by_their_plans(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    give(store, "entities", ENTITIES)
    give(store, "inspectors", INSPECTORS)
    adopt(store), adopt(store, "410102-2026-2")
    found = status(store, LATER)
    assert [one.next.example for one in found.draws] == [
        "shuangsuiji freeze --plan 410102-2026-1 --operator 张三",
        "shuangsuiji freeze --plan 410102-2026-2 --operator 张三",
    ]
    assert found.next == found.draws[0].next


def test_a_roster_withdrawn_after_the_plan_was_adopted_is_missed_again(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    row = give(store, "entities", ENTITIES)
    give(store, "inspectors", INSPECTORS)
    adopt(store)
    withdraw(store, row.id, "误导入", operator="张三", now=LATER)
    assert status(store, LATER).next.command == "import entities"
    assert status(store, LATER).missing == ("quarter.missing.entities",)


def test_an_altered_log_is_named_by_its_entry(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    give(store, "risk", f"统一社会信用代码,信用风险等级\n{FIRMS[0]},中\n")
    connection = sqlite3.connect(store.layout.database)
    connection.execute("DROP TRIGGER log_no_update")
    connection.execute("UPDATE log SET time = '2025-01-02T03:04:05Z' WHERE seq = 1")
    connection.commit()
    connection.close()
    assert status(store, LATER).log_fault == 1
