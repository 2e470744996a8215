"""``vostochny validate``: check documents, layers, links, rounds and predictions."""

from __future__ import annotations

import json
from pathlib import Path

import click

from vostochny.cli.options import current_corpus
from vostochny.schema.checks import CHECKS
from vostochny.schema.errors import InputError
from vostochny.schema.model import Entity
from vostochny.schema.readers import json_files, read_documents, read_links
from vostochny.schema.validate import AS_KINDS, Validation, validate_paths


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--documents",
    type=click.Path(path_type=Path),
    help="Documents that layers are of: a JSONL file or a folder of records.  [default: the corpus's]",
)
@click.option(
    "--links",
    type=click.Path(path_type=Path),
    help="Links file with the registry that layers refer to.  [default: the corpus's]",
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(AS_KINDS),
    help="What the paths hold. By itself it shows, and a layer in a .jsonl file is a prediction.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--checks", is_flag=True, help="List all checks with their meanings and stop.")
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    documents: Path | None,
    links: Path | None,
    kind: str | None,
    form: str,
    checks: bool,
) -> None:
    """Check files and folders; print every problem and end with status 1 if there is one.

    Without PATHS: the corpus's documents, gold, links and rounds. Files are checked together: documents and
    links among the PATHS are those that the layers refer to.

    A problem is printed as "file: $.json.path: [check-id] what was found, what was expected, what to
    do"; in JSONL files the line number follows the file.
    """
    if checks:
        for name, meaning in CHECKS.items():
            click.echo(f"{name:28} {meaning}")
        return
    try:
        result = _validate(paths, documents, links, kind)
    except InputError as error:
        result = Validation(list(error.problems))
    if form == "json":
        _print_json(result)
    else:
        _print_text(result)
    if result.problems:
        context.exit(1)


def _validate(
    paths: tuple[Path, ...], documents: Path | None, links: Path | None, kind: str | None
) -> Validation:
    targets = list(paths) or [path for path in (documents, links) if path is not None]
    root = current_corpus()
    if not targets:
        return _corpus(root, kind)
    base = {} if documents in targets else read_documents(documents or root / "documents")
    return validate_paths(targets, base, _entities(documents, links), kind)


def _corpus(root: Path, kind: str | None) -> Validation:
    """The corpus's own files; before the first gold there are only documents."""
    result = validate_paths(_files(root, "documents", "gold"), {}, None, kind)
    rounds = _files(root, "rounds")
    if rounds and not result.problems:
        # Raw layers name entities in their annotators' own words, so not by the registry.
        more = validate_paths(rounds, read_documents(root / "documents"), None, kind)
        result.problems += more.problems
        result.checked += more.checked
    return result


def _files(root: Path, *names: str) -> list[Path]:
    folders = (root / name for name in names)
    return [
        _short(file.resolve())
        for folder in folders
        if folder.is_dir()
        for file in json_files(folder)
        if file.suffix == ".json"
    ]


def _short(path: Path) -> Path:
    """A path as seen from the working folder, if it lies under it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def _entities(documents: Path | None, links: Path | None) -> dict[str, Entity] | None:
    own = current_corpus() / "gold" / "links.json"
    if links is None and documents is None and own.exists():
        links = own
    return None if links is None else {entity.id: entity for entity in read_links(links).entities}


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
    counted = ", ".join(f"{n} {kind}" for kind, n in sorted(result.checked.items())) or "nothing"
    click.echo(f"checked: {counted}; problems: {len(result.problems)}", err=True)
    if result.skipped:
        click.echo(f"skipped, of no known kind: {', '.join(map(str, result.skipped))}", err=True)
