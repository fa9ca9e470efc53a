"""What was published of a draw, among its files: pages and tables, what they say, and the views they were made of."""

from pathlib import PurePath
from typing import Final

from shuangsuiji.bundle.disclose_results import PublicResults
from shuangsuiji.bundle.public import PublicDraw, PublicList
from shuangsuiji.publish.content import Document, to_json
from shuangsuiji.publish.html import page
from shuangsuiji.publish.site.model import place
from shuangsuiji.publish.views import from_json
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow

PUBLIC: Final = "public/"
CONTENT: Final = "content/"
"""What each published page says (`publish.content`), as JSON: other formats of it are made from this."""
VIEWS: Final = "views/"
"""What was published of results, as views: later publications and the site are made of them."""


def page_files(name: str, content: Document) -> dict[str, bytes]:
    """A notice as the page that is published, and what it says."""
    return {name: page(content), content_name(name): to_json(content)}


def content_name(name: str) -> str:
    """The file with what a published page says."""
    return f"{CONTENT}{PurePath(name).stem}.json"


def result_views(reader: Reader, draw: DrawRow) -> tuple[PublicDraw, ...]:
    """The draw's result as it was published, each time."""
    return tuple(from_json(reader.file(draw, name)) for name in _views(draw, "result", "list"))


def last_list(views: tuple[PublicDraw, ...]) -> PublicList | None:
    """The list as it was published last; None while it is held back."""
    lists = [one.list for one in views if one.list is not None]
    return lists[-1] if lists else None


def inspection_views(reader: Reader, draw: DrawRow) -> tuple[PublicResults, ...]:
    """The inspection results as they were published, each time: all rows, of which some were news."""
    return tuple(from_json(reader.file(draw, name)) for name in _views(draw, "inspection"))


def last_inspection(reader: Reader, draw: DrawRow) -> PublicResults | None:
    """All rows as they were published last; None if no results were."""
    names = _views(draw, "inspection")
    return from_json(reader.file(draw, names[-1])) if names else None


def _views(draw: DrawRow, *kinds: str) -> list[str]:
    """The views kept of a draw's publications of some kinds, in their order."""
    found = []
    for name in draw.files:
        placed = place(name.removeprefix(VIEWS)) if name.startswith(VIEWS) else None
        if placed and placed[0] in kinds:
            # The list follows the first result; later results count the records.
            found.append((placed[1], placed[0] == "list", name))
    return [name for *_, name in sorted(found)]
