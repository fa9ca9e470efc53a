"""Attacks on what came first: many freezes, a second registry, a witness asked too late, an old bundle, a rehearsal."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from docs.spec.v1.scenarios.diary import Diary, crew
from docs.spec.v1.scenarios.record_bundles import bundle
from shuangsuiji.audit.verify import verify
from shuangsuiji.audit.witnesses import Order
from shuangsuiji.bundle import archive, signatures
from shuangsuiji.core.encoding import canonical_json, parse_json
from shuangsuiji.errors import InputRefused
from shuangsuiji.witness.folder import keygen, sign
from tests.attacks.attacker import (
    ALONE,
    NOTARY,
    TRUST,
    WITNESSED,
    caught,
    commitment_of,
    drawn,
    examined,
    forged,
    real,
    seen_by,
    with_witness_of,
)
from tests.audit.bundles import KL8, Members, Session, members
from tests.district import SEAL, World, district

KEYS: Final = tuple(bytes([number]) * 32 for number in range(1, 12))
HONEST: Final = real(key=KEYS[0])
WHOLE: Final = members(HONEST, WITNESSED)
FIRM: Final = min(drawn(HONEST))
"""The firm that the honest draw strikes and the attacker wants to spare."""
NOW: Final = datetime(2021, 2, 20, 3, 0, tzinfo=UTC)


def best() -> World:
    """Of many freezes under salt keys of the operator's own, one that turns out to spare the firm."""
    return next(world for key in KEYS if FIRM not in drawn(world := real(key=key)))


def without(world: World, firm: str) -> World:
    """The registry with one firm dropped."""
    return replace(world, entities=tuple(one for one in world.entities if one.id != firm))


def naive_sheet(data: bytes, **said: str) -> dict[str, str]:
    """A cover sheet with the hash of a result."""
    return said | {"result": sha256(data).hexdigest()}


def naive_holds(sheet: dict[str, str], data: bytes) -> bool:
    """What is asked of it: whether the list is the one of the hash."""
    return sheet["result"] == sha256(data).hexdigest()


class TestManyFreezes:
    """Many freezes are made before the lottery, and the one that suits is handed in as if it had been the only one."""

    def test_works_where_only_the_bureau_keeps_the_hash(self) -> None:
        firms = [f"E{number:04}" for number in range(40)]
        lottery = b"known by now"

        def naive(salt: int) -> list[str]:
            return sorted(firms, key=lambda one: sha256(f"{salt}{one}".encode() + lottery).digest())[:20]

        kept = {salt: sha256(f"{salt}{firms}".encode()).hexdigest() for salt in range(32)}
        suits = next(salt for salt in kept if firms[7] not in naive(salt))
        # The hash in the file is right, whichever of them is taken out of the drawer.
        assert kept[suits] == sha256(f"{suits}{firms}".encode()).hexdigest()

    def test_here_without_a_witness_the_order_is_said_not_to_be_proven(self, tmp_path: Path) -> None:
        report = examined(tmp_path, members(best(), ALONE))
        assert (report.failure, report.order, report.exit_code(rehearsal=False)) == (
            None,
            Order.NOT_PROVEN,
            10,
        )

    def test_here_the_notarys_word_about_the_first_does_not_fit_the_best(self, tmp_path: Path) -> None:
        assert caught(tmp_path, WHOLE) == 0
        assert caught(tmp_path, with_witness_of(members(best(), ALONE), WHOLE)) == "witness"

    def test_here_the_published_commitment_does_not_fit_either(self, tmp_path: Path) -> None:
        published = [commitment_of(WHOLE)]
        assert caught(tmp_path, members(best(), ALONE), commitments=published) == 1
        assert caught(tmp_path, WHOLE, commitments=published) == 0

    @pytest.mark.parametrize("second", [best(), without(HONEST, FIRM)], ids=["salted anew", "a firm fewer"])
    def test_here_a_witness_signs_no_second_commitment_of_one_number(
        self, tmp_path: Path, second: World
    ) -> None:
        keygen(tmp_path / "witness", name="某县公证处", secret=NOTARY)
        notice = tmp_path / "notice.json"
        notice.write_bytes(WHOLE["notice.json"])
        assert sign(tmp_path / "witness", notice, now=NOW).signed is not None
        notice.write_bytes(members(second, ALONE)["notice.json"])
        with pytest.raises(InputRefused) as refused:
            sign(tmp_path / "witness", notice, now=NOW)
        assert refused.value.code == "witness.second.notice"


class TestTwoWitnesses:
    """Each of two witnesses signs another registry of one number, and the better one is shown."""

    OTHER: Final = b"m" * 32

    def test_succeeds_against_who_sees_one_bundle_alone_and_fails_against_the_published_one(
        self, tmp_path: Path
    ) -> None:
        second = members(without(HONEST, FIRM), Session(KL8, witness=seen_by(self.OTHER)))
        both = TRUST | {signatures.fingerprint(signatures.public_key(self.OTHER))}
        # Nothing in the second bundle can tell of the first: who trusts both has to compare the notices.
        assert caught(tmp_path, WHOLE, trust=both) == caught(tmp_path, second, trust=both) == 0
        assert caught(tmp_path, second, trust=both, commitments=[commitment_of(WHOLE)]) == 1
        assert caught(tmp_path, second) == 13


class TestLateWitness:
    """The witness is asked only when the lottery is known, and everybody looks at the seal, nobody at the hour."""

    LATE: Final = "2021-02-25T00:00:00Z"
    """Four days after the seed stands in the log."""

    def test_here_the_report_says_when_each_statement_was_made(self, tmp_path: Path) -> None:
        report = examined(tmp_path, members(best(), Session(KL8, witness=seen_by(time=self.LATE))))
        assert [one.time for one in report.witnesses] == [self.LATE]

    def test_here_a_statement_after_the_seed_was_typed_proves_no_order(self, tmp_path: Path) -> None:
        report = examined(tmp_path, members(best(), Session(KL8, witness=seen_by(time=self.LATE))))
        assert (report.order, report.exit_code(rehearsal=False)) == (Order.NOT_PROVEN, 10)
        assert [one.after for one in report.witnesses] == ["2021-02-21T13:40:00Z"]

    def test_here_no_statement_is_older_than_its_notice(self, tmp_path: Path) -> None:
        early = members(HONEST, Session(KL8, witness=seen_by(time="2021-02-19T00:00:00Z")))
        assert caught(tmp_path, early) == "witness"


class TestOldBundle:
    """The bundle of a quarter in which the firm was spared is shown again under a new date."""

    @staticmethod
    def dated(log: bool) -> Members:
        def notice(value: Any) -> None:
            value |= {"time": "2021-05-20T02:30:00Z", "deadline": "2021-06-30"}

        def entries(lines: Any) -> None:
            lines[1]["time"] = "2021-05-20T02:30:00Z"

        return forged(WHOLE, notice_json=notice, **({"log_jsonl": entries} if log else {}))

    def test_works_where_the_date_stands_on_a_cover_sheet(self) -> None:
        sheet = naive_sheet(WHOLE["targets.jsonl"], date="2021-02-20")
        assert naive_holds(sheet | {"date": "2021-05-20"}, WHOLE["targets.jsonl"])

    def test_here_the_log_and_then_the_witness_contradict(self, tmp_path: Path) -> None:
        assert caught(tmp_path, self.dated(log=False)) == "log"
        assert caught(tmp_path, self.dated(log=True)) == "witness"
        unseen = forged(self.dated(log=True), witness_jsonl=lambda lines: lines.clear())
        assert caught(tmp_path, unseen) == 10

    def test_here_its_number_cannot_be_changed_and_is_not_the_new_draws(self, tmp_path: Path) -> None:
        renumbered = forged(WHOLE, commitment_json=lambda value: value["targets"].update(draw=2))
        assert caught(tmp_path, renumbered) == "registry"
        later = members(real(key=KEYS[0], number=2), WITNESSED)
        assert caught(tmp_path, WHOLE, commitments=[commitment_of(later)]) == 1

    def test_here_its_lottery_cannot_be_given_another_issue(self, tmp_path: Path) -> None:
        moved = forged(WHOLE, seed_json=lambda value: value["values"][0].update(issue="2021140"))
        assert caught(tmp_path, moved) == "seed"
        brought = replace(KL8, issue="2021140")
        assert examined(tmp_path, WHOLE, values=[brought]).exit_code(rehearsal=False) == 1


class TestRehearsalAsReal:
    """A rehearsal, seeded by hand until it suits, is handed in as the draw."""

    PLAYED: Final = members(district(40))

    def test_works_where_the_mode_is_a_word_on_the_page(self) -> None:
        sheet = naive_sheet(self.PLAYED["targets.jsonl"], mode="rehearsal")
        assert naive_holds(sheet | {"mode": "real"}, self.PLAYED["targets.jsonl"])

    def test_here_all_hashes_say_so(self, tmp_path: Path) -> None:
        def earnest(value: Any) -> None:
            for statement in value.values():
                statement["mode"] = "real"

        assert caught(tmp_path, self.PLAYED) == 11
        told = forged(
            self.PLAYED, commitment_json=earnest, notice_json=lambda value: value.update(mode="real")
        )
        assert caught(tmp_path, told) == "registry"

    def test_here_a_rehearsal_sealed_anew_as_real_has_no_seed(self, tmp_path: Path) -> None:
        hand = members(district(40), ALONE)
        swapped = forged(
            members(replace(district(40), seal=replace(SEAL, mode="real")), ALONE),
            seed_json=lambda value: value["values"].__setitem__(
                0, {"issue": "1", "source": "explicit", "value": "5" * 64}
            ),
        )
        assert caught(tmp_path, hand) == 11
        assert caught(tmp_path, swapped) == "seed"

    def test_here_nobody_asks_for_a_rehearsal_by_accident(self, tmp_path: Path) -> None:
        path = tmp_path / "bundle.zip"
        path.write_bytes(archive.write(archive.AUDITOR, self.PLAYED))
        assert [verify(path).exit_code(rehearsal=asked) for asked in (True, False)] == [0, 11]


class TestTruncatedLog:
    """Entries that tell of a first freeze, a first seed, a first result are cut out of the log."""

    @staticmethod
    def naive_log(*entries: str) -> list[tuple[str, dict[str, str]]]:
        """Each entry with a sheet of its own, and none that names the entry before."""
        return [(entry, naive_sheet(entry.encode())) for entry in entries]

    @staticmethod
    def naive_log_holds(log: list[tuple[str, dict[str, str]]]) -> bool:
        return all(naive_holds(sheet, entry.encode()) for entry, sheet in log)

    def test_works_where_each_entry_is_hashed_alone(self) -> None:
        log = self.naive_log("freeze 1", "seed 1", "draw 1", "freeze 2", "seed 2", "draw 2")
        assert self.naive_log_holds(log[3:])
        assert not self.naive_log_holds(
            [("freeze 1", log[3][1]), *log[4:]]
        )  # it does find an entry rewritten

    @pytest.mark.parametrize("cut", [slice(0, 1), slice(1, 2), slice(0, 2)])
    def test_here_what_stood_before_the_freeze_is_in_the_notices_head(
        self, tmp_path: Path, cut: slice
    ) -> None:
        assert caught(tmp_path, forged(WHOLE, log_jsonl=lambda lines: lines.__delitem__(cut))) == "log"

    def test_here_a_first_try_of_this_number_cannot_be_hidden_in_the_log(self, tmp_path: Path) -> None:
        again = forged(WHOLE, log_jsonl=lambda lines: lines.insert(3, lines[1]))
        assert caught(tmp_path, again) == "log"

    def test_succeeds_on_what_came_after_the_seed_until_the_next_notice_names_its_head(
        self, tmp_path: Path
    ) -> None:
        # The last entries of a bundle's log rest on nothing but the next draw's notice, which names the head.
        cut = forged(WHOLE, log_jsonl=lambda lines: lines.__delitem__(slice(3, None)))
        assert caught(tmp_path, cut) == 0
        before = [parse_json(line) for line in WHOLE["log.jsonl"].splitlines()]
        following = members(real(number=2), replace(WITNESSED, before=before))  # type: ignore[arg-type]
        notice: Any = parse_json(following["notice.json"])
        shortened = forged(following, log_jsonl=lambda lines: lines.__delitem__(slice(3, 5)))
        assert canonical_json(notice) == shortened["notice.json"]
        assert caught(tmp_path, following) == 0
        assert caught(tmp_path, shortened) == "log"

    def test_succeeds_in_hiding_that_a_draw_is_void_until_the_next_notice(self, tmp_path: Path) -> None:
        diary = Diary(crew()).write("void")
        path = tmp_path / "bundle.zip"

        def void(records: list[dict[str, Any]], entries: list[dict[str, Any]] | None) -> tuple[str, bool]:
            path.write_bytes(bundle(diary, records, entries))
            report = verify(path)
            return (
                report.failure.failure_class if report.failure else "",
                bool(report.recorded and report.recorded.void),
            )

        assert void(diary.records, None) == ("", True)
        assert void([], None) == ("records", False)
        # With its entry at the end of the log the record is gone: only the head in a later notice tells of it.
        assert void([], []) == ("", False)
