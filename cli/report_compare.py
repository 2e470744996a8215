"""What becomes of each item when a system's layer is held against gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vostochny.cli.report_details import Row
from vostochny.eval.partners import Partner, partners
from vostochny.schema.model import Document, Layer
from vostochny.schema.registry import Resolver

HIT, NEAR, MISSED, SPURIOUS = "hit", "near", "missed", "spurious"

SIGN = {NEAR: "p", MISSED: "x", SPURIOUS: "x"}
"""The end of the class names of what is no plain hit."""

LAYERS = {"mentions": "entities", "quotes": "quotes", "claims": "claims"}
"""The compared parts and what the page calls them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A hit, near miss, missed or spurious item, and what there is to say about it."""

    status: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdicts on a document's gold items and predicted items, by id, and a tally for each part.

    ``tally`` has rows ``(part's name, hits, near, missed, spurious)``; parts that the system or gold leaves
    out have none.
    """

    gold: Mapping[str, Verdict]
    predicted: Mapping[str, Verdict]
    tally: Sequence[tuple[str, int, int, int, int]]


def compare(document: Document, gold: Layer, predicted: Layer, resolver: Resolver, name: str) -> Comparison:
    """Hold a system's layer against gold by the scorer's own alignments.

    A hit of a mention has the same tokens and type, of a quote the same tokens, of a claim an IoU > 0.5:
    what the headline measures credit in full. Near is what is aligned otherwise.
    """
    ours: dict[str, Verdict] = {}
    theirs: dict[str, Verdict] = {}
    tally: list[tuple[str, int, int, int, int]] = []
    for part, pairs in partners(document, gold, predicted, resolver).items():
        counts: Counter[str] = Counter()
        for pair in pairs:
            status = _status(part, pair)
            counts[status] += 1
            if pair.gold is not None:
                ours[pair.gold] = Verdict(status, (Row(name, _said(status, pair, pair.predicted)),))
            if pair.predicted is not None:
                theirs[pair.predicted] = Verdict(
                    status, (Row("against gold", _said(status, pair, pair.gold)),)
                )
        tally.append((LAYERS[part], counts[HIT], counts[NEAR], counts[MISSED], counts[SPURIOUS]))
    return Comparison(ours, theirs, tally)


def _status(part: str, pair: Partner) -> str:
    if pair.predicted is None:
        return MISSED
    if pair.gold is None:
        return SPURIOUS
    if part == "mentions":
        return HIT if pair.exact and not pair.differ else NEAR
    return HIT if pair.exact or part == "claims" else NEAR


def _said(status: str, pair: Partner, other: str | None) -> str:
    words = [status if other is None else f"{status} ({other})"]
    if other is not None and not pair.exact:
        words.append(f"overlap {round(100 * pair.overlap)} %")
    if pair.differ:
        words.append(f"other {', '.join(pair.differ)}")
    return "; ".join(words)
