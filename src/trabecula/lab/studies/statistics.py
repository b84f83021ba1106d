"""How the readings of an arm become the number that a paper printed."""

from collections.abc import Mapping

import numpy as np

from trabecula import chance
from trabecula.evidence import Evidence
from trabecula.lab.studies.record import Statistic, StudyTarget
from trabecula.lab.studies.virtual import Readings
from trabecula.skeleton import SITES
from trabecula.skeleton.density import reference_mean, reference_sd, site_correlation, young_reference, z_score
from trabecula.units import DAYS_PER_YEAR, PER_CENT, Array

LOW, OSTEOPOROSIS = -1.0, -2.5
"""T-scores below which density is low, and from which down it is osteoporosis, by the definition of the WHO."""
YOUNG_Y = 25.5
"""The middle of the youngest band of the reference tables [y]."""
REPLICATES = 50
"""Personal levels a person is given when shares and correlations are counted."""


def measured(target: StudyTarget, arms: Mapping[str, Readings], evidence: Evidence) -> Array:
    """What the virtual study found for a target, in the finding's unit, under each draw [n].

    What each statistic is, and in which unit, stands in `Statistic`. ValueError where it compares two arms and the
    target names one.
    """
    own = arms[target.arm]
    other = None if target.versus is None else arms[target.versus]
    value = _statistic(target, own, other, evidence)
    return -value if target.flip else value


def _statistic(target: StudyTarget, own: Readings, other: Readings | None, evidence: Evidence) -> Array:
    """The number of a statistic with its usual sign [n]."""
    site, day = target.quantity, target.day
    pooled = [own] if other is None else [own, other]
    years = (day - target.since_day) / DAYS_PER_YEAR
    match target.statistic:
        case Statistic.PERCENT_CHANGE:
            return _change(target, own) - (0.0 if other is None else _change(target, other))
        case Statistic.PERCENT_PER_YEAR:
            return (_change(target, own) - (0.0 if other is None else _change(target, other))) / years
        case Statistic.PERCENT_OF_BASELINE:
            return PER_CENT + _change(target, own)
        case Statistic.PERCENT_OF_ARM:
            return PER_CENT * _against(target, own, _compared(target, other))
        case Statistic.PERCENT_ABOVE_ARM:
            return PER_CENT * (_against(target, own, _compared(target, other)) - 1.0)
        case Statistic.MEAN:
            return level_of(site, own, day, evidence).mean(axis=0)
        case Statistic.CHANGE_PER_YEAR:
            first, last = (level_of(site, own, at, evidence) for at in (target.since_day, day))
            return (last - first).mean(axis=0) / years
        case Statistic.SMD:
            return _smd(target, own, _compared(target, other), evidence)
        case Statistic.Z_CHANGE:
            return _z_change(target, own, evidence) - (0.0 if other is None else _z_change(target, other, evidence))
        case Statistic.PARTIAL_R_EDSS:
            return _partial_r("edss", target, pooled, evidence)
        case Statistic.R_STEROID_DOSE:
            return _partial_r("steroid_g", target, pooled, evidence)
        case Statistic.SHARE_LOW:
            return _share_below(LOW, target, own, evidence)
        case Statistic.SHARE_OSTEOPOROSIS:
            return _share_below(OSTEOPOROSIS, target, own, evidence)
        case Statistic.SHARE_OSTEOPENIA:
            low, porous = (_share_below(score, target, own, evidence) for score in (LOW, OSTEOPOROSIS))
            return low - porous


def _compared(target: StudyTarget, other: Readings | None) -> Readings:
    if other is None:
        raise ValueError(f"{target.finding}: this statistic needs an arm to compare with")
    return other


def _change(target: StudyTarget, arm: Readings) -> Array:
    """Mean percentage change since the first reading [%, n]."""
    first, last = arm.of(target.quantity, target.since_day), arm.of(target.quantity, target.day)
    return PER_CENT * np.mean(last / first - 1.0, axis=0)


def _against(target: StudyTarget, own: Readings, other: Readings) -> Array:
    """Mean level relative to the other arm on the same day [1, n]."""
    own_level, other_level = (arm.of(target.quantity, target.day).mean(axis=0) for arm in (own, other))
    return own_level / other_level


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


def _smd(target: StudyTarget, own: Readings, other: Readings, evidence: Evidence) -> Array:
    """Difference of means over the spread between people, of which the personal level is the larger part."""
    a, b = (level_of(target.quantity, arm, target.day, evidence) for arm in (own, other))
    within = np.sqrt(np.mean((spread_of(target.quantity, other, evidence) * b) ** 2, axis=0) + b.var(axis=0))
    return (a.mean(axis=0) - b.mean(axis=0)) / within - own.below_sd + other.below_sd


def _z_change(target: StudyTarget, arm: Readings, evidence: Evidence) -> Array:
    """Mean change of the Z-score since the first reading, at an average personal level [SD, n]."""
    first, last = (_z_scores(target.quantity, arm, day, evidence) for day in (target.since_day, target.day))
    return (last - first).mean(axis=0)


def _z_scores(site: str, arm: Readings, day: float, evidence: Evidence) -> Array:
    """Density of every person against their age and sex on a day, at an average personal level [SD, people x n]."""
    level, age_y = level_of(site, arm, day, evidence), arm.age_y + day / DAYS_PER_YEAR
    sexes = np.where(arm.woman, "female", "male")
    return np.stack([z_score(evidence, site, str(s), age_y[i], level[i], ancestry=None) for i, s in enumerate(sexes)])


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
    x = np.concatenate([getattr(arm, exposure)[:, int(np.searchsorted(arm.days, target.day))] for arm in groups])
    age_y, woman = (np.concatenate([getattr(arm, name) for arm in groups]) for name in ("age_y", "woman"))
    design = np.column_stack([np.ones(len(x)), age_y, woman])
    rest = np.eye(len(x)) - design @ np.linalg.pinv(design)
    own, others = rest @ x, np.einsum("ij,rjn->rin", rest, density)
    return np.mean(np.einsum("i,rin->rn", own, others) / (np.linalg.norm(own) * np.linalg.norm(others, axis=1)), axis=0)


def _share_below(threshold: float, target: StudyTarget, own: Readings, evidence: Evidence) -> Array:
    """Share of people whose lowest T-score lies at or below a threshold [%, n]."""
    sites = SITES if target.quantity == "any_site" else (target.quantity,)
    scores = []
    for site in sites:
        mean, sd = young_reference(evidence, site, "female")
        scores.append((_with_personal_levels(site, own, target.day, evidence) - mean) / sd)
    lowest = np.min(scores, axis=0)
    return PER_CENT * np.mean(lowest <= threshold, axis=(0, 1))
