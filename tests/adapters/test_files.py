"""A record from a file, whatever form it has."""

import io
import json
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trabecula.adapters.files import InputError, read_bytes, read_record
from trabecula.person import PersonError

ON = date(2026, 11, 22)
YAML = "birth_date: 1982-03-14\nsex: female\nfalls:\n  - {date: 2014}\n"
JSON = '{"birth_date": "1982-03-14", "sex": "female", "falls": [{"date": "2014"}]}'
BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [{"resource": {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1982-03-14"}}],
}


def outcome(raw: bytes) -> str:
    """What comes of some bytes: a person, or the words of a refusal; anything else is let through and fails."""
    try:
        return f"read: {read_bytes(raw, 'noise', ON).person.birth_date}"
    except (InputError, PersonError) as error:
        return str(error)


def test_yaml_and_json_are_the_same_record():
    """The form is recognised by the content."""
    assert read_bytes(YAML.encode(), "a", ON) == read_bytes(JSON.encode(), "b", ON)


@pytest.mark.parametrize("name", ["record.yaml", "record.json", "record", "record.txt"])
def test_the_name_of_a_file_does_not_matter(tmp_path, name):
    """A YAML record called .json is read as what it is."""
    file = tmp_path / name
    file.write_text(YAML, encoding="utf-8")
    assert read_record(file, ON).person.birth_date == date(1982, 3, 14)


def test_a_dash_is_standard_input(monkeypatch):
    """Records can come through a pipe."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(JSON.encode())))
    assert read_record("-", ON).person.sex == "female"


def test_standard_input_has_a_name_in_messages(monkeypatch):
    """A dash means nothing to a reader."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(InputError, match="standard input: found an empty file"):
        read_record("-")


def test_a_byte_order_mark_is_no_obstacle():
    """Windows editors write one."""
    assert read_bytes(YAML.encode("utf-8-sig"), "a", ON).person.sex == "female"


def test_windows_line_ends_are_no_obstacle():
    """So are its line ends."""
    assert read_bytes(YAML.replace("\n", "\r\n").encode(), "a", ON).person.sex == "female"


def test_a_bundle_is_read_by_its_adapter_with_a_report():
    """What was left out is told."""
    person, report = read_bytes(json.dumps(BUNDLE).encode(), "bundle.json", ON)
    assert person.birth_date == date(1982, 3, 14)
    assert report is not None


def test_a_bundle_that_is_refused_names_file_and_place():
    """The adapter's complaint comes with the name of the file."""
    with pytest.raises(InputError, match=r"^two.json, entry: found "):
        read_bytes(json.dumps({**BUNDLE, "entry": []}).encode(), "two.json", ON)


@pytest.mark.parametrize("text", ["&a [*a]", "a: &a x\nb: *a\n"])
def test_yaml_aliases_are_refused(text):
    """A short file cannot unfold into a huge one, nor into itself."""
    with pytest.raises(InputError, match=r"a YAML alias \(\*\)"):
        read_bytes(f"{text}\n".encode(), "a.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "? [a, b]\n: 1\n",
        "a: !!int abc\n",
        "a: !!timestamp x\n",
        "a: !!binary '*'\n",
        "a: !!bool maybe\n",
        "a: !!int ''\n",
        "! a: b\n",
        "<<: 3\n",
        "a: 0x" + "f" * 9999,
        "a: \x85b",
    ],
)
def test_odd_yaml_is_refused_kindly(text):
    """Whatever YAML allows, a record does not."""
    with pytest.raises((InputError, PersonError)):
        read_bytes(text.encode(), "a.yaml")


def test_a_number_without_end_is_refused():
    """A number of ten thousand digits is not a weight."""
    with pytest.raises(InputError, match="a number that is too long"):
        read_bytes(('{"weight_kg": ' + "9" * 10_000 + "}").encode(), "a.json")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"{")
@example(b"[]")
@example(b"%YAML 9.9\n---\n")
@example(b"- - - -")
@example(b"a: *b")
@example(b"!!python/name:os.system ''")
def test_any_bytes_are_read_or_refused_kindly(raw):
    """No file brings the program down."""
    assert outcome(raw)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(YAML)), st.text(max_size=4), st.sampled_from([YAML, JSON]))
def test_a_damaged_record_is_read_or_refused_kindly(place, damage, text):
    """A letter too many, a bracket too few."""
    assert outcome((text[:place] + damage + text[place + 1 :]).encode("utf-8", "surrogatepass"))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(JSON) - 1))
def test_a_record_that_breaks_off_is_never_read_as_a_shorter_one(length):
    """Half of a JSON record is refused, wherever it ends."""
    with pytest.raises(InputError):
        read_bytes(JSON[:length].encode(), "half.json", ON)


def test_the_examples_are_found_by_the_message():
    """The folder that messages point to exists."""
    assert (Path(__file__).parents[2] / "examples").is_dir()
