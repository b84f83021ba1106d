"""Many patients: a folder with a file for each type of resource, files of Bundles; one of them chosen."""

import json
import tracemalloc
from datetime import date

import pytest

from trabecula.adapters.fhir import read_bundle
from trabecula.adapters.fhir.many import ManyPatients
from trabecula.adapters.files import InputError, read_record

from .fhir_bundles import LOINC, PATIENT, bundle, observation, order

TODAY = date(2026, 11, 22)
SPINE_T = "38267-1"
OTHER = PATIENT | {"id": "p2", "gender": "male"}
DRUG = {"resourceType": "Medication", "id": "m1", "code": {"text": "prednisone 5 MG Oral Tablet"}}


def of(who, value, **more):
    """A T-score of somebody."""
    return observation(LOINC, SPINE_T, value, subject={"reference": f"Patient/{who}"}, **more)


def prednisone(who):
    """An order whose medicine is a resource of its own, about nobody."""
    held = order("", "2020-01-01", subject={"reference": f"Patient/{who}"}, medicationReference={
        "reference": "Medication/m1"}, dosageInstruction=[{"text": "1 tablet daily"}])  # fmt: skip
    del held["medicationCodeableConcept"]
    return held


def export(folder, **files):
    """A folder with a file for each type of resource; a text stands for a line as it is."""
    for name, lines in files.items():
        said = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        (folder / f"{name}.ndjson").write_text("\n".join(said) + "\n")
    return folder


@pytest.fixture
def folder(tmp_path):
    """Two patients whose resources stand in four files, in any order."""
    return export(
        tmp_path, Observation=[of("p2", -1.0), of("p1", -2.5)], Patient=[PATIENT, OTHER], Medication=[DRUG],
        MedicationRequest=[prednisone("p1")],
    )  # fmt: skip


def test_each_patient_of_a_folder_is_read_as_their_own_bundle_is(folder):
    """The same person and the same report, whatever file a part of it came from; the folder may be read again."""
    many = ManyPatients(folder, TODAY)
    first = read_bundle(bundle(of("p1", -2.5), prednisone("p1"), DRUG), TODAY)
    second = read_bundle(bundle(of("p2", -1.0), patient=OTHER), TODAY)
    for _ in range(2):
        found = list(many)
        assert [read.patient for read in found] == ["p1", "p2"]
        assert [read.reading.person for read in found] == [first[0], second[0]]
        assert found[1].reading.report == second[1]
        assert found[0].reading.report.totals == first[1].totals
    assert many.left_out == []
    assert first[0].steroids


def test_one_of_a_folder_is_chosen_by_the_id_behind_its_name(folder):
    """As for a file with several; without an id, or with one that is not there, it is refused with a way on."""
    assert read_record(f"{folder}#p2", TODAY).person.sex == "male"
    with pytest.raises(InputError, match=r"one of 2 patients: p1, p2"):
        read_record(f"{folder}#p3", TODAY)
    with pytest.raises(InputError, match="a folder"):
        read_record(folder, TODAY)


def test_somebody_who_cannot_be_read_costs_nobody_else(tmp_path):
    """A patient without a birth date is refused by name; the others are read."""
    nameless = {"resourceType": "Patient", "id": "p0", "gender": "female"}
    found = list(ManyPatients(export(tmp_path, Patient=[nameless, PATIENT]), TODAY))
    assert [(read.patient, read.reading is None) for read in found] == [("p0", True), ("p1", False)]
    assert "birthDate" in str(found[0].refused)


def test_what_belongs_to_nobody_is_counted(tmp_path):
    """Broken lines, resources that name no patient, and those of a patient who is not there."""
    lost = export(tmp_path, Patient=[PATIENT, '{"resourceType": '], Observation=[of("p9", -1.0), of("", -2.0)])
    many = ManyPatients(lost, TODAY)
    assert len(list(many)) == 1
    assert [str(line) for line in many.left_out] == [
        "Observation.ndjson: 1 resource that names no patient",
        "Patient.ndjson: 1 line that is no resource; whose it was is not known",
        "1 resource about patients whose Patient is not there (1)",
    ]


def test_an_export_of_changes_replaces_what_was_there_before(tmp_path):
    """The version that was changed last counts, whichever file has it, and what was deleted is gone."""
    old, new = (
        of("p1", value, id="t", meta={"lastUpdated": day})
        for value, day in ((-2.0, "2026-01-01"), (-3.0, "2026-06-01"))
    )
    gone = of("p1", -1.0, id="gone", day="2022-01-01")
    deleted = {"resourceType": "Bundle", "type": "transaction", "entry": [
        {"request": {"method": "DELETE", "url": "Observation/gone"}}]}  # fmt: skip
    export(tmp_path, Patient=[PATIENT], Observation=[new, gone], Observation_1=[old], deleted=[deleted])
    (found,) = ManyPatients(tmp_path, TODAY)
    assert [scan.t_score for scan in found.reading.person.dxa] == [-3.0]


def test_bundles_of_several_and_of_one_are_read_from_a_folder_too(tmp_path):
    """References by address are followed; a patient who comes again is refused, not read twice."""
    url = "urn:uuid:0d7ab1d4-6f4c-4d0c-9e5c-1f7d3b8a0001"
    two = bundle(of("p2", -1.0), OTHER)
    two["entry"][0]["fullUrl"] = url
    two["entry"].append({"resource": of("p1", -2.5) | {"subject": {"reference": url}}})
    (tmp_path / "a.json").write_text(json.dumps(two))
    (tmp_path / "b.json").write_text(json.dumps(bundle()))
    (tmp_path / "c.json").write_text("[]")
    many = ManyPatients(tmp_path, TODAY)
    assert [(read.patient, read.reading is not None) for read in many] == [("p1", True), ("p2", True), ("p1", False)]
    assert [len(read.reading.person.dxa) for read in many if read.reading] == [1, 1]
    assert [str(line) for line in many.left_out] == ["c.json: no FHIR resource in it; left out"]


def test_thousands_of_patients_do_not_stand_in_memory(tmp_path):
    """Only the places of resources are kept: far less than the files hold."""
    people = [PATIENT | {"id": f"p{n}"} for n in range(2_000)]
    scans = [
        of(f"p{n % 2_000}", -1.0, day=f"20{10 + n // 2_000}-05-01", note=[{"text": "x" * 500}]) for n in range(20_000)
    ]
    export(tmp_path, Patient=people, Observation=scans)
    size = sum(file.stat().st_size for file in tmp_path.iterdir())
    del people, scans
    tracemalloc.start()
    many = iter(ManyPatients(tmp_path, TODAY))
    next(many), next(many)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < size / 5
