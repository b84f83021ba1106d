"""An assessment made by hand: every number is known, nothing is simulated."""

from datetime import date

import pytest

from trabecula.assessment import figures, results
from trabecula.reporting.assessment import assessment_page

ON = date(2026, 11, 22)
BONES = {"lumbar_spine": 1.04, "femoral_neck": 0.85, "total_hip": 0.94}
TEN_YEAR_RISKS = {
    "hip": 0.004,
    "major_osteoporotic": 0.041,
    "any": 0.09,
    "femoral_shaft": 0.0006,
    "spine": 0.015,
    "forearm": 0.017,
    "humerus": 0.007,
    "pelvis": 0.002,
    "tibia_ankle": 0.02,
    "other": 0.03,
}
HORIZONS = {1.0: 0.07, 2.0: 0.15, 5.0: 0.42, 10.0: 1.0, "lifetime": 6.0}


def interval(median, low=None, high=None):
    """A number with its range, half and twice unless given."""
    return figures.Interval(
        median=median, low=median / 2 if low is None else low, high=median * 2 if high is None else high
    )


def bone_site(name, density, scans=0):
    """A course that loses 0.6 % a year from 30 on, beside an average that loses half of that."""
    points = []
    for year in range(2002, 2037):
        lost = max(year - 2012, 0)
        mine = density * (1 - 0.006 * lost)
        points.append(
            results.BonePoint(
                date=date(year, 11, 22),
                age_y=year - 1982,
                bmd_g_cm2=interval(mine, 0.85 * mine, 1.15 * mine),
                t_score=interval(-1.04, -2.33, 0.31),
                z_score=interval(-0.7, -2.0, 0.6),
                average_bmd_g_cm2=1.05 * density * (1 - 0.003 * lost),
            )
        )
    return results.BoneSite(
        site=name,
        scans=scans,
        now=24,
        change_percent=interval(-6.6, -9.3, -4.1),
        average_change_percent=-3.1,
        trajectory=points,
    )


def make_assessment(**changes):
    """An assessment of a woman of 44, with changes."""
    risks = [
        results.Risk(site=site, horizon_y=years, risk=interval(min(risk * share, 0.5)), average=risk * share * 0.45)
        for site, risk in TEN_YEAR_RISKS.items()
        for years, share in HORIZONS.items()
    ]
    plain = results.Assessment(
        software=results.Software(version="0.1.0"),
        date=ON,
        horizon_y=10,
        country="US",
        draws=200,
        seed=1,
        interval=0.9,
        person=results.PersonSummary(
            line="Woman of 44, relapsing MS, EDSS 4.0, 6 steroid courses, no DXA scan",
            age_y=44.2,
            sex="female",
            ms_course="relapsing",
            edss=interval(4.0, 3.0, 5.0),
            edss_basis="PDDS of 2026-05-02, projected to the assessment date.",
            steroids="6 courses since 2009, 21 g in all.",
        ),
        bone=[bone_site(name, density, scans) for scans, (name, density) in enumerate(BONES.items())],
        markers=[_marker("CTX", 1.3), _marker("P1NP", 0.62), _marker("osteocalcin", 0.81)],
        falls=results.Falls(
            per_year=interval(3.2, 0.9, 11.3), average_per_year=0.41, basis="The usual rate for this disability."
        ),
        risks=risks,
        caution=None,
        fracture={},
        deaths=[results.Death(horizon_y=10.0, risk=interval(0.03, 0.02, 0.05), average=0.019)],
        missing=[results.Gap(what="country", assumed="rates of the US", cost="rates differ threefold")],
        questions=[results.UnusualValue(path="dxa[0].t_score", message="a T-score of -4.9 is unusual; a Z-score?")],
        notes=["The skeleton's parameters have not been calibrated yet, and their spreads are assumed."],
        evidence=results.EvidenceUsed(
            parameters=["a.b", "a.c", "a.d"], findings=["x.y"], assumed=["a.b", "a.c"], recalled=["x.y"]
        ),
    )
    return plain.model_copy(update=changes)


def _marker(name, value):
    """A marker on one day."""
    course = [results.MarkerPoint(date=ON, value=interval(value, 0.7 * value, 1.4 * value))]
    return results.MarkerCourse(marker=name, course=course)


@pytest.fixture
def assessment():
    """The assessment made by hand."""
    return make_assessment()


@pytest.fixture
def page(assessment):
    """Its page."""
    return assessment_page(assessment)
