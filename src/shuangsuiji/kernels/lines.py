"""SHA-256 as one straight line of 64 rounds over columns of words, which a compiler turns into lanes.

The loop over messages is innermost and has no branch, no call and no array of the round's words, and reads and writes
contiguous columns (uint32): so LLVM vectorises it for the machine at hand. The rounds are written as LLVM's own
instructions: as lines of Python, numba took twenty seconds to read them.
"""

from collections.abc import Sequence
from typing import Any, Final

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from shuangsuiji.kernels.columns import Words
from shuangsuiji.kernels.compiled import compiled, symbol, wide_lanes
from shuangsuiji.kernels.sha256 import INITIAL, ROUND

_WORD: Final = ir.IntType(32)
_INITIAL: Final = tuple(map(np.uint32, INITIAL))


class _Writer:
    """Writes instructions on words at a builder's place."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        kind = ir.FunctionType(_WORD, [_WORD] * 3)
        self.turn = builder.module.declare_intrinsic("llvm.fshr", [_WORD], kind)

    def sum(self, *words: Any) -> Any:
        first, *others = words
        for word in others:
            first = self.builder.add(first, word)
        return first

    def mixed(self, word: Any, *turns: int, shift: int = 0) -> Any:
        """A word turned right by so many bits each, and shifted; all together by exclusive or."""
        first, *others = [self.builder.call(self.turn, [word, word, _WORD(bits)]) for bits in turns]
        if shift:
            others.append(self.builder.lshr(word, _WORD(shift)))
        for one in others:
            first = self.builder.xor(first, one)
        return first

    def hash(self, state: Sequence[Any], message: Sequence[Any]) -> list[Any]:
        """FIPS 180-4, 6.2.2: the eight words of the state after a block of sixteen words."""
        build, words = self.builder, list(message)
        for number in range(16, 64):
            small = self.mixed(words[number - 15], 7, 18, shift=3)
            great = self.mixed(words[number - 2], 17, 19, shift=10)
            words.append(self.sum(words[number - 16], small, words[number - 7], great))
        a, b, c, d, e, f, g, h = state
        for constant, word in zip(ROUND, words, strict=True):
            chosen = build.xor(g, build.and_(e, build.xor(f, g)))
            major = build.or_(build.and_(a, b), build.and_(c, build.or_(a, b)))
            first = self.sum(h, self.mixed(e, 6, 11, 25), chosen, _WORD(constant), word)
            second = self.sum(self.mixed(a, 2, 13, 22), major)
            a, b, c, d, e, f, g, h = self.sum(first, second), a, b, c, self.sum(d, first), e, f, g
        return [self.sum(*both) for both in zip(state, (a, b, c, d, e, f, g, h), strict=True)]


@intrinsic
def _hashed(_, state, message):  # type: ignore[no-untyped-def]
    """Called in a function: the state of eight words after a block of sixteen; tuples of words."""

    def build(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        words = (cgutils.unpack_tuple(builder, one) for one in arguments)
        return context.make_tuple(builder, signature.return_type, _Writer(builder).hash(*words))

    return types.UniTuple(types.uint32, 8)(state, message), build


@compiled("void(Array(uint32, 1, 'C', readonly=True), Array(uint32, 2, 'C', readonly=True), uint32[:, ::1])")
def tickets(middle: Words, leaves: Words, out: Words) -> None:
    """The hashes of messages of 96 bytes: `middle` is the state after the first 64, `leaves` and `out` are 8 x n."""
    wide_lanes()
    m, w, o = middle, leaves, np.uint32(0)
    state = (m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7])
    for lane in range(out.shape[1]):
        # The leaf, a bit, and how many bits the message has.
        first = (
            w[0, lane],
            w[1, lane],
            w[2, lane],
            w[3, lane],
            w[4, lane],
            w[5, lane],
            w[6, lane],
            w[7, lane],
        )
        found = _hashed(state, (*first, np.uint32(1 << 31), o, o, o, o, o, o, np.uint32(768)))
        for word in range(8):
            out[word, lane] = found[word]


@symbol("shuangsuiji_blocks", "void(CPointer(uint32), uint32, uint32, CPointer(uint32), intp)")
def blocks(words: Any, high: Any, low: Any, hashes: Any, lanes: int) -> None:
    """The hashes of `words` (8) and a number of two words: `high` is the same for all, `low` counts up; 8 x lanes."""
    wide_lanes()
    k, out, o = numba.carray(words, 8), numba.carray(hashes, (8, lanes)), np.uint32(0)
    key = (k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7])
    for lane in range(lanes):
        number = np.uint32(low + np.uint32(lane))
        found = _hashed(_INITIAL, (*key, high, number, np.uint32(1 << 31), o, o, o, o, np.uint32(320)))
        for word in range(8):
            out[word, lane] = found[word]
