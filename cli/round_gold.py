"""``vostochny round adjudicate|merge``: from several readings to the next version of gold."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from vostochny.annotations.link_merge import plan_link_merge
from vostochny.annotations.merge import merged_version, plan_merge, write_merge
from vostochny.annotations.rounds import round_folder
from vostochny.cli.options import corpus_option, is_checkouts_own
from vostochny.cli.round_links import only_for_layers, undecided
from vostochny.cli.studio import bars, connections, url_option
from vostochny.schema.errors import InputError
from vostochny.schema.readers import read_round
from vostochny.schema.round_checks import is_of_links


@click.command(short_help="decide where annotators differ, on Label Studio")
@click.argument("id")
@click.option("--adjudicator", help="Who decides where the annotators differ, such as cleo.")
@url_option
@corpus_option
def adjudicate(id: str, adjudicator: str | None, url: str | None, corpus: Path) -> None:
    """Adjudicate round ID: what all annotators agree on merges by itself, the rest goes to Label Studio.

    There each document in which they differ is a task that shows all readings. Run it again to take over
    what was submitted; what is there is not sent twice.
    """
    from vostochny.annotations.studio_adjudication import adjudicate_round

    only_for_layers(
        id,
        corpus,
        "write the adjudicated links with 'vostochny notate' into adjudicated/links.json, then "
        f"'vostochny round merge {id}'",
    )

    with bars("sending to") as progress:
        report = adjudicate_round(id, corpus, adjudicator, connections(id, corpus, url), progress)
    for what, names in (("no conflict", report.agreed), ("decided", report.decided)):
        if names:
            click.echo(f"{what}: {', '.join(names)}")
    for name, how in report.waiting.items():
        click.echo(f"waiting: {name}, {report.conflicts[name]} conflict(s), {how}")
    for remark in report.remarks:
        click.echo(remark)
    if not report.changed:
        click.echo(f"round {id}: nothing changed")
    if report.problems:
        raise InputError(report.problems)
    if report.waiting:
        page = report.project.page if report.project else ""
        click.echo(f"Decide and submit at {page}, then: vostochny round adjudicate {id}")
    else:
        click.echo(f"All documents are adjudicated; next: vostochny round merge {id}")


@click.command(short_help="the next version of gold, with provenance and changelog")
@click.argument("id")
@click.option("--version", help="Version of the new gold.  [default: the second number rises]")
@corpus_option
def merge(id: str, version: str | None, corpus: Path) -> None:
    """Make round ID the next version of gold, with provenance, changelog and history.

    Refused, with what to do, while a layer is missing or not adjudicated, a text changed, or a check fails.
    Of a round of links, the adjudicated links become those of gold; they have to be closed and as logged.
    If it is interrupted, run it again.
    """
    if (done := merged_version(id, corpus)) is not None:
        click.echo(f"round {id} is merged already: gold {done.version} of {done.date}; nothing changed")
        return
    changelog = (corpus.resolve().parent if is_checkouts_own(corpus) else corpus) / "CHANGELOG.md"
    plan = plan_link_merge if is_of_links(read_round(round_folder(id, corpus) / "round.json")) else plan_merge
    planned = plan(id, corpus, datetime.now(UTC).date().isoformat(), changelog, version)
    write_merge(planned)
    new = planned.version
    click.echo(f"gold {new.version}: {new.added} items added, {new.changed} changed, {new.removed} removed")
    for what, names in (("new in the registry", planned.added), ("no longer in it", planned.dropped)):
        if names:
            click.echo(f"{what}: {', '.join(names)}")
    if plan is plan_link_merge and (told := undecided(id, corpus)):
        click.echo(told)
    if plan is plan_merge and planned.old.is_dir():
        click.echo(f"see what changed: vostochny diff {planned.old} {planned.new}")
    click.echo("next: vostochny validate, vostochny lint")
    if is_checkouts_own(corpus):
        click.echo("and what follows from gold: vostochny export hf, make bench, vostochny docs")
        click.echo("README.md and DATASHEET.md say in their own words who annotated and checked: mend them")
