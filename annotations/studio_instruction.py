"""What annotators are told when they open their project."""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.annotations.studio_record import GOLD, NONE

_DRAWING = (
    "Press a label's key (its hint says what it is for), then drag over the words; <kbd>Esc</kbd> before the "
    "next label. Attributes stand beside the text while a region is selected; leave alone what already fits.",
    "<b>Quotes</b>: mark the content, the source and the cue each as a region of its own. Then select the "
    "content, press <kbd>Alt+R</kbd>, and click the source; so for the cue. The arrows need no name.",
    "<b>Several parts</b>, such as an interrupted quote or a claim in pieces: mark each part, then draw an "
    "arrow from each part to the next one.",
    "<b>Quotes within quotes</b>: draw an arrow from the inner content to the outer one.",
    "<b>Claims</b>: mark the words and write the proposition. Whose claim it is follows from the quote "
    "around it; choose a claimer only where that is wrong.",
    "<b>Entities</b>: choose whom a name names from the list; if it is not there, type the name beside it.",
    "<b>Submit</b> when the document is done, also when there was nothing to mark. <b>Skip</b> only what you "
    "can't annotate. You may open a document again and press Update.",
)


def instruction(prefill: str, parts: Sequence[str]) -> str:
    """The text, in the HTML that Label Studio shows; ``parts`` are those that were prefilled."""
    began = ""
    if prefill != NONE:
        whose = "earlier annotations" if prefill == GOLD else "what a program found"
        began = (
            f"<p>The documents already show {whose} ({', '.join(parts)}). Trust none of it: read the text "
            "first, then correct, remove and add.</p>"
        )
    items = "".join(f"<li>{line}</li>" for line in _DRAWING)
    return f"{began}<ul>{items}</ul>"
