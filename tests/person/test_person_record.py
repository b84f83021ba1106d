"""The record: strict, frozen, everything that is wrong told at once, nothing lost on the way out and back."""

import json
from datetime import date

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from person_records import BIRTH, ON, RECORDS, person, record
from pydantic import ValidationError

from trabecula.person import Person, PersonError, read_person, write_person
from trabecula.person.reading import Draft

CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def problems(**fields) -> list[str]:
    """What is said about a record."""
    with pytest.raises(PersonError) as error:
        person(**fields)
    return [str(problem) for problem in error.value.problems]


@CALM
@given(RECORDS)
def test_a_record_survives_yaml(data):
    """Written as YAML and read again it is the same person, known equally well."""
    before = read_person(data, ON)
    text = yaml.safe_dump(write_person(before), allow_unicode=True)
    after = read_person(yaml.safe_load(text), ON)
    assert before == after
    assert write_person(before) == write_person(after)


@CALM
@given(RECORDS)
def test_a_record_survives_json(data):
    """The same through JSON."""
    before = read_person(data, ON)
    assert before == read_person(json.loads(json.dumps(write_person(before))), ON)


def outcome(data: dict) -> str:
    """What comes of a record: a person, or the words of a refusal; anything else is let through and fails."""
    try:
        return f"read: {read_person(data, ON).birth_date}"
    except PersonError as error:
        return str(error)


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)


@CALM
@given(RECORDS, st.sampled_from(sorted(Person.model_fields)), JUNK)
def test_any_value_in_any_field_is_read_or_refused_kindly(data, field, junk):
    """Nothing that a file can hold leads to anything but a person or a list of problems."""
    assert outcome({**data, field: junk})


@CALM
@given(st.dictionaries(st.one_of(st.text(max_size=5), st.integers(), st.none()), JUNK, max_size=4))
def test_any_group_of_fields_is_read_or_refused_kindly(data):
    """A record of nonsense gets a list of problems."""
    with pytest.raises(PersonError) as error:
        read_person(data, ON)
    assert all(problem.found and problem.expected and problem.todo for problem in error.value.problems)


def test_only_birth_and_sex_are_needed():
    """Everything else may be unknown."""
    assert read_person({"birth_date": "1970", "sex": "male"}).ms is None


def test_an_empty_field_counts_as_left_out():
    """`steroids:` with nothing behind it is how people leave a field empty."""
    assert person(steroids=None, weight_kg=None, ms={"onset": None}).steroids == ()


def test_a_record_is_frozen():
    """A what-if makes a new record."""
    with pytest.raises(ValidationError, match="frozen"):
        person().weight_kg = 70.0  # type: ignore[misc]


def test_what_is_given_is_left_as_it_was():
    """Reading a record does not change the data it was read from."""
    data = record(falls=[{"date": None, "count": 1, "period_months": 3}], weight_kg=700)
    before = json.dumps(data)
    with pytest.raises(PersonError):
        read_person(data)
    assert before == json.dumps(data)


def test_the_number_of_an_entry_is_its_number_in_the_file():
    """When two entries are wrong for different reasons, both are named by their place in the file."""
    scan = {"date": "2020-01-01", "site": "total_hip", "t_score": -1}
    said = problems(dxa=[{**scan, "site": "toe"}, scan, {**scan, "date": "1950-01-01"}])
    assert [line.partition(":")[0] for line in said] == ["dxa[0].site", "dxa[2].date"]


def test_one_slip_is_told_once():
    """A course without a readable drug is not also told to lack a drug."""
    (said,) = problems(steroids=[{"start": "2014", "drug": "prednison", "dose_mg": 5}])
    assert said.endswith('did you mean "prednisone"?')


def test_problems_behind_an_unreadable_birth_date_are_told_too():
    """A wrong birth date does not hide a wrong weight or two exchanged dates."""
    with pytest.raises(PersonError) as error:
        read_person(
            {"birth_date": "yes", "sex": "f", "weight_kg": 7, "hormone_therapy": [{"start": 2014, "end": 2013}]}
        )
    paths = [problem.path for problem in error.value.problems]
    assert paths == ["birth_date", "sex", "weight_kg", "hormone_therapy[0].end"]


def test_two_ends_of_a_life_are_kept_in_order():
    """Nothing but the end of a treatment may be recorded after death."""
    (said,) = problems(
        death_date="2020-01-01",
        medicines=[{"drug": "denosumab", "start": "2019-01-01", "end": "2021-01-01"}],
        falls=[{"date": "2020-06-01"}],
    )
    assert said == (
        "falls[0].date: found 2020-06-01; expected a date before death (2020-01-01); correct this date or death_date"
    )


def test_nobody_is_130():
    """The age on the day of assessment is possible."""
    with pytest.raises(PersonError, match="found 1890, an age of 136; expected an age from 0 to 125 years"):
        read_person({"birth_date": 1890, "sex": "male"}, ON)


def test_the_date_in_the_record_serves_when_no_other_is_given():
    """`assessed_on` is the day against which the future is judged, unless another is asked for."""
    later = record(assessed_on="2020-01-01", falls=[{"date": "2021-01-01"}])
    with pytest.raises(PersonError, match="2020-01-01"):
        read_person(later)
    assert read_person(later, ON).assessed_on == date(2020, 1, 1)


def test_a_fall_is_dated_or_counted():
    """A count without its period says nothing, and a dated fall needs none."""
    assert problems(falls=[{"count": 3}]) == [
        "falls[0].period_months: found nothing; expected the number of months in which they were counted;"
        " add period_months"
    ]
    assert problems(falls=[{"date": "2020", "count": 3, "period_months": 2}])[0].startswith(
        "falls[0].count: found date"
    )


def test_a_year_beside_a_date_is_one_too_many():
    """A fracture has one time."""
    (said,) = problems(fractures=[{"site": "hip", "date": "2014", "year": 2014}])
    assert said.startswith("fractures[0].year: found date and year together")


@pytest.mark.parametrize("year", [2014, ON.year])
def test_the_year_of_a_fracture_is_a_date(year):
    """However it was written, a fracture of a year is the same fracture; this year's has happened by now."""
    by_year, by_date = (person(fractures=[{"site": "hip", name: year}]).fractures[0] for name in ("year", "date"))
    assert by_year == by_date
    assert by_year.when <= ON


def test_a_fracture_of_next_year_is_refused():
    """Nobody has broken a bone in a year to come."""
    (said,) = problems(fractures=[{"site": "hip", "year": ON.year + 1}])
    assert said.startswith(f"fractures[0].year: found {ON.year + 1}; expected a date on or before the assess")


def test_a_laboratory_value_is_read_in_its_own_unit():
    """25-OH-vitamin D of 20 ng/mL is 50 nmol/L, however the unit is spelled."""
    tests = [{"date": "2020", "test": "25-OH-D", "value": 20, "unit": unit} for unit in ("ng/mL", "ng/ml", "µg/l")]
    assert [round(each.standard_value) for each in person(laboratory=tests).laboratory] == [50, 50, 50]


def test_a_laboratory_unit_belongs_to_its_test():
    """Vitamin D is not measured in mmol/L."""
    (said,) = problems(laboratory=[{"date": "2020", "test": "25-OH-D", "value": 50, "unit": "mmol/L"}])
    assert said.startswith('laboratory[0].unit: found "mmol/L"; expected a unit of 25-OH-D: nmol/L, ng/mL or ug/L')


def test_a_brand_name_is_read_as_its_generic_name():
    """Prolia every 6 months is denosumab every 183 days."""
    (medicine,) = person(medicines=[{"drug": "Prolia", "start": "2022", "dose_mg": 60, "per": "6 months"}]).medicines
    assert (medicine.generic, medicine.kind) == ("denosumab", "denosumab")
    assert medicine.interval_days == pytest.approx(182.6, abs=0.1)


@pytest.mark.parametrize(
    ("per", "days"),
    [("day", 1), ("daily", 1), ("8 hours", 1 / 3), ("week", 7), ("every 2 weeks", 14), ("year", 365.25)],
)
def test_a_dosing_interval_is_read_in_words(per, days):
    """A day, a week, 6 months."""
    (medicine,) = person(medicines=[{"drug": "x", "start": "2022", "per": per}]).medicines
    assert medicine.interval_days == pytest.approx(days)


def test_the_age_of_the_record_format_is_told():
    """Another version is refused, and the number may be written without quotation marks."""
    assert person(schema_version=1).schema_version == "1"
    (told,) = problems(schema_version="2")
    assert told.startswith('schema_version: found "2"; expected 1, the version of the format that this program reads;')
    assert "docs/explanation/versions.md" in told


def test_a_person_can_be_made_in_code():
    """Plain dates serve as well as written ones."""
    made = Person(birth_date=BIRTH, sex="female", falls=[{"date": date(2020, 1, 1)}])  # type: ignore[list-item]
    assert made == person(falls=[{"date": "2020-01-01"}])


def test_what_goes_with_an_entry_does_not_go_again_from_the_next():
    """While a record is read, a part of an entry that was taken out is not looked for in the entry that moved up."""
    draft = Draft({"steroids": [{"taper": [5, 4]}, {"taper": [9]}, {"taper": [3, 2, 1]}]})
    for path in (
        ("steroids", 2, "taper", 0),
        ("steroids", 1),
        ("steroids", 1, "taper", 0),
        ("steroids", 1, "taper", 2),
    ):
        draft.remove(path)
    assert draft.root == {"steroids": [{"taper": [5, 4]}, {"taper": [2, 1]}]}
