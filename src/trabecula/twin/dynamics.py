"""Which draws the measurements leave: each is weighed by how well it explains them.

A draw is a possible person: parameters, turnover, sensitivity to steroids, menopausal loss, age at menopause. Its
weight is the likelihood of the scans (the personal factor integrated out exactly) and of the markers. Weights become
equally weighted draws by systematic resampling with one keyed number, so that everything after is a plain batch, and
a plan and its baseline have the same draws.

Earlier fractures and falls do not weigh draws. A count of falls updates the person's own fall rate in closed form
(`fracture.frailty`), and an earlier fracture acts through its published ratio, which already holds what it says about
bone; to use it here as well would count it twice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.course import Bones
from trabecula.evidence import Draws
from trabecula.twin import level, markers
from trabecula.twin.measurements import Measured

Array = NDArray[np.float64]
_HALVINGS = 30  # accuracy of a bisection


@dataclass(frozen=True)
class Weights:
    """Weights of draws [n], adding to 1.

    trust: the power that the likelihood was raised to, below 1 if it left too few draws.
    """

    share: Array
    trust: float = 1.0

    @property
    def effective(self) -> float:
        """Effective sample size: as many equally weighted draws would say as much."""
        return float(1.0 / np.sum(self.share**2))


def weights(bones: Bones, measured: Measured, draws: Draws) -> Weights:
    """How well each draw explains what was measured.

    If fewer draws are left than `twin.least_effective` of them, the likelihood is flattened until as many are left,
    and `trust` says by how much.
    """
    log = log_likelihood(bones, measured, draws)
    full = Weights(_normalised(log))
    floor = draws.evidence.scalar("twin.least_effective") * draws.n
    if full.effective >= floor:
        return full
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if Weights(_normalised(middle * log)).effective > floor else (low, middle)
    return Weights(_normalised(low * log), low)


def log_likelihood(bones: Bones, measured: Measured, draws: Draws) -> Array:
    """Log-likelihood of all that was measured in each draw [n]."""
    log = np.zeros(draws.n)
    if measured.scans:
        log += level.log_likelihood(bones, measured.scans, draws)
    if measured.markers:
        place = [bones.place(each.day) for each in measured.markers]
        log += markers.log_likelihood(bones.markers, place, measured.markers, draws)
    return log


def _normalised(log: Array) -> Array:
    share = np.exp(log - log.max())
    return share / share.sum()


def resample(share: Array, seed: int) -> NDArray[np.int64]:
    """Equally weighted draws [n]: each appears as often as its weight says, rounded up or down; in order."""
    n = len(share)
    start = float(chance.uniform(seed, "twin.resample", 0, 0))
    steps = (np.arange(n) + start) / n
    return np.minimum(np.searchsorted(np.cumsum(share), steps), n - 1).astype(np.int64)
