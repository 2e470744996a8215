"""``vostochny diff``: what differs between two layers, or two folders of layers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from vostochny.annotations.corpus import load_documents, load_registry
from vostochny.annotations.differences import Difference, differences
from vostochny.annotations.notation_writer import item_lines
from vostochny.cli.options import corpus_option
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Layer
from vostochny.schema.readers import read_layer, read_layers
from vostochny.schema.registry import Resolver


@click.command(name="diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@corpus_option
def command(old: Path, new: Path, corpus: Path) -> None:
    """List what differs between two layers of one document, OLD.json and NEW.json; exit 1 if anything does.

    OLD and NEW may also be folders of layers, such as a round's `replaced` and `gold`: then each document
    of OLD is compared with the same one in NEW. Items are paired by overlap; the wording of propositions is
    not compared.
    """
    documents, resolver = load_documents(corpus), Resolver(load_registry(corpus))
    if old.is_dir() or new.is_dir():
        total = _folders(old, new, documents, resolver)
    else:
        left, right = read_layer(old, documents), read_layer(new, documents)
        if left.document != right.document:
            message = f"found a layer of {right.document!r}, expected one of {left.document!r} as in {old}"
            raise InputError.of("other-document", message, file=str(new), path="$.document")
        found = differences(left, right, documents[left.document], resolver)
        _print(found, documents[left.document])
        total = len(found)
    click.echo(_counted(total), err=True)
    sys.exit(1 if total else 0)


def _folders(old: Path, new: Path, documents: Mapping[str, Document], resolver: Resolver) -> int:
    """Print the differences of each document under its name; how many there are."""
    left, right = _layers(old, documents), _layers(new, documents)
    total = 0
    for name in sorted(left):
        if name not in right:
            message = f"there is no layer of {name!r}, which {old} has; add it, or compare other folders"
            raise InputError.of("missing-layer", message, file=str(new))
        found = differences(left[name], right[name], documents[name], resolver)
        total += len(found)
        click.echo(f"{name}: {_counted(len(found))}")
        _print(found, documents[name])
    return total


def _layers(path: Path, documents: Mapping[str, Document]) -> dict[str, Layer]:
    if not path.is_dir():
        message = "is no folder, but the other one is; give two layers or two folders of layers"
        raise InputError.of("unreadable-file", message, file=str(path))
    return read_layers(path, documents)


def _print(found: list[Difference], document: Document) -> None:
    for difference in found:
        click.echo(f"{difference.kind}: {', '.join(difference.fields)}")
        for sign, item in (("-", difference.left), ("+", difference.right)):
            if item is not None:
                for line in item_lines(document, item):
                    click.echo(f"  {sign} {line}")


def _counted(number: int) -> str:
    return f"{number} difference{'' if number == 1 else 's'}"
