"""Documents, gold and predicted layers, brought together by document as they come.

The three are read side by side. What belongs to a document is checked and handed on as soon as it is
complete, and then let go: in streams of the same order only a document at a time is held; where the
orders differ, what still waits for its counterpart. Only ids are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from vostochny.eval.input_checks import document_problems, layer_problems
from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.model import Document, Layer
from vostochny.schema.text import TextIndex

Layers = Iterable[Layer] | Mapping[str, Layer]
Documents = Iterable[Document] | Mapping[str, Document]

GOLD, PREDICTION = "gold", "prediction"


@dataclass(frozen=True, slots=True)
class Joint:
    """A document and what each side says of it; None for a side without a layer for it."""

    index: TextIndex
    gold: Layer | None
    predicted: Layer | None


@dataclass(slots=True)
class _Waiting:
    """What there is of a document so far; layers with their place in their stream."""

    document: Document | None = None
    gold: tuple[int, Layer] | None = None
    predicted: tuple[int, Layer] | None = None


class Joining:
    """The documents of three streams for which there is a layer, each once.

    Iterating yields every document that gold or prediction has a layer for, as long as nothing is wrong, and
    at the end raises :class:`~vostochny.schema.errors.InputError` with all that is wrong with layers and
    documents, gold's first.
    """

    def __init__(self, gold: Layers, predictions: Layers, documents: Documents) -> None:
        # Documents that are there already need not wait for their layers.
        streamed = isinstance(documents, Iterator)
        texts = each_of(documents, Document, "documents")
        self._documents = texts if streamed else iter(())
        self._known = {} if streamed else {document.id: document for document in texts}
        self._names = set(self._known)
        self._gold = each_of(gold, Layer, "gold")
        self._predictions = each_of(predictions, Layer, "predictions")
        self._waiting: dict[str, _Waiting] = {}
        self._over: set[str] = set()
        self._seen: dict[str, set[str]] = {GOLD: set(), PREDICTION: set()}
        self._problems: list[tuple[tuple[bool, int], Problem]] = []
        self._strangers: list[tuple[tuple[bool, int], str, str]] = []

    def __iter__(self) -> Iterator[Joint]:
        streams: dict[str, Iterator[Document | Layer]] = {
            "documents": self._documents,
            GOLD: self._gold,
            PREDICTION: self._predictions,
        }
        n = 0
        while streams:
            for name, stream in [*streams.items()]:
                value = next(stream, None)
                if value is None:
                    del streams[name]
                    self._over.add(name)
                    for waiting in [*self._waiting]:
                        yield from self._complete(waiting)
                elif isinstance(value, Document):
                    self._names.add(value.id)
                    self._waiting.setdefault(value.id, _Waiting()).document = value
                    yield from self._complete(value.id)
                else:
                    yield from self._take(name, n, value)
            n += 1
        self._finish()

    def _take(self, side: str, n: int, layer: Layer) -> Iterator[Joint]:
        name = layer.document
        if name in self._seen[side]:
            message = f"two {side} layers for document {name!r}; give one"
            self._note(side, n, Problem("duplicate-document", message))
            return
        self._seen[side].add(name)
        waiting = self._waiting.setdefault(name, _Waiting(self._known.get(name)))
        if side == GOLD:
            waiting.gold = n, layer
        else:
            waiting.predicted = n, layer
        yield from self._complete(name)

    def _complete(self, name: str) -> Iterator[Joint]:
        """The document, if nothing more can come for it."""
        found = self._waiting[name]
        for there, stream in (
            (found.document, "documents"),
            (found.gold, GOLD),
            (found.predicted, PREDICTION),
        ):
            if there is None and stream not in self._over:
                return
        del self._waiting[name]
        if found.document is None:
            for side, placed in ((GOLD, found.gold), (PREDICTION, found.predicted)):
                if placed is not None:
                    self._strangers.append(((side != GOLD, placed[0]), side, name))
            return
        gold = self._checked(GOLD, found.gold, found.document)
        predicted = self._checked(PREDICTION, found.predicted, found.document)
        if gold is None and predicted is None:
            return
        index = TextIndex(found.document)
        first = True
        for side, placed, layer in ((GOLD, found.gold, gold), (PREDICTION, found.predicted, predicted)):
            if layer is None or placed is None:
                continue
            for problem in (
                *(document_problems(index) if first else ()),
                *layer_problems(layer, index, side),
            ):
                self._note(side, placed[0], problem)
            first = False
        if not self._problems:
            yield Joint(index, gold, predicted)

    def _checked(self, side: str, placed: tuple[int, Layer] | None, document: Document) -> Layer | None:
        """The layer, if it was made for the document's text."""
        if placed is None:
            return None
        n, layer = placed
        if layer.text_sha256 in (None, document.text_sha256):
            return layer
        message = (
            f"{side} for {layer.document!r} was made for a text with SHA-256 {layer.text_sha256}, "
            f"the document's has {document.text_sha256}; use the same text"
        )
        self._note(side, n, Problem("sha-mismatch", message))
        return None

    def _note(self, side: str, n: int, problem: Problem) -> None:
        self._problems.append(((side != GOLD, n), problem))

    def _finish(self) -> None:
        known = _listed(self._names) if self._strangers else ""
        for place, side, name in self._strangers:
            message = f"{side} for unknown document {name!r}; known are {known}"
            self._problems.append((place, Problem("unknown-document", message)))
        if not self._problems and not self._seen[GOLD]:
            message = "there is no gold layer to score against; give at least one"
            self._note(GOLD, 0, Problem("no-gold", message))
        if self._problems:
            raise InputError(problem for _, problem in sorted(self._problems, key=lambda each: each[0]))


Value = TypeVar("Value")

_READERS = {
    "documents": "documents = vostochny.schema.readers.read_documents(path)",
    "layers": "layers = vostochny.schema.readers.read_layers(path, documents)",
    "gold": "gold = vostochny.schema.readers.read_layers(path, documents)",
    "predictions": "predictions, _ = vostochny.schema.predictions.read_predictions(path, documents)",
}
"""How what is scored is read from a file."""


def each_of(given: object, expected: type[Value], what: str) -> Iterator[Value]:
    """The values of an iterable or mapping, one by one; InputError (``wrong-type``) for any not ``expected``.

    ``what`` says what they are: ``documents``, ``layers``, ``gold`` or ``predictions``.
    """
    values = given.values() if isinstance(given, Mapping) else given
    if not isinstance(values, Iterable) or isinstance(values, str | bytes):
        raise _wrong(given, expected, what)
    return _each(values, expected, what)


def _each(values: Iterable[object], expected: type[Value], what: str) -> Iterator[Value]:
    for value in values:
        if not isinstance(value, expected):
            raise _wrong(value, expected, what)
        yield value


def _wrong(found: object, expected: type[object], what: str) -> InputError:
    message = f"found {shown(found)}, expected {expected.__name__} objects; from a file: {_READERS[what]}"
    return InputError.of("wrong-type", f"{what}: {message}")


def _listed(documents: Iterable[str], most: int = 10) -> str:
    names = sorted(documents)
    shown = ", ".join(names[:most]) or "none"
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
