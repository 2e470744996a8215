"""Claims by TF-IDF and logistic regression, trained on the other articles (leave-one-article-out).

The clauses of :mod:`~vostochny.baselines.clauses` are candidates; one classifier says whether a clause is
a claim (in training: whether it overlaps a claim with IoU > 0.5), others give type, polarity and certainty.
Voice and claimer come from the rule-based quotes, as in :mod:`~vostochny.baselines.claims_rules`.
Word uni- and bigrams with sublinear TF-IDF; scikit-learn's default C = 1, balanced classes; no search.
"""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from threadpoolctl import threadpool_limits

from vostochny.baselines.claims_rules import certainty, claim_type, claimable, claimer, polarity
from vostochny.baselines.clauses import Clause, clauses
from vostochny.baselines.quotes_rules import rule_quotes
from vostochny.schema.model import AUTHOR, Claim, Document, Layer
from vostochny.schema.text import TextIndex

_ATTRIBUTES = ("type", "polarity", "certainty")


class ClaimsLogreg:
    """Clauses classified as claims, with attributes, learnt from annotated documents."""

    def __init__(self) -> None:
        self._candidates: dict[tuple[str, str], list[Clause]] = {}
        self._is_claim = _Classifier("no")
        self._attributes = {
            "type": _Classifier("fact"),
            "polarity": _Classifier("positive"),
            "certainty": _Classifier("asserted"),
        }

    def fit(self, documents: Sequence[Document], layers: Sequence[Layer]) -> None:
        """Learn from the claims of the layers."""
        texts: list[str] = []
        labels: list[str] = []
        claimed: list[str] = []
        attributes: dict[str, list[str]] = {name: [] for name in _ATTRIBUTES}
        for document, layer in zip(documents, layers, strict=True):
            index = TextIndex(document)
            gold = [(index.tokens_of(c.spans), c) for c in layer.claims or ()]
            for clause in self._clauses(document):
                best = _match(index.tokens_of(clause.spans), gold)
                texts.append(described(clause))
                labels.append("no" if best is None else "yes")
                if best is not None:
                    claimed.append(texts[-1])
                    for name in _ATTRIBUTES:
                        attributes[name].append(getattr(best, name))
        self._is_claim.fit(texts, labels)
        for name, classifier in self._attributes.items():
            classifier.fit(claimed, attributes[name])

    def extract(self, document: Document) -> Layer:
        """Claims; no quotes."""
        listed = self._clauses(document)
        texts = [described(c) for c in listed]
        kept = [n for n, label in enumerate(self._is_claim.predict(texts)) if label == "yes"]
        chosen = [texts[n] for n in kept]
        found = {name: classifier.predict(chosen) for name, classifier in self._attributes.items()}
        claims = tuple(
            Claim(
                id=f"c{number + 1}",
                spans=listed[n].spans,
                voice=AUTHOR if listed[n].quote is None else "attributed",
                claimer=claimer(listed[n]),
                type=found["type"][number],
                polarity=found["polarity"][number],
                certainty=found["certainty"][number],
            )
            for number, n in enumerate(kept)
        )
        return Layer(document.id, "claims-logreg", claims=claims, text_sha256=document.text_sha256)

    def _clauses(self, document: Document) -> list[Clause]:
        # Leave-one-out asks for the same documents again and again; the rules take most of the time.
        key = (document.id, document.text_sha256)
        if key not in self._candidates:
            self._candidates[key] = clauses(document, rule_quotes(document))
        return self._candidates[key]


def described(clause: Clause) -> str:
    """A clause as text for the vectorizer: its words, and marks such as ``_finite`` for its structure."""
    quote = clause.quote
    marks = [
        f"_kind_{clause.kind}",
        f"_region_{clause.sentence.kind}",
        "_finite" if clause.finite else "_infinite",
        "_author" if quote is None else "_cued" if quote.cue else "_free",
        f"_length_{min(len(clause.tokens).bit_length(), 5)}",
        f"_rule_{claimable(clause)}",
        f"_rule_{claim_type(clause)}",
        f"_rule_{polarity(clause)}",
        f"_rule_{certainty(clause)}",
    ]
    return " ".join([*clause.words, *marks])


def _match(tokens: frozenset[int], gold: Sequence[tuple[frozenset[int], Claim]]) -> Claim | None:
    """The claim that shares more than half of both's tokens (IoU > 0.5), if there is one."""
    for other, claim in gold:
        if 2 * len(tokens & other) > len(tokens | other):
            return claim
    return None


class _Classifier:
    """TF-IDF and logistic regression; one class in training is always predicted, none gives a default."""

    def __init__(self, default: str) -> None:
        self._constant = default
        self._default = default
        self._model: Pipeline | None = None

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        seen = sorted(set(labels))
        self._model = None
        self._constant = seen[0] if len(seen) == 1 else self._default
        if len(seen) > 1:
            self._model = make_pipeline(
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+"),
                LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000),
            )
            # Matrices this small only lose by threads, and one thread gives the same sums everywhere.
            with threadpool_limits(1):
                self._model.fit(texts, labels)

    def predict(self, texts: Sequence[str]) -> list[str]:
        if self._model is None or not texts:
            return [self._constant] * len(texts)
        return [str(label) for label in self._model.predict(texts)]
