"""The command line: assess a person, reproduce studies, ask the evidence, print the schemas, serve the web app.

With the web app the only place that reads the clock: below it, every answer is for a day that somebody named.

Each command is a file of its own, from its options to what is printed: `options` has the options that several share,
`subject` the person they are about, `output` the way out. A command is imported when it is asked for, and what it
needs when it runs: numba alone takes half a second, and whoever asks for help, or mistypes, need not wait for it.

Exit codes: 0 for an answer, 2 for input that can't be used (one message on standard error, nothing on standard output),
70 for a fault of the program, 130 after Ctrl-C. With TRABECULA_DEBUG=1 a fault shows its traceback.
"""

import gc
import os
import re
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from trabecula import __version__
from trabecula.cli.output import (
    FAULT,
    INTERRUPTED,
    REFUSED,
    CommandInterrupted,
    CommandRefused,
    complain,
    problems_text,
)
from trabecula.errors import TrabeculaError
from trabecula.installing import set_up_command

COMMANDS = (
    "advise", "assess", "calibrate", "cohort", "compare", "completion", "doctor", "economics", "evidence", "examples",
    "export", "fetch", "letter", "population", "report", "reproduce", "schema", "serve",
)  # fmt: skip
"""Each is a file of this room with a command of the same name."""
_DEBUG = "TRABECULA_DEBUG"
_NEW_OBJECTS = 50_000
"""Made before garbage is looked for: a command makes and keeps many when it starts, and Python would look every 700."""
_WIDEST_HELP = 100
"""Columns of help on a wide terminal."""
_NAME = "trabecula"
_IN_EXAMPLE = re.compile(rf"(?m)^(\s+(?:.*\| |(?:\w+=\S+ )+)?){_NAME} (?=\w)")
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

    called: str | None = None
    """The program as it was typed, where its name alone would not find it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names, of which none is imported."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return self._as_called(command)

    def _as_called(self, command: click.Command) -> click.Command:
        """A command whose examples name the program as it was called."""
        if self.called:
            command.help = _IN_EXAMPLE.sub(lambda found: f"{found[1]}{self.called} ", command.help or "")
        return command

    def main(self, *args: Any, prog_name: str | None = None, **more: Any) -> Any:
        """Run as a program; usage and examples name it as it was called, so that they work where they are printed."""
        self.called = called_as(sys.argv[0]) if prog_name is None else None
        self._as_called(self)
        return super().main(*args, prog_name=self.called or prog_name, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise CommandInterrupted from None
        except TrabeculaError as error:
            from trabecula.data_files import OVERLAY, DataError  # start-up time: nothing was refused until now

            if not isinstance(error, DataError) or not os.environ.get(OVERLAY):
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


def main() -> None:
    """Run the command line; a fault of the program ends in one line unless TRABECULA_DEBUG is set."""
    gc.set_threshold(_NEW_OBJECTS)
    try:
        cli()
    except KeyboardInterrupt:
        complain("stopped.")
        sys.exit(INTERRUPTED)
    except Exception as fault:
        if os.environ.get(_DEBUG):
            raise
        if package := _missing_package(fault):
            complain(f"found no {package}; expected it installed; run: {set_up_command([package])}")
            sys.exit(REFUSED)
        complain(
            f"internal error, not a problem with your record ({type(fault).__name__}: {fault}). Please report it;"
            f" set {_DEBUG}=1 to see where it happened."
        )
        sys.exit(FAULT)


def _missing_package(fault: Exception) -> str:
    """The package of others that was not there to be imported; empty if something else was wrong."""
    if not isinstance(fault, ModuleNotFoundError):
        return ""
    package = (fault.name or "").partition(".")[0]
    return "" if package == _NAME else package
