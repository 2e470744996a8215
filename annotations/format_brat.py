"""brat standoff: DOCUMENT.txt, DOCUMENT.ann and the configuration that makes brat show them.

Every mention, quote, mark, claim, source, cue and verbatim part is a text-bound annotation (``T``),
discontinuous where it has fragments; relations (``R``) tie a quote's parts to it, inner to outer quotes and
claims to quotes; attributes (``A``) hold labels, normalisations (``N``) the names of entities, notes (``#``)
propositions and item ids. brat can't mark a line break: a stretch across one is written as brat itself does,
as fragments, and read as one again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from vostochny.annotations.format_brat_configuration import annotation_conf, visual_conf
from vostochny.annotations.format_brat_fitting import (
    BREAK,
    CHOICES,
    FLAGS,
    ID,
    NAMES,
    NOTES,
    escaped,
    fitted,
    pieces_of,
)
from vostochny.annotations.format_brat_reading import read
from vostochny.annotations.format_graph import to_graph
from vostochny.annotations.format_graph_reading import from_graph
from vostochny.annotations.format_support import without_empty_parts
from vostochny.annotations.formats import Format
from vostochny.schema.model import Document, Layer


def write(pairs: Sequence[tuple[Document, Layer]]) -> dict[str, bytes]:
    """The files of some layers, and ``annotation.conf`` and ``visual.conf``."""
    files = {"annotation.conf": annotation_conf().encode(), "visual.conf": visual_conf().encode()}
    for document, layer in pairs:
        files[f"{document.id}.txt"] = document.text.encode()
        files[f"{document.id}.ann"] = "".join(f"{line}\n" for line in _lines(document, layer)).encode()
    return files


def _lines(document: Document, layer: Layer) -> Iterator[str]:
    nodes, edges = fitted(to_graph(layer), document.text)
    names = {node.key: f"T{number}" for number, node in enumerate(nodes, 1)}
    counts: Counter[str] = Counter()

    def line(letter: str, *columns: str) -> str:
        counts[letter] += 1
        return "\t".join((f"{letter}{counts[letter]}", *columns))

    for node in nodes:
        pieces = [piece for span in node.spans for piece in pieces_of(span, document.text)]
        places = ";".join(f"{piece.start} {piece.end}" for piece in pieces)
        text = " ".join(BREAK.sub(" ", document.slice(piece)) for piece in pieces)
        yield f"{names[node.key]}\t{node.label} {places}\t{text}"
        for name, (label, key) in CHOICES.items():
            if label == node.label:
                yield line("A", f"{name} {names[node.key]} {node.fields[key]}")
        for name, (value, keys) in FLAGS.items():
            if node.label in keys and node.fields.get(keys[node.label]) == value:
                yield line("A", f"{name} {names[node.key]}")
        for key in NAMES:
            if (who := node.fields.get(key)) is not None:
                yield line("N", f"Reference {names[node.key]} {key}:{escaped(who)}", BREAK.sub(" ", who))
        for kind, key in NOTES.items():
            if (said := node.fields.get(key)) is not None:
                yield line("#", f"{kind} {names[node.key]}", said)
        if node.id is not None:
            yield line("#", f"{ID} {names[node.key]}", node.id)
    for edge in edges:
        yield line("R", f"{edge.label} Arg1:{names[edge.head]} Arg2:{names[edge.child]}")


def reduce(document: Document, layer: Layer) -> Layer:
    """What of a layer brat can hold."""
    nodes, edges = fitted(to_graph(layer), document.text)
    return without_empty_parts(from_graph(nodes, edges, document, "", _never))


def _never(key: str, check: str, message: str) -> None:
    raise AssertionError(f"{key}: {message}")  # a layer's own graph has no faults


LOSSES = (
    "`annotator`",
    "which parts were not done: a part without items counts as not done",
    "`verbatim`: unknown becomes none (predictions)",
    "`claimer` None: it becomes the author, or the quote's speaker, or `unnamed` (predictions)",
    "`voice`, `claimer`: an author's claim that lies in a quote becomes its speaker's (the rules forbid it)",
    "white space at the ends of stretches",
    "fragments that overlap, or that only a line break parts, become one",
    "line breaks in a `proposition` become spaces",
)

FORMAT = Format(
    name="brat",
    suffixes=(".ann", ".txt"),
    extra=None,
    losses=LOSSES,
    write=write,
    read=read,
    reduce=reduce,
)
