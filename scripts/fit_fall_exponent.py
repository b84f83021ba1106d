"""Fit how much of the falls reaches the fractures: `python scripts/fit_fall_exponent.py`.

The fracture hazard goes with 1 - share + share * (falls)^b. After n falls in a year somebody's frailty is known better,
so the ratio of fractures after n falls that are remembered to those after none follows. b is fitted by least squares on
the logarithms of the ratios that were read, in people without MS:

    one fall 1.6 and more than one 1.9 (German guideline table), any fall 1.56 for MOF (MrOS)

Predicted, by the rule of the split, and printed beside it: MOF with one, two, and three or more falls 1.49, 1.74, 2.62
(Manitoba). At the end it prints what b implies for a programme that prevents falls. Fit the falls first
(scripts/fit_falls.py).
"""

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws, Evidence
from trabecula.fracture import FallCount, falls
from trabecula.fracture.falls import count_share, frailty, groups, remembered
from trabecula.model import Model

Array = NDArray[np.float64]

AGE_Y = 70.0
"""About the age of the cohorts behind the ratios."""
MOF_SHARES = {"hip": 0.25, "spine": 0.25, "limb.women": 0.5}
"""Mixture of sites behind a MOF at that age, rounded from the US baseline here."""
MOST_FALLS = 60
"""More falls a year than this are as good as never reported by people without MS."""
MANITOBA = "risk_factor.leslie_2019.mof_falls_"
TARGETS = {
    "risk_factor.dvo_2023.falls_1": range(1, 2),
    "risk_factor.dvo_2023.falls_gt1": range(2, MOST_FALLS),
    "risk_factor.mros_falls.mof_hr": range(1, MOST_FALLS),
}
"""Fitted findings, and the counts of falls that they compare with none."""
PREDICTED = {f"{MANITOBA}1": range(1, 2), f"{MANITOBA}2": range(2, 3), f"{MANITOBA}3plus": range(3, MOST_FALLS)}
"""The same of findings that are not fitted."""


def main() -> None:
    """Print the fit, what it reproduces and what it implies."""
    evidence = Evidence.load()
    b = fitted(evidence)
    print(f"fall.exponent {b:.3f}   in use {evidence['fall.exponent'].value}")
    print(f"sum of squared log errors {squared_errors(evidence, b):.4f}")
    for name, counts in {**TARGETS, **PREDICTED}.items():
        ratio = count_ratio(hazards_by_count(evidence, b), counts)
        print(f"  {name:45} {evidence.finding(name).value:.2f}  fitted {ratio:.2f}")
    fewer, share = 0.77, fall_share(Model(evidence).draws(1).central())
    print(f"23 % fewer falls: {100 * share * (1 - fewer**b):.1f} % fewer MOF")


def fitted(evidence: Evidence) -> float:
    """The exponent with the least squares, from a grid that is refined."""
    b, half = 0.35, 0.25
    for _ in range(4):
        grid = np.linspace(b - half, b + half, 11)
        b, half = float(grid[np.argmin([squared_errors(evidence, each) for each in grid])]), half / 4
    return b


def squared_errors(evidence: Evidence, b: float) -> float:
    """Sum of squared errors of the log ratios."""
    found = hazards_by_count(evidence, b)
    predicted = np.array([count_ratio(found, counts) for counts in TARGETS.values()])
    printed = np.array([evidence.finding(name).value for name in TARGETS], dtype=np.float64)
    return float(np.sum(np.log(predicted / printed) ** 2))


def hazards_by_count(evidence: Evidence, b: float) -> tuple[Array, Array]:
    """Share of people with each count of falls in a year, and their fracture hazard over the population's."""
    draws = Model(evidence.replacing({"fall.exponent": b})).draws(1).central()
    mean = falls.population_rate("female", np.array([AGE_Y]), draws)
    all_, share = groups(draws), fall_share(draws)
    powers = [float(frailty(FallCount(n, 1.0), mean, draws).power[0, 0]) for n in range(MOST_FALLS)]
    reported = remembered(mean, draws)
    weights = [float((all_.share * count_share(all_, n, reported)).sum()) for n in range(MOST_FALLS)]
    return np.array(weights), 1 - share + share * np.array(powers)


def count_ratio(by_count: tuple[Array, Array], counts: range) -> float:
    """Fractures of people with these counts of falls in a year over those of people without a fall."""
    weight, hazard = by_count
    chosen = list(counts)
    return float((weight * hazard)[chosen].sum() / weight[chosen].sum() / hazard[0])


def fall_share(draws: Draws) -> float:
    """Share of MOF preceded by a fall."""
    return sum(weight * float(draws.curve(f"fall.share.{part}", [AGE_Y])[0, 0]) for part, weight in MOF_SHARES.items())


if __name__ == "__main__":
    main()
