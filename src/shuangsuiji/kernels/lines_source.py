"""Writes `lines.py`: SHA-256 as one straight line of 64 rounds, which a compiler turns into lanes.

    python -m shuangsuiji.kernels.lines_source

The loop over messages is innermost and has no branch, no call and no array of the round's words, and reads and writes
contiguous columns (uint32): so LLVM vectorises it for the machine at hand. Straight lines are long and dull, so a
program writes them; they are committed because numba caches compiled code by the file that it comes from.
"""

import math
from itertools import count, islice
from pathlib import Path
from typing import Final

PATH: Final = Path(__file__).with_name("lines.py")

_HEAD: Final = '''"""SHA-256 in straight lines. Written by `lines_source`: change that, and run it again."""

import numba
import numpy as np

from shuangsuiji.kernels.compiled import compiled, symbol, wide_lanes

# mypy: ignore-errors
'''
_TICKETS: Final = '''

@compiled("void(Array(uint32, 1, 'C', readonly=True), Array(uint32, 2, 'C', readonly=True), uint32[:, ::1])")
def tickets(middle, leaves, out):
    """The hashes of messages of 96 bytes: `middle` is the state after the first 64, `leaves` and `out` are 8 x n."""
'''
_BLOCKS: Final = '''

@symbol("shuangsuiji_blocks", "void(CPointer(uint32), uint32, uint32, CPointer(uint32), intp)")
def blocks(words, high, low, hashes, lanes):
    """The hashes of `words` (8) and a number of two words: `high` is the same for all, `low` counts up; 8 x lanes."""
    key, out = numba.carray(words, 8), numba.carray(hashes, (8, lanes))
'''
_INDENT: Final = " " * 8
_LETTERS: Final = "abcdefgh"


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


def _word(expression: str) -> str:
    return f"np.uint32({expression})"


def _turned(name: str, bits: int) -> str:
    return f"(({name} >> {_word(str(bits))}) | ({name} << {_word(str(32 - bits))}))"


def _mixed(name: str, *turns: int, shift: int = 0) -> str:
    parts = [_turned(name, bits) for bits in turns]
    return f"({' ^ '.join(parts + ([f'({name} >> {_word(str(shift))})'] if shift else []))})"


def _schedule(number: int) -> str:
    """The word of a round from the sixteen before it, in the place of the oldest of them."""
    old, recent = f"w{(number - 15) % 16}", f"w{(number - 2) % 16}"
    small, great = _mixed(old, 7, 18, shift=3), _mixed(recent, 17, 19, shift=10)
    return f"w{number % 16} = {_word(f'w{number % 16} + {small} + w{(number - 7) % 16} + {great}')}"


def _rounds() -> list[str]:
    names = list(_LETTERS)
    lines = []
    for number in range(64):
        if number >= 16:
            lines.append(_schedule(number))
        a, b, c, d, e, f, g, h = names
        chosen, major = f"({g} ^ ({e} & ({f} ^ {g})))", f"(({a} & {b}) | ({c} & ({a} | {b})))"
        sums = f"{h} + {_mixed(e, 6, 11, 25)} + {chosen} + {_word(str(ROUND[number]))} + w{number % 16}"
        lines += [
            f"first = {_word(sums)}",
            f"second = {_word(f'{_mixed(a, 2, 13, 22)} + {major}')}",
            f"{d} = {_word(f'{d} + first')}",
            f"{h} = {_word('first + second')}",
        ]
        names = [h, *names[:7]]
    return lines


def _loop(state: list[str], message: list[str]) -> list[str]:
    """One message after the other: `state` and `message` are what the 8 and the 16 words begin with."""
    lines = [f"w{number} = {word}" for number, word in enumerate(message)]
    lines += [f"{letter} = {word}" for letter, word in zip(_LETTERS, state, strict=True)]
    lines += _rounds()
    # After 64 rounds the letters are back in their places.
    lines += [
        f"out[{number}, lane] = {_word(f'{word} + {letter}')}"
        for number, (word, letter) in enumerate(zip(state, _LETTERS, strict=True))
    ]
    return ["    wide_lanes()", "    for lane in range(out.shape[1]):", *(_INDENT + line for line in lines)]


def _padding(length: int) -> list[str]:
    """What follows a message of so many bytes in its last block."""
    used = length % 64 // 4
    return [_word("0x80000000"), *[_word("0")] * (14 - used), _word(str(8 * length))]


def source() -> str:
    """The text of `lines.py`."""
    before = [f"    m{number} = middle[{number}]" for number in range(8)]
    leaf = [f"leaves[{number}, lane]" for number in range(8)]
    tickets = before + _loop([f"m{number}" for number in range(8)], leaf + _padding(96))
    before = [f"    k{number} = key[{number}]" for number in range(8)]
    number = [_word("high"), _word(f"low + {_word('lane')}")]
    words = [f"k{number}" for number in range(8)] + number + _padding(40)
    blocks = before + _loop([_word(str(word)) for word in INITIAL], words)
    return _HEAD + _TICKETS + "\n".join(tickets) + "\n" + _BLOCKS + "\n".join(blocks) + "\n"


if __name__ == "__main__":
    PATH.write_text(source(), encoding="utf-8")
