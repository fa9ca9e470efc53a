"""The site: every page reachable, complete in itself, accessible, marked; nothing in it that is not public."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.bundle.disclose_results import Term, take_down
from shuangsuiji.bundle.public import PublicTarget
from shuangsuiji.publish.site import figures, shards
from shuangsuiji.publish.site.build import build
from shuangsuiji.publish.site.model import KINDS, place
from shuangsuiji.publish.table import read_table
from tests.contrast import contrast
from tests.publish import sites
from tests.publish.test_notices import Page
from tests.publish.world import MARK, TEXTS, drawn

SITE: Final = sites.mixed()
FILES: Final = dict(build(SITE))
HELD: Final = sites.site(sites.site_draw(drawn("real", texts=replace(TEXTS, embargo="2022-01-01"))))
REHEARSAL: Final = sites.site(sites.site_draw(drawn("rehearsal")))
OWN: Final = {
    name: data for name, data in FILES.items() if name.endswith(".html") and name != "verifier.html"
}
PAGES: Final = {name: data for name, data in OWN.items() if not name.startswith("notices/")}

every_page = pytest.mark.parametrize("name", PAGES)


def links(data: bytes) -> list[str]:
    return [unescape(one) for one in re.findall(r'(?:href|src)="([^"]*)"', data.decode())]


@pytest.mark.parametrize(
    "files", [FILES, dict(build(HELD)), dict(build(REHEARSAL))], ids=["mixed", "held", "rehearsal"]
)
def test_every_link_is_relative_and_leads_to_something(files: Mapping[str, bytes]) -> None:
    reached, todo = {"index.html"}, ["index.html"]
    while todo:
        name = todo.pop()
        if not name.endswith(".html") or name == "verifier.html":
            continue
        for link in links(files[name]):
            parts = urlsplit(link)
            assert not parts.scheme
            assert not parts.netloc
            assert not parts.path.startswith("/")
            target = name
            if parts.path:
                target = _normal(PurePosixPath(name).parent / unquote(parts.path))
            assert target in files, (name, link)
            if parts.fragment:
                assert f'id="{parts.fragment}"' in files[target].decode(), (name, link)
            if target not in reached:
                reached.add(target)
                todo.append(target)
    assert {name for name in files if not name.startswith("search/")} == reached


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


@every_page
def test_a_page_is_accessible_and_lets_in_nothing_but_itself(name: str) -> None:
    text = PAGES[name].decode()
    body, script = re.subn(r"<script>(.*?)</script>", "", text, flags=re.DOTALL)
    parsed = Page(re.sub(r"<input[^>]*>", "", body).encode())
    assert parsed.all("html") == [{"lang": "zh-CN"}]
    titles = [attrs for attrs in parsed.all("title") if not attrs]  # a chart's has an id
    assert len(parsed.all("main")) == len(parsed.all("h1")) == len(titles) == 1
    assert all(attrs.get("scope") in ("row", "col") for attrs in parsed.all("th"))
    assert not any(key.startswith("on") or key == "style" for _, attrs in parsed.elements for key in attrs)
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', unescape(text))
    assert len(policy) == 1
    assert "default-src 'none'" in policy[0]
    assert ("script-src" in policy[0]) is bool(script) is (name == "index.html")
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = re.findall(r' id="([^"]*)"', body)
    assert len(ids) == len(set(ids))


def test_the_script_is_the_one_that_the_policy_names_and_all_of_its_form_is_hidden_without_it() -> None:
    text = PAGES["index.html"].decode()
    script = text.partition("<script>")[2].partition("</script>")[0]
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in unescape(text)
    assert re.search(r"<form [^>]*hidden>", text)
    assert '<label for="search-text">' in text


@every_page
def test_a_rehearsal_is_marked_on_every_page(name: str) -> None:
    alone = dict(build(REHEARSAL))
    text = Page(
        re.sub(
            r"<script>.*?</script>|<input[^>]*>", "", alone.get(name, PAGES[name]).decode(), flags=re.DOTALL
        ).encode()
    ).text
    if name in alone:
        assert text.startswith("【演练】")
        assert "演练本站内容全部来自演练" in text
    assert (
        "含演练标有“演练”的不是正式公示"
        in Page(
            re.sub(r"<script>.*?</script>|<input[^>]*>", "", PAGES[name].decode(), flags=re.DOTALL).encode()
        ).text
    )


def test_a_site_of_real_draws_says_nothing_of_rehearsals() -> None:
    for name, data in build(sites.site(*(one for one in SITE.draws if not one.rehearsal))):
        if name.endswith((".html", ".csv", ".js")) and name != "verifier.html":
            assert "演练" not in data.decode()


def test_no_private_mark_and_nobody_who_was_not_drawn_is_in_it() -> None:
    one = drawn("real")
    for data in FILES.values():
        assert MARK.encode() not in data
    shown = [
        data.decode() for name, data in FILES.items() if name.startswith(("enterprises/", "search/", "data/"))
    ]
    for entity in one.frozen.registry.entities:
        listed = any(
            entity.id in {target.id for target in own.listing.targets} for own in SITE.draws if own.listing
        )
        assert any(entity.id in text for text in shown) is listed


def test_while_a_list_is_held_back_nobody_is_named() -> None:
    one = drawn("real")
    for name, data in build(HELD):
        if name != "verifier.html":
            assert not [entity.id for entity in one.frozen.registry.entities if entity.id.encode() in data]
            assert not [
                entity.name
                for entity in one.frozen.registry.entities
                if entity.name in unescape(data.decode())
            ]


def test_tiers_stand_beside_nobody() -> None:
    """Pages and files with names say nothing of tiers; those with tiers name nobody."""
    tiers = {tier.name for own in SITE.draws if own.view for task in own.view.tasks for tier in task.tiers}
    kept = {task.name for own in SITE.draws if own.view for task in own.view.tasks}
    assert tiers - kept
    codes = {target.id for own in SITE.draws if own.listing for target in own.listing.targets}
    for name, data in FILES.items():
        if name.startswith("notices/") or name == "verifier.html":
            continue
        text = data.decode()
        named = any(code in text for code in codes)
        told = any(f">{tier}<" in text or f'"{tier}"' in text for tier in tiers - kept)
        assert not (named and told), name


def test_where_tasks_are_kept_back_results_do_not_tell_them() -> None:
    (together,) = (one for one in SITE.draws if one.listing and not one.listing.by_task)
    pages = shards.enterprises([together])
    for one in pages:
        (visit,) = one.visits
        assert len(visit.tasks) == 2
        assert visit.result is not None
        assert not visit.result.items


def test_the_same_site_gives_the_same_bytes_and_a_term_takes_results_down() -> None:
    assert dict(build(sites.mixed())) == FILES
    terms = [Term(date(2020, 1, 1), 5, 2)]
    later = sites.site(
        *(
            replace(
                one,
                results=take_down(one.results, terms, date(2026, 3, 1)) if one.results else None,
                papers=(),
            )
            for one in SITE.draws[1:]
        ),
        day=date(2026, 3, 1),
    )
    assert sites.FINED.encode() in FILES["data/results.csv"]
    files = dict(build(later))
    assert not [
        name
        for name, data in files.items()
        if sites.FINED.encode() in data or sites.LOST.name.encode() in data
    ]
    assert "公示期满，结果已撤下".encode() in files["data/results.csv"]


def test_the_table_and_the_json_have_what_the_pages_have() -> None:
    rows = read_table(FILES["data/results.csv"])
    expected = [
        (target.id, result.day.isoformat() if result and result.day else "")
        for draw in SITE.draws
        for target, _, result in draw.rows()
    ]
    assert [(row["统一社会信用代码/注册号"], row["检查完成日期"]) for row in rows] == expected
    assert {row["检查结果"] for row in rows} == {"未检查", "未发现问题", sites.LOST.name}
    assert any("警告（警〔2021〕7号）" in row["备注"] for row in rows)
    value = json.loads(FILES["data/draws.json"])
    for draw, own in zip(SITE.draws, value["draws"], strict=True):
        counts = figures.count([draw])
        assert own["results"]["published"] == counts.told
        assert counts.told + counts.open + counts.down == counts.drawn == draw.view.targets  # type: ignore[union-attr]
        assert counts.problems == sum(number for kind, number in counts.kinds if kind.problem)


@given(
    st.lists(st.text("0123456789ABCXY-许", min_size=1, max_size=18), unique=True, max_size=60),
    st.integers(1, 4),
)
def test_everybody_is_on_one_page_and_in_one_list(codes: list[str], signs: int) -> None:
    found = [shards.Enterprise(code, "名", ()) for code in sorted(codes)]
    pages = shards.shards(found, signs)
    assert sorted(one.id for members in pages.values() for one in members) == sorted(codes)
    assert all(re.fullmatch(r"[0-9A-Z_]{1,4}", name) for name in pages)
    assert all(shards.ending(one.id, signs) == name for name, members in pages.items() for one in members)
    listed = [row[0] for part in shards.chunks(pages) for rows in part.values() for row in rows]
    assert sorted(listed) == sorted(codes)
    assert len({shards.anchor(code) for code in codes}) == len(codes)


@given(st.integers(0, 10**8))
def test_pages_stay_short_however_many_there_are(count: int) -> None:
    signs = shards.length(count)
    assert count <= shards.FULL * 31**signs or signs == 4
    assert signs == 1 or count > shards.FULL * 31 ** (signs - 1)


def test_the_search_reads_lists_of_a_bounded_size() -> None:
    found = [shards.Enterprise(f"{number:018}", "名", ()) for number in range(2 * shards.CHUNK + 7)]
    parts = list(shards.chunks(shards.shards(found, 2)))
    assert [sum(map(len, part.values())) for part in parts] == [shards.CHUNK, shards.CHUNK, 7]


def test_an_enterprise_that_was_drawn_again_stands_once_with_the_latest_first() -> None:
    again = [replace(one, number=one.number + 10) for one in SITE.draws[1:2]]
    found = shards.enterprises([*SITE.draws[1:2], *again])
    assert all(one.visits[0].draw.number == again[0].number for one in found)
    assert len(found) == len({one.id for one in found})


def test_files_have_their_places_by_their_names() -> None:
    assert place("plan-2.html") == ("plan", 2)
    assert place("result-3.csv") == ("result", 3)
    assert place("late-notice.json") == ("late-commitment", 0)
    assert place("closing.json") == ("closing", 0)
    assert place("inspection-1.pdf") == ("inspection", 1)
    assert place("0.json") is None
    assert place("commitment-1.html") is None
    assert all(place(f"{kind}.html") == (kind, 0) for kind in KINDS)


def test_shares_are_rounded_half_up() -> None:
    assert figures.share(1, 8) == "（12.5%）"
    assert figures.share(1, 2000) == "（0.1%）"
    assert figures.share(0, 0) == ""


def test_who_was_replaced_does_not_count() -> None:
    draw = SITE.draws[1]
    assert draw.listing is not None
    gone = replace(draw.listing.targets[0], change="replaced")
    came = PublicTarget("z", "来者", draw.listing.targets[0].tasks, (), "replacement")
    listing = replace(draw.listing, targets=(gone, *draw.listing.targets[1:], came))
    assert figures.count([replace(draw, listing=listing)]).drawn == figures.count([draw]).drawn


def test_colours_have_the_contrast_of_wcag_aa() -> None:
    style = PAGES["index.html"].decode().partition("<style>")[2].partition("</style>")[0]
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", style))
    grounds = ("#ffffff", "#f3f2ee", colours["tint"], "#fff6da")
    for ground in grounds:
        for name in ("ink", "quiet", "red"):
            assert contrast(colours[name], ground) >= 4.5, (name, ground)
        assert contrast("#0b4a8f", ground) >= 4.5
        assert contrast("#b35c00", ground) >= 3  # the ring around what has the focus
    assert contrast("#ffffff", colours["red"]) >= 4.5
    assert contrast("#7a7b80", "#ffffff") >= 3  # the edge of the search field
    used = set(re.findall(r"#[0-9a-f]{3,6}\b", style.partition(".site {")[2]))
    assert used <= {"#fff", "#f3f2ee", "#fff6da", "#0b4a8f", "#b35c00", "#7a7b80"}
