"""Finding a linker by what a user calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vostochny.baselines.link_base import Linker
from vostochny.baselines.link_registry import LINKERS
from vostochny.baselines.plugins import Plugins
from vostochny.schema.model import Document, Layer, Links


class FunctionLinker:
    """A plain function from documents and layers to links as a linker."""

    def __init__(self, function: Callable[[Sequence[Document], Sequence[Layer]], Links]) -> None:
        self._function = function

    def link(self, documents: Sequence[Document], layers: Sequence[Layer]) -> Links:
        """What the function returns."""
        return self._function(documents, layers)


LINKER_PLUGINS: Plugins[Linker] = Plugins(
    noun="linker",
    call="link(documents, layers)",
    own={name: baseline.factory for name, baseline in LINKERS.items()},
    wrap=FunctionLinker,
)
"""All linkers: the baselines and those of others."""


def load_linker(spec: str) -> Linker:
    """The linker that a name stands for; see :meth:`~vostochny.baselines.plugins.Plugins.load`.

    Entry points are those of the group ``vostochny.linkers``; a function must take documents and layers and
    return links.
    """
    return LINKER_PLUGINS.load(spec)
