"""Attacks on what is public: names forged, leaves recognised, and a business's risk class guessed from all of it."""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import pytest

from shuangsuiji.audit.detect import verify_file
from shuangsuiji.audit.report import TRUSTED, Report
from shuangsuiji.bundle import archive
from shuangsuiji.bundle.disclose import Batch, disclose_names
from shuangsuiji.core.encoding import Json, canonical_json, json_lines, parse_json, parse_lines
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.core.merkle import root
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.records import Entity, Seal
from shuangsuiji.core.strata import divide
from shuangsuiji.errors import InputRefused
from shuangsuiji.quarter.posterior import observe, worst
from tests.attacks.attacker import caught
from tests.audit.bundles import (
    Draw,
    Members,
    draw_of,
    public_manifest,
    public_members,
    receipts,
)
from tests.district import World, entity, inspector, plan_value
from tests.publish.world import TEXTS

SECRET: Final = "高"
LIMIT: Final = Fraction(2, 3)
"""The largest share that a plan may have by default (`max_posterior`)."""


def graded_plan(*more: Json, **others: Json) -> dict[str, Json]:
    """A task with a tier of high risk and one of the others, and what else is said; the district is no second key."""
    first = cast("dict[str, Any]", plan_value()["tasks"][0])  # type: ignore[index]
    tiers: list[Json] = [
        {"id": "high", "name": "高风险", "where": ["eq", "grade", SECRET], "quota": {"count": 4}},
        {"id": "low", "name": "其他", "where": ["and"], "quota": {"count": 4}},
    ]
    task: Json = first | {"tiers": tiers, "slots": ["lead", "home"]}
    return plan_value() | {"exclusions": [], "tasks": [task, *more]} | others


def graded(key: bytes, plan: dict[str, Json] | None = None) -> World:
    """24 firms of one town, every fifth a sole trader; 8 of high risk, whichever the key says."""
    high = random.Random(key).sample(range(1, 25), 8)
    firms = tuple(
        entity(n, "东镇", "个体工商户" if n % 5 == 0 else "有限责任公司", SECRET if n in high else "低")
        for n in range(1, 25)
    )
    people = tuple(inspector(n, "东镇") for n in range(1, 9))
    return World(parse_plan(plan or graded_plan()), firms, people, (), Seal(key, "rehearsal", 1))


def keys(count: int) -> list[bytes]:
    return [hashlib.sha256(bytes([number])).digest() for number in range(count)]


def lines_of(some: Members, name: str) -> list[dict[str, Any]]:
    return [cast("dict[str, Any]", one) for one in parse_lines(some[name])]


class TestRecognisedLeaves:
    """Somebody who has the whole register of businesses tells which leaf is whose."""

    def test_works_on_hashes_without_a_salt(self) -> None:
        world = graded(bytes(32))
        leaves = {hashlib.sha256(canonical_json(one.object())).digest(): one.id for one in world.entities}
        guesses = [hashlib.sha256(canonical_json(one.object())).digest() for one in world.entities]
        assert [leaves[one] for one in guesses] == [one.id for one in world.entities]

    @staticmethod
    def hits(world: World, leaves: Sequence[bytes]) -> int:
        """How many leaves the attacker gives to the right business if he takes both in their order."""
        pairs = zip(world.entities, leaves, strict=True)
        return sum(world.seal.entity_leaf(one) == leaf for one, leaf in pairs)

    def test_works_on_leaves_in_the_order_of_codes(self) -> None:
        world = graded(keys(1)[0])
        assert self.hits(world, [world.seal.entity_leaf(one) for one in world.entities]) == 24

    def test_here_a_guess_by_the_engines_order_hits_as_often_as_a_blind_one(self) -> None:
        by_receipt = by_stratum = strata = 0
        for draw in map(draw_of, map(graded, keys(60))):
            made = receipts(draw)
            indices = [
                cast("Any", parse_json(made.make(place).data))["registry"]["index"] for place in range(24)
            ]
            by_receipt += sum(index == place for place, index in enumerate(indices))
            registry = draw.frozen.registry
            placed = dict(zip(indices, registry.leaves, strict=True))
            assert registry.root == root([placed[index] for index in range(24)])
            for stratum in (one for tier in draw.frozen.strata.tiers[0] for one in tier.strata):
                strata += 1
                guessed = (registry.leaves[position] for position in sorted(stratum.members))
                by_stratum += sum(a == b for a, b in zip(guessed, stratum.leaves, strict=True))
        # A blind guess hits once on average, with variance 1: all of them within four deviations.
        assert abs(by_receipt - 60) < 4 * 60**0.5
        assert abs(by_stratum - strata) < 4 * strata**0.5

    def test_here_leaves_are_published_in_the_order_of_their_own_bytes(self) -> None:
        leaves = [
            one["leaf"] for one in lines_of(public_members(draw_of(graded(keys(1)[0]))), "leaves.jsonl")
        ]
        assert leaves == sorted(leaves)

    def test_here_the_record_alone_leads_to_no_leaf(self) -> None:
        world = graded(keys(1)[0])
        leaves = {one["leaf"] for one in lines_of(public_members(draw_of(world)), "leaves.jsonl")}
        known = {
            draw_hash("rehearsal", "leaf/entity", salt, canonical_json(one.object())).hex()
            for one in world.entities
            for salt in (b"", bytes(32), *keys(20))
        }
        assert not leaves & known


class TestOldReceipt:
    """A business's receipt of an earlier draw has its salt: does it find the business in the next draw's leaves?"""

    KEY: Final = keys(1)[0]

    @staticmethod
    def leaf(salt: bytes, one: Entity, mode: str = "rehearsal") -> str:
        return draw_hash(mode, "leaf/entity", salt, canonical_json(one.object())).hex()

    def test_works_where_a_salt_is_made_once_for_all(self) -> None:
        one = graded(self.KEY).entities[0]
        salts = [hashlib.sha256(self.KEY + one.id.encode()).digest() for _ in ("first draw", "second draw")]
        assert len({self.leaf(salt, one) for salt in salts}) == 1

    @pytest.mark.parametrize(
        "later",
        [Seal(keys(1)[0], "rehearsal", 2), Seal(keys(2)[1], "rehearsal", 1), Seal(keys(1)[0], "real", 1)],
    )
    def test_here_each_draw_and_mode_has_salts_of_its_own(self, later: Seal) -> None:
        world = graded(self.KEY)
        made = receipts(draw_of(world))
        following = {later.entity_leaf(one).hex() for one in world.entities}
        for place, one in enumerate(world.entities):
            value: Any = parse_json(made.make(place).data)
            salt = bytes.fromhex(value["salt"])
            assert self.leaf(salt, one) == world.seal.entity_leaf(one).hex()
            assert not {self.leaf(salt, one, mode) for mode in ("rehearsal", "real")} & following


def verified(folder: Path, data: bytes, public: Members | None = None) -> Report:
    path, beside = folder / "file", folder / "public.zip"
    path.write_bytes(data)
    if public is None:
        return verify_file(path)
    beside.write_bytes(archive.write(archive.PUBLIC, public))
    return verify_file(path, public=beside)


class TestForgedNames:
    """The list that is published has another name in the place of the friend's."""

    DRAW: Final = draw_of(graded(keys(1)[0]))
    WHOLE: Final = public_members(DRAW)

    def forged(self) -> tuple[Members, str, str]:
        """The public bundle with one name exchanged; who should stand there, and who does."""
        names = lines_of(self.WHOLE, "names.jsonl")
        listed = {one["id"] for one in names}
        other = next(one for one in self.DRAW.frozen.registry.entities if one.id not in listed)
        friend = names[2]["id"]
        names[2] = {"id": other.id, "name": other.name}
        names.sort(key=lambda one: str(one["id"]))
        data = json_lines(names)
        return public_manifest(self.WHOLE | {"names.jsonl": data}), friend, other.id

    def receipt(self, identifier: str) -> bytes:
        ids = [one.id for one in self.DRAW.frozen.registry.entities]
        return receipts(self.DRAW).make(ids.index(identifier)).data

    def test_succeeds_against_the_public_bundle_alone_which_says_what_it_does_not_check(
        self, tmp_path: Path
    ) -> None:
        report = verified(tmp_path, archive.write(archive.PUBLIC, self.forged()[0]))
        assert report.failure is None
        assert "names" in TRUSTED["public"]

    def test_here_the_receipts_of_both_businesses_say_otherwise(self, tmp_path: Path) -> None:
        public, friend, other = self.forged()
        listed = {one["id"] for one in lines_of(public, "names.jsonl")}
        for who, drawn in ((friend, True), (other, False)):
            report = verified(tmp_path, self.receipt(who))
            assert report.failure is None
            assert report.receipt is not None
            assert any(one.drawn for one in report.receipt.outcomes) is drawn
            assert (who in listed) is not drawn

    def test_here_a_receipt_beside_the_public_bundle_fails(self, tmp_path: Path) -> None:
        public, *both = self.forged()
        for who in both:
            report = verified(tmp_path, self.receipt(who), public)
            assert report.failure is not None
            assert (report.failure.failure_class, report.failure.code) == ("public", "bundle.receipt_names")

    def test_here_the_auditor_has_the_names_and_recomputes_them(self, tmp_path: Path) -> None:
        public, friend, other = self.forged()
        auditors = {one["id"] for one in lines_of(self.DRAW.whole, "targets.jsonl")}
        assert caught(tmp_path, self.DRAW.whole) == 11
        assert auditors ^ {one["id"] for one in lines_of(public, "names.jsonl")} == {friend, other}

    def test_here_a_receipt_cannot_be_made_out_to_somebody_else(self, tmp_path: Path) -> None:
        _, friend, other = self.forged()
        value: Any = parse_json(self.receipt(friend))
        value["entity"]["id"] = other
        report = verified(tmp_path, canonical_json(value))
        assert report.failure is not None
        assert report.failure.failure_class == "registry"


def drawn_leaves(some: Members) -> list[dict[str, Any]]:
    """The leaves that were drawn, with their places, by ticket: what anybody recomputes from a public bundle."""
    draw = PUBLIC_KEYS[some["commitment.json"]]
    cuts = iter(one.get("cut", "") for one in lines_of(some, "strata.jsonl"))
    said: Any = parse_json(some["commitment.json"])
    places = {
        (t, i, j): next(cuts)
        for t, task in enumerate(said["targets"]["tasks"])
        for i, tier in enumerate(task.get("tiers", ()))
        for j, _ in enumerate(tier["strata"])
    }
    prefix = b"shuangsuiji/v1/ticket".ljust(32, b"\0") + draw
    found = []
    for line in lines_of(some, "leaves.jsonl"):
        ticket = hashlib.sha256(prefix + bytes.fromhex(line["leaf"])).hexdigest()
        if any(len(place) == 1 or ticket <= places[tuple(place)] for place in line["in"]):
            found.append(line | {"ticket": ticket})
    return found


PUBLIC_KEYS: Final[dict[bytes, bytes]] = {}
"""The public key of the tickets, by commitment: it follows from the public seed."""


def published(world: World) -> tuple[Draw, Members]:
    draw = draw_of(world)
    some = public_members(draw)
    PUBLIC_KEYS[some["commitment.json"]] = draw.seeds.key("targets", "tickets")
    return draw, some


def high_tier(draw: Draw) -> int:
    """The number of the tier of high risk: its size is published."""
    return next(n for n, tier in enumerate(draw.frozen.strata.tiers[0]) if tier.tier.id == "high")


def is_high(draw: Draw, line: dict[str, Any]) -> bool:
    return any(place[:2] == [0, high_tier(draw)] for place in line["in"])


ORDERS: Final[dict[str, Callable[[dict[str, Any]], Any]]] = {
    "the n-th leaf is the n-th name's": lambda line: line["leaf"],
    "the n-th ticket is the n-th name's": lambda line: line["ticket"],
    "the last leaf is the first name's": lambda line: bytes.fromhex(line["leaf"])[::-1],
}


class TestGuessedClass:
    """Of a drawn business, is its class told better by all that is public than by names and counts?

    Half of those drawn are of high risk, which the published quotas say: a guess by them is right half of the time.
    """

    DRAWS: Final = [published(graded(key)) for key in keys(160)]

    @staticmethod
    def right(draw: Draw, guesses: Sequence[bool]) -> int:
        truth = [
            one.entity.columns.get("grade") == SECRET
            for one in sorted(draw.drawn.targets, key=lambda one: one.entity.id)
        ]
        return sum(a == b for a, b in zip(guesses, truth, strict=True))

    def test_works_where_the_list_stands_in_the_order_of_the_draw(self) -> None:
        for draw, _ in self.DRAWS[:5]:
            tiers = [one.tier for one in draw.drawn.strata]
            naive = sorted(
                (one.entity.columns["grade"] == SECRET for one in draw.drawn.targets),
                key=lambda high: tiers.index("high" if high else "low"),
            )
            # Its first four are of the tier of a size and quota that everybody has read in the notice.
            assert naive == [one.tier == "high" for one in draw.drawn.strata for _ in range(one.quota)]

    @pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
    def test_here_no_order_of_leaves_tells_more_than_the_counts(
        self, order: Callable[[dict[str, Any]], Any]
    ) -> None:
        right = 0
        for draw, some in self.DRAWS:
            leaves = sorted(drawn_leaves(some), key=order)
            assert len(leaves) == len(lines_of(some, "names.jsonl")) == 8
            right += self.right(draw, [is_high(draw, line) for line in leaves])
        # 4 of 8 are right on average; twice a hypergeometric of variance 4/7 is 16/7.
        assert abs(right - 4 * len(self.DRAWS)) < 4 * (len(self.DRAWS) * 16 / 7) ** 0.5

    def test_here_two_drawn_firms_that_exchange_their_classes_leave_every_public_byte_as_it_was(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Exactly: whatever is public fits as well to the world in which the two have each other's class.

        Salts are secret and random, so the two firms' leaves are as likely the other way round.
        """
        draw, before = self.DRAWS[0]
        world = graded(draw.frozen.seal.key)
        high = next(one.entity for one in draw.drawn.targets if one.entity.columns["grade"] == SECRET)
        low = next(
            one.entity
            for one in draw.drawn.targets
            if (one.entity.columns["grade"], one.entity.columns["kind"]) == ("低", high.columns["kind"])
        )
        exchanged = {
            high.id: replace(high, columns={**high.columns, "grade": "低"}),
            low.id: replace(low, columns={**low.columns, "grade": SECRET}),
        }
        leaves = {one.id: world.seal.entity_leaf(one) for one in world.entities}
        leaves[high.id], leaves[low.id] = leaves[low.id], leaves[high.id]
        monkeypatch.setattr(Seal, "entity_leaf", lambda _, one: leaves[one.id])
        other = replace(world, entities=tuple(exchanged.get(one.id, one) for one in world.entities))
        assert other.entities != world.entities
        assert public_members(draw_of(other)) == before


def second_task(**members: Json) -> Json:
    return {
        "id": "second",
        "name": "第二项",
        "items": ["亮照经营"],
        "pool": ["and"],
        "slots": ["lead", "home"],
    } | members


class TestGuessedFromPlaces:
    """A leaf says in which tasks it lies; whose that is may be public: sole traders alone, or a list from above."""

    TRADERS: Final = second_task(
        pool=["eq", "kind", "个体工商户"],
        tiers=[{"id": "all", "name": "个体工商户", "where": ["and"], "quota": {"count": 1}}],
    )
    LISTED: Final = second_task(source="superior")

    def test_the_plan_passes_the_measure_of_what_a_list_gives_away(self) -> None:
        world = graded(keys(1)[0], graded_plan(self.TRADERS))
        divided = divide(world.plan, world.entities)
        found = worst(observe(world.plan, None, False, divided, world.entities))
        assert found
        assert not any(one.exceeds(LIMIT) for one in found)

    def certain(self) -> Iterator[Draw]:
        """The draws in which those of a kind that everybody sees are all of one class, as the leaves' places say."""
        for key in keys(40):
            draw, some = published(graded(key, graded_plan(self.TRADERS)))
            first = [line for line in drawn_leaves(some) if any(place[0] == 0 for place in line["in"])]
            traders = [is_high(draw, line) for line in first if len(line["in"]) == 2]
            if traders and len(set(traders)) == 1:
                yield draw

    def test_works_where_a_public_bundle_is_made_all_the_same(self) -> None:
        assert any(self.certain())

    def test_here_no_public_bundle_is_made_where_tasks_overlap_in_a_confidential_tier(self) -> None:
        for draw in self.certain():
            refused(draw)

    def test_here_the_list_from_above_does_not_tell_the_class_of_who_is_on_it(self) -> None:
        world = graded(keys(1)[0], graded_plan(self.LISTED))
        (one, *rest) = world.entities
        refused(draw_of(replace(world, entities=(replace(one, lists=("second",)), *rest))))

    @pytest.mark.parametrize("kind", ["and", "or"])
    def test_here_an_overlap_in_a_tier_that_everybody_can_tell_is_no_reason(self, kind: str) -> None:
        """Traders have a tier of their own, tried first or after one that cannot hold of them whatever their grade."""
        plan: Any = graded_plan(self.TRADERS)
        own = {"id": "own", "name": "个体", "where": ["eq", "kind", "个体工商户"], "quota": {"count": 1}}
        high, low = plan["tasks"][0]["tiers"]
        company = ["and", ["eq", "grade", SECRET], ["not", ["eq", "kind", "个体工商户"]]]
        tiers = [own, high, low] if kind == "and" else [high | {"where": company}, own, low]
        plan["tasks"][0]["tiers"] = [one | {"quota": {"count": 1}} for one in tiers]
        draw = draw_of(graded(keys(1)[0], plan))
        assert disclose_names(batch(draw), draw.frozen, draw.drawn).names


def batch(draw: Draw) -> Batch:
    return Batch(draw.frozen.plan, TEXTS, "rehearsal", 1, date(2021, 2, 22))


def refused(draw: Draw) -> None:
    with pytest.raises(InputRefused) as caught:
        disclose_names(batch(draw), draw.frozen, draw.drawn)
    assert caught.value.code == "bundle.tasks_overlap"
