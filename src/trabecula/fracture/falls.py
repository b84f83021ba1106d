"""How often a person falls, and how little of it reaches the fractures.

A linear ratio of falls would overpredict fractures in MS more than tenfold, so the fall rate acts with a
small exponent, and only on the fractures that a fall precedes.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from trabecula.evidence import Draws
from trabecula.evidence.draws import Array
from trabecula.fracture.factors import over_average
from trabecula.fracture.frailty import frailty
from trabecula.vocabulary import FRACTURE_SITES, fall_effects

if TYPE_CHECKING:
    from trabecula.fracture.exposure import Exposure


def population_rate(sex: str, age_y: Array, draws: Draws) -> Array:
    """Falls per person-year of the general population [n, T]."""
    women = over_average(
        draws.column("fall.ratio.women"), draws.column("fall.ratio.women.share"), sex == "female"
    )
    return women * draws.log_curve("fall.rate.population", age_y)


def ms_rate(exposure: "Exposure", draws: Draws) -> Array:
    """Falls per person-year with MS, before medicines and the person's own count [n, T]; nan without MS."""
    by_edss = draws.curve("fall.ms.by_edss", falling_edss(exposure, draws)) / mean_by_edss(draws)
    women = over_average(
        draws.column("fall.ms.women"), draws.column("fall.ms.women.share"), exposure.sex == "female"
    )
    progressive = over_average(
        draws.column("fall.ms.primary_progressive"),
        draws.column("fall.ms.primary_progressive.share"),
        None if exposure.ms_course is None else exposure.ms_course == "primary_progressive",
    )
    return draws.column("fall.ms.rate") * by_edss * women * progressive * _ms_age(exposure.age_y, draws)


def falling_edss(exposure: "Exposure", draws: Draws) -> Array:
    """The EDSS that falls go by: someone in a wheelchair all day falls as at EDSS 7 at least."""
    edss = np.atleast_2d(np.asarray(exposure.edss, dtype=np.float64))
    seated = np.maximum(edss, draws.column("fall.ms.all_day_wheelchair_edss"))
    return np.where(exposure.wheelchair, seated, edss)


def mean_by_edss(draws: Draws) -> Array:
    """Mean of the EDSS curve in the sample behind the printed rate [n, 1]."""
    shares = draws["fall.ms.sample"]
    return (shares * draws.curve("fall.ms.by_edss", draws.knots("fall.ms.sample"))).sum(axis=1, keepdims=True)


def _ms_age(age_y: Array, draws: Draws) -> Array:
    """Fewer falls with age at the same EDSS, within the ages that were studied [n, T]."""
    span = draws.column("fall.ms.age_range")
    years = np.clip(age_y - draws.column("fall.ms.age_centre"), -span, span)
    return draws.column("fall.ms.per_year_of_age") ** years


def medicines_ratio(present: Mapping[str, ArrayLike | None], draws: Draws) -> Array:
    """Medicines that make people fall [n, T]; unknown is the average."""
    product = np.ones((1, 1))
    for name, effect in fall_effects().items():
        ratio, share = draws.column(effect.ratio), draws.column(effect.share)
        product = product * over_average(ratio, share, present.get(name))
    return product


def expected_rate(exposure: "Exposure", draws: Draws) -> Array:
    """Falls per person-year of people like this one, before their own count [n, T]."""
    population = population_rate(exposure.sex, exposure.age_y, draws)
    with_ms = ms_rate(exposure, draws) if exposure.has_ms.any() else population
    rate = np.where(exposure.has_ms, with_ms, population)
    return rate * medicines_ratio(exposure.present, draws)


def rates(exposure: "Exposure", draws: Draws) -> Array:
    """The person's own falls per person-year [n, T]."""
    expected = expected_rate(exposure, draws)
    return (
        expected
        * frailty(exposure.falls, expected[:, :1], draws).mean
        * np.asarray(exposure.fall_ratio, dtype=np.float64)
    )


def relative_power(exposure: "Exposure", draws: Draws) -> Array:
    """Mean of (the person's fall rate / the population's)^b [n, T]: 1 for the average person."""
    expected = expected_rate(exposure, draws)
    ratio = np.asarray(exposure.fall_ratio, dtype=np.float64)
    relative = expected * ratio / population_rate(exposure.sex, exposure.age_y, draws)
    own = frailty(exposure.falls, expected[:, :1], draws)
    powered: Array = relative ** draws.column("fall.exponent") * own.power
    return powered


def effect(site: str, sex: str, age_y: Array, power: Array, draws: Draws) -> Array:
    """Hazard over that of the population: only the fractures that a fall precedes follow the falls [n, T]."""
    share = draws.curve(draws.evidence.of_sex(f"fall.share.{FRACTURE_SITES[site].fall_share}", sex), age_y)
    return 1 - share + share * power
