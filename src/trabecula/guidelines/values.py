"""What the names in a rule stand for: facts, the lowest score, and FRAX as the guideline adjusts it."""

from collections.abc import Mapping
from functools import reduce

from trabecula.guidelines.conditions import Truth, Value
from trabecula.guidelines.facts import Facts, Range, implied, lowest
from trabecula.guidelines.kidney import clearance
from trabecula.guidelines.records import Adjustment, Guideline
from trabecula.units import DAYS_PER_YEAR

_HIP = ("femoral_neck", "total_hip")
SITES = ("lumbar_spine", *_HIP)
PROBABILITIES = {"mof_percent": "frax_mof_percent", "hip_percent": "frax_hip_percent"}
"""What a rule asks, and the FRAX value that is typed in for it."""
OWN = {"mof_percent": "own_mof_percent", "hip_percent": "own_hip_percent"}
"""Our own probabilities: they are told beside FRAX, and never stand in for it."""
FRAX_AGES_Y = (40.0, 90.0)
"""FRAX is made for these ages; outside them there is none to wait for, and no rule that asks for it applies."""
NO_FRAX = float("nan")
"""Neither above nor below any threshold."""
NO_FRACTURE = float("nan")
"""The same, for the time since a fracture that never was."""
SINCE = {
    "years_since_fracture": "fragility_fracture", "years_since_major_fracture": "major_fracture",
    "years_since_hip_fracture": "hip_fracture", "years_since_vertebral_fracture": "vertebral_fracture",
}  # fmt: skip
"""Times since a fracture, and the fact that says whether there was one: without one no time is short enough."""


def values_of(facts: Facts, guideline: Guideline, answers: Mapping[str, Value] | None = None) -> dict[str, Value]:
    """Every name and its value, None left out; `answers` are tried in place of what is unknown."""
    known = implied({**vars(facts), **(answers or {})})
    for since, broken in SINCE.items():
        if known.get(broken) is False:
            known.setdefault(since, NO_FRACTURE)
    for score in ("t_score", "z_score"):
        known.setdefault(score, lowest(*(known.get(f"{score}_{site}") for site in SITES)))
    known.setdefault("t_score_hip", lowest(*(known.get(f"t_score_{site}") for site in _HIP)))
    known.setdefault("t_score_with_radius", lowest(known.get("t_score"), known.get("t_score_radius")))
    known.setdefault("spine_below_neck_sd", _discordance(known))
    known.setdefault("years_since_dxa", _since_scan(facts, known))
    found = clearance(facts)
    known.setdefault("clearance_ml_min", found[0] if found else known.get("egfr_ml_min"))
    for name, frax in PROBABILITIES.items():
        typed = known.get(frax)
        known.setdefault(name, _untyped(known) if typed is None else _adjusted(name, typed, guideline, known))
    return known


def _untyped(known: Mapping[str, Value]) -> float | None:
    """What stands for a FRAX that nobody typed in: unknown, or none at an age for which there is none."""
    age_y = known.get("age_y")
    made = not isinstance(age_y, int | float) or FRAX_AGES_Y[0] <= age_y <= FRAX_AGES_Y[1]
    return None if made else NO_FRAX


def _since_scan(facts: Facts, known: Mapping[str, Value]) -> float | None:
    """Time since the latest scan of spine or hip [y]; a scan of the forearm alone is none."""
    forearm_alone = known.get("t_score") is None and known.get("t_score_radius") is not None
    if facts.dxa_on is None or facts.on is None or forearm_alone:
        return None
    return (facts.on - facts.dxa_on).days / DAYS_PER_YEAR


def _discordance(known: Mapping[str, Value]) -> float | None:
    """How much lower the T-score of the spine is than that of the femoral neck [SD]."""
    neck, spine = known.get("t_score_femoral_neck"), known.get("t_score_lumbar_spine")
    if not isinstance(neck, int | float) or not isinstance(spine, int | float):
        return None
    return round(neck - spine, 1)


def _adjusted(name: str, typed: float, guideline: Guideline, known: Mapping[str, Value]) -> Value:
    """A typed FRAX value with the guideline's factors; a range where it is not known whether one applies."""
    low, high = reduce(
        lambda ends, adjustment: _ends(ends, adjustment, name, known), guideline.adjustments, (typed, typed)
    )
    return low if low == high else Range(low=low, median=(low + high) / 2, high=high)


def _ends(
    ends: tuple[float, float], adjustment: Adjustment, name: str, known: Mapping[str, Value]
) -> tuple[float, float]:
    """Both ends after one factor."""
    factor, truth = adjustment.factors.get(name, 1.0), adjustment.when.truth(known)
    low = ends[0] * (factor if truth is Truth.TRUE else 1.0)
    high = ends[1] * (1.0 if truth is Truth.FALSE else factor)
    return low, high
