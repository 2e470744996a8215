"""Links as Hugging Face configurations: clusters, pairs, and the way back."""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_hf_load import CHECKOUT, LOAD, filled, rows_of, run

from vostochny.annotations import corpus, hf
from vostochny.annotations.hf_card import data_file, front_matter
from vostochny.annotations.hf_links import LINK_SCHEMAS
from vostochny.annotations.hf_pairs import PAIR_SCHEMAS
from vostochny.annotations.link_pairs import CLAIMS, QUOTES, Pair, link_pairs
from vostochny.eval.link_items import CLAIM_LINKS, ENTITY_LINKS, UTTERANCES, link_clusters, link_items
from vostochny.schema.closure import closed_relations
from vostochny.schema.errors import InputError
from vostochny.schema.model import (
    ClaimGroup,
    ClaimRelation,
    Difference,
    Gold,
    Links,
    Passage,
    Ref,
    Utterance,
)

GOLD = corpus.load_gold()


def quote(document: str, number: int) -> Ref:
    return Ref(document, GOLD[document].quotes[number].id)


def claim(document: str, number: int) -> Ref:
    return Ref(document, GOLD[document].claims[number].id)


def passage(document: str, number: int) -> Passage:
    """The first piece of a quote's content."""
    span = GOLD[document].quotes[number].content[0]
    return Passage(document, span.start, span.end, GOLD.documents[document].slice(span))


def made_up() -> Links:
    """Links that nobody would draw, on the first items of the real layers."""
    lenta, agencies, ist = (quote(name, 0) for name in ("lenta", "agencies", "ist"))
    omitted = Difference(
        "omission", (lenta, agencies), (passage("lenta", 0), passage("agencies", 0)), "a note"
    )
    reworded = Difference("wording", (lenta, ist), (passage("lenta", 0), passage("ist", 0)))
    links = Links(
        "gold",
        GOLD.entities,
        utterances=(
            Utterance("u1", (lenta, agencies, ist), "kim-jong-un", (omitted, reworded)),
            Utterance("u2", (quote("ist", 1), quote("ist", 2))),
        ),
        claim_groups=(
            ClaimGroup("g1", (claim("agencies", 0), claim("ist", 0))),
            ClaimGroup("g2", (claim("lenta", 0),)),
            ClaimGroup("g3", (claim("sputnik", 0),)),
            ClaimGroup("g4", (claim("japantimes", 0),)),
        ),
        claim_relations=(
            ClaimRelation("g1", "g2", "supports"),
            ClaimRelation("g2", "g3", "contradicts", "six hours, four hours"),
            ClaimRelation("g4", "g1", "supports", "says more"),
        ),
    )
    return replace(links, claim_relations=closed_relations(links))


MADE = made_up()
STATED = Links(
    "system",
    tuple(
        replace(entity, mentions=(Ref("ist", mention.id), Ref("lenta", other.id)))
        for entity, mention, other in zip(
            GOLD.entities[:3], GOLD["ist"].mentions, GOLD["lenta"].mentions, strict=False
        )
    ),
)
"""Links that say themselves which mentions name an entity, as a system's do, and nothing else."""

EVERY = pytest.mark.parametrize("links", [MADE, GOLD.links, STATED], ids=["made-up", "gold", "stated"])


def few(count: int = 4) -> Gold:
    """The gold with the first items of each part only."""
    layers = {
        name: replace(
            layer,
            mentions=layer.mentions[:count],
            quotes=layer.quotes[:count],
            claims=layer.claims[:count],
        )
        for name, layer in GOLD.items()
    }
    return Gold(layers, GOLD.documents, MADE)


def tables(links: Links, gold: Gold = GOLD) -> dict[str, list[dict]]:
    built = hf.all_tables(gold.documents, gold, links)
    names = [*LINK_SCHEMAS, *PAIR_SCHEMAS, "mentions", "quotes", "claims"]
    if gold is GOLD:
        names.remove("entity_link_pairs")  # 180,000: those who need them take them from the table
    return {name: built[name].to_pylist() for name in names}


def ref(row: dict, side: str = "") -> Ref:
    return Ref(row[f"{side}document"], row[f"{side}id"])


# --- clusters -------------------------------------------------------------------------------------


def test_members_are_the_rows_of_the_items():
    made = tables(MADE)
    known = {name: {ref(row): row for row in made[name]} for name in ("quotes", "claims")}
    first, second = made["utterances"]
    assert first["members"] == [known["quotes"][quote(name, 0)] for name in ("lenta", "agencies", "ist")]
    assert (first["speaker"], first["speaker_name"]) == ("kim-jong-un", "Kim Jong Un")
    assert first["documents"] == ["agencies", "ist", "lenta"]
    assert (second["speaker"], second["speaker_name"], second["differences"]) == (None, None, [])
    group = made["claim_groups"][0]
    assert group == {
        "id": "g1",
        "documents": ["agencies", "ist"],
        "members": [known["claims"][claim("agencies", 0)], known["claims"][claim("ist", 0)]],
    }


def test_differences_have_both_spans():
    lenta, agencies = passage("lenta", 0), passage("agencies", 0)
    assert tables(MADE)["utterances"][0]["differences"][0] == {
        "type": "omission",
        "first": {
            "document": "lenta",
            "id": quote("lenta", 0).id,
            "start": lenta.start,
            "end": lenta.end,
            "text": lenta.text,
        },
        "second": {
            "document": "agencies",
            "id": quote("agencies", 0).id,
            "start": agencies.start,
            "end": agencies.end,
            "text": agencies.text,
        },
        "note": "a note",
    }


def test_relations_say_whether_they_follow_and_hold_the_claims():
    rows = tables(MADE)["claim_relations"]
    # Given: g1 > g2, g2 x g3, g4 > g1. So g4 > g2, and g1 and g4, which entail g2, contradict g3 as well.
    assert {(r["source"], r["type"], r["target"], r["follows"]) for r in rows} == {
        ("g1", "supports", "g2", False),
        ("g2", "contradicts", "g3", False),
        ("g4", "supports", "g1", False),
        ("g4", "supports", "g2", True),
        ("g1", "contradicts", "g3", True),
        ("g3", "contradicts", "g4", True),
    }
    for row in rows:
        groups = {group.id: list(group.members) for group in MADE.claim_groups}
        assert [ref(c) for c in row["source_claims"]] == groups[row["source"]]
        assert [ref(c) for c in row["target_claims"]] == groups[row["target"]]
    assert [r["reason"] for r in rows if not r["follows"]] == [None, "six hours, four hours", "says more"]


def test_an_entity_has_all_that_names_stands_for_and_speaks():
    rows = {row["id"]: row for row in tables(GOLD.links)["entity_links"]}
    assert list(rows) == [entity.id for entity in GOLD.entities]
    for name, row in rows.items():
        for column, part, attribute in (
            ("mentions", "mentions", "entity"),
            ("metonyms", "mentions", "metonym_for"),
            ("quotes", "quotes", "speaker"),
            ("claims", "claims", "claimer"),
        ):
            expected = [
                Ref(document, item.id)
                for document, layer in GOLD.items()
                for item in getattr(layer, part)
                if getattr(item, attribute) == name
            ]
            assert [ref(item) for item in row[column]] == expected
        assert row["documents"] == sorted({mention["document"] for mention in row["mentions"]})
    kim = rows["kim-jong-un"]
    assert (kim["name"], kim["type"], kim["mentions_by"]) == ("Kim Jong Un", "PERSON", "layers")
    for mention in kim["mentions"]:
        text = GOLD.documents[mention["document"]].text
        assert text[mention["start"] : mention["end"]] == mention["text"]
        assert mention["text"] in mention["context"]


def test_counts_tell_what_was_not_done_from_what_there_is_none_of():
    (row,) = tables(replace(MADE, utterances=(), claim_relations=None))["links"]
    assert row == {
        "annotator": "gold",
        "entity_count": len(GOLD.entities),
        "utterance_count": 0,
        "claim_group_count": 4,
        "claim_relation_count": None,
        "schema_version": "1.0.0",
    }


# --- pairs ----------------------------------------------------------------------------------------


def test_claim_pairs_by_hand():
    rows = tables(MADE)["claim_pairs"]
    # g1 has two claims, the others one. Same: g1's pair. g1 > g2: two pairs, both in the order agencies or
    # ist, lenta; g4 > g2: japantimes, lenta. g4 > g1: the two supported ones come before japantimes.
    # g2 x g3, g1 x g3 (two), g3 x g4. All but 1 + 2 + 2 + 1 pairs of relations follow from others.
    counts = Counter(row["label"] for row in rows)
    number = sum(len(layer.claims) for layer in GOLD.values())
    related = {"same": 1, "supports": 3, "supported": 2, "contradicts": 4}
    assert counts == {**related, "none": number * (number - 1) // 2 - 10}
    assert Counter(row["follows"] for row in rows) == {True: 4, False: 5, None: len(rows) - 9}
    (given,) = (row for row in rows if row["reason"] == "six hours, four hours")
    assert (given["label"], ref(given, "first_")) == ("contradicts", claim("lenta", 0))
    assert (given["first_group"], given["second_group"], given["follows"]) == ("g2", "g3", False)
    assert all(row["reason"] for row in rows if row["label"] == "contradicts")


def test_differences_of_a_pair_are_seen_from_its_first_quote():
    rows = {(ref(r, "first_"), ref(r, "second_")): r for r in tables(MADE)["utterance_pairs"]}
    lenta, agencies, ist = (quote(name, 0) for name in ("lenta", "agencies", "ist"))
    # What agencies omits of lenta's rendering, lenta adds to agencies', which comes first here.
    (difference,) = rows[agencies, lenta]["differences"]
    assert (difference["type"], difference["note"]) == ("addition", "a note")
    assert difference["first"]["text"] == passage("agencies", 0).text
    assert difference["second"]["text"] == passage("lenta", 0).text
    (difference,) = rows[ist, lenta]["differences"]
    assert (difference["type"], difference["first"]["text"]) == ("wording", passage("ist", 0).text)
    # Neither is the fullest rendering: nobody compared their words. The two of u2 were, without a difference.
    assert (rows[agencies, ist]["label"], rows[agencies, ist]["differences"]) == ("same", None)
    assert rows[quote("ist", 1), quote("ist", 2)]["differences"] == []
    assert (
        rows[agencies, quote("ist", 1)] | {"label": "none", "differences": None}
        == (rows[agencies, quote("ist", 1)])
    )


@EVERY
def test_pairs_are_all_pairs_once_and_agree_with_the_links(links):
    made = tables(links)
    said = link_pairs(links)
    turned = {"supports": "supported", "supported": "supports"}
    for name, task, part in (
        ("utterance_pairs", UTTERANCES, QUOTES),
        ("claim_pairs", CLAIM_LINKS, CLAIMS),
    ):
        items = link_items(task, GOLD)
        if link_clusters(task, links, GOLD) is None:
            assert made[name] == []
            continue
        place = {item: number for number, item in enumerate(items)}
        pairs = [(ref(row, "first_"), ref(row, "second_")) for row in made[name]]
        assert all(place[first] < place[second] for first, second in pairs)
        assert len(set(pairs)) == len(pairs) == len(items) * (len(items) - 1) // 2
        for (first, second), row in zip(pairs, made[name], strict=True):
            pair = Pair(part, first, second) if first < second else Pair(part, second, first)
            label = said.get(pair, "none")
            assert row["label"] == (label if first < second else turned.get(label, label))


@EVERY
def test_name_pairs_are_the_same_within_an_entity_only(links):
    table = hf.all_tables(GOLD.documents, GOLD, links)["entity_link_pairs"]
    clusters = link_clusters(ENTITY_LINKS, links, GOLD)
    items = link_items(ENTITY_LINKS, GOLD)
    assert table.num_rows == len(items) * (len(items) - 1) // 2
    counts = Counter(table["label"].to_pylist())
    assert counts["same"] == sum(len(c) * (len(c) - 1) // 2 for c in clusters)
    assert counts["none"] == table.num_rows - counts["same"]
    number = {item: n for n, cluster in enumerate(clusters) for item in cluster}
    for row in table.slice(0, 2_000).to_pylist():
        together = number[ref(row, "first_")] == number[ref(row, "second_")]
        assert row["label"] == ("same" if together else "none")
        assert (row["first_entity"] == row["second_entity"] != None) == together  # noqa: E711


@EVERY
def test_pairs_carry_the_items_texts(links):
    made = tables(links)
    for name, part, columns in (
        ("utterance_pairs", "quotes", ("text", "content", "kind", "speaker_name", "context")),
        ("claim_pairs", "claims", ("text", "spans", "proposition", "claimer_name", "context")),
    ):
        known = {ref(row): row for row in made[part]}
        for row in made[name]:
            for side in ("first_", "second_"):
                item = known[ref(row, side)]
                assert all(row[side + column] == item[column] for column in columns)


def test_pairs_of_what_was_not_done_are_missing_and_of_what_is_empty_are_none():
    undone = tables(Links("gold", GOLD.entities))
    assert undone["utterance_pairs"] == undone["claim_pairs"] == []
    empty = tables(Links("gold", GOLD.entities, (), (), ()))
    assert {row["label"] for row in empty["utterance_pairs"]} == {"none"}
    assert {row["label"] for row in empty["claim_pairs"]} == {"none"}
    assert empty["utterances"] == empty["claim_groups"] == []


def test_relations_that_exclude_each_other_are_refused(tmp_path):
    both = (*MADE.claim_relations, ClaimRelation("g2", "g4", "supports"))
    with pytest.raises(InputError) as caught:
        hf.export(tmp_path, GOLD.documents, GOLD, replace(MADE, claim_relations=both))
    assert {problem.check for problem in caught.value.problems} <= {
        "repeated-relation",
        "inconsistent-relations",
    }
    assert list(tmp_path.iterdir()) == []


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("links", [MADE, STATED], ids=["made-up", "stated"])
def test_links_survive_parquet(links, tmp_path):
    gold = few()
    hf.export(tmp_path, gold.documents, gold, links)
    assert hf.links_from_parquet(tmp_path) == links
    assert hf.layers_from_parquet(tmp_path) == gold
    assert hf.check_export(tmp_path, gold.documents, gold, links) == []


FEW = few(3)


def clusters_of(part: str, minimum: int) -> st.SearchStrategy:
    """Disjoint clusters of a part's items."""
    items = [Ref(name, item.id) for name, layer in FEW.items() for item in getattr(layer, part)]

    @st.composite
    def draw_clusters(draw: st.DrawFn) -> tuple[tuple[Ref, ...], ...]:
        rest, out = draw(st.permutations(items)), []
        for size in draw(st.lists(st.integers(minimum, 3), max_size=4)):
            out.append(tuple(rest[:size]))
            rest = rest[size:]
        return tuple(out)

    return draw_clusters()


@st.composite
def link_sets(draw: st.DrawFn) -> Links:
    speakers = st.none() | st.sampled_from(["unnamed", *(entity.id for entity in GOLD.entities)])
    notes = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)

    def utterance(number: int, members: tuple[Ref, ...]) -> Utterance:
        differences = []
        for other in members[1 : 1 + draw(st.integers(0, 2))]:
            spans = [
                Passage(m.document, start, start + 5, GOLD.documents[m.document].text[start : start + 5])
                for m in (members[0], other)
                for first in [next(q.content[0] for q in GOLD[m.document].quotes or () if q.id == m.id)]
                for start in [draw(st.integers(first.start, first.end - 5))]
            ]
            kind = draw(st.sampled_from(["wording", "omission", "addition"]))
            differences.append(Difference(kind, (members[0], other), tuple(spans), draw(notes)))
        return Utterance(f"u{number}", members, draw(speakers), tuple(differences))

    utterances = tuple(
        utterance(number, members) for number, members in enumerate(draw(clusters_of("quotes", 2)))
    )
    groups = tuple(
        ClaimGroup(f"g{number}", members) for number, members in enumerate(draw(clusters_of("claims", 1)))
    )
    # Each supports later ones: without a circle, and without contradictions nothing excludes another.
    edges = [(a, b) for a in range(len(groups)) for b in range(a + 1, len(groups))]
    chosen = draw(st.sets(st.sampled_from(edges))) if edges else set()
    relations = tuple(ClaimRelation(f"g{a}", f"g{b}", "supports", draw(notes)) for a, b in sorted(chosen))
    undone = draw(st.sets(st.sampled_from(["utterances", "claim_relations"])))
    made = Links("me", GOLD.entities[: draw(st.integers(0, 3))], utterances, groups, relations)
    known = {entity.id for entity in made.entities} | {"unnamed", None}
    made = replace(
        made,
        utterances=tuple(u if u.speaker in known else replace(u, speaker=None) for u in made.utterances),
    )
    return replace(made, **dict.fromkeys(undone))


@settings(max_examples=40, deadline=None)
@given(link_sets())
def test_any_links_survive_parquet(links):
    with tempfile.TemporaryDirectory() as folder:
        hf.export(Path(folder), FEW.documents, FEW, links)
        assert hf.links_from_parquet(Path(folder)) == links
        assert hf.check_export(Path(folder), FEW.documents, FEW, links) == []


def test_members_that_no_layer_has_are_refused(tmp_path):
    bad = (ClaimGroup("g1", (Ref("ist", "c999"),)),)
    lacking = Gold({"ist": GOLD["ist"]}, GOLD.documents, MADE)
    for gold, links in ((GOLD, replace(MADE, claim_groups=bad, claim_relations=())), (lacking, MADE)):
        with pytest.raises(InputError) as caught:
            hf.export(tmp_path, gold.documents, gold, links)
        assert {problem.check for problem in caught.value.problems} == {"unresolved-reference"}
        assert "gold/links.json" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_check_names_a_changed_relation(tmp_path):
    gold = few()
    hf.export(tmp_path, gold.documents, gold, MADE)
    changed = replace(MADE.claim_relations[1], reason="nine hours, four hours")
    links = replace(MADE, claim_relations=(MADE.claim_relations[0], changed, *MADE.claim_relations[2:]))
    lines = [str(problem) for problem in hf.check_export(tmp_path, gold.documents, gold, links)]
    relation, pair, card = lines
    assert relation.startswith(f"{tmp_path / data_file('claim_relations')}: $[1].reason: [stale-export] ")
    assert pair.startswith(f"{tmp_path / data_file('claim_pairs')}: $[") and ".reason: " in pair
    assert "[stale-card]" in card


def test_links_of_other_columns_are_refused(tmp_path):
    gold = few()
    hf.export(tmp_path, gold.documents, gold, MADE)
    (tmp_path / data_file("utterances")).write_bytes((tmp_path / data_file("links")).read_bytes())
    with pytest.raises(InputError, match="stale-export"):
        hf.links_from_parquet(tmp_path)


def test_pairs_make_no_larger_corpus():
    gold = few(12)
    built = hf.all_tables(gold.documents, gold, MADE)
    # 12 claims of each of 5 documents: 60 x 59 / 2 pairs.
    assert built["claim_pairs"].num_rows == 1_770
    assert 'size_categories:\n  - "n<1K"\n' in front_matter(built)


def test_the_files_stay_small():
    assert sum((CHECKOUT / data_file(name)).stat().st_size for name in hf.SCHEMAS) < 2_000_000


@pytest.mark.slow
def test_every_configuration_of_links_loads_offline(tmp_path):
    gold = few()
    folder = tmp_path / "vostochny"
    hf.export(folder, gold.documents, gold, MADE)
    names = filled(folder)
    assert set(names) == set(hf.SCHEMAS)
    found = json.loads(run(LOAD, tmp_path / "cache", folder, *names))
    assert found["configs"] == names
    for name in names:
        assert found[name] == rows_of(folder, name)


def test_reading_starts_no_threads():
    """Threads that Arrow had started for reading aborted the interpreter at its end one time in ten."""
    script = (
        "import sys; from pathlib import Path; import psutil; from vostochny.annotations import hf\n"
        "before = psutil.Process().num_threads()\n"
        "hf.layers_from_parquet(Path(sys.argv[1])); hf.links_from_parquet(Path(sys.argv[1]))\n"
        "assert psutil.Process().num_threads() == before"
    )
    subprocess.run([sys.executable, "-c", script, CHECKOUT], check=True, timeout=120)
