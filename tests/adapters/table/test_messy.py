"""A nurse's workbook with the usual mess: every cell read as it was meant, whoever is refused named with the cell."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import yaml

from trabecula.adapters.table.register import TableRegister, id_key
from trabecula.person.reading import write_person

CASES = yaml.safe_load((Path(__file__).with_name("messy.yaml")).read_text(encoding="utf-8"))
ON = CASES["day"]
OTHERS = ("courses", "scans", "medicines")


def _rows(case):
    return [case["header"], *(row["cells"] for row in case["rows"])]


@pytest.fixture(scope="module", params=["xlsx", "csv"])
def register(request, tmp_path_factory):
    """The workbook as Excel and as a folder of CSV: the same people."""
    folder = tmp_path_factory.mktemp("messy")
    named = {"Patienten": CASES["people"], **{CASES[name]["name"]: CASES[name] for name in OTHERS}}
    if request.param == "xlsx":
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, case in named.items():
            sheet = book.create_sheet(title)
            for row in _rows(case):
                sheet.append([None if cell == "" else cell for cell in row])
        book.save(folder / "people.xlsx")
        return TableRegister(folder / "people.xlsx", ON)
    for title, case in named.items():
        with (folder / f"{title}.csv").open("w", encoding="cp1252", newline="") as file:
            csv.writer(file, delimiter=";").writerows(_rows(case))
    return TableRegister(folder, ON)


@pytest.fixture(scope="module")
def entries(register):
    """Everybody."""
    return list(register)


def _value(person, path):
    """A value of the record by its path, as it would be written."""
    found = write_person(person)
    for step in path.split("."):
        found = found[int(step)] if step.isdigit() else found.get(step)
    return found


def _cases():
    people = [row for row in CASES["people"]["rows"] if any(row["cells"])]
    for place, row in enumerate(people):
        yield pytest.param(place, None, row, id=f"people {row['cells'][0]}")
    for name in OTHERS:
        for row in CASES[name]["rows"]:
            yield pytest.param(None, row.get("person"), row, id=f"{name} {row['cells'][0]} {row['cells'][-2]}")


@pytest.mark.parametrize(("place", "who", "row"), [*_cases()])
def test_a_row_is_read_as_it_was_meant(register, entries, place, who, row):
    """Day-first dates, decimal commas, days of Excel, units in cells, local words; one bad cell costs no person."""
    if "nobody" in row:
        assert any(row["nobody"] in str(line) for line in register.report())
        return
    entry = entries[place] if who is None else next(entry for entry in entries if id_key(entry.id) == who)
    if "refused" in row:
        assert entry.person is None
        assert f"!{row['refused']}:" in str(entry.refusal)
        return
    assert entry.person is not None, str(entry.refusal)
    if "unread" in row:
        assert any(f"!{row['unread']}:" in str(note) for note in entry.notes), [*map(str, entry.notes)]
    for path, expected in row.get("read", {}).items():
        expected = expected.isoformat() if isinstance(expected, date) else expected
        assert expected == _value(entry.person, path), path


def test_everybody_is_there(entries):
    """A row a person, empty rows aside."""
    rows = [row for row in CASES["people"]["rows"] if any(row["cells"])]
    assert len(rows) == len(entries)


def test_every_guess_is_told(register):
    """What was read in one of two ways, and what was left unread, is said by column, and never with a value."""
    said = "\n".join(map(str, register.report()))
    for part in (
        "days of Excel",
        "day first",
        "two figures",
        "height read as metres",
        "mg/cm",
        "Notiz",
        "counts as having",
    ):
        assert part in said or part.replace("days", "day") in said, (part, said)
    assert "28643" not in said
    assert "ruft selbst an" not in said


def test_a_mapping_can_be_saved_and_corrected(register, tmp_path):
    """The mapping names every column of every sheet, and reading with it gives the same people."""
    path = tmp_path / "mapping.yaml"
    path.write_text(register.mapping_text, encoding="utf-8")
    again = TableRegister(register.source, ON, path)
    assert [entry.id for entry in register] == [entry.id for entry in again]
    path.write_text(register.mapping_text.replace("EDSS: edss", "EDSS: ''"), encoding="utf-8")
    changed = next(iter(TableRegister(register.source, ON, path)))
    assert changed.person.ms.disability == ()
