"""Cells: the pieces of a run as files under the hash of all that decides on their content.

A cell is one scenario, draw, seed and chunk of people. It is written beside its place and moved there, so that it is
there in whole or not at all; one that is there is never worked out again.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from trabecula import __version__
from trabecula.simulation.counting import Row
from trabecula.simulation.scenario import Care, PopulationStudy
from trabecula.words.message import Message, MessageError, verbatim

if TYPE_CHECKING:  # an extra
    import pyarrow as pa

CHUNK = 1000
"""People of a cell."""
FORMAT = 3
"""Of a cell; goes up when the same key means something else."""


class PopulationRefused(MessageError):
    """A run that cannot begin or go on: its folder is in use, or nothing can be written."""


@dataclass(frozen=True)
class LivesPiece:
    """A chunk of people under one draw and seed, in every scenario."""

    draw: int
    seed: int
    first: int
    last: int


def key(study: PopulationStudy, care: Care, piece: LivesPiece, model: bytes) -> str:
    """The hash of all that decides on a cell."""
    people = study.people.model_dump(mode="json", exclude={"number", "stand_for"})
    asked = [
        FORMAT, __version__, model.hex(), people, study.begins, study.years, care.model_dump(mode="json"),
        piece.draw, piece.seed, piece.first, piece.last,
    ]  # fmt: skip
    return sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def place(folder: Path, name: str) -> Path:
    """Where a cell is, or will be."""
    return folder / "cells" / f"{name}.parquet"


def keep(folder: Path, name: str, rows: Sequence[Row]) -> None:
    """Write a finished cell."""
    import pyarrow as pa  # an extra

    years, strata, measures, values = zip(*rows, strict=True) if rows else ((), (), (), ())
    columns = {
        "year": pa.array(years, pa.int16()), "stratum": pa.array(strata, pa.string()).dictionary_encode(),
        "measure": pa.array(measures, pa.string()).dictionary_encode(), "quanta": pa.array(values, pa.int64()),
    }  # fmt: skip
    write_table(place(folder, name), pa.table(columns))


def write_table(target: Path, table: "pa.Table", metadata: Mapping[str, str] | None = None) -> None:
    """Write a table in whole or not at all; the same table always makes the same bytes. Raises PopulationRefused."""
    import pyarrow.parquet as pq  # an extra

    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        pq.write_table(table.replace_schema_metadata(dict(metadata or {})), part, compression="zstd")
        part.replace(target)
    except OSError as error:
        raise PopulationRefused(unwritable(target, error)) from None
    finally:
        part.unlink(missing_ok=True)


def unwritable(target: Path, error: OSError) -> Message:
    """Why nothing can be written."""
    return Message("population.unwritable", {"file": verbatim(str(target)), "why": verbatim(error.strerror or "")})
