"""How loops are compiled: without the interpreter's lock, and kept on disk between runs where that is possible."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numba
from llvmlite import ir
from llvmlite.binding import add_symbol
from numba import types
from numba.core import sigutils, typing
from numba.extending import intrinsic

P = ParamSpec("P")
T = TypeVar("T")


def compiled(signature: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate a function of numbers and arrays; it is compiled at once.

    The cache lies beside the source or, if that may not be written to, in the user's own cache; where neither can be
    had, every process compiles anew.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        made: Callable[P, T] = _cached(numba.njit, signature, nogil=True)(function)
        return made

    return decorate


def bare(*, inner: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate a function that makes no array, so that references are not counted; compiled when first called.

    Counting costs an atomic operation for each array of each call: most of the time of a short function that is handed
    a dozen of them. An `inner` function is called by compiled ones alone, and is in the cache as a part of them.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        made: Callable[P, T]
        if inner:
            made = numba.njit(nogil=True, _nrt=False)(function)
        else:
            made = _cached(numba.njit, nogil=True, _nrt=False)(function)
        return made

    return decorate


def symbol(name: str, signature: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate a function of numbers and pointers, which compiled functions may call by the name of a symbol.

    What they call otherwise becomes a part of them and is compiled with each anew.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        made = _cached(numba.cfunc, signature)(function)
        add_symbol(name, made.address)
        arguments, result = sigutils.normalize_signature(signature)
        called: Callable[P, T] = types.ExternalFunction(name, typing.signature(result, *arguments))
        return called

    return decorate


def _cached(
    decorator: Callable[..., Any], *arguments: Any, **options: Any
) -> Callable[[Callable[P, T]], Any]:
    def decorate(function: Callable[P, T]) -> Any:
        try:
            return decorator(*arguments, cache=True, **options)(function)
        except RuntimeError:  # numba: no locator available
            return decorator(*arguments, **options)(function)

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


@intrinsic
def wide(_, number):  # type: ignore[no-untyped-def]
    """Called in a function: a number from an array of narrow ones as wide as all others.

    Otherwise what it is handed to would be compiled once more for narrow numbers, at each place that may have them.
    """

    def build(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return context.cast(builder, arguments[0], signature.args[0], signature.return_type)

    return types.int64(number), build


def _attribute(name: str, about: str) -> Any:
    """What, called in a function, gives it an attribute for which numba has no option."""

    def attribute(_):  # type: ignore[no-untyped-def]
        def build(context, builder, _signature, _arguments):  # type: ignore[no-untyped-def]
            builder.function.attributes.add(name)
            return context.get_dummy_value()

        return types.void(), build

    attribute.__doc__ = about
    return intrinsic(attribute)


inlined = _attribute(
    "alwaysinline",
    """Called in a function: it becomes a part of its callers, however long it is.

    A call of a function that is handed a dozen of arrays puts more than a hundred words on the stack.
    """,
)
apart = _attribute(
    "noinline", "Called in a function: it does not make its callers longer, since it is seldom called."
)


@intrinsic
def upper_half(_, one, other):  # type: ignore[no-untyped-def]
    """Called in a function: the upper 64 bits of the product of two numbers of 64 bits (uint64)."""

    def build(_context, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        double = ir.IntType(128)
        product = builder.mul(*(builder.zext(number, double) for number in arguments))
        return builder.trunc(builder.lshr(product, double(64)), ir.IntType(64))

    return types.uint64(one, other), build
