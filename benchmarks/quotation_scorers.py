"""Scorers of quotations that are published, but in no package: their measures, stated anew.

Nothing here is taken over from their programs; each function says where its definition stands. A quote's
content is a list of spans ``(start, end)``, half-open, in tokens.

* Partial overlap: Johansson & Moschitti, "Relational features in fine-grained opinion analysis",
  Computational Linguistics 39(3), 2013; for quotations: Pareti et al., "Automatically detecting
  and attributing indirect quotations", EMNLP 2013; Scheible, Klinger & Padó, "Model architectures for
  quotation detection", ACL 2016, whose program QSample also says that precision is 1 where nothing is
  predicted (class ``F1``).
* Citron: Newell, Cowlishaw & Man, "Quote extraction and analysis for news", DSJM workshop at KDD 2018;
  measures as in github.com/bbc/citron, ``citron/metrics.py``.
* Gender Gap Tracker: Asr et al., "The Gender Gap Tracker: using natural language processing to measure
  gender bias in media", PLoS ONE 16(1), 2021; measures as in github.com/sfu-discourse-lab/GenderGapTracker,
  ``evaluate_quotes.py``.
"""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[int, int]
Content = Sequence[Span]
Quotes = Sequence[Content]


def tokens(content: Content) -> frozenset[int]:
    """The tokens of a content."""
    return frozenset(n for start, end in content for n in range(start, end))


def partial_overlap(gold: Quotes, predicted: Quotes) -> tuple[float, float]:
    """Precision and recall: every predicted content earns, from every gold content, the share of it that
    overlaps.

    P = Σ_p Σ_g |p ∩ g| / |p| / n_p and R = Σ_p Σ_g |p ∩ g| / |g| / n_g. Where nothing is predicted, P is 1.
    """
    ours, theirs = [tokens(q) for q in gold], [tokens(q) for q in predicted]
    covered = sum(len(p & g) / len(p) for p in theirs for g in ours)
    found = sum(len(p & g) / len(g) for p in theirs for g in ours)
    return covered / len(theirs) if theirs else 1.0, found / len(ours) if ours else 1.0


def citron_exact(gold: Quotes, predicted: Quotes) -> tuple[float, float]:
    """Precision and recall: a content is a hit if any of the other side has the same list of spans."""
    hits = sum(any(list(p) == list(g) for g in gold) for p in predicted)
    missed = sum(not any(list(p) == list(g) for p in predicted) for g in gold)
    return hits / len(predicted) if predicted else 0.0, hits / (hits + missed) if hits + missed else 0.0


def citron_overlap(gold: Quotes, predicted: Quotes) -> tuple[float, float]:
    """Precision and recall of contents: shared tokens of all pairs, over all tokens predicted and in gold."""
    ours, theirs = [tokens(q) for q in gold], [tokens(q) for q in predicted]
    shared = sum(len(p & g) for p in theirs for g in ours)
    return _ratio(shared, sum(map(len, theirs))), _ratio(shared, sum(map(len, ours)))


def citron_all_spans(gold: Quotes, predicted: Quotes) -> tuple[float, float]:
    """The line "All Quote Spans overlap metrics", what it prints as precision and as recall.

    It is computed as in :func:`citron_overlap`, but given gold's tokens in the place of the predicted ones.
    """
    ours, theirs = [tokens(q) for q in gold], [tokens(q) for q in predicted]
    shared = sum(len(p & g) for p in theirs for g in ours)
    return _ratio(shared, sum(map(len, ours))), _ratio(shared, sum(map(len, theirs)))


def gender_gap(gold: Quotes, predicted: Quotes, threshold: float = 0.8) -> tuple[float, float]:
    """Precision and recall: a gold quote takes the free prediction that covers most of it, above the
    threshold.

    Only the share of the gold quote counts, whatever else the prediction covers; the thresholds published are
    0.3 and 0.8.
    """
    free = list(predicted)
    hits = 0
    for quote in gold:
        ours = tokens(quote)
        score, best = max(
            ((len(ours & tokens(p)) / len(ours), n) for n, p in enumerate(free)), default=(0.0, 0)
        )
        if score > threshold:
            hits += 1
            free.pop(best)
    return hits / (hits + len(free)), hits / len(gold)


def iou_hits(gold: Content, predicted: Content, threshold: float = 0.5) -> tuple[float, float]:
    """Precision and recall of spans, a predicted one being a hit if its best IoU with any gold span reaches
    0.5.

    IOU F1 of the ERASER benchmark (DeYoung et al., ACL 2020): the hits are counted over the predictions, for
    precision and for recall.
    """
    hits = sum(max((_iou(p, g) for g in gold), default=0.0) >= threshold for p in predicted)
    return _ratio(hits, len(predicted)), _ratio(hits, len(gold))


def _iou(left: Span, right: Span) -> float:
    shared = max(0, min(left[1], right[1]) - max(left[0], right[0]))
    return shared / (left[1] - left[0] + right[1] - right[0] - shared)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
