"""登记号码: the unified social credit code (GB 32100-2015) and the older registration number (GS 15-2006)."""

import re
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

Verdict = Literal["", "rosters.code_length", "rosters.code_characters", "rosters.code_check_digit"]

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_LENGTH: Final = 18
REGISTRATION_LENGTH: Final = 15
_WEIGHTS: Final = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], dtype=np.int64)
_MODULUS: Final = 31
_AREA: Final = slice(2, 8)  # 登记管理机关行政区划码: digits
# A farmers' cooperative (农民专业合作社) had NA after the area.
_REGISTRATION: Final = re.compile(r"\d{15}|\d{6}NA\d{6}[0-9X]", re.ASCII)
_VALUE: Final = np.full(128, -1, dtype=np.int64)
_VALUE[[ord(char) for char in ALPHABET]] = np.arange(len(ALPHABET))


def verdicts(codes: Sequence[str]) -> list[Verdict]:
    """What is wrong with each normalised registration code ("" = nothing), all 18-digit ones at once.

    15-digit numbers are held to their shape only: `registration_check_holds` says why not to their check digit.
    """
    found: list[Verdict] = [_shape(code) for code in codes]
    places = [place for place, code in enumerate(codes) if len(code) == CREDIT_LENGTH]
    names: tuple[Verdict, ...] = ("", "rosters.code_characters", "rosters.code_check_digit")
    for place, fault in zip(places, credit_code_faults([codes[place] for place in places]), strict=True):
        found[place] = names[fault]
    return found


def credit_code_faults(codes: Sequence[str]) -> npt.NDArray[np.int8]:
    """统一社会信用代码: 0 right, 1 a character that the standard does not know, 2 wrong check digit.

    `codes` are n texts of 18 characters; the answer has shape (n,). The fast twin of `credit_code_fault`.
    """
    if not codes:
        return np.zeros(0, dtype=np.int8)
    points = np.array(codes, dtype=f"U{CREDIT_LENGTH}").view(np.uint32).reshape(-1, CREDIT_LENGTH)
    values = np.where(points < len(_VALUE), _VALUE[np.minimum(points, len(_VALUE) - 1)], -1)
    area = values[:, _AREA]
    wrong = (values < 0).any(axis=1) | (area > 9).any(axis=1)
    check = (-(values[:, :-1] @ _WEIGHTS)) % _MODULUS
    return np.where(wrong, 1, np.where(check == values[:, -1], 0, 2)).astype(np.int8)


def credit_code_fault(code: str) -> int:
    """The readable twin of `credit_code_faults` for one code.

    python-stdnum's `validate` wants digits in the first two places; GB 32100 gives letters to some registering
    departments (N for 农业农村), so only its check digit is used.
    """
    if any(char not in ALPHABET for char in code) or any(char not in "0123456789" for char in code[_AREA]):
        return 1
    return 0 if uscc.calc_check_digit(code[:-1]) == code[-1] else 2


def registration_check_holds(code: str) -> bool:
    """Whether a 15-digit registration number bears its check digit (GS 15-2006: ISO 7064 MOD 11,10).

    Numbers from before the standard (in force since 2007-07-01) need not bear it, so a wrong digit is noted, never
    refused: refusing would take the oldest firms out of the draw. Cooperatives' numbers (NA) are not
    checked.
    """
    return not code.isdigit() or bool(mod_11_10.is_valid(code))


def _shape(code: str) -> Verdict:
    if len(code) == CREDIT_LENGTH:
        return ""
    if len(code) != REGISTRATION_LENGTH:
        return "rosters.code_length"
    return "" if _REGISTRATION.fullmatch(code) else "rosters.code_characters"
