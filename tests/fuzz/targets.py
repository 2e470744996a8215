"""What is fuzzed: the readers, and the commands that call them, each with what must hold whatever they read.

A reader gives values, or raises :class:`InputError` whose every problem names the file; in JSONL the line,
too, and in a JSON value the path. A command ends with a status and without a traceback. No other exception is
right, not even for want of memory or of stack.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import numpy as np

from fuzz import seeds
from vostochny.annotations.corpus import ROOT
from vostochny.annotations.formats import load_format
from vostochny.cli.main import main
from vostochny.schema import columns
from vostochny.schema.columns import read_mentions
from vostochny.schema.conll import read_conll
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import read_bytes
from vostochny.schema.model import Document
from vostochny.schema.predictions import invalid_items, read_predictions
from vostochny.schema.readers import read_documents, read_layer, read_layers, read_links

OF_FILE = frozenset({"unreadable-file", "nothing-found"})
"""Checks of a file as a whole."""

OF_BYTES = frozenset({"not-utf8", "byte-order-mark", "bad-json", "deep-nesting"})
"""Checks of what is no JSON value yet, so has lines at most, but no paths."""

SECONDS, SECONDS_A_MEGABYTE = 5.0, 60.0
"""Processor time that an input may take. It is so generous that only what grows faster than the input,
or never ends, is over it."""

Seeds = Callable[[], Sequence[bytes]]


class BrokenPromise(Exception):
    """A reader or command did what it must not do."""


@dataclass
class Target:
    """A reader or command with the inputs to begin with.

    ``run`` gets the path of a file with the input, and may return problems that it passed over. ``met``
    counts the problems met, by check, and ``runs`` how often it ended with values or status 0
    (``accepted``) and otherwise (``refused``).
    """

    name: str
    suffix: str
    seeds: Seeds
    run: Callable[[Path], Sequence[Problem] | None]
    met: Counter[str] = field(default_factory=Counter)
    runs: Counter[str] = field(default_factory=Counter)

    def __call__(self, data: bytes) -> None:
        """Try an input; raises :class:`BrokenPromise`, or what the reader should not have raised."""
        path = _scratch() / f"input{self.suffix}"
        path.write_bytes(data)
        before = time.process_time()
        try:
            problems = self.run(path)
        except InputError as error:
            problems = error.problems
            self.runs["refused"] += 1
            if not problems:
                raise BrokenPromise("an error without a problem") from error
        except Refused:
            problems = None
            self.runs["refused"] += 1
        else:
            self.runs["accepted"] += 1
        for problem in problems or ():
            self.met[problem.check] += 1
            _told(problem, path)
        used = time.process_time() - before
        if used > SECONDS + SECONDS_A_MEGABYTE * len(data) / 1e6:
            raise BrokenPromise(f"{used:.1f} s for {len(data)} bytes")


class Refused(Exception):
    """A command ended with a status other than 0."""


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="vostochny-fuzz-")


def _scratch() -> Path:
    """A folder that goes with the process."""
    return Path(_folder().name)


def _told(problem: Problem, path: Path) -> None:
    """Refuse a problem that does not say where it is or can't be printed."""
    if not str(problem).isprintable():
        raise BrokenPromise(f"not printable: {problem!r}")
    if problem.file != str(path):
        raise BrokenPromise(f"another file: {problem!r}")
    if path.suffix != ".json" and problem.line is None and problem.check not in OF_FILE:
        raise BrokenPromise(f"no line: {problem!r}")
    no_value = path.suffix == ".conll" or problem.check in OF_FILE | OF_BYTES
    if not no_value and problem.path is None:
        raise BrokenPromise(f"no path: {problem!r}")


@cache
def _documents() -> dict[str, Document]:
    return {**read_documents(ROOT / "documents"), **read_documents(seeds.FIXTURES / "documents.jsonl")}


def _lenient(path: Path) -> Sequence[Problem]:
    _, problems = read_predictions(path, _documents(), lenient=True)
    if sum(invalid_items(problems).values()) > len(problems):
        raise BrokenPromise("more invalid items than problems")
    return problems


def _mentions(path: Path) -> None:
    """What the fast reader accepts the careful one reads alike."""
    fast, careful = read_mentions(path), columns._careful(path)
    for name in ("documents", "digests", "lines", "types"):
        if getattr(fast, name) != getattr(careful, name):
            raise BrokenPromise(f"{name}: {getattr(fast, name)} and {getattr(careful, name)}")
    for name in ("done", "document", "start", "end", "type"):
        if not np.array_equal(getattr(fast, name), getattr(careful, name)):
            raise BrokenPromise(f"{name}: {getattr(fast, name)} and {getattr(careful, name)}")


def _import(path: Path) -> None:
    load_format("conll2003").read({str(path): read_bytes(path)}, _documents())


def _reading(read: Callable[[Path], object]) -> Callable[[Path], None]:
    """A reader whose values don't matter."""

    def run(path: Path) -> None:
        read(path)

    return run


def readers() -> list[Target]:
    """The readers, by themselves."""
    return [
        Target("read_documents", ".jsonl", seeds.documents, _reading(read_documents)),
        Target("read_layers", ".jsonl", seeds.layers, _reading(lambda path: read_layers(path, _documents()))),
        Target("read_layer", ".json", seeds.layers, _reading(lambda path: read_layer(path, _documents()))),
        Target("read_links", ".json", seeds.links, _reading(read_links)),
        Target(
            "read_predictions",
            ".jsonl",
            seeds.predictions,
            _reading(lambda path: read_predictions(path, _documents())),
        ),
        Target("read_predictions, lenient", ".jsonl", seeds.predictions, _lenient),
        Target("import conll2003", ".conll", seeds.columns, _reading(_import)),
        Target("read_mentions", ".jsonl", seeds.predictions, _reading(_mentions)),
        Target("read_conll", ".conll", seeds.columns, _reading(read_conll)),
    ]


@cache
def _corpus() -> Path:
    return seeds.corpus(_scratch() / "corpus")


def _command(arguments: str, place: str | None, path: Path) -> None:
    """Call the command line with INPUT, CORPUS and OUT in its arguments replaced by paths."""
    if place is not None:
        shutil.copyfile(path, _corpus() / place)
    for name, there in (("INPUT", path), ("CORPUS", _corpus()), ("OUT", _scratch() / "out")):
        arguments = arguments.replace(name, str(there))
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    before = sys.argv
    try:
        sys.argv = ["vostochny", *arguments.split()]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            main()
    except SystemExit as end:
        if end.code not in (0, None):
            raise Refused from None
    finally:
        sys.argv = before
        out.flush()
        if b"Traceback" in out.buffer.getvalue():
            raise BrokenPromise(out.buffer.getvalue().decode())


SCORED = "--documents CORPUS/documents --gold CORPUS/gold"

COMMANDS: list[tuple[str, str, Seeds, str, str | None]] = [
    ("score", ".jsonl", seeds.small_predictions, f"score {SCORED} --boot 20 INPUT", None),
    ("score --lenient", ".jsonl", seeds.small_predictions, f"score {SCORED} --boot 0 --lenient INPUT", None),
    ("score --seqeval", ".jsonl", seeds.small_predictions, f"score {SCORED} --boot 0 --seqeval INPUT", None),
    (
        "score --boundaries character", ".jsonl", seeds.small_predictions,
        f"score {SCORED} --boot 0 --boundaries character --task entities --lenient INPUT", None,
    ),
    (
        "score --gold", ".jsonl", seeds.small_layers,
        "score --documents CORPUS/documents --gold INPUT --boot 0 CORPUS/predictions.jsonl", None,
    ),
    ("score --links", ".json", seeds.small_links, f"score {SCORED} --boot 20 --links INPUT", None),
    (
        "compare", ".jsonl", seeds.small_predictions,
        f"compare {SCORED} --boot 20 --lenient CORPUS/predictions.jsonl INPUT", None,
    ),
    ("errors", ".jsonl", seeds.small_predictions, f"errors {SCORED} --lenient INPUT", None),
    ("tags", ".conll", seeds.columns, "tags --boot 20 CORPUS/gold.conll INPUT", None),
    ("tags of gold", ".conll", seeds.columns, "tags --scheme BIO INPUT CORPUS/gold.conll", None),
    ("validate", ".json", seeds.small_layers, "validate --corpus CORPUS INPUT", None),
    ("validate, links", ".json", seeds.small_links, "validate --corpus CORPUS INPUT", None),
    ("diff", ".json", seeds.small_layers, "diff --corpus CORPUS INPUT CORPUS/gold/rocket.json", None),
    ("link", ".jsonl", seeds.small_predictions, "link exact-string --corpus CORPUS --layers INPUT", None),
    (
        "report", ".jsonl", seeds.small_predictions,
        "report --corpus CORPUS -o OUT.html --predictions INPUT", None,
    ),
    (
        "import", ".conll", seeds.columns,
        "import conll2003 --corpus CORPUS --annotator a -o OUT --predictions --force INPUT", None,
    ),
    (
        "round agree", ".json", seeds.round_layers,
        "round agree spring-2024 --corpus CORPUS", "rounds/spring-2024/a1/rocket.json",
    ),
]  # fmt: skip
"""Names of commands; what their input ends with and begins as; their arguments, with INPUT for its path; and
where in the corpus a copy of it goes."""


def commands() -> list[Target]:
    """The commands that read other people's files, on a small corpus."""
    return [
        Target(f"vostochny {name}", suffix, begin, partial(_command, arguments, place))
        for name, suffix, begin, arguments, place in COMMANDS
    ]
