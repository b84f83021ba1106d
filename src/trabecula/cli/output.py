"""What a command says: answers on standard output or in a file, everything else on standard error.

A file is there in whole or not at all; a refusal is one message, an exit code and no traceback.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

import click

from trabecula.drawing.characters import encodable, printable
from trabecula.installing import missing_packages, set_up_command

if TYPE_CHECKING:  # imported when there is a page to show
    from trabecula.drawing.page import Page

REFUSED, FAULT, INTERRUPTED = 2, 70, 130
"""Exit codes, as shells know them (sysexits.h; 128 and the number of the signal)."""
STDOUT = "-"


class CommandRefused(click.ClickException):
    """Input that can't be used; the message says what, where, what was expected and what to do."""

    exit_code = REFUSED

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message."""
        complain(self.message, file)


class CommandInterrupted(CommandRefused):
    """Somebody pressed Ctrl-C; the message says how far it came."""

    exit_code = INTERRUPTED

    def __init__(self, message: str = "stopped.") -> None:
        super().__init__(message)


@contextmanager
def refusing(*kinds: type[Exception], where: str = "") -> Iterator[None]:
    """Turns the refusals of the rooms below into one of the command.

    kinds: the errors that are refusals; any other is a fault and passes. where: what is put in front of the message,
    an option or a file.
    """
    try:
        yield
    except kinds as error:
        raise CommandRefused(f"{where}: {problems_text(error)}" if where else problems_text(error)) from None


def problems_text(error: Exception) -> str:
    """The message in the language of the command (`--language`), else in English; several problems get a line each."""
    # Start-up time: the catalogues are read when something is refused.
    from trabecula.words import SOURCE
    from trabecula.words.language import language
    from trabecula.words.message import Message

    command = click.get_current_context(silent=True)
    lang = language((command and command.params.get("language")) or SOURCE)
    problems = getattr(error, "problems", None)
    if not problems:
        message = getattr(error, "message", None)
        return lang.say(message) if isinstance(message, Message) else str(error)
    lines = (lang.say(problem.message) if hasattr(problem, "message") else str(problem) for problem in problems)
    return "\n".join([lang.text("problem.count", n=len(problems)), *(f"  {line}" for line in lines)])


def complain(message: str, file: IO[Any] | None = None) -> None:
    """A message on standard error, in characters that it can show."""
    say(f"trabecula: {message}", file)


def say(message: str, file: IO[Any] | None = None) -> None:
    """A line or more on standard error: standard output is for answers."""
    stream = file or sys.stderr
    lines = [printable(line) for line in message.splitlines()]
    click.echo(encodable("\n".join(lines), getattr(stream, "encoding", None)), file=stream)


@contextmanager
def announcing_compilation() -> Iterator[None]:
    """Says once why the first run takes longer, when numba begins to compile; what it finds in its cache says nothing.

    Numba itself reports the event "numba:compile", on a miss of its cache alone.
    """
    from numba.core import event  # start-up time: whoever asks for help need not wait for numba

    class Announcement(event.Listener):
        """Speaks at the first function that is compiled."""

        told = False

        def on_start(self, event: object) -> None:  # noqa: ARG002
            """Compilation of one function begins."""
            if not self.told:
                self.told = True
                say(f"Compiling the model ({_how_often()}, about 15 s) ...")

        def on_end(self, event: object) -> None:
            """Compilation of one function ends."""

    with event.install_listener("numba:compile", Announcement()):
        yield


def _how_often() -> str:
    """When it is compiled again, which hangs on where what was compiled can be kept."""
    from trabecula.compiled import KEEPING

    if "folder" not in KEEPING:
        return "first run only"
    folder = KEEPING["folder"]
    return f"kept in {folder}" if folder else "at every run: no folder can be written to; NUMBA_CACHE_DIR names one"


class Progress:
    """How far a long command has come, on standard error: a bar on a terminal, a line a step elsewhere.

    steps: their names, done one after the other; noun: what they are called together; loss: what becomes of the work
    when it is stopped.
    """

    def __init__(self, steps: Sequence[str], noun: str, loss: str) -> None:
        self.steps, self.noun, self.loss = steps, noun, loss
        self.finished = 0
        self.bar = _Bar(len(steps)) if sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        if self.bar:
            self.bar.start(self._next())
        else:
            say(f"{self.noun.capitalize()} to process: {len(self.steps)}")
        return self

    def done(self, name: str) -> None:
        """A step is done."""
        self.finished += 1
        if self.bar:
            self.bar.advance(self._next())
        else:
            say(f"  {self.finished} of {len(self.steps)}: {name}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar:
            self.bar.stop()
        if kind is KeyboardInterrupt:
            how_far = f"{self.finished} of {len(self.steps)} {self.noun}"
            raise CommandInterrupted(f"stopped after {how_far}; {self.loss}.") from None

    def _next(self) -> str:
        """The step that is under way."""
        return self.steps[self.finished] if self.finished < len(self.steps) else ""


class _Bar:
    """A bar that goes away when it is done."""

    def __init__(self, steps: int) -> None:
        from rich import progress  # start-up time: only a long command on a terminal has a bar
        from rich.console import Console

        columns = (progress.BarColumn(), progress.MofNCompleteColumn(), progress.TimeElapsedColumn())
        self.rich = progress.Progress(
            *columns, progress.TextColumn("{task.description}"), console=Console(stderr=True), transient=True
        )
        self.task = self.rich.add_task("", total=steps)

    def start(self, step: str) -> None:
        """Show the bar."""
        self.rich.update(self.task, description=step)
        self.rich.start()

    def advance(self, step: str) -> None:
        """One further, and what is under way now."""
        self.rich.update(self.task, advance=1, description=step)

    def stop(self) -> None:
        """Take the bar away."""
        self.rich.stop()


@dataclass(frozen=True)
class Screen:
    """What the place of an answer can show: its width in columns, and whether it has styles."""

    width: int
    styled: bool


def screen(output: str | None) -> Screen:
    """The terminal; a file or a pipe has 80 columns (or COLUMNS) and no styles."""
    if not _prints(output):
        from trabecula.reporting.terminal import USUAL  # start-up time

        return Screen(width=USUAL, styled=False)
    styled = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Screen(width=shutil.get_terminal_size().columns, styled=styled)


def _prints(output: str | None) -> bool:
    """Whether the answer goes to standard output."""
    return output is None or output == STDOUT


def check_target(output: str | None, record: str, option: str) -> None:
    """Refuse a place that can't be written before anything is computed.

    output: the file, or None for standard output; record: the file that is read, which is never overwritten; option:
    as the message calls it. Devices are refused because the answer is moved into its place, which would replace them.
    """
    if _prints(output):
        return
    target = Path(str(output))
    if target.is_dir():
        raise CommandRefused(f"{option}: found {output}, a folder; expected a file; add a file name to it")
    if target.exists() and not target.is_file():
        raise CommandRefused(f"{option}: found {output}, which is not a regular file; remove {option} to print instead")
    if target.exists() and Path(record).exists() and target.samefile(record):
        raise CommandRefused(f"{option}: found {output}, the record itself; expected another file; choose another name")
    if not target.parent.is_dir():
        raise CommandRefused(
            f"{option}: found the folder {target.parent}, which does not exist; create it, or choose another"
        )
    if not os.access(target.parent, os.W_OK):
        raise CommandRefused(f"{option}: found the folder {target.parent}, which is not writable; choose another")


def check_installed(what: str, *packages: str, otherwise: str = "") -> None:
    """Refuse what needs packages that are not installed, with the command that brings them, before it is computed.

    what: the command or option; otherwise: what else can be done.
    """
    missing = missing_packages(*packages)
    if missing:
        instead = f", or {otherwise}" if otherwise else ""
        raise CommandRefused(
            f"{what}: found no {', '.join(missing)}; expected it installed; run: {set_up_command(missing)}{instead}"
        )


def check_apart(output: str | None, loss_report: str | None) -> None:
    """Refuse to write two answers to one place."""
    if loss_report and output and Path(output).resolve() == Path(loss_report).resolve():
        raise CommandRefused(f"--loss-report: found {loss_report}, where the answer goes; expected another file")


def deliver(text: str, output: str | None) -> None:
    """Print a text for people, or write it."""
    _print(encodable(text, sys.stdout.encoding)) if _prints(output) else write(text, Path(str(output)))


def deliver_page(page: "Page", form: str, output: str | None) -> None:
    """A page, as Markdown or as wide as the screen."""
    from trabecula.reporting.markdown import to_markdown  # start-up time
    from trabecula.reporting.terminal import to_terminal

    view = screen(output)
    text = to_markdown(page) if form == "markdown" else to_terminal(page, view.width, styled=view.styled)
    deliver(text, output)


def deliver_json(text: str, output: str | None) -> None:
    """Print JSON, or write it.

    On a screen that lacks a character all of them are escaped, which JSON allows: what a program reads is the same.
    """
    if not _prints(output):
        write(text + "\n", Path(str(output)))
    elif encodable(text, sys.stdout.encoding) == text:
        _print(text + "\n")
    else:
        _print(re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text) + "\n")


def _print(text: str) -> None:
    """To standard output; a reader that has gone away (`| head`) is no error."""
    try:
        click.echo(text, nl=False)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandRefused(f"the answer can't be printed ({error.strerror}); check the disk or the pipe") from None


def write(text: str | bytes, target: Path) -> None:
    """Write a file in whole or not at all: beside its place first, then moved there.

    A disk that fills up, or Ctrl-C, leaves the old file as it was; a link stays a link, since the file that it names
    is replaced.
    """
    target = target.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(text if isinstance(text, bytes) else text.encode())
        part.replace(target)
    except OSError as error:
        raise CommandRefused(
            f"{target}: can't be written ({error.strerror}); choose another place with --output"
        ) from None
    finally:
        part.unlink(missing_ok=True)
