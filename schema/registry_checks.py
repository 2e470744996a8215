"""Whether a registry is there and used: checks of all layers of a corpus together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from vostochny.schema.errors import Problem
from vostochny.schema.model import AUTHOR, SCHEMA_VERSION, UNNAMED, Layer, Links


def named_entities(layer: Layer) -> set[str]:
    """The registry ids that a layer refers to."""
    names = {name for m in layer.mentions or () for name in (m.entity, m.metonym_for)}
    names |= {quote.speaker for quote in layer.quotes or ()}
    names |= {claim.claimer for claim in layer.claims or ()}
    return {name for name in names if name not in (AUTHOR, UNNAMED, None)}


def missing_registries(layers: Iterable[tuple[Path, Layer]]) -> Iterator[tuple[Path, Problem]]:
    """A problem for each corpus without a registry although its gold names entities, with the corpus.

    ``layers`` are such layers with their files.
    """
    seen = set()
    for file, layer in layers:
        corpus = corpus_of(file)
        if corpus is None or corpus in seen or (corpus / "gold" / "links.json").exists():
            continue
        seen.add(corpus)
        example = {
            "schema_version": SCHEMA_VERSION,
            "annotator": layer.annotator,
            "entities": [_entry(layer)],
        }
        message = (
            "does not exist, but layers name entities; make this registry, with an entry for each, such as "
            + json.dumps(example, ensure_ascii=False)
        )
        yield corpus, Problem("missing-registry", message, str(file.parent / "links.json"))


def corpus_of(file: Path) -> Path | None:
    """The corpus folder whose gold a file is; None if it is no corpus's."""
    folder = file.parent.resolve()
    return folder.parent if folder.name == "gold" and (folder.parent / "documents").is_dir() else None


def _entry(layer: Layer) -> dict[str, str]:
    """An entry for an entity that a layer names, as far as the layer tells."""
    for mention in layer.mentions or ():
        if mention.entity is not None:
            return {"id": mention.entity, "name": mention.text or mention.entity, "type": mention.type}
    name = min(named_entities(layer))
    return {"id": name, "name": name.replace("-", " ").title(), "type": "PERSON"}


def unused_entries(links: Links, layers: Iterable[Layer], file: str, line: int | None) -> Iterator[Problem]:
    """The registry entries that nothing refers to; known only once every document has its layer."""
    used = {item.speaker for item in links.utterances or ()}
    used = used.union(*(named_entities(layer) for layer in layers))
    for number, entity in enumerate(links.entities):
        if entity.id not in used:
            message = f"{entity.id!r} is used by no layer; remove it, or annotate what it is for"
            yield Problem("unused-registry-entry", message, file, line, f"$.entities[{number}]")
