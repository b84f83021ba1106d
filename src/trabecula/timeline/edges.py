"""Where segments begin and end: every change is an edge, and smooth inputs are sampled at regular ones."""

from collections.abc import Iterable, Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.person import Person
from trabecula.units import days as days_in

Array = NDArray[np.float64]

# Two edges closer than this [d] are one: a tenth of a second, the dust of adding fractions of days.
_SAME_MOMENT_D = 1e-6  # not a parameter: the resolution of edges


def sampling_days(
    person: Person, menopause_y: float | None, start: float, end: float, evidence: Evidence
) -> list[float]:
    """Regular edges, close enough that ageing and the fall of oestrogen can be read off at the edges."""
    days = _every(evidence.scalar("timeline.edge.every"), start, end)
    days.append(days_in(evidence.scalar("skeleton.ageing.decline_from")))
    return days if person.sex == "male" else days + _around_menopause(menopause_y, start, end, evidence)


def _around_menopause(menopause_y: float | None, start: float, end: float, evidence: Evidence) -> list[float]:
    """Closer edges around a known menopause, or through all ages at which it may come."""
    if menopause_y is None:
        first, last = (
            evidence.scalar("timeline.edge.menopause_from"),
            evidence.scalar("timeline.edge.menopause_to"),
        )
        days = []
    else:
        first = menopause_y - evidence.scalar("timeline.edge.before_menopause")
        last = menopause_y + evidence.scalar("timeline.edge.after_menopause")
        days = [
            days_in(menopause_y - evidence.scalar("skeleton.oestrogen.women_lead")),
            days_in(menopause_y),
        ]
    every = evidence.scalar("timeline.edge.every_around_menopause")
    return days + _every(every, max(start, days_in(first)), min(end, days_in(last)))


def _every(step: float, start: float, end: float) -> list[float]:
    """The multiples of a step from birth on that lie within bounds."""
    return [step * i for i in range(ceil(start / step), int(end // step) + 1)]


def merged(changes: Iterable[float], exact: Sequence[float], start: float, end: float) -> Array:
    """All edges from start to end, strictly increasing; `exact` ones are kept to the last digit."""
    fixed = np.unique(np.array([start, end, *exact], dtype=np.float64))
    days = np.unique(np.array([day for day in changes if start < day < end], dtype=np.float64))
    days = days[np.diff(days, append=np.inf) > _SAME_MOMENT_D]
    at = np.searchsorted(fixed, days)
    apart = np.minimum(days - fixed[at - 1], fixed[np.minimum(at, len(fixed) - 1)] - days) > _SAME_MOMENT_D
    return np.union1d(fixed, days[apart])
