"""Rounds of links over the five articles: loading, agreement, status, similar pairs, notation, merge."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from vostochny.annotations.corpus import load_gold
from vostochny.annotations.history import load_history
from vostochny.annotations.link_changes import link_counts
from vostochny.annotations.link_consistency import links_agreement, still_there
from vostochny.annotations.link_lines import read_closed_links
from vostochny.annotations.link_pairs import pair_readings
from vostochny.annotations.rounds import load_round
from vostochny.cli.main import cli
from vostochny.schema.closure import closed_relations
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, dump_jsonl
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import Gold, Links, Ref
from vostochny.schema.readers import read_links

ROOT = Path(__file__).parent.parent / "annotations"

ANA = """\
utterance kim-jong-un: sputnik.q2 japantimes.q13
  wording: sputnik.q2 "gave birth to" | japantimes.q13 "produced"
  wording: sputnik.q2 "space explorers" | japantimes.q13 "conquerors of space"
utterance -: ist.q4 sputnik.q5
same: sputnik.c8 japantimes.c24
supports: ist.c32 > ist.c7
supports: ist.c7 > sputnik.c16
contradicts: lenta.c3 x agencies.c9 // about six hours, nearly four hours
"""

BEN = """\
utterance kim-jong-un: sputnik.q2 japantimes.q13
  addition: sputnik.q2 "gave birth to" | japantimes.q13 "produced"
same: sputnik.c8 japantimes.c24
supports: ist.c32 > ist.c7
contradicts: lenta.c3 x agencies.c9 // six hours are not four
"""

LINK_PARTS = ["utterances", "claim_groups", "claim_relations"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """The five articles with gold 1.0.0 and an open round of links by ana and ben."""
    for room in ("articles", "documents", "gold"):
        shutil.copytree(ROOT / room, tmp_path / "corpus" / room)
    root = tmp_path / "corpus"
    links = replace(read_links(root / "gold" / "links.json"), utterances=None, claim_groups=None)
    (root / "gold" / "links.json").write_bytes(dump_json(links_to_json(replace(links, claim_relations=None))))
    history = json.loads((root / "gold" / "history.json").read_bytes())[:1]
    (root / "gold" / "history.json").write_bytes(dump_json(history))
    manifest = {
        "schema_version": "1.0.0",
        "id": "r9",
        "purpose": "Links, read twice.",
        "guidelines": "1.0.0",
        "blind": True,
        "state": "open",
        "documents": ["agencies", "ist", "japantimes", "lenta", "sputnik"],
        "parts": LINK_PARTS,
        "annotators": [{"id": name, "kind": "human", "procedure": "In order."} for name in ("ana", "ben")],
        "adjudicator": "cleo",
    }
    (root / "rounds" / "r9").mkdir(parents=True)
    (root / "rounds" / "r9" / "round.json").write_bytes(dump_json(manifest))
    put(root, "ana", ANA)
    put(root, "ben", BEN)
    return root


def put(root: Path, folder: str, text: str, annotator: str | None = None) -> Links:
    links = read_closed_links(text, load_gold(root), annotator=annotator or folder, file="a.txt")
    write(root, folder, links)
    return links


def write(root: Path, folder: str, links: Links) -> None:
    path = root / "rounds" / "r9" / folder / "links.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(dump_json(links_to_json(links)))


def run(root: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [*arguments, "--corpus", str(root)])
    if isinstance(result.exception, InputError):
        return 1, "".join(f"{problem}\n" for problem in result.exception.problems)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def ok(root: Path, *arguments: str) -> str:
    status, output = run(root, *arguments)
    assert status == 0, output
    return output


def refused(root: Path, *arguments: str) -> str:
    status, output = run(root, *arguments)
    assert status != 0, output
    return output


def change(root: Path, **properties: Any) -> None:
    path = root / "rounds" / "r9" / "round.json"
    path.write_bytes(dump_json({**json.loads(path.read_bytes()), **properties}))


def test_a_round_of_links_is_loaded_and_valid(corpus: Path) -> None:
    found = load_round("r9", corpus)
    assert (found.of_links, found.layers, found.complete, found.missing) == (True, {}, (), ())
    assert list(found.links) == ["ana", "ben"]
    ok(corpus, "validate")
    (corpus / "rounds" / "r9" / "ben" / "links.json").unlink()
    assert load_round("r9", corpus).missing_links == ("ben",)
    change(corpus, state="merged")
    assert "[missing-links]" in refused(corpus, "validate")
    with pytest.raises(InputError, match="ben"):
        load_round("r9", corpus)


def test_items_are_looked_up_in_gold_only_while_the_round_is_open(corpus: Path) -> None:
    links = load_round("r9", corpus).links["ana"]
    first, *others = links.utterances or ()
    gone = replace(links, utterances=(replace(first, members=(*first.members, Ref("ist", "q999"))), *others))
    write(corpus, "ana", gone)
    assert "ist has no quote 'q999'" in refused(corpus, "validate")
    with pytest.raises(InputError, match="q999"):
        load_round("r9", corpus)
    change(corpus, state="merged")
    ok(corpus, "validate")
    assert load_round("r9", corpus).links["ana"] == gone
    # What gold has no longer is left out of the agreement, which says so.
    assert "1 members that gold has no longer are left out" in ok(corpus, "round", "agree", "r9")


def test_what_gold_lost_goes_from_links_with_all_that_hangs_on_it() -> None:
    gold = load_gold()
    links = read_closed_links(ANA, gold, annotator="ana", file="a.txt")
    assert still_there(links, gold) == (links, 0)
    layer = gold["sputnik"]
    layers = {
        **gold,
        "sputnik": replace(
            layer,
            quotes=tuple(q for q in layer.quotes or () if q.id != "q2"),
            claims=tuple(c for c in layer.claims or () if c.id != "c16"),
        ),
    }
    left, lost = still_there(links, layers)
    # q2 of two in an utterance, c16 alone in its group, to which two relations lead.
    assert lost == 2
    assert [str(u.members[0]) for u in left.utterances or ()] == ["ist.q4"]
    assert len(left.claim_groups or ()) == len(links.claim_groups or ()) - 1
    assert len(left.claim_relations or ()) == len(links.claim_relations or ()) - 2


def test_the_figures_by_hand(corpus: Path) -> None:
    found, gold = load_round("r9", corpus), load_gold(corpus)
    report = links_agreement(found, gold, ("ana", "ben"), n_boot=0)
    figures = {(f.part, f.name): (f.value, f.n) for f in report.figures}
    # One of ana's two pairs of quotes is ben's only one: P = 1, R = 1/2, F1 = 2/3.
    assert figures["utterances", "pair F1"] == (pytest.approx(2 / 3), 2)
    assert figures["claim_groups", "same, pair F1"] == (1.0, 1)
    # ana: two, and the third that follows; ben: the first of them. P = 1, R = 1/3, F1 = 1/2.
    assert figures["claim_relations", "supports, pair F1"] == (0.5, 3)
    assert figures["claim_relations", "contradicts, pair F1"] == (1.0, 1)
    # Of ana's two differences ben saw one: F1 = 2·1/(2 + 1); typed otherwise, so κ = (0 - 0)/(1 - 0) = 0.
    assert figures["utterances", "differences F1"] == (pytest.approx(2 / 3), 2)
    assert figures["utterances", "difference type κ"] == (0.0, 1)
    assert report.left_out == 0
    # ana agrees with herself in everything; κ of a single label, wording, is undefined.
    twice = replace(found, links={**found.links, "ben": found.links["ana"]})
    same = links_agreement(twice, gold, ("ana", "ben"), n_boot=0)
    assert {f.name for f in same.figures if f.value != 1.0} == {"difference type κ"}


def test_agree_prints_tables_and_json(corpus: Path) -> None:
    output = ok(corpus, "round", "agree", "r9")
    assert "agreement of ana and ben on links across 5 document(s)" in output
    assert "self-consistency" not in output
    value = json.loads(ok(corpus, "round", "agree", "r9", "--format", "json"))
    assert value["measure"] == "agreement"
    assert value["tasks"]["utterances"]["pairs"]["f1"] == pytest.approx(2 / 3)
    markdown = ok(corpus, "round", "agree", "r9", "--format", "markdown")
    assert "| utterances | pair F1 | 0.667 |" in markdown
    # A registry without mentions is nothing to agree on.
    change(corpus, parts=["entities", *LINK_PARTS])
    assert "| entities |" not in ok(corpus, "round", "agree", "r9", "--format", "markdown")
    assert "Differences that both saw, by type: ana down, ben across" in markdown
    manifest = json.loads((corpus / "rounds" / "r9" / "round.json").read_bytes())
    change(corpus, annotators=[{**each, "kind": "language-model"} for each in manifest["annotators"]])
    assert "this is self-consistency, not validity" in ok(corpus, "round", "agree", "r9")


def test_three_annotators_are_compared_in_pairs(corpus: Path) -> None:
    manifest = json.loads((corpus / "rounds" / "r9" / "round.json").read_bytes())
    change(corpus, annotators=[*manifest["annotators"], {**manifest["annotators"][0], "id": "dora"}])
    assert "not there yet: dora" in ok(corpus, "round", "agree", "r9")
    put(corpus, "dora", "utterance -: ist.q4 sputnik.q5\n")
    markdown = ok(corpus, "round", "agree", "r9", "--format", "markdown")
    # ana, ben 2/3; ana, dora: one pair of two, 2/3; ben, dora: no pair in common, 0. The mean is 4/9.
    assert "| utterances | pair F1 | 0.444 | 0.667 | 0.667 | 0.000 |" in markdown
    (corpus / "rounds" / "r9" / "ana" / "links.json").unlink()
    (corpus / "rounds" / "r9" / "ben" / "links.json").unlink()
    assert "agreement needs two" in refused(corpus, "round", "agree", "r9")


def test_status_says_whose_links_are_there(corpus: Path) -> None:
    output = ok(corpus, "round", "status", "r9")
    assert "open" in output
    assert "next: vostochny round agree r9" in output
    value = json.loads(ok(corpus, "round", "status", "r9", "--format", "json"))
    # ana's groups: c8 with c24, and five alone; relations: three supports with what follows, a contradiction.
    assert value["links"]["ana"] == {"utterances": 2, "claim_groups": 6, "claim_relations": 4}
    (corpus / "rounds" / "r9" / "ben" / "links.json").unlink()
    assert "not there yet" in ok(corpus, "round", "status", "r9")


def test_the_log_of_a_round_of_links_lists_what_is_to_be_decided(corpus: Path) -> None:
    lines = [json.loads(line) for line in ok(corpus, "round", "log", "r9").splitlines()]
    said = {
        tuple(f"{line[key]['document']}.{line[key]['id']}" for key in ("first", "second")): line["readings"]
        for line in lines
    }
    # By the lines of ANA and BEN alone; ist.c32 supports sputnik.c16 because ist.c7 does.
    assert said == {
        ("ist.q4", "sputnik.q5"): {"ana": "same", "ben": None},
        ("ist.c7", "sputnik.c16"): {"ana": "supports", "ben": None},
        ("ist.c32", "sputnik.c16"): {"ana": "supports", "ben": None},
    }
    assert {(line["gold"], line["rule"], line["reason"]) for line in lines} == {(None, "", "")}
    told = "without a reason in the logs: {} pairs of which the annotators say different things"
    assert told.format(3) in ok(corpus, "round", "status", "r9")
    put(corpus, "adjudicated", ANA, "gold")
    lines = [json.loads(line) for line in ok(corpus, "round", "log", "r9").splitlines()]
    assert [line["gold"] for line in lines] == ["supports", "supports", "same"]
    # What stands in the log is not asked for again; once filled in, the lines are those of the log.
    path = corpus / "rounds" / "r9" / "adjudication" / "links.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(dump_jsonl({**line, "rule": "4.3", "reason": "So it is."} for line in lines[1:]))
    (left,) = ok(corpus, "round", "log", "r9").splitlines()
    assert json.loads(left) == lines[0]
    assert told.format(1) in ok(corpus, "round", "status", "r9")
    path.write_bytes(dump_jsonl({**line, "rule": "4.3", "reason": "So it is."} for line in lines))
    assert "without a reason" not in ok(corpus, "round", "status", "r9")
    ok(corpus, "round", "similar", "r9", "--top", "1")
    assert "2 similar pairs (similar.jsonl)" in ok(corpus, "round", "status", "r9")
    ok(corpus, "validate")
    (corpus / "rounds" / "r9" / "ben" / "links.json").unlink()
    assert "round r9 lacks the links of ben" in refused(corpus, "round", "log", "r9")


def test_a_merge_tells_what_was_decided_without_a_reason(corpus: Path) -> None:
    put(corpus, "adjudicated", ANA, "gold")
    output = ok(corpus, "round", "merge", "r9")
    assert "gold 1.1.0" in output
    assert "without a reason in the logs: 3 pairs of which the annotators say different things" in output


def test_narrow_tables_have_their_whole_title(corpus: Path) -> None:
    assert "\nDifferences that both saw, by type: ana down, ben across\n" in ok(
        corpus, "round", "agree", "r9"
    )


def test_what_a_round_of_links_replaced_may_be_by_anybody(corpus: Path) -> None:
    path = corpus / "gold" / "links.json"
    path.write_bytes(dump_json(links_to_json(replace(read_links(path), annotator="ana"))))
    adjudicate(corpus)
    ok(corpus, "round", "merge", "r9")
    assert read_links(corpus / "rounds" / "r9" / "replaced" / "links.json").annotator == "ana"
    ok(corpus, "validate")


@pytest.mark.parametrize(
    "arguments",
    [
        ("draft", "r9", "ist"),
        ("log", "r9", "ist"),
        ("adjudicate", "r9"),
        ("pull", "r9"),
        ("start", "r9", "--annotators", "ana,ben"),
        ("review", "r9", "--annotator", "ana"),
    ],
)
def test_commands_for_layers_say_what_is_for_links(corpus: Path, arguments: tuple[str, ...]) -> None:
    output = refused(corpus, "round", *arguments)
    assert "[round-of-links]" in output
    assert "vostochny notate" in output


def adjudicate(corpus: Path) -> Links:
    """ana's links become gold, with a log of where she and ben differ."""
    gold = put(corpus, "adjudicated", ANA, "gold")
    said = pair_readings({**load_round("r9", corpus).links, "gold": gold})
    lines = [
        {
            "part": pair.part,
            "first": {"document": pair.first.document, "id": pair.first.id},
            "second": {"document": pair.second.document, "id": pair.second.id},
            "readings": {name: each[name] for name in ("ana", "ben")},
            "gold": each["gold"],
            "rule": "4.3",
            "reason": "It follows.",
        }
        for pair, each in said.items()
        if each["ana"] != each["ben"]
    ]
    path = corpus / "rounds" / "r9" / "adjudication" / "links.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(dump_jsonl(lines))
    return gold


def test_a_merge_makes_the_next_gold_and_a_second_one_nothing(corpus: Path) -> None:
    before = read_links(corpus / "gold" / "links.json")
    links = adjudicate(corpus)
    assert "next: vostochny round merge r9" in ok(corpus, "round", "status", "r9")
    # Two utterances, six groups, four relations.
    output = ok(corpus, "round", "merge", "r9")
    assert "without a reason" not in output
    assert "gold 1.1.0: 12 items added, 0 changed, 0 removed" in output
    gold = load_gold(corpus).links
    assert (gold.utterances, gold.claim_groups, gold.claim_relations) == (
        links.utterances,
        links.claim_groups,
        links.claim_relations,
    )
    assert gold.entities == before.entities
    assert [(v.version, v.round, v.added) for v in load_history(corpus)][-1] == ("1.1.0", "r9", 12)
    assert "**Gold 1.1.0**: round `r9`" in (corpus / "CHANGELOG.md").read_text()
    manifest = load_round("r9", corpus).manifest
    assert (manifest["state"], manifest["gold_version"]) == ("merged", "1.0.0")
    lines = (corpus / "rounds" / "r9" / "provenance" / "links.jsonl").read_text().splitlines()
    status = {(line["kind"], line["item"]): line["status"] for line in map(json.loads, lines)}
    assert len(status) == 12
    # Both have the utterance, but not with the same differences.
    assert status["utterances", "u2"] == "adjudicated"
    same = next(group.id for group in gold.claim_groups or () if len(group.members) == 2)
    assert status["claim_groups", same] == "unanimous"
    ok(corpus, "validate")
    everything = {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()}
    assert "merged already: gold 1.1.0" in ok(corpus, "round", "merge", "r9")
    assert {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()} == everything


def test_an_interrupted_merge_is_finished(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vostochny.annotations import merge

    adjudicate(corpus)
    whole = shutil.copytree(corpus, corpus.parent / "whole")
    ok(whole, "round", "merge", "r9")
    real, left = merge.write_changed, [3]

    def failing(path: Path, data: bytes) -> bool:
        if not left[0]:
            raise InputError.of("unwritable-file", "the disk is full", file=str(path))
        left[0] -= 1
        return real(path, data)

    monkeypatch.setattr(merge, "write_changed", failing)
    refused(corpus, "round", "merge", "r9")
    monkeypatch.setattr(merge, "write_changed", real)
    ok(corpus, "round", "merge", "r9")
    for path in (p for p in whole.rglob("*") if p.is_file()):
        assert (corpus / path.relative_to(whole)).read_bytes() == path.read_bytes()


def test_a_merge_is_refused_with_what_to_do(corpus: Path) -> None:
    assert "[not-adjudicated]" in refused(corpus, "round", "merge", "r9")
    links = adjudicate(corpus)
    lacking = [r for r in links.claim_relations or () if not (r.reason or "").startswith("follows")]
    write(corpus, "adjudicated", replace(links, claim_relations=tuple(lacking)))
    output = refused(corpus, "round", "merge", "r9")
    assert "[not-closed]" in output
    assert output.count("\n") == 1
    put(corpus, "adjudicated", BEN, "gold")
    assert "[stale-adjudication]" in refused(corpus, "round", "merge", "r9")
    adjudicate(corpus)
    change(corpus, adjudicator=None)
    assert "[no-adjudicator]" in refused(corpus, "round", "merge", "r9")
    change(corpus, adjudicator="cleo")
    (corpus / "rounds" / "r9" / "ben" / "links.json").unlink()
    assert "[missing-links]" in refused(corpus, "round", "merge", "r9")
    assert len(load_history(corpus)) == 1


def test_counts_of_changes_by_hand() -> None:
    gold = load_gold()
    old = read_closed_links(ANA, gold, annotator="gold", file="a.txt")
    assert link_counts(old, old) == (0, 0, 0)
    assert link_counts(Links("gold"), old) == (12, 0, 0)
    assert link_counts(old, Links("gold")) == (0, 0, 12)
    new = read_closed_links(BEN, gold, annotator="gold", file="b.txt")
    # Changed: the utterance's differences, and the contradiction's reason. Removed: an utterance, the group
    # of sputnik.c16, and the two relations to it.
    assert link_counts(old, new) == (0, 2, 4)
    assert link_counts(new, old) == (4, 2, 0)


def test_notate_goes_both_ways_and_names_lines(corpus: Path, tmp_path: Path) -> None:
    text = tmp_path / "ana.txt"
    text.write_text(ANA)
    out = tmp_path / "links.json"
    ok(corpus, "notate", str(text), "--annotator", "ana", "-o", str(out))
    assert read_links(out) == load_round("r9", corpus).links["ana"]
    back = tmp_path / "back.txt"
    ok(corpus, "notate", str(out), "-o", str(back))
    again = read_closed_links(back.read_text(), load_gold(corpus), annotator="ana", file="back.txt")
    assert again == read_links(out)
    assert "--annotator is needed" in refused(corpus, "notate", str(text))
    assert "give the DOCUMENT" in refused(corpus, "notate", str(corpus / "gold" / "ist.json"))


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (["same: ist.c32 nowhere.c1"], 1, "nowhere"),
        (
            ["# a remark", "supports: ist.c32 > ist.c7", "supports: ist.c7 > ist.c32"],
            3,
            "found ist.c7 supports ist.c32",
        ),
        (
            ["supports: ist.c32 > ist.c7", "supports: ist.c7 > lenta.c3", "supports: lenta.c3 > ist.c32"],
            1,
            "support each other",
        ),
        (
            [
                "same: ist.c32 ist.c7",
                "same: sputnik.c8 japantimes.c24",
                "contradicts: ist.c7 x ist.c32 // no",
            ],
            3,
            "related to itself",
        ),
        (["utterance -: ist.q4 sputnik.q5", "", "utterance -: sputnik.q5 lenta.q2"], 3, "is a member before"),
        (["utterance kim-il: ist.q4 sputnik.q5"], 1, "there is no entity 'kim-il'"),
    ],
)
def test_problems_of_the_notation_stand_at_their_lines(
    tmp_path: Path, lines: list[str], line: int, words: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines))
    output = refused(ROOT, "notate", str(path), "--annotator", "ana")
    assert output.startswith(f"{path}:{line}: ")
    assert words in output


def test_similar_pairs_are_those_that_nobody_related(corpus: Path) -> None:
    assert "100 similar pairs, 100 to decide" in ok(corpus, "round", "similar", "r9")
    path = corpus / "rounds" / "r9" / "similar.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    related = pair_readings(load_round("r9", corpus).links)
    names = {(p.part, str(p.first), str(p.second)) for p in related}
    for part in ("quotes", "claims"):
        mine = [line for line in lines if line["part"] == part]
        assert [line["ranks"]["tfidf"] for line in mine] == list(range(1, 51))
        assert [line["tfidf"] for line in mine] == sorted((line["tfidf"] for line in mine), reverse=True)
    for line in lines:
        first, second = (f"{line[key]['document']}.{line[key]['id']}" for key in ("first", "second"))
        assert (line["part"], first, second) not in names
    ok(corpus, "validate")
    # What is decided stays, what is not goes with a smaller number.
    lines[40] = {**lines[40], "reason": "Two acts of speech."}
    path.write_bytes(dump_jsonl(lines))
    assert "11 similar pairs, 10 to decide" in ok(corpus, "round", "similar", "r9", "--top", "5")
    assert lines[40] in [json.loads(line) for line in path.read_text().splitlines()]
    assert "nothing changed" in ok(corpus, "round", "similar", "r9", "--top", "5")
    assert "is about layers" in refused(ROOT, "round", "similar", "r1")


def test_a_decision_on_a_similar_pair_has_to_be_followed(corpus: Path) -> None:
    adjudicate(corpus)
    ok(corpus, "round", "similar", "r9", "--top", "1")
    path = corpus / "rounds" / "r9" / "similar.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_bytes(dump_jsonl([{**line, "gold": "same", "reason": "Once."} for line in lines]))
    assert refused(corpus, "round", "merge", "r9").count("[stale-adjudication]") == len(lines)
    path.write_bytes(dump_jsonl([{**line, "reason": "Twice."} for line in lines]))
    ok(corpus, "round", "merge", "r9")


def test_closed_links_stay_closed() -> None:
    gold: Gold = load_gold()
    links = read_closed_links(ANA, gold, annotator="ana", file="a.txt")
    assert closed_relations(links) == links.claim_relations
