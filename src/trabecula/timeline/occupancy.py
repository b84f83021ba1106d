"""How much of the glucocorticoid receptor is occupied: one equation a function, pure functions on arrays.

An amount a [mg prednisolone-equivalent] in the body occupies the share a/(a+EC) of the receptors. After a
dose the amount falls as a sum of exponentials, and what bone sees is the mean over the day, so a daily
tablet needs no stiff kinetic states. The equations are our own notation for textbook kinetics: first-order
elimination, absorption at once, and a hyperbolic concentration-effect curve (the Emax model).
"""

from functools import lru_cache

import numpy as np

from trabecula.units import Array

# Nodes of the Gauss-Legendre rule over an interval between two doses: a numerical choice. The integrand is a
# logistic curve of time; 24 nodes leave an error below 1e-11
# (test_mixtures_agree_with_an_independent_quadrature).
_NODES = 24  # the order of a quadrature


def dose_amount(dose_mg: Array | float, potency: float, bioavailability: float) -> Array | float:
    """d = F * potency * dose [mg prednisolone-equivalent that reaches the body]."""
    return bioavailability * potency * dose_mg


def amount_after(amount_mg: Array | float, k_per_h: Array | float, hours: float) -> Array | float:
    """a(t) = a(0) * exp(-k t) [mg]: first-order elimination."""
    return amount_mg * np.exp(-np.asarray(k_per_h) * hours)


def occupied_share(amount_mg: Array | float, ec_mg: float) -> Array | float:
    """a / (a + EC): the share of receptors occupied by an amount."""
    return amount_mg / (amount_mg + ec_mg)


def mean_occupancy(amount_mg: Array | float, k_per_h: float, hours: float, ec_mg: float) -> Array | float:
    """u = 1/(k h) * ln[(d + EC) / (d exp(-k h) + EC)]: mean over h hours that begin with an amount d.

    The integral of `occupied_share(amount_after(...))`; with h = 24 it is the daily mean of one daily dose.
    """
    left = amount_after(amount_mg, k_per_h, hours)
    return np.log1p((amount_mg - left) / (left + ec_mg)) / (k_per_h * hours)


def mean_occupancy_of_mixture(amounts_mg: Array, k_per_h: Array, hours: float, ec_mg: float) -> Array:
    """Mean over `hours` when amounts [n, c] with different eliminations [c] add up: by quadrature."""
    times, weights = _rule(hours)
    remaining = np.exp(-np.multiply.outer(k_per_h, times))
    return occupied_share(amounts_mg @ remaining, ec_mg) @ weights


@lru_cache(maxsize=32)
def _rule(hours: float) -> tuple[Array, Array]:
    """Gauss-Legendre times [h] and weights (they sum to 1) over an interval."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return (nodes + 1.0) * hours / 2.0, weights / 2.0
