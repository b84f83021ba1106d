"""Fit how people differ in their falls, and how much of it reaches the fractures: `python scripts/fit_falls.py`.

**Counts.** People who are alike fall often or seldom, and differ by a gamma of shape k within each group. The ratio
of the groups' means and k are fitted by least squares to the shares with at least one and with at least two falls in
four groups that kept calendars, each at its own mean; the share of those who fall often is given.

**Exponent.** The fracture hazard goes with 1 - share + share * (falls)^b. After n falls in a year somebody's frailty is
known better, so the ratio of fractures after n falls to those after none follows. b is fitted by least squares on the
logarithms of the ratios that were read:

    MOF with one, two, and three or more falls 1.49, 1.74, 2.62 (Manitoba)
    one fall 1.6 and more than one 1.9 (German guideline table), any fall 1.56 for MOF (MrOS)

At the end it prints what b implies for a programme that prevents falls.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws, Evidence
from trabecula.fracture import FallCount, falls
from trabecula.fracture.curves import curve
from trabecula.fracture.frailty import Groups, count_share, frailty, groups
from trabecula.studies.falls_diary import Diary, rates
from trabecula.studies.fracture_record import fracture_studies

Array = NDArray[np.float64]

AGE_Y = 70.0
"""About the age of the cohorts behind the ratios."""
MOF_SHARES = {"hip": 0.25, "spine": 0.25, "limb": 0.5}
"""Mixture of sites behind a MOF at that age, rounded from the US baseline here."""
MOST_FALLS = 60
"""More falls a year than this are as good as never reported by people without MS."""
PEOPLE = 500
MANITOBA = "risk_factor.leslie_2019.mof_falls_"
TARGETS = {
    f"{MANITOBA}1": range(1, 2),
    f"{MANITOBA}2": range(2, 3),
    f"{MANITOBA}3plus": range(3, MOST_FALLS),
    "risk_factor.dvo_2023.falls_1": range(1, 2),
    "risk_factor.dvo_2023.falls_gt1": range(2, MOST_FALLS),
    "risk_factor.mros_falls.mof_hr": range(1, MOST_FALLS),
}
"""Findings, and the counts of falls that they compare with none."""
DIARIES = ("nilsagard_2015", "gunn_2013", "mazumder_2014_ms", "mazumder_2014_controls")


def main() -> None:
    """Print both fits, what they reproduce and what they imply."""
    evidence = Evidence.load()
    ratio, shape = fitted_counts(evidence)
    names = ("fall.often.ratio", "fall.dispersion")
    for name, value in zip(names, (ratio, shape), strict=True):
        print(f"{name} {value:.2f}   in use {evidence[name].value}")
    all_ = _groups(float(np.asarray(evidence["fall.often.share"].value)), ratio, shape)
    for name in DIARIES:
        diary = _diary(evidence, name)
        found = np.round(fitted_shares(diary, all_), 3)
        print(f"  {name:25} none, two or more: printed {np.round(diary.shares, 3)}, fitted {found}")
    b = fitted(evidence)
    print(f"fall.exponent {b:.3f}   in use {evidence['fall.exponent'].value}")
    print(f"sum of squared log errors {squared_errors(evidence, b):.4f}")
    for name, counts in TARGETS.items():
        ratio = count_ratio(hazards_by_count(evidence, b), counts)
        print(f"  {name:45} {evidence.finding(name).value:.2f}  fitted {ratio:.2f}")
    fewer, share = 0.77, fall_share(evidence.draws(1).central())
    print(f"23 % fewer falls: {100 * share * (1 - fewer**b):.1f} % fewer MOF")


# --- How people differ --------------------------------------------------------------------------------------------


def fitted_counts(evidence: Evidence) -> tuple[float, float]:
    """The ratio between the groups and the shape within them, from a grid that is refined."""
    diaries = [_diary(evidence, name) for name in DIARIES]
    often = float(np.asarray(evidence["fall.often.share"].value))
    ratio, shape, factor = 13.0, 1.0, 4.0
    for _ in range(5):
        steps = factor ** np.linspace(-1, 1, 13)
        tried = [(ratio * a, shape * c) for a in steps for c in steps]
        ratio, shape = tried[int(np.argmin([_error(diaries, often, *each) for each in tried]))]
        factor **= 0.35
    return ratio, shape


@dataclass(frozen=True)
class _Printed:
    """A diary: how the expected rate spreads over its people around 1, the printed shares, the mean if printed."""

    relative: Array
    shares: Array
    mean: float | None
    weight: float


def _diary(evidence: Evidence, name: str) -> _Printed:
    """One diary as its study in the package has it."""
    study = fracture_studies()[name]
    assert isinstance(study.setting, Diary)
    expected = rates(study.setting, evidence.draws(1).central(), PEOPLE, seed=1)[0]
    printed = {target.what: float(evidence.finding(target.finding).value or 0) for target in study.targets}
    fell = printed.get("fallers", 100 * printed.get("fallers_count", 0) / (study.n or 1))
    mean = printed.get("mean")
    if "fallers_count" in printed:
        mean = printed["per_year"] * study.setting.months / 12
    shares = np.array([1 - fell / 100, printed["fallers_twice"] / 100])
    return _Printed(expected / expected.mean(), shares, mean, 3.0 if study.n and study.n > 500 else 1.0)


def _error(diaries: Sequence[_Printed], often: float, ratio: float, shape: float) -> float:
    """Weighted sum of squared errors of the shares."""
    all_ = _groups(often, ratio, shape)
    return sum(
        each.weight * float(np.sum((fitted_shares(each, all_) - each.shares) ** 2)) for each in diaries
    )


def _groups(often: float, ratio: float, shape: float) -> Groups:
    """Two groups of fallers."""
    seldom = 1 / (1 + often * (ratio - 1))
    return Groups(np.array([[often, 1 - often]]), np.array([[ratio * seldom, seldom]]), np.array([[shape]]))


def fitted_shares(diary: _Printed, all_: Groups) -> Array:
    """Shares without a fall and with two or more at the diary's mean, or at the mean that suits best."""
    means = np.array([diary.mean]) if diary.mean else np.geomspace(0.3, 10, 40)
    expected = means[:, None] * diary.relative
    none, one = ((count_share(all_, n, expected[..., None]) @ all_.share[0]).mean(axis=1) for n in (0, 1))
    found = np.stack([none, 1 - none - one], axis=1)
    return found[np.argmin(((found - diary.shares) ** 2).sum(axis=1))]


# --- From falls to fractures --------------------------------------------------------------------------------------


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
    draws = evidence.replacing({"fall.exponent": b}).draws(1).central()
    mean = falls.population_rate("female", np.array([AGE_Y]), draws)
    all_, share = groups(draws), fall_share(draws)
    powers = [float(frailty(FallCount(n, 1.0), mean, draws).power[0, 0]) for n in range(MOST_FALLS)]
    weights = [float((all_.share * count_share(all_, n, mean)).sum()) for n in range(MOST_FALLS)]
    return np.array(weights), 1 - share + share * np.array(powers)


def count_ratio(by_count: tuple[Array, Array], counts: range) -> float:
    """Fractures of people with these counts of falls in a year over those of people without a fall."""
    weight, hazard = by_count
    chosen = list(counts)
    return float((weight * hazard)[chosen].sum() / weight[chosen].sum() / hazard[0])


def fall_share(draws: Draws) -> float:
    """Share of MOF preceded by a fall."""
    return sum(
        weight * float(curve(draws, f"fall.share.{part}", [AGE_Y])[0, 0])
        for part, weight in MOF_SHARES.items()
    )


if __name__ == "__main__":
    main()
