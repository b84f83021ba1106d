"""Events as thresholds: what happens to a person is where the hazard that has come together passes their own number.

Each cause has a number from a standard exponential, keyed by seed, cause, episode and person: with a lower hazard it
is passed later, or never, and what happens to others changes nothing.
"""

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.compiled import kept
from trabecula.units import Array

NOTHING = -1
"""In place of a cause: nothing happened."""


def thresholds(seed: int, cause: str, episode: NDArray[np.int64], who: NDArray[np.int64]) -> Array:
    """How much hazard people withstand until the episode of a cause [n]."""
    return -np.log(chance.uniform(seed, f"event.{cause}", episode, who))


@kept(nogil=True, error_model="numpy")
def first_events(hazard: Array, dt_y: Array, begin: Array, left: Array, cause: NDArray[np.int64], when: Array) -> None:
    """Find each person's first event, and take off `left` what came together until then.

    hazard: [causes, n, T]; dt_y: [T]; begin: where each person stands on the grid [y, n]; left: what each cause has
    left of its threshold [causes, n]; cause, when: what happens first, and when [y from the beginning of the grid, n];
    NOTHING and the end of the grid where nothing does.
    """
    causes, people, steps = hazard.shape
    for i in range(people):
        cause[i] = NOTHING
        at = 0.0
        for t in range(steps):
            low, high = max(at, begin[i]), at + dt_y[t]
            at = high
            if high <= low:
                continue
            first = high
            for c in range(causes):
                rate = hazard[c, i, t]
                if rate * (high - low) >= left[c, i]:
                    moment = low + left[c, i] / rate
                    if cause[i] == NOTHING or moment < first:
                        first, cause[i] = moment, c
            for c in range(causes):
                left[c, i] -= hazard[c, i, t] * (first - low)
            when[i] = first
            if cause[i] != NOTHING:
                break
