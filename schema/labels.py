"""The label sets, each label with its one-line definition (GUIDELINES.md has the rules)."""

from __future__ import annotations

NAME_TYPES: dict[str, str] = {
    "PERSON": "a person, real or fictional",
    "NORP": "a nationality, religious or political group, or an adjective of a place",
    "FAC": "a building, airport, road, spaceport or other facility",
    "ORG": "a company, agency, ministry, institution or other organisation",
    "GPE": "a country, city, region or state: a place with a government",
    "LOC": "a place without a government: a mountain range, a sea, a part of the world",
    "PRODUCT": "a named thing made: a vehicle, rocket, weapon or food (not a service)",
    "EVENT": "a named battle, war, forum, holiday or other event",
    "WORK_OF_ART": "the title of a book, song, film or programme",
    "LAW": "a named document made into law, a treaty or resolution",
    "LANGUAGE": "a named language",
}
"""Types of names (OntoNotes 5); their mentions name a registry entity."""

VALUE_TYPES: dict[str, str] = {
    "DATE": "an absolute or relative date or period of a day or more",
    "TIME": "a time or period shorter than a day",
    "PERCENT": "a percentage",
    "MONEY": "an amount of money, with its unit",
    "QUANTITY": "a measurement, of weight or distance, with its unit",
    "ORDINAL": "first, second and so on",
    "CARDINAL": "a number that is none of the other values",
}
"""Types of value expressions (OntoNotes 5); their mentions have no entity."""

ENTITY_TYPES: dict[str, str] = {**NAME_TYPES, **VALUE_TYPES}
"""All 18 mention types of OntoNotes 5."""

REGION_KINDS: dict[str, str] = {
    "headline": "the article's title, also where it is repeated or in a breadcrumb",
    "subheading": "a title of a part of the article",
    "body": "a paragraph of the article",
    "caption": "the text or credit of a picture",
    "pull_quote": "a passage set apart as a quotation, without marks of its own",
    "boilerplate": "what the site adds: bylines, dates, sources",
}
"""Kinds of regions; a region is a paragraph."""

QUOTE_KINDS: dict[str, str] = {
    "direct": "all words of the content are verbatim",
    "indirect": "no word of the content is verbatim",
    "mixed": "some words of the content are verbatim",
}
"""Kinds of quotes; derived from the verbatim spans, never annotated."""

MEDIA: dict[str, str] = {
    "speech": "said, or not shown to be written",
    "writing": "the text shows that it was written: a message, a guest book, a dispatch",
}
"""How a quote's content was uttered."""

POLARITIES: dict[str, str] = {
    "positive": "without grammatical negation",
    "negative": "negated by not, no, never and the like",
}
"""Polarity of a quote's cue, or of a claim."""

STATUSES: dict[str, str] = {
    "actual": "reported as having been said",
    "hypothetical": "may be, will be or should be said",
}
"""Whether a quote's act of speech took place."""

MARK_ROLES: dict[str, str] = {
    "scare": "the author's distance, or somebody's words without attribution in that sentence",
    "title": "the name of a work, medium or event",
    "term": "a word as a word, or a term introduced",
    "stray": "a character that quotes nothing: a separator, an artefact, a leftover",
}
"""Roles of quotation marks that belong to no quote."""

VOICES: dict[str, str] = {
    "author": "asserted by the article itself",
    "attributed": "asserted by a source",
}
"""Who asserts a claim."""

CLAIM_TYPES: dict[str, str] = {
    "fact": "a proposition that could be verified",
    "prediction": "a statement about the future, or a commitment",
    "opinion": "an assessment of quality, legality or significance",
}
"""Types of claims."""

CERTAINTIES: dict[str, str] = {
    "asserted": "stated without reservation",
    "hedged": "with might, could, potentially, appeared, is expected, I think, and the like",
}
"""How firmly a claim is made."""

DIFFERENCES: dict[str, str] = {
    "wording": "other words, same content",
    "omission": "something is left out",
    "addition": "something is added",
    "number": "a figure differs",
    "modality": "firmness or polarity differs",
    "attribution": "the source differs",
}
"""How two renderings of an utterance differ."""

RELATIONS: dict[str, str] = {
    "supports": "the first entails the second",
    "contradicts": "both cannot be true",
}
"""How claim groups are related."""

LAYER_PARTS: tuple[str, ...] = ("mentions", "quotes", "marks", "claims")
"""The parts of a layer, in the order in which they are written."""

LINK_PARTS: tuple[str, ...] = ("entities", "utterances", "claim_groups", "claim_relations")
"""The parts of links across documents, in the order in which they are written."""

REASONS: dict[str, str] = {
    "overlooked": "it is there and was overlooked",
    "not-an-item": "by the rule it is no name, quote, mark or claim",
    "span-by-rule": "the rule says where it begins and ends",
    "wrong-label": "the rule gives it another type, role or attribute",
    "wrong-link": "it belongs to another entity, speaker, claimer or quote",
    "split": "these are several items, not one",
    "merge": "this is one item, not several",
    "duplicate": "it was marked twice",
    "slip": "a slip of the hand, which its annotator would mend as well",
    "context": "the passage around it decides",
    "wording": "the proposition has to be self-contained and to say no more and no less than the text",
    "guidelines-unclear": "the rule can be read in several ways; this reading is taken",
    "guidelines-silent": "no rule covers it; this is how a careful newspaper reader takes it",
}
"""Reasons of an adjudicator, by the id that is picked; the log has the sentence."""
