"""Scoring predictions against gold: the entry point of the room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from vostochny.eval.input_checks import document_problems, layer_problems
from vostochny.eval.items import ItemReader
from vostochny.eval.options import (
    BOUNDARIES,
    DISCONTINUOUS,
    NESTED,
    Options,
    Overlap,
    Threshold,
    check_options,
)
from vostochny.eval.report import Report
from vostochny.eval.signature import gold_digest, registry_digest
from vostochny.eval.tasks import TASKS
from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.model import Document, Entity, Gold, Layer
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex

Layers = Iterable[Layer] | Mapping[str, Layer]
Documents = Iterable[Document] | Mapping[str, Document]


def score(
    gold: Layers,
    predictions: Layers,
    *,
    documents: Documents | None = None,
    entities: Iterable[Entity] | None = None,
    tasks: Sequence[str] = tuple(TASKS),
    n_boot: int = 10_000,
    seed: int = 1,
    alpha: float = 0.05,
    trim: bool = False,
    boundaries: str = BOUNDARIES[0],
    discontinuous: str = DISCONTINUOUS[0],
    nested: str = NESTED[0],
    overlap: Mapping[str, Threshold] | None = None,
    invalid: Mapping[str, int] | None = None,
) -> Report:
    """Score predicted layers against gold layers.

    ``documents`` gives the texts' tokens, sentences and regions; ``entities`` is the registry
    against which speakers' and claimers' names are resolved. Both may be left out where ``gold`` is what
    ``load_gold()`` returns, which brings them; other gold needs ``documents``. ``tasks`` are some of
    ``entities``, ``quotes``, ``claims``. ``n_boot``, ``seed`` and ``alpha`` govern the intervals
    (``n_boot=0``: none).

    The matching options work on both sides alike (:mod:`vostochny.eval.options` defines them): ``trim`` cuts
    articles and possessive endings off mentions; ``boundaries`` is ``token`` or ``character``;
    ``discontinuous`` items count ``as-written``, as their ``hull`` or in ``parts``; of ``nested`` items
    ``all`` count, the ``outermost`` or the ``innermost``; ``overlap`` gives thresholds of intersection over
    union by task, as in ``{"claims": 0.7}``.

    ``invalid`` gives the number of predicted items that could not be read at all, by layer part
    (:func:`vostochny.schema.predictions.invalid_items`); each mention, quote or claim of them counts as
    a false positive in the measures of :attr:`vostochny.eval.tasks.Task.whole_items`. Whole layers that
    could not be read are reported, but nobody can say how many items they would have had: their
    documents score as empty.

    What is left out is settled so: a gold document without prediction (:attr:`Report.missing`), or whose
    prediction leaves the part out, scores as empty; a task whose part every prediction leaves out was
    not attempted and has null scores (without any prediction at all, everything scores as empty); a
    document whose gold leaves the part out is not scored for it, and a task whose part all gold leaves
    out has null scores. A predicted document without gold layer is named in :attr:`Report.unscored`.

    Raises :class:`~vostochny.schema.errors.InputError` with all problems of the layers and documents: no
    gold, something else than layers, an unknown document, a document twice on one side, a layer made for
    another text, unknown labels, spans that hold no token (:mod:`vostochny.eval.input_checks`); and for
    unknown tasks, numbers out of range or unknown options.
    """
    options = Options(
        tasks=known_tasks(tasks, TASKS),
        n_boot=n_boot,
        seed=seed,
        alpha=alpha,
        trim=trim,
        boundaries=boundaries,
        discontinuous=discontinuous,
        nested=nested,
        overlap=Overlap.of(overlap),
    )
    check_options(options)
    if isinstance(gold, Gold):
        documents = gold.documents if documents is None else documents
        entities = gold.entities if entities is None else entities
    if documents is None:
        message = "these gold layers do not bring their documents, as load_gold()'s do; give documents="
        raise InputError.of("no-documents", message)
    known, ours, theirs = prepare(gold, predictions, documents)
    registry = tuple(entities or ())
    resolver = Resolver(registry)
    found: dict[str, dict[str, Any]] = {task: {} for task in options.tasks}
    for name, layer in sorted(ours.items()):
        reader = ItemReader(known[name], resolver, options)
        predicted = theirs.get(name, Layer(name, ""))
        for task in options.tasks:
            if getattr(layer, TASKS[task].part) is not None:
                found[task][name] = TASKS[task].read(reader, layer, predicted)
    unreadable = {part: n for part, n in sorted((invalid or {}).items()) if n}
    return Report(
        options=options,
        gold={name: gold_digest(layer, known[name]) for name, layer in ours.items()},
        registry=registry_digest(registry),
        per_document={task: TASKS[task].count(documents, options) for task, documents in found.items()},
        predicted={
            name: tuple(task for task in TASKS if getattr(layer, TASKS[task].part) is not None)
            for name, layer in sorted(theirs.items())
        },
        invalid=unreadable,
    )


def prepare(
    gold: Layers, predictions: Layers, documents: Documents
) -> tuple[Mapping[str, Document], dict[str, Layer], dict[str, Layer]]:
    """Documents, gold and predicted layers by document id, once they are seen to fit each other.

    The errors are those of :func:`score`.
    """
    known = {document.id: document for document in values_of(documents, Document, "documents")}
    indices: dict[str, TextIndex] = {}
    problems: list[Problem] = []
    ours = _by_document(values_of(gold, Layer, "gold"), known, indices, "gold", problems)
    theirs = _by_document(
        values_of(predictions, Layer, "predictions"), known, indices, "prediction", problems
    )
    if not ours and not problems:
        problems.append(Problem("no-gold", "there is no gold layer to score against; give at least one"))
    if problems:
        raise InputError(problems)
    return known, ours, theirs


Value = TypeVar("Value")

_READERS = {
    "documents": "documents = vostochny.schema.readers.read_documents(path)",
    "layers": "layers = vostochny.schema.readers.read_layers(path, documents)",
    "gold": "gold = vostochny.schema.readers.read_layers(path, documents)",
    "predictions": "predictions, _ = vostochny.schema.predictions.read_predictions(path, documents)",
}
"""How what is scored is read from a file."""


def values_of(given: object, expected: type[Value], what: str) -> list[Value]:
    """The values of an iterable or mapping, all ``expected``; InputError (``wrong-type``) otherwise.

    ``what`` says what they are: ``documents``, ``layers``, ``gold`` or ``predictions``.
    """
    values = given.values() if isinstance(given, Mapping) else given
    if isinstance(values, Iterable) and not isinstance(values, str | bytes):
        listed = list(values)
        wrong = [value for value in listed if not isinstance(value, expected)]
        if not wrong:
            return listed
        given = wrong[0]
    raise InputError.of(
        "wrong-type",
        f"{what}: found {shown(given)}, expected {expected.__name__} objects; from a file: {_READERS[what]}",
    )


def known_tasks(tasks: Sequence[str], there: Iterable[str]) -> tuple[str, ...]:
    """The named tasks in the order in which ``there`` has them; InputError (``unknown-task``) otherwise."""
    known = tuple(there)
    named = [tasks] if isinstance(tasks, str) else list(tasks)
    unknown = [task for task in named if task not in known]
    if unknown or not named:
        raise InputError.of(
            "unknown-task",
            f"tasks {', '.join(map(repr, unknown)) or 'are none'}; expected some of {', '.join(known)}",
        )
    return tuple(task for task in known if task in named)


def _by_document(
    layers: Iterable[Layer],
    documents: Mapping[str, Document],
    indices: dict[str, TextIndex],
    what: str,
    problems: list[Problem],
) -> dict[str, Layer]:
    """Layers by document; what is wrong with them or their documents goes to ``problems``.

    ``indices`` holds those of the documents that have been checked so far.
    """
    out: dict[str, Layer] = {}
    for layer in layers:
        document = documents.get(layer.document)
        if document is None:
            message = f"{what} for unknown document {layer.document!r}; known are {_listed(documents)}"
            problems.append(Problem("unknown-document", message))
            continue
        if layer.text_sha256 not in (None, document.text_sha256):
            message = (
                f"{what} for {layer.document!r} was made for a text with SHA-256 {layer.text_sha256}, "
                f"the document's has {document.text_sha256}; use the same text"
            )
            problems.append(Problem("sha-mismatch", message))
            continue
        if layer.document in out:
            message = f"two {what} layers for document {layer.document!r}; give one"
            problems.append(Problem("duplicate-document", message))
            continue
        if layer.document not in indices:
            indices[layer.document] = TextIndex(document)
            problems += document_problems(indices[layer.document])
        problems += layer_problems(layer, indices[layer.document], what)
        out[layer.document] = layer
    return out


def _listed(documents: Mapping[str, Document], most: int = 10) -> str:
    names = sorted(documents)
    shown = ", ".join(names[:most]) or "none"
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
