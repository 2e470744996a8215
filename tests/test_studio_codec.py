"""Layers to Label Studio results and back; every problem that a drawing can have."""

import random
from dataclasses import replace

import pytest

from vostochny.annotations import load_documents, load_gold, load_registry, load_round
from vostochny.annotations.add import make_document
from vostochny.annotations.studio_decode import entity_id, results_to_layer
from vostochny.annotations.studio_encode import covering_quote, layer_to_results
from vostochny.annotations.studio_labels import item_id, region_id
from vostochny.schema.errors import InputError
from vostochny.schema.model import Claim, Entity, Layer, Mark, Mention, Quote, Region, Span

DOCUMENTS = load_documents()
GOLD = load_gold()
KNOWN = [entity.id for entity in load_registry()]
TEXT = (
    "😀 Putin met Kim.\n“We will\ncome,” Kim said, “soon.”\nThe envoy said Kim told him that he will come.\n"
)
BY_RULE = make_document(TEXT.encode(), file="talks.txt", id="talks")
# The broken line is one paragraph, as a reader corrects it.
DOCUMENT = replace(BY_RULE, regions=(Region(0, 16, "body"), Region(17, len(TEXT) - 1, "body")))


def at(words, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return Span(start, start + len(words), words)


def region(id, control, label, span, **values):
    value = {"start": span.start, "end": span.end, "text": "as the editor has it", "labels": [label]}
    out = [{"id": id, "from_name": control, "to_name": "text", "type": "labels", "value": value}]
    for name, given in values.items():
        place = {"start": span.start, "end": span.end}
        key, kind = (
            ("text", "textarea") if name.endswith("_other") or name in TYPED else ("choices", "choices")
        )
        value = {**place, key: given if isinstance(given, list) else [given]}
        out.append({"id": id, "from_name": name, "to_name": "text", "type": kind, "value": value})
    return out


TYPED = ("proposition", "note")


def arrow(start, end, *labels):
    return {"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": list(labels)}


def decode(results, **options):
    return results_to_layer(results, DOCUMENT, "ana", where="http://127.0.0.1:8080/task/1", **options)


def problems(results):
    with pytest.raises(InputError) as error:
        decode(results)
    return [(problem.check, problem.path) for problem in error.value.problems]


QUOTE = region("q", "quote", "content", at("“We will\ncome,”"))
SOURCE = region("s", "quote", "source", at("Kim", 1))


@pytest.mark.parametrize("id", GOLD)
def test_gold_comes_back_identical(id):
    results = layer_to_results(GOLD[id], DOCUMENTS[id], KNOWN)
    assert results_to_layer(results, DOCUMENTS[id], "gold", where=id).layer == GOLD[id]


@pytest.mark.parametrize("id", GOLD)
def test_the_order_of_results_does_not_matter(id):
    results = layer_to_results(GOLD[id], DOCUMENTS[id], KNOWN)
    random.Random(7).shuffle(results)
    found = results_to_layer(results, DOCUMENTS[id], "gold", where=id).layer
    for part in ("mentions", "quotes", "marks", "claims"):
        assert set(getattr(found, part)) == set(getattr(GOLD[id], part))


@pytest.mark.parametrize("round_id", ["r0", "r1"])
def test_raw_layers_come_back_in_text_order(round_id):
    for layers in load_round(round_id).layers.values():
        for id, layer in layers.items():
            found = results_to_layer(
                layer_to_results(layer, DOCUMENTS[id], KNOWN), DOCUMENTS[id], layer.annotator, where=id
            ).layer
            for part in ("mentions", "quotes", "marks", "claims"):
                assert set(getattr(found, part)) == set(getattr(layer, part))


def test_an_entity_outside_the_registry_is_typed_and_comes_back():
    layer = Layer("talks", "ana", mentions=(Mention("m1", 2, 7, "Putin", "PERSON", "vladimir-putin"),))
    results = layer_to_results(layer, DOCUMENT, known=[])
    assert results[1]["from_name"] == "entity_other" and results[1]["value"]["text"] == ["vladimir-putin"]
    decoded = decode(results)
    assert decoded.layer.mentions == layer.mentions
    # An id says no name: the mention's words do.
    assert decoded.entities == {"vladimir-putin": Entity("vladimir-putin", "Putin", "PERSON")}


def test_unnamed_can_be_typed_and_is_no_entity():
    decoded = decode(region("q", "quote", "content", at("soon"), speaker_other="unnamed"))
    assert decoded.layer.quotes[0].speaker == "unnamed" and decoded.entities == {}


def test_surface_text_is_cut_from_the_document_not_taken_from_the_editor():
    (quote,) = decode(QUOTE).layer.quotes
    assert quote.content == (at("“We will\ncome,”"),)
    assert quote.verbatim == quote.content


def test_what_an_annotator_draws():
    results = [
        *region("x1", "mention", "PERSON", at("Putin"), entity="vladimir-putin"),
        *region("x2", "mention", "PERSON", at("Kim"), entity_other="Kim Jong Ún"),
        *region("q", "quote", "content", at("“We will\ncome,”"), speaker="kim-jong-un"),
        *region("q-b", "quote", "content", at("“soon.”")),
        *SOURCE,
        *region("c1", "quote", "cue", at("said")),
        arrow("q", "q-b"),
        arrow("s", "q"),  # drawn the wrong way round: the labels say what is meant
        arrow("q-b", "c1", "cue"),
        *region("outer", "quote", "content", at("Kim told him that he will come"), speaker="unnamed"),
        *region(
            "inner", "quote", "content", at("he will come"), speaker_other="Kim Jong Ún", medium="writing"
        ),
        arrow("outer", "inner"),  # unlabelled: the shorter lies within the longer
        *region(
            "c", "claim", "claim", at("he will come"), proposition="Kim will come.", claim_type="prediction"
        ),
        *region("d", "claim", "claim", at("Putin met Kim"), proposition="Putin met Kim."),
    ]
    decoded = decode(results)
    layer = decoded.layer
    assert [m.entity for m in layer.mentions] == ["vladimir-putin", "kim-jong-un"]
    assert decoded.entities == {"kim-jong-un": Entity("kim-jong-un", "Kim Jong Ún", "PERSON")}
    first, outer, inner = layer.quotes
    assert first == Quote(
        "q1",
        (at("“We will\ncome,”"), at("“soon.”")),
        (at("“We will\ncome,”"), at("“soon.”")),
        at("Kim", 1),
        (at("said"),),
        "kim-jong-un",
    )
    assert (outer.id, outer.speaker, outer.within) == ("q2", "unnamed", None)
    assert (inner.id, inner.speaker, inner.within, inner.medium) == ("q3", "kim-jong-un", "q2", "writing")
    author, told = layer.claims
    assert (author.voice, author.claimer, author.quote) == ("author", "author", None)
    # The claim lies in both quotes: the innermost owns it, and its speaker claims it.
    assert (told.voice, told.claimer, told.quote, told.type) == (
        "attributed",
        "kim-jong-un",
        "q3",
        "prediction",
    )


def test_typed_names_are_resolved_against_the_registry():
    entities = [Entity("kim-jong-un", "Kim Jong Un", "PERSON", aliases=("Kim Chen In",))]
    decoded = decode(
        region("x", "mention", "PERSON", at("Kim"), entity_other="Kim Chen In"), entities=entities
    )
    assert decoded.layer.mentions[0].entity == "kim-jong-un" and decoded.entities == {}


def test_new_items_get_free_numbers_and_old_ones_keep_theirs():
    results = [
        *region("new", "mention", "PERSON", at("Putin")),
        *region(region_id("m1", "mention"), "mention", "PERSON", at("Kim")),
        *region("newer", "mention", "PERSON", at("Kim", 1)),
    ]
    assert [m.id for m in decode(results).layer.mentions] == ["m2", "m1", "m3"]


def test_a_relabelled_region_does_not_keep_the_id_of_another_kind():
    results = region(region_id("m1", "mention"), "mark", "scare", at("“soon.”"))
    assert [mark.id for mark in decode(results).layer.marks] == ["k1"]


@pytest.mark.parametrize(
    ("words", "expected"), [("all", ["“We will\ncome,”"]), ("none", []), ("marks", ["“We will\ncome,”"])]
)
def test_which_words_are_verbatim_can_be_chosen(words, expected):
    (quote,) = decode(region("q", "quote", "content", at("“We will\ncome,”"), words=words)).layer.quotes
    assert [span.text for span in quote.verbatim] == expected


def test_verbatim_parts_can_be_drawn():
    results = [*QUOTE, *region("v", "quote", "verbatim", at("will")), arrow("q", "v")]
    assert decode(results).layer.quotes[0].verbatim == (at("will"),)


@pytest.mark.parametrize("verbatim", [(), None, (Span(19, 22, TEXT[19:22]),)])
def test_any_verbatim_survives(verbatim):
    quote = Quote("q1", (at("“We will\ncome,”"),), verbatim)
    layer = Layer("talks", "ana", (), (quote,), (), ())
    (found,) = decode(layer_to_results(layer, DOCUMENT)).layer.quotes
    assert found.verbatim == (quote.content if verbatim is None else verbatim)


def test_decisions_of_an_adjudicator():
    results = region(
        region_id("m1@ana+ben", "mention"),
        "mention",
        "PERSON",
        at("Kim"),
        verdict="keep",
        reason="overlooked",
        rule="1.1",
        note="see the headline",
    )
    decoded = decode(results)
    assert [m.id for m in decoded.layer.mentions] == ["m1@ana+ben"]
    decision = decoded.decisions["m1@ana+ben"]
    assert (decision.verdict, decision.reason, decision.rule, decision.note) == (
        "keep",
        "overlooked",
        "1.1",
        "see the headline",
    )


def test_a_dropped_quote_owns_no_claim():
    results = [
        *region("q", "quote", "content", at("“We will\ncome,”"), verdict="drop"),
        *region("c", "claim", "claim", at("We will\ncome"), proposition="They will come."),
    ]
    assert decode(results).layer.claims[0].quote is None


def test_a_candidate_lends_its_speaker_to_no_claim():
    quote = Quote("q1@ana", (at("“We will\ncome,”"),), None, speaker="kim-jong-un")
    claim = Claim("c1", (at("We will\ncome"),), "attributed", "kim-jong-un", "q1@ana", proposition="P.")
    results = layer_to_results(Layer("talks", "ana", (), (quote,), (), (claim,)), DOCUMENT, ["kim-jong-un"])
    assert [r["value"]["taxonomy"] for r in results if r.get("from_name") == "claimer"] == [[["kim-jong-un"]]]


def test_notes_are_shown_with_an_items_first_region():
    layer = Layer("talks", "ana", (Mention("m1", 2, 7, "Putin", "PERSON"),), (), (), ())
    (result,) = layer_to_results(layer, DOCUMENT, notes={"m1": "ben: ORG"})
    assert result["meta"] == {"text": ["ben: ORG"]}


def test_an_arrow_to_a_name_means_the_source_around_it():
    source = at("The envoy")
    name = region("m", "mention", "PERSON", at("envoy"))
    said = region("q", "quote", "content", at("“We will\ncome,”"), speaker="unnamed")
    (quote,) = decode([*said, *region("s", "quote", "source", source), *name, arrow("q", "m")]).layer.quotes
    assert quote.source == source
    assert problems([*QUOTE, *name, arrow("q", "m")]) == [("senseless-arrow", "q")]


def test_an_arrow_turned_round_is_read_from_its_other_end():
    outer, inner = (
        region("a", "quote", "content", at("“We will\ncome,”")),
        region("b", "quote", "content", at("come")),
    )
    turned = {**arrow("a", "b", "within"), "direction": "left"}
    first, second = decode([*outer, *inner, turned]).layer.quotes
    assert (first.within, second.within) == (None, first.id)


def test_of_a_list_one_entry_may_be_chosen():
    place = {"start": at("Kim").start, "end": at("Kim").end}
    name = region("m", "mention", "PERSON", at("Kim"))
    chosen = {"id": "m", "from_name": "entity", "to_name": "text", "type": "taxonomy"}
    one = {**chosen, "value": {**place, "taxonomy": [["kim-jong-un"]]}}
    assert decode([*name, one]).layer.mentions[0].entity == "kim-jong-un"
    two = {**chosen, "value": {**place, "taxonomy": [["kim-jong-un"], ["russia"]]}}
    assert problems([*name, two]) == [("two-values", "m")]


CLAIM = region("c", "claim", "claim", at("Putin met Kim"), proposition="P.")
BROKEN = {
    "bad-offsets": (region("x", "mention", "GPE", Span(90, 300)), "x"),
    "unknown-label": (region("x", "mention", "PLANET", at("Kim")), "x"),
    "unknown-control": (region("x", "sentiment", "good", at("Kim")), "x"),
    "unknown-choice": (region("q", "quote", "content", at("soon"), medium="song"), "q"),
    "bad-result": (["Kim"], "$[0]"),
    "unlabelled-region": (
        [r for r in region("q", "quote", "content", at("soon"), medium="writing") if r["type"] != "labels"],
        "q",
    ),
    "dangling-arrow": ([*QUOTE, arrow("q", "gone", "source")], "q"),
    "unknown-arrow": ([*QUOTE, *SOURCE, arrow("q", "s", "owns"), arrow("q", "s")], "q"),
    "senseless-arrow": ([*QUOTE, *SOURCE, arrow("q", "s", "cue"), arrow("q", "s")], "q"),
    "stray-region": (SOURCE, "s"),
    "two-labels": ([*SOURCE, *region("s", "quote", "cue", at("Kim", 1)), *QUOTE, arrow("q", "s")], "s"),
    "two-sources": (
        [*QUOTE, *SOURCE, *region("t", "quote", "source", at("Putin")), arrow("q", "s"), arrow("q", "t")],
        "q",
    ),
    "two-outer-quotes": (
        [
            *region("q", "quote", "content", at("come")),
            *region("a", "quote", "content", at("“We will\ncome,”")),
            *region("b", "quote", "content", at("We will\ncome")),
            arrow("q", "a", "within"),
            arrow("q", "b", "within"),
        ],
        "q",
    ),
    "circular-within": (
        [
            *QUOTE,
            *region("a", "quote", "content", at("soon")),
            arrow("q", "a", "within"),
            arrow("a", "q", "within"),
        ],
        "q",
    ),
    "two-quotes": (
        [
            *CLAIM,
            *QUOTE,
            *region("a", "quote", "content", at("soon")),
            arrow("c", "q"),
            arrow("c", "a"),
        ],
        "c",
    ),
    "two-values": (
        region("x", "mention", "PERSON", at("Kim"), entity="kim-jong-un", entity_other="Kim Myong Sik"),
        "x",
    ),
    "bad-name": (region("x", "mention", "PERSON", at("Kim"), entity_other="…"), "x"),
    "source-without-speaker": ([*QUOTE, *SOURCE, arrow("q", "s")], "q"),
    "no-proposition": (region("c", "claim", "claim", at("Putin met Kim")), "c"),
    "no-claimer": ([*QUOTE, *region("c", "claim", "claim", at("We will\ncome"), proposition="P.")], "c"),
    "bad-verdict": (region("x", "mention", "PERSON", at("Kim"), verdict="perhaps"), "m1"),
}


@pytest.mark.parametrize("check", BROKEN)
def test_what_a_drawing_may_not_be(check):
    results, path = BROKEN[check]
    assert (check, path) in problems(results)


PLACE = {"start": 2, "end": 7, "text": "Putin"}


def given(control, kind, value):
    """A value for a mention, as an export has it or as no export should."""
    value = {**PLACE, **value} if isinstance(value, dict) else value
    return {"id": "m", "from_name": control, "to_name": "text", "type": kind, "value": value}


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (given("entity", "taxonomy", 5), "bad-offsets"),
        (given("entity", "taxonomy", {"taxonomy": ["russia"]}), "bad-result"),
        (given("entity", "taxonomy", {"taxonomy": [[7]]}), "bad-result"),
        (given("entity", "rating", {"rating": 4}), "bad-result"),
        (given("entity_other", "textarea", {"text": 1.5}), "bad-result"),
        (given("mention", "labels", {"labels": 3}), "unknown-label"),
        ({**arrow("m", "m"), "labels": 3}, "bad-result"),
        (given("entity", "taxonomy", {"taxonomy": [["russia"]]}), "two-values"),
    ],
)
def test_what_no_editor_sends_is_told(broken, check):
    name = region("m", "mention", "PERSON", at("Putin"), entity="vladimir-putin")
    assert check in [found for found, _ in problems([*name, broken])]


@pytest.mark.parametrize("kind", ["taxonomy", "choices"])
def test_where_nothing_is_chosen_the_regions_own_words_are_no_choice(kind):
    name = region("m", "mention", "PERSON", at("Putin"))
    results = [*name, given("entity", kind, {kind: []}), given("reason", kind, {})]
    decoded = decode(results)
    assert decoded.layer.mentions[0].entity is None and decoded.decisions == {}


def test_a_problem_names_task_words_and_place():
    with pytest.raises(InputError) as error:
        decode(SOURCE)
    (problem,) = error.value.problems
    assert problem.file == "http://127.0.0.1:8080/task/1"
    assert problem.message.startswith(f"source “Kim” at {at('Kim', 1).start}–{at('Kim', 1).end}: ")


def test_all_problems_are_named_at_once():
    assert len(problems([*SOURCE, *region("c", "claim", "claim", at("soon"))])) == 2


def test_values_of_two_parts_may_not_differ():
    results = [
        *region("q", "quote", "content", at("“We will\ncome,”"), medium="writing"),
        *region("r", "quote", "content", at("“soon.”"), medium="speech"),
        arrow("q", "r", "part"),
    ]
    assert problems(results) == [("two-values", "q")]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Kim Jong Ún", "kim-jong-un"),
        ("Kim Jong-un", "kim-jong-un"),
        ("People's Army", "peoples-army"),
        ("U.S.", "us"),
    ],
)
def test_ids_of_typed_names(name, id):
    assert entity_id(name) == id


@pytest.mark.parametrize("item", ["q3", "q3@ana+ben", "c38a", "a_b", "x.y-z", "é__content__0"])
def test_region_ids_are_css_classes_and_hold_any_item_id(item):
    made = region_id(item, "content", 12)
    assert (
        made.replace("_", "").replace("-", "").isascii() and made.replace("_", "").replace("-", "").isalnum()
    )
    assert item_id(made, "content") == item
    assert item_id(made, "claim") is None and item_id("Xk2_9", "content") is None


def test_of_covering_quotes_the_deepest_owns_a_claim():
    outer = Quote("a", (Span(0, 50),))
    inner = Quote("b", (Span(0, 50),), within="a")
    other = Quote("c", (Span(60, 70),))
    assert covering_quote([Span(10, 20)], [outer, inner, other]) is inner
    assert covering_quote([Span(45, 65)], [outer, inner, other]) is None
    # Of two with the same content the first by id, whatever their order.
    for quotes in ([outer, replace(outer, id="e")], [replace(outer, id="e"), outer]):
        assert covering_quote([Span(10, 20)], quotes) is outer
    # Without nesting the shortest; a circle of quotes ends.
    assert covering_quote([Span(10, 20)], [outer, Quote("d", (Span(5, 30),))]).id == "d"
    assert covering_quote([Span(1, 2)], [replace(outer, within="b"), inner]) is not None


def test_marks_keep_role_and_id():
    span = at("“soon.”")
    mark = Mark("k4", span.start, span.end, span.text, "term")
    layer = Layer("talks", "ana", (), (), (mark,), ())
    assert decode(layer_to_results(layer, DOCUMENT)).layer.marks == (mark,)
