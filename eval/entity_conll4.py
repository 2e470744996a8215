"""Entities, conll4: strict over the four types of CoNLL-2003.

Lets a tagger trained on PER, ORG, LOC and MISC be measured: both sides are projected and then scored as
in :mod:`vostochny.eval.entity_strict`. PERSON → PER; ORG → ORG; GPE, LOC, FAC → LOC; NORP, PRODUCT,
EVENT, WORK_OF_ART, LAW, LANGUAGE → MISC; the seven value types (DATE … CARDINAL), which CoNLL-2003 does
not have, are dropped on both sides.
"""

from __future__ import annotations

import numpy as np

from vostochny.eval.conll4 import CONLL4
from vostochny.eval.counts import Counts
from vostochny.eval.spans_keys import shared
from vostochny.eval.spans_matching import Matching, stacked


def entity_conll4(matching: Matching) -> Counts:
    """Strict counts after the projection."""
    if not matching.types:
        return Counts.zeros(matching.n_blocks)
    names = sorted({CONLL4.get(name, "") for name in matching.types} | {""})
    codes = np.array([names.index(CONLL4.get(name, "")) for name in matching.types], dtype=np.int64)
    keys = matching.keys
    projected = codes[(keys.merged >> 1) & ((1 << keys.type_bits) - 1)]
    kept, projected = keys.merged[projected > 0], projected[projected > 0]
    # The codes of one projected type stand together (spans_matching), so these are sorted, too.
    hits = shared((kept >> 1 + keys.type_bits) * len(names) + projected, kept & 1)
    n_gold, n_other, n_lost = (
        matching.per_block(side.block[codes[side.type] > 0])
        for side in (matching.gold, matching.other, matching.unsound)
    )
    tp = matching.per_block(keys.blocks(hits // len(names)))
    return stacked(tp, n_other + n_lost, tp, n_gold)
