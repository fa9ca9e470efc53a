"""What was measured, as JSON, as a table in Markdown, and as pictures."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from textwrap import fill
from typing import Any, Final

PACKAGES: Final = (
    "numpy", "numba", "ortools", "networkx", "scipy", "duckdb", "polars", "polars-hash", "pandas", "consistent_sampler",
)  # fmt: skip


OURS: Final = "shuangsuiji"
BEGIN: Final = "<!-- measured -->"
END: Final = "<!-- / -->"
CURVE: Final = "curve.svg"
OTHER_RUN: Final = "our own time is of another run"


@dataclass(frozen=True, slots=True)
class Row:
    """One system in one case; None where nothing was measured, and `note` says why.

    `cpu_seconds` are those of all cores together: on a machine that others use too, they are what can be compared.
    With `at_least` the system was stopped when it had taken so long. `run` is when the run began that measured it.
    """

    case: str
    system: str
    seconds: float | None = None
    cpu_seconds: float | None = None
    peak_mb: int | None = None
    ratio_to_ours: float | None = None
    cpu_ratio_to_ours: float | None = None
    at_least: bool = False
    note: str = ""
    run: str = ""


def machine() -> dict[str, Any]:
    """Where it was measured, and with what."""
    cpu = [
        line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")
    ]
    memory = [int(line.split()[1]) // 1024 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
    packages = {}
    for name in PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            packages[name] = "not installed"
    return {
        "cpu": cpu[0] if cpu else platform.processor(),
        "cores": os.cpu_count(),
        "instructions": _instructions(),
        "memory_mb": memory[0] if memory else None,
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": packages,
    }


def _instructions() -> str:
    """Which of the processor's instructions decide how fast hashes are."""
    flags = {flag for line in _lines("/proc/cpuinfo") if line.startswith("flags") for flag in line.split()}
    named = {"avx512f": "AVX-512", "avx2": "AVX2", "sha_ni": "SHA-NI"}
    return ", ".join(name for flag, name in named.items() if flag in flags) or "instructions unknown"


def load() -> float | None:
    """How many processes wanted a processor in the last minute."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def publish(page: Path, rows: Sequence[Row], limit: int, busy: float | None) -> None:
    """Put the table into a page, between its two marks, under when and on what it was measured.

    Under the table stands the curve, if it was measured: a picture in the folder that is called like the page.
    """
    about = machine()
    versions = ", ".join(f"{name} {number}" for name, number in about["packages"].items())
    now = datetime.now(UTC).astimezone(timezone(timedelta(hours=8)))
    words = (
        f"On {now.day} {now:%B %Y}, on {about['cores']} cores of an {about['cpu']} ({about['instructions']}) with "
        f"{about['memory_mb']:,} MB, {about['system']}, Python {about['python']}, {versions}. In the minute before it "
        f"{'an unknown number of' if busy is None else f'{busy:.2f}'} processes wanted a core. "
        f"A system had {limit:,} s by the clock."
    )
    if len({row.run for row in rows if row.seconds}) > 1:
        words += " Some rows are kept from an earlier run."
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page}: no {BEGIN} ... {END}")
    folder = page.with_suffix("")
    curve = f"\n![What a target costs]({folder.name}/{CURVE})\n" if draw_curve(folder, rows) else ""
    made = f"{before}{begin}\n{fill(words, 120)}\n\n{table(rows)}{curve}{end}{after}"
    page.write_text(made, encoding="utf-8")


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []


def with_ratios(rows: Sequence[Row]) -> list[Row]:
    """The same rows, each with how many times as long as ours it took in the same case, and whether in the same run."""
    ours = {row.case: row for row in rows if row.system == OURS and not row.at_least}
    done = []
    for row in rows:
        own = ours.get(row.case, Row(row.case, OURS))
        ratio = _ratio(row.seconds, own.seconds)
        cpu_ratio = _ratio(row.cpu_seconds, own.cpu_seconds)
        note = row.note
        if ratio and own.run != row.run and OTHER_RUN not in note:
            note = "; ".join(filter(None, (note, OTHER_RUN)))
        done.append(replace(row, ratio_to_ours=ratio, cpu_ratio_to_ours=cpu_ratio, note=note))
    return done


def _ratio(seconds: float | None, ours: float | None) -> float | None:
    return seconds / ours if seconds and ours else None


def read(folder: Path, profile: str) -> list[Row]:
    """What an earlier run of the profile left; what failed is left out."""
    path = folder / "results.json"
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    rows = [Row(**row) for row in found["rows"]] if found["profile"] == profile else []
    return [row for row in rows if not row.note.startswith("failed")]


def write(folder: Path, profile: str, rows: Sequence[Row]) -> None:
    """results.json and results.md."""
    folder.mkdir(parents=True, exist_ok=True)
    result = {"profile": profile, "machine": machine(), "rows": [asdict(row) for row in rows]}
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    (folder / "results.md").write_text(markdown(profile, rows), encoding="utf-8")


def markdown(profile: str, rows: Sequence[Row]) -> str:
    """The table, under what the machine was."""
    about = machine()
    head = f"Profile {profile}; {about['cpu']}, {about['cores']} cores, {about['memory_mb']} MB."
    return f"{head}\n\n{table(rows)}"


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    lines = [
        "| case | system | seconds | CPU seconds | peak MB | times ours | times our CPU seconds | note |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        shown = [
            _shown(row.seconds, row.at_least),
            _shown(row.cpu_seconds, row.at_least),
            str(row.peak_mb or "-"),
            _shown(row.ratio_to_ours, row.at_least),
            _shown(row.cpu_ratio_to_ours, row.at_least),
        ]
        lines.append(f"| {' | '.join([row.case, row.system, *shown, row.note or '-'])} |")
    return "\n".join(lines) + "\n"


def _shown(number: float | None, at_least: bool) -> str:
    """Three digits, and no power of ten."""
    if number is None:
        return "-"
    text = f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
    return f">= {text}" if at_least else text


def draw(folder: Path, rows: Sequence[Row]) -> None:
    """A picture for each case with more than one system, and one of the curve if it was measured.

    The bar of a system that was stopped is hatched and says `>=`: how long it would have to be, nobody knows.
    """
    from matplotlib.figure import Figure

    for case in dict.fromkeys(row.case for row in rows if "curve" not in row.case):
        some = [row for row in rows if row.case == case and row.seconds][::-1]
        if len(some) < 2:
            continue
        figure = Figure(figsize=(7, 0.5 + 0.4 * len(some)), layout="constrained")
        axes = figure.subplots()
        bars = axes.barh([row.system for row in some], [row.seconds or 0 for row in some])
        for row, bar in zip(some, bars, strict=True):
            if row.at_least:
                bar.set(facecolor="none", edgecolor="C0", hatch="///")
        axes.bar_label(bars, [_shown(row.seconds, row.at_least) for row in some], padding=4)
        axes.margins(x=0.15)
        axes.set(xscale="log", xlabel="seconds", title=case)
        figure.savefig(folder / f"{case.replace('/', '-')}.svg")
    draw_curve(folder, rows)


def draw_curve(folder: Path, rows: Sequence[Row]) -> bool:
    """The picture of what a target costs, by how many there are, if that was measured; whether it was."""
    from matplotlib.figure import Figure

    curve = sorted(
        (int(row.case.rpartition("-")[2]), row.seconds)
        for row in rows
        if "curve" in row.case and row.seconds and not row.at_least
    )
    if not curve:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(*zip(*curve, strict=True), marker="o", label="measured")
    first, last = curve[0], curve[-1]
    linear = [first[1], first[1] * last[0] / first[0]]
    axes.plot([first[0], last[0]], linear, color="gray", ls="--", label="if a target cost always the same")
    axes.set(
        xscale="log", yscale="log", xlabel="targets", ylabel="seconds", title="districts of 1,266 targets"
    )
    axes.legend(frameon=False)
    figure.savefig(folder / CURVE, metadata={"Date": None})
    return True
