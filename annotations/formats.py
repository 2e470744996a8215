"""The formats of other tools that layers are exported to and imported from.

Each format is a module ``format_NAME.py`` with one value ``FORMAT``, imported when it is used; its parts are
``format_NAME_*.py``. A writer turns documents and layers into files, a reader turns files into layers of
known documents, and ``reduce`` says what of a layer the format can hold: ``read(write(x)) == reduce(x)``,
exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Layer

Files = Mapping[str, bytes]
"""File contents by name: relative to the output folder when written, as the user gave the path when read."""

TITLES: dict[str, str] = {
    "brat": "brat standoff: .txt, .ann and the configuration that shows them",
    "conll2003": "CoNLL-2003 columns: a token a line, mentions as IOB2 tags",
    "webanno-tsv": "WebAnno TSV 3.3, for INCEpTION",
    "xmi": "UIMA CAS XMI with its type system, for INCEpTION",
    "prodigy": "Prodigy JSONL: spans and relations",
    "doccano": "doccano JSONL: sequence labelling with relations",
    "docbin": "spaCy DocBin: entities and span groups",
    "labelstudio": "Label Studio JSON: tasks with annotations",
}
"""What each format is, in one line, by its name."""

_MODULES = {
    "brat": "format_brat",
    "conll2003": "format_conll",
    "webanno-tsv": "format_webanno",
    "xmi": "format_xmi",
    "prodigy": "format_prodigy",
    "doccano": "format_doccano",
    "docbin": "format_docbin",
    "labelstudio": "format_labelstudio",
}


@dataclass(frozen=True)
class Format:
    """A format: how it is written and read, and what it can hold.

    ``suffixes`` are those of the files that are read (a folder's other files are passed over). ``extra`` is
    the optional extra of this package that writing and reading need, if any. ``losses`` says in a plain line
    each what the format can't hold, fields of the model in backticks; ``()``: it holds all.

    ``read`` gives the annotator "" where the format does not name one, fills in the surface texts and
    ``text_sha256`` from the document, and raises :class:`InputError` that names file and line (or JSON path)
    of what can't be read.
    """

    name: str
    suffixes: tuple[str, ...]
    extra: str | None
    losses: tuple[str, ...]
    write: Callable[[Sequence[tuple[Document, Layer]]], dict[str, bytes]]
    read: Callable[[Files, Mapping[str, Document]], list[Layer]]
    reduce: Callable[[Document, Layer], Layer]

    @property
    def title(self) -> str:
        """What the format is, in one line."""
        return TITLES[self.name]


def load_format(name: str) -> Format:
    """The format of that name; raises :class:`~vostochny.schema.errors.InputError` (``unknown-format``)."""
    if name not in _MODULES:
        raise InputError.of("unknown-format", f"no format is named {name!r}; known are {', '.join(TITLES)}")
    found: Format = import_module(f"vostochny.annotations.{_MODULES[name]}").FORMAT
    return found
