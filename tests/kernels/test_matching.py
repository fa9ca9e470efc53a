"""§15 The compiled loops draw what the readable core draws, down to the certificate of a shortage."""

from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shuangsuiji.core.matching import run as readable
from shuangsuiji.core.matching import runs
from shuangsuiji.core.matching.problem import Problem, Short, Slot, components
from shuangsuiji.core.stream import Stream
from shuangsuiji.kernels import matching as kernel
from shuangsuiji.kernels.matching_loops import below

pytestmark = pytest.mark.usefixtures("loops")

KEYS = st.binary(min_size=32, max_size=32)


@st.composite
def problems(draw: st.DrawFn, people: int = 12, blocks: int = 15) -> Problem:
    """Typed pools, caps of one's own, recusals, incompatible pairs; often there is no lawful assignment."""
    size = draw(st.integers(2, people))
    persons = st.integers(0, size - 1)
    some, few = st.sets(persons, min_size=-(-size // 2)), st.sets(persons, min_size=1, max_size=3)
    pools = [tuple(range(size)), tuple(sorted(draw(some))), tuple(sorted(draw(few)))]
    kinds = st.lists(st.sampled_from([0, 0, 1, 2]), min_size=1, max_size=3)
    teams = draw(st.lists(kinds, min_size=1, max_size=blocks))
    few_recused = st.frozensets(persons, max_size=draw(st.integers(0, size // 3)))
    mean = -(-sum(map(len, teams)) // size)
    least = max(0, mean + draw(st.integers(-1, 2)))
    pairs = st.frozensets(
        st.tuples(persons, persons).filter(lambda pair: pair[0] < pair[1]), max_size=size // 2
    )
    return Problem(
        slots=tuple(Slot(number, pools[pool]) for number, kinds in enumerate(teams) for pool in kinds),
        recused=tuple(draw(few_recused) for _ in teams),
        caps=tuple(draw(st.integers(least, least + 3)) for _ in range(size)),
        incompatible=draw(pairs),
    )


def plain(
    blocks: int, people: int, cap: int, rare: int = 0, pairs: Iterable[tuple[int, int]] = ()
) -> Problem:
    """Teams of two from all, in every fifth block the second from `rare` persons; everybody recused somewhere."""
    everybody, seldom = tuple(range(people)), tuple(range(rare))
    return Problem(
        slots=tuple(
            Slot(block, seldom if rare and second and block % 5 == 0 else everybody)
            for block in range(blocks)
            for second in (False, True)
        ),
        recused=tuple(frozenset({block % people, block * 7 % people}) for block in range(blocks)),
        caps=(cap,) * people,
        incompatible=frozenset(pairs),
    )


def drawn_by_both(problem: Problem, key: bytes) -> list[tuple[int, ...] | Short]:
    """What the loops draw, having been held against the readable core."""
    found = []
    for component in components(problem):
        drawn = kernel.run(component, key)
        assert drawn == readable(component, key)
        found.append(drawn)
    return found


class TestTwin:
    @settings(max_examples=300)
    @given(problems(), KEYS)
    def test_small_components(self, problem: Problem, key: bytes) -> None:
        drawn_by_both(problem, key)

    @settings(max_examples=5)
    @given(problems(people=60, blocks=300), KEYS)
    def test_larger_components(self, problem: Problem, key: bytes) -> None:
        drawn_by_both(problem, key)

    @settings(max_examples=5)
    @given(KEYS)
    @example(bytes(32))
    def test_incompatible_inspectors_are_got_apart(self, key: bytes) -> None:
        pairs = {(one, one + 1) for one in range(0, 30, 2)}
        (drawn,) = drawn_by_both(plain(200, 30, 20, pairs=pairs), key)
        assert isinstance(drawn, tuple)

    def test_balance_may_have_to_be_given_up(self) -> None:
        """One lead for all blocks, who may meet one of twenty only: far more than there was room for at first."""
        pairs = frozenset((0, one) for one in range(2, 21))
        slots = tuple(Slot(block, pool) for block in range(40) for pool in ((0,), tuple(range(1, 21))))
        problem = Problem(slots, (frozenset(),) * 40, (99,) * 21, pairs)
        (drawn,) = drawn_by_both(problem, bytes(32))
        assert drawn == (0, 1) * 40

    def test_those_who_cannot_be_got_apart_are_named(self) -> None:
        """Three persons, of whom none may be with another, in teams of two."""
        (drawn,) = drawn_by_both(plain(1, 4, 9, pairs={(0, 2), (1, 2), (2, 3), (1, 3)}), bytes(32))
        assert isinstance(drawn, Short)
        assert drawn.why == "clash"

    def test_too_few_places_give_the_same_certificate(self) -> None:
        """Forty places are for three persons only, who may take twelve each."""
        (drawn,) = drawn_by_both(plain(200, 40, 12, rare=3), bytes(32))
        assert isinstance(drawn, Short)
        assert (drawn.why, drawn.inspectors) == ("search", (0, 1, 2))

    def test_persons_may_share_a_bit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the table of bits would be too large: then the lists decide."""
        monkeypatch.setattr(kernel, "_BITS", 1)
        (drawn,) = drawn_by_both(plain(200, 150, 9, rare=7), bytes(32))
        assert isinstance(drawn, tuple)

    def test_somebody_may_hold_far_more_than_the_mean(self) -> None:
        """The loops begin with room for about twice the mean, and begin anew where that is too narrow."""
        (drawn,) = drawn_by_both(plain(300, 200, 99, rare=3), bytes(32))
        assert isinstance(drawn, tuple)
        assert max(map(drawn.count, range(3))) >= 20


class TestStream:
    @given(KEYS, st.lists(st.integers(1, 2**62) | st.integers(1, 9), min_size=1, max_size=50))
    def test_integers_are_those_of_the_readable_stream(self, key: bytes, bounds: list[int]) -> None:
        """More words than are made at a time; large bounds are refused often."""
        stream, words = Stream(key), kernel.new_stream(key)
        assert all(below(words, n) == stream.below(n) for n in bounds * 100)

    @given(KEYS, st.integers(0, 40), st.lists(st.integers(1, 40), min_size=1))
    def test_division_by_multiplying_is_exact(self, key: bytes, greatest: int, bounds: list[int]) -> None:
        """Up to `greatest`; above it, it is division."""
        stream, words = Stream(key), kernel.new_stream(key, greatest)
        assert all(below(words, n) == stream.below(n) for n in bounds * 20)


class TestComponents:
    """§15.1 Components are independent."""

    @pytest.mark.parametrize("threads", [1, 2, 5])
    @pytest.mark.parametrize("worth", [0, 10**9])
    def test_neither_threads_nor_size_change_what_is_drawn(self, worth: int, threads: int) -> None:
        parts = [part for size in (9, 3, 30, 5) for part in components(plain(size, size, 9))]
        keys = [bytes([number]) * 32 for number in range(len(parts))]
        told: list[tuple[int, int]] = []
        drawn = kernel.runs(
            parts, keys, threads=threads, worth=worth, progress=lambda *done: told.append(done)
        )
        assert list(drawn) == list(runs(parts, keys))
        assert told == [(18, 94), (24, 94), (84, 94), (94, 94)]
