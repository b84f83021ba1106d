"""Quantities and their conversions: the only file that knows how long a month is.

Units are in names (`dose_mg`, `bmd_g_cm2`, `per_person_year`). Outside, times are ISO dates; inside, they are
days since birth.
"""

from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
"""Many numbers; docstrings give the shape: [n] draws or people, [T] times, [K] segments, [H] horizons."""
Time = TypeVar("Time", float, Array)
"""A number of days or years, or many."""

DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12.0
DAYS_PER_MONTH = DAYS_PER_YEAR / MONTHS_PER_YEAR
DAYS_PER_WEEK = 7.0
HOURS_PER_DAY = 24.0
MG_PER_G = 1000.0
PER_CENT = 100.0
UG_PER_MG = 1000.0


def days_since_birth(when: date, birth: date) -> float:
    """Days from `birth` to `when` [d]."""
    return float((when - birth).days)


def age_on(when: date, birth: date) -> float:
    """Age on a day [y]; it has the whole years of the calendar, so that somebody is 65 on the day of that birthday."""
    whole = when.year - birth.year - ((when.month, when.day) < (birth.month, birth.day))
    return min(max(years(days_since_birth(when, birth)), float(whole)), whole + 1 - 1 / (2 * DAYS_PER_YEAR))


def date_at(day: float, birth: date) -> date:
    """The calendar date `day` days after `birth` (rounded to a whole day)."""
    return birth + timedelta(days=round(day))


def years(days: Time) -> Time:
    """Days [d] as years [y]."""
    return days / DAYS_PER_YEAR


def days(years: Time) -> Time:
    """Years [y] as days [d]."""
    return years * DAYS_PER_YEAR
