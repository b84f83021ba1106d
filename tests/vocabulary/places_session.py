"""What a machine with the overlay of an invented country, site and habit answers; run by itself, printed as JSON.

python places_session.py FOLDER: the folder is for files that a door reads or writes.
"""

import json
from pathlib import Path
from typing import Any

from doors import DAY, LANGUAGES, print_answers, run, written
from fastapi.testclient import TestClient

from trabecula.adapters.fhir import read_bundle
from trabecula.person import PersonError, read_person, write_person
from trabecula.web import create_app

WOMAN = {
    "assessed_on": "2026-11-22",
    "birth_date": "1959-10-30",
    "sex": "female",
    "country": "UT",
    "fractures": [{"site": "collarbone", "date": "2024-03-01", "trauma": "low"}],
}
HUMS = {**WOMAN, "humming": True}
PLAN = {"name": "walk", "title": "Walk", "exercise": {"moderate_minutes_per_week": 150}}
SNOMED = "http://snomed.info/sct"


def assess(folder: Path) -> dict[str, Any]:
    """The answers for somebody who hums, and for the same person who does not say."""
    records = {"silent": WOMAN, "hums": HUMS, "does_not": {**WOMAN, "humming": False}}
    found = {
        name: json.loads(run("assess", written(folder, f"{name}.yaml", record), "--format", "json"))
        for name, record in records.items()
    }
    elsewhere = run("assess", written(folder, "silent.yaml", WOMAN), "--country", "nowhere", "--format", "json")
    german = run("assess", written(folder, "german.yaml", {**WOMAN, "country": "DE"}))
    return {**found, "by_name": json.loads(elsewhere), "german": german}


def compare(folder: Path) -> dict[str, Any]:
    """A plan of the library in the country."""
    return json.loads(run("compare", written(folder, "w.yaml", HUMS), "--plan", "alendronate", "--format", "json"))


def advise(folder: Path) -> dict[str, Any]:
    """Guidelines are asked with a fracture at the site."""
    return json.loads(run("advise", written(folder, "a.yaml", HUMS), "--format", "json"))


def report(folder: Path) -> dict[str, str]:
    """The report in three languages."""
    record, pages = written(folder, "reported.yaml", HUMS), {}
    for code in LANGUAGES:
        page = folder / f"{code}.html"
        said = run("report", record, "--lang", code, "--quick", "--output", str(page))
        pages[code] = page.read_text(encoding="utf-8") if page.exists() else said
    return pages


def form(_folder: Path) -> dict[str, str]:
    """The web form asks for the habit and offers country and site, in three languages; it answers."""
    web = TestClient(create_app(today=lambda: DAY, key=b"a key for tests", draws=20), base_url="http://127.0.0.1")
    typed = {"birth_date": "1959-10-30", "sex": "female", "country": "UT"}
    answers = {"humming": "yes"}
    pages = {}
    for code in LANGUAGES:
        person = web.get(f"/form?lang={code}").text
        step = web.post(f"/form?lang={code}", data={"step": "person", **typed, "do": "next"}).text
        state = step.split('name="state" value="')[1].split('"')[0]
        life = web.post(f"/form?lang={code}", data={"state": state, "step": "ms", "do": "go:life"}).text
        bones = web.post(f"/form?lang={code}", data={"state": state, "step": "ms", "do": "go:bones"}).text
        pages[code] = person + life + bones
    state = life.split('name="state" value="')[1].split('"')[0]
    pages["answer"] = web.post("/form", data={"state": state, "step": "life", **answers, "do": "assess"}).text
    return pages


def fhir(_folder: Path) -> dict[str, Any]:
    """A bundle that says country, fracture and habit by an address and by codes alone."""
    patient = {
        "resourceType": "Patient",
        "gender": "female",
        "birthDate": "1959-10-30",
        "address": [{"country": "Nowhere"}],
    }
    conditions = [
        {
            "resourceType": "Condition",
            "code": {"coding": [{"system": SNOMED, "code": code}]},
            "onsetDateTime": "2024-03-01",
        }
        for code in ("99999902", "99999903")
    ]
    entries = [{"resource": resource} for resource in (patient, *conditions)]
    person, _ = read_bundle({"resourceType": "Bundle", "type": "collection", "entry": entries}, DAY)
    return write_person(person)


def refused(folder: Path) -> list[str]:
    """What is told of a country of no map, of a bone in other words, and of a country nobody has a row for."""
    said = run("assess", written(folder, "norway.yaml", {**WOMAN, "country": "NO"}))
    try:
        read_person({**WOMAN, "country": "Atlantis", "fractures": [{"site": "clavicle", "year": 2020}]}, DAY)
    except PersonError as error:
        return [*(str(problem) for problem in error.problems), said]
    return [said]


if __name__ == "__main__":
    print_answers(assess, compare, advise, report, form, fhir, refused)
