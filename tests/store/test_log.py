"""The chain of the operation log: any change of what was recorded shows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.encoding import Json
from shuangsuiji.store import LogEntry
from shuangsuiji.store.instants import from_text
from shuangsuiji.store.log import GENESIS, entry_hash, first_fault

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
DETAILS = st.dictionaries(st.sampled_from(["draw", "mode", "reason"]), TEXT | st.integers(0, 2**53 - 1))


def chain(all_details: Sequence[Mapping[str, Json]]) -> list[LogEntry]:
    entries: list[LogEntry] = []
    for seq, details in enumerate(all_details, start=1):
        prev = entries[-1].hash if entries else GENESIS
        entry = LogEntry(seq, prev, "2026-01-02T03:04:05Z", "张三", "freeze", details, "")
        entries.append(replace(entry, hash=entry_hash(entry)))
    return entries


CHAINS = st.lists(DETAILS, min_size=1, max_size=6).map(chain)


def test_the_hash_is_that_of_the_specification() -> None:
    """§17, §3: worked out here from nothing but hashlib and json."""
    (entry,) = chain([{"b": "值", "a": 1}])
    text = json.dumps(
        {
            "details": {"a": 1, "b": "值"},
            "operator": "张三",
            "prev": "0" * 64,
            "seq": 1,
            "time": "2026-01-02T03:04:05Z",
            "verb": "freeze",
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    tag = b"shuangsuiji/v1/log"
    data = len(tag).to_bytes(8, "big") + tag + len(text).to_bytes(8, "big") + text
    assert entry.hash == hashlib.sha256(data).hexdigest()


@given(CHAINS)
def test_a_chain_as_written_has_no_fault(entries: list[LogEntry]) -> None:
    assert first_fault(entries) is None


@given(CHAINS, st.data())
def test_any_changed_field_of_any_entry_is_found_there(entries: list[LogEntry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[place]
    changed = data.draw(
        st.sampled_from(
            [
                replace(entry, seq=entry.seq + 1),
                replace(entry, prev="f" * 64),
                replace(entry, time="2026-01-02T03:04:06Z"),
                replace(entry, operator="李四"),
                replace(entry, verb="seed"),
                replace(entry, details={**entry.details, "other": 1}),
                replace(entry, hash="f" * 64),
            ]
        )
    )
    assert first_fault([*entries[:place], changed, *entries[place + 1 :]]) == place + 1


@given(CHAINS, st.data())
def test_an_entry_changed_together_with_its_hash_breaks_the_next(
    entries: list[LogEntry], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    forged = replace(entries[place], operator="李四")
    forged = replace(forged, hash=entry_hash(forged))
    expected = place + 2 if place + 1 < len(entries) else None
    assert first_fault([*entries[:place], forged, *entries[place + 1 :]]) == expected


@given(CHAINS.filter(lambda entries: len(entries) > 1), st.data())
def test_an_entry_left_out_before_the_end_is_found(entries: list[LogEntry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 2))
    assert first_fault([*entries[:place], *entries[place + 1 :]]) == place + 1


def test_an_empty_log_is_a_chain() -> None:
    assert first_fault([]) is None


@pytest.mark.parametrize(
    "shape", ["", "2026-01-02T03:04:05", "2026-01-02T03:04:05.1Z", "2026-01-02 03:04:05Z"]
)
def test_instants_have_one_form(shape: str) -> None:
    with pytest.raises(ValueError, match="form"):
        from_text(shape)
