"""What happened to people after the day of assessment, out of a table: id, years, event."""

from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from trabecula.adapters.files import InputError
from trabecula.adapters.table.grid import cell, grids
from trabecula.adapters.table.layout import plain
from trabecula.adapters.table.register import id_key
from trabecula.register.columns import SCORED
from trabecula.register.validation import CENSORED, DEATH, FRACTURE, Outcomes
from trabecula.units import Array
from trabecula.words.message import Message, verbatim
from trabecula.words.reading import read_number

_COLUMNS = ("id", "years", "event")
_EVENTS = {"fracture": FRACTURE, "death": DEATH, "none": CENSORED, "censored": CENSORED, "": CENSORED}


def read_outcomes(file: Path, rows: Sequence[Mapping[str, Any]], risk: str) -> tuple[Array, Outcomes]:
    """The risks of everybody who was scored and followed, and what happened. Raises InputError."""
    risks = {id_key(row["id"]): row[risk] for row in rows if row["status"] == SCORED}
    ids, found = followed(file, risks.keys())
    return np.array([risks[key] for key in ids], dtype=np.float64), found


def followed(file: Path, known: Container[str]) -> tuple[list[str], Outcomes]:
    """Who of those who are known was followed, by the keys of their ids, and what happened. Raises InputError."""
    grid = grids(file)[0]
    header = [plain(str(title)) for title in grid.rows[0]]
    if any(name not in header for name in _COLUMNS):
        _refuse(file.name, Message("outcomes.header"), "outcomes.columns")
    places = [header.index(name) for name in _COLUMNS]
    found = [
        (key, *_outcome(file, number, [row[place] for place in places[1:]], places))
        for number, row in enumerate(grid.rows[1:], 1)
        if (key := id_key(row[places[0]])) in known
    ]
    if not found:
        _refuse(file.name, Message("outcomes.nobody"), "outcomes.same_ids")
    ids, years, events = zip(*found, strict=True)
    return list(ids), Outcomes(np.array(years, dtype=np.float64), np.array(events, dtype=np.int64))


def _outcome(file: Path, number: int, values: Sequence[Any], places: Sequence[int]) -> tuple[float, int]:
    """One person's follow-up."""
    years = values[0] if isinstance(values[0], int | float) else read_number(str(values[0]), small=True)
    if years is None or years < 0:
        _refuse(f"{file.name}!{cell(number, places[1])}", Message("outcomes.no_years"), "outcomes.years")
    event = _EVENTS.get(plain(str(values[1] or "")))
    if event is None:
        _refuse(f"{file.name}!{cell(number, places[2])}", Message("outcomes.no_event"), "outcomes.event")
    return float(years), event


def _refuse(where: str, found: Message, expected: str) -> NoReturn:
    """Refuse the table."""
    raise InputError(verbatim(where), found, Message(expected), Message("outcomes.correct"))
