"""A score as a cell of the leaderboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vostochny.eval.render import percent
from vostochny.eval.task_counts import Path


def headline(row: Mapping[str, Any], task: str, path: Path) -> str:
    """A task's leading F1 in percent with its interval; empty if the row does not have the task."""
    leaf = row["tasks"].get(task)
    if leaf is None:
        return ""
    for step in path:
        leaf = leaf[step]
    if leaf["ci95"] is None:
        return percent(leaf["f1"])
    low, high = leaf["ci95"]
    return f"{percent(leaf['f1'])} [{percent(low)}, {percent(high)}]"
