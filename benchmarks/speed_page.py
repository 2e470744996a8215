"""Renders the measurements as ``docs/speed.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.rows import GOALS, GROWTH, MEMORY, ROWS, Goal

Results = Mapping[str, Any]

INTRODUCTION = """\
# Speed

CPU time, one thread, ours and other scorers side by side in one run of `make benchmark`, which writes this
page. The corpora come from a seeded generator ([`benchmarks/generator.py`](../benchmarks/generator.py)):
sentences of 25 tokens, 25 sentences a document, 10 % of the tokens in entities of 18 types, about 20 % of
the entities perturbed in the system's output. Each row is measured at each size in a process of its own,
calls in turns, the garbage collector off (quotes and claims, which have no peer, beside the others on
another core); a time is the best of up to 15 turns (from five seconds on, of one run; calls under 20 ms are
run ten times a turn). Calls on the same input must give the same F1, or the run fails.
"""
NOTES = """\
"sorting the keys" is numpy's sort of the same entities, gold and predicted, as 64-bit integers; "seqeval
report" is its `classification_report`, all in its default mode but "strict", which is what ours measures.
From layers, ours goes from the two files to all measures of entities; msgspec and orjson only decode the
same two files, and nervaluate gets the same spans in memory. Resampling seqeval is timed over 4 of 1,000
resamples. Ours tests the difference by studentised bootstrap and by approximate randomization, and takes
its counts from the tags, as do the cached counts. CoVal's algorithm, the dense solver and the bootstraps
beside ours are in no package: [`benchmarks/peers_restated.py`](../benchmarks/peers_restated.py) writes them
down as published. In the clusters, a fifth of the mentions is wrong, mostly in another cluster of the same
document.
"""


def page(found: Results) -> str:
    """The page."""
    parts = (_goals(found), [NOTES], _growth(found), _memory(found), _times(found))
    return "\n".join([INTRODUCTION, _machine(found["machine"]), *(line for part in parts for line in part)])


def seconds(found: Results, row: str, call: str, size: int) -> float | None:
    """A call's time at a size; None where it was not run."""
    cell = found["rows"].get(row, {}).get(str(size), {}).get(call)
    return None if cell is None else float(cell["seconds"])


def _machine(machine: Mapping[str, Any]) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return (
        f"Measured on {machine['date']} on {machine['processor']} ({machine['cores']} cores), "
        f"{machine['system']}, Python {machine['python']}; {packages}.\n"
    )


def _goals(found: Results) -> Iterator[str]:
    yield "## Goals\n"
    yield "| work | size | ours | beside | its time | ratio | goal | |"
    yield "|:--|--:|--:|:--|--:|--:|--:|:--|"
    for goal in GOALS:
        size = _size(found, goal)
        if size is None:
            continue
        ours, theirs = (
            found["rows"][goal.row][str(size)][call]["seconds"] for call in (goal.ours, goal.peer)
        )
        work = f"{goal.work} | {size:,} {ROWS[goal.row].unit} | {_time(ours)}"
        yield f"| {work} | {goal.peer} | {_time(theirs)} | {_ratio(goal, ours, theirs)} |"
    yield ""


def _size(found: Results, goal: Goal) -> int | None:
    """The goal's size, or the largest below it if that was not measured (in a quick run)."""
    there = found["rows"].get(goal.row, {})
    both = [size for size in map(int, there) if {goal.ours, goal.peer} <= there[str(size)].keys()]
    return max((size for size in both if size <= goal.size), default=None)


def _ratio(goal: Goal, ours: float, theirs: float) -> str:
    if goal.at_most is not None:
        ratio = ours / theirs
        return f"{_three(ratio)}× | ≤ {goal.at_most:,g}× | {_reached(ratio <= goal.at_most)}"
    ratio = theirs / ours
    if goal.at_least is None:
        return f"{_three(ratio)}× | | "
    return f"{_three(ratio)}× | ≥ {goal.at_least:,g}× | {_reached(ratio >= goal.at_least)}"


def _growth(found: Results) -> Iterator[str]:
    yield "## Growth\n"
    yield "![Time against size, ours and others, both axes logarithmic](speed.svg)\n"
    for work, row, most in GROWTH:
        sizes = [size for size in ROWS[row].sizes if seconds(found, row, "ours", size) is not None]
        if not sizes:
            continue
        unit = ROWS[row].unit
        yield f"| {work} | ours | growth for ten times as much | goal | |\n|:--|--:|--:|--:|:--|"
        before = None
        for size in sizes:
            now = seconds(found, row, "ours", size)
            assert now is not None
            grown = (
                " | | "
                if before is None
                else f"{_three(now / before)}× | ≤ {most:g}× | {_reached(now / before <= most)}"
            )
            yield f"| {size:,} {unit} | {_time(now)} | {grown} |"
            before = now
        yield ""


def _memory(found: Results) -> Iterator[str]:
    if not found["memory"]:
        return
    yield "## Memory\n"
    yield "Resident memory of the whole process while it scores ten million tokens, the input included.\n"
    yield "| input | with the input made | at the peak | goal | |\n|:--|--:|--:|--:|:--|"
    for form, cell in sorted(found["memory"].items()):
        reached = _reached(cell["peak"] <= MEMORY)
        before, peak = f"{cell['before']:,.0f} MiB", f"{cell['peak']:,.0f} MiB"
        yield f"| {form} | {before} | {peak} | ≤ {MEMORY:,.0f} MiB | {reached} |"
    yield ""


def _times(found: Results) -> Iterator[str]:
    yield "## All times\n"
    for name, row in ROWS.items():
        sizes = [size for size in row.sizes if str(size) in found["rows"].get(name, {})]
        if not sizes:
            continue
        calls = dict.fromkeys(call for size in sizes for call in _calls(found, name, size))
        yield f"| {name} | {' | '.join(f'{size:,} {row.unit}' for size in sizes)} |"
        yield f"|:--|{'--:|' * len(sizes)}"
        for call in calls:
            times = (seconds(found, name, call, size) for size in sizes)
            yield f"| {call} | {' | '.join('' if each is None else _time(each) for each in times)} |"
        yield ""


def _calls(found: Results, row: str, size: int) -> list[str]:
    """The calls that were run, fastest first, ours before all."""
    cells = found["rows"][row][str(size)]
    return sorted(cells, key=lambda call: (not call.startswith("ours"), cells[call]["seconds"]))


def _reached(reached: bool) -> str:
    return "reached" if reached else "**missed**"


def _time(value: float) -> str:
    """Seconds in three digits, with the unit that suits."""
    if value < 1e-3:
        return f"{_three(value * 1e6)} µs"
    if value < 1:
        return f"{_three(value * 1e3)} ms"
    return f"{_three(value)} s"


def _three(value: float) -> str:
    """Three digits, none lost before the point."""
    digits = max(0, 2 - len(str(int(value))) + 1) if value >= 1 else 3
    return f"{value:,.{digits}f}"
