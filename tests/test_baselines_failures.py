"""Extractors that fail are told where in their own code."""

import io
import sys
from pathlib import Path

import pytest

from vostochny.annotations import load_documents
from vostochny.baselines import load_extractor, predict
from vostochny.schema import InputError, Layer

LENTA = load_documents()["lenta"]
GOLD = {"ist": Layer("ist", "gold")}


@pytest.fixture
def failing(tmp_path, monkeypatch):
    """Runs an extractor of a file badext.py in the working folder; returns the error it ends with."""
    monkeypatch.chdir(tmp_path)

    def run(code, spec="badext.py:X", before=()):
        for name, text in (("badext.py", code), *before):
            Path(name).write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            predict(load_extractor(spec), [LENTA], GOLD, train_documents=load_documents())
        return caught.value

    yield run
    for name in ("badext", "helper_of_badext", "vostochny_plugin_badext"):
        sys.modules.pop(name, None)


def test_extracting(failing):
    # The third line is the user's; json's own lines, where the exception came from, are not.
    error = failing("import json\ndef X(document):\n    return json.loads(document.text)\n")
    (problem,) = error.problems
    assert str(problem).startswith(
        "badext.py:3: [extractor-failed] extracting from document 'lenta' failed with JSONDecodeError: "
    )
    assert "--traceback" in problem.message
    assert type(error.__cause__).__name__ == "JSONDecodeError"


@pytest.mark.parametrize(
    ("code", "check", "line"),
    [
        (
            "class X:\n    def fit(self, d, y):\n        1 / 0\n    def extract(self, d): ...\n",
            "extractor-failed",
            3,
        ),
        (
            "class X:\n    def __init__(self):\n        1 / 0\n    def extract(self, d): ...\n",
            "extractor-import",
            3,
        ),
        ("import os\n\nimport no_such_module_anywhere\n", "extractor-import", 3),
        ("X = 1\n1 / 0\n", "extractor-import", 2),
        ("X = 1\ndef (\n", "extractor-import", 2),
        ("import sys\nsys.exit(3)\n", "extractor-import", 2),
        ("def X(d):\n    raise SystemExit\n", "extractor-failed", 2),
        ("def X(d):\n    assert not d.text\n", "extractor-failed", 2),
        # The parts of a layer may be generators, whose code runs when they are read.
        (
            "from vostochny.schema import Layer\n"
            "def late():\n"
            "    yield 1 / 0\n"
            "def X(d):\n"
            "    return Layer(d.id, 'x', mentions=late())\n",
            "extractor-failed",
            3,
        ),
    ],
)
def test_the_place_is_in_the_users_file(failing, code, check, line):
    (problem,) = failing(code).problems
    assert (problem.file, problem.line, problem.check) == ("badext.py", line, check)


def test_the_innermost_file_of_the_users_is_named_also_for_modules(failing):
    helper = "def work(document):\n    return document.no_such_field\n"
    code = "from helper_of_badext import work\ndef X(document):\n    return work(document)\n"
    (problem,) = failing(code, "badext:X", [("helper_of_badext.py", helper)]).problems
    assert (problem.file, problem.line) == ("helper_of_badext.py", 2)


def test_an_exception_outside_the_users_code_has_no_place(failing):
    # The call itself fails: the function takes nothing.
    (problem,) = failing("def X():\n    pass\n").problems
    assert (problem.file, problem.line) == (None, None)
    assert "TypeError" in problem.message


class ClosedPipe(io.StringIO):
    """A stream whose reader went away: what was written can't be flushed."""

    def flush(self):
        raise BrokenPipeError


class Piper:
    def extract(self, document):
        raise BrokenPipeError


def test_a_reader_of_ours_that_went_away_is_not_the_extractors_fault(monkeypatch):
    with pytest.raises(InputError, match=r"extractor-failed.*BrokenPipeError"):
        predict(Piper(), [LENTA])
    monkeypatch.setattr(sys, "stdout", ClosedPipe())
    with pytest.raises(BrokenPipeError):
        predict(Piper(), [LENTA])
