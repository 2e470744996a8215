"""Meta-validation of the JSON Schemas: ``python -m vostochny.schema.meta``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from vostochny.schema.errors import Problem, json_path
from vostochny.schema.kinds import KINDS
from vostochny.schema.model import SCHEMA_VERSION
from vostochny.schema.schemas import FORMS, load_schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_defects() -> list[Problem]:
    """What is wrong with the shipped schemas; nothing, one hopes.

    Each must be valid draft 2020-12, carry the id of its kind and version, and describe every
    property; every object must be closed and every pattern have words for messages.
    """
    defects: list[Problem] = []
    for kind in KINDS:
        file = f"{kind}.schema.json"
        defects += (
            Problem("meta", message, file, None, path)
            for path, message in check_schema(kind, load_schema(kind))
        )
    return defects


def check_schema(kind: str, schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The defects of one schema, each as a JSON path and a message."""
    expected = {"$schema": DRAFT, "$id": f"urn:vostochny:schema:{kind}:{SCHEMA_VERSION}"}
    for key, value in expected.items():
        if schema.get(key) != value:
            yield json_path((key,)), f"found {schema.get(key)!r}, expected {value!r}; set it"
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield json_path(error.absolute_path), f"not valid draft 2020-12: {error.message}"
        return
    yield from _incomplete(schema, ())


def _incomplete(value: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        properties = value.get("properties")
        if isinstance(properties, dict):
            if value.get("additionalProperties") is not False:
                yield json_path(steps), "the object is open; set additionalProperties to false"
            for name, each in properties.items():
                if not each.get("description"):
                    yield json_path((*steps, "properties", name)), "has no description; write one"
        pattern = value.get("pattern")
        if isinstance(pattern, str) and pattern not in FORMS:
            yield json_path((*steps, "pattern")), f"{pattern} has no words; put some into FORMS"
        for key, item in value.items():
            yield from _incomplete(item, (*steps, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _incomplete(item, (*steps, number))


def main() -> int:
    """Print the defects of the shipped schemas; 1 if there are any, else 0."""
    defects = schema_defects()
    for defect in defects:
        print(defect)
    if not defects:
        print(f"{len(KINDS)} schemas: valid draft 2020-12, every property described")
    return 1 if defects else 0


if __name__ == "__main__":
    sys.exit(main())
