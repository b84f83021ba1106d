"""Read right, or say so: signs, units, negation, versions, sites, dates and persons, as other systems write them."""

from datetime import date

import pytest

from trabecula.adapters.fhir import FhirError, read_bundle
from trabecula.adapters.files import InputError, read_bytes
from trabecula.fracture.record import priors
from trabecula.person import questions
from trabecula.person.medicines import says_of_others
from trabecula.units import age_on

from .fhir_bundles import LOINC, PATIENT, SNOMED, bundle, concept, observation, order, reasons
from .test_fhir_read_right import TODAY, read, told

NAMELESS_PATIENT = {"resourceType": "Patient", "gender": "female", "birthDate": "1966-04-12"}
SPINE_T, FEMUR_T = "38267-1", "38263-0"


def scan(code, value, **more):
    """A scan with its value in any form."""
    held = {name: found for name, found in observation(LOINC, code, 0).items() if name != "valueQuantity"}
    return held | (value if isinstance(value, dict) else {"valueString": value}) | more


def condition(system, code, display="", **more):
    """A diagnosis."""
    return {"resourceType": "Condition", "code": concept(system, code, display)} | more


# ---------------------------------------------------------------- signs and units


@pytest.mark.parametrize(
    "sign", ["-", "–", "—", "−", "‐", "‑", "‒", "﹣", "－", "minus ", "T-score: -", "T-Score –", "neg. "]
)  # the signs
def test_a_t_score_keeps_its_sign_or_is_not_read(sign):
    """Every dash is a minus, and the word too."""
    person, _ = read(scan(SPINE_T, f"{sign}2.6"))
    assert [found.t_score for found in person.dxa] in ([-2.6], [])


@pytest.mark.parametrize("said", ["2.6-", "±2.6", "-2.6 / -2.4", "¬2.6"])
def test_a_number_with_a_sign_that_is_not_known_is_not_read(said):
    """No T-score of +2.6 comes of it."""
    assert read(scan(SPINE_T, said))[0].dxa == ()


def test_a_score_below_the_mean_is_negative():
    """2.6 SD below the mean of young adults."""
    assert read(scan(SPINE_T, "2.6 SD below the mean"))[0].dxa[0].t_score == -2.6


@pytest.mark.parametrize(
    ("unit", "code"), [("g/cm²", "g/cm-2"), ("g/cm2", "g/cm2"), ("kg", "kg"), ("", "g.cm-2"), ("%", "%")]
)
def test_a_density_or_a_weight_is_no_score(unit, code):
    """0.689 g/cm2 under the code of a T-score is refused."""
    quantity = {"valueQuantity": {"value": 0.689, "unit": unit, "code": code}}
    person, report = read(scan(FEMUR_T, quantity))
    assert person.dxa == ()
    assert any("wrong unit" in reason for reason in reasons(report).values())


@pytest.mark.parametrize("unit", ["1", "SD", "{T-score}", "T-Score", "{score}", "", "standard deviations"])
def test_the_units_of_a_score_are_known(unit):
    """What stands beside a number without a unit."""
    assert read(scan(SPINE_T, {"valueQuantity": {"value": -2.1, "unit": unit, "code": unit}}))[0].dxa[0].t_score == -2.1


@pytest.mark.parametrize(
    "unit", ["g/cm2", "g/cm²", "g/cm^2", "g/cm-2", "g.cm-2", "gm/cm2", "G/CM2", "g / cm2", "g per cm2"]
)
def test_a_density_is_known_by_every_spelling_of_its_unit(unit):
    """0.911 g/cm2 at the spine."""
    assert read(scan("24966-4", {"valueQuantity": {"value": 0.911, "unit": unit}}))[0].dxa[0].bmd_g_cm2 == 0.911


def test_a_density_with_a_comma_is_no_thousand():
    """1,050 g/cm2 is a little more than one."""
    found = read(scan("24966-4", {"valueQuantity": {"value": "1,050", "unit": "g/cm2"}}))[0].dxa
    assert [each.bmd_g_cm2 for each in found] == [1.05]


def test_a_unit_whose_code_and_print_differ_is_refused():
    """150 lb are not 150 kg."""
    weight = observation(LOINC, "29463-7", 0) | {"valueQuantity": {"value": 150, "unit": "lb", "code": "kg"}}
    assert read(weight)[0].weight_kg is None


@pytest.mark.parametrize("line", ["{date: 2026-10-05, edss: 6,5}", "{edss: 6,50, date: 2026-10-05}"])
def test_a_decimal_comma_in_braces_is_refused(line):
    """YAML would make a field called 5 of it."""
    said = f"birth_date: 1958\nsex: female\nms: {{onset: 2012, disability: [{line}]}}\n"
    with pytest.raises(InputError, match="write decimals with a point"):
        read_bytes(said.encode(), "record.yaml", TODAY)


@pytest.mark.parametrize(
    "line", ["weigth_kg:", "ms: {onset: 2012, edds: }", "dxa: [{date: 2026-11-01, site: spine, t_scor: }]"]
)
def test_a_field_that_is_not_known_is_refused_without_a_value_too(line):
    """A slip of the pen is no field that was left out."""
    with pytest.raises(Exception, match="unknown field"):
        read_bytes(f"birth_date: 1958\nsex: female\n{line}\n".encode(), "record.yaml", TODAY)


# ---------------------------------------------------------------- negation, status, versions


GM = "http://fhir.de/CodeSystem/bfarm/icd-10-gm"


def certainty(letter, **more):
    """MS with a German letter for its certainty."""
    url = "http://fhir.de/StructureDefinition/icd-10-gm-diagnosesicherheit"
    coding = {"system": GM, "code": "G35.9", "extension": [{"url": url, "valueCoding": {"code": letter}}]}
    return condition(GM, "G35.9", onsetDateTime="2010-01-01") | {"code": {"coding": [coding]}} | more


def test_an_excluded_diagnosis_is_none():
    """A is ausgeschlossen; V is a suspicion, which is told; G is certain."""
    assert read(certainty("A"))[0].ms is None
    person, report = read(certainty("V"))
    assert person.ms is not None
    assert any("not confirmed" in line for line in told(report))
    assert read(certainty("G"))[0].ms is not None


@pytest.mark.parametrize(
    "said",
    [
        "Ausschluss Multiple Sklerose",
        "MS ruled out",
        "No evidence of multiple sclerosis",
        "Sclerosi multipla esclusa",
        "keine MS",
    ],
)
def test_words_that_deny_a_diagnosis_are_heard(said):
    """The code says MS, the words beside it say no."""
    held = condition(SNOMED, "24700007", onsetDateTime="2010-01-01")
    assert read(held | {"code": held["code"] | {"text": said}})[0].ms is None


@pytest.mark.parametrize("status", ["refuted", "entered-in-error"])
def test_a_status_may_be_a_plain_word(status):
    """So it was before R4; and the report says of which version the bundle is."""
    person, report = read(
        condition(SNOMED, "24700007", verificationStatus=status, clinicalStatus="active", onsetDateTime="2010")
    )
    assert person.ms is None
    assert "STU3" in str(report.source)


def test_what_was_not_taken_is_not_taken_in_any_version():
    """STU3 says taken: n, DSTU2 wasNotTaken."""
    for more in ({"taken": "n"}, {"wasNotTaken": True}):
        held = order(
            "prednisone 5 MG Oral Tablet", resourceType="MedicationStatement", effectiveDateTime="2020-01-01", **more
        )
        assert read(held)[0].steroids == ()


def test_an_extension_that_changes_the_meaning_is_not_passed_over():
    """A modifierExtension that is not known makes a resource unreadable."""
    held = condition(SNOMED, "24700007", modifierExtension=[{"url": "http://x.org/not", "valueBoolean": True}])
    assert read(held)[0].ms is None


def test_medicines_of_r5_are_found():
    """In R5 code and reference stand in one element."""
    coded = {"concept": {"text": "prednisone 10 MG Oral Tablet"}}
    ordered = {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "medication": coded}
    ordered |= {"authoredOn": "2020-01-01", "dosageInstruction": [{"text": "10 mg daily"}]}
    stated = {"resourceType": "MedicationStatement", "status": "recorded", "effectivePeriod": {"start": "2021-01-01"}}
    stated |= {"medication": {"reference": {"reference": "Medication/d1"}}}
    drug = {"resourceType": "Medication", "id": "d1", "code": {"text": "denosumab 60 mg/mL"}}
    person, report = read(ordered, stated, drug)
    assert [course.dose_mg for course in person.steroids] == [10]
    assert [medicine.drug for medicine in person.medicines] == ["denosumab"]
    assert "R5" in str(report.source)


# ---------------------------------------------------------------- whose, and when


@pytest.mark.parametrize(
    "who",
    [
        "Patient/somebody-else",
        "http://other.org/fhir/Patient/9",
        "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
        "Group/1",
    ],
)
@pytest.mark.parametrize("patient", [PATIENT, NAMELESS_PATIENT])
def test_what_refers_to_somebody_else_is_left_out(who, patient):
    """Also where the Patient has no id to compare with."""
    held = condition(SNOMED, "359817006", subject={"reference": who}, onsetDateTime="2020-01-02")
    assert read(held, patient=patient)[0].fractures == ()


@pytest.mark.parametrize(
    "visit", [{"encounter": {"reference": "Encounter/e1"}}, {"context": {"reference": "Encounter/e1"}}]
)
def test_a_fracture_is_dated_by_its_visit(visit):
    """The diagnosis has no day of its own, the visit at which it was made has."""
    visited = {"resourceType": "Encounter", "id": "e1", "period": {"start": "2021-03-04T09:00:00Z"}}
    broken = condition("http://hl7.org/fhir/sid/icd-10-cm", "M80.051A", **visit)
    fallen = condition("http://hl7.org/fhir/sid/icd-10-cm", "W01.0XXA", **visit)
    person, _ = read(visited, broken, fallen)
    assert [(str(each.date), each.site) for each in person.fractures] == [("2021-03-04", "hip")]
    assert [str(each.date) for each in person.falls] == ["2021-03-04"]


@pytest.mark.parametrize(
    "extension",
    [
        {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-individual-sex",
         "valueCoding": {"system": SNOMED, "code": "248152002"}},
        {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex", "valueCode": "248152002"},
        {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": "F"},
        {"url": "http://hl7.org/fhir/StructureDefinition/individual-recordedSexOrGender",
         "extension": [{"url": "value", "valueCodeableConcept": {"coding": [{"code": "female"}]}}]},
    ],
)  # fmt: skip
def test_the_sex_may_stand_in_an_extension(extension):
    """US Core 9 has no gender."""
    patient = {"resourceType": "Patient", "id": "p1", "birthDate": "1966-04-12", "extension": [extension]}
    assert read(patient=patient)[0].sex == "female"


def test_a_sex_that_is_not_known_stays_unknown():
    """A code for unknown is neither."""
    extension = {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex", "valueCode": "asked-declined"}
    with pytest.raises(FhirError, match="gender"):
        read_bundle(bundle(patient=PATIENT | {"gender": "unknown", "extension": [extension]}), TODAY)


# ---------------------------------------------------------------- scans, reports and measures


def test_femur_and_hip_of_one_day_are_two_scans():
    """HL7's own example: six numbers, two scans, and it is told which part the femur stands for."""
    values = {"80954-1": 0.631, "80948-3": -1.48, "80940-0": 0.05, "46278-8": 0.734, "80946-7": -1.62, "80938-4": -0.19}
    units = {"80954-1": "g/cm2", "46278-8": "g/cm2"}
    scans = [scan(code, {"valueQuantity": {"value": n, "code": units.get(code, "1")}}) for code, n in values.items()]
    person, report = read(*scans)
    found = [(each.site, each.bmd_g_cm2, each.t_score, each.z_score) for each in person.dxa]
    assert found == [("femoral_neck", 0.631, -1.48, 0.05), ("total_hip", 0.734, -1.62, -0.19)]
    assert any("beside a scan of the hip" in line for line in told(report))


@pytest.mark.parametrize(
    "said", ["DXA BONE DENSITOMETRY", "Knochendichtemessung", "MOC lombare e femorale", "DEXA scan"]
)
def test_a_report_about_bone_in_words_is_told_as_unread(said):
    """Its numbers stand in a sentence, and nobody has read them."""
    held = {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": said}}
    _, report = read(held | {"conclusion": "L1-L4 T-score -2.7"})
    assert "its numbers were not read" in reasons(report)[said]
    assert any("enter site, T-score and date by hand" in line for line in told(report))


def test_an_index_without_a_height_is_told_as_unusable():
    """There are no height and weight that could be read instead."""
    _, report = read(observation(LOINC, "39156-5", 0) | {"valueQuantity": {"value": 17.2, "code": "kg/m2"}})
    assert [str(line.reason) for line in report.ignored] == [
        "without a height an index cannot be used: enter height or weight"
    ]


def test_the_latest_possible_value_is_read():
    """A height of 1.67 cm does not hide the 168 cm before it."""
    heights = [observation(LOINC, "8302-2", 0, day) for day in ("2019-01-01", "2026-01-01")]
    values = [{"valueQuantity": {"value": n, "code": "cm"}} for n in (168, 1.67)]
    person, report = read(*(held | value for held, value in zip(heights, values, strict=True)))
    assert person.height_cm == 168
    assert any("the latest value is impossible" in line for line in told(report))


def test_a_wrist_of_a_public_sample_is_a_forearm_and_other_words_are_asked_for():
    """Synthea's code for a broken wrist; a code that nobody knows beside the word fracture is told."""
    wrist = condition(SNOMED, "263102004", "Fracture subluxation of wrist", onsetDateTime="2017-10-02")
    other = condition(SNOMED, "99999999", "Fracture of something", onsetDateTime="2017-10-02")
    person, report = read(wrist, other)
    assert [each.site for each in person.fractures] == ["forearm"]
    assert any("Fracture of something: a diagnosis whose code is not known" in line for line in told(report))


@pytest.mark.parametrize(
    "more", [{"recordedDate": "2019-05-01"}, {"recordedDate": "2023-05-01"}, {"onsetDateTime": "2021-05-01"}]
)
def test_a_menopause_that_was_noted_late_has_passed_at_an_unknown_date(more):
    """A state that is noted at 64 or 68 tells nothing of the last period."""
    held = condition(SNOMED, "76498008", "Postmenopausal state", **more)
    person, _ = read(held, patient=PATIENT | {"birthDate": "1955-04-12"})
    assert (person.menopausal, person.menopause) == (True, None)


def test_a_menopause_with_its_own_date_keeps_it():
    """The onset at 51 is the last period."""
    held = condition(SNOMED, "76498008", onsetDateTime="2006-05-01")
    person, _ = read(held, patient=PATIENT | {"birthDate": "1955-04-12"})
    assert str(person.menopause.date) == "2006-05-01"


def record(more):
    """A record in YAML, read."""
    return read_bytes(f"birth_date: 1961-11-22\nsex: female\n{more}".encode(), "record.yaml", TODAY).person


def test_the_same_course_twice_is_asked_about():
    """One course entered twice would double the dose; half of the week and the other half would not."""
    once = "  - {start: 2020-01-01, end: 2020-12-31, drug: prednisone, route: oral, dose_mg: 10}\n"
    asked = [str(question.message) for question in questions(record(f"steroids:\n{once}{once}"), TODAY)]
    assert any("are the two one?" in question for question in asked)
    later = once.replace("2020-01-01", "2020-06-01")
    assert any(
        "are the two one?" in str(each.message) for each in questions(record(f"steroids:\n{once}{later}"), TODAY)
    )
    days = [once.replace("dose_mg: 10", "dose_mg: 10, every_days: 7").replace("01-01", f"01-0{n}") for n in (1, 3, 5)]
    assert not any(
        "are the two one?" in str(each.message) for each in questions(record("steroids:\n" + "".join(days)), TODAY)
    )


def test_one_tablet_that_is_not_known_is_no_list_of_medicines():
    """It says nothing of what else is taken."""
    assert not says_of_others(
        record("medicines:\n  - {start: 2016-05-05, end: 2016-05-05, drug: loratadine}\n").medicines
    )
    assert says_of_others(record("medicines:\n  - {start: 2016-05-05, drug: omeprazole}\n").medicines)


@pytest.mark.parametrize(
    ("birth", "age"), [("1961-11-22", 65), ("1961-11-23", 64), ("1960-02-29", 66), ("1976-11-22", 50)]
)
def test_somebody_is_65_on_the_birthday(birth, age):
    """And 64 the day before it, whatever the years of 366 days."""
    assert int(age_on(TODAY, date.fromisoformat(birth))) == age


def test_a_fracture_without_any_date_is_one_in_the_past():
    """A broken hip that nobody can date counts as a fracture of usual age, and that is told."""
    person, report = read(
        condition(SNOMED, "5913000", "Fracture of neck of femur", verificationStatus=concept("x", "confirmed"))
    )
    assert [(each.site, each.date, each.date_unknown) for each in person.fractures] == [("hip", None, True)]
    assert [(prior.site, prior.years_since) for prior in priors(person, 0.0) or ()] == [("hip", None)]
    assert any("in the past, at an unknown time" in line for line in told(report))


def test_a_fracture_without_a_date_beside_one_with_a_date_is_the_same():
    """A problem list repeats what an emergency visit has dated."""
    dated = condition(SNOMED, "5913000", onsetDateTime="2015-01-01")
    person, report = read(condition(SNOMED, "5913000"), dated)
    assert [str(each.date) for each in person.fractures] == ["2015-01-01"]
    assert any("the same fracture" in line for line in told(report))


def test_a_record_says_that_a_date_is_unknown():
    """In a file too; with a date beside it one of the two is a mistake."""
    assert record("fractures:\n  - {site: hip, date_unknown: true}\n").fractures[0].when is None
    with pytest.raises(Exception, match="date"):
        record("fractures:\n  - {site: hip, date_unknown: true, date: 2015}\n")
    with pytest.raises(Exception, match="date"):
        record("fractures:\n  - {site: hip}\n")


@pytest.mark.parametrize("onset", [{"onsetRange": {"low": {"value": 40}}}, {"onsetString": "some years ago"}])
def test_an_onset_that_is_not_understood_is_not_taken_for_a_date(onset):
    """The day of recording stands in, and that is told."""
    person, report = read(condition(SNOMED, "5913000", recordedDate="2020-02-03", **onset))
    assert str(person.fractures[0].date) == "2020-02-03"
    assert any("it may have happened earlier" in line for line in told(report))


def test_observations_and_orders_are_dated_by_their_visit():
    """A T-score and an order that only say at which visit they were made."""
    visited = {"resourceType": "Encounter", "id": "e1", "period": {"start": "2021-03-04"}}
    visit = {"encounter": {"reference": "Encounter/e1"}}
    measured = {name: held for name, held in observation(LOINC, SPINE_T, -2.1).items() if name != "effectiveDateTime"}
    ordered = {name: held for name, held in order("prednisone 5 MG Oral Tablet").items() if name != "authoredOn"}
    person, _ = read(visited, measured | visit, ordered | visit)
    assert [str(each.date) for each in person.dxa] == ["2021-03-04"]
    assert [str(each.start) for each in person.steroids] == ["2021-03-04"]


def test_a_date_before_birth_does_not_hide_the_onset():
    """Programs write 1900 where they know no date."""
    found = [condition(SNOMED, "24700007", onsetDateTime=day) for day in ("1900-01-01", "2012-05-02")]
    assert str(read(*found)[0].ms.onset) == "2012-05-02"


@pytest.mark.parametrize(
    "held",
    [
        {"resourceType": "DocumentReference", "status": "current", "type": {"text": "DXA bone density report"}},
        {"resourceType": "ImagingStudy", "status": "available", "description": "DEXA hip and spine"},
        scan("00000-0", "T-score L1-L4 -2.7") | {"code": {"text": "Bone density, narrative"}},
    ],
)
def test_findings_about_bone_in_other_forms_are_told_as_unread(held):
    """A document, a study, an observation in words."""
    assert any("enter site, T-score and date by hand" in line for line in told(read(held)[1]))
