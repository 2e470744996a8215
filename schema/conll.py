"""Tags of tokens in columns, as CoNLL's shared tasks have them.

A line is a token; its columns are parted by tabs, or by spaces where it has no tab. Blank lines end
sequences. Lines that start with ``-DOCSTART-`` are skipped; they end a sequence as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.files import decode, read_bytes

_DOCSTART = "-DOCSTART-"


@dataclass(frozen=True, eq=False)
class TagFile:
    """The sequences of a file: their tokens (None if it has tags only), tags and each one's first line."""

    file: str
    tokens: list[list[str]] | None
    tags: list[list[str]]
    lines: list[int]


def read_conll(path: str | Path, column: int | None = None) -> TagFile:
    """The tags in the ``column`` (counted from 1; None: the last) of each line.

    Raises :class:`~vostochny.schema.errors.InputError` for a file that can't be read or has no token, and for
    lines that lack the column.
    """
    file = str(path)
    tokens: list[list[str]] = []
    tags: list[list[str]] = []
    lines: list[int] = []
    within = False
    bare = True
    for number, line in enumerate(decode(read_bytes(path), file).split("\n"), 1):
        told = line.rstrip("\r")
        # Other white space may be part of a token.
        cells = told.split("\t") if "\t" in line else [cell for cell in told.split(" ") if cell]
        if not cells or not line.strip() or cells[0] == _DOCSTART:
            within = False
            continue
        if column is not None and column > len(cells):
            message = f"has {len(cells)} columns, expected at least {column}; mend the line or name another"
            raise InputError.of("missing-column", message, file=file, line=number)
        if not within:
            tokens.append([])
            tags.append([])
            lines.append(number)
            within = True
        bare = bare and len(cells) == 1
        tokens[-1].append(cells[0])
        tags[-1].append(cells[-1 if column is None else column - 1].strip())
    if not tags:
        raise InputError.of("nothing-found", "holds no token; give a file with a token a line", file=file)
    return TagFile(file, None if bare else tokens, tags, lines)


def same_tokens(gold: TagFile, other: TagFile) -> None:
    """InputError (``different-tokens``) unless both files have the same sequences of the same tokens.

    Files of tags only need as many in each sequence.
    """
    for n, line in enumerate(other.lines[: len(gold.lines)]):
        ours, theirs = gold.tags[n], other.tags[n]
        if gold.tokens is not None and other.tokens is not None:
            ours, theirs = gold.tokens[n], other.tokens[n]
        if len(ours) == len(theirs) and (gold.tokens is None or other.tokens is None or ours == theirs):
            continue
        raise InputError([_difference(gold, other, n, line)])
    if len(gold.lines) != len(other.lines):
        more, less = (gold, other) if len(gold.lines) > len(other.lines) else (other, gold)
        message = f"sequence {len(less.lines) + 1} begins here, {less.file} has only {len(less.lines)}"
        at = more.lines[len(less.lines)]
        raise InputError.of("different-tokens", f"{message}; give the same text", file=more.file, line=at)


def _difference(gold: TagFile, other: TagFile, n: int, line: int) -> Problem:
    """Where the n-th sequences differ."""
    if gold.tokens is not None and other.tokens is not None:
        for k, (ours, theirs) in enumerate(zip(gold.tokens[n], other.tokens[n], strict=False)):
            if ours != theirs:
                there = f"{gold.file}:{gold.lines[n] + k}"
                message = f"found the token {shown(theirs)}, {there} has {shown(ours)}; give the same text"
                return Problem("different-tokens", message, other.file, line + k)
    there = f"the one at {gold.file}:{gold.lines[n]}"
    message = (
        f"the sequence has {len(other.tags[n])} tokens, {there} has {len(gold.tags[n])}; give the same text"
    )
    return Problem("different-tokens", message, other.file, line)
