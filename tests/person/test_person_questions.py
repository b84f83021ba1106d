"""What is possible but unlikely is asked, not refused."""

from datetime import date

import pytest
from person_records import ON, person, unsaid

from trabecula.person import questions
from trabecula.person.limits import LIMITS


def asked(**fields) -> dict[str, str]:
    """The questions about a record, by path; every one of them can be asked in every language."""
    found = questions(person(**fields), ON)
    assert [part for question in found for part in unsaid(question.message)] == []
    return {question.path: str(question.message) for question in found}


def test_a_usual_record_raises_no_question():
    """A clinic is not bothered without a reason."""
    assert asked(height_cm=166, weight_kg=61, ms={"onset": "2000", "disability": [{"date": "2010", "edss": 3.5}]}) == {}


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ({"ms": {"onset": "1974"}}, "ms.onset", "an age at onset of 4 is unusual"),
        ({"height_cm": 170, "weight_kg": 35}, "weight_kg", "BMI would be 12"),
        ({"height_cm": 155, "weight_kg": 145}, "weight_kg", "BMI would be 60"),
        ({"dxa": [{"date": "2020", "site": "total_hip", "t_score": -6}]}, "dxa[0].t_score", "did you mean -0.6?"),
        ({"vitamin_d_ug_per_day": 1000}, "vitamin_d_ug_per_day", "did you mean 25 µg a day?"),
        ({"menopause": {"age_y": 30}}, "menopause.age_y", "usually between 35 and 60 years"),
        ({"pregnancies": [{"delivery": "2025"}]}, "pregnancies[0].delivery", "an age at delivery of 55"),
        ({"falls": [{"count": 30, "period_months": 1}]}, "falls[0].count", "360 falls a year"),
        ({"medicines": [{"drug": "alendronatte", "start": 2020}]}, "medicines[0].drug", 'did you mean "alendronate"?'),
        ({"medicines": [{"drug": "xyz", "start": 2020}]}, "medicines[0].drug", "is not used"),
        ({"medicines": [{"drug": "denosumab", "start": 2028}]}, "medicines[0].start", "treated as planned"),
        ({"medicines": [{"drug": "denosumab", "start": "2026-11"}]}, "medicines[0].start", "already started"),
        ({"birth_date": date(1915, 1, 1)}, "birth_date", "an age of 112 is unusual"),
    ],
)
def test_an_unlikely_value_is_asked_about(fields, path, words):
    """The question stands at its field and says why."""
    assert words in asked(**fields)[path]


def test_a_vitamin_d_of_300_is_asked_about():
    """It is near poisoning, or the unit is wrong."""
    test = {"date": "2020", "test": "25-OH-D", "value": 300, "unit": "nmol/L"}
    assert "300 nmol/L is unusual" in asked(laboratory=[test])["laboratory[0].value"]


def test_an_edss_that_falls_by_four_is_asked_about():
    """Recovery from a relapse seldom goes so far; a fall by three is not asked about."""
    fell = [{"date": "2020", "edss": 6.0}, {"date": "2019", "pdds": 3}, {"date": "2021", "edss": 2.0}]
    assert asked(ms={"disability": fell}) == {
        "ms.disability[2].edss": "the EDSS improves from 6.0 to 2.0; are both correct?"
    }
    recovered = [{"date": "2020", "edss": 5.0}, {"date": "2021", "edss": 2.0}]
    assert asked(ms={"disability": recovered}) == {}


def test_an_aid_that_does_not_go_with_the_edss_is_asked_about():
    """An EDSS below 6 walks unaided, one from 6 on does not."""
    measures = [{"date": "2020", "edss": 2.0, "aid": "wheelchair"}, {"date": "2021", "edss": 6.5, "aid": "none"}]
    told = asked(ms={"disability": measures})
    assert {"ms.disability[0]", "ms.disability[1]"} <= told.keys()


def test_twenty_courses_in_a_year_are_asked_about():
    """They may have been written down twice."""
    courses = [{"start": f"2015-{month:02d}-01", "as_written": "IVMP 1 g x 3"} for month in range(1, 11)]
    assert asked(steroids=courses) == {}
    assert asked(steroids=courses * 2)["steroids"].startswith("20 courses within one year")


def test_a_course_that_does_not_fill_its_dates_is_asked_about():
    """Three infusions in five days: the description counts, and the clinic learns of it."""
    told = asked(steroids=[{"start": "2015-01-01", "end": "2015-01-05", "as_written": "IVMP 1 g x 3"}])
    assert told["steroids[0].end"] == (
        "the course is described as 3 days, but its dates span 5; the description is used"
    )


def test_two_results_for_one_day_are_asked_about():
    """Which scan, and which examination, counts?"""
    scan = {"date": "2020-01-01", "site": "total_hip", "t_score": -1}
    measures = [{"date": "2020-01-01", "edss": 2.0}, {"date": "2020-01-01", "edss": 3.0}]
    assert asked(dxa=[scan, {**scan, "t_score": -2}], ms={"disability": measures}).keys() == {"dxa", "ms.disability"}


def test_a_relapse_before_the_onset_is_asked_about():
    """Either the onset was earlier, or it was no relapse."""
    assert "ms.relapses[0].date" in asked(ms={"onset": "2010", "relapses": [{"date": "2008"}]})


@pytest.mark.parametrize("quantity", sorted(LIMITS))
def test_the_usual_lies_inside_the_possible_and_both_have_a_reason(quantity):
    """The table of limits is in order."""
    limits = LIMITS[quantity]
    assert limits.possible[0] <= limits.usual[0] < limits.usual[1] <= limits.possible[1]
    assert limits.because


FRAX_AT_30 = [{"date": "2000-05-18", "mof_percent": 4}]
CREATININE = {"date": "2020-01-01", "test": "creatinine", "value": 45, "unit": "umol/L"}
EGFR = {**CREATININE, "test": "eGFR", "value": 24, "unit": "mL/min/1.73m2"}
HIP = {"date": "2020-01-01", "site": "total_hip", "t_score": -1, "side": "left"}
DENOSUMAB = {"drug": "Prolia", "start": "2024-01-10", "dose_mg": 60, "per": "6 months"}


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ({"frax": FRAX_AT_30}, "frax[0].date", "FRAX takes ages from 40 to 90, and this is age 30"),
        ({"birth_date": "1930", "frax": [{"date": "2024-01", "hip_percent": 9}]}, "frax[0].date", "this is age 94"),
        ({"country": "UK", "frax": [{"date": "2024-01", "hip_percent": 9, "country": "US"}]}, "frax[0].country", "US"),
        ({"dxa": [{**HIP, "site": "lumbar_spine", "tbs": 0.2}]}, "dxa[0].tbs", "a TBS is usually between 0.7 and 1.8"),
        ({"dxa": [{**HIP, "site": "lumbar_spine", "tbs": 4.0}]}, "dxa[0].tbs", "a TBS is usually between 0.7 and 1.8"),
        ({"dxa": [{**HIP, "tbs": 1.2}]}, "dxa[0].tbs", "of the spine only"),
        ({"height_cm": 150, "heights": [{"date": "2015", "height_cm": 170}]}, "heights[0].height_cm", "150 and 170 cm"),
        ({"medicines": [DENOSUMAB], "injections": [{"drug": "denosumab", "date": "2023-06-01"}]},
         "injections[0].date", '"denosumab" given on 2023-06-01, but started on 2024-01-10'),
        ({"weight_kg": 72, "laboratory": [CREATININE, EGFR]},
         "laboratory[0].value", "the eGFR of that day is 24"),
        ({"injections": [{"drug": "denosumab", "date": "2023"}]}, "injections[0].drug", "not among the medicines"),
        ({"dxa": [HIP], "hip_prostheses": [{"side": "left", "date": "2019"}]}, "dxa[0].side", "which side was"),
        ({"dxa": [HIP], "fractures": [{"site": "hip", "year": 2018, "side": "left"}]}, "dxa[0].side", "any metal"),
        ({"fractures": [{"site": "hip", "year": 2020, "grade": 2}]}, "fractures[0].grade", "of the spine only"),
        ({"balance_tests": [{"date": "2026", "test": "tug", "value": 2}]}, "balance_tests[0].value", "4 and 120"),
    ],
)  # fmt: skip
def test_what_a_clinic_may_have_mistyped_is_named_kept_and_asked_back(fields, path, words):
    """The question stands at its place; the record is read all the same."""
    assert words in asked(**fields)[path]


@pytest.mark.parametrize(
    "fields",
    [
        {"frax": [{"date": "2020-01-01", "mof_percent": 4}]},
        {"heights": [{"date": "1982", "height_cm": 142}, {"date": "2015", "height_cm": 170}], "height_cm": 168},
        {"medicines": [DENOSUMAB], "injections": [{"drug": "Prolia", "date": "2024-01"}]},
        {"dxa": [HIP], "hip_prostheses": [{"side": "right"}, {"side": "left", "date": "2021"}]},
        {"dxa": [HIP], "fractures": [{"site": "hip", "year": 2018, "side": "right"}]},
    ],
)
def test_what_fits_is_not_asked_about(fields):
    """A child grows, a brand is its drug, a month may hold the day, and a hip was scanned before it was replaced."""
    assert asked(**fields) == {}
