"""People into tables: CSV files or a workbook, from which `register` reads the same people; and an empty template."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from trabecula.adapters.table.layout import PEOPLE, sheets
from trabecula.person import Person
from trabecula.person.reading import write_person

_TEMPLATE_SHEETS = (
    PEOPLE, "ms.disability", "steroids", "dxa", "medicines", "injections", "fractures", "falls", "laboratory",
)  # fmt: skip
_TEMPLATE_PEOPLE = (
    "id", "birth_date", "sex", "country", "height_cm", "weight_kg", "smoking", "menopause.date", "ms", "ms.onset",
    "ms.course", "edss", "edss.date", "falls_past_year", "parental_hip_fracture",
)  # fmt: skip
Tables = Mapping[str, Sequence[Sequence[Any]]]
"""Rows by sheet, the header first."""


def tables(people: Iterable[tuple[str, Person]]) -> dict[str, list[list[Any]]]:
    """People as rows of sheets; only columns with something in them."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for id, person in people:
        for sheet, row in _rows_of(id, write_person(person)):
            rows.setdefault(sheet, []).append(row)
    return {sheet: _with_header(sheet, found) for sheet, found in rows.items()}


def _rows_of(id: str, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of one person: the one among people, and one for every entry of a list."""
    row: dict[str, Any] = {"id": id, "ms": "ms" in data}
    for name, value in data.items():
        if name in sheets():
            yield from ((name, {"id": id, **_flat(entry)}) for entry in value)
        elif name in ("ms", "menopause"):
            for inner, held in value.items():
                if f"{name}.{inner}" in sheets():
                    yield from ((f"{name}.{inner}", {"id": id, **_flat(entry)}) for entry in held)
                else:
                    row[f"{name}.{inner}"] = held
        elif name not in ("id", "schema_version", "assessed_on"):
            row[name] = value
    yield PEOPLE, row


def _flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of a list; what is a group in it (a taper) becomes JSON."""
    return {name: json.dumps(value) if isinstance(value, dict | list) else value for name, value in entry.items()}


def _with_header(sheet: str, rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Rows below the names of their columns, in the order of the record."""
    there = {name for row in rows for name in row}
    names = ["id", *(name for name in sheets()[sheet].fields if name in there and name != "id")]
    return [names, *([_cell(row.get(name)) for name in names] for row in rows)]


def _cell(value: Any) -> Any:
    """A value as a cell has it."""
    return ("yes" if value else "no") if isinstance(value, bool) else value


def write_csv(found: Tables, folder: Path) -> None:
    """A file for every sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet, rows in found.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        (folder / f"{sheet}.csv").write_text(text.getvalue(), encoding="utf-8")


def write_workbook(found: Tables, target: Path) -> None:
    """A workbook with a sheet for each."""
    import openpyxl  # an extra

    book = openpyxl.Workbook(write_only=True)
    for sheet, rows in found.items():
        page = book.create_sheet(sheet)
        for row in rows:
            page.append(list(row))
    book.save(target)


def template() -> Tables:
    """Empty sheets with the columns that a clinic needs, and all others that there are behind them."""
    found = {}
    for name in _TEMPLATE_SHEETS:
        fields = _TEMPLATE_PEOPLE if name == PEOPLE else ("id", *sheets()[name].fields)
        found[name] = [list(fields)]
    return found
