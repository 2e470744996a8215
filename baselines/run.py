"""Running an extractor over documents; trained ones leave the document out that they predict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy

from vostochny.baselines.base import Extractor, Trainable
from vostochny.baselines.failures import failure
from vostochny.baselines.results import checked_layer
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.model import Document, Layer

Progress = Callable[[Document], object]
"""Called with every document once it is done."""


def predict(
    extractor: Extractor,
    documents: Iterable[Document],
    train_layers: Mapping[str, Layer] | None = None,
    progress: Progress | None = None,
    train_documents: Mapping[str, Document] | None = None,
) -> list[Layer]:
    """One valid layer a document, in the order of the documents.

    An extractor with a ``fit`` method is trained anew for each document, a fresh copy each time, on all
    ``train_layers`` of other documents, never on the document itself, nor on one with the same text. The
    texts to train on are those of ``documents`` and of ``train_documents``; layers of other documents
    are passed over.

    Raises :class:`InputError` if the extractor raises, naming the document and the place in the
    extractor's file (the exception is the error's cause), or if there is nothing to train on; and after
    the last document, if layers are wrong, with all problems of all of them.
    """
    listed = list(documents)
    texts = {**(train_documents or {}), **{d.id: d for d in listed}}
    out: list[Layer] = []
    problems: list[Problem] = []
    fitted: list[str] | None = None
    # What a fit leaves behind must not reach the next: each one starts from the object as it was given.
    untrained = extractor
    for document in listed:
        if isinstance(untrained, Trainable):
            others = [
                name
                for name in sorted(train_layers or {})
                if name in texts and name != document.id and texts[name].text_sha256 != document.text_sha256
            ]
            if others != fitted:
                extractor = _fit(untrained, document, [(texts[n], (train_layers or {})[n]) for n in others])
                fitted = others
        layer, found = _extracted(extractor, document)
        out += [layer] if layer is not None else []
        problems += found
        if progress is not None:
            progress(document)
    if problems:
        raise InputError(problems)
    return out


def _fit(untrained: Trainable, document: Document, pairs: list[tuple[Document, Layer]]) -> Extractor:
    """A copy of the untrained extractor, trained."""
    if not pairs:
        message = (
            f"found no annotated document but {document.id!r} itself, expected others to train on; "
            "give their layers as training data"
        )
        raise InputError.of("no-training-data", message)
    try:
        extractor = deepcopy(untrained)
        extractor.fit([d for d, _ in pairs], [layer for _, layer in pairs])
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        raise failure("extractor-failed", f"training for document {document.id!r}", error) from error
    return extractor


def _extracted(extractor: Extractor, document: Document) -> tuple[Layer | None, list[Problem]]:
    try:
        # Parts may be generators, which run the extractor's code only when they are read.
        return checked_layer(extractor.extract(document), document)
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        raise failure("extractor-failed", f"extracting from document {document.id!r}", error) from error
