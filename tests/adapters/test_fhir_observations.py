"""Disability, bone density, body size, blood tests and habits."""

import pytest

from trabecula.adapters.fhir import read_bundle

from .fhir_bundles import LOINC, ON, SNOMED, bundle, concept, observation, read_written, reasons


def test_edss_is_read_from_values_words_and_components():
    """A number, a text with one number and a component of a panel are all an EDSS on its day."""
    person, _ = read_written("ms_course")
    assert person.ms is not None
    found = [(each.date.isoformat(), each.edss) for each in person.ms.disability if each.edss is not None]
    assert found == [("2010-04-12", 3.0), ("2014-10-02", 4.5), ("2019-11-20", 6.0)]


def test_pdds_is_read_by_its_name():
    """It has no code; its words are unmistakable."""
    person, _ = read_written("ms_course")
    assert person.ms is not None
    assert [each.pdds for each in person.ms.disability if each.pdds is not None] == [4]


def test_an_edss_that_is_not_valid_is_left_out_with_its_reason():
    """In error, not done, off the scale, or coded with a LOINC Part."""
    _, report = read_written("ms_course")
    found = {
        str(line.reason)
        for line in report.ignored
        if str(line.what) in ("EDSS", "Kurtzke multiple sclerosis rating scale")
    }
    assert "entered in error" in found
    assert "no value: Not Performed" in found
    assert any("half" in reason or "4.3" in reason for reason in found)
    assert any("LOINC Part" in reason for reason in found)


def test_a_femur_scan_with_the_neck_as_body_site_is_the_femoral_neck():
    """T-score and density of one day are one scan, with the make of the scanner."""
    person, _ = read_written("scans")
    neck = next(scan for scan in person.dxa if scan.site == "femoral_neck")
    assert (neck.date.isoformat(), neck.t_score, neck.bmd_g_cm2, neck.device) == ("2019-05-06", -2.1, 0.612, "hologic")


def test_a_femur_scan_without_a_body_site_is_the_total_hip_and_it_is_said():
    """The code names the femur; which part was measured is asked."""
    person, report = read_written("scans")
    hips = [scan for scan in person.dxa if scan.site == "total_hip"]
    assert [(scan.date.isoformat(), scan.t_score) for scan in hips] == [("2021-05-10", -2.3)]
    assert any("with no bodySite" in str(line.what) for line in report.assumed)


def test_38265_5_is_the_radius_and_never_moves_hip_or_spine():
    """Public synthetic records use this code for "T-score"; it means radius and ulna."""
    person, report = read_written("scans")
    assert [scan.t_score for scan in person.dxa if scan.site == "radius"] == [-3.4]
    assert all(scan.t_score != -3.4 for scan in person.dxa if scan.site != "radius")
    line = next(line for line in report.assumed if "38265-5" in str(line.what))
    assert str(line.assumed) == "read as radius and ulna"
    assert str(line.cost) == "it is not a hip or spine T-score, so it does not move the hip or spine"


def test_38265_5_with_another_body_site_is_not_read_at_all():
    """Code and body site contradict each other, so neither is believed."""
    lying = observation(LOINC, "38265-5", -2.5, bodySite=concept(SNOMED, "29627003"))
    person, report = read_bundle(bundle(lying), ON)
    assert person.dxa == ()
    assert "bodySite disagree" in reasons(report)["38265-5"]


def test_scans_that_cannot_be_are_left_out():
    """A wrong unit, a missing day, a contradiction, an impossible score, an error."""
    person, report = read_written("scans")
    ignored = [str(line.reason) for line in report.ignored if str(line.what).startswith("DXA")]
    assert any("bodySite disagree" in reason for reason in ignored)
    assert any("unit" in reason for reason in ignored)
    assert "without a date" in ignored
    assert "entered in error" in ignored
    assert any(reason.startswith("refused: found -25") for reason in ignored)
    assert len(person.dxa) == 5


def test_a_density_in_mg_is_converted():
    """911 mg/cm2 are 0.911 g/cm2."""
    person, _ = read_written("scans")
    spine = [scan.bmd_g_cm2 for scan in person.dxa if scan.site == "lumbar_spine"]
    assert spine == [None, 0.911]


@pytest.mark.parametrize("unit", [{}, {"unit": "{T-score}"}, {"code": "1"}, {"code": "{T-Score}"}, {"unit": "SD"}])
def test_every_annotation_of_a_t_score_is_accepted(unit):
    """A T-score has no unit, however that is written."""
    scan = observation(LOINC, "38267-1", 0) | {"valueQuantity": {"value": -1.5} | unit}
    assert read_bundle(bundle(scan), ON)[0].dxa[0].t_score == -1.5


def test_a_trabecular_bone_score_joins_the_scan_of_its_day():
    """Read by its words; as a T-score of its own it is another number, and named."""
    score = observation(LOINC, "", 1.21) | {"code": {"text": "Trabecular bone score (TBS)"}}
    person, _ = read_bundle(bundle(observation(LOINC, "38267-1", -2.5), score), ON)
    assert [(scan.site, scan.t_score, scan.tbs) for scan in person.dxa] == [("lumbar_spine", -2.5, 1.21)]
    _, report = read_bundle(bundle(score | {"code": {"text": "TBS T-score"}}), ON)
    assert any("TBS T-score" in str(line.what) for line in report.assumed)


def test_left_and_right_hip_of_one_day_are_two_scans():
    """The two hips are never mixed into one."""
    pair = [observation(LOINC, "80946-7", -1.0), observation(LOINC, "80945-9", -1.8)]
    assert [scan.t_score for scan in read_bundle(bundle(*pair), ON)[0].dxa] == [-1.0, -1.8]


def test_height_and_weight_are_converted_and_the_latest_counts():
    """70 inches are 177.8 cm and 176 pounds 79.8 kg; earlier values are counted as left out."""
    person, report = read_written("everyday")
    assert person.height_cm == pytest.approx(177.8)
    assert person.weight_kg == pytest.approx(79.832, abs=0.001)
    assert reasons(report)["Body weight"] in ("cancelled", "superseded by a later value")


def test_a_body_mass_index_gives_the_weight_when_there_is_none():
    """25 kg/m2 at 160 cm are 64 kg."""
    sizes = [observation(LOINC, "8302-2", 160), observation(LOINC, "39156-5", 25)]
    assert read_bundle(bundle(*sizes), ON)[0].weight_kg == pytest.approx(64.0)


def test_an_unknown_unit_is_not_guessed():
    """A height in hands is left out."""
    tall = observation(LOINC, "8302-2", 17) | {"valueQuantity": {"value": 17, "unit": "hands"}}
    person, report = read_bundle(bundle(tall), ON)
    assert person.height_cm is None
    assert "hands" in reasons(report)["8302-2"]


def test_blood_tests_come_in_standard_units():
    """20 ng/mL of 25-OH-D are 49.9 nmol/L."""
    person, report = read_written("everyday")
    tests = {each.test: each.standard_value for each in person.laboratory}
    assert tests["25-OH-D"] == pytest.approx(49.92)
    assert tests["calcium"] == pytest.approx(2.345, abs=0.001)
    assert tests["CTX"] == pytest.approx(0.35)
    assert tests["eGFR"] == 60
    assert reasons(report)["P1NP"] == "without a unit"


def test_a_limit_of_the_assay_is_said():
    """An eGFR above 60 is read as 60, and the reader is told."""
    _, report = read_written("everyday")
    assert any(str(line.what) == "eGFR: > 60" for line in report.assumed)


def test_never_after_current_is_former():
    """Who smoked every day in 2010 is no never-smoker in 2016."""
    person, report = read_written("everyday")
    assert person.smoking == "former"
    assert any("smoking" in str(line.what) for line in report.assumed)


def test_drinks_a_week_become_units_a_day():
    """Fourteen drinks a week are two units a day, with what that assumes."""
    person, report = read_written("everyday")
    assert person.alcohol_units_per_day == pytest.approx(2.0)
    assert any("1 drink = 1 unit" in str(line.assumed) for line in report.assumed)


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "registered", "unknown", "nope", 7])
def test_a_status_that_does_not_vouch_for_the_value_leaves_it_out(status):
    """Only a final, amended, corrected or preliminary result is one."""
    given = observation(LOINC, "8302-2", 170, status=status)
    expected = 170 if status == 7 else None
    assert read_bundle(bundle(given), ON)[0].height_cm == expected


def test_an_observation_about_somebody_else_is_left_out():
    """A fetus is not its mother."""
    fetus = observation(LOINC, "8302-2", 40, focus=[{"reference": "Patient/baby"}])
    assert read_bundle(bundle(fetus), ON)[0].height_cm is None


def test_an_observation_inside_a_report_is_read():
    """A contained result is a result."""
    held = observation(LOINC, "38267-1", -2.2) | {"id": "x"}
    report = {"resourceType": "DiagnosticReport", "status": "final", "contained": [held]}
    person, loss = read_bundle(bundle(report), ON)
    assert person.dxa[0].t_score == -2.2
    assert loss.n_resources == 3
