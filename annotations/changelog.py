"""The entry of a new version of gold in a changelog."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from vostochny.annotations.history import Version
from vostochny.annotations.rounds import Round
from vostochny.schema.files import decode, read_bytes

_EMPTY = "# Changelog\n\nVersions of gold, newest first.\n"


def with_entry(path: Path, version: Version, found: Round) -> bytes:
    """The changelog with an entry for a version, in that version's section, instead of an older one for it.

    A section is made before the others if the version has none, but behind one that is unreleased; a file
    that is not there yet starts anew.
    """
    text = decode(read_bytes(path), str(path)) if path.is_file() else _EMPTY
    head = f"- **Gold {version.version}**"
    entry = textwrap.fill(f"{head}: {_told(version, found)}", 118, subsequent_indent="  ") + "\n"
    old = re.search(rf"^{re.escape(head)}.*\n(?:  .*\n)*", text, flags=re.MULTILINE)
    if old is not None:
        return (text[: old.start()] + entry + text[old.end() :]).encode()
    section = re.search(rf"^## {re.escape(version.version)}\b.*\n+", text, re.MULTILINE)
    if section is not None:
        return (text[: section.end()] + entry + text[section.end() :]).encode()
    first = re.search(r"^## (?!Unreleased)", text, re.MULTILINE)
    start = first.start() if first else len(text)
    before = text[:start].rstrip("\n") + "\n\n" if text[:start].strip() else ""
    made = f"## {version.version} – {version.date}\n\n{entry}"
    return (before + made + ("\n" + text[start:] if text[start:] else "")).encode()


def _told(version: Version, found: Round) -> str:
    documents = version.documents
    about = ", ".join(documents) if len(documents) <= 5 else f"{len(documents)} documents"
    counts = f"{version.added} items added, {version.changed} changed, {version.removed} removed"
    names = " and ".join(filter(None, [", ".join(found.annotators[:-1]), found.annotators[-1]]))
    who = f"reviewed by {names}" if len(found.annotators) == 1 else f"annotated by {names}"
    if adjudicator := found.manifest.get("adjudicator"):
        who += f", adjudicated by {adjudicator}"
    return f"round `{found.id}` ({about}), {who}: {counts}."
