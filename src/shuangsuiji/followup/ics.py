"""Calendars as iCalendar files (RFC 5545): all-day events, lines folded by octets, the same bytes every time.

A day has no time zone, so that there is none to describe. No METHOD: it would make a message of the file (RFC 5546),
which has to name an organizer's address.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

_WIDE: Final = 75
"""§3.1 of RFC 5545: octets of a line, without its line break."""

_DELETE: Final = "\x7f"
"""§3.1: the one control character that does not come before the space."""


@dataclass(frozen=True, slots=True)
class Event:
    """日程: one visit on one day. `uid` is the same in later versions of the calendar; `cancelled` takes it back."""

    uid: str
    day: date
    summary: str
    location: str
    description: str
    cancelled: bool = False


def calendar(name: str, made: datetime, sequence: int, events: Sequence[Event]) -> bytes:
    """The file of one person: `made` is when (UTC), `sequence` the number of the version."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//shuangsuiji//schedule//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for event in events for line in _event(event, made, sequence)),
        "END:VCALENDAR",
    ]
    return b"".join(piece + b"\r\n" for piece in _folded(lines))


def _event(event: Event, made: datetime, sequence: int) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{made:%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{sequence}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.location:
        yield f"LOCATION:{_text(event.location)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(text: str) -> str:
    """§3.3.11: what separates values is escaped; other control characters cannot stand in a text."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return "".join(one for one in text if one == "\t" or (one >= " " and one != _DELETE))


def _folded(lines: Iterable[str]) -> Iterator[bytes]:
    """§3.1: a long line goes on after a line break and a space; no character is torn apart."""
    for line in lines:
        piece = b""
        for character in line:
            encoded = character.encode("utf-8", "replace")
            if len(piece) + len(encoded) > _WIDE:
                yield piece
                piece = b" "
            piece += encoded
        yield piece
