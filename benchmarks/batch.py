"""A whole batch on a generated district: there is nobody to compare with, so the longest stage is named."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from benchmarks import quarter
from benchmarks.cases import Batch
from benchmarks.jobs import Job
from shuangsuiji import sample
from shuangsuiji.config import shipped


def _ours(case: Batch) -> Job[quarter.Run]:
    """From the import to the verified bundle, and on to the published results, the account and the site."""
    given = tempfile.TemporaryDirectory()
    folder = Path(given.name)
    sample.write(sample.district(seed=7, size=case.enterprises), folder)
    plan = folder / "plan.toml"
    text = (shipped("config") / "plans" / "henan-registry.toml").read_text(encoding="utf-8")
    plan.write_text(text.replace('"地区"', '"所属乡镇"'), encoding="utf-8")
    registry, risk = folder / "entities-enterprises.csv", folder / "risk.csv"

    def work() -> quarter.Run:
        with tempfile.TemporaryDirectory(dir=folder) as fresh:
            return quarter.run(registry, risk, plan, 200, Path(fresh))

    def note(run: quarter.Run) -> str:
        longest = max(run.stages, key=lambda stage: stage.seconds)
        done = f"{run.batch.rows:,} rows, {run.batch.targets:,} drawn"
        return f"{done}; longest stage: {longest.name}, {longest.seconds:.2f} s"

    return Job(work, note, cleanup=given.cleanup)


BATCHES: Final[Mapping[str, Callable[[Batch], Job[quarter.Run]]]] = {"shuangsuiji": _ours}
