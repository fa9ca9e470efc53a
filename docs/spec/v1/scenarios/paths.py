"""§4: the paths of leaves, and the roots that they lead to."""

from collections.abc import Sequence
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios.cases import Case, Scenario, bad, good, key_of

SIZES = (1, 2, 3, 7, 8)


def path_scenarios() -> list[Scenario]:
    """The scenarios of paths."""
    return [
        Scenario("path", "§4", "the path of one leaf, the hash next to the leaf first", paths()),
        Scenario("lead", "§4", "the root that a path leads to", leads()),
    ]


def path(data: Sequence[bytes], index: int) -> list[bytes]:
    """§4: RFC 6962, section 2.1.1 (a verifier makes none)."""
    if len(data) == 1:
        return []
    k = 1 << (len(data) - 1).bit_length() - 1
    if index < k:
        return [*path(data[:k], index), verify.root(data[k:])]
    return [*path(data[k:], index - k), verify.root(data[:k])]


def leaves(size: int) -> list[bytes]:
    return [key_of(number) for number in range(size)]


def paths() -> list[Case]:
    every = [(size, index) for size in SIZES for index in range(size)]
    return [
        good(f"leaf {index} of {size}", data=[leaf.hex() for leaf in leaves(size)], index=index)
        for size, index in every
    ]


def asked(size: int, index: int) -> dict[str, Any]:
    """The question with the right path."""
    told = [part.hex() for part in path(leaves(size), index)]
    return {"leaf": leaves(size)[index].hex(), "index": index, "size": size, "path": told}


def leads() -> list[Case]:
    right = [good(f"leaf {i} of {n}, its root", **asked(n, i)) for n in SIZES for i in range(n)]
    some, last = asked(7, 2), asked(7, 6)
    flipped = [f"{int(some['path'][0][0], 16) ^ 1:x}{some['path'][0][1:]}", *some["path"][1:]]
    elsewhere = {
        "a flipped hash leads elsewhere": some | {"path": flipped},
        "the index of the neighbour leads elsewhere": some | {"index": 3},
        "another leaf leads elsewhere": some | {"leaf": last["leaf"]},
        "a larger tree with as long a path leads elsewhere": some | {"size": 8},
        "2^53 - 1 leaves": some | {"size": 2**53 - 1, "path": [key_of(i).hex() for i in range(53)]},
    }
    refused = {
        "too short": some | {"path": some["path"][:-1]},
        "too long": some | {"path": [*some["path"], "00" * 32]},
        "none at all": some | {"path": []},
        "the path of a leaf higher up": some | {"index": 6},
        "a higher leaf with a path too long": last | {"path": some["path"]},
        "one leaf takes no path": asked(1, 0) | {"path": ["00" * 32]},
        "an index that the tree has not": some | {"index": 7},
        "a negative index": some | {"index": -1},
        "a tree without leaves": asked(1, 0) | {"size": 0},
    }
    cases = right + [good(case, **given) for case, given in elsewhere.items()]
    return cases + [bad(case, "invalid", **given) for case, given in refused.items()]
