"""An attack on the hour: the seed is made up once the lottery is known, witnessed then, and typed in after that."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from shuangsuiji.audit.detect import verify_file
from shuangsuiji.audit.witnesses import Order
from shuangsuiji.bundle import archive
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.bundle.witness import CLOSING, NOTICE, Testimony
from shuangsuiji.core.closing import Closing, Slip
from shuangsuiji.core.encoding import canonical_json, parse_json, parse_lines
from shuangsuiji.errors import InputRefused
from shuangsuiji.witness.folder import keygen, sign
from tests.attacks.attacker import (
    IN_TIME,
    NOTARY,
    TRUST,
    caught,
    commitment_of,
    drawn,
    examined,
    forged,
    real,
    seen_by,
)
from tests.audit.bundles import KL8, Members, Session, draw_of, members, public_members, receipts

WORLD: Final = real()
GUESTS: Final = ("王代表", "李代表", "赵代表")
SLIPS: Final = tuple(Slip(person, f"{person}的一句话") for person in GUESTS)
WHOLE: Final = members(WORLD, Session(KL8, contribute=lambda *_: SLIPS, witness=seen_by()))


def read_lines(data: bytes) -> list[dict[str, Any]]:
    return [dict(one) for one in parse_lines(data) if isinstance(one, Mapping)]


class TestSeedTypedLate:
    """The lottery is drawn; then a contribution is chosen that spares the firm, witnessed, and the seed typed in."""

    HOUR: Final = "2021-02-20T13:30:00Z"
    AFTER: Final = "2021-02-20T13:45:00Z"
    """A quarter of an hour after the drawing, a day before the log has the seed."""
    FIRM: Final = min(drawn(WORLD, closing=Closing(bytes.fromhex(commitment_of(WHOLE)), SLIPS)))

    @classmethod
    def session(cls, hours: Mapping[str, str]) -> Session:
        """What the operator stages: the slip of a friend that suits, of as many as he has to try."""
        committed = bytes.fromhex(commitment_of(WHOLE))
        tries = ((Slip(GUESTS[0], f"第{number}张"), *SLIPS[1:]) for number in count())
        chosen = next(one for one in tries if cls.FIRM not in drawn(WORLD, closing=Closing(committed, one)))

        def seen(notice: Notice, closing: bytes) -> Sequence[Testimony]:
            early, late = seen_by(NOTARY, IN_TIME, NOTICE), seen_by(NOTARY, cls.AFTER, CLOSING)
            return [*early(notice, closing), *late(notice, closing)]

        return Session(KL8, contribute=lambda *_: chosen, witness=seen, hours=hours)

    @classmethod
    def staged(cls, hours: Mapping[str, str], closed: str = "2021-02-20T13:00:00Z") -> Members:
        """The bundle, the log's time of the closing to suit: before the drawing."""

        def entries(lines: Any) -> None:
            next(line for line in lines if line["verb"] == "close")["time"] = closed

        return forged(members(WORLD, cls.session(hours)), log_jsonl=entries)

    @staticmethod
    def naive(some: Members) -> bool:
        """Whether no statement is later than the operator's own entry of the seed."""
        times = [str(one["time"]) for one in read_lines(some["witness.jsonl"])]
        log = read_lines(some["log.jsonl"])
        return max(times) <= next(str(entry["time"]) for entry in log if entry["verb"] == "seed")

    def test_works_where_a_statement_is_held_against_the_operators_own_entry(self) -> None:
        assert self.naive(self.staged({str(KL8.drawing): self.HOUR}))

    def test_succeeds_where_no_hour_was_announced_and_nobody_looks_the_drawing_up(
        self, tmp_path: Path
    ) -> None:
        # The report tells the time that the drawing has to be held against; nobody else can.
        report = examined(tmp_path, self.staged({}))
        assert report.exit_code(rehearsal=False) == 0
        assert [(one.time, one.hour) for one in report.follows] == [("2021-02-20T13:00:00Z", "")]

    def test_here_the_announced_hour_shows_that_the_closing_came_too_late(self, tmp_path: Path) -> None:
        report = examined(tmp_path, self.staged({str(KL8.drawing): self.HOUR}))
        assert (report.failure, report.order, report.exit_code(rehearsal=False)) == (
            None,
            Order.NOT_PROVEN,
            10,
        )
        assert {one.of: one.hour for one in report.witnesses} == {NOTICE: "", CLOSING: self.HOUR}

    def test_here_public_bundle_and_receipt_without_a_log_show_it_too(self, tmp_path: Path) -> None:
        for hour, code in ((self.HOUR, 10), ("2021-02-20T13:45:01Z", 0)):
            draw = draw_of(WORLD, self.session({str(KL8.drawing): hour}))
            public, receipt = tmp_path / "public.zip", tmp_path / "receipt.json"
            public.write_bytes(archive.write(archive.PUBLIC, public_members(draw)))
            receipt.write_bytes(receipts(draw).make(0).data)
            for path in (public, receipt):
                assert verify_file(path, trust=TRUST).exit_code(rehearsal=False) == code

    def test_here_the_hour_cannot_be_put_later_once_the_notice_was_witnessed(self, tmp_path: Path) -> None:
        some = self.staged({str(KL8.drawing): self.HOUR})
        later = {str(KL8.drawing): "2021-02-21T13:30:00Z"}
        assert caught(tmp_path, forged(some, notice_json=lambda one: one.update(hours=later))) == "witness"
        assert caught(tmp_path, forged(some, notice_json=lambda one: one.update(hours={}))) == "witness"

    def test_succeeds_with_a_false_hour_until_somebody_looks_it_up(self, tmp_path: Path) -> None:
        false = {str(KL8.drawing): "2021-02-21T13:30:00Z"}
        report = examined(tmp_path, self.staged(false))
        assert report.exit_code(rehearsal=False) == 0
        assert [one.hour for one in report.follows] == ["2021-02-21T13:30:00Z"]

    def test_here_the_witness_does_not_sign_after_the_hour(self, tmp_path: Path) -> None:
        some = self.staged({str(KL8.drawing): self.HOUR})
        seed: Any = parse_json(some["seed.json"])
        notice, closing = tmp_path / "notice.json", tmp_path / "closing.json"
        notice.write_bytes(some["notice.json"])
        closing.write_bytes(canonical_json(seed["closing"]))
        keygen(tmp_path / "witness", name="某县公证处", secret=NOTARY)
        sign(tmp_path / "witness", notice, now=datetime.fromisoformat(IN_TIME))
        with pytest.raises(InputRefused) as refused:
            sign(tmp_path / "witness", closing, now=datetime.fromisoformat(self.AFTER))
        assert refused.value.code == "witness.hour.passed"
