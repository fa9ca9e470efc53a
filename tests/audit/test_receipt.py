"""§21 Receipts: every entity has one, it says what the draw did, and nothing in it can be changed unseen."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuangsuiji.audit.detect import verify_file
from shuangsuiji.audit.report import Report
from shuangsuiji.bundle import archive
from shuangsuiji.bundle.receipt import Receipt
from shuangsuiji.bundle.signing import SIGNING, SecretKey
from shuangsuiji.core.encoding import LONGEST, canonical_json, parse_json
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.strata import standing
from shuangsuiji.errors import InputRefused
from tests.audit.bundles import Draw, draw_of, public_members, receipts
from tests.district import World, district, plan_value, worlds

WORLD: Final = district(60)
DRAW: Final[Draw] = draw_of(WORLD)
PUBLIC: Final = archive.write(archive.PUBLIC, public_members(DRAW))
KEY: Final = SecretKey("拟安县市场监督管理局", bytes(range(32)), SIGNING)
STEPS: Final = [
    "encoding", "signature", "registry", "strata", "commitment", "notice", "seed", "witness", "targets"
]  # fmt: skip

MADE: Final = receipts(DRAW)
ALL: Final = [MADE.make(position) for position in range(len(WORLD.entities))]
INSIDE: Final = next(one for one in ALL if sum(not own.outside for own in one.outcomes) == 2)
OUTSIDE: Final = next(one for one in ALL if all(own.outside for own in one.outcomes))

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def verified(folder: Path, data: bytes, public: bytes | None = None) -> Report:
    path = folder / "receipt.json"
    path.write_bytes(data)
    if public is None:
        return verify_file(path)
    beside = folder / "public.zip"
    beside.write_bytes(public)
    return verify_file(path, public=beside)


def failure_of(report: Report) -> str:
    return report.failure.failure_class if report.failure else ""


def changed(one: Receipt, edit: Callable[[Any], object]) -> bytes:
    value: Any = copy.deepcopy(parse_json(one.data))
    edit(value)
    return canonical_json(value)


class TestWhatHolds:
    def test_every_entity_has_one_that_says_what_the_draw_did(self, tmp_path: Path) -> None:
        tasks_of = {one.entity.id: one.tasks for one in DRAW.drawn.targets}
        for entity, one in zip(WORLD.entities, ALL, strict=True):
            report = verified(tmp_path, one.data)
            assert report.failure is None
            assert [step.name for step in report.steps] == STEPS
            assert report.receipt is not None
            assert (report.receipt.id, report.receipt.name) == (entity.id, entity.name)
            drawn = tuple(own.task for own in report.receipt.outcomes if own.drawn)
            assert drawn == tasks_of.get(entity.id, ())
            reasons = {own.task: own.outside for own in report.receipt.outcomes}
            for task in WORLD.plan.tasks:
                if not task.pool.holds(entity.fields()):
                    assert reasons[task.id] == "not_in_pool"
                else:
                    assert reasons[task.id] == standing(entity, WORLD.plan, entity.fields())

    @same_folder
    @given(worlds(max_entities=12))
    def test_in_any_world_alone_and_beside_the_public_bundle(self, tmp_path: Path, world: World) -> None:
        draw = draw_of(world)
        public = archive.write(archive.PUBLIC, public_members(draw))
        made = receipts(draw)
        for position in range(len(world.entities)):
            one = made.make(position, KEY)
            assert verified(tmp_path, one.data).failure is None
            report = verified(tmp_path, one.data, public)
            assert report.failure is None
            assert [step.name for step in report.steps] == [*STEPS, "public"]
            assert (report.exit_code(rehearsal=True), report.exit_code(rehearsal=False)) == (0, 11)
            assert report.signer is not None

    def test_only_a_receipt_can_have_a_public_bundle_beside_it(self, tmp_path: Path) -> None:
        path = tmp_path / "public.zip"
        path.write_bytes(PUBLIC)
        with pytest.raises(InputRefused) as caught:
            verify_file(path, public=path)
        assert caught.value.code == "audit.public_beside"


def task(number: int, edit: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda value: edit(value["tasks"][number])


TAMPERED: Final[list[tuple[str, Callable[[Any], object]]]] = [
    ("encoding", lambda value: value.update(kind="sheet")),
    ("encoding", lambda value: value.update(spec="v2")),
    ("encoding", lambda value: value.update(note=1)),
    ("encoding", lambda value: value.pop("salt")),
    ("signature", lambda value: value.update(signature={"key": "00" * 32, "signature": "00" * 64})),
    ("signature", lambda value: value.update(signature=1)),
    ("registry", lambda value: value["entity"].update(name="另一名称")),
    ("registry", lambda value: value["entity"]["columns"].update(Grade="高")),
    ("registry", lambda value: value["entity"]["columns"].update(id="高")),
    ("registry", lambda value: value["entity"].update(lists=["b", "a"])),
    ("registry", lambda value: value["entity"].update(lists=[])),
    ("registry", lambda value: value["entity"].update(lists="a")),
    ("registry", lambda value: value.update(salt="00" * 32)),
    ("registry", lambda value: value.update(salt=1)),
    ("registry", lambda value: value.update(entity=[])),
    ("registry", lambda value: value["registry"].update(index=value["registry"]["index"] ^ 1)),
    ("registry", lambda value: value["registry"].update(index=10**9)),
    ("registry", lambda value: value["registry"]["path"].pop()),
    ("registry", lambda value: value["registry"].update(path=["x"])),
    ("registry", lambda value: value["registry"].update(note=1)),
    ("registry", lambda value: value.update(commitment={})),
    ("registry", lambda value: value["commitment"]["targets"].update(mode="real")),
    ("strata", lambda value: value["tasks"].pop()),
    ("strata", lambda value: value["tasks"].reverse()),
    ("strata", task(0, lambda one: one.update(index=one["index"] ^ 1))),
    ("strata", task(0, lambda one: one.update(stratum=99))),
    ("strata", task(0, lambda one: one.update(tier=-1))),
    ("strata", task(0, lambda one: one.update(cut="x"))),
    ("strata", task(0, lambda one: one.pop("path"))),
    ("strata", lambda value: value["tasks"].__setitem__(0, {"outside": "not_listed", "task": "public"})),
    ("strata", lambda value: value["tasks"].__setitem__(0, {"outside": "", "task": "public"})),
    ("strata", lambda value: value["commitment"]["targets"]["tasks"].pop()),
    ("commitment", lambda value: value["commitment"].update(inspectors={})),
    ("commitment", lambda value: value["commitment"]["targets"].update(suite="sm3")),
    ("notice", lambda value: value["notice"].update(authority="另一局")),
    ("notice", lambda value: value.update(notice=1)),
    ("notice", lambda value: value["commitment"]["targets"].update(plan="00" * 32)),
    ("seed", lambda value: value["seed"]["values"].clear()),
    ("seed", lambda value: value.update(seed=[])),
    ("witness", lambda value: value.update(witness=1)),
    ("witness", lambda value: value["witness"].append(1)),
]


class TestTampering:
    @pytest.mark.parametrize(("failure", "edit"), TAMPERED)
    def test_what_was_changed_is_found_and_named(
        self, tmp_path: Path, failure: str, edit: Callable[[Any], object]
    ) -> None:
        report = verified(tmp_path, changed(INSIDE, edit))
        assert failure_of(report) == failure
        assert report.exit_code(rehearsal=True) == 1

    def test_a_signature_is_of_this_receipt(self, tmp_path: Path) -> None:
        first, second = MADE.make(0, KEY), MADE.make(1, KEY)
        other: Any = parse_json(second.data)
        moved = changed(first, lambda value: value.update(signature=other["signature"]))
        assert failure_of(verified(tmp_path, moved)) == "signature"

    def test_a_cut_where_nothing_is_drawn_or_none_where_all_are(self, tmp_path: Path) -> None:
        world = replace(WORLD, plan=all_or_none())
        made = receipts(draw_of(world))
        ones = [made.make(position) for position in range(len(world.entities))]
        firsts: list[Any] = [first_task(one) for one in ones]
        inside = [(one, own) for one, own in zip(ones, firsts, strict=True) if "tier" in own]
        whole = next(one for one, own in inside if "cut" in own)
        nothing = next(one for one, own in inside if "cut" not in own)
        assert not failure_of(verified(tmp_path, whole.data))
        assert (
            failure_of(verified(tmp_path, changed(whole, task(0, lambda one: one.pop("cut"))))) == "targets"
        )
        low = changed(whole, task(0, lambda one: one.update(cut="00" * 32)))
        assert failure_of(verified(tmp_path, low)) == "targets"
        given = changed(nothing, task(0, lambda one: one.update(cut="ff" * 32)))
        assert failure_of(verified(tmp_path, given)) == "targets"

    def test_beside_the_public_bundle_another_cut_is_found(self, tmp_path: Path) -> None:
        other = changed(INSIDE, task(0, lambda one: one.update(cut="00" * 32)))
        assert not failure_of(verified(tmp_path, other))  # alone it is trusted
        assert failure_of(verified(tmp_path, other, PUBLIC)) == "public"

    def test_so_is_a_place_that_it_hides(self, tmp_path: Path) -> None:
        hidden = changed(
            INSIDE, lambda value: value["tasks"].__setitem__(1, {"outside": "visited", "task": "safety"})
        )
        assert not failure_of(verified(tmp_path, hidden))
        assert failure_of(verified(tmp_path, hidden, PUBLIC)) == "public"

    def test_so_are_other_public_values_and_a_public_bundle_that_fails(self, tmp_path: Path) -> None:
        other = changed(OUTSIDE, lambda value: value["seed"]["values"][0].update(value="6" * 64))
        assert not failure_of(verified(tmp_path, other))
        assert failure_of(verified(tmp_path, other, PUBLIC)) == "public"
        assert failure_of(verified(tmp_path, INSIDE.data, PUBLIC[:-1])) == "public"
        assert failure_of(verified(tmp_path, INSIDE.data, INSIDE.data)) == "public"

    @same_folder
    @given(st.integers(8, len(INSIDE.data) * 8 - 1))  # the first byte says that it is a receipt
    def test_a_flipped_bit_is_no_fault_of_the_program(self, tmp_path: Path, bit: int) -> None:
        broken = bytearray(INSIDE.data)
        broken[bit // 8] ^= 1 << bit % 8
        verified(tmp_path, bytes(broken))
        verified(tmp_path, bytes(broken), PUBLIC)

    @same_folder
    @given(st.integers(1, len(INSIDE.data) - 1))
    def test_a_cut_file_is_refused(self, tmp_path: Path, keep: int) -> None:
        assert failure_of(verified(tmp_path, INSIDE.data[:keep])) == "encoding"

    json_values = st.recursive(
        st.integers(-5, 5) | st.text(max_size=3) | st.sampled_from(["00" * 32, "id", "tasks"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["root", "size", "id", "tiers", "index", "path"]), inner, max_size=3
            )
        ),
        max_leaves=6,
    )

    @same_folder
    @given(st.data())
    def test_any_value_anywhere_is_no_fault_of_the_program(self, tmp_path: Path, data: st.DataObject) -> None:
        value: Any = copy.deepcopy(parse_json(INSIDE.data))
        where = value
        while True:
            keys = sorted(where) if isinstance(where, dict) else range(len(where))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if not isinstance(where[key], dict | list) or data.draw(st.booleans()):
                where[key] = data.draw(self.json_values)
                break
            where = where[key]
        verified(tmp_path, canonical_json(value))

    def test_a_longer_file_than_a_value_may_be_is_not_read(self, tmp_path: Path) -> None:
        assert failure_of(verified(tmp_path, b"{" + bytes(LONGEST))) == "encoding"


def first_task(one: Receipt) -> Any:
    value: Any = parse_json(one.data)
    return value["tasks"][0]


def all_or_none() -> Any:
    """The district's plan, whose first tier draws all and whose others draw nobody."""
    value: Any = plan_value()
    first, *others = value["tasks"][0]["tiers"]
    first["quota"] = {"all": 1}
    for tier in others:
        tier["quota"] = {"count": 0}
    return parse_plan(value)
