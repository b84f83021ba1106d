"""How the readings of an arm become the number that a paper printed: one function a statistic."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.evidence import Evidence
from trabecula.lab.studies.record import Statistic, StudyTarget
from trabecula.lab.studies.virtual import Readings
from trabecula.skeleton import SITES
from trabecula.skeleton.density import reference_mean, reference_sd, site_correlation, young_reference
from trabecula.units import DAYS_PER_YEAR, PER_CENT

Array = NDArray[np.float64]
LOW, OSTEOPOROSIS = -1.0, -2.5
"""T-scores below which density is low, and from which down it is osteoporosis, by the definition of the WHO."""
YOUNG_Y = 25.5
"""The middle of the youngest band of the reference tables [y]."""
REPLICATES = 50
"""Personal levels a person is given when shares and correlations are counted."""


def measured(target: StudyTarget, arms: Mapping[str, Readings], evidence: Evidence) -> Array:
    """What the virtual study found for a target, in the finding's unit, under each draw [n].

    ValueError where the statistic compares two arms and the target names one.
    """
    own = arms[target.arm]
    other = None if target.versus is None else arms[target.versus]
    value = _STATISTICS[target.statistic](target, own, other, evidence)
    return -value if target.flip else value


def _change(target: StudyTarget, arm: Readings) -> Array:
    """Mean percentage change since the first reading [%, n]."""
    first, last = arm.of(target.quantity, target.since_day), arm.of(target.quantity, target.day)
    return PER_CENT * np.mean(last / first - 1.0, axis=0)


def _percent_change(target: StudyTarget, own: Readings, other: Readings | None, _: Evidence) -> Array:
    """Change of one arm, or its difference from the change of another [%, n]."""
    return _change(target, own) - (0.0 if other is None else _change(target, other))


def _years(target: StudyTarget) -> float:
    """Years between the two readings."""
    return (target.day - target.since_day) / DAYS_PER_YEAR


def _percent_per_year(
    target: StudyTarget, own: Readings, other: Readings | None, evidence: Evidence
) -> Array:
    """The same a year [%/y, n]."""
    return _percent_change(target, own, other, evidence) / _years(target)


def _percent_of_baseline(target: StudyTarget, own: Readings, _: Readings | None, __: Evidence) -> Array:
    """Level with that of the first reading at 100 [%, n]."""
    return PER_CENT + _change(target, own)


def _against(target: StudyTarget, own: Readings, other: Readings | None) -> Array:
    """Mean level relative to the other arm [1, n]."""
    if other is None:
        raise ValueError(f"{target.finding}: this statistic needs an arm to compare with")
    return own.of(target.quantity, target.day).mean(axis=0) / other.of(target.quantity, target.day).mean(
        axis=0
    )


def _percent_of_arm(target: StudyTarget, own: Readings, other: Readings | None, _: Evidence) -> Array:
    """Level with that of the other arm at 100 [%, n]."""
    return PER_CENT * _against(target, own, other)


def _percent_above_arm(target: StudyTarget, own: Readings, other: Readings | None, _: Evidence) -> Array:
    """Level above that of the other arm [%, n]."""
    return PER_CENT * (_against(target, own, other) - 1.0)


def level_of(site: str, arm: Readings, day: float, evidence: Evidence) -> Array:
    """Density without the personal level: the young reference times what life has left [g/cm2, people x n]."""
    young = {sex: float(reference_mean(evidence, site, sex, YOUNG_Y)) for sex in ("female", "male")}
    return np.where(arm.woman, young["female"], young["male"])[:, None] * arm.of(site, day)


def spread_of(site: str, arm: Readings, evidence: Evidence) -> Array:
    """Spread of density between people of the same age and sex, as a share [people, 1]."""
    shares = [
        reference_sd(evidence, site, sex, age) / reference_mean(evidence, site, sex, age)
        for age, sex in zip(arm.age_y, np.where(arm.woman, "female", "male"), strict=True)
    ]
    return np.array(shares, dtype=np.float64)[:, None]


def _mean(target: StudyTarget, own: Readings, _: Readings | None, evidence: Evidence) -> Array:
    """Mean density, the personal level averaging out [g/cm2, n]."""
    return level_of(target.quantity, own, target.day, evidence).mean(axis=0)


def _change_per_year(target: StudyTarget, own: Readings, _: Readings | None, evidence: Evidence) -> Array:
    """Change of mean density a year [g/cm2/y, n]."""
    first, last = (level_of(target.quantity, own, day, evidence) for day in (target.since_day, target.day))
    return (last - first).mean(axis=0) / _years(target)


def _smd(target: StudyTarget, own: Readings, other: Readings | None, evidence: Evidence) -> Array:
    """Difference of means over the spread between people, of which the personal level is the larger part."""
    if other is None:
        raise ValueError(f"{target.finding}: this statistic needs an arm to compare with")
    a, b = (level_of(target.quantity, arm, target.day, evidence) for arm in (own, other))
    within = np.sqrt(np.mean((spread_of(target.quantity, other, evidence) * b) ** 2, axis=0) + b.var(axis=0))
    return (a.mean(axis=0) - b.mean(axis=0)) / within


def _with_personal_levels(site: str, arm: Readings, day: float, evidence: Evidence) -> Array:
    """Density of every person at many personal levels [REPLICATES, people, n]."""
    factor = 1.0 + spread_of(site, arm, evidence)[:, 0] * _personal_levels(site, arm, evidence)
    return level_of(site, arm, day, evidence)[None] * factor[:, :, None]


def _personal_levels(site: str, arm: Readings, evidence: Evidence) -> Array:
    """Standard normal personal levels, going together between sites as in people [REPLICATES, people]."""
    replicate, person = np.arange(REPLICATES)[:, None], np.arange(len(arm.woman))
    luck = np.stack([chance.normal(arm.seed, f"level.{s}", replicate, person) for s in SITES], axis=-1)
    return luck @ np.linalg.cholesky(site_correlation(evidence))[SITES.index(site)]


def _partial_r(exposure: str, target: StudyTarget, groups: list[Readings], evidence: Evidence) -> Array:
    """Correlation of density with an exposure, age and sex held, over people of all groups and their levels [n].

    Density and exposure are cleared of age and sex by regression before they are correlated (partial correlation).
    """
    density = np.concatenate(
        [_with_personal_levels(target.quantity, arm, target.day, evidence) for arm in groups], axis=1
    )
    x = np.concatenate([getattr(arm, exposure)[:, _column(target, arm)] for arm in groups])
    age_y, woman = (np.concatenate([getattr(arm, name) for arm in groups]) for name in ("age_y", "woman"))
    design = np.column_stack([np.ones(len(x)), age_y, woman])
    rest = np.eye(len(x)) - design @ np.linalg.pinv(design)
    own, others = rest @ x, np.einsum("ij,rjn->rin", rest, density)
    return np.mean(
        np.einsum("i,rin->rn", own, others) / (np.linalg.norm(own) * np.linalg.norm(others, axis=1)), axis=0
    )


def _groups(own: Readings, other: Readings | None) -> list[Readings]:
    """The arms whose people are taken together."""
    return [own] if other is None else [own, other]


def _partial_r_edss(target: StudyTarget, own: Readings, other: Readings | None, evidence: Evidence) -> Array:
    """With the EDSS on the day of the reading."""
    return _partial_r("edss", target, _groups(own, other), evidence)


def _r_steroid_dose(target: StudyTarget, own: Readings, other: Readings | None, evidence: Evidence) -> Array:
    """With the steroids taken until then."""
    return _partial_r("steroid_g", target, _groups(own, other), evidence)


def _column(target: StudyTarget, own: Readings) -> int:
    """The place of the day of a reading."""
    return int(np.searchsorted(own.days, target.day))


def _share_below(threshold: float, target: StudyTarget, own: Readings, evidence: Evidence) -> Array:
    """Share of people whose lowest T-score lies at or below a threshold [%, n]."""
    sites = SITES if target.quantity == "any_site" else (target.quantity,)
    scores = []
    for site in sites:
        mean, sd = young_reference(evidence, site, "female")
        scores.append((_with_personal_levels(site, own, target.day, evidence) - mean) / sd)
    lowest = np.min(scores, axis=0)
    return PER_CENT * np.mean(lowest <= threshold, axis=(0, 1))


def _share_low(target: StudyTarget, own: Readings, _: Readings | None, evidence: Evidence) -> Array:
    """Share with low density, osteoporosis included [%, n]."""
    return _share_below(LOW, target, own, evidence)


def _share_osteoporosis(target: StudyTarget, own: Readings, _: Readings | None, evidence: Evidence) -> Array:
    """Share with osteoporosis [%, n]."""
    return _share_below(OSTEOPOROSIS, target, own, evidence)


_STATISTICS: dict[Statistic, Callable[[StudyTarget, Readings, Readings | None, Evidence], Array]] = {
    Statistic.PERCENT_CHANGE: _percent_change,
    Statistic.PERCENT_PER_YEAR: _percent_per_year,
    Statistic.PERCENT_OF_BASELINE: _percent_of_baseline,
    Statistic.PERCENT_OF_ARM: _percent_of_arm,
    Statistic.PERCENT_ABOVE_ARM: _percent_above_arm,
    Statistic.CHANGE_PER_YEAR: _change_per_year,
    Statistic.MEAN: _mean,
    Statistic.SMD: _smd,
    Statistic.PARTIAL_R_EDSS: _partial_r_edss,
    Statistic.R_STEROID_DOSE: _r_steroid_dose,
    Statistic.SHARE_LOW: _share_low,
    Statistic.SHARE_OSTEOPOROSIS: _share_osteoporosis,
}
"""One function a statistic: (target, arm, other arm, registry) -> [n]."""
