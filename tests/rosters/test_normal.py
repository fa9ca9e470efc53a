"""design: codes are NFKC and upper case; other text is NFC without zero-width characters; nothing else changes."""

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.rosters.normal import (
    clean_code,
    clean_codes,
    clean_text,
    clean_texts,
    iso_date,
    iso_dates,
    period,
    squeeze,
)

# Characters of every kind that matters: wide, composed, combining, zero-width, control, spaces, ligatures.
ODD = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from("Ａａ１　\u200b\ufeff\u0301é\u2028\xa0ﬀß㈱\x7f*-")
    )
)


@given(ODD)
def test_normalising_is_idempotent(text: str) -> None:
    for clean in (clean_text, clean_code, squeeze):
        assert clean(clean(text)) == clean(text)


@given(ODD)
def test_nothing_invisible_is_left(text: str) -> None:
    for clean in (clean_text(text), clean_code(text)):
        assert not any(unicodedata.category(char) in {"Cc", "Cf"} for char in clean)
        assert clean == clean.strip()
    assert not any(char.isspace() for char in clean_code(text))


@given(st.lists(ODD))
def test_the_fast_ways_are_the_slow_way(cells: list[str]) -> None:
    assert clean_texts(cells) == [clean_text(cell) for cell in cells]
    assert clean_codes(cells) == [clean_code(cell) for cell in cells]
    assert iso_dates(cells) == [iso_date(cell) for cell in cells]


def test_registered_names_keep_their_characters() -> None:
    assert clean_text("（株）ＡＢＣ㈱ ①店 ") == "（株）ＡＢＣ㈱ ①店"  # NFKC would rewrite all of it
    assert clean_text("e\u0301") == "é"
    assert clean_text("上\u200b海\ufeff\n分店\t") == "上海 分店"


def test_codes_lose_width_case_and_blanks() -> None:
    assert clean_code(" ９１４１０１００ｍａ\u200b0000 0003\t") == "91410100MA00000003"


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02",
        "2026/1/2",
        "2026.1.2",
        "2026年1月2日",
        "20260102",
        "2026-01-02 08:30:00",
        "2026 年 1 月 2 日",
    ],
)
def test_dates_as_offices_write_them(text: str) -> None:
    assert iso_date(text) == "2026-01-02"


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "26-01-02", "2026年5月", "46024", "1026-01-01", "长期", "2026-1-2x"]
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert iso_date(text) is None


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_an_iso_date_is_itself(day: dt.date) -> None:
    assert iso_date(day.isoformat()) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2028-12-31", ("", "2028-12-31")),
        ("长期", ("", "")),
        ("2024-01-01至2028-12-31", ("2024-01-01", "2028-12-31")),
        ("2024.1.1-2028.12.31", ("2024-01-01", "2028-12-31")),
        ("20240101-20281231", ("2024-01-01", "2028-12-31")),
        ("自2024年1月1日起至2028年12月31日止", ("2024-01-01", "2028-12-31")),
        ("2024-01-01 至 长期", ("2024-01-01", "")),
        ("2024-02-30", None),
        ("2024", None),
        ("三年", None),
        ("2024-01-01、2025-01-01、2026-01-01", None),
        ("", None),
    ],
)
def test_periods(text: str, span: tuple[str, str] | None) -> None:
    assert period(text, frozenset({"长期"})) == span
