"""Measure the cases, each system in a process of its own.

    python -m benchmarks [--profile quick|full|smoke] [--output build/bench] [--only TEXT ...] [--resume]
                         [--limit SECONDS] [--within SECONDS] [--page docs/benchmarks.md]
                         [--registry FILE [--risk FILE] [--plan FILE]]

`quick` leaves out what would take more than some seconds each, and says so in the row; `full` measures everything, each
system for ten minutes at most; `smoke` does everything on tiny sizes, to see that it works. `--resume` keeps the rows
that an earlier run of the same profile left in the folder; a ratio across two runs says so. Our own rows come first;
with `--within`, what is not begun after so many seconds is left out, and its row says so. `--page` puts the table into
a page. With `--registry`, the whole batch on that registry (`benchmarks.quarter`) is a case more.
"""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired, run
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks import report
from benchmarks.cases import CASES, CURVE, Load, Profile, case_of
from benchmarks.measure import BEGUN, systems
from benchmarks.report import OURS, Row

LONGEST: Final[dict[Profile, int]] = {"smoke": 300, "quick": 20, "full": 600}
"""Seconds that a system may take for a case, from when its input is ready."""
LOADING: Final = 120
"""Seconds that compiling and loading may take, whatever the limit: if it is stopped, nothing is kept for the next."""
LEFT_TO_FULL: Final = {
    ("match/county-townships", "networkx"),
    ("match/county-pool", "shuangsuiji, readable"),
    ("match/county-pool", "cp-sat"),
    ("match/county-pool", "networkx"),
    ("match/county-specialists", "cp-sat"),
    ("match/city", "shuangsuiji, readable"),
    ("match/city", "cp-sat"),
    ("match/city", "min-cost-flow"),
    ("match/city", "networkx"),
    ("match/city", "scipy"),
    ("match/province", "shuangsuiji, readable"),
    ("match/province", "cp-sat"),
    ("match/province", "min-cost-flow"),
    ("match/province", "networkx"),
    ("match/province", "scipy"),
    ("draw/1e6", "consistent_sampler"),
    ("draw/1e7", "consistent_sampler"),
    ("draw/1e7", "hashlib"),
    ("draw/1e7", "polars"),
    ("tickets/1e7", "hashlib"),
    ("tickets/1e7", "polars"),
    ("schedule/county-blocks", OURS),
    ("schedule/county-fresh", OURS),
}


def pairs(profile: Profile) -> list[tuple[str, str]]:
    """The cases of a profile and who does them, in the table's order."""
    found = [(name, system) for name in CASES for system in systems(case_of(name, profile))]
    return found + [(name, OURS) for name in CURVE if profile == "full"]


def rows(
    profile: Profile, only: Sequence[str], known: Sequence[Row], limit: int, within: float
) -> Iterator[Row]:
    """Measure, one after the other, ours first; what is known already is not measured again."""
    before = {(row.case, row.system): row for row in known}
    end = time.monotonic() + within
    # In the full profile compiling is measured, so the cache is one of its own.
    with TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache} if profile == "full" else dict(os.environ)
        for name, system in sorted(pairs(profile), key=lambda pair: pair[1] != OURS):
            if row := before.get((name, system)):
                yield row
                continue
            if only and not any(text in f"{name} {system}" for text in only):
                continue
            print(f"{name}: {system}", file=sys.stderr, flush=True)
            if profile == "quick" and (name, system) in LEFT_TO_FULL:
                yield Row(name, system, note="left to the full profile")
            elif time.monotonic() >= end:
                yield Row(name, system, note=f"not begun within {within:,.0f} s")
            else:
                left = int(min(limit, max(1.0, end - time.monotonic())))
                at_least = LOADING if isinstance(case_of(name, profile), Load) else 0
                yield _row(name, system, profile, max(left, at_least), environment)


def registry_rows(options: argparse.Namespace) -> Iterator[Row]:
    """The whole batch on a registry of the caller's, if there is one."""
    if options.registry is None:
        return
    command = [sys.executable, "-m", "benchmarks.quarter", "--json", "--registry", str(options.registry)]
    for option in ("risk", "plan"):
        if (given := getattr(options, option)) is not None:
            command += [f"--{option}", str(given)]
    done = run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        yield Row("batch/registry", OURS, note=f"failed: {done.stderr.strip()}")
        return
    found = json.loads(done.stdout)
    batch = found["batch"]
    yield Row(
        "batch/registry",
        OURS,
        seconds=sum(stage["seconds"] for stage in found["stages"]),
        cpu_seconds=sum(stage["cpu_seconds"] for stage in found["stages"]),
        peak_mb=max(stage["peak_mb"] or 0 for stage in found["stages"]),
        note=f"{batch['rows']:,} rows, {batch['targets']:,} drawn, {batch['blocks']:,} blocks",
    )


def _row(name: str, system: str, profile: Profile, limit: int, environment: dict[str, str]) -> Row:
    command = [sys.executable, "-m", "benchmarks.measure", name, system, profile]
    # Without a buffer: what the first line's reader took too much of, `communicate` would not see.
    with Popen(command, stdout=PIPE, stderr=PIPE, bufsize=0, env=environment) as process:
        first = process.stdout.readline() if process.stdout else b""
        worked = _cpu_seconds(process.pid)
        try:
            said, complained = process.communicate(timeout=limit if first.strip() == BEGUN.encode() else None)
        except TimeoutExpired:
            worked = _cpu_seconds(process.pid) - worked
            process.kill()
            process.communicate()
            note = f"not done within {limit:,} s"
            return Row(name, system, seconds=limit, cpu_seconds=worked or None, at_least=True, note=note)
    if process.returncode:
        last = (complained.decode().strip().splitlines() or ["killed"])[-1]
        return Row(name, system, note=f"failed ({process.returncode}): {last}")
    found: dict[str, Any] = json.loads((first + said).splitlines()[-1])
    return Row(name, system, **found)


def _cpu_seconds(process: int) -> float:
    """What another process has used of all cores so far; 0 where that is not to be seen."""
    path = Path(f"/proc/{process}/stat")
    if not path.exists():
        return 0
    words = path.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; 1 if a system failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--profile", choices=list(LONGEST), default="quick")
    parser.add_argument("--output", type=Path, default=Path("build/bench"))
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--within", type=float, default=math.inf)
    for option in ("--page", "--registry", "--risk", "--plan"):
        parser.add_argument(option, type=Path)
    options = parser.parse_args(arguments)
    limit = LONGEST[options.profile] if options.limit is None else options.limit
    known = report.read(options.output, options.profile) if options.resume else []
    measured: list[Row] = []
    found: list[Row] = []
    order, busy = pairs(options.profile), report.load()
    began = datetime.now(UTC).isoformat(timespec="seconds")
    own = rows(options.profile, options.only, known, limit, options.within)
    for row in chain(own, registry_rows(options)):
        measured.append(row if row in known else replace(row, run=began))
        if row not in known:
            # Each time: the full profile may be broken off.
            later = [one for one in known if one not in measured]
            report.write(options.output, options.profile, report.with_ratios([*measured, *later]))
    places = {pair: place for place, pair in enumerate(order)}
    measured.sort(key=lambda row: places.get((row.case, row.system), len(places)))
    found = report.with_ratios(measured)
    report.write(options.output, options.profile, found)
    report.draw(options.output, found)
    if options.page is not None:
        report.publish(options.page, found, limit, busy)
    print(report.markdown(options.profile, found))
    return int(any(row.note.startswith("failed") for row in found))


if __name__ == "__main__":
    raise SystemExit(main())
