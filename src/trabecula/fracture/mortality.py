"""Death: the life table, the MS excess by disability, and the excess after a hip fracture.

Death after a hip fracture that is still to come: some of those alive have had one, and die faster.

The life table holds everybody, those with a hip fracture too. So the rate of those without one lies below it by just
as much as keeps the average person, hip fractures and all, at the life table.
"""

from collections.abc import Sequence
from math import expm1
from typing import Any

import numpy as np

from trabecula.compiled import kept
from trabecula.evidence import SEX_GROUP, Draws
from trabecula.fracture.exposure import Exposure
from trabecula.fracture.lanes import FAST, LANES, in_lanes, in_rows, left
from trabecula.fracture.record import PriorFracture
from trabecula.units import Array
from trabecula.vocabulary import COUNTRIES

_FINE_Y = 1 / 48
"""A quarter of a month, on which the excess after a hip fracture is added up."""


def background(sex: str, country: str, age_y: Array, draws: Draws) -> Array:
    """Deaths per person-year of the general population [n, T], from the yearly probability at whole ages."""
    name = f"mortality.{COUNTRIES[country].registry}.{SEX_GROUP[sex]}"
    last = draws[name].shape[1] - 1
    year = np.minimum(np.floor(age_y).astype(np.int64), last)
    dying = draws[name]
    own = dying[:, year] if year.ndim == 1 else dying[np.arange(len(dying))[:, None], year]
    return -np.log1p(-own)


def stand_in_ratio(stands_in_for: str | None, draws: Draws) -> Array:
    """Death rates of a country without a life table over those of the one that stands in [n, 1]; 1 where none does."""
    return np.ones((1, 1)) if stands_in_for is None else draws.column("mortality.stand_in.ratio")


def ms_ratio(exposure: Exposure, draws: Draws) -> Array:
    """Ratio of the death rate with MS over the life table [n, T]; 1 without MS.

    The excess follows disability (`mortality.ms.excess`, by EDSS) and fades with age.
    """
    if not exposure.has_ms.any():
        return np.ones((1, 1))
    excess = draws.curve("mortality.ms.excess", exposure.disability(draws))
    left = draws.curve("mortality.ms.excess_by_age", exposure.age_y)
    return 1 + np.where(exposure.has_ms, excess * left, 0)


def after_hip_ratio(sex: str, priors: Sequence[PriorFracture] | None, years_on: Array, draws: Draws) -> Array:
    """Ratio of the death rate after the latest hip fracture before the grid [n, T]; 1 without a dated one.

    years_on: from the beginning of the grid to the middle of each step [T].
    """
    since = [prior.years_since for prior in priors or () if prior.site == "hip"]
    hips = [np.asarray(years, dtype=np.float64) for years in since if years is not None]
    if not hips:
        return np.ones((1, 1))
    latest = np.minimum.reduce(hips)
    excess = draws.curve(f"mortality.after_hip.{SEX_GROUP[sex]}", latest + years_on)
    return 1 + np.where(np.isfinite(latest), excess, 0)


def death_rate(exposure: Exposure, draws: Draws) -> Array:
    """The person's deaths per person-year [n, T]."""
    elsewhere = stand_in_ratio(exposure.stands_in_for, draws)
    return background(exposure.sex, exposure.country, exposure.age_y, draws) * elsewhere * ratio(exposure, draws)


def ratio(exposure: Exposure, draws: Draws) -> Array:
    """The person's death rate over the general population's [n, T]."""
    after_hip = after_hip_ratio(exposure.sex, exposure.priors, exposure.middle_y, draws)
    return ms_ratio(exposure, draws) * after_hip


def mean_ratio(hip: Array, death: Array, dt_y: Array, sex: str, draws: Draws, *, of_all: bool = False) -> Array:
    """Death rate of all alive over that of those without a hip fracture on the grid [n, T].

    hip, death: hazards [per y, n x T] of those without one; `of_all`: death is that of all alive, as in a life table.
    """
    total = total_excess(sex, draws)
    n = max(len(hip), len(death), len(total))
    ends = np.cumsum(dt_y)
    place = np.maximum(ends[:, None] - (ends - dt_y / 2), 0.0) / _FINE_Y
    whole = np.minimum(place.astype(np.int64), total.shape[1] - 2)
    rates = (in_lanes(np.broadcast_to(rate, (n, len(dt_y)))) for rate in (hip, death))
    blocks = draws.once(
        ("mortality.total_excess", sex, n),
        lambda: in_lanes(total) if len(total) == n else in_lanes(np.repeat(total, n, axis=0)),
    )
    made = np.empty((len(blocks), len(dt_y), LANES))
    _march_all(*rates, np.ascontiguousarray(dt_y), blocks, whole, place - whole, of_all, made)
    return in_rows(made, n)


def total_excess(sex: str, draws: Draws) -> Array:
    """The excess of the death rate times years from the fracture on, a column every `_FINE_Y` [n, m].

    It is added up so finely that long steps lose none of the first months. Behind its last knot the excess is level, so
    that the total goes straight on from the last two columns.
    """
    return draws.by_row(("mortality.total_excess", sex), lambda sample: _total_excess(sex, sample))


def _total_excess(sex: str, draws: Draws) -> Array:
    """That of any draws."""
    name = f"mortality.after_hip.{SEX_GROUP[sex]}"
    since = np.arange(0.0, draws.knots(name)[-1] + 2 * _FINE_Y, _FINE_Y)
    excess = draws.curve(name, since)
    steps = (excess[:, 1:] + excess[:, :-1]) / 2 * _FINE_Y
    return np.hstack([np.zeros((len(excess), 1)), np.cumsum(steps, axis=1)])


# Compiled, because each step looks back at every earlier one: 14,000 pairs of monthly and yearly steps a draw, which
# as arrays were a third of an answer. The lanes of a block stand side by side in the inner loops.
@kept(nogil=True, error_model="numpy", fastmath=FAST)
def _march_all(
    hip: Array, death: Array, dt_y: Array, total: Array, place: Any, share: Array, of_all: bool, made: Array
) -> None:
    """Write the mean ratio of death rates over everybody alive, for each step and lane, into `made` [blocks, T, LANES].

    place, share: where in `total` the time from a fracture in the middle of step s to the end of step t lies [t, s].
    What follows a fracture in its own step counts in the next one.
    """
    steps = len(dt_y)
    after, until, ratio = np.empty((steps, LANES)), np.empty((steps, LANES)), np.empty((steps, LANES))
    alive, dying, own, without = np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty(LANES)
    for b in range(len(hip)):
        without[:] = 1.0
        for t in range(steps):
            alive[:], dying[:] = without, without
            per_y = 1.0 / dt_y[t]
            for s in range(t):  # those with a hip fracture in step s
                p, w = place[t, s], share[t, s]
                for i in range(LANES):
                    now = total[b, p, i] + w * (total[b, p + 1, i] - total[b, p, i])
                    ratio[s, i] = 1.0 + (now - until[s, i]) * per_y
                    until[s, i] = now
                    alive[i] += after[s, i]
                    dying[i] += after[s, i] * ratio[s, i]
            for i in range(LANES):
                made[b, t, i] = dying[i] / alive[i]
                own[i] = death[b, t, i] / made[b, t, i] if of_all else death[b, t, i]
            for s in range(t):
                for i in range(LANES):
                    after[s, i] *= left(own[i] * ratio[s, i] * dt_y[t])
            for i in range(LANES):
                leaving = hip[b, t, i] + own[i]
                lost = without[i] * -expm1(-leaving * dt_y[t])
                after[t, i] = lost * hip[b, t, i] / leaving if leaving > 0.0 else 0.0
                until[t, i] = 0.0
                without[i] -= lost
