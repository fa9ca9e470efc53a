"""What the draws promise, of every implementation: exact chances, unbiased integers, lawful and even teams."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.spec.v1.scenarios.cases import key_of
from tests.spec.implementations import IMPLEMENTATIONS
from tests.spec.protocol import Implementation, Record

EACH = pytest.mark.parametrize("implementation", IMPLEMENTATIONS.values(), ids=IMPLEMENTATIONS.keys())


@EACH
class TestRounding:
    """§12: the quotas add up to n, no quota exceeds its v, and each stratum's mean over all offsets is n v / N."""

    @given(st.lists(st.integers(1, 7), min_size=1, max_size=6), st.data())
    def test_over_all_offsets(
        self, implementation: Implementation, sizes: list[int], data: st.DataObject
    ) -> None:
        total = sum(sizes)
        quota = data.draw(st.integers(0, total))
        rounded = [implementation.rounding(quota=quota, sizes=sizes, offset=u) for u in range(total)]
        assert all(sum(quotas) == quota for quotas in rounded)
        assert all(0 <= q <= v for quotas in rounded for q, v in zip(quotas, sizes, strict=True))
        means = [Fraction(sum(column), total) for column in zip(*rounded, strict=True)]
        assert means == [Fraction(quota * size, total) for size in sizes]


@EACH
class TestIntegers:
    """§5: as many words are accepted for one value below n as for another, and each word is used once."""

    @given(st.integers(0, 2**32), st.lists(st.integers(1, 2**64), min_size=1, max_size=8))
    def test_reading(self, implementation: Implementation, number: int, bounds: list[int]) -> None:
        key = key_of(number).hex()
        words = [int(word, 16) for word in implementation.words(key=key, count=200)]
        expected = []
        for n in bounds:
            accepted = 2**64 - 2**64 % n  # a multiple of n: every value has accepted // n words
            while words[0] >= accepted:
                words.pop(0)
            expected.append(words.pop(0) % n)
        assert implementation.below(key=key, bounds=[str(n) for n in bounds]) == [str(x) for x in expected]

    @given(st.integers(0, 2**32), st.integers(0, 30))
    def test_a_shuffle_loses_nothing(self, implementation: Implementation, number: int, length: int) -> None:
        assert sorted(implementation.shuffle(key=key_of(number).hex(), length=length)) == list(range(length))


@st.composite
def tiny_components(draw: st.DrawFn) -> Record:
    """Up to four inspectors and six slots in blocks of at most three, all in one component of inspectors 0 .. I-1."""
    people = draw(st.integers(1, 4))
    everyone = list(range(people))
    blocks = sorted(draw(st.lists(st.integers(1, 3), min_size=1, max_size=5)))
    pools = [sorted(draw(st.sets(st.sampled_from(everyone), min_size=1))) for _ in blocks]
    recused = {
        str(block): sorted(draw(st.sets(st.sampled_from(everyone), max_size=1))) for block in set(blocks)
    }
    key = key_of(draw(st.integers(0, 2**32))).hex()
    caps = draw(st.lists(st.integers(0, 4), min_size=people, max_size=people))
    pairs = [[a, b] for b in everyone for a in range(b)]
    whole = {"pools": [*pools, everyone], "blocks": [*blocks, 4]}
    apart = draw(st.lists(st.sampled_from(pairs), max_size=2, unique_by=tuple)) if pairs else []
    return whole | {"key": key, "recused": recused, "caps": caps, "incompatible": apart}


def lawful_assignments(given: Record) -> Iterator[tuple[int, ...]]:
    """By trying everything: from the pools, none recused, distinct in a block, within the cap."""
    blocks = given["blocks"]
    for own in product(*given["pools"]):
        distinct = len({*zip(blocks, own, strict=True)}) == len(own)
        recused = any(j in given["recused"].get(str(b), ()) for b, j in zip(blocks, own, strict=True))
        if distinct and not recused and all(load <= given["caps"][j] for j, load in Counter(own).items()):
            yield own


def clashing(given: Record, own: tuple[int, ...]) -> bool:
    """Whether two incompatible inspectors are in one block."""
    teams = {(block, j) for block, j in zip(given["blocks"], own, strict=True)}
    return any((b, x) in teams and (b, y) in teams for x, y in given["incompatible"] for b in given["blocks"])


def squares(own: tuple[int, ...]) -> int:
    return sum(load**2 for load in Counter(own).values())


@EACH
class TestSecondDraw:
    """§15: a lawful assignment of the least sum of squares, if repair finds one; any of them can come out."""

    @given(component=tiny_components())
    def test_against_trying_everything(self, implementation: Implementation, component: Record) -> None:
        lawful = list(lawful_assignments(component))
        answer = implementation.component(**component)
        if lawful and "own" in answer:
            own = tuple(answer["own"])
            assert own in lawful
            assert not clashing(component, own)
            apart = [squares(one) for one in lawful if not clashing(component, one)]
            assert squares(own) == min(apart)
        elif lawful:
            assert all(clashing(component, one) for one in lawful)
        else:
            assert answer["why"] == "search"
            if not component["incompatible"]:  # else recusal sets may be widened
                assert can_hold(component, answer) < len(answer["slots"])

    def test_every_even_assignment_comes_out_about_equally_often(
        self, implementation: Implementation
    ) -> None:
        everyone = [0, 1, 2, 3]
        given: Record = {"pools": [everyone, [0, 1], everyone, [0, 2, 3]], "blocks": [1, 1, 2, 2]}
        given |= {"recused": {"1": [3]}, "caps": [4] * 4, "incompatible": []}
        lawful = list(lawful_assignments(given))
        even = {own for own in lawful if squares(own) == min(map(squares, lawful))}
        runs = 60 * len(even)
        seen = Counter(
            tuple(implementation.component(key=key_of(number).hex(), **given)["own"])
            for number in range(runs)
        )
        assert set(seen) == even
        chi = sum((seen[own] - 60) ** 2 / 60 for own in even)
        assert chi < 3 * len(even)  # far above the mean of about one per degree of freedom


def can_hold(component: Record, certificate: Record) -> int:
    """How many of the certificate's slots can be filled lawfully at most (by trying everything)."""
    slots = certificate["slots"]
    blocks = [component["blocks"][s] for s in slots]
    best = 0
    for own in product(*([-1, *component["pools"][s]] for s in slots)):
        filled = [(block, j) for block, j in zip(blocks, own, strict=True) if j >= 0]
        loads = Counter(j for _, j in filled)
        recused = any(j in component["recused"].get(str(block), ()) for block, j in filled)
        if (
            not recused
            and len(set(filled)) == len(filled)
            and all(load <= component["caps"][j] for j, load in loads.items())
        ):
            best = max(best, len(filled))
    return best
