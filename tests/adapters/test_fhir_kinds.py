"""Two more inputs of every kind that was once read wrongly, each with what is right, written before it was read."""

from datetime import date

import pytest

from trabecula.adapters.fhir import FhirError, read_bundle

from .fhir_bundles import LOINC, PATIENT, SNOMED, bundle, concept, observation, order
from .test_fhir_read_right import DAILY, FIVE, GRAM, RXNORM, TEN, TODAY, given, grams, instructed, mg_a_day, read, timed
from .test_fhir_said_right import GM, condition, scan

ATC = "http://www.whocc.no/atc"
SPINE_T, NECK, HIP_FRACTURE = "38267-1", "femoral_neck", "5913000"


def told(report):
    """What was assumed, and what was left out with which reason, as one text."""
    lines = [f"{line.what} | {line.assumed} | {line.cost}" for line in report.assumed]
    return "\n".join(lines)


# ---------------------------------------------------------------- dose texts

DOSES = {
    # thousands
    ("2,000 mg IV once", GRAM): 2.0,
    ("2 vials (1,000 mg) daily x 3 days", "methylprednisolone 500 MG Injection"): 3.0,
    # fractions in words and signs
    ("three quarters of a tablet daily for 8 days", FIVE): 0.03,
    ("1/2-0-1/2 für 10 Tage", FIVE): 0.05,
    # forms of large vendors
    ("Take 3 tablets (15 mg total) by mouth daily for 5 days, THEN 2 tablets (10 mg total) daily for 5 days.", FIVE):
        0.125,
    ("4 tab PO daily x 3 days, 3 tab PO daily x 3 days, then stop", FIVE): 0.105,
    # intervals
    ("one tablet once every three days for 30 days", FIVE): 0.05,
    ("jeden dritten Tag 1 Tablette für 30 Tage", FIVE): 0.05,
    # days of the week
    ("1 tablet every Sat and Sun for 4 weeks", FIVE): 0.04,
    ("2 compresse il lunedì e il giovedì per 4 settimane", FIVE): 0.08,
    # tapers
    ("60 mg daily x 1 week, 40 mg daily x 1 week, 20 mg daily x 1 week, then off", TEN): 0.84,
    ("40 mg täglich für 5 Tage, dann alle 5 Tage um 10 mg reduzieren", TEN): 0.5,
    ("20 mg daily, reduce by 5 mg every 2 weeks until stopped", TEN): 0.7,
    # totals
    ("total of 3 g IV over 3 days", GRAM): 3.0,
    ("insgesamt 5 g i.v. über 5 Tage", GRAM): 5.0,
}  # fmt: skip


@pytest.mark.parametrize(("said", "product"), DOSES)
def test_a_dose_in_words_is_read(said, product):
    """As many grams as are written."""
    person, _ = read(instructed(said, product))
    assert grams(person) == pytest.approx(DOSES[said, product], abs=0.0051)


@pytest.mark.parametrize(
    "said",
    [
        "10 mg on weekdays and 5 mg on weekends",
        "Medrol dosepak, take as directed on package",
        "See instructions",
        "10 mg daily, total 30 tablets",
        "5 mg daily while flaring",
        "1-2-3 tablets, see plan",
        "5 mg on odd days, 10 mg on even days",
        "5 mg, after 3 weeks 2.5 mg",
        "hold if glucose high, else 10 mg daily",
        "ab Montag 20 mg, sonst 10 mg",
        "10 mg/m2 daily",
        "10 mg daily for 5 days of each month",
        "keine Einnahme am Wochenende, sonst 5 mg täglich",
        "5 mg al giorno tranne la domenica",
        "10 to 20 mg daily",
        "40 mg daily for 5 days with each relapse",
        "10 mg every other day alternating with 5 mg",
        "up to 30 mg daily",
    ],
)
def test_a_dose_in_words_that_is_not_wholly_understood_is_told(said):
    """A count, a negation, a condition or a date in it."""
    person, report = read(instructed(said, TEN, status="active"))
    doubt = ("not wholly understood", "once a day", "enter the course", "strength used as the dose", "left out")
    assert any(word in told(report) for word in doubt), (person.steroids, told(report))


# ---------------------------------------------------------------- timing

TIMED = [
    ({"count": 5, "frequency": 1, "period": 2, "periodUnit": "d"}, {}, 0.05),
    ({"count": 4, "frequency": 1, "period": 1, "periodUnit": "wk"}, {}, 0.04),
    ({}, {"event": ["2026-01-05", "2026-02-05"]}, 0.02),
    ({}, {"event": ["2026-01-05T08:00:00Z", "2026-01-05T20:00:00Z"]}, 0.02),
    (DAILY | {"boundsPeriod": {"start": "2026-01-05", "end": "2026-01-14"}}, {}, 0.1),
    (DAILY | {"boundsDuration": {"value": 2, "unit": "weeks"}}, {}, 0.14),
    ({"dayOfWeek": ["mon", "thu"], "boundsDuration": {"value": 14, "code": "d"}}, {}, 0.04),
    ({"dayOfWeek": ["sat"], "timeOfDay": ["08:00:00", "20:00:00"], "boundsDuration": {"value": 28, "code": "d"}}, {},
     0.08),
    ({"dayOfWeek": ["mon"], "frequency": 1, "period": 2, "periodUnit": "wk",
      "boundsDuration": {"value": 28, "code": "d"}}, {}, 0.02),
    ({"frequency": 1, "period": 0.5, "periodUnit": "d", "boundsDuration": {"value": 5, "code": "d"}}, {}, 0.1),
    ({"frequency": 1, "period": 48, "periodUnit": "h", "boundsDuration": {"value": 10, "code": "d"}}, {}, 0.05),
    ({"boundsDuration": {"value": 10, "code": "d"}}, {"code": {"text": "BID"}}, 0.2),
]  # fmt: skip


@pytest.mark.parametrize(("repeat", "more", "total"), TIMED)
def test_a_coded_timing_is_read(repeat, more, total):
    """10 mg each."""
    person, report = read(timed(repeat, **more))
    assert grams(person) == pytest.approx(total, abs=0.0001), told(report)


@pytest.mark.parametrize(
    "repeat",
    [
        DAILY | {"boundsRange": {"low": {"value": 5, "code": "d"}, "high": {"value": 10, "code": "d"}}},
        DAILY | {"periodMax": 2},
        {"frequency": 1, "frequencyMax": 3, "period": 1, "periodUnit": "d"},
        {"period": 3},
        {"when": ["SICK"]},
    ],
)
def test_a_coded_timing_with_two_readings_is_told(repeat):
    """A range is not one number."""
    assert "not wholly understood" in told(read(timed(repeat))[1])


def test_as_needed_is_no_more_than_its_largest_dose_of_a_day():
    """10 mg every four hours, at most 20 mg a day."""
    ordered = timed({"frequency": 1, "period": 4, "periodUnit": "h"})
    most = {"numerator": {"value": 20, "unit": "mg", "code": "mg"}, "denominator": {"value": 1, "code": "d"}}
    ordered["dosageInstruction"][0] |= {"asNeededBoolean": True, "maxDosePerPeriod": most}
    person, report = read(ordered)
    assert mg_a_day(person) == 20
    assert "as needed" in told(report)


@pytest.mark.parametrize(
    "most",
    [
        {"numerator": {"value": 2, "unit": "tablet"}, "denominator": {"value": 24, "code": "h"}},
        [{"numerator": {"value": 20, "code": "mg"}, "denominator": {"value": 1, "code": "d"}}],
    ],
)
def test_the_largest_dose_may_be_one_of_tablets_or_in_a_list(most):
    """Two tablets of 10 mg in 24 hours; R5 has a list."""
    ordered = timed({"frequency": 1, "period": 4, "periodUnit": "h"})
    ordered["dosageInstruction"][0] |= {"asNeededBoolean": True, "maxDosePerPeriod": most}
    assert mg_a_day(read(ordered)[0]) == 20


# ---------------------------------------------------------------- orders, administrations, refills


def test_what_was_given_explains_only_the_order_that_it_names():
    """Three infusions replace the order of the pulse; the tablets that were ordered beside it stay."""
    pulse = timed({}, 1000, GRAM, id="a", status="completed")
    tablets = instructed("20 mg daily for 10 days", "methylprednisolone 20 MG Oral Tablet", "2026-01-05", id="b")
    doses = [given(GRAM, f"2026-01-0{day}", 1000, request={"reference": "MedicationRequest/a"}) for day in (5, 6, 7)]
    assert grams(read(pulse, tablets, *doses)[0]) == pytest.approx(3.2)


def test_doses_after_an_order_has_ended_are_doses_of_their_own():
    """Ten days of tablets in January; two tablets on a ward in March."""
    ordered = instructed("10 mg daily for 10 days", TEN)
    assert grams(read(ordered, given(TEN, "2026-03-01", 10), given(TEN, "2026-03-02", 10))[0]) == 0.12


@pytest.mark.parametrize("more", [{"status": "not-done"}, {"status": "entered-in-error"}, {"notGiven": True}])
def test_a_dose_that_was_not_given_is_none(more):
    """In words of R4, STU3 and DSTU2."""
    assert read(given(GRAM, "2026-01-05", 1000, **more))[0].steroids == ()


def test_refills_lengthen_a_supply_and_a_gap_between_two_is_a_gap():
    """Thirty days and two refills are ninety; sixty days later another month."""
    supply = {"expectedSupplyDuration": {"value": 30, "code": "d"}}
    first = instructed("5 mg daily", day="2025-01-01", dispenseRequest=supply | {"numberOfRepeatsAllowed": 2})
    second = instructed("5 mg daily", day="2025-06-01", dispenseRequest=supply)
    person, _ = read(first, second)
    assert [(str(c.start), str(c.end)) for c in person.steroids] == [
        ("2025-01-01", "2025-03-31"), ("2025-06-01", "2025-06-30"),
    ]  # fmt: skip


def test_what_was_dispensed_twice_with_a_gap_is_two_courses():
    """A pharmacy hands out a month in January and one in May."""
    handed = [
        order(FIVE, "x", "completed", resourceType="MedicationDispense", whenHandedOver=day, authoredOn=None,
              daysSupply={"value": 30, "code": "d"}, dosageInstruction=[{"text": "1 tablet daily"}])
        for day in ("2025-01-01", "2025-05-01")
    ]  # fmt: skip
    assert grams(read(*handed)[0]) == 0.3


@pytest.mark.parametrize("kind", ["MedicationRequest", "MedicationStatement"])
def test_a_treatment_on_hold_does_not_go_on_in_silence(kind):
    """Paused is neither active nor over."""
    held = instructed("5 mg daily", status="on-hold", resourceType=kind, effectivePeriod={"start": "2020-01-01"})
    person, report = read(held)
    assert all(course.end for course in person.steroids)
    assert "paused" in told(report)


# ---------------------------------------------------------------- status words, certainty


@pytest.mark.parametrize("status", ["aborted", "suspended", "not-done", "preparation", "rejected", "entered-in-error"])
def test_a_procedure_that_was_not_done_is_none(status):
    """The removal of both ovaries that was called off."""
    held = {"resourceType": "Procedure", "status": status, "performedDateTime": "2010-01-01",
            "code": concept(SNOMED, HIP_FRACTURE)}  # fmt: skip
    assert read(held)[0].fractures == ()


@pytest.mark.parametrize("status", ["unknown", "registered", "cancelled", "specimen-in-process", "appended?"])
def test_an_observation_that_is_not_valid_has_no_value(status):
    """Also with a word that no version has."""
    assert read(scan(SPINE_T, "-2.5", status=status))[0].dxa == ()


@pytest.mark.parametrize("status", ["ended", "completed", "stopped"])
def test_an_order_that_has_ended_does_not_go_on(status):
    """R5 says ended."""
    person, report = read(instructed("5 mg daily", status=status, day="2020-01-01"))
    assert all(course.end for course in person.steroids)
    assert told(report)


@pytest.mark.parametrize(("letter", "is_read"), [("A", False), ("V", True), ("Z", True), ("G", True)])
def test_a_fracture_has_its_german_certainty(letter, is_read):
    """Excluded, suspected (told), an earlier state (which is history), certain."""
    url = "http://fhir.de/StructureDefinition/icd-10-gm-diagnosesicherheit"
    coding = {"system": GM, "code": "S72.0", "extension": [{"url": url, "valueCoding": {"code": letter}}]}
    held = {"resourceType": "Condition", "code": {"coding": [coding]}, "onsetDateTime": "2015-01-01"}
    person, report = read(held)
    assert bool(person.fractures) == is_read
    assert ("not confirmed" in told(report)) == (letter == "V")


def test_ms_of_an_earlier_state_is_told():
    """Z beside MS, which never ends."""
    url = "http://fhir.de/StructureDefinition/icd-10-gm-diagnosesicherheit"
    held = condition(GM, "G35.9", onsetDateTime="2010-01-01", extension=[{"url": url, "valueCoding": {"code": "Z"}}])
    person, report = read(held)
    assert person.ms is not None
    assert "multiple sclerosis" in told(report).lower() or "ms" in told(report).lower()


@pytest.mark.parametrize("said", ["Verdacht auf Multiple Sklerose", "Suspected multiple sclerosis", "MS?", "V.a. MS"])
def test_a_suspicion_in_words_is_told(said):
    """The code says MS, the words beside it doubt."""
    held = condition(SNOMED, "24700007", onsetDateTime="2010-01-01")
    assert "not confirmed" in told(read(held | {"code": held["code"] | {"text": said}})[1])


# ---------------------------------------------------------------- signs, units, sites


@pytest.mark.parametrize("value", ["−1,9", "- 1.9", "T-score: –1.9 SD", "minus 1,9", "T = -1.9"])
def test_a_sign_is_kept(value):
    """Or the number is not read; +1.9 never."""
    assert [found.t_score for found in read(scan(SPINE_T, value))[0].dxa] in ([-1.9], [])


def test_a_quantity_as_a_text_keeps_its_sign():
    """A program that writes numbers as texts, with a typographer's minus."""
    assert read(scan(SPINE_T, {"valueQuantity": {"value": "−2.1", "code": "1"}}))[0].dxa[0].t_score == -2.1


SIZES = [
    ("29463-7", 154, "[lb_av]", 69.853), ("29463-7", 70, "Kilogramm", 70), ("29463-7", 70, "kilograms", 70),
    ("29463-7", 11, "stone", 69.853), ("8302-2", 1.68, "Meter", 168), ("8302-2", 168, "centimetres", 168),
    ("8302-2", 66, "in", 167.64), ("8302-2", 1680, "mm", 168), ("29463-7", 70000, "grams", 70),
]  # fmt: skip


@pytest.mark.parametrize(("code", "value", "unit", "is_now"), SIZES)
def test_a_size_is_known_by_its_unit_in_words(code, value, unit, is_now):
    """UCUM and words."""
    person, _ = read(observation(LOINC, code, 0) | {"valueQuantity": {"value": value, "unit": unit}})
    assert (person.weight_kg or person.height_cm) == pytest.approx(is_now, abs=0.01)


@pytest.mark.parametrize(("value", "unit"), [(120, "mg/cm3"), (0.9, ""), (90, "%"), (900, "g/cm2")])
def test_a_density_in_another_unit_is_not_read(value, unit):
    """A density of volume, a number without its unit, a share of the young adult."""
    assert read(scan("24966-4", {"valueQuantity": {"value": value, "unit": unit}}))[0].dxa == ()


@pytest.mark.parametrize(
    ("site", "is_at"),
    [
        ("Left femoral neck", NECK), ("Schenkelhals links", NECK), ("collo femorale", NECK), ("Neck of femur", NECK),
        ("Total hip", "total_hip"), ("Gesamthüfte rechts", "total_hip"), ("L1-L4", "lumbar_spine"),
        ("Lumbar spine (L2-L4)", "lumbar_spine"), ("LWS", "lumbar_spine"), ("Distal 1/3 radius", "distal_radius_third"),
    ],
)  # fmt: skip
def test_the_site_of_a_scan_is_known_by_words(site, is_at):
    """The body site refines the code, or the number is not read."""
    code = {NECK: "38263-0", "total_hip": "38263-0"}.get(is_at, SPINE_T)
    found = read(scan(code, "-2.0", bodySite={"text": site}))[0].dxa
    assert [each.site for each in found] in ([is_at], [])


def test_two_hips_are_two_scans():
    """Left and right of one day, by body site."""
    sides = [
        scan("38263-0", f"-{n}", bodySite={"text": f"{side} total hip"}) for n, side in ((1.5, "left"), (1.9, "right"))
    ]
    assert sorted(each.t_score for each in read(*sides)[0].dxa) == [-1.9, -1.5]


def test_a_report_of_dxa_with_components_is_read():
    """One observation for the scan, its numbers as components, in a report."""
    parts = [
        {"code": concept(LOINC, "38263-0"), "valueQuantity": {"value": -2.2, "code": "1"}},
        {"code": concept(LOINC, "24701-5"), "valueQuantity": {"value": 0.612, "code": "g/cm2"}},
        {"code": concept(LOINC, SPINE_T), "valueQuantity": {"value": -1.4, "code": "1"}},
    ]
    panel = {"resourceType": "Observation", "id": "o1", "status": "final", "code": {"text": "DXA"}, "component": parts,
             "effectiveDateTime": "2024-02-02"}  # fmt: skip
    made = {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "DXA"},
            "result": [{"reference": "Observation/o1"}], "conclusion": "Osteopenia"}  # fmt: skip
    found = read(panel, made)[0].dxa
    assert {(each.site, each.t_score, each.bmd_g_cm2) for each in found} == {
        ("total_hip", -2.2, 0.612), ("lumbar_spine", -1.4, None),
    }  # fmt: skip


@pytest.mark.parametrize("value", ["T-score -2.5, Z-score -1.0", "-2.6 / -2.4", "see report"])
def test_a_score_that_is_not_understood_is_told(value):
    """Two numbers, or words: it is left out, and the report says that it was there."""
    person, report = read(scan(SPINE_T, value))
    assert person.dxa == ()
    assert "was not understood" in told(report)


# ---------------------------------------------------------------- who and when

BIRTHSEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"


@pytest.mark.parametrize("gender", ["other", "unknown", "male", None])
def test_the_sex_at_birth_comes_before_the_gender(gender):
    """Where both are recorded and differ, that is told."""
    patient = {"resourceType": "Patient", "id": "p1", "birthDate": "1966-04-12", "gender": gender,
               "extension": [{"url": BIRTHSEX, "valueCode": "F"}]}  # fmt: skip
    person, report = read(patient={key: held for key, held in patient.items() if held})
    assert person.sex == "female"
    assert ("differ" in told(report)) == (gender is not None)


@pytest.mark.parametrize(
    ("held", "what"),
    [
        (scan(SPINE_T, "-2.5", effectiveDateTime=None), "enter"),
        (observation(SNOMED, "273554001", 4.5, effectiveDateTime=None), "enter"),
        (condition(SNOMED, "1912002", "Fall"), "enter"),
        (condition(SNOMED, "192929006", "Exacerbation of multiple sclerosis"), "enter"),
        (order(FIVE, "", "active", dosageInstruction=[{"text": "5 mg daily"}]), "enter"),
        (order("denosumab 60 mg", "", "completed"), "enter"),
    ],
)
def test_what_has_no_date_and_would_move_a_risk_is_told(held, what):
    """A scan, an EDSS, a fall, a relapse, a steroid and a bone drug without any date."""
    assert what in told(read(held)[1])


@pytest.mark.parametrize(
    "who",
    [
        {"reference": "RelatedPerson/mother"}, {"reference": "Patient/other-id"}, {"reference": "Group/g"},
        {"identifier": {"system": "urn:mrn", "value": "999"}}, {"type": "Device", "display": "a phantom"},
    ],
)  # fmt: skip
def test_a_value_of_somebody_else_is_left_out(who):
    """By reference, and by identifier."""
    patient = PATIENT | {"identifier": [{"system": "urn:mrn", "value": "123"}]}
    assert read(scan(SPINE_T, "-3.5", subject=who), patient=patient)[0].dxa == ()


def test_a_value_by_the_patients_own_identifier_is_read():
    """A logical reference."""
    patient = PATIENT | {"identifier": [{"system": "urn:mrn", "value": "123"}]}
    held = scan(SPINE_T, "-3.5", subject={"identifier": {"system": "urn:mrn", "value": "123"}})
    assert len(read(held, patient=patient)[0].dxa) == 1


# ---------------------------------------------------------------- codes and classes


@pytest.mark.parametrize(
    ("system", "code", "drug"),
    [
        (ATC, "M05BX04", "denosumab"), (ATC, "M05BA04", "alendronate"), (ATC, "M05BA08", "zoledronate"),
        (ATC, "M05BB03", "alendronate"), (ATC, "H05AA02", "teriparatide"), (ATC, "L04AG08", "ocrelizumab"),
        (ATC, "M05BX06", "romosozumab"), (ATC, "G03XC01", "raloxifene"),
    ],
)  # fmt: skip
def test_a_medicine_is_known_by_its_class(system, code, drug):
    """ATC alone, without words."""
    held = order("", "2022-01-01", "active", medicationCodeableConcept=concept(system, code))
    assert [medicine.drug for medicine in read(held)[0].medicines] == [drug]


@pytest.mark.parametrize(
    "said", ["Prolia", "Aclasta 5 mg/100 ml", "Fosavance", "Fosamax", "Forsteo", "Evenity", "Actonel"]
)
def test_a_medicine_is_known_by_its_brand(said):
    """Names of products."""
    assert len(read(order(said, "2022-01-01", "active"))[0].medicines) == 1


@pytest.mark.parametrize(
    "said", ["Topiramat 50 mg", "Omeprazolo 20 mg cps", "Sertralin 50 mg", "Raloxifen 60 mg", "Alendronato 70"]
)
def test_a_medicine_is_known_by_its_german_and_italian_name(said):
    """The ending differs."""
    assert len(read(order(said, "2022-01-01", "active"))[0].medicines) == 1


def test_a_visit_of_a_statement_makes_no_older_version_of_a_bundle():
    """MedicationStatement has a context in R4 too; DSTU2 says periodUnits."""
    held = order(FIVE, "2022-01-01", resourceType="MedicationStatement", context={"reference": "Encounter/e"})
    assert "R4" in str(read(held)[1].source)
    older = timed({"frequency": 1, "period": 2, "periodUnits": "d"})
    assert mg_a_day(read(older)[0]) == 5


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("http://hl7.org/fhir/sid/ndc", "55513-710-01"), ("http://fhir.de/CodeSystem/ifa/pzn", "01234567"),
        ("http://snomed.info/sct", "999999999"), (RXNORM, "9999999"), ("", "LOCAL7"), (ATC, "M05B"),
    ],
)  # fmt: skip
def test_a_code_without_words_that_nobody_knows_is_said_to_be_unknown(system, code):
    """It is never a medicine without an effect, and that it may have one is told."""
    _, report = read(order("", "2022-01-01", "active", medicationCodeableConcept=concept(system, code)))
    assert "without an effect" not in str([str(line.reason) for line in report.ignored])
    assert "not known" in told(report) or "unknown" in told(report) or "left out" in told(report)


def test_a_diagnosis_by_a_code_alone_that_nobody_knows_is_not_called_harmless():
    """Codes without words may mean anything: how many there are is told once."""
    held = [condition("http://local.org", f"X{n}", onsetDateTime="2020-01-01") for n in range(3)]
    assert "code" in told(read(*held)[1])


# ---------------------------------------------------------------- new fields


BLOOD = [
    ("2731-8", 65, "pg/mL", "PTH"), ("6768-6", 120, "U/L", "ALP"), ("2777-1", 3.4, "mg/dL", "phosphate"),
    ("14879-1", 1.1, "mmol/L", "phosphate"), ("1751-7", 4.1, "g/dL", "albumin"), ("2160-0", 0.9, "mg/dL", "creatinine"),
    ("14682-9", 80, "umol/L", "creatinine"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "value", "unit", "test"), BLOOD)
def test_blood_tests_of_bone_and_kidney_are_read(code, value, unit, test):
    """By codes of LOINC."""
    held = observation(LOINC, code, 0) | {"valueQuantity": {"value": value, "unit": unit}}
    assert [(found.test, found.value) for found in read(held)[0].laboratory] == [(test, value)]


def test_a_result_of_frax_is_read_and_a_share_of_one_is_not():
    """Both probabilities of a day are one result; 0.12 without a sign of percent would be a hundredth of it."""
    shown = {"90265-0": 12.5, "90266-8": 3.1}
    held = [observation(LOINC, code, 0) | {"valueQuantity": {"value": n, "unit": "%"}} for code, n in shown.items()]
    assert [(each.mof_percent, each.hip_percent) for each in read(*held)[0].frax] == [(12.5, 3.1)]
    share = observation(LOINC, "90265-0", 0) | {"valueQuantity": {"value": 0.12, "unit": "1"}}
    assert read(share)[0].frax == ()


def test_an_artificial_hip_has_its_side():
    """The other one is scanned; without a side it is only noted."""
    done = {"resourceType": "Procedure", "status": "completed", "performedDateTime": "2019-04-02",
            "code": concept(SNOMED, "52734007", "Total hip replacement")}  # fmt: skip
    sided = done | {"bodySite": [{"text": "Left hip joint"}]}
    assert [(hip.side, str(hip.date)) for hip in read(sided)[0].hip_prostheses] == [("left", "2019-04-02")]
    assert read(done)[0].hip_prostheses == ()


def asked(question, answer, **more):
    """A questionnaire that was filled in, with one question in a group."""
    item = {"linkId": "1", "item": [{"linkId": "1.1", "text": question, "answer": [answer]}]}
    held = {"resourceType": "QuestionnaireResponse", "status": "completed", "authored": "2026-09-01"}
    return held | {"item": [item]} | more


def test_an_edss_in_a_questionnaire_is_read():
    """A decimal number under the words of the scale."""
    course = read(asked("EDSS score", {"valueDecimal": 4.5}))[0].ms.disability
    assert [(each.edss, str(each.date)) for each in course] == [(4.5, "2026-09-01")]


@pytest.mark.parametrize(
    ("question", "answer", "count"),
    [
        ("How many times have you fallen in the past 12 months?", {"valueInteger": 3}, (3, 12)),
        ("Stürze in den letzten 6 Monaten (letzte 6 Monate: Anzahl)", {"valueInteger": 2}, (2, 6)),
        ("Have you fallen in the last year?", {"valueBoolean": False}, (0, 12)),
    ],
)
def test_falls_of_a_questionnaire_are_counted_in_their_time(question, answer, count):
    """A number with the time that the question names; no is none."""
    assert [(fall.count, fall.period_months) for fall in read(asked(question, answer))[0].falls] == [count]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Have you fallen in the last year?", {"valueBoolean": True}),
        ("How many falls?", {"valueInteger": 3}),
        ("Have you ever broken a bone (fracture)?", {"valueBoolean": True}),
        ("EDSS", {"valueString": "between 4 and 5"}),
        ("Nehmen Sie Kortison?", {"valueCoding": {"code": "Y"}}),
    ],
)
def test_an_answer_that_would_move_a_risk_and_is_not_understood_is_told(question, answer):
    """Yes to a fall is no number of falls."""
    person, report = read(asked(question, answer))
    assert person.falls == ()
    assert "the answer is left out" in told(report) or "was not understood" in told(report)


@pytest.mark.parametrize("status", ["in-progress", "entered-in-error", "stopped"])
def test_a_questionnaire_that_is_not_finished_is_not_read(status):
    """Half an answer."""
    assert read(asked("EDSS score", {"valueDecimal": 4.5}, status=status))[0].ms is None


# ---------------------------------------------------------------- bad input


def test_a_gram_of_prednisone_a_day_in_tablets_is_told():
    """mg and g were mixed up: a thousand tablets nobody takes."""
    person, report = read(timed(DAILY | {"boundsDuration": {"value": 30, "code": "d"}}, 5000, FIVE))
    assert grams(person) == 0 or "not wholly understood" in told(report) or "impossible" in told(report)


@pytest.mark.parametrize("period", [{"start": "2026-02-01", "end": "2026-01-01"}, {"start": "2027-02-01"}])
def test_dates_that_contradict_each_other_are_told(period):
    """An end before the start, a start after today."""
    held = order(FIVE, "", "completed", resourceType="MedicationStatement", effectivePeriod=period,
                 dosage=[{"text": "5 mg daily"}])  # fmt: skip
    person, report = read(held)
    assert person.steroids == ()
    assert "enter" in told(report) or "left out" in told(report)


def test_a_patient_twice_is_one_and_two_patients_are_refused():
    """The same id is the same person; another is another."""
    assert read(PATIENT)[0].sex == "female"
    with pytest.raises(FhirError):
        read_bundle(bundle(PATIENT | {"id": "p2"}), TODAY)


def test_resources_of_another_patient_are_counted():
    """A bundle of which most is about somebody else says so, once, with how many."""
    others = [scan(SPINE_T, "-3.5", day, subject={"reference": "Patient/other"}) if False else
              scan(SPINE_T, "-3.5", subject={"reference": "Patient/other"}) for day in range(4)]  # fmt: skip
    person, report = read(*others)
    assert person.dxa == ()
    assert [line.n for line in report.ignored] == [4]


def test_today_is_the_day_of_these_tests():
    """Every input above was written for it."""
    assert date(2026, 11, 22) == TODAY
