"""Calcium and vitamin D through time: as recorded and measured, the usual where nothing is known.

The intake a person states is that of the day of assessment, tablets included; tablets that are recorded as
medicines and begin or end at another time change it from then on. A blood level is taken to the mean of its year
(a level of February stands for a higher mean than the same level of August), holds until the next one, and moves
with the tablets. The swing within a year is not marched through: it moves density by less than a thousandth.
"""

from dataclasses import dataclass, replace

import numpy as np

from trabecula.evidence import Evidence
from trabecula.person import HistoryDate, Laboratory, Medicine, Person
from trabecula.timeline.channels import AgeCurve, Clock, Span, Spans, StepCurve, by_age, step_curve
from trabecula.timeline.medicines import adherence_of
from trabecula.units import DAYS_PER_YEAR, UG_PER_MG, Array
from trabecula.vocabulary import medicines


@dataclass(frozen=True)
class Intake:
    """Daily intake: what is stated for `today` with all tablets, or what food usually gives; recorded tablets."""

    recorded: Spans
    """Tablets that stand in the record as medicines [amount a day]."""
    stated: float | None
    """What the person takes on the day of assessment, tablets included; None where nobody asked."""
    usual: AgeCurve
    """What food gives at each age."""
    today: float
    """The day of assessment [d since birth]."""

    def at(self, days: Array) -> Array:
        """Daily intake on each day."""
        if self.stated is None:
            return self.usual.at(days) + self.recorded.total(days)
        since = self.recorded.total(days) - self.recorded.total(np.array([self.today]))
        return np.maximum(self.stated + since, 0.0)


@dataclass(frozen=True)
class Nutrition:
    """Calcium intake, vitamin D tablets, and blood levels of 25-hydroxyvitamin D."""

    calcium_mg: Intake
    """Calcium from food and tablets [mg/d]."""
    vitamin_d_ug: Intake
    """Vitamin D from tablets [µg/d]."""
    measured_nmol_l: StepCurve
    """Blood levels, each taken to the mean of its year [nmol/L]; nan before the first."""
    usual_nmol_l: AgeCurve
    """What people of the same age and ancestry have [nmol/L]."""
    nmol_l_per_ug: float
    """What a microgram a day adds to the level."""

    @property
    def days(self) -> tuple[float, ...]:
        """The days on which tablets begin or end, or blood was taken."""
        return (*self.calcium_mg.recorded.days, *self.vitamin_d_ug.recorded.days, *self.measured_nmol_l.days)

    def vitamin_d_nmol_l(self, days: Array) -> Array:
        """25-hydroxyvitamin D [nmol/L]: the last level measured, or the usual one, moved by tablets since."""
        measured = self.measured_nmol_l.at(days)
        known = ~np.isnan(measured)
        samples = np.array(self.measured_nmol_l.days, dtype=np.float64)
        then = StepCurve(samples.tolist(), self.vitamin_d_ug.at(samples).tolist(), before=0.0).at(days)
        base = np.where(known, measured, self.usual_nmol_l.at(days))
        return np.maximum(base + self.nmol_l_per_ug * (self.vitamin_d_ug.at(days) - then), 0.0)


_NO_FOOD = AgeCurve((0.0,), (0.0,))


def nutrition_of(person: Person, clock: Clock, evidence: Evidence) -> Nutrition:
    """What is known and what is usual."""
    samples = [sample for sample in clock.known(person.laboratory) if sample.test == "25-OH-D"]
    calcium = Spans(_tablets("calcium", person, clock, evidence))
    vitamin_d = _tablets("vitamin_d", person, clock, evidence)
    in_ug = Spans(tuple(replace(span, level=span.level * UG_PER_MG) for span in vitamin_d))
    return Nutrition(
        Intake(calcium, person.calcium_mg_per_day, usual_calcium_mg(person, evidence), clock.today),
        Intake(in_ug, person.vitamin_d_ug_per_day, _NO_FOOD, clock.today),
        step_curve([(clock.day(sample.date), _mean_of_the_year(sample, evidence)) for sample in samples], np.nan),
        usual_vitamin_d_nmol_l(person, evidence),
        evidence.scalar("timeline.vitamin_d.per_ug"),
    )


def _mean_of_the_year(sample: Laboratory, evidence: Evidence) -> float:
    """The year's mean of 25-hydroxyvitamin D behind one sample [nmol/L]: highest in August, lowest in February."""
    if isinstance(sample.date, HistoryDate) and sample.date.precision == "year":
        return sample.standard_value
    half_swing, peak = (evidence.scalar(f"timeline.vitamin_d.{name}") for name in ("half_swing", "peak_day"))
    since_peak = sample.date.timetuple().tm_yday - peak
    above_mean = half_swing * float(np.cos(2.0 * np.pi * since_peak / DAYS_PER_YEAR))
    return max(sample.standard_value - above_mean, 0.0)


def usual_calcium_mg(person: Person, evidence: Evidence) -> AgeCurve:
    """Calcium from food and water by age [mg/d]."""
    who = "women" if person.sex == "female" else "men"
    return by_age(evidence, f"nutrition.reference.calcium_food_mg_per_day.{who}")


def usual_vitamin_d_nmol_l(person: Person, evidence: Evidence) -> AgeCurve:
    """25-hydroxyvitamin D of people of the same age, and of Black people, whose level is lower."""
    black = person.ancestry == "black"
    return by_age(evidence, f"nutrition.reference.vitamin_d_{'black_' if black else ''}nmol_l")


def _tablets(kind: str, person: Person, clock: Clock, evidence: Evidence) -> tuple[Span, ...]:
    """Supplements of one class, each from its first to its last day as a daily amount [mg]."""
    return tuple(
        _tablet(medicine, drug.supplement, clock, evidence)
        for medicine in person.medicines
        if (drug := medicines().get(medicine.generic)) and drug.drug_class == kind and drug.supplement
    )


def _tablet(tablet: Medicine, usual: str, clock: Clock, evidence: Evidence) -> Span:
    """A supplement as a daily amount [mg]; the usual dose unless one is given, and daily unless an interval is."""
    dose = evidence.scalar(usual) if tablet.dose_mg is None else tablet.dose_mg
    amount = dose / (tablet.interval_days or 1.0) * adherence_of(tablet, evidence)
    return Span(clock.day(tablet.start), clock.first_day_after(tablet), amount)
