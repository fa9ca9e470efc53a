"""§15 The second draw on abstract problems: lawful, as even as can be, or a certificate that it cannot be done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings

from shuangsuiji.core.matching import assign
from shuangsuiji.core.matching.mixing import mix
from shuangsuiji.core.matching.problem import Problem, Short, Slot, components
from shuangsuiji.core.matching.start import start
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.stream import Stream
from shuangsuiji.solvers.flows import least_sum_of_squares
from tests.core.problems import all_lawful, keys, lawful, problem, problems, squares


class TestAssignment:
    """§15 Lawful, and among the lawful assignments one with the least sum of squares of the loads.

    So the start (§15.3) fills by relays (§15.2) whatever can be filled, and balances it as far as it goes.
    """

    @settings(max_examples=40)
    @given(problems())
    def test_it_is_lawful_and_as_even_as_the_flow_or_there_is_none(self, given_: Problem) -> None:
        least, owners = least_sum_of_squares(given_), assign(given_, keys(0))
        if isinstance(owners, Short):
            assert least is None
        else:
            assert lawful(given_, owners)
            assert squares(owners) == least

    @settings(max_examples=40)
    @given(problems(people=4, blocks=4, slots=2))
    def test_it_is_as_even_as_the_best_of_all_lawful_assignments(self, given_: Problem) -> None:
        everything, owners = list(all_lawful(given_)), assign(given_, keys(1))
        if isinstance(owners, Short):
            assert not everything
        else:
            assert squares(owners) == min(map(squares, everything))

    def test_a_load_that_the_rules_force_on_one_is_the_only_uneven_one(self) -> None:
        """Three teams need the one specialist (3); the other nine places go to 0, 1 and 2, three each."""
        specialist = problem([range(4), [3]], [[1, 0]] * 3 + [[0, 0]] * 3)
        for number in range(5):
            assert Counter(owners(specialist, number)) == {0: 3, 1: 3, 2: 3, 3: 3}
        scarce = problem([range(4), [3]], [[1, 0]] * 5)
        assert sorted(Counter(owners(scarce, 0)).values()) == [1, 2, 2, 5]

    def test_another_seed_makes_other_teams(self) -> None:
        given_ = problem([range(20)], [[0, 0]] * 10)
        assert len({tuple(owners(given_, number)) for number in range(5)}) == 5


class TestComponents:
    """§15.1 Two slots whose pools share an inspector belong to the same component. Components are independent."""

    @given(problems())
    def test_every_slot_is_in_one_component_with_its_pool_and_recusals(self, given_: Problem) -> None:
        parts = components(given_)
        assert sorted(slot for part in parts for slot in part.slots) == list(range(len(given_.slots)))
        assert [part.first_slot for part in parts] == sorted(part.first_slot for part in parts)
        people = Counter(one for part in parts for one in part.inspectors)
        assert set(people.values()) == {1}
        for part in parts:
            for own, number in enumerate(part.slots):
                slot = given_.slots[number]
                assert tuple(part.inspectors[one] for one in part.pools[part.pool_of[own]]) == slot.pool
                barred = {part.inspectors[one] for one in part.recused[own]}
                assert barred == given_.recused[slot.block] & set(part.inspectors)
                mates = [part.slots[mate] for mate in part.mates[own]]
                assert mates == [z for z in part.slots if z != number and given_.slots[z].block == slot.block]

    @settings(max_examples=15)
    @given(problems(), problems())
    def test_what_others_do_elsewhere_changes_nothing(self, first: Problem, second: Problem) -> None:
        """A second problem with persons of its own, behind the first: the first comes out as it does alone."""
        moved = tuple(
            Slot(slot.block + len(first.recused), tuple(one + 100 for one in slot.pool))
            for slot in second.slots
        )
        barred = tuple(frozenset(one + 100 for one in some) for some in second.recused)
        spare = (0,) * (100 - len(first.caps))
        caps = first.caps + spare + second.caps
        both = assign(Problem(first.slots + moved, first.recused + barred, caps), keys(3))
        alone = assign(first, keys(3))
        if isinstance(alone, Short):
            assert both == alone
        elif not isinstance(both, Short):
            assert list(both)[: len(alone)] == list(alone)

    def test_each_has_a_stream_of_its_own(self) -> None:
        """Two districts alike in everything but the persons are not staffed alike."""
        twins = problem([range(6), range(6, 12)], [[0, 0]] * 4 + [[1, 1]] * 4)
        first, second = owners(twins, 0)[:8], owners(twins, 0)[8:]
        assert [one + 6 for one in first] != list(second)


class TestShortage:
    """§15.6 The slots that have a via are more than the inspectors of `seen` have room for, or cannot be spread."""

    @given(problems(spare=(-1, 1)))
    def test_the_certificate_is_proven_by_counting(self, given_: Problem) -> None:
        """Whoever was reached fills at most his cap of the slots; anybody else at most one of each block.

        So that is the most that can be filled of the slots reached, and there are more of them: one more, as the
        search stops at the first slot too many.
        """
        owners = assign(given_, keys(4))
        if not isinstance(owners, Short):
            return
        reached = set(owners.inspectors)
        others = {
            (given_.slots[number].block, one)
            for number in owners.slots
            for one in set(given_.slots[number].pool) - given_.recused[given_.slots[number].block] - reached
        }
        assert len(set(owners.slots)) == len(owners.slots)
        assert len(owners.slots) == sum(given_.caps[one] for one in reached) + len(others) + 1

    def test_a_pool_without_anybody(self) -> None:
        assert assign(problem([[0, 1], []], [[0], [0, 1]]), keys(0)) == Short("pool", (2,))

    def test_too_few_by_one(self) -> None:
        full = problem([[0, 1]], [[0]] * 4, cap=2)
        assert not isinstance(assign(full, keys(0)), Short)
        assert assign(problem([[0, 1]], [[0]] * 5, cap=2), keys(0)) == Short(
            "search", (0, 1, 2, 3, 4), (0, 1)
        )

    def test_enough_persons_but_nobody_twice_in_a_block(self) -> None:
        assert assign(problem([[0, 1]], [[0, 0, 0]]), keys(0)) == Short("search", (0, 1, 2))


class TestIncompatible:
    """§15.3 Repair brings incompatible inspectors apart, if need be at the cost of balance, or says who still clash."""

    @settings(max_examples=40)
    @given(problems(pairs=3, spare=(1, 4)))
    def test_what_comes_out_is_lawful_and_no_more_even_than_if_all_were_compatible(
        self, given_: Problem
    ) -> None:
        found = assign(given_, keys(5))
        if not isinstance(found, Short):
            assert lawful(given_, found)
            least = least_sum_of_squares(replace(given_, incompatible=frozenset()))
            assert least is not None
            assert squares(found) >= least
        elif found.why == "clash":
            rivals = {one for pair in given_.incompatible for one in pair}
            assert set(found.inspectors) <= rivals
            assert len(found.slots) >= 2

    @settings(max_examples=40)
    @given(problems(people=4, blocks=3, slots=2, pairs=2))
    def test_without_any_lawful_assignment_there_is_a_shortage(self, given_: Problem) -> None:
        if not list(all_lawful(given_)):
            assert isinstance(assign(given_, keys(6)), Short)

    def test_whom_the_only_lead_may_not_meet_is_in_no_team(self) -> None:
        """§15.1 Nobody else can be beside the lead, so balance is that of the other members alone."""
        village = problem([[0], [1, 2, 3]], [[0, 1]] * 6, incompatible=[(0, 1)])
        assert Counter(owners(village, 3)) == {0: 6, 2: 3, 3: 3}

    def test_widening_goes_on_until_nobody_joins(self) -> None:
        """§15.1 Without 1, whom the lead may not meet, only 2 is left beside him, whom 4 may not meet; 3 and 5 stay."""
        chain = problem([[0], [1, 2], [3, 4, 5]], [[0, 1, 2], [1, 2]], incompatible=[(0, 1), (2, 4)], cap=9)
        assert widened(chain).recused == (frozenset({1, 4}), frozenset())

    def test_where_nobody_is_able_nobody_joins(self) -> None:
        empty = problem([[0], [1]], [[0, 1]], {0: [0]}, incompatible=[(0, 1)])
        assert widened(empty).recused == (frozenset({0}),)

    def test_balance_is_given_up_where_it_leaves_no_way_out(self) -> None:
        """Four places for four persons, but without 2 in either team 1 would meet 0 or 3."""
        two = problem([[1, 2, 3], [0, 1, 2]], [[0, 0], [1, 1]], incompatible=[(0, 1), (1, 3)])
        assert widened(two) == two
        for number in range(20):
            found = owners(two, number)
            assert lawful(two, found)
            assert (found.count(2), squares(found)) == (2, 6)

    def test_two_who_can_only_meet(self) -> None:
        pair = problem([[0, 1]], [[0, 0]], incompatible=[(0, 1)])
        assert assign(pair, keys(0)) == Short("clash", (0, 1), (0, 1))

    def test_they_join_the_components_of_their_pools(self) -> None:
        """What the pair in different pools does depends on both: one component; without it there are two."""
        apart = problem([[0, 1], [2, 3]], [[0, 1]] * 2, incompatible=[(1, 2)])
        assert len(components(apart)) == 1
        assert len(components(replace(apart, incompatible=frozenset({(1, 9)})))) == 2
        assert {tuple(owners(apart, number)) for number in range(20)} <= {
            (one, two, three, four) for one, two, three, four in all_lawful(apart)
        }

    @given(problems())
    def test_a_component_without_a_pair_knows_of_no_rivals(self, given_: Problem) -> None:
        assert all(part.rivals == () for part in components(given_))


class TestOwnCaps:
    """§15 Nobody in more slots than his cap: the plan's, or his own if that is smaller."""

    def test_who_takes_no_more_than_one_leaves_the_rest_to_the_others(self) -> None:
        given_ = problem([[0, 1, 2]], [[0]] * 7, cap=[1, 0, 9])
        assert Counter(owners(given_, 0)) == {0: 1, 2: 6}


class TestMixing:
    """§15.4, §15.5 Rotations and exchanges keep the assignment lawful and as even as it was."""

    @given(problems())
    def test_loads_are_dealt_anew_but_stay_as_even(self, given_: Problem) -> None:
        for part in components(given_):
            stream = Stream(bytes(32))
            state = start(part, stream)
            if isinstance(state, Short):
                return
            before = sorted(map(len, state.held))
            mix(state, stream)
            assert sorted(map(len, state.held)) == before
            assert_consistent(state.own, state.held)


def owners(given_: Problem, number: int) -> Sequence[int]:
    found = assign(given_, keys(number))
    assert not isinstance(found, Short)
    return found


def assert_consistent(own: Sequence[int], held: Sequence[Sequence[int]]) -> None:
    """§15.1 `own` and `held` say the same."""
    assert sorted((one, slot) for slot, one in enumerate(own)) == [
        (one, slot) for one, slots in enumerate(held) for slot in sorted(slots)
    ]
