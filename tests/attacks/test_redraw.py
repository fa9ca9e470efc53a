"""Attacks by drawing again: a draw given up once its seed is known, its number let go, a request left unanswered."""

import random
import shutil
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.audit.chain import check_chain
from shuangsuiji.audit.verify import verify
from shuangsuiji.core.encoding import parse_json
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.quarter import request
from shuangsuiji.quarter.audit_report import audit_report
from shuangsuiji.quarter.draw import draw
from shuangsuiji.quarter.export import bundle
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.plan import adopt
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.seed import typed
from shuangsuiji.quarter.status import status
from shuangsuiji.quarter.void import void
from shuangsuiji.store import DrawRow, Store
from shuangsuiji.store.log import entry_object
from tests.quarter.small_plan import KEY, plan_file, registry, with_rosters
from tests.quarter.test_records import LATER, OTHER, WIDE, answered, asked, chronicle, seeded, somebody
from tests.quarter.workspace import MIDWAY as NOW
from tests.quarter.workspace import give

FIRST: Final = "410102-2026-01"
SECOND: Final = "410102-2026-02"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real draw whose targets are known, and do not suit; not to be changed."""
    folder = tmp_path_factory.mktemp("drawn")
    seeded(with_rosters(folder), plan_file(folder, WIDE))
    return folder


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Store:
    """A copy of that draw, to be worked in."""
    shutil.copytree(whole, tmp_path / "drawn")
    return Store.open(tmp_path / "drawn" / "workspace")


def refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises((InputRefused, WrongState)) as caught:
        call()
    assert caught.value.code == code


def other_plan(store: Store) -> None:
    """The same items and days under another plan's number."""
    path = plan_file(store.layout.root.parent, WIDE, ('2026-01"', '2026-02"'))
    adopt(store, path, salt_key=bytes(32), operator="张三", now=NOW)


def frozen_again(store: Store, plan: str, successor_of: int | None = None) -> None:
    freeze(
        store,
        plan_id=plan,
        values=["kl8:2026042"],
        successor_of=successor_of,
        operator="张三",
        now=LATER,
    )


def through(store: Store, plan: str) -> None:
    publish(store, plan_id=plan, operator="张三", now=LATER)
    for operator in ("张三", "李四"):
        typed(store, [f"kl8:2026042={OTHER}"], plan_id=plan, operator=operator, now=LATER)
    draw(store, plan_id=plan, operator="张三", now=LATER)
    match(store, plan_id=plan, operator="张三", now=LATER)


def told(store: Store, plan: str, question: str = "counts") -> dict[str, Mapping[str, str | int]]:
    """What the auditor's report answers."""
    path = store.layout.root.parent / "bundle.zip"
    bundle(store, path, plan_id=plan, operator="张三", now=LATER)
    result = audit_report(path, None, rehearsal=False, trust=frozenset())
    return {
        line.code: line.params for one in result.answers if one.question == question for line in one.lines
    }


def redrawn(store: Store) -> None:
    """The first draw matched and void, the second in its place, matched."""
    match(store, operator="张三", now=NOW)
    void(store, reason="名册有误", approver="王局长", operator="张三", now=LATER)
    publish(store, plan_id=FIRST, operator="张三", now=LATER)
    adopt(
        store,
        store.layout.root.parent / "计划.toml",
        reason="更正后重抽",
        salt_key=bytes(32),
        operator="张三",
        now=LATER,
    )
    frozen_again(store, FIRST, successor_of=1)
    through(store, FIRST)


class TestAgainUntilItSuits:
    def test_works_on_a_button(self) -> None:
        stream = random.Random(1)
        tries = [next(n for n in range(1, 99) if 7 not in stream.sample(range(20), 10)) for _ in range(200)]
        assert Fraction(sum(tries), len(tries)) < 3  # two tries, and the firm is spared for certain

    def test_here_a_draw_whose_seed_is_known_cannot_be_put_aside(self, store: Store) -> None:
        path = store.layout.root.parent / "计划.toml"
        refused("plan.frozen", lambda: adopt(store, path, salt_key=KEY, operator="张三", now=LATER))
        other_plan(store)
        refused("quarter.same_item", lambda: frozen_again(store, SECOND))
        assert [one.number for one in store_draws(store)] == [1, 2]

    def test_here_it_is_void_for_a_reason_and_its_successor_says_so(self, store: Store) -> None:
        match(store, operator="张三", now=NOW)
        void(store, reason="名册有误", approver="王局长", operator="张三", now=LATER)
        adopt(
            store,
            store.layout.root.parent / "计划.toml",
            reason="更正后重抽",
            salt_key=bytes(32),
            operator="张三",
            now=LATER,
        )
        refused("quarter.successor_needed", lambda: frozen_again(store, FIRST))
        frozen_again(store, FIRST, successor_of=1)
        with store.read() as reader:
            statement = parse_json(reader.file(reader.draws()[-1], "commitment.json"))
        assert isinstance(statement, dict)
        assert statement["targets"]["predecessor"]["draw"] == 1

    def test_here_the_report_counts_draws_and_void_ones(self, store: Store) -> None:
        redrawn(store)
        counts = told(store, FIRST)
        assert counts["counts"] == {"freezes": 2, "draws": 2, "matches": 2, "voids": 1}
        assert counts["no_gap"] == {"draw": 2}
        assert counts["successor"] == {"draw": 2, "number": 1}

    def test_here_the_void_one_is_published_with_its_targets(self, store: Store) -> None:
        match(store, operator="张三", now=NOW)
        void(store, reason="名册有误", approver="王局长", operator="张三", now=LATER)
        made = publish(store, plan_id=FIRST, operator="张三", now=LATER)
        page = next(one.path for one in made.artefacts if one.path.suffix == ".html").read_text("utf-8")
        assert "作废" in page
        assert all(target in page for target in chronicle(store).state.targets)

    def test_here_a_number_that_never_came_to_a_freeze_is_missing(self, store: Store) -> None:
        match(store, operator="张三", now=NOW)
        other_plan(store)
        third = plan_file(store.layout.root.parent, WIDE, ('2026-01"', '2026-03"'), ("年度报告公示", "即时"))
        adopt(store, third, salt_key=bytes(32), operator="张三", now=NOW)
        frozen_again(store, "410102-2026-03")
        through(store, "410102-2026-03")
        assert told(store, "410102-2026-03")["missing"] == {"numbers": "2"}

    def test_here_a_draw_stands_in_the_way_of_another_until_it_is_published(self, store: Store) -> None:
        other_plan(store)
        refused("quarter.same_item", lambda: frozen_again(store, SECOND))
        match(store, plan_id=FIRST, operator="张三", now=NOW)
        refused("quarter.same_item", lambda: frozen_again(store, SECOND))
        publish(store, plan_id=FIRST, operator="张三", now=LATER)
        frozen_again(store, SECOND)

    def test_here_another_plans_number_does_not_hide_the_void_draw(self, store: Store) -> None:
        match(store, operator="张三", now=NOW)
        void(store, reason="名册有误", approver="王局长", operator="张三", now=LATER)
        other_plan(store)
        refused("quarter.successor_needed", lambda: frozen_again(store, SECOND))
        frozen_again(store, SECOND, successor_of=1)

    def test_here_one_successor_is_enough(self, store: Store) -> None:
        redrawn(store)
        publish(store, plan_id=FIRST, operator="张三", now=LATER)
        other_plan(store)
        frozen_again(store, SECOND)

    def test_here_the_report_names_a_draw_whose_result_was_kept_back(self, store: Store) -> None:
        match(store, operator="张三", now=NOW)
        elsewhere(store)
        assert told(store, SECOND)["unpublished"] == {"numbers": "1"}
        publish(store, plan_id=FIRST, operator="张三", now=LATER)
        assert "unpublished" not in told(store, SECOND)

    def test_here_a_draw_kept_back_is_one_more_in_the_count_and_still_open_in_the_status(
        self, store: Store
    ) -> None:
        match(store, operator="张三", now=NOW)
        elsewhere(store)
        assert told(store, SECOND)["counts"]["draws"] == 2
        first = status(store, LATER).draws[0]
        assert (first.draw.number, first.next.command) == (1, "publish")


def elsewhere(store: Store) -> None:
    """Another draw, of other items on the same days."""
    edits = ('2026-01"', '2026-02"'), ("年度报告公示", "即时")
    adopt(
        store,
        plan_file(store.layout.root.parent, WIDE, *edits),
        salt_key=bytes(32),
        operator="张三",
        now=NOW,
    )
    frozen_again(store, SECOND)
    through(store, SECOND)


def store_draws(store: Store) -> list[DrawRow]:
    with store.read() as reader:
        return list(reader.draws())


class TestUnansweredRequest:
    """A replacement is asked for, and asked for again where the first value does not bring the right person."""

    @pytest.fixture
    def matched(self, store: Store) -> Store:
        match(store, operator="张三", now=NOW)
        return store

    def test_here_each_request_is_one_entry_of_the_log_and_those_without_outcome_are_named(
        self, matched: Store, tmp_path: Path
    ) -> None:
        target, person = somebody(matched)
        other = chronicle(matched).state.targets[target].team["lead"]
        request.person(matched, person, [target], asked())
        refused("core.record_waiting", lambda: request.person(matched, person, [target], asked("2026042")))
        request.person(matched, other, [target], asked("2026042"))
        answered(matched, 1)
        path = tmp_path / "bundle.zip"
        bundle(matched, path, operator="张三", now=LATER)
        report = verify(path)
        assert report.failure is None
        assert report.recorded is not None
        assert report.recorded.open == (2,)
        with matched.read() as reader:
            check_chain([entry_object(entry) for entry in reader.log()])

    def test_here_no_drawing_is_asked_twice_and_none_of_the_draws_own(self, matched: Store) -> None:
        target, person = somebody(matched)
        other = chronicle(matched).state.targets[target].team["lead"]
        request.person(matched, person, [target], asked())
        for issue in ("2026040", "2026041"):
            refused(
                "core.seed_known",
                lambda issue=issue: request.person(matched, other, [target], asked(issue)),  # type: ignore[misc]
            )

    def test_here_one_objection_to_a_place_is_all(self, matched: Store) -> None:
        target, person = somebody(matched)
        request.recusal(matched, target, person, asked())
        answered(matched, 1)
        new = chronicle(matched).state.targets[target].team["local"]
        assert new != person
        refused(
            "core.record_recusal_twice",
            lambda: request.recusal(matched, target, new, asked("2026042")),
        )


class TestSparedAfterwards:
    """The friend was drawn; afterwards he is said to be out of business, or the next value is looked up first."""

    PAST: Final = tuple(f"{2025001 + number}" for number in range(12))

    @pytest.fixture
    def matched(self, store: Store) -> Store:
        match(store, operator="张三", now=NOW)
        return store

    def test_works_where_a_stroke_of_the_pen_does_it(self) -> None:
        drawn = {"甲": "存续", "乙": "存续"}
        drawn["甲"] = "已注销"
        assert [name for name, state in drawn.items() if state == "存续"] == ["乙"]

    def test_here_the_report_tells_reason_and_approver(self, matched: Store) -> None:
        target = min(chronicle(matched).state.targets)
        give(matched, "entities", registry(target))
        request.target(matched, target, asked(reason="已注销"))
        answered(matched, 1)
        found = told(matched, FIRST, "decided")
        assert found["record.target"]["count"] == 1
        assert target not in chronicle(matched).state.targets
        assert {"reason", "approver", "operator"} <= found["recorded"].keys()

    def test_here_a_target_that_the_registry_has_in_business_stays(self, matched: Store) -> None:
        target = min(chronicle(matched).state.targets)
        refused("quarter.still_in_business", lambda: request.target(matched, target, asked(reason="已注销")))

    def test_here_a_drawing_that_was_held_is_not_announced(self, matched: Store) -> None:
        target, person = somebody(matched)
        cases = [*((issue, "plan.issue_past") for issue in self.PAST), ("2026001", "quarter.held_already")]
        for issue, code in cases:
            refused(
                code,
                lambda issue=issue: request.person(matched, person, [target], asked(issue)),  # type: ignore[misc]
            )
