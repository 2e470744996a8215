"""Error analysis: what becomes of each item, why speakers are wrong, and that it adds up to the scores."""

from dataclasses import replace
from fractions import Fraction

import pytest
from eval_strategies import DOCUMENTS, ONE
from hypothesis import given, settings

from vostochny.annotations import load_gold
from vostochny.eval import TASKS, errors, score
from vostochny.eval.error_attributes import ATTRIBUTE_KINDS
from vostochny.eval.error_render import errors_markdown, example
from vostochny.eval.error_spans import MEASURES, SPAN_CATEGORIES
from vostochny.schema.errors import InputError
from vostochny.schema.model import Claim, Layer, Mention, Quote, Span

GOLD = load_gold()


def here(document, words):
    """The first place of some words, as a whole or as first … last."""
    text = GOLD.documents[document].text
    first, _, last = words.partition(" … ")
    start = text.index(first)
    end = text.index(last or first, start) + len(last or first)
    return Span(start, end, text[start:end])


def mentions(document, *listed):
    """A layer of (words, type) pairs."""
    spans = [(here(document, words), type) for words, type in listed]
    return Layer(
        document,
        "a",
        mentions=tuple(Mention(f"m{n}", s.start, s.end, s.text, t) for n, (s, t) in enumerate(spans)),
    )


def quotes(document, *listed):
    """A layer of quotes, each with some pieces of content."""
    contents = [tuple(here(document, words) for words in pieces) for pieces in listed]
    return Layer(document, "a", quotes=tuple(Quote(f"q{n}", each) for n, each in enumerate(contents)))


def claims(document, *listed):
    """A layer of the article's own claims, each with some pieces."""
    spans = [tuple(here(document, words) for words in pieces) for pieces in listed]
    return Layer(document, "a", claims=tuple(Claim(f"c{n}", each) for n, each in enumerate(spans)))


def found(gold, predicted, task):
    """Category, gold's words and predicted words of all cases of spans."""
    analysis = errors([gold], [predicted], documents=GOLD.documents, tasks=[task])

    def words(items):
        return [" + ".join(span.text for span in item.spans) for item in items]

    return {
        (case.category, *words(case.gold), "|", *words(case.predicted))
        for case in analysis.cases[task]
        if case.category in SPAN_CATEGORIES[task]
    }


CHINA = "Institute for China and Modern Asia Studies"
ACADEMY = "Russian Academy of Sciences"
ASMOLOV = f"Konstantin Asmolov of the Moscow-based {CHINA} with the {ACADEMY} has, meanwhile, told Sputnik"


def test_each_category_of_mentions_on_a_sentence_of_sputniks():
    assert ASMOLOV in GOLD.documents["sputnik"].text.replace("\n", " ")
    gold = mentions(
        "sputnik",
        ("Konstantin Asmolov", "PERSON"),
        ("Moscow-based", "GPE"),  # as if the hyphenated word were marked whole
        (CHINA, "ORG"),
        (ACADEMY, "ORG"),
        ("self-isolation", "EVENT"),
        ("three years", "DATE"),
        ("Kim", "PERSON"),
    )
    predicted = mentions(
        "sputnik",
        ("Konstantin Asmolov", "PERSON"),
        ("Moscow-", "GPE"),  # two tokens of three
        ("Institute for China", "ORG"),  # two pieces of one name, of two types
        ("Modern Asia Studies", "PERSON"),
        (f"the {ACADEMY}", "LOC"),
        ("three years", "CARDINAL"),
        ("told Sputnik", "ORG"),
        ("Kim", "PERSON"),
        ("Kim", "PERSON"),  # a duplicate finds nothing
    )
    assert found(gold, predicted, "entities") == {
        ("correct", "Konstantin Asmolov", "|", "Konstantin Asmolov"),
        ("boundary", "Moscow-based", "|", "Moscow-"),
        ("split", CHINA, "|", "Institute for China", "Modern Asia Studies"),
        ("boundary+type", ACADEMY, "|", f"the {ACADEMY}"),
        ("missed", "self-isolation", "|"),
        ("type", "three years", "|", "three years"),
        ("spurious", "|", "told Sputnik"),
        ("correct", "Kim", "|", "Kim"),
        ("spurious", "|", "Kim"),
    }


def test_a_mention_over_two_is_merged_however_long_the_two_are():
    whole = f"{CHINA} with the {ACADEMY}"
    gold, predicted = (
        mentions("sputnik", (CHINA, "ORG"), (ACADEMY, "ORG")),
        mentions("sputnik", (whole, "ORG")),
    )
    assert found(gold, predicted, "entities") == {("merged", CHINA, ACADEMY, "|", whole)}
    # The other way round it is one name in two pieces.
    assert found(predicted, gold, "entities") == {("split", whole, "|", CHINA, ACADEMY)}


def test_what_is_split_and_merged_at_once_is_neither():
    # Gold: seven tokens, then two. The prediction over "China … Academy" has 5 of its 9 tokens in the first
    # and 2 in the second: with IoU 5/11 against 2/9 it answers for the first, of which it covers 5/7.
    # "Institute" lies wholly in the first, "Russian Academy" in the prediction: a piece on either side.
    first, second = f"{CHINA}", "Russian Academy"
    across = "China and Modern Asia Studies with the Russian Academy"
    gold = mentions("sputnik", (first, "ORG"), (second, "ORG"))
    predicted = mentions("sputnik", ("Institute", "ORG"), (across, "ORG"))
    assert found(gold, predicted, "entities") == {
        ("boundary", first, "|", across),
        ("missed", second, "|"),
        ("spurious", "|", "Institute"),
    }


def test_what_lies_in_another_is_no_piece_and_a_hit_stays_one():
    gold = mentions("sputnik", (CHINA, "ORG"))
    predicted = mentions("sputnik", (CHINA, "ORG"), ("China", "GPE"), ("Asia", "LOC"))
    assert found(gold, predicted, "entities") == {
        ("correct", CHINA, "|", CHINA),
        ("spurious", "|", "China"),
        ("spurious", "|", "Asia"),
    }
    # "China and Modern Asia" (4/7) answers for gold; what lies in it is no further piece.
    predicted = mentions("sputnik", ("China and Modern Asia", "ORG"), ("China", "GPE"))
    assert found(gold, predicted, "entities") == {
        ("boundary", CHINA, "|", "China and Modern Asia"),
        ("spurious", "|", "China"),
    }


PUTIN = "the Vostochny Cosmodrome was an unusual venue for his meeting with Kim"
PROUD = '"We are proud of the development of our space industry'
HOPE = 'I hope that you and your colleagues are interested in it,"'


def test_quotes_run_together_and_quotes_in_pieces():
    apart = quotes("sputnik", [PUTIN], [f"{PROUD} … {HOPE}"])
    together = quotes("sputnik", [f"{PUTIN} … {HOPE}"])
    one, two, all = (span.text for q in (*apart.quotes, *together.quotes) for span in q.content)
    assert found(apart, together, "quotes") == {("merged", one, two, "|", all)}
    assert found(together, apart, "quotes") == {("split", all, "|", one, two)}
    # A quote of two fragments, found as two quotes.
    assert found(quotes("sputnik", [PUTIN, HOPE]), quotes("sputnik", [PUTIN], [HOPE]), "quotes") == {
        ("split", f"{PUTIN} + {HOPE}", "|", PUTIN, HOPE)
    }


def test_the_inner_quote_of_a_chain_is_missed_not_merged():
    # The agency's dispatch is found but for its last words; what it passes on, within it, is not.
    outer = "Mr. Kim said his decision to visit Russia four years after his previous visit"
    inner = "his decision to visit Russia four years after his previous visit"
    assert found(quotes("ist", [outer], [inner]), quotes("ist", [outer[:-15]]), "quotes") == {
        ("boundary", outer, "|", outer[:-15]),
        ("missed", inner, "|"),
    }


def test_exact_quotes_are_correct_even_where_a_tie_would_cost_them():
    # Twelve tokens, of which gold also has the first five as a quote and the system the last seven. The exact
    # pair and no other: IoU 1. The other way: 5/12 + 7/12 = 1, and there all labels would agree.
    words = [PUTIN[: PUTIN.index(" unusual")], PUTIN[PUTIN.index("unusual") :]]
    gold, predicted = quotes("sputnik", [PUTIN], [words[0]]), quotes("sputnik", [PUTIN], [words[1]])
    gold = replace(gold, quotes=(replace(gold.quotes[0], speaker="x"), replace(gold.quotes[1], speaker="y")))
    predicted = replace(
        predicted,
        quotes=(replace(predicted.quotes[0], speaker="y"), replace(predicted.quotes[1], speaker="x")),
    )
    assert found(gold, predicted, "quotes") == {
        ("correct", PUTIN, "|", PUTIN),
        ("missed", words[0], "|"),
        ("spurious", "|", words[1]),
    }


def test_two_halves_of_a_claim_are_its_pieces_and_a_good_half_is_a_hit():
    # 12 tokens in two halves: IoU 6/12 each, which is not more than half, so neither is a hit.
    left, right = "the Vostochny Cosmodrome was an unusual", "venue for his meeting with Kim"
    whole = claims("sputnik", [PUTIN])
    assert found(whole, claims("sputnik", [left], [right]), "claims") == {("split", PUTIN, "|", left, right)}
    # 7 of 12 are a hit; the rest is spurious, as the scorer has it.
    left, right = f"{left} venue", right.removeprefix("venue ")
    assert found(whole, claims("sputnik", [left], [right]), "claims") == {
        ("correct", PUTIN, "|", left),
        ("spurious", "|", right),
    }
    # 5 of 12 alone overlap too little to be a hit.
    assert found(whole, claims("sputnik", [right]), "claims") == {("boundary", PUTIN, "|", right)}


def changed(document, part, id, **changes):
    """Gold of one document, and the same with other values in one item."""
    items = tuple(
        replace(item, **changes) if item.id == id else item for item in getattr(GOLD[document], part)
    )
    return replace(GOLD[document], **{part: items})


def wrong(document, part, id, gold=GOLD, **changes):
    """What the analysis says of gold with other values in one item: categories, and what else holds."""
    predicted = changed(document, part, id, **changes)
    analysis = errors([gold[document]], [predicted], documents=GOLD.documents, entities=GOLD.entities)
    return {(case.category, *case.also) for case in analysis.errors()}


@pytest.mark.parametrize(
    ("document", "id", "named", "kinds"),
    [
        # "Kim told Putin on Wednesday he was sure …": Putin's is the last name before the content.
        ("japantimes", "q10", "vladimir-putin", ("speaker/nearest",)),
        ("japantimes", "q10", "Vladimir Putin", ("speaker/nearest",)),
        ("japantimes", "q10", "konstantin-asmolov", ("speaker/other",)),
        ("japantimes", "q10", "unnamed", ("speaker/other",)),
        ("japantimes", "q10", None, ("speaker/missing",)),
        # KCNA said Kim had invited Putin "to visit the DPRK …" (q7 in q6): the agency instead of Kim, and
        # Kim instead of the agency. Around the inner content stand "Putin" and, farther off, "KCNA".
        ("japantimes", "q7", "korean-central-news-agency", ("speaker/chain",)),
        ("japantimes", "q6", "Kim Jong Un", ("speaker/chain",)),
        # "He also said": Putin is not near, the system did not resolve the pronoun in one way or another.
        ("japantimes", "q11", "he", ("speaker/pronoun",)),
        ("japantimes", "q11", "unnamed", ("speaker/pronoun",)),
        ("japantimes", "q11", None, ("speaker/pronoun", "missing")),
        # A description without a name in it: "the signal Putin and Kim are sending to the West, the political
        # scientist said that …"; Kim's is the nearest name of a person.
        ("sputnik", "q32", "kim-jong-un", ("speaker/pronoun", "nearest")),
        ("sputnik", "q32", "vladimir-putin", ("speaker/pronoun",)),
        # "Mr. Kim's translator", for whom gold has Kim, names Kim: no description.
        ("ist", "q17", None, ("speaker/missing",)),
        # Without a source there is nothing to resolve.
        ("japantimes", "q23", None, ("speaker/missing",)),
    ],
)
def test_wrong_speakers_are_told_by_what_the_system_took(document, id, named, kinds):
    assert wrong(document, "quotes", id, speaker=named) == {kinds}


def test_a_speaker_where_gold_has_none_is_superfluous():
    without = {"japantimes": changed("japantimes", "quotes", "q10", speaker=None)}
    assert wrong("japantimes", "quotes", "q10", without, speaker="kim-jong-un") == {("speaker/superfluous",)}


def test_a_speaker_of_gold_without_mentions_is_compared_with_the_systems_own():
    quote = next(q for q in GOLD["japantimes"].quotes if q.id == "q10")
    gold = Layer("japantimes", "a", quotes=(quote,))
    seen = tuple(replace(m, entity=None, metonym_for=None) for m in GOLD["japantimes"].mentions)
    predicted = Layer("japantimes", "b", mentions=seen, quotes=(replace(quote, speaker="Putin"),))
    (case,) = errors([gold], [predicted], documents=GOLD.documents, entities=GOLD.entities).errors()
    assert case.category == "speaker/nearest"


@pytest.mark.parametrize(
    ("document", "id", "changes", "categories"),
    [
        # KCNA on Putin (c17 in q8), which names him itself, and Putin's own words in it (c18 in q9).
        ("japantimes", "c18", {"claimer": "korean-central-news-agency"}, {("claimer/chain",)}),
        ("japantimes", "c17", {"claimer": "vladimir-putin"}, {("claimer/chain",)}),
        ("japantimes", "c19", {"claimer": "vladimir-putin"}, {("claimer/nearest",)}),
        ("japantimes", "c19", {"claimer": None}, {("claimer/missing",)}),
        ("japantimes", "c19", {"claimer": "konstantin-asmolov"}, {("claimer/other",)}),
        # "He also said: “We will always be in Russia.”"
        ("japantimes", "c20", {"claimer": "konstantin-asmolov"}, {("claimer/pronoun",)}),
        (
            "japantimes",
            "c20",
            {"claimer": "author", "voice": "author"},
            {("claimer/author", "pronoun"), ("voice",)},
        ),
        (
            "ist",
            "c4",
            {"claimer": "konstantin-asmolov", "voice": "attributed"},
            {("claimer/attributed",), ("voice",)},
        ),
        ("ist", "c4", {"type": "opinion", "polarity": "negative"}, {("type",), ("polarity",)}),
        ("ist", "c4", {"certainty": "hedged"}, {("certainty",)}),
    ],
)
def test_wrong_claimers_and_other_labels_of_claims(document, id, changes, categories):
    assert wrong(document, "claims", id, **changes) == categories


@pytest.mark.parametrize(
    ("id", "changes", "categories"),
    [
        ("q10", {"medium": "writing"}, {("medium",)}),
        ("q10", {"polarity": "negative", "status": "hypothetical"}, {("polarity",), ("status",)}),
        ("q10", {"verbatim": ()}, {("kind",)}),
        ("q10", {"cue": ()}, {("cue/missing",)}),
        ("q10", {"source": None}, {("source/missing",)}),
        ("q10", {"source": here("japantimes", "Matthew Miller")}, {("source/elsewhere",)}),
        ("q23", {"source": here("japantimes", "Kim")}, {("source/superfluous",)}),
        ("q1", {"source": here("japantimes", "state media")}, {("source/boundary",)}),
        ("q7", {"within": None}, {("nesting/missing",)}),
        ("q10", {"within": "q6"}, {("nesting/superfluous",)}),
        ("q7", {"within": "q8"}, {("nesting/other",)}),
    ],
)
def test_other_labels_and_parts_of_quotes(id, changes, categories):
    assert wrong("japantimes", "quotes", id, **changes) == categories


def test_gold_against_itself_has_no_errors():
    analysis = errors(GOLD, GOLD)
    assert analysis.errors() == []
    for task in TASKS:
        assert sum(n.cases for name, n in analysis.counts(task).items() if name != "correct") == 0


def check_sums(gold, predicted, **options):
    """Every item is in one case; categories add up to the scorer's counts, attributes to its tables."""
    analysis = errors(gold, predicted, **options)
    report = score(gold, predicted, n_boot=0, **options)
    for task in analysis.cases:
        counts = analysis.counts(task)
        spans = {name: counts[name] for name in SPAN_CATEGORIES[task]}
        totals = report.totals(task, *MEASURES[task])
        assert spans["correct"].gold == spans["correct"].predicted == totals.tp_gold == totals.tp_pred
        assert sum(n.gold for n in spans.values()) == totals.n_gold
        assert sum(n.predicted for n in spans.values()) == totals.n_pred
        assert spans["missed"].predicted == spans["spurious"].gold == 0
        assert all(len(c.gold) == 1 < len(c.predicted) for c in analysis.cases[task] if c.category == "split")
        assert all(
            len(c.predicted) == 1 < len(c.gold) for c in analysis.cases[task] if c.category == "merged"
        )
        for (*_, name), table in report.counts(task).attributes.items():
            attribute = name.removesuffix("_accuracy")
            if attribute in ATTRIBUTE_KINDS[task]:
                superfluous = counts.get(f"{attribute}/superfluous")
                n = counts[attribute].cases if attribute in counts else 0
                assert n - (superfluous.cases if superfluous else 0) == table.n - table.correct
        for attribute, kinds in ATTRIBUTE_KINDS[task].items():
            if kinds and attribute in counts:
                by_kind = [counts[name].cases for kind in kinds if (name := f"{attribute}/{kind}") in counts]
                assert sum(by_kind) == counts[attribute].cases
    return analysis


@settings(max_examples=40, deadline=None)
@given(ONE, ONE)
def test_categories_add_up_to_the_scores_and_are_mirrored(gold, predicted):
    there = check_sums([gold], [predicted], documents=DOCUMENTS)
    back = errors([predicted], [gold], documents=DOCUMENTS)
    mirrored = {"split": "merged", "merged": "split", "missed": "spurious", "spurious": "missed"}
    for task in there.cases.keys() & back.cases.keys():
        for name in SPAN_CATEGORIES[task]:
            ours, theirs = there.counts(task)[name], back.counts(task)[mirrored.get(name, name)]
            assert (ours.cases, ours.gold, ours.predicted) == (theirs.cases, theirs.predicted, theirs.gold)


@pytest.mark.parametrize(
    "options",
    [
        {"boundaries": "character"},
        {"discontinuous": "parts"},
        {"discontinuous": "hull", "nested": "outermost"},
        {"trim": True, "nested": "innermost"},
        {"overlap": {"entities": 0.5, "quotes": 0.2, "claims": "0.8"}},
    ],
    ids=str,
)
def test_categories_add_up_under_all_matching_options(options):
    shifted = [
        replace(
            layer,
            mentions=tuple(
                replace(m, start=max(0, m.start - 4 * (n % 3))) for n, m in enumerate(layer.mentions)
            ),
            quotes=tuple(replace(q, content=q.content[: 1 + n % 2]) for n, q in enumerate(layer.quotes)),
            claims=tuple(replace(c, spans=c.spans[-1:]) for c in layer.claims if c.polarity == "positive"),
        )
        for layer in GOLD.values()
    ]
    shifted = [
        replace(y, mentions=tuple(replace(m, text=None) for m in y.mentions)) for y in shifted if y.quotes
    ]
    analysis = check_sums(GOLD, shifted, **options)
    assert analysis.errors("entities", "boundary")
    assert analysis.errors("claims", "missed")


def test_cases_are_sorted_and_told_with_their_sentences():
    gold = mentions("sputnik", ("Konstantin Asmolov", "PERSON"), (CHINA, "ORG"), ("Moscow", "GPE"))
    predicted = mentions("sputnik", ("Institute for China", "ORG"), ("Modern Asia Studies", "PERSON"))
    analysis = errors([gold], [predicted], documents=GOLD.documents)
    listed = analysis.errors()
    assert [(c.category, [i.id for i in c.gold]) for c in listed] == [
        ("split", ["m1"]),
        ("missed", ["m2"]),
        ("missed", ["m0"]),
    ]
    split = listed[0]
    place = here("sputnik", CHINA)
    assert split.place == (place.start, place.end)
    # "for", "and" are not predicted: 3 + 3 of 7 tokens.
    assert split.overlap == Fraction(6, 7)
    marked = "Moscow-based ⟦⟪Institute for China⟫ and ⟪Modern Asia Studies⟫⟧ with the Russian Academy"
    assert marked in analysis.context(split)
    words = example(analysis, split)
    assert words.place == f"sputnik [{place.start}, {place.end})"
    assert (words.gold, words.predicted) == ("m1 (type ORG)", "m0 (type ORG); m1 (type PERSON)")
    value = analysis.to_json()
    assert value["tasks"]["entities"]["spans"]["split"] == {"cases": 1, "gold": 1, "predicted": 2}
    assert value["errors"][0]["gold"] == [
        {
            "id": "m1",
            "spans": [{"start": place.start, "end": place.end, "text": CHINA}],
            "labels": {"type": "ORG"},
        }
    ]
    assert value["remarks"].keys() == {"quotes", "claims"}
    page = errors_markdown(analysis, listed, 1)
    assert "### entities: missed (1 of 2)" in page
    assert "| entities | split | one gold item found in pieces | 1 | 1 | 2 |" in page


def test_neighbouring_spans_and_left_out_sentences_in_contexts():
    one, two = "The expert suggested", "Asked about the signal"
    gold, predicted = quotes("sputnik", [one, two]), quotes("sputnik", ["The expert"], [two])
    analysis = errors([gold], [predicted], documents=GOLD.documents)
    (case,) = [c for c in analysis.errors() if c.category == "split"]
    context = analysis.context(case)
    assert context.startswith("⟦⟪The expert⟫ suggested⟧ that the two most likely")
    assert " … ⟦⟪Asked about the signal⟫⟧ Putin and Kim are sending" in context
    assert "".join(s.text for s in analysis.stretches(case) if s.gold) == one + two
    first, second = mentions("sputnik", ("Konstantin", "PERSON"), ("Asmolov", "PERSON")), ASMOLOV[:18]
    merged = errors([first], [mentions("sputnik", (second, "PERSON"))], documents=GOLD.documents)
    assert "⟦⟪Konstantin⟧ ⟦Asmolov⟫⟧" in merged.context(merged.errors()[0])


def test_tasks_that_were_not_done_have_no_errors_and_documents_that_lack_are_missed():
    analysis = errors(GOLD, [replace(GOLD["ist"], quotes=None, claims=None)], tasks=["entities", "quotes"])
    assert list(analysis.cases) == ["entities"]
    assert analysis.report.to_json()["remarks"].keys() == {"quotes"}
    missed = {case.document for case in analysis.errors()}
    assert missed == GOLD.keys() - {"ist"}
    assert {case.category for case in analysis.errors()} == {"missed"}


@pytest.mark.parametrize(
    ("category", "task", "message"),
    [
        (
            "speakers",
            None,
            "found the category 'speakers', expected one of boundary, type, boundary+type, split",
        ),
        ("speaker", "claims", "found the category 'speaker', expected one of boundary, split, merged"),
        ("correct", None, "found the category 'correct'"),
    ],
)
def test_unknown_categories_are_refused(category, task, message):
    with pytest.raises(InputError, match="unknown-category") as caught:
        errors([GOLD["ist"]], [GOLD["ist"]], documents=GOLD.documents).errors(task, category)
    assert message in str(caught.value)


def test_what_the_scorer_refuses_is_refused():
    with pytest.raises(InputError, match="unknown-document"):
        errors(GOLD, [Layer("nowhere", "a", mentions=())])
    with pytest.raises(InputError, match="no-documents"):
        errors(dict(GOLD), [])
    with pytest.raises(InputError, match="bad-option"):
        errors(GOLD, [], boundaries="bytes")
