"""What the names in a rule stand for: facts, the lowest score, and FRAX as the guideline adjusts it."""

from collections.abc import Mapping
from functools import reduce

from trabecula.guidelines.conditions import Truth, Value
from trabecula.guidelines.facts import Facts, Range, implied, lowest
from trabecula.guidelines.records import Adjustment, Guideline

SITES = ("lumbar_spine", "femoral_neck", "total_hip")
PROBABILITIES = {"mof_percent": "frax_mof_percent", "hip_percent": "frax_hip_percent"}
"""What a rule asks, and the FRAX value that is typed in for it."""
_OWN = {"mof_percent": "own_mof_percent", "hip_percent": "own_hip_percent"}


def values_of(facts: Facts, guideline: Guideline, answers: Mapping[str, Value] | None = None) -> dict[str, Value]:
    """Every name and its value, None left out; `answers` are tried in place of what is unknown."""
    known = implied({**dict(facts), **(answers or {})})
    for score in ("t_score", "z_score"):
        known.setdefault(score, lowest(*(known.get(f"{score}_{site}") for site in SITES)))
    known.setdefault("spine_below_neck_sd", _discordance(known))
    for name, frax in PROBABILITIES.items():
        typed = known.get(frax)
        known.setdefault(name, known.get(_OWN[name]) if typed is None else _adjusted(name, typed, guideline, known))
    return known


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
