"""A linear-chain CRF over BIO tags, and the usual token features.

Features: word, lower-cased word, shape, prefixes and suffixes of two and three characters, the kind of
the region, whether the token is the first, and word and shape of two neighbours on either side.
Hyper-parameters are fixed (L-BFGS, c1 = c2 = 0.1, 100 iterations), the common defaults of the CRFsuite
tutorials, not searched on any data of ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sklearn_crfsuite

from vostochny.baselines.sentence import Sentence

Features = list[str]

_RUNS = re.compile(r"(.)\1+")


def shape(word: str) -> str:
    """Capitals as X, small letters as x, digits as d; runs are shortened (``Su-57`` gives ``Xx-d``)."""
    signs = "".join("X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in word)
    return _RUNS.sub(r"\1", signs)


def token_features(sentence: Sentence, extra: Sequence[Sequence[str]] = ()) -> list[Features]:
    """One list of feature names a token; ``extra`` are more features a token, seen by neighbours, too."""
    shapes = [shape(word) for word in sentence.words]
    out = []
    for n, (word, lower) in enumerate(zip(sentence.words, sentence.lower, strict=True)):
        found = [
            "bias",
            f"w={word}",
            f"l={lower}",
            f"s={shapes[n]}",
            f"p2={lower[:2]}",
            f"p3={lower[:3]}",
            f"x2={lower[-2:]}",
            f"x3={lower[-3:]}",
            f"region={sentence.kind}",
        ]
        if n == 0:
            found.append("first")
        for step in (-2, -1, 1, 2):
            if 0 <= n + step < len(sentence):
                found += [f"{step}l={sentence.lower[n + step]}", f"{step}s={shapes[n + step]}"]
            else:
                found.append(f"{step}edge")
        if extra:
            found += extra[n]
            found += [f"{s}{f}" for s in (-1, 1) if 0 <= n + s < len(sentence) for f in extra[n + s]]
        out.append(found)
    return out


class Tagger:
    """A CRF that can be asked even if it saw no tag but O."""

    def __init__(self) -> None:
        self._model: sklearn_crfsuite.CRF | None = None

    def fit(self, features: Sequence[list[Features]], tags: Sequence[list[str]]) -> None:
        """Train on sentences: features and tags a token."""
        if not any(tag != "O" for sequence in tags for tag in sequence):
            self._model = None
            return
        self._model = sklearn_crfsuite.CRF(
            algorithm="lbfgs", c1=0.1, c2=0.1, max_iterations=100, all_possible_transitions=True
        )
        self._model.fit(list(features), list(tags))

    def tag(self, features: Sequence[list[Features]]) -> list[list[str]]:
        """The best tags of each sentence."""
        if self._model is None:
            return [["O"] * len(sequence) for sequence in features]
        return [list(map(str, tags)) for tags in self._model.predict(list(features))]


def bio(length: int, chunks: Sequence[tuple[int, int, str]]) -> list[str]:
    """IOB2 tags of non-overlapping chunks ``(first, last, label)``; a later overlapping one is left out."""
    tags = ["O"] * length
    for first, last, label in chunks:
        if all(tag == "O" for tag in tags[first:last]):
            tags[first:last] = [f"B-{label}"] + [f"I-{label}"] * (last - first - 1)
    return tags


def chunks(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """The chunks of IOB2 tags; an I without its B begins a chunk."""
    out: list[tuple[int, int, str]] = []
    for n, tag in enumerate(tags):
        if tag == "O":
            continue
        label = tag[2:]
        if tag[0] == "I" and out and out[-1][1] == n and out[-1][2] == label:
            out[-1] = (out[-1][0], n + 1, label)
        else:
            out.append((n, n + 1, label))
    return out
