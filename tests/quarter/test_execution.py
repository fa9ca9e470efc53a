"""执行核查 from the store: what was drawn, replaced, planned and entered meet under the same names."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from shuangsuiji.audit.executed import Execution, Limits
from shuangsuiji.errors import WrongState
from shuangsuiji.quarter import request
from shuangsuiji.quarter.execution import execution
from shuangsuiji.quarter.review import Selection
from shuangsuiji.quarter.schedule import make
from shuangsuiji.quarter.visit_problem import Wishes
from shuangsuiji.quarter.void import void
from shuangsuiji.store import Store
from tests.quarter.test_records import PEOPLE, answered, asked, chronicle, give_gone, somebody, store
from tests.quarter.test_results import AFTER, VISIT, imported, reviewed, rows
from tests.quarter.workspace import NOW, give

__all__ = ["store"]

WIDE = Limits(late=30, bulk=30, a_day=1000, least=1)


def looked(store: Store, limits: Limits = WIDE) -> Execution:
    return execution(store, limits=limits)


def test_where_those_drawn_went_only_offices_without_a_finding_are_named(store: Store) -> None:
    assert looked(store).done == 0
    table = rows(store)
    imported(store, table)
    found = looked(store)
    assert (found.due, found.done) == (len(table), len(table))
    assert found.kept == found.places == sum(len(one.team) for one in chronicle(store).state.targets.values())
    assert (found.absent, found.strangers, found.alone, found.late, found.persons) == ((), (), (), (), ())
    assert found.silent == ()
    reviewed(store, Selection(everything=True))
    assert {one.unit for one in looked(store).silent} == {"市场监管局"}


def test_entries_of_a_later_day_are_late_by_working_days(store: Store) -> None:
    # Half past midnight in China, when it is still the day before in UTC.
    imported(store, rows(store), now=datetime(2026, 3, 31, 16, 30, tzinfo=UTC))
    found = looked(store, Limits(late=9))
    # From Wednesday, 18 March, to Wednesday, 1 April 2026, with no holiday between.
    assert {(one.day.isoformat(), one.days) for one in found.late} == {(VISIT, 10)}
    assert looked(store, Limits(late=10)).late == ()


def test_a_replaced_person_is_neither_absent_nor_a_stranger_and_counts_once_for_each_place(
    store: Store,
) -> None:
    before = chronicle(store).state
    target, person = somebody(store)
    held = Counter(who for one in before.targets.values() for who in one.team.values())
    request.person(store, person, [target], asked())
    answered(store, 1)
    imported(store, rows(store))
    found = looked(store)
    assert (found.absent, found.strangers) == ((), ())
    assert [(one.key, one.drawn, one.unable, one.replaced) for one in found.persons] == [
        (person, held[person], 1, 1)
    ]


def test_a_visit_before_a_replacement_was_by_those_drawn_whatever_the_request_comes_to(store: Store) -> None:
    target, person = somebody(store)
    table = rows(store)
    request.person(store, person, [], asked())
    done = imported(store, table)
    assert (done.entries, done.refused_rows) == (len(table), 0)
    (note,) = (one for one in done.notes if one.code == "result.note.replacement_open")
    names = {one.id: one.name for one in chronicle(store).grounds.frozen.pool.inspectors}
    assert note.params["persons"] == names[person]
    waiting = looked(store)
    places = {one.target for one in waiting.overtaken}
    assert note.params["count"] == len(places) > 1
    assert target in places
    assert (waiting.persons, {one.came for one in waiting.overtaken}) == ((), {None})
    result = answered(store, 1, now=AFTER)
    assert len(result.visited) == len(places)
    found = looked(store)
    assert (found.absent, found.strangers, found.kept) == ((), (), found.places)
    assert {one.target for one in found.overtaken if one.person == person and one.came} == places


def test_a_request_that_lapsed_replaced_nobody(store: Store) -> None:
    gone = give_gone(store, set(chronicle(store).state.targets))
    person = chronicle(store).state.targets[gone].team["local"]
    request.target(store, gone, asked(reason="已注销"))
    request.recusal(store, gone, person, asked("2026042"))
    answered(store, 1)
    answered(store, 2, "2026042")
    assert looked(store).persons == ()


def test_leave_that_the_roster_learns_of_afterwards_counts(store: Store) -> None:
    _, person = somebody(store)
    imported(store, rows(store))
    with store.read() as reader:
        name = next(one.name for one in chronicle(store).grounds.frozen.pool.inspectors if one.id == person)
        assert reader.current_import("inspectors") is not None
    heading, *lines = PEOPLE.splitlines()
    away = [f"{line},{VISIT},{VISIT}" if line.startswith(f"{name},") else f"{line},," for line in lines]
    # The same person's other certificate, in whose row another leave stands.
    (own,) = (line for line in lines if line.startswith(f"{name},"))
    away.append(own.replace(f",{name},长期", f",{name}-2,长期") + ",2026-01-05,2026-01-09")
    give(store, "inspectors", "\n".join([f"{heading},休假开始,休假结束", *away]) + "\n")
    found = looked(store)
    assert {one.person for one in found.on_leave} == {person}


def test_a_calendar_made_after_a_visit_says_nothing_of_it(store: Store) -> None:
    """So that nobody plans afterwards what took place, nor away what did not take place as planned."""
    make(store, operator="张三", now=NOW)
    first = looked(store)
    assert first.scheduled == 0
    imported(store, rows(store))
    planned = looked(store)
    assert planned.scheduled == len(rows(store))
    days = {one.planned for one in planned.moved}
    assert days
    gone = Wishes(skip_days=[one.isoformat() for one in sorted(days)[:1]], again=True, reason="台风")
    make(store, gone, operator="张三", now=AFTER)
    assert looked(store).moved == planned.moved


def test_where_there_was_no_calendar_at_the_visits_none_is_compared(store: Store) -> None:
    imported(store, rows(store)[:-1])
    make(store, operator="张三", now=AFTER)
    assert (looked(store).scheduled, looked(store).moved) == (0, ())


def test_a_void_draw_is_not_examined_and_rehearsals_only_if_asked_for(store: Store) -> None:
    with pytest.raises(WrongState, match="no_batches"):
        execution(store, rehearsal=True, limits=WIDE)
    with pytest.raises(WrongState, match="no_batches"):
        execution(store, year=2025, limits=WIDE)
    assert execution(store, year=2026, limits=WIDE).due == looked(store).due > 0
    void(store, reason="名册有误", approver="王局长", operator="张三", now=AFTER + timedelta(days=1))
    with pytest.raises(WrongState, match="no_batches"):
        looked(store)
