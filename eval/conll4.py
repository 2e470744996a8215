"""The four types of CoNLL-2003 that OntoNotes' types are projected on."""

from __future__ import annotations

CONLL4 = {
    "PERSON": "PER",
    "ORG": "ORG",
    "GPE": "LOC",
    "LOC": "LOC",
    "FAC": "LOC",
    "NORP": "MISC",
    "PRODUCT": "MISC",
    "EVENT": "MISC",
    "WORK_OF_ART": "MISC",
    "LAW": "MISC",
    "LANGUAGE": "MISC",
}
"""OntoNotes type → CoNLL-2003 type; types that are not here are dropped."""
