"""The same small decision model in R: the same means, plane, acceptability curve and value of information.

Base R alone is asked (Debian's r-base-core): the packages BCEA and hesim are in no index that the tests may ask.
"""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from trabecula.economics import CostsAndQalys, WithinYear, discount_factors, frontier, person_years
from trabecula.economics.comparing import acceptability, net_benefit
from trabecula.economics.information import perfect_information

RSCRIPT = shutil.which("Rscript")
COUNTS = {
    "n11": 1251, "n12": 350, "n13": 116, "n14": 17, "n22": 731, "n23": 512, "n24": 15, "n33": 1312, "n34": 437,
}  # fmt: skip
COSTS = {"cost1": 2756.0, "cost2": 3052.0, "cost3": 9007.0}
DRUGS = {"zidovudine": 2278.0, "lamivudine": 2086.5}
DRAWS, YEARS, THRESHOLDS = 500, 20, range(0, 30_001, 2_500)


@pytest.fixture(scope="module")
def draws():
    """Uncertain counts, costs and relative risk, by name [D]."""
    rng = np.random.default_rng(7)
    counts = {name: rng.gamma(n, size=DRAWS) for name, n in COUNTS.items()}
    costs = {name: rng.gamma(16.0, cost / 16.0, size=DRAWS) for name, cost in COSTS.items()}
    fixed = {name: np.full(DRAWS, price) for name, price in DRUGS.items()}
    return {**counts, **costs, **fixed, "ratio": np.exp(rng.normal(np.log(0.509), 0.17, DRAWS))}


def lived(draw, combined):
    """Discounted cost and life years of one draw, people counted at the end of each year."""
    counts = np.zeros((4, 4))
    for name in COUNTS:
        counts[int(name[1]) - 1, int(name[2]) - 1] = draw[name]
    counts[3, 3] = 1.0
    chances = counts / counts.sum(axis=1, keepdims=True)
    share, occupied = np.array([1.0, 0.0, 0.0, 0.0]), [np.array([1.0, 0.0, 0.0, 0.0])]
    for year in range(YEARS):
        moved = chances * (draw["ratio"] if combined and year < 2 else 1.0)
        np.fill_diagonal(moved, 0.0)
        share = share @ (moved + np.diag(1.0 - moved.sum(axis=1)))
        occupied.append(share)
    states = person_years(np.array(occupied).T[:3], WithinYear.END)
    drugs = draw["zidovudine"] + np.where(combined & (np.arange(YEARS) < 2), draw["lamivudine"], 0.0)
    costs = np.array([draw[name] for name in COSTS]) @ states + drugs * states.sum(axis=0)
    factors = discount_factors(0.06, YEARS, WithinYear.END)
    return costs @ factors, states.sum(axis=0) @ factors


@pytest.mark.skipif(RSCRIPT is None, reason="R is not installed (r-base-core)")
def test_base_r_gives_the_same_means_plane_curves_and_value_of_information(draws, tmp_path):
    """To nine digits, from the same draws, by a program that shares no line with ours."""
    file = tmp_path / "draws.csv"
    np.savetxt(
        file, np.column_stack([*draws.values()]), delimiter=",", header=",".join(draws), comments="", fmt="%.17g"
    )
    script = Path(__file__).with_name("small_model.R")
    done = subprocess.run([RSCRIPT, str(script), str(file)], capture_output=True, text=True, check=True)
    told = {name: float(value) for name, value in (line.split(",") for line in done.stdout.splitlines())}
    each = [{name: values[d] for name, values in draws.items()} for d in range(DRAWS)]
    costs, qalys = np.moveaxis(
        np.array([[lived(draw, combined) for draw in each] for combined in (False, True)]), -1, 0
    )
    ours = CostsAndQalys(("mono", "both"), costs, qalys)
    steps = frontier(ours.strategies, costs.mean(axis=1), qalys.mean(axis=1))
    found = {
        "mono.cost": costs[0].mean(), "mono.qaly": qalys[0].mean(), "both.cost": costs[1].mean(),
        "both.qaly": qalys[1].mean(), "icer": steps[1].ratio,
        "plane.northeast": np.mean((costs[1] > costs[0]) & (qalys[1] > qalys[0])),
    }  # fmt: skip
    curve = acceptability(ours, [float(each) for each in THRESHOLDS])
    for i, threshold in enumerate(THRESHOLDS):
        found[f"ceac.{threshold}"] = curve.best[1, i]
        found[f"evpi.{threshold}"] = perfect_information(net_benefit(ours, float(threshold)))
    assert told == pytest.approx(found, rel=1e-9, abs=1e-9)
