"""Bundles for the tests: the written ones, small ones made in place, and the shared synthetic patients."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from trabecula.adapters.fhir import read_bundle

ON = date(2026, 1, 15)
WRITTEN = Path(__file__).parent / "bundles"
SHARED = Path(os.environ.get("SHARED", "../shared"))
if not SHARED.is_absolute():
    SHARED = Path(__file__).parents[2] / SHARED
PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1975-03-02"}
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"


def written(name):
    """A bundle written for these tests."""
    return json.loads((WRITTEN / f"{name}.json").read_text(encoding="utf-8"))


def read_written(name):
    """The person and the report of a written bundle."""
    return read_bundle(written(name), ON)


def bundle(*resources, patient=None, kind="collection"):
    """A bundle about one woman with these resources."""
    entries = [{"resource": each} for each in (patient or PATIENT, *resources)]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def concept(system, code, display=""):
    """A CodeableConcept with one coding."""
    return {"coding": [{"system": system, "code": code, "display": display}]}


def observation(system, code, value, day="2020-05-01", **more):
    """A final observation with a quantity."""
    held = {"resourceType": "Observation", "status": "final", "code": concept(system, code)}
    return held | {"effectiveDateTime": day, "valueQuantity": {"value": value}} | more


def order(said, day="2020-05-01", status="completed", **more):
    """A medication order with the medicine in words."""
    held = {"resourceType": "MedicationRequest", "status": status, "intent": "order", "authoredOn": day}
    return held | {"medicationCodeableConcept": {"text": said}} | more


def reasons(report):
    """Why resources were ignored: {what: reason}."""
    return {str(line.what): str(line.reason) for line in report.ignored}


def shared_bundles():
    """The files with synthetic patients, or a visible skip."""
    files = sorted((SHARED / "data" / "fhir").glob("*.json"))
    if not files:
        pytest.skip(f"no synthetic patients in {SHARED}/data/fhir: set SHARED to where they are")
    return files
