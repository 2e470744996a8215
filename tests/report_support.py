"""Made-up links over the real gold, pages from the command line, and a strict reader of HTML."""

import shutil
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

from click.testing import CliRunner

from vostochny.annotations import load_gold, make_document
from vostochny.cli.main import cli
from vostochny.schema.files import dump_json, dump_jsonl
from vostochny.schema.jsonio import document_to_json, layer_to_json
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import (
    Claim,
    ClaimGroup,
    ClaimRelation,
    Difference,
    Layer,
    Links,
    Mark,
    Mention,
    Passage,
    Quote,
    Ref,
    Span,
    Utterance,
)

ROOT = Path(__file__).parent.parent
VOID = {"meta", "link", "input", "br", "img", "hr", "rect", "line"}


def passage(documents, document, words):
    start = documents[document].text.index(words)
    return Passage(document, start, start + len(words), words)


def made_up_links(gold):
    """Kim's words on the glory of Russia, twice, and three claims on how long the talks took."""
    documents = gold.documents
    first, second = Ref("sputnik", "q2"), Ref("japantimes", "q13")

    def difference(type, here, there, note=None):
        spans = (passage(documents, "sputnik", here), passage(documents, "japantimes", there))
        return Difference(type, (first, second), spans, note)

    return Links(
        annotator="made-up",
        entities=gold.entities,
        utterances=(
            Utterance(
                "u1",
                (first, second),
                "kim-jong-un",
                (
                    difference("wording", "gave birth to", "produced"),
                    difference("wording", "space explorers", "conquerors of space", "of Soviet times"),
                ),
            ),
        ),
        claim_groups=(
            ClaimGroup("g1", (Ref("lenta", "c3"), Ref("sputnik", "c3"))),
            ClaimGroup("g2", (Ref("sputnik", "c2"),)),
            ClaimGroup("g3", (Ref("agencies", "c9"),)),
        ),
        claim_relations=(
            ClaimRelation("g2", "g1", "supports"),
            ClaimRelation("g1", "g3", "contradicts", "about six hours / nearly four hours"),
            ClaimRelation("g2", "g3", "contradicts", "g2 supports g1 and g1 contradicts g3"),
        ),
    )


def five_articles(folder, links=None):
    """A copy of the corpus, with other links if given, without rounds and leaderboard."""
    for room in ("articles", "documents", "gold"):
        shutil.copytree(ROOT / "annotations" / room, folder / room)
    if links is not None:
        (folder / "gold" / "links.json").write_bytes(dump_json(links_to_json(links)))
    return folder


def predictions_file(path, layers):
    path.write_bytes(dump_jsonl(layer_to_json(layer) for layer in layers))
    return path


def make_page(path, *arguments):
    """``vostochny report`` with some arguments; the page's text."""
    result = CliRunner().invoke(cli, ["report", "-o", str(path), *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return path.read_bytes().decode()


@dataclass
class Element:
    """An element: its name, attributes, place in the tree, and all text in it."""

    name: str
    attributes: dict
    path: tuple = field(default=(), repr=False)
    text: str = ""

    def __getitem__(self, key):
        return self.attributes.get(key)

    @property
    def classes(self):
        return (self["class"] or "").split()


@dataclass
class Html(HTMLParser):
    """Reads a page and refuses what a browser would have to repair."""

    elements: list = field(default_factory=list)
    open: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)

    @classmethod
    def read(cls, text):
        page = cls()
        page.feed(text)
        page.close()
        assert page.open == [], [element.name for element in page.open]
        return page

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        element = Element(tag, dict(attrs), tuple(self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(Element(tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> ends nothing"
        assert self.open[-1].name == tag, f"</{tag}> ends <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element.text += data

    def all(self, name=None, **attributes):
        return [
            e
            for e in self.elements
            if name in (None, e.name)
            and all(value in (e[key] or "").split() for key, value in attributes.items())
        ]

    def by_id(self, id):
        (found,) = [e for e in self.elements if e["id"] == id]
        return found

    def inside(self, outer, **attributes):
        return [e for e in self.all(**attributes) if outer in e.path]


HOSTILE = (
    'He said <script>alert(1)</script> and "><img src=x onerror=alert(2)> & more.\n\nA second paragraph.\n'
)


def hostile(folder):
    """A corpus whose text, names, propositions and ids' neighbours are all markup."""
    document = make_document(HOSTILE.encode(), file="bad.txt", id="bad")
    document = replace(document, title="</title><script>t()</script>", outlet='"><b onclick=x()>')
    words = "<script>alert(1)</script>"
    start = HOSTILE.index(words)
    here = Span(start, start + len(words), words)
    layer = Layer(
        "bad",
        "gold",
        mentions=(Mention("m1", here.start, here.end, words, "ORG", "evil"),),
        quotes=(Quote("q1", (here,), (), None, (), "evil"),),
        marks=(Mark("k1", HOSTILE.index('"'), HOSTILE.index('"') + 2, '">', "stray"),),
        claims=(Claim("c1", (here,), proposition="It is </script><script>p()</script> there."),),
        text_sha256=document.text_sha256,
    )
    registry = {
        "id": "evil",
        "name": "<img src=x onerror=n()>",
        "type": "ORG",
        "aliases": [],
        "wikidata": None,
    }
    for room, name, value in (
        ("documents", "bad", document_to_json(document, with_text=True)),
        ("gold", "bad", layer_to_json(layer)),
        ("gold", "links", {"schema_version": "1.0.0", "annotator": "gold", "entities": [registry]}),
    ):
        (folder / room).mkdir(exist_ok=True)
        (folder / room / f"{name}.json").write_bytes(dump_json(value))
    return folder


def gold_with_links():
    gold = load_gold()
    gold.links = made_up_links(gold)
    return gold
