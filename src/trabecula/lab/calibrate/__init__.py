"""From priors to posterior draws: what the fitted findings of the studies say about the skeleton's parameters.

Used by those who change the model; the product only ships the draws that come out. Predicted findings are never
looked at here.
"""

from trabecula.lab.calibrate.likelihood import (
    FittedFinding,
    FreeParameter,
    Likelihood,
    ModePoint,
    MovedDraws,
    climb,
    fitted_findings,
    free_parameters,
)
from trabecula.lab.calibrate.sampler import Posterior, TargetDensity, sample
