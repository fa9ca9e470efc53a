"""What `publish` does about inspection results (检查结果): the notice of those approved since, and the table."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from shuangsuiji.bundle.disclose import Batch
from shuangsuiji.bundle.disclose_results import (
    PublicCategory,
    PublicResults,
    Rules,
    disclose_results,
    take_down,
)
from shuangsuiji.bundle.members import read_inspectors
from shuangsuiji.bundle.public import PublicInspector, PublicList
from shuangsuiji.followup.results import CLEAN
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.publish import views
from shuangsuiji.publish.results_notice import results_content
from shuangsuiji.publish.table import write_table
from shuangsuiji.quarter.publication import read_publication
from shuangsuiji.quarter.published import (
    PUBLIC,
    VIEWS,
    last_inspection,
    last_list,
    page_files,
    result_views,
)
from shuangsuiji.quarter.results import read_standings
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction


def due_inspections(
    transaction: Transaction, draw: DrawRow, batch: Batch, verifier: str, config: Path | None
) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """The notice of results that were approved and not told yet, whole rows only, with the table as it then is.

    Nothing while the list is not public.
    """
    listing = last_list(result_views(transaction, draw))
    if listing is None or batch.embargoed:
        return
    view = disclose_results(
        batch,
        listing,
        read_standings(transaction, draw),
        read_rules(transaction, draw, listing, config),
        last_inspection(transaction, draw),
    )
    if not view.news:
        return
    transaction.mark_published_entries(view.entries)
    stage = f"inspection-{view.number}"
    yield (
        stage,
        {
            **inspection_files(transaction, view, listing, batch.issued, verifier, config),
            f"{VIEWS}{stage}.json": views.to_json(view),
        },
    )


def inspection_files(
    reader: Reader, view: PublicResults, listing: PublicList, today: date, verifier: str, config: Path | None
) -> dict[str, bytes]:
    """The page and the table of a publication, without what has come down by a day."""
    stage = f"{PUBLIC}inspection-{view.number}"
    terms = read_publication(workspace=reader.layout.root, override=config).terms
    shown = take_down(view, terms, today)
    return page_files(f"{stage}.html", results_content(shown, verifier, view)) | {
        f"{stage}.csv": write_table(listing, shown)
    }


def public_results(
    reader: Reader, draw: DrawRow, today: date, config: Path | None = None
) -> PublicResults | None:
    """What is public of a draw's results on a day; None if nothing was published of them."""
    told = last_inspection(reader, draw)
    if told is None:
        return None
    terms = read_publication(workspace=reader.layout.root, override=config).terms
    return replace(take_down(told, terms, today), entries=())


def awaits_inspections(reader: Reader, draw: DrawRow) -> bool:
    """Whether a published draw has approved results that nobody was told of."""
    return not draw.void and draw.state == "published" and reader.has_untold(draw)


def read_rules(reader: Reader, draw: DrawRow, listing: PublicList, config: Path | None) -> Rules:
    """What the authority publishes of results; inspectors only where the list names them."""
    places = {"workspace": reader.layout.root, "override": config}
    words = Vocabulary.load(**places).categories.values()
    people: dict[str, PublicInspector] = {}
    if any(one.team for one in listing.targets):
        inspectors = read_inspectors(reader.file(draw, "inspectors.jsonl"))
        people = {one.id: PublicInspector(one.name, one.unit) for one in inspectors}
    return Rules(
        categories={one.code: PublicCategory(one.code, one.name, one.problem) for one in words},
        clean=(CLEAN,),
        measures=read_publication(**places).measures,
        people=people,
    )
