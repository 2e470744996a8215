"""Entities, token: how many tokens carry the right type.

A token with a type counts once, however many mentions hold it, in the block of the first of them:

    P = tokens with a type on both sides / tokens with a type predicted,
    R = the same / tokens with a type in gold.

It forgives boundaries in proportion.
"""

from __future__ import annotations

from vostochny.eval.counts import Counts, Tally
from vostochny.eval.items import Case, MentionItem


def entity_token(case: Case[MentionItem]) -> Counts:
    """Counts of typed tokens."""
    gold, predicted = _blocks(case.gold), _blocks(case.predicted)
    out = Tally(case.n_blocks)
    for block in gold.values():
        out.gold(block)
    for block in predicted.values():
        out.predicted(block)
    for key in gold.keys() & predicted.keys():
        out.hit(gold[key], predicted[key])
    return out.counts


def _blocks(mentions: tuple[MentionItem, ...]) -> dict[tuple[int, str], int]:
    """Each typed token's block."""
    out: dict[tuple[int, str], int] = {}
    for mention in mentions:
        for token in mention.tokens:
            out.setdefault((token, mention.type), mention.block)
    return out
