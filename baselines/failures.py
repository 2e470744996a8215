"""An exception out of a user's extractor as a problem that names the user's own file and line."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from traceback import walk_tb

from vostochny.schema.errors import InputError


def failure(check: str, what: str, error: BaseException) -> InputError:
    """The error to raise (``from`` the exception, for ``--traceback``) when ``what`` failed.

    Its problem is placed where :func:`origin` says. Raises BrokenPipeError instead if who reads our
    output went away, which no extractor can help.
    """
    if isinstance(error, BrokenPipeError):
        # What could not be written is still in the buffer, so that flushing fails again.
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    file, line = origin(error)
    reason = " ".join(str(error).split())
    named = f"{type(error).__name__}: {reason}" if reason else type(error).__name__
    message = f"{what} failed with {named}; mend it there, --traceback shows every step"
    return InputError.of(check, message, file=file, line=line)


def origin(error: BaseException) -> tuple[str | None, int | None]:
    """File and line of the user's code where an exception was raised; None where no such code ran.

    That is the innermost step outside this package, the standard library and installed packages; of an
    extractor that is itself an installed package, its outermost step. A syntax error is where its
    file says. Files under the working folder are named from there.
    """
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_file():
        return _shown(error.filename), error.lineno
    steps = [
        (frame.f_code.co_filename, line)
        for frame, line in walk_tb(error.__traceback__)
        if not _is_ours(str(frame.f_globals.get("__name__"))) and not frame.f_code.co_filename.startswith("<")
    ]
    own = [step for step in steps if not _under(step[0], "stdlib", "platstdlib", "purelib", "platlib")]
    installed = [step for step in steps if _under(step[0], "purelib", "platlib")]
    for file, line in [*own[-1:], *installed[:1]]:
        return _shown(file), line
    return None, None


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == "vostochny"


def _under(file: str, *kinds: str) -> bool:
    """Whether a file is in one of Python's folders, by their names in :mod:`sysconfig`."""
    return any(Path(file).is_relative_to(sysconfig.get_path(kind)) for kind in kinds)


def _shown(file: str) -> str:
    path, here = Path(file), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
