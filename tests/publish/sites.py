"""Sites for tests: the marked district drawn, some of its results told, as `publish` would have kept them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from shuangsuiji.bundle.disclose import disclose_draw, disclose_list
from shuangsuiji.bundle.disclose_results import PublicCategory, PublicResults, Rules, disclose_results
from shuangsuiji.bundle.public import PublicList
from shuangsuiji.followup.results import Enforcement, Entry, Standing
from shuangsuiji.publish.draw_notice import draw_content
from shuangsuiji.publish.html import page
from shuangsuiji.publish.results_notice import results_content
from shuangsuiji.publish.site.model import Bundle, Paper, Site, SiteDraw
from shuangsuiji.publish.table import write_table
from tests.publish.world import MARK, Drawn, drawn

CLEAN: Final = PublicCategory("clean", "未发现问题", problem=False)
LOST: Final = PublicCategory("lost", "通过登记的住所（经营场所）无法联系", problem=True)
RULES: Final = Rules({one.code: one for one in (CLEAN, LOST)}, clean=("clean",), measures=("warning",))
DAY: Final = date(2021, 7, 2)
FINED: Final = "警〔2021〕7号"


def told(one: Drawn, listing: PublicList) -> PublicResults:
    """Two of three enterprises have results, every sixth a problem and a warning; all private texts are marked."""
    standings = []
    for number, target in enumerate(listing.targets):
        for task in target.tasks or ("public",):
            if number % 3:
                standings.append(
                    Standing(target.id, task, "item", "approved", _entry(number, target.id, task))
                )
            else:
                standings.append(Standing(target.id, task, "item", "missing"))
    return disclose_results(one.batch, listing, standings, RULES)


def _entry(number: int, target: str, task: str) -> Entry:
    lost = number % 6 == 5
    return Entry(
        id=number, batch=1, target=target, task=task, item="item", category="lost" if lost else "clean",
        method=MARK, day=date(2021, 4, 1 + number % 20), persons=(MARK,), disposal=MARK, evidence=MARK, scan=MARK,
        note=MARK, enforcement=(Enforcement("warning", date(2021, 5, 1), FINED),) if lost else (),
        corrects=0, reason=MARK, operator=MARK, time=datetime(2021, 5, 2, tzinfo=UTC), source=MARK, row=1,
    )  # fmt: skip


def site_draw(one: Drawn, *, bundle: bytes = b"") -> SiteDraw:
    """A draw as a site takes it, its result published as a page and a table."""
    view = disclose_draw(one.batch, one.frozen, one.outcome)
    listing = None if one.batch.embargoed else disclose_list(one.batch, one.frozen, one.outcome.teams)
    files: Mapping[str, bytes] = {"result.html": page(draw_content(view))}
    results, papers = None, []
    if listing is not None:
        results = told(one, listing)
        files = {**files, "result.csv": write_table(listing)}
        inspection = {
            "inspection-1.html": page(results_content(results)),
            "inspection-1.csv": write_table(listing, results),
        }
        papers.append(Paper("inspection", 1, DAY, inspection))
    return SiteDraw(
        mode=one.batch.mode,
        number=one.batch.draw,
        plan=one.batch.plan.id,
        title=one.batch.texts.title,
        papers=(Paper("result", 0, one.batch.issued, files), *papers),
        view=view,
        listing=listing,
        results=results,
        bundle=Bundle(bundle, "0d" * 32) if bundle else Bundle(refused="left_out"),
    )


def site(*draws: SiteDraw, day: date = DAY) -> Site:
    """A site of draws."""
    return Site("某县市场监督管理局", day, draws)


def mixed() -> Site:
    """A rehearsal, a real draw, one whose tasks are kept back, and one whose list is."""
    secret = replace(drawn("real", secret_task=True).batch, draw=8)
    one = site_draw(replace(drawn("real", secret_task=True), batch=secret))
    return site(site_draw(drawn("rehearsal")), site_draw(drawn("real"), bundle=b"zip"), one)
