"""The leaderboard as pictures: bars with intervals, heat maps, confusions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vostochny.cli.leaderboard import TITLES
from vostochny.cli.leaderboard_links import TITLES as LINK_TITLES
from vostochny.cli.report_articles import System
from vostochny.eval import LINK_TASKS, TASKS, score
from vostochny.eval.render import fraction, percent
from vostochny.schema.model import Gold


@dataclass(frozen=True, slots=True)
class Bar:
    """A score in [0, 1] with its interval, name and a remark; ``bar`` is the limit that it has to clear."""

    name: str
    kind: str
    value: float | None
    low: float | None = None
    high: float | None = None
    bar: float | None = None

    @property
    def text(self) -> str:
        """The score in percent."""
        return percent(self.value)

    @property
    def interval(self) -> str:
        """The interval in percent; empty if there is none."""
        return "" if self.low is None or self.high is None else f"{percent(self.low)}–{percent(self.high)}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of numbers with a shade from 0 to 10 for each cell."""

    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str, int]]]]


@dataclass(frozen=True, slots=True)
class Board:
    """A task: its title, headline scores, all measures, heat maps, and each system's confusions."""

    task: str
    title: str
    bars: Sequence[Bar]
    measures: Grid
    labels: Grid | None
    heat: Sequence[Grid]
    confusions: Sequence[tuple[str, Sequence[Grid]]]


def given_rows(gold: Gold, systems: Sequence[System]) -> list[dict[str, Any]]:
    """Rows of a leaderboard for systems that are in no file, scored as ``vostochny score`` does."""
    rows = []
    for system in systems:
        done = [
            t
            for t, task in TASKS.items()
            if any(getattr(y, task.part) is not None for y in system.layers.values())
        ]
        if not gold or not done:
            continue
        report = score(gold, system.layers, tasks=done)
        tasks = {
            name: value
            for name, value in report.to_json()["tasks"].items()
            if name not in report.without_gold
        }
        rows.append({"system": system.name, "kind": "given", "tasks": tasks})
    return rows


def boards(value: Mapping[str, Any]) -> list[Board]:
    """The tasks of a leaderboard's JSON value, those that no row has left out."""
    out = []
    heads = {**{t: TASKS[t].headline for t in TITLES}, **{t: LINK_TASKS[t].headline for t in LINK_TITLES}}
    rows: list[tuple[str, str, Mapping[str, Any]]] = []
    for row in (*value["systems"], *value.get("linkers", ())):
        name = _name(row)
        taken = any(name == other for other, _, _ in rows)
        rows.append((f"{name} ({row['kind']})" if taken else name, row["kind"], row["tasks"]))
    for task, title in {**TITLES, **LINK_TITLES}.items():
        having = [(name, kind, tasks[task]) for name, kind, tasks in rows if task in tasks]
        if having:
            out.append(_board(task, title, heads[task], having))
    return out


def _name(row: Mapping[str, Any]) -> str:
    layers = row.get("layers")
    return f"{row['system']}, {layers} layers" if layers else str(row["system"])


def _board(
    task: str, title: str, head: Sequence[str], rows: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> Board:
    bars = []
    for name, kind, value in rows:
        leaf: Any = value
        for step in head:
            leaf = leaf[step]
        bars.append(score_bar(name, kind, leaf))
    leaves = {name: dict(_leaves(value)) for name, _, value in rows}
    scored = _union(leaves, lambda leaf: "f1" in leaf)
    labelled = _union(leaves, lambda leaf: "kappa" in leaf)
    heat = sorted({path[0] for path in scored if path[0].startswith("by_")})
    return Board(
        task=task,
        title=title,
        bars=bars,
        measures=_scores([p for p in scored if p[0] not in heat], leaves, head),
        labels=_labels(labelled, leaves) if labelled else None,
        heat=[_heat(group, [p for p in scored if p[0] == group], leaves) for group in heat],
        confusions=[(name, found) for name, _, value in rows if (found := _confusions(value))],
    )


def score_bar(name: str, kind: str, leaf: Mapping[str, Any], bar: float | None = None) -> Bar:
    """A bar of a report's score."""
    interval = next((leaf[key] for key in leaf if key.startswith("ci")), None)
    low, high = interval or (None, None)
    return Bar(name, kind, leaf["f1"], low, high, bar)


def _leaves(value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, part in value.items():
        if not isinstance(part, Mapping) or name == "errors":
            continue
        if "f1" in part or "kappa" in part:
            yield (*path, name), part
        else:
            yield from _leaves(part, (*path, name))


def _union(leaves: Mapping[str, Mapping[tuple[str, ...], Any]], wanted: Any) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(p for found in leaves.values() for p, leaf in found.items() if wanted(leaf)))


def _scores(
    paths: Sequence[tuple[str, ...]],
    leaves: Mapping[str, Mapping[tuple[str, ...], Any]],
    head: Sequence[str],
) -> Grid:
    rows = []
    for name, found in leaves.items():
        leading = found.get(tuple(head), {})
        cells = [(percent(leading.get(key)), 0) for key in ("precision", "recall")]
        rows.append((name, [*cells, *((percent(found[p]["f1"]) if p in found else "", 0) for p in paths)]))
    return Grid("F1 in %", ["precision", "recall", *map(_words, paths)], rows)


def _labels(paths: Sequence[tuple[str, ...]], leaves: Mapping[str, Mapping[tuple[str, ...], Any]]) -> Grid:
    rows = []
    for name, found in leaves.items():
        rows.append((name, [(fraction(found[p]["kappa"]) if p in found else "", 0) for p in paths]))
    return Grid(
        "κ of the labels of aligned items", [_words(p).removeprefix("attributes ") for p in paths], rows
    )


def _heat(
    group: str,
    paths: Sequence[tuple[str, ...]],
    leaves: Mapping[str, Mapping[tuple[str, ...], Any]],
) -> Grid:
    rows = []
    for name, found in leaves.items():
        scores = [found[p]["f1"] if p in found else None for p in paths]
        if any(p in found for p in paths):
            rows.append(
                (name, [("" if f is None else f"{100 * f:.0f}", round(10 * (f or 0))) for f in scores])
            )
    return Grid(f"F1 {group.replace('_', ' ')}, in %", [p[-1] for p in paths], rows)


def _words(path: Sequence[str]) -> str:
    return " ".join(path).replace("_", " ")


def _confusions(value: Mapping[str, Any]) -> list[Grid]:
    errors = value.get("errors", {})
    tables = {f"{name}: gold by predicted": table for name, table in errors.items()}
    for path, leaf in _leaves(value):
        # The types of mentions stand among the errors already, with those that have no partner.
        if "confusion" in leaf and 1 < len(leaf["confusion"]) <= 20 and not errors:
            tables[f"{_words(path).removeprefix('attributes ')}: gold by predicted"] = leaf["confusion"]
    return [confusion(title, table) for title, table in tables.items() if table]


def confusion(title: str, table: Mapping[str, Mapping[str, int]]) -> Grid:
    """A confusion table; the shades are by the share of each row, what agrees left out of the shading."""
    columns = sorted({name for row in table.values() for name in row}, key=lambda n: (n == "none", n))
    rows = []
    for name in sorted(table, key=lambda n: (n == "none", n)):
        total = sum(table[name].values())
        cells = [
            (str(n) if (n := table[name].get(c, 0)) else "", _shade(n, total) if n and c != name else 0)
            for c in columns
        ]
        rows.append((name, cells))
    return Grid(title, [_words([name]) for name in columns], rows)


def _shade(n: int, total: int) -> int:
    return max(1, round(10 * n / total))
