"""A register of records: a file or a folder of YAML, JSON and FHIR, each person of which becomes an entry."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from trabecula.adapters import files
from trabecula.adapters.tolerant import read_tolerant
from trabecula.errors import TrabeculaError
from trabecula.person import PersonError
from trabecula.register.entries import Entry
from trabecula.words.message import Message, verbatim

ENDINGS = (".yaml", ".yml", ".json", ".jsonl", ".ndjson")
_LINES = (".jsonl", ".ndjson")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Records:
    """Records of ours in a file or a folder: one a file, a list of them, or one a line."""

    source: Path
    on: date

    kind = "records"
    size = None

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """The files that are read, in order."""
        return found_in(self.source, ENDINGS)

    @property
    def fingerprint(self) -> str:
        """A hash of what is read."""
        return self._hash

    @cached_property
    def _hash(self) -> str:
        """A hash of every file."""
        return fingerprint_of(self.source, self.files)

    @property
    def facts(self) -> Mapping[str, object]:
        """How many files."""
        return {"files": len(self.files)}

    def __iter__(self) -> Iterator[Entry]:
        """Everybody."""
        for file in self.files:
            yield from self._of(file)

    def _of(self, file: Path) -> Iterator[Entry]:
        """Everybody in a file; a file that cannot be read is one entry that was refused."""
        name = file.stem if file == self.source else file.relative_to(self.source).with_suffix("").as_posix()
        try:
            found = _data(file)
        except files.InputError as error:
            yield Entry(name, refusal=error.message)
            return
        if isinstance(found, list):
            for number, one in enumerate(found, 1):
                yield entry_of(one, f"{name}#{number}", self.on)
        else:
            yield entry_of(found, name, self.on)


def _data(file: Path) -> Any:
    """What is in a file: one record, or a list."""
    raw = file.read_bytes()
    where = verbatim(file.name)
    if file.suffix not in _LINES:
        return files.plain_data(raw, where)
    lines = raw.decode("utf-8-sig", errors="replace").splitlines()
    return [_line(line) for line in lines if line.strip()]


def _line(line: str) -> Any:
    """A line of NDJSON; one that is none stays a text, which no record is."""
    try:
        return json.loads(line)
    except ValueError:
        return line


def entry_of(data: Any, name: str, on: date) -> Entry:
    """The entry of one record's data; name: what it is called where it has no id of its own."""
    if not isinstance(data, Mapping):
        return Entry(name, refusal=Message("register.no_record"))
    own = data.get("id")
    id = str(own) if own is not None and str(own).strip() else name
    try:
        person, unread = read_tolerant(data, on)
    except PersonError as error:
        return Entry(id, refusal=refusal_of(error))
    except RecursionError:
        return Entry(id, refusal=Message("register.no_record"))
    return Entry(id, person, notes=unread)


def refusal_of(error: TrabeculaError) -> Message:
    """A refusal in one message, whatever was wrong."""
    problems = getattr(error, "problems", None)
    if problems:
        return Message("register.problems", {"problems": [problem.message for problem in problems]})
    message = getattr(error, "message", None)
    return message if isinstance(message, Message) else verbatim(str(error))


def found_in(source: Path, endings: tuple[str, ...]) -> tuple[Path, ...]:
    """The file itself, or those of a folder and the folders in it that have one of some endings, in order.

    What is hidden in it is left out; where the folder itself lies (`..`, below a hidden folder) is no matter.
    """
    if not source.is_dir():
        return (source,)
    seen = (file for file in source.rglob("*") if file.suffix.lower() in endings and file.is_file())
    return tuple(
        sorted(file for file in seen if not any(part.startswith((".", "~")) for part in file.relative_to(source).parts))
    )


def fingerprint_of(source: Path, found: tuple[Path, ...]) -> str:
    """A hash of the contents of files, and of how those of a folder are called."""
    digest = sha256()
    for file in found:
        digest.update((file.relative_to(source).as_posix() if file != source else "").encode() + b"\0")
        with file.open("rb") as content:
            while block := content.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()
