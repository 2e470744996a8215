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

from vostochny.annotations.hf_tables import CLASS_LABELS
from vostochny.schema.errors import InputError

SPLIT = "test"
"""The only split: the corpus is a benchmark."""

_ROWS = {
    "documents": "One row an article: text, origin, regions, sentences, tokens, marks that quote nobody.",
    "entities": "One row a sentence: tokens and IOB2 tags of the names and value expressions.",
    "mentions": "One row a name or value expression, with the entity it names.",
    "quotes": "One row a quote: content, verbatim parts, source, cue and speaker.",
    "claims": "One row a claim: spans, claimer, type, polarity, certainty and proposition.",
}

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
    ],
    "tags": [
        "news",
        "quotation-extraction",
        "quote-attribution",
        "claim-detection",
        "claim-extraction",
        "entity-linking",
        "cross-document",
        "information-extraction",
        "benchmark",
    ],
}

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
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
    value = {"columns": table.schema.names, "rows": table.to_pylist()}
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def front_matter(tables: Mapping[str, pa.Table]) -> str:
    """The front matter for some tables, from its ``---`` to its ``---``; the first table is the default.

    Tables without rows are left out: ``datasets`` fails on an empty split ("corresponds to no data").
    """
    tables = {name: table for name, table in tables.items() if table.num_rows}
    most = max(table.num_rows for table in tables.values())
    size = next((name for limit, name in _SIZES if most < limit), "100K<n<1M")
    value = {
        **_METADATA,
        "size_categories": [size],
        "configs": [
            {
                "config_name": name,
                **({"default": True} if number == 0 else {}),
                "description": f"{_ROWS[name]} Digest of the rows sha256:{table_digest(table)}",
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
