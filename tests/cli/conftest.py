"""Records to assess, and a way to run the commands inside this process."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from trabecula.cli import cli

EXAMPLES = Path(__file__).parents[2] / "examples"
WOMAN = """\
assessed_on: 2026-11-22
birth_date: 1982-03-14
sex: female
country: US
ms:
  onset: 2013-06
  course: relapsing
  disability:
    - {date: 2026-10-19, edss: 3.5}
steroids:
  - {start: 2023-09-04, as_written: "5 x 1 g IV methylprednisolone"}
"""
BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "id": "p",
                "gender": "female",
                "birthDate": "1970-02-03",
                "address": [{"country": "US"}],
            }
        },
        {
            "resource": {
                "resourceType": "Observation",
                "id": "o",
                "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9", "display": "Blood pressure"}]},
                "subject": {"reference": "Patient/p"},
            }
        },
    ],
}


@pytest.fixture
def run():
    """Runs a command: few draws, for speed."""

    def run(*arguments, **options):
        quick = ["--draws", "20"] if arguments[:1] == ("assess",) and "--draws" not in arguments else []
        return CliRunner().invoke(cli, [*map(str, arguments), *quick], **options)

    return run


@pytest.fixture
def woman(tmp_path):
    """A record of a woman of 44 with MS."""
    path = tmp_path / "woman.yaml"
    path.write_text(WOMAN, encoding="utf-8")
    return path


@pytest.fixture
def bundle(tmp_path):
    """A FHIR Bundle about a woman of 56, with a resource that isn't used."""
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(BUNDLE), encoding="utf-8")
    return path
