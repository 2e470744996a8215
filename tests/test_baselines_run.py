import json
import os
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from vostochny.annotations.corpus import load_documents
from vostochny.baselines import BASELINES, LINKERS, load_extractor, predict
from vostochny.cli.baselines import command as baselines_command
from vostochny.cli.predict import command as predict_command
from vostochny.schema import InputError, check_layer, document_to_json, dump_jsonl, layer_to_json
from vostochny.schema.model import Document, Layer, Region
from vostochny.schema.text import tokenize

DOCUMENTS = load_documents()

PLUGIN = """
from vostochny.schema import Layer

class Good:
    def extract(self, document):
        return Layer(document.id, "good", mentions=())

class NoExtract:
    pass

class Unmakable(Good):
    def __init__(self, size):
        pass

def function(document):
    return Layer(document.id, "function", mentions=())

def raises(document):
    raise KeyError("lost")

def wrong_type(document):
    return []

def wrong_document(document):
    return Layer("other", "wrong")

def wrong_items(document):
    return Layer(document.id, "wrong", mentions=({"start": 0},))

number = 3
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    path = tmp_path / "my_plugin.py"
    path.write_text(PLUGIN, encoding="utf-8")
    return path


FITS: list[list[str]] = []
"""The documents of each fit of a recorder: kept here, since each fit is given a copy of it."""


class Recorder:
    """A trainer that keeps all that it ever saw and tells it as its annotator's name."""

    def __init__(self) -> None:
        FITS.clear()
        self.known: list[str] = []

    def fit(self, documents: Sequence[Document], layers: Sequence[Layer]) -> None:
        assert [d.id for d in documents] == [layer.document for layer in layers]
        FITS.append([d.id for d in documents])
        self.known += FITS[-1]

    def extract(self, document: Document) -> Layer:
        return Layer(document.id, " ".join(self.known), mentions=())


def small(name: str, text: str) -> Document:
    return Document(name, text, (), (), (), sha256(text.encode()).hexdigest())


def test_training_leaves_the_document_and_its_twins_out() -> None:
    documents = [small("a", "one"), small("b", "two"), small("c", "three"), small("copy-of-a", "one")]
    layers = {d.id: Layer(d.id, "gold") for d in documents}
    found = predict(Recorder(), documents, layers)
    # The recorder forgets nothing by itself, so what it knows shows that each fit starts from a fresh copy.
    assert {layer.document: layer.annotator for layer in found} == {
        "a": "b c",
        "b": "a c copy-of-a",
        "c": "a b copy-of-a",
        "copy-of-a": "b c",
    }


def test_training_on_other_documents_needs_one_fit() -> None:
    train = {name: small(name, name) for name in ("x", "y")}
    new = [small("a", "one"), small("b", "two")]
    predict(Recorder(), new, {n: Layer(n, "gold") for n in train}, train_documents=train)
    assert FITS == [["x", "y"]]


def test_nothing_to_train_on_is_an_error() -> None:
    only = small("a", "one")
    with pytest.raises(InputError, match=r"no-training-data.*'a'"):
        predict(Recorder(), [only], {"a": Layer("a", "gold")})


def test_progress_and_order() -> None:
    documents = [small("b", "two"), small("a", "one")]
    done: list[str] = []
    layers = predict(BASELINES["quotes-marks"].factory(), documents, progress=lambda d: done.append(d.id))
    assert done == [layer.document for layer in layers] == ["b", "a"]


@pytest.mark.parametrize("name", [b.name for b in BASELINES.values() if not b.trained])
def test_untrained_baselines_give_valid_predictions(name: str) -> None:
    extractor = load_extractor(name)
    for layer in map(extractor.extract, DOCUMENTS.values()):
        value = json.loads(json.dumps(layer_to_json(layer)))
        assert check_layer(value, DOCUMENTS, prediction=True)[1] == []
        assert layer.text_sha256 == DOCUMENTS[layer.document].text_sha256


@pytest.mark.parametrize("name", list(BASELINES))
def test_odd_text_is_no_problem(name: str) -> None:
    lines = [
        "",
        "…",
        "“",
        "said",
        "Kim’s “𝒳",
        "e\u0301t\u0301e said:",
        "Он сказал: «Да».",
        "שלום said that",
        "a\u00a0b – c",
        ", who said",
    ]
    text = "\n".join(lines)
    pairs, start = [], 0
    for line in lines:
        pairs.append((start, start + len(line)))
        start += len(line) + 1
    spans = tuple((a, b) for a, b in pairs if a < b)
    sha = sha256(text.encode()).hexdigest()
    odd = Document("odd", text, tuple(Region(a, b, "body") for a, b in spans), spans, tokenize(text), sha)
    plain = {d.id: d for d in DOCUMENTS.values()}
    train = dict(list({n: Layer(n, "gold", mentions=(), quotes=(), claims=()) for n in plain}.items())[:1])
    (layer,) = predict(BASELINES[name].factory(), [odd], train, train_documents=plain)
    parts = [*(layer.mentions or ()), *(layer.quotes or ()), *(layer.claims or ())]
    assert layer.document == "odd"
    assert all(p.id for p in parts)


@pytest.mark.slow
def test_a_run_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "from vostochny.annotations.corpus import load_documents as l\n"
        "from vostochny.baselines import BASELINES as B, predict\n"
        "from vostochny.schema import dump_jsonl, layer_to_json\n"
        "import sys\n"
        "d = [l()['ist']]\n"
        "for b in B.values():\n"
        "    if not b.trained:\n"
        "        sys.stdout.buffer.write(dump_jsonl(map(layer_to_json, predict(b.factory(), d))))\n"
    )
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


@pytest.mark.slow
@pytest.mark.parametrize("name", [b.name for b in BASELINES.values() if b.trained])
def test_trained_baselines_are_deterministic_and_valid(name: str) -> None:
    rules = {"entities": "entities-rules", "quotes": "quotes-rules", "claims": "claims-rules"}[
        BASELINES[name].task
    ]
    documents = list(DOCUMENTS.values())[:3]
    silver = {layer.document: layer for layer in predict(load_extractor(rules), documents)}
    first, second = (predict(load_extractor(name), documents, silver) for _ in range(2))
    assert dump_jsonl(map(layer_to_json, first)) == dump_jsonl(map(layer_to_json, second))
    for layer in first:
        assert check_layer(layer_to_json(layer), DOCUMENTS, prediction=True)[1] == []


def test_plugins_from_a_file(plugin: Path) -> None:
    document = DOCUMENTS["ist"]
    assert predict(load_extractor(f"{plugin}:Good"), [document])[0].annotator == "good"
    assert predict(load_extractor(f"{plugin}:function"), [document])[0].annotator == "function"


def test_plugins_from_a_module_in_the_current_folder(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(plugin.parent)
    try:
        assert predict(load_extractor("my_plugin:Good"), [DOCUMENTS["ist"]])[0].annotator == "good"
    finally:
        sys.modules.pop("my_plugin", None)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("entities-rule", "did you mean 'entities-rules'"),
        ("nothing", "vostochny baselines"),
        ("no_such_module_here:X", "ModuleNotFoundError"),
        ("missing.py:X", "there is no file 'missing.py'"),
        ("a b:X", "expected 'package.module:Class'"),
        ("{plugin}:god", "found no 'god'"),
        ("{plugin}:NoExtract", r"no method extract\(document\)"),
        ("{plugin}:Unmakable", "TypeError"),
        ("{plugin}:number", "found 'int'"),
    ],
)
def test_what_cannot_be_loaded_is_explained(plugin: Path, spec: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_extractor(spec.replace("{plugin}", str(plugin)))


def test_a_file_with_a_syntax_error_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("def (", encoding="utf-8")
    with pytest.raises(InputError, match="SyntaxError"):
        load_extractor(f"{path}:X")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("raises", "document 'ist' failed with KeyError"),
        ("wrong_type", "document 'ist': the extractor returned 'list', expected a Layer"),
        ("wrong_document", "returned a layer of 'other'"),
        (
            "wrong_items",
            r"\$.mentions\[0\].*document 'ist': found {'start': 0} of type dict, expected a Mention",
        ),
    ],
)
def test_what_an_extractor_does_wrong_is_explained(plugin: Path, function: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        predict(load_extractor(f"{plugin}:{function}"), [DOCUMENTS["ist"]])


def test_command_lists_every_baseline() -> None:
    result = CliRunner().invoke(baselines_command)
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [*BASELINES, *LINKERS]
    assert "leave-one-out" in next(line for line in lines if line.startswith("quotes-crf"))
    assert "[embeddings]" in next(line for line in lines if line.startswith("embeddings"))


def test_command_predicts_to_a_file_and_to_standard_output(tmp_path: Path) -> None:
    out = tmp_path / "preds.jsonl"
    result = CliRunner().invoke(predict_command, ["claims-sentences", "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert [json.loads(line)["document"] for line in out.read_text(encoding="utf-8").splitlines()] == sorted(
        DOCUMENTS
    )
    printed = CliRunner().invoke(predict_command, ["claims-sentences", "-o", "-"])
    assert printed.stdout_bytes == out.read_bytes()


def test_command_leaves_the_old_file_when_the_extractor_fails(plugin: Path, tmp_path: Path) -> None:
    out = tmp_path / "preds.jsonl"
    out.write_bytes(b"old")
    result = CliRunner().invoke(predict_command, [f"{plugin}:raises", "-o", str(out)])
    assert isinstance(result.exception, InputError)
    assert out.read_bytes() == b"old"
    assert {p.name for p in tmp_path.iterdir()} - {"__pycache__"} == {"my_plugin.py", "preds.jsonl"}


def test_command_writes_to_standard_output_by_default_and_keeps_it_clean(tmp_path: Path) -> None:
    path = tmp_path / "chatty.py"
    path.write_text(
        "from vostochny.schema import Layer\n"
        "print('import')\n"
        "class Chatty:\n"
        "    def __init__(self):\n"
        "        print('creation')\n"
        "    def fit(self, documents, layers):\n"
        "        print('training')\n"
        "    def extract(self, document):\n"
        "        print('extraction')\n"
        "        return Layer(document.id, 'chatty', mentions=())\n"
    )
    result = CliRunner().invoke(predict_command, [f"{path}:Chatty"])
    assert result.exit_code == 0, result.output
    assert [json.loads(line)["document"] for line in result.stdout.splitlines()] == sorted(DOCUMENTS)
    for said in ("import", "creation", "training", "extraction"):
        assert said in result.stderr


def test_command_writes_nothing_if_a_layer_is_invalid(tmp_path: Path) -> None:
    path = tmp_path / "invalid.py"
    path.write_text(
        "from vostochny.schema import Layer, Mention\n"
        "def extract(document):\n"
        "    far = Mention('m1', 0, len(document.text) + 1, None, 'PERSON')\n"
        "    odd = Mention('m2', 0, 3, 'no such text', 'PET')\n"
        "    items = (far, odd) if document.id in ('ist', 'lenta') else ()\n"
        "    return Layer(document.id, 'invalid', mentions=items)\n"
    )
    out = tmp_path / "out.jsonl"
    result = CliRunner().invoke(predict_command, [f"{path}:extract", "-o", str(out)])
    assert isinstance(result.exception, InputError)
    assert not out.exists()
    told = [(p.path, p.check, p.message.split("'")[1]) for p in result.exception.problems]
    assert told == [
        (path, check, name)
        for name in ("ist", "lenta")
        for path, check in (("$.mentions[1].type", "unknown-label"), ("$.mentions[0]", "offset-range"))
    ]


def test_command_prints_the_traceback_when_asked(plugin: Path) -> None:
    asked, plain = (
        CliRunner().invoke(predict_command, [f"{plugin}:raises", *flag]) for flag in (["--traceback"], [])
    )
    assert isinstance(asked.exception, InputError)
    assert 'raise KeyError("lost")' in asked.stderr
    assert "Traceback (most recent call last)" in asked.stderr
    assert "Traceback" not in plain.stderr


def test_command_takes_other_documents_and_layers(plugin: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs.jsonl"
    docs.write_bytes(dump_jsonl([document_to_json(DOCUMENTS["ist"], with_text=True)]))
    out = tmp_path / "preds.jsonl"
    result = CliRunner().invoke(predict_command, [f"{plugin}:Good", "-o", str(out), "--documents", str(docs)])
    assert result.exit_code == 0, result.output
    assert [json.loads(line)["document"] for line in out.read_text(encoding="utf-8").splitlines()] == ["ist"]


LEARNER = """
from vostochny.schema import Layer

class Learner:
    def fit(self, documents, layers):
        self.seen = [layer.document for layer in layers]

    def extract(self, document):
        return Layer(document.id, " ".join(self.seen), mentions=())
"""


def test_command_trains_on_the_layers_given(tmp_path: Path) -> None:
    records, layers = [], []
    for name in ("first", "second", "third"):
        text = f"The {name} bridge fell."
        sha = sha256(text.encode()).hexdigest()
        whole = ((0, len(text)),)
        document = Document(name, text, (Region(0, len(text), "body"),), whole, tokenize(text), sha)
        records.append(document_to_json(document, with_text=True))
        layer = Layer(name, "hand", mentions=(), quotes=(), marks=(), claims=(), text_sha256=sha)
        layers.append(layer_to_json(layer))
    paths = {name: tmp_path / name for name in ("docs.jsonl", "gold.jsonl", "learner.py", "out.jsonl")}
    paths["docs.jsonl"].write_bytes(dump_jsonl(records))
    paths["gold.jsonl"].write_bytes(dump_jsonl(layers[:2]))
    paths["learner.py"].write_text(LEARNER, encoding="utf-8")
    options = ["--documents", str(paths["docs.jsonl"]), "--train", str(paths["gold.jsonl"])]
    spec = f"{paths['learner.py']}:Learner"
    result = CliRunner().invoke(predict_command, [spec, "-o", str(paths["out.jsonl"]), *options])
    assert result.exit_code == 0, (result.output, result.exception)
    lines = [json.loads(line) for line in paths["out.jsonl"].read_text(encoding="utf-8").splitlines()]
    assert {line["document"]: line["annotator"] for line in lines} == {
        "first": "second",
        "second": "first",
        "third": "first second",
    }
