"""``vostochny diff``: what differs between two layers."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vostochny.annotations.corpus import load_documents, load_registry
from vostochny.annotations.differences import differences
from vostochny.annotations.notation_writer import item_lines
from vostochny.cli.options import corpus_option
from vostochny.schema.errors import InputError
from vostochny.schema.readers import read_layer
from vostochny.schema.registry import Resolver


@click.command(name="diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@corpus_option
def command(old: Path, new: Path, corpus: Path) -> None:
    """List what differs between two layers of one document, OLD.json and NEW.json; exit 1 if anything does.

    Items are paired by overlap; the wording of propositions is not compared.
    """
    documents = load_documents(corpus)
    left, right = read_layer(old, documents), read_layer(new, documents)
    if left.document != right.document:
        message = f"found a layer of {right.document!r}, expected one of {left.document!r} as in {old}"
        raise InputError.of("other-document", message, file=str(new), path="$.document")
    document = documents[left.document]
    found = differences(left, right, document, Resolver(load_registry(corpus)))
    for difference in found:
        click.echo(f"{difference.kind}: {', '.join(difference.fields)}")
        for sign, item in (("-", difference.left), ("+", difference.right)):
            if item is not None:
                for line in item_lines(document, item):
                    click.echo(f"  {sign} {line}")
    click.echo(f"{len(found)} differences", err=True)
    sys.exit(1 if found else 0)
