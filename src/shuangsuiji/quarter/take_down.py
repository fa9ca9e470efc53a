"""`publish down` (撤下到期结果): results whose term is over come out of the files under `published/`.

Each notice that told of one is written anew in its place, without it and with a line that says so; a table that came
with an older notice of the draw goes, for a later one has all of it. The log, what the workspace keeps of each
publication and the auditor's bundles stay as they are.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Final

from shuangsuiji.bundle.disclose_results import PublicResult, in_force
from shuangsuiji.core.encoding import Json
from shuangsuiji.errors import WrongState
from shuangsuiji.publish.content import from_json
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.inspections import inspection_files, public_results
from shuangsuiji.quarter.publication import read_publication
from shuangsuiji.quarter.published import PUBLIC, content_name, inspection_views, last_list, result_views
from shuangsuiji.store import files
from shuangsuiji.store.environment import environment
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store

_DOWN: Final = "down/"
"""Marks among a draw's files, numbered: the rows that were taken down, by enterprise and task."""
_OLDER: Final = re.compile(rf"{PUBLIC}result-\d+\.csv")


@dataclass(frozen=True, slots=True)
class Due:
    """到期: the enterprises of a draw whose results should come down, and the first day on which one should have."""

    names: tuple[str, ...]
    since: date


@dataclass(frozen=True, slots=True)
class DownDraw:
    """A draw of which results came down: of how many enterprises (户), the files written anew, those removed."""

    plan: str
    mode: str
    draw: int
    targets: int
    replaced: tuple[Path, ...]
    removed: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class DownResult:
    """All draws of which something came down."""

    draws: tuple[DownDraw, ...]


def take_down_published(
    store: Store, *, plan_id: str | None = None, operator: str, now: datetime, config: Path | None = None
) -> DownResult:
    """Take down what is due, of one plan if it is named. Files that are not there any more are not made again.

    Raises WrongState `quarter.nothing_to_take_down`; InputRefused as `read_publication`; EnvironmentRefused.
    """
    today = civil_day(now)
    done: list[DownDraw] = []
    with store.begin(operator, "publish down", now) as transaction:
        for draw in transaction.draws():
            rows = _rows(transaction, draw, today, config) if plan_id in (None, draw.plan_id) else ()
            if not rows:
                continue
            keys = json.dumps(sorted(one.key for one in rows), ensure_ascii=False).encode()
            transaction.put_files(draw, {f"{_DOWN}{len(_marks(draw)) + 1}": keys})
            folder = store.layout.published / f"{draw.mode}-{draw.number}"
            anew = dict(_anew(transaction, draw, folder, today, config))
            replaced = {path: data for path, data in anew.items() if data is not None}
            for path, data in anew.items():
                with environment(path):
                    path.unlink() if data is None else files.write(path, data, files.PUBLIC)
            targets = len({one.id for one in rows})
            removed = tuple(path for path in anew if path not in replaced)
            done.append(DownDraw(draw.plan_id, draw.mode, draw.number, targets, tuple(replaced), removed))
            digests = {path.name: sha256(data).hexdigest() for path, data in replaced.items()}
            own: Json = {"targets": targets, "replaced": digests, "removed": [path.name for path in removed]}
            transaction.details(**{f"{draw.mode} {draw.number}": own})
        if not done:
            raise WrongState("quarter.nothing_to_take_down")
    return DownResult(tuple(done))


def due(reader: Reader, draw: DrawRow, today: date, config: Path | None = None) -> Due | None:
    """What should come down of a draw by now; None if nothing should."""
    rows = _rows(reader, draw, today, config)
    if not rows:
        return None
    term = in_force(read_publication(workspace=reader.layout.root, override=config).terms, today)
    ended = [day for one in rows if term and (day := term.ends(one))]
    return Due(tuple({one.id: one.name for one in rows}.values()), min(ended))


def _rows(reader: Reader, draw: DrawRow, today: date, config: Path | None) -> Sequence[PublicResult]:
    """The rows whose term is over and which nobody has taken down."""
    shown = public_results(reader, draw, today, config)
    if shown is None:
        return ()
    gone = {tuple(key) for name in _marks(draw) for key in json.loads(reader.file(draw, name))}
    return [one for one in shown.rows if one.down and one.key not in gone]


def _marks(draw: DrawRow) -> list[str]:
    return [name for name in draw.files if name.startswith(_DOWN)]


def _anew(
    reader: Reader, draw: DrawRow, folder: Path, today: date, config: Path | None
) -> Iterator[tuple[Path, bytes | None]]:
    """The files in a draw's folder that have to change, with what they become; None: they go."""
    listing = last_list(result_views(reader, draw))
    assert listing is not None  # noqa: S101 - results are told of those who stand in a list
    made: dict[str, bytes | None] = {name: None for name in draw.files if _OLDER.fullmatch(name)}
    for view in inspection_views(reader, draw):
        content = reader.file(draw, content_name(f"inspection-{view.number}.html"))
        verifier = from_json(content).verifier
        made |= inspection_files(reader, view, listing, today, verifier, config)
    for name, data in made.items():
        path = folder / PurePath(name).stem / PurePath(name).name
        if name.startswith(PUBLIC) and path.is_file() and path.read_bytes() != data:
            yield path, data
