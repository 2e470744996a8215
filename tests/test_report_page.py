"""The reading page as a file: whole, self-contained, safe, and true to the data."""

import base64
import hashlib
import json
import re
import shutil
from dataclasses import replace

import pytest
from report_support import (
    HOSTILE,
    ROOT,
    Html,
    five_articles,
    gold_with_links,
    hostile,
    make_page,
    predictions_file,
)

from vostochny.annotations import load_gold
from vostochny.baselines import BASELINES, predict
from vostochny.cli.main import cli
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json
from vostochny.schema.model import Layer, Mention

PARTS = ("mentions", "quotes", "marks", "claims")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    gold = gold_with_links()
    return five_articles(tmp_path_factory.mktemp("corpus"), gold.links)


@pytest.fixture(scope="module")
def predictions(tmp_path_factory):
    """One system that does all three tasks: the rules."""
    documents = load_gold().documents.values()
    found = [
        predict(BASELINES[f"{task}-rules"].factory(), documents) for task in ("entities", "quotes", "claims")
    ]
    merged = [
        replace(a, annotator="rules", quotes=b.quotes, claims=c.claims)
        for a, b, c in zip(*found, strict=True)
    ]
    return predictions_file(tmp_path_factory.mktemp("found") / "rules.jsonl", merged)


@pytest.fixture(scope="module")
def text(corpus, predictions, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    return make_page(path, "--corpus", corpus, "--predictions", predictions)


@pytest.fixture(scope="module")
def page(text):
    return Html.read(text)


def details_of(page):
    return json.loads(page.by_id("data").text)


def test_every_tag_is_closed_and_no_id_stands_twice(page):
    ids = [e["id"] for e in page.elements if e["id"] is not None]
    assert len(ids) == len(set(ids)) > 1000


def test_every_link_leads_to_an_id_of_the_page(page):
    ids = {e["id"] for e in page.elements if e["id"] is not None}
    targets = {e["href"] for e in page.all("a")}
    targets |= {f"#{row[2]}" for *_, rows in details_of(page).values() for row in rows if row[2]}
    assert targets and {t for t in targets if t[0] != "#" or t[1:] not in ids} == set()


def test_labels_and_regions_name_what_is_there(page):
    ids = {e["id"] for e in page.elements if e["id"] is not None}
    named = {e["aria-labelledby"] for e in page.elements if e["aria-labelledby"]}
    assert named and named <= ids


def test_every_item_of_gold_has_its_address_and_its_details(page):
    gold = load_gold()
    wanted = {
        f"{name}-{item.id}" for name, layer in gold.items() for part in PARTS for item in getattr(layer, part)
    }
    ids = {e["id"] for e in page.all("a", **{"class": "h"})}
    assert wanted <= ids
    assert ids == details_of(page).keys()


def test_the_texts_are_there_to_the_letter(page):
    """The paragraphs of each article joined are its regions."""
    for name, document in load_gold().documents.items():
        shown = [e.text for e in page.inside(page.by_id(name), **{"class": "g"})]
        assert shown == [document.text[r.start : r.end] for r in document.regions]


def test_every_item_is_drawn_over_its_own_words(page):
    for name, layer in load_gold().items():
        drawn = {}
        for segment in page.inside(page.by_id(name), **{"class": "s"}):
            if any("g" in e.classes for e in segment.path):
                for id in (segment["data-i"] or "").split():
                    drawn[id] = drawn.get(id, "") + segment.text
        for mention in layer.mentions:
            assert drawn[f"{name}-{mention.id}"] == mention.text
        for claim in layer.claims:
            assert drawn[f"{name}-{claim.id}"].replace("\n", "") == "".join(
                s.text for s in claim.spans
            ).replace("\n", "")


def test_details_name_speaker_claimer_and_what_else_is_annotated(page):
    found = details_of(page)
    layer, kind, id, rows = found["sputnik-q2"]
    said = {name: (value, href) for name, value, href in rows}
    assert (layer, kind, id) == ("q", "quote", "q2")
    assert said["speaker"][0] == "Kim Jong Un"
    assert said["kind"][0] == "direct"
    assert said["utterance"] == ("u1, 2 renderings", "u1")
    assert said["also in"] == ("The Japan Times q13", "japantimes-q13")
    rows = {name: value for name, value, _ in found["lenta-c3"][3]}
    assert rows["claimer"] == "the article itself"
    assert rows["proposition"].startswith("The summit between Vladimir Putin and Kim Jong Un")
    assert rows["same as"] == "Sputnik c3"
    assert rows["across"] == "supported by 1, contradicts 1"


def _inside(text, name):
    return re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)


def test_the_page_asks_nothing_of_any_network(text, page):
    loading = [
        e for e in page.elements if any(e[key] for key in ("src", "srcset", "data", "poster", "action"))
    ]
    links = [e["href"] for e in page.all("link")]
    assert (loading, links) == ([], ["data:,"])
    assert not re.findall(
        r"https?:|//\w|@import|url\(", "".join(_inside(text, "style") + _inside(text, "script"))
    )


def test_the_policy_allows_this_script_and_this_style_alone(text, page):
    (policy,) = [e["content"] for e in page.all("meta") if e["http-equiv"]]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for name, directive in (("style", "style-src"), ("script", "script-src")):
        (inside,) = _inside(text, name)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert rules[directive] == f"'sha256-{digest}'"
    assert [
        e for e in page.elements if e["style"] is not None or any(k.startswith("on") for k in e.attributes)
    ] == []


def test_the_five_articles_with_a_system_stay_under_two_megabytes(text):
    assert len(text.encode()) < 2_000_000


def test_the_same_corpus_gives_the_same_bytes_and_the_file_is_left_alone(corpus, tmp_path):
    path = tmp_path / "report.html"
    first = make_page(path, "--corpus", corpus)
    before = path.stat().st_mtime_ns
    assert make_page(path, "--corpus", corpus) == first
    assert path.stat().st_mtime_ns == before


def test_the_head_counts_what_there_is(page):
    gold = load_gold()
    (head,) = page.all("p", **{"class": "sum"})
    counts = [
        f"{sum(len(getattr(y, part)) for y in gold.values()):,} {name}"
        for part, name in (("mentions", "mentions"), ("quotes", "quotes"), ("claims", "claims"))
    ]
    for words in ("5 articles", *counts, "1 utterance told again", "1 contradiction"):
        assert words in head.text


def test_utterances_stand_side_by_side_with_numbered_typed_differences(page):
    card = page.by_id("u1")
    assert [e.text for e in page.inside(card, **{"class": "letter"})] == ["A", "B"]
    segments = [e for e in page.inside(card, **{"class": "df"}) if e["data-i"]]
    assert all("df-wording" in e.classes for e in segments)
    marked = [(e["data-i"], e.text) for e in segments]
    assert marked == [
        ("B1", "gave birth to"),
        ("B2", "space explorers"),
        ("B1", "produced"),
        ("B2", "conquerors of space"),
    ]
    assert [e.text for e in page.all("sup") if card in e.path] == ["B1", "B2", "B1", "B2"]
    assert "of Soviet times" in card.text


def test_a_contradiction_has_both_passages_in_context_and_its_reason(page):
    section = page.by_id("contradictions")
    (card,) = page.inside(section, **{"class": "card"})
    assert "about six hours / nearly four hours" in card.text
    clips = [e.text for e in page.inside(card, **{"class": "clip"})]
    marked = [e.text for e in page.inside(card, **{"class": "say"})]
    assert sorted(marked) == [
        "The negotiations lasted nearly four hours",
        "The summit lasted about six hours in total",
    ]
    assert all(len(clip) > len(words) for clip, words in zip(sorted(clips), sorted(marked), strict=True))
    assert "more that follow from the others: 1" in section.text


def test_the_matrix_says_who_reports_what(page):
    (row,) = [
        row
        for row in page.all("tr", **{"class": "found"})
        if row.text.startswith(
            "The summit between Vladimir Putin and Kim Jong Un at the Vostochny Cosmodrome lasted"
        )
    ]
    six = [(a["class"], a["href"]) for a in page.all("a") if row in a.path and a["class"]]
    # In the order of the articles; that Sputnik also says more is not shown where it says it.
    assert six == [("denies", "#agencies-c9"), ("says", "#lenta-c3"), ("says", "#sputnik-c3")]
    kinds = [row["data-kind"] for row in page.all("tr", **{"class": "found"})]
    # Two claims are the same, and only that proposition is in two articles. What contradicts and what entails
    # it are disputed with it.
    assert len(kinds) == sum(len(layer.claims) for layer in load_gold().values()) - 1
    assert [kind for kind in kinds if "shared" in kind] == ["shared disputed"]
    assert sum("disputed" in kind for kind in kinds) == 3


def test_markup_in_an_article_is_shown_as_text(tmp_path):
    page = Html.read(make_page(tmp_path / "report.html", "--corpus", hostile(tmp_path)))
    assert "".join(e.text for e in page.all("p", **{"class": "g"})) == HOSTILE.replace("\n", "")
    assert len(page.all("script")) == 2
    assert page.all("img") == page.all("b", onclick="x()") == []
    assert [e.attributes for e in page.elements if any(k.startswith("on") for k in e.attributes)] == []
    said = {name: value for name, value, _ in details_of(page)["bad-q1"][3]}
    assert said["speaker"] == "<img src=x onerror=n()>"


def test_a_corpus_without_links_rounds_and_leaderboard_says_so(tmp_path):
    page = Html.read(make_page(tmp_path / "report.html", "--corpus", hostile(tmp_path)))
    assert "no links across its articles yet" in page.by_id("across").text
    assert "no leaderboard" in page.by_id("leaderboard").text
    assert "no annotation rounds" in page.by_id("agreement").text
    assert "has not been audited" in page.by_id("agreement").text


def test_a_corpus_without_gold_shows_its_texts_and_what_a_system_finds(tmp_path):
    hostile(tmp_path)
    for path in (tmp_path / "gold").iterdir():
        path.unlink()
    (tmp_path / "gold").rmdir()
    found = predictions_file(
        tmp_path / "x.jsonl", [Layer("bad", "", mentions=(Mention("m1", 0, 2, "He", "PERSON"),))]
    )
    page = Html.read(
        make_page(tmp_path / "report.html", "--corpus", tmp_path, "--predictions", f"mine={found}")
    )
    assert "No gold yet" in page.by_id("bad").text
    assert page.by_id("mine-bad-m1")


def test_systems_with_one_name_are_told_apart(corpus, predictions, tmp_path):
    arguments = ("--corpus", corpus, *["--predictions", predictions] * 2)
    page = Html.read(make_page(tmp_path / "report.html", *arguments))
    for select, first in (("with", ["nothing"]), ("of", [])):
        names = [e.text for e in page.inside(page.by_id(select))]
        assert names == [*first, "rules", "rules (2)"]


def test_the_checkouts_own_page_has_leaderboard_and_rounds(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    page = Html.read(make_page(tmp_path / "report.html"))
    board = page.by_id("leaderboard").text
    assert all(
        title in board for title in ("entities: strict F1", "quotes: content token-F1", "claims: span F1")
    )
    assert (
        "F1 by type" in board
        and "boundary: gold by predicted" in board
        and "types: gold by predicted" in board
    )
    said = page.by_id("agreement").text
    assert "Round r1: self-consistency" in said and "speaker F1" in said and "certainty κ" in said
    assert "Round r2: self-consistency" in said and "supports, pair F1" in said and "utterances" in said


def test_a_bar_is_as_long_as_its_score(tmp_path):
    leaf = {"tp": 1, "fp": 1, "fn": 0, "precision": 0.5, "recall": 1.0, "f1": 2 / 3, "ci95": [0.25, 0.75]}
    row = {"system": "one", "kind": "rules", "tasks": {"claims": {"span": leaf}}}
    board = tmp_path / "board.json"
    board.write_bytes(dump_json({"documents": ["bad"], "systems": [row]}))
    page = Html.read(
        make_page(tmp_path / "report.html", "--corpus", hostile(tmp_path), "--leaderboard", board)
    )
    (fill,) = page.all("rect", **{"class": "fill"})
    (whisker,) = page.all("line", **{"class": "whisker"})
    assert fill["width"] == "66.67"
    assert (whisker["x1"], whisker["x2"]) == ("25.00", "75.00")
    assert "66.7" in page.by_id("leaderboard").text and "25.0–75.0" in page.by_id("leaderboard").text


def test_an_audits_result_is_shown(tmp_path):
    shutil.copytree(ROOT / "tests/fixtures/positive/audit-1", tmp_path / "audits/audit-1")
    page = Html.read(make_page(tmp_path / "report.html", "--corpus", hostile(tmp_path)))
    said = page.by_id("agreement").text
    # One planted error, found: 100 % with Wilson's interval; no real error, of 10 items.
    for words in (
        "audit-1",
        "1 of 1",
        "100.0",
        "20.6–100.0",
        "mention type",
        "0.0 (0–8) errors",
        "0.00 (0.00–80.00) %",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("arguments", "check"),
    [
        (["--predictions", "missing.jsonl"], "unreadable-file"),
        (["--leaderboard", "missing.json"], "unreadable-file"),
        (["--links", "missing.json"], "unreadable-file"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_written(arguments, check, tmp_path, corpus):
    from click.testing import CliRunner

    out = tmp_path / "report.html"
    result = CliRunner().invoke(cli, ["report", "-o", str(out), "--corpus", str(corpus), *arguments])
    assert isinstance(result.exception, InputError)
    assert [problem.check for problem in result.exception.problems] == [check]
    assert not out.exists()


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("systems", 0, "kind"), 3, "$.systems[0].kind"),
        (("systems", 0, "tasks", "entities"), {}, "$.systems[0].tasks.entities.strict"),
        (("systems", 0, "tasks", "quotes", "content_token", "f1"), "high", "content_token.f1: found"),
        (
            ("systems", 0, "tasks", "quotes", "content_token", "ci95"),
            [0.1],
            "ci95: found [0.1], expected two numbers",
        ),
        (("linkers", 0), "tfidf", "$.linkers[0]: found 'tfidf', expected an object"),
        (("notes",), [1], "$.notes[0]"),
    ],
)
def test_a_leaderboard_that_cannot_be_drawn_is_refused_with_its_place(path, value, where, tmp_path, corpus):
    from click.testing import CliRunner

    board = json.loads((ROOT / "eval/results/leaderboard.json").read_text())
    inner = board
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    (tmp_path / "board.json").write_text(json.dumps(board))
    arguments = ["report", "-o", str(tmp_path / "r.html"), "--corpus", str(corpus)]
    result = CliRunner().invoke(cli, [*arguments, "--leaderboard", str(tmp_path / "board.json")])
    assert isinstance(result.exception, InputError)
    assert [problem.check for problem in result.exception.problems] == ["no-leaderboard"]
    assert where in str(result.exception)
