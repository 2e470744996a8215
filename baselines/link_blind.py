"""Gold layers as a linker may see them: without what it is to find."""

from __future__ import annotations

from dataclasses import replace

from vostochny.schema.model import AUTHOR, UNNAMED, Layer


def without_answers(layer: Layer) -> Layer:
    """A gold layer without registry ids.

    ``entity`` and ``metonym_for`` of mentions are the answer itself. Speakers and claimers are ids of the
    same registry: the mention inside a quote's ``source`` would take its entity from them, in all documents
    alike. So they go as well; ``author`` and ``unnamed`` name no entity and stay. Spans, types, the other
    attributes, ``source``, ``within`` and ``quote`` stay, and so do the claims' propositions, whose names are
    resolved in words: on gold layers, links of claims are easier than on a system's own.
    """

    def kept(name: str | None) -> str | None:
        return name if name in (AUTHOR, UNNAMED) else None

    mentions, quotes, claims = layer.mentions, layer.quotes, layer.claims
    return replace(
        layer,
        mentions=mentions and tuple(replace(m, entity=None, metonym_for=None) for m in mentions),
        quotes=quotes and tuple(replace(q, speaker=kept(q.speaker)) for q in quotes),
        claims=claims and tuple(replace(c, claimer=kept(c.claimer)) for c in claims),
    )
