"""The label sets of audits: parts of gold, what can be wrong of an item, and an adjudicator's verdicts."""

from __future__ import annotations

AUDIT_PARTS: dict[str, str] = {
    "mention": "a name or value",
    "quote": "a quote",
    "mark": "quotation marks of no quote",
    "claim": "a claim",
    "entity": "a registry entry",
    "utterance": "an utterance",
    "difference": "a difference between renderings",
    "group": "a claim group",
    "relation": "a relation between claim groups",
}
"""What a finding is about."""

AUDIT_FIELDS: dict[str, str] = {
    "missing": "what should be there is not",
    "spurious": "what is there should not be",
    "span": "a mention, mark or claim is too long, too short or elsewhere",
    "content": "a quote's content is too long, too short or elsewhere",
    "verbatim": "the verbatim parts",
    "source": "the source, also where it is left out",
    "cue": "the cue, also where it is left out",
    "speaker": "the speaker of a quote or utterance",
    "within": "the quote around it",
    "medium": "speech or writing",
    "polarity": "positive or negative",
    "status": "actual or hypothetical",
    "type": "the type of a mention, claim, registry entry, difference or relation",
    "entity": "what a mention names",
    "metonym_for": "what a place stands for",
    "role": "the role of a mark",
    "claimer": "who claims",
    "voice": "author or attributed",
    "quote": "the quote that a claim lies in",
    "certainty": "asserted or hedged",
    "proposition": "what a claim's proposition says",
    "members": "who belongs to an utterance or group",
    "direction": "which group supports which",
    "other": "anything else",
}
"""What is wrong of an item."""

VERDICTS: dict[str, str] = {
    "real": "an error of gold itself",
    "not-an-error": "the guidelines allow what stands there",
    "planted": "a planted error, told in other words",
    "repeats": "the same error as another finding's",
}
"""What an adjudicator says of a finding that matched no planted error by itself."""
