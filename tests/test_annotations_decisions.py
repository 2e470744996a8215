"""From an adjudicator's decisions to gold and its log: on the shipped round, and on small conflicts."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from adjudication_support import WHERE, adjudicate, choice, following, untied

from vostochny.annotations import load_documents, load_gold, load_registry, load_round
from vostochny.annotations.adjudication import log_entries
from vostochny.annotations.candidates import adjudication_union
from vostochny.annotations.differences import KINDS, Comparison, part_of
from vostochny.annotations.provenance import unexplained
from vostochny.annotations.studio_encode import layer_to_results
from vostochny.annotations.union import union
from vostochny.schema.errors import InputError
from vostochny.schema.labels import REASONS
from vostochny.schema.model import Claim, Entity, Layer, Mention, Quote, Span
from vostochny.schema.registry import Resolver
from vostochny.schema.values import check_adjudication

ROOT = Path(__file__).parent.parent / "annotations"
DOCUMENTS, GOLD, REGISTRY, R1 = load_documents(), load_gold(), load_registry(), load_round("r1")


def items(layer):
    return [item for kind in KINDS for item in part_of(layer, kind)]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_decisions_that_follow_gold_give_gold_and_its_log(name):
    """The round's two readings, through Label Studio's results and back, decided as once by hand."""
    readings, document = R1.readings(name), DOCUMENTS[name]
    results = json.loads(json.dumps(following(GOLD[name], readings, document)))
    layer, log = adjudicate(results, readings, document, before=GOLD[name])
    assert {item.id: item for item in items(layer)} == {item.id: item for item in items(GOLD[name])}
    expected = log_entries(GOLD[name], list(readings.values()), document, Resolver(REGISTRY))
    assert [{k: v for k, v in e.items() if k not in ("rule", "reason")} for e in log] == expected
    assert not [problem for e in log for problem in check_adjudication(e)]
    # Without gold before it, items have the ids of their rows.
    again, _ = adjudicate(results, readings, document)
    assert untied(items(again)) == untied(items(GOLD[name]))


def test_three_readings_of_which_one_is_gold():
    name = "sputnik"
    readings = {**R1.readings(name), "ana": replace(GOLD[name], annotator="ana")}
    layer, log = adjudicate(following(GOLD[name], readings, DOCUMENTS[name]), readings, DOCUMENTS[name])
    assert untied(items(layer)) == untied(items(GOLD[name]))
    assert all("ana" in entry["decision"].split("+") for entry in log)
    assert "a2+ana" in {entry["decision"] for entry in log}


def test_one_reading_needs_no_decision():
    only = {"ana": replace(R1.layers["a1"]["ist"], annotator="ana")}
    shown = adjudication_union(
        union(only, DOCUMENTS["ist"], Resolver(REGISTRY)), DOCUMENTS["ist"], COMPARISON
    )
    assert shown.conflicts == []
    results = layer_to_results(shown.layer, DOCUMENTS["ist"], {e.id for e in REGISTRY})
    layer, log = adjudicate(results, only, DOCUMENTS["ist"])
    assert untied(items(layer)) == untied(items(only["ana"]))
    assert log == []


# Small conflicts, on an article of two sentences without quotation marks.

TEXT = "Ann Lee said that the rocket flew and that Bob heard it land.\nNorland cheered."
ENTITIES = (
    Entity("ann-lee", "Ann Lee", "PERSON"),
    Entity("bob", "Bob", "PERSON"),
    Entity("norland", "Norland", "GPE"),
)
COMPARISON = Comparison(DOCUMENTS["ist"], Resolver(REGISTRY))


def make():
    from vostochny.annotations import make_document

    return make_document(TEXT.encode(), file="t.txt", id="tiny")


TINY = make()


def at(words):
    start = TEXT.index(words)
    return Span(start, start + len(words), words)


def mention(words, type="PERSON", entity="ann-lee", id="m1"):
    return Mention(id, at(words).start, at(words).end, words, type, entity)


def quote(words, id="q1", speaker="ann-lee", **more):
    return Quote(id, (at(words),), (), speaker=speaker, **more)


def claim(words, id="c1", claimer="author", quote=None, says="It is so.", **more):
    voice = "author" if claimer == "author" else "attributed"
    return Claim(id, (at(words),), voice, claimer, quote, proposition=says, **more)


def layer(name, *found):
    def of(kind):
        return tuple(item for item in found if isinstance(item, kind))

    return Layer("tiny", name, of(Mention), of(Quote), (), of(Claim), TINY.text_sha256)


OUTER = "the rocket flew and that Bob heard it land"


def decide(layers, *edits, change=lambda layer: layer):
    """The outcome of a task in which the adjudicator changed the shown layer, then made choices."""
    readings = {each.annotator: each for each in layers}
    comparison = Comparison(TINY, Resolver(ENTITIES))
    shown = adjudication_union(union(readings, TINY, comparison.resolver), TINY, comparison)
    results = layer_to_results(change(shown.layer), TINY, {e.id for e in ENTITIES}, shown.notes)
    return adjudicate([*results, *edits], readings, TINY, ENTITIES)


def why(id, reason="context", rule="1.2"):
    return choice(id, "reason", reason), choice(id, "rule", rule)


def keep(id, **reason):
    return choice(id, "verdict", "keep"), *why(id, **reason)


def drop(id, **reason):
    return choice(id, "verdict", "drop"), *why(id, **reason)


def problems(*arguments, **more):
    with pytest.raises(InputError) as caught:
        decide(*arguments, **more)
    assert {problem.file for problem in caught.value.problems} == {WHERE}
    return [(problem.check, problem.path) for problem in caught.value.problems]


ANA = layer("ana", mention("Norland", "GPE", "norland"))
BEN = layer("ben", mention("Norland", "ORG", "norland"))


def test_a_kept_reading_is_followed_and_the_other_goes():
    gold, (entry,) = decide(
        [ANA, BEN], *keep("m1@ben"), choice("m1@ben", "note", "its team", kind="textarea")
    )
    assert [(m.id, m.type) for m in gold.mentions] == [("m1", "ORG")]
    assert gold.annotator == "gold"
    start = at("Norland").start
    assert entry["key"] == f"mention@{start}-{start + 7}"
    assert (entry["decision"], entry["fields"], entry["rule"]) == ("ben", ["type"], "1.2")
    assert entry["reason"] == f"{REASONS['context']}; its team"
    assert entry["readings"]["ana"]["type"] == "GPE"


def test_reason_and_rule_may_stand_on_the_reading_that_goes():
    _, (entry,) = decide([ANA, BEN], choice("m1@ana", "verdict", "keep"), *why("m1@ben", rule="1.3"))
    assert (entry["decision"], entry["rule"]) == ("ana", "1.3")


def test_an_edited_reading_follows_neither():
    gold, (entry,) = decide(
        [ANA, BEN],
        *keep("m1@ana"),
        change=lambda shown: replace(
            shown, mentions=(replace(shown.mentions[0], type="NORP"), *shown.mentions[1:])
        ),
    )
    assert gold.mentions[0].type == "NORP"
    assert entry["decision"] == "neither"


def test_an_edit_into_the_other_reading_follows_that():
    _, (entry,) = decide(
        [ANA, BEN],
        *keep("m1@ana"),
        change=lambda shown: replace(
            shown, mentions=(replace(shown.mentions[0], type="ORG"), *shown.mentions[1:])
        ),
    )
    assert entry["decision"] == "ben"


def test_who_has_nothing_is_followed_where_the_item_is_dropped():
    gold, (entry,) = decide([ANA, layer("ben")], *drop("m1@ana"))
    assert gold.mentions == ()
    assert (entry["decision"], entry["gold"], entry["fields"]) == ("ben", None, ["item"])
    assert entry["key"].startswith("ana:mention@")
    _, (entry,) = decide([ANA, BEN, layer("dan"), layer("eva")], *drop("m1@ana"), *drop("m1@ben"))
    assert entry["decision"] == "dan+eva"


def test_who_marked_it_is_followed_where_it_is_kept():
    gold, (entry,) = decide([layer("ana"), BEN, layer("dan")], *keep("m1@ben"))
    assert [m.type for m in gold.mentions] == ["ORG"]
    assert (entry["decision"], entry["fields"]) == ("ben", ["item"])


def test_conflicting_spans_are_decided_whole():
    ana, ben = layer("ana", claim("the rocket flew")), layer("ben", claim("rocket flew"))
    gold, (entry,) = decide([ana, ben], *keep("c1@ana"))
    assert gold.claims[0].spans == (at("the rocket flew"),)
    assert (entry["key"], entry["fields"], entry["decision"]) == ("c1", ["spans"], "ana")


def test_both_readings_may_be_kept_of_a_place():
    ana = layer("ana", quote(OUTER))
    ben = layer("ben", quote("it land", speaker="bob", status="hypothetical"))
    gold, log = decide([ana, ben], *keep("q1@ana"), *keep("q1@ben"))
    assert [(q.id, q.content) for q in gold.quotes] == [("q1", (at(OUTER),)), ("q2", (at("it land"),))]
    assert [(e["key"], e["decision"], e["fields"]) for e in log] == [
        ("q1", "ana", ["item"]),
        ("q2", "ben", ["item"]),
    ]
    assert log[0]["readings"]["ben"] is None


def test_of_three_readings_two_may_be_kept_and_the_third_is_in_the_log():
    ana = layer("ana", quote(OUTER))
    ben = layer("ben", quote("it land", speaker="bob", status="hypothetical"))
    dan = layer("dan", quote("it land", speaker="ann-lee", status="hypothetical"))
    gold, log = decide([ana, ben, dan], *keep("q1@ana"), *keep("q1@ben"), *drop("q1@dan"))
    assert [q.id for q in gold.quotes] == ["q1", "q2"]
    assert [(e["key"], e["decision"], e["fields"]) for e in log] == [
        ("q1", "ana", ["item"]),
        ("q2", "ben", ["item", "speaker"]),
    ]
    # What was nearest to the third reading is compared with it.
    assert (log[0]["readings"]["dan"], log[1]["readings"]["dan"]["speaker"]) == (None, "ann-lee")
    readings = {each.annotator: each for each in (ana, ben, dan)}
    assert not list(unexplained(gold, readings, log, Comparison(TINY, Resolver(ENTITIES))))


def test_what_is_drawn_and_then_dropped_is_not_there():
    drawn = mention("Bob", entity="bob", id="m9")
    before, _ = decide([layer("ana", mention("Norland", "GPE", "norland"))])
    gold, log = decide(
        [layer("ana", mention("Norland", "GPE", "norland"))],
        *drop("m9"),
        change=lambda shown: replace(shown, mentions=(*shown.mentions, drawn)),
    )
    assert gold == before and log == []


def test_undecided_conflicts_are_named():
    assert problems([ANA, BEN]) == [("undecided-conflict", "m1")]
    assert problems([ANA, BEN], *drop("m1@ana")) == [("undecided-conflict", "m1")]


@pytest.mark.parametrize(
    "given",
    [
        (choice("m1@ana", "verdict", "keep"),),
        (choice("m1@ana", "verdict", "keep"), choice("m1@ana", "reason", "context")),
        (choice("m1@ana", "verdict", "keep"), choice("m1@ben", "rule", "1.2")),
        (choice("m1@ana", "verdict", "drop"), choice("m1@ben", "verdict", "drop")),
    ],
)
def test_decisions_without_reason_and_rule_are_named(given):
    assert problems([ANA, BEN], *given) == [("missing-reason", "m1")]


def test_what_all_agree_on_can_be_changed_and_dropped_with_a_reason():
    same = [ANA, replace(ANA, annotator="ben")]

    def edit(shown):
        return replace(shown, mentions=(replace(shown.mentions[0], type="NORP"),))

    gold, (entry,) = decide(same, *why("m1"), change=edit)
    assert (gold.mentions[0].type, entry["decision"], entry["fields"]) == ("NORP", "neither", ["type"])
    assert problems(same, change=edit) == [("missing-reason", "m1")]
    gold, (entry,) = decide(same, *drop("m1"))
    assert (gold.mentions, entry["gold"], entry["decision"]) == ((), None, "neither")
    assert problems(same, choice("m1", "verdict", "drop")) == [("missing-reason", "m1")]


def test_what_all_agree_on_cannot_just_vanish():
    same = [ANA, replace(ANA, annotator="ben")]
    assert ("vanished-item", "m1") in problems(same, change=lambda shown: replace(shown, mentions=()))


def test_a_new_proposition_of_an_agreed_claim_needs_a_reason():
    same = [layer(name, claim("Norland cheered", says=f"{name} says.")) for name in ("ana", "ben")]
    gold, log = decide(same)
    assert (gold.claims[0].proposition, log) == ("ana says.", [])  # the first one's wording, and no conflict

    def reword(shown):
        return replace(shown, claims=(replace(shown.claims[0], proposition="Norland cheered."),))

    assert problems(same, change=reword) == [("missing-reason", "c1")]
    gold, (entry,) = decide(same, *why("c1", "wording", "3.5"), change=reword)
    assert (entry["fields"], entry["decision"]) == (["proposition"], "neither")


def test_what_is_drawn_anew_needs_a_reason_and_gets_the_next_number():
    drawn = mention("Bob", entity="bob", id="m1")

    def draw(shown):
        return replace(shown, mentions=(*shown.mentions, replace(drawn, id="mnew")))

    same = [ANA, replace(ANA, annotator="ben")]
    gold, (entry,) = decide(same, *why("mnew"), change=draw)
    assert [(m.id, m.text) for m in gold.mentions] == [("m2", "Bob"), ("m1", "Norland")]
    assert (entry["fields"], entry["decision"]) == (["item"], "neither")
    assert entry["readings"] == {"ana": None, "ben": None}
    assert [check for check, _ in problems(same, change=draw)] == ["missing-reason"]


def test_what_is_drawn_in_place_of_dropped_readings_stands_for_them():
    def draw(shown):
        return replace(shown, mentions=(*shown.mentions, mention("Norland", "NORP", "norland", id="mnew")))

    gold, (entry,) = decide([ANA, BEN], *drop("m1@ana"), *drop("m1@ben"), *why("mnew"), change=draw)
    assert [(m.id, m.type) for m in gold.mentions] == [("m1", "NORP")]
    assert (entry["decision"], entry["fields"]) == ("neither", ["type"])
    assert entry["readings"]["ben"]["type"] == "ORG"


def nested(name, outer_speaker, inner="that Bob heard it land"):
    return layer(
        name,
        quote(OUTER, "q1", outer_speaker),
        quote(inner.removeprefix("that "), "q2", "bob", within="q1"),
        claim("the rocket flew", "c1", outer_speaker, "q1"),
    )


def test_references_to_a_conflicting_quote_mean_what_remains_of_it():
    ana, ben = nested("ana", "ann-lee"), nested("ben", "unnamed")
    gold, log = decide([ana, ben], *keep("q1@ben"), *keep("c1@ben"))
    assert [(q.id, q.speaker, q.within) for q in gold.quotes] == [
        ("q1", "unnamed", None),
        ("q2", "bob", "q1"),
    ]
    assert (gold.claims[0].quote, gold.claims[0].claimer) == ("q1", "unnamed")
    # The inner quote, on which both agree, has no entry: its outer one is the same place still.
    assert [entry["key"] for entry in log] == ["q1", "c1"]


def test_a_reference_to_a_dropped_quote_is_named():
    ana, ben = nested("ana", "ann-lee"), nested("ben", "unnamed")
    found = problems([ana, ben], *drop("q1@ana"), *drop("q1@ben"), *drop("c1@ana"), *drop("c1@ben"))
    assert ("dropped-reference", "q2") in found


def test_a_claim_follows_the_quote_that_it_loses():
    """Both have it in the quote; the quote is dropped, so the claim is the author's: one reason for both."""
    layers = [
        layer(name, quote("the rocket flew"), claim("the rocket flew", "c1", "ann-lee", "q1"))
        for name in ("ana", "ben")
    ]
    gold, log = decide(layers, *drop("q1", reason="not-an-item", rule="2.1"))
    assert gold.quotes == ()
    assert (gold.claims[0].quote, gold.claims[0].claimer) == (None, "author")
    assert [(e["key"], e["rule"]) for e in log] == [("ana:q1", "2.1"), ("c1", "2.1")]
    assert log[1]["reason"] == f"follows the quote: {REASONS['not-an-item']}"


def test_a_quote_that_only_one_has_takes_its_claims_along_if_it_is_kept():
    """Ana has the claim in her quote, Ben has it as the author's: two conflicts, both for Ana."""
    ana = layer("ana", quote("the rocket flew"), claim("the rocket flew", "c1", "ann-lee", "q1"))
    ben = layer("ben", claim("the rocket flew"))
    gold, _ = decide([ana, ben], *keep("q1@ana"), *keep("c1@ana"))
    assert (gold.claims[0].quote, gold.claims[0].voice) == ("q1", "attributed")
    gold, _ = decide([ana, ben], *drop("q1@ana"), *keep("c1@ben"))
    assert (gold.claims[0].quote, gold.claims[0].voice) == (None, "author")


def test_what_breaks_a_check_is_named_with_task_words_and_sentence():
    ana = layer("ana", mention("Ann Lee"))
    ben = layer("ben", mention("Lee said", id="m2"))
    with pytest.raises(InputError) as caught:
        decide([ana, ben], *keep("m1@ana"), *keep("m1@ben"))
    (problem,) = caught.value.problems
    assert (problem.check, problem.file, problem.path) == ("overlapping-mentions", WHERE, "m2")
    assert "'Lee said' in s1" in problem.message


def test_everything_wrong_is_told_at_once():
    ana = layer("ana", mention("Norland", "GPE", "norland"), claim("the rocket flew"))
    ben = layer("ben", mention("Norland", "ORG", "norland"), claim("rocket flew"))
    assert problems([ana, ben], choice("c1@ana", "verdict", "keep")) == [
        ("undecided-conflict", "m1"),
        ("missing-reason", "c1"),
    ]


def test_a_difference_at_the_end_of_a_long_reading_is_seen():
    claim = max(GOLD["sputnik"].claims, key=lambda claim: claim.spans[-1].end - claim.spans[0].start)
    (span,) = claim.spans
    shorter = replace(claim, spans=(Span(span.start, span.end - 12, span.text[:-12]),))
    layers = {
        "ana": replace(GOLD["sputnik"], claims=(claim,)),
        "ben": replace(GOLD["sputnik"], claims=(shorter,)),
    }
    document = DOCUMENTS["sputnik"]
    comparison = Comparison(document, Resolver(load_registry()))
    told = adjudication_union(union(layers, document, comparison.resolver), document, comparison)
    says = next(each["says"] for each in told.conflicts if each["who"].startswith("c"))
    assert f"{span.text[-12:]}'" in says and span.text[:12] in says
    ours, theirs = says.split(" / ben: ")
    assert not ours.endswith(theirs)
