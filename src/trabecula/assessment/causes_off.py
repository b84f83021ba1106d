"""What a register asks about causes: the risk of a major fracture with all off that can be changed, and the shares."""

import numpy as np

from trabecula import course
from trabecula.assessment.causes import World
from trabecula.assessment.causes_lives import Lives
from trabecula.assessment.causes_shapley import shapley
from trabecula.assessment.causes_switches import Switches
from trabecula.assessment.patient_state import PatientState

MODIFIABLE = ("oral_steroids", "pulses", "unloading", "falls", "nutrition", "smoking_alcohol")
"""Causes that something can be done about; ageing is not, and bone medicines protect."""
_MAJOR = "major_osteoporotic"


def risk_without(known: PatientState) -> float:
    """The chance of a major fracture within the horizon without them, a mean over the draws.

    Density is marched once for it. Shares of single causes need a life for every pair of them: `causes`.
    """
    switches = Switches(known)
    kept = frozenset(cause for cause in switches.present if cause not in MODIFIABLE)
    bones = switches.bones(kept, Lives(switches).log_density(kept & {*switches.on_density}))
    hazards = known.sample.model.hazards
    horizon = (known.horizon_y,)
    found = course.first_fractures(bones, known.level, switches.exposure(kept), known.sample, horizon, hazards)
    return float(np.mean(found[_MAJOR][:, 0]))


def major_shares(known: PatientState) -> tuple[dict[str, float], float]:
    """The share of each cause beyond age in the chance of a major fracture, and that chance as in `risk_without`.

    Shares are those of `causes` (`beyond_age`), means over the draws; for one site alone, a fraction of the work.
    """
    world = World(known)
    aged = frozenset({"ageing"})
    others = [cause for cause in world.players if cause not in aged]
    shares = shapley(others, lambda on: world.risk(on | aged)[_MAJOR])
    kept = frozenset(cause for cause in world.players if cause not in MODIFIABLE)
    return {name: float(share.mean()) for name, share in shares.items()}, float(np.mean(world.risk(kept)[_MAJOR]))
