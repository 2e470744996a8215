"""Scoring links: on gold layers and on a system's own, what is left out or wrong, intervals, the command."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from vostochny.annotations import load_gold
from vostochny.cli.main import cli
from vostochny.eval import LINK_TASKS, agree_links, link_clusters, link_items, score_links
from vostochny.eval.render import tables, to_latex, to_markdown
from vostochny.eval.report import Report
from vostochny.schema import dump_json, dump_jsonl, layer_to_json, links_to_json
from vostochny.schema.errors import InputError
from vostochny.schema.model import (
    Claim,
    ClaimGroup,
    ClaimRelation,
    Difference,
    Document,
    Entity,
    Gold,
    Layer,
    Links,
    Mention,
    Passage,
    Quote,
    Ref,
    Region,
    Span,
    Utterance,
)
from vostochny.schema.text import tokenize

CORPUS = load_gold()
NAMES = sorted(CORPUS)


def nth(part: str, n: int, document: int) -> Ref:
    name = NAMES[document]
    return Ref(name, getattr(CORPUS[name], part)[n].id)


LINKS = replace(
    CORPUS.links,
    utterances=tuple(Utterance(f"u{n}", tuple(nth("quotes", n, d) for d in range(5))) for n in range(4)),
    claim_groups=tuple(
        ClaimGroup(f"g{n}", tuple(nth("claims", n, d) for d in range(1 + n % 4))) for n in range(8)
    ),
    claim_relations=(
        ClaimRelation("g0", "g1", "supports"),
        ClaimRelation("g3", "g2", "supports"),
        ClaimRelation("g4", "g5", "contradicts"),
    ),
)
"""Links over the real gold layers, made up by place (no annotation of the articles)."""

GOLD = Gold(dict(CORPUS), CORPUS.documents, LINKS)


def scored(links: Links, *args: Any, **options: Any) -> Report:
    return score_links(GOLD, links, *args, **{"n_boot": 0, **options})


def leaves(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, dict):
        return []
    if "f1" in value:
        return [value]
    return [leaf for each in value.values() for leaf in leaves(each)]


def written_out(links: Links, layers: Any) -> Links:
    """The links with each entity's mentions named, as a system has them."""
    clusters = link_clusters("entity-links", links, layers) or ()
    entities = [Entity(f"e{n}", f"e{n}", "ORG", mentions=refs) for n, refs in enumerate(clusters) if refs]
    return replace(links, entities=tuple(entities))


def test_the_made_up_links_are_sound() -> None:
    assert scored(LINKS).f1("entity-links", "conll") == 1.0


@pytest.mark.parametrize("on", ["gold layers", "own layers", "own layers, mentions named"])
def test_gold_against_itself_is_perfect(on: str) -> None:
    links = written_out(LINKS, CORPUS) if "named" in on else LINKS
    report = scored(links, None if on == "gold layers" else dict(CORPUS), n_boot=50)
    found = leaves(report.to_json()["tasks"])
    assert len(found) > 40
    assert {leaf["f1"] for leaf in found} == {1.0}
    assert {tuple(leaf["ci95"]) for leaf in found} == {(1.0, 1.0)}


def test_the_corpus_own_links_are_perfect_where_there_are_any() -> None:
    value = score_links(CORPUS, CORPUS.links, n_boot=0).to_json()
    for task, measures in value["tasks"].items():
        expected = {None} if "no gold" in value["remarks"].get(task, "") else {1.0, None}
        assert {leaf["f1"] for leaf in leaves(measures)} <= expected, task
    assert value["tasks"]["entity-links"]["conll"]["f1"] == 1.0


def test_headlines_are_there() -> None:
    value = scored(LINKS).to_json()
    for name, task in LINK_TASKS.items():
        leaf = value["tasks"][name]
        for step in task.headline:
            leaf = leaf[step]
        assert leaf["f1"] == 1.0
        assert next(iter(value["tasks"][name])) == task.headline[0]


# Small documents, worked by hand.

TEXT = " ".join(f"w{n}" for n in range(12))


def document(name: str) -> Document:
    half = TEXT.index(" w6")
    regions = (Region(0, half, "body"), Region(half, len(TEXT), "body"))
    return Document(name, TEXT, regions, ((0, len(TEXT)),), tokenize(TEXT), "0" * 64)


def word(n: int, end: int | None = None) -> Span:
    starts = [start for start, _ in tokenize(TEXT)]
    last = tokenize(TEXT)[(n if end is None else end - 1)][1]
    return Span(starts[n], last)


def mention(id: str, n: int, type: str = "GPE", entity: str | None = None) -> Mention:
    span = word(n)
    return Mention(id, span.start, span.end, None, type, entity)


def layer(name: str, *, mentions: Any = (), quotes: Any = (), claims: Any = ()) -> Layer:
    return Layer(name, "x", tuple(mentions), tuple(quotes), (), tuple(claims))


SMALL = {"one": document("one"), "two": document("two")}


def refs(*names: str) -> tuple[Ref, ...]:
    return tuple(Ref(*name.split(".")) for name in names)


def entities(*clusters: tuple[Ref, ...]) -> Links:
    return Links("s", tuple(Entity(f"e{n}", f"e{n}", "GPE", mentions=c) for n, c in enumerate(clusters)))


GOLD_MENTIONS = {
    "one": layer("one", mentions=[mention("m1", 0, entity="a"), mention("m2", 7, entity="a")]),
    "two": layer(
        "two", mentions=[mention("m1", 0, entity="a"), mention("m2", 7, entity="b"), mention("m3", 8, "DATE")]
    ),
}


def small(links: Links, layers: Any = None, gold_links: Links | None = None, **options: Any) -> Report:
    return score_links(
        GOLD_MENTIONS, links, layers, documents=SMALL, gold_links=gold_links or Links("g"),
        tasks=["entity-links"], **{"n_boot": 0, **options},
    )  # fmt: skip


def test_items_are_mentions_of_names() -> None:
    assert link_items("entity-links", GOLD_MENTIONS) == refs("one.m1", "one.m2", "two.m1", "two.m2")


def test_what_is_in_no_cluster_is_a_singleton() -> None:
    # Gold {1.m1 1.m2 2.m1} {2.m2}; the system says {1.m1 1.m2}, and so {2.m1} {2.m2}.
    report = small(entities(refs("one.m1", "one.m2")))
    # B³: P 1; R (2/3 + 2/3 + 1/3 + 1)/4 = 2/3; MUC R 1/2, P 1; CEAFe φ 4/5 + 1 over 2 and 3: F 2·1.8/5.
    assert report.totals("entity-links", "b3").recall == pytest.approx(2 / 3)
    assert report.totals("entity-links", "muc").recall == pytest.approx(1 / 2)
    assert report.f1("entity-links", "conll") == pytest.approx((2 / 3 + 0.8 + 0.72) / 3)
    # LEA: R (3·1/3 + 1)/4, P (2 + 0 + 1)/4; the gold cluster's pair within document one is right.
    lea = report.totals("entity-links", "lea")
    assert (lea.recall, lea.precision) == (pytest.approx(1 / 2), pytest.approx(3 / 4))
    assert report.f1("entity-links", "within_document", "conll") == 1.0
    # Without singletons: B³ R (2/3 + 2/3 + 0)/3.
    assert report.totals("entity-links", "without_singletons", "b3").recall == pytest.approx(4 / 9)


def test_counts_lie_in_the_paragraphs_of_the_items() -> None:
    report = small(entities(refs("one.m1", "one.m2")))
    b3 = report.counts("entity-links").measures["b3",].values
    # One mention in each of the four paragraphs: (tp_pred, n_pred, tp_gold, n_gold).
    expected = [[1, 1, 2 / 3, 1], [1, 1, 2 / 3, 1], [1, 1, 1 / 3, 1], [1, 1, 1, 1]]
    assert b3 == pytest.approx(np.array(expected))
    assert report.sizes("entity-links") == (2, 2)
    assert report.strata("entity-links").tolist() == [1, 1, 2, 2]


def test_what_links_say_of_values_is_passed_over() -> None:
    assert (
        small(entities(refs("two.m2", "two.m3"))).to_json()["tasks"] == small(entities(())).to_json()["tasks"]
    )


def test_a_systems_own_mentions_answer_by_their_span() -> None:
    own = [
        # Other ids, another type: the spans decide. w3 is spurious, two.w0 is missed.
        layer("one", mentions=[mention("x", 0, "ORG"), mention("y", 7), mention("z", 3)]),
        layer("two", mentions=[mention("x", 7)]),
    ]
    report = small(entities(refs("one.x", "one.y", "one.z")), own)
    # Items: 3 of 4 found, 3 of 4 right. B³: R (2/3 + 2/3 + 0 + 1)/4, P (2/3 + 2/3 + 0 + 1)/4.
    items = report.totals("entity-links", "items")
    assert (items.tp_gold, items.n_gold, items.n_pred) == (3, 4, 4)
    b3 = report.totals("entity-links", "b3")
    assert b3.recall == b3.precision == pytest.approx(7 / 12)
    assert "|layers:system|mentions:exact|" in report.signature
    # Entities of the system's own layers count where its links name no mentions.
    named = [replace(own[0], mentions=tuple(replace(m, entity="q") for m in own[0].mentions or ())), own[1]]
    again = small(Links("s"), named)
    assert again.totals("entity-links", "b3") == b3
    assert "system's layers' own entities" in again.to_json()["remarks"]["entity-links"]


def test_trap_the_same_mention_twice_does_not_pay() -> None:
    once = [layer("one", mentions=[mention("x", 0), mention("y", 7)])]
    twice = [layer("one", mentions=[mention("x", 0), mention("x2", 0), mention("y", 7)])]
    single = small(entities(refs("one.x", "one.y")), once)
    double = small(entities(refs("one.x", "one.x2", "one.y")), twice)
    for name in ("muc", "b3", "ceafe", "ceafm", "lea", "pairs"):
        before, after = single.totals("entity-links", name), double.totals("entity-links", name)
        assert after.tp_gold <= before.tp_gold, name
        assert (after.precision or 0) < (before.precision or 0), name
        assert after.n_gold == before.n_gold, name


def test_equal_ids_and_spans_answer_for_each_other_first() -> None:
    # Two claims of the same words; only their ids tell them apart.
    claims = [Claim("c1", (word(0, 4),)), Claim("c2", (word(0, 4),)), Claim("c3", (word(6, 9),))]
    gold = {"one": layer("one", claims=claims)}
    links = Links("g", (), claim_groups=(ClaimGroup("g", refs("one.c2", "one.c3")),), claim_relations=())
    turned = [layer("one", claims=claims[::-1])]
    report = score_links(
        gold, links, turned, documents=SMALL, gold_links=links, tasks=["claim-links"], n_boot=0
    )
    assert report.f1("claim-links", "same") == 1.0


def test_own_quotes_answer_by_more_than_half() -> None:
    gold = {
        name: layer(name, quotes=[Quote("q1", (word(0, 6),)), Quote("q2", (word(6, 10),))]) for name in SMALL
    }
    own = [
        # one: 4 of 6 words (IoU 2/3); two: 3 of 6 (1/2, not more than half).
        layer("one", quotes=[Quote("a", (word(0, 4),))]),
        layer("two", quotes=[Quote("a", (word(0, 3),)), Quote("b", (word(6, 10),))]),
    ]
    said = Links(
        "g",
        (),
        utterances=(Utterance("u", refs("one.q1", "two.q1")), Utterance("v", refs("one.q2", "two.q2"))),
    )
    found = Links("s", (), utterances=(Utterance("x", refs("one.a", "two.b")),))
    report = score_links(gold, found, own, documents=SMALL, gold_links=said, tasks=["utterances"], n_boot=0)
    pairs, items = report.totals("utterances", "pairs"), report.totals("utterances", "items")
    assert (pairs.tp_gold, pairs.n_pred, pairs.n_gold) == (0, 1, 2)
    assert (items.tp_gold, items.n_pred, items.n_gold) == (2, 3, 4)


def claim_layers() -> dict[str, Layer]:
    return {
        name: layer(name, claims=[Claim(f"c{n}", (word(2 * n, 2 * n + 2),)) for n in range(4)])
        for name in SMALL
    }


CLAIMS = Links(
    "g",
    (),
    claim_groups=(
        ClaimGroup("a", refs("one.c0", "two.c0")),
        ClaimGroup("b", refs("one.c1")),
        ClaimGroup("c", refs("one.c2", "two.c2")),
    ),
    claim_relations=(ClaimRelation("a", "b", "supports"), ClaimRelation("b", "c", "contradicts")),
)


def claims_scored(links: Links, gold_links: Links = CLAIMS, **options: Any) -> Report:
    return score_links(
        claim_layers(), links, documents=SMALL, gold_links=gold_links, tasks=["claim-links"],
        **{"n_boot": 0, **options},
    )  # fmt: skip


def test_claim_links_are_the_mean_of_three_relations() -> None:
    # Right: one of two same pairs; b supports a, the wrong way round; c contradicts b, one of two pairs.
    found = Links(
        "s",
        (),
        claim_groups=(
            ClaimGroup("x", refs("one.c0", "two.c0")), ClaimGroup("y", refs("one.c1")),
            ClaimGroup("z", refs("two.c2")),
        ),
        claim_relations=(ClaimRelation("y", "x", "supports"), ClaimRelation("z", "y", "contradicts")),
    )  # fmt: skip
    report = claims_scored(found)
    f1 = [report.f1("claim-links", name) for name in ("same", "supports", "contradicts")]
    assert f1 == [pytest.approx(2 / 3), 0.0, pytest.approx(2 / 3)]
    assert report.f1("claim-links", "macro") == pytest.approx(4 / 9)
    assert report.to_json()["tasks"]["claim-links"]["macro"]["of"] == 3


def test_a_relation_that_a_system_does_not_do_is_missed_not_excluded() -> None:
    report = claims_scored(replace(CLAIMS, claim_relations=None))
    assert report.f1("claim-links", "macro") == pytest.approx(1 / 3)
    assert (
        claims_scored(replace(CLAIMS, claim_groups=(), claim_relations=())).f1("claim-links", "macro") == 0.0
    )


def test_a_relation_that_gold_has_none_of_counts_only_if_a_system_has_some() -> None:
    gold = replace(CLAIMS, claim_relations=CLAIMS.claim_relations[:1])  # type: ignore[index]
    assert claims_scored(gold, gold).f1("claim-links", "contradicts") is None
    assert claims_scored(gold, gold).f1("claim-links", "macro") == 1.0
    assert claims_scored(gold, gold).to_json()["tasks"]["claim-links"]["macro"]["of"] == 2
    # Contradictions that are made up: 0, and in the mean.
    assert claims_scored(CLAIMS, gold).f1("claim-links", "contradicts") == 0.0
    assert claims_scored(CLAIMS, gold).f1("claim-links", "macro") == pytest.approx(2 / 3)


# What is left out.


def test_a_part_that_was_not_done_has_null_scores() -> None:
    report = scored(Links("s", utterances=()))
    value = report.to_json()
    assert value["attempted"] == {"entity-links": False, "utterances": True, "claim-links": False}
    assert all(leaf["f1"] is None for leaf in leaves(value["tasks"]["claim-links"]))
    assert value["tasks"]["utterances"]["pairs"]["f1"] == 0.0
    assert "not attempted" in value["remarks"]["entity-links"]


def test_a_task_without_gold_has_null_scores_and_a_remark() -> None:
    gold = Gold(dict(CORPUS), CORPUS.documents, replace(LINKS, utterances=None, claim_relations=None))
    value = score_links(gold, LINKS, n_boot=0).to_json()
    for task in ("utterances", "claim-links"):
        assert all(leaf["f1"] is None for leaf in leaves(value["tasks"][task]))
        assert value["remarks"][task] == "no gold for this task, so not scored"
    assert value["tasks"]["entity-links"]["conll"]["f1"] == 1.0


def test_documents_without_gold_are_left_out() -> None:
    some = {name: CORPUS[name] for name in NAMES[:2]}
    report = score_links(some, LINKS, gold_links=LINKS, documents=CORPUS.documents, n_boot=0)
    assert report.documents == tuple(NAMES[:2])
    assert all(leaf["f1"] in (1.0, None) for leaf in leaves(report.to_json()["tasks"]))
    assert report.totals("utterances", "pairs").n_gold == 4


def test_a_missing_document_is_missed() -> None:
    report = scored(LINKS, [replace(CORPUS[name], mentions=None) for name in NAMES], tasks=["entity-links"])
    assert report.to_json()["attempted"] == {"entity-links": False}
    part = {name: CORPUS[name] for name in NAMES[1:]}
    keep = replace(LINKS, utterances=tuple(replace(u, members=u.members[1:]) for u in LINKS.utterances or ()))
    report = scored(keep, part, tasks=["utterances"])
    assert report.missing == (NAMES[0],)
    assert report.totals("utterances", "pairs").recall == pytest.approx(6 / 10)
    assert report.totals("utterances", "pairs").precision == 1.0


# What is wrong.


def problems(links: Links, *args: Any, **options: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        scored(links, *args, **options)
    return [str(problem) for problem in caught.value.problems]


def test_items_and_documents_that_do_not_exist_are_named() -> None:
    first = (LINKS.utterances or ())[0]
    wrong = replace(first, members=(*first.members, Ref("istt", "q1"), Ref("ist", "q999")))
    assert problems(replace(LINKS, utterances=(wrong,))) == [
        "$.utterances[0].members[5]: [unknown-document] links: there is no document 'istt'; known are "
        "agencies, ist, japantimes, lenta, sputnik",
        "$.utterances[0].members[6]: [unresolved-reference] links: the layer of ist has no quote 'q999'; "
        "mend the id",
    ]


def test_items_must_be_those_of_the_layers_that_links_are_on() -> None:
    bare = [replace(CORPUS[name], quotes=()) for name in NAMES]
    found = problems(LINKS, bare, tasks=["utterances"])
    assert len(found) == 20
    assert all("[unresolved-reference]" in each for each in found)


def test_an_item_in_two_places_is_refused() -> None:
    twice = (*(LINKS.utterances or ()), replace((LINKS.utterances or ())[0], id="again"))
    assert problems(replace(LINKS, utterances=twice))[0] == (
        f"$.utterances[4].members[0]: [repeated-member] links: {nth('quotes', 0, 0)} is a member at "
        "$.utterances[0].members[0] as well; keep it in one place"
    )


def test_groups_that_do_not_exist_and_relations_that_cannot_be_are_named() -> None:
    groups = LINKS.claim_groups or ()
    wrong = replace(
        LINKS,
        claim_groups=(*groups, ClaimGroup("g0", ())),
        claim_relations=(
            ClaimRelation("g0", "nowhere", "supports"),
            ClaimRelation("g1", "g1", "contradicts"),
            ClaimRelation("g1", "g2", "denies"),
        ),
    )
    assert [each.split("links:")[0] for each in problems(wrong)] == [
        "$.claim_groups[8].id: [duplicate-id] ",
        "$.claim_relations[0].to: [unresolved-reference] ",
        "$.claim_relations[1].to: [relation-to-itself] ",
        "$.claim_relations[2].type: [unknown-label] ",
    ]


def test_two_items_of_one_id_are_refused() -> None:
    own = [
        replace(
            CORPUS["ist"], mentions=tuple(replace(m, id="m1") for m in (CORPUS["ist"].mentions or ())[:2])
        )
    ]
    assert "[duplicate-id] prediction for document 'ist'" in problems(Links("s"), own)[0]


def test_other_arguments_that_cannot_be() -> None:
    assert "[unknown-task]" in problems(LINKS, tasks=["entities"])[0]
    assert "[bad-option]" in problems(LINKS, n_boot=-1)[0]
    assert "[wrong-type] links: found" in problems({"entities": []})[0]  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no-links"):
        score_links(dict(CORPUS), LINKS, documents=CORPUS.documents)
    with pytest.raises(InputError, match="no-documents"):
        score_links(dict(CORPUS), LINKS, gold_links=LINKS)


def test_reports_on_links_cannot_be_merged() -> None:
    with pytest.raises(ValueError, match="can't be merged, for clusters reach over documents"):
        scored(LINKS).merge(scored(LINKS))


def test_an_unknown_measure_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="entity-links in this report; it has muc, b3"):
        scored(LINKS).f1("entity-links", "coNLL")


# The signature.


def test_the_signature_names_the_setting() -> None:
    assert "|links:4/8/3+" in scored(LINKS).signature
    assert (
        "|task:entity-links+utterances+claim-links|layers:gold|documents:merged|singletons:kept|"
        in scored(LINKS).signature
    )
    assert "|layers:system|mentions:exact|quotes:iou>0.5|claims:iou>0.5|" in scored(LINKS, CORPUS).signature


def test_the_signature_changes_with_what_is_linked_not_with_names_or_order() -> None:
    def signed(links: Links) -> str:
        return score_links(GOLD, LINKS, gold_links=links, n_boot=0).signature

    renamed = replace(
        LINKS,
        annotator="other",
        utterances=tuple(replace(u, id=f"x{u.id}", speaker=None) for u in reversed(LINKS.utterances or ())),
        claim_groups=tuple(replace(g, id=f"x{g.id}") for g in reversed(LINKS.claim_groups or ())),
        claim_relations=tuple(
            ClaimRelation(f"x{r.source}", f"x{r.target}", r.type, "why") for r in LINKS.claim_relations or ()
        ),
    )
    assert signed(renamed) == signed(LINKS)
    assert signed(replace(LINKS, utterances=(LINKS.utterances or ())[:-1])) != signed(LINKS)
    turned = tuple(replace(r, source=r.target, target=r.source) for r in LINKS.claim_relations or ())
    assert signed(replace(LINKS, claim_relations=turned)) != signed(LINKS)


# What must hold of any links.

CLAIM_IDS = [Ref(name, f"c{n}") for name in SMALL for n in range(4)]


@st.composite
def any_links(draw: st.DrawFn) -> Links:
    """Groups of the claims of both small documents, with relations."""
    labels = draw(st.lists(st.integers(0, 4), min_size=8, max_size=8))
    members = {
        n: tuple(r for r, m in zip(CLAIM_IDS, labels, strict=True) if m == n) for n in set(labels) - {0}
    }
    groups = tuple(ClaimGroup(f"g{n}", each) for n, each in members.items())
    ends = [(a.id, b.id) for a, b in combinations(groups, 2)]
    chosen = draw(st.lists(st.sampled_from(ends), unique=True)) if ends else []
    kinds = [draw(st.sampled_from(["supports", "contradicts"])) for _ in chosen]
    relations = tuple(ClaimRelation(a, b, kind) for (a, b), kind in zip(chosen, kinds, strict=True))
    return Links("s", (), None, groups, relations)


@given(any_links(), any_links())
@settings(max_examples=40)
def test_swapping_gold_and_system_swaps_precision_and_recall(a: Links, b: Links) -> None:
    there, back = claims_scored(a, b), claims_scored(b, a)
    for path in there.counts("claim-links").measures:
        x, y = there.totals("claim-links", *path), back.totals("claim-links", *path)
        assert x.precision == pytest.approx(y.recall)
        assert x.f1 == pytest.approx(y.f1)
    assert there.f1("claim-links", "macro") == pytest.approx(back.f1("claim-links", "macro"))


@given(any_links(), any_links(), st.randoms())
@settings(max_examples=40)
def test_ids_and_order_do_not_matter(gold: Links, found: Links, random: Any) -> None:
    def moved(links: Links) -> Links:
        groups = [
            ClaimGroup(f"other-{g.id}", tuple(random.sample(g.members, len(g.members))))
            for g in links.claim_groups or ()
        ]
        relations = [
            ClaimRelation(f"other-{r.source}", f"other-{r.target}", r.type)
            for r in links.claim_relations or ()
        ]
        random.shuffle(groups)
        random.shuffle(relations)
        return replace(links, claim_groups=tuple(groups), claim_relations=tuple(relations))

    before, after = claims_scored(found, gold, n_boot=5), claims_scored(moved(found), moved(gold), n_boot=5)
    assert before.to_json() == after.to_json()


@given(any_links(), any_links())
@settings(max_examples=40)
def test_blocks_sum_to_the_totals_and_earn_no_more_than_they_could(gold: Links, found: Links) -> None:
    report = claims_scored(found, gold)
    counts = report.counts("claim-links")
    assert counts.n_blocks == len(report.strata("claim-links")) == 4
    for path, each in counts.measures.items():
        parts = [report.per_document["claim-links"][name].measures[path].totals for name in SMALL]
        assert sum(part.tp_gold for part in parts) == pytest.approx(each.totals.tp_gold), path
        assert sum(part.n_pred for part in parts) == pytest.approx(each.totals.n_pred), path
        assert (each.values[:, 0] <= each.values[:, 1] + 1e-9).all(), path
        assert (each.values[:, 2] <= each.values[:, 3] + 1e-9).all(), path


@given(any_links(), any_links())
@settings(max_examples=20)
def test_intervals_are_those_of_the_same_seed_and_hold_fractions(gold: Links, found: Links) -> None:
    first, second = (claims_scored(found, gold, n_boot=20, seed=3).to_json() for _ in range(2))
    assert first == second
    for leaf in leaves(first["tasks"]):
        if leaf["ci95"] is not None:
            low, high = leaf["ci95"]
            assert 0 <= low <= high <= 1
            assert leaf["f1"] is not None


# How it is shown.


def test_tables_have_the_means_and_the_groups() -> None:
    value = scored(Links("s", utterances=(LINKS.utterances or ())[:2]), n_boot=20).to_json()
    rows = {(task, name): cells for task, name, *cells in tables(value).scores}
    # 2 of 4 utterances of five: 20 of 40 pairs.
    assert rows["utterances", "pairs"][:6] == ["20", "0", "20", "100.0", "50.0", "66.7"]
    assert rows["utterances", "conll"][:5] == ["", "", "", "–", "–"]
    assert rows["entity-links", "within_document: conll"][-2:] == ["–", "–"]
    assert "| utterances | conll |  |  |  | – | – |" in to_markdown(value)
    assert r"without\_singletons: lea" in to_latex(value)


# Two annotators.

CLAIMED = Gold(claim_layers(), SMALL, Links("gold"))


def test_agreement_of_the_same_links_is_perfect() -> None:
    value = agree_links(LINKS, LINKS, GOLD, n_boot=0)
    assert list(value["tasks"]) == ["utterances", "claim-links"]
    assert {leaf["f1"] for leaf in leaves(value["tasks"])} == {1.0}
    assert [each["kappa"] for each in value["pairs"].values()] == [1.0, 1.0]


def test_kappa_is_over_all_pairs_of_items() -> None:
    # Eight claims, 28 pairs. Ana: a0 = a1 same. Ben: a0 = a1 same, and a0, a1 support b.
    ana = Links("ana", (), None, (ClaimGroup("x", refs("one.c0", "two.c0")),), ())
    ben = Links(
        "ben", (), None, (ClaimGroup("x", refs("one.c0", "two.c0")), ClaimGroup("y", refs("one.c1"))),
        (ClaimRelation("x", "y", "supports"),),
    )  # fmt: skip
    leaf = agree_links(ana, ben, CLAIMED, n_boot=0)["pairs"]["claim-links"]
    # one.c0 < one.c1 < two.c0: seen from the lesser item, two.c0 supporting one.c1 is "supported".
    assert leaf["confusion"] == {
        "same": {"same": 1},
        "unrelated": {"supported": 1, "supports": 1, "unrelated": 25},
    }
    # p_o = 26/28; p_e = (1·1 + 27·25)/28² = 676/784; κ = (728 - 676)/(784 - 676).
    assert leaf["kappa"] == pytest.approx(52 / 108)


def passage(start: int, end: int, name: str) -> Passage:
    return Passage(name, start, end, "x" * (end - start))


def utterance(*differences: Difference, turned: bool = False) -> Links:
    members = refs("one.q1", "two.q1")
    return Links("x", (), (Utterance("u", members[::-1] if turned else members, None, differences),))


def test_differences_are_aligned_by_their_spans_and_compared_by_type() -> None:
    pair = refs("one.q1", "two.q1")
    quoted = Gold(
        {name: layer(name, quotes=[Quote("q1", (word(0, 6),))]) for name in SMALL}, SMALL, Links("gold")
    )
    a = utterance(
        Difference("wording", pair, (passage(0, 5, "one"), passage(0, 5, "two"))),
        Difference("omission", pair, (passage(8, 12, "one"), passage(20, 24, "two"))),
        Difference("number", pair, (passage(13, 15, "one"), passage(13, 15, "two"))),
    )
    # Ben began with the other rendering: what Ana calls an omission he calls an addition. One type differs,
    # one of hers he did not see.
    b = utterance(
        Difference("modality", pair[::-1], (passage(0, 5, "two"), passage(2, 5, "one"))),
        Difference("addition", pair[::-1], (passage(18, 24, "two"), passage(8, 12, "one"))),
        turned=True,
    )
    found = agree_links(a, b, quoted, n_boot=0)["differences"]
    assert (found["pairs"], found["a"], found["b"], found["aligned"]) == (1, 3, 2, 2)
    assert found["f1"] == pytest.approx(2 * 2 / 5)
    assert found["types"]["accuracy"] == 0.5
    assert found["types"]["confusion"] == {"omission": {"omission": 1}, "wording": {"modality": 1}}


def test_annotators_who_share_no_part_are_told_so() -> None:
    with pytest.raises(InputError, match="'ana' and 'ben' did no part of the links both"):
        agree_links(Links("ana", utterances=()), Links("ben", claim_groups=()), GOLD)


# The command.


def written(folder: Path, name: str, links: Links) -> str:
    path = folder / name
    path.write_bytes(dump_json(links_to_json(links)))
    return str(path)


def run(*args: str) -> Any:
    return CliRunner().invoke(cli, ["score", *args])


def test_the_command_scores_links_on_gold_layers(tmp_path: Path) -> None:
    gold = written(tmp_path, "gold.json", LINKS)
    mine = written(tmp_path, "mine.json", replace(written_out(LINKS, CORPUS), utterances=()))
    done = run("--links", mine, "--gold-links", gold, "--boot", "0", "--format", "json")
    assert done.exit_code == 0, done.output
    value = json.loads(done.output)
    assert value["tasks"]["entity-links"]["conll"]["f1"] == 1.0
    assert value["tasks"]["utterances"]["pairs"]["f1"] == 0.0
    table = run("--links", mine, "--gold-links", gold, "--boot", "0", "--task", "claim-links")
    assert table.exit_code == 0
    assert "contradicts" in table.output
    assert "conll" not in table.output.replace("groups: conll", "")
    # Of 80 columns, as a pipe has, the numbers would be cut.
    assert "…" not in run("--links", mine, "--gold-links", gold, "--boot", "10").output


def test_the_command_scores_links_on_a_systems_own_layers(tmp_path: Path) -> None:
    gold = written(tmp_path, "gold.json", LINKS)
    mine = written(tmp_path, "mine.json", LINKS)
    predictions = tmp_path / "preds.jsonl"
    predictions.write_bytes(dump_jsonl(layer_to_json(CORPUS[name]) for name in NAMES))
    done = run(str(predictions), "--links", mine, "--gold-links", gold, "--boot", "0", "--format", "json")
    assert done.exit_code == 0, done.output
    value = json.loads(done.output)
    assert "|layers:system|" in value["signature"]
    assert value["tasks"]["utterances"]["pairs"]["f1"] == 1.0


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    gold = written(tmp_path, "gold.json", LINKS)
    wrong = replace(LINKS, utterances=(Utterance("u", (Ref("ist", "q1"), Ref("ist", "nowhere"))),))
    mine = written(tmp_path, "mine.json", wrong)
    done = run("--links", mine, "--gold-links", gold)
    assert isinstance(done.exception, InputError)
    assert str(done.exception).startswith(f"{mine}: $.utterances[0].members[1].id: [unresolved-reference]")
    assert "give PREDICTIONS, or --links" in run().output
    assert "not about --links" in run("--links", mine, "--lenient").output
