"""Coefficients of the stabilised Runge-Kutta-Chebyshev formulas of order 2, for the quiet years.

When little happens, an ordinary explicit step is kept short not by its error but by stability: sclerostin and
osteoclasts settle within days. A Chebyshev step of s stages is stable over 0.65 s**2 times the shortest of those times,
so that fourteen stages go through a year. Formulas: Sommeijer, Shampine and Verwer 1998 (J Comput Appl Math 88:315),
damping 2/13; nothing of their program was used.
"""

from math import sqrt

import numpy as np
from numba import njit
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

ORDER = 3  # not a parameter: of the error of one step
FEWEST, MOST = 2, 20  # not a parameter: stages of a step
_DAMPING = 2.0 / 13.0  # not a parameter: keeps the step stable between the peaks of the polynomial


def _formulas() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Stages [s, j, 5] as mu, nu, mu~, gamma~ and c of stage j; reach [s]: step times rate that s stages bear."""
    stages, reach = np.zeros((MOST + 1, MOST + 1, 5)), np.zeros(MOST + 1)
    for s in range(FEWEST, MOST + 1):
        w0 = 1.0 + _DAMPING / s**2
        T, dT, ddT = np.array([_derivatives(j, w0) for j in range(s + 1)]).T
        w1 = dT[s] / ddT[s]
        b = np.empty(s + 1)
        b[2:] = ddT[2:] / dT[2:] ** 2
        b[:2] = b[2]
        a = 1.0 - b * T
        c = np.zeros(s + 1)
        c[2:] = w1 * ddT[2:] / dT[2:]
        c[1], c[s] = c[2] / dT[2], 1.0
        stages[s, 1] = 0.0, 0.0, b[1] * w1, 0.0, c[1]
        for j in range(2, s + 1):
            mu, mu_slope = 2.0 * b[j] * w0 / b[j - 1], 2.0 * b[j] * w1 / b[j - 1]
            stages[s, j] = mu, -b[j] / b[j - 2], mu_slope, -a[j - 1] * mu_slope, c[j]
        reach[s] = (w0 + 1.0) * ddT[s] / dT[s]
    return stages, reach


def _derivatives(degree: int, at: float) -> tuple[float, float, float]:
    """The Chebyshev polynomial of a degree and its first two derivatives."""
    series = np.eye(degree + 1)[degree]
    return tuple(float(chebyshev.chebval(at, chebyshev.chebder(series, m))) for m in (0, 1, 2))  # type: ignore[return-value]


STAGES, REACH = _formulas()
FURTHEST = float(REACH[MOST])
"""Step times rate that the most stages bear."""


@njit(inline="always")
def stages_for(reach: float) -> int:
    """The fewest stages that bear a step times rate."""
    s = max(FEWEST, int(sqrt(1.54 * reach + 1.0)))  # not a parameter: the reach is about 0.65 s**2
    while REACH[s] < reach and s < MOST:
        s += 1
    return s
