"""The witness's folder: one commitment under one number, a record that shows every change, keys for its owner alone."""

import resource
import shutil
import signal
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangsuiji.bundle.notice import parse_notice
from shuangsuiji.bundle.signing import WITNESS, read_key
from shuangsuiji.bundle.witness import SignedStatement, check_testimony, parse_testimony
from shuangsuiji.core.encoding import canonical_json, parse_json
from shuangsuiji.core.hashing import draw_hash, tagged_hash
from shuangsuiji.errors import EnvironmentRefused, InputRefused, ShuangsuijiError, WrongState
from shuangsuiji.witness.folder import keygen, show, sign
from tests.witness.world import (
    LATE,
    LATE_CLOSING,
    LATER,
    LOOKALIKE,
    NAME,
    NOTICE,
    NOW,
    REHEARSAL,
    SECRET,
    UNTOLD,
    bad_closings,
    bad_notices,
    changed,
    closing,
    new_folder,
    write,
)

RECORD: Final = "witness-record.jsonl"


THREE_D: Final = datetime.fromisoformat(NOTICE["hours"]["fc3d:2026310"])
KUAILE: Final = datetime.fromisoformat(NOTICE["hours"]["kl8:2026318"])


def statement_in(path: Path) -> SignedStatement:
    found = parse_testimony(parse_json(path.read_bytes()))
    assert isinstance(found, SignedStatement)
    return found


def signed_both(tmp_path: Path) -> Path:
    """A folder in which a notice, another draw's and the first one's closing are signed."""
    folder = new_folder(tmp_path)
    sign(folder, write(tmp_path, NOTICE), now=NOW)
    sign(folder, write(tmp_path, changed(NOTICE, "draw", 4), "other.json"), now=NOW)
    sign(folder, write(tmp_path, closing(), "closing.json"), now=LATER)
    return folder


def refused(code: str, work: Callable[[], object]) -> ShuangsuijiError:
    with pytest.raises(ShuangsuijiError) as caught:
        work()
    assert caught.value.code == code
    return caught.value


class TestSigning:
    """§17 What the tool hands out is what a bundle holds and a verifier accepts."""

    def test_statements_verify_against_notice_and_closing(self, tmp_path: Path) -> None:
        folder = new_folder(tmp_path)
        first = sign(folder, write(tmp_path, NOTICE), now=NOW)
        second = sign(folder, write(tmp_path, closing(), "closing.json"), now=LATER)
        notice = parse_notice(NOTICE)
        for result, of, time in (
            (first, "notice", "2026-11-20T02:00:00Z"),
            (second, "closing", "2026-11-20T05:00:00Z"),
        ):
            assert result.path is not None
            one = statement_in(result.path)
            check_testimony(one, notice, bytes.fromhex(second.digest))
            assert (one.statement.of, one.statement.time, one.statement.name) == (of, time, NAME)
            assert (
                one.fingerprint
                == result.fingerprint
                == read_key(folder / "witness.key.json", WITNESS).fingerprint
            )
            assert result.path.stat().st_mode & 0o077 == 0o044
        assert first.digest == tagged_hash("notice", canonical_json(NOTICE)).hex()
        assert [one.statement.of for one in show(folder).statements] == ["notice", "closing"]

    @pytest.mark.parametrize(
        "name", ["拟安县市场监督管理局", "拟安县 市场监督管理局", "拟安县\u200b市场监督管理局"]
    )
    def test_no_authority_is_an_outside_witness_of_its_own_notice(self, tmp_path: Path, name: str) -> None:
        folder = tmp_path / "own"
        keygen(folder, name=name, secret=SECRET)
        refused("witness.own", lambda: sign(folder, write(tmp_path, NOTICE), now=NOW, look=True))
        refused("witness.own", lambda: sign(folder, write(tmp_path, NOTICE), now=NOW))
        assert show(folder).statements == ()
        good = new_folder(tmp_path)
        sign(good, write(tmp_path, NOTICE), now=NOW)
        before = (good / "witness.key.json").read_bytes()
        refused("witness.own", lambda: keygen(good, name=name, secret=bytes(32), rotate=True))
        assert (good / "witness.key.json").read_bytes() == before

    def test_a_late_seal_is_witnessed_beside_the_draw_s_own_notice(self, tmp_path: Path) -> None:
        folder = signed_both(tmp_path)
        late = parse_notice(LATE), draw_hash("real", "closing", canonical_json(LATE_CLOSING))
        for value, of in ((LATE, "late-notice"), (LATE_CLOSING, "late-closing")):
            result = sign(folder, write(tmp_path, value, f"{of}.json"), now=LATER)
            assert result.path is not None
            one = statement_in(result.path)
            assert one.statement.of == of
            check_testimony(one, parse_notice(NOTICE), None, late)
        other = write(tmp_path, changed(LATE, "commitments.inspectors", "3d" * 32), "second.json")
        refused("witness.second.notice", lambda: sign(folder, other, now=LATER))

    @pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in bad_notices()])
    def test_a_notice_of_another_form_is_not_signed(self, tmp_path: Path, data: bytes) -> None:
        folder = new_folder(tmp_path)
        with pytest.raises(InputRefused):
            sign(folder, write(tmp_path, data), now=NOW)
        assert show(folder).statements == ()

    @pytest.mark.parametrize("value", [pytest.param(value, id=name) for name, value in bad_closings()])
    def test_a_closing_unlike_its_notice_is_not_signed(self, tmp_path: Path, value: dict[str, Any]) -> None:
        folder = new_folder(tmp_path)
        sign(folder, write(tmp_path, NOTICE), now=NOW)
        with pytest.raises(InputRefused):
            sign(folder, write(tmp_path, value, "closing.json"), now=LATER)
        assert len(show(folder).statements) == 1

    def test_a_closing_without_its_notice_is_not_signed(self, tmp_path: Path) -> None:
        folder, file = new_folder(tmp_path), write(tmp_path, closing())
        refused("witness.no_notice", lambda: sign(folder, file, now=NOW))
        sign(folder, write(tmp_path, changed(NOTICE, "commitments.targets", "ef" * 32)), now=NOW)
        refused("witness.no_notice", lambda: sign(folder, write(tmp_path, closing()), now=LATER))

    def test_a_rehearsal_is_signed_only_if_it_is_meant(self, tmp_path: Path) -> None:
        folder, file = new_folder(tmp_path), write(tmp_path, REHEARSAL)
        refused("witness.rehearsal", lambda: sign(folder, file, now=NOW))
        assert sign(folder, file, now=NOW, rehearsal=True).notice.mode == "rehearsal"
        # A rehearsal's number is not the real draw's.
        sign(folder, write(tmp_path, NOTICE), now=NOW)

    def test_looking_signs_nothing_and_refuses_the_same(self, tmp_path: Path) -> None:
        folder, file = new_folder(tmp_path), write(tmp_path, NOTICE)
        assert sign(folder, file, now=NOW, look=True).signed is None
        assert show(folder).statements == ()
        sign(folder, file, now=NOW)
        other = write(tmp_path, changed(NOTICE, "deadline", "2026-12-21"))
        refused("witness.second.notice", lambda: sign(folder, other, now=LATER, look=True))

    @pytest.mark.parametrize("seconds", [0, 1, 86400 * 40])
    def test_a_notice_is_not_signed_at_the_hour_of_its_drawing_or_after(
        self, tmp_path: Path, seconds: int
    ) -> None:
        folder, late = new_folder(tmp_path), THREE_D + timedelta(seconds=seconds)
        error = refused("witness.hour.passed", lambda: sign(folder, write(tmp_path, NOTICE), now=late))
        assert "福彩3D 2026310（2026-11-20 21:15:00）" in str(error.params["drawings"])
        refused("witness.hour.passed", lambda: sign(folder, write(tmp_path, NOTICE), now=late, not_held=True))
        refused("witness.hour.passed", lambda: sign(folder, write(tmp_path, NOTICE), now=late, look=True))
        before = THREE_D - timedelta(seconds=1)
        assert sign(folder, write(tmp_path, NOTICE), now=before).signed is not None

    def test_a_closing_is_not_signed_once_its_notice_s_hour_has_passed(self, tmp_path: Path) -> None:
        folder = new_folder(tmp_path)
        first = sign(folder, write(tmp_path, NOTICE), now=NOW)
        file = write(tmp_path, closing(), "closing.json")
        refused("witness.hour.passed", lambda: sign(folder, file, now=THREE_D))
        assert len(show(folder).statements) == 1
        # What was signed in time can be had again at any time.
        again = sign(folder, write(tmp_path, NOTICE), now=THREE_D)
        assert (again.repeated, again.signed) == (True, first.signed)
        assert sign(folder, file, now=THREE_D - timedelta(seconds=1)).signed is not None

    def test_with_a_fallback_to_come_only_who_knows_that_nothing_was_drawn_signs(
        self, tmp_path: Path
    ) -> None:
        folder = new_folder(tmp_path)
        alone = changed(NOTICE, "values", NOTICE["values"][:1])
        alone["hours"].pop("fc3d:2026310")
        file, hour = write(tmp_path, alone), KUAILE
        error = refused("witness.hour.fallback", lambda: sign(folder, file, now=hour))
        assert "2026-11-20 21:30:00" in str(error.params["drawings"])
        assert "2026319" not in str(error.params["drawings"])
        last = hour + timedelta(days=1)
        refused("witness.hour.passed", lambda: sign(folder, file, now=last, not_held=True))
        assert sign(folder, file, now=hour, not_held=True).signed is not None

    def test_a_fallback_without_an_hour_may_be_to_come(self, tmp_path: Path) -> None:
        alone = changed(NOTICE, "values", NOTICE["values"][:1])
        alone["hours"] = {"kl8:2026318": NOTICE["hours"]["kl8:2026318"]}
        folder, file = new_folder(tmp_path), write(tmp_path, alone)
        late = KUAILE + timedelta(days=9)
        refused("witness.hour.fallback", lambda: sign(folder, file, now=late))
        assert sign(folder, file, now=late, not_held=True).signed is not None

    def test_of_a_late_seal_its_own_hours_count(self, tmp_path: Path) -> None:
        folder = new_folder(tmp_path)
        last = KUAILE + timedelta(days=2)
        late = write(tmp_path, LATE, "late.json")
        refused("witness.hour.passed", lambda: sign(folder, late, now=last))
        assert sign(folder, late, now=last - timedelta(seconds=1)).of == "late-notice"
        ended = write(tmp_path, LATE_CLOSING, "closing.json")
        refused("witness.hour.passed", lambda: sign(folder, ended, now=last))

    def test_without_an_hour_and_in_a_rehearsal_any_time_will_do(self, tmp_path: Path) -> None:
        folder, late = new_folder(tmp_path), THREE_D + timedelta(days=30)
        played = changed(NOTICE, "mode", "rehearsal")
        assert sign(folder, write(tmp_path, played), now=late, rehearsal=True).signed is not None
        assert sign(folder, write(tmp_path, UNTOLD), now=late).signed is not None

    def test_a_clock_that_runs_back_is_refused(self, tmp_path: Path) -> None:
        folder, file = new_folder(tmp_path), write(tmp_path, NOTICE)
        refused("witness.clock.notice", lambda: sign(folder, file, now=NOW - timedelta(hours=1)))
        sign(folder, file, now=LATER)
        other = write(tmp_path, changed(NOTICE, "draw", 4))
        refused("witness.clock.record", lambda: sign(folder, other, now=NOW))


CHANGES: Final = {
    "changes": st.binary(min_size=32, max_size=32).map(bytes.hex),
    "commitments.inspectors": st.sampled_from(["2e" * 32]),
    "commitments.targets": st.sampled_from(["3d" * 32]),
    "contributors": st.lists(st.sampled_from("甲乙丙"), unique=True),
    "deadline": st.dates().map(str),
    "head": st.binary(min_size=32, max_size=32).map(bytes.hex),
    "hours": st.just({"kl8:2026318": "2026-11-20T13:31:00Z"}),
    "plan": st.from_regex(r"[0-9A-Za-z-]{1,64}", fullmatch=True),
    "sizes.registry": st.integers(0, 10**6),
    "time": st.just("2026-11-20T01:59:59Z"),
    "values": st.just([{"issue": "2026320", "source": "kl8"}]),
    "authority": st.sampled_from(
        ["拟安县市场监督管理局 ", "拟安县市场\u200b监督管理局", "\u2f9b安县市场监督管理局"]
    ),
}
COMPATIBLE: Final = "走安县市场监督管理局"


class TestOneCommitment:
    """A witness signs no two notices with the same authority, mode and draw number, whatever else they say."""

    @settings(max_examples=40, deadline=None)
    @given(changes=st.fixed_dictionaries({}, optional=CHANGES).filter(bool))
    def test_a_second_notice_is_refused_whatever_differs(self, changes: dict[str, Any]) -> None:
        first, second = NOTICE, NOTICE
        if changes.get("authority", "").startswith("\u2f9b"):
            first = changed(NOTICE, "authority", COMPATIBLE)
        for path, new in changes.items():
            second = changed(second, path, new)
        if "values" in changes:
            second = changed(second, "hours", {})
        if canonical_json(first) == canonical_json(second):
            return
        with tempfile.TemporaryDirectory() as name:
            folder = new_folder(Path(name))
            given = sign(folder, write(Path(name), first), now=NOW)
            error = refused(
                "witness.second.notice",
                lambda: sign(folder, write(Path(name), second), now=LATER),
            )
            assert error.params["digest"] == given.digest
            assert error.params["time"] == "2026-11-20 10:00:00"
            assert len(show(folder).statements) == 1

    @pytest.mark.parametrize(("path", "new"), [("head", "cd" * 32), ("plan", "990121-2026-04")])
    def test_a_lookalike_authority_is_refused_unless_it_is_another(
        self, tmp_path: Path, path: str, new: str
    ) -> None:
        folder = new_folder(tmp_path)
        given = sign(folder, write(tmp_path, NOTICE), now=NOW)
        other = changed(changed(NOTICE, "authority", LOOKALIKE), "commitments.targets", "3d" * 32)
        file = write(tmp_path, changed(other, path, new), "other.json")
        for look in (True, False):
            work = partial(sign, folder, file, now=LATER, look=look)
            error = refused("witness.second.authority", work)
            assert error.params["digest"] == given.digest
            assert error.params["authority"] == "拟安县市<U+5E02>场监督管理局"
            assert error.params["other"] == "拟安县巿<U+5DFF>场监督管理局"
        assert len(show(folder).statements) == 1
        signed = sign(folder, file, now=LATER, other_authority=True)
        assert signed.others == (NOTICE["authority"],)
        assert sign(folder, file, now=LATER).repeated
        second = write(tmp_path, changed(other, "deadline", "2026-12-21"), "second.json")
        refused("witness.second.notice", lambda: sign(folder, second, now=LATER, other_authority=True))

    def test_of_another_plan_and_log_the_number_may_be_the_same(self, tmp_path: Path) -> None:
        folder = new_folder(tmp_path)
        assert sign(folder, write(tmp_path, NOTICE), now=NOW).others == ()
        other = changed(changed(NOTICE, "authority", "乙县"), "commitments.targets", "3d" * 32)
        other = changed(changed(other, "plan", "990122-2026-03"), "head", "cd" * 32)
        assert sign(folder, write(tmp_path, other, "other.json"), now=NOW).others == (NOTICE["authority"],)
        again = write(tmp_path, changed(other, "draw", 4), "again.json")
        assert sign(folder, again, now=NOW).others == ()

    def test_a_second_closing_is_refused(self, tmp_path: Path) -> None:
        folder = signed_both(tmp_path)
        second = write(tmp_path, closing(slip="另一张"), "second.json")
        error = refused("witness.second.closing", lambda: sign(folder, second, now=LATER))
        assert error.params["time"] == "2026-11-20 13:00:00"

    def test_a_rotation_of_keys_makes_no_second_signature_possible(self, tmp_path: Path) -> None:
        folder = new_folder(tmp_path)
        old = sign(folder, write(tmp_path, NOTICE), now=NOW)
        made = keygen(folder, name=NAME, secret=SECRET[::-1], rotate=True)
        assert made.retired is not None
        assert read_key(made.retired, WITNESS).fingerprint == old.fingerprint != made.fingerprint
        second = write(tmp_path, changed(NOTICE, "deadline", "2026-12-21"))
        refused("witness.second.notice", lambda: sign(folder, second, now=LATER))
        new = sign(folder, write(tmp_path, changed(NOTICE, "draw", 4)), now=LATER)
        assert [one.fingerprint for one in show(folder).statements] == [old.fingerprint, new.fingerprint]

    def test_the_same_notice_again_gives_the_same_statement(self, tmp_path: Path) -> None:
        folder, file = new_folder(tmp_path), write(tmp_path, NOTICE)
        first = sign(folder, file, now=NOW)
        assert first.path is not None
        first.path.unlink()  # as if the machine had stopped between record and statement
        again = sign(folder, file, now=LATER)
        assert again.repeated
        assert again.signed == first.signed
        assert again.path == first.path
        assert len(show(folder).statements) == 1


def lines_of(folder: Path) -> list[bytes]:
    return (folder / RECORD).read_bytes().splitlines(keepends=True)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return signed_both(tmp_path_factory.mktemp("signed"))


class TestRecord:
    """Whatever is done to the record shows, and nothing is signed over a damaged one."""

    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def test_every_flipped_bit_is_found(self, data: st.DataObject, signed: Path) -> None:
        path = signed / RECORD
        whole = path.read_bytes()
        place = data.draw(st.integers(0, len(whole) - 1))
        bit = data.draw(st.integers(0, 7))
        try:
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
            with pytest.raises(InputRefused, match=r"witness\.record\."):
                show(signed)
        finally:
            path.write_bytes(whole)

    @pytest.mark.parametrize(
        "order", [(0, 1), (0, 2), (1, 2), (1, 0, 2), (0, 1, 2, 2), (0, 0, 1, 2), (0,), (), (2, 1, 0)]
    )
    def test_lines_removed_moved_or_repeated_are_found(self, tmp_path: Path, order: tuple[int, ...]) -> None:
        folder = signed_both(tmp_path)
        lines = lines_of(folder)
        (folder / RECORD).write_bytes(b"".join(lines[place] for place in order))
        with pytest.raises(InputRefused, match=r"witness\.record\."):
            sign(folder, write(tmp_path, changed(NOTICE, "draw", 9)), now=LATER)

    def test_a_chain_made_anew_still_needs_the_witness_s_signature(self, tmp_path: Path) -> None:
        folder = new_folder(tmp_path)
        made = sign(folder, write(tmp_path, NOTICE), now=NOW)
        (entry,) = lines_of(folder)
        later = entry.replace(b"2026-11-20T02:00:00Z", b"2026-11-20T03:00:00Z")
        (folder / RECORD).write_bytes(later)
        assert made.path is not None
        made.path.unlink()
        refused("witness.record.signature", lambda: show(folder))

    def test_without_a_record_nothing_is_signed(self, tmp_path: Path) -> None:
        folder = signed_both(tmp_path)
        (folder / RECORD).unlink()
        refused("witness.record_missing", lambda: sign(folder, write(tmp_path, NOTICE), now=LATER))

    def test_a_full_disk_leaves_the_record_as_it_was(self, tmp_path: Path) -> None:
        folder = new_folder(tmp_path)
        sign(folder, write(tmp_path, NOTICE), now=NOW)
        before = (folder / RECORD).read_bytes()
        other = write(tmp_path, changed(NOTICE, "draw", 4))
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, limits[1]))
        try:
            with pytest.raises(OSError, match=r"(?i)file too large|no space"):
                sign(folder, other, now=LATER)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, handler)
        assert (folder / RECORD).read_bytes() == before
        assert len(show(folder).statements) == 1


class TestKeys:
    """The private key is the witness's alone."""

    def test_key_and_record_are_for_their_owner_alone(self, tmp_path: Path) -> None:
        folder = new_folder(tmp_path)
        for path in (folder, folder / "witness.key.json", folder / RECORD):
            assert path.stat().st_mode & 0o077 == 0
        (folder / "witness.key.json").chmod(0o640)
        refused("bundle.key_open", lambda: sign(folder, write(tmp_path, NOTICE), now=NOW))

    def test_a_key_is_never_overwritten(self, tmp_path: Path) -> None:
        folder = new_folder(tmp_path)
        before = (folder / "witness.key.json").read_bytes()
        with pytest.raises(WrongState, match=r"witness\.key_exists"):
            keygen(folder, name=NAME, secret=SECRET[::-1])
        assert (folder / "witness.key.json").read_bytes() == before

    def test_there_is_nothing_to_rotate_in_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(WrongState, match=r"witness\.key_none"):
            keygen(tmp_path / "new", name=NAME, secret=SECRET, rotate=True)

    def test_a_witness_has_a_name(self, tmp_path: Path) -> None:
        with pytest.raises(InputRefused, match=r"witness\.name"):
            keygen(tmp_path / "new", name=" \u3000", secret=SECRET)
        assert not (tmp_path / "new").exists()

    def test_a_lost_key_can_be_followed_by_a_new_one(self, tmp_path: Path) -> None:
        folder = signed_both(tmp_path)
        (folder / "witness.key.json").unlink()
        with pytest.raises(EnvironmentRefused, match=r"bundle\.key_missing"):
            sign(folder, write(tmp_path, NOTICE), now=LATER)
        keygen(folder, name=NAME, secret=SECRET[::-1])
        assert len(show(folder).statements) == 3

    @pytest.mark.parametrize(
        "change",
        [
            lambda data: data[:-1],
            lambda data: data.replace(b"witness key", b"other key"),
            lambda data: data.replace(SECRET.hex().encode(), SECRET[::-1].hex().encode()),
            lambda data: data.replace(NAME.encode(), b""),
            lambda _: b"[]",
        ],
    )
    def test_a_damaged_key_file_is_refused(self, tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
        path = new_folder(tmp_path) / "witness.key.json"
        path.write_bytes(change(path.read_bytes()))
        refused("bundle.key_file", lambda: read_key(path, WITNESS))

    def test_the_secret_is_not_shown(self, tmp_path: Path) -> None:
        key = read_key(new_folder(tmp_path) / "witness.key.json", WITNESS)
        assert SECRET.hex() not in repr(key)
        assert repr(SECRET) not in repr(key)


def test_a_folder_can_be_moved(tmp_path: Path) -> None:
    folder = signed_both(tmp_path)
    shutil.move(folder, tmp_path / "elsewhere")
    assert len(show(tmp_path / "elsewhere").statements) == 3
