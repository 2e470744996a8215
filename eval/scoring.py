"""Scoring predictions against gold: the entry point of the room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from vostochny.eval.items import ItemReader
from vostochny.eval.joining import Documents as Documents
from vostochny.eval.joining import Joining, each_of
from vostochny.eval.joining import Layers as Layers
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
from vostochny.eval.task_counts import Parts
from vostochny.eval.tasks import TASKS
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Entity, Gold, Layer
from vostochny.schema.registry import Resolver


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

    ``gold``, ``predictions`` and ``documents`` may be iterators, such as generators that read line by line.
    They are read side by side and joined by document; where they come in the same order, only a few hundred
    documents are held at a time, however many there are, and the counts of all.

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
    registry = tuple(entities or ())
    resolver = Resolver(registry)
    digests: dict[str, str] = {}
    done: dict[str, tuple[str, ...]] = {}
    counted: dict[str, list[Parts]] = {task: [] for task in options.tasks}
    joints = iter(Joining(gold, predictions, documents))
    while batch := list(islice(joints, _BATCH)):
        found: dict[str, dict[str, Any]] = {task: {} for task in options.tasks}
        for joint in batch:
            name = joint.index.document.id
            if joint.predicted is not None:
                done[name] = tuple(task for task in TASKS if _part(joint.predicted, task) is not None)
            if joint.gold is None:
                continue
            digests[name] = gold_digest(joint.gold, joint.index.document)
            reader = ItemReader(joint.index.document, resolver, options, index=joint.index)
            predicted = Layer(name, "") if joint.predicted is None else joint.predicted
            for task in options.tasks:
                if _part(joint.gold, task) is not None:
                    found[task][name] = TASKS[task].read(reader, joint.gold, predicted)
        for task, cases in found.items():
            if cases:
                counted[task].append(TASKS[task].count(cases, options))
    return Report(
        options=options,
        gold=digests,
        registry=registry_digest(registry),
        per_document={task: Parts.joined(parts) if parts else {} for task, parts in counted.items()},
        predicted=dict(sorted(done.items())),
        invalid={part: n for part, n in sorted((invalid or {}).items()) if n},
    )


_BATCH = 64
"""So many documents are counted at a time: enough for arrays to pay, few enough to hold."""


def _part(layer: Layer, task: str) -> object:
    return getattr(layer, TASKS[task].part)


def prepare(
    gold: Layers, predictions: Layers, documents: Documents
) -> tuple[Mapping[str, Document], dict[str, Layer], dict[str, Layer]]:
    """Documents, gold and predicted layers by document id, once they are seen to fit each other.

    The errors are those of :func:`score`.
    """
    known = {document.id: document for document in values_of(documents, Document, "documents")}
    ours, theirs = values_of(gold, Layer, "gold"), values_of(predictions, Layer, "predictions")
    for _ in Joining(ours, theirs, known):
        pass
    return known, {layer.document: layer for layer in ours}, {layer.document: layer for layer in theirs}


Value = TypeVar("Value")


def values_of(given: object, expected: type[Value], what: str) -> list[Value]:
    """The values of an iterable or mapping, all ``expected``; InputError (``wrong-type``) otherwise.

    ``what`` says what they are: ``documents``, ``layers``, ``gold`` or ``predictions``.
    """
    return list(each_of(given, expected, what))


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
