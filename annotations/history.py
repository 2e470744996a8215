"""The versions of gold: ``gold/history.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from vostochny.annotations.corpus import ROOT
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, read_json
from vostochny.schema.links_checks import version_key
from vostochny.schema.values import check_history

FIRST = "1.0.0"
"""The first version of a corpus's gold."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of gold: the round or audit that it came of, the day (ISO 8601), and what it changed."""

    version: str
    round: str
    date: str
    documents: tuple[str, ...]
    added: int
    changed: int
    removed: int


def history_path(root: Path) -> Path:
    """Where a corpus keeps the versions of its gold."""
    return root / "gold" / "history.json"


def load_history(root: Path = ROOT) -> list[Version]:
    """The versions of a corpus's gold, oldest first; none where it keeps no history.

    Raises :class:`~vostochny.schema.errors.InputError` if the file breaks a rule.
    """
    path = history_path(root)
    if not path.is_file():
        return []
    value = read_json(path)
    if problems := check_history(value, file=str(path)):
        raise InputError(problems)
    return [Version(**{**each, "documents": tuple(each["documents"])}) for each in value]


def history_bytes(versions: Sequence[Version]) -> bytes:
    """The file that holds these versions."""
    return dump_json([asdict(each) for each in versions])


def begun_version(
    versions: Sequence[Version], id: str, root: Path, wanted: str | None = None
) -> Version | None:
    """Which of a corpus's versions an interrupted merge of a round had begun; None if none was.

    Raises :class:`~vostochny.schema.errors.InputError` (``merge-begun``) if another one is ``wanted``.
    """
    begun = next((each for each in versions if each.round == id), None)
    if begun is not None and wanted not in (None, begun.version):
        message = f"the merge of {id} into {begun.version} was begun; finish it: leave --version out"
        raise InputError.of("merge-begun", message, file=str(history_path(root)))
    return begun


def next_version(versions: Sequence[Version], wanted: str | None = None) -> str:
    """The version that follows, or the one that is ``wanted``.

    By itself the second number rises. Raises :class:`~vostochny.schema.errors.InputError` if the wanted
    one is no version or not higher than the newest.
    """
    newest = versions[-1].version if versions else None
    if wanted is None:
        if newest is None:
            return FIRST
        major, minor, _ = version_key(newest)
        return f"{major}.{minor + 1}.0"
    entry = {"version": wanted, "round": "r", "date": "2000-01-01", "documents": ["d"]}
    if problems := check_history([{**entry, "added": 0, "changed": 0, "removed": 0}]):
        raise InputError.of("bad-format", problems[0].message, file="--version")
    if newest is not None and version_key(wanted) <= version_key(newest):
        message = f"found {wanted}, but gold is {newest} already; give a higher version, or none"
        raise InputError.of("version-order", message, file="--version")
    return wanted
