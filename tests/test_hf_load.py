"""The exported folder as the real ``datasets`` library loads it, offline and in a process of its own."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from vostochny.annotations import corpus, hf
from vostochny.annotations.hf_card import data_file, table_digest
from vostochny.annotations.hf_tables import NER_TAGS, TABLE_SCHEMAS
from vostochny.annotations.notation import read_notation
from vostochny.schema.model import Document, Entity, Layer, Links

CHECKOUT = Path(__file__).parents[1]
PLACEHOLDER = "path/to/vostochny"

DECISIONS = """
s2
e Tsiolkovsky | GPE | tsiolkovsky
e Vladimir Putin | PERSON | vladimir-putin

q q1
  content: s2 discuss ... problems
  source: s2 Vladimir Putin
  cue: s2 visited
  speaker: vladimir-putin

q q2
  content: s2 regional and global security

c c1
  span: s2 Vladimir Putin visited North Korean leader Kim Jong Un
  type: fact
  says: Vladimir Putin visited Kim Jong Un.
"""
LINKS = Links("gold", (Entity("vladimir-putin", "Vladimir Putin", "PERSON"),))


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {"sputnik": corpus.load_documents()["sputnik"]}


@pytest.fixture(scope="module")
def gold(documents) -> dict[str, Layer]:
    return {"sputnik": read_notation(DECISIONS, documents["sputnik"], "gold")}


@pytest.fixture
def checkout(tmp_path, documents, gold) -> Path:
    """An exported folder among files that are no part of the data set."""
    folder = tmp_path / "vostochny"
    for decoy in ("annotations/gold/a.json", "annotations/articles/a.txt", "cli/main.py", "preds.jsonl"):
        (folder / decoy).parent.mkdir(parents=True, exist_ok=True)
        (folder / decoy).write_text("{}")
    hf.export(folder, documents, gold, LINKS)
    return folder


def run(script: str, cache: Path, *arguments: object) -> str:
    """What a Python script prints that may not use the network."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    environment |= {"HF_HOME": str(cache), "HF_HUB_OFFLINE": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(
        command, env=environment, cwd=cache.parent, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def filled(folder: Path) -> list[str]:
    """The configurations that have rows: those of the card."""
    return [name for name in hf.SCHEMAS if pq.read_metadata(folder / data_file(name)).num_rows]


def rows_of(folder: Path, name: str) -> list[dict]:
    return pq.read_table(folder / data_file(name)).to_pylist()


LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset
path, *names = sys.argv[1:]
found = {"configs": get_dataset_config_names(path), "default": load_dataset(path)["test"].column_names}
for name in names:
    data = load_dataset(path, name)
    assert list(data) == ["test"]
    found[name] = list(data["test"])
feature = load_dataset(path, "entities", split="test").features["ner_tags"]
found["tags"] = (feature[0] if isinstance(feature, list) else feature.feature).names
print(json.dumps(found))
"""


@pytest.mark.slow
def test_every_configuration_loads_offline(checkout, tmp_path):
    names = filled(checkout)
    assert {*TABLE_SCHEMAS, "entity_links", "entity_link_pairs"} <= set(names)
    found = json.loads(run(LOAD, tmp_path / "cache", checkout, *names))
    assert found["configs"] == names
    assert found["default"] == TABLE_SCHEMAS["documents"].names
    assert found["tags"] == list(NER_TAGS)
    for name in names:
        assert found[name] == rows_of(checkout, name)
    first, second = found["quotes"]
    assert (first["speaker_name"], first["source"]["text"]) == ("Vladimir Putin", "Vladimir Putin")
    assert [span["text"] for span in first["content"]] == ["discuss a number of urgent problems"]
    assert (second["source"], second["cue"], second["speaker"]) == (None, [], None)


@pytest.mark.slow
def test_changed_gold_is_not_served_stale(checkout, tmp_path, documents, gold):
    script = (
        "import json, sys; from datasets import load_dataset\n"
        "quotes, entities = (load_dataset(sys.argv[1], c, split='test')[:] for c in ('quotes', 'entities'))\n"
        "print(json.dumps([quotes['status'], sorted({n for tags in entities['ner_tags'] for n in tags})]))"
    )
    before = run(script, tmp_path / "cache", checkout)
    layer = gold["sputnik"]
    changed = replace(
        layer,
        quotes=tuple(replace(quote, status="hypothetical") for quote in layer.quotes or ()),
        mentions=tuple(replace(mention, type="WORK_OF_ART") for mention in layer.mentions or ()),
    )
    hf.export(checkout, documents, {"sputnik": changed}, LINKS)
    after = run(script, tmp_path / "cache", checkout)
    # O is class 0, B-PERSON 1, I-PERSON 2, B-GPE 9, B-WORK_OF_ART 17 and I-WORK_OF_ART 18.
    assert json.loads(before) == [["actual", "actual"], [0, 1, 2, 9]]
    assert json.loads(after) == [["hypothetical", "hypothetical"], [0, 17, 18]]


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1])
def test_loading_examples_of_the_readme_run(tmp_path, number):
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    section = re.split(r"\n## Load it\n", readme)[1].split("\n## ")[0]
    block = re.findall(r"```python\n(.*?)```", section, re.DOTALL)[number]
    assert PLACEHOLDER in block
    assert run(block.replace(PLACEHOLDER, str(CHECKOUT)), tmp_path / "cache").strip()


DIGESTS = """
import json, sys
from datasets import load_dataset
from vostochny.annotations.hf_card import table_digest
path, *names = sys.argv[1:]
print(json.dumps({name: table_digest(load_dataset(path, name, split="test").data.table) for name in names}))
"""


@pytest.mark.slow
def test_the_checkout_itself_loads(tmp_path):
    names = filled(CHECKOUT)
    found = json.loads(run(DIGESTS, tmp_path / "cache", CHECKOUT, *names))
    expected = {name: table_digest(pq.read_table(CHECKOUT / data_file(name))) for name in names}
    assert found == expected


def test_no_module_at_the_root_shadows_the_data_set():
    # datasets takes a file <folder name>.py for a loading script, and a checkout may have any name: none may
    # be shipped. What users put there, like the README's mine.py, is theirs.
    shipped = [f"{CHECKOUT.name}.py"]
    if (CHECKOUT / ".git").exists():
        shipped = subprocess.check_output(["git", "ls-files"], cwd=CHECKOUT, text=True).split("\n")
    at_the_root = [name for name in shipped if name.endswith(".py") and "/" not in name]
    assert [name for name in at_the_root if (CHECKOUT / name).exists()] == []
