"""Systems that draw targets by tickets, or make the tickets alone; ours reads its leaves from a mapped file."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.cases import Draw, Tickets
from benchmarks.jobs import Job, OutOfReachError
from shuangsuiji.core.tickets import tickets as readable
from shuangsuiji.kernels import columns
from shuangsuiji.kernels import tickets as kernel

KEY: Final = bytes(range(32))
SEED: Final = "20210401"


def leaves(number: int) -> columns.Columns:
    """So many leaves, as columns; any hashes do."""
    from shuangsuiji.kernels.hashes import tickets

    blocks = np.empty((-(-number // columns.LANES), 8, columns.LANES), np.uint32)
    words = np.zeros((8, columns.LANES), np.uint32)
    words[1] = np.arange(columns.LANES)
    for place, block in enumerate(blocks):
        words[0] = place
        tickets(np.zeros(8, np.uint32), words, block)
    return columns.Columns(blocks, number)


def as_bytes(number: int) -> list[bytes]:
    """The same leaves, one by one."""
    joined = b"".join(map(columns.to_bytes, leaves(number).blocks))
    return [joined[32 * at : 32 * at + 32] for at in range(number)]


def _ours(case: Draw) -> Job[int]:
    """From the mapped leaves of a frozen registry to the drawn, ordered by ticket, and the cut."""
    path, cleanup = _file(case.entities)
    kernel.smallest(KEY, columns.from_leaves([KEY]), 1)

    def work() -> int:
        sealed = columns.mapped(path, case.entities)
        return len(kernel.smallest(KEY, sealed, case.quota, threads=2).numbers)

    return Job(work, cleanup=cleanup)


def _file(entities: int) -> tuple[Path, Callable[[], None]]:
    """A file with so many leaves, as `freeze` keeps it, and what removes it."""
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "leaves.npy"
    path.write_bytes(columns.to_file(leaves(entities)))
    return path, folder.cleanup


def _memory(case: Draw | Tickets) -> Job[int]:
    """No draw but its limit: the mapped leaves read once, by as many threads as ours has; nothing can be faster."""
    path, cleanup = _file(case.entities)
    threads = 2 if isinstance(case, Draw) else 1

    def work() -> int:
        # Two words in one: of all that numpy does in one pass, the greatest of 64 bits was the fastest.
        blocks = columns.mapped(path, case.entities).blocks.view(np.uint64)
        with ThreadPoolExecutor(threads) as pool:
            parts = pool.map(np.max, np.array_split(blocks, min(threads, len(blocks))))
            return int(max(parts))

    return Job(work, lambda _: f"the limit: all leaves read once, threads: {threads}", cleanup=cleanup)


def _hashlib(case: Draw) -> Job[int]:
    """The readable core: every ticket, then the smallest."""
    given = as_bytes(case.entities)

    def work() -> int:
        return len(sorted(zip(readable(KEY, given), given, strict=True))[: case.quota])

    return Job(work)


def _duckdb(case: Draw) -> Job[int]:
    """Its own table in memory, its own hash, two threads."""
    database = _database(case.entities)
    query = f"SELECT id FROM t ORDER BY sha256('{SEED}' || id) LIMIT {case.quota}"  # noqa: S608
    return Job(lambda: len(database.execute(query).fetchnumpy()["id"]))


def _database(entities: int) -> Any:
    import duckdb

    database = duckdb.connect(config={"threads": 2})
    database.execute(f"CREATE TABLE t AS SELECT 'E' || (100000000 + range) AS id FROM range({entities})")  # noqa: S608
    return database


def _polars(case: Draw) -> Job[int]:
    """Its frame in memory; the hash from polars-hash."""
    frame, ticket = _frame(case.entities)
    return Job(lambda: len(frame.with_columns(ticket.alias("ticket")).bottom_k(case.quota, by="ticket")))


def _frame(entities: int) -> tuple[Any, Any]:
    import polars as pl
    import polars_hash

    identifiers = pl.int_range(10**8, 10**8 + entities, eager=True).cast(pl.String)
    frame = pl.DataFrame({"id": identifiers, "seeded": SEED + identifiers})
    return frame, polars_hash.col("seeded").chash.sha2_256()


def _pandas(case: Draw) -> Job[int]:
    import pandas as pd

    frame = pd.DataFrame({"id": np.arange(10**8, 10**8 + case.entities).astype(str)})
    return Job(
        lambda: len(frame.sample(case.quota, random_state=20210401)),
        lambda _: "no ticket: nobody can check his own place",
    )


def _consistent_sampler(case: Draw) -> Job[int]:
    """Rivest's sampler for election audits, without replacement."""
    from consistent_sampler import sampler

    identifiers = [str(10**8 + number) for number in range(case.entities)]
    return Job(lambda: len(list(sampler(identifiers, SEED, take=case.quota, output="id"))))


def _our_tickets(case: Tickets) -> Job[int]:
    """The leaves are mapped, as they are in a draw, and read once before: what is timed is the loop and its result."""
    path, cleanup = _file(case.entities)
    given = columns.mapped(path, case.entities)
    kernel.first_words(KEY, given)
    return Job(
        lambda: len(kernel.first_words(KEY, given)),
        lambda _: "mapped leaves, page cache warm",
        cleanup=cleanup,
    )


def _hashlib_tickets(case: Tickets) -> Job[int]:
    given = as_bytes(case.entities)
    return Job(lambda: sum(1 for _ in readable(KEY, given)))


def _duckdb_tickets(case: Tickets) -> Job[int]:
    database = _database(case.entities)
    database.execute("SET threads = 1")
    query = f"SELECT max(sha256('{SEED}' || id)) FROM t"  # noqa: S608
    return Job(lambda: len(database.execute(query).fetchall()))


def _polars_tickets(case: Tickets) -> Job[int]:
    frame, ticket = _frame(case.entities)
    return Job(lambda: len(frame.select(ticket)), lambda _: "uses as many threads as there are cores")


def _openssl(case: Tickets) -> Job[float]:
    """Its own loop over messages of 96 bytes, for one second."""
    program = shutil.which("openssl")
    if program is None:
        raise OutOfReachError("no openssl on this machine")
    command = [program, "speed", "-seconds", "1", "-bytes", "96", "-mr", "-evp", "sha256"]

    def work() -> float:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = re.search(r"^\+F:\d+:sha256:([0-9.]+)$", said, flags=re.MULTILINE)
        if found is None:
            raise RuntimeError(said)
        return case.entities * 96 / float(found[1])

    return Job(work, lambda _: "by `openssl speed`: messages of 96 bytes for one second", seconds=float)


DRAWS: Final[Mapping[str, Callable[[Draw], Job[Any]]]] = {
    "shuangsuiji": _ours,
    "memory": _memory,
    "hashlib": _hashlib,
    "duckdb": _duckdb,
    "polars": _polars,
    "pandas": _pandas,
    "consistent_sampler": _consistent_sampler,
}
TICKETS: Final[Mapping[str, Callable[[Tickets], Job[Any]]]] = {
    "shuangsuiji": _our_tickets,
    "memory": _memory,
    "hashlib": _hashlib_tickets,
    "duckdb": _duckdb_tickets,
    "polars": _polars_tickets,
    "openssl": _openssl,
}
