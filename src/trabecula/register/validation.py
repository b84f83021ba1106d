"""How well scores foretold what happened: calibration, discrimination, net benefit; death competes throughout.

    found = validated(predicted, Outcomes(years, events), horizon_y=5.0)

Observed risk is the cumulative incidence of Aalen & Johansen (1978, Scand J Stat 5:141): whoever dies without a
fracture can no longer have one, and whoever is lost to follow-up is taken to be like those still followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.assessment.figures import INTERVAL
from trabecula.units import Array

CENSORED, FRACTURE, DEATH = 0, 1, 2
"""How a follow-up ended."""
_A_GROUP = 50
"""The fewest people of a group in which observed and foretold are compared."""
_MOST_GROUPS = 10
_RESAMPLED, _SEED_PURPOSE = 200, "validation.resample"
THRESHOLDS = (0.02, 0.05, 0.10, 0.15, 0.20, 0.30)
"""Risks from which on somebody would be treated, for net benefit."""


@dataclass(frozen=True)
class Outcomes:
    """What happened after the day of assessment, a value for each person."""

    years: Array
    """Followed so long [y]."""
    events: NDArray[np.int64]
    """CENSORED, FRACTURE or DEATH at the end of it."""

    def of(self, who: NDArray[np.bool_] | NDArray[np.int64]) -> "Outcomes":
        """Of some of them."""
        return Outcomes(self.years[who], self.events[who])


@dataclass(frozen=True)
class CalibrationGroup:
    """People of similar risk: what was foretold and what was seen."""

    people: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Validation:
    """How well scores foretold what happened within a horizon."""

    people: int
    fractures: int
    deaths: int
    predicted: float
    observed: float
    ratio: float
    """Observed over foretold; 1 is calibrated in the large."""
    ratio_low: float
    ratio_high: float
    concordance: float
    """Of two people, how often the one who breaks a bone first had the higher risk; .5 is chance."""
    groups: tuple[CalibrationGroup, ...]
    net_benefit: tuple[tuple[float, float, float], ...]
    """Threshold, net benefit of the scores, of treating everybody (Vickers & Elkin 2006; with censoring 2008)."""


def validated(predicted: Array, outcomes: Outcomes, horizon_y: float, seed: int = 1) -> Validation:
    """Compare risks with outcomes; ValueError for fewer than two fractures within the horizon, which say nothing."""
    within = outcomes.years <= horizon_y
    fractures = int(np.sum(within & (outcomes.events == FRACTURE)))
    if fractures < 2:
        raise ValueError("fewer than two fractures within the horizon")
    observed = incidence(outcomes, horizon_y)
    low, high = _interval(outcomes, horizon_y, seed)
    mean = float(predicted.mean())
    return Validation(
        people=len(predicted),
        fractures=fractures,
        deaths=int(np.sum(within & (outcomes.events == DEATH))),
        predicted=mean,
        observed=observed,
        ratio=observed / mean,
        ratio_low=low / mean,
        ratio_high=high / mean,
        concordance=concordance(predicted, outcomes, horizon_y),
        groups=_groups(predicted, outcomes, horizon_y, seed),
        net_benefit=tuple((t, *_net_benefit(predicted, outcomes, horizon_y, t)) for t in THRESHOLDS),
    )


def incidence(outcomes: Outcomes, horizon_y: float) -> float:
    """The cumulative incidence of a fracture by the horizon, death competing (Aalen & Johansen)."""
    times = np.unique(outcomes.years[(outcomes.events != CENSORED) & (outcomes.years <= horizon_y)])
    ordered = np.sort(outcomes.years)
    at_risk = len(ordered) - np.searchsorted(ordered, times)
    broken, ended = (_counts(outcomes, times, kinds) for kinds in ((FRACTURE,), (FRACTURE, DEATH)))
    free = np.append(1.0, np.cumprod(1.0 - ended / at_risk))[:-1]
    return float(np.sum(free * broken / at_risk))


def _counts(outcomes: Outcomes, times: Array, kinds: Sequence[int]) -> Array:
    """How many events of some kinds there are at each time."""
    when = np.sort(outcomes.years[np.isin(outcomes.events, kinds)])
    return (np.searchsorted(when, times, side="right") - np.searchsorted(when, times)).astype(np.float64)


def concordance(predicted: Array, outcomes: Outcomes, horizon_y: float) -> float:
    """The index of concordance with competing risks: whoever died before stays among those who never break one.

    Wolbers et al. 2009, Epidemiology 20:555. Ties of risk count half; nan where no pair can be compared.
    """
    broke = np.flatnonzero((outcomes.events == FRACTURE) & (outcomes.years <= horizon_y))
    pairs = right = 0.0
    for one in broke:
        later = (outcomes.years > outcomes.years[one]) | (
            (outcomes.events == DEATH) & (outcomes.years <= outcomes.years[one])
        )
        later[one] = False
        others = predicted[later]
        pairs += len(others)
        right += float(np.sum(predicted[one] > others)) + 0.5 * float(np.sum(predicted[one] == others))
    return right / pairs if pairs else float("nan")


def _groups(predicted: Array, outcomes: Outcomes, horizon_y: float, seed: int) -> tuple[CalibrationGroup, ...]:
    """Groups of equal size by risk."""
    many = int(np.clip(len(predicted) // _A_GROUP, 1, _MOST_GROUPS))
    found = []
    for members in np.array_split(np.argsort(predicted, kind="stable"), many):
        own = outcomes.of(members)
        ends = _interval(own, horizon_y, seed)
        found.append(CalibrationGroup(len(members), float(predicted[members].mean()), incidence(own, horizon_y), *ends))
    return tuple(found)


def _interval(outcomes: Outcomes, horizon_y: float, seed: int) -> tuple[float, float]:
    """The 90 % interval of the observed incidence, from people drawn again with replacement."""
    n = len(outcomes.years)
    found = []
    for turn in range(_RESAMPLED):
        luck = chance.uniform(seed, _SEED_PURPOSE, turn, np.arange(n))
        found.append(incidence(outcomes.of((luck * n).astype(np.int64)), horizon_y))
    low, high = np.quantile(found, ((1.0 - INTERVAL) / 2.0, (1.0 + INTERVAL) / 2.0))
    return float(low), float(high)


def _net_benefit(predicted: Array, outcomes: Outcomes, horizon_y: float, threshold: float) -> tuple[float, float]:
    """Fractures found less those treated for nothing, weighed by the odds of the threshold, for each person."""
    odds = threshold / (1.0 - threshold)

    def of(chosen: NDArray[np.bool_]) -> float:
        if not chosen.any():
            return 0.0
        broken = incidence(outcomes.of(chosen), horizon_y)
        return float(chosen.mean() * (broken - (1.0 - broken) * odds))

    return of(predicted >= threshold), of(np.ones(len(predicted), dtype=bool))
