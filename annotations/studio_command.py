"""Running other programs with their output in a log, one at a time."""

from __future__ import annotations

import fcntl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from vostochny.schema.errors import InputError

_LAST = 15


def run(command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
    """Run a command, its output appended to the log; errors as in :func:`output`."""
    for _ in output(command, log, env):
        pass


def output(command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """The lines that a command prints, each of them also appended to the log.

    Raises :class:`~vostochny.schema.errors.InputError` (``command-failed``) with the log's last lines
    if the command fails. Whoever stops reading stops the command.
    """
    with log.open("a", encoding="utf-8") as out:
        try:
            process = subprocess.Popen(
                command,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise InputError.of("command-failed", f"can't run {command[0]}: {error.strerror}") from None
        with process:
            try:
                assert process.stdout is not None
                for line in process.stdout:
                    out.write(line)
                    out.flush()
                    yield line
            except BaseException:
                process.terminate()
                raise
    if process.returncode:
        name = " ".join(Path(part).name for part in command[:4])
        raise failed(f"'{name} …' ended with status {process.returncode}", log)


def failed(message: str, log: Path) -> InputError:
    """An error that ends with what the log says last."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    last = "\n".join(f"  {line}" for line in lines[-_LAST:])
    return InputError.of("command-failed", f"{message}; the whole log is {log}; its last lines:\n{last}")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file: another process that asks for the same one waits.

    Raises :class:`~vostochny.schema.errors.InputError` (``unwritable-file``) if it can't be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = path.open("a")
    except OSError as error:
        message = f"can't be written ({error.strerror}); give a writable folder"
        raise InputError.of("unwritable-file", message, file=str(path)) from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
