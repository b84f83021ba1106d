"""Fractures at several sites happen to the same people at the same time: the first of any is rarer than the sum.

Of the fractures at all sites but the commonest a share comes together with another one: in the same fall, or so soon
after that it is the same spell. The first of any is

    hazard = largest + (1 - share) * (sum - largest)

One share meets the printed ten-year ratios of any of four over the sum of four at every age, and the lifetime risks
of any of four; a lasting frailty shared by the sites does not (`docs/decisions/0006-fractures.md`).
"""

from collections.abc import Sequence

import numpy as np

from trabecula.evidence.draws import Array


def first_of(hazards: Sequence[Array], share: Array) -> Array:
    """Hazard of the first event at any of several sites [n, T]; share [n, 1] of the others comes together."""
    together = np.array(np.broadcast_arrays(*hazards))
    largest = together.max(axis=0)
    return largest + (1 - share) * (together.sum(axis=0) - largest)
