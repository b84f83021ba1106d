"""Where an answer goes: the screen, or a file that is there in whole or not at all."""

import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from trabecula.cli.errors import Refused
from trabecula.reporting import USUAL, encodable

STDOUT = "-"


@dataclass(frozen=True)
class Screen:
    """What the place of an answer can show."""

    width: int
    styled: bool


def screen(output: str | None) -> Screen:
    """The terminal; a file or a pipe has 80 columns (or COLUMNS) and no styles."""
    if not _prints(output):
        return Screen(width=USUAL, styled=False)
    styled = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Screen(width=shutil.get_terminal_size().columns, styled=styled)


def _prints(output: str | None) -> bool:
    """Whether the answer goes to standard output."""
    return output is None or output == STDOUT


def check_target(output: str | None, record: str, option: str) -> None:
    """Refuse a place that can't be written before anything is computed."""
    if _prints(output):
        return
    target = Path(str(output))
    if target.is_dir():
        raise Refused(f"{option}: found {output}, a folder; expected a file; add a file name to it")
    if target.exists() and not target.is_file():
        raise Refused(
            f"{option}: found {output}, which is no ordinary file; leave {option} out to print instead"
        )
    if target.exists() and Path(record).exists() and target.samefile(record):
        raise Refused(
            f"{option}: found {output}, the record itself; expected another file; choose another name"
        )
    if not target.parent.is_dir():
        raise Refused(
            f"{option}: found the folder {target.parent}, which isn't there; make it, or choose another"
        )
    if not os.access(target.parent, os.W_OK):
        raise Refused(f"{option}: found the folder {target.parent}, where you may not write; choose another")


def check_apart(output: str | None, loss_report: str | None) -> None:
    """Refuse to write two answers to one place."""
    if (
        loss_report is not None
        and output is not None
        and Path(output).resolve() == Path(loss_report).resolve()
    ):
        raise Refused(f"--loss-report: found {loss_report}, where the answer goes; expected another file")


def deliver(text: str, output: str | None) -> None:
    """Print a text for people, or write it."""
    _print(encodable(text, sys.stdout.encoding)) if _prints(output) else write(text, Path(str(output)))


def deliver_json(text: str, output: str | None) -> None:
    """Print JSON (with escapes where the screen has no such character), or write it."""
    if not _prints(output):
        write(text + "\n", Path(str(output)))
    elif encodable(text, sys.stdout.encoding) == text:
        _print(text + "\n")
    else:
        _print(re.sub(r"[^\x00-\x7f]", lambda each: json.dumps(each[0])[1:-1], text) + "\n")


def _print(text: str) -> None:
    """To standard output; a reader that has gone away (`| head`) is no error."""
    try:
        click.echo(text, nl=False)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Refused(f"the answer can't be printed ({error.strerror}); check the disk or the pipe") from None


def write(text: str | bytes, target: Path) -> None:
    """Write a file in whole or not at all: beside its place first, then moved there."""
    target = target.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(text if isinstance(text, bytes) else text.encode())
        part.replace(target)
    except OSError as error:
        raise Refused(
            f"{target}: can't be written ({error.strerror}); choose another place with --output"
        ) from None
    finally:
        part.unlink(missing_ok=True)
