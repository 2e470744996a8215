"""``vostochny audit``: how many errors a gold still holds, told by planted ones."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from vostochny.annotations.audit_copy import make_audit, read_copy, read_key
from vostochny.annotations.audit_keep import Auditor, keep_audit
from vostochny.annotations.audit_matching import read_findings
from vostochny.annotations.audit_report import findings_text, result_text
from vostochny.annotations.audit_score import Score, in_gold, read_verdicts, score_audit
from vostochny.cli.options import corpus_option
from vostochny.cli.written import force_option, write_files
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, write_atomic


@click.group(name="audit")
def command() -> None:
    """Audit gold with planted errors: how many an auditor finds of these tells how many real ones are left.

    First `seed`: a copy of the gold with planted errors, and a sealed key. Auditors read the copy (its
    README.md says how) and write their findings. Then `score`: it matches findings with the key.
    """


@command.command()
@click.option("--errors", type=click.IntRange(1), default=60, show_default=True, help="Errors to plant.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="What they are drawn by.")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the copy; it must not be there yet, or be empty.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File for the key (JSONL), outside the copy: keep it from the auditors.",
)
@corpus_option
def seed(errors: int, seed: int, folder: Path, key: Path, corpus: Path) -> None:
    """Make a copy of the gold with planted errors, and a sealed key.

    The kinds of errors take turns, and each document gets its share. None breaks a check, and `vostochny
    lint` finds the same in the copy as in the gold. The copy carries the SHA-256 of the key and nothing else
    of it.
    """
    if key.resolve().is_relative_to(folder.resolve()):
        message = (
            f"lies in the copy's folder {folder}, where the auditor would read it; give a file elsewhere"
        )
        raise InputError.of("key-in-copy", message, file=str(key))
    if folder.is_dir() and any(folder.iterdir()):
        message = (
            "is not empty; give another folder for the copy, so that nothing of another audit stays in it"
        )
        raise InputError.of("file-exists", message, file=str(folder))
    if key.exists():
        message = "is there already, and may be the key of another audit; give another file"
        raise InputError.of("file-exists", message, file=str(key))
    files, sealed = make_audit(corpus, errors, seed)
    write_atomic(key, sealed)
    for name, data in files.items():
        write_atomic(folder / name, data)
    click.echo(f"{folder}: the copy, {len(files)} files; auditors begin with {folder / 'README.md'}")
    click.echo(f"{key}: the key; keep it from the auditors until they are done")


_copy = click.argument("copy", type=click.Path(path_type=Path, exists=True, file_okay=False))
_key = click.option("--key", type=click.Path(path_type=Path), required=True, help="The copy's key.")
_findings = click.option(
    "--findings",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="An auditor's findings (JSONL); may be given again. They are numbered from 1 over all files.",
)
_verdicts = click.option(
    "--verdicts",
    type=click.Path(path_type=Path),
    help='The adjudicator\'s verdicts (JSONL): {"finding": 7, "verdict": "real", "reason": "…"}.',
)


def _scored(copy: Path, key: Path, findings: tuple[Path, ...], verdicts: Path | None) -> Score:
    sealed = read_key(key)
    state = read_copy(copy, sealed)
    found = read_findings(findings, state)
    ruled = {} if verdicts is None else read_verdicts(verdicts, len(found), sealed)
    return score_audit(found, ruled, sealed, state)


@command.command()
@_copy
@_key
@_findings
@_verdicts
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the result there (result.json).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def score(
    copy: Path, key: Path, findings: tuple[Path, ...], verdicts: Path | None, output: Path | None, form: str
) -> None:
    """Match findings with the planted errors of COPY, and estimate how many real errors are left.

    A finding that is no planted error by itself is listed, with gold's own ids, for an adjudicator to judge;
    its verdict is real, not-an-error, planted (with "of": the planted error) or repeats (with "of": the
    number of the finding that told the same).
    """
    scored = _scored(copy, key, findings, verdicts)
    sealed = read_key(key)
    if output is not None:
        write_atomic(output, dump_json(scored.result))
    if form == "json":
        told = [
            {**in_gold(s.finding, sealed), "state": s.state, "of": s.of, "possible": list(s.possible)}
            for s in scored.standings
        ]
        click.echo(json.dumps({"result": scored.result, "findings": told}, ensure_ascii=False, indent=1))
        return
    click.echo(findings_text(scored.standings, sealed), nl=False)
    click.echo(result_text(scored.result), nl=False)


def _auditors(values: tuple[tuple[str, str, str], ...]) -> list[Auditor]:
    return [Auditor(*value) for value in values]


@command.command()
@click.argument("id")
@_copy
@_key
@_findings
@_verdicts
@click.option(
    "--auditor",
    "auditors",
    type=(str, click.Choice(["human", "language-model"]), str),
    multiple=True,
    required=True,
    metavar="ID KIND PROCEDURE",
    help="Who audited: an id, human or language-model, and how the copy was read; one for each --findings.",
)
@click.option(
    "--adjudicator",
    type=(str, click.Choice(["human", "language-model"]), str),
    metavar="ID KIND PROCEDURE",
    help="Who gave the verdicts.",
)
@click.option("--date", "day", help="Day of the audit (YYYY-MM-DD).  [default: today]")
@force_option
@corpus_option
def keep(
    id: str,
    copy: Path,
    key: Path,
    findings: tuple[Path, ...],
    verdicts: Path | None,
    auditors: tuple[tuple[str, str, str], ...],
    adjudicator: tuple[str, str, str] | None,
    day: str | None,
    force: bool,
    corpus: Path,
) -> None:
    """Keep the audit of COPY in the corpus as audits/ID: key, findings, verdicts, result and who did what.

    It is kept once every finding has been judged.
    """
    scored = _scored(copy, key, findings, verdicts)
    files = keep_audit(
        id,
        scored,
        key=key,
        findings=findings,
        verdicts=verdicts,
        auditors=_auditors(auditors),
        adjudicator=None if adjudicator is None else Auditor(*adjudicator),
        day=day or date.today().isoformat(),
    )
    write_files({corpus / "audits" / id / name: data for name, data in files.items()}, force)
