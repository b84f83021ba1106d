"""The range that cohorts have measured: above it no figure is told, only that it lies above.

Few people with many strong risk factors were ever followed, and the product of so many ratios has not been seen to
hold. The limits are parameters, `measured.highest.*`: the rate of the cohort with the most fractures.
"""

from math import exp

from trabecula.evidence import Evidence
from trabecula.fracture import LIFETIME, Risks

_MAIN = "major_osteoporotic"
_JUDGED_BY = {"hip": "hip", _MAIN: _MAIN, "any": _MAIN}
"""Whose chance and limit a site or group is judged by: a figure for any bone would give that of a major one away."""
_DIGITS = 2


def above_measured(risks: Risks, site: str, horizon_y: float, evidence: Evidence) -> float | None:
    """The highest probability that a cohort has measured, where the mean of the draws lies above it; else None."""
    judged = _JUDGED_BY.get(site)
    if judged is None:
        return None
    limit = highest(judged, horizon_y, evidence)
    return limit if float(risks.at(judged, horizon_y).mean()) > limit else None


def highest(site: str, horizon_y: float, evidence: Evidence) -> float:
    """The highest probability that a cohort has measured at a site within a horizon [y]."""
    if horizon_y == LIFETIME:
        return evidence.scalar(f"measured.highest_lifetime.{site}")
    return round(1.0 - exp(-evidence.scalar(f"measured.highest.{site}") * horizon_y), _DIGITS)
