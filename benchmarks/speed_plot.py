"""Renders the measurements as ``docs/speed.svg``: time against size, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10
from pathlib import Path
from typing import Any

from benchmarks.rows import ROWS
from benchmarks.speed_page import seconds

PANELS = {
    "Entities, in arrays and in tags": "entities",
    "Entities, from layers in JSONL": "layers",
    "Paired bootstrap, tags in": "bootstrap",
    "CEAFe": "ceafe",
    "Nominal α": "alpha",
    "Quotes and claims": "articles",
}
OURS, OTHERS, TEXT, GRID = "#2f81f7", "#c4661f", "#7d8590", "#7d859040"
"""Colours that can be read on white and on black."""


def plot(found: Mapping[str, Any], path: Path) -> None:
    """Write the plot as SVG; the same measurements give the same file."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    style = {
        "svg.hashsalt": "speed", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9,
        "text.color": TEXT, "axes.labelcolor": TEXT, "axes.edgecolor": TEXT, "axes.titlecolor": TEXT,
        "xtick.color": TEXT, "ytick.color": TEXT,
    }  # fmt: skip
    with pyplot.rc_context(style):
        figure, axes = pyplot.subplots(3, 2, figsize=(10, 11), layout="constrained")
        for axis, (title, row) in zip(axes.flat, PANELS.items(), strict=True):
            _panel(axis, title, row, found)
        path.parent.mkdir(exist_ok=True)
        figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})
        pyplot.close(figure)


def _panel(axis: Any, title: str, row: str, found: Mapping[str, Any]) -> None:
    sizes = [size for size in ROWS[row].sizes if str(size) in found["rows"].get(row, {})]
    ends = []
    for call in dict.fromkeys(call for size in sizes for call in found["rows"][row][str(size)]):
        points = [(size, t) for size in sizes if (t := seconds(found, row, call, size)) is not None]
        ours = call.startswith("ours")
        colour = OURS if ours else OTHERS
        axis.plot(*zip(*points, strict=True), color=colour, marker="o", markersize=3, lw=2 if ours else 1.2)
        ends.append((*points[-1], call, colour))
    axis.set(xscale="log", yscale="log", title=title, xlabel=ROWS[row].unit, ylabel="CPU seconds")
    axis.set_xticks(sizes, [_short(size) for size in sizes])
    axis.minorticks_off()
    axis.grid(color=GRID, lw=0.6)
    axis.spines[["top", "right"]].set_visible(False)
    _label(axis, ends)


def _label(axis: Any, ends: list[tuple[float, float, str, str]]) -> None:
    """Names at the right ends of the lines, moved apart where they would lie on each other."""
    left, right = axis.get_xlim()
    low, high = (log10(y) for y in axis.get_ylim())
    axis.set_xlim(left, right * (right / left) ** 0.5)
    ends.sort(key=lambda end: end[1])
    for x in {end[0] for end in ends}:
        here = [end for end in ends if end[0] == x]
        heights = _apart([log10(y) for _, y, _, _ in here], (high - low) * 0.07)
        for (_, y, name, colour), height in zip(here, heights, strict=True):
            place = (x * (right / left) ** 0.04, 10**height)
            arrow = {"arrowstyle": "-", "color": colour, "lw": 0.5, "shrinkA": 0, "shrinkB": 2}
            axis.annotate(name, (x, y), place, color=colour, va="center", fontsize=8, arrowprops=arrow)


def _apart(heights: list[float], gap: float) -> list[float]:
    """Ascending heights, each pushed from its neighbours until there is a gap between all."""
    out = list(heights)
    for _ in range(200):
        for n in range(1, len(out)):
            if (lack := gap - (out[n] - out[n - 1])) > 0:
                out[n - 1] -= lack / 2
                out[n] += lack / 2
    return out


def _short(size: int) -> str:
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1_000}k"
