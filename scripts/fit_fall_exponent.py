"""Fit the exponent of the fall rate in the fracture rate: `python scripts/fit_fall_exponent.py`.

Falls of a population are negative binomial: a gamma frailty x of shape k and mean 1 times the mean rate. The
fracture hazard goes with 1 - share + share * x^b. Given n falls in a year the frailty is again a gamma, so
the ratio of fractures after n falls to those after none follows. b is fitted by least squares on log ratios
that were read:

    one fall 1.6 and more than one 1.9 (German guideline table), any fall 1.56 for MOF (MrOS)

and then predicts the ratios by count that are only recalled for Manitoba. At the end it prints what b implies
for a programme that prevents falls.
"""

from math import lgamma

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws, Evidence
from trabecula.fracture import falls
from trabecula.fracture.curves import curve

Array = NDArray[np.float64]

AGE_Y = 70.0
"""About the age of the cohorts behind the ratios."""
MOF_SHARES = {"hip": 0.25, "spine": 0.25, "limb": 0.5}
"""Mixture of sites behind a MOF at that age, rounded from the US baseline here."""
MOST_FALLS = 400
TARGETS = {
    "risk_factor.dvo_2023.falls_1": range(1, 2),
    "risk_factor.dvo_2023.falls_gt1": range(2, MOST_FALLS),
    "risk_factor.mros_falls.mof_hr": range(1, MOST_FALLS),
}
"""Findings, and the counts of falls that they compare with none."""
PREDICTED = {
    "risk_factor.manitoba_falls_count.mof_falls_1": range(1, 2),
    "risk_factor.manitoba_falls_count.mof_falls_2": range(2, 3),
    "risk_factor.manitoba_falls_count.mof_falls_3plus": range(3, MOST_FALLS),
}


def main() -> None:
    """Print the fit, its predictions and what it implies."""
    evidence = Evidence.load()
    b = fitted(evidence)
    print(f"fall.exponent {b:.3f}   in use {evidence['fall.exponent'].value}")
    print(f"sum of squared log errors {squared_errors(evidence, b):.4f}")
    for name, counts in {**TARGETS, **PREDICTED}.items():
        print(f"{name:50} {evidence.finding(name).value:.2f}  predicted {ratio(evidence, b, counts):.2f}")
    fewer, share = 0.77, fall_share(evidence.draws(1).central())
    print(f"23 % fewer falls: {100 * share * (1 - fewer**b):.1f} % fewer MOF")


def fitted(evidence: Evidence) -> float:
    """The exponent with the least squares, from a fine grid."""
    grid = np.arange(0.01, 1.0, 0.001)
    return float(grid[np.argmin([squared_errors(evidence, b) for b in grid])])


def squared_errors(evidence: Evidence, b: float) -> float:
    """Sum of squared errors of the log ratios."""
    predicted = np.array([ratio(evidence, b, counts) for counts in TARGETS.values()])
    printed = np.array([evidence.finding(name).value for name in TARGETS], dtype=np.float64)
    return float(np.sum(np.log(predicted / printed) ** 2))


def ratio(evidence: Evidence, b: float, counts: range) -> float:
    """Fractures of people with these counts of falls over those of people without a fall."""
    draws = evidence.draws(1).central()
    k = float(draws["fall.dispersion"][0])
    mean = float(falls.population_rate("female", np.array([AGE_Y]), draws)[0, 0])
    weight, hazard = counts_share(k, mean), relative_hazard(k, mean, b, fall_share(draws))
    chosen = list(counts)
    return float((weight * hazard)[chosen].sum() / weight[chosen].sum() / hazard[0])


def counts_share(k: float, mean: float) -> Array:
    """Share of people with each count in a year: negative binomial."""
    log_share = [
        lgamma(k + n) - lgamma(k) - lgamma(n + 1) + n * np.log(mean / (k + mean)) for n in range(MOST_FALLS)
    ]
    return np.exp(np.array(log_share) + k * np.log(k / (k + mean)))


def relative_hazard(k: float, mean: float, b: float, share: float) -> Array:
    """Fracture hazard after each count over the population's."""
    log_power = np.array([lgamma(k + n + b) - lgamma(k + n) for n in range(MOST_FALLS)]) - b * np.log(
        k + mean
    )
    log_average = lgamma(k + b) - lgamma(k) - b * np.log(k)
    return 1 - share + share * np.exp(log_power - log_average)


def fall_share(draws: Draws) -> float:
    """Share of MOF preceded by a fall."""
    return sum(
        weight * float(curve(draws, f"fall.share.{part}", [AGE_Y])[0, 0])
        for part, weight in MOF_SHARES.items()
    )


if __name__ == "__main__":
    main()
