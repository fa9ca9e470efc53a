"""The commands of the sample's year (样例的一年): rosters, four batches each to its end, account and site."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ENTERING: Final = "演示员"
REVIEWING: Final = "复核员"
"""Who does everything, and who reviews what the first has entered."""

_ROSTERS: Final = {
    "entities": ("entities-enterprises.csv", "entities-individuals.csv"),
    "risk": ("risk.csv",),
    "inspectors": ("inspectors.csv",),
    "review": ("review.csv",),
    "conflicts": ("conflicts.csv",),
    "visits": ("visits.csv",),
}


_HEAD: Final = 2  # lines of an answer where all of it would be too much


@dataclass(frozen=True, slots=True)
class Batch:
    """One of the four: when what is done (演练时刻), how many of its targets the invented results cannot find."""

    number: int
    frozen: str
    drawn: str
    listed: str
    entered: str
    reviewed: str
    told: str
    letters: tuple[str, str]
    verified: str
    decided: str
    lost: int

    @property
    def plan(self) -> str:
        """The plan's id."""
        return f"990121-2021-1{self.number}"


BATCHES: Final = (
    Batch(
        number=1,
        frozen="2021-03-15",
        drawn="2021-03-17",
        listed="2021-04-01",
        entered="2021-04-02",
        reviewed="2021-04-06",
        told="2021-04-07",
        letters=("2021-04-09", "2021-04-26"),
        verified="2021-05-10",
        decided="2021-05-18",
        lost=59,
    ),
    Batch(
        number=2,
        frozen="2021-06-15",
        drawn="2021-06-17",
        listed="2021-07-01",
        entered="2021-07-02",
        reviewed="2021-07-05",
        told="2021-07-06",
        letters=("2021-07-08", "2021-07-26"),
        verified="2021-08-09",
        decided="2021-08-17",
        lost=65,
    ),
    Batch(
        number=3,
        frozen="2021-09-13",
        drawn="2021-09-15",
        listed="2021-10-08",
        entered="2021-10-08",
        reviewed="2021-10-09",
        told="2021-10-11",
        letters=("2021-10-12", "2021-10-29"),
        verified="2021-11-08",
        decided="2021-11-12",
        lost=63,
    ),
    Batch(
        number=4,
        frozen="2021-11-15",
        drawn="2021-11-17",
        listed="2021-12-01",
        entered="2021-12-02",
        reviewed="2021-12-03",
        told="2021-12-06",
        letters=("2021-12-07", "2021-12-23"),
        verified="2021-12-29",
        decided="2021-12-30",
        lost=59,
    ),
)
"""The dates are invented, as is the split; together 246 could not be contacted, as the founding report says."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the demo leaves what, below its workspace."""

    workspace: Path

    @property
    def published(self) -> Path:
        """The public notices."""
        return self.workspace / "published"

    @property
    def bundle(self) -> Path:
        """The auditor's bundle (审计包) of the first batch."""
        return self.workspace / "bundles" / "demo.zip"

    @property
    def public(self) -> Path:
        """The public bundle (公开包) of the first batch."""
        return self.workspace / "bundles" / "public.zip"

    @property
    def receipt(self) -> Path:
        """The receipt (回执) of the first business of the first batch's published list."""
        return self.workspace / "bundles" / "receipt.json"

    @property
    def questions(self) -> Path:
        """The auditor's ten questions (审计十问) about the first batch, one page."""
        return self.workspace / "bundles" / "report.html"

    def calendar(self, batch: Batch) -> Path:
        """The calendar of a batch; of the first, the papers (检查任务书) as well."""
        return self.workspace / f"papers-{batch.number}"

    def results(self, batch: Batch) -> Path:
        """The invented export of the platform."""
        return self.workspace / f"results-{batch.number}"

    @property
    def account(self) -> Path:
        """The year's account (年度总账)."""
        return self.workspace / "account"

    @property
    def site(self) -> Path:
        """The public site (公示网站)."""
        return self.workspace / "site"


@dataclass(frozen=True, slots=True)
class Step:
    """One command as it would be typed after the program's name, and when (演练时刻).

    `shown` are the lines of its answer to show, 0 for all.
    """

    at: str
    words: tuple[str, ...]
    shown: int = 0


def steps(places: Places) -> Iterator[Step]:
    """The whole year, one command after the other; what a command needs of the one before is read when it comes."""
    from shuangsuiji.config import shipped

    sample, begin = shipped("sample_data"), f"{BATCHES[0].frozen}T08:30"
    office = ("--authority", "拟安县市场监督管理局", "--region", "990121")
    yield Step(begin, ("init", *office, "--operator", ENTERING, "--operator", REVIEWING))
    for roster, files in _ROSTERS.items():
        yield Step(
            begin,
            ("import", roster, *(str(sample / name) for name in files), "--operator", ENTERING),
            shown=0 if roster == "inspectors" else _HEAD,
        )
    for batch in BATCHES:
        yield from _batch(batch, places, shipped("config") / "plans" / f"founding-2021-{batch.number}.toml")
    end = f"{BATCHES[-1].decided}T16:00"
    yield Step(end, ("report", "--year", "2021", "--rehearsal", "--output", str(places.account)))
    yield Step(end, ("publish", "site", str(places.site), "--operator", ENTERING))
    yield Step(end, ("status",))


def _batch(batch: Batch, places: Places, plan: Path) -> Iterator[Step]:
    first = batch.number == 1

    def step(at: str, *words: str, shown: int = 0 if first else _HEAD) -> Step:
        return Step(at, (*words, "--operator", ENTERING), shown)

    of = ("--plan", batch.plan)
    yield Step(f"{batch.frozen}T09:00", ("plan", "check", str(plan)), shown=0 if first else _HEAD)
    yield step(f"{batch.frozen}T09:30", "plan", "adopt", str(plan), "--rehearsal", shown=_HEAD)
    yield step(f"{batch.frozen}T10:00", "freeze", "--value", "explicit:1")
    yield step(f"{batch.frozen}T11:00", "publish", shown=1)
    seed = batch.drawn.replace("-", "") * 8
    yield step(f"{batch.drawn}T09:00", "seed", "--explicit", seed, shown=_HEAD)
    yield step(f"{batch.drawn}T09:05", "draw")
    yield step(f"{batch.drawn}T09:10", "match", shown=_HEAD)
    yield step(f"{batch.drawn}T10:00", "publish", shown=1)
    yield step(f"{batch.drawn}T15:00", "schedule", "make", *of)
    papers = () if first else ("--no-papers",)
    export = ("schedule", "export", str(places.calendar(batch)), *papers)
    yield step(f"{batch.drawn}T16:00", *export, *of, shown=_HEAD)
    yield step(f"{batch.listed}T09:00", "publish", shown=1)
    if first:
        yield from _examined(places, f"{batch.listed}T10:00", of)
    yield from _followed_up(batch, places)


def _examined(places: Places, at: str, of: tuple[str, ...]) -> Iterator[Step]:
    """What an auditor, the public and one business have of a batch."""
    acting = ("--operator", ENTERING)
    bundle, public = str(places.bundle), str(places.public)
    yield Step(at, ("export", "bundle", "--output", bundle, *of, *acting), shown=_HEAD)
    yield Step(at, ("audit", "verify", bundle, "--rehearsal", "--cross-check"))
    yield Step(at, ("audit", "report", bundle, "--rehearsal", "--output", str(places.questions)), shown=_HEAD)
    yield Step(at, ("export", "public", "--output", public, *of, *acting), shown=_HEAD)
    first, receipt = _first_drawn(places.published), str(places.receipt)
    yield Step(at, ("audit", "prove", "--entity", first, "--output", receipt, *of, *acting), shown=_HEAD)
    yield Step(at, ("audit", "verify", receipt, "--public", public, "--rehearsal"))


def _first_drawn(published: Path) -> str:
    """The code of the first business in the published table."""
    (table,) = published.glob("*/*/result.csv")
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return next(csv.DictReader(lines))["统一社会信用代码/注册号"].strip()


def _followed_up(batch: Batch, places: Places) -> Iterator[Step]:
    """Results, their review and publication; then the way of those who were lost to the abnormal-operations list."""
    of, first = ("--plan", batch.plan), batch.number == 1
    made = places.results(batch)
    yield Step(
        f"{batch.entered}T08:30",
        ("sample", "results", str(made), "--lost", str(batch.lost), *of),
        shown=_HEAD,
    )
    exported = str(made / "results.csv")
    yield Step(
        f"{batch.entered}T09:00",
        ("results", "import", exported, *of, "--operator", ENTERING),
        shown=0 if first else _HEAD,
    )
    yield Step(
        f"{batch.reviewed}T09:00",
        ("results", "review", "--all", "--approve", *of, "--operator", REVIEWING),
        shown=0 if first else _HEAD,
    )
    yield Step(f"{batch.told}T09:00", ("publish", *of, "--operator", ENTERING), shown=0 if first else 1)
    for at, step, words in (
        (f"{batch.told}T10:00", "proposed", ()),
        (f"{batch.letters[0]}T10:00", "letter_1", ("--reference", f"XA{batch.number}1")),
        (f"{batch.letters[1]}T10:00", "letter_2", ("--reference", f"XA{batch.number}2")),
        (f"{batch.verified}T10:00", "verified", ()),
        (f"{batch.decided}T10:00", "decided", ("--reference", f"拟市监列〔2021〕{batch.number}号")),
    ):
        yield Step(at, ("abnormal", "step", step, "--all", *words, *of, "--operator", ENTERING), shown=_HEAD)
