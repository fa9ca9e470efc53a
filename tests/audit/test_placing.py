"""§15.3 Who could have had a place: those, and no others, who have it in some lawful assignment as even as can be."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from shuangsuiji.audit.explain import Facts, hindered, lawful, of_block, of_person, places
from shuangsuiji.audit.placing import never
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.records import Incompatible, PairRecusal
from shuangsuiji.core.teams import make_problem
from shuangsuiji.solvers.flows import least_sum_of_squares
from tests.audit.test_cross_check import EVERYTHING, NOTHING, drawn_of
from tests.core.problems import all_lawful, squares
from tests.core.protocol import frozen, plan_with
from tests.district import UNITS, World, entity, inspector

PLAN = plan_with({"tasks.0.tiers": [EVERYTHING], "tasks.1.tiers": [NOTHING], "blocks.max_targets": 1})
"""A lead of the bureau from anywhere, a member of the firm's district from any unit."""
PEOPLE = (
    inspector(1, "东镇"),
    inspector(2, "西乡"),
    inspector(3, "东镇", UNITS[1]),
    inspector(4, "东镇"),
    inspector(5, "西乡"),
)


@settings(max_examples=25)
@given(
    st.sets(st.integers(0, 4), min_size=3),
    st.integers(2, 3),
    st.sets(st.tuples(st.integers(1, 5), st.integers(1, 3)), max_size=3),
    st.booleans(),
)
def test_those_who_have_it_in_some_assignment(
    who: set[int], firms: int, barred: set[tuple[int, int]], apart: bool
) -> None:
    pairs = tuple(PairRecusal(f"P{one:04}", f"E{firm:04}") for one, firm in sorted(barred))
    recusals = (*pairs, *([Incompatible("P0002", "P0001")] if apart else ()))
    some = tuple(PEOPLE[one] for one in sorted(who))
    sealed = frozen(World(PLAN, tuple(map(entity, range(1, firms + 1))), some, recusals))
    matching = drawn_of(sealed)
    if not matching.succeeded:
        return
    blocks = [team.block for team in matching.teams]
    candidates, problem = make_problem(sealed.plan, blocks, sealed.pool)
    every = list(all_lawful(problem))
    best = min(map(squares, every))
    kinds = [(block.number, slot) for block in blocks for slot in block.slots]
    kept_out = {
        block.number: never(sealed.plan, sealed.pool, matching.teams, block.number) for block in blocks
    }
    for number, (block, slot) in enumerate(kinds):
        for one in set(problem.slots[number].pool) - widened(problem).recused[problem.slots[number].block]:
            having = [squares(owners) for owners in every if owners[number] == one]
            found = kept_out[block][slot].get(candidates[one].id, "")
            wanted = "" if best in having else "uneven" if having else "incomplete"
            assert found in ({"", wanted} if problem.incompatible else {wanted})


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(("东镇", "西乡")), st.sampled_from(UNITS[:2])), min_size=4, max_size=9
    ),
    st.integers(3, 14),
    st.sets(st.tuples(st.integers(1, 9), st.integers(1, 14)), max_size=12),
    st.integers(2, 8),
)
def test_a_flow_with_the_place_given_says_the_same(
    people: list[tuple[str, str]], firms: int, barred: set[tuple[int, int]], cap: int
) -> None:
    """Of draws too large to list all that could have come out."""
    plan = plan_with(
        {
            "tasks.0.tiers": [EVERYTHING],
            "tasks.1.tiers": [NOTHING],
            "blocks.max_targets": 1,
            "blocks.max_per_inspector": cap,
        }
    )
    some = tuple(inspector(number, *own) for number, own in enumerate(people, start=1))
    recusals = tuple(
        PairRecusal(f"P{one:04}", f"E{firm:04}")
        for one, firm in sorted(barred)
        if one <= len(people) and firm <= firms
    )
    towns = ("东镇", "西乡")
    entities = tuple(entity(number, towns[number % 5 == 0]) for number in range(1, firms + 1))
    sealed = frozen(World(plan, entities, some, recusals))
    matching = drawn_of(sealed)
    if not matching.succeeded:
        return
    blocks = [team.block for team in matching.teams]
    candidates, problem = make_problem(sealed.plan, blocks, sealed.pool)
    least = least_sum_of_squares(problem)
    kinds = [(block.number, slot) for block in blocks for slot in block.slots]
    for number in range(0, len(kinds), 3):
        block, slot = kinds[number]
        own = problem.slots[number]
        found = never(sealed.plan, sealed.pool, matching.teams, block)[slot]
        for one in set(own.pool) - problem.recused[own.block]:
            given_to = (*problem.slots[:number], replace(own, pool=(one,)), *problem.slots[number + 1 :])
            squares = least_sum_of_squares(replace(problem, slots=given_to))
            wanted = "incomplete" if squares is None else "uneven" if squares != least else ""
            assert found.get(candidates[one].id, "") == wanted


def test_who_is_needed_elsewhere_reads_why() -> None:
    """Twelve firms of 东镇, where there are two persons: with six places as members they never lead."""
    firms = tuple(entity(number) for number in range(1, 13))
    people = (
        inspector(1, "东镇"),
        inspector(2, "东镇"),
        *(inspector(number, "西乡") for number in range(3, 9)),
    )
    sealed = frozen(World(PLAN, firms, people, ()))
    matching = drawn_of(sealed)
    team = next(one for one in matching.teams if one.inspectors[1].id == "P0002")
    facts = Facts(
        sealed.plan, people, (), team.block, team.inspectors, {}, {}, {"lead": "组长", "home": "属地"}, "休假"
    )
    verdicts = [*of_person(facts, people[0]), *of_block(facts, people[0])]
    found = tuple(places(facts, people[0], lawful=lawful(verdicts)))
    lead, home = hindered(facts, found, people[0], matching.teams)
    assert (lead.able, home.able) == (False, True)
    assert [(one.code, one.kind) for one in lead.verdicts if not one.holds] == [("balance.never", "draw")]
    # The list says so of everybody, whoever is asked about.
    kept_out = {one.id for one in lead.candidates if one.never == "balance"}
    assert (len(lead.candidates), kept_out) == (8, {"P0001", "P0002"})
    assert [one.never for one in home.candidates] == ["", ""]
