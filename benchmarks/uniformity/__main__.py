"""`python -m benchmarks.uniformity`: measure, and write figures, plots and the tables of docs/uniformity.md."""

import argparse
import json
import re
import sys
import time
from pathlib import Path
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from benchmarks.uniformity import apart, county, plots
from benchmarks.uniformity.exact import chain, distance, marginal, of_teams
from benchmarks.uniformity.families import FAMILIES, FIXED_TEAMS, WORST, Family, Teams
from benchmarks.uniformity.peers import PEERS, draws_of
from benchmarks.uniformity.sampling import (
    Law,
    deviation,
    empirical_distance,
    engine,
    frequencies,
    noise,
    start_only,
    uniform,
)
from shuangsuiji.core.matching import Run
from shuangsuiji.core.matching import run as readable
from shuangsuiji.kernels.matching import run as compiled

DOCS: Final = Path(__file__).parents[2] / "docs"
STEPS: Final = (0, 1, 2, 4, 8, 16)
WIDEST: Final = round(NormalDist().inv_cdf((1 + 0.95 ** (1 / county.INSPECTORS)) / 2), 2)
"""Which the largest of so many absolute values, each normally distributed, exceeds once in twenty times."""
Figures = dict[str, Any]


def main() -> None:
    """Measure all; `--quick` does everything once with few draws, and writes nothing into docs/.

    With `--plots` nothing is measured.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=20_000, help="draws of each family and method")
    parser.add_argument(
        "--output", type=Path, default=DOCS / "uniformity", help="folder of figures and plots"
    )
    parser.add_argument("--quick", action="store_true", help="few draws, no ring of 24, no county")
    parser.add_argument("--plots", action="store_true", help="the plots anew from the figures that are there")
    options = parser.parse_args()
    if options.plots:
        text = (options.output / "figures.json").read_text(encoding="utf-8")
        plots.draw_all(json.loads(text), options.output)
        return
    figures = measure(500 if options.quick else options.draws, whole=not options.quick)
    options.output.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    (options.output / "figures.json").write_text(text + "\n", encoding="utf-8")
    plots.draw_all(figures, options.output)
    page = options.output.with_suffix(".md")
    if page.is_file():
        page.write_text(with_tables(page.read_text(encoding="utf-8"), figures), encoding="utf-8")


def measure(draws: int, *, whole: bool) -> Figures:
    """All figures, rounded to three digits that count."""
    run = compiled if whole else readable
    figures: Figures = {"draws": draws, "families": {}}
    families: list[Family | Teams] = [*FAMILIES, FIXED_TEAMS, *([WORST] if whole else [])]
    for family in families:
        began = time.perf_counter()
        figures["families"][family.name] = one_family(family, draws, run)
        print(f"{family.name}: {time.perf_counter() - began:.1f} s", file=sys.stderr)
    figures["apart"] = {
        name: {"chinese": chinese} | apart.measure(maker, count if whole else 3)
        for name, (chinese, maker, count) in apart.FAMILIES.items()
    }
    if whole:
        left, independent = county.overlaps(20)
        chance, z = county.extra_load(compiled, 400)
        figures["county"] = {
            "overlap": {str(steps): digits(share) for steps, share in left.items()},
            "independent": digits(independent),
            "extra_load": {"draws": 400, "chance": digits(chance), "z": [round(one, 2) for one in z]},
            "often_recused": often_recused(400, 100, 40),
        }
    return figures


def often_recused(draws: int, solved: int, spans: int) -> Figures:
    """How often those recused from 30 % carry the larger load, by whom it is decided; with twice its standard error."""
    family = county.tenth()
    by_costs = draws_of(PEERS["random costs"][1], family)
    by_engine = engine(family, compiled)
    elsewhere = by_costs(0)
    assert elsewhere is not None
    found = {
        "long run": county.long_run(elsewhere, spans),
        "engine": county.extra_of_the_often_recused(map(by_engine, range(draws))),
        "random costs": county.extra_of_the_often_recused(map(by_costs, range(solved))),
    }
    shares = {name: [round(share, 3), round(error, 3)] for name, (share, error) in found.items()}
    return {"draws": draws, "solved": solved, "spans": spans, "shares": shares}


def one_family(family: Family | Teams, draws: int, run: Run) -> Figures:
    """Exact and empirical distances of the engine, and of the peers where there is more than one forced way."""
    law = family.law() if isinstance(family, Teams) else uniform(family.lawful())
    peers = {}
    for name, (_, peer) in PEERS.items() if family is not WORST else ():
        drawn, failed = frequencies(draws_of(peer, family), law, draws)
        peers[name] = {
            "distance": digits(empirical_distance(drawn, failed, law)),
            "not_lawful_or_uneven": digits(failed / draws),
            "never": sum(count == 0 for count in drawn),
        }
    return {
        "chinese": family.chinese,
        "states": len(law),
        "exact": exact_of_teams(family) if isinstance(family, Teams) else exact(family),
        "empirical": empirical(family, law, draws, run),
        "start": empirical(family, law, draws, start_only),
        "noise": dict(zip(("distance", "marginal"), map(digits, noise(law, draws)), strict=True)),
        "peers": peers,
    }


def exact(family: Family) -> Figures:
    """By transition matrix, from the worst start."""
    own = chain(family)
    stages = dict(own.stages())
    both = stages[max(stages)] @ own.exchanges()
    return {
        "slots": len(family.pools),
        "start": digits(distance(np.eye(len(own.states)))),
        "exchanges": {str(k): digits(distance(own.exchanges(k))) for k in STEPS},
        "rotations": {str(k): digits(distance(rows)) for k, rows in stages.items()},
        "whole": digits(distance(both)),
        "marginal": digits(marginal(own.states, both)),
    }


def exact_of_teams(teams: Teams) -> Figures:
    """The same for both draws of fixed teams."""
    before, whole, off = of_teams(teams)
    return {"start": digits(before), "whole": digits(whole), "marginal": digits(off)}


def empirical(family: Family | Teams, law: Law, draws: int, run: Run) -> Figures:
    """From the engine's own starts, by counting."""
    counts, other = frequencies(engine(family, run), law, draws)
    return {
        "distance": digits(empirical_distance(counts, other, law)),
        "marginal": digits(deviation(counts, law)),
        "other": other,
    }


def with_tables(page: str, figures: Figures) -> str:
    """The page with its tables (between `<!-- name -->` and `<!-- / -->`) made anew from the figures."""
    for name, lines in tables(figures).items():
        page, found = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- / -->)",
            rf"\g<1>{chr(10).join(lines)}\n\g<2>",
            page,
            flags=re.DOTALL,
        )
        assert found == 1, name
    return page


def tables(figures: Figures) -> dict[str, list[str]]:
    """Markdown tables by name."""
    families = figures["families"].items()
    exact = [
        "| 家族 family | 合规分派 | 不混合 | 只交换16次/席 | 全部步骤 | 席位概率的最大偏差 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    start = [
        "| 家族 | 距离：只有起点 | 全部步骤后 | 噪声 | 席位概率：只有起点 | 全部步骤后 | 噪声 |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    names = list(PEERS)
    peers = [
        f"| 家族 | 本引擎 | 完美抽样的噪声 | {' | '.join(PEERS[name][0] for name in names)} |",
        f"| --- | ---: | ---: | {' | '.join('---:' for _ in names)} |",
    ]
    for name, one in families:
        far, begun, after, level = one["exact"], one["start"], one["empirical"], one["noise"]
        exchanged = far["exchanges"]["16"] if "exchanges" in far else "-"
        exact.append(
            f"| {one['chinese']} ({name}) | {one['states']} | {far['start']} | {exchanged} | "
            f"{far['whole']} | {far['marginal']} |"
        )
        cells = [each[what] for what in ("distance", "marginal") for each in (begun, after, level)]
        start.append(f"| {plots.named(one)} | {' | '.join(map(str, cells))} |")
        if one["peers"]:
            cells = [
                after["distance"],
                level["distance"],
                *(_peer_cell(one["peers"][peer]) for peer in names),
            ]
            peers.append(f"| {one['chinese']} | {' | '.join(map(str, cells))} |")
    found = {"exact": exact, "start": start, "peers": peers, "apart": apart_table(figures["apart"])}
    return found | ({"county": county_table(figures["county"])} if "county" in figures else {})


def county_table(found: Figures) -> list[str]:
    """What was found at a county's size, with what it would be if all were perfect."""
    overlap, extra, often = found["overlap"], found["extra_load"], found["often_recused"]
    z, independent = extra["z"], found["independent"]
    mean_square = sum(one * one for one in z) / len(z)
    shares = {name: f"{share:.3f} ± {error:.3f}" for name, (share, error) in often["shares"].items()}
    return [
        "| 测量 | 得到 | 应当 |",
        "| --- | ---: | ---: |",
        f"| 与起点相同的席位（3%回避，只交换），每席位8次后 | {overlap['8']} | {independent}（两次独立抽取之间） |",
        f"| 同上，16次（规范的步数）后 | {overlap['16']} | {independent} |",
        f"| 多出的任务（不设回避，全部步骤）：{len(z)}人的 z² 的平均，{extra['draws']}次抽取 | {mean_square:.2f} | 1 |",
        f"| 同上，最大的绝对值 | {max(map(abs, z)):.2f} | {WIDEST}（95%分位数） |",
        f"| 常回避者多承担一个的概率：本引擎，{often['draws']}次抽取 | {shares['engine']} | {shares['long run']} |",
        f"| 同上：求解器加随机费用，{often['solved']}次 | {shares['random costs']} | {shares['long run']} |",
    ]


def apart_table(found: Figures) -> list[str]:
    """How often repair misses what there is."""
    pairs = [
        "| 情形 | 实例 | 有合规分派 | 其中误报人员不足 | 其中放弃均衡 | 放弃得比必须的多 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    columns = ("instances", "exist", "missed", "less_even", "more_than_due")
    for name, one in found.items():
        pairs.append(f"| {one['chinese']} ({name}) | {' | '.join(str(one[column]) for column in columns)} |")
    return pairs


def _peer_cell(peer: Figures) -> str:
    failed = peer["not_lawful_or_uneven"]
    return f"{peer['distance']}（不合规或不均 {failed:.0%}）" if failed else str(peer["distance"])


def digits(value: float) -> float:
    """Three digits that count; below what floating-point arithmetic can tell, that limit."""
    return float(f"{max(value, 1e-12):.2e}") if value > 0 else 0.0


if __name__ == "__main__":
    main()
