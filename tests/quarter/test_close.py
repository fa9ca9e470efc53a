"""From the freeze to the seed with contributors and a witness: nobody adds, drops or exchanges anything in between."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from shuangsuiji import messages
from shuangsuiji.audit.verify import verify
from shuangsuiji.audit.witnesses import Order
from shuangsuiji.bundle import signatures
from shuangsuiji.bundle.notice import notice_digest
from shuangsuiji.bundle.witness import WitnessStatement, sign_statement
from shuangsuiji.core.closing import contribution_message
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.errors import InputRefused, ShuangsuijiError, WrongState
from shuangsuiji.quarter.audit_report import audit_report, sentence
from shuangsuiji.quarter.close import close, contributions, signed, slip
from shuangsuiji.quarter.dossier import read_closing, read_notice
from shuangsuiji.quarter.draw import draw
from shuangsuiji.quarter.export import bundle
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.plan import adopt
from shuangsuiji.quarter.publish import RESULT_NOTICE, publish
from shuangsuiji.quarter.seed import typed
from shuangsuiji.quarter.status import status
from shuangsuiji.quarter.void import void
from shuangsuiji.quarter.witness import receipt, statement
from shuangsuiji.store import Store, instants
from tests.quarter.small_plan import KEY, plan_file, with_rosters
from tests.quarter.workspace import MIDWAY, NOW, on_disk

KL8: Final = "".join(f"{number:02}" for number in range(1, 21))
LATER: Final = NOW + timedelta(hours=1)
TEN: Final = timedelta(days=10)
GUESTS: Final = ("王代表", "李代表", "赵代表")
NOTARY, GUEST = b"n" * 32, b"g" * 32


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A real draw, frozen with three contributors and a fallback, its notice published."""
    store = with_rosters(tmp_path)
    path = plan_file(tmp_path, ("max_per_inspector = 8", "max_per_inspector = 50"))
    adopt(store, path, salt_key=KEY, operator="张三", now=NOW)
    freeze(store, values=["kl8:2026040/kl8:2026041"], contributors=GUESTS, operator="张三", now=NOW)
    publish(store, operator="张三", now=NOW)
    return store


def refused(store: Store, code: str, call: Callable[[], object]) -> ShuangsuijiError:
    """The call is refused with this code and leaves the workspace as it was."""
    before = on_disk(store.layout.root)
    with pytest.raises((InputRefused, WrongState)) as caught:
        call()
    assert caught.value.code == code
    assert on_disk(store.layout.root) == before
    return caught.value


def gave(store: Store, person: str, text: str) -> None:
    """A slip, typed in by both operators."""
    assert slip(store, person, text, operator="张三", now=LATER).outcome == "waiting"
    assert slip(store, person, text, operator="李四", now=LATER).outcome == "recorded"


def own_value(store: Store, private: bytes = GUEST, value: bytes = b"\x07" * 32) -> bytes:
    """The file of a value signed for the open draw."""
    with store.read() as reader:
        targets = bytes.fromhex(read_notice(reader, reader.open_draw()).targets)
    signature = signatures.sign(private, contribution_message("real", targets, value))
    texts = {"key": signatures.public_key(private), "signature": signature, "value": value}
    return json.dumps({name: one.hex() for name, one in texts.items()}, indent=1).encode()


def closed(store: Store) -> None:
    gave(store, "王代表", "春风又绿江南岸")
    signed(store, "李代表", own_value(store), operator="张三", now=LATER)
    close(store, ["赵代表"], operator="张三", now=LATER)


def seeded(store: Store, issue: str = "2026040", why: str = "") -> None:
    for operator in ("张三", "李四"):
        typed(store, [f"kl8:{issue}={KL8}"], not_held=why, operator=operator, now=MIDWAY)


def witness(store: Store, of: str, time: datetime = NOW, name: str = "县公证处") -> bytes:
    """The notary's signed statement, as its tool hands it over."""
    with store.read() as reader:
        row = reader.draws()[-1]
        notice = read_notice(reader, row)
        closing = read_closing(reader, row, notice)
    digest = notice_digest(notice) if of == "notice" or closing is None else closing.digest(notice.mode)
    stated = WitnessStatement(
        notice.authority, digest.hex(), notice.draw, notice.mode, name, of, instants.to_text(time)
    )
    return canonical_json(sign_statement(stated, NOTARY).object())


class TestContributions:
    """Each contributor of the notice gives once, and a slip counts once two operators have typed the same."""

    def test_a_slip_is_typed_by_two_persons(self, store: Store) -> None:
        assert slip(store, "王代表", "春风", operator="张三", now=LATER).outcome == "waiting"
        assert slip(store, "王代表", "春风", operator="张三", now=LATER).outcome == "waiting"
        differs = slip(store, "王代表", "秋风", operator="李四", now=LATER)
        assert (differs.outcome, differs.operators, differs.pending) == ("differs", ("张三", "李四"), GUESTS)
        agreed = slip(store, "王代表", " 春风\n", operator="李四", now=LATER)
        assert (agreed.outcome, agreed.pending) == ("recorded", GUESTS[1:])

    def test_a_typing_that_was_corrected_counts_no_more(self, store: Store) -> None:
        slip(store, "王代表", "春风", operator="张三", now=LATER)
        slip(store, "王代表", "秋风", operator="张三", now=LATER)
        found = slip(store, "王代表", "春风", operator="李四", now=LATER)
        assert (found.outcome, found.operators, found.pending) == ("differs", ("张三", "李四"), GUESTS)
        with store.read() as reader:
            row = reader.open_draw()
            assert contributions(reader, row, read_notice(reader, row)) == {}
        assert slip(store, "王代表", "秋风", operator="李四", now=LATER).outcome == "recorded"

    def test_nobody_gives_twice(self, store: Store) -> None:
        gave(store, "王代表", "春风")
        refused(store, "quarter.contributed", lambda: slip(store, "王代表", "夏", operator="张三", now=LATER))
        again = own_value(store)
        refused(
            store, "quarter.contributed", lambda: signed(store, "王代表", again, operator="张三", now=LATER)
        )

    def test_only_those_of_the_notice_give(self, store: Store) -> None:
        error = refused(
            store, "quarter.no_contributor", lambda: slip(store, "钱某", "夏", operator="张三", now=LATER)
        )
        assert error.params["known"] == "、".join(GUESTS)

    def test_a_signature_is_verified_at_once(self, store: Store) -> None:
        good = own_value(store)
        bad = json.dumps(json.loads(good) | {"value": "08" * 32}).encode()
        for code, data in (
            ("bundle.contribution_signature", bad),
            ("bundle.contribution", good.replace(b'"07', b'"7')),
            ("quarter.contribution_file", b"[]"),
            ("quarter.contribution_file", b"\xff"),
            ("quarter.contribution_file", b'{"value": "07"}'),
        ):

            def give(data: bytes = data) -> object:
                return signed(store, "李代表", data, operator="张三", now=LATER)

            refused(store, code, give)
        assert signed(store, "李代表", good, operator="张三", now=LATER).outcome == "recorded"

    def test_a_key_and_a_value_speak_for_one_person(self, store: Store) -> None:
        """Nobody but the holder of a key made its signature: the same key, or value, is no second person's."""
        own = own_value(store)
        signed(store, "李代表", own, operator="张三", now=LATER)
        for code, data in (
            ("quarter.contribution_same.key", own),
            ("quarter.contribution_same.key", own_value(store, value=b"\x08" * 32)),
            ("quarter.contribution_same.value", own_value(store, private=b"h" * 32)),
        ):
            error = refused(store, code, partial(signed, store, "王代表", data, operator="李四", now=LATER))
            assert error.params == {"person": "王代表", "other": "李代表"}
        another = own_value(store, private=b"h" * 32, value=b"\x08" * 32)
        assert signed(store, "王代表", another, operator="张三", now=LATER).outcome == "recorded"

    def test_contributors_are_told_apart(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path / "another")
        adopt(store, plan_file(tmp_path), salt_key=KEY, operator="张三", now=NOW)
        sealing = partial(freeze, store, operator="张三", now=NOW)
        for guests in (("王代表", "李代表", "王　代表"), ("Wang", "ｗang"), ("王代表", "王代\u200b表")):
            refused(store, "quarter.contributors_alike", partial(sealing, contributors=guests))
        refused(store, "core.contributor_twice", partial(sealing, contributors=("王代表", "王代表")))

    @pytest.mark.parametrize("text", ["", " ", "字" * 201])
    def test_a_slip_says_something_short(self, store: Store, text: str) -> None:
        refused(store, "bundle.contribution", lambda: slip(store, "王代表", text, operator="张三", now=LATER))


class TestClosing:
    """The closing lists everybody, absences named one by one, and nothing comes after it."""

    def test_absences_are_explicit(self, store: Store) -> None:
        gave(store, "王代表", "春风")
        slip(store, "李代表", "typed once", operator="张三", now=LATER)
        pending = refused(
            store, "quarter.pending", lambda: close(store, ["赵代表"], operator="张三", now=LATER)
        )
        assert pending.params["persons"] == "李代表"
        refused(store, "quarter.not_absent", lambda: close(store, GUESTS, operator="张三", now=LATER))
        refused(store, "quarter.no_contributor", lambda: close(store, ["钱某"], operator="张三", now=LATER))
        result = close(store, ["赵代表", "李代表"], operator="张三", now=LATER)
        assert (result.given, result.absent) == (("王代表",), ("李代表", "赵代表"))

    def test_nothing_comes_after_it(self, store: Store) -> None:
        closed(store)
        refused(store, "quarter.closed", lambda: slip(store, "赵代表", "迟", operator="张三", now=LATER))
        refused(store, "quarter.closed", lambda: close(store, operator="张三", now=LATER))

    def test_the_notice_is_published_first(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        adopt(store, plan_file(tmp_path), salt_key=KEY, operator="张三", now=NOW)
        early = [lambda: slip(store, "王代表", "春", operator="张三", now=NOW)]
        early.append(lambda: slip(store, "王代表", "春", operator="张三", now=NOW))
        refused(store, "quarter.too_early", early[0])
        freeze(store, contributors=GUESTS, operator="张三", now=NOW)
        refused(store, "quarter.contribute_unpublished", early[1])
        refused(
            store, "quarter.contribute_unpublished", lambda: close(store, GUESTS, operator="张三", now=NOW)
        )

    def test_a_draw_without_contributors_needs_none(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        adopt(store, plan_file(tmp_path), salt_key=KEY, operator="张三", now=NOW)
        freeze(store, operator="张三", now=NOW)
        publish(store, operator="张三", now=NOW)
        refused(store, "quarter.no_contributors", lambda: close(store, operator="张三", now=NOW))
        seeded(store)
        with store.read() as reader:
            assert reader.open_draw().state == "seeded"

    @pytest.mark.parametrize(("names", "code"), [(("王代表", "王代表"), "twice"), (("王代表", " "), "blank")])
    def test_contributors_are_distinct_and_named(
        self, tmp_path: Path, names: tuple[str, ...], code: str
    ) -> None:
        store = with_rosters(tmp_path)
        adopt(store, plan_file(tmp_path), salt_key=KEY, operator="张三", now=NOW)
        refused(
            store,
            f"core.contributor_{code}",
            lambda: freeze(store, contributors=names, operator="张三", now=NOW),
        )


class TestSeed:
    """The engine refuses a public value that was not announced, one from before the closing, and a second one."""

    def test_before_the_closing_notice_none_is_taken(self, store: Store) -> None:
        refused(store, "quarter.not_closed", lambda: seeded(store))
        closed(store)
        refused(store, "quarter.closing_unpublished", lambda: seeded(store))
        publish(store, operator="张三", now=LATER)
        seeded(store)
        refused(store, "quarter.too_late", lambda: seeded(store))

    def test_only_the_announced_drawing_or_its_fallback(self, store: Store) -> None:
        closed(store)
        publish(store, operator="张三", now=LATER)
        refused(store, "core.seed_not_announced", lambda: seeded(store, "2026042"))
        own: dict[str, Any] = {"now": MIDWAY, "not_held": "机房检修停开"}
        typed(store, [f"kl8:2026040={KL8}"], operator="张三", now=MIDWAY)
        fallback = typed(store, [f"kl8:2026041={KL8}"], operator="李四", **own)
        assert (fallback.outcome, fallback.differences) == ("differs", ("kl8:2026041", "kl8:2026040"))
        assert typed(store, [f"kl8:2026041={KL8}"], operator="张三", **own).outcome == "seeded"

    def test_a_value_that_was_corrected_counts_no_more(self, store: Store) -> None:
        closed(store)
        publish(store, operator="张三", now=LATER)
        wrong = KL8[:-2] + "21"
        typed(store, [f"kl8:2026040={wrong}"], operator="张三", now=MIDWAY)
        typed(store, [f"kl8:2026040={KL8}"], operator="张三", now=MIDWAY)
        assert typed(store, [f"kl8:2026040={wrong}"], operator="李四", now=MIDWAY).outcome == "differs"
        assert typed(store, [f"kl8:2026040={KL8}"], operator="李四", now=MIDWAY).outcome == "seeded"


class TestTooEarly:
    """What is typed before a drawing was chosen by somebody, and so is a fallback whose first choice was held."""

    HOUR: Final = datetime(2026, 2, 9, 13, 30, tzinfo=UTC)  # kl8:2026040 without any pause
    SECOND: Final = timedelta(seconds=1)
    DAY: Final = timedelta(days=1)

    @staticmethod
    def type_in(store: Store, issue: str, now: datetime, why: str = "") -> str:
        value = f"kl8:{issue}={KL8}"
        typed(store, [value], not_held=why, operator="张三", now=now)
        return typed(store, [value], not_held=why, operator="李四", now=now).outcome

    @pytest.fixture
    def ready(self, store: Store) -> Store:
        closed(store)
        publish(store, operator="张三", now=LATER)
        return store

    @pytest.mark.parametrize(
        ("issue", "hour"), [("2026040", HOUR), ("2026041", HOUR + DAY), ("2026041", HOUR)]
    )
    def test_a_value_before_its_drawing_is_refused(self, ready: Store, issue: str, hour: datetime) -> None:
        for now in (LATER, hour - self.SECOND):
            refused(ready, "quarter.not_drawn_yet", lambda now=now: self.type_in(ready, issue, now, "停开"))  # type: ignore[misc]

    def test_at_its_earliest_hour_it_is_taken(self, ready: Store) -> None:
        assert self.type_in(ready, "2026040", self.HOUR) == "seeded"

    def test_a_fallback_needs_a_reason_for_the_log_and_the_notice(self, ready: Store) -> None:
        at = self.HOUR + self.DAY
        for why in ("", " "):
            refused(ready, "quarter.not_held", lambda why=why: self.type_in(ready, "2026041", at, why))  # type: ignore[misc]
        assert self.type_in(ready, "2026041", at, " 台风停开 ") == "seeded"
        draw(ready, operator="张三", now=at)
        match(ready, operator="张三", now=at)
        publish(ready, operator="张三", now=at)
        with ready.read() as reader:
            (seed,) = (one for one in reader.log() if "values" in one.details)
            assert seed.details["not_held"] == {"kl8:2026040": "台风停开"}
            page = reader.file(reader.draws()[-1], RESULT_NOTICE).decode()
        assert "2026040期未开奖（台风停开）" in page

    def test_where_the_notice_tells_the_hour_nothing_is_typed_before(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        path = plan_file(tmp_path, ("max_per_inspector = 8", "max_per_inspector = 50"))
        adopt(store, path, salt_key=KEY, operator="张三", now=NOW)
        freeze(store, values=["kl8:2026010"], operator="张三", now=NOW)
        publish(store, operator="张三", now=NOW)
        hour = datetime(2026, 1, 10, 13, 30, tzinfo=UTC)
        refused(store, "quarter.not_drawn_yet", lambda: self.type_in(store, "2026010", hour - self.SECOND))
        assert self.type_in(store, "2026010", hour) == "seeded"

    def test_a_rehearsal_waits_for_nothing(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        adopt(store, plan_file(tmp_path), rehearsal=True, salt_key=KEY, operator="张三", now=NOW)
        freeze(store, values=["kl8:27400/kl8:27399"], operator="张三", now=NOW)
        publish(store, operator="张三", now=NOW)
        assert self.type_in(store, "27399", NOW) == "seeded"


class TestTooLate:
    """Who knows a public value could choose among the contributions: what is closed after it was drawn is void."""

    HELD: Final = NOW + timedelta(days=39)  # the fortieth issue, ten days of pause at most

    def test_a_closing_after_the_drawing_is_refused(self, store: Store) -> None:
        gave(store, "王代表", "春风")
        absent = GUESTS[1:]
        refused(
            store, "quarter.close_late", lambda: close(store, absent, operator="张三", now=self.HELD + TEN)
        )

    def test_one_that_may_be_too_late_is_warned_of(self, store: Store) -> None:
        result = close(store, GUESTS, operator="张三", now=self.HELD)
        assert [one.params["drawing"] for one in result.warnings] == ["kl8:2026040"]
        assert not result.overtaken

    def test_said_openly_it_goes_on_to_its_end_and_is_void(self, store: Store, tmp_path: Path) -> None:
        late: dict[str, Any] = {"operator": "张三", "now": self.HELD + TEN}
        assert close(store, GUESTS, drawn_already=True, **late).overtaken
        publish(store, **late)
        seeded(store)
        draw(store, **late)
        match(store, **late)
        refused(store, "quarter.overtaken", lambda: publish(store, **late))
        assert status(store, self.HELD + TEN).next.command == "void"
        void(store, reason="开奖在先", approver="王局长", **late)
        assert publish(store, **late).complete
        path = bundle(store, tmp_path / "bundle.zip", **late).path
        result = audit_report(path, None, rehearsal=False, trust=frozenset())
        seed = next(one for one in result.answers if one.question == "seed")
        assert {"drawn_already", "due.after"} <= {one.code for one in seed.lines}

    def test_in_time_the_report_says_which_came_first(self, store: Store, tmp_path: Path) -> None:
        close(store, GUESTS, operator="张三", now=LATER)
        publish(store, operator="张三", now=LATER)
        seeded(store)
        draw(store, operator="张三", now=LATER)
        match(store, operator="张三", now=LATER)
        path = bundle(store, tmp_path / "bundle.zip", operator="张三", now=LATER).path
        assert [(one.drawing, one.time) for one in verify(path).follows] == [
            ("kl8:2026040", instants.to_text(LATER))
        ]
        result = audit_report(path, None, rehearsal=False, trust=frozenset())
        seed = next(one for one in result.answers if one.question == "seed")
        assert [one.code for one in seed.lines if one.code.startswith("due.")] == ["due.before"]

    def test_where_the_notice_tells_the_hour_it_is_that_which_counts(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        path = plan_file(tmp_path, ("max_per_inspector = 8", "max_per_inspector = 50"))
        adopt(store, path, salt_key=KEY, operator="张三", now=NOW)
        freeze(store, values=["kl8:2026010/kl8:2026011"], contributors=GUESTS, operator="张三", now=NOW)
        publish(store, operator="张三", now=NOW)
        close(store, GUESTS, operator="张三", now=LATER)
        publish(store, operator="张三", now=LATER)
        seeded(store, "2026011", "机房检修停开")
        draw(store, operator="张三", now=LATER)
        match(store, operator="张三", now=LATER)
        path = bundle(store, tmp_path / "bundle.zip", operator="张三", now=LATER).path
        told = [(one.drawing, one.time, one.hour) for one in verify(path).follows]
        assert told == [("kl8:2026011", instants.to_text(LATER), "2026-01-11T13:30:00Z")]
        result = audit_report(path, None, rehearsal=False, trust=frozenset())
        seed = next(one for one in result.answers if one.question == "seed")
        (line,) = (one for one in seed.lines if one.code.startswith(("due.", "hour.", "follows")))
        assert line.code == "hour.before"
        assert "快乐8第2026011期 在 2026-01-11 21:30:00 开奖" in sentence(line, "zh")


class TestWitness:
    """A statement is recorded if it is about this draw; bundle and report carry it."""

    def test_from_the_freeze_to_a_witnessed_bundle(self, store: Store, tmp_path: Path) -> None:
        statement(store, witness(store, "notice"), operator="张三", now=NOW)
        closed(store)
        published = publish(store, operator="张三", now=LATER)
        assert [one.path.name for one in published.artefacts] == ["closing.html", "closing.json"]
        closing = next(one.path for one in published.artefacts if one.path.suffix == ".json")
        statement(store, witness(store, "closing", LATER), operator="李四", now=LATER)
        seeded(store, "2026041", "机房检修停开")
        draw(store, operator="张三", now=LATER)
        match(store, operator="张三", now=LATER)
        publish(store, operator="张三", now=LATER)
        receipt(
            store,
            "县局存档",
            name="县局",
            time=LATER,
            plan_id="410102-2026-01",
            operator="张三",
            now=LATER,
        )
        path = bundle(store, tmp_path / "bundle.zip", operator="张三", now=LATER).path
        with store.read() as reader:
            row = reader.draws()[-1]
            assert json.loads(reader.file(row, "seed.json"))["closing"] == json.loads(closing.read_bytes())
            assert (closing.parents[1] / "commitment" / "notice.json").read_bytes() == reader.file(
                row, "notice.json"
            )
        mark = signatures.fingerprint(signatures.public_key(NOTARY))
        report = verify(path, trust=frozenset({mark}))
        assert report.failure is None
        assert (report.order, report.not_held, len(report.witnesses)) == (
            Order.WITNESSED,
            ("kl8:2026040",),
            3,
        )
        assert report.exit_code(rehearsal=False) == 0
        assert verify(path).exit_code(rehearsal=False) == 13

    def test_what_is_not_about_this_draw_is_refused(self, store: Store) -> None:
        good = witness(store, "notice")
        for code, data in (
            ("bundle.witness_digest", witness(store, "closing")),
            ("quarter.witness_early", witness(store, "notice", NOW - timedelta(seconds=1))),
            ("bundle.witness_signature", good.replace("县公证处".encode(), "市公证处".encode())),
            ("bundle.witness", good.replace(b'"notice"', b'"seed"')),
            ("bundle.not_canonical", good + b"\n"),
        ):

            def record(data: bytes = data) -> object:
                return statement(store, data, "见证.json", operator="张三", now=NOW)

            refused(store, code, record)
        statement(store, good, operator="张三", now=NOW)
        refused(store, "quarter.witnessed", lambda: statement(store, good, operator="张三", now=NOW))

    def test_a_receipt_says_who_when_and_where(self, store: Store) -> None:
        def stamp(
            where: str = "档案室", name: str = "县局", of: str = "notice", time: datetime = NOW
        ) -> object:
            return receipt(store, where, name=name, time=time, of=of, operator="张三", now=NOW)

        refused(store, "bundle.witness", lambda: stamp(where=" "))
        refused(store, "bundle.witness", lambda: stamp(name=""))
        refused(store, "quarter.witness_future", lambda: stamp(time=LATER))
        refused(store, "quarter.witness_early", lambda: stamp(time=NOW - timedelta(minutes=1)))
        refused(store, "quarter.not_closed", lambda: stamp(of="closing"))
        stamp()

    @pytest.mark.parametrize(
        "name",
        ["某区市场监督管理局", "某区市场监督管理局　", "某区 市场监督管理局", "某区市场监督\u200b管理局"],
    )
    def test_the_authority_is_no_outside_witness(self, store: Store, name: str) -> None:
        stamp = partial(receipt, store, "档案室", name=name, time=NOW, operator="张三", now=NOW)
        error = refused(store, "quarter.witness_own", stamp)
        assert error.params["authority"] == "某区市场监督管理局"
        own = witness(store, "notice", name=name)
        refused(store, "quarter.witness_own", lambda: statement(store, own, operator="张三", now=NOW))

    def test_the_officer_s_times_are_answered_as_the_officer_wrote_them(self, store: Store) -> None:
        """Beijing time in, Beijing time out."""
        stamp = partial(receipt, store, "档案室", name="公证处", operator="张三", now=NOW)
        early, late = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)
        for code, time in (("quarter.witness_early", early), ("quarter.witness_future", late)):
            error = refused(store, code, partial(stamp, time=time))
            assert error.params["time"] == f"{time + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"
            assert "北京时间" in messages.render(error, "zh")

    def test_there_is_nothing_to_witness_before_the_freeze(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        adopt(store, plan_file(tmp_path), salt_key=KEY, operator="张三", now=NOW)
        refused(
            store,
            "quarter.nothing_to_witness",
            lambda: receipt(store, "档案室", name="县局", time=NOW, operator="张三", now=NOW),
        )
