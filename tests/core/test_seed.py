"""§11 Public values, fallbacks, seed; the closing that enters it."""

import math
from collections.abc import Sequence

import pytest

from shuangsuiji.core.closing import Absent, Closing, SignedValue, Slip, check_contributors
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.seed import (
    SOURCES,
    Announced,
    Drawing,
    PublicValue,
    check_announced,
    check_fresh,
    check_seedable,
    check_values,
    derive_seeds,
    not_held,
)
from shuangsuiji.errors import InputRefused

KL8 = "".join(f"{number:02}" for number in range(1, 21))
HEX = "0123456789abcdef" * 4


def of(source: str, value: str, issue: str = "1") -> PublicValue:
    return PublicValue(source, issue, value)


def to_come(value: PublicValue) -> Announced:
    """The announcement that a value answers."""
    return Announced(value.source, value.issue)


def refused(mode: str, *values: PublicValue) -> str:
    with pytest.raises(InputRefused) as caught:
        check_values(mode, [to_come(one) for one in values], values)
    return caught.value.code


class TestValues:
    """§11 Sources, the form of a valid value, and the number of equally likely outcomes."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("kl8", KL8),
            ("kl8", KL8[:-2] + "80"),
            ("fc3d", "007"),
            ("pl5", "00000"),
            ("qxc", "99999914"),
            ("qxc", "00000000"),
            ("ssq", "01020304053316"),
            ("ssq", "28293031323301"),
            ("dlt", "01020304350112"),
            ("dice", "0" * 20),
            ("dice", "9" * 20),
            ("explicit", HEX),
        ],
    )
    def test_valid(self, source: str, value: str) -> None:
        check_values("rehearsal", [Announced(source, "1")], [of(source, value)])

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ("kl8", KL8[:-2] + "81"),
            ("kl8", "00" + KL8[2:]),
            ("kl8", KL8[2:4] + KL8[:2] + KL8[4:]),
            ("kl8", "01" + KL8[:-2]),
            ("kl8", KL8[:-2]),
            ("kl8", KL8[:-1] + " "),
            ("fc3d", "07"),
            ("fc3d", "０07"),
            ("pl5", "123456"),
            ("qxc", "12345615"),
            ("qxc", "123456 7"),
            ("ssq", "01020304053400"),
            ("ssq", "01020304053317"),
            ("ssq", "01020304050516"),
            ("dlt", "01020304361201"),
            ("dlt", "01020304350101"),
            ("dlt", "01020304351213"),
            ("dice", ""),
            ("dice", "1" * 19),
            ("dice", "1" * 21),
            ("explicit", HEX.upper()),
            ("explicit", HEX[1:]),
        ],
    )
    def test_invalid(self, source: str, value: str) -> None:
        assert refused("rehearsal", of(source, value)) == "core.seed_value"

    def test_outcomes_are_those_of_the_table(self) -> None:
        combinations = {
            "kl8": math.comb(80, 20),
            "fc3d": 1000,
            "pl5": 100_000,
            "qxc": 15_000_000,
            "ssq": 1_107_568 * 16,
            "dlt": 324_632 * 66,
            "explicit": 1,
        }
        assert {source: SOURCES[source].outcomes for source in combinations} == combinations
        assert SOURCES["dice"].outcomes == 10**20
        assert SOURCES.keys() == {*combinations, "dice"}


class TestAnnouncing:
    """§11 The values of `seed.json` MUST have the sources and issues of the announced values in the same order."""

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ([], "none"),
            ([Announced("loto", "1")], "source"),
            ([Announced("kl8", "")], "issue"),
            ([Announced("kl8", "1" * 13)], "issue"),
            ([Announced("kl8", "第1期")], "issue"),
            ([Announced("dice", "2")], "issue"),
            ([Announced("explicit", "01")], "issue"),
            ([Announced("kl8", "7"), Announced("dice", "1"), Announced("kl8", "7")], "twice"),
            ([Announced("kl8", "2026051"), Announced("dice", "1"), Announced("kl8", "26051")], "alike"),
            ([Announced("kl8", "9"), Announced("kl8", "10")], "alike"),
            ([Announced("pl5", "7"), Announced("kl8", "1", (Drawing("pl5", "007"),))], "alike"),
        ],
        ids=str,
    )
    def test_what_no_statement_may_announce(self, values: Sequence[Announced], code: str) -> None:
        with pytest.raises(InputRefused) as caught:
            check_announced(values)
        assert caught.value.code == f"core.seed_{code}"

    def test_other_drawings_than_the_announced_are_refused(self) -> None:
        first, second = of("fc3d", "123", "1"), of("fc3d", "123", "2")
        announced = [to_come(first), to_come(second)]
        check_values("rehearsal", announced, [first, second])
        for given in (
            [second, first],
            [first],
            [first, second, of("dice", "1" * 20)],
            [first, of("pl5", "12345", "2")],
        ):
            with pytest.raises(InputRefused) as caught:
                check_values("rehearsal", announced, given)
            assert caught.value.code == "core.seed_not_announced"


class TestAnnouncingAgain:
    """§10, §19 What is announced later clashes with nothing announced before; dice are thrown anew."""

    BEFORE = (Announced("kl8", "2026051", (Drawing("ssq", "2026025"),)), Announced("dice", "1"))

    @pytest.mark.parametrize(
        ("later", "code"),
        [
            (Announced("kl8", "2026051"), "known"),
            (Announced("kl8", "2026052", (Drawing("ssq", "2026025"),)), "known"),
            (Announced("kl8", "26051"), "alike"),
            (Announced("kl8", "26052"), "alike"),
            (Announced("kl8", "2026052", (Drawing("ssq", "26025"),)), "alike"),
        ],
        ids=str,
    )
    def test_no_drawing_again_under_any_spelling(self, later: Announced, code: str) -> None:
        with pytest.raises(InputRefused) as caught:
            check_fresh([later], self.BEFORE)
        assert caught.value.code == f"core.seed_{code}"

    def test_other_drawings_dice_again_and_sources_of_their_own_length(self) -> None:
        check_fresh(
            [Announced("kl8", "2026052"), Announced("dice", "1"), Announced("pl5", "26051")], self.BEFORE
        )


class TestFallbacks:
    """§11 Each value is the outcome of the announced drawing at its place or of one of its fallbacks."""

    FIRST = Announced("kl8", "1", (Drawing("kl8", "2"), Drawing("dice", "1")))

    def test_the_announced_drawing_or_any_of_its_fallbacks(self) -> None:
        for value in (of("kl8", KL8), of("kl8", KL8, "2"), of("dice", "1" * 20)):
            check_values("real", [self.FIRST], [value])
        with pytest.raises(InputRefused) as caught:
            check_values("real", [self.FIRST], [of("kl8", KL8, "3")])
        assert caught.value.code == "core.seed_not_announced"

    def test_a_fallback_of_one_place_does_not_serve_at_another(self) -> None:
        announced = [self.FIRST, Announced("fc3d", "1")]
        check_values("real", announced, [of("kl8", KL8, "2"), of("fc3d", "123")])
        for given in (
            [of("fc3d", "123"), of("kl8", KL8, "2")],
            [of("kl8", KL8), of("kl8", KL8, "2")],
        ):
            with pytest.raises(InputRefused):
                check_values("real", announced, given)

    def test_who_falls_back_says_what_must_not_have_taken_place(self) -> None:
        assert not_held([self.FIRST], [of("kl8", KL8)]) == ()
        assert not_held([self.FIRST], [of("dice", "1" * 20)]) == (Drawing("kl8", "1"), Drawing("kl8", "2"))

    @pytest.mark.parametrize(
        ("fallback", "code"),
        [
            (Drawing("kl8", "1"), "twice"),
            (Drawing("kl8", "01"), "alike"),
            (Drawing("kl8", "x"), "issue"),
            (Drawing("loto", "1"), "source"),
        ],
        ids=str,
    )
    def test_a_fallback_is_announced_like_any_drawing(self, fallback: Drawing, code: str) -> None:
        with pytest.raises(InputRefused) as caught:
            check_announced([Announced("kl8", "1", (fallback,))])
        assert caught.value.code == f"core.seed_{code}"

    @pytest.mark.parametrize("made", ["dice", "explicit"])
    def test_nothing_takes_the_place_of_what_nobody_can_check_not_to_have_been_made(self, made: str) -> None:
        own, next_one = Drawing(made, "1"), Drawing("kl8", "2")
        check_announced([Announced(made, "1")])
        check_announced([Announced("kl8", "1", (next_one, own))])
        for one in (Announced(made, "1", (next_one,)), Announced("kl8", "1", (own, next_one))):
            for several in ([one], [Announced("pl5", "1"), one]):
                with pytest.raises(InputRefused) as caught:
                    check_announced(several)
                assert caught.value.code == "core.seed_made"
                assert caught.value.params["drawing"] == f"{made}:1"

    def test_a_freeze_asks_for_enough_whichever_it_comes_to(self) -> None:
        check_seedable("real", [self.FIRST])
        with pytest.raises(InputRefused) as caught:
            check_seedable("real", [Announced("kl8", "1", (Drawing("fc3d", "1"),))])
        assert caught.value.code == "core.seed_entropy"

    def test_no_fallback_of_a_real_draw_is_set_by_hand(self) -> None:
        announced = [Announced("kl8", "1", (Drawing("explicit", "1"),))]
        for check in (check_seedable, lambda mode, one: check_values(mode, one, [of("kl8", KL8)])):
            with pytest.raises(InputRefused) as caught:
                check("real", announced)
            assert caught.value.code == "core.seed_explicit"


class TestClosing:
    """§11 The closing statement lists what the contributors gave, and all of it enters the seed."""

    GIVEN = (
        Slip("王代表", "春风"),
        SignedValue("李代表", bytes(32), b"k" * 32, b"s" * 64),
        Absent("赵代表"),
    )

    def test_its_form(self) -> None:
        value = Closing(bytes(32), self.GIVEN).object()
        assert value == {
            "commitment": "00" * 32,
            "contributions": [
                {"person": "王代表", "slip": "春风"},
                {"key": "6b" * 32, "person": "李代表", "signature": "73" * 64, "value": "00" * 32},
                {"absent": 1, "person": "赵代表"},
            ],
        }
        assert canonical_json(value)

    def test_every_contribution_and_their_order_enter(self) -> None:
        some = [self.GIVEN, self.GIVEN[:2], self.GIVEN[::-1], (Absent("王代表"), *self.GIVEN[1:]), ()]
        digests = {Closing(bytes(32), one).digest(mode) for one in some for mode in ("real", "rehearsal")}
        assert len(digests) == 2 * len(some)

    @pytest.mark.parametrize(("names", "code"), [(["甲", ""], "blank"), (["甲", "乙", "甲"], "twice")])
    def test_contributors_are_distinct_and_named(self, names: Sequence[str], code: str) -> None:
        with pytest.raises(InputRefused) as caught:
            check_contributors(names)
        assert caught.value.code == f"core.contributor_{code}"


class TestEntropy:
    """§11 In a real draw `explicit` MUST NOT occur and the product of the outcomes MUST be at least 2^60."""

    def test_a_lottery_of_61_bits_is_enough(self) -> None:
        check_values("real", [Announced("kl8", "1")], [of("kl8", KL8)])

    def test_the_outcomes_are_multiplied(self) -> None:
        assert refused("real", of("ssq", "01020304053316")) == "core.seed_entropy"
        check_values("real", [Announced("dice", "1")], [of("dice", "1" * 20)])
        three = [of("ssq", "01020304053316", str(issue)) for issue in range(3)]
        check_values("real", [to_come(one) for one in three], three)
        assert refused("real", *three[:2]) == "core.seed_entropy"

    def test_a_rehearsal_needs_none(self) -> None:
        check_values("rehearsal", [Announced("explicit", "1")], [of("explicit", HEX)])

    def test_a_real_draw_is_never_seeded_by_hand(self) -> None:
        assert refused("real", of("explicit", HEX)) == "core.seed_explicit"
        assert refused("real", of("kl8", KL8), of("explicit", HEX)) == "core.seed_explicit"

    def test_drawings_that_can_never_suffice_are_refused_before_the_freeze(self) -> None:
        check_seedable("real", [Announced("dice", "1")])
        check_seedable("rehearsal", [Announced("explicit", "1")])
        for announced, code in (
            (Announced("fc3d", "1"), "entropy"),
            (Announced("explicit", "1"), "explicit"),
        ):
            with pytest.raises(InputRefused) as caught:
                check_seedable("real", [announced])
            assert caught.value.code == f"core.seed_{code}"


class TestSeeds:
    """§11 Each stage has a seed of its own, from its commitment, the closing and the public values."""

    def test_every_part_enters(self) -> None:
        value, other = [of("fc3d", "123")], [of("fc3d", "124")]
        first, second = Closing(bytes(32)), bytes(31) + b"\x01"
        made = derive_seeds("real", first, second, value)
        assert made.targets != made.inspectors
        assert made.key("targets", "tickets") != made.key("inspectors", "tickets")
        assert made.key("targets", "a", b"bc") != made.key("targets", "a", b"b", b"c")
        for changed in (
            derive_seeds("rehearsal", first, second, value),
            derive_seeds("real", Closing(second), second, value),
            derive_seeds("real", Closing(bytes(32), (Absent("王代表"),)), second, value),
            derive_seeds("real", first, second, other),
        ):
            assert changed.targets != made.targets
            assert changed.inspectors != made.inspectors
        later = derive_seeds("real", first, bytes(32), value)
        assert (later.targets, later.inspectors == made.inspectors) == (made.targets, False)
