"""iCalendar files as RFC 5545 has them: folded by octets, escaped, one event for each visit."""

import re
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.followup.ics import Event, calendar

MADE = datetime(2021, 4, 1, 8, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n,;\\"), max_size=120)


def unfolded(data: bytes) -> list[str]:
    """Content lines, as a reader puts them together again."""
    return data.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_survives_and_no_line_is_longer_than_75_octets(name: str, summary: str, place: str) -> None:
    event = Event("1@shuangsuiji", date(2021, 12, 31), summary, place, summary + place)
    data = calendar(name, MADE, 2, [event])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    fields = dict(line.partition(":")[::2] for line in unfolded(data))
    assert plain(fields["X-WR-CALNAME"]) == name
    assert plain(fields["SUMMARY"]) == summary
    assert plain(fields.get("LOCATION", "")) == place
    assert plain(fields.get("DESCRIPTION", "")) == summary + place
    assert fields["DTSTART;VALUE=DATE"] == "20211231"
    assert fields["DTEND;VALUE=DATE"] == "20220101"


def test_a_visit_taken_back_is_cancelled_under_its_own_identity() -> None:
    events = [
        Event("1@shuangsuiji", date(2021, 4, 6), "甲", "", ""),
        Event("2@shuangsuiji", date(2021, 4, 7), "乙", "", "", cancelled=True),
    ]
    lines = unfolded(calendar("王一", MADE, 3, events))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert [line for line in lines if line.startswith(("UID", "STATUS"))] == [
        "UID:1@shuangsuiji",
        "STATUS:CONFIRMED",
        "UID:2@shuangsuiji",
        "STATUS:CANCELLED",
    ]
    assert lines.count("SEQUENCE:3") == 2
