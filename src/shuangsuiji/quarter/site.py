"""`publish site` (公示网站): a folder with all that was published, for any web server or file share.

It is made of the files and views that `publish` kept, so that nothing gets into it that was not published; results
whose term is over stay out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from shuangsuiji.bundle.disclose_results import PublicResults, take_down
from shuangsuiji.bundle.public import PublicDraw, PublicList
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.publish.site.build import build
from shuangsuiji.publish.site.model import KINDS, Bundle, Kind, Paper, Site, SiteDraw, place
from shuangsuiji.publish.views import from_json
from shuangsuiji.publish.words import BEIJING
from shuangsuiji.quarter.dossier import read_texts
from shuangsuiji.quarter.export import public_archive, read_batch
from shuangsuiji.quarter.publication import Publication, read_publication
from shuangsuiji.quarter.publish import TABLE, VIEWS
from shuangsuiji.store import files, instants
from shuangsuiji.store.environment import environment
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store

_PUBLIC: Final = "public/"
_ORDER: Final = ("html", "pdf", "csv", "xlsx", "json")


@dataclass(frozen=True, slots=True)
class SiteResult:
    """A site that was made: where, of how many draws, how many files and bytes.

    `sha256` (hex) is the digest of its files' digests and names, one line each as `sha256sum` writes them, by name.
    """

    path: Path
    draws: int
    rehearsal: bool
    files: int
    size: int
    sha256: str


@dataclass(slots=True)
class _Tally:
    """What has gone by of the files of a site."""

    size: int = 0
    lines: list[tuple[str, str]] = field(default_factory=list)

    def passed(self, made: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        for name, data in made:
            self.size += len(data)
            self.lines.append((name, sha256(data).hexdigest()))
            yield name, data

    @property
    def digest(self) -> str:
        text = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.lines))
        return sha256(text.encode()).hexdigest()


def site(
    store: Store,
    folder: Path,
    *,
    rehearsals: bool = False,
    bundles: bool = True,
    override: Path | None = None,
    operator: str,
    now: datetime,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> SiteResult:
    """Make the site as a new folder, which appears whole or not at all.

    Rehearsals are part of it only if there is no real draw, or with `rehearsals`; public bundles unless `bundles` is
    false. Raises WrongState `quarter.site_taken`, `quarter.site_empty`; EnvironmentRefused as `environment`.
    """
    if folder.exists():
        raise WrongState("quarter.site_taken", folder=str(folder))
    rules = read_publication(workspace=store.layout.root, override=override)
    with store.read() as reader:
        reader.check_operator(operator)
        made = read_site(reader, rules, rehearsals=rehearsals, bundles=bundles, now=now, tell=tell)
    tally = _Tally()
    with (
        environment(folder),
        files.new_folder(folder, tally.passed(build(made)), files.PUBLIC, files.PUBLIC_FOLDER) as put,
        store.begin(operator, "publish site", now) as transaction,
    ):
        transaction.details(
            draws=[f"{one.mode} {one.number}" for one in made.draws],
            files=len(tally.lines),
            sha256=tally.digest,
        )
        put()
    return SiteResult(folder, len(made.draws), made.rehearsal, len(tally.lines), tally.size, tally.digest)


def read_site(
    reader: Reader,
    rules: Publication,
    *,
    rehearsals: bool,
    bundles: bool,
    now: datetime,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Site:
    """What a site is made of on a day. WrongState `quarter.site_empty` if nothing was published."""
    published = [one for one in reader.draws() if any(name.startswith(_PUBLIC) for name in one.files)]
    real = [one for one in published if one.mode == "real"]
    chosen = published if rehearsals or not real else real
    if not chosen:
        raise WrongState("quarter.site_empty")
    issued = _issued(reader)
    draws: list[SiteDraw] = []
    for draw in chosen:
        draws.append(_draw(reader, draw, issued, rules, bundles=bundles, now=now))
        tell(len(draws), len(chosen))
    return Site(reader.workspace().authority, now.astimezone(BEIJING).date(), tuple(draws))


def _issued(reader: Reader) -> dict[tuple[str, int, str], date]:
    """The day on which each file was published, by mode, number and name, as the log has it."""
    found: dict[tuple[str, int, str], date] = {}
    for entry in reader.log():
        if entry.verb == "publish":
            details: Any = entry.details
            day = instants.from_text(entry.time).astimezone(BEIJING).date()
            for name in details["published"]:
                found[details["mode"], details["draw"], name] = day
    return found


def _draw(
    reader: Reader,
    draw: DrawRow,
    issued: dict[tuple[str, int, str], date],
    rules: Publication,
    *,
    bundles: bool,
    now: datetime,
) -> SiteDraw:
    today = now.astimezone(BEIJING).date()
    views: list[PublicDraw] = [from_json(reader.file(draw, name)) for name in _views(draw, "result", "list")]
    lists: list[PublicList] = [one.list for one in views if one.list is not None]
    told: list[PublicResults] = [from_json(reader.file(draw, name)) for name in _views(draw, "inspection")]
    return SiteDraw(
        mode=draw.mode,
        number=draw.number,
        plan=draw.plan_id,
        title=read_texts(reader, draw).title or draw.plan_id,
        papers=tuple(_papers(reader, draw, issued)),
        view=views[-1] if views else None,
        listing=lists[-1] if lists else None,
        results=take_down(told[-1], rules.terms, today) if told else None,
        bundle=_bundle(reader, draw, now) if bundles else Bundle(refused="left_out"),
    )


def _views(draw: DrawRow, *kinds: str) -> list[str]:
    """The views kept of a draw's publications of some kinds, in their order."""
    found = []
    for name in draw.files:
        placed = place(name.removeprefix(VIEWS)) if name.startswith(VIEWS) else None
        if placed and placed[0] in kinds:
            # The list follows the first result; later results count the records.
            found.append((placed[1], placed[0] == "list", name))
    return [name for *_, name in sorted(found)]


def _papers(reader: Reader, draw: DrawRow, issued: dict[tuple[str, int, str], date]) -> Iterator[Paper]:
    """The papers of a draw in the order in which they were published."""
    found: dict[tuple[Kind, int], list[str]] = {}
    for name in draw.files:
        placed = place(name.removeprefix(_PUBLIC)) if name.startswith(_PUBLIC) else None
        if placed is not None:
            found.setdefault(placed, []).append(name)
    papers = []
    for (kind, number), names in found.items():
        names.sort(key=lambda name: _ORDER.index(name.rpartition(".")[2]))
        day = min(issued[draw.mode, draw.number, name] for name in names)
        files_of = {name.removeprefix(_PUBLIC): reader.file(draw, name) for name in names}
        papers.append(Paper(kind, number, day, files_of))
    yield from sorted(papers, key=lambda one: (one.issued, KINDS.index(one.kind), one.number))


def _bundle(reader: Reader, draw: DrawRow, now: datetime) -> Bundle:
    """公开包 of a draw whose list is published, or why there is none."""
    if TABLE not in draw.files:
        return Bundle(refused="unpublished")
    try:
        data = public_archive(reader, draw, read_batch(reader, draw, now))
    except (InputRefused, WrongState) as why:
        if why.code in ("bundle.tasks_overlap", "bundle.list_held_back", "quarter.salt_key_lost"):
            return Bundle(refused=why.code)
        raise
    return Bundle(data, sha256(data).hexdigest())
