"""Scoring predictions against gold: the entry point of the room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vostochny.eval.items import ItemReader
from vostochny.eval.report import Report
from vostochny.eval.signature import Options, gold_digest, registry_digest
from vostochny.eval.task_counts import TaskCounts
from vostochny.eval.tasks import TASKS
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.model import Document, Entity, Layer
from vostochny.schema.registry import Resolver

Layers = Iterable[Layer] | Mapping[str, Layer]
Documents = Iterable[Document] | Mapping[str, Document]


def score(
    gold: Layers,
    predictions: Layers,
    *,
    documents: Documents | None = None,
    entities: Iterable[Entity] = (),
    tasks: Sequence[str] = tuple(TASKS),
    n_boot: int = 10_000,
    seed: int = 1,
    alpha: float = 0.05,
    trim: bool = False,
    invalid: Mapping[str, int] | None = None,
) -> Report:
    """Score predicted layers against gold layers.

    ``documents`` gives the texts' tokens, sentences and regions and is needed; ``entities`` is the
    registry against which speakers' and claimers' names are resolved. ``tasks`` are some of
    ``entities``, ``quotes``, ``claims``. ``n_boot``, ``seed`` and ``alpha`` govern the intervals
    (``n_boot=0``: none). ``trim`` cuts articles and possessive endings off mentions on both sides.
    ``invalid`` gives the number of predicted items that could not be read at all, by layer part
    (:func:`vostochny.schema.predictions.invalid_items`); each mention, quote or claim of them counts as
    a false positive. Whole layers that could not be read are reported, but nobody can say how many items
    they would have had: their documents score as empty.

    What is left out is settled so: a gold document without prediction, or whose prediction leaves the
    part out, scores as empty; a task whose part every prediction leaves out was not attempted and has
    null scores (without any prediction at all, everything scores as empty); a document whose gold
    leaves the part out is not scored for it. A predicted document without gold layer is named in
    :attr:`Report.unscored`.

    Raises :class:`~vostochny.schema.errors.InputError` with all problems found: no documents or gold,
    an unknown task or document, a document twice on one side, a layer made for another text, spans that
    hold no token.
    """
    options = Options(_known(tasks), n_boot, seed, alpha, trim)
    _check_numbers(options)
    if documents is None:
        raise InputError.of(
            "no-documents", "score() needs documents=: the Document records that the layers are about"
        )
    known, ours, theirs = prepare(gold, predictions, documents)
    registry = tuple(entities)
    resolver = Resolver(registry)
    per_document: dict[str, dict[str, TaskCounts]] = {task: {} for task in options.tasks}
    for name, layer in sorted(ours.items()):
        reader = ItemReader(known[name], resolver, trim=trim)
        predicted = theirs.get(name, Layer(name, ""))
        for task in options.tasks:
            if getattr(layer, TASKS[task].part) is not None:
                per_document[task][name] = TASKS[task].count(reader, layer, predicted)
    unreadable = {part: n for part, n in sorted((invalid or {}).items()) if n}
    return Report(
        options=options,
        gold={name: gold_digest(layer, known[name]) for name, layer in ours.items()},
        registry=registry_digest(registry),
        per_document=per_document,
        attempted={
            task: not theirs
            or TASKS[task].part in unreadable
            or any(getattr(layer, TASKS[task].part) is not None for layer in theirs.values())
            for task in options.tasks
        },
        invalid=unreadable,
        unscored=tuple(sorted(theirs.keys() - ours.keys())),
    )


def prepare(
    gold: Layers, predictions: Layers, documents: Documents
) -> tuple[Mapping[str, Document], dict[str, Layer], dict[str, Layer]]:
    """Documents, gold and predicted layers by document id, once they are seen to fit each other.

    The errors are those of :func:`score`.
    """
    known = documents if isinstance(documents, Mapping) else {d.id: d for d in documents}
    ours, theirs = _by_document(gold, known, "gold"), _by_document(predictions, known, "prediction")
    if not ours:
        raise InputError.of("no-gold", "there is no gold layer to score against; give at least one")
    return known, ours, theirs


def _known(tasks: Sequence[str]) -> tuple[str, ...]:
    """The tasks in the report's order."""
    named = [tasks] if isinstance(tasks, str) else list(tasks)
    unknown = [task for task in named if task not in TASKS]
    if unknown or not named:
        raise InputError.of(
            "unknown-task",
            f"tasks {', '.join(map(repr, unknown)) or 'are none'}; expected some of {', '.join(TASKS)}",
        )
    return tuple(task for task in TASKS if task in named)


def _check_numbers(options: Options) -> None:
    if options.n_boot < 0 or options.seed < 0 or not 0 < options.alpha < 1:
        raise InputError.of(
            "bad-option",
            f"n_boot={options.n_boot}, seed={options.seed}, alpha={options.alpha}; expected n_boot and seed "
            "of at least 0 and alpha between 0 and 1",
        )


def _by_document(layers: Layers, documents: Mapping[str, Document], what: str) -> dict[str, Layer]:
    out: dict[str, Layer] = {}
    problems: list[Problem] = []
    for layer in layers.values() if isinstance(layers, Mapping) else layers:
        document = documents.get(layer.document)
        if document is None:
            message = f"{what} for unknown document {layer.document!r}; known are {_listed(documents)}"
            problems.append(Problem("unknown-document", message))
        elif layer.text_sha256 not in (None, document.text_sha256):
            message = (
                f"{what} for {layer.document!r} was made for a text with SHA-256 {layer.text_sha256}, "
                f"the document's has {document.text_sha256}; use the same text"
            )
            problems.append(Problem("text-sha256", message))
        elif layer.document in out:
            message = f"two {what} layers for document {layer.document!r}; give one"
            problems.append(Problem("duplicate-document", message))
        else:
            out[layer.document] = layer
    if problems:
        raise InputError(problems)
    return out


def _listed(documents: Mapping[str, Document], most: int = 10) -> str:
    names = sorted(documents)
    shown = ", ".join(names[:most]) or "none"
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
