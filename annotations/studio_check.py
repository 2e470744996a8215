"""Checks of what is to be sent: a dangling arrow crashes the editor, and the server checks no offset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vostochny.annotations.extras import require
from vostochny.annotations.studio_errors import EXTRA
from vostochny.annotations.studio_labels import TEXT, Result
from vostochny.annotations.studio_types import Push
from vostochny.schema.errors import InputError, Problem, shown


def check_pushes(pushes: Iterable[Push], config: str) -> None:
    """Raise :class:`~vostochny.schema.errors.InputError` with all that the editor could not show.

    That is: regions outside their text or unlike the configuration, arrows from or to nowhere, and
    external ids that come twice.
    """
    interface = require("label_studio_sdk.label_interface", EXTRA).LabelInterface(config)
    problems: list[Problem] = []
    seen: set[str] = set()
    for push in pushes:
        if push.external_id in seen:
            message = "comes twice; push each task once"
            problems.append(Problem("repeated-task", message, push.external_id))
        seen.add(push.external_id)
        if push.results is None:
            continue
        words = list(_faults(push.results, str(push.data[TEXT])))
        if not words:
            words = interface.validate_prediction({"result": list(push.results)}, return_errors=True)
        problems += (Problem("unfit-region", word, push.external_id) for word in words)
    if problems:
        raise InputError(problems)


def _faults(results: Sequence[Result], text: str) -> Iterator[str]:
    places: dict[str, tuple[int, int]] = {}
    for result in results:
        if result["type"] == "relation":
            continue
        value = result["value"]
        start, end = value["start"], value["end"]
        if not 0 <= start < end <= len(text):
            yield f"region {result['id']} is {start}..{end}, the text has {len(text)} characters; mend it"
        if places.setdefault(result["id"], (start, end)) != (start, end):
            yield f"region {result['id']} has two places; give each region an id of its own"
    for result in results:
        if result["type"] == "relation":
            for end in (result["from_id"], result["to_id"]):
                if end not in places:
                    yield f"an arrow ends at {shown(end)}, which is no region; draw that, or drop the arrow"
