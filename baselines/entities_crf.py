"""Entities by a CRF trained on the other articles (leave-one-article-out).

Knowledge: only the mentions of the articles it is trained on; features and fixed hyper-parameters as in
:mod:`~vostochny.baselines.crf`. No gazetteer.
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.baselines.crf import Tagger, bio, chunks, token_features
from vostochny.baselines.sentence import Sentence, sentences
from vostochny.schema.model import Document, Layer, Mention


class EntitiesCrf:
    """Mentions with types, learnt from annotated documents."""

    def __init__(self) -> None:
        self._tagger = Tagger()

    def fit(self, documents: Sequence[Document], layers: Sequence[Layer]) -> None:
        """Learn from the mentions of the layers."""
        features, tags = [], []
        for document, layer in zip(documents, layers, strict=True):
            for sentence in sentences(document):
                features.append(token_features(sentence))
                tags.append(bio(len(sentence), _chunks_in(sentence, layer)))
        self._tagger.fit(features, tags)

    def extract(self, document: Document) -> Layer:
        """Mentions with types; entities are not resolved."""
        listed = sentences(document)
        tagged = self._tagger.tag([token_features(s) for s in listed])
        found = [
            (s.span(first, last), label)
            for s, tags in zip(listed, tagged, strict=True)
            for first, last, label in chunks(tags)
        ]
        mentions = tuple(
            Mention(f"m{n}", span.start, span.end, span.text, label)
            for n, (span, label) in enumerate(found, 1)
        )
        return Layer(document.id, "entities-crf", mentions=mentions, text_sha256=document.text_sha256)


def _chunks_in(sentence: Sentence, layer: Layer) -> list[tuple[int, int, str]]:
    inside = [m for m in layer.mentions or () if sentence.pairs[0][0] <= m.start < sentence.pairs[-1][1]]
    # The longer of two overlapping mentions is kept: BIO can't hold both.
    ordered = sorted(inside, key=lambda m: (m.start - m.end, m.start))
    return [(sentence.at(m.start), min(sentence.at(m.end - 1) + 1, len(sentence)), m.type) for m in ordered]
