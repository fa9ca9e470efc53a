"""The constants of SHA-256 (FIPS 180-4), computed; without numba, for whoever needs no loop."""

import math
from itertools import count, islice
from typing import Final


def _primes(number: int) -> list[int]:
    return list(islice((n for n in count(2) if all(n % d for d in range(2, math.isqrt(n) + 1))), number))


def _fraction(prime: int, degree: int) -> int:
    """The first 32 bits of the fraction of a prime's square or cube root."""
    power = prime << 32 * degree
    root = 1 << power.bit_length() // degree + 1
    while (smaller := ((degree - 1) * root + power // root ** (degree - 1)) // degree) < root:
        root = smaller
    return root & 0xFFFF_FFFF


ROUND: Final = tuple(_fraction(prime, 3) for prime in _primes(64))
INITIAL: Final = tuple(_fraction(prime, 2) for prime in _primes(8))
