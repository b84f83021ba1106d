"""A register in tables: rows become records, and records entries; whoever is refused is named with the cell."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from trabecula.adapters.records import fingerprint_of, refusal_of
from trabecula.adapters.table.bare import is_total
from trabecula.adapters.table.cells import Reader, month_first
from trabecula.adapters.table.grid import TEXTS, WORKBOOKS, grids
from trabecula.adapters.table.headers import KnownSheet, mapping_text, read_mapping_file, recognised
from trabecula.adapters.table.layout import PEOPLE, sheets
from trabecula.adapters.table.shortcuts import in_place
from trabecula.adapters.tolerant import read_tolerant
from trabecula.person import PersonError
from trabecula.register.entries import Entry
from trabecula.vocabulary import class_of
from trabecula.words.message import Message, verbatim

_NAMED, _SAME_TITLES = 5, 3
"""Cells that a line of the report names; so many titles make a row a header."""
_DMT = "ms.disease_modifying_drugs"
Cells = dict[str, Any]
"""The values of a row by field."""


@dataclass(frozen=True)
class TableRow:
    """A row that was read: its values, and the cell of each."""

    sheet: KnownSheet
    number: int
    """Its place in the sheet, counted from 0."""
    values: Cells
    columns: Mapping[str, int]
    """The column of each field."""

    def place(self, field: str) -> str:
        """The cell of a field; that of the id, or the first, where the field has none."""
        column = self.columns.get(field, self.columns.get("id", 0))
        return self.sheet.place(self.number, column)


@dataclass(frozen=True)
class TableRegister:
    """Everybody of a workbook, of a CSV file or of a folder of them."""

    source: Path
    on: date
    mapping: Path | None = None

    kind = "table"

    @cached_property
    def known(self) -> list[KnownSheet]:
        """The sheets that were recognised."""
        return recognised(grids(self.source), read_mapping_file(self.mapping))

    @property
    def size(self) -> int | None:
        """How many people."""
        return len(self._people)

    @property
    def fingerprint(self) -> str:
        """A hash of what is read."""
        return self._hash

    @cached_property
    def _hash(self) -> str:
        """A hash of the files, and of the mapping."""
        files = [self.source]
        if self.source.is_dir():
            ends = (*WORKBOOKS, *TEXTS)
            files = sorted(file for file in self.source.iterdir() if file.suffix.lower() in ends)
        read = sha256((fingerprint_of(self.source, tuple(files)) + self.mapping_text).encode())
        return read.hexdigest()

    @property
    def facts(self) -> Mapping[str, object]:
        """How many rows each sheet has, and how many belong to nobody."""
        rows: Counter[str] = Counter()
        for sheet in self.known:
            rows[sheet.name] += len(self._rows[id(sheet)])
        return {"rows": dict(rows), "rows_of_nobody": len(self._of_nobody), "rows_left_out": len(self._aside)}

    @property
    def mapping_text(self) -> str:
        """How the columns were understood, as YAML."""
        return mapping_text(self.known)

    def __iter__(self) -> Iterator[Entry]:
        """Everybody, in the order of the rows."""
        counts = Counter(key for key, _ in self._people if key)
        for key, row in self._people:
            name = str(row.values.get("id") or "").strip() or f"{row.sheet.grid.name} row {row.number + 1}"
            if counts[key] > 1:
                yield Entry(name, refusal=_at(row.place("id"), Message("register.id_twice")))
            else:
                yield self._entry(name, row, self._entries.get(key, ()) if key else ())

    # --- what was read, once

    @cached_property
    def _readers(self) -> dict[tuple[int, int], Reader]:
        """A reader for every column."""
        found = {}
        for sheet in self.known:
            for column, name in sheet.fields.items():
                field = sheets()[sheet.name].fields.get(name, _ID)
                below = [row[column] for row in sheet.grid.rows[sheet.header + 1 :] if column < len(row)]
                order = month_first(below) if field.kind == "date" else False
                found[id(sheet), column] = Reader(field, self.on, sheet.grid.from_1904, order)
        return found

    @cached_property
    def _rows(self) -> dict[int, list[TableRow]]:
        """The rows of every sheet."""
        return {id(sheet): [*self._read(sheet)] for sheet in self.known}

    def _read(self, sheet: KnownSheet) -> Iterator[TableRow]:
        """The rows of a sheet that are not empty."""
        columns = {name: column for column, name in sheet.fields.items()}
        for number, row in enumerate(sheet.grid.rows[sheet.header + 1 :], sheet.header + 1):
            values = {
                name: value
                for column, name in sheet.fields.items()
                if column < len(row) and (value := self._readers[id(sheet), column].read(row[column])) is not None
            }
            if values and not self._is_no_entry(sheet, row, values):
                yield TableRow(sheet, number, values, columns)
            elif values:
                self._aside.append(sheet.place(number, next(iter(sheet.fields))))

    @cached_property
    def _aside(self) -> list[str]:
        """Cells of rows that are about nobody: totals, and headers that come again."""
        return []

    def _is_no_entry(self, sheet: KnownSheet, row: Sequence[Any], values: Cells) -> bool:
        """Whether a row adds up others, or is the header once more."""
        header = sheet.grid.rows[sheet.header]
        again = sum(cell is not None and cell == title for cell, title in zip(row, header, strict=False))
        is_somebody = "birth_date" in values and "sex" in values
        return again >= min(_SAME_TITLES, len(sheet.fields)) or (
            not is_somebody and is_total(next((cell for cell in row if cell not in (None, "")), None))
        )

    @cached_property
    def _people(self) -> list[tuple[str, TableRow]]:
        """The rows of people, each with its id as ids are compared."""
        return [
            (id_key(row.values.get("id")), row)
            for sheet in self.known
            if sheet.name == PEOPLE
            for row in self._rows[id(sheet)]
        ]

    @cached_property
    def _entries(self) -> Mapping[str, Sequence[TableRow]]:
        """The rows of all other sheets, by person."""
        found: dict[str, list[TableRow]] = defaultdict(list)
        for sheet in self.known:
            if sheet.name != PEOPLE:
                for row in self._rows[id(sheet)]:
                    found[id_key(row.values.get("id"))].append(row)
        return found

    @cached_property
    def _of_nobody(self) -> list[TableRow]:
        """Rows about somebody who has no row among the people."""
        there = {key for key, _ in self._people}
        return [row for key, rows in self._entries.items() if not key or key not in there for row in rows]

    @cached_property
    def _ms_is_told(self) -> bool:
        """Whether the table says who has MS; one with columns about MS and none for that is one of people with MS."""
        return any("ms" in sheet.fields.values() for sheet in self.known if sheet.name == PEOPLE)

    @cached_property
    def _about_ms(self) -> bool:
        """Whether anything in the table is about MS."""
        names = {name for sheet in self.known for name in (sheet.name, *sheet.fields.values())}
        return any(name.startswith(("ms", "edss")) for name in names)

    # --- one person

    def _entry(self, name: str, row: TableRow, others: Sequence[TableRow]) -> Entry:
        """One person with all that belongs to them."""
        data, places = in_place(row.values, self.on, has_ms=self._has_ms(row))
        where = {path: row.place(field) for path, field in places.items()}
        for other in others:
            _add(data, other, where)
        try:
            person, unread = read_tolerant(data, self.on, lambda path: _cell_of(path, where, row))
        except PersonError as error:
            return Entry(name, refusal=refusal_of(error))
        return Entry(name, person, notes=unread)

    def _has_ms(self, row: TableRow) -> bool:
        """Whether a person has MS."""
        said = row.values.get("ms")
        return said if isinstance(said, bool) else self._about_ms and not (self._ms_is_told and said is None)

    # --- what is told of the whole

    def report(self) -> list[Message]:
        """How the table was understood: columns by a near name, columns left unread, guesses, rows of nobody."""
        return [*self._columns_told(), *self._guesses_told(), *self._nobody_told()]

    def _columns_told(self) -> Iterator[Message]:
        """What each sheet was taken for."""
        for sheet in self.known:
            values = {"sheet": verbatim(sheet.grid.name), "kind": verbatim(sheet.name)}
            yield Message("table.sheet", {**values, "n": len(self._rows[id(sheet)])})
            for column, field in sheet.guessed.items():
                near = {"column": verbatim(sheet.title(column)), "field": verbatim(field)}
                yield Message("table.guess.column", {**values, **near})
            if sheet.unread:
                titles = [verbatim(sheet.title(column)) for column in sheet.unread]
                yield Message("table.unread_columns", {**values, "columns": titles})
        if self._about_ms and not self._ms_is_told:
            yield Message("table.guess.all_have_ms")

    def _guesses_told(self) -> Iterator[Message]:
        """What was read in one of two possible ways."""
        _ = self._rows  # read, so that it is known
        for sheet in self.known:
            for column in sheet.fields:
                for kind, n in sorted(self._readers[id(sheet), column].guesses.items()):
                    where = verbatim(f"{sheet.grid.name}!{sheet.title(column)}")
                    yield Message(f"table.guess.{kind}", {"column": where, "n": n})

    def _nobody_told(self) -> Iterator[Message]:
        """Rows whose id no person has."""
        if self._of_nobody:
            cells = [verbatim(row.place("id")) for row in self._of_nobody[:_NAMED]]
            yield Message("table.rows_of_nobody", {"n": len(self._of_nobody), "cells": cells})
        if self._aside:
            cells = [verbatim(cell) for cell in self._aside[:_NAMED]]
            yield Message("table.rows_left_out", {"n": len(self._aside), "cells": cells})


_ID = sheets()[PEOPLE].fields["id"]


def id_key(id: object) -> str:
    """An id as ids are compared: 007, 7 and 7.0 are the same, as a workbook changes one into the other."""
    text = str(id or "").strip().casefold()
    return text.lstrip("0") or "0" if text.isascii() and text.isdigit() else text


def _add(data: dict[str, Any], row: TableRow, where: dict[str, str]) -> None:
    """Put a row into its list of the record; a medicine against MS goes to those."""
    name = row.sheet.name
    entry = {field: value for field, value in row.values.items() if field != "id"}
    if name == "medicines" and "ms" in data and _is_against_ms(entry.get("drug")):
        name = _DMT
    group, _, last = name.rpartition(".")
    holder = data.setdefault(group, {}) if group else data
    listed = holder.setdefault(last, [])
    path = f"{name}[{len(listed)}]"
    listed.append(entry)
    where[path] = row.place("drug" if "drug" in entry else "as_written")
    where |= {f"{path}.{field}": row.place(field) for field in entry}


def _is_against_ms(drug: object) -> bool:
    """Whether a medicine treats MS itself."""
    from trabecula.vocabulary import DISEASE_MODIFYING, generic_name

    return class_of(str(drug)) is not None and generic_name(str(drug)) in DISEASE_MODIFYING


def _cell_of(path: str, where: Mapping[str, str], row: TableRow) -> str | None:
    """The cell that a path of the record stands in: of the path, else of what it belongs to, else of the row."""
    while path:
        if path in where:
            return where[path]
        if path in row.columns:  # an empty cell
            return row.place(path)
        path = path.rpartition(".")[0] if "." in path else path.rpartition("[")[0]
    return row.place("id")


def _at(place: str, message: Message) -> Message:
    """A message behind its cell."""
    return Message("table.at_cell", {"cell": verbatim(place), "what": message})
