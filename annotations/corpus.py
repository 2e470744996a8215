"""The packaged corpus: articles, gold layers, entity registry.

Data that ships with the package is trusted (``vostochny validate`` proves it before release), so
loading only parses. Other people's files go through the validating readers of the schema room.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vostochny.schema.jsonio import document_from_json, layer_from_json, links_from_json
from vostochny.schema.model import Document, Layer, Links

ROOT = Path(__file__).parent
"""The folder of the annotations room, with ``articles/``, ``documents/`` and ``gold/``."""


def read_text(path: Path) -> str:
    """A text file's content exactly as stored: UTF-8, line ends untouched."""
    return path.read_bytes().decode("utf-8")


def _json(path: Path) -> Any:
    return json.loads(read_text(path))


def load_documents(root: Path = ROOT) -> dict[str, Document]:
    """The documents under ``root``, by id, in the order of their ids."""
    documents = {}
    for path in sorted((root / "documents").glob("*.json")):
        text = read_text(root / "articles" / f"{path.stem}.txt")
        documents[path.stem] = document_from_json(_json(path), text)
    return documents


def load_layers(folder: Path) -> dict[str, Layer]:
    """The layers in a folder (one JSON file each, named after the document), by document id."""
    return {p.stem: layer_from_json(_json(p)) for p in sorted(folder.glob("*.json")) if p.stem != "links"}


def load_gold(root: Path = ROOT) -> dict[str, Layer]:
    """The gold layers, by document id."""
    return load_layers(root / "gold")


def load_links(root: Path = ROOT) -> Links:
    """The gold links: the entity registry and, where annotated, the links across the articles."""
    return links_from_json(_json(root / "gold" / "links.json"))
