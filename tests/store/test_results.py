"""Results, reviews, publication, proposals: only ever added; the database itself holds what matters most."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from shuangsuiji.store import DrawRow, NewEntry, Store
from tests.store.world import KEY, NOW, put_plan, tables

FIRST = NewEntry("91A", "nb", "公示信息", {"category": "no_problem"})


@pytest.fixture
def draw(store: Store) -> DrawRow:
    with store.begin("张三", "plan adopt", NOW) as transaction:
        return transaction.add_draw("real", put_plan(transaction), KEY)


def enter(store: Store, draw: DrawRow, *entries: NewEntry, operator: str = "张三") -> tuple[int, ...]:
    with store.begin(operator, "results enter", NOW) as transaction:
        return transaction.add_entries(draw, entries)


def test_entries_are_read_as_they_were_made_and_only_of_their_draw(store: Store, draw: DrawRow) -> None:
    with store.begin("张三", "plan adopt", NOW) as transaction:
        other = transaction.add_draw("rehearsal", transaction.plan(draw.plan_id, 1), KEY)
    (first,) = enter(store, draw, FIRST)
    enter(store, other, FIRST)
    (second,) = enter(
        store, draw, NewEntry("91A", "nb", "公示信息", {"category": "x"}, first), operator="李四"
    )
    with store.begin("李四", "results review", NOW + timedelta(days=1)) as transaction:
        transaction.add_review([first], approved=True)
    with store.begin("张三", "publish", NOW) as transaction:
        transaction.mark_published_entries([first])
        transaction.add_abnormal(draw, ["91A", "91B"], "proposed", "2026-01-02", {"reason": "失联"})
    with store.read() as reader:
        found, log = reader.entries(draw), reader.log()
        assert [(one.id, one.corrects, one.operator) for one in found] == [
            (first, 0, "张三"),
            (second, first, "李四"),
        ]
        assert [one.content for one in found] == [{"category": "no_problem"}, {"category": "x"}]
        assert {log[one.batch - 1].verb for one in found} == {"results enter"}
        (review,) = reader.reviews(draw)
        assert (review.entry, review.approved, review.operator) == (first, True, "李四")
        (told,) = reader.published_entries(draw)
        assert (told.entry, told.operator, told.time) == (first, "张三", NOW)
        assert [(one.target, one.step, one.day) for one in reader.abnormal(draw)] == [
            ("91A", "proposed", "2026-01-02"),
            ("91B", "proposed", "2026-01-02"),
        ]
        assert len(reader.entries(other)) == 1
        nothing = (reader.reviews(other), reader.published_entries(other), reader.abnormal(other))
        assert nothing == ((), (), ())


def test_one_value_of_all_that_stands_is_what_reading_every_entry_gives(store: Store, draw: DrawRow) -> None:
    with store.begin("张三", "plan adopt", NOW) as transaction:
        again = transaction.add_draw(draw.mode, transaction.plan(draw.plan_id, 1), KEY)
        rehearsed = transaction.add_draw("rehearsal", transaction.plan(draw.plan_id, 1), KEY)

    def of(target: str, item: str, day: str, corrects: int = 0) -> NewEntry:
        return NewEntry(target, "nb", item, {"day": day, "note": '"}', "steps": [{"day": "x"}]}, corrects)

    (first, _, _) = enter(store, draw, *(of("91A", item, "2026-04-01") for item in ("甲", "乙", "丙")))
    (second,) = enter(store, draw, of("91A", "甲", "2026-04-09", first))
    enter(store, draw, of("91A", "甲", "2026-04-02", second), of("91B", "甲", "2026-04-03"))
    enter(store, again, of("91B", "甲", "2026-07-01"), of("91B", "乙", "2026-07-01"))
    enter(store, rehearsed, of("91C", "甲", "2026-04-04"))
    with store.read() as reader:
        for mode in (draw.mode, rehearsed.mode):
            standing = {
                (own.id, one.target, one.item): (one.target, one.content["day"])
                for own in reader.draws()
                if own.mode == mode
                for one in reader.entries(own)
            }
            assert reader.standing_values(mode, "day") == tuple(sorted(set(standing.values())))


@pytest.mark.parametrize("table", ["results", "reviews", "published_results", "abnormal_steps"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET operator = '李四'", "DELETE FROM {}"])
def test_nothing_of_it_is_changed_or_removed(table: str, statement: str, store: Store, draw: DrawRow) -> None:
    entries = enter(store, draw, FIRST)
    with store.begin("李四", "results review", NOW) as transaction:
        transaction.add_review(entries, approved=True)
        transaction.mark_published_entries(entries)
        transaction.add_abnormal(draw, ["91A"], "proposed", "2026-01-02", {})
    before = tables(store.layout.root)
    connection = sqlite3.connect(store.layout.database)
    with pytest.raises(sqlite3.IntegrityError, match="kept as they are"):
        connection.execute(statement.format(table))
    connection.close()
    assert tables(store.layout.root) == before


def test_the_database_refuses_what_no_verb_may_do(store: Store, draw: DrawRow) -> None:
    (first,) = enter(store, draw, FIRST)
    enter(store, draw, NewEntry("91A", "nb", "公示信息", {}, first))
    before = tables(store.layout.root)
    wrong = {
        "a second first result": NewEntry("91A", "nb", "公示信息", {}),
        "a second correction of one": NewEntry("91A", "nb", "公示信息", {}, first),
        "a correction of another target's": NewEntry("91B", "nb", "公示信息", {}, first),
        "a correction of nothing": NewEntry("91A", "nb", "公示信息", {}, 99),
    }
    for entry in wrong.values():
        with pytest.raises(IntegrityError):
            enter(store, draw, entry)
    with pytest.raises(IntegrityError), store.begin("张三", "results review", NOW) as transaction:
        transaction.add_review([first], approved=True)  # by who entered it
    with pytest.raises(IntegrityError), store.begin("李四", "publish", NOW) as transaction:
        transaction.mark_published_entries([first])  # not approved
    with pytest.raises(IntegrityError), store.begin("李四", "results review", NOW) as transaction:
        transaction.add_review([first, first], approved=False, reason="缺证据")  # a second time
    assert tables(store.layout.root) == before
