"""``vostochny validate``: check documents, layers, links, rounds, predictions and logs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from vostochny.cli.options import corpus_option
from vostochny.schema.checks import CHECKS
from vostochny.schema.errors import InputError
from vostochny.schema.readers import read_documents, read_links
from vostochny.schema.validate import AS_KINDS, Validation, validate_paths


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--documents",
    type=click.Path(path_type=Path),
    help="Documents that layers are of: a JSONL file or a folder of records.  [default: those among the "
    "PATHS, else the corpus's]",
)
@click.option(
    "--links",
    type=click.Path(path_type=Path),
    help="Links file with the registry that layers refer to.  [default: that among the PATHS, else that of "
    "the documents' corpus]",
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(AS_KINDS),
    help="What the paths hold. By itself it shows, and a layer in a .jsonl file is a prediction.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--checks", is_flag=True, help="List all checks with their meanings and stop.")
@corpus_option
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    documents: Path | None,
    links: Path | None,
    kind: str | None,
    form: str,
    checks: bool,
    corpus: Path,
) -> None:
    """Check files and folders; print every problem and end with status 1 if there is one.

    Without PATHS: the corpus, a folder as any other. Files are checked together: documents and links among
    the PATHS are those that the layers refer to. Raw layers in a round's folder may name entities at will.

    A problem is printed as "file: $.json.path: [check-id] what was found, what was expected, what to
    do"; in JSONL files the line number follows the file.
    """
    if checks:
        for name, meaning in CHECKS.items():
            click.echo(f"{name:28} {meaning}")
        return
    try:
        result = _validate(paths, documents, links, kind, corpus)
    except InputError as error:
        result = Validation(list(error.problems))
    if form == "json":
        _print_json(result)
    else:
        _print_text(result)
    for remark in result.remarks:
        click.echo(remark, err=True)
    if result.problems:
        context.exit(1)


def _validate(
    paths: tuple[Path, ...], documents: Path | None, links: Path | None, kind: str | None, corpus: Path
) -> Validation:
    targets = list(paths) or [path for path in (documents, links) if path is not None] or [corpus]
    base = {} if documents is None or documents in targets else read_documents(documents)
    entities = None
    if links is not None and links not in targets:
        entities = {entity.id: entity for entity in read_links(links).entities}
    return validate_paths(targets, base, entities, kind, corpus)


def _print_json(result: Validation) -> None:
    value = {
        "valid": not result.problems,
        "checked": dict(result.checked),
        "skipped": [str(path) for path in result.skipped],
        "problems": [problem.to_json() for problem in result.problems],
    }
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _print_text(result: Validation) -> None:
    for problem in result.problems:
        click.echo(str(problem))
    counted = ", ".join(_counted(result.checked[kind], kind) for kind in AS_KINDS if kind in result.checked)
    counted = counted or "nothing"
    click.echo(f"checked: {counted}; problems: {len(result.problems)}", err=True)
    if result.skipped:
        click.echo(f"skipped, of no known kind: {', '.join(map(str, result.skipped))}", err=True)


_NAMES = {
    "adjudication": "adjudication entry",
    "audit-copy": "audit copy",
    "audit-finding": "audit finding",
    "audit-key": "audit key",
    "audit-plant": "planted error",
    "audit-result": "audit result",
    "audit-verdict": "audit verdict",
    "link-decision": "decided pair",
    "difference-decision": "decided difference",
    "similar-pair": "similar pair",
    "entities": "typed entities file",
    "links": "links file",
    "predictions": "prediction",
    "provenance": "provenance line",
    "studio": "Label Studio record",
}


def _counted(number: int, kind: str) -> str:
    """``1 layer``, ``2 layers``, ``22 adjudication entries``."""
    name = _NAMES.get(kind, kind)
    if number != 1:
        name = f"{name.removesuffix('y')}ies" if name.endswith("ry") else f"{name}s"
    return f"{number} {name}"
