"""What is public of inspection results: nothing unapproved, nothing before the embargo ends, nothing after its term."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.bundle.disclose import Batch, disclose_list
from shuangsuiji.bundle.disclose_results import (
    PublicCategory,
    PublicResults,
    Rules,
    Term,
    disclose_results,
    in_force,
    is_person,
    take_down,
    term_ends,
)
from shuangsuiji.bundle.public import PublicInspector, PublicList
from shuangsuiji.errors import InputRefused
from shuangsuiji.followup.results import STATES, Enforcement, Entry, Standing
from shuangsuiji.publish import views
from tests.publish.world import TEXTS, Drawn, drawn

MARK: Final = "PRIVATE"
OPEN: Final = drawn("real", texts=replace(TEXTS, publish_inspectors=True))
TOGETHER: Final = drawn("real", secret_task=True)
CLEAN: Final = PublicCategory("clean", "未发现问题", problem=False)
LATE: Final = PublicCategory("late", "未按规定公示年度报告", problem=True)
LOST: Final = PublicCategory("lost", "通过登记的住所（经营场所）无法联系", problem=True)
RULES: Final = Rules({one.code: one for one in (CLEAN, LATE, LOST)}, clean=("clean",), measures=("fine",))
ITEMS: Final = ("item one", "item two")
TOLD: Final = datetime(2021, 5, 1, tzinfo=UTC)


def listing(one: Drawn) -> PublicList:
    return disclose_list(one.batch, one.frozen, one.outcome.teams)


LISTS: Final = {"by task": (OPEN.batch, listing(OPEN)), "together": (TOGETHER.batch, listing(TOGETHER))}


@dataclass(frozen=True, slots=True)
class World:
    """Results of a list in all states, and what was told of it before."""

    batch: Batch
    listing: PublicList
    standings: tuple[Standing, ...]

    def told(self) -> PublicResults:
        return disclose_results(self.batch, self.listing, self.standings, RULES)


def entry(number: int, target: str, task: str, item: str, category: str, day: int) -> Entry:
    """An entry with a mark in all that is nobody's business."""
    return Entry(
        id=number, batch=1, target=target, task=task, item=item, category=category, method=MARK,
        day=date(2021, 4, 1) + timedelta(day), persons=(MARK,), disposal=MARK, evidence=MARK, scan=MARK, note=MARK,
        enforcement=(
            Enforcement("education", date(2021, 4, 2), MARK),
            Enforcement("fine", date(2021, 4, 3), "罚〔2021〕1号", 5000),
        ),
        corrects=0, reason=MARK, operator=MARK, time=TOLD, source=MARK, row=0,
    )  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    batch, found = LISTS[draw(st.sampled_from(sorted(LISTS)))]
    found = replace(found, targets=found.targets[:4])
    standings: list[Standing] = []
    for target in found.targets:
        # Where the list does not say which tasks drew whom, only the results know.
        for task in target.tasks or ("public", "safety")[: draw(st.integers(0, 2))]:
            for item in ITEMS[: draw(st.integers(1, 2))]:
                number = 10 * len(standings) + 10
                state = draw(st.sampled_from(STATES))
                now = entry(number, target.id, task, item, *draw(KINDS))
                before = entry(number - 1, target.id, task, item, *draw(KINDS))
                told = now if state == "published" else before if draw(st.booleans()) else None
                standings.append(
                    Standing(target.id, task, item, "missing")
                    if state == "missing"
                    else Standing(target.id, task, item, state, now, public=told, told=TOLD if told else None)
                )
    return World(batch, found, tuple(standings))


KINDS: Final = st.tuples(st.sampled_from(["clean", "late", "lost"]), st.integers(0, 60))


def approved(one: Standing) -> Entry | None:
    return one.entry if one.state in ("approved", "published") else one.public


@given(worlds())
def test_nothing_is_told_that_was_not_approved_and_what_is_not_told_is_not_inspected(world: World) -> None:
    view = world.told()
    for row in view.rows:
        own = [
            one
            for one in world.standings
            if one.target == row.id and (not row.tasks or one.task in row.tasks)
        ]
        found = [approved(one) for one in own]
        if not own or None in found:
            assert (row.categories, row.day, row.items, row.measures, row.news) == ((), None, (), (), "")
            continue
        codes = {one.category for one in found if one}
        assert {one.code for one in row.categories} == (codes - {"clean"} or codes)
        assert row.day == max(one.day for one in found if one)
        assert row.problem == bool(codes - {"clean"})


@given(worlds())
def test_rows_are_those_of_the_list_and_hold_nothing_private(world: World) -> None:
    view = world.told()
    keys = [row.key for row in view.rows]
    assert keys == sorted(set(keys), key=keys.index)
    assert [key[0] for key in keys] == sorted(key[0] for key in keys)
    assert {key[0] for key in keys} == {one.id for one in world.listing.targets}
    assert MARK not in str(view)
    assert "education" not in str(view)
    assert all(bool(row.tasks) == world.listing.by_task for row in view.rows)
    assert world.listing.by_task or not any(row.items or row.team for row in view.rows)


@given(worlds())
def test_a_publication_tells_each_approved_entry_once(world: World) -> None:
    """After it, with its entries marked as published, nothing more is due."""
    view = world.told()
    published = set(view.entries)
    assert all(one.state == "approved" for one in world.standings if one.entry and one.entry.id in published)
    after = tuple(
        replace(one, state="published", public=one.entry)
        if one.entry is not None and one.entry.id in published
        else one
        for one in world.standings
    )
    again = disclose_results(world.batch, world.listing, after, RULES, view)
    assert not again.news
    assert not again.entries
    assert again.number == view.number + 1
    untold = [replace(row, news="", before=()) for row in view.rows]
    assert list(again.rows) == untold


def test_a_correction_says_what_was_told_before_and_does_not_begin_a_new_term() -> None:
    batch, found = LISTS["by task"]
    target = found.targets[0]
    old, new = (
        entry(n, target.id, target.tasks[0], "item one", c, n) for n, c in ((1, "late"), (2, "clean"))
    )
    standing = Standing(target.id, target.tasks[0], "item one", "approved", old)
    first = disclose_results(batch, found, [standing], RULES)
    later = replace(batch, issued=date(2021, 9, 1))
    standing = replace(standing, entry=new, public=old, told=TOLD)
    second = disclose_results(later, found, [standing], RULES, first)
    (row,) = second.news
    assert (row.news, row.before, row.categories) == ("corrected", (LATE,), (CLEAN,))
    assert row.told == batch.issued
    pending = replace(standing, state="pending")
    assert not disclose_results(later, found, [pending], RULES, first).news


def test_who_was_there_is_told_only_where_the_list_names_teams() -> None:
    people = {MARK: PublicInspector("张检查", "一所")}
    for name, shown in (("by task", True), ("together", False)):
        batch, found = LISTS[name]
        target = found.targets[0]
        task = target.tasks[0] if target.tasks else "public"
        standing = Standing(
            target.id, task, "item", "approved", entry(1, target.id, task, "item", "clean", 0)
        )
        view = disclose_results(batch, found, [standing], replace(RULES, people=people))
        assert ("张检查" in str(view)) is shown
        bare = replace(found, targets=tuple(replace(one, team=()) for one in found.targets))
        assert "张检查" not in str(disclose_results(batch, bare, [standing], replace(RULES, people=people)))


def test_nothing_is_told_before_the_embargo_ends() -> None:
    held = drawn("real", texts=replace(TEXTS, embargo="2021-07-01"))
    _, found = LISTS["by task"]
    with pytest.raises(InputRefused, match="list_held_back"):
        disclose_results(held.batch, found, (), RULES)
    over = replace(held.batch, issued=date(2021, 7, 1))
    assert disclose_results(over, found, (), RULES).rows


@given(worlds(), st.dates(date(2021, 1, 1), date(2032, 1, 1)))
def test_what_was_told_comes_down_after_its_term(world: World, today: date) -> None:
    terms = [Term(date(2020, 1, 1), 5, 2), Term(date(2027, 1, 1), 3, 1)]
    view = world.told()
    term = in_force(terms, today)
    assert term is not None
    for before, row in zip(view.rows, take_down(view, terms, today).rows, strict=True):
        years = term.person_years if is_person(row.id) else term.years
        if before.told is not None and today >= term_ends(before.told, years):
            assert row.down
            assert (row.categories, row.day, row.items, row.measures, row.team, row.before) == (
                (),
                None,
                *[()] * 4,
            )
        else:
            assert row == before


@pytest.mark.parametrize(
    ("code", "person"),
    [
        ("92410105MA00000001", True),
        ("91410105MA00000001", False),
        ("410105600000001", True),
        ("410105000000001", False),
        ("许可证-7", False),
        ("92", False),
    ],
)
def test_individual_businesses_are_known_by_their_codes(code: str, person: bool) -> None:
    assert is_person(code) is person


def test_a_term_that_begins_on_29_february_ends_on_1_march() -> None:
    assert term_ends(date(2024, 2, 29), 5) == date(2029, 3, 1)
    assert term_ends(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert take_down(disclose_results(*LISTS["by task"], (), RULES), (), date(2050, 1, 1)).rows


@given(worlds())
def test_a_view_comes_back_from_json(world: World) -> None:
    view = world.told()
    assert views.from_json(views.to_json(view)) == view
