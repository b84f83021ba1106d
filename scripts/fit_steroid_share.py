"""Fit the share of the steroid effect beyond density: `python scripts/fit_steroid_share.py`.

The ratios that van Staa 2000 prints for daily doses are total effects, density included. The model's skeleton carries a
part of them; the rest is the published ratio to the power of `fracture.steroid.beyond_density`. The share is fitted so
that the *whole* model, tablets through the skeleton and beyond it, comes nearest to the bands at hip and spine, each
weighted by its printed interval. Do it again whenever the skeleton has changed.
"""

import numpy as np

from trabecula.evidence import Evidence
from trabecula.lab.studies.collection import fracture_studies
from trabecula.lab.studies.fracture_measures import SteroidBands
from trabecula.lab.studies.fracture_record import DailySteroid, FractureTarget
from trabecula.lab.studies.tolerance import published_value, tolerance
from trabecula.model import Model

SHARE = "fracture.steroid.beyond_density"
STUDY = fracture_studies()["van_staa_2000"]
TARGETS = tuple(each for each in STUDY.targets if each.what.split()[0] in ("hip", "spine"))


def main() -> None:
    """Print the fit, the bands beside it, the onset and what is left a year after stopping."""
    evidence = Evidence.load()
    share = fitted(evidence)
    print(f"{SHARE} {share:.2f}   in use {evidence[SHARE].value}")
    print(f"chi square {chi_square(evidence, share):.2f} of {len(TARGETS)} bands")
    bands = lived(evidence, share)
    for target in TARGETS:
        found, finding = measured(bands, target), evidence.finding(target.finding)
        inside = (finding.lower or 0) <= found <= (finding.upper or np.inf)
        print(
            f"  {target.what:12} {finding.value} ({finding.lower} to {finding.upper})  {found:.2f}"
            f" {'' if inside else 'outside'}"
        )
    for site in ("hip", "spine"):
        half_year = float(bands.excess_reached(site, "ge7_5", 0.5)[0])
        left = float(bands.excess_left(site, "ge7_5", 1.0)[0])
        print(f"  {site}: {half_year:.2f} of the excess by six months, {left:.2f} of it left a year after stopping")


def fitted(evidence: Evidence) -> float:
    """The share with the least squares, from a grid that is refined."""
    share, half = 0.7, 0.29
    for _ in range(3):
        grid = np.linspace(max(share - half, 0.01), min(share + half, 0.99), 9)
        share = float(grid[np.argmin([chi_square(evidence, each) for each in grid])])
        half /= 4
    return share


def chi_square(evidence: Evidence, share: float) -> float:
    """Sum of squared errors of the log ratios over their standard errors."""
    bands, total = lived(evidence, share), 0.0
    for target in TARGETS:
        finding = evidence.finding(target.finding)
        published = published_value(target, finding)
        allowed = tolerance(target, finding, STUDY, evidence)
        if published is not None:
            total += (np.log(measured(bands, target) / published) / allowed.se) ** 2
    return float(total)


def lived(evidence: Evidence, share: float) -> SteroidBands:
    """The people of the study under a share."""
    assert isinstance(STUDY.setting, DailySteroid)
    return SteroidBands(STUDY.setting, Model(evidence.replacing({SHARE: share})).draws(1).central())


def measured(bands: SteroidBands, target: FractureTarget) -> float:
    """A ratio of the model."""
    return float(bands.measure(target.what)[0])


if __name__ == "__main__":
    main()
