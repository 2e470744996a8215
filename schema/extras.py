"""Optional extras: what is imported only where it is used."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from vostochny.schema.errors import InputError


def require(module: str, extra: str) -> ModuleType:
    """Import a module that an optional extra brings.

    Raises :class:`~vostochny.schema.errors.InputError` that says how to install the extra if it is missing.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or module.split(".")[0] != error.name.split(".")[0]:
            raise
        message = f"{module} is not installed; it comes with: pip install 'vostochny[{extra}]'"
        raise InputError.of("missing-extra", message) from None
