"""The published schema of a record, and the examples that come with it."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from person_records import ON, RECORDS, unsaid
from pydantic import BaseModel

from trabecula.adapters.files import read_record
from trabecula.person import Person, person_schema, questions, read_person, write_person
from trabecula.person.explanations import parts_in
from trabecula.person.problems import description

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
VALIDATOR = Draft202012Validator(person_schema())


def as_json(data: object) -> object:
    """YAML's dates as JSON has them."""
    return json.loads(json.dumps(data, default=date.isoformat))


def fields(schema: dict) -> Iterator[tuple[str, dict]]:
    """Every field of every part of the record."""
    for name, part in {"Person": schema, **schema["$defs"]}.items():
        yield from ((f"{name}.{field}", text) for field, text in part.get("properties", {}).items())


def test_the_schema_is_a_schema():
    """Other programs can use it."""
    Draft202012Validator.check_schema(person_schema())
    assert {"$schema", "$id", "title", "description"} <= person_schema().keys()


@pytest.mark.parametrize(
    ("name", "field"), list(fields(person_schema())), ids=lambda each: each if isinstance(each, str) else ""
)
def test_every_field_is_described(name, field):
    """No field needs to be guessed."""
    assert field.get("description"), name


def parts_of(part: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A part of the record, and the parts in it."""
    yield part
    for info in part.model_fields.values():
        for in_list in (False, True):
            for inner in parts_in(info.annotation, in_list=in_list):
                yield from parts_of(inner)


def test_a_field_that_is_missing_is_asked_for_in_every_language():
    """What belongs into it is its documentation, which the catalogues translate."""
    needed = {
        part.described(name)
        for part in parts_of(Person)
        for name, info in part.model_fields.items()
        if info.is_required()
    }
    assert [part for text in needed for part in unsaid(description(text))] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_follows_the_schema(path):
    """What we ship is what we ask for."""
    assert not list(VALIDATOR.iter_errors(as_json(yaml.safe_load(path.read_text(encoding="utf-8")))))


@settings(max_examples=40, deadline=None)
@given(RECORDS)
def test_every_record_that_is_read_follows_the_schema(data):
    """The schema refuses nothing that the reader takes."""
    assert not list(VALIDATOR.iter_errors(write_person(read_person(data, ON))))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"birth_date": "1970"},
        {"birth_date": "2.5.1970", "sex": "male"},
        {"birth_date": "1970", "sex": "male", "x": 1},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(wrong):
    """Missing and unknown fields, and dates in another order."""
    assert list(VALIDATOR.iter_errors(wrong))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_read_without_a_question(path):
    """The examples are usual records, with their date of assessment and their country."""
    person, report = read_record(path)
    assert report is None
    assert questions(person) == ()
    assert (person.assessed_on, person.country) == (ON, "US")


def test_the_examples_are_the_three_people_of_the_documentation():
    """A woman of 44 with seven courses, a man of 58 on tablets, a woman of 67 with osteoporosis."""
    woman, man, older = (read_record(path).person for path in (EXAMPLES[1], EXAMPLES[0], EXAMPLES[2]))
    assert (woman.sex, woman.birth_date.year, len(woman.steroids)) == ("female", 1982, 7)
    assert (man.sex, man.ms.disability[-1].edss, man.dxa) == ("male", 6.5, ())
    assert {medicine.generic for medicine in older.medicines} >= {"alendronate", "denosumab"}
