"""`trabecula export`: a folder with the bundle and what others will not read; clear refusals."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from trabecula.cli import cli

WOMAN = str(Path(__file__).parents[2] / "examples" / "ms_woman_67.yaml")


def run(*arguments):
    """The command about the woman on denosumab: few draws, for speed."""
    return CliRunner().invoke(cli, ["export", WOMAN, "--to", "fhir", "--draws", "20", *map(str, arguments)])


def test_the_folder_is_made_and_the_bundle_is_read_again(tmp_path):
    """What `export` writes, `assess` reads."""
    result = run("-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    bundle = tmp_path / "out" / "bundle.json"
    again = CliRunner().invoke(cli, ["assess", str(bundle), "--date", "2026-11-22", "--draws", "20"])
    assert again.exit_code == 0, again.output


def test_the_record_alone_needs_no_answer(tmp_path):
    """Nothing is worked out, and nothing that was worked out is written."""
    assert run("-o", tmp_path, "--record-only").exit_code == 0
    kinds = {entry["resource"]["resourceType"] for entry in json.loads((tmp_path / "bundle.json").read_text())["entry"]}
    assert "RiskAssessment" not in kinds
    assert "MedicationStatement" in kinds


@pytest.mark.parametrize(("place", "words"), [("a.txt", "a file; expected a folder"), ("no/out", "create it")])
def test_a_place_that_cannot_be_written_is_told_first(tmp_path, place, words):
    """A file in the way, or a folder that nobody made."""
    tmp_path.joinpath("a.txt").write_text("")
    result = run("-o", tmp_path / place)
    assert result.exit_code == 2
    assert words in result.output
