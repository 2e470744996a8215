"""The account that owns a server of one's own: its password and its access token.

Both are handed to Label Studio through the environment and are written to no file but its database.
"""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from vostochny.annotations.studio_command import run
from vostochny.annotations.studio_errors import TOKEN
from vostochny.annotations.studio_install import DATABASE, settings
from vostochny.annotations.studio_process import log_file
from vostochny.schema.errors import InputError

ACCOUNT = "admin@localhost"
"""The account's name."""

_FORM = re.compile(r"[0-9A-Za-z_-]{16,40}")
_RESET = """
import os
from label_studio.server import _setup_env
_setup_env()
from rest_framework.authtoken.models import Token
from users.models import User
user = User.objects.get(email=os.environ["LABEL_STUDIO_USERNAME"])
user.set_password(os.environ["LABEL_STUDIO_PASSWORD"])
user.save()
Token.objects.filter(user=user).delete()
Token.objects.create(user=user, key=os.environ["LABEL_STUDIO_USER_TOKEN"])
"""


@dataclass(frozen=True, slots=True)
class Secrets:
    """A password and a token; ``given`` tells that the user chose the token and so knows it."""

    password: str = field(repr=False)
    token: str = field(repr=False)
    given: bool

    def settings(self) -> dict[str, str]:
        """The variables by which Label Studio takes them."""
        values = {"USERNAME": ACCOUNT, "PASSWORD": self.password, "USER_TOKEN": self.token}
        return {f"LABEL_STUDIO_{name}": value for name, value in values.items()}


def make_secrets() -> Secrets:
    """A random password and a token: ``LABEL_STUDIO_API_KEY`` if that is set, else a random one.

    Raises :class:`~vostochny.schema.errors.InputError` (``bad-token``) if a server can't take that.
    """
    given = os.environ.get(TOKEN)
    if given and not _FORM.fullmatch(given):
        message = (
            f"{TOKEN} holds what can't become a new server's token (such as another server's personal "
            "access token); unset it, or put 16 to 40 letters and digits there"
        )
        raise InputError.of("bad-token", message)
    return Secrets(secrets.token_urlsafe(12), given or secrets.token_hex(20), bool(given))


def has_account(data: Path) -> bool:
    """Whether the account was made in a data folder's database."""
    path = data / DATABASE
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("select 1 from htx_user where email = ?", [ACCOUNT])
            return found.fetchone() is not None
    except sqlite3.Error as error:
        message = f"is no database of Label Studio ({error}); give another folder with --data"
        raise InputError.of("bad-database", message, file=str(path)) from None


def reset(environment: Path, data: Path, made: Secrets) -> None:
    """Give the account a new password and token; the server may run meanwhile."""
    python = str(environment / "bin" / "python")
    run([python, "-c", _RESET], log_file(data), {**settings(data), **made.settings()})
