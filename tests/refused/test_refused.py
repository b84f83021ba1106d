"""Input that must fail, each with the exact words it must fail with: `NAME.yaml` has them in `NAME.yaml.txt`."""

import json
from datetime import date
from pathlib import Path

import pytest

from trabecula.adapters.files import LARGEST_RECORD, MEGABYTE, InputError, read_record
from trabecula.person import PersonError

HERE = Path(__file__).parent
ON = date(2026, 11, 22)
FILES = sorted(path for path in HERE.iterdir() if path.suffix in (".yaml", ".json"))


def refusal(path: Path, on: date | None = ON) -> str:
    """What is said about a file, with its name in place of its path."""
    with pytest.raises((InputError, PersonError)) as error:
        read_record(path, on)
    return str(error.value).replace(str(path), path.name)


def expected(path: Path) -> str:
    """What must be said."""
    return path.with_name(f"{path.name}.txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_bad_file_is_refused_in_the_agreed_words(path):
    """What is wrong, where, what was expected and what to do: word by word."""
    assert expected(path) == refusal(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_refusal_speaks_to_a_clinic_not_to_a_programmer(path):
    """No message shows a traceback, a Python type or a library."""
    told = refusal(path).lower()
    for word in ("traceback", 'file "', "pydantic", "exception", "nonetype", "dict", "<class", "error:", "yaml."):
        assert word not in told.replace(path.name, "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_line_of_a_refusal_has_its_four_parts(path):
    """Where: found this; expected that; do this."""
    for line in refusal(path).splitlines():
        assert ": found " in line
        assert "; expected " in line
        assert line.rpartition("; ")[2]


def test_every_expectation_has_its_file():
    """No expectation outlives the input it was written for."""
    assert [f"{path.name}.txt" for path in FILES] == sorted(path.name for path in HERE.glob("*.txt"))


def test_a_missing_file_is_named(tmp_path):
    """The file's name is told, and what to check."""
    said = refusal(tmp_path / "nobody.yaml")
    assert said == "nobody.yaml: found no such file; expected a file that exists; check the name and the folder"


def test_a_folder_is_no_file(tmp_path):
    """A folder is told apart from a missing file."""
    folder = tmp_path / "patients"
    folder.mkdir()
    assert refusal(folder) == "patients: found a folder; expected one file; give a file in that folder"


def test_twenty_megabytes_of_noise_are_refused_by_their_size(tmp_path):
    """A file of the wrong kind is not read to its end first."""
    noise = tmp_path / "scan.dcm"
    noise.write_bytes(bytes(range(256)) * (20 * MEGABYTE // 256))
    assert refusal(noise) == "scan.dcm: found 20 MB; expected up to 10 MB; check that this is the file you meant"


def test_a_little_noise_is_refused_at_its_first_impossible_byte(tmp_path):
    """Binary data are not text."""
    noise = tmp_path / "scan.dcm"
    noise.write_bytes(b"ab\x80\x81\x00")
    told = "scan.dcm: found a byte that is not valid UTF-8 (0x80 at byte 2); expected text in UTF-8; "
    assert refusal(noise) == told + "save the file as UTF-8, or check that it is a text file"


def test_a_large_object_that_is_no_bundle_is_refused(tmp_path):
    """Only an exported bundle may be larger than a record."""
    large = tmp_path / "large.json"
    large.write_text(json.dumps({"id": "x" * (LARGEST_RECORD + MEGABYTE)}), encoding="utf-8")
    said = "large.json: found a record of 11 MB; expected up to 10 MB; check that this is the file you meant"
    assert refusal(large) == said


@pytest.mark.parametrize(("name", "text"), [("deep.json", '{"a":' * 100_000), ("deep.yaml", "a: " + "[" * 100_000)])
def test_nesting_without_end_is_refused_not_followed(tmp_path, name, text):
    """A hundred thousand brackets do not bring the program down."""
    deep = tmp_path / name
    deep.write_text(text, encoding="utf-8")
    assert "too many nested levels" in refusal(deep) or "more than 50 levels of nesting" in refusal(deep)


def test_a_bundle_needs_a_date_of_assessment(tmp_path):
    """Today is never assumed."""
    bundle = tmp_path / "bundle.json"
    bundle.write_text('{"resourceType": "Bundle"}', encoding="utf-8")
    told = "bundle.json: found a FHIR Bundle with no assessment date; expected the day to assess it for; "
    assert refusal(bundle, on=None) == told + "add --date YYYY-MM-DD"
