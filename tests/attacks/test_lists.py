"""Attacks on the lists: a firm dropped, doubled, laundered or moved, a ghost added, a quota changed, changes hidden."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.public import open_draw
from shuangsuiji.audit.case import Case, Line
from shuangsuiji.audit.questions import answers
from shuangsuiji.audit.verify import examine
from shuangsuiji.bundle import archive
from shuangsuiji.core.encoding import canonical_json, parse_json
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.quarter.freeze import FreezeResult
from shuangsuiji.quarter.late import targets_only
from shuangsuiji.quarter.plan import adopt, check
from shuangsuiji.rosters import Rules, read
from shuangsuiji.store import Store
from tests.attacks.attacker import ALONE, TRUST, WITNESSED, caught, drawn, forged, real, with_witness_of
from tests.audit.bundles import Members, members
from tests.core.protocol import put
from tests.district import World, plan_value
from tests.quarter.test_freeze import CONFLICTS, HEAD, PEOPLE, PLAN, VALUE, another, firm, sealed, written
from tests.quarter.workspace import FIRMS, LATER, give, new_store

WORLD: Final = real()
WHOLE: Final = members(WORLD, WITNESSED)
FIRM: Final = min(drawn(WORLD))


def without(firm: str) -> World:
    return replace(WORLD, entities=tuple(one for one in WORLD.entities if one.id != firm))


def ghosts(count: int) -> World:
    """Firms that nobody can visit, in the favoured one's tier."""
    (favoured,) = (one for one in WORLD.entities if one.id == FIRM)
    extra = tuple(replace(favoured, id=f"Z{number:04}", name="影子") for number in range(count))
    return replace(WORLD, entities=WORLD.entities + extra)


def graded(grade: str) -> World:
    """The favoured firm in another tier."""
    entities = tuple(
        replace(one, columns={**one.columns, "grade": grade}) if one.id == FIRM else one
        for one in WORLD.entities
    )
    return replace(WORLD, entities=entities)


def planned(path: str, new: object) -> World:
    """The same lists under another plan."""
    return replace(WORLD, plan=parse_plan(put(plan_value(), path, new)))


MENDED: Final[dict[str, Callable[[], World]]] = {
    "dropped": lambda: without(FIRM),
    "ghosts": lambda: ghosts(5),
    "another tier": lambda: graded("低"),
    "quota": lambda: planned("tasks.0.tiers.1.quota", {"count": 0}),
    "tiers in another order": lambda: planned(
        "tasks.0.tiers",
        [plan_value()["tasks"][0]["tiers"][n] for n in (2, 0, 1)],  # type: ignore[index,call-overload]
    ),
    "condition of an exclusion": lambda: planned(
        "exclusions", [{"reason": "asked_for", "where": ["eq", "id", FIRM]}]
    ),
}


class TestAfterTheLottery:
    """Lists or rules are mended when the value is known, and the whole draw is computed anew from them."""

    def test_works_on_a_draw_that_nobody_committed_to(self) -> None:
        firms = [f"E{number}" for number in range(30)]

        def naive(some: list[str]) -> list[str]:
            return sorted(some, key=lambda one: sha256(f"{one}known".encode()).digest())[:3]

        favoured = naive(firms)[0]
        assert favoured not in naive([one for one in firms if one != favoured])

    @pytest.mark.parametrize("mend", MENDED.values(), ids=MENDED)
    def test_here_the_notarys_word_is_about_other_lists(
        self, tmp_path: Path, mend: Callable[[], World]
    ) -> None:
        again = members(mend(), ALONE)
        assert caught(tmp_path, again) == 10
        assert caught(tmp_path, with_witness_of(again, WHOLE)) == "witness"

    @pytest.mark.parametrize(
        ("failure", "edits"),
        [
            ("registry", {"entities_jsonl": lambda lines: lines.pop(0)}),
            ("registry", {"entities_jsonl": lambda lines: lines.append(ghosts(1).entities[-1].object())}),
            ("registry", {"entities_jsonl": lambda lines: lines[3]["columns"].update(grade="低 ")}),
            ("registry", {"entities_jsonl": lambda lines: lines[3].update(visits=["2021-02-01"])}),
            ("strata", {"plan_json": lambda plan: plan["tasks"][0]["tiers"][1].update(quota={"count": 0})}),
            ("strata", {"plan_json": lambda plan: plan["exclusions"].clear()}),
            (
                "strata",
                {"commitment_json": lambda both: both["targets"]["tasks"][0]["tiers"][0].update(quota=99)},
            ),
            ("commitment", {"plan_json": lambda plan: plan.update(relaxations=[{"cap": 2000}])}),
            ("targets", {"strata_jsonl": lambda lines: lines[0].update(quota=lines[0]["quota"] + 1)}),
            ("targets", {"targets_jsonl": lambda lines: lines.pop(0)}),
        ],
    )
    def test_here_a_change_in_one_place_contradicts_the_others(
        self, tmp_path: Path, failure: str, edits: dict[str, Callable[[Any], object]]
    ) -> None:
        assert caught(tmp_path, forged(WHOLE, **edits)) == failure


class TestTwoOfOneCode:
    """A firm stands in the list twice, and the one that is drawn is the one that is forgotten."""

    def test_works_on_rows(self) -> None:
        rows = ["91990121MA3YKQL313", "91990121MA3YKQL31 3", "91990121ma3ykql313"]
        assert len(set(rows)) == 3

    @pytest.mark.parametrize("second", ["91990121ma3ykql313", "91990121MA3YKQL31 3", "９１990121MA3YKQL313"])
    def test_here_spellings_are_one_code_and_two_records_of_it_go_back(
        self, tmp_path: Path, second: str
    ) -> None:
        path = tmp_path / "名录.csv"
        head = "统一社会信用代码,企业名称\n91990121MA3YKQL313,甲公司\n"
        path.write_text(f"{head}{second},甲公司\n", encoding="utf-8")
        assert read("entities", [path], Rules.load()).frame["id"].tolist() == ["91990121MA3YKQL313"]
        path.write_text(f"{head}{second},乙公司\n", encoding="utf-8")
        refused = read("entities", [path], Rules.load())
        assert (len(refused.frame), [one.row for one in refused.refused]) == (0, [2, 3])

    def test_here_an_older_number_and_its_code_are_one_firm(self, tmp_path: Path) -> None:
        path = tmp_path / "名录.csv"
        path.write_text(
            "统一社会信用代码,企业名称,原注册号\n"
            "91990121MA3YKQL313,甲公司,410102000012345\n410102000012345,甲公司,\n",
            encoding="utf-8",
        )
        assert read("entities", [path], Rules.load()).frame.empty


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of two firms and three inspectors, frozen once; not to be changed."""
    folder = tmp_path_factory.mktemp("frozen")
    made = new_store(folder)
    give(made, "entities", HEAD + firm(0) + firm(1))
    give(made, "inspectors", PEOPLE)
    give(made, "conflicts", CONFLICTS + f"R1,{FIRMS[0]},王一\n")
    sealed(made, PLAN)
    return folder


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Store:
    """A copy of that workspace, to be worked in."""
    shutil.copytree(whole, tmp_path / "frozen")
    return Store.open(tmp_path / "frozen" / "workspace")


def told(store: Store, number: int, kind: str) -> list[str]:
    return [one["id"] for one in written(store, number=number) if one["kind"] == kind]


def again(store: Store, number: int, registry: str = "", **rosters: str) -> FreezeResult:
    """The next freeze, after rosters were imported anew."""
    if registry:
        give(store, "entities", HEAD + registry, accept_gone=True)
    for kind, text in rosters.items():
        give(store, kind, text, accept_gone=True)  # type: ignore[arg-type]
    return sealed(store, another(number))


class TestLaundered:
    """A firm is away when the lists are frozen, and back a week later: out of business, excluded, of another grade."""

    @staticmethod
    def naive_draw(firms: str, seed: int) -> tuple[str, str]:
        """The digest of the list that is shown, and the firm drawn of it."""
        return sha256(firms.encode()).hexdigest(), random.Random(seed).choice(firms)

    def naive_holds(self, firms: str, seed: int, shown: tuple[str, str]) -> bool:
        return self.naive_draw(firms, seed) == shown

    def test_works_where_the_list_is_only_read(self) -> None:
        seed = next(seed for seed in range(100) if self.naive_draw("甲乙丙", seed)[1] == "甲")
        shown = self.naive_draw("乙丙", seed)
        assert shown[1] != "甲"
        assert self.naive_holds("乙丙", seed, shown)
        assert not self.naive_holds("甲乙丙", seed, shown)  # it does find a list changed after the draw

    def test_here_both_ways_are_told_and_what_nobody_explained_is_counted(self, store: Store) -> None:
        gone = again(store, 2, firm(1))
        assert (told(store, 2, "gone"), gone.unexplained) == ([FIRMS[0]], {"gone": 1})
        back = again(store, 3, firm(0) + firm(1))
        assert (told(store, 3, "returned"), back.unexplained) == ([FIRMS[0]], {"returned": 1})

    def test_here_a_week_of_another_state_is_an_exclusion_told(self, store: Store) -> None:
        again(store, 2, firm(0, status="吊销") + firm(1))
        assert told(store, 2, "excluded") == told(store, 2, "status") == [FIRMS[0]]
        again(store, 3, firm(0) + firm(1))
        assert told(store, 3, "included") == [FIRMS[0]]

    def test_here_a_ghost_is_told(self, store: Store) -> None:
        again(store, 2, firm(0) + firm(1) + firm(2))
        assert told(store, 2, "new") == [FIRMS[2]]

    def test_here_a_reason_is_kept_beside_the_change_and_not_instead_of_it(
        self, store: Store, tmp_path: Path
    ) -> None:
        table = tmp_path / "变动.csv"
        table.write_text("变动类型,变动对象,变动理由,批准人\n不再在册,*,注销登记,李局长\n", encoding="utf-8")
        give(store, "entities", HEAD + firm(1), accept_gone=True)
        result = sealed(store, another(2), reasons=[table])
        (line,) = written(store)
        assert (line["kind"], line["reason"], line["approver"]) == ("gone", "注销登记", "李局长")
        assert (result.changes, result.unexplained) == ({"gone": 1}, {})

    def test_here_a_grade_lowered_is_told(self, store: Store) -> None:
        again(store, 2, firm(0, grade="无") + firm(1))
        assert told(store, 2, "column") == [FIRMS[0]]

    def test_here_a_freeze_that_does_not_ask_for_the_column_hides_nothing(self, store: Store) -> None:
        blind = another(2).replace('grade = "信用风险等级"\n', "")
        sealed(store, blind)
        again(store, 3, firm(0, grade="无") + firm(1))
        assert told(store, 3, "column") == [FIRMS[0]]
        again(store, 4)
        assert written(store, number=4) == []

    def test_here_nor_do_two_of_them_or_a_firm_left_out_for_a_while(self, store: Store) -> None:
        for number, firms in ((2, firm(1)), (3, firm(0) + firm(1))):
            give(store, "entities", HEAD + firms, accept_gone=True)
            sealed(store, another(number).replace('grade = "信用风险等级"\n', ""))
        again(store, 4, firm(0, grade="无") + firm(1))
        (line,) = written(store, number=4)
        assert (line["kind"], line["id"], line["was"], line["now"]) == ("column", FIRMS[0], "低", "无")

    def test_here_inspectors_sealed_late_hide_no_recusal_that_was_dropped(self, store: Store) -> None:
        late = store.layout.root.parent / "plan.toml"
        late.write_text(another(2), encoding="utf-8")
        adopt(store, late, rehearsal=True, salt_key=bytes(32), operator="张三", now=LATER)
        targets_only(store, plan_id="990121-2026-02", values=[VALUE], operator="张三", now=LATER)
        again(store, 3, conflicts=CONFLICTS + f"R1,{FIRMS[1]},王一\n")
        lost = [one for one in written(store, number=3) if one["kind"] == "recusal" and "was" in one]
        assert [FIRMS[0] in one["was"] for one in lost] == [True]


def with_changes(lines: list[dict[str, str]]) -> Members:
    """The bundle of a freeze that told of these changes."""
    return members(WORLD, replace(WITNESSED, changes=b"".join(archive_lines(lines))))


def archive_lines(lines: list[dict[str, str]]) -> Iterator[bytes]:
    return (canonical_json(dict(line)) + b"\n" for line in lines)


def answered(folder: Path, some: Members) -> tuple[Line, ...]:
    """The auditor's first question."""
    path = folder / "bundle.zip"
    path.write_bytes(archive.write(archive.AUDITOR, some))
    report, case = examine(path, trust=TRUST)
    assert isinstance(case, Case)
    return next(one.lines for one in answers(report, case) if one.question == "lists")


class TestHiddenChanges:
    """The lines that tell of a firm laundered are taken out of the bundle."""

    TOLD: Final = [
        {"approver": "", "id": "E0099", "kind": "gone", "reason": "", "was": "in_business"},
        {"approver": "李局长", "id": "E0098", "kind": "excluded", "now": "visited", "reason": "已检查"},
    ]
    WITH: Final = sorted(TOLD, key=lambda line: next(iter(archive_lines([line]))))

    def test_here_the_report_counts_them_and_those_without_a_reason(self, tmp_path: Path) -> None:
        whole = with_changes(self.WITH)
        assert caught(tmp_path, whole) == 0
        lines = {one.code: one.params for one in answered(tmp_path, whole)}
        assert lines["change.gone"] == {"count": 1, "unexplained": 1, "approved": 0}
        assert lines["change.excluded"] == {"count": 1, "unexplained": 0, "approved": 1}

    @pytest.mark.parametrize("kept", [[], WITH[:1], WITH[1:]])
    def test_here_the_notice_has_their_digest(self, tmp_path: Path, kept: list[dict[str, str]]) -> None:
        whole = with_changes(self.WITH)
        hidden = forged(whole, changes_jsonl=lambda own: own.__setitem__(slice(None), kept))
        assert caught(tmp_path, hidden) == "notice"

    def test_here_a_reason_cannot_be_thought_of_later(self, tmp_path: Path) -> None:
        whole = with_changes(self.WITH)
        place = self.WITH.index(self.TOLD[0])
        explained = forged(whole, changes_jsonl=lambda own: own[place].update(reason="注销"))
        assert caught(tmp_path, explained) == "notice"

    def test_here_not_even_if_notice_and_log_are_written_anew(self, tmp_path: Path) -> None:
        whole, hidden = with_changes(self.WITH), with_changes([])
        assert caught(tmp_path, with_witness_of(hidden, whole)) == "witness"
        kept = forged(hidden, notice_json=lambda own: own.update(parse_json(whole["notice.json"])))
        assert caught(tmp_path, kept) == "notice"

    def test_here_the_digest_tells_nobody_without_the_key_what_changed(self) -> None:
        known = b"".join(archive_lines(self.WITH))
        other = replace(WORLD, seal=replace(WORLD.seal, key=b"k" * 32))
        told = [
            parse_json(members(world, replace(WITNESSED, changes=known))["notice.json"])
            for world in (WORLD, other)
        ]
        assert told[0]["changes"] != told[1]["changes"]  # type: ignore[index,call-overload]


class TestNamedInTheRules:
    """The plan itself spares a firm, or strikes it: a rule with a harmless name that holds of one code alone."""

    RULE: Final = f"""[[exclusion]]
reason = "asked"
name = "立案调查"
where = ["eq", "id", "{FIRMS[0]}"]

[[slot]]"""

    def test_works_where_only_the_name_of_a_rule_is_read(self) -> None:
        rules = {"立案调查": "甲".__eq__}
        assert [firm for firm in "甲乙丙" if not any(rule(firm) for rule in rules.values())] == ["乙", "丙"]

    def test_here_the_rule_is_in_the_plan_and_its_effect_in_counts_and_changes(self, store: Store) -> None:
        sealed(store, another(2).replace("[[slot]]", self.RULE, 1))
        assert [(one["id"], one["now"]) for one in written(store) if one["kind"] == "excluded"] == [
            (FIRMS[0], "asked")
        ]

    def test_here_plan_check_warns_of_a_condition_on_one_code(self, store: Store, tmp_path: Path) -> None:
        plan, plain = tmp_path / "named.toml", tmp_path / "plain.toml"
        plan.write_text(another(2).replace("[[slot]]", self.RULE, 1), encoding="utf-8")
        plain.write_text(another(2), encoding="utf-8")
        for some in (
            check(store, plan),
            check(None, plan),
            adopt(store, plan, salt_key=bytes(32), operator="张三", now=LATER),
        ):
            (found,) = (one for one in some.warnings if one.code == "plan.warning.named")
            assert found.params == {"rule": "立案调查", "count": 1, "named": FIRMS[0]}
        assert not any(one.code == "plan.warning.named" for one in check(store, plain).warnings)


class TestListedByHand:
    """Targets picked by hand come as a list from above, beside which a draw of one in a thousand looks well."""

    def test_works_where_a_result_is_a_list_of_names(self) -> None:
        def naive(drawn: list[str], picked: list[str]) -> list[str]:
            return sorted(drawn + picked)

        assert naive(["甲"], ["乙", "丙"]) == naive(["甲", "乙", "丙"], [])

    def test_here_the_task_says_where_its_list_comes_from(self, tmp_path: Path) -> None:
        path = tmp_path / "bundle.zip"
        path.write_bytes(world.make_bundle(open_draw()))
        report, case = examine(path)
        assert isinstance(case, Case)
        found = {
            line.code for one in answers(report, case) if one.question == "decided" for line in one.lines
        }
        assert "listed.superior" in found

    @pytest.mark.parametrize("source", ["platform", None])
    def test_here_it_cannot_be_said_to_come_from_elsewhere(self, tmp_path: Path, source: str | None) -> None:
        def said(plan: Any) -> None:
            (task,) = (one for one in plan["tasks"] if "source" in one)
            if source is None:
                del task["source"]
                task["tiers"] = plan["tasks"][0]["tiers"]
            else:
                task["source"] = source

        whole = world.members_of(open_draw())
        assert caught(tmp_path, forged(whole, plan_json=said)) in {"strata", "registry"}
