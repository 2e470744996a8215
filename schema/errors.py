"""Problems with what a user gave us: where they are, what was found, what to do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    ``check`` is the stable kebab-case id of the rule that was broken, ``path`` a JSON path such as
    ``$.mentions[3].start``, ``line`` a line number counted from 1 (JSONL files, and JSON that
    can't be parsed).
    """

    check: str
    message: str
    file: str | None = None
    line: int | None = None
    path: str | None = None

    def __str__(self) -> str:
        """``file:line: $.json.path: [check-id] message``, without the parts that are unknown."""
        where = self.file or ""
        if self.line is not None:
            where += f":{self.line}" if where else f"line {self.line}"
        parts = [part for part in (where, self.path) if part]
        return ": ".join([*parts, f"[{self.check}] {self.message}"])

    def at(self, file: str | None = None, line: int | None = None) -> Problem:
        """The same problem, placed in a file (and line) where it was not placed yet."""
        return replace(self, file=self.file or file, line=self.line if self.line is not None else line)

    def to_json(self) -> dict[str, Any]:
        """All five fields, null where unknown."""
        return {
            "file": self.file,
            "line": self.line,
            "path": self.path,
            "check": self.check,
            "message": self.message,
        }


class InputError(ValueError):
    """The user's input can't be used; every reason is in ``problems``."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """The problems, one a line."""
        return "\n".join(str(p) for p in self.problems)

    @classmethod
    def of(
        cls,
        check: str,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        path: str | None = None,
    ) -> InputError:
        """An error with a single problem."""
        return cls([Problem(check, message, file, line, path)])


def json_path(steps: Iterable[str | int]) -> str:
    """``$.mentions[3].start`` from ``("mentions", 3, "start")``; odd keys become ``["a key"]``."""
    out = "$"
    for step in steps:
        if isinstance(step, int):
            out += f"[{step}]"
        elif step.isidentifier():
            out += f".{step}"
        else:
            out += f"[{shown(step)}]"
    return out


def shown(value: object, limit: int = 60) -> str:
    """A value as an error message quotes it: printable, on one line, at most ``limit`` characters.

    Strings stand in single quotes, all else as JSON has it (``null``, ``true``).
    """
    text = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
