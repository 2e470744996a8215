"""One line that says how a score came about, in the manner of sacreBLEU (Post, WMT 2018).

Two scores may be compared if their signatures are equal. Everything that changes a number is in it: the
scorer's version, the gold (number of documents and a digest of annotations, tokens, sentences and
regions), the registry that names are resolved against, the tasks and the options.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from vostochny.schema.jsonio import document_to_json, layer_to_json
from vostochny.schema.model import Document, Entity, Layer

_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller chose.

    ``n_boot`` resamples (0: no intervals) drawn from ``seed`` give intervals of level ``1 - alpha``;
    with ``trim``, articles and possessive endings at the edges of mentions do not count.
    """

    tasks: tuple[str, ...] = ("entities", "quotes", "claims")
    n_boot: int = 10_000
    seed: int = 1
    alpha: float = 0.05
    trim: bool = False


def signature(
    options: Options, gold: Mapping[str, str], registry: str, invalid: Mapping[str, int] | None = None
) -> str:
    """The signature of a score.

    ``gold`` maps document ids to :func:`gold_digest`, ``registry`` is :func:`registry_digest`.
    """
    digest = _short("\n".join(f"{name} {gold[name]}" for name in sorted(gold)))
    parts = [
        f"vostochny:{version('vostochny')}",
        f"gold:{len(gold)}+{digest}",
        f"registry:{registry}",
        f"task:{'+'.join(options.tasks)}",
        f"mentions:{'trimmed' if options.trim else 'as-written'}",
        "align:hungarian",
        "quotes:iou>0",
        "claims:iou>0.5",
        "attributes:iou>0.5",
        f"boot:{options.n_boot}",
        f"seed:{options.seed}",
        f"alpha:{options.alpha:g}",
        "block:paragraph",
    ]
    if invalid and any(invalid.values()):
        parts.append(f"invalid:{sum(invalid.values())}")
    return "|".join(parts)


def gold_digest(layer: Layer, document: Document) -> str:
    """A digest of what a gold layer says and of the structure it is scored on.

    The order of the annotations, their surface texts and the annotator's name do not change it.
    """
    value = layer_to_json(layer)
    record = document_to_json(document)
    stated: dict[str, Any] = {key: record[key] for key in ("text_sha256", "regions", "sentences", "tokens")}
    for part in ("mentions", "quotes", "marks", "claims"):
        if part in value:
            stated[part] = sorted(_canonical(_without_text(item)) for item in value[part])
    return sha256(_canonical(stated).encode()).hexdigest()


def registry_digest(entities: Iterable[Entity]) -> str:
    """Number of registry entries and a digest of their ids and names; ``none`` if there is none."""
    listed = sorted(_canonical([e.id, e.name, sorted(e.aliases)]) for e in entities)
    return f"{len(listed)}+{_short(_canonical(listed))}" if listed else "none"


def _without_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_text(each) for key, each in value.items() if key != "text"}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_without_text(each) for each in value]
    return value


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_LENGTH]
