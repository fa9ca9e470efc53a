"""登记号码: numbers of the right form and check digit that belong to nobody.

The area 990121 (行政区划代码) is in no edition of GB/T 2260, so no number made here can be a real one.
"""

import string
from typing import Final

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

AREA: Final = "990121"
"""行政区划代码 of the invented county."""
MOST: Final = 10**7
"""How many numbers there are of the scarcer kind (7 digits between area and check digit)."""

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BODY_DIGITS: Final = 6
_BODIES: Final = len(_ALPHABET) ** _BODY_DIGITS
# Prime to 31 and to 10: multiplying by it visits every number once, in an order that looks like none.
_STEP: Final = 523_456_789
_VALUES: Final = string.digits + string.ascii_uppercase
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(authority_and_type: str, serial: int) -> str:
    """统一社会信用代码 (GB 32100-2015) number `serial` (below 31^6) of a kind such as "91": 18 characters."""
    body = serial * _STEP % _BODIES
    digits = []
    for _ in range(_BODY_DIGITS):
        body, digit = divmod(body, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    organisation = "MA" + "".join(reversed(digits))
    code = authority_and_type + AREA + organisation + _organisation_check(organisation)
    return code + uscc.calc_check_digit(code)


def registration_number(first_digit: str, serial: int) -> str:
    """工商注册号 (GS 15-2006) number `serial` (below MOST): 15 digits; `first_digit` 6 = 个体工商户, 0 to 3 = 内资."""
    number = f"{AREA}{first_digit}{serial * _STEP % MOST:07}"
    return number + mod_11_10.calc_check_digit(number)


def _organisation_check(body: str) -> str:
    """组织机构代码 (GB 11714-1997): the check digit of its 8 characters."""
    total = sum(
        _VALUES.index(char) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]
