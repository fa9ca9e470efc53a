"""SHA-256 by the processor's own instructions: twins of `lines` for machines that have them (x86 with SHA-NI).

The instructions do two rounds of one message, and wait for one another; so the rounds of two messages are written in
turn. That is twice as fast as lanes of 256 bits, and half as fast as lanes of 512. numba has no name for them: they
are written as LLVM's intrinsics. Everything is in this file, since numba caches compiled code by the file it is from.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from shuangsuiji.kernels.columns import Words
from shuangsuiji.kernels.compiled import compiled, symbol
from shuangsuiji.kernels.sha256 import INITIAL, ROUND

AT_ONCE: Final = 4
_IN_TURN: Final = 2
_WORD: Final = ir.IntType(32)
_FOUR: Final = ir.VectorType(_WORD, 4)
_PAD_96: Final = (0x80000000, 0, 0, 0), (0, 0, 0, 768)
_HIGH: Final = (2, 3, 2, 3)
_ABEF: Final = (5, 4, 1, 0)
_CDGH: Final = (7, 6, 3, 2)
"""Of the state's words, which the instructions want in which of two vectors."""


class _Writer:
    """Writes instructions at a builder's place."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        self.two_rounds = self._declare("sha256rnds2", 3)
        self.first_part = self._declare("sha256msg1", 2)
        self.second_part = self._declare("sha256msg2", 2)

    def _declare(self, name: str, vectors: int) -> Any:
        kind = ir.FunctionType(_FOUR, [_FOUR] * vectors)
        return self.builder.module.declare_intrinsic(f"llvm.x86.{name}", (), kind)

    def constant(self, words: Sequence[int]) -> Any:
        return ir.Constant(_FOUR, list(words))

    def mixed(self, one: Any, other: Any, places: Sequence[int]) -> Any:
        """Four words of the eight of two vectors."""
        return self.builder.shuffle_vector(one, other, ir.Constant(_FOUR, list(places)))

    def gathered(self, words: Sequence[Any]) -> Any:
        vector = ir.Constant(_FOUR, ir.Undefined)
        for place, word in enumerate(words):
            vector = self.builder.insert_element(vector, word, ir.Constant(_WORD, place))
        return vector

    def turned(self, rows: Sequence[Any]) -> list[Any]:
        """Four vectors as columns of a square are its four rows."""
        low, high = (0, 4, 1, 5), (2, 6, 3, 7)
        pairs = [self.mixed(rows[at], rows[at + 1], places) for places in (low, high) for at in (0, 2)]
        return [
            self.mixed(pairs[at], pairs[at + 1], places)
            for at in (0, 2)
            for places in ((0, 1, 4, 5), (2, 3, 6, 7))
        ]

    def hashes(self, state: tuple[Any, Any], messages: Sequence[Sequence[Any]]) -> list[tuple[Any, Any]]:
        """The states after a block each, of four vectors of words; all begin with `state`."""
        found = []
        for at in range(0, len(messages), _IN_TURN):
            found += self._in_turn(state, [list(one) for one in messages[at : at + _IN_TURN]])
        return [tuple(self.builder.add(*both) for both in zip(state, end, strict=True)) for end in found]

    def _in_turn(self, state: tuple[Any, Any], messages: list[list[Any]]) -> list[list[Any]]:
        call, states = self.builder.call, [list(state) for _ in messages]
        for step in range(16):
            constants = self.constant(ROUND[4 * step : 4 * step + 4])
            sums = []
            for words in messages:
                if step >= 4:
                    words[step % 4] = self._schedule(*(words[(step + later) % 4] for later in range(4)))
                sums.append(self.builder.add(words[step % 4], constants))
            for own, some in zip(states, sums, strict=True):
                own[1] = call(self.two_rounds, [own[1], own[0], some])
            for own, some in zip(states, sums, strict=True):
                own[0] = call(self.two_rounds, [own[0], own[1], self.mixed(some, some, _HIGH)])
        return states

    def _schedule(self, oldest: Any, second: Any, third: Any, newest: Any) -> Any:
        """The next four words of a message from the sixteen before."""
        between = self.mixed(third, newest, (1, 2, 3, 4))
        first = self.builder.add(self.builder.call(self.first_part, [oldest, second]), between)
        return self.builder.call(self.second_part, [first, newest])

    def store(self, states: Sequence[tuple[Any, Any]], out: Any, width: Any, lane: Any) -> None:
        """The states' words as columns of `out`."""
        builder = self.builder
        for number, (abef, cdgh) in enumerate(states):
            for vector, names in ((abef, _ABEF), (cdgh, _CDGH)):
                for place, word in enumerate(names):
                    row = builder.add(builder.mul(width, width.type(word)), lane)
                    to = builder.gep(out, [builder.add(row, width.type(number))])
                    builder.store(builder.extract_element(vector, ir.Constant(_WORD, place)), to)


def _address(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """Where an array begins."""
    return context.make_array(kind)(context, builder, value).data


@intrinsic
def _four_tickets(_, middle, leaves, out, width, lane):  # type: ignore[no-untyped-def]
    """Called in a function: the hashes of the leaves of four lanes, of columns of that width."""

    def build(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        first, columns, into = (
            _address(context, builder, *both) for both in zip(signature.args[:3], arguments[:3], strict=True)
        )
        span, at = arguments[3:]
        writer = _Writer(builder)
        words = [builder.load(builder.gep(first, [span.type(number)])) for number in range(8)]
        state = tuple(writer.gathered([words[word] for word in names]) for names in (_ABEF, _CDGH))
        rows = []
        for number in range(8):
            place = builder.gep(columns, [builder.add(builder.mul(span, span.type(number)), at)])
            rows.append(builder.load(builder.bitcast(place, _FOUR.as_pointer()), align=4))
        padding = [writer.constant(words) for words in _PAD_96]
        halves = zip(writer.turned(rows[:4]), writer.turned(rows[4:]), strict=True)
        writer.store(writer.hashes(state, [[*both, *padding] for both in halves]), into, span, at)
        return context.get_dummy_value()

    return types.void(middle, leaves, out, width, lane), build


@intrinsic
def _four_blocks(_, words, high, low, out, width, lane):  # type: ignore[no-untyped-def]
    """Called in a function: the hashes of `words` and a number of two words, the lower one counting lanes."""

    def build(context, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        first, upper, lower, into, span, at = arguments
        writer = _Writer(builder)
        key = [builder.load(builder.gep(first, [span.type(number)])) for number in range(8)]
        state = tuple(writer.constant([INITIAL[word] for word in names]) for names in (_ABEF, _CDGH))
        key_words = [writer.gathered(key[:4]), writer.gathered(key[4:])]
        lane_word, end = builder.trunc(at, _WORD), writer.constant((0, 0, 0, 320))
        messages = []
        for number in range(AT_ONCE):
            counted = builder.add(lower, builder.add(lane_word, _WORD(number)))
            third = writer.gathered([upper, counted, _WORD(0x80000000), _WORD(0)])
            messages.append([*key_words, third, end])
        writer.store(writer.hashes(state, messages), into, span, at)
        return context.get_dummy_value()

    return types.void(words, high, low, out, width, lane), build


@compiled("void(Array(uint32, 1, 'C', readonly=True), Array(uint32, 2, 'C', readonly=True), uint32[:, ::1])")
def tickets(middle: Words, leaves: Words, out: Words) -> None:
    """The hashes of messages of 96 bytes: `middle` is the state after the first 64, `leaves` and `out` are 8 x n."""
    lanes = out.shape[1]
    if lanes < AT_ONCE:
        some, few = np.zeros((8, AT_ONCE), np.uint32), np.empty((8, AT_ONCE), np.uint32)
        for word in range(8):
            for lane in range(lanes):
                some[word, lane] = leaves[word, lane]
        _four_tickets(middle, some, few, AT_ONCE, 0)
        for word in range(8):
            for lane in range(lanes):
                out[word, lane] = few[word, lane]
        return
    for begin in range(0, lanes, AT_ONCE):
        _four_tickets(middle, leaves, out, lanes, min(begin, lanes - AT_ONCE))


@symbol("shuangsuiji_unit_blocks", "void(CPointer(uint32), uint32, uint32, CPointer(uint32), intp)")
def blocks(words: Any, high: Any, low: Any, hashes: Any, lanes: int) -> None:
    """The hashes of `words` (8) and a number of two words: `high` is the same for all, `low` counts up; 8 x lanes.

    The number of lanes is a multiple of four.
    """
    for lane in range(0, lanes, AT_ONCE):
        _four_blocks(words, high, low, hashes, lanes, lane)
