"""Databases in OMOP that others made, or that are in a bad state: everybody in them is read or refused, nobody lost."""

import csv
import os
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trabecula.adapters.files import InputError
from trabecula.adapters.omop import DuckDbEngine, OmopRegister, engine_of, omop_register, write_folder
from trabecula.evidence import Evidence
from trabecula.people import VirtualRegister
from trabecula.person import Person

ON = date(2026, 11, 1)
SAMPLE = Path(os.environ.get("SHARED", "../shared")) / "data" / "omop" / "Synthea27Nj_5.4.zip"
EVENTS = ("condition_occurrence", "drug_exposure", "measurement", "observation")
Rows = list[dict[str, str]]


@cache
def people() -> tuple[Person, ...]:
    """Some people with MS."""
    return tuple(VirtualRegister(ON, 3, Evidence.load()).people(range(12)))


@cache
def database() -> Path:
    """Their database."""
    folder = Path(mkdtemp(prefix="trabecula_omop"))
    write_folder(people(), folder, ON, "a test")
    return folder


def changed(folder: Path, **tables: Rows) -> Path:
    """A copy of the database with other rows in some tables."""
    for file in database().glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    for table, rows in tables.items():
        names = csv.DictReader((database() / f"{table}.csv").read_text().splitlines()).fieldnames or []
        with (folder / f"{table}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def rows_of(table: str) -> Rows:
    """The rows of a table of the database."""
    return list(csv.DictReader((database() / f"{table}.csv").read_text().splitlines()))


def entries(folder: Path):
    """Everybody in a folder."""
    return list(OmopRegister(DuckDbEngine(folder), ON, "everybody"))


def test_people_with_ms_are_found_by_their_codes_alone(tmp_path):
    """Without the rows that are ours, what has a public code is read as anybody's: MS, its course, scans, weight."""
    stripped = {}
    for table in EVENTS:
        prefix = table.partition("_")[0]
        rows = [row for row in rows_of(table) if row.get("observation_event_id", "") == ""]
        rows = [row for row in rows if row[f"{prefix}_concept_id"] != "0"]
        stripped[table] = [row | {f"{prefix}_source_concept_id": "0", f"{prefix}_source_value": ""} for row in rows]
    register = OmopRegister(DuckDbEngine(changed(tmp_path, **stripped)), ON)
    found = list(register)
    assert register.who == "ms"
    assert len(found) == len(people())
    for entry, person in zip(found, people(), strict=True):
        assert entry.person is not None
        assert entry.person.ms is not None
        assert person.ms is not None
        assert entry.person.weight_kg == person.weight_kg
        edss = {one.date: one.edss for one in entry.person.ms.disability}
        assert edss == {one.date: one.edss for one in person.ms.disability}
        drugs = {drug.drug for drug in entry.person.ms.disease_modifying_drugs}
        assert drugs == {drug.drug for drug in person.ms.disease_modifying_drugs}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_empty_cells_never_drop_anybody(tmp_path_factory, data):
    """Wherever values are missing, people in are people read and people refused with a reason."""
    tables = {}
    for table in ("person", "death", "location", *EVENTS, "visit_occurrence"):
        rows = rows_of(table)
        names = sorted(rows[0]) if rows else []
        for _ in range(data.draw(st.integers(0, 8)) if rows else 0):
            row, name = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(names))
            rows[row] = rows[row] | {name: ""}
        tables[table] = rows
    found = entries(changed(tmp_path_factory.mktemp("cdm"), **tables))
    assert len(found) == len(people())
    assert all((entry.person is None) != (entry.refusal is None) for entry in found)


def test_two_people_with_one_id_are_both_refused(tmp_path):
    """Whose events they are nobody can tell."""
    rows = rows_of("person")
    rows[1]["person_id"] = rows[0]["person_id"]
    found = entries(changed(tmp_path, person=rows))
    assert len(found) == len(rows)
    assert [str(entry.refusal).split(";")[0] for entry in found if entry.refusal] == [
        "two rows of the table person with the same person_id"
    ] * 2


def test_a_person_without_sex_or_birth_is_refused_and_the_others_are_read(tmp_path):
    """The refusal says what is missing."""
    rows = rows_of("person")
    rows[0] |= {"gender_concept_id": "", "gender_source_value": ""}
    rows[1] |= {"year_of_birth": "", "birth_datetime": ""}
    found = entries(changed(tmp_path, person=rows))
    assert [entry.person is None for entry in found] == [True, True] + [False] * (len(rows) - 2)
    assert all(str(entry.refusal) for entry in found[:2])


def test_a_column_of_the_wrong_type_is_counted_and_its_people_are_read(tmp_path):
    """A word where a number belongs is read as missing, and the manifest says in which column."""
    rows = [row | {"value_as_number": "high"} for row in rows_of("measurement")]
    register = OmopRegister(DuckDbEngine(changed(tmp_path, measurement=rows)), ON, "everybody")
    assert register.unreadable == {"measurement.value_as_number": len(rows)}
    assert len(list(register)) == len(people())


@pytest.mark.parametrize("table", ["person", "concept"])
def test_a_database_without_what_everything_rests_on_is_refused(tmp_path, table):
    """One sentence: which table, and what to do."""
    changed(tmp_path)
    (tmp_path / f"{table}.csv").unlink()
    with pytest.raises(InputError, match=table):
        DuckDbEngine(tmp_path)
    assert engine_of(str(tmp_path)) is None


def test_any_other_table_may_be_missing(tmp_path):
    """Whoever keeps no visits and no measurements is read without them."""
    changed(tmp_path)
    for table in ("visit_occurrence", "measurement", "location", "death", "procedure_occurrence"):
        (tmp_path / f"{table}.csv").unlink()
    assert len(entries(tmp_path)) == len(people())


def test_a_server_that_is_not_there_is_told_without_its_address():
    """An address may hold a password."""
    with pytest.raises(InputError) as refused:
        omop_register("postgresql://somebody:secret@127.0.0.1:1/nowhere", ON)
    assert "secret" not in str(refused.value)
    assert "PostgreSQL" in str(refused.value)


def test_what_is_no_database_is_left_to_others(tmp_path):
    """A folder of records, a workbook, a file that is not there."""
    (tmp_path / "people.csv").write_text("id,birth_date\n")
    assert omop_register(str(tmp_path), ON) is None
    assert omop_register(str(tmp_path / "nothing"), ON) is None


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample is not here")
def test_the_public_sample_loads_as_general_population(tmp_path):
    """Synthea's 28 people: nobody has MS, everybody is read; the two with a hip and a forearm fracture have them."""
    with ZipFile(SAMPLE) as archive:
        archive.extractall(tmp_path)
    register = OmopRegister(DuckDbEngine(tmp_path), date(2022, 11, 30))
    found = {entry.id: entry.person for entry in register}
    assert register.who == "everybody"
    assert len(found) == 28
    assert None not in found.values()
    sites = {
        name: {one.site for one in person.fractures} for name, person in found.items() if person and person.fractures
    }
    assert sites == {"person 7": {"hip"}, "person 11": {"rib"}, "person 16": {"rib"}, "person 20": {"forearm"}}
    assert any(drug.drug == "alendronate" for drug in found["person 7"].medicines)  # pyright: ignore[reportOptionalMemberAccess]
