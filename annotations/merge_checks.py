"""What stands in the way of merging a round, each with what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from vostochny.annotations.studio_export import DONE, EMPTY, OPEN, SKIPPED, Submission, submissions
from vostochny.annotations.studio_record import Record, read_record, studio_folder
from vostochny.annotations.studio_types import Project
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import read_json
from vostochny.schema.jsonio import Json, layer_to_json
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import Document, Layer, Links
from vostochny.schema.registry_checks import unused_entries
from vostochny.schema.values import check_layer, check_links


def refuse(problems: Iterable[Problem]) -> None:
    """Raise :class:`~vostochny.schema.errors.InputError` with the problems, if there are any."""
    if found := list(problems):
        raise InputError(found)


def absent_layers(folder: Path, manifest: Json) -> Iterator[Problem]:
    """Layers of a round that are not there, or were pulled before their annotator skipped the document.

    Told with what the last export from Label Studio says of them.
    """
    id, record = manifest["id"], read_record(folder)
    for annotator in manifest["annotators"]:
        name = annotator["id"]
        states = _submitted(folder, record, name, manifest["documents"])
        for document in manifest["documents"]:
            path = folder / name / f"{document}.json"
            if not path.is_file():
                yield Problem("missing-layer", _absence(id, name, document, states), str(path))
            elif (found := states.get(document)) is not None and found.state == SKIPPED:
                message = (
                    f"{name} skipped {document} after it was pulled ({found.where}); have it submitted "
                    f"again, then run 'vostochny round pull {id}'"
                )
                yield Problem("skipped-document", message, str(path))


def _submitted(
    folder: Path, record: Record | None, annotator: str, documents: Iterable[str]
) -> Mapping[str, Submission]:
    path = studio_folder(folder) / "export" / f"{annotator}.json"
    place = record.place(annotator) if record else None
    if record is None or place is None or not path.is_file():
        return {}
    ids = {record.external_id(annotator, document): document for document in documents}
    return submissions(read_json(path), ids, Project(place.project, place.url, "", ""))


def _absence(id: str, name: str, document: str, states: Mapping[str, Submission]) -> str:
    found = states.get(document)
    if found is None:
        return f"{name} has no layer of {document} yet; 'vostochny round status {id}' says how far it is"
    what = {
        OPEN: f"{name} has not submitted {document}",
        SKIPPED: f"{name} skipped {document}",
        DONE: f"{name} submitted {document}, but it could not be pulled",
        EMPTY: f"{name} submitted {document}, but it could not be pulled",
    }[found.state]
    todo = "have it annotated" if found.state in (OPEN, SKIPPED) else "mend what 'pull' names"
    page = f" ({found.where})" if found.where else ""
    return f"{what}{page}; {todo}, then run 'vostochny round pull {id}'"


def undecided_documents(folder: Path, manifest: Json) -> Iterator[Problem]:
    """Documents with several readings but without the adjudicator's layer."""
    if len(manifest["annotators"]) < 2:
        return
    for document in manifest["documents"]:
        path = folder / "adjudicated" / f"{document}.json"
        if not path.is_file():
            message = f"{document} is not adjudicated; run 'vostochny round adjudicate {manifest['id']}'"
            yield Problem("not-adjudicated", message, str(path))


def changed_texts(folder: Path, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Documents whose text is not the one that the annotators got."""
    record = read_record(folder)
    for name, digest in record.texts.items() if record else ():
        found = documents.get(name)
        if found is not None and found.text_sha256 != digest:
            message = (
                f"the text of {name} has changed since it was sent to the annotators; restore it, or "
                "annotate the new text in another round"
            )
            yield Problem("text-changed", message, str(studio_folder(folder) / "studio.json"))


def gold_problems(
    gold: Mapping[str, Layer],
    sources: Mapping[str, Path],
    documents: Mapping[str, Document],
    links: Links,
    file: Path,
) -> Iterator[Problem]:
    """What is wrong with all of gold and its registry together.

    ``sources`` are the files that layers come from, ``file`` is the registry's.
    """
    entities = {entity.id: entity for entity in links.entities} or None
    for name, layer in gold.items():
        yield from check_layer(layer_to_json(layer), documents, entities, file=str(sources[name]))[1]
    _, problems = check_links(links_to_json(links), documents, gold, file=str(file))
    yield from problems
    if documents.keys() <= gold.keys():
        yield from unused_entries(links, gold.values(), str(file), None)
