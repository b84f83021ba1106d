"""Steroid courses and other medicines."""

from datetime import date

import pytest

from trabecula.adapters.fhir import read_bundle
from trabecula.evidence import Evidence

from .fhir_bundles import ON, bundle, order, read_written, reasons


def courses(person):
    """Courses as (drug, route, dose, doses a day, start, end)."""
    return [
        (each.drug, each.route, each.dose_mg, each.doses_per_day, str(each.start), str(each.end))
        for each in person.steroids
        if each.as_written is None
    ]


def test_three_infusions_on_three_days_are_one_course():
    """1 g a day for three days, counted once although it was ordered and given."""
    person, report = read_written("steroids")
    pulses = [each for each in courses(person) if each[0] == "methylprednisolone"]
    assert pulses == [
        ("methylprednisolone", "iv", 1000.0, 1, "2018-03-05", "2018-03-07"),
        ("methylprednisolone", "iv", 1000.0, 1, "2020-06-01", "2020-06-01"),
    ]
    assert any(str(line.reason) == "the doses given on this order are read instead" for line in report.ignored)


def test_instructions_in_sequence_follow_each_other():
    """Three tablets of 20 mg for five days, then one for a week."""
    person, _ = read_written("steroids")
    assert ("prednisone", "oral", 60.0, 1, "2018-03-08", "2018-03-12") in courses(person)
    assert ("prednisone", "oral", 20.0, 1, "2018-03-13", "2018-03-19") in courses(person)


def test_tablets_dispensed_give_the_length():
    """28 tablets at two a day are 14 days."""
    person, _ = read_written("steroids")
    assert ("prednisone", "oral", 20.0, 1, "2017-05-01", "2017-05-14") in courses(person)


def test_a_course_in_words_keeps_its_words():
    """A taper that the notation understands is kept as written."""
    person, _ = read_written("steroids")
    written = [each for each in person.steroids if each.as_written]
    assert [each.as_written for each in written] == ["60 mg daily for 5 days then taper over 2 weeks"]
    assert written[0].total_mg(None, Evidence.load())["prednisone"] > 300


def test_what_was_assumed_about_a_course_is_said_with_its_cost():
    """A dose from the name of the product, an end that nothing tells."""
    person, report = read_written("steroids")
    ongoing = [each for each in person.steroids if each.end is None and each.as_written is None]
    assert [(each.dose_mg, str(each.start)) for each in ongoing] == [(5.0, "2021-02-01")]
    assumed = {(str(line.assumed), str(line.cost)) for line in report.assumed}
    assert any("1 a day, 5 mg each" in said and "product strength" in cost for said, cost in assumed)
    assert any(said == "still being taken" and "exposure is overestimated" in cost for said, cost in assumed)


def test_a_steroid_without_a_dose_is_never_given_one():
    """The course is missing, and the report says that it has to be entered."""
    _, report = read_written("steroids")
    assert reasons(report)["prednisone"] == "steroid with no dose: enter the course by hand; it is not counted"


def test_steroids_used_in_one_place_are_no_course():
    """Eye drops do not reach the skeleton."""
    _, report = read_written("steroids")
    assert reasons(report)["prednisolone acetate 10 MG/ML Ophthalmic Suspension"].startswith(
        "local (non-systemic) steroid"
    )


def test_what_was_cancelled_or_not_given_is_left_out():
    """A plan is not a tablet."""
    _, report = read_written("steroids")
    found = {str(line.reason) for line in report.ignored}
    assert {"cancelled", "not given"} <= found


def test_an_order_without_an_end_lasts_until_the_next_one():
    """20 mg, then 10 mg: the first stops the day before the second starts."""
    orders = [
        order("prednisone 20 MG Oral Tablet", "2020-01-01", "active"),
        order("prednisone 10 MG Oral Tablet", "2020-03-01", "active"),
    ]
    person, _ = read_bundle(bundle(*orders), ON)
    found = [(each.dose_mg, str(each.start), str(each.end)) for each in person.steroids]
    assert found == [(20.0, "2020-01-01", "2020-02-29"), (10.0, "2020-03-01", "None")]


def test_two_bursts_years_apart_stay_two():
    """Finished orders without a length are one certain day each, not the years between them."""
    orders = [order("prednisone 20 MG Oral Tablet", day) for day in ("2015-01-01", "2020-01-01")]
    person, report = read_bundle(bundle(*orders), ON)
    assert [(str(each.start), str(each.end)) for each in person.steroids] == [
        ("2015-01-01", "2015-01-01"),
        ("2020-01-01", "2020-01-01"),
    ]
    assert sum("ended with no end date" in str(line.what) for line in report.assumed) == 2


def test_renewed_orders_of_a_steroid_are_one_course():
    """Thirty days and thirty days that follow are sixty days."""
    daily = {"dosageInstruction": [{"text": "1 tablet daily for 30 days"}]}
    orders = [order("prednisone 5 MG Oral Tablet", day, **daily) for day in ("2020-01-01", "2020-01-31")]
    person, _ = read_bundle(bundle(*orders), ON)
    assert [(str(each.start), str(each.end)) for each in person.steroids] == [("2020-01-01", "2020-02-29")]


@pytest.mark.parametrize(
    ("instruction", "dose_mg", "a_day", "every_days", "days"),
    [
        ("take 2 tablets by mouth daily for 5 days", 10, 1, 1, 5),
        ("one tablet twice a day for 2 weeks", 5, 2, 1, 14),
        ("10 mg every other day for 30 days", 10, 1, 2, 30),
        ("7,5 mg daily x 10 days", 7.5, 1, 1, 10),
    ],
)
def test_instructions_in_words_are_read(instruction, dose_mg, a_day, every_days, days):
    """What a prescriber writes: how many, how often, how long."""
    given = order("prednisone 5 MG Oral Tablet", dosageInstruction=[{"text": instruction}])
    course = read_bundle(bundle(given), ON)[0].steroids[0]
    assert (course.dose_mg, course.doses_per_day, course.every_days) == (dose_mg, a_day, every_days)
    assert course.end is not None
    assert (course.end - date(2020, 5, 1)).days + 1 == days


def test_long_infusions_by_volume_are_read():
    """8 mL of 125 mg/mL are 1 g."""
    dose = {"doseAndRate": [{"doseQuantity": {"value": 8, "unit": "mL", "code": "mL"}}]}
    given = order("methylPREDNISolone 125 MG/ML Injectable Solution", dosageInstruction=[dose])
    course = read_bundle(bundle(given), ON)[0].steroids[0]
    assert (course.dose_mg, course.route) == (1000.0, "iv")


def test_yearly_orders_of_tablets_are_one_period():
    """Alendronate ordered in 2012 and 2013 was taken from one to the other."""
    person, report = read_written("medicines")
    spans = [
        (str(each.start), str(each.end), each.every_days) for each in person.medicines if each.drug == "alendronate"
    ]
    assert spans == [("2012-01-10", "2013-01-12", None), ("2015-03-01", "2017-03-01", 7.0)]
    assert any(str(line.what).startswith("alendronate from 2012-01-10") for line in report.assumed)


def test_every_injection_of_denosumab_is_a_dose_of_its_own():
    """Gaps between injections are real, and only the last order may be going on."""
    person, _ = read_written("medicines")
    spans = [(str(each.start), str(each.end)) for each in person.medicines if each.drug == "denosumab"]
    assert spans == [("2018-01-15", "2018-01-15"), ("2018-07-16", "2018-07-16"), ("2019-01-14", "None")]


def test_medicines_by_reference_and_contained_are_found():
    """The medicine may stand in a resource of its own."""
    person, _ = read_written("medicines")
    assert {"baclofen", "ocrelizumab"} <= {each.drug for each in person.medicines}


def test_drugs_against_ms_belong_to_the_ms_of_a_person_who_has_it():
    """Without MS in the record a drug does not make a patient of her."""
    assert read_written("medicines")[0].ms is None
    ms = {"resourceType": "Condition", "code": {"text": "x", "coding": [{"system": "icd-10", "code": "G35"}]}}
    given = order("ocrelizumab 300 MG Injection", dosageInstruction=[])
    person, _ = read_bundle(bundle(ms, given), ON)
    assert person.ms is not None
    assert [each.drug for each in person.ms.disease_modifying_drugs] == ["ocrelizumab"]


def test_an_opioid_in_a_combination_is_found():
    """Acetaminophen with hydrocodone is an opioid; the antibiotic beside it is not used."""
    person, report = read_written("medicines")
    assert "hydrocodone" in {each.drug for each in person.medicines}
    assert reasons(report)["Amoxicillin 250 MG Oral Tablet"] == "not one of the medicines that are read here"


def test_hormones_have_fields_of_their_own():
    """Oestrogen with a progestogen is combined; medroxyprogesterone by injection is contraception."""
    person, _ = read_written("medicines")
    assert [each.kind for each in person.hormone_therapy] == ["combined"]
    assert [str(each.start) for each in person.depot_progestogen] == ["1999-02-02"]


def test_what_was_not_taken_or_only_proposed_is_left_out():
    """A statement that it was not taken, a proposal to take it."""
    person, report = read_written("medicines")
    assert "sertraline" not in {each.drug for each in person.medicines}
    assert {"not taken", "intent: proposal, plan or option"} <= {str(line.reason) for line in report.ignored}


def test_what_was_dispensed_on_an_order_is_not_counted_again():
    """An order and its dispensing are the same tablets."""
    ordered = order(
        "prednisone 5 MG Oral Tablet", "2020-01-01", id="o1", dosageInstruction=[{"text": "1 tablet daily for 30 days"}]
    )
    handed = {
        "resourceType": "MedicationDispense",
        "status": "completed",
        "whenHandedOver": "2020-01-02",
        "medicationCodeableConcept": {"text": "prednisone 5 MG Oral Tablet"},
        "authorizingPrescription": [{"reference": "MedicationRequest/o1"}],
        "daysSupply": {"value": 30, "unit": "d"},
    }
    person, report = read_bundle(bundle(ordered, handed), ON)
    assert len(person.steroids) == 1
    assert reasons(report)["prednisone 5 MG Oral Tablet"] == "the MedicationRequest it is based on is read instead"


def test_a_dispensing_without_its_order_is_read():
    """Thirty days' supply are thirty days."""
    handed = {
        "resourceType": "MedicationDispense",
        "status": "completed",
        "whenHandedOver": "2020-01-02",
        "medicationCodeableConcept": {"text": "prednisone 5 MG Oral Tablet"},
        "daysSupply": {"value": 30, "unit": "d"},
    }
    person, _ = read_bundle(bundle(handed), ON)
    assert [(str(each.start), str(each.end)) for each in person.steroids] == [("2020-01-02", "2020-01-31")]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Ethinyl Estradiol 0.02 MG / Norethindrone 1 MG Oral Tablet", "a contraceptive"),
        ("Estradiol 0.01 MG/MG Vaginal Cream", "local use"),
        ("medroxyPROGESTERone acetate 10 MG Oral Tablet", "oral progestogen"),
    ],
)
def test_not_every_hormone_is_hormone_therapy(said, reason):
    """Contraceptives and creams are left out with their reason."""
    person, report = read_bundle(bundle(order(said)), ON)
    assert person.hormone_therapy == person.depot_progestogen == ()
    assert reasons(report)[said] == reason
