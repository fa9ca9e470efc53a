"""What a site is made of: draws with the papers that were published, their views, their public bundles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from shuangsuiji.bundle.disclose_results import PublicResult, PublicResults
from shuangsuiji.bundle.public import PublicDraw, PublicList, PublicTarget, PublicTask
from shuangsuiji.publish.table import visits
from shuangsuiji.publish.words import zh

Kind = Literal[
    "plan",
    "dropped",
    "commitment",
    "closing",
    "late-commitment",
    "late-closing",
    "result",
    "list",
    "inspection",
]
KINDS: Final[tuple[Kind, ...]] = (
    "plan", "dropped", "commitment", "closing", "late-commitment", "late-closing", "result", "list", "inspection",
)  # fmt: skip
"""公示文书, in the order in which they come."""

_BY_NAME: Final[Mapping[str, Kind]] = {one: one for one in KINDS}
_COUNTED: Final = ("plan", "result", "inspection")
_SIGNED: Final[Mapping[str, str]] = {"notice": "commitment", "late-notice": "late-commitment"}
"""Files that a witness signs, by the paper that they belong to, where the two have different names."""


@dataclass(frozen=True, slots=True)
class Paper:
    """公示文书: one notice in its formats, by the names of their files.

    `number` tells papers of one kind apart (a plan's version, records so far, publications of results; 0: there is but
    one). `content` is what it says, as `publish.content` keeps it.
    """

    kind: Kind
    number: int
    issued: date
    files: Mapping[str, bytes]
    content: bytes = b""

    @property
    def name(self) -> str:
        """What it is called."""
        numbered = f"site.paper.{self.kind}-numbered"
        return zh(numbered, number=self.number) if self.number else zh(f"site.paper.{self.kind}")

    @property
    def page(self) -> str:
        """The name of its page, empty if it has none."""
        return next((name for name in self.files if name.endswith(".html")), "")


@dataclass(frozen=True, slots=True)
class Bundle:
    """公开包: its bytes, or the code of why there is none."""

    data: bytes = b""
    sha256: str = ""
    refused: str = ""

    @property
    def why(self) -> str:
        """Why there is none."""
        return zh(f"site.bundle.{self.refused}") if self.refused else ""


@dataclass(frozen=True, slots=True)
class SiteDraw:
    """A draw (抽取) of the site: what was published of it. `results` are what is public on the site's day."""

    mode: str
    number: int
    plan: str
    title: str
    papers: tuple[Paper, ...]
    view: PublicDraw | None = None
    listing: PublicList | None = None
    results: PublicResults | None = None
    bundle: Bundle = field(default_factory=Bundle)

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return f"{self.mode}-{self.number}"

    @property
    def rehearsal(self) -> bool:
        """Whether it is a 演练."""
        return self.mode == "rehearsal"

    @property
    def void(self) -> bool:
        """Whether it was declared void."""
        return self.view is not None and bool(self.view.void)

    @property
    def year(self) -> int:
        """The year of its visits, before the result that of its first paper."""
        return self.view.window[0].year if self.view else self.papers[0].issued.year

    def rows(self) -> Iterator[tuple[PublicTarget, tuple[PublicTask, ...], PublicResult | None]]:
        """The rows of its list, with their results as far as they are public."""
        if self.listing is None:
            return
        told = {one.key: one for one in self.results.rows} if self.results else {}
        for target, tasks in visits(self.listing):
            yield target, tuple(tasks), told.get((target.id, tasks[0].id if self.listing.by_task else ""))


@dataclass(frozen=True, slots=True)
class Site:
    """公示网站 of an authority on a day (+08:00); draws in the order in which they were adopted."""

    authority: str
    day: date
    draws: tuple[SiteDraw, ...]

    @property
    def rehearsal(self) -> bool:
        """Whether nothing in it is real."""
        return all(one.rehearsal for one in self.draws)

    @property
    def mixed(self) -> bool:
        """Whether rehearsals stand beside real draws."""
        return not self.rehearsal and any(one.rehearsal for one in self.draws)


def format_name(name: str) -> str:
    """What the format of a file is called."""
    return zh(f"site.format.{name.rpartition('.')[2]}")


def place(name: str) -> tuple[Kind, int] | None:
    """Kind and number of the paper to which a published file belongs; None for a file that is no paper's.

    `name` is without its folder: `result-3.csv`, `plan-1.html`, `notice.json`.
    """
    stem = name.rpartition(".")[0]
    stem = _SIGNED.get(stem, stem)
    if stem in _BY_NAME:
        return _BY_NAME[stem], 0
    kind, _, number = stem.rpartition("-")
    if kind in _COUNTED and number.isdigit():
        return _BY_NAME[kind], int(number)
    return None
