"""People to try timelines on: a record as a form would give it, and the timeline built from it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from trabecula.evidence import Evidence
from trabecula.person import read_person
from trabecula.timeline import Timeline, build_timeline
from trabecula.units import days_since_birth

BIRTH = date(1980, 1, 1)
ON = date(2026, 1, 1)
UNTIL = date(2036, 1, 1)

Build = Callable[..., Timeline]


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    """The registry as it ships."""
    return Evidence.load()


@pytest.fixture(scope="session")
def build(evidence) -> Build:
    """The timeline of a woman born on the first of January 1980, with the parts of a record that are given."""

    def built(on: date = ON, until: date = UNTIL, grid_days=(), edss_future="expected", **record: Any) -> Timeline:
        given = {"birth_date": BIRTH.isoformat(), "sex": "female", **record}
        person = read_person(given)
        return build_timeline(person, evidence, on, until, grid_days, edss_future)

    return built


def day(text: str) -> float:
    """An ISO date as days since the birth of the woman in these tests."""
    return days_since_birth(date.fromisoformat(text), BIRTH)


@pytest.fixture(name="day", scope="session")
def _day() -> Callable[[str], float]:
    """An ISO date as days since birth."""
    return day
