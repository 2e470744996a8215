"""Mentions as arrays: the form in which large corpora are scored.

One row is one mention: its document, its half-open stretch of units (tokens, code points, whatever both sides
count in) and its type. Rows may stand in any order, overlap, nest and repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vostochny.schema.errors import InputError, shown

Ints = NDArray[np.int64]

_FIELDS = ("document", "start", "end", "type")

LARGEST = 2**62
"""Offsets lie below it."""


@dataclass(frozen=True, eq=False)
class Spans:
    """``n`` mentions of ``n_documents`` documents.

    ``document`` (``0 … n_documents - 1``), ``start``, ``end`` (half-open) and ``type`` (indices into
    ``types``) are integer arrays of shape ``[n]``; ``types`` are any labels, each once. Documents are the
    blocks that are resampled; a document without mentions is one, too, so ``n_documents`` must count it.

    Raises :class:`~vostochny.schema.errors.InputError` for arrays that are no integers or differ in length
    (``wrong-type``), empty or negative stretches (``empty-span``, ``offset-range``), documents and types out
    of range (``unknown-document``, ``unknown-label``) and labels that repeat (``repeated-value``).
    """

    document: NDArray[np.integer[Any]]
    start: NDArray[np.integer[Any]]
    end: NDArray[np.integer[Any]]
    type: NDArray[np.integer[Any]]
    types: tuple[str, ...]
    n_documents: int

    def __post_init__(self) -> None:
        for name in _FIELDS:
            object.__setattr__(self, name, _integers(getattr(self, name), name))
        object.__setattr__(self, "types", tuple(self.types))
        self._check()

    def __len__(self) -> int:
        return len(self.document)

    @cached_property
    def longest(self) -> int:
        """Units of the longest mention, 0 if there is none."""
        return int((self.end - self.start).max(initial=0))

    @cached_property
    def last(self) -> int:
        """The greatest end, 0 if there is no mention."""
        return int(self.end.max(initial=0))

    def digest(self) -> str:
        """A SHA-256 of the number of documents and the mentions, the same in whatever order they stand."""
        place = {name: n for n, name in enumerate(sorted(self.types))}
        codes = np.array([place[name] for name in self.types], dtype=np.int64)[self.type]
        columns = (codes, self.end, self.start, self.document)
        order = np.lexsort(columns)
        out = sha256(f"{self.n_documents} {sorted(self.types)!r}".encode())
        for column in columns:
            out.update(np.ascontiguousarray(column[order], dtype="<i8").tobytes())
        return out.hexdigest()

    def _check(self) -> None:
        lengths = {name: len(getattr(self, name)) for name in _FIELDS}
        if len(set(lengths.values())) > 1:
            listed = ", ".join(f"{name} {n}" for name, n in lengths.items())
            raise _bad("wrong-type", f"the arrays differ in length: {listed}; give one row a mention")
        if not all(isinstance(name, str) for name in self.types):
            wrong = next(name for name in self.types if not isinstance(name, str))
            raise _bad("wrong-type", f"types: found {shown(wrong)}, expected strings")
        if len(set(self.types)) < len(self.types):
            twice = next(name for n, name in enumerate(self.types) if name in self.types[:n])
            raise _bad("repeated-value", f"types: found {shown(twice)} twice; give each label once")
        n_documents = self.n_documents
        if isinstance(n_documents, bool) or not isinstance(n_documents, int | np.integer) or n_documents < 0:
            raise _bad(
                "wrong-type", f"n_documents: found {shown(n_documents)}, expected a number of at least 0"
            )
        object.__setattr__(self, "n_documents", int(n_documents))
        if not len(self.document):
            return
        for name, check, size in (
            ("document", "unknown-document", self.n_documents),
            ("type", "unknown-label", len(self.types)),
        ):
            values = getattr(self, name)
            if values.min() < 0 or values.max() >= size:
                row = int(np.flatnonzero((values < 0) | (values >= size))[0])
                raise _bad(check, f"{name}[{row}] is {values[row]}, expected 0 to {size - 1}")
        if self.start.min() < 0 or self.last >= LARGEST:
            row = int(np.flatnonzero((self.start < 0) | (self.end >= LARGEST))[0])
            found = f"[{self.start[row]}, {self.end[row]})"
            raise _bad("offset-range", f"row {row} is {found}; offsets are at least 0 and below 2^62")
        if (self.start >= self.end).any():
            row = int(np.flatnonzero(self.start >= self.end)[0])
            found = f"[{self.start[row]}, {self.end[row]})"
            raise _bad("empty-span", f"row {row} is {found}, expected an end after the start")


def no_spans(types: Sequence[str] = (), n_documents: int = 0) -> Spans:
    """No mention at all."""
    none = np.zeros(0, dtype=np.int64)
    return Spans(none, none, none, none, tuple(types), n_documents)


def _integers(values: Any, name: str) -> NDArray[np.integer[Any]]:
    array = np.asarray(values)
    if array.ndim == 1 and not array.size:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
        found = f"{array.dtype} of shape {list(array.shape)}"
        raise _bad("wrong-type", f"{name}: found an array of {found}, expected integers of shape [n]")
    if array.dtype == np.uint64 and (array >= LARGEST).any():
        raise _bad("offset-range", f"{name}: found {array.max()}; numbers must lie below 2^62")
    return array if array.dtype.kind == "i" else array.astype(np.int64)


def _bad(check: str, message: str) -> InputError:
    return InputError.of(check, f"spans: {message}")
