"""After the match: persons and targets replaced by fresh values alone, urgent ones by the sealed order, draws void."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from shuangsuiji.audit.chain import check_chain
from shuangsuiji.audit.questions import answers
from shuangsuiji.audit.verify import examine
from shuangsuiji.bundle.disclose_records import replacements
from shuangsuiji.errors import InputRefused, ShuangsuijiError, WrongState
from shuangsuiji.quarter import prove, request
from shuangsuiji.quarter.chronicle import Chronicle, ended, read_chronicle
from shuangsuiji.quarter.draw import draw
from shuangsuiji.quarter.export import bundle, csv
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.outcome import OutcomeResult, outcome, urgent
from shuangsuiji.quarter.plan import adopt
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.request import Asked
from shuangsuiji.quarter.seed import explicit, typed
from shuangsuiji.quarter.status import status
from shuangsuiji.quarter.void import void
from shuangsuiji.store import Store
from shuangsuiji.store.log import entry_object
from tests.quarter.small_plan import CODES, FIRMS, KEY, plan_file, registry, with_rosters
from tests.quarter.workspace import MIDWAY as NOW
from tests.quarter.workspace import give, on_disk

PEOPLE: Final = "姓名,单位,地区,身份证号,执法证编号,执法证有效期\n" + "".join(
    f"{town}{number},市场监管局,{town},ID-{town}{number},{town}{number},长期\n"
    for town in ("东镇", "西乡")
    for number in range(1, 7)
)
KL8: Final = "".join(f"{number:02}" for number in range(1, 21))
OTHER: Final = "".join(f"{number:02}" for number in range(2, 22))
HEX: Final = "7" * 64
LATER: Final = NOW + timedelta(hours=1)
NEW_YEAR: Final = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
WIDE: Final = ("max_per_inspector = 8", "max_per_inspector = 50\nsubstitutes = true")


def seeded(store: Store, path: Path, *, rehearsal: bool = False) -> None:
    give(store, "inspectors", PEOPLE, accept_gone=True)
    adopt(store, path, rehearsal=rehearsal, salt_key=KEY, operator="张三", now=NOW)
    freeze(store, values=["explicit:1" if rehearsal else "kl8:2026040"], operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    if rehearsal:
        explicit(store, HEX, operator="张三", now=NOW)
    else:
        typed(store, [f"kl8:2026040={KL8}"], operator="张三", now=NOW)
        typed(store, [f"kl8:2026040={KL8}"], operator="李四", now=NOW)
    draw(store, operator="张三", now=NOW)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A real draw, matched."""
    store = with_rosters(tmp_path)
    seeded(store, plan_file(tmp_path, WIDE))
    match(store, operator="张三", now=NOW)
    return store


def asked(issue: str = "2026041", **others: str) -> Asked:
    return Asked(
        others.get("reason", "调离"), others.get("approver", "王局长"), [f"kl8:{issue}"], "张三", LATER
    )


def answered(
    store: Store, number: int, issue: str = "2026041", value: str = OTHER, now: datetime = LATER
) -> OutcomeResult:
    first = outcome(store, number, [f"kl8:{issue}={value}"], operator="张三", now=now)
    assert first.outcome == "waiting"
    return outcome(store, number, [f"kl8:{issue}={value}"], operator="李四", now=now)


def chronicle(store: Store) -> Chronicle:
    with store.read() as reader:
        return read_chronicle(reader, reader.draws()[-1])


def somebody(store: Store) -> tuple[str, str]:
    """A target and one of its inspectors."""
    state = chronicle(store).state
    target = min(state.targets)
    return target, state.targets[target].team["local"]


def refused(store: Store, code: str, call: Callable[[], object]) -> ShuangsuijiError:
    before = on_disk(store.layout.root)
    with pytest.raises((InputRefused, WrongState)) as caught:
        call()
    assert caught.value.code == code
    assert on_disk(store.layout.root) == before
    return caught.value


def test_a_person_who_cannot_go_is_replaced_in_all_visits_once_two_persons_typed_the_same(
    store: Store,
) -> None:
    _, person = somebody(store)
    result = request.person(store, person, [], asked())
    assert result.number == 1
    differs = outcome(store, 1, [f"kl8:2026041={OTHER}"], operator="张三", now=LATER)
    assert (differs.outcome, differs.changes) == ("waiting", ())
    differs = outcome(store, 1, [f"kl8:2026041={KL8}"], operator="李四", now=LATER)
    assert (differs.outcome, differs.differences) == ("differs", ("kl8:2026041",))
    done = outcome(store, 1, [f"kl8:2026041={OTHER}"], operator="李四", now=LATER)
    assert done.outcome == "carried_out"
    found = chronicle(store)
    assert person in found.state.gone
    assert all(person not in one.team.values() for one in found.state.targets.values())
    assert {target for change in done.changes for target in change.targets}


def test_what_was_corrected_for_a_request_counts_no_more(store: Store) -> None:
    _, person = somebody(store)
    request.person(store, person, [], asked())
    outcome(store, 1, [f"kl8:2026041={OTHER}"], operator="张三", now=LATER)
    outcome(store, 1, [f"kl8:2026041={KL8}"], operator="张三", now=LATER)
    assert outcome(store, 1, [f"kl8:2026041={OTHER}"], operator="李四", now=LATER).outcome == "differs"


@pytest.mark.parametrize("approver", ["张三", " 张 三", "张\u200b三"])
def test_nobody_approves_of_his_own_decisions_in_a_real_draw(store: Store, approver: str) -> None:
    target, person = somebody(store)
    own = asked(approver=approver)
    for call in (
        lambda: request.person(store, person, [], own),
        lambda: request.target(store, target, own),
        lambda: urgent(store, person, [], own),
        lambda: void(store, reason="名册有误", approver=approver, operator="张三", now=LATER),
    ):
        refused(store, "quarter.own_approver", call)


def test_who_approved_of_a_request_may_type_in_what_came_of_it(store: Store) -> None:
    """The values decide the outcome: there is nothing left to approve of."""
    _, person = somebody(store)
    request.person(store, person, [], asked(approver="李四"))
    assert answered(store, 1).outcome == "carried_out"


def test_each_record_is_one_entry_of_the_log_that_names_its_digest(store: Store) -> None:
    target, person = somebody(store)
    request.person(store, person, [target], asked())
    answered(store, 1)
    void(store, reason="名册有误", approver="王局长", operator="李四", now=LATER)
    with store.read() as reader:
        log = reader.log()
    check_chain([entry_object(entry) for entry in log])
    own = [entry.details["record"] for entry in log if entry.verb == "record"]
    assert own == [one.digest("real").hex() for one in chronicle(store).records]


def test_a_request_whose_target_another_has_replaced_lapses_and_counts_nothing(store: Store) -> None:
    gone = give_gone(store, set(chronicle(store).state.targets))
    person = chronicle(store).state.targets[gone].team["local"]
    request.target(store, gone, asked(reason="已注销"))
    request.person(store, person, [], asked("2026042"))
    answered(store, 1)
    before = chronicle(store).state
    assert gone not in before.targets
    done = answered(store, 2, "2026042")
    assert (done.outcome, done.changes) == ("lapsed", ())
    after = chronicle(store)
    assert (after.state.targets, after.state.gone, after.state.open) == (before.targets, before.gone, ())
    assert [(tally.code, tally.count) for tally in replacements(after.records)] == [("target", 1)]


def test_what_has_been_asked_for_waits_for_its_outcome(store: Store) -> None:
    blocks = chronicle(store).state.blocks
    target, other = next(targets[:2] for targets in blocks.values() if len(targets) > 1)
    person = chronicle(store).state.targets[target].team["local"]
    request.recusal(store, target, person, asked())
    again = asked("2026042")
    for call in (
        lambda: request.person(store, person, [target], again),
        lambda: request.person(store, person, [], again),
        lambda: request.recusal(store, target, person, again),
        lambda: urgent(store, person, [target], again),
        lambda: urgent(store, person, [], again),
    ):
        assert refused(store, "core.record_waiting", call).params["number"] == 1
    request.person(store, person, [other], again)
    answered(store, 1)
    new = chronicle(store).state.targets[target].team["local"]
    assert request.person(store, new, [target], asked("2026043")).number == 4
    assert refused(
        store, "core.record_waiting", lambda: request.person(store, person, [other], asked("2026044"))
    ).params == {"target": other, "slot": "local", "number": 2}


def test_a_target_is_asked_for_once_until_there_is_an_outcome(store: Store) -> None:
    gone = give_gone(store, set(chronicle(store).state.targets))
    request.target(store, gone, asked(reason="已注销"))
    again = asked("2026042", reason="已注销")
    assert (
        refused(store, "quarter.target_asked", lambda: request.target(store, gone, again)).params["number"]
        == 1
    )
    answered(store, 1)
    refused(store, "quarter.no_such_target", lambda: request.target(store, gone, again))


def test_an_enterprise_may_object_once_to_a_slot(store: Store) -> None:
    target, person = somebody(store)
    assert request.recusal(store, target, person, asked()).what == "recusal"
    answered(store, 1)
    new = chronicle(store).state.targets[target].team["local"]
    assert new != person
    again = asked("2026042")
    refused(store, "core.record_recusal_twice", lambda: request.recusal(store, target, new, again))


def test_a_target_out_of_business_is_replaced_by_another_of_its_stratum(store: Store) -> None:
    before = chronicle(store).state.targets
    found = set()
    refused(store, "quarter.still_in_business", lambda: request.target(store, min(before), asked()))
    give(store, "entities", registry(*before))
    for number, target in enumerate(sorted(before)):
        issue = f"{2026041 + number}"
        result = request.target(store, target, asked(issue, reason="已注销"))
        found.add(answered(store, result.number, issue).changes[0].new)
    after = chronicle(store).state.targets
    assert len(after) == len(before)
    assert found - {""}


def test_without_a_drawing_named_it_is_the_next_daily_one(store: Store) -> None:
    target, person = somebody(store)
    # Of February nothing can be told: the year's closed days are not known.
    unknown = replace(asked(), values=())
    refused(store, "quarter.which_value", lambda: request.person(store, person, [target], unknown))
    result = request.person(store, person, [target], replace(unknown, now=NEW_YEAR))
    assert result.values == ("kl8:2027002",)


def test_an_outcome_waits_for_its_drawing_and_a_fallback_for_a_reason(store: Store) -> None:
    _, person = somebody(store)
    hour = NEW_YEAR.replace(hour=13, minute=30, second=0)
    values = ["kl8:2027002/kl8:2027003"]
    request.person(store, person, [], replace(asked(), values=values, now=NEW_YEAR))
    early, day = hour - timedelta(seconds=1), timedelta(days=1)
    for now, issue, code in (
        (early, "2027002", "quarter.not_drawn_yet"),
        (hour, "2027003", "quarter.not_drawn_yet"),
        (hour + day, "2027003", "quarter.not_held"),
    ):
        refused(store, code, lambda now=now, issue=issue: answered(store, 1, issue, now=now))  # type: ignore[misc]
    assert outcome(store, 1, [f"kl8:2027002={OTHER}"], operator="张三", now=hour).outcome == "waiting"
    own: dict[str, Any] = {"not_held": "停开公告", "now": hour + day}
    outcome(store, 1, [f"kl8:2027003={OTHER}"], operator="张三", **own)
    done = outcome(store, 1, [f"kl8:2027003={OTHER}"], operator="李四", **own)
    assert done.outcome == "carried_out"
    with store.read() as reader:
        assert reader.log()[-1].details["not_held"] == {"kl8:2027002": "停开公告"}


def test_urgent_replacements_wait_for_nothing(store: Store) -> None:
    target, person = somebody(store)
    done = urgent(store, person, [target], asked(reason="突发疾病"))
    assert [one.old for one in done.changes] != [one.new for one in done.changes]
    assert chronicle(store).state.gone == {person}


def test_the_sheets_of_a_target_replaced_and_of_its_newcomer_say_so_beside_what_the_receipts_prove(
    store: Store, tmp_path: Path
) -> None:
    publish(store, operator="张三", now=LATER)
    before = set(chronicle(store).state.targets)
    gone = give_gone(store, before)
    request.target(store, gone, asked(reason="已注销"))
    answered(store, 1)
    (newcomer,) = set(chronicle(store).state.targets) - before
    made = prove.several(store, tmp_path / "回执", operator="张三", now=LATER)
    assert made.count == len(before) + 1
    said = {
        code: (tmp_path / "回执" / f"{code}.html").read_text(encoding="utf-8") for code in (newcomer, gone)
    }
    assert "更换后抽取：按第2号" in said[newcomer]
    assert "未抽中" in said[newcomer]
    assert "已更换：按第2号" in said[gone]
    assert (
        sum("按第2号" in path.read_text(encoding="utf-8") for path in (tmp_path / "回执").glob("*.html")) == 2
    )


def give_gone(store: Store, targets: set[str]) -> str:
    """A target that the registry has out of business by now, and that somebody can take the place of."""
    gone = next(code for code in CODES if code in targets and FIRMS[CODES.index(code)][:2] == ("西乡", "高"))
    give(store, "entities", registry(gone))
    return gone


def test_nothing_is_recorded_before_the_match_and_after_void(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    seeded(store, plan_file(tmp_path, WIDE))
    early = refused(store, "quarter.too_early", lambda: request.target(store, "甲", asked()))
    assert early.params["command"] == "match"
    match(store, operator="张三", now=NOW)
    target, person = somebody(store)
    void(store, reason="名册有误", approver="王局长", operator="张三", now=LATER)
    refused(store, "quarter.void", lambda: request.person(store, person, [target], asked()))


def test_reason_and_approver_are_needed_and_the_drawings_must_be_new_and_enough(store: Store) -> None:
    target, person = somebody(store)

    def ask(own: Asked) -> Callable[[], object]:
        return lambda: request.person(store, person, [target], own)

    refused(store, "core.record_blank", ask(asked(reason=" ")))
    refused(store, "core.record_blank", ask(asked(approver="")))
    refused(store, "core.seed_known", ask(asked("2026040")))
    for issue, code in (
        ("26041", "form"),
        ("20260411", "form"),
        ("2026400", "never"),
    ):
        kind = "quarter" if code == "never" else "plan"
        refused(store, f"{kind}.issue_{code}", ask(asked(issue)))
    refused(store, "quarter.fallback_early", ask(asked("2026042/kl8:2026041")))
    refused(store, "core.seed_entropy", ask(Asked("调离", "王局长", ["fc3d:2026041"], "张三", LATER)))
    refused(store, "quarter.no_such_inspector", lambda: request.person(store, "无此人", [], asked()))
    refused(store, "quarter.no_such_target", lambda: request.person(store, person, ["无此企业"], asked()))
    refused(store, "quarter.nothing_vacant", lambda: request.vacant(store, [], asked()))


def test_a_rehearsal_replaces_by_a_seed_set_by_hand(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    seeded(store, plan_file(tmp_path, WIDE), rehearsal=True)
    match(store, operator="张三", now=NOW)
    _, person = somebody(store)
    by_hand = Asked("调离", "王局长", ["explicit:1"], "张三", LATER)
    for number in (1, 3):
        request.person(store, person, [], by_hand)
        done = outcome(store, number, [], explicit=HEX, operator="张三", now=LATER)
        assert done.outcome == "carried_out"
        _, person = somebody(store)


def published(store: Store) -> list[str]:
    return [
        one.name for one in publish(store, plan_id="410102-2026-01", operator="张三", now=LATER).artefacts
    ]


def table(store: Store, tmp_path: Path) -> str:
    path = tmp_path / "结果.csv"
    csv(store, path, now=LATER)
    return path.read_text(encoding="utf-8-sig")


def test_what_was_replaced_is_published_in_numbers_and_a_void_draw_with_its_targets(
    store: Store, tmp_path: Path
) -> None:
    assert published(store) == ["public/result.html", "public/result.csv"]
    refused(store, "store.no_open_draw", lambda: publish(store, operator="张三", now=LATER))
    target, person = somebody(store)
    request.person(store, person, [target], asked(reason="调往省城"))
    assert status(store, LATER).draws[0].requests[0].values == ("kl8:2026041",)
    assert published(store) == ["public/result-1.html", "public/result-1.csv"]
    assert status(store, LATER).next.command == "replace outcome"
    answered(store, 1)
    assert status(store, LATER).next.command == "publish"
    void(store, reason="名册有误", approver="王局长", operator="张三", now=LATER)
    assert published(store) == ["public/result-3.html", "public/result-3.csv"]
    page = (store.layout.published / "real-1" / "result-3" / "result-3.html").read_text(encoding="utf-8")
    assert "作废" in page
    assert "名册有误" in page
    assert "人员不能到场更换1次" in page
    assert "调往省城" not in page
    assert table(store, tmp_path).count("本次抽取已作废") == len(chronicle(store).state.targets)
    assert not status(store, LATER).draws


def test_a_void_draw_waits_for_no_outcome_of_a_request(store: Store) -> None:
    published(store)
    target, person = somebody(store)
    request.person(store, person, [target], asked())
    void(store, reason="名册有误", approver="王局长", operator="张三", now=LATER)
    published(store)
    found = status(store, LATER)
    assert (found.draws, found.next.command) == ((), "plan adopt")


def test_after_void_the_plan_may_be_drawn_anew_as_a_successor(store: Store, tmp_path: Path) -> None:
    void(store, reason="名册有误", approver="王局长", operator="张三", now=LATER)
    adopt(store, tmp_path / "计划.toml", reason="更正后重抽", salt_key=KEY, operator="张三", now=LATER)
    with store.read() as reader:
        first, second = reader.draws()
        assert reader.open_draw() == second
        assert ended(reader, first)
        assert not ended(reader, second)
    assert published(store) == ["public/result.html", "public/result.csv"]


def test_a_void_draw_under_an_embargo_does_not_stand_before_its_successor(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    path = plan_file(tmp_path, WIDE, ("deadline =", "embargo = 2027-01-01\ndeadline ="))
    seeded(store, path)
    match(store, operator="张三", now=NOW)
    assert published(store) == ["public/result.html"]
    void(store, reason="名册有误", approver="王局长", operator="张三", now=LATER)
    assert status(store, LATER).missing == ()
    assert published(store) == ["public/result-1.html"]
    adopt(store, path, reason="更正后重抽", salt_key=KEY, operator="张三", now=LATER)
    freeze(store, values=["kl8:2026050"], successor_of=1, operator="张三", now=LATER)
    assert published(store) == ["public/plan-1.html", "public/commitment.html", "public/notice.json"]
    found = status(store, LATER)
    assert (found.next.command, found.missing) == ("seed", ("quarter.missing.embargo_end",))
    page = (store.layout.published / "real-2" / "commitment" / "commitment.html").read_text(encoding="utf-8")
    assert "接替已经作废的第1次抽取" in page


def test_a_bundle_tells_of_records_and_is_verified_with_them(store: Store, tmp_path: Path) -> None:
    target, person = somebody(store)
    request.person(store, person, [target], asked())
    answered(store, 1)
    urgent(store, chronicle(store).state.targets[target].team["lead"], [target], asked(reason="突发疾病"))
    void(store, reason="名册有误", approver="王局长", operator="李四", now=LATER)
    path = tmp_path / "审计包.zip"
    bundle(store, path, operator="张三", now=LATER)
    report, case = examine(path)
    assert report.failure is None
    assert report.recorded is not None
    assert case is not None
    decided = [line for one in answers(report, case) if one.question == "decided" for line in one.lines]
    told = [line.params for line in decided if line.code == "replaced_person"]
    assert told
    assert all(line["old"] != line["new"] for line in told)
    assert f"（{person}）" in str(told[0]["old"])
    assert any(f"（{target}）" in str(line["targets"]) for line in told)
    visited = next(line.params for line in decided if line.params.get("reason") == "visited")
    assert visited["words_zh"] == "自 2026-01-01 起已检查 1 次以上"
    assert (report.recorded.void, report.recorded.reason) == (True, "名册有误")
    assert report.recorded.counts == {"outcome": 1, "unable": 1, "urgent": 1, "void": 1}
    tallied = {one.code: one.count for one in replacements(chronicle(store).records)}
    assert (tallied["urgent"], tallied["urgent_visits"]) == (report.recorded.counts["urgent"], 1)


def test_a_rehearsal_that_found_no_teams_does_not_stand_in_the_way(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    few = "姓名,单位,地区,身份证号,执法证编号,执法证有效期\n" + "".join(
        f"{town}{number},市场监管局,{town},ID-{town}{number},{town}{number},长期\n"
        for town, number in (("东镇", 1), ("西乡", 1))
    )
    path = plan_file(tmp_path, ("max_per_inspector = 8", "max_per_inspector = 1"))
    give(store, "inspectors", few, accept_gone=True)
    adopt(store, path, rehearsal=True, salt_key=KEY, operator="张三", now=NOW)
    freeze(store, values=["explicit:1"], operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    explicit(store, HEX, operator="张三", now=NOW)
    draw(store, operator="张三", now=NOW)
    assert not match(store, operator="张三", now=NOW).succeeded
    assert status(store, LATER).next.command == "void"
    refused(store, "quarter.unmanned", lambda: publish(store, operator="张三", now=NOW))
    adopt(store, path, salt_key=KEY, operator="张三", now=NOW)
    assert freeze(store, plan_id="410102-2026-01", operator="张三", now=NOW).mode == "real"
    assert [one.draw.mode for one in status(store, LATER).draws] == ["real"]
