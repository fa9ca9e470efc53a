"""§22 beyond the vectors: on any input, good or hostile, every implementation gives the same answer as verify.py."""

import copy
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.spec.v1 import verify
from docs.spec.v1.make_vectors import VECTORS
from docs.spec.v1.scenarios import signing, world
from docs.spec.v1.scenarios.cases import GONE, changed, key_of
from docs.spec.v1.scenarios.diary import crew
from docs.spec.v1.scenarios.reference import inputs_of
from docs.spec.v1.scenarios.statements import given as asked_of
from docs.spec.v1.scenarios.statements import notice_of, statement
from docs.spec.v1.scenarios.tampering import resealed
from tests.browser import VARIABLE
from tests.spec.diaries import diaries
from tests.spec.draws import draws
from tests.spec.featured import FEATURED
from tests.spec.implementations import HERE, IMPLEMENTATIONS
from tests.spec.protocol import Implementation, Record, Refused
from tests.spec.remade import OTHERS, remade, taken_apart

MEMBERS: Final = verify.read_archive((VECTORS / "bundles" / "rehearsal-witnessed.zip").read_bytes())
TRUST: Final = [signing.fingerprint(signing.NOTARY)]
REFERENCE: Final = IMPLEMENTATIONS["verify.py"]
NOTICE: Final = verify.decode(MEMBERS["notice.json"])
SEED: Final = verify.decode(MEMBERS["seed.json"])
SEEDED: Final[list[Record | None]] = [
    None,
    {},
    {"seed": "2026-03-02T02:30:00Z"},
    {"seed": "2026-03-03T02:30:00Z"},
]
FALLBACKS: Final[Record] = {
    "issue": "2026051",
    "source": "kl8",
    "fallback": [{"issue": "2026052", "source": "kl8"}, {"issue": "1", "source": "dice"}],
}
HELD: Final = ["kl8:2026051", "kl8:2026052"]
"""The drawings of FALLBACKS that have an hour."""
TIME: Final = "2026-03-02T01:30:00Z"
MOMENTS: Final = st.integers(0, 4).map(lambda second: f"2026-03-02T02:10:0{second}Z")
TAKEN_APART: Final = {name: taken_apart(name) for name in OTHERS}
WORLD: Final = inputs_of(world.draw_of())

TEXTS: Final = st.sampled_from(
    [
        "",
        "A",
        "91-01",
        "P01",
        "lead",
        "town",
        "grade",
        "any",
        "2026-03-10",
        "2026-02-30",
        "5%",
        "101%",
        "kl8",
        "dice",
        "explicit",
    ]
) | st.text(max_size=3)
VALUES: Final = st.recursive(
    TEXTS | st.integers(-1, 3) | st.sampled_from([2**53 - 1, "0" * 64, "in_business"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "count", "x"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@st.composite
def altered(draw: st.DrawFn, value: Any) -> Any:
    """A JSON value with something else, something from elsewhere in it, or nothing, in one place."""
    path: list[Any] = []
    place: Any = value
    parts: list[Any] = []
    while isinstance(place, dict | list) and place and (not path or draw(st.integers(0, 3))):
        parts.append(place)
        path.append(draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place)))))
        place = place[path[-1]]
    if not path:
        return [draw(VALUES)]  # there was nothing yet
    new = draw(st.one_of(VALUES, st.just(GONE), st.sampled_from(parts), st.just([place]), st.just(place)))
    if isinstance(parts[-1], list) and draw(st.booleans()):
        return changed(value, [*path[:-1], len(parts[-1])], copy.deepcopy(place))  # the same once more
    return changed(value, path, new)


def answer(implementation: Implementation, method: str, given_: Record) -> object:
    try:
        return getattr(implementation, method)(**copy.deepcopy(given_))
    except Refused as refused:
        return Refused, refused.failure


def agree(method: str, **given_: Any) -> None:
    expected = answer(REFERENCE, method, given_)
    for name, implementation in HERE.items():
        assert answer(implementation, method, given_) == expected, name


@pytest.mark.parametrize("name", IMPLEMENTATIONS)
def test_none_is_left_out_unsaid(name: str) -> None:
    if name not in HERE:
        pytest.skip(f"{name} is not compared: no chromium on the path, and {VARIABLE} names none")
    assert answer(HERE[name], "encode", {"value": {}}) == b"{}".hex()


@st.composite
def components(draw: st.DrawFn) -> Record:
    """Components of up to ten inspectors and thirty slots, many of them tight; the last slot holds all together."""
    people = draw(st.integers(2, 10))
    everyone = list(range(people))
    some = st.sets(st.sampled_from(everyone), min_size=1).map(sorted)
    kinds = [everyone, draw(some), draw(some)]
    teams = draw(st.lists(st.lists(st.sampled_from([0, 0, 1, 2]), min_size=1, max_size=3), max_size=10))
    slots = [(block, kinds[kind]) for block, team in enumerate(teams, start=1) for kind in team]
    slots.append((len(teams) + 1, everyone))
    cap = max(1, -(-len(slots) // people) + draw(st.integers(-1, 2)))
    pairs = st.tuples(st.sampled_from(everyone), st.sampled_from(everyone)).filter(
        lambda one: one[0] < one[1]
    )
    barred = st.sets(st.sampled_from(everyone), max_size=people // 2).map(sorted)
    return {
        "key": key_of(draw(st.integers(0, 2**32))).hex(),
        "pools": [pool for _, pool in slots],
        "blocks": [block for block, _ in slots],
        "recused": {str(block): draw(barred) for block in range(1, len(teams) + 2)},
        "caps": [draw(st.sampled_from([cap, cap, cap, 1, 0])) for _ in everyone],
        "incompatible": draw(st.lists(pairs, max_size=3, unique=True)),
    }


class TestSameAnswer:
    """§22 The vectors are samples; these are others, made up on the way."""

    @given(components())
    def test_the_replay(self, component: Record) -> None:
        agree("component", **component)

    @given(draws())
    def test_whole_draws(self, inputs: Record) -> None:
        agree("strata", inputs=inputs)
        if isinstance(answer(REFERENCE, "strata", {"inputs": inputs}), list):
            agree("whole_draw", inputs=inputs)

    @given(altered(WORLD["plan"]))
    def test_plans(self, plan: Any) -> None:
        agree("plan", plan=plan)

    @given(altered(WORLD["entities"]), altered(WORLD["inspectors"]), altered(WORLD["recusals"]))
    def test_lists(self, entities: Any, inspectors: Any, recusals: Any) -> None:
        columns = list(WORLD["plan"]["columns"])
        agree("entities", columns=columns, listed=["L"], records=entities)
        agree("inspectors", records=inspectors)
        agree("recusals", columns=columns, records=recusals)

    @given(altered(WORLD["announced"]), altered(WORLD["values"]), st.sampled_from(["real", "rehearsal"]))
    def test_values(self, announced: Any, values: Any, mode: str) -> None:
        agree("announced", announced=announced)
        agree("values", mode=mode, announced=WORLD["announced"], values=values)

    @given(altered([FALLBACKS]), altered([FALLBACKS["fallback"][0] | {"value": world.KL8}]))
    def test_fallbacks(self, announced: Any, values: Any) -> None:
        agree("announced", announced=announced)
        agree("values", mode="real", announced=[FALLBACKS], values=values)

    @given(altered(SEED["closing"]))
    def test_closings(self, closing: Any) -> None:
        commitment, contributors = SEED["closing"]["commitment"], NOTICE["contributors"]
        agree("closing", mode="rehearsal", commitment=commitment, contributors=contributors, closing=closing)

    @given(altered(verify.decode_lines(MEMBERS["witness.jsonl"])), st.sampled_from(SEEDED))
    def test_witness_statements(self, statements: Any, seeded: Record | None) -> None:
        closed = verify.closing_digest("rehearsal", SEED["closing"]).hex()
        rows = statements if isinstance(statements, list) else [statements]
        agree(
            "witness",
            notice=NOTICE,
            closing=closed,
            drawn=NOTICE["values"],
            late=None,
            statements=rows,
            trust=TRUST,
            seeded=seeded,
        )

    @given(
        hours=st.dictionaries(st.sampled_from(HELD), MOMENTS),
        drawn=st.sampled_from(HELD),
        times=st.lists(st.tuples(st.sampled_from(["notice", "closing"]), MOMENTS), max_size=3, unique=True),
        persons=st.sampled_from([[], ["甲"]]),
        seeded=st.none() | st.fixed_dictionaries({"seed": MOMENTS}),
    )
    def test_statements_before_and_after_the_announced_hours(
        self,
        hours: Record,
        drawn: str,
        times: list[tuple[str, str]],
        persons: list[str],
        seeded: Record | None,
    ) -> None:
        notice = notice_of(persons, hours=hours)
        notice |= {"values": [FALLBACKS]}
        rows = [signing.signed(statement(notice, of, time=time), signing.NOTARY) for of, time in times]
        source, issue = drawn.split(":")
        asked = asked_of(notice, sorted(rows, key=verify.encode), TRUST, seeded)
        agree("witness", **asked | {"drawn": [{"issue": issue, "source": source}]})

    @given(hours=altered({"kl8:2026051": "2026-03-02T03:20:00Z", "kl8:2026052": "2026-03-03T03:20:00Z"}))
    def test_hours(self, hours: Any) -> None:
        inputs = WORLD | {"announced": [FALLBACKS], "values": []}
        stamp = {"changes": "c5" * 32, "deadline": "2026-04-30", "head": "0" * 64, "time": TIME}
        agree("notice", inputs=inputs, stamp=stamp | {"hours": hours}, late=None)

    @given(diaries())
    def test_replacements(self, diary: Record) -> None:
        agree("records", **diary)

    @given(altered(TAKEN_APART["records"]["records.jsonl"]))
    def test_records(self, records: Any) -> None:
        rows = records if isinstance(records, list) else [records]
        agree("records", inputs=inputs_of(crew()), records=rows)

    @given(st.integers(0, 95), st.integers(0, 255), st.binary(max_size=2))
    def test_signatures(self, position: int, new: int, message: bytes) -> None:
        made = bytearray(signing.public_key(signing.NOTARY) + signing.sign(signing.NOTARY, b""))
        made[position] = new
        agree("signature", key=made[:32].hex(), message=message.hex(), signature=made[32:].hex())

    @given(st.binary(max_size=12) | st.text('{}[]":,\\/ue01-+. \n\ttrunfalsé', max_size=12).map(str.encode))
    def test_bytes_that_may_be_json(self, data: bytes) -> None:
        agree("decode", data=data.hex())
        agree("decode_lines", data=data.hex())


class TestSameVerdict:
    """§18 The same failure class and exit code for a bundle with any value in any place, made anew around it."""

    @given(st.sampled_from(FEATURED), st.data(), st.booleans())
    def test_on_any_value_anywhere(self, bundle: str, data: st.DataObject, rehearsal: bool) -> None:
        good = verify.read_archive((VECTORS / "bundles" / f"{bundle}.zip").read_bytes())
        name = data.draw(st.sampled_from(sorted(good)))
        lines = name.endswith(".jsonl")
        value = verify.decode_lines(good[name]) if lines else verify.decode(good[name])
        other = data.draw(altered(value))
        encode: Callable[[Any], bytes] = (
            verify.encode_lines if lines and isinstance(other, list) else verify.encode
        )
        members = good | {name: encode(other)}
        archive = world.write_archive(members) if name == "manifest.json" else resealed(members)
        agree("bundle", data=archive, rehearsal=rehearsal, trust=TRUST, public=None)

    @given(st.sampled_from(sorted(OTHERS)), st.data())
    def test_on_any_value_in_the_other_kinds(self, name: str, data: st.DataObject) -> None:
        whole = TAKEN_APART[name]
        member = data.draw(st.sampled_from(sorted(whole)))
        other = remade(name, whole | {member: data.draw(altered(whole[member]))})
        beside = (VECTORS / "bundles" / OTHERS["public"]).read_bytes()
        public = beside if name == "receipt" and data.draw(st.booleans()) else None
        agree("bundle", data=other, rehearsal=True, trust=[], public=public)
