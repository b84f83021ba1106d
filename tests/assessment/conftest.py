"""People to make plans for, conditioned once."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from trabecula.adapters.files import read_record
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import PatientState, prepare
from trabecula.assessment.plans.reading import read_plan
from trabecula.evidence import Evidence
from trabecula.model import Model
from trabecula.person import read_person

EVIDENCE = Evidence.load()
EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("ms_woman_44", "ms_man_58", "ms_woman_67")
TODAY = date(2026, 11, 22)
DRAWS = 40


def person(**record):
    """A woman of 60 with MS, or what the record says."""
    ms = {"onset": 2000, "disability": [{"date": "2026-10-01", "edss": 4.0}]}
    usual = {"birth_date": "1966-03-01", "sex": "female", "country": "US", "ms": ms}
    given = {**usual, **record}
    return read_person({key: value for key, value in given.items() if value is not None}, TODAY)


def known(draws: int = DRAWS, **record) -> PatientState:
    """That woman on the day of assessment."""
    return prepare(person(**record), TODAY, Model(EVIDENCE), draws)


@cache
def example(name: str) -> PatientState:
    """A shipped example on its day."""
    record = read_record(EXAMPLES / f"{name}.yaml").person
    assert record.assessed_on is not None
    return prepare(record, record.assessed_on, Model(EVIDENCE), DRAWS)


def plan(**fields):
    """A plan with a name."""
    return read_plan({"name": "a-plan", "title": "A plan", **fields})


def result(conditioned, force=False, **fields):
    """What one plan does."""
    return compare(conditioned, [plan(**fields)], force).plans[0]


def bone(plan_result, site="total_hip"):
    """What a plan does to one site."""
    return next(each for each in plan_result.bone if each.site == site)


def risk(plan_result, site="major_osteoporotic"):
    """What a plan does to the chance of one fracture."""
    return next(each for each in plan_result.risks if each.site == site)


@pytest.fixture(scope="session")
def woman():
    """A woman of 60 about whom little is known."""
    return known()
