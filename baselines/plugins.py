"""Finding an extractor, or another plug-in, by what a user calls it."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

from vostochny.baselines.base import Extractor
from vostochny.baselines.failures import failure
from vostochny.baselines.registry import BASELINES
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Layer

Plugin = TypeVar("Plugin")


@dataclass(frozen=True, slots=True)
class Plugins(Generic[Plugin]):
    """Plug-ins of one kind and how they are found.

    ``noun`` names the kind, in messages and in the ids of checks (``unknown-NOUN``, ``NOUN-import``,
    ``NOUN-shape``); ``call`` is the method that makes a plug-in one, with its arguments; ``own`` are the
    baselines, ``wrap`` makes a plug-in of a plain function. Packages announce theirs as entry points of
    the group ``vostochny.NOUNs``.
    """

    noun: str
    call: str
    own: Mapping[str, Callable[[], Plugin]]
    wrap: Callable[[Callable[..., Any]], Plugin]

    @property
    def group(self) -> str:
        """The entry point group."""
        return f"vostochny.{self.noun}s"

    def load(self, spec: str) -> Plugin:
        """The plug-in that a name stands for.

        ``spec`` is a baseline's name, an entry point's, ``package.module:Class`` (or ``:function``), or
        ``path/file.py:Class`` (or ``:function``). A class is instantiated without arguments; a function
        takes what the method takes and returns what it returns. Modules are also looked for in the
        current folder. Raises :class:`InputError`, with a remedy, if nothing usable is found; where the
        user's code failed, it is placed there and has the exception as its cause.
        """
        if spec in self.own:
            return self.own[spec]()
        if ":" in spec:
            where, _, attribute = spec.rpartition(":")
            return self._usable(self._attribute(self._module(where, spec), attribute, spec), spec)
        points = {point.name: point for point in entry_points(group=self.group)}
        if spec in points:
            try:
                found = points[spec].load()
            except (Exception, SystemExit) as error:
                raise self._failed(spec, f"entry point {points[spec].value!r}", error) from error
            return self._usable(found, spec)
        close = get_close_matches(spec, [*self.own, *points], 1)
        hint = f"did you mean {close[0]!r}?" if close else "see 'vostochny baselines'"
        message = (
            f"found no {self.noun} {spec!r}, expected a baseline, an entry point of {self.group!r}, "
            f"'package.module:Class' or 'file.py:function'; {hint}"
        )
        raise InputError.of(f"unknown-{self.noun}", message)

    @property
    def _method(self) -> str:
        return self.call.partition("(")[0]

    def _module(self, where: str, spec: str) -> ModuleType:
        if where.endswith(".py"):
            return self._module_of_file(Path(where), spec)
        if not where or not all(part.isidentifier() for part in where.split(".")):
            message = (
                f"found {spec!r}, expected 'package.module:Class' or 'path/file.py:Class'; mend the name"
            )
            raise InputError.of(f"unknown-{self.noun}", message)
        here = str(Path.cwd())
        added = here not in sys.path
        if added:
            sys.path.append(here)
        try:
            return importlib.import_module(where)
        except (Exception, SystemExit) as error:
            raise self._failed(spec, f"module {where!r}", error) from error
        finally:
            if added:
                sys.path.remove(here)

    def _module_of_file(self, path: Path, spec: str) -> ModuleType:
        if not path.is_file():
            message = f"{self.noun} {spec!r}: there is no file {str(path)!r}; give the path of a Python file"
            raise InputError.of(f"{self.noun}-import", message, file=str(path))
        name = f"vostochny_plugin_{path.stem}"
        module_spec = importlib.util.spec_from_file_location(name, path)
        if module_spec is None or module_spec.loader is None:
            message = f"{self.noun} {spec!r}: {str(path)!r} is no Python file; give one that ends in .py"
            raise InputError.of(f"{self.noun}-import", message, file=str(path))
        module = importlib.util.module_from_spec(module_spec)
        # Dataclasses and pickling look their module up by its name.
        sys.modules[name] = module
        try:
            module_spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            del sys.modules[name]
            raise self._failed(spec, f"file {str(path)!r}", error) from error
        return module

    def _attribute(self, module: ModuleType, attribute: str, spec: str) -> Any:
        value: Any = module
        for part in attribute.split("."):
            if not hasattr(value, part):
                public = [name for name in vars(module) if not name.startswith("_")]
                close = get_close_matches(part, public, 1)
                hint = f"did you mean {close[0]!r}?" if close else "name a class or function that it defines"
                message = f"{self.noun} {spec!r}: found no {part or 'name'!r} in {module.__name__!r}; {hint}"
                raise InputError.of(f"{self.noun}-import", message)
            value = getattr(value, part)
        return value

    def _usable(self, found: Any, spec: str) -> Plugin:
        if inspect.isclass(found):
            if not callable(getattr(found, self._method, None)):
                message = f"{self.noun} {spec!r}: the class has no method {self.call}; add one"
                raise InputError.of(f"{self.noun}-shape", message)
            try:
                found = found()
            except (Exception, SystemExit) as error:
                raise self._failed(spec, "creating it without arguments", error) from error
        if callable(getattr(found, self._method, None)):
            plugin: Plugin = found
            return plugin
        if callable(found):
            return self.wrap(found)
        message = (
            f"{self.noun} {spec!r}: found {type(found).__name__!r}, expected a class or object with "
            f"{self.call}, or a function; name one of these"
        )
        raise InputError.of(f"{self.noun}-shape", message)

    def _failed(self, spec: str, what: str, error: BaseException) -> InputError:
        return failure(f"{self.noun}-import", f"{self.noun} {spec!r}: {what}", error)


class FunctionExtractor:
    """A plain function from document to layer as an extractor."""

    def __init__(self, function: Callable[[Document], Layer]) -> None:
        self._function = function

    def extract(self, document: Document) -> Layer:
        """What the function returns."""
        return self._function(document)


EXTRACTORS: Plugins[Extractor] = Plugins(
    noun="extractor",
    call="extract(document)",
    own={name: baseline.factory for name, baseline in BASELINES.items()},
    wrap=FunctionExtractor,
)
"""All extractors: the baselines and those of others."""


def load_extractor(spec: str) -> Extractor:
    """The extractor that a name stands for; see :meth:`Plugins.load`.

    A function must take a document and return a layer.
    """
    return EXTRACTORS.load(spec)
