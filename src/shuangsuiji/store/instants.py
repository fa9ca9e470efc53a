"""Instants as text: UTC, to the second, as the log's hash covers them (specification §17)."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

_FORM: Final = "%Y-%m-%dT%H:%M:%SZ"


def to_text(instant: datetime) -> str:
    """`2026-01-02T03:04:05Z`, fractions of a second dropped. Raises ValueError for a time without zone."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {instant}")
    return instant.astimezone(UTC).strftime(_FORM)


@lru_cache(maxsize=256)  # what is done together bears one time
def from_text(text: str) -> datetime:
    """The instant that `to_text` wrote. Raises ValueError for any other form."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or to_text(found) != text:
        raise ValueError(f"not an instant of this form: {text}")
    return found
