"""What goes wrong between us and a Label Studio server, in words that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vostochny.schema.errors import InputError, shown
from vostochny.schema.extras import require

EXTRA = "labelstudio"
"""The extra that brings the client's libraries."""

TOKEN = "LABEL_STUDIO_API_KEY"
"""The environment variable with the user's token."""

ANEW = f"copy a new one from Label Studio's Account & Settings page into {TOKEN}"


class UncertainError(InputError):
    """A request failed in a way that leaves open whether the server carried it out."""


@contextmanager
def told(url: str, doing: str) -> Iterator[None]:
    """Turn what the SDK raises into :class:`~vostochny.schema.errors.InputError` that names the server.

    Server errors and broken connections become :class:`UncertainError`. No message holds a token: of
    an answer only the server's own words are told, of a request nothing.
    """
    httpx = require("httpx", EXTRA)
    api_error = require("label_studio_sdk.core.api_error", EXTRA).ApiError
    try:
        yield
    except api_error as error:
        raise _answered(error.status_code, error.body, url, doing) from None
    except httpx.TimeoutException:
        message = f"no answer in time while {doing}; wait until the server is less busy and run this again"
        raise UncertainError.of("labelstudio-unreachable", message, file=url) from None
    except httpx.InvalidURL:
        raise InputError.of(
            "labelstudio-url", "is no URL; give one such as http://127.0.0.1:8080", file=url
        ) from None
    except httpx.HTTPError as error:
        message = (
            f"the server doesn't answer ({type(error).__name__} while {doing}); start it ('vostochny "
            "labelstudio up') or give its --url, then run this again: what is done is not done twice"
        )
        raise UncertainError.of("labelstudio-unreachable", message, file=url) from None


def _answered(status: int | None, body: Any, url: str, doing: str) -> InputError:
    words = server_words(body)
    if status in (401, 403):
        said = f"the server refuses the token while {doing} ({status}: {words}); {ANEW}"
        return InputError.of("labelstudio-token", said, file=url)
    if status is None or status >= 500:
        said = f"the server failed while {doing} ({status}: {words}); run this again, nothing is done twice"
        return UncertainError.of("labelstudio-failed", said, file=url)
    if status == 404:
        said = f"not found while {doing} ({words}); it was deleted meanwhile: run this again"
        return InputError.of("labelstudio-gone", said, file=url)
    said = f"the server refuses {doing} ({status}: {words}); mend what it says and run this again"
    return InputError.of("labelstudio-refused", said, file=url)


def server_words(body: Any) -> str:
    """What an error's answer says, without the page or the trace around it."""
    if not isinstance(body, dict):
        return shown(str(body), 120)
    words = [body.get("validation_errors"), body.get("detail")]
    return shown(next((word for word in words if word), body), 600)
