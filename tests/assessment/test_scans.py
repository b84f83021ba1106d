"""When the next DXA scan is expected to tell something, and whether it could matter."""

from datetime import date
from itertools import pairwise

import pytest

from assessment.conftest import known
from trabecula.assessment.answer import answered
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.scans import next_measurement
from trabecula.evidence import Evidence
from trabecula.model import Model
from trabecula.person import read_person
from trabecula.reporting.assessment import assessment_page
from trabecula.reporting.terminal import to_terminal

EVIDENCE = Evidence.load()
TODAY = date(2026, 11, 22)


def asked(horizon_y=10.0, **record):
    """What is said to a woman born in 1962, or to whom the record says."""
    person = read_person({"birth_date": "1962-03-01", "sex": "female", "country": "US", **record}, TODAY)
    return next_measurement(prepare(person, TODAY, Model(EVIDENCE), draws=200, horizon_y=horizon_y))


def scan(bmd, site="total_hip", on="2026-11-01"):
    """A scan of the record."""
    return {"date": on, "site": site, "bmd_g_cm2": bmd, "device": "hologic"}


PREDNISONE = [{"drug": "prednisone", "route": "oral", "dose_mg": 20, "start": "2026-10-01", "end": "2030-01-01"}]


def test_without_a_scan_the_first_one_is_due_today():
    """Nobody can wait for a change since a scan that was never done."""
    said = asked()
    assert said.due == TODAY
    assert said.site is None
    assert said.telling == []
    assert str(said.sentence).startswith("No spine or hip DXA is recorded")


def test_the_least_significant_change_is_2_77_times_the_precision():
    """Two scans differ by noise alone up to the factor times the precision of the site, in per cent."""
    precision = EVIDENCE.scalar("reference.dxa.precision_cv.total_hip")
    assert asked().least_significant_percent["total_hip"] == pytest.approx(277 * precision, rel=1e-3)


def test_high_doses_of_steroids_bring_the_next_scan_forward():
    """The faster bone changes, the sooner a scan tells something."""
    quiet, losing = asked(dxa=[scan(0.85)]), asked(dxa=[scan(0.85)], steroids=PREDNISONE)
    assert losing.due is not None
    assert quiet.due is None or losing.due < quiet.due


def test_a_scan_is_not_repeated_within_a_year():
    """However fast bone is lost, the interval guidelines ask for is kept."""
    said = asked(dxa=[scan(0.85)], steroids=PREDNISONE)
    assert said.due is not None
    assert (said.due - date(2026, 11, 1)).days >= 365


def test_the_chance_of_a_telling_change_grows_with_the_years():
    """Later scans of a site are more telling, year after year but for the noise of the sample."""
    telling = [each.beyond_least_significant for each in asked(dxa=[scan(0.85)]).telling]
    assert len(telling) == 10
    assert all(later >= earlier - 0.05 for earlier, later in pairwise(telling))
    assert telling[-1] > telling[0]


def test_an_old_scan_makes_the_next_one_due_sooner():
    """What has changed since a scan of eight years ago counts, not only what will."""
    new, old = (asked(dxa=[scan(0.85, on=on)]).telling[0] for on in ("2026-11-01", "2018-11-01"))
    assert old.beyond_least_significant > new.beyond_least_significant


def test_a_scan_matters_most_near_the_threshold():
    """A T-score near -2.5 can fall on either side; one of 0 can't within the horizon, or hardly."""
    near = asked(dxa=[scan(0.65)])
    far = asked(dxa=[scan(1.05, site) for site in ("total_hip", "femoral_neck", "lumbar_spine")])
    assert near.changes_decision > far.changes_decision
    assert far.changes_decision < 0.05
    assert 0.0 <= near.below_now <= 1.0


def test_a_horizon_too_short_for_any_change_is_said():
    """Within one year after a scan no quiet skeleton changes beyond noise: no date is made up."""
    said = asked(horizon_y=1.0, dxa=[scan(0.85)])
    assert said.due is None
    assert "No change beyond the least significant change" in str(said.sentence)


def test_a_scan_of_the_radius_is_told_as_what_only_guidelines_read():
    """With its T-score and day; it is no scan of spine or hip, and moves no density."""
    radius = {"date": "2026-10-12", "site": "radius", "t_score": -3.1, "device": "hologic"}
    with_it, without = answered(known(dxa=[radius])), answered(known(dxa=[]))
    (told,) = with_it.scans_for_rules
    assert str(told).startswith("radius, 12 Oct 2026: T-score −3.1;")
    assert without.scans_for_rules == []
    assert with_it.bone == without.bone
    assert "narrows no density" in to_terminal(assessment_page(with_it)).replace("\n  ", " ")
