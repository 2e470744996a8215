"""Agreement of a round's annotators as a short table, and the bar each figure has to clear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vostochny.annotations.rounds import Round
from vostochny.eval import agreement, agreement_of_all
from vostochny.eval.gamma import gamma
from vostochny.eval.render import fraction
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Entity, Layer

ENOUGH = 30
"""Items below which a figure is no verdict on a guideline."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: a value up to 1 or None where undefined, how many items, its interval, its bar.

    F1 is at least 0, κ and α may be negative. ``bar`` is the value below which a guideline is taken to be
    unclear; None where none is set. ``unit`` says what was counted.
    """

    part: str
    name: str
    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    bar: float | None = None
    unit: str = "item"

    @property
    def low(self) -> bool:
        """Whether the value is below its bar, on enough items (at least 30) to say so."""
        return self.bar is not None and self.value is not None and self.value < self.bar and self.n >= ENOUGH


_SCORES = [
    ("mentions", "strict F1", ("entities", "strict"), 0.93),
    ("mentions", "token-F1", ("entities", "token"), None),
    ("mentions", "boundary F1", ("entities", "exact"), None),
    ("quotes", "content token-F1", ("quotes", "content_token"), 0.93),
    ("quotes", "content strict F1", ("quotes", "content_strict"), None),
    ("quotes", "cue token-F1", ("quotes", "cue"), None),
    ("quotes", "source token-F1", ("quotes", "source"), None),
    ("quotes", "speaker F1", ("quotes", "speaker"), 0.95),
    ("quotes", "nesting F1", ("quotes", "nesting"), None),
    ("claims", "span F1, IoU > 0.5", ("claims", "span"), 0.85),
    ("claims", "strict F1", ("claims", "strict"), None),
    ("claims", "token-F1", ("claims", "token"), None),
    ("claims", "claimer F1", ("claims", "claimer"), None),
]

_KAPPAS = [
    ("mentions", "type κ", "mention_type"),
    ("quotes", "kind κ", "quote_kind"),
    ("claims", "voice κ", "claim_voice"),
    ("claims", "type κ", "claim_type"),
    ("claims", "certainty κ", "claim_certainty"),
    ("claims", "polarity κ", "claim_polarity"),
]
_KAPPA_BAR = 0.75

_TOKEN_KAPPAS = [
    ("mentions", "token κ", "mention_type"),
    ("quotes", "token κ", "quote_content"),
    ("quotes", "verbatim token κ", "quote_verbatim"),
    ("claims", "token κ", "claim"),
]
_TOKEN_ALPHAS = [(part, name.replace("κ", "α"), label) for part, name, label in _TOKEN_KAPPAS]


def round_agreement(
    found: Round,
    documents: Mapping[str, Document],
    entities: tuple[Entity, ...],
    pair: tuple[str, str] | None = None,
) -> tuple[list[Figure], dict[str, Any]]:
    """The figures of two annotators of a round, by default the first two, and the report's JSON value.

    They are over the documents that all annotators have. Raises
    :class:`~vostochny.schema.errors.InputError` for a round with fewer than two annotators, and for an open
    one without such a document.
    """
    if len(found.annotators) < 2:
        message = f"round {found.id} has {len(found.annotators)} annotator; agreement needs two"
        raise InputError.of("one-annotator", message)
    if not found.complete:
        message = f"round {found.id} has no document that all annotators have a layer of; missing are "
        raise InputError.of("missing-layer", message + missing_layers(found))
    first, second = (
        {document: found.layers[name][document] for document in found.complete}
        for name in pair or found.annotators[:2]
    )
    value = agreement(first, second, documents, entities)
    figures = []
    for part, name, (task, measure), bar in _SCORES:
        leaf = value["tasks"][task][measure]
        interval = None if leaf["ci95"] is None else (leaf["ci95"][0], leaf["ci95"][1])
        figures.append(Figure(part, name, leaf["f1"], round(leaf["tp"] + leaf["fn"]), interval, bar))
    for part, name, label in _KAPPAS:
        leaf = value["labels"][label]
        figures.append(Figure(part, name, leaf["kappa"], leaf["n"], None, _KAPPA_BAR))
    for part, name, label in _TOKEN_KAPPAS:
        leaf = value["tokens"][label]
        figures.append(Figure(part, name, leaf["kappa"], leaf["n"], unit="token"))
    figures += _alphas(value)
    figures.append(_wording(first, second))
    return _in_order(figures), value


def round_agreement_of_all(
    found: Round, documents: Mapping[str, Document], entities: tuple[Entity, ...]
) -> tuple[list[Figure], dict[str, Any]]:
    """α on tokens and α_u of all of a round's annotators at once, and the JSON value behind them.

    They are over the documents that all annotators have. The errors are those of
    :func:`~vostochny.eval.agreement_of_all`.
    """
    value = agreement_of_all(_complete(found), documents, entities)
    return _in_order(_alphas(value)), value


def round_gamma(found: Round, documents: Mapping[str, Document]) -> tuple[list[Figure], dict[str, Any]]:
    """γ of all of a round's annotators, by part, and the JSON value behind it.

    It is over the documents that all annotators have. The errors are those of
    :func:`~vostochny.eval.gamma.gamma`, such as ``missing-extra``.
    """
    value = gamma(_complete(found), documents)
    return [Figure(part, "γ", leaf["gamma"], leaf["n"], unit="unit") for part, leaf in value.items()], value


def _complete(found: Round) -> dict[str, dict[str, Layer]]:
    """Each annotator's layers of the documents that all have."""
    return {n: {document: found.layers[n][document] for document in found.complete} for n in found.annotators}


def _alphas(value: Mapping[str, Any]) -> list[Figure]:
    """α on tokens, and α_u, as they stand in the JSON value of agreement."""
    tokens = [(part, name, value["tokens"][label]) for part, name, label in _TOKEN_ALPHAS]
    return [
        *(Figure(part, name, leaf["alpha"], leaf["n"], unit="token") for part, name, leaf in tokens),
        *(
            Figure(part, "α_u", leaf["alpha_u"], leaf["n"], unit="section")
            for part, leaf in value["unitizing"].items()
        ),
    ]


def _in_order(figures: Sequence[Figure]) -> list[Figure]:
    order = {"mentions": 0, "quotes": 1, "claims": 2}
    return sorted(figures, key=lambda figure: order[figure.part])


def _wording(first: Mapping[str, Layer], second: Mapping[str, Layer]) -> Figure:
    """The share of propositions worded alike, over claims with equal spans.

    Independent readers who mean the same still word it differently, so a value near 1 would show copying.
    """
    pairs = [
        (claim.proposition, other[claim.spans])
        for name, layer in first.items()
        for other in [{c.spans: c.proposition for c in second[name].claims or ()}]
        for claim in layer.claims or ()
        if claim.spans in other
    ]
    same = sum(a == b for a, b in pairs)
    return Figure("claims", "propositions worded alike", same / len(pairs) if pairs else None, len(pairs))


def missing_layers(found: Round) -> str:
    """Whose layers of which documents are not there yet, in words."""
    by_name: dict[str, list[str]] = {}
    for name, document in found.missing:
        by_name.setdefault(name, []).append(document)
    return "; ".join(f"{name}: {', '.join(listed)}" for name, listed in by_name.items())


def mean_figures(of_pairs: Sequence[Sequence[Figure]]) -> list[Figure]:
    """The mean of each figure over several pairs of annotators, None if it is undefined for one of them.

    It has no interval; its items are those of all pairs.
    """
    out = []
    for same in zip(*of_pairs, strict=True):
        values = [figure.value for figure in same if figure.value is not None]
        mean = sum(values) / len(values) if len(values) == len(same) else None
        first, items = same[0], sum(figure.n for figure in same)
        out.append(Figure(first.part, first.name, mean, items, None, first.bar, first.unit))
    return out


def pair_rows(
    of_pairs: Mapping[tuple[str, str], Sequence[Figure]],
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Column titles and rows for several pairs of annotators: the mean, then a column for each pair."""
    head = ("part", "measure", "mean", *(f"{a}, {b}" for a, b in of_pairs), "bar")
    rows: list[tuple[str, ...]] = []
    for mean, *figures in zip(mean_figures(list(of_pairs.values())), *of_pairs.values(), strict=True):
        values = [fraction(figure.value) for figure in (mean, *figures)]
        rows.append((mean.part, mean.name, *values, str(mean.bar or "")))
    return head, rows


def agreement_rows(figures: list[Figure]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Column titles and rows of strings for a table of figures."""
    head: tuple[str, ...] = ("part", "measure", "value", "95% interval", "items", "bar")
    rows: list[tuple[str, ...]] = []
    for figure in figures:
        interval = "–".join(fraction(end) for end in figure.interval or ())
        bar = str(figure.bar or "")
        rows.append((figure.part, figure.name, fraction(figure.value), interval, str(figure.n), bar))
    return head, rows
