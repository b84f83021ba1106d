"""What a register asks about causes: the risk of a major fracture with all off that can be changed, and the shares."""

from functools import cached_property

import numpy as np

from trabecula import course
from trabecula.assessment.causes import World
from trabecula.assessment.causes_lives import Lives
from trabecula.assessment.causes_shapley import Coalition, shapley
from trabecula.assessment.causes_switches import Switches
from trabecula.assessment.patient_state import PatientState
from trabecula.skeleton import Stretch
from trabecula.units import Array

MODIFIABLE = ("oral_steroids", "pulses", "unloading", "falls", "nutrition", "smoking_alcohol")
"""Causes that something can be done about; ageing is not, and bone medicines protect."""
_MAJOR = "major_osteoporotic"


class WithoutCauses:
    """A person whose causes that can be changed are all off; density is marched once for it.

    Shares of single causes need a life for every pair of them: `causes`.
    """

    def __init__(self, known: PatientState) -> None:
        self._known, self._switches = known, Switches(known)
        self._lives = Lives(self._switches)

    @cached_property
    def _kept(self) -> Coalition:
        """The causes that stay."""
        return frozenset(cause for cause in self._switches.present if cause not in MODIFIABLE)

    @property
    def _on_density(self) -> Coalition:
        """Those of them that act on density."""
        return self._kept & {*self._switches.on_density}

    @cached_property
    def asked(self) -> Stretch:
        """What is marched for it."""
        return self._lives.asked(self._on_density)

    def risk(self, states: Array) -> float:
        """The chance of a major fracture within the horizon, a mean over the draws, once that has been marched."""
        known, switches = self._known, self._switches
        self._lives.keep(self._on_density, self.asked, states)
        bones = switches.bones(self._kept, self._lives.log_density(self._on_density))
        hazards, exposure = known.sample.model.hazards, switches.exposure(self._kept)
        found = course.first_fractures(bones, known.level, exposure, known.sample, (known.horizon_y,), hazards)
        return float(np.mean(found[_MAJOR][:, 0]))


def major_shares(known: PatientState) -> tuple[dict[str, float], float]:
    """The share of each cause beyond age in the chance of a major fracture, and that chance as in `WithoutCauses`.

    Shares are those of `causes` (`beyond_age`), means over the draws; for one site alone, a fraction of the work.
    """
    world = World(known)
    aged = frozenset({"ageing"})
    others = [cause for cause in world.players if cause not in aged]
    shares = shapley(others, lambda on: world.risk(on | aged)[_MAJOR])
    kept = frozenset(cause for cause in world.players if cause not in MODIFIABLE)
    return {name: float(share.mean()) for name, share in shares.items()}, float(np.mean(world.risk(kept)[_MAJOR]))
