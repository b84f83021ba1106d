"""People who are alike fall differently, and what a person's own count says of it.

A few fall very often and most fall seldom; within each of the two groups people differ by a gamma of shape k. With one
group alone (a negative binomial) too many would fall twice or more for the number that never fall.
"""

from dataclasses import dataclass
from math import lgamma

import numpy as np

from trabecula.evidence import Draws
from trabecula.evidence.draws import Array
from trabecula.fracture.history import FallCount

log_gamma = np.vectorize(lgamma, otypes=[np.float64])


@dataclass(frozen=True)
class Frailty:
    """How much more a person falls than people alike: its mean, and the mean of its power b over average."""

    mean: Array
    power: Array


@dataclass(frozen=True)
class Groups:
    """Two groups of fallers: their shares and mean frailties, often first [n, 2], and the shape within them [n, 1].

    The mean frailty of all is 1.
    """

    share: Array
    mean: Array
    shape: Array


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
    return Frailty(
        _sum(share * shape / per_fall),
        _sum(share * _moment(shape, per_fall, b)) / mean_power(all_, b),
    )


def remembered(rate: Array, draws: Draws) -> Array:
    """Falls a year that people report when asked afterwards, where a diary would have `rate` [n, 1]."""
    return rate * draws.column("fall.recall")


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
