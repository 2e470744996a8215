"""What an auditor is told: how to read the copy, and how to write down what is wrong."""

from __future__ import annotations

import json

from vostochny.annotations.audit_state import LINKS, State
from vostochny.schema.audit_labels import AUDIT_FIELDS, AUDIT_PARTS

EXAMPLES = (
    {
        "document": "ist",
        "part": "quote",
        "items": ["q12"],
        "field": "speaker",
        "has": "who stands here",
        "should": "who should stand here",
        "rule": "2.5",
        "note": "why",
    },
    {
        "document": "ist",
        "part": "claim",
        "items": [],
        "passage": "the words of the text, exactly",
        "sentence": 7,
        "field": "missing",
        "has": None,
        "should": "a fact of the author",
        "rule": "3.1",
        "note": "why",
    },
    {
        "document": "links",
        "part": "relation",
        "items": ["g3", "g9"],
        "field": "missing",
        "has": None,
        "should": "g3 supports g9",
        "rule": "4.3",
        "note": "why",
    },
)
"""Findings as an auditor writes them."""

_PAGE = """# An audit

This folder holds a copy of a gold, in which an unknown number of errors has been planted. Find every error,
planted or not: read every sentence and every item against `GUIDELINES.md`. Work from this folder alone. Ids
are the copy's own; use them as they stand here.

- `read/DOCUMENT.md`: each article, sentence by sentence, with all that begins in it. Begin here.
- `read/links.md`: the registry, utterances, claim groups and relations, and what is in none.
- `articles/`, `documents/`, `gold/`: the same as files.
- `GUIDELINES.md`: the rules. An error is what breaks one; what two careful readers could both defend is none.

Documents: {documents}.

## Findings

Write one line of JSON for each error, all in one file (JSONL):

```json
{examples}
```

- `document`: the document's id; `links` for what is wrong in `read/links.md`.
- `part`: {parts}.
- `items`: the ids in question; none where a mention, quote, mark or claim is missing. In the links: `u3`,
  `u3.d2` (a difference), `g7`, `r5`, a registry id; a quote or claim as `DOCUMENT.q12`. For a missing
  relation both groups; for a missing member the utterance or group and the quote or claim.
- `passage`: where something is missing in an article, the words of the text, copied exactly; else null or
  left out. `sentence`: its number (7 for **s7**).
- `field`: {fields}.
- `has`, `should`: what stands here and what should stand; `rule`: the section of the guidelines that is
  broken; `note`: why, in a line.

One line for each error, not for each of its consequences. An item with two errors gets two lines.
"""


def instruction(copied: State) -> str:
    """The page that comes with a copy, in Markdown."""
    documents = ", ".join(f"`{name}`" for name in copied.heads)
    if (LINKS, "utterances") not in copied.parts and (LINKS, "claim_groups") not in copied.parts:
        documents += " (no links across them)"
    return _PAGE.format(
        documents=documents,
        examples="\n".join(json.dumps(example, ensure_ascii=False) for example in EXAMPLES),
        parts=", ".join(f"`{part}`" for part in AUDIT_PARTS),
        fields="; ".join(f"`{name}`: {meaning}" for name, meaning in AUDIT_FIELDS.items()),
    )
