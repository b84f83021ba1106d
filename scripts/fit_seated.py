"""Fit what sitting all day changes about fractures, to people without MS: `python scripts/fit_seated.py`.

Free are the ratios of six groups of sites and the share of the density gradient that is left (`fracture/hazard.py`).
Least squares on the distances z of the tolerance rule to the fitted findings of the studies of seated people
(`src/trabecula/lab/studies/data/fractures/`, kind `seated`): spinal cord injury in Korea and Denmark, wheelchair users
in Sweden, nursing homes in the United States. Every ratio is held to 1 with a standard deviation of 1 on the log scale,
the gradient to the printed 0.42 with its standard error. No study of MS is looked at.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from trabecula.evidence import Evidence
from trabecula.lab.studies.collection import fracture_studies
from trabecula.lab.studies.fracture_measures import disabled_ratio
from trabecula.lab.studies.fracture_record import DisabledGroup
from trabecula.lab.studies.tolerance import published_value, tolerance
from trabecula.model import Model

Array = NDArray[np.float64]

GROUPS = ("hip", "spine", "arm", "femur", "leg", "other")
GRADIENT, GRADIENT_SD = 0.415, 0.74
"""Printed share of the gradient that is left (derived), and its standard error on the logit scale."""
RATIO_SD = 1.0


def main() -> None:
    """Print the fit and what it reproduces."""
    evidence = Evidence.load()
    best = least_squares(lambda free: np.array(errors(free, evidence)), np.zeros(7), diff_step=1e-3)
    sd = np.sqrt(np.diag(np.linalg.inv(best.jac.T @ best.jac)))
    for (name, value), each in zip(values(best.x).items(), sd, strict=True):
        print(f"{name} {value:.2f}   standard error {each:.2f}   in use {evidence[name].value}")
    found = distances(best.x, evidence)
    print(f"chi square {sum(z**2 for *_, role, z in found if role == 'fitted'):.1f}")
    for study, what, printed, value, role, z in found:
        print(f"  {study:20}{what:28}{printed:7.2f}{value:7.2f}  {role:10}{z:+.2f}")


def values(free: Array) -> dict[str, float]:
    """The parameters: the ratios, and the share of the gradient around what was printed."""
    start = np.log(GRADIENT / (1 - GRADIENT))
    gradient = float(1 / (1 + np.exp(-(start + free[-1]))))
    ratios = {f"fracture.seated.{group}": float(np.exp(x)) for group, x in zip(GROUPS, free, strict=False)}
    return {**ratios, "fracture.seated.gradient": gradient}


def errors(free: Array, evidence: Evidence) -> list[float]:
    """Distances of the fitted findings, and from where the free numbers are held."""
    found = [z for *_, role, z in distances(free, evidence) if role == "fitted"]
    return [*found, *(free[:-1] / RATIO_SD), free[-1] / GRADIENT_SD]


def distances(free: Array, evidence: Evidence) -> list[tuple[str, str, float, float, str, float]]:
    """Study, measure, printed, found, role and distance z of every finding about seated people."""
    central = Model(evidence.replacing(values(free))).draws(1).central()
    found = []
    for study in fracture_studies().values():
        if isinstance(study.setting, DisabledGroup) and study.setting.sits:
            for target in study.targets:
                finding = evidence.finding(target.finding)
                printed = published_value(target, finding) or 0.0
                allowed = tolerance(target, finding, study, evidence)
                value = float(disabled_ratio(study.setting, target.what, central)[0])
                z = allowed.z(value, printed)
                found.append((study.id, target.what, printed, value, target.role, z))
    return found


if __name__ == "__main__":
    main()
