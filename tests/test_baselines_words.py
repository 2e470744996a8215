"""The word lists: no entry stands twice."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from vostochny.baselines import registry

FILES = sorted(Path(registry.__file__).parent.glob("*.py"))
LIST = re.compile(r"[\w\s;.'’-]+")


def word_lists(tree: ast.Module) -> Iterator[str]:
    """Strings that are split, and strings of words or phrases that a constant holds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "split":
            yield from (c.value for c in [node.value] if isinstance(c, ast.Constant))
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            text = node.value.value
            yield from [text] if isinstance(text, str) and LIST.fullmatch(text) else []


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_no_entry_stands_twice(file: Path) -> None:
    for text in word_lists(ast.parse(file.read_text(encoding="utf-8"))):
        entries = [" ".join(e.split()) for e in text.split(";")] if ";" in text else text.split()
        assert [entry for entry, n in Counter(entries).items() if n > 1] == []


def test_the_lists_are_found() -> None:
    names = {f.stem: list(word_lists(ast.parse(f.read_text(encoding="utf-8")))) for f in FILES}
    assert len(names["verbs"]) > 10
    assert len(names["places"]) >= 4
