"""Running a linker over layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vostochny.baselines.failures import failure
from vostochny.baselines.link_base import Linker
from vostochny.baselines.link_results import checked_links
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Layer, Links


def link(linker: Linker, documents: Mapping[str, Document], layers: Iterable[Layer]) -> Links:
    """Valid links over the items of some layers.

    The linker gets the layers in the order of their documents' ids, and these documents. Gold layers
    must be :func:`blinded <vostochny.baselines.link_blind.without_answers>` before.

    Raises :class:`~vostochny.schema.errors.InputError` if the linker raises, naming the place in its file
    (the exception is the error's cause), or if its links are wrong, with all problems.
    """
    given = sorted(layers, key=lambda layer: layer.document)
    texts = [documents[layer.document] for layer in given]
    try:
        # Parts may be generators, which run the linker's code only when they are read.
        links, problems = checked_links(linker.link(texts, given), texts, given)
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        raise failure("linker-failed", f"linking {len(given)} documents", error) from error
    if links is None or problems:
        raise InputError(problems)
    return links
