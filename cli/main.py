"""The ``vostochny`` command. Each sub-command is one module, loaded only when it is called."""

from __future__ import annotations

import io
import sys
from importlib import import_module
from importlib.metadata import version
from keyword import iskeyword

import click

from vostochny.schema.errors import InputError, Problem

COMMANDS = {
    "add": "record a text of your own as a document",
    "audit": "how many errors a gold still holds, told by planted ones",
    "baselines": "list the baseline extractors and linkers",
    "bench": "run every baseline on the corpus and print the leaderboard",
    "compare": "compare systems with a baseline: bootstrap, randomization, Holm",
    "diff": "what differs between two layers",
    "docs": "bring the figures in the documents up to date",
    "errors": "what a system does wrong, and where",
    "export": "write the corpus, or other layers, in another format",
    "import": "turn layers made in another tool into ours",
    "labelstudio": "a Label Studio server of your own: start, stop, invite annotators",
    "link": "run a linker",
    "lint": "look for inconsistent annotations",
    "notate": "turn layers into the decision notation and back",
    "predict": "run an extractor",
    "report": "the corpus as a page to read, in one file",
    "round": "annotation rounds: annotate, agree, adjudicate, merge into gold",
    "score": "score predictions against gold",
    "show": "print an annotated article",
    "tags": "score tags of tokens (IOB2, IOB1, BIO, BILOU, IOBES) against gold",
    "validate": "check documents, layers, links and rounds",
}


class LazyGroup(click.Group):
    """A group that imports a sub-command's module when the sub-command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all sub-commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The sub-command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        # A Python keyword can't name a module: import is import_.py.
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"vostochny.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the sub-commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("vostochny"), prog_name="vostochny")
def cli() -> None:
    """Load, benchmark on and annotate the Vostochny corpus."""


def main() -> None:
    """Run the command line; problems with the input end it with status 1 and no traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a character gets its escape, not a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        cli(standalone_mode=True)
    except InputError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output went away (such as `| head`): nothing is left to say to it.
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        # A path that can't even be looked at: a name too long, a folder without permission.
        message = f"can't be used ({error.strerror or error}); give another path"
        click.echo(str(Problem("unreadable-file", message, error.filename)), err=True)
        sys.exit(1)
