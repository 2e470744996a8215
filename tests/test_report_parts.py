"""What the reading page is built of: segments, lanes, verdicts, propositions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_support import Html, gold_with_links, make_page, passage

from vostochny.annotations import load_gold
from vostochny.baselines import BASELINES, predict
from vostochny.cli.report_across import across
from vostochny.cli.report_anchors import Anchors
from vostochny.cli.report_articles import System, articles
from vostochny.cli.report_compare import compare
from vostochny.cli.report_segments import Handle, Segment, Stroke, Tag, cut, lanes
from vostochny.eval import score
from vostochny.eval.partners import partners
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_jsonl
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.model import (
    ClaimGroup,
    ClaimRelation,
    Difference,
    Layer,
    Mention,
    Ref,
    Span,
    Utterance,
)
from vostochny.schema.registry import Resolver

TEXT = "abcdefghij"
SPANS = st.tuples(st.integers(0, 9), st.integers(1, 10)).filter(lambda p: p[0] < p[1]).map(lambda p: Span(*p))
STROKES = st.lists(
    st.builds(Stroke, SPANS, st.sampled_from("xyz"), st.sampled_from("mqc"), st.sampled_from("AB"))
)


@given(SPANS, STROKES, st.lists(st.integers(0, 9)))
def test_segments_joined_are_the_text_and_bear_what_lies_over_them(whole, strokes, places):
    handles = [(place, Tag(str(place))) for place in places]
    pieces = cut(TEXT, whole.start, whole.end, strokes, handles)
    segments = [piece for piece in pieces if isinstance(piece, Segment)]
    assert "".join(segment.text for segment in segments) == TEXT[whole.start : whole.end]
    at = whole.start
    for segment in segments:
        over = [s for s in strokes if s.span.start <= at < s.span.end]
        assert set(segment.items) == {s.item for s in over}
        assert len(segment.classes) == len({s.channel for s in over})
        # Nothing begins or ends within a segment.
        inside = range(at + 1, at + len(segment.text))
        assert not any(edge in inside for s in strokes for edge in (s.span.start, s.span.end))
        at += len(segment.text)
    assert sum(isinstance(p, Tag) for p in pieces) == sum(whole.start <= p < whole.end for p in places)


def test_overlapping_spans_are_cut_where_they_begin_and_end():
    # a [b c (d e] f) g, in one channel: the first given is drawn, both are there.
    strokes = [Stroke(Span(1, 5), "one", "q0", "v0"), Stroke(Span(3, 6), "two", "q0", "q0")]
    assert cut("abcdefg", 0, 7, strokes) == [
        Segment("a"),
        Segment("bc", ("v0",), ("one",)),
        Segment("de", ("v0",), ("one", "two")),
        Segment("f", ("q0",), ("two",)),
        Segment("g"),
    ]


def test_what_a_comparison_adds_stands_by_itself():
    missed = Stroke(Span(0, 2), "one", "m!", "mx")
    (first, rest) = cut("abc", 0, 3, [], (), [(2, missed)])
    assert first == Segment("ab", (), (), ((2, ("mx",)),))
    assert rest == Segment("c")


@given(st.lists(SPANS, max_size=6))
def test_items_over_one_place_have_lanes_of_their_own(spans):
    found = lanes([(str(n), (span,), None) for n, span in enumerate(spans)], len(spans) + 1)
    for n, one in enumerate(spans):
        for m, other in enumerate(spans[:n]):
            assert not one.overlaps(other) or found[str(n)] != found[str(m)]


def test_a_nested_quote_lies_below_the_one_around_it_and_lanes_are_limited():
    outer, inner, innermost = (Span(0, 9),), (Span(0, 9),), (Span(2, 4),)
    nested = [("q3", innermost, "q2"), ("q2", inner, "q1"), ("q1", outer, None)]
    assert lanes(nested, 4) == {"q1": 0, "q2": 1, "q3": 2}
    assert lanes(nested, 2) == {"q1": 0, "q2": 1, "q3": 1}
    # Quotes that name each other as their outer one end no search.
    assert sorted(lanes([("a", outer, "b"), ("b", inner, "a")], 4).values()) == [0, 1]


def test_two_items_never_share_an_id():
    anchors = Anchors()
    assert anchors.of("a", "b-c1") == "a-b-c1"
    assert anchors.of("a-b", "c1") == "a-b-c1.2"
    assert anchors.of("a", "b-c1") == "a-b-c1"
    assert anchors.of("across") == "across.2"


RULES = {"entities": ("entities-rules", "strict"), "claims": ("claims-rules", "span")}


@pytest.mark.parametrize("task", RULES)
def test_hits_are_those_that_the_headline_measure_counts(task):
    name, measure = RULES[task]
    gold = load_gold()
    layers = {y.document: y for y in predict(BASELINES[name].factory(), gold.documents.values())}
    report = score(gold, layers, tasks=[task], n_boot=0)
    resolver = Resolver(gold.entities)
    tallies = [compare(gold.documents[d], y, layers[d], resolver, name).tally[0] for d, y in gold.items()]
    _, hits, near, missed, spurious = (
        sum(column) if n else "" for n, column in enumerate(zip(*tallies, strict=True))
    )
    counted = report.totals(task, measure)
    assert hits == counted.tp_gold
    assert hits + near + missed == counted.n_gold
    assert hits + near + spurious == counted.n_pred
    assert hits and missed and spurious


def test_partners_of_quotes_are_the_loosely_aligned():
    gold = load_gold()
    layers = {y.document: y for y in predict(BASELINES["quotes-rules"].factory(), gold.documents.values())}
    strict = score(gold, layers, tasks=["quotes"], n_boot=0).totals("quotes", "content_strict").tp_gold
    exact = 0
    for name, layer in gold.items():
        found = partners(gold.documents[name], layer, layers[name], Resolver(gold.entities))["quotes"]
        assert sorted(p.gold for p in found if p.gold) == sorted(q.id for q in layer.quotes)
        assert sorted(p.predicted for p in found if p.predicted) == sorted(q.id for q in layers[name].quotes)
        exact += sum(p.exact for p in found)
    assert exact == strict


def test_gold_beside_itself_is_all_hits():
    gold = load_gold()
    resolver = Resolver(gold.entities)
    for name, layer in gold.items():
        for _, hits, *others in compare(gold.documents[name], layer, layer, resolver, "itself").tally:
            assert hits > 0 and others == [0, 0, 0]


def test_a_near_miss_and_a_spurious_mention_are_marked_in_their_texts():
    gold = load_gold()
    document = gold.documents["lenta"]
    # Gold has "Putin" [0, 5) as a PERSON; "completed" is nothing; all else is missed.
    start = document.text.index("completed")
    found = Layer(
        "lenta",
        "mine",
        mentions=(Mention("m1", 0, 5, "Putin", "ORG"), Mention("m2", start, start + 9, "completed", "ORG")),
    )
    listed, details = articles(gold, [System(1, "mine", {"lenta": found})], Anchors())
    (article,) = [a for a in listed if a.id == "lenta"]
    assert article.tallies == {1: [("entities", 0, 1, len(gold["lenta"].mentions) - 1, 1)]}
    first = article.paragraphs[0]
    assert [(p.text, p.classes) for p in first.systems[1] if isinstance(p, Segment) and p.classes] == [
        ("Putin", ("mO", "mp")),
        ("completed", ("mO", "mx")),
    ]
    marked = {p.text: dict(p.beside) for p in first.gold if isinstance(p, Segment) and p.beside}
    assert marked == {
        "Putin": {1: ("mp",)},
        "Kim Jong-un": {1: ("mx",)},
        "six-hour": {1: ("mx",)},
        "Vostochny Cosmodrome": {1: ("mx",)},
    }
    assert details["lenta-m1"].rows[-1].value == "near (m1); other type"
    assert details["mine-lenta-m2"].rows[-1].value == "spurious"
    assert [p.anchor for p in first.systems[1] if isinstance(p, Handle)] == ["mine-lenta-m1", "mine-lenta-m2"]


def claims_of(relations, groups=("g1", "g2", "g3", "g4")):
    """Propositions 0 to 3, each a claim of lenta, related as said."""
    gold = load_gold()
    members = [Ref("lenta", f"c{n}") for n in range(1, len(groups) + 1)]
    gold.links = gold_with_links().links.__class__(
        "made-up",
        gold.entities,
        (),
        tuple(ClaimGroup(id, (ref,)) for id, ref in zip(groups, members, strict=True)),
        tuple(ClaimRelation(a, b, type) for a, b, type in relations),
    )
    found = across(gold, Anchors()).claims
    place = {p.anchor: n for n, p in enumerate(found.propositions) if p.anchor}
    return found, {id: place[id] for id in groups}


def test_supports_that_follow_from_others_are_left_out():
    found, place = claims_of([("g1", "g2", "supports"), ("g2", "g3", "supports"), ("g1", "g3", "supports")])
    shown = {id: found.propositions[n].supports for id, n in place.items()}
    assert shown == {"g1": [place["g2"]], "g2": [place["g3"]], "g3": [], "g4": []}


def test_contradictions_that_follow_from_others_are_listed_apart():
    # g1 entails g2, which contradicts g3; so g1 contradicts g3. g4 contradicts g1 by itself.
    relations = [
        ("g1", "g2", "supports"),
        ("g2", "g3", "contradicts"),
        ("g3", "g1", "contradicts"),
        ("g4", "g1", "contradicts"),
    ]
    found, place = claims_of(relations)
    pairs = {frozenset((c.left, c.right)) for c in found.collisions}
    assert pairs == {frozenset((place["g2"], place["g3"])), frozenset((place["g1"], place["g4"]))}
    assert [frozenset(pair) for pair in found.following] == [frozenset((place["g1"], place["g3"]))]


def test_outlets_are_counted_as_the_matrix_shows_them():
    found = across(gold_with_links(), Anchors())
    lenta = next(o for o in found.outlets if o.document == "lenta")
    # One of its claims is shared with Sputnik, and disputed.
    n = len(load_gold()["lenta"].claims)
    assert (lenta.says, lenta.shared, lenta.alone, lenta.disputed) == (n, 1, n - 1, 1)
    assert lenta.with_others == [0, 0, 0, n, 1]
    assert found.most_shared == 1


def test_differences_of_one_place_share_their_mark():
    gold = gold_with_links()
    one, two = gold.links.utterances[0].members
    spans = (
        passage(gold.documents, "sputnik", "glory of Russia"),
        passage(gold.documents, "japantimes", "glory"),
    )
    twice = tuple(Difference(type, (one, two), spans) for type in ("omission", "wording"))
    gold.links = gold.links.__class__("made-up", gold.entities, (Utterance("u1", (one, two), None, twice),))
    (told,) = across(gold, Anchors()).utterances
    tags = [[p.label for p in r.clip.pieces if isinstance(p, Tag)] for r in told.renderings]
    assert tags == [["B1 B2"], ["B1 B2"]]
    assert told.types == [("omission", 1), ("wording", 1)]
    assert told.speaker == "nobody named"


def test_links_to_items_that_are_not_there_are_refused_with_all_of_them():
    gold = gold_with_links()
    gold.links = gold.links.__class__(
        "made-up",
        gold.entities,
        (Utterance("u1", (Ref("lenta", "q999"), Ref("lenta", "q1"))),),
        (ClaimGroup("g1", (Ref("nowhere", "c1"),)),),
    )
    with pytest.raises(InputError) as error:
        across(gold, Anchors())
    assert [p.check for p in error.value.problems] == ["unresolved-reference"] * 2
    assert "lenta.q999" in str(error.value) and "nowhere.c1" in str(error.value)


def test_a_file_whose_name_has_an_equals_sign_is_found_with_and_without_a_name(tmp_path):
    path = tmp_path / "a=b.jsonl"
    path.write_bytes(dump_jsonl([layer_to_json(load_gold()["lenta"])]))
    page = Html.read(make_page(tmp_path / "r.html", "--predictions", path, "--predictions", f"mine={path}"))
    names = [e.text for e in page.inside(page.by_id("with"))]
    assert names == ["nothing", "gold", "mine"]
