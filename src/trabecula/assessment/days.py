"""On which days the skeleton is looked at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.units import days as in_days

Array = NDArray[np.float64]

# The shape of the answer, not science: how often a course is printed.
_HISTORY_STEP_Y = 1.0
_HORIZON_STEP_Y = 0.5
_LATER_STEP_Y = 2.0
# not a parameter: days after a steroid course on which the markers are printed
_AFTER_A_COURSE_D = (0, 1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 42, 56, 70, 90, 120, 150, 180)
_RECENT_COURSE_Y = 2.0


@dataclass(frozen=True)
class Days:
    """Days since birth: all [T], the ones of the printed course, and the ones around the last steroid course."""

    every: Array
    printed: Array
    acute: Array
    end: float


def days_to_read(
    on: float, horizon_y: float, scans: Array, last_course: float | None, evidence: Evidence
) -> Days:
    """History, scans, the weeks after a recent steroid course, the horizon, and the rest of life."""
    youth = in_days(evidence.scalar("skeleton.history.start_age"))
    oldest = max(in_days(evidence.scalar("course.density_until")), on + in_days(horizon_y))
    past = int(max(on - youth, 0.0) / in_days(_HISTORY_STEP_Y))
    history = on - in_days(_HISTORY_STEP_Y) * np.arange(past + 1, dtype=np.float64)
    steps = np.arange(_HORIZON_STEP_Y, horizon_y, _HORIZON_STEP_Y)
    ahead = on + in_days(np.append(steps, horizon_y))
    later = np.append(np.arange(ahead[-1], oldest, in_days(_LATER_STEP_Y)), oldest)
    printed = np.union1d(history, ahead).astype(np.float64)
    acute = _acute(on, last_course)
    return Days(np.unique(np.concatenate([printed, scans, acute, later])), printed, acute, float(oldest))


def _acute(on: float, last_course: float | None) -> Array:
    """The days after the start of the last steroid course, if it is recent."""
    if last_course is None or on - last_course > in_days(_RECENT_COURSE_Y):
        return np.empty(0)
    return last_course + np.array(_AFTER_A_COURSE_D, dtype=np.float64)
