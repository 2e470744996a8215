"""Label Studio's own environment: installed from hashes, outside the project, once per version.

It lives in the user's cache folder, with an empty, migrated database that gives new servers a quick
start. ``VOSTOCHNY_CACHE`` and ``VOSTOCHNY_DATA`` name other folders than the user's.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from vostochny.annotations.studio_command import locked, output, run
from vostochny.annotations.studio_errors import EXTRA
from vostochny.schema.errors import InputError
from vostochny.schema.extras import require
from vostochny.schema.files import decode, read_bytes

LOCK = Path(__file__).parent / "labelstudio.txt"
"""The server's pinned packages with their hashes, as ``make lock`` wrote them."""

DATABASE = "label_studio.sqlite3"
"""Label Studio's name for its database file."""

Progress = Callable[[str], None]
"""Told what goes on, a short line at a time."""

_SETTINGS = {
    "DJANGO_DB": "sqlite",
    "COLLECT_ANALYTICS": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "LATEST_VERSION_CHECK": "false",
    "FEATURE_FLAGS_OFFLINE": "true",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
    # Its pages ask the server for tips, which it would fetch from elsewhere: a proxy that is none
    # keeps it from reaching anything but this machine.
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1,localhost",
    "PYTHONUTF8": "1",
    "PYTHONUNBUFFERED": "1",
}
# Label Studio also takes settings from variables with everyday names (HOST, DEBUG, PASSWORD), so it
# gets only what any program needs.
_INHERITED = re.compile(r"PATH|HOME|USER|LOGNAME|TMPDIR|TZ|LANG|LANGUAGE|LC_\w+|LD_LIBRARY_PATH")


def quiet(_line: str) -> None:
    """Show no progress."""


def version(lock: Path = LOCK) -> str:
    """The version of Label Studio that the lock pins."""
    found = re.search(r"^label-studio==(\S+)", decode(read_bytes(lock), str(lock)), re.MULTILINE)
    if found is None:
        message = "pins no label-studio; take the file that came with vostochny"
        raise InputError.of("unreadable-file", message, file=str(lock))
    return found[1]


def cache_folder() -> Path:
    """Where environments are kept: ``VOSTOCHNY_CACHE``, else the user's cache folder."""
    named = os.environ.get("VOSTOCHNY_CACHE")
    return Path(named or require("platformdirs", EXTRA).user_cache_path("vostochny")).resolve()


def data_folder() -> Path:
    """Where servers keep what they know: in ``VOSTOCHNY_DATA``, else in the user's data folder."""
    named = os.environ.get("VOSTOCHNY_DATA")
    root = Path(named or require("platformdirs", EXTRA).user_data_path("vostochny")).resolve()
    return root / "labelstudio"


def environment_folder(lock: Path = LOCK) -> Path:
    """Where this version is installed for this Python. Another lock has another folder."""
    python = f"py{sys.version_info.major}.{sys.version_info.minor}"
    digest = hashlib.sha256(read_bytes(lock)).hexdigest()[:8]
    return cache_folder() / f"labelstudio-{version(lock)}-{python}-{digest}"


def settings(data: Path) -> dict[str, str]:
    """The environment variables that a server over a data folder runs with; no secrets."""
    inherited = {name: value for name, value in os.environ.items() if _INHERITED.fullmatch(name)}
    return {**inherited, **_SETTINGS, "LABEL_STUDIO_BASE_DATA_DIR": str(data)}


def install(progress: Progress = quiet, lock: Path = LOCK) -> Path:
    """Install Label Studio unless it is, and return its environment's folder.

    An installation that was interrupted is begun anew. Raises
    :class:`~vostochny.schema.errors.InputError` with the end of the log if it fails.
    """
    folder = environment_folder(lock)
    finished = folder / "finished"
    with locked(_beside(folder, "lock")):
        # The interpreter is a link: it leads nowhere once its Python was removed.
        if not (finished.is_file() and (folder / "bin" / "python").exists()):
            progress(f"installing Label Studio {version(lock)} into {folder} (once; about 1 GB)")
            _build(folder, lock, progress)
            finished.touch()
    return folder


def prepare(data: Path, environment: Path) -> None:
    """Make a server's data folder, with the empty database unless it has one.

    Raises :class:`~vostochny.schema.errors.InputError` (``unwritable-file``) if it can't be written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (data / DATABASE).exists():
            copy = data / f"{DATABASE}.new"
            shutil.copyfile(environment / DATABASE, copy)
            copy.chmod(0o600)
            copy.replace(data / DATABASE)
    except OSError as error:
        message = f"can't be written ({error.strerror}); give a writable folder with --data"
        raise InputError.of("unwritable-file", message, file=str(data)) from None


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(f"{folder.name}.{suffix}")


def _build(folder: Path, lock: Path, progress: Progress) -> None:
    log = _beside(folder, "log")
    log.write_bytes(b"")
    count = len(re.findall(r"^\S+==", decode(read_bytes(lock), str(lock)), re.MULTILINE))
    run([sys.executable, "-I", "-m", "venv", "--clear", str(folder)], log)
    python = str(folder / "bin" / "python")
    pip = [python, "-I", "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    seen = 0
    for line in output([*pip, "--require-hashes", "-r", str(lock)], log):
        if line.startswith("Collecting "):
            seen += 1
            progress(f"fetching package {seen} of about {count}")
        elif line.startswith("Installing collected packages"):
            progress("unpacking the packages (about a minute)")
    progress("preparing an empty database (once; a minute or two)")
    with tempfile.TemporaryDirectory() as data:
        run([python, str(folder / "bin" / "label-studio"), "init", "--quiet"], log, settings(Path(data)))
        shutil.copyfile(Path(data) / DATABASE, folder / DATABASE)
