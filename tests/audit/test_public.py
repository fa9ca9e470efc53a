"""§20 Public bundles: what they recompute, and that nothing in them can be changed unseen."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docs.spec.v1 import verify as reference
from shuangsuiji.audit.detect import verify_file
from shuangsuiji.audit.report import Report
from shuangsuiji.bundle import archive
from shuangsuiji.bundle.public_bundle import leaf_lines, placed_leaves
from shuangsuiji.bundle.signing import SIGNING, SecretKey, bundle_message
from shuangsuiji.core.encoding import canonical_json, json_lines, parse_json, parse_lines
from shuangsuiji.core.plan_format import parse_plan
from tests.audit.bundles import (
    KL8,
    Draw,
    Members,
    Session,
    draw_of,
    public_manifest,
    public_members,
    receipts,
)
from tests.district import World, district, plan_value, worlds

WORLD: Final = district(60)
DRAW: Final[Draw] = draw_of(WORLD)
WHOLE: Final = public_members(DRAW)
BYTES: Final = archive.write(archive.PUBLIC, WHOLE)
KEY: Final = SecretKey("拟安县市场监督管理局", bytes(range(32)), SIGNING)
STEPS: Final = [
    "archive", "manifest", "signature", "encoding", "registry", "strata", "commitment", "notice", "seed", "witness",
    "targets",
]  # fmt: skip

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def test_lines_of_leaves_are_the_canonical_json_of_each() -> None:
    leaves = placed_leaves(DRAW.frozen)
    assert leaf_lines(leaves) == json_lines(one.object() for one in leaves) == WHOLE["leaves.jsonl"]


def verified(folder: Path, data: bytes) -> Report:
    path = folder / "public.zip"
    path.write_bytes(data)
    return verify_file(path)


def reports(folder: Path, some: Members) -> Report:
    return verified(folder, archive.write(archive.PUBLIC, some))


def failure_of(report: Report) -> str:
    return report.failure.failure_class if report.failure else ""


class TestWhatHolds:
    @same_folder
    @given(worlds(max_entities=16))
    def test_a_rehearsal(self, tmp_path: Path, world: World) -> None:
        report = reports(tmp_path, public_members(draw_of(world)))
        assert report.failure is None
        assert [step.name for step in report.steps] == STEPS
        assert (report.kind, report.signer) == ("public", None)
        assert (report.exit_code(rehearsal=True), report.exit_code(rehearsal=False)) == (0, 11)

    def test_a_real_draw_whose_order_in_time_nothing_proves(self, tmp_path: Path) -> None:
        real = draw_of(replace(WORLD, seal=replace(WORLD.seal, mode="real")), Session(KL8))
        assert reports(tmp_path, public_members(real)).exit_code(rehearsal=False) == 10

    def test_either_fingerprint_of_the_notice_may_be_brought(self, tmp_path: Path) -> None:
        path = tmp_path / "public.zip"
        path.write_bytes(archive.write(archive.PUBLIC, WHOLE))
        own: Any = parse_json(WHOLE["notice.json"])
        for stage, noticed in (("targets", False), ("inspectors", True)):
            report = verify_file(path, commitments=[own["commitments"][stage]])
            (one,) = report.brought
            assert (one.agrees, one.noticed) == (True, noticed), (
                "it has no inspectors to recompute theirs from"
            )
            assert report.exit_code(rehearsal=True) == 0
        other = verify_file(path, commitments=["00" * 32])
        assert (other.brought[0].agrees, other.brought[0].noticed) == (False, False)
        assert other.exit_code(rehearsal=True) == 1

    def test_who_signed_it_is_said(self, tmp_path: Path) -> None:
        signature = KEY.sign(bundle_message(WHOLE["manifest.json"]))
        signed = WHOLE | {"signature.json": canonical_json(signature.object())}
        path = tmp_path / "public.zip"
        path.write_bytes(archive.write(archive.PUBLIC, signed))
        for signers, trusted in ((frozenset(), False), (frozenset({KEY.fingerprint}), True)):
            report = verify_file(path, signers=signers)
            assert report.signer is not None
            assert (report.signer.fingerprint, report.signer.trusted) == (KEY.fingerprint, trusted)
            assert report.exit_code(rehearsal=True) == 0
        other = signed | {"manifest.json": WHOLE["manifest.json"].replace(b"abab", b"abac", 1)}
        assert failure_of(reports(tmp_path, other)) == "signature"


def tasks(edit: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda value: edit(value["targets"]["tasks"])


def first_placed(lines: Any) -> Any:
    return next(line for line in lines if line["in"])


TAMPERED: Final[list[tuple[str, str, Callable[[Any], object]]]] = [
    ("registry", "leaves.jsonl", lambda lines: lines.reverse()),
    ("registry", "leaves.jsonl", lambda lines: lines.pop()),
    ("registry", "leaves.jsonl", lambda lines: lines[0].update(leaf="00" * 32)),
    ("registry", "leaves.jsonl", lambda lines: lines[0].update(leaf="AB" * 32)),
    ("registry", "leaves.jsonl", lambda lines: lines[0].update(id="E0001")),
    ("registry", "leaves.jsonl", lambda lines: first_placed(lines)["in"].append([0, 0])),
    ("registry", "leaves.jsonl", lambda lines: first_placed(lines)["in"].append([0, 0, 0])),
    ("registry", "commitment.json", lambda value: value["targets"].pop("draw")),
    ("registry", "commitment.json", lambda value: value["targets"].update(registry={"root": "00" * 32})),
    ("registry", "commitment.json", lambda value: value["targets"]["registry"].update(size=1)),
    ("strata", "leaves.jsonl", lambda lines: first_placed(lines)["in"].pop()),
    ("strata", "leaves.jsonl", lambda lines: first_placed(lines)["in"].__setitem__(0, [0, 9, 0])),
    ("strata", "leaves.jsonl", lambda lines: first_placed(lines)["in"].__setitem__(0, [0])),
    ("strata", "commitment.json", tasks(lambda value: value[0]["tiers"].reverse())),
    ("strata", "commitment.json", tasks(lambda value: value[0]["tiers"][0].update(quota=9999))),
    ("strata", "commitment.json", tasks(lambda value: value[0]["tiers"][0].update(bounds={"least": 1}))),
    ("strata", "commitment.json", tasks(lambda value: value[1].update(id=value[0]["id"]))),
    ("strata", "commitment.json", tasks(lambda value: value.clear())),
    ("commitment", "commitment.json", lambda value: value["targets"].update(authority="")),
    ("commitment", "commitment.json", lambda value: value["targets"].update(stage="inspectors")),
    ("commitment", "commitment.json", lambda value: value["targets"].update(plan="x")),
    ("commitment", "commitment.json", lambda value: value["targets"].update(values=[])),
    ("commitment", "commitment.json", lambda value: value["targets"].update(note=1)),
    ("commitment", "commitment.json", lambda value: value.update(inspectors={})),
    (
        "commitment",
        "commitment.json",
        lambda value: value["targets"].update(predecessor={"commitment": "00" * 32, "draw": 1}),
    ),
    ("notice", "commitment.json", lambda value: value["targets"].update(plan="00" * 32)),
    ("notice", "commitment.json", tasks(lambda value: value[0]["tiers"][0].update(quota=0))),
    ("notice", "notice.json", lambda value: value.update(authority="另一局")),
    ("notice", "notice.json", lambda value: value["sizes"].update(registry=1)),
    ("notice", "notice.json", lambda value: value.update(deadline="soon")),
    ("notice", "notice.json", lambda value: value.update(head="x")),
    ("seed", "seed.json", lambda value: value["values"].clear()),
    ("seed", "seed.json", lambda value: value["closing"].update(commitment="00" * 32)),
    ("witness", "witness.jsonl", lambda lines: lines.append({"name": "x"})),
    ("targets", "seed.json", lambda value: value["values"][0].update(value="6" * 64)),
    ("targets", "strata.jsonl", lambda lines: lines[0].update(quota=0)),
    ("targets", "strata.jsonl", lambda lines: lines.reverse()),
    ("targets", "names.jsonl", lambda lines: lines.pop()),
    ("targets", "names.jsonl", lambda lines: lines.reverse()),
    ("targets", "names.jsonl", lambda lines: lines[0].update(tier="high")),
]


class TestTampering:
    @pytest.mark.parametrize(("failure", "name", "edit"), TAMPERED)
    def test_what_was_changed_is_found_and_named(
        self, tmp_path: Path, failure: str, name: str, edit: Callable[[Any], object]
    ) -> None:
        lines = name.endswith(".jsonl")
        value: Any = list(parse_lines(WHOLE[name])) if lines else copy.deepcopy(parse_json(WHOLE[name]))
        edit(value)
        data = json_lines(value) if lines else canonical_json(value)
        report = reports(tmp_path, public_manifest(WHOLE | {name: data}))
        assert failure_of(report) == failure
        assert report.exit_code(rehearsal=True) == 1

    @same_folder
    @given(st.integers(0, len(BYTES) * 8 - 1))
    def test_one_flipped_bit_is_found_and_is_no_fault_of_the_program(self, tmp_path: Path, bit: int) -> None:
        broken = bytearray(BYTES)
        broken[bit // 8] ^= 1 << bit % 8
        assert failure_of(verified(tmp_path, bytes(broken)))

    @same_folder
    @given(st.sampled_from(sorted(name for name in WHOLE if WHOLE[name])), st.data())
    def test_nor_is_one_in_a_member_whose_manifest_was_made_anew(
        self, tmp_path: Path, name: str, data: st.DataObject
    ) -> None:
        broken = bytearray(WHOLE[name])
        bit = data.draw(st.integers(0, len(broken) * 8 - 1))
        broken[bit // 8] ^= 1 << bit % 8
        changed = WHOLE | {name: bytes(broken)}
        report = reports(tmp_path, changed if name == "manifest.json" else public_manifest(changed))
        # The notice's head, deadline and the like are agreed on with nothing here; names may be any.
        assert failure_of(report) or name in ("notice.json", "names.jsonl", "manifest.json")

    @same_folder
    @given(st.integers(0, len(BYTES) - 1))
    def test_a_cut_file_is_refused(self, tmp_path: Path, keep: int) -> None:
        assert failure_of(verified(tmp_path, BYTES[:keep])) == "archive"


class TestBesideTheReference:
    """§20, §21 What the engine makes, verify.py takes, whatever a plan asks for."""

    @settings(same_folder, max_examples=20)
    @given(worlds(max_entities=14), st.data())
    def test_lists_bounds_and_waves(
        self, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], world: World, data: st.DataObject
    ) -> None:
        value: Any = plan_value()
        value["tasks"][0]["tiers"][0] |= {"bounds": {"least": 1, "most": 3}, "quota": {"rate": "60%"}}
        value["tasks"][0]["tiers"][2] |= {"quota": {"all": 1}, "waves": 2}
        sent = {"id": "sent", "name": "派发", "items": ["投诉"], "pool": ["and"], "slots": ["lead", "home"]}
        value["tasks"].append(sent | {"source": "superior"})
        lists = st.sampled_from(((), ("sent",)))
        entities = tuple(replace(one, lists=data.draw(lists)) for one in world.entities)
        draw = draw_of(replace(world, plan=parse_plan(value), entities=entities))
        public, receipt = tmp_path / "public.zip", tmp_path / "receipt.json"
        public.write_bytes(archive.write(archive.PUBLIC, public_members(draw)))
        assert verify_file(public).failure is None
        assert reference.main([str(public), "--rehearsal"]) == 0
        made = receipts(draw)
        for position in range(len(entities)):
            receipt.write_bytes(made.make(position, KEY).data)
            assert verify_file(receipt, public=public).failure is None
            assert reference.main([str(receipt), "--rehearsal", "--public", str(public)]) == 0
        capsysbinary.readouterr()
