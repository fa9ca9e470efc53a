"""`sample` (样例数据): a synthetic district, or inspectors and recusals made up for the registry that was imported."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shuangsuiji import sample
from shuangsuiji.errors import InputRefused, Listing, WrongState
from shuangsuiji.rosters import Rules
from shuangsuiji.store import Store
from shuangsuiji.store.environment import environment


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file made up, and how many rows it has below its headings."""

    path: Path
    rows: int


@dataclass(frozen=True, slots=True)
class SampleResult:
    """The files of one call, all in one folder."""

    files: tuple[SampleFile, ...]


def district(folder: Path, *, seed: int = sample.SEED, size: int = sample.SIZE) -> SampleResult:
    """All rosters of a synthetic district of `size` entities (户), as `sample_data/` has them.

    Raises InputRefused `sample.*`; EnvironmentRefused as `environment`.
    """
    return _written(sample.district(seed=seed, size=size), folder)


def people(
    store: Store,
    folder: Path,
    *,
    column: str,
    number: int,
    pairs: int,
    seed: int = sample.SEED,
    config: Path | None = None,
) -> SampleResult:
    """`number` inspectors with their yearly review, and `pairs` recusals, for the registry as it stands.

    `column` is the registry's heading for the district, in any spelling that `headings.toml` knows; `config` the
    directory given by `--config`. Raises WrongState `quarter.roster_missing`; InputRefused
    `sample.*`; EnvironmentRefused as `environment`.
    """
    with store.read() as reader:
        current = reader.current_import("entities")
        if current is None:
            raise WrongState("quarter.roster_missing", roster="entities")
        registry = reader.snapshot(current.digest)
    headings = Rules.load(workspace=store.layout.root, override=config).headings
    column = headings.frame_column("entities", column)
    if column not in registry.columns:
        raise InputRefused("sample.column", column=column, known=Listing(registry.columns))
    staff = sample.inspectors(Counter(registry[column].tolist()), seed=seed, number=number)
    recusals = sample.conflicts(staff.districts(), registry["id"].tolist(), seed=seed, pairs=pairs)
    return _written((*staff.tables, recusals), folder)


def _written(tables: Iterable[sample.Table], folder: Path) -> SampleResult:
    made = tuple(tables)
    with environment(folder):
        paths = sample.write(made, folder)
    rows = (len(table.rows) for table in made)
    return SampleResult(tuple(map(SampleFile, paths, rows)))
