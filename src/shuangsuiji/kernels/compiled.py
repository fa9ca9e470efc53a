"""How loops are compiled: without the interpreter's lock, and kept on disk between runs where that is possible."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba
from numba import types
from numba.extending import intrinsic

P = ParamSpec("P")
T = TypeVar("T")


def compiled(signature: str | None = None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate a function of numbers and arrays. With a signature it is compiled at once, otherwise when first called.

    The cache lies beside the source or, if that may not be written to, in the user's own cache; where neither can be
    had, every process compiles anew.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        made: Callable[P, T]
        try:
            made = numba.njit(signature, nogil=True, cache=True)(function)
        except RuntimeError:  # numba: no locator available
            made = numba.njit(signature, nogil=True)(function)
        return made

    return decorate


@intrinsic
def wide_lanes(_):  # type: ignore[no-untyped-def]
    """Called in a function: its loops may use the widest registers there are (AVX-512), which LLVM is shy of on Intel.

    That is an attribute of the function for which numba has no option and llvmlite no name; it is written as text, and
    without meaning on other machines. Measured with the tickets: 15 ns instead of 21.
    """

    def build(context, builder, _signature, _arguments):  # type: ignore[no-untyped-def]
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), build
