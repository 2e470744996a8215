"""Small inputs for ``docs/why-not.md``: a document of words, and layers over it given in tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from benchmarks.quotation_scorers import Content, Quotes
from vostochny.annotations import load_gold
from vostochny.eval import Report, score
from vostochny.schema.model import Claim, Document, Layer, Mention, Quote, Region, Span
from vostochny.schema.text import TextIndex

Label = Mapping[str, str | int]
TYPE = {"PER": "PERSON", "LOC": "LOC"}


def document(words: Sequence[str], name: str = "example") -> Document:
    """A document of one paragraph and sentence."""
    text = " ".join(words)
    ends = [len(" ".join(words[: n + 1])) for n in range(len(words))]
    tokens = tuple((end - len(word), end) for end, word in zip(ends, words, strict=True))
    whole = (0, len(text))
    return Document(
        id=name,
        text=text,
        regions=(Region(*whole, "body"),),
        sentences=(whole,),
        tokens=tokens,
        text_sha256=sha256(text.encode()).hexdigest(),
    )


def score_quotes(gold: Quotes, predicted: Quotes, n_tokens: int = 100) -> Report:
    """Our report on quotes in a document of ``n_tokens`` words."""
    text = document(["word"] * n_tokens)
    layers = [
        Layer(
            "example", name, quotes=tuple(Quote(f"q{n}", _spans(text, each)) for n, each in enumerate(quotes))
        )
        for name, quotes in (("gold", gold), ("system", predicted))
    ]
    return score(layers[:1], layers[1:], documents=[text], tasks=["quotes"], n_boot=0)


def score_claims(gold: Content, predicted: Content, n_tokens: int = 100) -> Report:
    """Our report on claims of one span each in a document of ``n_tokens`` words."""
    text = document(["word"] * n_tokens)
    layers = [
        Layer(
            "example",
            name,
            claims=tuple(Claim(f"c{n}", _spans(text, [each])) for n, each in enumerate(spans)),
        )
        for name, spans in (("gold", gold), ("system", predicted))
    ]
    return score(layers[:1], layers[1:], documents=[text], tasks=["claims"], n_boot=0)


def score_entities(
    gold: Sequence[Sequence[Label]], predicted: Sequence[Sequence[Label]], included: int = 1
) -> Report:
    """Our report on entities in nervaluate's form, a list for each document.

    Offsets are those of words; ``included`` is 1 where ends are included, 0 where they are half-open.
    """
    documents, layers = [], []
    for number, pair in enumerate(zip(gold, predicted, strict=True)):
        text = document(["word"] * 20, f"example-{number}")
        documents.append(text)
        layers.append([_mentions(text, each, included) for each in pair])
    return score(
        [ours for ours, _ in layers],
        [theirs for _, theirs in layers],
        documents=documents,
        tasks=["entities"],
        n_boot=0,
    )


def score_mentions(text: str, gold: Sequence[str], predicted: Sequence[str]) -> Report:
    """Our report on mentions, each given as its surface text and its type: ``"Putin PERSON"``."""
    layers = [
        Layer(
            "example",
            name,
            mentions=tuple(
                Mention(f"m{n}", text.index(words), text.index(words) + len(words), words, type)
                for n, (words, type) in enumerate(each.rsplit(" ", 1) for each in listed)
            ),
        )
        for name, listed in (("gold", gold), ("system", predicted))
    ]
    return score(layers[:1], layers[1:], documents=[document(text.split())], tasks=["entities"], n_boot=0)


def both(report: Report, task: str, *measure: str) -> tuple[float | None, float | None]:
    """Precision and recall of a measure."""
    totals = report.totals(task, *measure)
    return totals.precision, totals.recall


def gold_quotes() -> list[Content]:
    """The contents of the five articles' gold quotes, each in tokens; articles one after the other."""
    out: list[Content] = []
    offset = 0
    gold = load_gold()
    for name, layer in gold.items():
        text = gold.documents[name]
        index = TextIndex(text)
        for quote in layer.quotes or ():
            out.append([_range(index, span, offset) for span in quote.content])
        offset += len(text.tokens)
    return out


def score_gold_by_itself() -> Report:
    """Our report on the quotes of the five articles, gold against itself."""
    gold = load_gold()
    return score(gold, gold, tasks=["quotes"], n_boot=0)


def _mentions(text: Document, labels: Sequence[Label], included: int) -> Layer:
    found = []
    for n, label in enumerate(labels):
        first, last = int(label["start"]), int(label["end"]) + included - 1
        span = Span(text.tokens[first][0], text.tokens[last][1])
        found.append(Mention(f"m{n}", span.start, span.end, None, TYPE[str(label["label"])]))
    return Layer(text.id, "example", mentions=tuple(found))


def _range(index: TextIndex, span: Span, offset: int) -> tuple[int, int]:
    found = index.tokens_of((span,))
    return min(found) + offset, max(found) + 1 + offset


def _spans(text: Document, content: Content) -> tuple[Span, ...]:
    return tuple(Span(text.tokens[start][0], text.tokens[end - 1][1]) for start, end in content)
