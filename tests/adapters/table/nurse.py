"""A nurse's workbook of 300 people, written from `nurse.yaml`: every kind of cell comes, refused ones once each.

Above the header stand a title and merged groups of columns; between people there are empty rows, a header once more and
a row of totals; one column and one sheet are hidden, and some cells have comments.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

CASES = yaml.safe_load(Path(__file__).with_name("nurse.yaml").read_text(encoding="utf-8"))
COLUMNS = CASES["people"]
PEOPLE, TWINS = 300, (211, 212)
"""People, and the two who have one id."""
_HEADER, _EVERY_EMPTY, _AGAIN = 3, 40, 150


@dataclass(frozen=True)
class Meant:
    """A person of the workbook: their row, and the kind of each of their cells."""

    number: int
    row: int
    kinds: dict[str, tuple[Any, Any, str]]
    """By field: what stands in the cell, what it means, and the cell."""

    @property
    def id(self) -> str:
        """As the workbook writes it; two people share one."""
        return str(TWINS[0] if self.number in TWINS else self.number)

    @property
    def refused(self) -> list[str]:
        """The cells for which the person is refused."""
        cells = [cell for _, meaning, cell in self.kinds.values() if meaning == "refused"]
        return [*cells, *([f"A{self.row}"] if self.number in TWINS else [])]


def people() -> Iterator[Meant]:
    """Everybody, with what each cell means."""
    for number in range(1, PEOPLE + 1):
        row = _HEADER + number + (number - 1) // _EVERY_EMPTY + (number > _AGAIN)
        kinds = {}
        for place, column in enumerate(COLUMNS):
            if "kinds" in column:
                value, meaning, *_ = _kind(column["kinds"], number, place)
                kinds[column["field"]] = (_value(value), meaning, f"{get_column_letter(place + 1)}{row}")
        yield Meant(number, row, kinds)


def _kind(kinds: list[Any], number: int, place: int) -> Any:
    """The kind of a person's cell: those that refuse come once, all others again and again."""
    refusing = [kind for kind in kinds if kind[1] == "refused" or "once" in kind[2:]]
    at = number - 11 - 17 * place
    if place and at % 5 == 0 and 0 <= at // 5 < len(refusing):
        return refusing[at // 5]
    others = [kind for kind in kinds if kind not in refusing]
    return others[(number + number // len(others)) % len(others)]


def _value(cell: Any) -> Any:
    """What is written into a cell."""
    return cell["day"] if isinstance(cell, dict) else None if cell == "" else cell


def rows_of(sheet: dict[str, Any]) -> Iterator[tuple[int, str, list[Any], Any]]:
    """The rows of another sheet: row, person, cells, and what the row means."""
    for n in range(2 * len(sheet["kinds"])):
        *cells, meaning = sheet["kinds"][n % len(sheet["kinds"])]
        yield 3 + n, str(220 + n), [*map(_value, cells)], meaning


def write(target: Path) -> None:
    """The workbook."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Patienten"
    page["A1"] = "MS-Ambulanz, Stand 22.11.26 (Liste Schwester M.)"
    page.merge_cells("A1:F1")
    _groups(page)
    page.append([column["title"] for column in COLUMNS])
    for person in people():
        cells = [person.id if person.number % 3 else int(person.id), *(kind[0] for kind in person.kinds.values())]
        for place, value in enumerate([*cells, "089 / 12 34 56"], 1):
            page.cell(person.row, place, value)
    again = next(person.row for person in people() if person.number == _AGAIN) + 1
    for place, column in enumerate(COLUMNS, 1):
        page.cell(again, place, column["title"])
    last = page.max_row + 2
    page.cell(last, 1, "Summe")
    page.cell(last, 4, PEOPLE)
    page.column_dimensions[get_column_letter(len(COLUMNS))].hidden = True
    page["D7"].comment = Comment("bitte nachmessen", "Schwester M.")
    for sheet in CASES["sheets"]:
        _other(book.create_sheet(sheet["name"]), sheet)
    hidden = book.create_sheet("alt")
    hidden.append(["Pat. Nr.", "Geb.-Datum"])
    hidden.append([1, "01.01.1900"])
    hidden.sheet_state = "hidden"
    book.save(target)


def _groups(page: Any) -> None:
    """The merged names of groups of columns."""
    begin = 1
    groups = [column["group"] for column in COLUMNS]
    for place, group in enumerate(groups, 1):
        if place == len(groups) or groups[place] != group:
            page.cell(2, begin, group)
            page.merge_cells(start_row=2, start_column=begin, end_row=2, end_column=place)
            begin = place + 1


def _other(page: Any, sheet: dict[str, Any]) -> None:
    """A sheet of courses, scans or medicines."""
    page.append([sheet["name"].upper()])
    page.append(sheet["titles"])
    for row, id, cells, _ in rows_of(sheet):
        for place, value in enumerate([id, *cells], 1):
            page.cell(row, place, value)
    page.cell(page.max_row + 2, 1, "Gesamt")
    page.cell(page.max_row, 3, 2 * len(sheet["kinds"]))
