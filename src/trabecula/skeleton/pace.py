"""How long a step is: what both kernels know about it. Numerical choices, not science.

The error of a step is held below the tolerance, a step stays within what its method bears, and after a jump it begins
short again.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from trabecula.skeleton.equations import N_INPUTS
from trabecula.skeleton.numerics import PAIR_ORDER

Vector = NDArray[np.float64]

SAFETY, SHRINK, GROW = 0.9, 0.2, 5.0
P_GAIN, I_GAIN = 0.7 / PAIR_ORDER, 0.4 / PAIR_ORDER  # after Hairer & Wanner II, section IV.2
# The error of density falls more slowly than that of a step, so the tolerance on a step must fall faster than the one
# that is asked for: 4e-4 at rtol 1e-4, 6e-7 at 1e-6; in quiet years 2.7e-5 and 2.7e-9. Measured, see decision 2.
STEP_FACTOR, STEP_POWER = 160.0, 1.4
QUIET_FACTOR, QUIET_POWER = 2700.0, 2.0
FIRST_STEP_D = 4.0
MOST_TRIES = 20_000  # steps of one segment after which a skeleton is no skeleton
BEARS = 3.3  # step times fastest rate up to which the pair is stable
WORTH = 6.0  # the same below which a long step that failed isn't tried again at once
# Steps of the pair after a jump, or after a long step that failed, before a long one is tried (again): the fast states
# settle in them. It doubles while long steps go on failing.
LIVELY, MOST_LIVELY = 3, 24
NOTICED = 0.01  # a smaller jump of an input is left to the control of the error
MARGIN = 1.05  # what couples the states may make the fastest a little faster
MIN_STEP_D = 1e-7
SLIVER = 1.1  # a segment that ends so many steps from here is ended by this step, if it bears it
LEAST_ERROR, LEAST_LAST_ERROR = 1e-10, 1e-4  # errors below which the next step grows no faster
LONG_STATE, LONG_SLOPE = 0.8, 0.4  # weights of the error of a long step (Sommeijer et al. 1998, section 2.2)

FAST = {"contract", "arcp", "nsz"}
inlined = njit(inline="always", error_model="numpy", fastmath=FAST)
"""For the parts of a step: named for the reader, and one loop for the compiler."""


def tolerances(rtol: float) -> tuple[float, float]:
    """The errors below which a step of the pair and a long step are accepted, for the tolerance that is asked for."""
    return STEP_FACTOR * rtol**STEP_POWER, QUIET_FACTOR * rtol**QUIET_POWER


@inlined
def jumps(dose: Vector, before: Vector, after: Vector) -> bool:
    """Whether something is given at an edge, or an input jumps there by more than the error control would see."""
    jump = dose[0] + dose[1] + dose[2] > 0.0
    for j in range(N_INPUTS):
        jump = jump or abs(after[j] - before[j]) > NOTICED
    return jump


@inlined
def step_within(left: float, h: float, longest: float, lively: Any) -> float:
    """The step to try in what is left of a segment: no sliver remains behind it, and the last two are alike."""
    step = min(h, left, longest)
    if step < left < SLIVER * step:
        step = min(left, longest)
    elif lively == 0 and step < left < 2.0 * step:
        step = 0.5 * left
    return step


@inlined
def next_step(step: float, h: float, factor: float) -> float:
    """The step to try after one that succeeded; one that was cut short by an edge says nothing against a longer one."""
    if step >= h or factor < 1.0:
        return step * min(GROW, max(SHRINK, factor))
    return max(h, step * min(GROW, factor))


@inlined
def shorter_step(step: float, error: float, order: int) -> float:
    """The step to try after one that failed."""
    if not error < np.inf:
        return step * SHRINK
    return step * max(SHRINK, SAFETY * error ** (-1.0 / order))
