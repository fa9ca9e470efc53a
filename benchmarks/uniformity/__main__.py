"""`python -m benchmarks.uniformity`: measure, and write figures, plots and the tables of docs/uniformity.md."""

import argparse
import json
import re
import sys
import time
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.uniformity import apart, county, plots
from benchmarks.uniformity.exact import chain, distance, marginal
from benchmarks.uniformity.families import FAMILIES, WORST, Family
from benchmarks.uniformity.peers import PEERS, draws_of
from benchmarks.uniformity.sampling import empirical_distance, engine, frequencies, marginals, noise
from shuangsuiji.core.matching import Run
from shuangsuiji.core.matching import run as readable
from shuangsuiji.kernels.matching import run as compiled

DOCS: Final = Path(__file__).parents[2] / "docs"
STEPS: Final = (0, 1, 2, 4, 8, 16)
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
    figures: Figures = {"draws": draws, "families": {}}
    for family in (*FAMILIES, *([WORST] if whole else [])):
        began = time.perf_counter()
        figures["families"][family.name] = one_family(family, draws, compiled if whole else readable)
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
        }
    return figures


def one_family(family: Family, draws: int, run: Run) -> Figures:
    """Exact and empirical distances of the engine, and of the peers where there is more than one forced way."""
    own = chain(family)
    states = own.states
    rotations = own.rotations()
    both = rotations @ own.exchanges()
    counts, other = frequencies(engine(family, run), states, draws)
    peers = {}
    for name, (_, peer) in PEERS.items() if family is not WORST else ():
        drawn, failed = frequencies(draws_of(peer, family), states, draws)
        peers[name] = {
            "distance": digits(empirical_distance(drawn, failed)),
            "not_lawful_or_uneven": digits(failed / draws),
            "never": sum(count == 0 for count in drawn),
        }
    return {
        "chinese": family.chinese,
        "states": len(states),
        "slots": len(family.pools),
        "exact": {
            "start": digits(distance(np.eye(len(states)))),
            "exchanges": {str(k): digits(distance(own.exchanges(k))) for k in STEPS},
            "rotations": digits(distance(rotations)),
            "whole": digits(distance(both)),
            "marginal": digits(marginal(states, both)),
        },
        "empirical": {
            "distance": digits(empirical_distance(counts, other)),
            "noise": digits(noise(len(states), draws)),
            "marginal": digits(max(abs(off) for _, _, off in marginals(counts, states))),
            "other": other,
        },
        "peers": peers,
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
    for name, one in families:
        far = one["exact"]
        exact.append(
            f"| {one['chinese']} ({name}) | {one['states']} | {far['start']} | {far['exchanges']['16']} | "
            f"{far['whole']} | {far['marginal']} |"
        )
    names = list(PEERS)
    peers = [
        f"| 家族 | 本引擎 | 完美抽样的噪声 | {' | '.join(PEERS[name][0] for name in names)} |",
        f"| --- | ---: | ---: | {' | '.join('---:' for _ in names)} |",
    ]
    for _, one in families:
        if one["peers"]:
            cells = [_peer_cell(one["peers"][name]) for name in names]
            own = one["empirical"]
            peers.append(f"| {one['chinese']} | {own['distance']} | {own['noise']} | {' | '.join(cells)} |")
    pairs = [
        "| 情形 | 实例 | 有合规分派 | 其中误报人员不足 | 其中放弃均衡 | 放弃得比必须的多 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    columns = ("instances", "exist", "missed", "less_even", "more_than_due")
    for name, one in figures["apart"].items():
        pairs.append(f"| {one['chinese']} ({name}) | {' | '.join(str(one[column]) for column in columns)} |")
    return {"exact": exact, "peers": peers, "apart": pairs}


def _peer_cell(peer: Figures) -> str:
    failed = peer["not_lawful_or_uneven"]
    return f"{peer['distance']}（不合规或不均 {failed:.0%}）" if failed else str(peer["distance"])


def digits(value: float) -> float:
    """Three digits that count; below what floating-point arithmetic can tell, that limit."""
    return float(f"{max(value, 1e-12):.2e}") if value > 0 else 0.0


if __name__ == "__main__":
    main()
