"""People written into tables and read again are the same people."""

from datetime import date
from pathlib import Path

import pytest

from trabecula.adapters.files import read_record
from trabecula.adapters.table.register import TableRegister
from trabecula.adapters.table.writing import tables, template, write_csv, write_workbook
from trabecula.person.reading import read_person, write_person

ON = date(2026, 11, 22)
ROOT = Path(__file__).parents[3]
RECORDS = sorted((ROOT / "examples").glob("ms_*.yaml"))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_people_come_back_from_tables(form, tmp_path):
    """Every field of the examples, and of a person with a rough date, a taper and a denied list."""
    people = [(path.stem, read_record(path).person) for path in RECORDS]
    odd = {
        "birth_date": "1971",
        "sex": "male",
        "no_fractures": True,
        "menopausal": None,
        "ms": {"onset": "2001-05", "relapses": [{"date": "2005-02", "severity": "severe"}]},
        "steroids": [
            {
                "start": "2020-01-02",
                "drug": "prednisone",
                "dose_mg": 60,
                "days": 5,
                "taper": [{"dose_mg": 20, "days": 5}],
            }
        ],
        "laboratory": [{"date": "2026-01-01", "test": "25-OH-D", "value": 41.5, "unit": "nmol/l"}],
    }
    people.append(("odd", read_person({key: value for key, value in odd.items() if value is not None}, ON)))
    if form == "csv":
        write_csv(tables(people), tmp_path / "people")
        found = list(TableRegister(tmp_path / "people", ON))
    else:
        write_workbook(tables(people), tmp_path / "people.xlsx")
        found = list(TableRegister(tmp_path / "people.xlsx", ON))
    assert [name for name, _ in people] == [entry.id for entry in found]
    for (_, person), entry in zip(people, found, strict=True):
        assert entry.notes == ()
        assert _plain(person) == _plain(entry.person)


def _plain(person):
    """What was given, without what says for which day or under which id."""
    return {key: value for key, value in write_person(person).items() if key not in ("assessed_on", "id")}


def test_the_template_can_be_filled_in(tmp_path):
    """The template's own columns are all understood."""
    rows = {name: [*map(list, found)] for name, found in template().items()}
    rows["people"].append(["1", "1980-05-02", "female", *[None] * (len(rows["people"][0]) - 3)])
    write_workbook(rows, tmp_path / "people.xlsx")
    register = TableRegister(tmp_path / "people.xlsx", ON)
    (entry,) = register
    assert entry.person is not None, str(entry.refusal)
    assert not any("unread" in str(line) for line in register.report())
