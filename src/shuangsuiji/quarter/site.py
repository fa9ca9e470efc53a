"""`publish site` (公示网站): a folder with all that was published, for any web server or file share.

It is made of the files and views that `publish` kept, so that nothing gets into it that was not published; results
whose term is over stay out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.publish.site.build import build
from shuangsuiji.publish.site.model import KINDS, Bundle, Kind, Paper, Site, SiteDraw, place
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.dossier import read_texts
from shuangsuiji.quarter.export import public_archive, read_batch
from shuangsuiji.quarter.inspections import inspection_files, public_results
from shuangsuiji.quarter.notices import Format, in_format
from shuangsuiji.quarter.publication import read_publication
from shuangsuiji.quarter.publish import TABLE
from shuangsuiji.quarter.published import PUBLIC, content_name, inspection_views, last_list, result_views
from shuangsuiji.quarter.site_address import verifier_address
from shuangsuiji.store import files, instants
from shuangsuiji.store.environment import environment
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store

Issued = dict[tuple[str, int, str], date]
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
    formats: Sequence[Format] = (),
    override: Path | None = None,
    operator: str,
    now: datetime,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> SiteResult:
    """Make the site as a new folder, which appears whole or not at all.

    Rehearsals are part of it only if there is no real draw, or with `rehearsals`; public bundles unless `bundles` is
    false; notices in other `formats` than those that were published. Raises WrongState `quarter.site_taken`,
    `quarter.site_empty`; InputRefused `config.missing`, `rosters.settings_*`; EnvironmentRefused
    `publish.no_chinese_font` and as `environment`.
    """
    if folder.exists():
        raise WrongState("quarter.site_taken", folder=str(folder))
    read_publication(workspace=store.layout.root, override=override)
    with store.read() as reader:
        reader.check_operator(operator)
        made = read_site(
            reader,
            rehearsals=rehearsals,
            bundles=bundles,
            formats=formats,
            config=override,
            now=now,
            tell=tell,
        )
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
    *,
    rehearsals: bool,
    bundles: bool,
    formats: Sequence[Format],
    config: Path | None,
    now: datetime,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Site:
    """What a site is made of on a day. WrongState `quarter.site_empty` if nothing was published."""
    published = [one for one in reader.draws() if any(name.startswith(PUBLIC) for name in one.files)]
    real = [one for one in published if one.mode == "real"]
    chosen = published if rehearsals or not real else real
    if not chosen:
        raise WrongState("quarter.site_empty")
    issued = _issued(reader)
    draws: list[SiteDraw] = []
    for draw in chosen:
        draws.append(_draw(reader, draw, issued, bundles=bundles, formats=formats, config=config, now=now))
        tell(len(draws), len(chosen))
    return Site(reader.workspace().authority, civil_day(now), tuple(draws))


def _issued(reader: Reader) -> Issued:
    """The day on which each file was published, by mode, number and name, as the log has it."""
    found: dict[tuple[str, int, str], date] = {}
    for entry in reader.log():
        if entry.verb == "publish":
            details: Any = entry.details
            day = civil_day(instants.from_text(entry.time))
            for name in details["published"]:
                found[details["mode"], details["draw"], name] = day
    return found


def _draw(
    reader: Reader,
    draw: DrawRow,
    issued: Issued,
    *,
    bundles: bool,
    formats: Sequence[Format],
    config: Path | None,
    now: datetime,
) -> SiteDraw:
    today = civil_day(now)
    views = result_views(reader, draw)
    results = public_results(reader, draw, today, config)
    papers = _papers(reader, draw, issued)
    if results is not None and any(one.down for one in results.rows):
        papers = _without(reader, draw, papers, today, config)
    papers = [_formatted(reader, one, formats) for one in papers]
    return SiteDraw(
        mode=draw.mode,
        number=draw.number,
        plan=draw.plan_id,
        title=read_texts(reader, draw).title or draw.plan_id,
        papers=tuple(papers),
        view=views[-1] if views else None,
        listing=last_list(views),
        results=results,
        bundle=_bundle(reader, draw, now) if bundles else Bundle(refused="left_out"),
    )


def _papers(reader: Reader, draw: DrawRow, issued: Issued) -> list[Paper]:
    """The papers of a draw, as they were published, in the order in which they were."""
    found: dict[tuple[Kind, int], list[str]] = {}
    for name in draw.files:
        placed = place(name.removeprefix(PUBLIC)) if name.startswith(PUBLIC) else None
        if placed is not None:
            found.setdefault(placed, []).append(name)
    if ("list", 0) in found and TABLE in found.get(("result", 0), ()):
        found["result", 0].remove(TABLE)  # it came with the list
        found["list", 0].append(TABLE)
    papers = []
    for (kind, number), names in found.items():
        names.sort(key=lambda name: _ORDER.index(name.rpartition(".")[2]))
        day = min(issued[draw.mode, draw.number, name] for name in names)
        files_of = {name.removeprefix(PUBLIC): reader.file(draw, name) for name in names}
        said = [content_name(name) for name in names if name.endswith(".html")]
        content = reader.file(draw, said[0]) if said else b""
        papers.append(Paper(kind, number, day, files_of, content))
    return sorted(papers, key=lambda one: (one.issued, KINDS.index(one.kind), one.number))


def _without(
    reader: Reader, draw: DrawRow, papers: Sequence[Paper], today: date, config: Path | None
) -> list[Paper]:
    """The papers without results whose term is over: those about results are made anew, older tables left out."""
    views = result_views(reader, draw)
    listing = last_list(views)
    told = {one.number: one for one in inspection_views(reader, draw)}
    verifier = verifier_address(workspace=reader.layout.root, override=config)
    made = []
    for one in papers:
        paper, own = one, dict(one.files)
        if paper.kind == "inspection" and listing is not None:
            anew = inspection_files(reader, told[paper.number], listing, today, verifier, config)
            own = {name.removeprefix(PUBLIC): data for name, data in anew.items() if name.startswith(PUBLIC)}
            paper = replace(paper, content=anew[content_name(paper.page)])
        elif paper.number and paper.kind == "result":
            own = {name: data for name, data in own.items() if not name.endswith(".csv")}
        made.append(replace(paper, files=own))
    return made


def _formatted(reader: Reader, paper: Paper, formats: Sequence[Format]) -> Paper:
    """A paper in other formats as well, made from what it says."""
    stem = paper.page.rpartition(".")[0]
    wanted = [one for one in formats if f"{stem}.{one}" not in paper.files]
    if not paper.content or not wanted:
        return paper
    made = {f"{stem}.{one}": in_format(one, paper.content, reader.layout.fonts) for one in wanted}
    files_of = {**paper.files, **made}
    ordered = sorted(files_of, key=lambda name: _ORDER.index(name.rpartition(".")[2]))
    return replace(paper, files={name: files_of[name] for name in ordered})


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
