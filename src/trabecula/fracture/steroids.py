"""Chronic steroid therapy beyond density: fast on, fast off. Pulses are not chronic therapy.

The excess follows the daily dose with a delay: it comes on within months, and half of it is gone after a year
off. What steroids do to density is not here: it comes through density.
"""

import numpy as np

from trabecula.evidence import Draws
from trabecula.fracture.exposure import Exposure
from trabecula.units import Array
from trabecula.vocabulary import FRACTURE_SITES


def settled_excess(site: str, prednisone_mg: Array, draws: Draws, *, whole: bool = False) -> Array:
    """Excess hazard once a daily dose [mg/d of prednisone] has been taken for long [n, T].

    Beyond density, or the whole of it (`whole`); the dose bands are van Staa 2000, refitted to the printed UK tables
    (decision 6).
    """
    total = draws.log_curve(f"fracture.steroid.{FRACTURE_SITES[site].steroids}", prednisone_mg)
    return total ** (1 if whole else draws.column("fracture.steroid.beyond_density")) - 1


def followed(excess: Array, dt_y: Array, draws: Draws) -> Array:
    """Mean over each step of an excess that follows its settled value with a delay [n, T].

    excess: settled, by step [n, T]; dt_y: length of each step [T]. It rises with one time constant and falls with
    another, exactly for a dose that is constant in a step.
    """
    onset_y = draws.column("fracture.steroid.onset")
    offset_y = draws.column("fracture.steroid.half_gone") / np.log(2)
    left_on, left_off = np.exp(-dt_y / onset_y), np.exp(-dt_y / offset_y)
    mean_on, mean_off = (-np.expm1(-dt_y / onset_y) * onset_y / dt_y, -np.expm1(-dt_y / offset_y) * offset_y / dt_y)
    now, mean = np.zeros(len(excess)), np.empty_like(excess)
    for t, target in enumerate(excess.T):
        gap, rising = now - target, now < target
        mean[:, t] = target + gap * np.where(rising, mean_on[:, t], mean_off[:, t])
        now = target + gap * np.where(rising, left_on[:, t], left_off[:, t])
    return mean


def effect(site: str, exposure: Exposure, draws: Draws, *, whole: bool = False) -> Array:
    """Hazard ratio of chronic steroid therapy, and of pulses [n, T].

    What steroids do beyond density, or (`whole`, where nothing is known of density) all they do.
    """
    chronic = np.ones((1, 1)) + _chronic_excess(site, exposure, draws, whole)
    pulsed = np.asarray(exposure.pulse_mg_per_year) > 0
    return chronic * np.where(pulsed, draws.column("fracture.steroid.pulse"), 1)


def _chronic_excess(site: str, exposure: Exposure, draws: Draws, whole: bool) -> Array:
    """The followed excess on the grid; what was taken before it counts [n, T]."""
    steps = len(exposure.dt_y)
    doses = (np.asarray(dose, dtype=np.float64) for dose in (exposure.past_prednisone_mg, exposure.prednisone_mg))
    past, now = (dose if dose.ndim else np.full(steps, dose) for dose in doses)
    dose = np.concatenate([past, now], axis=-1)
    if not dose.any():
        return np.zeros((1, 1))
    dt_y = np.append(exposure.past_dt_y, exposure.dt_y)
    return followed(settled_excess(site, dose, draws, whole=whole), dt_y, draws)[:, -steps:]
