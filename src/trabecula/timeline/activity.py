"""Physical activity through time, relative to people with the same disability; each record holds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trabecula.evidence import Evidence
from trabecula.person import Activity, Person
from trabecula.timeline.channels import Held, held
from trabecula.timeline.clock import Clock
from trabecula.timeline.disability import DisabilityCourse
from trabecula.timeline.numbers import curve_at, scalar


@dataclass(frozen=True)
class ActivityCourse:
    """Relative activity (nan while unknown), and sessions a week of strength training and of impact."""

    relative: Held
    resistance: Held
    impact: Held

    @property
    def days(self) -> tuple[float, ...]:
        """The days of the records."""
        return (*self.relative.days, *self.resistance.days, *self.impact.days)


def activity_course(
    person: Person, clock: Clock, disability: DisabilityCourse, evidence: Evidence
) -> ActivityCourse:
    """The records of a person. Sessions nobody recorded count as none: the average has its share of them."""
    records = [(clock.day(each.date), each) for each in clock.known(person.activity)]
    return ActivityCourse(
        _held(
            [(day, relative_activity(each, disability.edss_on(day), evidence)) for day, each in records],
            np.nan,
        ),
        _held([(day, each.resistance_sessions_per_week) for day, each in records], 0.0),
        _held([(day, each.impact_sessions_per_week) for day, each in records], 0.0),
    )


def relative_activity(record: Activity, edss: float, evidence: Evidence) -> float | None:
    """Activity as a multiple of what people of this disability do: steps if counted, else minutes."""
    usual = curve_at(evidence, "timeline.activity.share_by_edss", edss)
    if record.steps_per_day is not None:
        return record.steps_per_day / (usual * scalar(evidence, "timeline.activity.usual_steps"))
    if record.moderate_minutes_per_week is not None:
        return record.moderate_minutes_per_week / (
            usual * scalar(evidence, "timeline.activity.usual_minutes")
        )
    return None


def _held(records: Sequence[tuple[float, float | None]], before: float) -> Held:
    """A held quantity from the records that give it."""
    return held([(day, value) for day, value in records if value is not None], before)
