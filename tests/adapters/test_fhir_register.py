"""A register out of FHIR: every patient is an entry, whatever is missing; and the shared samples load and score."""

import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trabecula.adapters.fhir.building import to_json
from trabecula.adapters.fhir.register import FhirPatients
from trabecula.adapters.fhir.writing import write_bundle
from trabecula.adapters.registers import register_of
from trabecula.evidence import Evidence
from trabecula.model import Model
from trabecula.people import VirtualRegister
from trabecula.register import Scoring, table

ON = date(2026, 11, 22)
SHARED = Path(os.environ.get("SHARED", "../shared"))
BUNDLES = [write_bundle(person, ON).bundle for person in VirtualRegister(ON, 3, Evidence.load()).people(range(4))]


def written(folder, bundles):
    """A file for each Bundle."""
    for number, bundle in enumerate(bundles):
        folder.joinpath(f"b{number}.json").write_text(to_json(bundle), encoding="utf-8")
    return folder


def test_everybody_of_a_folder_is_an_entry_and_the_facts_name_nobody(tmp_path):
    """The same people each time it is gone through; the hash follows the contents, and nothing else."""
    register = register_of(str(written(tmp_path, BUNDLES)), ON)
    assert isinstance(register, FhirPatients)
    first, again = list(register), list(register)
    assert first == again
    assert len(first) == len(BUNDLES)
    assert all(entry.person is not None and entry.person.ms is not None for entry in first)
    assert dict(register.facts) == {"left_out": 0}
    known = register.fingerprint
    (tmp_path / "b0.json").write_text(to_json(BUNDLES[1]), encoding="utf-8")
    assert FhirPatients(tmp_path, ON).fingerprint != known


def thinned(value, luck, share):
    """The same without some of its elements; what type a resource is of, and whose it is, stays."""
    if isinstance(value, dict):
        kept = ("resourceType", "id", "entry", "resource", "type", "subject", "patient", "reference")
        return {k: thinned(v, luck, share) for k, v in value.items() if k in kept or luck.random() > share}
    return [thinned(inner, luck, share) for inner in value] if isinstance(value, list) else value


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.floats(0.02, 0.8))
def test_elements_that_are_missing_never_lose_a_patient(tmp_path_factory, luck, share):
    """Read, or refused with a reason; never passed over."""
    folder = written(tmp_path_factory.mktemp("thin"), [thinned(bundle, luck, share) for bundle in BUNDLES])
    entries = list(FhirPatients(folder, ON))
    assert len(entries) == len(BUNDLES)
    assert all(entry.person is not None or str(entry.refusal) for entry in entries)


@pytest.mark.parametrize("name", ["omop", "fhir"])
def test_the_shared_samples_load_and_score_as_general_population(tmp_path, name):
    """Nobody in them has MS; children and the dead are refused with the reason, and everybody is there."""
    source = SHARED / "data" / name
    if not source.is_dir():
        pytest.skip("the shared samples are not here")
    if name == "omop":
        zipfile.ZipFile(next(source.glob("*.zip"))).extractall(tmp_path)
        source = tmp_path
    entries = list(register_of(str(source), ON))
    assert len(entries) == {"omop": 28, "fhir": 8}[name]
    rows = table(entries[:10], Scoring(ON, draws=20), Model.default()).to_pylist()
    assert {row["ms"] for row in rows if row["status"] == "scored"} == {False}
    assert sum(row["status"] == "scored" for row in rows) >= 5
    assert all(row["refusal"] for row in rows if row["status"] == "refused")
