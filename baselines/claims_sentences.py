"""Claims, the floor: every sentence is one claim, a fact, asserted by the author.

No knowledge beyond the document's own sentences. Captions, headlines and boilerplate are included;
a sentence's final stop and its outer quotation marks are left out of the span.
"""

from __future__ import annotations

from vostochny.baselines.sentence import sentences
from vostochny.schema.model import Claim, Document, Layer

_EDGES = '.!?…“”"«»'


class ClaimsSentences:
    """Takes every sentence with a word for a claim."""

    def extract(self, document: Document) -> Layer:
        """One claim a sentence, with the default attributes."""
        spans = []
        for sentence in sentences(document):
            first, last = 0, len(sentence)
            while first < last and sentence.words[first] in _EDGES:
                first += 1
            while first < last and sentence.words[last - 1] in _EDGES:
                last -= 1
            if first < last:
                spans.append(sentence.span(first, last))
        claims = tuple(Claim(f"c{n}", (span,)) for n, span in enumerate(spans, 1))
        return Layer(document.id, "claims-sentences", claims=claims, text_sha256=document.text_sha256)
