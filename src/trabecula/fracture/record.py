"""From a person's record and timeline to the fields of an exposure. Days are days since birth."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from trabecula.person import Person
from trabecula.person.history import remembered_falls
from trabecula.person.medicines import says_of_others
from trabecula.timeline import Timeline
from trabecula.units import DAYS_PER_YEAR, MONTHS_PER_YEAR, Array, date_at, days_since_birth
from trabecula.vocabulary import RISK_FACTORS
from trabecula.vocabulary.risk_factors import FactorEffect


@dataclass(frozen=True)
class PriorFracture:
    """A fracture that happened `years_since` [y] before the grid begins; None for an unknown time.

    Of many people: [n, 1], infinite in those who had none; a fracture on the grid happened a negative time before it.
    """

    site: str
    years_since: float | Array | None
    high_trauma: bool = False


@dataclass(frozen=True)
class FallCount:
    """Falls remembered over a period [y] that reaches into the year before the grid."""

    count: float
    period_y: float


def chronic_mg(timeline: Timeline) -> Array:
    """Daily dose of chronic therapy in each segment [mg/d, K]: pulses are not chronic therapy."""
    return np.where(timeline.pulse, 0.0, timeline.prednisone_mg)


def pulse_mg_per_year(timeline: Timeline, days: Array) -> Array:
    """Prednisone equivalents of pulses in the year up to each day [mg]."""
    pulses = np.where(timeline.pulse, timeline.prednisone_mg, 0.0)
    return _total_until(timeline, pulses, days) - _total_until(timeline, pulses, days - DAYS_PER_YEAR)


def mean_over(timeline: Timeline, values: Array, edges: Array) -> Array:
    """Mean of a quantity [K] over each step between edges; its last value is held beyond the end."""
    total = _total_until(timeline, values, edges)
    return np.diff(total) / np.diff(edges)


def _total_until(timeline: Timeline, values: Array, days: Array) -> Array:
    """Integral of a segment-wise constant quantity from the start of the timeline to each day."""
    edges = timeline.edges_d
    total = np.append(0.0, np.cumsum(values * np.diff(edges)))
    return np.interp(days, edges, total) + values[-1] * np.maximum(days - edges[-1], 0)


def past_edges(timeline: Timeline, first_day: float) -> Array:
    """Edges of the timeline's segments before the grid, the beginning of the grid included."""
    before = timeline.edges_d[timeline.edges_d < first_day]
    return np.append(before, first_day)


def present(person: Person, timeline: Timeline, days: Array) -> Mapping[str, ArrayLike | None]:
    """What is known of risk factors and medicines, by name."""
    taken = {key: _taken(key, person, timeline, days) for key, row in RISK_FACTORS.items() if not row.is_field}
    known: dict[str, ArrayLike | None] = {**taken}
    for key, row in RISK_FACTORS.items():
        for name, effect in row.effects.items():
            if not row.is_field:
                known[name] = taken[key]
            elif row.value != "number":
                said = _said(effect, getattr(person, key))
                known[name] = said if effect.medicine is None else _either(said, taken[effect.medicine])
    return known


def _said(effect: "FactorEffect", answer: str | bool | None) -> bool | None:
    """Whether an answer means that the person has a factor; None when it leaves it open."""
    if isinstance(answer, bool) or answer is None:
        return answer
    return True if answer in effect.present else False if answer in effect.absent else None


def _taken(name: str, person: Person, timeline: Timeline, days: Array) -> Array:
    """Whether a medicine of a class is taken on each day; a record without any that is known here leaves it unknown."""
    otherwise = 0.0 if says_of_others(person.medicines, person.no_medicines) else np.nan
    flags = timeline.medicines.get(name)
    return np.full(len(days), otherwise) if flags is None else np.where(timeline.flag_at(days, flags), 1.0, otherwise)


def _either(condition: bool | None, taken: Array) -> ArrayLike:
    """The condition or its medicine; without the medicine as far as the condition is known."""
    return np.where(taken == 1, 1.0, np.nan if condition is None else float(condition))


def bmi(person: Person) -> float | None:
    """Body mass index [kg/m2]."""
    if person.height_cm is None or person.weight_kg is None:
        return None
    return person.weight_kg / (person.height_cm / 100) ** 2


def density_measured(person: Person, first_day: float) -> bool:
    """Whether there is a bone scan of spine or hip before the grid."""
    used = (scan for scan in person.dxa if scan.is_used)
    return any(days_since_birth(scan.date, person.birth_date) <= first_day for scan in used)


def priors(person: Person, first_day: float) -> tuple[PriorFracture, ...] | None:
    """Fractures before the grid; () when it is known that there were none, None when the record does not say."""
    found = []
    for broken in person.fractures:
        born, when = person.birth_date, broken.when
        years_since = None if when is None else (first_day - days_since_birth(when, born)) / DAYS_PER_YEAR
        found.append(PriorFracture(broken.site, years_since, broken.trauma == "high"))
    before = tuple(prior for prior in found if prior.years_since is None or prior.years_since >= 0)
    return before or (() if person.no_fractures else None)


def falls(person: Person, first_day: float) -> FallCount | None:
    """The falls that are remembered when the grid begins."""
    found = remembered_falls(person.falls, date_at(first_day, person.birth_date))
    return None if found is None else FallCount(float(found.count), found.months / MONTHS_PER_YEAR)
