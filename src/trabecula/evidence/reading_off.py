"""Curves between their knots, compiled: a record asks for some hundred of them, each under every draw."""

import numpy as np

from trabecula.compiled import kept
from trabecula.units import Array


@kept(nogil=True)
def linear(knots: Array, values: Array, at: Array) -> Array:
    """Every row of values [n, k] at points [m, T], linear between knots and level beyond them; nan stays nan.

    One row of points is read off for all rows of values [n, T], as many rows as those of values each for their own.
    """
    last, steps = len(knots) - 2, at.shape[1]
    found = np.empty((max(len(values), len(at)), steps))
    left, weight = np.empty(steps, np.int64), np.empty(steps)
    for i in range(len(found)):
        if i < len(at):
            place = 0
            for t in range(steps):
                inside = at[i, t]
                if inside < knots[0]:
                    inside = knots[0]
                elif inside > knots[-1]:
                    inside = knots[-1]
                while place > 0 and inside < knots[place]:
                    place -= 1
                while place < last and inside >= knots[place + 1]:
                    place += 1
                left[t] = place
                weight[t] = (inside - knots[place]) / (knots[place + 1] - knots[place])
        row = values[i if len(values) > 1 else 0]
        for t in range(steps):  # in this order: the step control magnifies a last digit
            found[i, t] = row[left[t]] * (1.0 - weight[t]) + row[left[t] + 1] * weight[t]
    return found
