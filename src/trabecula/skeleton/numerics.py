"""The numbers of the solver, and no bone: an exponential for lanes, a Runge-Kutta pair, and long stable steps.

Coefficients stand here as published, each with its paper; `kernel` steps with them. They are tested by their order
conditions and their stability (`tests/skeleton/test_numerics.py`).
"""

from math import factorial, sqrt
from typing import Any

import numpy as np
from numba import njit
from numba.extending import register_jitable
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

# The exponential, as a polynomial that a compiler can see through.
_REDUCED = 32.0
"""The argument is divided by this power of two, and the result squared five times."""
_T3, _T4, _T5, _T6, _T7 = (1.0 / factorial(k) for k in range(3, 8))
_8_FACTORIAL = float(factorial(8))


@register_jitable(inline="always")
def exp(x: Any) -> Any:
    """e**x by its Taylor series at x/32, squared five times: within 1e-12 for |x| < 4, 5e-10 for |x| < 8.

    x: a number in compiled code, or an array in plain Python.
    """
    r = x / _REDUCED
    tail = _T4 + r * (_T5 + r * (_T6 + r * (_T7 + r / _8_FACTORIAL)))
    e = 1.0 + r * (1.0 + r * (0.5 + r * (_T3 + r * tail)))
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    return e * e


# The explicit pair for lively times: Tsitouras 2011, "Runge-Kutta pairs of order 5(4) satisfying only the first column
# simplifying assumption", Computers & Mathematics with Applications 62:770-775, doi:10.1016/j.camwa.2011.06.002,
# table 1. Seven stages, the last is the first of the next step.
PAIR_A = np.zeros((7, 6))
PAIR_A[1, :1] = 0.161
PAIR_A[2, :2] = -0.008480655492356989, 0.335480655492357
PAIR_A[3, :3] = 2.8971530571054935, -6.359448489975075, 4.3622954328695815
PAIR_A[4, :4] = 5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525
PAIR_A[5, :5] = (
    *(5.86145544294642, -12.92096931784711, 8.159367898576159),
    *(-0.071584973281401, -0.028269050394068383),
)
PAIR_A[6, :6] = (
    *(0.09646076681806523, 0.01, 0.4798896504144996),
    *(1.379008574103742, -3.290069515436081, 2.324710524099774),
)
"""Stage weights [7, 6]; row 6 is the fifth-order solution."""

PAIR_C = PAIR_A.sum(axis=1)
"""Stage times [7], as shares of a step."""

PAIR_E = np.array(
    [
        *(-0.001780011052226, -0.000816434459657, 0.007880878010262),
        *(-0.144711007173263, 0.582357165452555, -0.458082105929187, 1 / 66),
    ]
)
"""Fifth minus fourth order [7]: the error estimate's weights."""

PAIR_ORDER = 5


# The formulas for quiet years: stabilised Runge-Kutta-Chebyshev of order 2 (Sommeijer, Shampine and Verwer 1998,
# J Comput Appl Math 88:315; nothing of their program was used). When little happens, an ordinary explicit step is kept
# short not by its error but by stability: sclerostin and osteoclasts settle within days. A step of s stages is stable
# over 0.65 s**2 times the shortest of those times, so that fourteen stages go through a year.
LONG_ORDER = 3
"""Of the error of one long step."""
FEWEST, MOST = 2, 20
"""Stages of a long step."""
_DAMPING = 2.0 / 13.0
"""Keeps the step stable between the peaks of the polynomial."""
_STAGES_SQUARED = 1.54
"""Stages squared for a reach of 1: the inverse of 0.65."""


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
    s = max(FEWEST, int(sqrt(_STAGES_SQUARED * reach + 1.0)))
    while REACH[s] < reach and s < MOST:
        s += 1
    return s
