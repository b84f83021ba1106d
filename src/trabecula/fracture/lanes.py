"""People side by side in the registers of the processor, for the marches of this room that step through time.

Rows of an array [n, T] go into blocks [blocks, T, LANES], the last block filled up with the last row, so that a
compiled loop over the lanes becomes one vector instruction.
"""

import numpy as np
from numba import njit

from trabecula.units import Array

LANES = 16
"""Rows that are marched together: two registers of the widest kind, four of the usual one."""
_LARGEST = 45.0
"""Beyond it e^-x is told as that of it, 3e-20: nobody is left."""
_HALVINGS = 6
_PART = 0.5**_HALVINGS
_12TH, _11TH, _10TH, _9TH, _8TH, _7TH, _6TH, _5TH, _4TH, _3RD = (1.0 / k for k in range(12, 2, -1))
"""Ratios of the terms of the series, one to the next."""
FAST = {"contract", "arcp", "nsz"}
"""What a compiled march may do with its sums: round a product and a sum once; never put them in another order."""


@njit(error_model="numpy", fastmath=FAST, inline="always")
def left(x: float) -> float:
    """e^-x for x >= 0, the share that is left, to 1e-13 of itself.

    The Taylor series of e^(-x/64), 64 times multiplied: without a branch, so that a loop around it becomes vectors.
    """
    r = min(x, _LARGEST) * -_PART
    p = 1.0 + r * _12TH
    p = 1.0 + r * p * _11TH
    p = 1.0 + r * p * _10TH
    p = 1.0 + r * p * _9TH
    p = 1.0 + r * p * _8TH
    p = 1.0 + r * p * _7TH
    p = 1.0 + r * p * _6TH
    p = 1.0 + r * p * _5TH
    p = 1.0 + r * p * _4TH
    p = 1.0 + r * p * _3RD
    p = 1.0 + r * p * 0.5
    p = 1.0 + r * p
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    return p * p


def in_lanes(rows: Array) -> Array:
    """Rows [n, T] in blocks [blocks, T, LANES]."""
    n, steps = rows.shape
    blocks = -(-n // LANES)
    filled = np.empty((blocks * LANES, steps))
    filled[:n], filled[n:] = rows, rows[-1]
    return np.ascontiguousarray(filled.reshape(blocks, LANES, steps).transpose(0, 2, 1))


def in_rows(blocks: Array, n: int) -> Array:
    """Blocks [blocks, T, LANES] in `n` rows [n, T]."""
    return np.ascontiguousarray(blocks.transpose(0, 2, 1).reshape(-1, blocks.shape[1])[:n])
