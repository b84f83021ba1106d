"""Physical activity through time, relative to people of the same age and disability."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trabecula.evidence import Evidence
from trabecula.person import Activity, Person
from trabecula.timeline.channels import Clock, StepCurve, step_curve
from trabecula.timeline.disability import DisabilityCourse
from trabecula.units import years


@dataclass(frozen=True)
class ActivityCourse:
    """Relative activity (nan while unknown), and sessions a week of strength training and of impact."""

    relative: StepCurve
    """Activity over that of the average of the same age and disability [1]; nan before the first record."""
    resistance: StepCurve
    """Sessions of strength training a week."""
    impact: StepCurve
    """Sessions with jumps, running or dancing a week."""

    @property
    def days(self) -> tuple[float, ...]:
        """The days of the records."""
        return (*self.relative.days, *self.resistance.days, *self.impact.days)


def activity_course(person: Person, clock: Clock, disability: DisabilityCourse, evidence: Evidence) -> ActivityCourse:
    """The records of a person. Sessions nobody recorded count as none: the average has its share of them."""
    records = [(clock.day(record.date), record) for record in clock.known(person.activity)]
    relative = [
        (day, relative_activity(record, years(day), disability.edss_on(day), evidence)) for day, record in records
    ]
    return ActivityCourse(
        _step_curve(relative, np.nan),
        _step_curve([(day, record.resistance_sessions_per_week) for day, record in records], 0.0),
        _step_curve([(day, record.impact_sessions_per_week) for day, record in records], 0.0),
    )


def relative_activity(record: Activity, age_y: float, edss: float, evidence: Evidence) -> float | None:
    """Activity as a multiple of what people of this age and disability do: steps if counted, else minutes.

    age_y, edss: on the day of the record. None where neither was recorded.
    """
    share = evidence.curve_at("timeline.activity.share_by_edss", edss)
    if record.steps_per_day is not None:
        average = evidence.scalar("activity.reference.steps_per_day")
        usual = average * evidence.curve_at("activity.reference.steps_age_factor", age_y)
        return record.steps_per_day / (share * usual)
    if record.moderate_minutes_per_week is not None:
        reported = evidence.scalar("activity.reference.moderate_minutes_per_week")
        return record.moderate_minutes_per_week / (share * reported)
    return None


def _step_curve(records: Sequence[tuple[float, float | None]], before: float) -> StepCurve:
    """A held quantity from the records that give it."""
    return step_curve([(day, value) for day, value in records if value is not None], before)
