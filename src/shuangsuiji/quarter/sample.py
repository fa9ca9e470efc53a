"""`sample` (样例数据): a synthetic district; inspectors and recusals for a registry; results of a batch."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shuangsuiji import sample
from shuangsuiji.errors import InputRefused, Listing, WrongState
from shuangsuiji.publish.words import zh
from shuangsuiji.quarter.chronicle import read_chronicle, recorded_draw
from shuangsuiji.quarter.dossier import read_texts
from shuangsuiji.quarter.schedule import read_schedule
from shuangsuiji.rosters import Rules
from shuangsuiji.sample.results import PlannedVisit, weekly
from shuangsuiji.sample.results import results as made_results
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


def results(
    store: Store,
    folder: Path,
    *,
    lost: int,
    by_week: bool = False,
    plan_id: str | None = None,
    seed: int = sample.SEED,
) -> SampleResult:
    """What the platform would export of a batch whose calendar was carried out; exactly `lost` 户 cannot be found.

    `by_week`: as it would week by week. Raises WrongState `sample.no_calendar` and as `recorded_draw`, InputRefused
    `sample.lost`; EnvironmentRefused as `environment`.
    """
    with store.read() as reader:
        draw = recorded_draw(reader, plan_id)
        calendar = read_schedule(reader, draw)
        if calendar is None:
            raise WrongState("sample.no_calendar", plan=draw.plan_id)
        chronicle, texts = read_chronicle(reader, draw), read_texts(reader, draw)
    tasks = {task.id: task for task in chronicle.grounds.frozen.plan.tasks}
    visits = [
        PlannedVisit(
            plan=draw.plan_id,
            task=tasks[task].name,
            kind=zh("publish.directed" if texts.tasks[task].directed else "publish.undirected"),
            items=tasks[task].items,
            target=visit.target,
            name=chronicle.state.targets[visit.target].target.entity.name,
            day=visit.day.isoformat(),
            persons=visit.persons,
        )
        for visit in calendar.visits
        for task in visit.tasks
    ]
    whole = made_results(visits, seed=seed, lost=lost)
    return _written(weekly(whole, seed=seed) if by_week else [whole], folder)


def _written(tables: Iterable[sample.Table], folder: Path) -> SampleResult:
    made = tuple(tables)
    with environment(folder):
        paths = sample.write(made, folder)
    rows = (len(table.rows) for table in made)
    return SampleResult(tuple(map(SampleFile, paths, rows)))
