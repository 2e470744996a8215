"""What fuzzing begins with: real files, whole and cut short, and the small ones of the tests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from vostochny.annotations.corpus import ROOT
from vostochny.schema.labels import LAYER_PARTS, LINK_PARTS

FIXTURES = Path(__file__).parents[1] / "fixtures"
CUT = 3
"""Items that a file cut short keeps of each part: small inputs are tried more often."""


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _cut(value: dict[str, Any], parts: Iterable[str]) -> dict[str, Any]:
    return {key: item[:CUT] if key in parts else item for key, item in value.items()}


@cache
def layers() -> tuple[bytes, ...]:
    """Gold layers, one a file."""
    gold = [json.loads((ROOT / "gold" / f"{name}.json").read_bytes()) for name in ("ist", "lenta")]
    small = [json.loads((FIXTURES / "positive" / "corpus" / "rocket.json").read_bytes())]
    return tuple(map(_line, [*small, *(_cut(each, LAYER_PARTS) for each in gold), gold[0]]))


@cache
def predictions() -> tuple[bytes, ...]:
    """Predictions, some lines a file."""
    every = layers()
    mentions = [json.loads(line) for line in every[:3]]
    for each in mentions:
        for part in LAYER_PARTS[1:]:
            del each[part]
    of_fixtures = (FIXTURES / "positive" / "predictions.jsonl").read_bytes()
    return of_fixtures, b"".join(every[:3]), every[2], b"".join(map(_line, mentions))


@cache
def links() -> tuple[bytes, ...]:
    """Links, one a file."""
    whole = json.loads((ROOT / "gold" / "links.json").read_bytes())
    small = (FIXTURES / "links.json").read_bytes()
    cut = _line(_cut(whole, ("entities", *LINK_PARTS)))
    return small, (FIXTURES / "positive" / "corpus" / "links.json").read_bytes(), cut


@cache
def documents() -> tuple[bytes, ...]:
    """Documents with their texts, and one whose text would lie beside it."""
    whole = (FIXTURES / "documents.jsonl").read_bytes()
    return whole, _line({k: v for k, v in json.loads(whole.splitlines()[0]).items() if k != "text"})


@cache
def small_layers() -> tuple[bytes, ...]:
    """Layers of the fixtures' documents, one a file."""
    return tuple(
        _compact(FIXTURES / "positive" / "corpus" / f"{name}.json") for name in ("rocket", "unicode")
    )


@cache
def small_predictions() -> tuple[bytes, ...]:
    """Predictions of the fixtures' documents."""
    return (FIXTURES / "positive" / "predictions.jsonl").read_bytes(), b"".join(small_layers())


@cache
def small_links() -> tuple[bytes, ...]:
    """Links of the fixtures' documents."""
    return (_compact(FIXTURES / "positive" / "corpus" / "links.json"),)


@cache
def round_layers() -> tuple[bytes, ...]:
    """What an annotator made in a round of the fixtures."""
    return (_compact(FIXTURES / "positive" / "round" / "spring-2024" / "a1" / "rocket.json"),)


def _compact(path: Path) -> bytes:
    return _line(json.loads(path.read_bytes()))


_ROCKET = """\
-DOCSTART- -X- -X- O

Leaders NNS B-NP O
meet VB B-VP O

“ O
We O
built O
a O
rocket O
, O
” O
Ann NNP B-PERSON
Lee NNP I-PERSON
told O
Norland B-ORG
Radio I-ORG
on O
Monday B-DATE
. O

The O
‘ O
big O
’ O
plan O
may O
work O
, O
she O
added O
. O
"""

_OTHERS = """\
-DOCSTART- O

A U-PERSON
B B-GPE
C L-GPE

D I-ORG
E I-ORG
F E-ORG
"""


def columns() -> tuple[bytes, ...]:
    """Files in the columns of CoNLL; the first is the document ``rocket`` of the fixtures."""
    return _ROCKET.encode(), _OTHERS.encode()


def corpus(folder: Path) -> Path:
    """A small corpus with gold, links and a round, of the fixtures' two documents."""
    (folder / "documents").mkdir(parents=True)
    for line in (FIXTURES / "documents.jsonl").read_text(encoding="utf-8").splitlines():
        name = json.loads(line)["id"]
        (folder / "documents" / f"{name}.json").write_text(line, encoding="utf-8")
    shutil.copytree(FIXTURES / "positive" / "corpus", folder / "gold")
    shutil.copytree(FIXTURES / "positive" / "round", folder / "rounds")
    shutil.copy(FIXTURES / "positive" / "predictions.jsonl", folder)
    (folder / "gold.conll").write_bytes(columns()[0])
    return folder
