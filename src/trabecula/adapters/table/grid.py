"""Cells out of files: a workbook, a CSV file or a folder of them, as sheets of rows; nothing is understood yet."""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import ascii_uppercase
from typing import Any, NoReturn

from trabecula.adapters.files import InputError
from trabecula.words.message import Message, verbatim

Row = tuple[Any, ...]
MOST_ROWS = 2_000_000
"""Rows that are read into memory (about 1 GB); a larger register belongs into a database."""
_ENCODINGS = ("utf-8-sig", "cp1252")
_DELIMITERS = ";\t,|"
_LARGEST_CELL, _OLD_MAC_EPOCH = 2**24, 1904
"""Characters of one cell, and the year from which old Macs count days."""
_SNIFFED, _BLOCK = 20_000, 2**20
WORKBOOKS, TEXTS = (".xlsx", ".xlsm"), (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class CellSheet:
    """One sheet: its name, and its rows as they stand, the first of them number 1."""

    name: str
    rows: Sequence[Row]
    from_1904: bool = False
    """Whether its numbers of days count from 1904, as old Macs did."""


def cell(row: int, column: int) -> str:
    """The name of a cell, both counted from 0: B5."""
    letters, column = "", column + 1
    while column:
        column, left = divmod(column - 1, len(ascii_uppercase))
        letters = chr(ord("A") + left) + letters
    return f"{letters}{row + 1}"


def grids(source: Path) -> list[CellSheet]:
    """Every sheet of a workbook, a CSV file or a folder of either. Raises InputError."""
    files = [source]
    if source.is_dir():
        files = sorted(file for file in source.iterdir() if file.suffix.lower() in (*WORKBOOKS, *TEXTS))
    found = [grid for file in files if not file.name.startswith(("~", ".")) for grid in _of(file)]
    if sum(len(grid.rows) for grid in found) > MOST_ROWS:
        _refuse(source, Message("table.too_many_rows", {"n": MOST_ROWS}), "table.fewer_rows", "table.use_a_database")
    if not any(len(grid.rows) > 1 for grid in found):
        _refuse(source, Message("table.no_rows"), "table.a_row_a_person", "table.see_template")
    return found


def _of(file: Path) -> Iterator[CellSheet]:
    """The sheets of one file."""
    if file.suffix.lower() in TEXTS:
        yield CellSheet(file.stem, [*_text_rows(file)])
    else:
        yield from _sheets(file)


def _text_rows(file: Path) -> Iterator[Row]:
    """The rows of a CSV file, whatever stands between its cells; one with too many is refused before it is read."""
    if _lines(file) > MOST_ROWS:
        _refuse(file, Message("table.too_many_rows", {"n": MOST_ROWS}), "table.fewer_rows", "table.use_a_database")
    csv.field_size_limit(_LARGEST_CELL)
    with file.open(encoding=_encoding(file), errors="replace", newline="") as text:
        begin = text.read(_SNIFFED)
        text.seek(0)
        yield from map(tuple, csv.reader(text, _dialect(begin)))


def _dialect(begin: str) -> Any:
    """What stands between the cells of a file, told by how it begins."""
    try:
        return csv.Sniffer().sniff(begin, _DELIMITERS)
    except csv.Error:
        dialect: Any = csv.excel()
        dialect.delimiter = max(_DELIMITERS, key=begin.split("\n", 1)[0].count)
        return dialect


def _lines(file: Path) -> int:
    """How many lines a file has."""
    with file.open("rb") as content:
        return sum(block.count(b"\n") for block in iter(lambda: content.read(_BLOCK), b""))


def _encoding(file: Path) -> str:
    """UTF-8, or where a file is none, what Windows writes; read a block at a time."""
    for encoding in _ENCODINGS:
        try:
            with file.open(encoding=encoding) as text:
                while text.read(_BLOCK):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def _sheets(file: Path) -> Iterator[CellSheet]:
    """The sheets of a workbook, as values: what a formula came to when it was saved."""
    import openpyxl  # an extra
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        _refuse(file, Message("table.broken_workbook"), "register.an_open_workbook", "table.save_again")
    is_1904 = book.epoch.year == _OLD_MAC_EPOCH
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            rows = [tuple(map(_value, row)) for row in sheet.iter_rows(values_only=True)]
            yield CellSheet(sheet.title, rows, is_1904)
    book.close()


def _value(value: Any) -> Any:
    """A cell's value; a moment of a day is its day."""
    return value.date() if isinstance(value, datetime) else value


def _refuse(file: Path, found: Message, expected: str, todo: str) -> NoReturn:
    """Refuse a file."""
    raise InputError(verbatim(file.name), found, Message(expected), Message(todo))
