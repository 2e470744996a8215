"""The JSON Schema files (draft 2020-12), and their verdicts as problems in plain words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from vostochny.schema.checks import Steps
from vostochny.schema.errors import Problem, json_path, shown
from vostochny.schema.jsonio import Json


def _pattern(_: Validator, pattern: str, value: Any, __: Json) -> Iterator[ValidationError]:
    # Python's $ also matches before a final line feed, the one of JSON Schema does not.
    if isinstance(value, str) and not re.fullmatch(pattern, value):
        yield ValidationError("")


# JSON Schema takes 3.0 for an integer; as an offset it would break Python slices.
_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={"pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)

FORMS = {
    "^[a-z0-9]+(-[a-z0-9]+)*$": "an id: lower-case words joined by hyphens, such as kim-jong-un",
    r"^(\*|[a-z0-9]+(-[a-z0-9]+)*)$": "an id, lower-case words joined by hyphens, or *",
    "^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$": "an id: letters and digits, joined by '.', '_' or '-', such as q12",
    r"^[a-z0-9]+(-[a-z0-9]+)*(\+[a-z0-9]+(-[a-z0-9]+)*)*$": "ids joined by +, such as ana+ben",
    r"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}$": "a version: three numbers joined by dots, such as 1.2.0",
    "^[0-9a-f]{64}$": "a SHA-256: 64 lower-case hexadecimal digits",
    "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$": "a date: YYYY-MM-DD",
    "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": "a language (BCP 47), such as en or en-GB",
    "^Q[1-9][0-9]*$": "a Wikidata item: Q and a number, such as Q159",
}
"""The patterns of the schemas, in words."""

ONE_A_LINE = "JSONL: one layer a line, not an array"
"""What to tell those who wrote predictions as one array."""

_CHECK_OF = {
    "required": "missing-property",
    "additionalProperties": "unknown-property",
    "type": "wrong-type",
    "enum": "unknown-label",
    "const": "wrong-version",
    "not": "bad-format",
    "pattern": "bad-format",
    "minimum": "bad-format",
    "prefixItems": "wrong-type",
    "items": "wrong-type",
    "minItems": "too-few",
    "maxItems": "too-many",
    "minLength": "too-few",
    "uniqueItems": "repeated-value",
}


@cache
def load_schema(kind: str) -> Json:
    """The schema of one of :data:`~vostochny.schema.kinds.KINDS`, as shipped."""
    resource = files("vostochny.schema").joinpath(f"{kind}.schema.json")
    value: Json = json.loads(resource.read_text(encoding="utf-8"))
    return value


@cache
def _validator(kind: str) -> Validator:
    validator: Validator = _Validator(load_schema(kind))
    return validator


def schema_problems(
    kind: str, value: Any, file: str | None = None, line: int | None = None
) -> list[tuple[Steps, Problem]]:
    """Everything in which a value breaks its schema, each with its place, in order of the places."""
    if kind == "predictions" and isinstance(value, list):
        return [((), Problem("wrong-type", f"found an array; {ONE_A_LINE}", file, line, json_path(())))]
    found = [
        (tuple(error.absolute_path), check, message)
        for error in _validator(kind).iter_errors(value)
        for check, message in _told(error)
    ]
    found.sort(
        key=lambda item: [(isinstance(s, str), s if isinstance(s, int) else 0, str(s)) for s in item[0]]
    )
    return [(steps, Problem(check, text, file, line, json_path(steps))) for steps, check, text in found]


def _told(error: ValidationError) -> Iterator[tuple[str, str]]:
    rule = str(error.validator)
    value: Any = error.instance
    expected: Any = error.validator_value
    schema: Json = error.schema  # type: ignore[assignment]
    check = _CHECK_OF[rule]
    if rule == "required":
        # jsonschema reports each missing property on its own and names it only in the message.
        name = error.message.rpartition(" is a required property")[0]
        yield check, f"{name} is missing; add it{_meaning(schema, name)}"
    elif rule == "additionalProperties":
        known: Sequence[str] = sorted(schema["properties"])
        for name in sorted(set(value) - set(known)):
            yield check, f"found {shown(name)}, expected only {', '.join(known)}; mend or remove it"
    elif rule == "type":
        names = [expected] if isinstance(expected, str) else expected
        yield check, f"found {shown(value)}, expected {' or '.join(map(_article, names))}; mend it"
    elif rule == "enum":
        yield check, f"found {shown(value)}, expected one of {_labels(expected)}; use one of these"
    elif rule == "const":
        yield check, f"found {shown(value)}, expected {shown(expected)}; convert the file or use that version"
    elif rule == "pattern":
        yield check, f"found {shown(value)}, expected {FORMS[expected]}; rewrite it"
    elif rule == "not":
        yield check, f"found {shown(value)}, which is reserved; choose another"
    elif rule == "minimum":
        yield check, f"found {shown(value)}, expected at least {expected}; mend it"
    elif rule == "minItems":
        yield check, f"found {len(value)} items, expected at least {expected}; add what is missing"
    elif rule == "maxItems":
        yield check, f"found {len(value)} items, expected at most {expected}; drop what is too much"
    elif rule == "minLength":
        yield (
            check,
            "found an empty string, expected some text; fill it in, or use null where that is allowed",
        )
    elif rule == "uniqueItems":
        yield check, f"found a value twice in {shown(value)}; keep one"
    else:
        yield check, f"found {shown(value)}, expected a pair of integers; keep two"


def _meaning(schema: Json, name: str) -> str:
    described = schema["properties"].get(name.strip("'"), {})
    text = described.get("description", "").rstrip(".")
    if labels := described.get("enum"):
        # The description goes on to define every label.
        text = f"{text.partition(': ')[0]}: {_labels(labels)}"
    return f" ({text})" if text else ""


def _labels(labels: Sequence[str | None]) -> str:
    return ", ".join("null" if label is None else label for label in labels)


def _article(name: str) -> str:
    return "null" if name == "null" else f"an {name}" if name[0] in "aeio" else f"a {name}"
