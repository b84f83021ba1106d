"""A person as FHIR R4 and back: nothing is lost that is not named, and two validators that fail differently agree."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import fhirkit
import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given, settings
from person_records import ON, RECORDS

import trabecula as tb
from trabecula.adapters.fhir import read_bundle
from trabecula.adapters.fhir.building import to_json
from trabecula.adapters.fhir.writing import write_bundle
from trabecula.person import Person, read_person, write_person

from .fhir_bindings import CONCEPTS, REQUIRED, checked, unbound

EXAMPLES = ("ms_man_58", "ms_woman_44", "ms_woman_67")
EVERYTHING: dict[str, Any] = {
    "birth_date": "1961-05", "sex": "female", "country": "CH", "stand_in": "DE", "ancestry": "other",
    "menopause": {"age_y": 51.5, "cause": "surgical"},
    "hormone_therapy": [{"start": "2012", "end": "2015-03", "kind": "combined", "gender_affirming": False}],
    "depot_progestogen": [{"start": "1990", "end": "1994"}],
    "pregnancies": [{"delivery": "1988-01-03", "lactation_months": 4.5}],
    "immobility": [{"start": "2019-02-01", "end": "2019-03-01", "kind": "bed_rest"}],
    "pregnancy_wish": False,
    "ms": {
        "onset": "1994", "diagnosis": "1996-05", "course": "secondary_progressive",
        "disability": [{"date": "2020-01-02", "edss": 4.5, "aid": "cane"}, {"date": "2021", "pdds": 3}],
        "relapses": [{"date": "2019-02-11", "severity": "moderate", "recovered": True}],
        "disease_modifying_drugs": [{"drug": "ocrelizumab", "start": "2018-04-01", "dose_mg": 600, "every_days": 182}],
    },
    "steroids": [
        {"start": "1996-05-20", "as_written": "5 x 500 mg methylprednisolone iv, then prednisone taper"},
        {"start": "2003-10", "end": "2003-12", "drug": "prednisone", "dose_mg": 20.0, "days": 14,
         "taper": [{"dose_mg": 10.0, "days": 7}, {"dose_mg": 5.0, "days": 7}]},
        {"start": "2027-01-10", "drug": "methylprednisolone", "route": "iv", "dose_mg": 1000.0, "days": 3},
    ],
    "medicines": [
        {"drug": "alendronate", "start": "2017-02", "end": "2022-01-31", "dose_mg": 70, "per": "week",
         "adherence": 0.7},
        {"drug": "denosumab", "start": "2022-02-14", "dose_mg": 60, "per": "6 months"},
        {"drug": "Wundermittel", "start": "2020"},
    ],
    "injections": [{"drug": "denosumab", "date": "2026-08-14"}],
    "calcium_mg_per_day": 1000, "vitamin_d_ug_per_day": 20,
    "laboratory": [
        {"date": "2026-10-06", "test": "25-OH-D", "value": 28.4, "unit": "ng/mL"},
        {"date": "2026-10-06", "test": "calcium", "value": 2.31, "unit": "mmol/L"},
        {"date": "2026-10-06", "test": "calcium", "value": 9.2, "unit": "mg/dL"},
        {"date": "2026-10-06", "test": "eGFR", "value": 71, "unit": "mL/min/1.73m2"},
    ],
    "balance_tests": [{"date": "2026-10-06", "test": "tug", "value": 14.2}],
    "frax": [{"date": "2026-10-06", "mof_percent": 18.5, "hip_percent": 4.1, "with_bmd": True, "country": "CH"}],
    "dvo_risk": [{"date": "2026-10-06", "percent": 6.5}],
    "activity": [{"date": "2026-10-06", "moderate_minutes_per_week": 60, "steps_per_day": 3500}],
    "smoking": "former", "alcohol_units_per_day": 0.5, "rheumatoid_arthritis": False, "diabetes": "type2",
    "stroke_on": "2015-03", "parental_hip_fracture": True, "kyphosis": True, "epilepsy": False,
    "fractures": [
        {"site": "forearm", "date": "2016-12-18", "trauma": "low", "side": "left"},
        {"site": "spine", "year": 2019, "found_on_imaging": True, "vertebrae": 2, "grade": 2},
        {"site": "rib", "date_unknown": True, "trauma": "high"},
    ],
    "height_loss_cm": 3, "heights": [{"date": "1990", "height_cm": 168}, {"date": "2026-10-06", "height_cm": 165}],
    "hip_prostheses": [{"side": "right", "date": "2023-05"}], "dxa_not_practicable": False,
    "falls": [{"date": "2026-03-02"}, {"count": 2, "period_months": 12, "until": "2026-11-01"}],
    "dxa": [
        {"date": "2017-01-17", "site": "lumbar_spine", "bmd_g_cm2": 0.758, "t_score": -2.6, "tbs": 1.21,
         "device": "hologic"},
        {"date": "2017-01-17", "site": "femoral_neck", "t_score": -2.4, "z_score": -1.1, "side": "left"},
        {"date": "2017-01-17", "site": "total_hip", "bmd_g_cm2": 0.676, "side": "left", "device": "lunar"},
        {"date": "2017-01-17", "site": "radius", "t_score": -1.4},
    ],
}  # fmt: skip
"""A record with nearly every field, as a file has it."""


def everybody() -> Person:
    """The person of that record."""
    return read_person(EVERYTHING, ON)


@cache
def whole(name: str, language: str = "en") -> str:
    """Everything that is written of an example, as the text of the file."""
    return to_json(tb.to_fhir(tb.read(f"examples/{name}.yaml"), draws=20, language=language))  # type: ignore[arg-type]


def problems(text: str) -> list[str]:
    """What either validator, and the required bindings, have against a bundle."""
    bundle = json.loads(text)
    found = [str(issue) for issue in fhirkit.validate(text)]
    get_fhir_model_class("Bundle").model_validate_json(text)
    for entry in bundle["entry"]:
        resource = entry["resource"]
        found += [str(issue) for issue in fhirkit.validate(json.dumps(resource))]
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        found += unbound(resource)
    return [*found, *unbound({key: held for key, held in bundle.items() if key != "entry"})]


def read_back(text: str) -> dict[str, Any]:
    """The record that a file gives."""
    return write_person(read_bundle(json.loads(text), ON)[0])


def of(person: Person) -> dict[str, Any]:
    """A record without what the loss report says is not written."""
    named = {str(line.what) for line in write_bundle(person, ON).loss.ignored if line.resource == "Person"}
    return {name: value for name, value in write_person(person).items() if name not in named}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_resource_validates_twice_and_keeps_to_required_bindings(name):
    """`fhirkit` and `fhir.resources` find nothing, and neither do the value sets that both leave unchecked."""
    assert problems(whole(name)) == []


def test_the_bindings_that_are_checked_are_met():
    """Every element of the table is written somewhere: a table that is never asked would check nothing."""
    texts = [whole("ms_woman_67"), to_json(write_bundle(everybody(), ON).bundle)]
    resources = [entry["resource"] for text in texts for entry in json.loads(text)["entry"]]
    met = {path for resource in resources for path in checked(resource)} | {"Bundle.type"}
    assert met == set(REQUIRED)
    kinds = {f"{held['resourceType']}.{name}" for held in resources for name in held}
    assert set(CONCEPTS) <= kinds


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("Observation", {"status": "nope"}),
        ("Observation", {"valueQuantity": {"value": "1"}}),
        ("Condition", {"subject": None}),
        ("RiskAssessment", {"predictions": []}),
        ("CarePlan", {"intent": "wish"}),
    ],
)
def test_a_planted_fault_is_found(kind, change):
    """The checks fail when something is wrong: a code, a type, a missing element, an unknown one."""
    bundle = json.loads(whole("ms_woman_44"))
    resource = next(held for entry in bundle["entry"] if (held := entry["resource"])["resourceType"] == kind)
    resource |= change
    if None in change.values():
        resource.pop("subject")
    try:
        found = problems(json.dumps(bundle))
    except ValueError as error:
        found = [str(error)]
    assert found


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_back_whole_beside_its_answer(name):
    """Estimates stand in the same bundle, and none of them comes back as something measured."""
    assert read_back(whole(name)) == of(tb.read(f"examples/{name}.yaml"))


def test_a_record_with_every_field_comes_back_whole():
    """Tapers, adherence, sides and grades, for which FHIR has no element, are in the extension of their resource."""
    text = to_json(write_bundle(everybody(), ON).bundle)
    assert problems(text) == []
    assert read_back(text) == of(everybody())


@settings(max_examples=150, deadline=None)
@given(RECORDS)
def test_any_record_comes_back_whole(record):
    """Person to FHIR to Person loses nothing that the loss report does not name."""
    person = read_person(record, ON)
    text = to_json(write_bundle(person, ON).bundle)
    assert read_back(text) == of(person)
    assert [str(issue) for issue in fhirkit.validate(text)] == []


def test_the_loss_report_counts_every_part_once():
    """What others read, and what stands under a code of ours, are all the resources of the record."""
    written = write_bundle(everybody(), ON)
    hidden = sum(line.n for line in written.loss.ignored if line.resource != "Person")
    assert written.loss.n_read + hidden == len(written.bundle["entry"])


def test_decimals_are_written_as_they_were_given():
    """0.758 g/cm2 is written as 0.758, and read with decimals it is 0.758."""
    text = to_json(write_bundle(everybody(), ON).bundle)
    assert '"value": 0.758,' in text
    numbers = json.loads(text, parse_float=Decimal)
    assert Decimal("0.758") in {
        part["valueQuantity"]["value"]
        for entry in numbers["entry"]
        for part in entry["resource"].get("component", [])
        if "valueQuantity" in part
    }


def test_a_resource_that_was_changed_is_read_by_its_elements():
    """Somebody corrects the date of a fracture: the extension no longer fits, and the date counts."""
    bundle = json.loads(to_json(write_bundle(everybody(), ON).bundle))
    broken = [entry["resource"] for entry in bundle["entry"] if entry["resource"].get("onsetDateTime") == "2016-12-18"]
    broken[0]["onsetDateTime"] = "2017-12-18"
    dates = {fracture.get("date") for fracture in read_back(json.dumps(bundle))["fractures"]}
    assert "2017-12-18" in dates
    assert "2016-12-18" not in dates


def test_a_server_that_gives_new_ids_changes_nothing():
    """Ids, versions and the text that a server adds are not what a resource says."""
    bundle = json.loads(to_json(write_bundle(everybody(), ON).bundle))
    for number, entry in enumerate(bundle["entry"]):
        resource = entry["resource"]
        entry["fullUrl"] = f"https://server/{resource['resourceType']}/{number}"
        resource |= {"id": str(number), "meta": {"versionId": "1"}}
        for name in ("subject", "patient"):
            if name in resource:
                resource[name] = {"reference": "Patient/0"}
    assert read_back(json.dumps(bundle)) == of(everybody())


def test_parts_beside_the_resources_of_another_program_are_not_counted_twice():
    """The same broken wrist from the hospital and from us is one wrist: both are then read by their elements."""
    bundle = json.loads(to_json(write_bundle(everybody(), ON).bundle))
    wrist = next(entry for entry in bundle["entry"] if entry["resource"].get("onsetDateTime") == "2016-12-18")
    theirs = {name: held for name, held in wrist["resource"].items() if name not in ("id", "extension")}
    bundle["entry"].append({"resource": theirs})
    assert len(read_back(json.dumps(bundle))["fractures"]) == len(EVERYTHING["fractures"])


def test_estimates_are_no_measurements():
    """A T-score that was worked out has no LOINC code, and reading it says why it is not read."""
    bundle = json.loads(whole("ms_woman_67"))
    reading = read_bundle(bundle, ON)[1]
    reasons = {str(line.reason) for line in reading.ignored if line.resource == "Observation"}
    assert reasons == {"an estimate of Trabecula, not a measurement"}


def test_everything_proposed_is_a_draft():
    """No plan and no request is an order: the intent is a proposal, the status a draft."""
    resources = [entry["resource"] for entry in json.loads(whole("ms_woman_67"))["entry"]]
    proposed = [held for held in resources if held["resourceType"] in ("CarePlan", "ServiceRequest")]
    assert {(held["intent"], held["status"]) for held in proposed} == {("proposal", "draft")}
    assert len(proposed) > 1


def test_a_risk_has_its_interval_basis_method_reason_and_what_lowers_it():
    """The mean over the draws is the probability, in per cent, between the ends of its interval."""
    resources = [entry["resource"] for entry in json.loads(whole("ms_woman_67"))["entry"]]
    (risk,) = [held for held in resources if held["resourceType"] == "RiskAssessment"]
    assert risk["basis"]
    assert risk["method"]["text"].startswith("Simulation of bone")
    assert risk["mitigation"]
    assert all(prediction["rationale"] for prediction in risk["prediction"])
    told = [prediction for prediction in risk["prediction"] if "probabilityDecimal" in prediction]
    assert len(told) > len(risk["prediction"]) / 2  # none above what any cohort has measured
    for prediction in told:
        ends = prediction["extension"][0]["valueRange"]
        assert ends["low"]["value"] <= prediction["probabilityDecimal"] <= ends["high"]["value"]


def test_the_origin_names_the_version_the_record_and_the_findings():
    """Its targets are what was worked out, its sources the resources of the record and findings of the registry."""
    bundle = json.loads(whole("ms_woman_67"))
    urls = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    (origin,) = [held for held in urls.values() if held["resourceType"] == "Provenance"]
    assert origin["agent"][0]["who"]["display"].startswith("Trabecula 0.")
    targets = {urls[target["reference"]]["resourceType"] for target in origin["target"]}
    assert targets == {"RiskAssessment", "Observation", "ServiceRequest", "CarePlan", "DocumentReference"}
    findings = [entity["what"]["identifier"]["value"] for entity in origin["entity"] if "identifier" in entity["what"]]
    known = set(tb.Evidence.load().findings())
    assert findings
    assert set(findings) <= known


def test_the_same_record_gives_the_same_file_and_no_reference_leaves_it():
    """Ids follow from the record; every reference is to an entry of the bundle."""
    person = tb.read("examples/ms_woman_44.yaml")
    once, twice = (to_json(tb.to_fhir(person, draws=20)) for _ in range(2))
    assert once == twice
    bundle = json.loads(once)
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    assert len(urls) == len(bundle["entry"])
    assert set(references(bundle)) <= urls
    assert person.id not in once


def references(value: Any) -> list[str]:
    """Every reference in a bundle."""
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [found for held in value.values() for found in references(held)]
    return [found for held in value for found in references(held)] if isinstance(value, list) else []


def test_the_sentences_are_in_the_language_asked_for():
    """The plan of a German file is in German, and the file says so."""
    resources = [entry["resource"] for entry in json.loads(whole("ms_woman_44", "de"))["entry"]]
    (plan,) = [held for held in resources if held["resourceType"] == "CarePlan"]
    assert (plan["language"], plan["title"]) == ("de", "Knochengesundheit: vorgeschlagene Schritte")


def test_the_folder_has_the_bundle_and_the_loss(tmp_path):
    """`tb.to_fhir` writes what it returns, and names what others will not read."""
    person = read_person(EVERYTHING | {"assessed_on": "2026-11-22", "id": "p1"}, date(2026, 11, 22))
    bundle = tb.to_fhir(person, tmp_path, record_only=True)
    assert json.loads(tmp_path.joinpath("bundle.json").read_text()) == json.loads(to_json(bundle))
    loss = json.loads(tmp_path.joinpath("loss.json").read_text())
    assert {line["what"] for line in loss["ignored"]} >= {"id", "assessed_on", "balance_tests"}


def test_another_program_reads_the_courses_of_steroids():
    """Without our extension a pulse has its drug, its dose and its days, and a course that is over is not going on."""
    person = read_person(
        {
            "birth_date": "1970-01-01", "sex": "female",
            "steroids": [
                {"start": "2014-05-02", "as_written": "5 x 1 g IV methylprednisolone"},
                {"start": "2017-02-27", "as_written": "3 x 1 g IV methylprednisolone, then prednisone taper"},
                {"start": "2020-01-01", "as_written": "prednisolone 7.5 mg/d"},
            ],
        },
        ON,
    )  # fmt: skip
    bundle = json.loads(to_json(write_bundle(person, ON).bundle))
    statements = [entry["resource"] for entry in bundle["entry"][1:]]
    assert [statement["status"] for statement in statements] == ["completed", "completed", "active"]
    assert statements[0]["effectivePeriod"] == {"start": "2014-05-02", "end": "2014-05-06"}
    for statement in statements:
        del statement["extension"]
    read = {course["start"]: course for course in read_back(json.dumps(bundle))["steroids"]}
    pulse = {"drug": "methylprednisolone", "route": "iv", "dose_mg": 1000.0, "end": "2014-05-06"}
    assert read["2014-05-02"] == {"start": "2014-05-02", **pulse}
    assert read["2020-01-01"]["drug"] == "prednisolone"
    assert "end" not in read["2020-01-01"]
