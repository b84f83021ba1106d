"""The factor on the allowance of a chapter that is fitted apart, where its 90 % intervals hold too few findings.

    python scripts/fit_allowance.py population

Learnt from the chapter's fitted findings as they are: the smallest factor with which nine of ten of them lie in the
interval. They are not left out one by one, as in the common fit, so it is the least that is needed. Nothing predicted
is looked at.
"""

import sys
from dataclasses import replace

import numpy as np

from trabecula.lab.studies.collection import every_study
from trabecula.lab.studies.reproduce import DRAWS, found_in
from trabecula.lab.studies.tolerance import Tolerance, published_value, tolerance
from trabecula.model import Model, ModelDraws
from trabecula.units import Array

PROMISED = 0.9
FINENESS, LARGEST = 0.05, 20.0
FittedFinding = tuple[Tolerance, Array, float]
"""How exactly it is known, what the model's draws say, and what was printed."""


def main() -> None:
    """Print the factor of the chapter that is named."""
    found = fitted(sys.argv[1], Model.default().draws(DRAWS, 1))
    factor = 1.0
    while held(found, factor) < PROMISED and factor < LARGEST:
        factor += FINENESS
    print(f"{len(found)} fitted findings, {held(found, 1.0):.3f} of them held with a factor of 1")
    print(f"{held(found, factor):.3f} with {factor:.2f}, chi square {chi_square(found, factor):.0f}")


def fitted(block: str, draws: ModelDraws) -> list[FittedFinding]:
    """The fitted findings of a chapter that print a number."""
    found = []
    for study in (study for study in every_study().values() if study.block == block):
        for target, model in found_in(study, draws):
            finding = draws.evidence.finding(target.finding)
            published = published_value(target, finding)
            if published is not None and target.role == "fitted":
                found.append((tolerance(target, finding, study, draws.evidence), model, published))
    return found


def held(found: list[FittedFinding], factor: float) -> float:
    """The share of findings that lie in the 90 % interval with so many times the allowance."""
    return float(np.mean([allowed.covers(model, value, factor * allowed.tau) for allowed, model, value in found]))


def chi_square(found: list[FittedFinding], factor: float) -> float:
    """The sum of squared distances of the medians, each in its standard error and so many times the allowance."""
    scaled = ((replace(allowed, tau=factor * allowed.tau), model, value) for allowed, model, value in found)
    return sum(allowed.z(float(np.median(model)), value) ** 2 for allowed, model, value in scaled)


if __name__ == "__main__":
    main()
