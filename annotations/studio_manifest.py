"""The manifest of a round that people annotate in Label Studio, when it starts and when it grows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from vostochny.annotations.studio_record import GOLD, NONE, Record
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import Json
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import SCHEMA_VERSION, Document
from vostochny.schema.values import check_round


@dataclass(frozen=True, slots=True)
class Wish:
    """What a user asks of ``round start``; None, and no annotators, mean: as it was, or the default."""

    annotators: Sequence[str] = ()
    documents: Sequence[str] | None = None
    prefill: str | None = None
    server_per_annotator: bool = False
    purpose: str | None = None


def guidelines_digest() -> str:
    """SHA-256 of the annotation guidelines that this installation has."""
    return hashlib.sha256(files("vostochny.schema").joinpath("GUIDELINES.md").read_bytes()).hexdigest()


def new_manifest(id: str, wish: Wish, documents: Mapping[str, Document], version: str) -> Json:
    """The manifest of a round that nobody started yet.

    Raises :class:`~vostochny.schema.errors.InputError` if an id is malformed or a document unknown, or
    if nobody is to annotate.
    """
    if not wish.annotators:
        raise InputError.of("no-annotators", f"round {id} is new: name who annotates, --annotators ana,ben")
    _check_once("annotator", wish.annotators)
    prefill = wish.prefill or NONE
    chosen = list(wish.documents) if wish.documents is not None else list(documents)
    _check_documents(chosen, documents)
    manifest: Json = {
        "schema_version": SCHEMA_VERSION,
        "id": id,
        "purpose": wish.purpose or "People annotate the documents in Label Studio.",
        "guidelines": guidelines_digest(),
        "blind": wish.server_per_annotator and prefill == NONE,
        "state": "open",
        "documents": chosen,
        "parts": list(LAYER_PARTS),
        "annotators": [_annotator(name, prefill, version) for name in wish.annotators],
        "adjudicator": None,
        "remarks": _remarks(wish.server_per_annotator, prefill),
    }
    return _checked(manifest, documents)


def grown_manifest(
    manifest: Json, record: Record, wish: Wish, documents: Mapping[str, Document], version: str
) -> tuple[Json, list[str]]:
    """An open round's manifest with the annotators and documents that were added, and what was added.

    Raises :class:`~vostochny.schema.errors.InputError` if the wish takes something away or wants the
    round otherwise than it was started.
    """
    id = manifest["id"]
    _check_same(id, record, wish)
    there = [annotator["id"] for annotator in manifest["annotators"]]
    annotators = _grown(id, "annotator", there, wish.annotators or there)
    _check_once("annotator", wish.annotators)
    listed = _grown(id, "document", manifest["documents"], wish.documents or manifest["documents"])
    _check_documents(listed, documents)
    added = [f"annotator {name}" for name in annotators] + [f"document {name}" for name in listed]
    if not added:
        return manifest, []
    people = [_annotator(name, record.prefill, version) for name in annotators]
    grown = {
        **manifest,
        "documents": [*manifest["documents"], *listed],
        "annotators": [*manifest["annotators"], *people],
    }
    return _checked(grown, documents), [f"added {what} to round {id}" for what in added]


def _checked(manifest: Json, documents: Mapping[str, Document]) -> Json:
    if problems := check_round(manifest, documents):
        raise InputError(problems)
    return manifest


def _check_same(id: str, record: Record, wish: Wish) -> None:
    if wish.prefill not in (None, record.prefill):
        message = (
            f"round {id} was started with --prefill {record.prefill}; leave it out, or start another round"
        )
        raise InputError.of("other-prefill", message)
    if wish.server_per_annotator and not record.server_per_annotator:
        message = (
            f"round {id} was started without --server-per-annotator; leave it out, or start another round"
        )
        raise InputError.of("other-servers", message)


def _grown(id: str, what: str, there: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """What is wanted beyond what is there; nothing may be missing."""
    if missing := [name for name in there if name not in wanted]:
        message = (
            f"round {id} has the {what} {', '.join(missing)}, which --{what}s leaves out; a round only "
            f"grows, so name {'it' if len(missing) == 1 else 'them'} too, or start another round without"
        )
        raise InputError.of("round-shrinks", message)
    return [name for name in wanted if name not in there]


def _check_documents(names: Sequence[str], documents: Mapping[str, Document]) -> None:
    if unknown := [name for name in names if name not in documents]:
        message = f"no document {', '.join(map(repr, unknown))}; known are {', '.join(documents)}"
        raise InputError.of("unknown-document", message)
    _check_once("document", names)


def _check_once(what: str, names: Iterable[str]) -> None:
    listed = list(names)
    if twice := sorted({name for name in listed if listed.count(name) > 1}):
        raise InputError.of("repeated-value", f"the {what} {', '.join(twice)} is named twice; name each once")


def _annotator(name: str, prefill: str, version: str) -> Json:
    return {
        "id": name,
        "kind": "human",
        "procedure": f"In a browser, in Label Studio {version}, {_prefilled(prefill)}.",
    }


def _prefilled(prefill: str) -> str:
    if prefill == NONE:
        return "on documents that nothing was drawn in"
    source = "the gold layers" if prefill == GOLD else f"what the extractor {prefill} found"
    return f"correcting {source}"


def _remarks(server_per_annotator: bool, prefill: str) -> str:
    servers = (
        "Each annotator had a server of their own."
        if server_per_annotator
        else "The annotators shared a Label Studio server, on which every user can open every project."
    )
    began = "Nothing was prefilled." if prefill == NONE else f"The documents were prefilled ({prefill})."
    return f"{servers} {began}"
