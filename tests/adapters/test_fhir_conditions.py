"""Diagnoses, fractures, falls, procedures and the family."""

from trabecula.adapters.fhir import read_bundle

from .fhir_bundles import ON, SNOMED, bundle, concept, read_written, reasons


def test_ms_has_its_onset_diagnosis_course_and_relapses():
    """The course is the one recorded last; the onset is the first."""
    ms = read_written("ms_course")[0].ms
    assert ms is not None
    assert ms.onset is not None
    assert ms.diagnosis is not None
    assert (ms.onset.isoformat(), ms.diagnosis.isoformat()) == ("2003-05-16", "2004-02-11")
    assert ms.course == "secondary_progressive"
    assert [relapse.date.isoformat() for relapse in ms.relapses] == ["2012-06-20"]


def test_a_recalled_code_is_read_and_said():
    """Who sees the result learns that a code was not verified, unless the record's own words confirm it."""
    fall = {"resourceType": "Condition", "onsetDateTime": "2020-01-01"}
    _, silent = read_bundle(bundle(fall | {"code": concept(SNOMED, "1912002", "Fall (event)")}), ON)
    _, report = read_bundle(bundle(fall | {"code": concept(SNOMED, "1912002")}), ON)
    assert [str(line.what) for line in report.assumed if "not verified" in str(line.cost)] == ["SNOMED 1912002"]
    assert not any("not verified" in str(line.cost) for line in silent.assumed)


def test_fractures_have_site_date_and_trauma():
    """A fracture due to osteoporosis needed little force; its site comes from the body site."""
    person, _ = read_written("history")
    found = {(each.site, each.when.written, each.trauma) for each in person.fractures}
    assert found == {
        ("forearm", "2019-01-20", "unknown"),
        ("hip", "2020-02-02", "unknown"),
        ("spine", "2020-10-10", "low"),
        ("rib", "2017-06-06", "unknown"),
    }


def test_the_grade_of_a_vertebral_fracture_is_read_from_its_words():
    """The worse of two records of one fracture; an open fracture of another bone has a grade of another kind."""
    said = [
        ("42942008", "Wirbelkörperfraktur L1, Grad 2 nach Genant"),
        ("42942008", "Genant grade 3"),
        ("71620000", "open femur, grade 2"),
    ]
    held = [
        {"resourceType": "Condition", "onsetDateTime": "2020-05-01", "code": concept(SNOMED, code) | {"text": text}}
        for code, text in said
    ]
    person, _ = read_bundle(bundle(*held), ON)
    assert {fracture.site: fracture.grade for fracture in person.fractures} == {"spine": 3, "hip": None}


def test_a_later_visit_is_not_another_fracture():
    """The seventh character D of ICD-10-CM is the same broken hip, seen again."""
    person, report = read_written("history")
    assert [each.site for each in person.fractures].count("hip") == 1
    later = "Fracture of unspecified part of neck of right femur, subsequent encounter"
    assert any(str(line.what) == later and str(line.field) == "fractures" for line in report.read)


def test_what_was_never_true_is_left_out_with_its_reason():
    """Entered in error, refuted, resolved, another's, in childhood: each is counted."""
    person, report = read_written("history")
    ignored = {(str(line.what), str(line.reason)) for line in report.ignored}
    assert ("Closed fracture of hip", "entered in error") in ignored
    assert ("Closed fracture of hip", "refuted") in ignored
    assert ("Fracture of forearm", "a fracture before the age of 18") in ignored
    assert ("Epilepsy", "clinicalStatus resolved or inactive") in ignored
    assert ("", "subject is not the patient") in ignored
    assert person.epilepsy is None


def test_a_fracture_in_the_future_is_refused_not_fatal():
    """One impossible date costs its own entry and nothing else."""
    person, report = read_written("history")
    refused = [line for line in report.ignored if str(line.reason).startswith("refused")]
    assert [str(line.what) for line in refused] == ["Fracture of rib"]
    assert "2030-01-01" in str(refused[0].reason)
    assert len(person.fractures) == 4


def test_the_date_of_recording_stands_in_and_is_said():
    """A fracture known only from the day it was written down may be older."""
    _, report = read_written("history")
    assert any("without a date of onset" in str(line.what) for line in report.assumed)


def test_risk_factors_are_read():
    """Arthritis, diabetes, stroke, lungs, radiation and a parent's hip."""
    person, _ = read_written("history")
    assert person.rheumatoid_arthritis is True
    assert person.diabetes == "type2"
    assert person.stroke is True
    assert person.copd is True
    assert person.skeletal_radiation is True
    assert person.parental_hip_fracture is True


def test_a_diagnosis_that_is_not_confirmed_is_said():
    """Provisional COPD is read, and the reader is told."""
    _, report = read_written("history")
    assert any(str(line.what) == "Chronic obstructive lung disease, not confirmed" for line in report.assumed)


def test_early_kidney_disease_does_not_count():
    """The field means stage 3 or worse."""
    person, report = read_written("history")
    assert person.chronic_kidney_disease is None
    assert "stage 3" in reasons(report)["Chronic kidney disease stage 1"]


def test_osteoporosis_and_a_hip_replacement_are_noted():
    """They are seen, and it is said why they set no field."""
    _, report = read_written("history")
    noted = {str(line.what): str(line.field) for line in report.read if str(line.field).startswith("noted")}
    assert set(noted) == {"Osteoporosis (disorder)", "Total replacement of hip"}


def test_a_fall_is_an_event_and_a_risk_is_not():
    """To be at risk of falling is not to have fallen."""
    person, report = read_written("history")
    assert [fall.date.isoformat() for fall in person.falls if fall.date] == ["2021-08-08"]
    assert reasons(report)["At risk for falls"] == "a risk of falls is not a fall"


def test_menopause_in_a_man_is_refused():
    """What the body cannot have does not enter the record."""
    person, report = read_written("everyday")
    assert person.menopause is None
    assert reasons(report)["Postmenopausal state"].startswith("refused")


def test_a_femur_without_its_part_is_read_as_hip_and_said():
    """The code leaves it open; the assumption can be corrected."""
    broken = {"resourceType": "Condition", "code": concept(SNOMED, "71620000"), "onsetDateTime": "2019-01-01"}
    person, report = read_bundle(bundle(broken), ON)
    assert [each.site for each in person.fractures] == ["hip"]
    assert any("if the shaft was fractured" in str(line.cost) for line in report.assumed)


def test_an_onset_at_an_age_becomes_a_year():
    """A fracture at 41 of somebody born in 1975 was in 2016."""
    broken = {"resourceType": "Condition", "code": concept(SNOMED, "359817006"), "onsetAge": {"value": 41}}
    person, _ = read_bundle(bundle(broken), ON)
    assert person.fractures[0].when.written == "2016"


def test_radiotherapy_elsewhere_is_not_radiation_of_the_skeleton():
    """Without a site at spine, pelvis or femur nothing is claimed."""
    treated = {"resourceType": "Procedure", "status": "completed", "code": concept(SNOMED, "108290001")}
    person, report = read_bundle(bundle(treated), ON)
    assert person.skeletal_radiation is None
    assert report.n_ignored == 1


def test_a_fracture_known_from_a_later_visit_is_read_and_said():
    """The hip was broken, and it was before that day."""
    code = concept("http://hl7.org/fhir/sid/icd-10-cm", "S72.001D", "Fracture of neck of right femur")
    seen = {"resourceType": "Condition", "code": code, "onsetDateTime": "2019-01-01"}
    person, report = read_bundle(bundle(seen), ON)
    assert [each.site for each in person.fractures] == ["hip"]
    assert any("later visit" in str(line.what) for line in report.assumed)


def test_ms_in_words_is_ms():
    """A diagnosis without a code that is known, but with its name."""
    said = {"resourceType": "Condition", "code": {"text": "Secondary progressive multiple sclerosis"}}
    person, _ = read_bundle(bundle(said), ON)
    assert person.ms is not None
    assert person.ms.course == "secondary_progressive"


def test_ms_recorded_as_over_is_still_ms_and_said():
    """A problem list is tidied more often than MS is withdrawn."""
    over = {"coding": [{"code": "resolved"}]}
    said = {"resourceType": "Condition", "code": {"text": "Multiple sclerosis"}, "clinicalStatus": over}
    person, report = read_bundle(bundle(said), ON)
    assert person.ms is not None
    assert any(str(line.what).endswith("clinicalStatus resolved or inactive") for line in report.assumed)


def test_national_editions_of_icd_10_are_read_with_their_course():
    """G35.1 of the German edition and G35.A of the American one are relapsing MS."""
    for system, code in (
        ("http://fhir.de/CodeSystem/bfarm/icd-10-gm", "G35.10"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "G35.A"),
    ):
        said = {"resourceType": "Condition", "code": concept(system, code)}
        ms = read_bundle(bundle(said), ON)[0].ms
        assert ms is not None
        assert ms.course == "relapsing"


def test_two_names_for_one_fracture_on_one_day_are_one():
    """Synthetic records write "fracture of forearm" and "fracture due to osteoporosis" for the same fall."""
    day = {"resourceType": "Condition", "onsetDateTime": "2019-01-01"}
    named, unnamed = concept(SNOMED, "65966004"), concept(SNOMED, "443165006")
    person, report = read_bundle(bundle(day | {"code": unnamed}, day | {"code": named}), ON)
    assert [(each.site, each.trauma) for each in person.fractures] == [("forearm", "low")]
    assert any("the same as that of this day (forearm, wrist)" in str(line.assumed).lower() for line in report.assumed)


def test_a_fracture_without_a_site_is_another_bone_and_said():
    """A pathological fracture somewhere still counts as one."""
    code = concept(SNOMED, "443165006")
    person, report = read_bundle(bundle({"resourceType": "Condition", "onsetDateTime": "2019-01-01", "code": code}), ON)
    assert [(each.site, each.trauma) for each in person.fractures] == [("other", "low")]
    assert any("enter its site" in str(line.cost) for line in report.assumed)
