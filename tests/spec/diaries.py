"""Records after the seed made up at random, each with what follows from it, on draws made up at random."""

from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from docs.spec.v1 import verify
from docs.spec.v1.scenarios.cases import key_of
from docs.spec.v1.scenarios.diary import Diary, crew
from docs.spec.v1.scenarios.reference import draw_from, inputs_of
from tests.spec.draws import draws
from tests.spec.protocol import Record

SEED = [{"issue": "1", "source": "explicit"}]


@st.composite
def diaries(draw: st.DrawFn) -> Record:
    """Inputs and up to six records; the last may be one that may not stand there."""
    inputs = draw(draws() | st.integers(0, 99).map(manned))
    inputs["plan"] |= {"substitutes": 1} if draw(st.integers(0, 9)) else {}
    try:
        diary = Diary(draw_from(inputs))
    except verify.SpecError:  # a quota outside its bounds
        reject()
    for number in range(draw(st.integers(1, 6))):
        for said in draw(decisions(diary, number)):
            try:
                diary.write(**said)
            except verify.SpecError:
                guess = {"inspectors": [""]} if said["kind"] == "urgent" else {}
                return {"inputs": inputs, "records": diary.forge(said | guess).records}
    return {"inputs": inputs, "records": diary.records}


def manned(number: int) -> Record:
    """A draw in which much can be replaced."""
    return inputs_of(crew(salt_key=key_of(number)))


@st.composite
def decisions(draw: st.DrawFn, diary: Diary, number: int) -> list[Record]:
    """What is decided next: a request and its outcome, or a record alone, or nothing."""
    kind = draw(
        st.sampled_from([*["unable", "urgent", "target", "answer"] * 3, "recusal", "recusal", "void"])
    )
    if kind == "void":
        return [{"kind": "void"}]
    values = [SEED[0] | {"value": key_of(number).hex()}]
    if kind == "answer":
        earliest = next(iter(diary.state.requests), 1)
        return [{"kind": "outcome", "request": earliest, "values": values}] if diary.state.requests else []
    if kind == "urgent":
        return [
            {
                "kind": "urgent",
                "places": draw(st.lists(places(diary), min_size=1, max_size=3, unique_by=where)),
            }
        ]
    request: Record = {"kind": "request", "values": SEED}
    if kind == "target":
        drawn = [target for block in diary.state.blocks.values() for target in block["targets"]]
        request["target"] = draw(st.sampled_from(drawn or ["nobody"]))
    else:
        most = 1 if kind == "recusal" else 3
        request |= {
            "because": kind,
            "places": draw(st.lists(places(diary), min_size=1, max_size=most, unique_by=where)),
        }
    waits = draw(st.booleans())
    if waits or diary.state.requests:
        return [request]  # it waits for its turn
    return [request, {"kind": "outcome", "request": len(diary.records) + 1, "values": values}]


def where(place: Record) -> tuple[Any, Any]:
    return place["block"], place["slot"]


@st.composite
def places(draw: st.DrawFn, diary: Diary) -> Record:
    """A slot of a block, and all or one of its targets."""
    blocks: list[Any] = list(diary.state.blocks.values())
    if not blocks:
        return {"block": 1, "slot": "lead", "targets": ["nobody"]}
    block = draw(st.sampled_from(blocks))
    slots = [place["slot"] for place in block.get("team", [])] or ["lead"]
    one = draw(st.integers(0, 2)) == 0
    some = [draw(st.sampled_from(block["targets"]))] if one else block["targets"]
    return {"block": block["block"], "slot": draw(st.sampled_from(slots)), "targets": [*some]}
