"""Pairs that are alike by their words but that no annotator related: so that recall is not left to memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer

from vostochny.annotations.link_pairs import CLAIMS, QUOTES, Pair, pair_from_json, pair_readings, pair_to_json
from vostochny.annotations.rounds import Round
from vostochny.schema.model import Gold, Ref

TFIDF = "tfidf"
"""The measure that is worked out here; others may stand beside it in the file."""


def similar_path(folder: Path) -> Path:
    """Where a round's folder keeps its similar pairs."""
    return folder / "similar.jsonl"


def similar_pairs(
    found: Round, gold: Gold, top: int, before: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """The lines of ``similar.jsonl``: of quotes and of claims the ``top`` pairs that nobody related.

    They are ranked by the cosine of the TF-IDF vectors (words, lower case; scikit-learn's smoothed idf and
    L2 norm) of quotes' contents and claims' propositions, over all items of the round's documents; pairs
    without a common word are no candidates. Lines of ``before`` that are decided, or have another measure,
    stay; undecided ones go if they are no longer among the first.
    """
    related = pair_readings(found.links).keys()
    known = {pair_from_json(line): line for line in before}
    out: list[dict[str, Any]] = []
    for part in (QUOTES, CLAIMS):
        listed = [pair for pair in _ranked(found, gold, part) if pair[0] not in related]
        for rank, (pair, cosine) in enumerate(listed, 1):
            old = known.pop(pair, None)
            if rank > top and (old is None or not _stays(old)):
                continue
            line = dict(old) if old else _undecided(pair)
            line[TFIDF] = cosine
            line["ranks"] = {**line["ranks"], TFIDF: rank}
            out.append(line)
    # What no longer shares a word, or was related since, was looked at all the same.
    return [*out, *(dict(line) for line in known.values() if _stays(line))]


def _ranked(found: Round, gold: Gold, part: str) -> list[tuple[Pair, float]]:
    """All pairs of items with a word in common, the most similar first."""
    texts = dict(_texts(found, gold, part))
    if len(texts) < 2:
        return []
    refs = sorted(texts)
    # Single letters and digits are words, too: "5" tells two claims apart.
    vectors = TfidfVectorizer(token_pattern=r"(?u)\w+").fit_transform(texts[ref] for ref in refs)
    cosines = (vectors @ vectors.T).toarray()
    pairs = [
        (Pair(part, refs[i], refs[j]), round(float(cosines[i, j]), 4))
        for i, j in combinations(range(len(refs)), 2)
        if cosines[i, j] > 0
    ]
    return sorted(pairs, key=lambda each: (-each[1], each[0]))


def _texts(found: Round, gold: Gold, part: str) -> Iterator[tuple[Ref, str]]:
    for name in found.documents:
        layer, document = gold[name], gold.documents[name]
        if part == QUOTES:
            for quote in layer.quotes or ():
                yield Ref(name, quote.id), " ".join(document.slice(span) for span in quote.content)
        else:
            for claim in layer.claims or ():
                words = " ".join(document.slice(span) for span in claim.spans)
                yield Ref(name, claim.id), claim.proposition or words


def _undecided(pair: Pair) -> dict[str, Any]:
    return {
        **pair_to_json(pair),
        TFIDF: None,
        "embedding": None,
        "ranks": {},
        "gold": None,
        "reason": None,
    }


def _stays(line: Mapping[str, Any]) -> bool:
    return line["reason"] is not None or bool(line["ranks"].keys() - {TFIDF})
