"""The commands of the sample's year (样例的一年): rosters, four batches each to its end, account and site."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shuangsuiji.errors import EnvironmentRefused

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


_YEAR: Final = "2021"
_DAYS: Final = {
    "frozen": ("03-15", "06-15", "09-13", "11-15"),
    "drawn": ("03-17", "06-17", "09-15", "11-17"),
    "first_week": ("03-26", "06-25", "09-26", "11-26"),
    "listed": ("04-01", "07-01", "10-08", "12-01"),
    "second_week": ("04-02", "07-02", "10-08", "12-02"),
    "reviewed": ("04-06", "07-05", "10-09", "12-03"),
    "told": ("04-07", "07-06", "10-11", "12-06"),
    "letter_1": ("04-09", "07-08", "10-12", "12-07"),
    "letter_2": ("04-26", "07-26", "10-29", "12-23"),
    "verified": ("05-10", "08-09", "11-08", "12-29"),
    "decided": ("05-18", "08-17", "11-12", "12-30"),
}
"""What is done when in each of the four batches (演练时刻)."""
_LOST: Final = (59, 65, 63, 59)
"""How many targets of each batch the invented results cannot find.

The days are invented, as is the split; together 246 could not be contacted, as the founding report says.
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """One of the four, by its number."""

    number: int

    @property
    def plan(self) -> str:
        """The plan's id."""
        return f"990121-{_YEAR}-1{self.number}"

    @property
    def first(self) -> bool:
        """Whether it is the one that is shown whole."""
        return self.number == 1

    @property
    def lost(self) -> str:
        """How many of its targets cannot be found."""
        return str(_LOST[self.number - 1])

    def on(self, what: str) -> str:
        """The day on which something is done."""
        return f"{_YEAR}-{_DAYS[what][self.number - 1]}"


BATCHES: Final = tuple(map(Batch, range(1, 5)))


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
    def sheet(self) -> Path:
        """The sheet (回执单) beside it, as it is printed or, where there is no Chinese font, as a page."""
        printed = self.receipt.with_suffix(".pdf")
        return printed if printed.exists() else self.receipt.with_suffix(".html")

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

    sample, begin = shipped("sample_data"), f"{BATCHES[0].on('frozen')}T08:30"
    office = ("--authority", "拟安县市场监督管理局", "--region", "990121")
    yield Step(begin, ("init", *office, "--operator", ENTERING, "--operator", REVIEWING))
    for roster, files in _ROSTERS.items():
        yield Step(
            begin,
            ("import", roster, *(str(sample / name) for name in files), "--operator", ENTERING),
            shown=0 if roster == "inspectors" else _HEAD,
        )
    for batch in BATCHES:
        yield from _batch(
            batch, places, shipped("config") / "plans" / f"founding-{_YEAR}-{batch.number}.toml"
        )
    end = f"{BATCHES[-1].on('decided')}T16:00"
    yield Step(end, ("report", "--year", _YEAR, "--rehearsal", "--output", str(places.account)))
    yield Step(end, ("publish", "site", str(places.site), *_formats(), "--operator", ENTERING))
    yield Step(end, ("status",))


def _formats() -> tuple[str, ...]:
    """Those in which the site offers notices beside pages and tables."""
    return (*(("--format", "pdf") if _prints() else ()), "--format", "xlsx")


def _prints() -> bool:
    """Whether there can be PDF: whether the machine has a Chinese font."""
    from shuangsuiji.publish.fonts import find_fonts

    try:
        find_fonts()
    except EnvironmentRefused:
        return False
    return True


def _batch(batch: Batch, places: Places, plan: Path) -> Iterator[Step]:
    shown = 0 if batch.first else _HEAD
    of = ("--plan", batch.plan)
    frozen, drawn, listed = (batch.on(what) for what in ("frozen", "drawn", "listed"))

    def step(at: str, *words: str, shown: int = shown) -> Step:
        return Step(at, (*words, "--operator", ENTERING), shown)

    yield Step(f"{frozen}T09:00", ("plan", "check", str(plan)), shown)
    yield step(f"{frozen}T09:30", "plan", "adopt", str(plan), "--rehearsal", shown=_HEAD)
    yield step(f"{frozen}T10:00", "freeze", "--value", "explicit:1")
    yield step(f"{frozen}T11:00", "publish", shown=1)
    yield step(f"{drawn}T09:00", "seed", "--explicit", drawn.replace("-", "") * 8, shown=_HEAD)
    yield step(f"{drawn}T09:05", "draw")
    yield step(f"{drawn}T09:10", "match", shown=_HEAD)
    yield step(f"{drawn}T10:00", "publish", shown=1)
    yield step(f"{drawn}T15:00", "schedule", "make", *of)
    papers = () if batch.first else ("--no-papers",)
    export = ("schedule", "export", str(places.calendar(batch)), *papers)
    yield step(f"{drawn}T16:00", *export, *of, shown=_HEAD)
    yield from _entered(batch, places, "first_week", 1)
    yield step(f"{listed}T09:00", "publish", shown=1)
    if batch.first:
        yield from _examined(places, f"{listed}T10:00", of)
    yield from _entered(batch, places, "second_week", 2)
    yield from _followed_up(batch)


def _examined(places: Places, at: str, of: tuple[str, ...]) -> Iterator[Step]:
    """What an auditor, the public and one business have of a batch."""
    acting = ("--operator", ENTERING)
    bundle, public = str(places.bundle), str(places.public)
    yield Step(at, ("export", "bundle", "--output", bundle, *of, *acting), shown=_HEAD)
    yield Step(at, ("audit", "verify", bundle, "--rehearsal", "--cross-check"))
    yield Step(at, ("audit", "report", bundle, "--rehearsal", "--output", str(places.questions)), shown=_HEAD)
    yield Step(at, ("export", "public", "--output", public, *of, *acting), shown=_HEAD)
    first, receipt = _first_drawn(places.published), str(places.receipt)
    proof = ("--entity", first, "--output", receipt, *(("--pdf",) if _prints() else ()))
    yield Step(at, ("audit", "prove", *proof, *of, *acting), shown=_HEAD)
    yield Step(at, ("audit", "verify", receipt, "--public", public, "--rehearsal"))


def _first_drawn(published: Path) -> str:
    """The code of the first business in the published table."""
    (table,) = published.glob("*/*/result.csv")
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return next(csv.DictReader(lines))["统一社会信用代码/注册号"].strip()


def _entered(batch: Batch, places: Places, week: str, part: int) -> Iterator[Step]:
    """The platform's export of a week, entered as it comes."""
    of, made, day = ("--plan", batch.plan), places.results(batch), batch.on(week)
    if part == 1:
        invented = ("sample", "results", str(made), "--lost", batch.lost, "--weekly", *of)
        yield Step(f"{day}T17:00", invented, _HEAD)
    entered = ("results", "import", str(made / f"results-{part}.csv"), *of, "--operator", ENTERING)
    yield Step(f"{day}T17:30", entered, 0 if batch.first and part == 1 else _HEAD)


def _followed_up(batch: Batch) -> Iterator[Step]:
    """The review and publication of results; then the way of those who were lost to the abnormal-operations list."""
    of, entering = ("--plan", batch.plan), ("--operator", ENTERING)
    review = ("results", "review", "--all", "--approve", *of, "--operator", REVIEWING)
    yield Step(f"{batch.on('reviewed')}T09:00", review, 0 if batch.first else _HEAD)
    yield Step(f"{batch.on('told')}T09:00", ("publish", *of, *entering), 0 if batch.first else 1)
    for step, day, words in (
        ("proposed", "told", ()),
        ("letter_1", "letter_1", ("--reference", f"XA{batch.number}1")),
        ("letter_2", "letter_2", ("--reference", f"XA{batch.number}2")),
        ("verified", "verified", ()),
        ("decided", "decided", ("--reference", f"拟市监列〔{_YEAR}〕{batch.number}号")),
    ):
        taken = ("abnormal", "step", step, "--all", *words, *of, *entering)
        yield Step(f"{batch.on(day)}T10:00", taken, _HEAD)
