"""What a machine with the overlay of the tests answers, door by door; run in a process of its own, printed as JSON.

python overlay_session.py FOLDER: the folder is for files that a door reads or writes.
"""

import json
from pathlib import Path
from typing import Any

from doors import DAY, LANGUAGES, print_answers, run, written
from fastapi.testclient import TestClient

from trabecula.adapters.fhir import read_bundle
from trabecula.person import questions, write_person
from trabecula.web import create_app

WOMAN = {
    "schema_version": "1",
    "assessed_on": "2026-11-22",
    "birth_date": "1959-10-30",
    "sex": "female",
    "country": "UK",
    "height_cm": 161,
    "weight_kg": 58,
    "menopause": {"age_y": 50},
}
ON_TABLETS = {**WOMAN, "medicines": [{"drug": "Quadrabon", "start": "2024-02-01"}]}
BAD_KIDNEYS = {**WOMAN, "laboratory": [{"date": "2026-10-06", "test": "eGFR", "value": 55, "unit": "mL/min/1.73m2"}]}
PLAN = {
    "name": "bisquadate",
    "title": "Bisquadate",
    "medicines": [{"drug": "bisquadate", "dose_mg": 17.5, "per": "week"}],
}
ORDER = {
    "resourceType": "MedicationRequest",
    "status": "active",
    "intent": "order",
    "authoredOn": "2024-02-01",
    "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": "M05BA99"}]},
}
PATIENT = {"resourceType": "Patient", "gender": "female", "birthDate": "1959-10-30"}


def assess(folder: Path) -> dict[str, Any]:
    """Density of the woman without and with the drug of the overlay, and what the record leaves open."""
    records = {"without": WOMAN, "with": ON_TABLETS}
    return {
        name: json.loads(run("assess", written(folder, f"{name}.yaml", record), "--format", "json"))
        for name, record in records.items()
    }


def compare(folder: Path) -> dict[str, Any]:
    """A plan with the drug: worked out, and refused for kidneys that work badly, in three languages."""
    plan, kidneys = written(folder, "plan.yaml", PLAN), written(folder, "kidneys.yaml", BAD_KIDNEYS)
    works = run("compare", written(folder, "woman.yaml", WOMAN), "--plan", plan, "--format", "json")
    refused = {code: run("compare", kidneys, "--plan", plan, "--lang", code) for code in LANGUAGES}
    return {"works": json.loads(works), "refused": refused}


def advise(folder: Path) -> dict[str, Any]:
    """Guidelines see the medicine as one of its class."""
    return json.loads(run("advise", written(folder, "taking.yaml", ON_TABLETS), "--format", "json", "--all"))


def report(folder: Path) -> dict[str, str]:
    """The report in three languages."""
    record = written(folder, "reported.yaml", ON_TABLETS)
    pages = {}
    for code in LANGUAGES:
        page = folder / f"{code}.html"
        run("report", record, "--lang", code, "--quick", "--output", str(page))
        pages[code] = page.read_text(encoding="utf-8")
    return pages


def form(_folder: Path) -> dict[str, str]:
    """The web form takes the medicine by its brand, and answers."""
    web = TestClient(create_app(today=lambda: DAY, key=b"a key for tests", draws=20), base_url="http://127.0.0.1")
    typed = {"birth_date": "1959-10-30", "sex": "female", "country": "UK"}
    drug = {"medicines[0].drug": "Quadrabon", "medicines[0].start": "2024-02-01"}
    page = web.post("/form", data={"step": "person", **typed, "do": "next"}).text
    state = page.split('name="state" value="')[1].split('"')[0]
    return {"answer": web.post("/form", data={"state": state, "step": "life", **drug, "do": "assess"}).text}


def fhir(_folder: Path) -> dict[str, Any]:
    """A bundle whose medicine is nothing but a code."""
    entries = [{"resource": resource} for resource in (PATIENT, ORDER)]
    person, _ = read_bundle({"resourceType": "Bundle", "type": "collection", "entry": entries}, DAY)
    return {"person": write_person(person), "questions": [str(asked) for asked in questions(person, DAY)]}


if __name__ == "__main__":
    print_answers(assess, compare, advise, report, form, fhir)
