"""The plots of docs/uniformity.md, as SVG."""

from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib import pyplot as plt

from benchmarks.uniformity.peers import PEERS

Figures = dict[str, Any]
STYLE: Final = {
    "font.family": ["Noto Sans CJK SC", "Noto Sans CJK JP", "DejaVu Sans"],
    "axes.unicode_minus": False,
    "svg.hashsalt": "shuangsuiji",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 11,
}
OURS, NOISE, OTHERS = "#b1121b", "#9a9a9f", ("#31689e", "#6f9fc9", "#d8a13a", "#7a6a9e")


def draw_all(figures: Figures, folder: Path) -> None:
    """Write every plot that the figures have something for."""
    mpl.use("svg")
    with plt.rc_context(STYLE):
        _peers(figures, folder / "peers.svg")
        _steps(figures, folder / "steps.svg")
        if "county" in figures:
            _county(figures["county"], folder / "county.svg")


def _peers(figures: Figures, path: Path) -> None:
    """For a minister: how far each way of drawing is from giving every lawful assignment the same chance."""
    families = [one for one in figures["families"].values() if one["peers"]]
    methods = [("本引擎", OURS, [one["empirical"]["distance"] for one in families])]
    methods += [
        (chinese, colour, [one["peers"][name]["distance"] for one in families])
        for (name, (chinese, _)), colour in zip(PEERS.items(), OTHERS, strict=True)
    ]
    figure, axes = plt.subplots(figsize=(13, 6.2), layout="constrained")
    height = 0.16
    for number, (label, colour, values) in enumerate(methods):
        places = [row + (number - 2) * height for row in range(len(families))]
        axes.barh(places, values, height * 0.92, color=colour, label=label)
    for row, one in enumerate(families):
        level = one["empirical"]["noise"]
        mark = {"label": "完美抽样也有的统计波动"} if row == 0 else {}
        axes.plot([level, level], [row - 0.42, row + 0.42], color=NOISE, lw=2, **mark)
    axes.set_yticks(range(len(families)), [one["chinese"] for one in families])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("与“人人机会均等”的差距：0 = 每种合规分派机会相同，1 = 毫无机会均等可言")
    axes.set_title("抽取检查人员：各种做法离机会均等有多远", loc="left", fontsize=15)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    _save(figure, path)


def _steps(figures: Figures, path: Path) -> None:
    """Exact distance from the worst start, by exchanges for each slot; and after rotations."""
    figure, axes = plt.subplots(figsize=(10, 5.4), layout="constrained")
    for number, one in enumerate(figures["families"].values()):
        far = one["exact"]
        steps = [int(k) for k in far["exchanges"]]
        colour = plt.get_cmap("tab20")(number)
        values = list(far["exchanges"].values())
        axes.plot(
            steps,
            values,
            color=colour,
            marker="o",
            ms=3,
            label=f"{one['chinese'].split('：')[0]}（{one['states']}种）",
        )
        axes.plot([18], [far["whole"]], color=colour, marker="D", ms=7)
    axes.axvline(17, color="#cccccc", lw=1)
    axes.text(18, 2, "全部步骤", ha="center", fontsize=10)
    axes.set_yscale("log")
    axes.set_ylim(1e-13, 3)
    axes.set_xticks([0, 1, 2, 4, 8, 16], ["0", "1", "2", "4", "8", "16"])
    axes.set_xlabel("每席位交换次数（不做轮转）；右侧菱形：轮转加交换之后")
    axes.set_ylabel("最坏起点到均匀分布的全变差距离")
    axes.set_title("从最坏的起点出发，多快接近均匀", loc="left", fontsize=15)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9)
    _save(figure, path)


def _county(figures: Figures, path: Path) -> None:
    """At county size: what is left of the start, and how evenly the extra load falls."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    steps = [int(k) for k in figures["overlap"]]
    left.plot(steps, figures["overlap"].values(), color=OURS, marker="o", label="与起点相同的席位")
    left.axhline(figures["independent"], color=NOISE, lw=2, label="两次独立抽取之间")
    left.set_yscale("log")
    left.set_xlabel("每席位交换次数")
    left.set_title("全县一个人员库：起点还剩多少", loc="left")
    left.legend(frameon=False)
    z = figures["extra_load"]["z"]
    right.hist(
        z, bins=[k / 2 for k in range(-8, 9)], color=OURS, alpha=0.8, density=True, label="982 名检查人员"
    )
    grid = [k / 20 for k in range(-80, 81)]
    normal = [2.718281828 ** (-one * one / 2) / 2.506628275 for one in grid]
    right.plot(grid, normal, color=NOISE, lw=2, label="机会完全均等时")
    right.set_xlabel("多承担一个任务的次数：偏离期望几个标准差")
    right.set_title(f"多出的任务落到谁头上（{figures['extra_load']['draws']} 次抽取）", loc="left")
    right.legend(frameon=False)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)
