"""Attacks on the seed: contributions dropped late, the fallback chosen, lotteries too small, dice counted to taste."""

import math
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from fractions import Fraction
from hashlib import sha256
from itertools import chain, combinations
from pathlib import Path
from typing import Any, Final

import pytest

from docs.spec.v1.make_vectors import VECTORS
from shuangsuiji.audit.verify import verify
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.bundle.witness import NOTICE, Testimony
from shuangsuiji.core.closing import Absent, Closing, Contribution, Slip
from shuangsuiji.core.commitment import Lists, freeze
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.core.seed import (
    LEAST_OUTCOMES,
    SOURCES,
    Announced,
    Drawing,
    PublicValue,
    check_fresh,
    check_seedable,
    check_values,
)
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan.drawings import announced, check_to_come
from shuangsuiji.quarter.freeze import freeze as freeze_rosters
from shuangsuiji.quarter.late import targets_only
from shuangsuiji.quarter.plan import adopt
from tests.attacks.attacker import (
    NOTARY,
    caught,
    drawn,
    examined,
    forged,
    real,
    seen_by,
    with_witness_of,
)
from tests.audit.bundles import KL8, Members, Session, members
from tests.quarter.small_plan import KEY, plan_file, with_rosters
from tests.quarter.workspace import NOW

GUESTS: Final = ("王代表", "李代表", "赵代表")
WORLD: Final = real()
SLIPS: Final = tuple(Slip(person, f"{person}的一句话") for person in GUESTS)


def given(_: str, __: bytes) -> tuple[Contribution, ...]:
    return SLIPS


HELD: Final = Session(KL8, contribute=given, witness=seen_by())
WHOLE: Final = members(WORLD, HELD)


def subsets(some: Sequence[str]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(some, size) for size in range(len(some) + 1)))


class TestDroppedContributions:
    """Whoever gathers the contributions sees the lottery first and then forgets those that do not suit."""

    def test_works_where_a_missing_reveal_is_passed_over(self) -> None:
        reveals = ["甲", "乙", "丙"]

        def naive(some: Sequence[str], firm: int) -> bool:
            """Drawn with a chance of one in five."""
            return sha256(f"{firm}{''.join(some)}".encode()).digest()[0] < 256 // 5

        honest = sum(naive(reveals, firm) for firm in range(20_000))
        chosen = sum(all(naive(some, firm) for some in subsets(reveals)) for firm in range(20_000))
        assert honest > 3_800
        assert chosen <= 2  # of a firm that should come out once in five draws

    def test_the_chance_of_a_firm_of_a_fifth_is_three_in_a_million(self) -> None:
        chance = Fraction(1, 5) ** len(subsets(GUESTS))
        assert round(chance * 10**6) == 3

    @staticmethod
    def dropped(number: int, absent: bool) -> Members:
        """The contribution of one guest taken out of the closing, or put down as an absence, the log written anew."""
        left: list[Contribution] = [one for place, one in enumerate(SLIPS) if place != number]
        if absent:
            left.insert(number, Absent(GUESTS[number]))
        seed: Any = {}

        def closing(value: Any) -> None:
            value["closing"]["contributions"] = [one.object() for one in left]
            seed.update(value["closing"])

        def entries(lines: Any) -> None:
            digest = draw_hash("real", "closing", canonical_json(seed))
            (own,) = (one for one in lines if one["verb"] == "close")
            own["details"]["closing"] = digest.hex()

        return forged(WHOLE, seed_json=closing, log_jsonl=entries)

    @pytest.mark.parametrize("number", range(len(GUESTS)))
    def test_here_a_missing_one_is_seen_and_an_absence_contradicts_the_witness(
        self, tmp_path: Path, number: int
    ) -> None:
        assert caught(tmp_path, WHOLE) == 0
        assert caught(tmp_path, self.dropped(number, absent=False)) == "seed"
        assert caught(tmp_path, self.dropped(number, absent=True)) == "witness"

    def test_here_the_whole_draw_made_anew_contradicts_the_witness(self, tmp_path: Path) -> None:
        fewer = Session(KL8, contribute=lambda *_: (SLIPS[0], Absent(GUESTS[1]), SLIPS[2]))
        assert caught(tmp_path, with_witness_of(members(WORLD, fewer), WHOLE)) == "witness"

    def test_here_an_unwitnessed_closing_proves_no_order(self, tmp_path: Path) -> None:
        def notice_alone(notice: Notice, closing: bytes) -> Sequence[Testimony]:
            return seen_by(NOTARY, "2021-02-20T03:30:00Z", NOTICE)(notice, closing)

        open_end = Session(KL8, contribute=given, witness=notice_alone)
        assert caught(tmp_path, members(WORLD, open_end)) == 10


class TestChosenFallback:
    """ "The drawing did not take place": the one who says so chooses between the announced value and its fallbacks."""

    ISSUES: Final = ("2021051", "2021052", "2021053", "2021054")
    ANNOUNCED: Final = Announced("kl8", ISSUES[0], tuple(Drawing("kl8", issue) for issue in ISSUES[1:]))

    @staticmethod
    def value(issue: str) -> PublicValue:
        first = int(issue) % 7 + 1
        return PublicValue("kl8", issue, "".join(f"{number:02}" for number in range(first, first + 60, 3)))

    def session(self, issue: str) -> Session:
        return Session(self.value(issue), self.ANNOUNCED, witness=seen_by())

    def fates(self) -> dict[str, frozenset[str]]:
        return {issue: drawn(WORLD, self.value(issue)) for issue in self.ISSUES}

    def test_works_where_nobody_looks_whether_it_took_place(self) -> None:
        fates = self.fates()
        struck = fates[self.ISSUES[0]]
        assert all(any(firm not in other for other in fates.values()) for firm in struck)

    def test_here_the_report_names_each_drawing_that_must_not_have_taken_place(self, tmp_path: Path) -> None:
        for place, issue in enumerate(self.ISSUES):
            report = examined(tmp_path, members(WORLD, self.session(issue)))
            assert report.exit_code(rehearsal=False) == 0
            assert report.not_held == tuple(f"kl8:{earlier}" for earlier in self.ISSUES[:place])

    def test_here_who_brings_the_announced_value_finds_it_missing(self, tmp_path: Path) -> None:
        report = examined(
            tmp_path, members(WORLD, self.session(self.ISSUES[2])), values=[self.value(self.ISSUES[0])]
        )
        assert report.exit_code(rehearsal=False) == 1

    def test_here_a_fallback_cannot_be_thought_of_afterwards(self, tmp_path: Path) -> None:
        other = self.value("2021060")
        with pytest.raises(InputRefused) as refused:
            check_values("real", [self.ANNOUNCED], [other])
        assert refused.value.code == "core.seed_not_announced"
        whole = members(WORLD, self.session(self.ISSUES[0]))
        swapped = forged(whole, seed_json=lambda value: value["values"].__setitem__(0, other.object()))
        assert caught(tmp_path, swapped) == "seed"

        def announce(value: Any) -> None:
            value["values"][0]["fallback"].append({"issue": "2021060", "source": "kl8"})

        def everywhere(value: Any) -> None:
            announce(value["targets"])
            announce(value["inspectors"])

        told = forged(
            whole,
            seed_json=lambda value: value["values"].__setitem__(0, other.object()),
            notice_json=announce,
            commitment_json=everywhere,
        )
        assert caught(tmp_path, told) == "commitment"  # C(targets) is in the inspectors statement

    def test_here_a_weak_fallback_is_refused_before_the_freeze(self) -> None:
        weak = Announced("kl8", "2021051", (Drawing("pl5", "2021051"),))
        with pytest.raises(InputRefused) as refused:
            check_seedable("real", [weak])
        assert refused.value.code == "core.seed_entropy"


class TestDiceDisliked:
    """Guests throw dice; the office does not like what they show: "none were thrown", and the lottery decides."""

    THROWN: Final = PublicValue("dice", "1", "31415926535897932384")
    CHOICE: Final = Announced("dice", "1", (Drawing("kl8", KL8.issue),))

    def test_works_where_a_lottery_may_take_the_place_of_dice(self) -> None:
        by_dice, by_lottery = (drawn(WORLD, value) for value in (self.THROWN, KL8))
        assert by_dice - by_lottery, "whoever is struck by the dice alone can be spared"
        # Nobody can look up whether dice were thrown; of a lottery anyone can.

    @pytest.mark.parametrize(
        "choice",
        [CHOICE, Announced("kl8", "2021050", (Drawing("dice", "1"), Drawing("kl8", KL8.issue)))],
        ids=str,
    )
    def test_here_no_statement_announces_it(self, choice: Announced) -> None:
        lists = Lists(WORLD.entities, WORLD.inspectors, WORLD.recusals)
        for refusing in (
            lambda: freeze(WORLD.plan, WORLD.seal, lists, [choice]),
            lambda: check_fresh([choice], []),
        ):
            with pytest.raises(InputRefused) as refused:
                refusing()
            assert refused.value.code == "core.seed_made"

    def test_here_no_bundle_of_such_a_draw_holds(self) -> None:
        failure = verify(VECTORS / "bundles" / "commitment-dice-with-a-fallback.zip").failure
        assert failure is not None
        assert failure.failure_class == "commitment"


def log_binomial_tail(seeds: int, rate: float, most: int) -> float:
    """The natural logarithm of the chance that a firm is drawn under at most so many of the seeds."""
    top = min(most, seeds)
    terms = [
        math.lgamma(seeds + 1)
        - math.lgamma(k + 1)
        - math.lgamma(seeds - k + 1)
        + k * math.log(rate)
        + (seeds - k) * math.log1p(-rate)
        for k in range(max(0, top - 2_000), top + 1)
    ]
    highest = max(terms)
    return highest + math.log(sum(math.exp(one - highest) for one in terms))


def best_share(seeds: int, registries: int, rate: float) -> float:
    """The least share of the seeds, of its fair one, that an attacker may expect of the best of so many registries.

    A registry gives each seed an independent coin of chance `rate`; the best of G lies where a registry comes with
    chance 1/G. With many seeds the binomial is a normal one, of which the lower tail is known.
    """
    wanted = -math.log(registries)
    fair = seeds * rate
    if seeds > 10**7:
        # P(Z < -z) < exp(-z^2 / 2): no registry of G is expected further below than z deviations.
        return 1 - math.sqrt(2 * math.log(registries)) * math.sqrt(seeds * rate * (1 - rate)) / fair
    low, high = 0, int(fair)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if log_binomial_tail(seeds, rate, middle) >= wanted else (middle + 1, high)
    return low / fair


class TestFewOutcomes:
    """The bureau may choose among a million registries; how much a favoured firm gains depends on the lottery."""

    REGISTRIES: Final = 2**20

    def test_of_a_thousand_seeds_a_firm_of_one_per_cent_is_never_drawn(self) -> None:
        assert best_share(10**3, self.REGISTRIES, 0.01) == 0
        never = 0.99**1000  # of one registry
        assert self.REGISTRIES * never > 45  # so many spare the firm under every seed

    def test_of_a_million_seeds_it_keeps_ninety_five_per_cent_of_its_chance(self) -> None:
        assert round(best_share(10**6, self.REGISTRIES, 0.01), 2) == 0.95

    def test_of_two_to_the_forty_nothing_is_left_to_gain(self) -> None:
        assert best_share(2**40, self.REGISTRIES, 0.01) > 0.9999

    def test_at_the_least_entropy_here_not_even_among_two_to_the_sixty_registries(self) -> None:
        assert best_share(LEAST_OUTCOMES, 2**60, 0.01) > 1 - 10**-6

    def test_here_what_has_fewer_outcomes_seeds_nothing(self) -> None:
        weak = [source for source, own in SOURCES.items() if own.outcomes < LEAST_OUTCOMES]
        assert set(weak) == {"fc3d", "pl5", "qxc", "ssq", "dlt", "explicit"}
        for values in (("fc3d", "pl5", "qxc"), ("ssq", "dlt"), ("qxc", "dlt")):
            with pytest.raises(InputRefused) as refused:
                check_seedable("real", [Announced(source, "2021051") for source in values])
            assert refused.value.code == "core.seed_entropy"
        check_seedable("real", [Announced(source, "2021051") for source in ("ssq", "dlt", "pl5")])


class TestTwoSpellings:
    """One drawing is announced under two ways to write its issue, so that its outcomes count twice."""

    TOLD: Final = ("ssq:2021025", "dlt:21025", "fc3d:2021051", "fc3d:21051")

    @staticmethod
    def outcomes(drawings: set[tuple[str, str]]) -> int:
        return math.prod(SOURCES[source].outcomes for source, _ in drawings)

    def test_works_where_the_meter_counts_texts(self) -> None:
        texts = {(one.source, one.issue) for one in map(announced, self.TOLD)}
        held = {(source, issue[-5:]) for source, issue in texts}  # what takes place
        assert self.outcomes(texts) >= LEAST_OUTCOMES > self.outcomes(held)

    def test_here_the_issues_of_a_source_are_written_alike(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        adopt(store, plan_file(tmp_path), salt_key=KEY, operator="张三", now=NOW)
        told = [one.replace(":2021", ":2026").replace(":21", ":26") for one in self.TOLD]
        with pytest.raises(InputRefused) as refused:
            freeze_rosters(store, values=told, operator="张三", now=NOW)
        assert refused.value.code == "core.seed_alike"
        assert refused.value.params == {"drawing": "fc3d:26051", "other": "fc3d:2026051"}

    def test_here_a_known_value_is_not_asked_for_under_another_spelling(self) -> None:
        with pytest.raises(InputRefused) as refused:
            check_fresh([Announced("kl8", KL8.issue[2:])], [Announced("kl8", KL8.issue)])
        assert refused.value.code == "core.seed_alike"


class TestDice:
    """Guests throw dice until the keeper of the minutes says that it is enough."""

    THROWN: Final = "31415926535897932384626433832795028841971693993751"
    DICE: Final = (Announced("dice", "1"),)

    def test_works_where_as_many_count_as_were_thrown(self) -> None:
        """Each further throw is a further list, and whoever stops the throwing has seen all before."""
        fates = {bytes([int(digit) for digit in self.THROWN[:k]]) for k in range(19, 51)}
        assert len(fates) == 32

    @pytest.mark.parametrize("count", [0, 18, 19, 21, 50])
    def test_here_their_number_is_fixed(self, count: int) -> None:
        with pytest.raises(InputRefused) as refused:
            check_values("real", self.DICE, [PublicValue("dice", "1", self.THROWN[:count])])
        assert refused.value.code == "core.seed_value"

    def test_here_two_persons_type_them_in_and_the_digits_stand_in_the_report(self, tmp_path: Path) -> None:
        value = PublicValue("dice", "1", self.THROWN[:20])
        report = examined(tmp_path, members(WORLD, Session(value, witness=seen_by())), values=[value])
        assert report.exit_code(rehearsal=False) == 0
        other = examined(
            tmp_path,
            members(WORLD, Session(PublicValue("dice", "1", self.THROWN[20:40]), witness=seen_by())),
            values=[value],
        )
        assert other.exit_code(rehearsal=False) == 1


class TestKnownDrawing:
    """The announced drawing has taken place already: the bureau knows its value and salts the registry to it."""

    def test_works_on_any_registry_whose_salt_the_bureau_makes(self) -> None:
        firm = min(drawn(WORLD))
        attempts = (drawn(real(key=bytes([number]) * 32)) for number in range(1, 40))
        assert any(firm not in one for one in attempts)

    def test_here_the_closing_stands_in_the_seed_so_that_no_earlier_value_fixes_it(self) -> None:
        lists = Lists(WORLD.entities, WORLD.inspectors, WORLD.recusals)
        frozen = freeze(WORLD.plan, WORLD.seal, lists, [Announced("kl8", KL8.issue)])
        fates = {
            drawn(WORLD, KL8, Closing(frozen.targets_commitment, (Slip(GUESTS[0], text),)))
            for text in ("春", "夏", "秋")
        }
        assert len(fates) == 3

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("kl8:2020300", "plan.issue_past"),
            ("kl8:2025351", "plan.issue_past"),
            ("kl8:2026040/kl8:2025351", "plan.issue_past"),
            ("kl8:2026040/dlt:25150", "plan.issue_past"),
            ("kl8:2026001", "quarter.held_already"),
            ("kl8:2026040/ssq:2026001", "quarter.held_already"),
            ("kl8:26001", "plan.issue_form"),  # held yesterday, in a form that says no year
            ("kl8:20260011", "plan.issue_form"),
            ("kl8:2026040/fc3d:26041", "plan.issue_form"),
            ("kl8:2026400", "quarter.issue_never"),
            ("kl8:2026040/kl8:2026000", "quarter.issue_never"),
            ("kl8:2026351", "quarter.issue_unsure"),
            ("kl8:2026040/kl8:2026039", "quarter.fallback_early"),
            ("kl8:2026060", "quarter.after_deadline"),
        ],
    )
    def test_here_what_was_held_never_comes_or_can_be_read_in_two_ways_is_not_announced(
        self, tmp_path: Path, value: str, code: str
    ) -> None:
        store = with_rosters(tmp_path)
        adopt(store, plan_file(tmp_path), salt_key=KEY, operator="张三", now=NOW)
        for freezing in (freeze_rosters, targets_only):
            with pytest.raises(InputRefused) as refused:
                freezing(store, values=[value], operator="张三", now=NOW)
            assert refused.value.code == code

    @pytest.mark.parametrize(
        ("value", "passes"),
        [
            ("kl8:2025365", False),
            ("kl8:2026001", True),
            ("ssq:2027001", True),
            ("pl5:25365", False),
            ("pl5:26001", True),
            ("pl5:2025365", True),  # of another form: no year is read from it
            ("dice:1", True),
        ],
    )
    def test_here_the_year_is_that_of_the_lotterys_own_form(self, value: str, passes: bool) -> None:
        with nullcontext() if passes else pytest.raises(InputRefused):
            check_to_come([announced(value)], date(2026, 1, 1))
