"""A nurse's workbook of 300 people: each cell read as it was meant, whoever is refused named with the cell."""

from datetime import date

import pytest
from nurse import CASES, PEOPLE, TWINS, people, rows_of, write

from trabecula.adapters.table.register import TableRegister, id_key
from trabecula.person.reading import write_person
from trabecula.vocabulary import generic_name

ON = date(2026, 11, 22)
LISTS = {"edss": ("ms", "disability", "edss"), "edss.date": ("ms", "disability", "date")}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """The file."""
    target = tmp_path_factory.mktemp("nurse") / "people.xlsx"
    write(target)
    return target


@pytest.fixture(scope="module")
def register(workbook):
    """Its register."""
    return TableRegister(workbook, ON)


@pytest.fixture(scope="module")
def entries(register):
    """Everybody, in the order of the rows."""
    return list(register)


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value


def _said(record, field):
    """The value of a field as the record writes it."""
    if field == "falls_past_year":
        return record["falls"][0]["count"] if record.get("falls") else None
    if field in LISTS:
        group, name, last = LISTS[field]
        found = record[group].get(name)
        return found[0][last] if found else None
    for step in field.split("."):
        record = record.get(step, {})
    return None if record == {} else record


def _faults(person, entry):
    """What is not as it was meant."""
    notes = " ".join(map(str, entry.notes)) + str(entry.refusal or "")
    if person.refused:
        if entry.person is not None or not any(f"!{cell}:" in notes for cell in person.refused):
            yield person.number, "refused", person.refused, notes
        return
    if entry.person is None:
        yield person.number, "not refused", notes, person.kinds
        return
    record = write_person(entry.person)
    whole = not any(person.kinds[field][1] in ("unread", "nothing") for field in LISTS)
    for field, (value, meaning, cell) in person.kinds.items():
        said = _said(record, field)
        if meaning == "unread" and (f"!{cell}:" not in notes or (said is not None and field not in LISTS)):
            if field == "edss.date" and person.kinds["edss"][1] in ("unread", "nothing"):
                continue  # without an EDSS nobody needs its date
            yield person.number, field, value, meaning, said, notes
        elif meaning != "unread" and (field not in LISTS or whole):
            expected = None if meaning == "nothing" else _plain(meaning)
            if said != expected:
                yield person.number, field, value, meaning, said, notes


def test_every_cell_of_three_hundred_people_is_read_as_it_was_meant(entries):
    """A value, nothing, left unread with its cell, or the person refused with the cell; and nobody is missing."""
    assert len(entries) == PEOPLE
    faults = [fault for person, entry in zip(people(), entries, strict=True) for fault in _faults(person, entry)]
    assert not faults, "\n".join(map(str, faults))


def _wrong(entry, sheet, cell, cells, meaning):
    """How a row of another sheet was read otherwise than meant; nothing where it was not."""
    notes = " ".join(map(str, entry.notes))
    found = write_person(entry.person).get(sheet["list"], [])
    if meaning == "unread":
        return () if not found and f"{sheet['name']}!" in notes and cell in notes else (cells, "unread", found, notes)
    if len(found) != 1:
        return cells, meaning, found, notes
    read = {**found[0], "generic": generic_name(str(found[0].get("drug")))}
    return () if all(read.get(name) == _plain(value) for name, value in meaning.items()) else (cells, meaning, read)


@pytest.mark.parametrize("sheet", CASES["sheets"], ids=lambda sheet: sheet["name"])
def test_a_course_a_scan_or_a_medicine_that_nobody_understands_never_blocks_its_person(entries, sheet):
    """It is left unread with its cell, and all others are read as they were meant."""
    known = {id_key(entry.id): entry for entry in entries}
    faults = []
    for row, id, cells, meaning in rows_of(sheet):
        if known[id].person is not None and (wrong := _wrong(known[id], sheet, str(row), cells, meaning)):
            faults.append(wrong)
    assert not faults, "\n".join(map(str, faults))


def test_totals_repeated_headers_and_comments_are_nobody(register, entries):
    """They are left out and told; a hidden sheet is not read; no cell of a phone number is said."""
    said = "\n".join(map(str, register.report()))
    assert {"summe", "gesamt", "pat. nr."}.isdisjoint(id_key(entry.id) for entry in entries)
    assert "5 rows add up others or repeat the header, and are left out: Patienten!A" in said
    assert "12 34 56" not in said + " ".join(str(note) for entry in entries for note in entry.notes)
    assert len({id_key(entry.id) for entry in entries}) == PEOPLE - len(TWINS) + 1
