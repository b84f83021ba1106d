"""Fit the middle band of daily steroids to two sources at once: `python scripts/fit_steroid_bands.py`.

The ratios at 5 mg of prednisone a day rest on the bands of general practice (van Staa 2000) and on the UK
probabilities of 2008 with oral glucocorticoids, which are read as 5 mg a day. The bands alone leave hip fractures of
the tables too low and those of the four sites together in men too high. Free are the middle knots of the four dose
curves; hip and spine stay inside the printed 95 % intervals of the bands by a tenth of their logarithmic width, as the
whole model shows them. Least squares on logarithms. Run scripts/fit_steroid_share.py afterwards.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from trabecula.evidence import Evidence
from trabecula.lab.studies.fracture_population import ProbabilityCell, uk_cells, uk_predictions
from trabecula.model import Model

Array = NDArray[np.float64]

BAND = "gc_fracture.van_staa_2000."
MIDDLE = {
    "hip": f"{BAND}hip_2_5_to_7_5",
    "spine": f"{BAND}vertebral_2_5_to_7_5",
    "forearm": f"{BAND}forearm_all",
    "other": f"{BAND}nonvertebral_all",
}
"""What was printed of the middle band, or of all doses together where only that was."""
AT_MG = 5.0
INSIDE = 0.1
REACHED = {"hip": 0.90, "spine": 0.95, "forearm": 1.0, "other": 1.0}
"""Share of the logarithm of a knot that the whole model shows over 18 months (scripts/fit_steroid_share.py)."""
CELL_SE = 0.05
"""Standard error of the logarithm of a printed probability, beside half of its last digit."""
Z95 = 1.96


def main() -> None:
    """Print the fit and the cells."""
    evidence = Evidence.load()
    cells = [cell for cell in uk_cells(evidence) if cell.factor == "gc"]
    limits = [tuple(each / REACHED[site] for each in interval(evidence, name)) for site, name in MIDDLE.items()]
    start = np.array([value for value, _, _ in limits])
    bounds = [(low + INSIDE * (high - low), high - INSIDE * (high - low)) for _, low, high in limits]

    def errors(free: Array) -> Array:
        made = uk_predictions(cells, Model(evidence.replacing(values(evidence, free))).draws(1).central())
        tables = [np.log(made[each.finding][0] / each.printed) / noise(each) for each in cells]
        bands = [(x - value) / ((high - low) / (2 * Z95)) for x, (value, low, high) in zip(free, limits, strict=True)]
        return np.array([*tables, *bands])

    found = least_squares(errors, start, bounds=tuple(np.array(bounds).T), diff_step=1e-3)
    for name, value in values(evidence, found.x).items():
        print(name, np.round(value, 2), "in use", evidence[name].value)
    made = uk_predictions(cells, Model(evidence.replacing(values(evidence, found.x))).draws(1).central())
    off = {each.finding: float(made[each.finding][0] / each.printed - 1) for each in cells}
    big = [off[each.finding] for each in cells if each.printed > 0.01]
    print(f"{len(big)} cells above 1 %: root-mean-square relative error {100 * np.sqrt(np.mean(np.square(big))):.1f} %")
    print(f"chi square {2 * found.cost:.1f} of {len(cells) + len(MIDDLE)} numbers")
    for name, each in off.items():
        print(f"  {name.rpartition('.')[2]:24} {100 * each:+.0f} %")


def interval(evidence: Evidence, name: str) -> tuple[float, float, float]:
    """Logarithms of a printed ratio and its 95 % limits."""
    finding = evidence.finding(name)
    value, low, high = (np.log(each or 1.0) for each in (finding.value, finding.lower, finding.upper))
    return float(value), float(low), float(high)


def noise(cell: ProbabilityCell) -> float:
    """Standard error of the logarithm of a cell."""
    step = 0.01 if cell.printed >= 0.1 else 0.001
    return float(np.hypot(CELL_SE, step / np.sqrt(12) / cell.printed))


def values(evidence: Evidence, free: Array) -> dict[str, list[float]]:
    """The four dose curves with their middle knots."""
    curves = {}
    for site, x in zip(MIDDLE, free, strict=True):
        name = f"fracture.steroid.{site}"
        at, value = (np.asarray(each, dtype=np.float64) for each in (evidence[name].at, evidence[name].value))
        curves[name] = np.where(at == AT_MG, np.exp(x), value).tolist()
    return curves


if __name__ == "__main__":
    main()
