"""What a person brings to a fracture: exposures on a time grid, risk factors, and history.

A grid has T steps of `dt_y` [y]; what varies is the value at the middle (or the mean) of each step. Arrays
are [T], or [n, T] where each draw, or each person, has an own course.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trabecula.evidence import Draws
from trabecula.fracture import record
from trabecula.fracture.record import FallCount, PriorFracture
from trabecula.person import Person
from trabecula.timeline import Timeline
from trabecula.timeline.disability import edss_offset
from trabecula.units import DAYS_PER_YEAR, MONTHS_PER_YEAR, Array
from trabecula.vocabulary import tables_for


@dataclass(frozen=True)
class Exposure:
    """One person (or many of one sex) on a time grid; what is not known keeps its default, the average."""

    sex: str
    country: str
    """Whose tables of fractures and deaths are used."""
    age_y: Array
    """Age at the middle of each step [T], or of many people [n, T]."""
    dt_y: Array
    """Length of each step [T]."""
    edss: ArrayLike = np.nan
    """Disability [T] or [n, T]; nan without MS."""
    edss_sd: float = 0.0
    """How uncertain the disability is, because nobody has examined it lately [SD, EDSS points]."""
    wheelchair: ArrayLike = False
    """Whether a wheelchair is used all day [T]."""
    ms_course: str | NDArray[np.str_] | None = None
    """Its kind; of many people [n, 1]."""
    prednisone_mg: ArrayLike = 0.0
    """Mean daily dose of chronic steroid therapy in prednisone equivalents [T]; pulses are not in it."""
    pulse_mg_per_year: ArrayLike = 0.0
    """Prednisone equivalents of intermittent high-dose courses in the year before [mg, T]."""
    past_prednisone_mg: ArrayLike = ()
    """The chronic dose before the grid [H] or [n, H], oldest first, in steps of `past_dt_y` [y]."""
    past_dt_y: ArrayLike = ()
    present: Mapping[str, ArrayLike | None] = field(default_factory=dict)
    """Factors and medicines (`vocabulary.risk_factors`), by step if [T]; None or nan: unknown."""
    alcohol_units_per_day: ArrayLike | None = None
    bmi: ArrayLike | None = None
    density_measured: bool = False
    """Whether a bone scan stands behind the Z-scores; if not, low weight, smoking and arthritis speak for it."""
    priors: tuple[PriorFracture, ...] | None = None
    """Earlier fractures; () when it is known that there were none, None when nobody asked."""
    falls: FallCount | None = None
    stands_in_for: str | None = None
    """The country of the person, where the tables are another's that stands in."""
    fall_ratio: ArrayLike = 1.0
    """What a programme leaves of the falls, as a share [n, 1]; it changes nothing about the count before the grid."""

    @property
    def has_ms(self) -> NDArray[np.bool_]:
        """Whether the person has MS, step by step."""
        return ~np.isnan(np.asarray(self.edss, dtype=np.float64))

    def disability(self, draws: Draws) -> Array:
        """The EDSS under each draw [n, T] or [1, T]: who was not examined may be better or worse; nan without MS."""
        edss = np.atleast_2d(np.asarray(self.edss, dtype=np.float64))
        if not self.edss_sd:
            return edss
        under_draws = edss + self.edss_sd * edss_offset(draws)[:, None]
        return np.clip(under_draws, 0.0, draws.column("timeline.edss.greatest"))

    @property
    def edges_y(self) -> Array:
        """Years from the beginning of the grid to each edge of its steps [T + 1]."""
        return np.append(0.0, np.cumsum(self.dt_y))

    @property
    def middle_y(self) -> Array:
        """Years from the beginning of the grid to the middle of each step [T]."""
        return self.edges_y[:-1] + self.dt_y / 2

    @classmethod
    def from_person(cls, person: Person, timeline: Timeline, days: Sequence[float]) -> "Exposure":
        """The person's exposures on the grid whose edges are `days` [d since birth, T + 1].

        Beyond the end of the timeline everything holds its last value.
        """
        edges = np.asarray(days, dtype=np.float64)
        middle = (edges[1:] + edges[:-1]) / 2
        past_edges = record.past_edges(timeline, edges[0])
        tables = tables_for(person.country, person.stand_in)
        return cls(
            sex=person.sex,
            country=tables.country,
            stands_in_for=tables.stands_in_for,
            age_y=middle / DAYS_PER_YEAR,
            dt_y=np.diff(edges) / DAYS_PER_YEAR,
            edss=timeline.edss_at(middle),
            edss_sd=timeline.edss_sd,
            wheelchair=timeline.flag_at(middle, timeline.wheelchair),
            ms_course=person.ms.course if person.ms else None,
            prednisone_mg=record.mean_over(timeline, record.chronic_mg(timeline), edges),
            pulse_mg_per_year=record.pulse_mg_per_year(timeline, middle),
            past_prednisone_mg=record.mean_over(timeline, record.chronic_mg(timeline), past_edges),
            past_dt_y=np.diff(past_edges) / DAYS_PER_YEAR,
            present=record.present(person, timeline, middle),
            alcohol_units_per_day=person.alcohol_units_per_day,
            bmi=record.bmi(person),
            density_measured=record.density_measured(person, edges[0]),
            priors=record.priors(person, edges[0]),
            falls=record.falls(person, edges[0]),
        )


def time_grid(age_y: float, until_age_y: float, monthly_y: float) -> tuple[Array, Array]:
    """(age at the middle, length) of steps: monthly for `monthly_y` years, then yearly up to an age [T]."""
    edges = grid_edges_y(until_age_y - age_y, monthly_y)
    return age_y + (edges[1:] + edges[:-1]) / 2, np.diff(edges)


def grid_edges_y(span_y: float, monthly_y: float) -> Array:
    """Edges of monthly steps for `monthly_y` years, then yearly steps up to `span_y` [y, T + 1]."""
    months = np.arange(round(min(monthly_y, span_y) * MONTHS_PER_YEAR) + 1) / MONTHS_PER_YEAR
    edges = np.append(months, np.arange(months[-1] + 1, span_y))
    return np.append(edges[edges < span_y], span_y)
