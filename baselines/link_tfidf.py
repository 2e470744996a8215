"""Similar words are the same: cosine of TF-IDF vectors, complete linkage.

Names are compared by character n-grams within words (2 to 4), quotes and claims by word uni- and bigrams with
sublinear TF, in which all numbers are one word, since the rules compare them. Inverse document frequencies
are those of the items being linked, without any labels. The threshold, 0.5 for all three, was fixed
beforehand as the middle of the scale and never tuned on links.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from vostochny.baselines.link_rules import WORD, number
from vostochny.baselines.link_similarity import linked_by_similarity
from vostochny.schema.model import Document, Layer, Links

THRESHOLD = 0.5


class Tfidf:
    """Items of one kind whose words are similar in one cluster, claims related by rules."""

    def link(self, documents: Sequence[Document], layers: Sequence[Layer]) -> Links:
        """Entities, utterances, claim groups and relations."""
        return linked_by_similarity("tfidf", documents, layers, _cosines, THRESHOLD)


def _cosines(texts: Sequence[str], named: bool) -> NDArray[Any]:
    if named:
        vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    else:
        vectorizer = TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, tokenizer=_words, token_pattern=None
        )
    try:
        vectors = vectorizer.fit_transform(texts)
    except ValueError:
        # No text has a word: nothing is like anything else.
        return np.eye(len(texts))
    cosines: NDArray[Any] = (vectors @ vectors.T).toarray()
    return cosines


def _words(text: str) -> list[str]:
    """The words of a lower-case text, with 0 for every number."""
    return ["0" if number(word) else word for word in WORD.findall(text)]
