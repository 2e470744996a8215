"""Annotators and an adjudicator at Label Studio's screen: a real server, a real Chromium."""

import hashlib
import itertools

import pytest
from browser_support import SIDE, Person

from vostochny.annotations import load_documents, load_gold, load_registry
from vostochny.annotations.add import make_document
from vostochny.annotations.studio_client import Studio as Client
from vostochny.annotations.studio_config import labelling_config
from vostochny.annotations.studio_decode import Decision, results_to_layer
from vostochny.annotations.studio_encode import layer_to_results
from vostochny.annotations.studio_export import read_export, submissions
from vostochny.annotations.studio_types import Push
from vostochny.schema.labels import REASONS
from vostochny.schema.model import Claim, Layer, Mark, Mention, Quote, Span

pytestmark = pytest.mark.labelstudio

REGISTRY = load_registry()
KNOWN = [entity.id for entity in REGISTRY]
TEXT = """Summit \U0001f680\U0001f680 over

On Monday \U0001f389 Vladimir Putin told Olga Petrova that the two countries
would build satellites together. Rain fell.
"""
DOCUMENT = make_document(TEXT.encode(), file="talks.txt", id="talks")
CONTENT = "the two countries\nwould build satellites together"
_numbers = itertools.count(1)


def at(words):
    start = TEXT.index(words)
    return start, start + len(words)


def span(words):
    return Span(*at(words), words)


@pytest.fixture
def ana(chromium_running, studio):
    """An annotator who came by the invite link; the screen must stay without complaints."""
    person = Person(chromium_running, studio.url)
    link = Client.connect(studio.url, studio.token).invite_link()
    person.sign_up(link, f"ana{next(_numbers)}@example.org", "a long password of hers")
    yield person
    person.leave()
    assert person.errors == []
    assert person.hosts <= {"127.0.0.1"}


class Round:
    """A project with a task for each document."""

    def __init__(self, studio, documents, predictions=None, config=None, **data):
        self.client = Client.connect(studio.url, studio.token)
        self.documents = {document.id: document for document in documents}
        title = f"browser {next(_numbers)}"
        self.project = self.client.ensure_project(
            title, f"vostochny-test: {title}", config or labelling_config(REGISTRY), ""
        )
        pushes = [
            Push(
                id,
                {"text": document.text, "document": id, "external_id": id, **data},
                None if predictions is None else predictions[id],
                None if predictions is None else "gold",
            )
            for id, document in self.documents.items()
        ]
        self.client.push(self.project, pushes)

    def pages(self):
        return {id: found.where for id, found in self.submissions().items()}

    def submissions(self):
        tasks = read_export(self.client.export(self.project), self.project.page)
        return submissions(tasks, {id: id for id in self.documents}, self.project)

    def decoded(self, id, annotator="ana"):
        found = self.submissions()[id]
        return results_to_layer(
            found.results, self.documents[id], annotator, where=found.where, entities=REGISTRY
        )


def test_an_annotator_labels_relates_and_describes_a_document(studio, ana):
    round = Round(studio, [DOCUMENT])
    ana.open(round.pages()["talks"])
    putin, olga, told, content = at("Vladimir Putin"), at("Olga Petrova"), at("told"), at(CONTENT)
    ana.draw("p", *putin)
    ana.select(putin[0])
    ana.choose("What it names", "Vladimir Putin")
    ana.draw("p", *olga)
    ana.select(olga[0])
    ana.type("entity_other", "Olga Petrova")
    ana.draw("q", *content)
    ana.draw("s", *putin)
    ana.draw("c", *told)
    ana.relate(content[0], putin[0])
    ana.relate(content[0], told[0])
    ana.select(content[0])
    ana.choose("Who speaks", "Vladimir Putin")
    ana.tick("Medium", "writing")
    ana.draw("k", *content)
    ana.pick("claim", "the two countries")
    ana.type("proposition", "The two countries will build satellites together.")
    ana.tick("Type", "prediction")
    ana.press("h")
    ana.submit()

    found = round.decoded("talks")
    assert found.layer == Layer(
        document="talks",
        annotator="ana",
        mentions=(
            Mention("m1", *putin, "Vladimir Putin", "PERSON", "vladimir-putin"),
            Mention("m2", *olga, "Olga Petrova", "PERSON", "olga-petrova"),
        ),
        quotes=(
            Quote(
                "q1",
                (span(CONTENT),),
                (),
                span("Vladimir Putin"),
                (span("told"),),
                "vladimir-putin",
                medium="writing",
            ),
        ),
        marks=(),
        claims=(
            Claim(
                "c1",
                (span(CONTENT),),
                "attributed",
                "vladimir-putin",
                "q1",
                "prediction",
                "positive",
                "hedged",
                "The two countries will build satellites together.",
            ),
        ),
        text_sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
    )
    assert [entity.name for entity in found.entities.values()] == ["Olga Petrova"]


def test_gold_comes_back_unchanged_from_the_screen(studio, ana):
    gold, documents = load_gold(), load_documents()
    predictions = {id: layer_to_results(gold[id], documents[id], KNOWN) for id in gold}
    round = Round(studio, [documents[id] for id in gold], predictions)
    for page in round.pages().values():
        ana.open(page)
        ana.submit()
    for id, layer in gold.items():
        assert round.decoded(id, "gold").layer == layer


def test_attributes_show_with_their_own_regions_only(studio, ana):
    layer = Layer(
        "talks",
        "gold",
        mentions=(Mention("m1", *at("Olga Petrova"), None, "PERSON"),),
        quotes=(Quote("q1", (span(CONTENT),), (), span("Vladimir Putin"), (span("told"),)),),
        marks=(Mark("k1", *at("over"), None, "scare"),),
        claims=(Claim("c1", (span("Rain fell"),), proposition="Rain fell."),),
    )
    round = Round(studio, [DOCUMENT], {"talks": layer_to_results(layer, DOCUMENT, KNOWN)})
    ana.open(round.pages()["talks"])
    titles = {
        ("PERSON", "Olga Petrova"): "What it names",
        ("content", "the two countries"): "Who speaks",
        ("claim", "Rain fell"): "Proposition",
        ("source", "Vladimir Putin"): None,
        ("cue", "told"): None,
        ("scare", "over"): None,
    }
    assert "press its key" in ana.beside()
    for region, own in titles.items():
        ana.pick(*region)
        seen = ana.beside()
        assert [title for title in titles.values() if title and title in seen] == ([own] if own else [])
        assert "press its key" not in seen


def test_no_key_but_those_on_the_screen_sets_anything(studio, ana):
    layer = Layer("talks", "gold", mentions=(Mention("m1", *at("Olga Petrova"), None, "PERSON"),))
    round = Round(studio, [DOCUMENT], {"talks": layer_to_results(layer, DOCUMENT, KNOWN)})
    ana.open(round.pages()["talks"])
    controls = labelling_config(REGISTRY)
    free = [key for key in "abcdefghijklmnopqrstuvwxyz0123456789-" if f'hotkey="{key}"' not in controls]
    ana.select(at("Olga")[0])
    before = ana.results()
    ana.press(*free)
    assert "u" in free
    assert ana.results() == before
    ana.select(at("Olga")[0])
    ana.page.locator(f"{SIDE} .htx-taxonomy:visible").first.click()
    ana.page.get_by_test_id("taxonomy-search").locator("visible=true").press_sequentially("pqskcv")
    assert ana.results() == before


def test_attributes_stay_in_sight_at_the_end_of_a_long_article(studio, ana):
    gold, documents = load_gold(), load_documents()
    id = max(documents, key=lambda name: len(documents[name].text))
    round = Round(studio, [documents[id]], {id: layer_to_results(gold[id], documents[id], KNOWN)})
    ana.open(round.pages()[id])
    last = max(gold[id].claims, key=lambda claim: claim.spans[-1].end)
    place = next(n for n in range(last.spans[-1].end - 1, 0, -1) if not _covered_twice(gold[id], n))
    ana.select(place)
    for place in (ana.page.locator("[name=claimer_other]"), ana.page.get_by_text("PERSON", exact=True).first):
        box = place.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < box["y"] + box["height"] <= 950 - 50


def _covered_twice(layer, place):
    """Whether something lies over the claim at a place."""
    others = [*layer.mentions, *layer.marks, *(s for quote in layer.quotes for s in quote.content)]
    return any(item.start <= place < item.end for item in others)


def test_skipped_empty_and_updated_submissions_are_told_apart(studio, ana):
    others = [make_document(f"{TEXT}{n}\n".encode(), file=f"{n}.txt", id=f"t{n}") for n in range(4)]
    round = Round(studio, others)
    pages = round.pages()
    ana.open(pages["t0"])
    ana.submit()
    ana.open(pages["t1"])
    ana.draw("p", *at("Olga Petrova"))
    ana.submit()
    ana.open(pages["t1"])
    ana.draw("p", *at("Vladimir Putin"))
    ana.submit()
    ana.skip(round.project.page)
    states = {id: found.state for id, found in round.submissions().items()}
    assert states == {"t0": "done-empty", "t1": "done", "t2": "skipped", "t3": "open"}
    assert [mention.text for mention in round.decoded("t1").layer.mentions] == [
        "Vladimir Putin",
        "Olga Petrova",
    ]


def test_an_adjudicator_sees_who_says_what_and_decides_with_reasons(studio, ana):
    layer = Layer(
        "talks",
        "union",
        mentions=(
            Mention("m1", *at("Vladimir Putin"), None, "PERSON", "vladimir-putin"),
            Mention("m2@ana", *at("Olga Petrova"), None, "PERSON", "kim-jong-un"),
            Mention("m2@ben+dan", *at("Olga"), None, "PERSON"),
        ),
        quotes=(),
        marks=(),
        claims=(),
    )
    notes = dict.fromkeys(("m2@ana", "m2@ben+dan"), "ana: Olga Petrova, Kim Jong Un · ben, dan: Olga, nobody")
    config = labelling_config(
        REGISTRY, adjudication=True, reasons=REASONS, rules={"1.1": "What a name is", "1.3": "How far"}
    )
    conflicts = [{"who": "m2", "says": "ana: Olga Petrova, Kim Jong Un / ben, dan: Olga, nobody"}]
    results = {"talks": layer_to_results(layer, DOCUMENT, KNOWN, notes)}
    round = Round(studio, [DOCUMENT], results, config, conflicts=conflicts)
    ana.open(round.pages()["talks"])
    assert "ana: Olga Petrova, Kim Jong Un / ben, dan: Olga, nobody" in ana.beside()
    frames = ana.page.locator(".htx-highlight").evaluate_all(
        "spans => spans.map(span => [span.innerText, getComputedStyle(span).outlineStyle])"
    )
    assert dict(frames) == {"Vladimir Putin": "none", "Olga Petrova": "solid", "Olga": "solid"}
    ana.pick("PERSON", "Olga Petrova")
    assert ana.page.get_by_text("ana: Olga Petrova, Kim Jong Un · ben, dan").is_visible()
    ana.press("Shift+K")
    ana.choose("Reason", "not-an-item")
    ana.type("note", "a person, though")
    ana.select(at("Olga")[0])
    ana.tick("Verdict", "drop")
    ana.choose("Rule", "1.3")
    ana.submit()
    decided = round.decoded("talks", "gold").decisions
    assert decided == {
        "m2@ana": Decision("keep", "not-an-item", None, "a person, though"),
        "m2@ben+dan": Decision("drop", None, "1.3", None),
    }
