"""``vostochny show``: an annotated article on the terminal, or as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from vostochny.annotations.corpus import load_document, load_gold
from vostochny.cli.options import corpus_option
from vostochny.cli.picture import COLUMNS, picture
from vostochny.schema.errors import InputError
from vostochny.schema.files import write_atomic
from vostochny.schema.labels import VALUE_TYPES
from vostochny.schema.model import Document, Layer, Mention, Span
from vostochny.schema.quotation import quote_kind
from vostochny.schema.text import TextIndex

_NAME, _VALUE, _VERBATIM, _INDIRECT, _CUE = (
    "bold cyan",
    "bold magenta",
    "on #5a4a00",
    "on #3a3a3a",
    "underline",
)


@click.command(name="show")
@click.argument("document")
@click.option(
    "--sentences", is_flag=True, help="Only the numbered sentences, as the decision notation counts them."
)
@click.option("--from", "first", type=int, default=1, help="First sentence.")
@click.option("--to", "last", type=int, help="Last sentence.")
@click.option("--svg", type=click.Path(path_type=Path), help="Write a picture instead.")
@click.option(
    "--width", type=click.IntRange(40), default=COLUMNS, show_default=True, help="Columns of the picture."
)
@corpus_option
def command(
    document: str, sentences: bool, first: int, last: int | None, svg: Path | None, width: int, corpus: Path
) -> None:
    """Print DOCUMENT with its gold: the text (entities coloured, quotes shaded, cues underlined on a
    terminal), and under each sentence its entities, quotes and claims.
    """
    record = load_document(document, corpus)
    count = len(record.sentences)
    last = count if last is None else last
    if not 1 <= first <= last <= count:
        message = f"no sentences {first} to {last}; {document} has 1 to {count}"
        raise InputError.of("unknown-sentence", message)
    console = Console()
    if sentences:
        for line in _numbered(record, first, last):
            console.print(line, soft_wrap=True)
        return
    gold = load_gold(corpus)
    if document not in gold:
        raise InputError.of("no-gold", f"{document} has no gold layer under {corpus}; use --sentences")
    if svg is None:
        for line in _annotated(record, gold[document], first, last):
            console.print(line, soft_wrap=True)
        return
    names = {entity.id: entity.name for entity in gold.entities}
    write_atomic(svg, picture(record, gold[document], names, first, last, width).encode())
    click.echo(f"-> {svg}")


def _numbered(document: Document, first: int, last: int) -> Iterator[Text]:
    for number in range(first, last + 1):
        start, end = document.sentences[number - 1]
        yield Text.assemble((f"s{number} ", "dim"), document.text[start:end].replace("\n", " "))


def _annotated(document: Document, layer: Layer, first: int, last: int) -> Iterator[Text]:
    index = TextIndex(document)
    for number in range(first, last + 1):
        start, end = document.sentences[number - 1]
        here = Span(start, end)
        text = Text(document.text[start:end].replace("\n", " "))

        def paint(span: Span, style: str, text: Text = text, here: Span = here) -> None:
            if span.overlaps(here):
                text.stylize(
                    style, max(span.start, here.start) - here.start, min(span.end, here.end) - here.start
                )

        for quote in layer.quotes or ():
            for span in quote.content:
                paint(span, _INDIRECT)
            for span in quote.verbatim or ():
                paint(span, _VERBATIM)
            for span in quote.cue:
                paint(span, _CUE)
        for mention in layer.mentions or ():
            paint(mention.span, _VALUE if mention.type in VALUE_TYPES else _NAME)
        yield Text("")
        yield text
        named = [_mention(m) for m in layer.mentions or () if start <= m.start < end]
        if named:
            yield Text(f"  ■ {'; '.join(named)}", style="cyan")
        for mark in layer.marks or ():
            if start <= mark.start < end:
                yield Text(f"  ▪ {document.slice(mark.span)} {mark.role}", style="magenta")
        for quote in layer.quotes or ():
            if start <= quote.content[0].start < end:
                cue = " … ".join(document.slice(span) for span in quote.cue)
                parts = [quote_kind(index, quote), quote.speaker or "nobody", quote.medium]
                parts += [f"cue “{cue}”"] if cue else []
                parts += [
                    value for value in (quote.polarity, quote.status) if value in ("negative", "hypothetical")
                ]
                parts += [f"within {quote.within}"] if quote.within else []
                content = " … ".join(document.slice(span) for span in quote.content).replace("\n", " ")
                yield Text.assemble((f"  “ {quote.id} ({', '.join(parts)}): ", "yellow"), content)
        for claim in layer.claims or ():
            if start <= claim.spans[0].start < end:
                kind = f"{claim.type}, {claim.certainty}, {claim.polarity}"
                yield Text.assemble(
                    (f"  → {claim.id} {claim.claimer} ({kind}): ", "green"), claim.proposition or ""
                )


def _mention(mention: Mention) -> str:
    entity = f" {mention.entity}" if mention.entity else ""
    metonym = f" > {mention.metonym_for}" if mention.metonym_for else ""
    return f"{mention.text} {mention.type}{entity}{metonym}"
