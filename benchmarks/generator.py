"""Synthetic corpora for the benchmarks: seeded, and fast enough that ten million tokens take seconds.

Sentences have 25 tokens, documents 25 sentences. A sentence has five places of five tokens; in 27 % of the
places stands an entity of one to four tokens, which puts about 10 % of the tokens into entities. Types are
OntoNotes' 18, frequent and rare ones (weights 1, 1/2, 1/3, …). A system's output is the gold with errors in
about 20 % of the entities: left out (4 %), retyped (5 %), a boundary shifted by a token (6 %), or added
where there is none (5 %). Nothing overlaps, so the same entities can be written as tags, as arrays and as
layers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vostochny.schema.model import SCHEMA_VERSION

SENTENCE = 25
"""Tokens in a sentence."""
DOCUMENT = 25 * SENTENCE
"""Tokens in a document."""
TYPES = (
    "PERSON", "GPE", "ORG", "DATE", "CARDINAL", "NORP", "MONEY", "PERCENT", "ORDINAL", "LOC", "TIME",
    "WORK_OF_ART", "FAC", "QUANTITY", "PRODUCT", "EVENT", "LAW", "LANGUAGE",
)  # fmt: skip
WORD = 6
"""Characters that a token takes in the text, with the space after it."""

TEXT = " ".join(letter * (WORD - 1) for letter in islice(cycle("abcdefghijklmnopqrstuvwxyz"), DOCUMENT))
"""The text of every document."""

_PLACE = 5
_FILLED = 0.27
_LENGTHS = np.array([0.50, 0.25, 0.15, 0.10])

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Entities:
    """Entities in arrays, in the order of the text; offsets are in tokens and count from a document's
    first.
    """

    document: Ints
    start: Ints
    end: Ints
    type: Ints
    n_tokens: int

    @property
    def n_documents(self) -> int:
        """Number of documents; the last may be short."""
        return -(-self.n_tokens // DOCUMENT)

    @property
    def keys(self) -> Ints:
        """Document, start, end and type of each entity in one number."""
        return ((self.document * DOCUMENT + self.start) * (DOCUMENT + 1) + self.end) * len(TYPES) + self.type

    def tags(self) -> list[list[str]]:
        """IOB2 tags, a list for each sentence."""
        codes = np.zeros(self.n_tokens, dtype=np.int8)
        first = self.document * DOCUMENT + self.start
        for step in range(int((self.end - self.start).max(initial=0))):
            inside = self.end - self.start > step
            codes[first[inside] + step] = 1 + 2 * self.type[inside] + (step > 0)
        names = np.array(["O", *(f"{prefix}-{name}" for name in TYPES for prefix in "BI")], dtype=object)
        whole = codes[: self.n_tokens // SENTENCE * SENTENCE].reshape(-1, SENTENCE)
        # In parts, so that no large array of pointers stands beside the lists.
        return [
            row
            for part in np.array_split(whole, max(1, len(whole) // 10_000))
            for row in names[part].tolist()
        ]

    def lists(self) -> list[list[dict[str, object]]]:
        """One list of ``{"label", "start", "end"}`` a document, the end included: nervaluate's form."""
        out: list[list[dict[str, object]]] = [[] for _ in range(self.n_documents)]
        columns = (self.document.tolist(), self.start.tolist(), self.end.tolist(), self.type.tolist())
        for document, start, end, code in zip(*columns, strict=True):
            out[document].append({"label": TYPES[code], "start": start, "end": end - 1})
        return out

    def write(self, path: Path, annotator: str) -> None:
        """Layers as JSONL, one document a line, with ids and surface texts."""
        digest = sha256(TEXT.encode()).hexdigest()
        with path.open("w", encoding="utf-8") as file:
            for name, mentions in self._documents():
                layer = {
                    "schema_version": SCHEMA_VERSION,
                    "document": name,
                    "text_sha256": digest,
                    "annotator": annotator,
                    "mentions": mentions,
                }
                file.write(json.dumps(layer) + "\n")

    def _documents(self) -> Iterator[tuple[str, list[dict[str, object]]]]:
        starts, ends = self.start * WORD, self.end * WORD - 1
        bounds = np.searchsorted(self.document, np.arange(self.n_documents + 1))
        columns = (starts.tolist(), ends.tolist(), self.type.tolist())
        for n in range(self.n_documents):
            rows = zip(*(column[bounds[n] : bounds[n + 1]] for column in columns), strict=True)
            yield (
                f"doc{n:07}",
                [
                    {"id": f"e{k}", "start": start, "end": end, "text": TEXT[start:end], "type": TYPES[code]}
                    for k, (start, end, code) in enumerate(rows, 1)
                ],
            )


def gold(n_tokens: int, seed: int = 1) -> Entities:
    """The gold of a corpus of ``n_tokens`` tokens, rounded down to whole sentences."""
    rng = np.random.default_rng(seed)
    places = n_tokens // SENTENCE * SENTENCE // _PLACE
    filled = np.flatnonzero(rng.random(places) < _FILLED)
    return _entities(*_filled(rng, filled), n_tokens=places * _PLACE)


def output(truth: Entities, seed: int = 2) -> Entities:
    """A system's output for the documents of ``truth``."""
    rng = np.random.default_rng(seed)
    first = truth.document * DOCUMENT + truth.start
    place, start = first // _PLACE, first % _PLACE
    end, code = start + truth.end - truth.start, truth.type.copy()
    drawn = rng.random(len(first))
    retyped = (drawn >= 0.04) & (drawn < 0.09)
    code[retyped] = (code[retyped] + rng.integers(1, len(TYPES), retyped.sum())) % len(TYPES)
    shifted = (drawn >= 0.09) & (drawn < 0.15)
    # Whole-place entities don't occur (four tokens at most in five), so one of the two ways is always open.
    later = shifted & (end < _PLACE)
    end[later] += 1
    start[shifted & ~later] -= 1
    kept = drawn >= 0.04
    places = truth.n_tokens // _PLACE
    empty = np.ones(places, dtype=bool)
    empty[place] = False
    free = np.flatnonzero(empty)
    extra = np.sort(rng.choice(free, size=len(first) // 20, replace=False))
    parts = [(place[kept], start[kept], end[kept], code[kept]), _filled(rng, extra)]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return _entities(*(column[order] for column in columns), n_tokens=truth.n_tokens)


def _filled(rng: np.random.Generator, places: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Places, starts and ends in them, and types of entities drawn for the places."""
    length = 1 + rng.choice(len(_LENGTHS), size=len(places), p=_LENGTHS)
    start = (rng.random(len(places)) * (_PLACE - length + 1)).astype(np.int64)
    weights = 1 / np.arange(1, len(TYPES) + 1)
    return places, start, start + length, rng.choice(len(TYPES), size=len(places), p=weights / weights.sum())


def _entities(place: Ints, start: Ints, end: Ints, code: Ints, *, n_tokens: int) -> Entities:
    document, offset = np.divmod(place * _PLACE, DOCUMENT)
    return Entities(document, offset + start, offset + end, code, n_tokens)


def clusters(n_mentions: int, seed: int = 3) -> tuple[list[list[int]], list[list[int]]]:
    """Gold clusters of mentions (5.25 a cluster on average, few large ones) and a system's.

    A fifth of the mentions is in a wrong cluster: mostly that of another entity of the same document (ten
    entities a document), else a new one.
    """
    rng = np.random.default_rng(seed)
    n_clusters = round(n_mentions / 5.25)
    # Each cluster has a mention; the others fall upon ten entities of a document by weights 1, 1/2, …, 1/10.
    rank = np.arange(n_clusters) % 10
    weights = 1 / (1 + rank)
    more = rng.choice(n_clusters, size=n_mentions - n_clusters, p=weights / weights.sum())
    label = np.concatenate((np.arange(n_clusters), more))
    guess = label.copy()
    wrong = np.flatnonzero(rng.random(n_mentions) < 0.20)
    moved, alone = wrong[: len(wrong) * 3 // 4], wrong[len(wrong) * 3 // 4 :]
    guess[moved] = np.minimum(label[moved] // 10 * 10 + rng.integers(0, 10, len(moved)), n_clusters - 1)
    guess[alone] = n_clusters + np.arange(len(alone))
    return _grouped(label), _grouped(guess)


def _grouped(label: Ints) -> list[list[int]]:
    order = np.argsort(label, kind="stable")
    bounds = np.flatnonzero(np.diff(label[order])) + 1
    return [part.tolist() for part in np.split(order, bounds)]


def annotations(
    n_units: int, n_labels: int = len(TYPES), n_annotators: int = 3, seed: int = 4
) -> NDArray[np.float64]:
    """Labels (from 0) of units by annotators: 20 % of them differ, 10 % are missing (NaN).

    The shape is ``[n_annotators, n_units]``.
    """
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_labels, n_units)
    table = np.tile(truth, (n_annotators, 1)).astype(np.float64)
    differ = rng.random(table.shape) < 0.20
    table[differ] = rng.integers(0, n_labels, differ.sum())
    table[rng.random(table.shape) < 0.10] = np.nan
    return table
