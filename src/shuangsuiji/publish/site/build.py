"""The files of a site, one after the other: pages, papers as they were published, tables, bundles, the verifier."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from shuangsuiji.publish import words
from shuangsuiji.publish.site import data, figures, shards
from shuangsuiji.publish.site.model import Site, SiteDraw, format_name
from shuangsuiji.publish.verifier import PAGE

VERIFIER: Final = "verifier.html"
"""The offline verifier's page, at the site's root: notices may name its address."""
_HERE: Final[Mapping[str, str]] = {
    "index.html": "index.html",
    "enterprises.html": "enterprises/index.html",
    "statistics.html": "statistics.html",
    "verify.html": "verify.html",
    "data.html": "data/index.html",
}
"""Where the pages of the site's menu lie, by their templates."""
_SCRIPT: Final = Path(__file__).with_name("search.js")

File = tuple[str, bytes]


def build(site: Site) -> Iterator[File]:
    """All files of a site, by their path in it."""
    found = shards.enterprises(site.draws)
    signs = shards.length(len(found))
    pages = shards.shards(found, signs)
    parts = list(shards.chunks(pages))
    newest = tuple(reversed(site.draws))
    years = {
        year: [one for one in newest if one.year == year] for year in sorted({d.year for d in newest})[::-1]
    }
    counts = figures.count(_real(site))
    shared: dict[str, Any] = {"site": site, "years": years, "counts": counts}
    yield (
        "index.html",
        _page(
            "index.html",
            "",
            script=_SCRIPT.read_text(encoding="utf-8"),
            enterprises=len(found),
            signs=signs,
            chunks=len(parts),
            **shared,
        ),
    )
    for number, part in enumerate(parts):
        yield f"search/{number}.js", _chunk(number, part)
    for draw in site.draws:
        yield from _draw(site, draw, pages=bool(pages))
    yield "enterprises/index.html", _page("enterprises.html", "../", pages=pages, signs=signs, **shared)
    for name, members in pages.items():
        yield (
            f"enterprises/{name}.html",
            _page("shard.html", "../", name=name, members=members, signs=signs, **shared),
        )
    by_year = {year: list(_year(draws)) for year, draws in years.items()}
    yield "statistics.html", _page("statistics.html", "", by_year=by_year, **shared)
    yield "verify.html", _page("verify.html", "", **shared)
    yield VERIFIER, PAGE.read_bytes()
    yield "data/index.html", _page("data.html", "../", **shared)
    yield from data.files(site)


def _real(site: Site) -> Sequence[SiteDraw]:
    """The draws that count: where there are real ones, rehearsals do not."""
    return [one for one in site.draws if site.rehearsal or not one.rehearsal]


def _draw(site: Site, draw: SiteDraw, *, pages: bool) -> Iterator[File]:
    for paper in draw.papers:
        for name, content in paper.files.items():
            yield f"notices/{draw.slug}/{name}", content
    if draw.bundle.data:
        yield f"bundles/{draw.slug}.zip", draw.bundle.data
    shown = list(figures.of_draw(draw))
    yield (
        f"draws/{draw.slug}.html",
        _page(
            "draw.html", "../", site=site, draw=draw, figures=shown, counts=figures.count([draw]), pages=pages
        ),
    )


def _year(draws: Sequence[SiteDraw]) -> Iterator[figures.Figure]:
    """The figures of a year's draws; rehearsals only where there is nothing else."""
    counted = [one for one in draws if not one.rehearsal] or list(draws)
    counts = figures.count(counted)
    if counts.drawn:
        yield figures.progress(counted[::-1])
    if counts.told or counts.down:
        yield figures.results(counts, "site.visits")
    if counts.days:
        yield figures.days(counts)


def _chunk(number: int, part: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """A list that the search reads, as a script: pages opened from a file may read no other kind of file."""
    return f"found({number}, {json.dumps(part, ensure_ascii=False, separators=(',', ':'))});\n".encode()


def _page(template: str, root: str, *, script: str = "", **given: Any) -> bytes:
    """A page; `root` leads to the site's root. Its policy lets in its own script and what that loads, nothing else."""
    page = _templates().get_template(f"site/{template}")
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    if script:
        policy += f"; script-src 'sha256-{_digest(script)}' 'strict-dynamic'"
    here = _HERE.get(template, "")
    return page.render(root=root, policy=policy, script=script, here=here, **given).encode()


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("shuangsuiji.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    functions = (
        words.day,
        words.drawing,
        words.drawn_value,
        words.kind,
        words.measures,
        words.result,
        format_name,
    )
    made.filters |= {function.__name__: function for function in functions}
    made.globals |= {"zh": words.zh, "share": figures.share, "ending": shards.ending, "anchor": shards.anchor}
    return made
