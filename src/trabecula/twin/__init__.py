"""A course conditioned on what was measured: serial bone scans and markers of turnover.

    measured = twin.measured(person, evidence, today)
    seen = twin.condition(bones, measured, draws)     # bones marched with `draws`, read on measured.days
    own = seen.own(bones)                             # this person's bones, for any plan marched with `draws`
    course.outcomes(own, seen.level, exposure, seen.sample, horizons)

The level of density is conditioned exactly in each draw; the dynamics by weighing the draws. What is left is a plain
batch of equally weighted draws, the same for a baseline and every plan. `docs/explanation/level-and-course.md` has the
reasons.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trabecula.course import Bones, Level
from trabecula.evidence import Draws
from trabecula.skeleton import SITES
from trabecula.twin.dynamics import resample, weights
from trabecula.twin.level import Path, personal_path
from trabecula.twin.markers import Marker
from trabecula.twin.measurements import Measured, Scan, is_loss, least_significant_change, measured, scans
from trabecula.twin.picked import Picked, rows
from trabecula.twin.surprise import Foretold, foretold

__all__ = [
    "Foretold", "Marker", "Measured", "Scan", "Twin", "condition", "is_loss", "least_significant_change", "measured",
    "scans",
]  # fmt: skip

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Twin:
    """What the measurements leave of a sample of draws.

    who: which draws are left [n], in order, some more than once; sample: those draws; path: the personal factor of
    each through life; foretold: each scan against its forecast; effective: effective sample size of the weighed draws;
    trust: the power that the likelihood was raised to, below 1 if the measurements had left too few draws.
    """

    who: NDArray[np.int64]
    sample: Draws
    on: float
    path: Path
    foretold: tuple[Foretold, ...]
    effective: float
    trust: float

    @cached_property
    def level(self) -> Level:
        """The personal factor of each draw on the day of assessment, by site [n]."""
        return {site: self.path.at(site, np.array([self.on]))[:, 0] for site in SITES}

    def own(self, bones: Bones) -> Bones:
        """The bones of this person, of any plan: the draws that are left, and each one's wandering around the model.

        bones: marched with the draws that were conditioned. On the day of assessment the wandering is 1.
        """
        picked = rows(bones, self.who)
        typical = {
            site: course * self.path.at(site, bones.days) / self.level[site][:, None]
            for site, course in picked.typical.items()
        }
        return replace(picked, typical=typical)


def condition(bones: Bones, measured: Measured, draws: Draws) -> Twin:
    """Condition draws on what was measured in a person.

    bones: marched with `draws`, at least to the day of assessment, and read on the days of the measurements.
    """
    if not measured.days:
        every = np.arange(draws.n)
        return Twin(every, draws, bones.on, personal_path(bones, (), draws), (), float(draws.n), 1.0)
    found = weights(bones, measured, draws)
    who = resample(found.share, draws.seed)
    sample = Picked(draws, who)
    path = personal_path(rows(bones, who), measured.scans, sample)
    told = foretold(bones, measured.scans, draws)
    return Twin(who, sample, bones.on, path, told, found.effective, found.trust)
