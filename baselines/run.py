"""Running an extractor over documents; trained ones leave the document out that they predict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from vostochny.baselines.base import Extractor, Trainable
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import layer_to_json
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
    """One layer a document, in the order of the documents.

    An extractor with a ``fit`` method is trained for each document on all ``train_layers`` of other
    documents, never on the document itself, nor on one with the same text. The texts to train on are
    those of ``documents`` and of ``train_documents``; layers of other documents are passed over. Raises
    :class:`InputError`, naming the document, if the extractor raises or returns no layer of that document,
    and if there is nothing to train on.
    """
    listed = list(documents)
    texts = {**(train_documents or {}), **{d.id: d for d in listed}}
    out = []
    fitted: list[str] | None = None
    for document in listed:
        if isinstance(extractor, Trainable):
            others = [
                name
                for name in sorted(train_layers or {})
                if name in texts and name != document.id and texts[name].text_sha256 != document.text_sha256
            ]
            if others != fitted:
                _fit(extractor, document, [(texts[n], (train_layers or {})[n]) for n in others])
                fitted = others
        out.append(_extracted(extractor, document))
        if progress is not None:
            progress(document)
    return out


def _fit(extractor: Trainable, document: Document, pairs: list[tuple[Document, Layer]]) -> None:
    if not pairs:
        message = (
            f"found no annotated document but {document.id!r} itself, expected others to train on; "
            "give their layers as training data"
        )
        raise InputError.of("no-training-data", message)
    try:
        extractor.fit([d for d, _ in pairs], [layer for _, layer in pairs])
    except InputError:
        raise
    except Exception as error:
        raise _raised("training for", document, error) from None


def _extracted(extractor: Extractor, document: Document) -> Layer:
    try:
        layer: object = extractor.extract(document)
    except InputError:
        raise
    except Exception as error:
        raise _raised("extracting from", document, error) from None
    if not isinstance(layer, Layer):
        message = (
            f"document {document.id!r}: the extractor returned {type(layer).__name__!r}, expected a Layer; "
            "return vostochny.schema.Layer"
        )
        raise InputError.of("extractor-result", message)
    if layer.document != document.id:
        message = (
            f"document {document.id!r}: the extractor returned a layer of {layer.document!r}; "
            "set its document to the id of the one it was given"
        )
        raise InputError.of("extractor-result", message)
    try:
        layer_to_json(layer)
    except (AttributeError, TypeError) as error:
        raise _raised("writing the layer of", document, error) from None
    return layer


def _raised(what: str, document: Document, error: Exception) -> InputError:
    reason = " ".join(str(error).split())
    message = (
        f"{what} document {document.id!r} failed with {type(error).__name__}: {reason}; mend the extractor"
    )
    return InputError.of("extractor-failed", message)
