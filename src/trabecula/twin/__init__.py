"""A course conditioned on what was measured: serial bone scans and markers of turnover.

    measured = twin.measurements(person, evidence, today)
    seen = twin.condition(bones, measured, draws)     # bones marched with `draws`, read on measured.days
    own = seen.own(bones)                             # this person's bones, for any plan marched with `draws`
    course.outcomes(own, seen.level, exposure, seen.sample, horizons)

The level of density is conditioned exactly in each draw; the dynamics by weighing the draws. What is left is a plain
batch of equally weighted draws, the same for a baseline and every plan. `docs/explanation/level-and-course.md` has the
reasons.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from trabecula.course import Bones, Level
from trabecula.model import ModelDraws
from trabecula.skeleton import SITES
from trabecula.twin.forecast import ScanExpectation, forecasts
from trabecula.twin.level import Path, personal_path
from trabecula.twin.likelihood import ResampledDraws, resample, rows, weights
from trabecula.twin.measurements import (
    MarkerSample,
    Measurements,
    Scan,
    is_loss,
    least_significant_change,
    measurements,
    scans,
)


@dataclass(frozen=True)
class Twin:
    """What the measurements leave of a sample of draws.

    Conditioning is described, and tested on people made by the model itself, in `docs/explanation/level-and-course.md`.
    """

    who: NDArray[np.int64]
    """Which draws are left [n], in order, some more than once."""
    sample: ModelDraws
    """Those draws, for what is read by name: fracture, falls, death."""
    on: float
    """The day of assessment [d since birth]."""
    path: Path
    """The personal factor of each draw that is left, through life."""
    forecasts: tuple[ScanExpectation, ...]
    """Each scan against what was to be expected of it."""
    effective: float
    """Effective sample size of the weighed draws: how many equally weighted ones would say as much."""
    trust: float
    """The power that the likelihood was raised to, below 1 if the measurements had left too few draws."""

    @cached_property
    def level(self) -> Level:
        """The personal factor of each draw on the day of assessment, by site [n]."""
        return {site: self.path.at(site, np.array([self.on]))[:, 0] for site in SITES}

    def own(self, bones: Bones) -> Bones:
        """The bones of this person, of any plan: the draws that are left, and each one's wandering around the model.

        bones: marched with the draws that were conditioned. On the day of assessment the wandering is 1.
        """
        mine = rows(bones, self.who)
        typical = {
            site: course * self.path.at(site, bones.days) / self.level[site][:, None]
            for site, course in mine.typical.items()
        }
        return replace(mine, typical=typical)


def condition(bones: Bones, measured: Measurements, draws: ModelDraws, until: float = inf) -> Twin:
    """Condition draws on what was measured in a person.

    bones: marched with `draws`, at least to the day of assessment, and read on the days of the measurements.
    measured: scans and markers up to that day; without any, all draws stay and levels are those of the population.
    until: the last day that is looked at [d since birth].
    Raises ValueError if the bones were not read on the day of a measurement.
    """
    if not measured.days:
        every = np.arange(draws.n)
        return Twin(every, draws, bones.on, personal_path(bones, (), draws, until), (), float(draws.n), 1.0)
    found = weights(bones, measured, draws)
    who = resample(found.share, draws.seed)
    sample = ResampledDraws(draws, who)
    path = personal_path(rows(bones, who), measured.scans, sample, until)
    expected = forecasts(bones, measured.scans, draws)
    return Twin(who, sample, bones.on, path, expected, found.effective, found.trust)
