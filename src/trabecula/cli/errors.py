"""How a command says no: one message on standard error, an exit code, no traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from trabecula.reporting import encodable, printable
from trabecula.words.numbers import counted

REFUSED, FAULT, INTERRUPTED = 2, 70, 130  # exit codes, as shells know them


class Refused(click.ClickException):
    """Input that can't be used; the message says what, where, what was expected and what to do."""

    exit_code = REFUSED

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message."""
        complain(self.message, file)


class Interrupted(Refused):
    """Somebody pressed Ctrl-C."""

    exit_code = INTERRUPTED

    def __init__(self) -> None:
        super().__init__("stopped.")


@contextmanager
def refusing(*kinds: type[Exception], where: str = "") -> Iterator[None]:
    """Turns the refusals of the rooms below into one of the command; `where` is put in front."""
    try:
        yield
    except kinds as error:
        raise Refused(f"{where}: {problems_text(error)}" if where else problems_text(error)) from None


def problems_text(error: Exception) -> str:
    """The message; several problems get a line each."""
    problems = getattr(error, "problems", None)
    if not problems:
        return str(error)
    return "\n".join([f"{counted(len(problems), 'problem')} found", *(f"  {each}" for each in problems)])


def complain(message: str, file: IO[Any] | None = None) -> None:
    """A message on standard error, in characters that it can show."""
    say(f"trabecula: {message}", file)


def say(message: str, file: IO[Any] | None = None) -> None:
    """A line or more on standard error: standard output is for answers."""
    stream = file or sys.stderr
    lines = [printable(line) for line in message.splitlines()]
    click.echo(encodable("\n".join(lines), getattr(stream, "encoding", None)), file=stream)
