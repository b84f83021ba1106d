"""From priors to posterior draws: what the fitted findings of the studies say about the skeleton's parameters.

Used by those who change the model; the product only ships the draws that come out. Predicted findings are never
looked at here.
"""

from trabecula.lab.calibrate.free import Free, Moved, free_parameters
from trabecula.lab.calibrate.likelihood import Goal, Likelihood
from trabecula.lab.calibrate.point import Point, climb
from trabecula.lab.calibrate.sampler import Posterior, Target, sample

__all__ = [
    "Free",
    "Goal",
    "Likelihood",
    "Moved",
    "Point",
    "Posterior",
    "Target",
    "climb",
    "free_parameters",
    "sample",
]
