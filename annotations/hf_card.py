"""The YAML front matter that makes README.md a Hugging Face dataset card.

``datasets`` finds the configurations, their Parquet files and the columns' types in it. Facts that were
found by trial on ``datasets`` 3.6 and 5.2 and are kept here: list columns are written ``list:``
(``sequence:`` of records turns into a record of lists), nothing may stand before the first ``---``, and
the cache is keyed by this text alone, so that each configuration's description carries a digest of its rows.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from vostochny.annotations.hf_pairs import PAIR_SCHEMAS, SIDES
from vostochny.annotations.hf_tables import CLASS_LABELS
from vostochny.schema.errors import InputError

SPLIT = "test"
"""The only split: the corpus is a benchmark."""

ROWS = {
    "documents": "One row an article: text, origin, regions, sentences, tokens, marks that quote nobody.",
    "entities": "One row a sentence: tokens and IOB2 tags of the names and value expressions.",
    "mentions": "One row a name or value expression, with the entity it names.",
    "quotes": "One row a quote: content, verbatim parts, source, cue and speaker.",
    "claims": "One row a claim: spans, claimer, type, polarity, certainty and proposition.",
    "links": "One row in all: how many links across the articles there are, and who drew them.",
    "entity_links": "One row an entity: names, and all its mentions, metonyms, quotes and claims.",
    "utterances": "One row an act of speech: the quotes that render it, and how the renderings differ.",
    "claim_groups": "One row a group of claims that say the same.",
    "claim_relations": "One row a relation: one group of claims supports or contradicts another.",
    "entity_link_pairs": "One row a pair of names: same entity or not (none).",
    "utterance_pairs": "One row a pair of quotes: same act of speech, with the differences, or not (none).",
    "claim_pairs": "One row a pair of claims: same, supports, supported, contradicts or none.",
}
"""What a row of each configuration is."""

_METADATA: dict[str, Any] = {
    "pretty_name": "Vostochny",
    "language": ["en"],
    "license": "cc-by-4.0",
    "annotations_creators": ["machine-generated"],
    "language_creators": ["found"],
    "multilinguality": ["monolingual"],
    "source_datasets": ["original"],
    "task_categories": ["token-classification", "text-classification"],
    "task_ids": [
        "named-entity-recognition",
        "coreference-resolution",
        "entity-linking-classification",
        "multi-class-classification",
        "natural-language-inference",
    ],
    "tags": [
        "news",
        "quotation-extraction",
        "quote-attribution",
        "claim-detection",
        "claim-extraction",
        "entity-linking",
        "cross-document",
        "cross-document-coreference",
        "contradiction-detection",
        "information-extraction",
        "benchmark",
    ],
}

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
_PAIRED = tuple(f"{side}_" for side in SIDES)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
# Words that YAML 1.1 readers take for a truth value or null.
_RESERVED = frozenset(["y", "yes", "n", "no", "true", "false", "on", "off", "null", "none"])


def data_file(config: str) -> str:
    """Where a configuration's Parquet file lies, relative to the README."""
    return f"data/{config}/{SPLIT}-00000-of-00001.parquet"


def table_digest(table: pa.Table) -> str:
    """The first 16 hex digits of the SHA-256 of a table's columns and rows as canonical JSON.

    It depends on the content only, not on the Parquet encoding or the version that wrote it.
    """
    digest = hashlib.sha256(f'{{"columns":{_canonical(table.schema.names)},"rows":['.encode())
    comma = ""
    # Pairs are many: never all of them at once as Python objects.
    for batch in table.to_batches(max_chunksize=4096):
        for row in batch.to_pylist():
            digest.update(f"{comma}{_canonical(row)}".encode())
            comma = ","
    digest.update(b"]}")
    return digest.hexdigest()[:16]


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def front_matter(tables: Mapping[str, pa.Table]) -> str:
    """The front matter for some tables, from its ``---`` to its ``---``; the first table is the default.

    Tables without rows are left out: ``datasets`` fails on an empty split ("corresponds to no data").
    """
    tables = {name: table for name, table in tables.items() if table.num_rows}
    # Pairs repeat the same few items: they make no larger corpus.
    most = max(table.num_rows for name, table in tables.items() if name not in PAIR_SCHEMAS)
    size = next((name for limit, name in _SIZES if most < limit), "100K<n<1M")
    value = {
        **_METADATA,
        "size_categories": [size],
        "configs": [
            {
                "config_name": name,
                **({"default": True} if number == 0 else {}),
                "description": f"{ROWS[name]} Digest of the rows sha256:{table_digest(table)}",
                "data_files": [{"split": SPLIT, "path": data_file(name)}],
            }
            for number, (name, table) in enumerate(tables.items())
        ],
        "dataset_info": [
            {
                "config_name": name,
                "features": [
                    {"name": field.name, **_feature(field.type, CLASS_LABELS.get((name, field.name)))}
                    for field in table.schema
                ],
            }
            for name, table in tables.items()
        ],
    }
    return "---\n" + "".join(f"{line}\n" for line in _yaml(value)) + "---\n"


def overview(tables: Mapping[str, pa.Table]) -> list[tuple[str, str, str, str]]:
    """What the card tells of each configuration, for a reader: its name, its rows, columns, number of rows.

    The columns that both items of a pair have are named once.
    """
    out = []
    for number, (name, table) in enumerate(tables.items()):
        if table.num_rows:
            columns = ", ".join(column for column in table.schema.names if not column.startswith(_PAIRED))
            of_item = [column.removeprefix(_PAIRED[0]) for column in table.schema.names]
            of_item = [column for column in of_item if _PAIRED[0] + column in table.schema.names]
            if of_item:
                columns += f"; `first_` and `second_` with each of: {', '.join(of_item)}"
            told = ROWS[name].removeprefix("One row ").removesuffix(".")
            title = f"`{name}`" + (" (default)" if number == 0 else "")
            out.append((title, told, columns, f"{table.num_rows:,}"))
    return out


def replace_front_matter(readme: str, front: str, file: str = "README.md") -> str:
    """``readme`` with its front matter replaced by ``front``, or ``front`` set before it.

    All that follows the closing ``---`` stays as it is. Raises :class:`InputError` where the front matter
    is not closed, or something stands before it and so hides it from ``datasets``.
    """
    lines = readme.splitlines(keepends=True)
    if not lines or lines[0].rstrip("\r\n") != "---":
        if re.match(r"\s+---\r?\n", readme):
            message = (
                "found blank space before the '---' of the front matter, expected '---' as the very first "
                "characters; remove what stands before it"
            )
            raise InputError.of("front-matter", message, file=file, line=1)
        return front + (f"\n{readme}" if readme else "")
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip("\r\n") == "---":
            return front + "".join(lines[number + 1 :])
    message = "found a front matter that is not closed, expected a second line '---'; add it"
    raise InputError.of("front-matter", message, file=file, line=1)


def _feature(type_: pa.DataType, names: Sequence[str] | None = None) -> dict[str, Any]:
    if pa.types.is_list(type_):
        inner = _feature(type_.value_type, names)
        # A list of records or of plain values is written short, as datasets itself writes it.
        return {"list": inner.get("struct") or inner.get("dtype") or inner}
    if pa.types.is_struct(type_):
        return {"struct": [{"name": field.name, **_feature(field.type)} for field in type_]}
    if names is not None:
        return {"class_label": {"names": {str(number): name for number, name in enumerate(names)}}}
    return {"dtype": str(type_)}


def _yaml(value: Any) -> list[str]:
    """Block-style YAML lines of a mapping or list; strings that could be misread are quoted as in JSON."""
    lines = []
    if isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(item, str | int):
                lines.append(f"{_scalar(key)}: {_scalar(item)}")
            else:
                lines.append(f"{_scalar(key)}:")
                lines += [f"  {line}" for line in _yaml(item)]
    else:
        for item in value:
            block = [_scalar(item)] if isinstance(item, str | int) else _yaml(item)
            lines.append(f"- {block[0]}")
            lines += [f"  {line}" for line in block[1:]]
    return lines


def _scalar(value: str | int) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _RESERVED:
        return value
    return json.dumps(value, ensure_ascii=False)
