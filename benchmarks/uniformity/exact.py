"""The chain of §15.4 and §15.5 as a matrix over all lawful assignments, written from the specification once more.

Exact but for floating-point arithmetic: every probability of every step is in it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks.uniformity.families import Family, Own, Teams

Matrix = NDArray[np.float64]
Partial = tuple[Own, int, int]
"""An assignment with one slot vacant, that slot, and the load that the first inspector is left with."""

EXCHANGES_PER_SLOT: Final = 16


@dataclass(frozen=True)
class Chain:
    """The chain on the lawful assignments `states` of a family."""

    family: Family
    states: list[Own]
    exchange: Matrix

    def rotate(self, tries: int) -> Matrix:
        """§15.4 One rotation of at most so many tries."""
        return _rotation(self.family, self.states, tries)

    def schedule(self) -> list[tuple[int, int]]:
        """§15.4 The rotations: tries and number of each round."""
        slots, people = len(self.family.pools), len({j for pool in self.family.pools for j in pool})
        rounds, tries = [], 4
        while tries < 4 * (slots + people):
            tries *= 2
            rounds.append((tries, max(16, -(-max(4 * slots, 4096) // tries))))
        return rounds

    def rotations(self) -> Matrix:
        """§15.4 All of them."""
        return list(self.stages())[-1][1]

    def whole(self) -> Matrix:
        """§15.4, §15.5 All rotations, then all exchanges."""
        return self.rotations() @ self.exchanges()

    def stages(self) -> Iterator[tuple[int, Matrix]]:
        """§15.4 After how many rotations (in the first round powers of four besides its end), and where they lead."""
        done, before = 0, np.eye(len(self.states))
        for tries, times in self.schedule():
            one = self.rotate(tries)
            for number in (*((1, 4, 16, 64) if done == 0 else ()), times):
                yield done + number, before @ np.linalg.matrix_power(one, number)
            done, before = done + times, before @ np.linalg.matrix_power(one, times)

    def exchanges(self, per_slot: int = EXCHANGES_PER_SLOT) -> Matrix:
        """§15.5 So many for each slot."""
        return np.linalg.matrix_power(self.exchange, per_slot * len(self.family.pools))


def chain(family: Family) -> Chain:
    """The chain of a family."""
    states = family.lawful()
    return Chain(family, states, _exchange(family, states))


def distance(rows: Matrix) -> float:
    """The largest total variation distance of any row (the worst start) to the uniform distribution."""
    return float(np.abs(rows - 1 / rows.shape[1]).sum(axis=1).max() / 2)


def marginal(states: list[Own], rows: Matrix) -> float:
    """The largest deviation, from any start, of a probability that an inspector has a slot from its uniform value."""
    has = incidence(states)
    return float(np.abs(rows @ has - has.mean(axis=0)).max())


def incidence(states: Sequence[Own]) -> Matrix:
    """A row for each assignment, a column for each slot and inspector: 1 where the inspector has the slot."""
    inspectors = 1 + max(map(max, states))
    has = np.zeros((len(states), len(states[0]) * inspectors))
    for number, own in enumerate(states):
        for slot, inspector in enumerate(own):
            has[number, slot * inspectors + inspector] = 1
    return has


def of_teams(teams: Teams) -> tuple[float, float, float]:
    """Fixed teams, both draws from the worst starts: the distance to what is aimed at before and after all steps, and
    the largest deviation after them of a probability that an inspector is sent to a block, in a place.
    """
    formed = chain(teams.teams)
    sendings = [chain(teams.dispatch(members)) for members in formed.states]
    before = _worst(np.eye(len(formed.states)), [np.eye(len(one.states)) for one in sendings])
    steps = {str(one.family.recused): one.whole() for one in sendings}
    both = [steps[str(one.family.recused)] for one in sendings]
    first = formed.whole()
    off = 0.0
    has = [
        incidence([teams.outcome(members, sent) for sent in one.states])
        for members, one in zip(formed.states, sendings, strict=True)
    ]
    aim = sum(one.mean(axis=0) for one in has) / len(has)
    for sign in (1, -1):
        most = np.array([(sign * rows @ one).max(axis=0) for rows, one in zip(both, has, strict=True)])
        off = max(off, float((first @ most - sign * aim).max()))
    return before, _worst(first, both), off


def _worst(first: Matrix, seconds: Sequence[Matrix]) -> float:
    """The distance when the first draw's start and, for each of its ends, the second's are the worst."""
    aim, far = 1 / len(first), np.zeros(len(first))
    for number, rows in enumerate(seconds):
        chances = first[:, number, None, None] * rows
        far += np.abs(chances - aim / rows.shape[1]).sum(axis=2).max(axis=1)
    return float(far.max() / 2)


def _held(own: Own) -> dict[int, list[int]]:
    held = defaultdict(list)
    for slot, inspector in enumerate(own):
        if inspector >= 0:
            held[inspector].append(slot)
    return held


def _with(own: Own, **slots: int) -> Own:
    changed = list(own)
    for name, inspector in slots.items():
        changed[int(name[1:])] = inspector
    return tuple(changed)


def _exchange(family: Family, states: list[Own]) -> Matrix:
    """§15.5 One exchange."""
    number = {own: n for n, own in enumerate(states)}
    people = sorted({j for pool in family.pools for j in pool})
    matrix = np.zeros((len(states), len(states)))
    for own, n in number.items():
        held = _held(own)
        for i in people:
            for s in held.get(i, ()):
                for j in family.pools[s]:
                    each = 1 / (len(people) * len(held[i]) * len(family.pools[s]) * 2)
                    for after, share in _moves(family, own, held, i, s, j):
                        matrix[n, number[after]] += each * share
        matrix[n, n] += 1 - matrix[n].sum()
    return matrix


def _moves(
    family: Family, own: Own, held: dict[int, list[int]], i: int, s: int, j: int
) -> list[tuple[Own, float]]:
    """The lawful outcomes of an exchange between i, who has s, and j, in both cases of the coin."""
    moves = []
    load = len(held.get(j, ()))
    vacant = _with(own, **{f"s{s}": -1})
    if j == i:
        return []
    if load == len(held[i]) - 1 and load < family.cap(j) and not family.barred(j, s, vacant):
        moves.append((_with(own, **{f"s{s}": j}), 1.0))
    for y in held.get(j, ()):
        both = _with(vacant, **{f"s{y}": -1})
        after = _with(own, **{f"s{s}": j, f"s{y}": i})
        if i in family.pools[y] and not family.barred(j, s, both) and not family.barred(i, y, both):
            moves.append((after, 1 / load))
    return moves


def _rotation(family: Family, states: list[Own], tries: int) -> Matrix:
    """§15.4 One rotation: the vacancy's walk over partial assignments, step by step, undone after `tries`."""
    number = {own: n for n, own in enumerate(states)}
    people = sorted({j for pool in family.pools for j in pool})
    known: dict[Partial, int] = {}
    entry: dict[tuple[int, int], float] = defaultdict(float)
    matrix = np.zeros((len(states), len(states)))
    for own, n in number.items():
        held = _held(own)
        for i in people:
            if i not in held:
                matrix[n, n] += 1 / len(people)
            for s in held.get(i, ()):
                partial = (_with(own, **{f"s{s}": -1}), s, len(held[i]) - 1)
                entry[n, known.setdefault(partial, len(known))] += 1 / (len(people) * len(held[i]))
    walk, close = _walk(family, number, known)
    start = np.zeros((len(states), len(known)))
    for (n, p), share in entry.items():
        start[n, p] = share
    for _ in range(tries):
        matrix += start @ close
        start = start @ walk
    return matrix + np.diag(start.sum(axis=1))


def _walk(family: Family, number: dict[Own, int], known: dict[Partial, int]) -> tuple[csr_matrix, csr_matrix]:
    """One try from each partial assignment: to partial assignments, and to full ones; `known` grows meanwhile."""
    walk: dict[tuple[int, int], float] = defaultdict(float)
    close: dict[tuple[int, int], float] = defaultdict(float)
    queue = list(known)
    for partial in queue:
        own, s, left_with = partial
        p, held = known[partial], _held(own)
        for j in family.pools[s]:
            load = len(held.get(j, ()))
            choices = load + (load == left_with and load < family.cap(j))
            if choices == 0:
                walk[p, p] += 1 / len(family.pools[s])
                continue
            each = 1 / (len(family.pools[s]) * choices)
            for y in (*held.get(j, ()), *([-1] if choices > load else [])):
                without = own if y < 0 else _with(own, **{f"s{y}": -1})
                if family.barred(j, s, without):
                    walk[p, p] += each
                elif y < 0:
                    close[p, number[_with(own, **{f"s{s}": j})]] += each
                else:
                    after = (_with(without, **{f"s{s}": j}), y, left_with)
                    if after not in known:
                        known[after] = len(known)
                        queue.append(after)
                    walk[p, known[after]] += each
    size = len(known)
    return _sparse(walk, (size, size)), _sparse(close, (size, len(number)))


def _sparse(entries: dict[tuple[int, int], float], shape: tuple[int, int]) -> csr_matrix:
    rows, columns = zip(*entries, strict=True) if entries else ((), ())
    return csr_matrix((list(entries.values()), (rows, columns)), shape=shape)
