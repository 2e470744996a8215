"""Every check has fixtures that break it and nothing else; positive fixtures break none.

A negative fixture is a file or folder in ``fixtures/negative`` named ``check-id[.variant]``; layers,
links, rounds, waivers and adjudication entries among them are about ``fixtures/documents.jsonl`` and
``fixtures/links.json``, unless they are a corpus with documents of its own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from vostochny.schema.checks import CHECKS
from vostochny.schema.readers import read_documents, read_links
from vostochny.schema.validate import Validation, validate_paths

FIXTURES = Path(__file__).parent / "fixtures"
NEGATIVE = sorted((FIXTURES / "negative").iterdir())
POSITIVE = sorted((FIXTURES / "positive").iterdir())


def validate(path: Path) -> Validation:
    if (path / "documents").is_dir():
        return validate_paths([path], {})
    documents = read_documents(FIXTURES / "documents.jsonl")
    entities = {entity.id: entity for entity in read_links(FIXTURES / "links.json").entities}
    return validate_paths([path], documents, entities)


@pytest.mark.parametrize("path", NEGATIVE, ids=lambda path: path.name)
def test_negative_fixture_breaks_the_check_it_is_named_after(path: Path) -> None:
    problems = validate(path).problems
    assert {problem.check for problem in problems} == {path.name.split(".")[0]}, "\n".join(map(str, problems))
    for problem in problems:
        assert problem.file is not None
        assert problem.file.startswith(str(path))
        assert problem.message.isprintable()
        if path.suffix == ".jsonl" and problem.check not in ("nothing-found", "unknown-kind"):
            assert problem.line is not None


@pytest.mark.parametrize("path", POSITIVE, ids=lambda path: path.name)
def test_positive_fixture_has_no_problem(path: Path) -> None:
    result = validate(path)
    assert result.problems == []
    assert sum(result.checked.values()) > 0


def test_every_check_has_a_fixture() -> None:
    # That a file can't be read no file can show; test_schema_files.py does.
    assert {path.name.split(".")[0] for path in NEGATIVE} == set(CHECKS) - {"unreadable-file"}
