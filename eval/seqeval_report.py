"""The report of seqeval on the same mentions, for comparison with the literature.

Mentions are written as IOB2 tags over the document's tokens and given to seqeval's
``classification_report`` (``mode="strict", scheme=IOB2``; Nakayama, "seqeval: A Python framework for
sequence labeling evaluation", 2018). Its micro average equals :mod:`vostochny.eval.entity_strict`
whenever the tags can hold all mentions. Tags can't hold mentions that share a token: of those the
longest is kept, then the leftmost, then the first in the alphabet of types; how many were left out is
reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vostochny.eval.items import ItemReader, MentionItem
from vostochny.eval.scoring import Documents, Layers, prepare
from vostochny.schema.model import Layer
from vostochny.schema.registry import Resolver


def iob2_tags(mentions: Iterable[MentionItem], n_tokens: int) -> tuple[list[str], int]:
    """IOB2 tags of one document's tokens, and the number of mentions that found no place."""
    tags = ["O"] * n_tokens
    left_out = 0
    for mention in sorted(mentions, key=lambda m: (-len(m.tokens), min(m.tokens), m.type)):
        if any(tags[token] != "O" for token in mention.tokens):
            left_out += 1
            continue
        first = min(mention.tokens)
        for token in mention.tokens:
            tags[token] = f"{'B' if token == first else 'I'}-{mention.type}"
    return tags, left_out


def seqeval_report(gold: Layers, predictions: Layers, documents: Documents) -> dict[str, Any]:
    """The report of seqeval: ``{type or average: {"precision", "recall", "f1-score", "support"}}``.

    ``left_out`` holds the numbers of gold and predicted mentions that the tags could not hold. seqeval
    writes 0 where a score is undefined. Errors as of :func:`~vostochny.eval.score`.
    """
    # Loaded here: it brings scikit-learn, over a second that no other score needs.
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    known, ours, theirs = prepare(gold, predictions, documents)
    truth: list[list[str]] = []
    guess: list[list[str]] = []
    left_out = {"gold": 0, "predicted": 0}
    for name, layer in sorted(ours.items()):
        if layer.mentions is None:
            continue
        reader = ItemReader(known[name], Resolver(()))
        for side, mentions, sequences in (
            ("gold", layer.mentions, truth),
            ("predicted", theirs.get(name, Layer(name, "")).mentions or (), guess),
        ):
            tags, missing = iob2_tags(reader.mentions(mentions), len(known[name].tokens))
            sequences.append(tags)
            left_out[side] += missing
    if all(tag == "O" for tags in (*truth, *guess) for tag in tags):
        return {"left_out": left_out}
    report = classification_report(
        truth, guess, output_dict=True, mode="strict", scheme=IOB2, zero_division=0
    )
    out: dict[str, Any] = {
        name: {key: int(v) if key == "support" else float(v) for key, v in row.items()}
        for name, row in report.items()
    }
    return {**out, "left_out": left_out}
