"""Which sheet is which, and which column is which field: by its name, by a mapping, or by the nearest name, told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from trabecula.adapters.files import InputError, read_data
from trabecula.adapters.table.grid import CellSheet, cell
from trabecula.adapters.table.layout import PEOPLE, column_names, plain, sheet_names, sheets, without_unit
from trabecula.words.message import Message, verbatim

_FIRST_ROWS = 20
"""A header stands among them; above it there may be a title."""
_ALIKE = 0.88
"""How alike two names must be to be taken for the same."""
Mapped = Mapping[str, Mapping[str, str]]
"""By sheet, the field of each column; an empty one is left unread."""


@dataclass(frozen=True)
class KnownSheet:
    """A sheet that was recognised: the fields of its columns."""

    grid: CellSheet
    name: str
    header: int
    """The row of its header."""
    fields: Mapping[int, str]
    """By column, counted from 0."""
    guessed: Mapping[int, str]
    """Columns whose name was only near."""
    unread: Sequence[int]
    """Columns that were not understood."""

    def title(self, column: int) -> str:
        """The name of a column as it stands."""
        return str(self.grid.rows[self.header][column]).strip()

    def place(self, row: int, column: int) -> str:
        """A cell with its sheet."""
        return f"{self.grid.name}!{cell(row, column)}"


def recognised(found: Sequence[CellSheet], mapping: Mapped) -> list[KnownSheet]:
    """The sheets that hold people, courses, scans and so on; InputError where none holds people."""
    known = [sheet for grid in found if len(grid.rows) > 1 and (sheet := _recognise(grid, mapping, found)) is not None]
    if not any(sheet.name == PEOPLE for sheet in known):
        names = verbatim(", ".join(grid.name for grid in found))
        raise InputError(
            names, Message("table.no_people"), Message("table.a_row_a_person"), Message("table.see_template")
        )
    return known


def _recognise(grid: CellSheet, mapping: Mapped, found: Sequence[CellSheet]) -> KnownSheet | None:
    """What a sheet holds: by its name, else by its columns."""
    named = sheet_names().get(plain(grid.name))
    kinds = [named] if named is not None and named != PEOPLE else [PEOPLE] if len(found) == 1 else [*sheets()]
    ways = [way for kind in kinds for way in _ways(grid, kind, mapping)]
    best = max(ways, key=lambda way: (len(way.fields), way.name == named, -way.header), default=None)
    is_one = best is not None and len(best.fields) > 1 and ("id" in best.fields.values() or best.name == PEOPLE)
    return best if is_one else None


def _ways(grid: CellSheet, kind: str, mapping: Mapped) -> Iterator[KnownSheet]:
    """How a sheet reads as one of a kind, with its header in each of its first rows."""
    for header in range(min(_FIRST_ROWS, len(grid.rows))):
        given = {plain(title): field for title, field in mapping.get(kind, {}).items()}
        fields, guessed, unread = _columns(grid.rows[header], kind, given)
        yield KnownSheet(grid, kind, header, fields, guessed, unread)


def _columns(
    titles: Sequence[Any], kind: str, given: Mapping[str, str]
) -> tuple[dict[int, str], dict[int, str], list[int]]:
    """The field of each column, those whose name was only near, and those that were not understood."""
    names = column_names(kind)
    fields: dict[int, str] = {}
    guessed: dict[int, str] = {}
    unread: list[int] = []
    for column, title in enumerate(titles):
        word = plain(str(title)) if isinstance(title, str) else ""
        if not word:
            continue
        field = given.get(word, names.get(word) or names.get(without_unit(word)))
        if field is None and (near := get_close_matches(word, names, n=1, cutoff=_ALIKE)):
            field = guessed[column] = names[near[0]]
        if field and field not in fields.values():
            fields[column] = field
        else:
            guessed.pop(column, None)
            unread.append(column)
    return fields, guessed, unread


def read_mapping_file(path: Path | None) -> Mapped:
    """A mapping that was saved; none where there is no file yet. Raises InputError."""
    if path is None or not path.exists():
        return {}
    found = read_data(path, Message("table.a_mapping"))
    known = {"id", *(field for sheet in sheets().values() for field in sheet.fields), ""}
    for sheet, columns in found.items():
        bad = not isinstance(columns, Mapping) or next((f for f in columns.values() if (f or "") not in known), False)
        if sheet not in sheets() or bad:
            what = Message("table.what_in_a_mapping", {"what": verbatim(str(sheet if bad is True else bad or sheet))})
            raise InputError(verbatim(str(path)), what, Message("table.a_mapping"), Message("table.see_mapping"))
    return {sheet: {str(title): field or "" for title, field in columns.items()} for sheet, columns in found.items()}


def mapping_text(known: Sequence[KnownSheet]) -> str:
    """The mapping of what was recognised, as YAML that somebody can correct."""
    found = {
        sheet.name: {
            sheet.title(column): sheet.fields.get(column, "") for column in sorted((*sheet.fields, *sheet.unread))
        }
        for sheet in known
    }
    return yaml.safe_dump(found, allow_unicode=True, sort_keys=False)
