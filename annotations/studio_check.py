"""Checks of what is to be sent: a dangling arrow crashes the editor, and the server checks no offset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from vostochny.annotations.studio_errors import EXTRA
from vostochny.annotations.studio_labels import TEXT, Result
from vostochny.annotations.studio_types import Push
from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.extras import require


def check_pushes(pushes: Iterable[Push], config: str) -> None:
    """Raise :class:`~vostochny.schema.errors.InputError` with all that the editor could not show.

    That is: regions outside their text or unlike the configuration, and arrows from or to nowhere.
    """
    interface = require("label_studio_sdk.label_interface", EXTRA).LabelInterface(config)
    problems: list[Problem] = []
    for push in pushes:
        if push.results is None:
            continue
        results = list(push.results)
        words = list(_faults(results, str(push.data[TEXT])))
        if not words:
            words = interface.validate_prediction({"result": results}, return_errors=True)
        problems += (Problem("unfit-region", word, push.external_id) for word in words)
    if problems:
        raise InputError(problems)


def check_once(pushes: Iterable[Push]) -> None:
    """Raise :class:`~vostochny.schema.errors.InputError` for each external id that comes twice."""
    counts = Counter(push.external_id for push in pushes)
    if problems := [
        Problem("repeated-task", "comes twice; push each task once", id)
        for id, count in counts.items()
        if count > 1
    ]:
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
