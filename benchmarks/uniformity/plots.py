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
    "font.size": 13,
}
WIDTH: Final = 7.2
"""Inches: so narrow that the letters can still be read where a telephone shows the whole width."""
LARGE: Final = 16
COLUMNS: Final = 2
OURS, NOISE, OTHERS = "#b1121b", "#77777c", ("#31689e", "#d8a13a")


def draw_all(figures: Figures, folder: Path) -> None:
    """Write every plot that the figures have something for."""
    mpl.use("svg")
    with plt.rc_context(STYLE):
        _peers(figures, folder / "peers.svg")
        _steps(figures, folder / "steps.svg")
        if "county" in figures:
            _county(figures["county"], folder / "county.svg")


def _peers(figures: Figures, path: Path) -> None:
    """For a minister: a bar for each way of drawing, how far it is from giving every lawful assignment the same chance.

    The mean over the families, each of which is a dot, hollow where a perfect sampler could be as far off.
    """
    families = [one for one in figures["families"].values() if one["peers"]]
    noise = [one["noise"]["distance"] for one in families]
    methods = {"本引擎": [one["empirical"]["distance"] for one in families]}
    for name, (chinese, _) in PEERS.items():
        methods[chinese] = [one["peers"][name]["distance"] for one in families]
    figure, axes = plt.subplots(figsize=(WIDTH, 5), layout="constrained")
    for row, values in enumerate(methods.values()):
        mean = sum(values) / len(values)
        axes.barh(row, mean, 0.6, color=OTHERS[0] if row else OURS)
        for value, level in zip(values, noise, strict=True):
            fill = "black" if value > level else "white"
            axes.plot(value, row, "o", ms=5, mec="black", mfc=fill, alpha=0.6, clip_on=False)
        axes.annotate(f"{mean:.2f}", (max(values), row), xytext=(10, -5), textcoords="offset points")
    label = f"完美抽样也有的波动（95%分位数），{len(families)} 种情形的平均，只与条比"
    axes.axvline(sum(noise) / len(noise), color=NOISE, lw=2, label=label)
    axes.set_yticks(range(len(methods)), list(methods))
    axes.invert_yaxis()
    axes.set_xlim(0, 1.12)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    dots = "点：每种情形，空心者不超过该情形完美抽样的波动"
    axes.set_xlabel(f"条：{len(families)} 种情形的平均\n{dots}\n0 = 机会相同，1 = 毫无机会均等可言")
    figure.suptitle("各种做法离机会均等有多远", x=0.01, ha="left", fontsize=LARGE)
    figure.legend(loc="outside lower center", frameon=False)
    _save(figure, path)


def _steps(figures: Figures, path: Path) -> None:
    """Exact distance from the worst start, a field for each family: by each kind of step alone, and after all."""
    families = [one for one in figures["families"].values() if "exchanges" in one["exact"]]
    rows = -(-len(families) // COLUMNS)
    figure, fields = plt.subplots(
        rows, COLUMNS, figsize=(WIDTH, 2.3 * rows + 0.6), sharex=True, sharey=True, layout="constrained"
    )
    for field, one in zip(fields.flat, families, strict=False):
        _field(field, one)
    for field in fields.flat[len(families) :]:
        field.axis("off")
    for field in fields.flat[len(families) - COLUMNS : len(families)]:
        field.tick_params(labelbottom=True)
    figure.supxlabel("步数（一次交换或一次轮转）；菱形：全部步骤之后")
    figure.supylabel("最坏起点到均匀分布的全变差距离")
    figure.suptitle("从最坏的起点出发，多快接近均匀", x=0.01, ha="left", fontsize=LARGE)
    fields.flat[len(families) - 1].legend(loc="lower left", frameon=False)
    _save(figure, path)


def _field(axes: Any, one: Figures) -> None:
    far = one["exact"]
    exchanges = {int(k) * far["slots"]: value for k, value in far["exchanges"].items()}
    rotations = {0: far["start"]} | {int(k): value for k, value in far["rotations"].items()}
    axes.plot(exchanges.keys(), exchanges.values(), color=OTHERS[0], marker="o", ms=4, label="只交换")
    axes.plot(rotations.keys(), rotations.values(), color=OTHERS[1], marker="s", ms=4, label="只轮转")
    last = max(exchanges) + max(rotations)
    axes.plot([last], [far["whole"]], color=OURS, marker="D", ms=7)
    axes.annotate(
        f"{far['whole']:.2g}",
        (last, far["whole"]),
        xytext=(0, 9),
        textcoords="offset points",
        ha="center",
        color=OURS,
    )
    axes.set_yscale("log")
    axes.set_ylim(1e-13, 30)
    axes.set_yticks([1, 1e-4, 1e-8, 1e-12])
    axes.minorticks_off()
    axes.set_xscale("symlog", linthresh=1, linscale=0.4)
    axes.set_xlim(-0.2, 8000)
    axes.set_xticks([0, 1, 10, 100, 1000], ["0", "1", "10", "100", "1000"])
    axes.minorticks_off()
    axes.grid(axis="y", color="#dddddd")
    axes.set_title(f"{named(one)}（{one['states']}种）", loc="left", fontsize=13)


def named(one: Figures) -> str:
    """A family's name, without how large it is."""
    return str(one["chinese"]).split("：")[0].split("（")[0]


def _county(figures: Figures, path: Path) -> None:
    """At county size: what is left of the start, and how evenly the extra load falls."""
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(WIDTH, 8.5), layout="constrained")
    steps = [int(k) for k in figures["overlap"]]
    upper.plot(steps, figures["overlap"].values(), color=OURS, marker="o", label="与起点相同的席位")
    upper.axhline(figures["independent"], color=NOISE, lw=2, label="两次独立抽取之间")
    upper.set_yscale("log")
    upper.set_xlabel("每席位交换次数（只交换，不轮转）")
    upper.set_ylabel("席位的比例")
    upper.set_title("全县一个人员库，3% 回避：起点还剩多少", loc="left")
    upper.legend(frameon=False)
    z = figures["extra_load"]["z"]
    lower.hist(
        z, bins=[k / 2 for k in range(-8, 9)], color=OURS, alpha=0.8, density=True, label="982 名检查人员"
    )
    grid = [k / 20 for k in range(-80, 81)]
    normal = [2.718281828 ** (-one * one / 2) / 2.506628275 for one in grid]
    lower.plot(grid, normal, color=NOISE, lw=2, label="机会完全均等时")
    lower.set_ylabel("密度")
    lower.set_xlabel("多承担一个任务的次数：偏离期望几个标准差")
    lower.set_title(f"不设回避：多出的任务落到谁头上（{figures['extra_load']['draws']} 次抽取）", loc="left")
    lower.legend(frameon=False)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)
