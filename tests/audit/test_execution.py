"""执行核查: an honest batch raises no question; each way of not going is found, where it is, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.audit.executed import Batch, Execution, Limits, Person, Replaced
from shuangsuiji.audit.execution import examine
from shuangsuiji.followup.expected import Case
from shuangsuiji.followup.results import Entry, Standing

DAY: Final = timedelta(days=1)
MONDAY: Final = date(2021, 3, 1)
A_DAY: Final = 5
LIMITS: Final = Limits(late=3, bulk=4, a_day=A_DAY, least=3)
FINDINGS: Final = (
    "absent", "strangers", "overtaken", "alone", "crowded", "on_leave", "uncertified", "moved", "late", "bulk", "units",
    "persons",
)  # fmt: skip


def person(identifier: str, unit: str = "东所") -> Person:
    return Person(identifier, f"名{identifier}", unit, frozenset(), lambda _: True)


PERSONS: Final = {one: person(one) for one in ("a", "b", "c", "d")} | {"e": person("e", "西所")}


def entry(number: int, target: str, day: date, persons: Sequence[str], category: str = "fine") -> Entry:
    """A result that was entered on the evening of its day, in a batch of its own day."""
    return Entry(
        id=number,
        batch=day.toordinal(),
        target=target,
        task="t",
        item="i",
        category=category,
        method="on_site",
        day=day,
        persons=tuple(persons),
        disposal="",
        evidence="",
        scan="",
        note="",
        enforcement=(),
        corrects=0,
        reason="",
        operator="录入员",
        time=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
        source="",
        row=0,
    )


def team(*held: str, until: Sequence[date] = ()) -> Case:
    """A target's teams one after the other, and the last days of all but the last."""
    return Case(("t",), MONDAY - DAY, tuple(zip([*until, None], map(frozenset, held), strict=True)))


def batch(entries: Sequence[Entry], **changes: object) -> Batch:
    """A batch in which `a` and `b` visit everybody, each target on the day of its entry."""
    targets = [one.target for one in entries]
    places = {(target, slot): who for target in targets for slot, who in (("lead", "a"), ("member", "b"))}
    made = Batch(
        plan="990121-2021-01",
        drawn=places,
        cases=dict.fromkeys(targets, team("ab")),
        districts=dict.fromkeys(targets, "东镇"),
        planned={one.target: one.day for one in entries},
        replaced=(),
        standings=[Standing(one.target, one.task, one.item, "approved", one) for one in entries],
        first=entries,
        persons=PERSONS,
        a_day=2,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def looked_at(*batches: Batch, limits: Limits = LIMITS) -> Execution:
    return examine(
        batches,
        limits=limits,
        problem={"fine": False, "wrong": True, "closed": False},
        checked={"fine": True, "wrong": True, "closed": False},
        working_days=lambda first, until: (until.date() - first).days,
        civil_day=lambda at: (at + timedelta(hours=8)).date(),
    )


def found(result: Execution) -> Mapping[str, int]:
    return {name: len(getattr(result, name)) for name in FINDINGS if getattr(result, name)}


days = st.lists(st.integers(0, 3), min_size=1, max_size=8).filter(
    lambda drawn: max(map(drawn.count, drawn)) <= A_DAY
)


def entries_on(drawn: Sequence[int]) -> list[Entry]:
    return [entry(number, f"E{number}", MONDAY + at * DAY, "ab") for number, at in enumerate(drawn, 1)]


class TestHonest:
    """Those drawn went on the day, and it was entered the same evening."""

    @given(days)
    def test_nothing_is_asked(self, drawn: list[int]) -> None:
        result = looked_at(batch(entries_on(drawn)))
        assert found(result) == {}
        assert (result.due, result.done, result.places, result.kept) == (
            len(drawn), len(drawn), 2 * len(drawn), 2 * len(drawn),
        )  # fmt: skip

    def test_who_was_drawn_in_another_s_place_is_no_stranger_and_the_place_counts_as_replaced(self) -> None:
        own = batch(
            [entry(1, "E1", MONDAY, "ac")],
            cases={"E1": team("ab", "ac", until=[MONDAY])},
            replaced=[Replaced(("E1", "member"), "b", "urgent", MONDAY, MONDAY)],
        )
        result = looked_at(own)
        assert found(result) == {"units": 1, "persons": 1}
        assert (result.drawn_places, result.replaced_places) == (2, 1)
        assert [(one.key, one.rate) for one in (*result.units, *result.persons)] == [
            ("东所", Fraction(1, 2)),
            ("b", 1),
        ]
        assert (result.persons[0].key, result.persons[0].urgent, result.persons[0].drawn) == ("b", 1, 1)

    @given(days, st.data())
    def test_where_presence_was_only_declared_it_is_said(self, drawn: list[int], data: st.DataObject) -> None:
        """Then nobody can be found absent, which must not read as everybody having gone."""
        entries = entries_on(drawn)
        declared = data.draw(st.sets(st.sampled_from([one.target for one in entries])))
        told = [replace(one, as_drawn=one.target in declared) for one in entries]
        assert looked_at(batch(told)).declared == len(declared)

    def test_where_no_check_took_place_nobody_is_absent(self) -> None:
        assert found(looked_at(batch([entry(1, "E1", MONDAY, "", category="closed")]))) == {}

    def test_an_expert_needs_no_certificate_and_is_no_second_person(self) -> None:
        expert = replace(person("x"), expert=True, certified=lambda _: False)
        own = batch(
            [entry(1, "E1", MONDAY, "ax")],
            cases={"E1": team("ax")},
            persons={**PERSONS, "x": expert},
        )
        assert found(looked_at(own)) == {"alone": 1}


class TestReplaced:
    """Who was to go is who was to go on the day of the visit; a record made afterwards says nothing of it."""

    @given(st.lists(st.integers(0, 6), max_size=3).map(sorted), st.integers(0, 6))
    def test_the_team_of_the_day_went(self, changes: list[int], at: int) -> None:
        # The member changes on each of these days, in the evening; `a` leads all the time.
        members = "bcde"[: len(changes) + 1]
        day, changed = MONDAY + at * DAY, [MONDAY + one * DAY for one in changes]
        member = members[sum(one < at for one in changes)]
        own = batch(
            [entry(1, "E1", day, f"a{member}")],
            cases={"E1": team(*(f"a{one}" for one in members), until=changed)},
            replaced=[
                Replaced(("E1", "member"), before, "unable", MONDAY, came)
                for before, came in zip(members[:-1], changed, strict=True)
            ],
        )
        result = looked_at(own)
        assert (result.absent, result.strangers, result.kept, result.places) == ((), (), 2, 2)
        # What came after the check is named, with the person whom it replaced.
        later = {before for before, one in zip(members[:-1], changes, strict=True) if one >= at}
        assert {one.person for one in result.overtaken} >= {one for one in later if one == member}
        assert {one.person for one in result.overtaken} <= later

    def test_a_request_that_is_not_decided_is_named_with_the_check_and_counts_for_no_replacement(
        self,
    ) -> None:
        asked = Replaced(("E1", "member"), "b", "unable", MONDAY - DAY, None)
        result = looked_at(batch([entry(1, "E1", MONDAY, "ab")], replaced=[asked]))
        assert found(result) == {"overtaken": 1}
        assert (result.overtaken[0].person, result.overtaken[0].came, result.replaced_places) == (
            "b",
            None,
            0,
        )

    def test_who_was_replaced_before_the_visit_and_went_is_a_stranger(self) -> None:
        own = batch(
            [entry(1, "E1", MONDAY + DAY, "ab")],
            cases={"E1": team("ab", "ac", until=[MONDAY])},
            replaced=[Replaced(("E1", "member"), "b", "unable", MONDAY, MONDAY)],
        )
        assert found(looked_at(own)) == {"absent": 1, "strangers": 1, "units": 1, "persons": 1}


class TestDeviations:
    """One thing is otherwise at one target of many: it is found there."""

    @given(days, st.data())
    def test_another_went_in_the_place_of_who_was_drawn(self, drawn: list[int], data: st.DataObject) -> None:
        entries = entries_on(drawn)
        at = data.draw(st.integers(0, len(entries) - 1))
        told = [replace(one, persons=("a", "c")) if one is entries[at] else one for one in entries]
        result = looked_at(batch(told))
        assert found(result) == {"absent": 1, "strangers": 1}
        absent, stranger = result.absent[0], result.strangers[0]
        assert (absent.target, absent.person) == (entries[at].target, "b")
        assert (stranger.target, stranger.person) == (entries[at].target, "c")
        assert result.kept == result.places - 1

    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({"persons": PERSONS | {"b": replace(PERSONS["b"], away=frozenset({MONDAY}))}}, "on_leave"),
            ({"persons": PERSONS | {"b": replace(PERSONS["b"], certified=lambda day: day > MONDAY)}}, "uncertified"),
            ({"planned": {"E1": MONDAY + DAY}}, "moved"),
        ],
    )  # fmt: skip
    def test_of_a_day(self, changes: dict[str, object], name: str) -> None:
        assert found(looked_at(batch([entry(1, "E1", MONDAY, "ab")], **changes))) == {name: 1}

    def test_leave_on_another_day_is_none(self) -> None:
        before = PERSONS | {"b": replace(PERSONS["b"], away=frozenset({MONDAY - DAY}))}
        assert found(looked_at(batch([entry(1, "E1", MONDAY, "ab")], persons=before))) == {}

    def test_one_person_alone(self) -> None:
        assert found(looked_at(batch([entry(1, "E1", MONDAY, "a")]))) == {"absent": 1, "alone": 1}

    def test_two_districts_on_one_day_even_in_two_batches(self) -> None:
        one = batch([entry(1, "E1", MONDAY, "ab")])
        two = replace(batch([entry(2, "E2", MONDAY, "ab")], districts={"E2": "西镇"}), plan="990121-2021-02")
        result = looked_at(one, two)
        assert found(result) == {"crowded": 2}
        assert result.crowded[0].visits == (("990121-2021-01", "E1"), ("990121-2021-02", "E2"))

    @given(st.integers(1, 8))
    def test_more_visits_a_day_than_the_limit(self, number: int) -> None:
        result = looked_at(batch(entries_on([0] * number)))
        assert ("crowded" in found(result)) == (number > A_DAY)

    @given(st.integers(1, 4), st.integers(1, 4))
    def test_more_visits_a_day_than_the_batches_allow(self, number: int, limit: int) -> None:
        one, *others = entries_on([0] * number)
        both = batch([one]), replace(batch(others, a_day=limit), plan="990121-2021-02")
        result = looked_at(*both, limits=replace(LIMITS, a_day=None))
        assert ("crowded" in found(result)) == (number > max(2, limit if others else 0))

    @given(st.integers(0, 8))
    def test_entered_later_than_the_limit(self, late: int) -> None:
        own, other = entry(1, "E1", MONDAY, "ab"), entry(2, "E2", MONDAY, "ab")
        later = replace(other, time=own.time + (late + 1) * DAY)
        result = looked_at(batch([replace(own, time=own.time + late * DAY), later]))
        # The longest first.
        assert [(one.target, one.days) for one in result.late] == [
            one for one in (("E2", late + 1), ("E1", late)) if one[1] > LIMITS.late
        ]

    @given(st.integers(1, 8), st.booleans())
    def test_many_entries_of_one_person_on_one_day_in_china_are_as_good_as_one(
        self, number: int, others: bool
    ) -> None:
        evening = datetime(2021, 3, 20, 15, 59, tzinfo=UTC)  # a minute before midnight in China
        entries = [replace(one, batch=one.id, time=evening) for one in entries_on(range(number))]
        result = looked_at(batch(entries)).bulk
        assert [(one.goes, one.visits, one.days) for one in result] == (
            [(number, number, number)] if number > LIMITS.bulk else []
        )
        apart = [
            replace(one, operator=one.target) if others else replace(one, time=evening + one.id * DAY)
            for one in entries
        ]
        assert looked_at(batch(apart)).bulk == ()


class TestSilent:
    """A unit that never finds anything is named with the chance of that, if chance it is."""

    @staticmethod
    def county(east: Sequence[str], west: Sequence[str]) -> Execution:
        entries = [
            entry(number, f"E{number}", MONDAY + number * DAY, who, category)
            for number, (who, category) in enumerate(
                [*(("ab", one) for one in east), *(("e", one) for one in west)]
            )
        ]
        return looked_at(batch(entries))

    def test_half_of_all_visits_find_something_and_one_office_nothing_in_three(self) -> None:
        result = self.county(["wrong"] * 3, ["fine"] * 3)
        assert [(one.unit, one.visits, one.expected, one.chance) for one in result.silent] == [
            ("西所", 3, Fraction(3, 2), Fraction(1, 8))
        ]
        # Of two offices with three visits each, a quarter of one would find nothing.
        assert (result.tried, result.by_chance) == (2, Fraction(1, 4))

    @given(st.lists(st.sampled_from(["fine", "wrong"]), min_size=1, max_size=8))
    def test_a_few_visits_without_a_finding_are_no_sign(self, east: list[str]) -> None:
        assert self.county(east, ["fine"] * (LIMITS.least - 1)).silent in (
            (),
            self.county(east, []).silent,
        )

    @given(
        st.lists(st.sampled_from(["fine", "wrong"]), max_size=5),
        st.lists(st.sampled_from(["fine", "wrong"]), max_size=5),
    )
    def test_only_who_went_often_enough_and_found_nothing(self, east: list[str], west: list[str]) -> None:
        named = {one.unit for one in self.county(east, west).silent}
        assert named == {
            unit
            for unit, own in (("东所", east), ("西所", west))
            if len(own) >= LIMITS.least and "wrong" not in own
        }

    def test_what_nobody_reviewed_counts_for_nothing(self) -> None:
        entries = entries_on([0, 1, 2])
        pending = [Standing(one.target, one.task, one.item, "pending", one) for one in entries]
        assert looked_at(batch(entries, standings=pending)).silent == ()
