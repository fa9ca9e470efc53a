"""The browser verifier on the auditor's bundle of a large registry: seconds, the longest pause, memory.

    python -m benchmarks.page [--entities 1000000] [--limit SECONDS]

The bundle is made here (a minute and some gigabytes for a million entities), and given to the page in a headless
Chromium, as an auditor gives it. The page's worker does all the computing; what is watched meanwhile is the page's own
thread, which must never stop answering. Seconds of the processor are those of the browser's processes.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import sync_playwright

from shuangsuiji.bundle import archive
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.records import Entity
from shuangsuiji.publish.verifier import PAGE
from tests.audit.bundles import members
from tests.browser import find_chromium
from tests.district import World, inspector, plan_value

TOWNS: Final = 15
INSPECTORS: Final = 982
TIERS: Final = {"高": 147, "中": 172, "个体": 1507, "合作社": 129, "其他": 270}
"""How many are drawn of each grade: the founding report's 2,225."""
TICK_MS: Final = 10
_WATCH: Final = """(every) => {
    const begun = performance.now();
    let last = begun;
    window.watched = { longest: 0, values: new Set(), steps: {} };
    setInterval(() => {
        const now = performance.now();
        watched.longest = Math.max(watched.longest, now - last - every);
        last = now;
        watched.values.add(document.getElementById("progress").value);
        for (const { dataset } of document.querySelectorAll("[data-state=holds]"))
            watched.steps[dataset.step] ??= Math.round(now - begun) / 1000;
    }, every);
}"""
_WATCHED: Final = "({ ...watched, values: watched.values.size })"


@dataclass(frozen=True, slots=True)
class Measured:
    """`exit` is the page's exit code; `pause_ms` the longest time its thread was late; `peak_mb` of its process.

    `shown` counts the positions of the progress bar that were seen, `steps` the seconds after which each step held.
    """

    entities: int
    bundle_mb: int
    exit: str
    seconds: float
    cpu_seconds: float
    pause_ms: float
    shown: int
    steps: dict[str, float]
    peak_mb: int
    browser: str


def world(size: int) -> World:
    """A registry of `size` enterprises in fifteen townships, of which the founding report's numbers are drawn."""
    grades, plan = list(TIERS), plan_value()
    tiers: list[Json] = [
        {
            "id": f"t{number}",
            "name": grade,
            "where": ["eq", "grade", grade],
            "key": "district",
            "quota": {"count": min(count, size // 10)},
        }
        for number, (grade, count) in enumerate(TIERS.items())
    ]
    task: Json = {
        "id": "public",
        "name": "公示信息检查",
        "items": ["年度报告公示"],
        "pool": ["and"],
        "slots": ["lead", "home"],
        "tiers": tiers,
    }
    plan |= {"tasks": [task], "blocks": {"max_targets": 10, "max_per_inspector": 1000}}
    entities = tuple(
        Entity(
            f"91410122MA{number:08}",
            f"拟安县第{number}号商贸有限责任公司",
            "in_business",
            {
                "district": f"第{number % TOWNS}镇",
                "grade": grades[number // TOWNS % len(grades)],
                "kind": "有限责任公司",
            },
        )
        for number in range(size)
    )
    people = tuple(inspector(number, f"第{number % TOWNS}镇") for number in range(INSPECTORS))
    return World(parse_plan(plan), entities, people, ())


def measure(bundle: Path, entities: int, limit: int) -> Measured:
    """Give the bundle to the page and wait for its verdict. RuntimeError where no Chromium is found."""
    path = find_chromium()
    if path is None:
        raise RuntimeError("no chromium on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(PAGE.as_uri())
        before, begun = _cpu_seconds(), time.perf_counter()
        page.evaluate(_WATCH, TICK_MS)
        page.set_input_files("#file", bundle)
        page.wait_for_selector("#verdict:visible", timeout=limit * 1000)
        seconds = time.perf_counter() - begun
        watched = page.evaluate(_WATCHED)
        found = Measured(
            entities=entities,
            bundle_mb=bundle.stat().st_size >> 20,
            exit=page.get_attribute("#verdict", "data-exit") or "",
            seconds=round(seconds, 2),
            cpu_seconds=round(_cpu_seconds() - before, 2),
            pause_ms=round(watched["longest"], 1),
            shown=watched["values"],
            steps=watched["steps"],
            peak_mb=_peak_mb(),
            browser=browser.version,
        )
        browser.close()
    return found


def _family() -> list[Path]:
    """The folders under /proc of the processes that this one has started, and those that they have."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            words = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            parents.setdefault(int(words[1]), []).append(int(folder.name))
    found, todo = [], [os.getpid()]
    while todo:
        children = parents.get(todo.pop(), [])
        found += children
        todo += children
    return [Path(f"/proc/{one}") for one in found]


def _cpu_seconds() -> float:
    ticks = 0
    for folder in _family():
        with suppress(OSError):
            words = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _peak_mb() -> int:
    """The largest peak of resident memory among the browser's processes: that of the page."""
    peaks = [0]
    for folder in _family():
        with suppress(OSError):
            lines = (folder / "status").read_text(encoding="utf-8").splitlines()
            peaks += [int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM")]
    return max(peaks)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make, measure, print as JSON; 1 if the page does not say that all holds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--entities", type=int, default=1_000_000)
    parser.add_argument("--limit", type=int, default=600)
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle.zip"
        print("bundle", file=sys.stderr, flush=True)
        bundle.write_bytes(archive.write(archive.AUDITOR, members(world(options.entities))))
        print("page", file=sys.stderr, flush=True)
        found = measure(bundle, options.entities, options.limit)
    print(json.dumps(asdict(found), ensure_ascii=False))
    return int(found.exit != "11")


if __name__ == "__main__":
    raise SystemExit(main())
