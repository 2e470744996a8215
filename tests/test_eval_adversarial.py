"""Outputs that try to fool a scorer: on the five articles' gold against closed forms, and on any layers.

What theory says is worked out above each test, from sizes alone or from an assignment problem that scipy
solves; nothing of the scorer's own matching is used.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from math import comb
from random import Random
from typing import Any

import numpy as np
import pytest
from eval_strategies import (
    DOCUMENTS,
    MENTIONS,
    NAME,
    ONE,
    SPAN,
    SPANS,
    N,
    layers,
    scored,
    totals,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from vostochny.annotations import load_gold
from vostochny.eval import TASKS, link_clusters, link_items, score, score_links, score_spans, score_tags
from vostochny.eval.contingency import ClusterTable
from vostochny.eval.counts import Counts, Totals
from vostochny.eval.link_tasks import clusters as cluster_measures
from vostochny.eval.report import Report
from vostochny.eval.spans import Spans
from vostochny.schema.jsonio import layer_from_json, layer_to_json
from vostochny.schema.model import (
    Claim,
    ClaimGroup,
    ClaimRelation,
    Entity,
    Layer,
    Links,
    Mention,
    Quote,
    Ref,
    Span,
    Utterance,
)
from vostochny.schema.text import TextIndex

GOLD = load_gold()
INDEX = {name: TextIndex(each) for name, each in GOLD.documents.items()}
LENGTH = {name: len(each.tokens) for name, each in GOLD.documents.items()}
PARTS = ("mentions", "quotes", "claims")
EMPTY = [Layer(name, "x", (), (), (), ()) for name in GOLD]


def on_gold(layers: Iterable[Layer], **options: Any) -> Report:
    return score(GOLD, layers, documents=GOLD.documents, entities=GOLD.entities, **{"n_boot": 0, **options})


def spans_of(item: Any) -> tuple[Span, ...]:
    return (
        item.content if isinstance(item, Quote) else item.spans if isinstance(item, Claim) else (item.span,)
    )


@cache
def gold_tokens(part: str) -> dict[str, list[frozenset[int]]]:
    """The tokens of each gold item, by document."""
    return {
        name: [INDEX[name].tokens_of(spans_of(item)) for item in getattr(layer, part)]
        for name, layer in GOLD.items()
    }


def sizes(part: str) -> list[int]:
    return [len(tokens) for each in gold_tokens(part).values() for tokens in each]


def span(name: str, first: int, last: int) -> Span:
    """The stretch from a token to another, both inside."""
    tokens = GOLD.documents[name].tokens
    return Span(tokens[first][0], tokens[last][1])


def made(name: str, stretches: Iterable[tuple[Span, ...]], kind: str = "GPE") -> Layer:
    """A layer with a mention (of the first span), a quote and a claim for each list of spans."""
    listed = list(stretches)
    return Layer(
        name,
        "x",
        tuple(Mention(f"m{n}", s[0].start, s[0].end, None, kind) for n, s in enumerate(listed)),
        tuple(Quote(f"q{n}", s) for n, s in enumerate(listed)),
        (),
        tuple(Claim(f"c{n}", s) for n, s in enumerate(listed)),
    )


def check(report: Report, task: str, path: tuple[str, ...], tp: float, n_pred: float, n_gold: float) -> None:
    each = report.totals(task, *path)
    assert (each.tp_pred, each.n_pred, each.tp_gold, each.n_gold) == pytest.approx(
        (tp, n_pred, tp, n_gold)
    ), path


def optimum(
    gold: Sequence[Any], other: Sequence[Any], credit: Callable[[Any, Any], float]
) -> list[tuple[int, int]]:
    """The one-to-one pairs with the greatest total credit, by scipy."""
    matrix = np.array([[credit(g, p) for p in other] for g in gold]).reshape(len(gold), len(other))
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    return [(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if matrix[i, j] > 0]


# Gold against itself, and nothing.


def test_gold_is_a_hundred_and_nothing_is_zero() -> None:
    for path, each in totals(on_gold(GOLD.values())).items():
        assert (each.precision, each.recall, each.f1) == ((1.0,) * 3 if each.n_gold else (None,) * 3), path
    for predictions in ([], EMPTY):
        for path, each in totals(on_gold(predictions)).items():
            assert (each.precision, each.f1) == (None, 0.0 if each.n_gold else None), path


# Duplicates. One-to-one alignment finds each of n gold items once among 2n predictions, so P = n/2n, R = 1
# and F1 = 2/3, in items as in tokens. Two measures ask of a place whether anything is there, so a second item
# changes nothing: typed tokens, and sentences with a claim. Edges between quotes need both ends to be aligned
# with the same copy, for which alignment does not provide: at most n of 2n.

ONCE = {("entities", "token"), ("claims", "sentence")}


def test_duplicates_halve_precision() -> None:
    doubled = [twice(INDEX[name], layer) for name, layer in GOLD.items()]
    for path, each in totals(on_gold(doubled)).items():
        if path == ("quotes", "nesting"):
            assert each.f1 is not None
            assert each.f1 <= 2 / 3
        elif each.n_gold:
            assert each.f1 == pytest.approx(1.0 if path in ONCE else 2 / 3), path
            assert each.recall == 1.0, path


# Permuted: documents, items, and the keys of JSON objects say nothing.


def test_order_of_documents_items_and_keys_does_not_matter() -> None:
    random = Random(1)

    def permuted(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: permuted(value[key]) for key in random.sample(list(value), len(value))}
        return [permuted(each) for each in value] if isinstance(value, list) else value

    def layer(each: Layer) -> Layer:
        value = layer_to_json(each)
        for part in PARTS:
            random.shuffle(value[part])
        return layer_from_json(json.loads(json.dumps(permuted(value))))

    # Something with errors of all kinds: each document's first items of each part, moved by a token.
    system = [shifted(INDEX[name], GOLD[name], lambda n: n % 3 == 0) for name in GOLD]
    there = on_gold(system, n_boot=20).to_json()
    gold = {name: layer(GOLD[name]) for name in random.sample(list(GOLD), len(GOLD))}
    back = score(
        gold, [layer(each) for each in random.sample(system, len(system))], documents=GOLD.documents,
        entities=random.sample(GOLD.entities, len(GOLD.entities)), n_boot=20,
    ).to_json()  # fmt: skip
    assert back == there


# The whole document as one mention (GPE), one quote, one claim; D documents, T_d tokens in document d.
#
# entities: no gold mention is a whole document, so strict and exact find nothing of D. Each overlaps some
# mention, for 1/2: partial finds D/2 of D. Each overlaps a GPE: type finds D. Token: as many tokens as are
# in gold's GPEs (which are apart), of all T.
# quotes: the pair with the greatest IoU |g|/T_d is the longest quote of the document; so Σ_d max|g| tokens
# are found of Σ T_d, and of Σ|g|. Partial: a whole gold quote in each, 1 for recall, max|g|/T_d for
# precision.
# claims: IoU = |g|/T_d is never more than half: span 0, and nothing that hangs on it. Dice: the longest claim
# again, 2·max|g|/(max|g| + T_d). Tokens as for quotes. Sentences: all of gold's, of all.


def test_whole_documents_as_one_item() -> None:
    report = on_gold(made(name, [(span(name, 0, n - 1),)]) for name, n in LENGTH.items())
    n_docs, n_mentions = len(GOLD), len(sizes("mentions"))
    gpe = [m for layer in GOLD.values() for m in layer.mentions or () if m.type == "GPE"]
    gpe_tokens = sum(
        len(INDEX[name].tokens_of([m.span]))
        for name in GOLD
        for m in GOLD[name].mentions or ()
        if m.type == "GPE"
    )
    assert all(any(m.type == "GPE" for m in layer.mentions or ()) for layer in GOLD.values())
    check(report, "entities", ("strict",), 0, n_docs, n_mentions)
    check(report, "entities", ("exact",), 0, n_docs, n_mentions)
    check(report, "entities", ("partial",), n_docs / 2, n_docs, n_mentions)
    check(report, "entities", ("type",), n_docs, n_docs, n_mentions)
    check(report, "entities", ("by_type", "GPE"), 0, n_docs, len(gpe))
    check(report, "entities", ("token",), gpe_tokens, sum(LENGTH.values()), sum(sizes("mentions")))

    longest = {
        part: {name: max(map(len, each)) for name, each in gold_tokens(part).items()} for part in PARTS
    }
    found = sum(longest["quotes"].values())
    check(report, "quotes", ("content_token",), found, sum(LENGTH.values()), sum(sizes("quotes")))
    check(report, "quotes", ("content_strict",), 0, n_docs, len(sizes("quotes")))
    check(report, "quotes", ("triple",), 0, n_docs, len(sizes("quotes")))
    partial = report.totals("quotes", "content_partial")
    assert partial.tp_gold == pytest.approx(n_docs)
    assert partial.tp_pred == pytest.approx(sum(longest["quotes"][name] / LENGTH[name] for name in GOLD))

    n_claims = len(sizes("claims"))
    for path in (("span",), ("strict",), ("attributes", "joint"), ("claimer",)):
        assert report.totals("claims", *path).tp_gold == 0, path
    check(report, "claims", ("span",), 0, n_docs, n_claims)
    dice = sum(2 * longest["claims"][name] / (longest["claims"][name] + LENGTH[name]) for name in GOLD)
    check(report, "claims", ("dice",), dice, n_docs, n_claims)
    found = sum(longest["claims"].values())
    check(report, "claims", ("token",), found, sum(LENGTH.values()), sum(sizes("claims")))
    held = sum(len(sentences) for sentences in gold_sentences().values())
    check(report, "claims", ("sentence",), held, sum(len(d.sentences) for d in GOLD.documents.values()), held)


def gold_sentences() -> dict[str, set[int | None]]:
    """The sentences that hold a claim."""
    return {
        name: {INDEX[name].sentence_of(GOLD.documents[name].tokens[n][0]) for tokens in each for n in tokens}
        for name, each in gold_tokens("claims").items()
    }


# Every token an item of its own: T predictions, mentions of the type GPE.
#
# entities: strict finds the mentions of one token that are GPE, exact those of any type; partial 1 for these
# and 1/2 for the others (one of their tokens); type all GPEs; token all tokens of GPEs.
# quotes: each of n gold quotes is aligned with one of its tokens (nested quotes are long enough to have one
# each), which is one token found: n of T, and of Σ|g|. None is found whole, or has IoU > 1/2.
# claims: the same, and Dice 2/(|g| + 1) for each; all sentences are predicted.


def test_every_token_as_an_item() -> None:
    report = on_gold(made(name, [(span(name, k, k),) for k in range(n)]) for name, n in LENGTH.items())
    n_tokens = sum(LENGTH.values())
    mentions = [
        (len(tokens), m.type)
        for name, layer in GOLD.items()
        for tokens, m in zip(gold_tokens("mentions")[name], layer.mentions or (), strict=True)
    ]
    single, n_gpe = sum(n == 1 for n, _ in mentions), sum(kind == "GPE" for _, kind in mentions)
    check(report, "entities", ("strict",), sum(m == (1, "GPE") for m in mentions), n_tokens, len(mentions))
    check(report, "entities", ("exact",), single, n_tokens, len(mentions))
    check(report, "entities", ("partial",), single + (len(mentions) - single) / 2, n_tokens, len(mentions))
    check(report, "entities", ("type",), n_gpe, n_tokens, len(mentions))
    gpe_tokens = sum(n for n, kind in mentions if kind == "GPE")
    check(report, "entities", ("token",), gpe_tokens, n_tokens, sum(n for n, _ in mentions))
    for task, part, path in (("quotes", "quotes", "content_token"), ("claims", "claims", "token")):
        assert min(sizes(part)) > 1
        check(report, task, (path,), len(sizes(part)), n_tokens, sum(sizes(part)))
    check(report, "quotes", ("content_strict",), 0, n_tokens, len(sizes("quotes")))
    assert report.totals("quotes", "speaker").tp_gold == 0
    # A claim of two tokens would have IoU 1/2 with one of them, which is not more than half.
    check(report, "claims", ("span",), 0, n_tokens, len(sizes("claims")))
    check(
        report, "claims", ("dice",), sum(2 / (n + 1) for n in sizes("claims")), n_tokens, len(sizes("claims"))
    )
    held = sum(len(sentences) for sentences in gold_sentences().values())
    check(report, "claims", ("sentence",), held, sum(len(d.sentences) for d in GOLD.documents.values()), held)


# Shifted by one token, and all of these outputs on layers of any kind, in which mentions, quotes and claims
# may overlap and be repeated: equal items are counted, what overlaps is the best assignment there is.


def theory(index: TextIndex, gold: Layer, other: Layer) -> Counter[tuple[str, str]]:
    """The credit of the measures that credit both sides alike and choose their pairs by that credit."""
    out: Counter[tuple[str, str]] = Counter()

    def tokens(layer: Layer, part: str) -> list[frozenset[int]]:
        return [index.tokens_of(spans_of(item)) for item in getattr(layer, part)]

    def equal(task: str, path: str, ours: Sequence[Any], theirs: Sequence[Any]) -> None:
        out[task, path] = (Counter(ours) & Counter(theirs)).total()

    def best(
        task: str, path: str, ours: Sequence[Any], theirs: Sequence[Any], credit: Callable[[Any, Any], float]
    ) -> None:
        out[task, path] = sum(credit(ours[i], theirs[j]) for i, j in optimum(ours, theirs, credit))

    ours, theirs = (tokens(layer, "mentions") for layer in (gold, other))
    typed = [
        [(stretch, m.type) for stretch, m in zip(some, layer.mentions or (), strict=True)]
        for some, layer in ((ours, gold), (theirs, other))
    ]
    equal("entities", "exact", ours, theirs)
    equal("entities", "strict", *typed)
    best("entities", "partial", ours, theirs, lambda a, b: 1.0 if a == b else 0.5 if a & b else 0.0)
    best("entities", "type", *typed, lambda a, b: float(bool(a[0] & b[0]) and a[1] == b[1]))
    places = [{(k, kind) for stretch, kind in side for k in stretch} for side in typed]
    out["entities", "token"] = len(places[0] & places[1])

    equal("quotes", "content_strict", tokens(gold, "quotes"), tokens(other, "quotes"))
    equal("quotes", "triple", *([triple(index, q) for q in layer.quotes or ()] for layer in (gold, other)))

    ours, theirs = (tokens(layer, "claims") for layer in (gold, other))
    equal("claims", "strict", ours, theirs)
    best("claims", "span", ours, theirs, lambda a, b: float(2 * len(a & b) > len(a | b)))
    best("claims", "dice", ours, theirs, lambda a, b: 2 * len(a & b) / (len(a) + len(b)))
    held = [{sentence_of(index, n) for each in side for n in each} for side in (ours, theirs)]
    out["claims", "sentence"] = len(held[0] & held[1])
    return out


def sentence_of(index: TextIndex, token: int) -> int | None:
    return index.sentence_of(index.document.tokens[token][0])


def triple(index: TextIndex, quote: Quote) -> tuple[frozenset[int], ...]:
    source = [quote.source] if quote.source else []
    return tuple(map(index.tokens_of, (quote.content, quote.cue, source)))


def shifted(index: TextIndex, gold: Layer, only: Callable[[int], bool] = lambda n: True) -> Layer:
    """Gold with items one token to the right (at the end, one token shorter), nothing but their places."""
    last = len(index.document.tokens) - 1

    def moved(n: int, item: Any) -> tuple[Span, ...]:
        tokens = index.tokens_of(spans_of(item))
        return index.spans_of({min(k + 1, last) for k in tokens} if only(n) else tokens)

    found = {
        part: getattr(made(gold.document, (moved(n, i) for n, i in enumerate(getattr(gold, part)))), part)
        for part in PARTS
    }
    typed = zip(found["mentions"], gold.mentions or (), strict=True)
    mentions = tuple(replace(mention, type=item.type) for mention, item in typed)
    return Layer(gold.document, "x", mentions, found["quotes"], (), found["claims"])


def agrees(report: Report, expected: Mapping[tuple[str, str], float]) -> None:
    for (task, path), credit in expected.items():
        each = report.totals(task, path)
        assert (each.tp_gold, each.tp_pred) == pytest.approx((credit, credit)), path


def test_everything_shifted_by_a_token() -> None:
    system = {name: shifted(INDEX[name], GOLD[name]) for name in GOLD}
    report = on_gold(system.values())
    expected: Counter[tuple[str, str]] = Counter()
    for name in GOLD:
        expected.update(theory(INDEX[name], GOLD[name], system[name]))
    agrees(report, expected)
    # By and large, a quote is still itself: more than half of each longer one is found.
    assert 0.9 < (report.totals("quotes", "content_token").f1 or 0) < 1


def whole(index: TextIndex, gold: Layer) -> Layer:
    tokens = range(len(index.document.tokens))
    return made(gold.document, [index.spans_of(tokens)])


def every_token(index: TextIndex, gold: Layer) -> Layer:
    return made(gold.document, [index.spans_of([n]) for n in range(len(index.document.tokens))])


def twice(_: TextIndex, gold: Layer) -> Layer:
    def doubled(part: str) -> tuple[Any, ...]:
        items = getattr(gold, part)
        return (*items, *(replace(item, id=f"{item.id}-again") for item in items))

    return replace(gold, **{part: doubled(part) for part in PARTS})


@pytest.mark.parametrize("trick", [whole, every_token, twice, shifted])
@given(gold=ONE)
@settings(max_examples=30)
def test_tricks_on_any_layer_get_what_theory_says(trick: Callable[..., Layer], gold: Layer) -> None:
    index = TextIndex(DOCUMENTS["one"])
    other = trick(index, gold)
    agrees(scored([gold], [other]), theory(index, gold, other))


# All singletons and one cluster, of n items in K gold clusters of sizes k:
#
#            singletons                            one cluster
#   MUC      no links: 0 of Σ(k - 1)               R = 1, P = (n - K)/(n - 1)
#   B³       P = 1, R = K/n                        R = 1, P = Σk²/n²
#   CEAFm    K items of n (one a cluster)          max k of n
#   CEAFe    Σ 2/(k + 1) of n, and of K            2·max k/(max k + n), of 1 and of K
#   LEA      gold's singletons of n, both ways     P = Σ comb(k, 2)/comb(n, 2), R = items not alone / n
#   pairs    none predicted                        R = 1, P = Σ comb(k, 2)/comb(n, 2)
#   apart    R = 1, P = gold's pairs apart / all   none predicted

LINK_TASKS_AND_GROUPS = {"entity-links": (), "utterances": (), "claim-links": ("groups",)}


def linked(task: str, clusters: Sequence[Sequence[Ref]]) -> Links:
    links = Links("x", entities=() if task == "entity-links" else GOLD.entities)
    if task == "entity-links":
        made = (Entity(f"e{n}", f"e{n}", "ORG", mentions=tuple(each)) for n, each in enumerate(clusters))
        return replace(links, entities=tuple(made))
    if task == "utterances":
        return replace(links, utterances=tuple(Utterance(f"u{n}", tuple(c)) for n, c in enumerate(clusters)))
    groups = tuple(ClaimGroup(f"g{n}", tuple(c)) for n, c in enumerate(clusters))
    return replace(links, claim_groups=groups, claim_relations=())


def measured(report: Report, task: str, name: str) -> tuple[float | None, float | None]:
    """Precision and recall of a clustering measure."""
    group = LINK_TASKS_AND_GROUPS[task]
    same = task == "claim-links" and name == "pairs"
    each = report.totals(task, *(("same",) if same else (*group, name)))
    return each.precision, each.recall


@pytest.mark.parametrize("task", LINK_TASKS_AND_GROUPS)
def test_all_singletons_and_one_cluster(task: str) -> None:
    gold = link_clusters(task, GOLD.links, GOLD)
    items = link_items(task, GOLD)
    assert gold is not None
    k = [len(cluster) for cluster in gold if cluster]
    n, n_clusters = len(items), len(k)
    assert sum(k) == n
    together, all_pairs = sum(comb(size, 2) for size in k), comb(n, 2)
    alone = k.count(1)

    report = score_links(GOLD, linked(task, [[item] for item in items]), tasks=[task], n_boot=0)
    dice = sum(2 / (size + 1) for size in k)
    expected: dict[str, tuple[float | None, float | None]] = {
        "muc": (None, 0.0),
        "b3": (1.0, n_clusters / n),
        "ceafm": (n_clusters / n, n_clusters / n),
        "ceafe": (dice / n, dice / n_clusters),
        "lea": (alone / n, alone / n),
        "pairs": (None, 0.0),
        "apart": ((all_pairs - together) / all_pairs, 1.0),
    }
    for name, values in expected.items():
        assert measured(report, task, name) == pytest.approx(values), name

    report = score_links(GOLD, linked(task, [items]), tasks=[task], n_boot=0)
    most = max(k)
    best = 2 * most / (most + n)
    expected = {
        "muc": ((n - n_clusters) / (n - 1), 1.0),
        "b3": (sum(size**2 for size in k) / n**2, 1.0),
        "ceafm": (most / n, most / n),
        "ceafe": (best, best / n_clusters),
        "lea": (together / all_pairs, (n - alone) / n),
        "pairs": (together / all_pairs, 1.0),
        "apart": (None, 0.0),
    }
    for name, values in expected.items():
        assert measured(report, task, name) == pytest.approx(values), name


# A wrong prediction never raises F1.
#
# Let TP be a measure's credit, S = what it counts on both sides, F1 = 2·TP/S. (Partial quotes earn different
# credit on the two sides; the argument is the same for each side alone.)
#
# Theorem 1, every measure but sentence, wherever it lies among the other predictions: an item that shares no
# token with any gold item is in no pair that may be aligned. The alignment of all others is what it was, TP
# too, and S does not fall. (For sentences, the sentence that it lies in must hold no gold claim.)
#
# Theorem 2, wherever it lies, also on gold: in measures that count equal items (strict, exact, content
# strict, triple, claims strict) TP = Σ min(gold items with a key, predicted ones with it). An item whose key
# no gold item has, or of which there are as many as in gold already, adds nothing.
#
# Theorem 3: with IoU > 1/2 required (claims' span, claimer and joint; quotes' speaker and nesting) an item
# with IoU ≤ 1/2 with every gold item is in no pair, as in theorem 1.
#
# Theorem 4: joining two clusters that no gold cluster touches both of adds nothing to MUC's, B³'s, LEA's,
# CEAFm's or the pairs' credit, and their denominators do not fall (for pairs apart, as much is lost in TP as
# in S, and TP ≤ S). A wrong relation adds a wrong pair.
#
# No theorem holds where something earns by overlapping alone; what then rises is in the tests of the limits.


def free_tokens(gold: Layer, part: str) -> list[int]:
    index = TextIndex(DOCUMENTS[gold.document])
    taken = {n for item in getattr(gold, part) or () for n in index.tokens_of(spans_of(item))}
    return [n for n in range(N) if n not in taken]


def at(*tokens: int) -> tuple[Span, ...]:
    return TextIndex(DOCUMENTS["one"]).spans_of(tokens)


def with_new(layer: Layer, part: str, item: Any) -> Layer:
    return replace(layer, **{part: (*(getattr(layer, part) or ()), item)})


def rose(before: Totals, after: Totals) -> bool:
    return (after.f1 or 0.0) > (before.f1 or 0.0) + 1e-12


@given(ONE, ONE, st.data())
@settings(max_examples=60)
def test_what_touches_no_gold_never_helps(gold: Layer, predicted: Layer, data: st.DataObject) -> None:
    more = predicted
    new: dict[str, Sequence[int]] = {}
    for part in PARTS:
        if free := free_tokens(gold, part):
            some = st.lists(st.sampled_from(free), min_size=1, max_size=4, unique=True)
            new[part] = sorted(data.draw(some if part != "mentions" else some.map(lambda tokens: tokens[:1])))
    assume(new)
    if "mentions" in new:
        kind = data.draw(st.sampled_from(["PERSON", "GPE", "DATE"]))
        (place,) = at(*new["mentions"])
        more = with_new(more, "mentions", Mention("new", place.start, place.end, None, kind))
    if "quotes" in new:
        # Cue and source may well be those of a gold quote.
        source, cue = data.draw(st.none() | SPAN), data.draw(st.just(()) | SPANS)
        speaker, within = data.draw(st.none() | NAME), data.draw(st.sampled_from([None, "i0", "i1"]))
        quote = Quote("new", at(*new["quotes"]), (), source, cue, speaker, within)
        more = with_new(more, "quotes", quote)
    if "claims" in new:
        more = with_new(more, "claims", Claim("new", at(*new["claims"]), claimer=data.draw(st.none() | NAME)))
    held = {n // 4 for n in range(N) if n not in free_tokens(gold, "claims")}
    before, after = totals(scored([gold], [predicted])), totals(scored([gold], [more]))
    for path, each in before.items():
        if path == ("claims", "sentence") and held & {n // 4 for n in new.get("claims", ())}:
            continue
        assert not rose(each, after[path]), path
        assert after[path].tp_gold == pytest.approx(each.tp_gold), path
        assert after[path].tp_pred == pytest.approx(each.tp_pred), path
    headlines = (("entities", "strict"), ("quotes", "triple"), ("claims", "span"))
    for part, path in zip(PARTS, headlines, strict=True):
        assert after[path].n_pred == before[path].n_pred + (part in new)


KEYS: Mapping[tuple[str, str], tuple[str, Callable[[TextIndex, Any], Any]]] = {
    ("entities", "strict"): ("mentions", lambda index, m: (index.tokens_of([m.span]), m.type)),
    ("entities", "exact"): ("mentions", lambda index, m: index.tokens_of([m.span])),
    ("quotes", "content_strict"): ("quotes", lambda index, q: index.tokens_of(q.content)),
    ("quotes", "triple"): ("quotes", triple),
    ("claims", "strict"): ("claims", lambda index, c: index.tokens_of(c.spans)),
}


@given(ONE, ONE, layers("one"))
@settings(max_examples=50)
def test_what_is_not_exact_never_helps_exact_measures(gold: Layer, predicted: Layer, new: Layer) -> None:
    index = TextIndex(DOCUMENTS["one"])
    before = totals(scored([gold], [predicted]))
    for path, (part, key) in KEYS.items():
        there = Counter(key(index, item) for item in getattr(gold, part))
        found = Counter(key(index, item) for item in getattr(predicted, part))
        for item in [*getattr(new, part), *getattr(predicted, part)]:
            if found[key(index, item)] >= there[key(index, item)]:
                more = with_new(predicted, part, replace(item, id="new"))
                after = totals(scored([gold], [more], tasks=[path[0]]))[path]
                assert after.tp_gold == before[path].tp_gold, path
                assert not rose(before[path], after), path
                break


HANGS_ON_HALF = {
    "claims": [("claims", "span"), ("claims", "claimer"), ("claims", "attributes", "joint")],
    "quotes": [("quotes", "speaker"), ("quotes", "nesting")],
}


@given(ONE, ONE, layers("one"))
@settings(max_examples=50)
def test_what_shares_at_most_half_never_helps_if_more_is_asked(
    gold: Layer, predicted: Layer, new: Layer
) -> None:
    index = TextIndex(DOCUMENTS["one"])
    before = totals(scored([gold], [predicted]))
    for part, paths in HANGS_ON_HALF.items():
        ours = [index.tokens_of(spans_of(item)) for item in getattr(gold, part)]
        for item in getattr(new, part):
            tokens = index.tokens_of(spans_of(item))
            if all(2 * len(tokens & other) <= len(tokens | other) for other in ours):
                more = with_new(predicted, part, replace(item, id="new"))
                after = totals(scored([gold], [more], tasks=[part]))
                for path in paths:
                    assert after[path].tp_gold == before[path].tp_gold, path
                    assert not rose(before[path], after[path]), path
                break


LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=2, max_size=12)


def clustered(labels: Sequence[Any]) -> list[list[int]]:
    return [[n for n, each in enumerate(labels) if each == label] for label in sorted(set(labels))]


@given(LABELS, st.data())
def test_a_wrong_link_never_helps_but_in_ceafe(labels: list[tuple[int, int]], data: st.DataObject) -> None:
    gold, other = (clustered([pair[k] for pair in labels]) for k in (0, 1))
    side = {n: k for k, cluster in enumerate(gold) for n in cluster}
    wrong = [
        (a, b)
        for a in range(len(other))
        for b in range(a)
        if not {side[n] for n in other[a]} & {side[n] for n in other[b]}
    ]
    assume(wrong)
    a, b = data.draw(st.sampled_from(wrong))
    joined = [cluster for n, cluster in enumerate(other) if n not in (a, b)] + [other[a] + other[b]]
    before, after = (cluster_measures(ClusterTable.of(gold, each)) for each in (other, joined))
    for path, counts in before.items():
        if path != ("ceafe",):
            there, back = Counts(counts).totals, Counts(after[path]).totals
            assert back.tp_gold <= there.tp_gold + 1e-9, path
            assert not rose(there, back), path


def test_a_wrong_relation_never_helps() -> None:
    groups = (GOLD.links.claim_groups or ())[:]
    related = {frozenset((r.source, r.target)) for r in GOLD.links.claim_relations or ()}
    before = score_links(GOLD, GOLD.links, tasks=["claim-links"], n_boot=0)
    source, target = next(
        (a.id, b.id) for a in groups for b in groups if a.id < b.id and {a.id, b.id} not in related
    )
    for kind in ("supports", "contradicts"):
        links = replace(
            GOLD.links,
            claim_relations=(*(GOLD.links.claim_relations or ()), ClaimRelation(source, target, kind)),
        )
        after = score_links(GOLD, links, tasks=["claim-links"], n_boot=0)
        for name in ("same", "supports", "contradicts"):
            here, there = (report.totals("claim-links", name) for report in (after, before))
            assert here.tp_gold == there.tp_gold
            assert rose(here, there) == (name == kind)
        assert (after.f1("claim-links", "macro") or 0) < (before.f1("claim-links", "macro") or 0)


# The limits: where a wrong prediction does raise F1, by what the measures are defined to be.


def test_limit_a_duplicate_helps_where_overlap_alone_earns() -> None:
    # One mention over two of gold's, PERSON both. Overlap is all that partial and type ask, and each copy of
    # the mention overlaps another gold one: type 2·1/(2 + 1) = 2/3 becomes 2·2/(2 + 2) = 1, partial 1/3
    # becomes 1/2. Strict and token don't pay it.
    both = Mention("a", at(0)[0].start, at(1)[0].end, None, "PERSON")
    ours = tuple(Mention(f"g{n}", at(n)[0].start, at(n)[0].end, None, "PERSON") for n in (0, 1))
    quotes = tuple(Quote(f"q{n}", at(n)) for n in (0, 1))
    claims = tuple(Claim(f"c{n}", at(n)) for n in (0, 1))
    gold = Layer("one", "x", ours, quotes, (), claims)
    found = {}
    for copies in (1, 2):
        predicted = Layer(
            "one", "x",
            tuple(replace(both, id=f"m{n}") for n in range(copies)),
            tuple(Quote(f"q{n}", at(0, 1)) for n in range(copies)),
            (),
            tuple(Claim(f"c{n}", at(0, 1)) for n in range(copies)),
        )  # fmt: skip
        report = scored([gold], [predicted])
        found[copies] = {path: each.f1 for path, each in totals(report).items()}
    for path, there, back in (
        (("entities", "type"), 2 / 3, 1.0),
        (("entities", "partial"), 1 / 3, 1 / 2),
        # Tokens: 1 of 2 + 2, then 2 of 2 + 4.
        (("quotes", "content_token"), 2 * 1 / 4, 2 * 2 / 6),
        (("claims", "token"), 2 * 1 / 4, 2 * 2 / 6),
        # Dice of {0} and {0, 1} is 2/3, of gold's two and one or two predicted.
        (("claims", "dice"), 2 * (2 / 3) / 3, 2 * (4 / 3) / 4),
        (("entities", "strict"), 0.0, 0.0),
        (("entities", "token"), 1.0, 1.0),
        (("quotes", "content_strict"), 0.0, 0.0),
        (("claims", "span"), 0.0, 0.0),
    ):
        assert (found[1][path], found[2][path]) == pytest.approx((there, back)), path


def test_limit_a_quote_of_a_wrong_speaker_may_set_a_right_one_free() -> None:
    # Gold: A says tokens 0–9, within which B says 0–7. The system gives 0–9 to B: aligned with the outer
    # quote, a wrong speaker. A second 0–9 by C, whom gold lacks, leaves two equally good alignments, and the
    # one with more speakers right is taken: the first answers for the inner quote, IoU 0.8.
    outer, inner = Quote("a", at(*range(10)), speaker="a"), Quote("b", at(*range(8)), speaker="b")
    gold = Layer("one", "x", (), (outer, inner), ())
    first = Quote("p", at(*range(10)), speaker="b")
    one = scored([gold], [Layer("one", "x", (), (first,), ())]).totals("quotes", "speaker")
    two = scored([gold], [Layer("one", "x", (), (first, replace(first, id="q", speaker="c")), ())])
    assert (one.f1, two.totals("quotes", "speaker").f1) == (0.0, 0.5)


def test_limit_a_wrong_link_helps_in_ceafe_and_so_may_in_conll_f1() -> None:
    # Gold {ab}{cd}. Singletons: each gold cluster with one of its items, φ₄ = 2/3 each: P = (4/3)/4,
    # R = (4/3)/2, F1 = 4/9. b and d joined, which is wrong: φ₄ as before with a and c alone, P = (4/3)/3,
    # F1 = 8/15.
    gold = ["ab", "cd"]
    there, back = (
        {path[0]: Counts(c).totals.f1 for path, c in cluster_measures(ClusterTable.of(gold, each)).items()}
        for each in (["a", "b", "c", "d"], ["a", "bd", "c"])
    )
    assert (there["ceafe"], back["ceafe"]) == pytest.approx((4 / 9, 8 / 15))
    # MUC 0 both times, B³ from 2·1·½/1.5 = 2/3 to 2·¾·½/1.25 = 3/5: the mean rises by 1/135.
    assert (there["muc"], back["muc"]) == (0.0, 0.0)
    assert (there["b3"], back["b3"]) == pytest.approx((2 / 3, 3 / 5))
    conll = [sum(each[name] or 0.0 for name in ("muc", "b3", "ceafe")) / 3 for each in (there, back)]
    assert conll[1] - conll[0] == pytest.approx(1 / 135)
    assert (back["lea"] or 0) <= (there["lea"] or 0)


# Mentions in arrays, and tags.


def arrays(mentions: Sequence[Mention]) -> Spans:
    kinds = ("DATE", "GPE", "PERSON")
    rows = [[0, m.start, m.end, kinds.index(m.type)] for m in mentions]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Spans(*columns.T, types=kinds, n_documents=2)


@given(MENTIONS, MENTIONS, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_mentions_in_arrays_are_not_fooled(gold: Any, predicted: Any, random: Random) -> None:
    def strict(some: Sequence[Mention], other: Sequence[Mention]) -> Totals:
        return score_spans(arrays(some), arrays(other), n_boot=0).totals("entities", "strict")

    assert strict(gold, gold).f1 == (1.0 if gold else None)
    assert strict(gold, []).f1 == (0.0 if gold else None)
    assert strict(gold, [*gold, *gold]).f1 == pytest.approx(2 / 3 if gold else None)
    there = score_spans(arrays(gold), arrays(predicted), n_boot=5).to_json()
    mixed = [random.sample(list(side), len(side)) for side in (gold, predicted)]
    assert score_spans(*map(arrays, mixed), n_boot=5).to_json() == there
    key = Counter((m.start, m.end, m.type) for m in gold)
    before = strict(gold, predicted)
    assert before.tp_gold == (key & Counter((m.start, m.end, m.type) for m in predicted)).total()
    for wrong in predicted:
        if not key[wrong.start, wrong.end, wrong.type]:
            assert not rose(before, strict(gold, [*predicted, wrong]))


TYPES = st.sampled_from(["PER", "LOC"])
CHUNKS = st.lists(st.tuples(TYPES | st.none(), st.integers(1, 3)), max_size=8)


def tagged(chunks: Sequence[tuple[str | None, int]]) -> list[str]:
    """IOB2."""
    out = []
    for kind, length in chunks:
        out += ["O"] * length if kind is None else [f"B-{kind}", *[f"I-{kind}"] * (length - 1)]
    return out


@given(st.lists(CHUNKS, min_size=1, max_size=4))
@settings(max_examples=50)
def test_tags_are_not_fooled(sequences: list[list[tuple[str | None, int]]]) -> None:
    gold = [tagged(each) for each in sequences]
    chunks = [(kind, length) for each in sequences for kind, length in each if kind is not None]

    def strict(predicted: list[list[str]]) -> Totals:
        return score_tags(gold, predicted, n_boot=0).totals("entities", "strict")

    assert strict(gold).f1 == (1.0 if chunks else None)
    assert strict([["O"] * len(each) for each in gold]).f1 == (0.0 if chunks else None)
    # Every token a PER: found are the PERs of one token.
    every = strict([["B-PER"] * len(each) for each in gold])
    assert every.tp_gold == chunks.count(("PER", 1))
    assert every.n_pred == sum(map(len, gold))
    # Each sequence as one PER: found are those that are one.
    whole = strict([tagged([("PER", len(each))]) if each else [] for each in gold])
    assert whole.tp_gold == sum(len(each) == 1 and each[0][0] == "PER" for each in sequences)
    assert whole.n_pred == sum(map(bool, gold))
    # Halves, merged: the first with all found, the second with nothing.
    half = len(gold) // 2
    if half:
        nothing = [["O"] * len(each) for each in gold[half:]]
        first = score_tags(gold[:half], gold[:half], n_boot=0, name="a")
        second = score_tags(gold[half:], nothing, n_boot=0, name="b")
        assert first.merge(second).totals("entities", "strict") == strict([*gold[:half], *nothing])


@pytest.mark.parametrize("task", TASKS)
def test_blocks_of_gold_sum_to_the_corpus_and_halves_merge(task: str) -> None:
    system = [shifted(INDEX[name], GOLD[name], lambda n: n % 2 == 0) for name in GOLD]
    whole = on_gold(system, tasks=[task])

    def half(names: Sequence[str]) -> Report:
        gold, documents = ({name: every[name] for name in names} for every in (GOLD, GOLD.documents))
        found = [each for each in system if each.document in names]
        return score(gold, found, documents=documents, entities=GOLD.entities, tasks=[task], n_boot=0)

    names = list(GOLD)
    halves = half(names[:2]), half(names[2:])
    merged = halves[0].merge(halves[1])
    for path, counts in whole.counts(task).measures.items():
        assert counts.n_blocks == sum(len(d.regions) for d in GOLD.documents.values())
        parts = chain.from_iterable(counts.values.tolist())
        assert sum(parts) == pytest.approx(sum(counts.values.sum(axis=0))), path
        assert merged.counts(task).measures[path].totals == counts.totals, path
