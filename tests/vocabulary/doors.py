"""What sessions with an overlay share: files for a command, a command run, and all doors asked in turn."""

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner

from trabecula.cli import cli

DAY = date(2026, 11, 22)
FEW = ("--draws", "20")
LANGUAGES = ("en", "de", "it")


def written(folder: Path, name: str, content: object) -> str:
    """A file for a command to read."""
    path = folder / name
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return str(path)


def run(*words: str) -> str:
    """What a command prints; a refusal with its message."""
    found = CliRunner().invoke(cli, [*words, *FEW])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.stdout if found.exit_code == 0 else f"exit {found.exit_code}: {found.output}"


def print_answers(*doors: Callable[[Path], Any]) -> None:
    """What each door answers, by its name, as JSON; the folder that they may use is the argument of the session."""
    print(json.dumps({door.__name__: door(Path(sys.argv[1])) for door in doors}, default=str))
