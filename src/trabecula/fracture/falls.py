"""How often a person falls, and how little of it reaches the fractures.

A linear ratio of falls would overpredict fractures in MS more than tenfold, so the fall rate acts with a
small exponent, and only on the fractures that a fall precedes.

People who are alike fall differently, and what a person's own count says of it.

A few fall very often and most fall seldom; within each of the two groups people differ by a gamma of shape k. With one
group alone (a negative binomial) too many would fall twice or more for the number that never fall.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import lgamma

import numpy as np
from numpy.typing import ArrayLike

from trabecula.evidence import Draws
from trabecula.fracture.exposure import Exposure
from trabecula.fracture.factors import over_average
from trabecula.fracture.record import FallCount
from trabecula.units import MONTHS_PER_YEAR, Array
from trabecula.vocabulary import FRACTURE_SITES, fall_effects

log_gamma = np.vectorize(lgamma, otypes=[np.float64])


def expit(x: Array) -> Array:
    """The share that a logit x stands for."""
    return 1 / (1 + np.exp(-x))


def population_rate(sex: str, age_y: Array, draws: Draws) -> Array:
    """Falls per person-year of the general population, by age and sex [n, T], as a diary counts them."""
    women = over_average(draws.column("fall.ratio.women"), draws.column("fall.ratio.women.share"), sex == "female")
    return women * draws.log_curve("fall.rate.population", age_y)


def ms_rate(exposure: Exposure, draws: Draws) -> Array:
    """Falls per person-year with MS, before medicines and the person's own count [n, T]; nan without MS.

    Those of anybody of that age and sex and those that disability adds; where people sit, a share of both is left.
    """
    edss = falling_edss(exposure, draws)
    added = draws.column("fall.ms.rate") * added_by_disability(edss, draws) / mean_added(draws)
    women = over_average(draws.column("fall.ms.women"), draws.column("fall.ms.women.share"), exposure.sex == "female")
    progressive = over_average(
        draws.column("fall.ms.primary_progressive"),
        draws.column("fall.ms.primary_progressive.share"),
        None if exposure.ms_course is None else exposure.ms_course == "primary_progressive",
    )
    span = draws.column("fall.ms.age_range")  # the ages that were studied: fewer falls with age at the same EDSS
    by_age = draws.column("fall.ms.per_year_of_age") ** np.clip(
        exposure.age_y - draws.column("fall.ms.age_centre"), -span, span
    )
    anybody = population_rate(exposure.sex, exposure.age_y, draws)
    return (anybody + added * women * progressive * by_age) * left_sitting(edss, draws)


def added_by_disability(edss: ArrayLike, draws: Draws) -> Array:
    """Share of the falls that disability adds at most, 0 at EDSS 0, along an S to 1 [n, T]; nan where unknown."""
    halfway, width = draws.column("fall.ms.halfway"), draws.column("fall.ms.width")
    risen, at_0 = (expit((np.asarray(step, dtype=np.float64) - halfway) / width) for step in (edss, 0.0))
    return (risen - at_0) / (1 - at_0)


def left_sitting(edss: ArrayLike, draws: Draws) -> Array:
    """What is left of the falls as ever more of the day is spent in a wheelchair, then in bed [n, T]."""
    beyond = np.maximum(np.asarray(edss, dtype=np.float64) - draws.column("fall.ms.sits_from"), 0)
    left: Array = draws.column("fall.ms.sitting") ** beyond
    return left


def mean_added(draws: Draws) -> Array:
    """Mean of `added_by_disability` in the sample behind the printed rate [n, 1]."""
    shares = draws["fall.ms.sample"]
    return (shares * added_by_disability(draws.knots("fall.ms.sample"), draws)).sum(axis=1, keepdims=True)


def falling_edss(exposure: Exposure, draws: Draws) -> Array:
    """The EDSS that falls go by: someone in a wheelchair all day falls as at EDSS 7 at least."""
    edss = exposure.disability(draws)
    seated = np.maximum(edss, draws.column("fall.ms.all_day_wheelchair_edss"))
    return np.where(exposure.wheelchair, seated, edss)


def medicines_ratio(present: Mapping[str, ArrayLike | None], draws: Draws) -> Array:
    """Medicines that make people fall [n, T]; unknown is the average."""
    product = np.ones((1, 1))
    for name, effect in fall_effects().items():
        ratio, share = draws.column(effect.ratio), draws.column(effect.share)
        product = product * over_average(ratio, share, present.get(name))
    return product


def _taken_in_ms(present: Mapping[str, ArrayLike | None], draws: Draws) -> Array:
    """The average over everybody over that over people with MS, who take more of a medicine [n, 1].

    Their diaries are full of people who take it, so that whoever takes it falls less beyond them.
    """
    product = np.ones((1, 1))
    for name, effect in fall_effects().items():
        if f"{effect.share}.ms" in draws.evidence and present.get(name) is not None:
            more, share = draws.column(effect.ratio) - 1, draws.column(effect.share)
            product = product * (1 + more * share) / (1 + more * draws.column(f"{effect.share}.ms"))
    return product


def expected_rate(exposure: Exposure, draws: Draws) -> Array:
    """Falls per person-year of people like this one, before their own count [n, T]."""
    population = population_rate(exposure.sex, exposure.age_y, draws)
    with_ms = ms_rate(exposure, draws) if exposure.has_ms.any() else population
    rate = np.where(exposure.has_ms, with_ms * _taken_in_ms(exposure.present, draws), population)
    return rate * medicines_ratio(exposure.present, draws)


def rates(exposure: Exposure, draws: Draws) -> Array:
    """The person's own falls per person-year [n, T]: their count and their programme included."""
    expected = expected_rate(exposure, draws)
    own = frailty(exposure.falls, expected[:, :1], draws).mean
    return expected * own * np.asarray(exposure.fall_ratio, dtype=np.float64)


def relative_power(exposure: Exposure, draws: Draws) -> Array:
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


@dataclass(frozen=True)
class Frailty:
    """How much more a person falls than people who are alike, after what they remember."""

    mean: Array
    """Of the frailty, 1 on average [n, 1]."""
    power: Array
    """Mean of its power b (`fall.exponent`) over that of everybody [n, 1]."""


@dataclass(frozen=True)
class Groups:
    """Two groups of fallers, those who fall often first; the mean frailty of all is 1."""

    share: Array
    """Of the people [n, 2]."""
    mean: Array
    """Mean frailty of each [n, 2]."""
    shape: Array
    """Of the gamma within each: the smaller, the more unlike its members are [n, 1]."""


def groups(draws: Draws) -> Groups:
    """The two groups under each draw."""
    often, ratio = draws.column("fall.often.share"), draws.column("fall.often.ratio")
    seldom = 1 / (1 + often * (ratio - 1))
    share, mean = np.hstack([often, 1 - often]), np.hstack([ratio * seldom, seldom])
    return Groups(share, mean, draws.column("fall.dispersion"))


def frailty(falls: FallCount | None, rate: Array, draws: Draws) -> Frailty:
    """The frailty of someone who remembers a count of falls where `rate` [n, 1] was expected; 1 without a count.

    In a group of mean a, a count c where m was expected makes a gamma of shape k + c and rate k/a + m, and the group
    itself more or less likely.
    """
    if falls is None:
        return Frailty(np.ones((1, 1)), np.ones((1, 1)))
    all_, b = groups(draws), draws.column("fall.exponent")
    expected = remembered(rate, draws) * falls.period_y
    share = membership(all_, falls.count, expected)
    shape, per_fall = all_.shape + falls.count, all_.shape / all_.mean + expected
    return Frailty(_sum(share * shape / per_fall), _sum(share * _moment(shape, per_fall, b)) / mean_power(all_, b))


def of_volunteers(rate: Array, draws: Draws) -> Array:
    """Falls a year of people who come forward for a study of falls, where people nobody chose have `rate` [n, T]."""
    return rate * draws.column("fall.selection.volunteers")


def remembered(rate: Array, draws: Draws) -> Array:
    """Falls a year that people report when asked afterwards, where a diary would have `rate` [n, 1]."""
    return rate * draws.column("fall.recall")


def remembered_of(rate: Array, months: float, draws: Draws) -> Array:
    """Falls a year that people report of so many months; those longer ago than a year are told less often [n, T]."""
    older = max(months / MONTHS_PER_YEAR - 1, 0) / max(months / MONTHS_PER_YEAR, 1)
    return remembered(rate, draws) * (1 - older * (1 - draws.column("fall.recall.older")))


def mean_power(all_: Groups, b: Array) -> Array:
    """Mean of frailty^b over everybody [n, 1]."""
    return _sum(all_.share * _moment(all_.shape, all_.shape / all_.mean, b))


def membership(all_: Groups, count: float, expected: Array) -> Array:
    """The chance of belonging to each group after a count where `expected` [n, 1] is the mean of all [n, 2].

    A count far from what either group has is measured against the likelier one: both shares would be 0.
    """
    log_share = log_count_share(all_, count, expected)
    likely = all_.share * np.exp(log_share - log_share.max(axis=1, keepdims=True))
    return likely / _sum(likely)


def count_share(all_: Groups, count: float, expected: Array) -> Array:
    """Share of each group that has a count [n, 2]."""
    return np.exp(log_count_share(all_, count, expected))


def log_count_share(all_: Groups, count: float, expected: Array) -> Array:
    """Logarithm of the share of each group that has a count: negative binomial [n, 2]."""
    k, m = all_.shape, all_.mean * expected
    log_share = log_gamma(k + count) - log_gamma(k) - lgamma(count + 1)
    return log_share + k * np.log(k / (k + m)) + count * np.log(m / (k + m))


def _moment(shape: Array, rate: Array, b: Array) -> Array:
    """Mean of x^b for a gamma variable x."""
    return np.exp(log_gamma(shape + b) - log_gamma(shape) - b * np.log(rate))


def _sum(by_group: Array) -> Array:
    """Over the groups [n, 1]."""
    return by_group.sum(axis=1, keepdims=True)
