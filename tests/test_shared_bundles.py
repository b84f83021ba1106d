"""Real bundles, where they are at hand: each is assessed from the command line, and its answer fits the schema."""

import json
import os
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from trabecula.assessment import assessment_schema
from trabecula.cli import cli

SHARED = Path(os.environ.get("SHARED", Path(__file__).parents[2] / "shared"))
BUNDLES = sorted((SHARED / "data" / "fhir").glob("*.json")) or [None]


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.stem.split("_")[0] if path else "absent")
def test_every_shared_bundle_is_assessed(bundle):
    """A hospital's bundle goes in as it is, and an answer that validates comes out."""
    if bundle is None:
        pytest.skip(f"no bundles at {SHARED}/data/fhir: set SHARED to where they are")
    result = CliRunner().invoke(cli, ["assess", str(bundle), "--format", "json", "--draws", "20"])
    assert result.exit_code == 0, result.stderr
    jsonschema.Draft202012Validator(assessment_schema()).validate(json.loads(result.stdout))
