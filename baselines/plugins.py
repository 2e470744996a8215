"""Finding an extractor by what a user calls it."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from vostochny.baselines.base import Extractor
from vostochny.baselines.failures import failure
from vostochny.baselines.registry import BASELINES
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Layer

GROUP = "vostochny.extractors"
"""The entry point group in which packages announce their extractors."""


class FunctionExtractor:
    """A plain function from document to layer as an extractor."""

    def __init__(self, function: Callable[[Document], Layer]) -> None:
        self._function = function

    def extract(self, document: Document) -> Layer:
        """What the function returns."""
        return self._function(document)


def load_extractor(spec: str) -> Extractor:
    """The extractor that a name stands for.

    ``spec`` is a baseline's name, the name of an entry point in the group ``vostochny.extractors``,
    ``package.module:Class`` (or ``:function``), or ``path/file.py:Class`` (or ``:function``). A class is
    instantiated without arguments; a function must take a document and return a layer. Modules are
    also looked for in the current folder. Raises :class:`InputError`, with a remedy, if nothing usable
    is found; where the user's code failed, it is placed there and has the exception as its cause.
    """
    if spec in BASELINES:
        return BASELINES[spec].factory()
    if ":" in spec:
        where, _, attribute = spec.rpartition(":")
        return _usable(_attribute(_module(where, spec), attribute, spec), spec)
    points = {point.name: point for point in entry_points(group=GROUP)}
    if spec in points:
        try:
            found = points[spec].load()
        except (Exception, SystemExit) as error:
            raise _failed(spec, f"entry point {points[spec].value!r}", error) from error
        return _usable(found, spec)
    known = [*BASELINES, *points]
    close = get_close_matches(spec, known, 1)
    hint = f"did you mean {close[0]!r}?" if close else "see 'vostochny baselines'"
    message = (
        f"found no extractor {spec!r}, expected a baseline, an entry point of {GROUP!r}, "
        f"'package.module:Class' or 'file.py:function'; {hint}"
    )
    raise InputError.of("unknown-extractor", message)


def _module(where: str, spec: str) -> ModuleType:
    if where.endswith(".py"):
        return _module_of_file(Path(where), spec)
    if not where or not all(part.isidentifier() for part in where.split(".")):
        message = f"found {spec!r}, expected 'package.module:Class' or 'path/file.py:Class'; mend the name"
        raise InputError.of("unknown-extractor", message)
    here = str(Path.cwd())
    added = here not in sys.path
    if added:
        sys.path.append(here)
    try:
        return importlib.import_module(where)
    except (Exception, SystemExit) as error:
        raise _failed(spec, f"module {where!r}", error) from error
    finally:
        if added:
            sys.path.remove(here)


def _module_of_file(path: Path, spec: str) -> ModuleType:
    if not path.is_file():
        message = f"extractor {spec!r}: there is no file {str(path)!r}; give the path of a Python file"
        raise InputError.of("extractor-import", message, file=str(path))
    name = f"vostochny_plugin_{path.stem}"
    module_spec = importlib.util.spec_from_file_location(name, path)
    if module_spec is None or module_spec.loader is None:
        message = f"extractor {spec!r}: {str(path)!r} is no Python file; give one that ends in .py"
        raise InputError.of("extractor-import", message, file=str(path))
    module = importlib.util.module_from_spec(module_spec)
    # Dataclasses and pickling look their module up by its name.
    sys.modules[name] = module
    try:
        module_spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise _failed(spec, f"file {str(path)!r}", error) from error
    return module


def _attribute(module: ModuleType, attribute: str, spec: str) -> Any:
    value: Any = module
    for part in attribute.split("."):
        if not hasattr(value, part):
            public = [name for name in vars(module) if not name.startswith("_")]
            close = get_close_matches(part, public, 1)
            hint = f"did you mean {close[0]!r}?" if close else "name a class or function that it defines"
            message = f"extractor {spec!r}: found no {part or 'name'!r} in {module.__name__!r}; {hint}"
            raise InputError.of("extractor-import", message)
        value = getattr(value, part)
    return value


def _usable(found: Any, spec: str) -> Extractor:
    if inspect.isclass(found):
        if not callable(getattr(found, "extract", None)):
            message = f"extractor {spec!r}: the class has no method extract(document); add one"
            raise InputError.of("extractor-shape", message)
        try:
            found = found()
        except (Exception, SystemExit) as error:
            raise _failed(spec, "creating it without arguments", error) from error
    if callable(getattr(found, "extract", None)):
        extractor: Extractor = found
        return extractor
    if callable(found):
        return FunctionExtractor(found)
    message = (
        f"extractor {spec!r}: found {type(found).__name__!r}, expected a class or object with "
        "extract(document), or a function; name one of these"
    )
    raise InputError.of("extractor-shape", message)


def _failed(spec: str, what: str, error: BaseException) -> InputError:
    return failure("extractor-import", f"extractor {spec!r}: {what}", error)
