"""Attacks on who inspects: a pool narrowed, persons swapped, recusals dropped, rules relaxed, replacements to taste."""

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path
from typing import Any, Final

import pytest

from docs.spec.v1.scenarios import diary as diaries
from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.diary import Diary, crew
from docs.spec.v1.scenarios.record_bundles import bundle
from docs.spec.v1.scenarios.succession import at_once
from shuangsuiji.audit.questions import answers
from shuangsuiji.audit.verify import examine, verify
from shuangsuiji.bundle import archive
from shuangsuiji.core.decisions import UNABLE, PersonsOutcome, PersonsRequest
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.records import GroupRecusal, PairRecusal, order_recusals
from shuangsuiji.core.seed import Announced, PublicValue
from shuangsuiji.core.succession import persons_outcome, succeed, urgent
from shuangsuiji.errors import InputRefused
from shuangsuiji.store import Store
from tests.attacks.attacker import ALONE, TRUST, WITNESSED, caught, forged, real, with_witness_of
from tests.audit.bundles import Members, members
from tests.core.protocol import put
from tests.core.test_succession import Story, story
from tests.district import UNITS, World, district, inspector, plan_value
from tests.quarter.test_freeze import HEAD, PEOPLE, PLAN, another, firm, sealed, written
from tests.quarter.workspace import give, new_store

WORLD: Final = real(district(60))
WHOLE: Final = members(WORLD, WITNESSED)


def report_of(folder: Path, some: Members, question: str) -> Mapping[str, Mapping[str, str | int]]:
    """The auditor's report on one question, its sentences by code."""
    path = folder / "bundle.zip"
    path.write_bytes(archive.write(archive.AUDITOR, some))
    report, case = examine(path, trust=TRUST)
    assert case is not None
    lines = next(one.lines for one in answers(report, case) if one.question == question)
    return {line.code: line.params for line in lines}


def swap(lines: Any) -> None:
    """Two leaders change places: as lawful and as even as before."""
    first, second = next(
        (a["team"][0], b["team"][0])
        for a, b in combinations(lines, 2)
        if a["team"][0]["slot"] == b["team"][0]["slot"]
        and {a["team"][0]["inspector"]} - {one["inspector"] for one in b["team"]}
        and {b["team"][0]["inspector"]} - {one["inspector"] for one in a["team"]}
    )
    first["inspector"], second["inspector"] = second["inspector"], first["inspector"]


class TestSwapped:
    """The friend is sent to the friend: two names of the list of teams change places after the draw."""

    @staticmethod
    def naive_holds(teams: list[str], pool: str) -> bool:
        """What can be checked of a shuffle without a seed: that everybody of the pool stands in it once."""
        return sorted(teams) == sorted(pool)

    def test_works_on_a_random_table_without_a_seed(self) -> None:
        pool = "甲乙丙丁"
        people = random.Random(1).sample(pool, len(pool))
        swapped = [people[1], people[0], *people[2:]]
        assert swapped != people
        assert self.naive_holds(swapped, pool)
        assert not self.naive_holds(["戊", *people[1:]], pool)  # it does find a stranger

    @pytest.mark.parametrize(
        "edit",
        [
            swap,
            lambda lines: (
                lines[0]["team"][0].update(inspector="P0001")
                if lines[0]["team"][0]["inspector"] != "P0001"
                else lines[0]["team"][0].update(inspector="P0002")
            ),
            lambda lines: lines[0]["team"].pop(),
        ],
    )
    def test_here_the_replay_says_otherwise(self, tmp_path: Path, edit: Callable[[Any], object]) -> None:
        assert caught(tmp_path, forged(WHOLE, blocks_jsonl=edit)) == "assignment"

    def test_here_targets_do_not_change_teams_either(self, tmp_path: Path) -> None:
        def exchange(lines: Any) -> None:
            first, second = lines[0]["targets"], lines[1]["targets"]
            first[0], second[0] = second[0], first[0]

        assert caught(tmp_path, forged(WHOLE, blocks_jsonl=exchange)) == "blocks"


def people_changed(**changes: object) -> World:
    """The first inspector with another record."""
    first, *rest = WORLD.inspectors
    return replace(WORLD, inspectors=(replace(first, **changes), *rest))  # type: ignore[arg-type]


def recused(*more: PairRecusal | GroupRecusal) -> World:
    return replace(WORLD, recusals=order_recusals([*WORLD.recusals, *more]))


MENDED: Final[Mapping[str, World]] = {
    "a recusal dropped": replace(WORLD, recusals=WORLD.recusals[1:]),
    "all recusals dropped": replace(WORLD, recusals=()),
    "a recusal thought of later": recused(PairRecusal("P0001", "E0007")),
    "a whole town recused": recused(GroupRecusal("P0001", "district", "东镇")),
    "not to be drawn": people_changed(undrawable="领导岗位"),
    "a cap": people_changed(most=0),
    "another town": people_changed(district="南岗"),
    "one fewer": replace(WORLD, inspectors=WORLD.inspectors[1:]),
    "one more": replace(WORLD, inspectors=(*WORLD.inspectors, inspector(9000, "东镇"))),
}


class TestPoolMended:
    """Recusals and persons are put right when the public value is known, until the right ones are sent."""

    def test_works_where_recusals_are_looked_up_when_the_teams_are_made(self) -> None:
        def sent(barred: Collection[str]) -> str:
            return random.Random(b"known").choice([one for one in "甲乙丙丁戊" if one not in barred])

        friend, declared = "丁", "丁戊"
        assert sent(declared) != friend
        mended = (some for size in range(3) for some in combinations("甲乙丙戊", size))
        assert any(sent(some) == friend for some in mended), (
            "his recusal dropped, others dropped or added to taste"
        )

    @pytest.mark.parametrize("mended", MENDED.values(), ids=MENDED)
    def test_here_the_lists_are_committed_to_before(self, tmp_path: Path, mended: World) -> None:
        again = members(mended, ALONE)
        assert caught(tmp_path, again) == 10
        assert caught(tmp_path, with_witness_of(again, WHOLE)) == "witness"
        for name in ("inspectors.jsonl", "recusals.jsonl"):
            mixed = forged(WHOLE | {name: again[name]})
            assert caught(tmp_path, mixed) == ("pool" if again[name] != WHOLE[name] else 0)


class TestNarrowedPool:
    """The draw is between two persons, or there is no choice at all: random in name."""

    @staticmethod
    def narrowed(count: int) -> World:
        """So many persons who may lead, by a condition that looks harmless."""
        chosen = [one.id for one in WORLD.inspectors if one.unit == UNITS[0]][:count]
        plan = put(plan_value(), "slots.0.pool", ["or", *(["eq", "id", one] for one in chosen)])
        return replace(WORLD, plan=parse_plan(plan))

    def test_works_where_the_names_are_all_that_is_shown(self) -> None:
        people = [f"P{n}" for n in range(1_000)]
        eligible = [one for one in people if one in ("P7", "P8")]
        drawn = {tuple(random.Random(seed).sample(eligible, 2)) for seed in range(50)}
        assert {frozenset(one) for one in drawn} == {frozenset({"P7", "P8"})}

    @pytest.mark.parametrize(("count", "label"), [(1, "single"), (2, "scarce")])
    def test_here_the_report_counts_places_with_one_or_few(
        self, tmp_path: Path, count: int, label: str
    ) -> None:
        found = report_of(tmp_path, members(self.narrowed(count), WITNESSED), "random")
        assert found["fewest"]["count"] <= count  # type: ignore[operator]
        assert found["scarce"][label]
        if count == 1:
            assert found["fewest"]["slot"] == "lead"

    def test_here_recusals_that_leave_nobody_else_count_like_a_narrow_pool(self, tmp_path: Path) -> None:
        # The declarers are counted in the commit notice (tests/quarter/test_freeze.py); here what is left of a pool.
        own = [one.id for one in WORLD.inspectors if one.unit == UNITS[0]]
        kept = next(one for one in own if not any(it.inspector == one for it in WORLD.recusals))
        barred = recused(
            *(GroupRecusal(one, "district", town) for one in own if one != kept for town in ("东镇", "西乡"))
        )
        plain = report_of(tmp_path, WHOLE, "random")["scarce"]["single"]
        assert report_of(tmp_path, members(barred, ALONE), "random")["scarce"]["single"] > plain  # type: ignore[operator]


def relaxing(*relaxations: object) -> World:
    """Two places a person, which is not enough, and what is to be done about it."""
    value = put(plan_value(), "blocks", {"max_targets": 1, "max_per_inspector": 1})
    return replace(
        real(district(60, more_staff=0)), plan=parse_plan(put(value, "relaxations", [*relaxations]))
    )


class TestRelaxedToTaste:
    """The persons do not suffice; which rule gives way is decided when it is known who would be sent."""

    ORDER: Final = ({"cap": 4}, {"slot": "home", "district": "any"}, {"cap": 50})

    def test_works_where_each_rule_gives_another_draw(self) -> None:
        orders = [members(relaxing(*some), ALONE)["blocks.jsonl"] for some in permutations(self.ORDER)]
        assert len(set(orders)) > 1

    def test_here_their_order_is_committed_to_with_the_plan(self, tmp_path: Path) -> None:
        whole = members(relaxing(*self.ORDER), WITNESSED)
        assert caught(tmp_path, whole) == 0
        assert whole["shortages.jsonl"]
        assert report_of(tmp_path, whole, "same")["relaxed"]["count"]
        turned = members(relaxing(*reversed(self.ORDER)), ALONE)
        assert caught(tmp_path, with_witness_of(turned, whole)) == "witness"
        other = forged(whole, plan_json=lambda plan: plan["relaxations"].reverse())
        assert caught(tmp_path, other) == "commitment"

    def test_here_no_more_is_relaxed_than_is_needed(self, tmp_path: Path) -> None:
        whole = members(relaxing(*self.ORDER), WITNESSED)
        hidden = forged(whole, shortages_jsonl=lambda lines: lines.clear())
        assert caught(tmp_path, hidden) == "assignment"
        doubled = forged(whole, shortages_jsonl=lambda lines: lines.append(lines[-1] | {"relaxations": 9}))
        assert caught(tmp_path, doubled) == "assignment"


class TestReplacedToTaste:
    """Somebody is ill whenever the draw has not sent the right person."""

    STORY: Final = story(district(80, more_staff=10))

    @staticmethod
    def engine_says(folder: Path, data: bytes) -> str:
        path = folder / "bundle.zip"
        path.write_bytes(data)
        failure = verify(path).failure
        return failure.failure_class if failure else ""

    def test_works_where_the_office_names_the_substitute(self) -> None:
        pool, team = list("甲乙丙丁"), ["甲", "乙"]
        assert any(sorted([team[0], new]) == ["丁", "甲"] for new in pool)

    def test_here_without_the_plans_leave_nobody_is_replaced_at_once(self, tmp_path: Path) -> None:
        person = self.STORY.busy[0]
        places = self.STORY.places_of(person)
        with pytest.raises(InputRefused) as refused:
            urgent(self.STORY.grounds, self.STORY.state, places)
        assert refused.value.code == "core.record_substitutes"
        plan = {key: value for key, value in crew().plan.items() if key != "substitutes"}
        allowed, unasked = Diary(crew()), Diary(crew(plan=plan))
        allowed.write("urgent", places=diaries.west(allowed))
        assert self.engine_says(tmp_path, bundle(allowed)) == ""
        said = {"kind": "urgent", "places": diaries.west(unasked), "inspectors": ["W1"]}
        assert self.engine_says(tmp_path, bundle(unasked.forge(said))) == "records"

    def test_here_the_substitute_follows_from_the_sealed_order(self, tmp_path: Path) -> None:
        diary = Diary(crew()).write("urgent", places=[diaries.two(Diary(crew()))])
        (record,) = diary.records
        chosen = record["inspectors"][0]
        for other in ("L1", "L2", "L3", "L4"):
            diary.records[0] = record | {"inspectors": [other]}
            found = self.engine_says(tmp_path, bundle(diary))
            assert found == ("" if other == chosen else "records")

    def test_here_a_second_objection_to_one_place_is_refused(self, tmp_path: Path) -> None:
        diary = Diary(crew())
        diary.persons(1, [diaries.one(diary)], "recusal")
        assert self.engine_says(tmp_path, bundle(diary)) == ""
        again = {"because": "recusal", "places": [diaries.one(diary)], "values": diaries.announced(2)}
        diary.forge({"kind": "request"} | again)
        assert self.engine_says(tmp_path, bundle(diary)) == "records"

    def test_here_an_outcome_cannot_name_another_person_or_value(self, tmp_path: Path) -> None:
        diary = Diary(crew())
        diary.persons(1, [diaries.two(diary)])
        request, outcome = diary.records
        wrong = "L1" if outcome["inspectors"] != ["L1"] else "L2"
        for changed in ({"inspectors": [wrong]}, {"values": diaries.values(2)}):
            diary.records[1] = outcome | changed
            assert self.engine_says(tmp_path, bundle(diary)) == "records"
        assert request["values"] == diaries.announced(1)

    def test_here_a_replacement_cannot_be_left_out_of_the_records(self, tmp_path: Path) -> None:
        diary = Diary(crew())
        diary.persons(1, [diaries.two(diary)])
        assert self.engine_says(tmp_path, bundle(diary, diary.records[:1])) == "records"
        assert self.engine_says(tmp_path, bundle(diary, [])) == "records"


class TestOrderOfOutcomes:
    """Two requests wait for one lottery; when its value is out, whoever answers them chooses which comes first."""

    VALUES: Final = (PublicValue("explicit", "1", "07" * 32),)

    def reached(self, start: Story, order: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
        found: dict[int, tuple[str, ...]] = {}
        for number in order:
            outcome = persons_outcome(start.grounds, start.state, number, self.VALUES)
            found[number] = outcome.inspectors
            start = start.then(outcome)
        return tuple(found[number] for number in sorted(found))

    def test_here_they_are_answered_in_the_order_in_which_they_were_made(self) -> None:
        start = story(district(80, more_staff=10))
        asked = (Announced("explicit", "1"),)
        for person in start.busy[:3]:
            start = start.then(PersonsRequest(asked, start.places_of(person)[:1], UNABLE))
        for order in permutations(start.state.open):
            if order == start.state.open:
                self.reached(start, order)
                continue
            with pytest.raises(InputRefused) as refused:
                self.reached(start, order)
            assert refused.value.code == "core.record_request"

    def test_here_the_order_stands_in_the_records(self) -> None:
        start = story(district(80, more_staff=10))
        for person in start.busy[:2]:
            start = start.ask(start.places_of(person)[:1])
        ends = [start.then(persons_outcome(start.grounds, start.state, 1, self.VALUES))]
        last = ends[0].records[-1]
        assert isinstance(last.decision, PersonsOutcome)
        assert (last.decision.request, last.seq) == (1, 3)
        with pytest.raises(InputRefused) as refused:
            succeed(start.grounds, ends[0].state, last)
        assert refused.value.code == "core.record_chain"


class TestDrawnAgain:
    """Several requests about one person, each with a lottery of its own: answered until the right one has come."""

    ISSUES: Final = range(1, 7)

    @classmethod
    def asked(cls, diary: Diary, *places: dict[str, Any]) -> Diary:
        for issue in cls.ISSUES:
            diary.ask(issue, [diaries.two(diary), *places])
        return diary

    @staticmethod
    def leads(diary: Diary) -> str:
        return str(diary.state.team[diary.blocks[0]["targets"][0]]["lead"])

    def test_works_where_a_request_is_about_whoever_is_there_by_then(self) -> None:
        diary = self.asked(Diary(crew()))
        came = [self.leads(diary)]
        for issue in self.ISSUES:
            diary.state.about[issue] = diary.state.olds([diaries.two(diary)])  # whoever is there
            diary.answer(issue, issue)
            came.append(self.leads(diary))
        assert {"L2", "L3", "L4"} <= {*came}, "each was there for a while: the office stops when it likes"

    def test_here_the_first_outcome_stands_and_the_others_have_lapsed(self, tmp_path: Path) -> None:
        diary = self.asked(Diary(crew()))
        diary.answer(1, 1)
        first = self.leads(diary)
        for issue in self.ISSUES[1:]:
            diary.answer(issue, issue)
            assert (diary.records[-1]["inspectors"], self.leads(diary)) == ([], first)
        assert TestReplacedToTaste.engine_says(tmp_path, bundle(diary)) == ""

    def test_here_an_outcome_about_the_newcomer_is_refused(self, tmp_path: Path) -> None:
        diary = self.asked(Diary(crew()))
        diary.answer(1, 1)
        diary.state.about[2] = diary.state.olds([diaries.two(diary)])
        diary.answer(2, 2)
        assert diary.records[-1]["inspectors"] not in ([], diary.records[-2]["inspectors"])
        assert TestReplacedToTaste.engine_says(tmp_path, bundle(diary)) == "records"

    def test_here_no_other_place_is_drawn_again_along_with_it(self, tmp_path: Path) -> None:
        diary = self.asked(Diary(crew()), diaries.two(Diary(crew()), "local"))
        diary.answer(1, 1)
        before = dict(diary.state.team)
        for issue in self.ISSUES[1:]:
            diary.answer(issue, issue)
        assert diary.state.team == before
        assert TestReplacedToTaste.engine_says(tmp_path, bundle(diary)) == ""

    @pytest.mark.parametrize("slot", ["lead", "local"])
    def test_here_who_dislikes_the_value_cannot_turn_to_the_sealed_order(
        self, tmp_path: Path, slot: str
    ) -> None:
        # One of two places taken at once would let the whole request lapse, and the other be asked for anew.
        diary = Diary(crew())
        diary.ask(1, [diaries.two(diary), diaries.two(diary, "local")])
        at_once(diary, diaries.two(diary, slot))
        assert TestReplacedToTaste.engine_says(tmp_path, bundle(diary)) == "records"


class TestSealedLate:
    """The targets are known when the inspectors are sealed: recusals are declared until one person is left for each."""

    @staticmethod
    def bundle_of(recusals: list[dict[str, str]]) -> bytes:
        return world.make_bundle(diaries.sealed_late(crew(recusals=recusals)))

    def test_succeeds_and_the_report_counts_the_places_that_were_left_with_one(self, tmp_path: Path) -> None:
        barred = [
            {"column": "town", "inspector": one, "value": town}
            for one in ("L2", "L3", "L4")
            for town in (diaries.EAST, diaries.WEST)
        ]
        ordered = sorted(barred, key=lambda one: (one["inspector"], one["value"]))
        lawful = self.bundle_of([]), self.bundle_of(ordered)
        singles = []
        for data in lawful:
            path = tmp_path / "bundle.zip"
            path.write_bytes(data)
            report, case = examine(path)
            assert report.failure is None
            assert case is not None
            random_lines = next(one.lines for one in answers(report, case) if one.question == "random")
            singles.append(next(one.params["single"] for one in random_lines if one.code == "scarce"))
        assert (singles[0], singles[1]) == (0, singles[1])
        assert singles[1]


class TestMovedPerson:
    """Before a freeze an inspector is moved to a unit or a district from which he is not drawn."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        made = new_store(tmp_path)
        give(made, "entities", HEAD + firm(0) + firm(1))
        give(made, "inspectors", PEOPLE)
        sealed(made, PLAN)
        return made

    def test_here_who_goes_or_may_not_be_drawn_is_told(self, store: Store) -> None:
        give(store, "inspectors", PEOPLE.replace("A3,长期,在岗", "A3,长期,借调"), accept_gone=True)
        assert sealed(store, another(2)).changes == {"inspector_left_out": 1}

    def test_here_who_is_moved_out_of_a_pool_is_told(self, store: Store) -> None:
        give(store, "inspectors", PEOPLE.replace("王一,市场监管局", "王一,档案馆"), accept_gone=True)
        assert sealed(store, another(2)).changes == {"inspector_changed": 1}
        (line,) = written(store)
        assert (line["id"], line["column"], line["was"], line["now"]) == (
            "R1",
            "unit",
            "市场监管局",
            "档案馆",
        )
