"""GB 32100-2015 (unified social credit code) and GS 15-2006 (registration number)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from shuangsuiji.rosters.codes import (
    ALPHABET,
    credit_code_fault,
    credit_code_faults,
    registration_check_holds,
    verdicts,
)
from tests.rosters.offices import credit_code

NUMBERS = st.integers(0, 31**9 - 1)
# Eighteen characters: right, with one character changed, or anything.
RIGHT = NUMBERS.map(credit_code)
CHANGED = st.tuples(RIGHT, st.integers(0, 17), st.sampled_from(ALPHABET + "IOSVZ中é")).map(
    lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + 1 :]
)
ANY = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=18, max_size=18)


@given(st.lists(st.one_of(RIGHT, CHANGED, ANY)))
def test_the_fast_check_is_the_readable_one(codes: list[str]) -> None:
    assert credit_code_faults(codes).tolist() == [credit_code_fault(code) for code in codes]


@given(st.one_of(RIGHT, CHANGED))
def test_it_agrees_with_stdnum_wherever_stdnum_looks(code: str) -> None:
    if code[:2].isascii() and code[:2].isdigit():
        assert (credit_code_fault(code) == 0) == uscc.is_valid(code)


@given(NUMBERS, st.integers(8, 17), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_found(number: int, place: int, char: str) -> None:
    code = credit_code(number)
    typed = code[:place] + char + code[place + 1 :]
    assert (credit_code_fault(typed) == 0) == (typed == code)


def test_departments_other_than_the_market_bureau_have_letters() -> None:
    body = "N2410105MF1234567"
    assert credit_code_fault(body + uscc.calc_check_digit(body)) == 0


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("410100000000011", ""),
        ("410100NA000123X", ""),
        ("410100NA00012XX", "rosters.code_characters"),
        ("41010000000001A", "rosters.code_characters"),
        ("91410100MA0000000", "rosters.code_length"),
        ("91410100", "rosters.code_length"),
        ("91410100MO00000003", "rosters.code_characters"),
        ("9141010XMA00000003", "rosters.code_characters"),
    ],
)
def test_verdicts(code: str, verdict: str) -> None:
    assert verdicts([code]) == [verdict]


@given(st.integers(0, 10**14 - 1).map("{:014}".format))
def test_registration_numbers_have_a_check_digit_of_their_own(body: str) -> None:
    product = 10
    for digit in body:  # the recursion of the standard's annex A
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    right = str((11 - product) % 10)
    assert [digit for digit in "0123456789" if registration_check_holds(body + digit)] == [right]


def test_cooperatives_numbers_have_none() -> None:
    assert registration_check_holds("410100NA000123X")


def test_no_codes_no_faults() -> None:
    assert credit_code_faults([]).dtype == np.int8
    assert verdicts([]) == []
