"""The loss report: every resource once, nothing dropped in silence; and the shared synthetic patients."""

import json
import time
from datetime import date

import pytest

from trabecula.adapters.fhir import read_bundle
from trabecula.adapters.fhir.codes import rows
from trabecula.words.language import language
from trabecula.words.message import VERBATIM

from .fhir_bundles import ON, PATIENT, WRITTEN, bundle, observation, read_written, shared_bundles, written

NAMES = sorted(file.stem for file in WRITTEN.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_every_resource_is_counted_once(name):
    """Read and ignored add up to the number of entries."""
    _, report = read_written(name)
    assert report.n_read + report.n_ignored == len(written(name)["entry"])
    assert sum(total.read + total.ignored for total in report.totals) == report.n_resources


@pytest.mark.parametrize("name", NAMES)
def test_everything_ignored_has_a_reason(name):
    """No line says only that something was left out."""
    _, report = read_written(name)
    assert all(len(str(line.reason)) > 5 for line in report.ignored)
    assert not any(str(line.reason) == "no new information" for line in report.ignored)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_is_told_in_every_language(name):
    """Whatever is said of a bundle has its words in every catalogue; only what the bundle holds stays as it is."""
    parts = {part.id for line in read_written(name)[1].lines() for part in line.inside()} - {VERBATIM}
    assert [(code, part) for code in ("de", "it") for part in parts if not language(code).knows(part)] == []


def test_totals_are_told_by_type():
    """The report says how many of each type were read and ignored."""
    _, report = read_written("ms_course")
    totals = {total.resource: (total.read, total.ignored) for total in report.totals}
    assert totals == {"Observation": (4, 4), "Condition": (4, 0), "Patient": (1, 0)}


def test_the_report_can_be_read_on_a_terminal():
    """A headline, then what was read, not used and assumed."""
    lines = [str(line) for line in read_written("scans")[1].lines()]
    assert lines[0] == "FHIR R4 bundle (searchset): 14 resources, 8 read, 6 not used"
    assert {"Read", "Not used", "Assumed"} <= set(lines)
    assert any("38265-5" in line and "does not move the hip or spine" in line for line in lines)


def test_entries_without_a_resource_are_counted():
    """A null entry and an empty one are entries too."""
    given = bundle()
    given["entry"] += [None, {}, {"resource": None}, 7]
    _, report = read_bundle(given, ON)
    assert {(line.resource, str(line.reason), line.n) for line in report.ignored} == {
        ("Bundle.entry", "entry with no resource", 4)
    }


def test_the_same_resource_twice_counts_once():
    """Pages of a search overlap."""
    scan = observation("http://loinc.org", "38267-1", -2.0) | {"id": "a"}
    person, report = read_bundle(bundle(scan, scan, PATIENT), ON)
    assert len(person.dxa) == 1
    assert [line.n for line in report.ignored if str(line.reason) == "duplicate resource"] == [1, 1]


def test_a_part_that_is_refused_is_said_although_the_resource_is_read():
    """An impossible diagnosis date leaves the MS itself standing."""
    ms = {
        "resourceType": "Condition",
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "G35"}]},
        "onsetDateTime": "2010-01-01",
        "recordedDate": "2005-01-01",
    }
    person, report = read_bundle(bundle(ms), ON)
    assert person.ms is not None
    assert report.n_read == 2
    assert any(str(line.what).startswith("ms.") and "refused" in str(line.assumed) for line in report.assumed)


def test_every_imported_code_is_given_a_reading():
    """No FHIR code of the clinical code table is forgotten; OMOP and UCUM belong to others."""
    read = {(row["system"], row["code"]) for row in rows("readings.csv")}
    imported = {(row["system"], row["code"]) for row in rows("codes.csv")}
    assert {system for system, code in imported - read} == {"OMOP", "UCUM"}


def test_every_reading_has_a_status():
    """Verified or recalled, from the imported table or with a note of its own."""
    imported = {(row["system"], row["code"]): row["status"] for row in rows("codes.csv")}
    for row in rows("readings.csv"):
        status = row["status"] or imported[(row["system"], row["code"])]
        assert status in ("verified", "recalled"), row
        assert row["note"] or row["status"] != "verified", row


# ---------------------------------------------------------------- synthetic patients


def test_shared_patients_add_up():
    """For each synthetic patient read and ignored are all entries, and no name is copied."""
    for file in shared_bundles():
        given = json.loads(file.read_text(encoding="utf-8"))
        person, report = read_bundle(given, date(2022, 1, 1))
        assert report.n_resources == len(given["entry"]), file.name
        patient = next(e["resource"] for e in given["entry"] if e["resource"]["resourceType"] == "Patient")
        said = person.model_dump_json() + "\n".join([str(line) for line in report.lines()])
        assert patient["name"][0]["family"] not in said
        assert patient["id"] not in said
        print("\n".join(["", *[str(line) for line in report.lines()]]))


def test_shared_t_scores_stay_at_the_radius():
    """Six of the eight have a T-score under 38265-5, and none of them reaches hip or spine."""
    sites = []
    for file in shared_bundles():
        person, _ = read_bundle(json.loads(file.read_text(encoding="utf-8")), date(2022, 1, 1))
        sites += [scan.site for scan in person.dxa]
    assert sites == ["radius"] * 6


def test_shared_patients_are_read_fast():
    """A register of ten thousand has to fit into a night: under a second for each, by a wide margin."""
    for file in shared_bundles():
        given = json.loads(file.read_text(encoding="utf-8"))
        begin = time.perf_counter()
        read_bundle(given, date(2022, 1, 1))
        assert time.perf_counter() - begin < 1.0
