"""§8 Records, salts, leaves."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.encoding import Json, canonical_json, parse_json
from shuangsuiji.core.records import (
    Entity,
    GroupRecusal,
    Incompatible,
    Inspector,
    PairRecusal,
    Recusal,
    Seal,
    order_recusals,
    parse_entity,
    parse_inspector,
    parse_recusal,
)
from shuangsuiji.errors import InputRefused
from tests.district import HEADINGS, SEAL, World, entities, entity, inspector, inspectors, worlds

recusals: st.SearchStrategy[Recusal] = st.one_of(
    st.builds(PairRecusal, st.sampled_from(["P1", "P2"]), st.sampled_from(["E1", "E2"])),
    st.builds(GroupRecusal, st.sampled_from(["P1", "P2"]), st.sampled_from(["kind", "grade"]), st.just("高")),
    st.builds(Incompatible, st.just("P2"), st.sampled_from(["P1", "P0"])),
)
LISTED = ("sent", "superior")


def written(record: Entity | Inspector | Recusal) -> Json:
    """The record as it stands in a bundle."""
    return parse_json(canonical_json(record.object()))


class TestForms:
    """§8 Each record is a canonical JSON object of its form, and of no other."""

    @given(entities, inspectors, recusals)
    def test_what_is_written_is_read_back(self, one: Entity, person: Inspector, recusal: Recusal) -> None:
        assert parse_entity(written(one), HEADINGS) == one
        listed = replace(one, lists=LISTED)
        assert parse_entity(written(listed), HEADINGS, LISTED) == listed
        assert parse_inspector(written(person)) == person
        adviser = replace(person, expert=True, most=0)
        assert parse_inspector(written(adviser)) == adviser
        assert parse_recusal(written(recusal), HEADINGS) == recusal

    @pytest.mark.parametrize(
        "change",
        [
            {"id": ""},
            {"id": 1},
            {"name": 1},
            {"status": "open"},
            {"columns": ["district"]},
            {"columns": {"town": "东镇"}},
            {"columns": {"district": ""}},
            {"columns": {"district": 1}},
            {"visits": []},
            {"visits": ["2021-02-01", "2021-01-01"]},
            {"visits": ["2021-02-30"]},
            {"visits": "2021-02-01"},
            {"lists": []},
            {"lists": ["superior", "sent"]},
            {"lists": ["sent", "sent"]},
            {"lists": ["unknown"]},
            {"lists": "sent"},
            {"risk": "高"},
        ],
        ids=str,
    )
    def test_no_entity(self, change: dict[str, Json]) -> None:
        self.refused(lambda value: parse_entity(value, HEADINGS, LISTED), entity(1).object() | change)

    @pytest.mark.parametrize(
        "change",
        [
            {"id": ""},
            {"name": ""},
            {"unit": 1},
            {"qualifications": ["b", "a"]},
            {"qualifications": ["a", "a"]},
            {"qualifications": [1]},
            {"undrawable": ""},
            {"certificates": {}},
            {"certificates": ["C1"]},
            {"certificates": [{"number": ""}]},
            {"certificates": [{"from": "2021-01-01"}]},
            {"certificates": [{"number": "C1", "from": ""}]},
            {"certificates": [{"number": "C1", "to": "2021-2-1"}]},
            {"certificates": [{"number": "C1", "cancelled": ""}]},
            {"certificates": [{"number": "C1", "cancelled": 1}]},
            {"certificates": [{"number": "C2"}, {"number": "C1"}]},
            {"certificates": [{"number": "C1"}, {"number": "C1"}]},
            {"expert": 0},
            {"expert": 2},
            {"expert": "1"},
            {"most": -1},
            {"most": "1"},
            {"phone": "13800000000"},
        ],
        ids=str,
    )
    def test_no_inspector(self, change: dict[str, Json]) -> None:
        self.refused(parse_inspector, inspector(1).object() | change)

    @pytest.mark.parametrize(
        "value",
        [
            [],
            {"inspector": "P1"},
            {"inspector": "", "entity": "E1"},
            {"inspector": "P1", "entity": ""},
            {"inspector": "P1", "entity": "E1", "value": "高"},
            {"inspector": "P1", "column": "town", "value": "东镇"},
            {"inspector": "P1", "column": ["grade"], "value": "高"},
            {"inspector": "P1", "column": "grade", "value": ""},
            {"inspector": "P1", "colleague": "P2"},
            {"inspector": "P1", "colleague": "P1"},
            {"inspector": "P2", "colleague": ""},
            {"inspector": "P2", "colleague": "P1", "entity": "E1"},
        ],
        ids=str,
    )
    def test_no_recusal(self, value: Json) -> None:
        self.refused(lambda one: parse_recusal(one, HEADINGS), value)

    @pytest.mark.parametrize("missing", ["id", "name", "status", "columns"])
    def test_an_entity_lacks_nothing(self, missing: str) -> None:
        value = {key: one for key, one in entity(1).object().items() if key != missing}
        self.refused(lambda one: parse_entity(one, HEADINGS), value)

    @pytest.mark.parametrize("missing", sorted(inspector(1).object()))
    def test_an_inspector_lacks_nothing(self, missing: str) -> None:
        self.refused(parse_inspector, {k: v for k, v in inspector(1).object().items() if k != missing})

    def refused(self, parse: Any, value: Json) -> None:
        with pytest.raises(InputRefused) as caught:
            parse(value)
        assert caught.value.code == "core.record"


class TestOrderOfRecusals:
    """§8 The list holds no object twice and is ascending by canonical JSON."""

    @given(st.lists(recusals, max_size=6))
    def test_the_order_in_which_they_come_does_not_matter(self, some: list[Recusal]) -> None:
        ordered = order_recusals(some)
        told = [canonical_json(one.object()) for one in ordered]
        assert told == sorted(set(told))
        assert set(ordered) == set(some)
        assert order_recusals(some[::-1] + some) == ordered


class TestLeaves:
    """§8 leaf(kind, record) = D("leaf/" || kind, salt(kind, record id), cj(record))."""

    @given(worlds())
    def test_no_two_records_have_one_leaf(self, world: World) -> None:
        leaves = [world.seal.entity_leaf(one) for one in world.entities]
        leaves += [world.seal.inspector_leaf(one) for one in world.inspectors]
        assert len(set(leaves)) == len(leaves)

    @given(
        entities,
        entities,
        st.sampled_from(["real", "rehearsal"]),
        st.integers(1, 2),
        st.binary(min_size=32, max_size=32),
    )
    def test_a_leaf_stands_for_one_record_of_one_draw(
        self, one: Entity, other: Entity, mode: str, draw: int, key: bytes
    ) -> None:
        seal = Seal(key, mode, draw)
        same = (one, SEAL) == (other, seal)
        assert (SEAL.entity_leaf(one) == seal.entity_leaf(other)) == same
        assert seal.entity_leaf(replace(one, name=one.name + "。")) != seal.entity_leaf(one)

    @given(st.lists(recusals, max_size=3), st.lists(recusals, max_size=3))
    def test_the_digest_stands_for_the_list_of_recusals(
        self, some: list[Recusal], others: list[Recusal]
    ) -> None:
        assert (SEAL.recusals_digest(some) == SEAL.recusals_digest(others)) == (some == others)
