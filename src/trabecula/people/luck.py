"""Numbers of chance for a block of people: each a pure function of seed, purpose, step and person."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.units import Array


@dataclass(frozen=True)
class Luck:
    """The draws of some people; who else is drawn, and in which order, changes none of them."""

    seed: int
    who: NDArray[np.int64]
    """The number of each person [people]."""

    def uniform(self, purpose: str, steps: int = 1) -> Array:
        """Numbers between 0 and 1 [people, steps]; one step gives [people]."""
        at = np.arange(steps)[None, :]
        found = chance.uniform(self.seed, f"people.register.{purpose}", at, self.who[:, None])
        return found[:, 0] if steps == 1 else found

    def normal(self, purpose: str, steps: int = 1) -> Array:
        """Standard normal numbers, in the same shape."""
        return chance.normal_quantile(self.uniform(purpose, steps))

    def between(self, purpose: str, mean: float, sd: float, low: Array | float, high: Array | float) -> Array:
        """Numbers of a normal that is cut off at both ends [people]."""
        ends = [chance.normal_cdf((np.broadcast_to(end, self.who.shape) - mean) / sd) for end in (low, high)]
        share = ends[0] + (ends[1] - ends[0]) * self.uniform(purpose)
        return mean + sd * chance.normal_quantile(np.clip(share, _TINY, 1.0 - _TINY))


_TINY = 1e-9  # keeps a share away from 0 and 1
