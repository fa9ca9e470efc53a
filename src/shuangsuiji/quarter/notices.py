"""`export notice` (导出公告): published notices in another format, from what was kept of them (`publish.content`)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Final, Literal

from shuangsuiji.errors import InputRefused, Listing, WrongState
from shuangsuiji.publish.content import Document, from_json
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.export import draw_name
from shuangsuiji.quarter.inspections import inspection_files
from shuangsuiji.quarter.publish import LIST_NOTICE, TABLE
from shuangsuiji.quarter.published import (
    CONTENT,
    PUBLIC,
    content_name,
    inspection_views,
    last_list,
    result_views,
)
from shuangsuiji.store import files
from shuangsuiji.store.environment import environment
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store

Format = Literal["pdf", "xlsx", "csv", "html"]

FORMATS: Final[tuple[Format, ...]] = ("pdf", "xlsx", "csv", "html")


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """A notice in one format: its name, where it was written, size in bytes, SHA-256 (hex)."""

    notice: str
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class NoticesResult:
    """The notices of a draw that were written; `unprintable` are characters (U+4E00) no font has."""

    plan: str
    mode: str
    draw: int
    files: tuple[NoticeFile, ...]
    unprintable: tuple[str, ...]


def notices(
    store: Store,
    path: Path | None,
    form: Format,
    *,
    names: Sequence[str] = (),
    plan_id: str | None = None,
    now: datetime,
    config: Path | None = None,
) -> NoticesResult:
    """Write the notices named (`plan-1`, `commitment`, `closing`, `result`) of the latest draw, by default all of them.

    They say what they said when they were published, but for results that have come down since, after their term.
    One named goes to the file `path`, more or all to the folder `path`; by default into the current folder, under the
    draw's name. Raises WrongState `quarter.no_notice`; InputRefused `quarter.no_such_notice`; EnvironmentRefused
    `publish.no_chinese_font` and as `environment`.
    """
    with store.read() as reader:
        draw = _draw(reader, plan_id)
        known = {PurePath(name).stem: name for name in draw.files if name.startswith(CONTENT)}
        for name in names:
            if name not in known:
                raise InputRefused("quarter.no_such_notice", name=name, known=Listing(sorted(known)))
        wanted = list(dict.fromkeys(names)) or sorted(known)
        own = {name: reader.file(draw, name) for name in draw.files if name.startswith((CONTENT, PUBLIC))}
        own = _standing(reader, draw, own, civil_day(now), config)
        contents = {name: from_json(own[known[name]]) for name in wanted}
        kept = _kept(own, wanted, form)
    unprintable: set[str] = set()
    make = _maker(form, store.layout.fonts, unprintable)
    made = {name: kept.get(name) or make(content) for name, content in contents.items()}
    written = _written(draw, path, form, made, single=len(names) == 1)
    return NoticesResult(draw.plan_id, draw.mode, draw.number, written, tuple(sorted(unprintable)))


def _draw(reader: Reader, plan_id: str | None) -> DrawRow:
    """The latest draw of which something was published."""
    draws = [
        draw
        for draw in reader.draws()
        if plan_id in (None, draw.plan_id) and any(name.startswith(CONTENT) for name in draw.files)
    ]
    if not draws:
        raise WrongState("quarter.no_notice", plan=plan_id or "")
    return draws[-1]


def _standing(
    reader: Reader, draw: DrawRow, own: dict[str, bytes], today: date, config: Path | None
) -> dict[str, bytes]:
    """A draw's files as they may be handed out on a day: without results whose term is over.

    Publications of results are made anew, and tables that later came with notices of the draw are left out.
    """
    listing, told = last_list(result_views(reader, draw)), inspection_views(reader, draw)
    for view in told:
        assert listing is not None  # noqa: S101 - results are told of those who stand in a list
        verifier = from_json(own[content_name(f"inspection-{view.number}.html")]).verifier
        own = own | inspection_files(reader, view, listing, today, verifier, config)
    older = re.compile(rf"{PUBLIC}result-\d+\.csv") if told else None
    return {name: data for name, data in own.items() if older is None or not older.fullmatch(name)}


def _kept(own: Mapping[str, bytes], names: Sequence[str], form: Format) -> Mapping[str, bytes]:
    """Those that were published in this very format: they are handed out as they are."""
    if form not in ("html", "csv"):
        return {}
    found = {name: f"{PUBLIC}{name}.{form}" for name in names}
    if form == "csv" and PurePath(LIST_NOTICE).stem in found:
        found[PurePath(LIST_NOTICE).stem] = TABLE
    return {name: own[file] for name, file in found.items() if file in own}


def _maker(form: Format, fonts: Path, unprintable: set[str]) -> Callable[[Document], bytes]:
    """What makes a document of the format; it adds to `unprintable`."""
    match form:
        case "pdf":
            return partial(_pdf, fonts=fonts, unprintable=unprintable)
        case "xlsx":
            from shuangsuiji.publish.xlsx import workbook

            return workbook
        case "csv":
            from shuangsuiji.publish.rows import table

            return table
        case "html":
            from shuangsuiji.publish.html import page

            return page


def in_format(form: Format, content: bytes, fonts: Path) -> bytes:
    """A notice in a format, from what was kept of it. EnvironmentRefused `publish.no_chinese_font`."""
    return _maker(form, fonts, set())(from_json(content))


def _pdf(document: Document, *, fonts: Path, unprintable: set[str]) -> bytes:
    from shuangsuiji.publish.pdf import render

    printed = render([document], fonts)
    unprintable.update(printed.unprintable)
    return printed.data


def _written(
    draw: DrawRow, path: Path | None, form: Format, made: Mapping[str, bytes], *, single: bool
) -> tuple[NoticeFile, ...]:
    if single:
        (name,) = made
        targets = {name: path or Path(f"{draw_name(draw)}-{name}.{form}")}
    else:
        folder = path or Path(f"{draw_name(draw)}-notices")
        with environment(folder):
            folder.mkdir(files.PUBLIC_FOLDER, exist_ok=True)
        targets = {name: folder / f"{name}.{form}" for name in made}
    for name, target in targets.items():
        with environment(target):
            files.write(target, made[name], files.PUBLIC)
    return tuple(
        NoticeFile(name, targets[name], len(data), sha256(data).hexdigest()) for name, data in made.items()
    )
