"""The project as a whole: packaging, the articles' bytes, the documents' figures and examples."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
from click.testing import CliRunner

from vostochny.annotations import load_documents, load_gold, load_round
from vostochny.annotations.consistency import round_agreement
from vostochny.annotations.corpus import load_registry
from vostochny.baselines import BASELINES, predict
from vostochny.cli.leaderboard import markdown
from vostochny.cli.main import COMMANDS, cli
from vostochny.eval import score, seqeval_report
from vostochny.schema.registry import Resolver

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

# SHA-256 of the articles as they were received.
RECEIVED = {
    "agencies": "9951bb31ba90d2d7232991ef522d64227bb321b50925d69d631ad9ff8fc508dd",
    "ist": "6dbcff5a48b7a1d48ed4809e90eda9a80e8669f70c587e2464d50d1894a392e9",
    "japantimes": "98463c0c9b743d79fb9f339aafd366e3bf9821c61882a8c5d0965b84ebe82b95",
    "lenta": "5d659e62d7b00d076557e554119431d5bb48c527b6992a5896b298e4e4759e05",
    "sputnik": "34213ce5f3d19057d8b54a26ff8c69f60c5f5195fb2c258c2fedfd57d831aab8",
}


def run(*command, cwd=ROOT, **environment):
    found = subprocess.run(
        [str(c) for c in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def test_every_room_is_packaged():
    tables = PROJECT["tool"]["setuptools"]
    on_disk = {f"vostochny.{path.parent.name}" for path in ROOT.glob("*/__init__.py")}
    assert set(tables["packages"]) == set(tables["package-dir"]) == on_disk
    assert tables["package-dir"] == {name: name.removeprefix("vostochny.") for name in on_disk}


def test_imports_only_point_down():
    floors = ["schema", "eval", "annotations", "baselines", "cli"]
    for floor, room in enumerate(floors):
        for file in (ROOT / room).glob("*.py"):
            used = set(re.findall(r"^\s*(?:from|import) vostochny\.(\w+)", file.read_text(), re.MULTILINE))
            assert used <= set(floors[: floor + 1]), file


def test_articles_are_byte_for_byte_as_received():
    for name, digest in RECEIVED.items():
        assert (
            hashlib.sha256((ROOT / "annotations/articles" / f"{name}.txt").read_bytes()).hexdigest() == digest
        )
    assert {d.id: d.text_sha256 for d in load_documents().values()} == RECEIVED


def test_the_corpus_is_pinned_by_counts_first_and_last():
    documents, gold = load_documents(), load_gold()
    assert list(documents) == list(gold) == sorted(RECEIVED)
    texts = {name: layer.quotes[-1].content[-1].text for name, layer in gold.items()}
    assert texts["sputnik"].endswith('the US does not wish for the DPRK to possess,"')
    first = gold["sputnik"].mentions[0]
    assert (first.text, first.start, first.end, first.type) == ("Putin", 22, 27, "PERSON")


def test_a_name_that_names_one_entity_resolves_to_it():
    resolver = Resolver(load_registry())
    named = {}
    for layer in load_gold().values():
        for mention in layer.mentions:
            if mention.entity:
                named.setdefault(mention.text, set()).add(mention.entity)
    wrong = [t for t, ids in named.items() if len(ids) == 1 and resolver.resolve(t) not in ids]
    assert wrong == ["Democratic People’s] Republic's [of Korea"]  # brackets that an editor put in


def test_strict_f1_is_seqevals_on_the_corpus():
    documents, gold = load_documents(), load_gold()
    found = predict(BASELINES["entities-rules"].factory(), documents.values())
    strict = score(gold, found, documents=documents, tasks=["entities"], n_boot=0).totals(
        "entities", "strict"
    )
    report = seqeval_report(gold, found, documents)
    assert report["left_out"] == {"gold": 0, "predicted": 0}
    micro = report["micro avg"]
    assert [micro["precision"], micro["recall"], micro["f1-score"]] == pytest.approx(
        [strict.precision, strict.recall, strict.f1]
    )
    assert micro["support"] == strict.n_gold == 670


def test_raw_layers_are_never_changed():
    """The digests of the rounds' layers, as they were when the rounds were closed."""
    pinned = json.loads((ROOT / "tests/fixtures/raw-layers.json").read_bytes())
    found = {
        str(path.relative_to(ROOT / "annotations/rounds")): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((ROOT / "annotations/rounds").glob("r*/a*/*.json"))
    }
    assert found == pinned


@pytest.mark.parametrize("name", ["r0", "r1"])
def test_no_figure_of_agreement_is_below_its_bar(name):
    figures, _ = round_agreement(load_round(name), load_documents(), load_registry())
    assert [f for f in figures if f.low] == []
    assert sum(f.bar is not None for f in figures) == 10


def test_figures_in_the_documents_are_those_of_the_data(monkeypatch):
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(cli, ["docs", "--check"])
    assert result.exit_code == 0, result.exception


def test_the_readme_has_the_leaderboard_file():
    table = (ROOT / "eval/results/leaderboard.md").read_text()
    assert table in (ROOT / "README.md").read_text()
    assert table == markdown(json.loads((ROOT / "eval/results/leaderboard.json").read_bytes()))


def test_readme_links_lead_somewhere():
    for name in ("README.md", "DATASHEET.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text()
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            if "*" not in target:
                assert (ROOT / target).exists(), f"{name}: {target}"


def test_the_readme_names_every_command():
    text = "".join((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))
    assert [name for name in COMMANDS if f"vostochny {name}" not in text] == []


def test_the_readme_extractor_runs_and_is_scored(tmp_path):
    code = re.search(
        r"```python\n# mine/extractor.py\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )[1]
    (tmp_path / "mine.py").write_text(code)
    vostochny = Path(sys.executable).parent / "vostochny"
    run(vostochny, "predict", "mine.py:extract", "-o", "preds.jsonl", cwd=tmp_path)
    out = run(vostochny, "score", "preds.jsonl", "--task", "entities", "--format", "json", cwd=tmp_path)
    strict = json.loads(out)["tasks"]["entities"]["strict"]
    assert strict["tp"] >= 1  # "Kremlin" stands in two articles
    assert strict["fp"] == 0


def test_the_readme_prediction_is_valid(tmp_path):
    line = re.search(r"```json\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
    (tmp_path / "preds.jsonl").write_text(line)
    vostochny = Path(sys.executable).parent / "vostochny"
    run(vostochny, "validate", tmp_path / "preds.jsonl")


def test_bad_input_never_gives_a_traceback(tmp_path):
    vostochny = Path(sys.executable).parent / "vostochny"
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(b'{"document": "ist"\n\xff')
    for command in (
        ["score", broken],
        ["score", tmp_path / "missing.jsonl"],
        ["validate", broken],
        ["diff", broken, broken],
        ["notate", broken, "ist", "--annotator", "a"],
        ["notate", broken, "nowhere", "--annotator", "a"],
        ["show", "nowhere"],
        ["round", "agree", "r99"],
        ["round", "draft", "r1", "nowhere"],
        ["predict", "nobody", "-o", tmp_path / "x.jsonl"],
        ["add", tmp_path / "missing.txt"],
        ["lint", "--corpus", tmp_path],
        ["docs"],
    ):
        found = subprocess.run(
            [str(c) for c in (vostochny, *command)], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert found.returncode in (1, 2), (command, found.stdout, found.stderr)
        assert found.stderr.strip(), command
        assert "Traceback" not in found.stderr, (command, found.stderr)


@pytest.mark.slow
def test_the_wheel_carries_the_gold(tmp_path):
    """Built as users build it (sdist, then wheel), installed into a clean environment, loaded from there."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path / "dist", ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    venv.create(tmp_path / "clean", with_pip=True, system_site_packages=False)
    python = tmp_path / "clean/bin/python"
    site = Path(next(p for p in sys.path if p.endswith("site-packages")))
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", wheel)
    program = (
        "import vostochny.annotations as a; g = a.load_gold(); "
        "print(a.ROOT, len(g), sum(len(l.mentions) for l in g.values()), len(a.load_round('r1').layers), "
        "__import__('vostochny.annotations.studio_install', fromlist=['version']).version())"
    )
    # The dependencies come from this environment, vostochny itself from the wheel alone.
    out = run(python, "-c", program, cwd=tmp_path, PYTHONPATH=str(_dependencies(site, tmp_path)))
    where, documents, mentions, annotators, label_studio = out.split()
    assert label_studio == "1.23.2"
    assert Path(where).is_relative_to(tmp_path / "clean")
    assert (int(documents), int(annotators)) == (5, 2)
    assert int(mentions) == sum(len(layer.mentions) for layer in load_gold().values())


def _dependencies(site: Path, folder: Path) -> Path:
    """A folder with links to the installed dependencies, without vostochny."""
    out = folder / "dependencies"
    out.mkdir()
    for path in site.iterdir():
        if "vostochny" not in path.name and path.suffix != ".pth":
            (out / path.name).symlink_to(path)
    return out
