"""Time in an evaluation: when within a year something counts, and what a later year is worth today."""

from enum import StrEnum

import numpy as np

from trabecula.units import Array


class WithinYear(StrEnum):
    """When the events and the time of a year are taken to happen.

    `middle` is the half-cycle correction: the people of a year are the mean of those at its two ends, and what happens
    in it happens half a year after it began.
    """

    START = "start"
    MIDDLE = "middle"
    END = "end"

    @property
    def share(self) -> float:
        """How much of the year has passed."""
        return _SHARES[self]


_SHARES = {WithinYear.START: 0.0, WithinYear.MIDDLE: 0.5, WithinYear.END: 1.0}


def discount_factors(rate: float, years: int, timing: WithinYear = WithinYear.MIDDLE) -> Array:
    """What 1 in each of so many years is worth today [years]: (1 + rate) to the power of minus the time passed.

    rate: a year, such as 0.035. Raises ValueError for a rate of -1 or less.
    """
    if rate <= -1.0:
        raise ValueError(f"discount rate: found {rate}; expected a share a year above -1, such as 0.035")
    return np.power(1.0 + rate, -(np.arange(years, dtype=np.float64) + timing.share), dtype=np.float64)


def person_years(share_at_edges: Array, timing: WithinYear = WithinYear.MIDDLE) -> Array:
    """Time lived in each year [..., years] per person at the start; shares alive at the edges [..., years + 1]."""
    late = timing.share
    return (1.0 - late) * share_at_edges[..., :-1] + late * share_at_edges[..., 1:]
