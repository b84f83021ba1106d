"""Risk factors beyond density: previous fractures with their recency, family, habits, illness, medicines.

A factor that is unknown has ratio 1. One that is known to be absent is a little below 1, one that is present
is its ratio over the population's average: (1 + (ratio - 1) * present) / (1 + share * (ratio - 1)).

Ratios are those *at the same density*. Smoking, arthritis and low weight also lower density: while nobody has
measured it, that part is added (the SD they lower it by, to the power of the density gradient).
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trabecula.evidence import Draws
from trabecula.fracture import density
from trabecula.fracture.exposure import Exposure
from trabecula.fracture.record import PriorFracture
from trabecula.units import Array
from trabecula.vocabulary import FRACTURE_SITES, factor_effects, fall_effects


def over_average(ratio: Array, share: Array, present: ArrayLike | None) -> Array:
    """A factor's ratio over the average of a population in which a share has it [n, T]; unknown is 1."""
    x = np.asarray(np.nan if present is None else present, dtype=np.float64)
    relative = (1 + (ratio - 1) * x) / (1 + (ratio - 1) * share)
    return np.where(np.isnan(x), 1, relative)


def ratio(name: str, part: str, age_y: Array, draws: Draws) -> Array:
    """Hazard ratio of a factor at the same density, at the hip (part "hip") or elsewhere ("other") [n, T]."""
    return draws.ratios(factor_effects()[name].ratios[part], age_y)


def factor(name: str, part: str, exposure: Exposure, draws: Draws) -> Array:
    """One factor over the average of the population [n, T]."""
    effect = factor_effects()[name]
    own = ratio(name, part, exposure.age_y, draws) / carried_by_falls(name, part, exposure, draws)
    if effect.density is not None and not exposure.density_measured:
        own = own * density.gradient(part, exposure.sex, exposure.age_y, draws) ** draws.column(effect.density)
    return over_average(own, draws.column(effect.share), presence(exposure, draws).get(name))


def carried_by_falls(name: str, part: str, exposure: Exposure, draws: Draws) -> Array:
    """What the falls of a medicine do to fractures where its published ratio holds both [n, T]; else 1.

    The hazard has the falls beside the factors, so that the product is the published ratio and nothing counts twice.
    """
    medicine = fall_effects().get(name)
    if medicine is None:
        return np.ones((1, 1))
    follows = {"hip": "fall.share.hip", "other": "fall.share.limb"}[part]
    share = draws.curve(draws.evidence.of_sex(follows, exposure.sex), exposure.age_y)
    carried: Array = 1 - share + share * draws.column(medicine.ratio) ** draws.column("fall.exponent")
    return carried


def bmi_effect(part: str, exposure: Exposure, draws: Draws) -> Array:
    """Body mass index [n, T]: what it does at the same density, and what it does to a density nobody measured."""
    if exposure.bmi is None:
        return np.ones((1, 1))
    lowest, highest = draws.column("fracture.bmi.lowest"), draws.column("fracture.bmi.highest")
    more = np.clip(exposure.bmi, lowest, highest) - draws.column("fracture.bmi.average")
    per_unit = draws.column(f"fracture.bmi.{part}")
    if not exposure.density_measured:
        per_sd = density.gradient(part, exposure.sex, exposure.age_y, draws)
        per_unit = per_unit * per_sd ** -draws.column("fracture.bmi.density")
    return per_unit**more


def high_alcohol(units_per_day: ArrayLike | None, draws: Draws) -> NDArray[np.bool_] | None:
    """Whether more is drunk than the limit [n, 1]; None when unknown."""
    limit = factor_effects()["high_alcohol"].above or ""
    return None if units_per_day is None else np.greater(units_per_day, draws.column(limit))


def presence(exposure: Exposure, draws: Draws) -> Mapping[str, ArrayLike | None]:
    """Every factor that something is known about."""
    alcohol = {"high_alcohol": high_alcohol(exposure.alcohol_units_per_day, draws)}
    known = {**alcohol, **exposure.present}
    return {name: known[name] for name in factor_effects() if known.get(name) is not None}


def effect(part: str, exposure: Exposure, draws: Draws) -> Array:
    """All factors but previous fractures together [n, T]."""
    known = presence(exposure, draws)
    product = bmi_effect(part, exposure, draws)
    illnesses = []
    for name in known:
        own = factor(name, part, exposure, draws)
        if factor_effects()[name].side_by_side:
            product = product * own
        else:
            illnesses.append(own)
    return product * together(illnesses, draws)


def together(illnesses: Sequence[Array], draws: Draws) -> Array:
    """Several illnesses: the worst counts in full, the others with a share of their logarithm [n, T].

    Each ratio was estimated as if the others were not there, but they share their cause: frailty.
    """
    if not illnesses:
        return np.ones((1, 1))
    logs = [np.log(ratio) for ratio in illnesses]
    worse = [np.maximum(log, 0) for log in logs]
    worst = np.max(np.broadcast_arrays(*worse), axis=0)
    rest = sum(worse[1:], worse[0]) - worst
    better = sum((np.minimum(log, 0) for log in logs), np.zeros((1, 1)))
    return np.exp(worst + draws.column("fracture.factor.illness.together") * rest + better)


def prior_effect(site: str, exposure: Exposure, draws: Draws) -> Array:
    """Previous fractures as the years go by: the strongest one counts [n, T]."""
    if exposure.priors is None:
        return np.ones((1, 1))
    if not exposure.priors:
        return _no_prior(site, exposure.age_y, draws)
    effects = [_one_prior(site, prior, exposure, draws) for prior in exposure.priors]
    strongest = np.max(np.broadcast_arrays(*effects), axis=0)
    never = np.isneginf(strongest)
    return np.where(never, _no_prior(site, exposure.age_y, draws), strongest) if never.any() else strongest


def _no_prior(site: str, age_y: Array, draws: Draws) -> Array:
    """Nobody's bone broken: what the others, as long ago as is usual, leave of the average [n, T]."""
    usual = draws.column("fracture.prior.usual_years")
    broken = draws.log_curve("fracture.prior.ratio", usual) ** _prior_exponent(site, age_y, draws)
    share = draws.curve("fracture.prior.share", age_y)
    return (1 - share * broken) / (1 - share)


def _prior_exponent(site: str, age_y: Array, draws: Draws) -> Array:
    """A fracture foretells more in the young, most of all at the hip [n, T]."""
    return draws.log_curve(f"fracture.prior.by_age.{FRACTURE_SITES[site].factors}", age_y)


def _one_prior(site: str, prior: PriorFracture, exposure: Exposure, draws: Draws) -> Array:
    """One previous fracture: its ratio fades with the years since; at an unknown time it is that of the usual one.

    Minus infinity in people who had none.
    """
    since = draws.column("fracture.prior.usual_years") if prior.years_since is None else prior.years_since
    faded = draws.log_curve("fracture.prior.ratio", since + exposure.middle_y)
    exponent = _prior_exponent(site, exposure.age_y, draws)
    if prior.high_trauma or not FRACTURE_SITES[prior.site].foretells_fully:
        exponent = exponent * draws.column("fracture.prior.minor_exponent")
    elif prior.site == "spine" and site == "spine":
        exponent = exponent * draws.column("fracture.prior.spine_after_spine_exponent")
    return np.where(np.isfinite(since), faded**exponent, -np.inf)
