"""Receipts, public bundles and keys from a workspace: when they may be made, for whom, what is lost with a key."""

import csv
import json
import re
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from pypdf import PdfReader

from shuangsuiji import sample
from shuangsuiji.audit.detect import verify_file
from shuangsuiji.bundle import archive
from shuangsuiji.bundle.closing import parse_contribution
from shuangsuiji.config import shipped
from shuangsuiji.core.closing import SignedValue
from shuangsuiji.errors import EnvironmentRefused, InputRefused, WrongState
from shuangsuiji.quarter import export, keys, prove
from shuangsuiji.store import Store, files
from tests import batch

KEPT_BACK: Final = datetime(2021, 6, 30, 15, 59, tzinfo=UTC)
"""The last minute of the plan's embargo, at +08:00."""
LATER: Final = datetime(2021, 7, 3, tzinfo=UTC)
QUOTAS: Final = {"147": "6", "172": "7", "1507": "60", "129": "5", "270": "11", "60": "3"}
WHO: Final = batch.OPERATOR


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small batch of the shipped plan, list published: its workspace, not to be changed."""
    folder = tmp_path_factory.mktemp("prove")
    rosters: dict[str, list[Path]] = {}
    for table in sample.district(seed=3, size=3_000):
        path = folder / table.name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([table.headings, *table.rows])
        rosters.setdefault(table.name.partition(".")[0].partition("-")[0], []).append(path)
    plan = (shipped("config") / "plans" / "founding-2021.toml").read_text(encoding="utf-8")
    for large, small in QUOTAS.items():
        plan = plan.replace(f"count = {large}\n", f"count = {small}\n")
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    batch.run(folder / "workspace", folder / "plan.toml", rosters)
    return folder / "workspace"


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Store:
    """A copy of that workspace, to be worked in."""
    shutil.copytree(whole, tmp_path / "workspace")
    return Store.open(tmp_path / "workspace")


def ids(store: Store) -> tuple[list[str], list[str]]:
    """Codes of those drawn, and of all others."""
    with store.read() as reader:
        draw = reader.draws()[-1]
        drawn, everyone = (
            [json.loads(line)["id"] for line in reader.file(draw, name).splitlines()]
            for name in ("targets.jsonl", "entities.jsonl")
        )
    return drawn, [one for one in everyone if one not in set(drawn)]


def entries(store: Store) -> list[str]:
    with store.read() as reader:
        return [entry.verb for entry in reader.log()]


class TestReceipts:
    def test_one_holds_alone_and_beside_the_public_bundle(self, store: Store, tmp_path: Path) -> None:
        public = tmp_path / "public.zip"
        export.public(store, public, operator=WHO, now=LATER)
        drawn, others = ids(store)
        for code, expected in ((drawn[0], True), (others[0], False)):
            path = tmp_path / f"{code}.json"
            made = prove.one(store, code.lower(), path, operator=WHO, now=LATER)
            report = verify_file(path, public=public)
            assert report.failure is None
            assert report.receipt is not None
            assert (report.receipt.id, report.receipt.ticket) == (code, made.ticket)
            assert any(one.drawn for one in report.receipt.outcomes) == expected
            for file in (path, path.with_suffix(".html")):
                assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert entries(store)[-3:] == ["export public", "audit prove", "audit prove"]

    def test_all_who_were_drawn_or_everyone(self, store: Store, tmp_path: Path) -> None:
        drawn, others = ids(store)
        told: list[tuple[int, int]] = []
        folder = tmp_path / "回执"
        made = prove.several(
            store, folder, operator=WHO, now=LATER, tell=lambda done, of: told.append((done, of))
        )
        assert made.count == len(drawn) == len(told)
        assert told[-1] == (len(drawn), len(drawn))
        assert {path.name for path in folder.iterdir()} == {
            f"{code}.{ending}" for code in drawn for ending in ("json", "html")
        }
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        with pytest.raises(WrongState, match=r"quarter\.folder_taken"):
            prove.several(store, folder, operator=WHO, now=LATER)
        more = tmp_path / "全部"
        made = prove.several(store, more, everyone=True, sheets=False, operator=WHO, now=LATER)
        assert made.count == len(drawn) + len(others) == len(list(more.iterdir()))
        assert verify_file(more / f"{others[-1]}.json").failure is None

    def test_what_cannot_be_written_leaves_neither_files_nor_an_entry(
        self, store: Store, tmp_path: Path
    ) -> None:
        before = entries(store)
        nowhere = tmp_path / "nowhere" / "all"
        for operator, refused in ((WHO, r"store\.no_folder"), ("王五", r"store\.operator_unknown")):
            with pytest.raises((EnvironmentRefused, InputRefused), match=refused):
                prove.several(store, nowhere, sheets=False, operator=operator, now=LATER)
        with pytest.raises(RuntimeError):
            self.interrupted(tmp_path / "all")
        assert entries(store) == before
        assert [path.name for path in tmp_path.iterdir()] == ["workspace"]

    def interrupted(self, folder: Path) -> None:
        with files.new_folder(folder, [("a.json", b"{}")]) as place:
            place()
            assert (folder / "a.json").is_file()
            raise RuntimeError

    def test_nothing_leaves_before_the_embargo_is_over(self, store: Store, tmp_path: Path) -> None:
        drawn, _ = ids(store)
        before = entries(store)
        for refused in (
            lambda: prove.one(store, drawn[0], tmp_path / "a.json", operator=WHO, now=KEPT_BACK),
            lambda: prove.several(store, tmp_path / "all", operator=WHO, now=KEPT_BACK),
            lambda: export.public(store, tmp_path / "p.zip", operator=WHO, now=KEPT_BACK),
        ):
            with pytest.raises(InputRefused) as caught:
                refused()
            assert (caught.value.code, caught.value.params) == (
                "bundle.list_held_back",
                {"date": "2021-07-01"},
            )
        assert entries(store) == before
        assert [path.name for path in tmp_path.iterdir()] == ["workspace"]

    def test_a_code_that_was_not_in_the_registry(self, store: Store, tmp_path: Path) -> None:
        with pytest.raises(InputRefused, match=r"quarter\.no_such_entity"):
            prove.one(store, "91990121MAB46UBF8H", tmp_path / "a.json", operator=WHO, now=LATER)

    def test_a_file_name_is_made_of_any_identifier(self) -> None:
        assert prove.file_name("91990121MAB46UBF8H") == "91990121MAB46UBF8H"
        for odd in ("../a", "许可证 1", "a" * 65, ""):
            assert prove.file_name(odd).isalnum()
            assert len(prove.file_name(odd)) == 32

    def test_the_sheet_says_nothing_of_tiers(self, store: Store, tmp_path: Path) -> None:
        drawn, _ = ids(store)
        with store.read() as reader:
            draw = reader.draws()[-1]
            plan: Any = json.loads(reader.file(draw, "plan.json"))
            strata = [json.loads(line) for line in reader.file(draw, "strata.jsonl").splitlines()]
        names = {tier["name"] for task in plan["tasks"] for tier in task["tiers"]}
        cuts = {one["cut"] for one in strata if "cut" in one}
        prove.several(store, tmp_path / "all", operator=WHO, now=LATER)
        for code in drawn[:20]:
            text = (tmp_path / "all" / f"{code}.html").read_text(encoding="utf-8")
            text = text.replace("信用监督管理股", "")  # an office, in the plan's line of contact
            assert code in text
            assert not [word for word in (*names, "风险", "信用", "等级", "层") if word in text]
            facts = verify_file(tmp_path / "all" / f"{code}.json").receipt
            ticket = facts.ticket if facts else ""
            said = set(re.findall("[0-9a-f]{64}", text.replace("</span><wbr><span>", "")))
            assert ticket in said
            assert not said & cuts - {ticket}  # the last one drawn is the cut itself


class TestSaltKey:
    def test_without_it_there_are_no_receipts_and_no_bundles_and_a_backup_brings_them_back(
        self, store: Store, tmp_path: Path
    ) -> None:
        drawn, _ = ids(store)
        with store.read() as reader:
            draw = reader.draws()[-1]
        key = store.layout.key(draw.mode, draw.number)
        backup = tmp_path / "backup"
        backup.mkdir()
        shutil.copy2(key, backup)
        first = tmp_path / "first.json"
        prove.one(store, drawn[0], first, operator=WHO, now=LATER)
        key.unlink()
        before = entries(store)
        for refused in (
            lambda: prove.one(store, drawn[0], tmp_path / "a.json", operator=WHO, now=LATER),
            lambda: prove.several(store, tmp_path / "all", operator=WHO, now=LATER),
            lambda: export.bundle(store, tmp_path / "b.zip", operator=WHO, now=LATER),
            lambda: export.public(store, tmp_path / "p.zip", operator=WHO, now=LATER),
        ):
            with pytest.raises(WrongState) as caught:
                refused()
            assert caught.value.code == "quarter.salt_key_lost"
            assert caught.value.where.file == str(key)
        assert entries(store) == before
        assert not {"a.json", "all", "b.zip", "p.zip"} & {path.name for path in tmp_path.iterdir()}
        assert verify_file(first).failure is None  # what was handed out stays good
        shutil.copy2(backup / key.name, key)
        again = tmp_path / "again.json"
        prove.one(store, drawn[0], again, operator=WHO, now=LATER)
        assert again.read_bytes() == first.read_bytes()
        export.bundle(store, tmp_path / "b.zip", operator=WHO, now=LATER)

    def test_another_draws_key_is_no_help(self, store: Store, tmp_path: Path) -> None:
        drawn, _ = ids(store)
        with store.read() as reader:
            draw = reader.draws()[-1]
        key = store.layout.key(draw.mode, draw.number)
        key.write_bytes(bytes(32))
        for refused in (
            lambda: prove.one(store, drawn[0], tmp_path / "a.json", operator=WHO, now=LATER),
            lambda: export.bundle(store, tmp_path / "b.zip", operator=WHO, now=LATER),
            lambda: export.public(store, tmp_path / "p.zip", operator=WHO, now=LATER),
        ):
            with pytest.raises(WrongState, match=r"quarter\.salt_key_other"):
                refused()
        assert not {"a.json", "b.zip", "p.zip"} & {path.name for path in tmp_path.iterdir()}

    def test_a_key_that_others_can_read_is_refused(self, store: Store, tmp_path: Path) -> None:
        with store.read() as reader:
            draw = reader.draws()[-1]
        path = store.layout.key(draw.mode, draw.number)
        path.chmod(0o640)
        with pytest.raises(EnvironmentRefused, match=r"store\.key_open"):
            export.bundle(store, tmp_path / "b.zip", operator=WHO, now=LATER)
        path.chmod(0o600)
        path.symlink_to(path.rename(tmp_path / "elsewhere"))
        with pytest.raises(EnvironmentRefused, match=r"store\.key_link"):
            export.bundle(store, tmp_path / "b.zip", operator=WHO, now=LATER)


class TestSigning:
    def made(self, folder: Path) -> keys.KeyResult:
        return keys.generate(folder / "签名.json", name="拟安县市场监督管理局", secret=bytes(range(32)))

    def test_bundles_and_receipts_are_signed_and_say_by_whom(self, store: Store, tmp_path: Path) -> None:
        key = self.made(tmp_path)
        drawn, _ = ids(store)
        files = [tmp_path / "b.zip", tmp_path / "p.zip", tmp_path / "r.json"]
        export.bundle(store, files[0], sign=key.path, operator=WHO, now=LATER)
        export.public(store, files[1], sign=key.path, operator=WHO, now=LATER)
        prove.one(store, drawn[0], files[2], sign=key.path, operator=WHO, now=LATER)
        for path in files[1:]:
            for signers, trusted in ((frozenset[str](), False), (frozenset({key.fingerprint}), True)):
                report = verify_file(path, signers=signers)
                assert report.failure is None
                assert report.signer is not None
                assert (report.signer.fingerprint, report.signer.trusted) == (key.fingerprint, trusted)
        assert archive.SIGNATURE in archive.read(files[0])[1]

    def test_a_key_is_for_its_owner_alone_and_never_overwritten(self, tmp_path: Path) -> None:
        key = self.made(tmp_path)
        assert stat.S_IMODE(key.path.stat().st_mode) == 0o600
        assert keys.show(key.path) == key
        with pytest.raises(WrongState, match=r"quarter\.key_exists"):
            self.made(tmp_path)
        key.path.chmod(0o640)
        with pytest.raises(EnvironmentRefused, match=r"bundle\.key_open"):
            keys.show(key.path)
        key.path.chmod(0o600)
        key.path.symlink_to(key.path.rename(tmp_path / "elsewhere"))
        with pytest.raises(EnvironmentRefused, match=r"bundle\.key_link"):
            keys.show(key.path)
        with pytest.raises(InputRefused, match=r"quarter\.key_name"):
            keys.generate(tmp_path / "b.json", name=" ", secret=bytes(32))

    def test_a_witnesss_key_signs_no_bundle(self, tmp_path: Path) -> None:
        key = self.made(tmp_path)
        key.path.write_bytes(key.path.read_bytes().replace(b"signing key", b"witness key"))
        with pytest.raises(InputRefused, match=r"bundle\.key_other"):
            keys.show(key.path)

    def test_a_contributor_signs_a_value_for_one_draw(self, tmp_path: Path) -> None:
        key, output = self.made(tmp_path), tmp_path / "contribution.json"
        made = keys.contribute(key.path, output, commitment="ab" * 32, mode="real", value=bytes(range(32)))
        value = json.loads(output.read_bytes()) | {"person": "王代表"}
        found = parse_contribution(value, "real", bytes.fromhex("ab" * 32))
        assert isinstance(found, SignedValue)
        assert (found.value.hex(), made.fingerprint) == (made.value, key.fingerprint)
        for mode, commitment in (("rehearsal", "ab" * 32), ("real", "ac" * 32)):
            with pytest.raises(InputRefused, match=r"bundle\.contribution_signature"):
                parse_contribution(value, mode, bytes.fromhex(commitment))
        for commitment, size in (("ab", 32), ("AB" * 32, 32), ("ab" * 32, 31)):
            with pytest.raises(InputRefused):
                keys.contribute(key.path, output, commitment=commitment, mode="real", value=bytes(size))


def test_sheets_of_receipts_are_one_file_for_the_printer(store: Store, tmp_path: Path) -> None:
    made = prove.several(store, tmp_path / "out", pdf=True, operator=WHO, now=LATER)
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert {name.rpartition(".")[2] for name in written} == {"json", "pdf"}
    assert len(written) == made.count + 1
    sheets = tmp_path / "out" / "sheets.pdf"
    assert stat.S_IMODE(sheets.stat().st_mode) == 0o600
    assert len(PdfReader(sheets).pages) == made.count


def test_the_sheet_of_one_receipt_may_be_a_pdf(store: Store, tmp_path: Path) -> None:
    with store.read() as reader:
        code = (
            reader.file(reader.draws()[-1], "public/result.csv")
            .decode()
            .splitlines()[1]
            .split(",")[8]
            .strip("\t")
        )
    prove.one(store, code, tmp_path / "one.json", pdf=True, operator=WHO, now=LATER)
    assert sorted(path.name for path in tmp_path.glob("one.*")) == ["one.json", "one.pdf"]
    (page,) = PdfReader(tmp_path / "one.pdf").pages
    assert code in page.extract_text()
