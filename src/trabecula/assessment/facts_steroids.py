"""All glucocorticoids as guidelines ask for them: the dose today, how long, the year's total, and pulses apart."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.person import Person
from trabecula.timeline.build import dosings_of
from trabecula.timeline.clock import Clock
from trabecula.timeline.steroids import SteroidDays, steroid_days
from trabecula.units import DAYS_PER_YEAR, MG_PER_G

Array = NDArray[np.float64]
_YEAR_D = round(DAYS_PER_YEAR)
_KEPT_D = 31  # not a parameter: "more than 30 days", as guidelines ask
_NOW_D = 30  # not a parameter: a pulse in the last month treats the relapse of today


def steroids(person: Person, on: date, evidence: Evidence) -> dict[str, Any]:
    """The steroid facts; an empty list says nothing, so all stay unknown."""
    if not person.steroids:
        return {}
    clock = Clock(person.birth_date, on, on + timedelta(days=_YEAR_D))
    course = steroid_days(dosings_of(person, clock, evidence), evidence)
    today = int(clock.today)
    mg, pulse = _window(course, today)
    now = _YEAR_D  # place of today in the window: a year before it, a year after it
    daily = np.where(pulse, 0.0, mg)
    past = slice(1, now + 1)
    recent = pulse[now - _NOW_D : now + 1]
    return {
        "steroid_mg_per_day": float(daily[now]),
        "steroid_days": _length(course, today) if daily[now] > 0 else 0.0,
        "steroid_month_mg_per_day": _kept(mg[past]),
        "steroid_g_per_year": float(mg[past].sum()) / MG_PER_G,
        "steroid_pulses_past_year": _runs(pulse[past]),
        "steroid_ever": bool(course.first <= today),
        "steroid_stopped": bool(daily[now] == 0 and _was_daily(course, today)),
        "relapse_treated": bool(recent.any()),
    }


def _window(course: SteroidDays, today: int) -> tuple[Array, NDArray[np.bool_]]:
    """Dose and pulse flags from a year before today to a year after it."""
    days = np.arange(today - _YEAR_D, today + _YEAR_D + 1, dtype=np.float64)
    return course.sample(course.prednisone_mg, days), course.sample(course.pulse, days)


def _length(course: SteroidDays, today: int) -> float:
    """Days of the run of treated days around today, past and planned; one that is going on is seen a year ahead."""
    treated = course.prednisone_mg > 0.0
    place = today - course.first
    gaps = np.flatnonzero(~treated)
    before, after = gaps[gaps < place], gaps[gaps > place]
    last = int(after[0]) if len(after) else min(len(treated), place + _YEAR_D)
    return float(last - (int(before[-1]) + 1 if len(before) else 0))


def _kept(mg: Array) -> float:
    """The highest dose that was not gone below on 31 days in a row [mg/d]."""
    return float(np.lib.stride_tricks.sliding_window_view(mg, _KEPT_D).min(axis=1).max())


def _runs(flags: NDArray[np.bool_]) -> int:
    """How many runs of days there are."""
    return int(np.count_nonzero(np.diff(np.append(False, flags).astype(np.int8)) == 1))


def _was_daily(course: SteroidDays, today: int) -> bool:
    """Whether there was daily treatment before today."""
    before = slice(0, max(today - course.first, 0))
    return bool(np.any((course.prednisone_mg[before] > 0) & ~course.pulse[before]))
