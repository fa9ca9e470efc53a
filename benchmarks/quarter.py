"""A whole batch on any registry, with generated inspectors: what each stage takes, what comes out.

    python -m benchmarks.quarter --registry FILE [--risk FILE] [--plan FILE] [--inspectors N] [--json]

It is a rehearsal (演练) in a fresh temporary workspace, seeded by hand, so a run with the same files has the same
digest; order of rows, format of files and hash seed make no difference. The inspectors are made up for the values of
the column that the plan names as its district, with `市场监管` or something else as their qualification.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.stages import Stage, Stages
from shuangsuiji import messages
from shuangsuiji.audit.verify import verify
from shuangsuiji.config import shipped
from shuangsuiji.errors import ShuangsuijiError
from shuangsuiji.plan import read_plan
from shuangsuiji.quarter import draw, export, freeze, imports, match, plan, publish, sample, seed
from shuangsuiji.rosters import Kind
from shuangsuiji.store import Store

OPERATOR = "测量员"
NOW = datetime(2021, 4, 1, 8, tzinfo=UTC)
SEED = "20210401" * 8
SALT_KEY = bytes(range(32))
PAIRS = 2_000
KINDS: dict[str, Kind] = {
    "inspectors.csv": "inspectors",
    "review.csv": "review",
    "conflicts.csv": "conflicts",
}


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to: rows (户) read and refused, drawn by tier, digest of the public CSV, verification."""

    stages: tuple[Stage, ...]
    rows: int
    refused: int
    drawn: dict[str, int]
    targets: int
    blocks: int
    csv_sha256: str
    bundle_sha256: str
    result: str
    verified: int


def run(registry: Path, risk: Path | None, plan_file: Path, inspectors: int, folder: Path) -> Run:
    """Do the whole batch in the empty `folder`."""
    stages = Stages()
    registry_plan = read_plan(plan_file).plan
    district = registry_plan.columns.get(registry_plan.district or "", "")
    store = Store.create(folder / "workspace", "演练", "410000", (OPERATOR,), NOW)
    with stages.measure("import registry"):
        entities = imports.import_roster(store, "entities", [registry], operator=OPERATOR, now=NOW)
    with stages.measure("import risk"):
        if risk is not None:
            imports.import_roster(store, "risk", [risk], operator=OPERATOR, now=NOW)
    with stages.measure("generate inspectors"):
        made = sample.people(store, folder / "people", column=district, number=inspectors, pairs=PAIRS)
    with stages.measure("import inspectors"):
        for file in made.files:
            kind = KINDS[file.path.name]
            imports.import_roster(store, kind, [file.path], operator=OPERATOR, now=NOW)
    with stages.measure("adopt"):
        plan.adopt(store, plan_file, rehearsal=True, operator=OPERATOR, now=NOW, salt_key=SALT_KEY)
    with stages.measure("freeze"):
        freeze.freeze(store, values=("explicit:1",), operator=OPERATOR, now=NOW)
    with stages.measure("publish commitment"):
        publish.publish(store, operator=OPERATOR, now=NOW)
    with stages.measure("seed"):
        seed.explicit(store, SEED, operator=OPERATOR, now=NOW)
    with stages.measure("draw"):
        drawn = draw.draw(store, operator=OPERATOR, now=NOW)
    with stages.measure("match"):
        matched = match.match(store, operator=OPERATOR, now=NOW)
    with stages.measure("publish result"):
        publish.publish(store, operator=OPERATOR, now=NOW)
    with stages.measure("export"):
        table = export.csv(store, folder / "result.csv", now=NOW)
        bundle = export.bundle(store, folder / "bundle.zip", operator=OPERATOR, now=NOW)
    with stages.measure("verify"):
        report = verify(bundle.path)
    return Run(
        stages=tuple(stages.done),
        rows=entities.rows_read,
        refused=entities.refused_rows,
        drawn={f"{tier.task}/{tier.tier}": tier.drawn for tier in drawn.tiers},
        targets=drawn.targets,
        blocks=matched.blocks,
        csv_sha256=table.sha256,
        bundle_sha256=bundle.sha256,
        result=matched.result,
        verified=report.exit_code(rehearsal=True),
    )


def _table(run: Run) -> str:
    lines = ["| stage | seconds | peak MB |", "| --- | ---: | ---: |"]
    lines += [f"| {one.name} | {one.seconds:.2f} | {one.peak_mb or '-'} |" for one in run.stages]
    lines += [
        f"| all | {sum(one.seconds for one in run.stages):.2f} | {max(one.peak_mb or 0 for one in run.stages)} |"
    ]
    tiers = ", ".join(f"{name} {count}" for name, count in run.drawn.items())
    facts = [
        f"{run.rows:,} rows in, {run.refused:,} refused",
        f"{run.targets:,} drawn ({tiers}); {run.blocks:,} blocks",
        f"public CSV sha256 {run.csv_sha256}",
        f"result digest {run.result}",
        f"verification: exit code {run.verified}",
    ]
    return "\n".join([*lines, "", *facts])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it, print it; the exit code is that of the verification."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quarter", description=__doc__)
    parser.add_argument("--registry", type=Path, required=True)
    parser.add_argument("--risk", type=Path)
    parser.add_argument("--plan", type=Path, default=shipped("config") / "plans" / "henan-registry.toml")
    parser.add_argument("--inspectors", type=int, default=3_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = run(options.registry, options.risk, options.plan, options.inspectors, Path(folder))
        except ShuangsuijiError as refused:
            print(messages.render(refused, "en"), file=sys.stderr)
            return refused.exit_code
    print(json.dumps(asdict(done), ensure_ascii=False, indent=1) if options.json else _table(done))
    return done.verified


if __name__ == "__main__":
    raise SystemExit(main())
