"""Calcium balance: what is absorbed, against what is usual, drives resorption through parathyroid hormone."""

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws
from trabecula.skeleton.oestrogen import curve_at
from trabecula.timeline import Timeline
from trabecula.units import years

Array = NDArray[np.float64]


def calcium_drive(timeline: Timeline, draws: Draws) -> Array:
    """Resorptive drive of each segment [n, K]: 1 at the usual intake and vitamin D, more when less is absorbed."""
    known = ~np.isnan(timeline.calcium_mg_per_day + timeline.vitamin_d_nmol_l)
    taken, level = (
        np.nan_to_num(timeline.calcium_mg_per_day)[None, :],
        np.nan_to_num(timeline.vitamin_d_nmol_l)[None, :],
    )
    absorbed = taken * _fraction(level, draws) * (1.0 - _steroid_loss(timeline, draws))
    usual = _usual_mg(timeline, draws) * _fraction(_usual_nmol_l(timeline, draws), draws)
    ratio = np.where(known, usual / np.maximum(absorbed, _LEAST * usual), 1.0)
    return ratio ** draws["nutrition.calcium.drive_exponent"][:, None]


def _usual_mg(timeline: Timeline, draws: Draws) -> Array:
    """What food usually gives at each age [mg/d, n x K]."""
    people = "women" if timeline.sex == "female" else "men"
    return curve_at(draws, f"nutrition.reference.calcium_food_mg_per_day.{people}", years(timeline.middles_d))


def _usual_nmol_l(timeline: Timeline, draws: Draws) -> Array:
    """The usual 25-hydroxyvitamin D at each age [nmol/L, n x K]."""
    return curve_at(draws, "nutrition.reference.vitamin_d_nmol_l", years(timeline.middles_d))


_LEAST = 0.05  # keeps a diet without calcium finite


def _fraction(level_nmol_l: Array, draws: Draws) -> Array:
    """Share of calcium absorbed, relative to plenty of vitamin D [n, K]."""
    passive = draws["nutrition.calcium.absorbed_at_no_vitamin_d"][:, None]
    half = draws["nutrition.vitamin_d.half_absorption"][:, None]
    return passive + (1.0 - passive) * level_nmol_l / (level_nmol_l + half)


def _steroid_loss(timeline: Timeline, draws: Draws) -> Array:
    """Share of absorption lost on glucocorticoids: a steep step of the daily dose [n, K]."""
    half, steep = (
        draws[f"nutrition.steroid.absorption_{name}"][:, None] for name in ("half_dose", "steepness")
    )
    risen = timeline.prednisone_mg[None, :] ** steep
    return draws["nutrition.steroid.absorption_loss"][:, None] * risen / (risen + half**steep)
