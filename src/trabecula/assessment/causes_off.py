"""One counterfactual: the same person with all causes off that can be changed, and nothing else."""

import numpy as np

from trabecula import course
from trabecula.assessment.causes_lives import Lives
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
    hazards = known.sample.model.hazards.remembering()
    horizon = (known.horizon_y,)
    found = course.first_fractures(bones, known.level, switches.exposure(kept), known.sample, horizon, hazards)
    return float(np.mean(found[_MAJOR][:, 0]))
