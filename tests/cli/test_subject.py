"""Whom a command is about: one of several in a file or a folder."""

import json
from datetime import date

import pytest

from trabecula.cli.output import CommandRefused
from trabecula.cli.subject import read_subject

TODAY = date(2026, 11, 22)
PEOPLE = [
    {"resourceType": "Patient", "id": id, "gender": sex, "birthDate": "1970-01-01"}
    for id, sex in (("p1", "female"), ("p2", "male"))
]


@pytest.mark.parametrize("source", ["export.ndjson", "."])
def test_one_of_several_is_named_behind_the_file_or_the_folder(tmp_path, source):
    """As the page on FHIR says; without a name, nobody is chosen."""
    (tmp_path / "export.ndjson").write_text("\n".join(map(json.dumps, PEOPLE)))
    where = tmp_path / source if source != "." else tmp_path
    assert read_subject(f"{where}#p2", TODAY).person.sex == "male"
    with pytest.raises(CommandRefused, match=r"2 Patients|a folder"):
        read_subject(str(where), TODAY)
