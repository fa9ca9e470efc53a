"""iCalendar files as RFC 5545 has them, read by its grammar: what is written here is written from the RFC alone."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.followup.ics import Event, calendar

MADE: Final = datetime(2021, 4, 1, 8, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n,;\\"), max_size=120)

# §3.1, §3.3.11: contentline = name *(";" param) ":" value; a TEXT has no control character but the tab, and what
# separates values only behind a backslash.
CONTROL: Final = "\x00-\x08\x0a-\x1f\x7f"
LINE: Final = re.compile(rf"([A-Z0-9-]+)((?:;[A-Z0-9-]+=[^{CONTROL};:,\"]+)*):([^{CONTROL}]*)")
TEXT: Final = re.compile(rf"(?:[^{CONTROL}\\;,]|\\[\\;,Nn])*")
STAMP: Final = re.compile(r"\d{8}T\d{6}Z")
OCTETS: Final = 75
ONCE: Final = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "CLASS", "TRANSP"}
AT_MOST_ONCE: Final = {"LOCATION", "DESCRIPTION"}


class Line(NamedTuple):
    name: str
    params: str
    value: str


def content_lines(data: bytes) -> Iterator[Line]:
    """The lines of a file, put together again as §3.1 has it; fails where they are none."""
    assert data.endswith(b"\r\n")
    rows = data.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(row) <= OCTETS and b"\r" not in row and b"\n" not in row for row in rows)
    assert all(row.decode("utf-8") for row in rows), "no character is torn apart, and no line is empty"
    assert not rows[0].startswith((b" ", b"\t"))
    for text in data.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode("utf-8").split("\r\n"):
        found = LINE.fullmatch(text)
        assert found, text
        yield Line(*found.groups())


def plain(text: str) -> str:
    """What a reader makes of a TEXT."""
    assert TEXT.fullmatch(text), text
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def events(data: bytes) -> list[dict[str, str]]:
    """The events of a file, of which §3.4 and §3.6 hold."""
    lines = list(content_lines(data))
    begins = [number for number, line in enumerate(lines) if (line.name, line.value) == ("BEGIN", "VEVENT")]
    ends = [number for number, line in enumerate(lines) if (line.name, line.value) == ("END", "VEVENT")]
    head = lines[: min(begins, default=-1)]
    assert (lines[0].name, lines[0].value) == ("BEGIN", "VCALENDAR")
    assert (lines[-1].name, lines[-1].value) == ("END", "VCALENDAR")
    counted = Counter(line.name for line in head)
    assert counted["VERSION"] == counted["PRODID"] == 1
    assert ("VERSION", "", "2.0") in head
    assert "METHOD" not in counted
    found = []
    for begin, end, following in zip(begins, ends, [*begins[1:], len(lines) - 1], strict=True):
        assert begin < end == following - 1
        own = lines[begin + 1 : end]
        names = Counter(line.name for line in own)
        assert set(names) - AT_MOST_ONCE == ONCE
        assert set(names.values()) == {1}
        dated = {line.name: line.params for line in own if line.params}
        assert dated == {"DTSTART": ";VALUE=DATE", "DTEND": ";VALUE=DATE"}, "a day needs no time zone"
        values = {line.name: line.value for line in own}
        assert all(TEXT.fullmatch(values.get(name, "")) for name in ("SUMMARY", *AT_MOST_ONCE))
        starts, stops = (date.fromisoformat(values[name]) for name in ("DTSTART", "DTEND"))
        assert stops == starts + timedelta(days=1)
        assert STAMP.fullmatch(values["DTSTAMP"])
        assert values["SEQUENCE"].isdigit()
        assert values["STATUS"] in ("CONFIRMED", "CANCELLED")
        assert (values["CLASS"], values["TRANSP"]) == ("PRIVATE", "TRANSPARENT")
        found.append(values)
    uids = [one["UID"] for one in found]
    assert len(set(uids)) == len(uids)
    return found


def readable(text: str) -> str:
    """What a text can keep of itself: line breaks, but no other control character."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n"))


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_survives_in_lines_of_75_octets(name: str, summary: str, place: str) -> None:
    event = Event("1@shuangsuiji", date(2021, 12, 31), summary, place, summary + place)
    data = calendar(name, MADE, 2, [event])
    (one,) = events(data)
    (called,) = (line.value for line in content_lines(data) if line.name == "X-WR-CALNAME")
    assert plain(called) == readable(name)
    assert plain(one["SUMMARY"]) == readable(summary)
    assert plain(one.get("LOCATION", "")) == readable(place)
    assert plain(one.get("DESCRIPTION", "")) == readable(summary + place)
    assert (one["DTSTART"], one["DTEND"]) == ("20211231", "20220101")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b"\r\n ", b""),
        lambda data: data.replace(b"\\,", b","),
        lambda data: data.replace(b"UID:2@", b"UID:1@"),
        lambda data: data.replace(b"DTEND;VALUE=DATE:20210408", b"DTEND;VALUE=DATE:20210407"),
        lambda data: data.replace(b"END:VEVENT\r\n", b"", 1),
        lambda data: data.replace(b"VERSION:2.0\r\n", b""),
    ],
)
def test_the_reader_of_these_tests_refuses_what_is_no_calendar(wrong) -> None:  # type: ignore[no-untyped-def]
    data = calendar("王一", MADE, 1, TWO)
    assert len(events(data)) == len(TWO)
    with pytest.raises((AssertionError, ValueError)):
        events(wrong(data))


TWO: Final = (
    Event("1@shuangsuiji", date(2021, 4, 6), "甲," + "很长的名称" * 9, "", ""),
    Event("2@shuangsuiji", date(2021, 4, 7), "乙", "", "", cancelled=True),
)


def test_a_visit_taken_back_is_cancelled_under_its_own_identity() -> None:
    found = events(calendar("王一", MADE, 3, TWO))
    assert [(one["UID"], one["STATUS"]) for one in found] == [
        ("1@shuangsuiji", "CONFIRMED"),
        ("2@shuangsuiji", "CANCELLED"),
    ]
    assert {(one["SEQUENCE"], one["DTSTAMP"]) for one in found} == {("3", "20210401T080000Z")}
