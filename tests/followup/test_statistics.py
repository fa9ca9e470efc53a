"""The year's figures against a recount by hand: plain loops over plain rows, no figure of the module's."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import count
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from shuangsuiji.followup.abnormal import STEPS as ABNORMAL
from shuangsuiji.followup.abnormal import AbnormalStep
from shuangsuiji.followup.figures import Figure
from shuangsuiji.followup.results import STATES, STEPS, Enforcement, Entry, Standing, State
from shuangsuiji.followup.statistics import (
    Account,
    ReviewedCertificate,
    Year,
    account,
)
from shuangsuiji.followup.work import Person, Visited

BOUNDED: Final = settings(max_examples=20)
DAY: Final = date(2021, 4, 20)
NOON: Final = datetime(2021, 4, 20, 4, tzinfo=UTC)
TASKS: Final = {"publicity": "公示信息检查", "farm": "联合检查"}
ITEMS: Final = {"publicity": ("年报", "即时"), "farm": ("农资",)}
TIERS: Final = {
    ("publicity", "high"): "中高风险",
    ("publicity", "rest"): "其他",
    ("farm", "all"): "合作社",
}
BATCHES: Final = {"p1": "第一批", "p2": "第二批"}
PERSONS: Final = {
    one.id: one
    for one in (
        Person("1", "甲", "市场监管局", "信用股"),
        Person("2", "乙", "市场监管局", "食品股"),
        Person("3", "丙", "农业农村局", ""),
    )
}


@dataclass(frozen=True, slots=True)
class Category:
    """A category as `results.toml` would have it."""

    problem: bool
    lost_contact: bool
    checked: bool


CATEGORIES: Final = {
    "fine": Category(problem=False, lost_contact=False, checked=True),
    "wrong": Category(problem=True, lost_contact=False, checked=True),
    "lost": Category(problem=True, lost_contact=True, checked=True),
    "moved": Category(problem=False, lost_contact=False, checked=False),
}


CLEAN: Final = frozenset({"fine"})
PROBLEMS: Final = ("wrong", "lost")


@st.composite
def entries(draw: st.DrawFn, number: int, target: str, task: str, item: str) -> Entry:
    steps = draw(st.lists(st.sampled_from(STEPS), max_size=3, unique=True))
    return Entry(
        id=number,
        batch=1,
        target=target,
        task=task,
        item=item,
        category=draw(st.sampled_from(sorted(CATEGORIES))),
        method=draw(st.sampled_from(("site", "net"))),
        day=DAY,
        persons=tuple(draw(st.lists(st.sampled_from(sorted(PERSONS)), max_size=3, unique=True))),
        disposal=draw(st.sampled_from(("", "order"))),
        evidence="",
        scan="",
        note="",
        enforcement=tuple(
            Enforcement(kind, DAY, f"文{draw(st.integers(1, 2))}", 50 if kind == "fine" else 0)
            for kind in steps
        ),
        corrects=0,
        reason="",
        operator="张三",
        time=NOON,
        source="",
        row=0,
    )


@st.composite
def years(draw: st.DrawFn) -> Year:
    visited, number, step = [], 0, count(1)
    for batch in BATCHES:
        for target in draw(st.lists(st.sampled_from("ABCD"), unique=True)):
            tasks = ["publicity", *(["farm"] if draw(st.booleans()) else [])]
            rows = []
            for task in tasks:
                for item in ITEMS[task]:
                    number += 1
                    state: State = draw(st.sampled_from(STATES))
                    entry = None if state == "missing" else draw(entries(number, target, task, item))
                    public = entry if state == "published" else None
                    rows.append(Standing(target, task, item, state, entry, None, public, None))
            tier = draw(st.sampled_from(("high", "rest")))
            tiers = [("publicity", tier), *([("farm", "all")] if "farm" in tasks else [])]
            steps = draw(st.lists(st.sampled_from(ABNORMAL), max_size=4))
            visited.append(
                Visited(
                    batch=batch,
                    target=target,
                    district=draw(st.sampled_from(("", "东镇", "西乡"))),
                    tiers=tuple(tiers),
                    standings=tuple(rows),
                    steps=tuple(
                        AbnormalStep(target, one, DAY, "", f"文{one}", "张三", NOON, number=next(step))
                        for one in steps
                    ),
                    team=draw(st.sets(st.sampled_from(sorted(PERSONS)), max_size=2)),
                )
            )
    reviewed = draw(
        st.lists(
            st.builds(ReviewedCertificate, st.sampled_from("甲乙丙"), st.sampled_from("123"), st.booleans())
        )
    )
    return Year(visited, BATCHES, TASKS, TIERS, PERSONS, reviewed)


class Recount:
    """By hand: flat rows, sets and counters."""

    def __init__(self, year: Year) -> None:
        self.rows = [(one, at) for one in year.visited for at in one.standings]

    def whole_visits(self, name: str) -> set[tuple[str, str, str]]:
        """户次, as (batch, target, task), of which no result fails."""
        seen = {(one.batch, one.target, at.task) for one, at in self.rows}
        failing = set()
        for one, at in self.rows:
            entry = at.entry
            fails = {
                "due": False,
                "checked": entry is None or not CATEGORIES[entry.category].checked,
                "entered": at.state in ("missing", "returned"),
                "published": at.state != "published",
            }[name]
            if fails:
                failing.add((one.batch, one.target, at.task))
        return seen - failing

    def counted(self) -> Iterator[tuple[Visited, Entry]]:
        """The reviewed results as they are told: of a visit with a problem not those without one."""
        troubled = [(one.batch, one.target) for one, entry in self.reviewed() if entry.category in PROBLEMS]
        for one, entry in self.reviewed():
            if entry.category != "fine" or (one.batch, one.target) not in troubled:
                yield one, entry

    def reviewed(self) -> Iterator[tuple[Visited, Entry]]:
        for one, at in self.rows:
            if at.entry is not None and at.state in ("approved", "published"):
                yield one, at.entry


def sizes(figure: Figure) -> tuple[int, int, int]:
    return figure.entities, figure.visits, figure.lines


@BOUNDED
@given(years())
def test_visits_and_rates(year: Year) -> None:
    found, by_hand = account(year, CATEGORIES, CLEAN).whole, Recount(year)
    for name in ("due", "checked", "entered", "published"):
        visits = by_hand.whole_visits(name)
        targets = {target for _, target, _ in visits}
        assert sizes(getattr(found, name)) == (len(targets), len(visits), len(visits))
        assert getattr(found, name).calls == len({(batch, target) for batch, target, _ in visits})
    due = len(by_hand.whole_visits("due"))
    wanted = Fraction(len(by_hand.whole_visits("published")), due) if due else None
    assert found.rate(found.published) == wanted


@BOUNDED
@given(years())
def test_results_by_kind(year: Year) -> None:
    found, by_hand = account(year, CATEGORIES, CLEAN), Recount(year)
    lines: Counter[str] = Counter()
    targets: dict[str, set[str]] = {}
    measures: set[tuple[str, str, str, str, int]] = set()
    for one, entry in by_hand.counted():
        lines[entry.category] += 1
        targets.setdefault(entry.category, set()).add(one.target)
    for one, entry in by_hand.reviewed():
        # One document about several items of a visit is one measure; all are of one day here.
        measures |= {
            (one.batch, one.target, step.kind, step.reference, step.amount) for step in entry.enforcement
        }
    enforced = Counter(kind for _, _, kind, _, _ in measures)
    assert {code: figure.lines for code, figure in found.categories.items()} == {
        code: lines[code] for code in CATEGORIES
    }
    assert {code: figure.entities for code, figure in found.categories.items()} == {
        code: len(targets.get(code, ())) for code in CATEGORIES
    }
    assert {kind: figure.lines for kind, figure in found.enforcement.items()} == {
        kind: enforced[kind] for kind in STEPS
    }
    assert found.fines == found.enforcement["fine"].amount == sum(amount for *_, amount in measures)
    assert found.whole.lost.entities == len(targets.get("lost", ()))
    assert found.whole.problem.entities == len(targets.get("lost", set()) | targets.get("wrong", set()))
    assert found.pending.lines + found.returned.lines + found.results.lines == sum(
        at.entry is not None for _, at in by_hand.rows
    )


@BOUNDED
@given(years())
def test_every_group_is_the_account_of_its_own_visits(year: Year) -> None:
    found = account(year, CATEGORIES, CLEAN)

    def alone(visited: list[Visited]) -> list[tuple[int, int, int]]:
        own = account(Year(visited, {}, {}, {}, PERSONS), CATEGORIES, CLEAN).whole
        return [sizes(figure) for figure in own.figures()]

    for district in {one.district for one in year.visited}:
        (group,) = (one for one in found.districts if one.names == (district,))
        assert [sizes(one) for one in group.figures()] == alone(
            [one for one in year.visited if one.district == district]
        )
    assert [one.names for one in found.batches] == [("第一批",), ("第二批",)]
    for groups in (found.batches, found.districts):
        assert sum(one.due.visits for one in groups) == found.whole.due.visits
    # Tasks and tiers divide what was drawn as the notices do, which count an enterprise once in each of its tasks.
    for groups in (found.tasks, found.tiers):
        assert sum(one.due.visits for one in groups) == found.whole.due.visits
    assert [one.names for one in found.tiers] == [(TASKS[task], name) for (task, _), name in TIERS.items()]
    for (task, tier), group in zip(TIERS, found.tiers, strict=True):
        rows = {
            (one.batch, one.target): [at for at in one.standings if at.task == task]
            for one in year.visited
            if (task, tier) in one.tiers
        }
        assert group.due.visits == len(rows)
        assert group.published.visits == sum(
            all(at.state == "published" for at in ats) for ats in rows.values()
        )
    for task, group in zip(TASKS, found.tasks, strict=True):
        mine = [at for one in year.visited for at in one.standings if at.task == task and at.entry]
        lost = [at for at in mine if at.state in ("approved", "published") and at.entry]
        assert group.lost.lines == sum(at.entry.category == "lost" for at in lost if at.entry)


def groups_of(person: Person) -> list[tuple[str, ...]]:
    unit, section = person.unit, person.department
    return [(unit,), (unit, section), (unit, section, person.name, person.id)]


@BOUNDED
@given(years())
def test_work_is_of_those_present(year: Year) -> None:
    found = account(year, CATEGORIES, CLEAN)
    entered: Counter[tuple[str, ...]] = Counter()
    visits: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    places: dict[tuple[str, ...], list[bool]] = {}
    listed: dict[tuple[str, ...], set[str]] = {}
    for one in year.visited:
        there = {person for at in one.standings if at.entry for person in at.entry.persons}
        for person in map(PERSONS.__getitem__, one.team):
            for group in groups_of(person):
                places.setdefault(group, []).append(person.id in there)
                entered[group] += 0
        if any(done.step == "decided" for done in one.steps):
            for group in {group for person in there for group in groups_of(PERSONS[person])}:
                listed.setdefault(group, set()).add(one.target)
        for at in one.standings:
            present = [PERSONS[person] for person in (at.entry.persons if at.entry else ())]
            for group in {group for person in present for group in groups_of(person)}:
                entered[group] += 1
                visits.setdefault(group, set()).add((one.batch, one.target))
    work = (*found.units, *found.sections, *found.persons)
    assert {one.names: one.entered.lines for one in work} == entered
    for done in work:
        assert done.visits.calls == len(visits.get(done.names, ()))
        assert done.listed.entities == len(listed.get(done.names, ()))
        # A place is one person's at one visit, and is taken if that very person was there.
        own = places.get(done.names, [])
        assert (done.due.lines, done.came.lines) == (len(own), sum(own))


@BOUNDED
@given(years())
def test_proposals_and_the_review_of_inspectors(year: Year) -> None:
    found = account(year, CATEGORIES, CLEAN)
    for step in ABNORMAL:
        targets = {one.target for one in year.visited for done in one.steps if done.step == step}
        assert found.steps[step].entities == len(targets)
    assert found.whole.listed.records == found.steps["decided"].records
    assert found.reviewed.lines == len({one.inspector for one in year.reviewed})
    assert found.cancelled.lines == len({one.inspector for one in year.reviewed if one.cancelled})


def figures(found: Account) -> list[Figure]:
    return list(found.figures())


@BOUNDED
@given(years())
def test_every_figure_has_a_key_of_its_own_and_each_record_once(year: Year) -> None:
    made = figures(account(year, CATEGORIES, CLEAN))
    assert len({one.key for one in made}) == len(made)
    for one in made:
        assert len(set(one.records)) == one.lines
    entries = {at.entry.id for visit in year.visited for at in visit.standings if at.entry}
    assert {record.entry for one in made for record in one.records} <= entries | {0}


@BOUNDED
@given(years(), st.integers(0, 99))
def test_a_correction_that_waits_leaves_the_published_result_and_its_problem_uncounted(
    year: Year, pick: int
) -> None:
    """A correction not reviewed yet: the visit stays published, but neither old nor new result is a reviewed one."""
    told = [
        (place, at)
        for place, one in enumerate(year.visited)
        for at in one.standings
        if at.state == "published"
    ]
    if not told:
        return
    place, at = told[pick % len(told)]
    before = account(year, CATEGORIES, CLEAN).whole
    visited = list(year.visited)
    corrected = Standing(at.target, at.task, at.item, "pending", at.entry, None, at.public, None)
    rows = tuple(corrected if one is at else one for one in visited[place].standings)
    old = visited[place]
    visited[place] = Visited(old.batch, old.target, old.district, old.tiers, rows, old.steps)
    after = account(Year(visited, BATCHES, TASKS, TIERS, PERSONS), CATEGORIES, CLEAN)
    assert after.whole.published == before.published
    assert after.pending.lines >= 1
    assert after.results.lines == account(year, CATEGORIES, CLEAN).results.lines - 1
