"""A corpus folder: articles, their records, gold layers and the entity registry.

Everything is read through the validating readers of the schema room, the packaged corpus like
anybody's own: what comes out can be relied on, and what is wrong is named with file and path.
"""

from __future__ import annotations

from pathlib import Path

from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Entity, Gold, Links
from vostochny.schema.readers import read_documents, read_layers, read_links

ROOT = Path(__file__).parent
"""The packaged corpus: a folder with ``articles/``, ``documents/`` and ``gold/``."""


def load_documents(root: Path | str = ROOT) -> dict[str, Document]:
    """The documents of a corpus, by id, in the order of their ids.

    Raises :class:`~vostochny.schema.errors.InputError` with all problems found.
    """
    return dict(sorted(read_documents(Path(root) / "documents").items()))


def load_document(id: str, root: Path | str = ROOT) -> Document:
    """One document; raises :class:`~vostochny.schema.errors.InputError` if there is none of that id."""
    documents = load_documents(root)
    if id not in documents:
        message = f"no document {id!r} under {root}; known are {', '.join(documents)}"
        raise InputError.of("unknown-document", message)
    return documents[id]


def load_gold(root: Path | str = ROOT) -> Gold:
    """The gold layers, by document id, with their ``documents``, the ``links`` across them and the
    registry's ``entities``.

    Raises :class:`~vostochny.schema.errors.InputError` with all problems found, or if there are none. Where a
    corpus has no registry, entity ids are not checked.
    """
    root = Path(root)
    if not (root / "gold").is_dir():
        message = "there is no gold yet; annotate, and put the layers into this folder as DOCUMENT.json"
        raise InputError.of("no-gold", message, file=str(root / "gold"))
    documents = load_documents(root)
    links = load_links(root) if (root / "gold" / "links.json").is_file() else Links("gold")
    layers = read_layers(root / "gold", documents, {entity.id: entity for entity in links.entities} or None)
    return Gold(dict(sorted(layers.items())), documents, links)


def load_links(root: Path | str = ROOT) -> Links:
    """The gold links: the entity registry and, where annotated, the links across the articles."""
    return read_links(Path(root) / "gold" / "links.json")


def load_registry(root: Path | str = ROOT) -> tuple[Entity, ...]:
    """The entity registry, empty where a corpus has none."""
    return load_links(root).entities if (Path(root) / "gold" / "links.json").is_file() else ()
