"""Above what any cohort has measured no figure is told, on any face; the numbers stay in the data, with a flag."""

import pytest

from assessment.conftest import EVIDENCE, TODAY, person
from trabecula.assessment.answer import answered
from trabecula.assessment.compare import compare
from trabecula.assessment.measured import highest
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.reading import library
from trabecula.fracture import LIFETIME
from trabecula.model import Model
from trabecula.reporting.assessment import assessment_page
from trabecula.reporting.plans import comparison_page
from trabecula.reporting.terminal import to_terminal

FRACTURES = [
    {"site": "spine", "date": "2026-06", "trauma": "low"},
    {"site": "spine", "date": "2025-03", "trauma": "low"},
    {"site": "hip", "date": "2024-02", "trauma": "low"},
]
SCAN = [{"date": "2026-10-12", "site": "femoral_neck", "t_score": -3.2, "device": "hologic"}]
FALLS = [{"count": 52, "period_months": 12, "until": "2026-11-22"}]


def known(**record):
    """A woman of 67 with three fragility fractures, or what the record says."""
    usual = {"birth_date": "1959-01-01", "country": "UK", "fractures": FRACTURES, "dxa": SCAN}
    return prepare(person(**{**usual, **record}), TODAY, Model(EVIDENCE), 40)


@pytest.fixture(scope="module")
def beyond():
    """Her answer."""
    return answered(known())


def test_the_limits_are_those_that_cohorts_have_printed():
    """32.0 % within 5 years after a second fracture (Sweden), 24.0 % of hips in 10 years (Tromso); 55 % of lives."""
    assert highest("major_osteoporotic", 5.0, EVIDENCE) == pytest.approx(0.32)
    assert highest("hip", 10.0, EVIDENCE) == pytest.approx(0.24)
    assert highest("major_osteoporotic", LIFETIME, EVIDENCE) == pytest.approx(0.55)


def test_three_fractures_and_a_very_low_score_have_no_figure(beyond):
    """The conclusion says that it lies above; the plain words have no number; the data keep theirs."""
    assert "above what any cohort has measured (at least 54\xa0%)" in str(beyond.summary.risk)
    assert not any(figure in str(beyond.summary.plain[1]) for figure in "0123456789")
    assert beyond.summary.chance.mean > beyond.summary.above_measured == 0.54
    page = to_terminal(assessment_page(beyond), 120)
    main = next(line for line in page.splitlines() if line.startswith("Major osteoporotic  "))
    assert "> 54 %" in main
    assert "above what any cohort has measured" in " ".join(page.split())


def test_no_rule_reads_a_probability_that_nobody_has_measured(beyond):
    """Nor does a reason print it."""
    assert not any("own probability" in str(reason.found) for said in beyond.advice for reason in said.because)


def test_plans_for_such_a_person_have_no_figure_either():
    """As things are she lies above; the table says so."""
    text = to_terminal(comparison_page(compare(known(), [library()["exercise"]]), "en"), 120)
    assert "> 54 %" in text


def test_a_usual_risk_is_told_with_its_figure():
    """Nothing is withheld from somebody whom cohorts have followed."""
    usual = answered(known(fractures=None, no_fractures=True, dxa=None))
    assert usual.summary.above_measured is None
    assert " %" in str(usual.summary.risk)


def test_reported_falls_are_told_as_reported():
    """52 falls in a year are 52, not the number that is expected when forgetting is corrected."""
    found = answered(known(fractures=None, falls=FALLS))
    assert found.falls.reported_per_year == 52.0
    assert found.falls.per_year.mean != 52.0
    page = to_terminal(assessment_page(found), 120)
    assert "52 reported" in next(line for line in page.splitlines() if line.startswith("Falls a year"))
