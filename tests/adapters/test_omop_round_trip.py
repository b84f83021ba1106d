"""A person as rows of OMOP and back: what a column or a row of our own holds, comes back as it was."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from person_records import ON, RECORDS

import trabecula as tb
from trabecula.adapters.omop import DuckDbEngine, OmopRegister, write_folder, write_rows
from trabecula.adapters.omop.concepts import LOCAL_FROM, own_concept
from trabecula.adapters.omop.leaves import columns, from_rows, leaves, value_of
from trabecula.adapters.omop.query import model
from trabecula.person import Person, read_person

from .test_fhir_writing import everybody

EXAMPLES = ("ms_man_58", "ms_woman_44", "ms_woman_67")


def read_back(people: list[Person], folder: Path) -> list[Person | None]:
    """The people in a folder that these were written into."""
    write_folder(people, folder, ON, "a test")
    register = OmopRegister(DuckDbEngine(folder), ON, "everybody")
    return [entry.person for entry in register]


def numbered(people: list[Person]) -> list[Person]:
    """The same people under pseudonyms of their own."""
    return [person.model_copy(update={"id": f"p{n}"}) for n, person in enumerate(people)]


def test_the_examples_and_a_record_with_every_field_come_back_whole(tmp_path):
    """Tapers, adherence, sides and grades, for which OMOP has no column, stand in rows that belong to their row."""
    people = numbered([*(tb.read(f"examples/{name}.yaml") for name in EXAMPLES), everybody()])
    assert read_back(people, tmp_path) == people


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RECORDS, min_size=4, max_size=16))
def test_any_records_come_back_whole(tmp_path_factory, records):
    """Person to OMOP to Person loses nothing."""
    people = numbered([read_person(record, ON) for record in records])
    assert read_back(people, tmp_path_factory.mktemp("cdm")) == people


def test_the_loss_report_counts_every_part_once():
    """What a public concept says, and what only Trabecula reads back, are all the parts of the record."""
    rows = write_rows(everybody(), 1, ON)
    loss, repeats = (
        rows.loss,
        sum("again" in str(row.get("measurement_source_value")) for row in rows.tables["measurement"]),
    )
    anchors = sum(
        "observation_event_id" not in row
        for table in ("condition_occurrence", "drug_exposure", "measurement", "observation")
        for row in rows.tables[table]
    )
    assert loss.n_resources == anchors + 1
    assert loss.n_read > repeats > 0


def test_no_identifying_field_is_longer_than_its_column():
    """OMOP gives fifty characters to a source value and sixty to a text."""
    for rows in write_rows(everybody(), 1, ON).tables.values():
        for row in rows:
            short = [str(value) for name, value in row.items() if name.endswith("_source_value") and value is not None]
            assert all(len(value) <= 50 for value in short)
            assert len(row.get("value_as_string") or "") <= 60


def test_every_column_that_is_written_is_one_of_the_model():
    """Nobody's database has a column more."""
    known = model()
    for table, rows in write_rows(everybody(), 1, ON).tables.items():
        assert all(row.keys() <= known[table].keys() for row in rows)


NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | NUMBERS | st.text(max_size=200)
FIELDS = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3), max_leaves=8
)


@given(VALUES)
def test_any_value_is_its_leaves(value):
    """Numbers, texts of any length, lists and groups, also empty ones."""
    rows = [row for path, leaf in leaves(value).items() for row in columns(path, leaf)]
    assert value_of(from_rows([(row["path"], row["kind"], row["number"], row["text"]) for row in rows])) == value


def test_numbers_of_our_own_are_where_omop_leaves_room_for_them():
    """From two thousand million on, and no two fields share one."""
    names = [*Person.model_fields, *(f"ms.{name}" for name in ("disability", "relapses", "disease_modifying_drugs"))]
    numbers = {own_concept(name).concept_id for name in names}
    assert len(numbers) == len(names)
    assert min(numbers) >= LOCAL_FROM


@pytest.mark.parametrize("written", ["1970", "1970-05", "1970-05-17"])
def test_a_birth_is_as_exact_as_it_was(tmp_path, written):
    """A year alone stays a year."""
    (back,) = read_back([read_person({"birth_date": written, "sex": "male"}, ON)], tmp_path)
    assert back is not None
    assert back.birth_date.written == written  # pyright: ignore[reportAttributeAccessIssue]
    assert isinstance(back.birth_date, date)
