"""A day later the answer moves by what a day changes: chance belongs to the draws, not to the day that is asked about.

`TRABECULA_RECORDS=5000` asks of as many records; a small number keeps the usual run short.
"""

import os
from datetime import date, timedelta

import numpy as np
import pytest

from assessment.conftest import EVIDENCE, EXAMPLES, NAMES
from assessment.random_records import ON, records
from trabecula.adapters.files import read_record
from trabecula.assessment.answer import risks_ahead
from trabecula.assessment.patient_state import prepare
from trabecula.model import Model
from trabecula.person import read_person

MANY = int(os.environ.get("TRABECULA_RECORDS", "12"))
A_DAY = timedelta(days=1)
MOST = 0.004
"""A day is 1/3,650 of ten years, in which the steepest risks of the records grow a hundredfold; some weights move."""
MODEL = Model(EVIDENCE)


def chances(someone, on, draws=100):
    """The ten-year chances of a fracture of the hip and of a major one."""
    risks = risks_ahead(prepare(someone, on, MODEL, draws, lifetime=False))[1]
    return np.array([risks.at(site, 10.0).mean() for site in ("hip", "major_osteoporotic")])


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_move_smoothly_through_a_month_and_over_a_birthday(name):
    """No day of the weeks around a birthday, nor of those after the assessment, is a jump."""
    someone = read_record(EXAMPLES / f"{name}.yaml").person
    assert someone.assessed_on is not None
    birthday = someone.birth_date.replace(year=someone.assessed_on.year + 1)
    for first in (someone.assessed_on, birthday - 2 * A_DAY):
        daily = np.array([chances(someone, first + i * A_DAY) for i in range(5)])
        assert np.abs(daily[1:] / daily[:-1] - 1.0).max() < MOST


def test_records_at_random_move_by_a_day():
    """Whoever has nothing dated today or tomorrow has the same chances tomorrow, but for a day."""
    jumps = []
    for record in records(MANY, seed=7):
        someone = read_person(record, ON)
        if not _dated(record, {ON.isoformat(), (ON + A_DAY).isoformat()}):
            today, tomorrow = (chances(someone, day) for day in (ON, ON + A_DAY))
            jumps += [(record, *(tomorrow / today - 1.0))] if np.abs(tomorrow / today - 1.0).max() > MOST else []
    assert jumps == []


def _dated(found, days):
    """Whether one of some days stands anywhere in a record."""
    if isinstance(found, dict | list):
        return any(_dated(each, days) for each in (found.values() if isinstance(found, dict) else found))
    return isinstance(found, date | str) and str(found) in days
