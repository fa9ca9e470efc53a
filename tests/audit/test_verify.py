"""§18 Verification by the engine: what holds is said step by step, what was tampered with is found and named."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docs.spec.v1 import verify as reference
from shuangsuiji import messages
from shuangsuiji.audit.report import AUDITOR_STEPS, Report
from shuangsuiji.audit.verify import verify
from shuangsuiji.bundle import archive
from shuangsuiji.errors import InputRefused
from tests.audit.bundles import BEFORE, KL8, Members, Session, chained, edited, members, replaced
from tests.district import World, district, worlds

ROOT: Final = Path(__file__).parents[2]
WORLD: Final = district(60)
WHOLE: Final = members(WORLD)
BYTES: Final = archive.write(archive.AUDITOR, WHOLE)
_PROVEN = archive.AUDITOR.required - {"log.jsonl", "manifest.json", "notice.json", "witness.jsonl"}
PROVEN: Final = frozenset(name for name in _PROVEN if WHOLE[name])
"""Members of which every bit is recomputed.

The log's last entry and the notice's deadline are only consistent; nobody witnesses this draw.
"""

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def put(folder: Path, data: bytes) -> Path:
    path = folder / "bundle.zip"
    path.write_bytes(data)
    return path


def reports(folder: Path, some: Members) -> Report:
    return verify(put(folder, archive.write(archive.AUDITOR, some)))


def failure_of(report: Report) -> str:
    return report.failure.failure_class if report.failure else ""


class TestWhatHolds:
    """§18 Exit codes: 0 all steps hold, 10 the order in time is not proven, 11 a rehearsal was not expected."""

    @same_folder
    @given(worlds(max_entities=16))
    def test_a_rehearsal(self, tmp_path: Path, world: World) -> None:
        report = reports(tmp_path, members(world))
        assert report.failure is None
        assert [step.name for step in report.steps] == list(AUDITOR_STEPS)
        assert (report.exit_code(rehearsal=True), report.exit_code(rehearsal=False)) == (0, 11)

    def test_a_real_draw_whose_order_in_time_nothing_proves(self, tmp_path: Path) -> None:
        real = members(replace(WORLD, seal=replace(WORLD.seal, mode="real")), Session(KL8))
        report = reports(tmp_path, real)
        assert (report.exit_code(rehearsal=True), report.exit_code(rehearsal=False)) == (10, 10)

    def test_each_step_says_how_far_it_is_proven(self, tmp_path: Path) -> None:
        steps = {step.name: step for step in reports(tmp_path, WHOLE).steps}
        assert {name for name, step in steps.items() if step.answer != "recomputed"} == {"notice", "log"}
        assert steps["registry"].facts["entities"] == len(WORLD.entities)
        assert steps["targets"].facts["targets"] == WHOLE["targets.jsonl"].count(b"\n")
        assert steps["blocks"].facts["blocks"] == WHOLE["blocks.jsonl"].count(b"\n")
        assert steps["log"].facts == {"entries": 5, "freeze": 2}

    def test_no_file_is_no_failed_verification(self, tmp_path: Path) -> None:
        with pytest.raises(InputRefused) as caught:
            verify(tmp_path / "missing.zip")
        assert caught.value.code == "bundle.unreadable"


def line(number: int, **changes: object) -> Callable[[Any], object]:
    return lambda lines: lines[number].update(changes)


def at(*path: str, new: object) -> Callable[[Any], object]:
    """Set the value at a path of objects."""

    def edit(value: Any) -> None:
        for key in path[:-1]:
            value = value[key]
        value[path[-1]] = new

    return edit


def reverse(lines: Any) -> None:
    lines.reverse()


def log(edit: Callable[[list[Any]], object]) -> Callable[[Any], object]:
    """Change the log's entries and chain them anew, as somebody who rewrites the log would."""

    def rewrite(lines: Any) -> None:
        edit(lines)
        lines[:] = chained(lines)

    return rewrite


def swap_targets(lines: Any) -> None:
    first, second = lines[0]["targets"], lines[1]["targets"]
    first[0], second[0] = second[0], first[0]


def swap_people(lines: Any) -> None:
    """Two members of one kind change places between two blocks: as lawful and even as before, but not drawn."""
    first, second = (line["team"] for line in lines[:2])
    first[0]["inspector"], second[0]["inspector"] = second[0]["inspector"], first[0]["inspector"]


TAMPERED: Final[list[tuple[str, str, Callable[[Any], object]]]] = [
    ("plan", "plan.json", at("note", new="x")),
    ("plan", "plan.json", at("blocks", "max_targets", new=0)),
    ("registry", "entities.jsonl", line(0, name="另一名称")),
    ("registry", "entities.jsonl", line(0, status="open")),
    ("registry", "entities.jsonl", reverse),
    ("registry", "entities.jsonl", lambda lines: lines.pop()),
    ("registry", "salt.json", at("key", new="00" * 31 + "01")),
    ("registry", "salt.json", at("key", new="AA" * 32)),
    ("registry", "commitment.json", at("targets", "mode", new="test")),
    ("registry", "commitment.json", at("targets", "mode", new="real")),
    ("registry", "commitment.json", at("targets", "draw", new=0)),
    ("registry", "commitment.json", at("targets", "draw", new=2)),
    ("registry", "commitment.json", at("targets", "registry", "size", new=1)),
    ("strata", "commitment.json", at("targets", "tasks", new=[])),
    ("strata", "commitment.json", lambda value: value["targets"]["tasks"][0]["tiers"].reverse()),
    ("strata", "plan.json", lambda plan: plan["tasks"][0]["tiers"][0].update(quota={"count": 9999})),
    ("strata", "plan.json", lambda plan: plan["tasks"][0]["tiers"][2].update(quota={"rate": "100%"})),
    ("pool", "inspectors.jsonl", line(0, undrawable="领导岗位")),
    ("pool", "inspectors.jsonl", line(0, name="")),
    ("pool", "inspectors.jsonl", reverse),
    ("pool", "recusals.jsonl", lambda lines: lines.pop()),
    ("pool", "recusals.jsonl", reverse),
    (
        "pool",
        "recusals.jsonl",
        lambda lines: lines.append({"column": [], "inspector": "P0001", "value": "x"}),
    ),
    ("commitment", "commitment.json", at("targets", "authority", new="另一局")),
    ("commitment", "commitment.json", at("targets", "values", new=[])),
    ("commitment", "commitment.json", at("targets", "values", new=[{"issue": "1", "source": "loto"}])),
    ("commitment", "commitment.json", at("inspectors", "targets", new="00" * 32)),
    ("commitment", "commitment.json", at("inspectors", "note", new=1)),
    ("commitment", "plan.json", at("version", new=7)),
    ("notice", "notice.json", at("deadline", new="2021-02-30")),
    ("notice", "notice.json", at("sizes", "registry", new=1)),
    ("notice", "notice.json", at("commitments", "targets", new="00" * 32)),
    ("notice", "notice.json", at("head", new="")),
    ("log", "notice.json", at("head", new="00" * 32)),
    ("log", "notice.json", at("time", new="2021-02-19T02:30:00Z")),
    ("log", "log.jsonl", line(0, operator="王五")),
    ("log", "log.jsonl", line(4, seq=6)),
    ("log", "log.jsonl", line(4, time="2021-02-21")),
    ("log", "log.jsonl", lambda lines: lines.clear()),
    ("log", "log.jsonl", log(lambda lines: lines.pop(1))),
    ("log", "log.jsonl", log(lambda lines: lines.append(lines[1]))),
    ("log", "log.jsonl", log(lambda lines: lines[1].update(details={"draw": 1, "mode": "rehearsal"}))),
    ("log", "log.jsonl", log(lambda lines: lines.insert(1, lines.pop(2)))),
    ("log", "log.jsonl", log(lambda lines: lines[0].update(operator="王五"))),
    ("seed", "seed.json", lambda value: value["values"][0].update(value="6" * 63)),
    ("seed", "seed.json", lambda value: value["values"][0].update(source="dice")),
    ("seed", "seed.json", lambda value: value["values"].clear()),
    ("seed", "seed.json", at("closing", "contributions", new=["x"])),
    ("targets", "seed.json", lambda value: value["values"][0].update(value="6" * 64)),
    ("targets", "strata.jsonl", line(0, quota=0)),
    ("targets", "strata.jsonl", reverse),
    ("targets", "targets.jsonl", lambda lines: lines.pop()),
    ("targets", "targets.jsonl", line(0, tasks=["safety"])),
    ("blocks", "blocks.jsonl", lambda lines: lines.pop()),
    ("blocks", "blocks.jsonl", swap_targets),
    ("blocks", "blocks.jsonl", line(0, district="南乡")),
    ("assignment", "blocks.jsonl", swap_people),
    ("assignment", "blocks.jsonl", lambda lines: lines[0]["team"].reverse()),
    ("assignment", "blocks.jsonl", lambda lines: lines[0]["team"].pop()),
    ("blocks", "blocks.jsonl", line(0, note="x")),
    ("result", "manifest.json", at("result", new="00" * 32)),
]


class TestTampering:
    """§18 A verifier stops at the first step that fails and names it by its failure class."""

    @pytest.mark.parametrize(
        ("failure", "name", "edit"),
        TAMPERED,
        ids=[f"{number}-{failure}-{name}" for number, (failure, name, _) in enumerate(TAMPERED)],
    )
    def test_a_changed_member_is_found_by_both_verifiers(
        self,
        tmp_path: Path,
        capsysbinary: pytest.CaptureFixture[bytes],
        failure: str,
        name: str,
        edit: Callable[[Any], object],
    ) -> None:
        path = put(tmp_path, archive.write(archive.AUDITOR, edited(WHOLE, name, edit)))
        report = verify(path)
        assert failure_of(report) == failure
        assert [step.name for step in report.steps] == list(AUDITOR_STEPS)[: len(report.steps)]
        assert report.exit_code(rehearsal=True) == report.exit_code(rehearsal=False) == 1
        assert by_the_reference(path, capsysbinary) == (1, failure)

    @pytest.mark.parametrize(
        ("failure", "name", "data"),
        [
            ("encoding", "plan.json", WHOLE["plan.json"] + b"\n"),
            ("encoding", "seed.json", WHOLE["seed.json"].replace(b'"values"', b'"values" ')),
            ("encoding", "entities.jsonl", WHOLE["entities.jsonl"][:-1]),
            ("encoding", "log.jsonl", WHOLE["log.jsonl"] + b"null\n"),
            ("encoding", "recusals.jsonl", b'{"a":1,"a":1}\n'),
            ("manifest", "manifest.json", WHOLE["manifest.json"].replace(b'"auditor"', b'"public"')),
            ("manifest", "manifest.json", WHOLE["manifest.json"].replace(b"{", b"{ ", 1)),
            ("manifest", "manifest.json", b"[]"),
        ],
    )
    def test_other_bytes_are_found_by_both_verifiers(
        self, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], failure: str, name: str, data: bytes
    ) -> None:
        path = put(tmp_path, archive.write(archive.AUDITOR, replaced(WHOLE, name, data)))
        assert failure_of(verify(path)) == failure
        assert by_the_reference(path, capsysbinary) == (1, failure)

    @pytest.mark.parametrize("verb", ["close", "seed", "draw", "match"])
    def test_a_draw_that_was_seeded_or_made_before_its_freeze(
        self, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], verb: str
    ) -> None:
        early = BEFORE | {"verb": verb, "details": {"draw": 1, "mode": "rehearsal"}}
        path = put(tmp_path, archive.write(archive.AUDITOR, members(WORLD, Session(before=[BEFORE, early]))))
        failure = verify(path).failure
        assert failure is not None
        assert (failure.failure_class, failure.code, failure.where.line) == ("log", "audit.log_early", 2)
        assert by_the_reference(path, capsysbinary) == (1, "log")
        another = early | {"details": {"draw": 2, "mode": "rehearsal"}}
        assert reports(tmp_path, members(WORLD, Session(before=[BEFORE, another]))).failure is None

    def test_what_is_wrong_and_where_can_be_told_in_both_languages(self, tmp_path: Path) -> None:
        for _, name, edit in TAMPERED:
            failure = reports(tmp_path, edited(WHOLE, name, edit)).failure
            assert failure is not None
            assert failure.where.file in archive.AUDITOR.members
            for language in ("zh", "en"):
                assert messages.render(InputRefused(failure.code, failure.where, **failure.params), language)


class TestEveryBit:
    """§18 One flipped bit anywhere is found."""

    @same_folder
    @given(st.integers(0, len(BYTES) * 8 - 1))
    def test_of_the_file(self, tmp_path: Path, bit: int) -> None:
        broken = bytearray(BYTES)
        broken[bit // 8] ^= 1 << bit % 8
        assert failure_of(verify(put(tmp_path, bytes(broken)))) == "archive"

    @same_folder
    @given(st.sampled_from(sorted(PROVEN)).flatmap(lambda name: st.tuples(st.just(name), bits(WHOLE[name]))))
    def test_of_a_member_even_if_checksums_and_manifest_are_made_anew(
        self, tmp_path: Path, place: tuple[str, int]
    ) -> None:
        name, bit = place
        broken = bytearray(WHOLE[name])
        broken[bit // 8] ^= 1 << bit % 8
        report = reports(tmp_path, replaced(WHOLE, name, bytes(broken)))
        assert failure_of(report) not in {"", "archive", "manifest"}


def bits(data: bytes) -> st.SearchStrategy[int]:
    return st.integers(0, len(data) * 8 - 1)


class TestTheOtherVerifier:
    """docs/spec/v1/verify.py shares no line with the engine; on the same bundles both say the same."""

    @same_folder
    @given(world=worlds(max_entities=16))
    def test_what_the_engine_draws_it_recomputes(
        self, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], world: World
    ) -> None:
        path = put(tmp_path, archive.write(archive.AUDITOR, members(world)))
        assert by_the_reference(path, capsysbinary) == (0, "")

    @pytest.mark.parametrize(("arguments", "code"), [([], 11), (["--rehearsal"], 0)])
    def test_it_runs_alone(self, tmp_path: Path, arguments: list[str], code: int) -> None:
        script = ROOT / "docs" / "spec" / "v1" / "verify.py"
        command = [sys.executable, "-I", str(script), str(put(tmp_path, BYTES)), *arguments]
        assert subprocess.run(command, capture_output=True, check=False).returncode == code


def by_the_reference(path: Path, output: pytest.CaptureFixture[bytes]) -> tuple[int, str]:
    """Exit code and failure class of verify.py."""
    code = reference.main([str(path), "--rehearsal", "--json"])
    return code, json.loads(output.readouterr().out).get("failure", {}).get("class", "")
