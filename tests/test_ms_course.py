"""Every EDSS series of a real sample of people with MS is answered; nothing of it is kept here."""

import csv
import os
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from trabecula.assessment import assess
from trabecula.evidence import Evidence
from trabecula.model import Model
from trabecula.person import read_person

SHARED = Path(os.environ.get("SHARED", Path(__file__).parents[2] / "shared"))
FILE = SHARED / "data" / "ms_course" / "msoutcomes_sampledata_edss.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the sample of EDSS series is not on this machine")
EVIDENCE = Evidence.load()
AGE_AT_FIRST_VISIT_Y = 40
VISITS = 798
PEOPLE = 40


@pytest.fixture(scope="module")
def series():
    """Visits of each person as written: (day, EDSS or nothing)."""
    found = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["ID"]].append((date.fromisoformat(row["dateEDSS"]), row["EDSS"]))
    return dict(found)


def person_of(visits):
    """A record with these visits; age and sex are not in the sample and are made up alike for everyone."""
    visits = sorted(visits)
    first, last = visits[0][0], visits[-1][0]
    disability = [{"date": day.isoformat(), "edss": float(edss)} for day, edss in visits if edss]
    ms = {"onset": str(first.year - 5), "course": "relapsing", "disability": disability}
    birth = f"{first.year - AGE_AT_FIRST_VISIT_Y}-06-15"
    return read_person({"birth_date": birth, "sex": "female", "country": "US", "ms": ms}, last), last


def test_the_sample_is_whole(series):
    """All visits of all people were read."""
    assert len(series) == PEOPLE
    assert sum(map(len, series.values())) == VISITS


def test_every_series_is_answered_and_the_answer_is_in_order(series):
    """Each person is assessed on the day of the last visit: disability as examined, finite courses, ordered risks."""
    for visits in series.values():
        person, on = person_of(visits)
        answer = assess(person, on, Model(EVIDENCE), draws=20)
        examined = [each for each in person.ms.disability if each.edss is not None]
        if examined:
            assert answer.person.edss is not None
            assert 0.0 <= answer.person.edss.low <= answer.person.edss.high <= 10.0
        for site in answer.bone:
            values = [point.bmd_g_cm2.median for point in site.trajectory]
            assert np.isfinite(values).all()
            assert min(values) > 0.1
        assert all(0.0 <= risk.risk.low <= risk.risk.high <= 1.0 for risk in answer.risks)


def test_more_disability_at_the_end_goes_with_more_hip_fractures(series):
    """Among people who stand and are alike but for their visits, the hip risk follows the last EDSS.

    Who sits all day falls on the hip less than somebody with two sticks, so that beyond EDSS 6.5 it no longer does.
    """
    last, risk = [], []
    for visits in series.values():
        person, on = person_of(visits)
        answer = assess(person, on, Model(EVIDENCE), draws=10, horizon_y=1.0)
        assert answer.person.edss is not None
        if answer.person.edss.median > 6.5:
            continue
        last.append(answer.person.edss.median)
        age = answer.person.age_y
        hip = next(each for each in answer.risks if each.site == "hip" and each.horizon_y == 1.0)
        risk.append(hip.risk.median / hip.average)
        assert age >= AGE_AT_FIRST_VISIT_Y - 1
    ranks = [np.argsort(np.argsort(values)) for values in (last, risk)]
    assert np.corrcoef(*ranks)[0, 1] > 0.5
