"""Chunks: finished pieces of a run as files, so that a run that was killed goes on where it stood.

A chunk is written beside its place and moved there, so it is there in whole or not at all. What is asked and of whom is
written down first, and a folder that belongs to another run is refused.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trabecula.register.columns import SCHEMA_VERSION, schema
from trabecula.words.message import Message, MessageError, verbatim

if TYPE_CHECKING:  # an extra
    import pyarrow as pa
    import pyarrow.parquet as pq

COMPRESSION = "zstd"
_BLOCK = 2**20
"""Bytes that are hashed at once."""
_BEGUN = "run.json"
_VERSION_KEY = b"trabecula.scores"


class RunRefused(MessageError):
    """A run that cannot go on: its folder is of another run, or nothing can be written."""


@dataclass(frozen=True)
class Chunks:
    """The folder of a run that is under way."""

    folder: Path

    def begin(self, asked: str) -> None:
        """Take the folder for a run; RunRefused where it holds the chunks of another.

        asked: a hash of the source, the model and what is asked.
        """
        begun = self.folder / _BEGUN
        with _writing(self.folder):
            self.folder.mkdir(exist_ok=True)
            if begun.exists() and json.loads(begun.read_text(encoding="utf-8")).get("asked") != asked:
                raise RunRefused(Message("register.other_run", {"folder": verbatim(str(self.folder))}))
            whole(begun, json.dumps({"asked": asked}).encode())

    def path(self, kind: str, number: int) -> Path:
        """Where a chunk is, or will be."""
        return self.folder / f"{kind}-{number:06d}.parquet"

    def has(self, kind: str, number: int) -> bool:
        """Whether a chunk is finished."""
        return self.path(kind, number).is_file()

    def keep(self, kind: str, number: int, rows: "pa.Table") -> None:
        """Write a finished chunk."""
        write_tables(self.path(kind, number), [rows])

    def read(self, kind: str, number: int) -> "pa.Table":
        """A finished chunk."""
        import pyarrow.parquet as pq  # an extra

        return pq.read_table(self.path(kind, number))

    def remove(self) -> None:
        """Clear up after a run that is done."""
        for file in (*self.folder.glob("*.parquet"), *self.folder.glob("*.part"), self.folder / _BEGUN):
            file.unlink(missing_ok=True)
        self.folder.rmdir()


def write_tables(target: Path, tables: Iterable["pa.Table"]) -> None:
    """Write tables into one file, each as a group of rows; the same tables always make the same bytes."""
    import pyarrow.parquet as pq  # an extra

    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    with _writing(target):
        try:
            with pq.ParquetWriter(part, schema(), compression=COMPRESSION) as writer:
                for rows in tables:
                    writer.write_table(rows)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def whole(target: Path, content: bytes) -> None:
    """Write a file in whole or not at all."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    with _writing(target):
        try:
            part.write_bytes(content)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def hash_of(file: Path) -> str:
    """SHA-256 of a file."""
    found = sha256()
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def read_scores(file: Path) -> list[dict[str, Any]]:
    """The rows of a table of scores; RunRefused for a file that is none, or one of another version."""
    with open_scores(file) as scores:
        return scores.read().to_pylist()


def open_scores(file: Path) -> "pq.ParquetFile":
    """A table of scores, open; RunRefused for a file that is none, or one of another version."""
    import pyarrow as pa  # an extra
    import pyarrow.parquet as pq

    try:
        found = pq.ParquetFile(file)
    except (OSError, pa.ArrowException):
        raise RunRefused(Message("register.no_scores", {"file": verbatim(file.name)})) from None
    written = (found.schema_arrow.metadata or {}).get(_VERSION_KEY)
    if written is None:
        raise RunRefused(Message("register.no_scores", {"file": verbatim(file.name)}))
    types = {field.name: field.type for field in found.schema_arrow}
    if written.split(b".")[0] != SCHEMA_VERSION.encode().split(b".")[0] or any(
        types.get(field.name) != field.type for field in schema()
    ):
        told = {"file": verbatim(file.name), "found": verbatim(written.decode("ascii", "replace"))}
        raise RunRefused(Message("register.other_version", {**told, "ours": verbatim(SCHEMA_VERSION)}))
    return found


class _writing:  # noqa: N801  # used as a statement
    """Turns a disk that is full, or a folder that is closed, into a refusal that says what is kept."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            values = {"file": verbatim(str(self.target)), "reason": verbatim(error.strerror or str(error))}
            raise RunRefused(Message("register.cannot_write", values)) from None
