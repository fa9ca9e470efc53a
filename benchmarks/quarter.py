"""A whole batch on any registry, with generated inspectors: what each stage takes, what comes out.

    python -m benchmarks.quarter --registry FILE [--risk FILE] [--plan FILE] [--inspectors N] [--day DATE] [--json]

It goes from the import to the published list, its bundle and verification, and on: days for the visits, invented
results, their review by a second person, their publication, the way of those who could not be found to the
abnormal-operations list, the examination of what was carried out, the year's account, the public site. What needs a
Chinese font is left out: the papers to print, and the site's notices as PDF.

It is a rehearsal (演练) in a fresh temporary workspace, seeded by hand, so a run with the same files has the same
digest; order of rows, format of files and hash seed make no difference. The inspectors are made up for the values of
the column that the plan names as its district, with `市场监管` or something else as their qualification. No verb
looks at the clock: all up to the calendar is done on the day given, the rest on the days after the last visit.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from benchmarks.stages import Stage, Stages
from shuangsuiji import messages
from shuangsuiji.audit.executed import Limits
from shuangsuiji.audit.verify import verify
from shuangsuiji.config import shipped
from shuangsuiji.errors import ShuangsuijiError
from shuangsuiji.followup.abnormal import DECIDED, LETTER_1, LETTER_2, PROPOSED, VERIFIED, NewStep
from shuangsuiji.plan import read_plan
from shuangsuiji.publish.words import BEIJING
from shuangsuiji.quarter import (
    abnormal,
    calendar_files,
    draw,
    execution,
    export,
    freeze,
    imports,
    match,
    plan,
    publish,
    report,
    result_entry,
    review,
    sample,
    schedule,
    seed,
    site,
)
from shuangsuiji.rosters import Kind
from shuangsuiji.store import Store

OPERATOR, REVIEWER = "测量员", "复核员"
NOW = datetime(2021, 4, 1, 8, tzinfo=UTC)
A_DAY = timedelta(days=1)
LOST = (246, 2_225)
"""How many of how many targets cannot be contacted, as in the founding report's year; one at least."""
LISTED = ((PROPOSED, 0), (LETTER_1, 1), (LETTER_2, 20), (VERIFIED, 30), (DECIDED, 35))
"""What is recorded of them, so many days after the results are public: the letters lie as far apart as they have to."""
SEED = "20210401" * 8
SALT_KEY = bytes(range(32))
PAIRS = 2_000
KINDS: dict[str, Kind] = {
    "inspectors.csv": "inspectors",
    "review.csv": "review",
    "conflicts.csv": "conflicts",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the draw came to: rows (户) read and refused, drawn by tier, digest of the public CSV, verification."""

    rows: int
    refused: int
    drawn: dict[str, int]
    targets: int
    blocks: int
    csv_sha256: str
    bundle_sha256: str
    result: str
    verified: int


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What came after it: visits and their days, results (项) entered, approved and public, what was examined and told.

    `cost` and `bound` are the calendar's; `done` visits have a result, and of their `places` the very person drawn
    came to `kept`; `listed` were put on the list of abnormal operations; `account` are the files of the year's account,
    `site` those of the public site.
    """

    visits: int
    first: str
    last: str
    cost: int
    bound: int
    entries: int
    results_refused: int
    approved: int
    published: tuple[str, ...]
    done: int
    places: int
    kept: int
    listed: int
    account: int
    site: int
    site_sha256: str


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run: what each stage took, what it came to."""

    stages: tuple[Stage, ...]
    batch: Drawn
    after: CarriedOut


def run(
    registry: Path, risk: Path | None, plan_file: Path, inspectors: int, folder: Path, now: datetime = NOW
) -> Run:
    """Do the whole batch in the empty `folder`; `now` is when it is drawn."""
    stages = Stages()
    store = Store.create(folder / "workspace", "演练", "410000", (OPERATOR, REVIEWER), now)
    imported = _imported(store, stages, registry, risk, now)
    _manned(store, stages, plan_file, inspectors, folder, now)
    batch = _drawn(store, stages, plan_file, folder, now, imported)
    after = _carried_out(store, stages, batch.targets, folder, now)
    return Run(tuple(stages.done), batch, after)


def _imported(
    store: Store, stages: Stages, registry: Path, risk: Path | None, now: datetime
) -> imports.ImportResult:
    with stages.measure("import registry"):
        entities = imports.import_roster(store, "entities", [registry], operator=OPERATOR, now=now)
    with stages.measure("import risk"):
        if risk is not None:
            imports.import_roster(store, "risk", [risk], operator=OPERATOR, now=now)
    return entities


def _manned(
    store: Store, stages: Stages, plan_file: Path, inspectors: int, folder: Path, now: datetime
) -> None:
    """Inspectors for the districts that the plan speaks of."""
    registry_plan = read_plan(plan_file).plan
    district = registry_plan.columns.get(registry_plan.district or "", "")
    with stages.measure("generate inspectors"):
        made = sample.people(store, folder / "people", column=district, number=inspectors, pairs=PAIRS)
    with stages.measure("import inspectors"):
        for file in made.files:
            kind = KINDS[file.path.name]
            imports.import_roster(store, kind, [file.path], operator=OPERATOR, now=now)


def _drawn(
    store: Store, stages: Stages, plan_file: Path, folder: Path, now: datetime, entities: imports.ImportResult
) -> Drawn:
    """From the plan to the verified bundle."""
    with stages.measure("adopt"):
        plan.adopt(store, plan_file, rehearsal=True, operator=OPERATOR, now=now, salt_key=SALT_KEY)
    with stages.measure("freeze"):
        freeze.freeze(store, values=("explicit:1",), operator=OPERATOR, now=now)
    with stages.measure("publish commitment"):
        publish.publish(store, operator=OPERATOR, now=now)
    with stages.measure("seed"):
        seed.explicit(store, SEED, operator=OPERATOR, now=now)
    with stages.measure("draw"):
        drawn = draw.draw(store, operator=OPERATOR, now=now)
    with stages.measure("match"):
        matched = match.match(store, operator=OPERATOR, now=now)
    with stages.measure("publish result"):
        publish.publish(store, operator=OPERATOR, now=now)
    with stages.measure("export"):
        table = export.csv(store, folder / "result.csv", now=now)
        bundle = export.bundle(store, folder / "bundle.zip", operator=OPERATOR, now=now)
    with stages.measure("verify"):
        verification = verify(bundle.path)
    return Drawn(
        rows=entities.rows_read,
        refused=entities.refused_rows,
        drawn={f"{tier.task}/{tier.tier}": tier.drawn for tier in drawn.tiers},
        targets=drawn.targets,
        blocks=matched.blocks,
        csv_sha256=table.sha256,
        bundle_sha256=bundle.sha256,
        result=matched.result,
        verified=verification.exit_code(rehearsal=True),
    )


def _carried_out(store: Store, stages: Stages, targets: int, folder: Path, now: datetime) -> CarriedOut:
    """From the days of the visits to the public site."""
    with stages.measure("schedule make"):
        made = schedule.make(store, operator=OPERATOR, now=now)
    with stages.measure("schedule export"):  # without papers, which need a Chinese font
        calendar_files.export(store, folder / "calendar", papers=False, operator=OPERATOR, now=now)
    # Not before the draw: the window of a rehearsal may be over when it is drawn.
    visited = datetime.combine(date.fromisoformat(made.last), now.astimezone(BEIJING).time(), BEIJING)
    entered = max(now, visited) + A_DAY
    reviewed, told = entered + A_DAY, entered + 2 * A_DAY
    lost = -(-targets * LOST[0] // LOST[1])
    with stages.measure("generate results"):
        invented = sample.results(store, folder / "results", lost=lost)
    with stages.measure("results import"):
        exported = [file.path for file in invented.files]
        entries = result_entry.import_results(store, exported, operator=OPERATOR, now=entered)
    with stages.measure("results review"):
        everything = review.Selection(everything=True)
        approved = review.review(store, everything, approved=True, operator=REVIEWER, now=reviewed)
    with stages.measure("publish inspections"):
        published = publish.publish(store, operator=OPERATOR, now=told)
    with stages.measure("abnormal steps"):
        listed = _listed(store, told)
    ended = told + LISTED[-1][1] * A_DAY
    with stages.measure("audit execution"):
        examined = execution.execution(store, rehearsal=True, limits=Limits())
    with stages.measure("report"):
        year = date.fromisoformat(made.first).year
        account = report.report(store, folder / "account", year=year, rehearsal=True, now=ended)
    with stages.measure("publish site"):
        public = site.site(store, folder / "site", operator=OPERATOR, now=ended)
    return CarriedOut(
        visits=made.visits,
        first=made.first,
        last=made.last,
        cost=made.cost,
        bound=made.bound,
        entries=entries.entries,
        results_refused=entries.refused_rows,
        approved=approved.count,
        published=tuple(one.path.name for one in published.artefacts),
        done=examined.done,
        places=examined.places,
        kept=examined.kept,
        listed=listed,
        account=len(account.files),
        site=public.files,
        site_sha256=public.sha256,
    )


def _listed(store: Store, told: datetime) -> int:
    """All steps of those who were lost, up to the list; how many are on it."""
    everybody, listed = abnormal.Chosen(everything=True), 0
    for step, days in LISTED:
        now = told + days * A_DAY
        new = NewStep(step, now.astimezone(BEIJING).date(), reference="测量")
        listed = abnormal.step(store, new, everybody, operator=OPERATOR, now=now).stages.get(DECIDED, 0)
    return listed


def _table(run: Run) -> str:
    lines = ["| stage | seconds | CPU seconds | peak MB |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {one.name} | {one.seconds:.2f} | {one.cpu_seconds:.2f} | {one.peak_mb or '-'} |"
        for one in run.stages
    ]
    seconds, worked = (sum(one.seconds for one in run.stages), sum(one.cpu_seconds for one in run.stages))
    lines += [f"| all | {seconds:.2f} | {worked:.2f} | {max(one.peak_mb or 0 for one in run.stages)} |"]
    batch, after = run.batch, run.after
    tiers = ", ".join(f"{name} {count}" for name, count in batch.drawn.items())
    facts = [
        f"{batch.rows:,} rows in, {batch.refused:,} refused",
        f"{batch.targets:,} drawn ({tiers}); {batch.blocks:,} blocks",
        f"public CSV sha256 {batch.csv_sha256}",
        f"result digest {batch.result}",
        f"verification: exit code {batch.verified}",
        f"{after.visits:,} visits from {after.first} to {after.last}; cost {after.cost:,}, bound {after.bound:,}",
        f"{after.entries:,} results entered, {after.results_refused:,} rows refused, {after.approved:,} approved",
        f"published: {', '.join(after.published)}",
        f"{after.done:,} visits with a result; of {after.places:,} places {after.kept:,} were taken by who was drawn",
        f"{after.listed:,} put on the list of abnormal operations",
        f"account: {after.account} files; site: {after.site} files, sha256 {after.site_sha256}",
    ]
    return "\n".join([*lines, "", *facts])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it, print it; the exit code is that of the verification."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quarter", description=__doc__)
    parser.add_argument("--registry", type=Path, required=True)
    parser.add_argument("--risk", type=Path)
    parser.add_argument("--plan", type=Path, default=shipped("config") / "plans" / "henan-registry.toml")
    parser.add_argument("--inspectors", type=int, default=3_000)
    parser.add_argument("--day", type=date.fromisoformat, default=NOW.date(), help="of the draw, YYYY-MM-DD")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    now = datetime.combine(options.day, time(NOW.hour), UTC)
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = run(options.registry, options.risk, options.plan, options.inspectors, Path(folder), now)
        except ShuangsuijiError as refused:
            print(messages.render(refused, "en"), file=sys.stderr)
            return refused.exit_code
    print(json.dumps(asdict(done), ensure_ascii=False, indent=1) if options.json else _table(done))
    return done.batch.verified


if __name__ == "__main__":
    raise SystemExit(main())
