"""The command line: assess a person, reproduce studies, ask the evidence, print the schemas, serve the web app.

With the web app the only place that reads the clock: below it, every answer is for a day that somebody named.

Each command is a file of its own, from its options to what is printed: `options` has the options that several share,
`subject` the person they are about, `output` the way out. What a command needs is imported when it runs: numba alone
takes half a second, and whoever asks for help need not wait for it.

Exit codes: 0 for an answer, 2 for input that can't be used (one message on standard error, nothing on standard output),
70 for a fault of the program, 130 after Ctrl-C. With TRABECULA_DEBUG=1 a fault shows its traceback.
"""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from trabecula import __version__
from trabecula.cli.advise import advise
from trabecula.cli.assess import assess
from trabecula.cli.calibrate import calibrate
from trabecula.cli.compare import compare
from trabecula.cli.evidence import evidence
from trabecula.cli.output import FAULT, INTERRUPTED, CommandInterrupted, CommandRefused, complain, problems_text
from trabecula.cli.report import report
from trabecula.cli.reproduce import reproduce
from trabecula.cli.schema import schema
from trabecula.cli.serve import serve
from trabecula.data_files import OVERLAY, DataError

_DEBUG = "TRABECULA_DEBUG"
_WIDEST_HELP = 100
"""Columns of help on a wide terminal."""
_NAME = "trabecula"
_IN_EXAMPLE = re.compile(rf"(?m)^(\s+(?:.*\| |\w+=\S+ )?){_NAME} (?=\w)")
"""The program in an example of the help: alone, after a pipe or after a variable."""


def called_as(typed: str) -> str | None:
    """The program as somebody typed it, where its name alone would not find it; None where it would.

    >>> called_as("/nowhere/bin/trabecula")
    '/nowhere/bin/trabecula'
    """
    found = shutil.which(_NAME)
    by_name = Path(typed).name != _NAME or (found is not None and Path(found).resolve() == Path(typed).resolve())
    return None if by_name else typed


class _Group(click.Group):
    """Commands that end in one line when somebody presses Ctrl-C, or when an overlay is not in order."""

    def main(self, *args: Any, prog_name: str | None = None, **more: Any) -> Any:
        """Run as a program; usage and examples name it as it was called, so that they work where they are printed."""
        called = called_as(sys.argv[0]) if prog_name is None else None
        for command in (self, *self.commands.values()) if called else ():
            command.help = _IN_EXAMPLE.sub(lambda found: f"{found[1]}{called} ", command.help or "")
        return super().main(*args, prog_name=called or prog_name, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise CommandInterrupted from None
        except DataError as error:
            if not os.environ.get(OVERLAY):
                raise
            raise CommandRefused(problems_text(error)) from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST_HELP})
@click.version_option(__version__, prog_name="trabecula", message="%(prog)s %(version)s")
def cli() -> None:
    """Bone health in multiple sclerosis: bone density now and ahead, falls and fracture risk.

    Not a medical device. No data leave this computer.

    \b
    Example:
      trabecula assess examples/ms_woman_44.yaml
    """


for _command in (advise, assess, calibrate, compare, evidence, report, reproduce, schema, serve):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; a fault of the program ends in one line unless TRABECULA_DEBUG is set."""
    try:
        cli()
    except KeyboardInterrupt:
        complain("stopped.")
        sys.exit(INTERRUPTED)
    except Exception as fault:
        if os.environ.get(_DEBUG):
            raise
        complain(
            f"internal error, not a problem with your record ({type(fault).__name__}: {fault}). Please report it;"
            f" set {_DEBUG}=1 to see where it happened."
        )
        sys.exit(FAULT)
