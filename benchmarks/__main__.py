"""Measure the cases, each system in a process of its own.

    python -m benchmarks [--profile quick|full|smoke] [--output build/bench] [--only TEXT ...]
                         [--registry FILE [--risk FILE] [--plan FILE]]

`quick` leaves out what would take more than some seconds each, and says so in the row; `full` measures everything that
can be measured; `smoke` does everything on tiny sizes, to see that it works. With `--registry`, the whole batch on that
registry (`benchmarks.quarter`) is a case more.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from benchmarks import report
from benchmarks.cases import CASES, CURVE, Profile, case_of
from benchmarks.measure import systems
from benchmarks.report import Row

LONGEST: Final[dict[Profile, int]] = {"smoke": 300, "quick": 60, "full": 3_600}
"""Seconds that a system may take for a case, its input included."""
LEFT_TO_FULL: Final = {
    ("match/county-pool", "cp-sat"),
    ("match/county-pool", "networkx"),
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
}


def rows(profile: Profile, only: Sequence[str]) -> Iterator[Row]:
    """Measure, one after the other."""
    names = [*CASES, *(CURVE if profile == "full" else ())]
    for name in names:
        for system in systems(case_of(name, profile)) if name in CASES else ("shuangsuiji",):
            if only and not any(text in f"{name} {system}" for text in only):
                continue
            print(f"{name}: {system}", file=sys.stderr, flush=True)
            if profile == "quick" and (name, system) in LEFT_TO_FULL:
                yield Row(name, system, None, None, None, "left to the full profile")
            else:
                yield _row(name, system, profile)


def registry_rows(options: argparse.Namespace) -> Iterator[Row]:
    """The whole batch on a registry of the caller's, if there is one."""
    if options.registry is None:
        return
    command = [sys.executable, "-m", "benchmarks.quarter", "--json", "--registry", str(options.registry)]
    for option in ("risk", "plan"):
        if (given := getattr(options, option)) is not None:
            command += [f"--{option}", str(given)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        yield Row("batch/registry", "shuangsuiji", None, None, None, f"failed: {done.stderr.strip()}")
        return
    run = json.loads(done.stdout)
    seconds = sum(stage["seconds"] for stage in run["stages"])
    peak = max(stage["peak_mb"] or 0 for stage in run["stages"])
    note = f"{run['rows']:,} rows, {run['targets']:,} drawn, {run['blocks']:,} blocks"
    yield Row("batch/registry", "shuangsuiji", seconds, peak, None, note)


def _row(name: str, system: str, profile: Profile) -> Row:
    command = [sys.executable, "-m", "benchmarks.measure", name, system, profile]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST[profile], check=False)
    except subprocess.TimeoutExpired:
        return Row(name, system, None, None, None, f"not done within {LONGEST[profile]:,} s")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["killed"])[-1]
        return Row(name, system, None, None, None, f"failed ({done.returncode}): {last}")
    found = json.loads(done.stdout.splitlines()[-1])
    return Row(name, system, found["seconds"], found["peak_mb"], None, found["note"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; 1 if a system failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--profile", choices=list(LONGEST), default="quick")
    parser.add_argument("--output", type=Path, default=Path("build/bench"))
    parser.add_argument("--only", nargs="+", default=[])
    for option in ("--registry", "--risk", "--plan"):
        parser.add_argument(option, type=Path)
    options = parser.parse_args(arguments)
    measured: list[Row] = []
    found: list[Row] = []
    for row in chain(rows(options.profile, options.only), registry_rows(options)):
        measured.append(row)
        found = report.with_ratios(measured)
        report.write(options.output, options.profile, found)  # each time: the full profile may be broken off
    report.draw(options.output, found)
    print(report.markdown(options.profile, found))
    return int(any(row.note.startswith("failed") for row in found))


if __name__ == "__main__":
    raise SystemExit(main())
