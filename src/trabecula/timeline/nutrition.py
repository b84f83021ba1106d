"""Calcium and vitamin D through time: as recorded and measured, the usual where nothing is known.

The intake a person states is that of the day of assessment, tablets included; tablets that are recorded as
medicines and begin or end at another time change it from then on. A blood level holds until the next one,
and moves with the tablets. Season is not in it yet.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.person import Medicine, Person
from trabecula.timeline.channels import Held, Span, Spans, held
from trabecula.timeline.clock import Clock
from trabecula.timeline.medicines import adherence_of
from trabecula.timeline.numbers import scalar

Array = NDArray[np.float64]

_UG_PER_MG = 1000.0
_CALCIUM = ("calcium",)
_VITAMIN_D = ("cholecalciferol", "ergocalciferol")


@dataclass(frozen=True)
class Tablets:
    """A supplement: what was recorded as medicines, and what the person says the intake is `today`."""

    recorded: Spans
    stated: float | None
    usual: float
    today: float

    def at(self, days: Array) -> Array:
        """Daily intake on each day."""
        if self.stated is None:
            return self.usual + self.recorded.total(days)
        since = self.recorded.total(days) - self.recorded.total(np.array([self.today]))
        return np.maximum(self.stated + since, 0.0)


@dataclass(frozen=True)
class Nutrition:
    """Calcium intake, vitamin D tablets, and blood levels of 25-hydroxyvitamin D."""

    calcium_mg: Tablets
    vitamin_d_ug: Tablets
    measured_nmol_l: Held
    usual_nmol_l: float
    nmol_l_per_ug: float

    @property
    def days(self) -> tuple[float, ...]:
        """The days on which tablets begin or end, or blood was taken."""
        return (*self.calcium_mg.recorded.days, *self.vitamin_d_ug.recorded.days, *self.measured_nmol_l.days)

    def vitamin_d_nmol_l(self, days: Array) -> Array:
        """25-hydroxyvitamin D [nmol/L]: the last level measured, or the usual one, moved by tablets since."""
        without = np.array([self.usual_nmol_l, *self.measured_nmol_l.values])
        then = np.array([0.0, *self.vitamin_d_ug.at(np.array(self.measured_nmol_l.days))])
        last = np.searchsorted(np.array(self.measured_nmol_l.days), days, side="right")
        moved = without[last] + self.nmol_l_per_ug * (self.vitamin_d_ug.at(days) - then[last])
        return np.maximum(moved, 0.0)


def nutrition_of(person: Person, clock: Clock, evidence: Evidence) -> Nutrition:
    """What is known and what is usual."""
    levels = [each for each in clock.known(person.laboratory) if each.test == "25-OH-D"]
    calcium_mg, vitamin_d_mg = (
        scalar(evidence, "timeline.calcium.usual_tablet"),
        scalar(evidence, "timeline.vitamin_d.usual_tablet") / _UG_PER_MG,
    )
    calcium = _tablets(person, _CALCIUM, calcium_mg, 1.0, clock, evidence)
    vitamin_d = _tablets(person, _VITAMIN_D, vitamin_d_mg, _UG_PER_MG, clock, evidence)
    return Nutrition(
        Tablets(calcium, person.calcium_mg_per_day, scalar(evidence, "timeline.calcium.usual"), clock.today),
        Tablets(vitamin_d, person.vitamin_d_ug_per_day, 0.0, clock.today),
        held([(clock.day(each.date), each.standard_value) for each in levels], np.nan),
        scalar(evidence, "timeline.vitamin_d.usual"),
        scalar(evidence, "timeline.vitamin_d.per_ug"),
    )


def _tablets(
    person: Person, drugs: tuple[str, ...], usual_mg: float, per_mg: float, clock: Clock, evidence: Evidence
) -> Spans:
    """The recorded supplements as daily amounts."""
    taken = [each for each in person.medicines if each.generic in drugs]
    return Spans(tuple(_span(each, _daily_mg(each, usual_mg, evidence) * per_mg, clock) for each in taken))


def _daily_mg(tablet: Medicine, usual_mg: float, evidence: Evidence) -> float:
    """Daily amount of a supplement [mg]; one tablet a day unless an interval is given."""
    dose = usual_mg if tablet.dose_mg is None else tablet.dose_mg
    return dose / (tablet.interval_days or 1.0) * adherence_of(tablet, evidence)


def _span(tablet: Medicine, amount: float, clock: Clock) -> Span:
    """From the first to the last day."""
    return Span(clock.day(tablet.start), clock.first_day_after(tablet), amount)
