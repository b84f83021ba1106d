"""People who kept a fall calendar, sampled and followed: how many fall, how many twice, how often."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.fracture import Exposure
from trabecula.fracture.falls import Groups, groups, of_volunteers, remembered_of
from trabecula.lab.studies.fracture_record import FallDiary
from trabecula.model import ModelDraws
from trabecula.people import spread_over
from trabecula.units import MONTHS_PER_YEAR, PER_CENT, Array

PEOPLE = 500
"""Virtual people over whom an expectation is taken."""
SHARES = ("fallers", "fallers_twice", "fallers_thrice")
"""Measures that are shares of the people; papers print them in per cent."""
MEASURES = (*SHARES, "fallers_count", "mean", "per_year")
"""What a diary measures."""
_MOST = 5000
"""A count at which the search for it ends."""


@dataclass(frozen=True)
class FallCounts:
    """Falls counted by each person in each replicate under each draw [n, replicates, people]."""

    counts: Array
    """[n, replicates, people]"""
    months: float
    """How long they counted."""

    @property
    def fallers(self) -> Array:
        """Share with a fall [n, replicates]."""
        return (self.counts > 0).mean(axis=2)

    @property
    def fallers_twice(self) -> Array:
        """Share with two falls or more [n, replicates]."""
        return (self.counts > 1).mean(axis=2)

    @property
    def fallers_thrice(self) -> Array:
        """Share with three falls or more [n, replicates]."""
        return (self.counts > 2).mean(axis=2)

    @property
    def mean(self) -> Array:
        """Falls a person [n, replicates]."""
        return self.counts.mean(axis=2)

    @property
    def per_year(self) -> Array:
        """Falls a person-year [n, replicates]."""
        return self.mean * MONTHS_PER_YEAR / self.months


def fall_counts(diary: FallDiary, draws: ModelDraws, replicates: int, seed: int) -> FallCounts:
    """So many diaries of so many people, other people in each."""
    size = replicates * diary.n
    expected = rates(diary, draws, size, seed) * diary.months / MONTHS_PER_YEAR
    counts = _counts(expected, draws, seed)
    return FallCounts(counts.reshape(len(counts), replicates, diary.n), diary.months)


@dataclass(frozen=True)
class ExpectedFalls:
    """What a diary would find if everybody kept it again and again: no luck of counting."""

    expected: Array
    """Falls that each person is expected to report while it is kept [n, people]."""
    all_: Groups
    """How people who are alike differ."""
    diary: FallDiary
    """Who kept it, and how long."""

    def measure(self, what: str) -> Array:
        """A measure by its name [n]; shares in per cent, "fallers_count" in people."""
        match what:
            case "mean":
                return self.expected.mean(axis=1)
            case "per_year":
                return self.expected.mean(axis=1) * MONTHS_PER_YEAR / self.diary.months
            case "fallers_count":
                return self.share_with(1) * self.diary.n
            case _:
                return PER_CENT * self.share_with(1 + SHARES.index(what))

    def share_with(self, falls: int) -> Array:
        """Share of the people who report so many falls or more [n]."""
        k, below = self.all_.shape, np.zeros_like(self.expected)
        for group in range(2):
            mean = self.expected * self.all_.mean[:, group : group + 1]
            odds = mean / (k + mean)
            at = (k / (k + mean)) ** k
            for count in range(falls):
                below = below + self.all_.share[:, group : group + 1] * at
                at = at * odds * (k + count) / (count + 1)
        return (1.0 - below).mean(axis=1)


def expected_falls(diary: FallDiary, draws: ModelDraws, seed: int) -> ExpectedFalls:
    """The diary in expectation, over `PEOPLE` like those who kept it."""
    expected = rates(diary, draws, PEOPLE, seed) * diary.months / MONTHS_PER_YEAR
    return ExpectedFalls(expected, groups(draws), diary)


def rates(diary: FallDiary, draws: ModelDraws, size: int, seed: int) -> Array:
    """Falls a year that each person is expected to report, before they differ for no known reason [n, size]."""
    age_y = spread_over(diary.age_y, luck_of(seed, "age", size))
    edss = edss_of(diary, draws, luck_of(seed, "edss", size)) if diary.ms else np.full(size, np.nan)
    found = np.empty((draws.n, size))
    for who, sex, course in _kinds(diary, size, seed):
        exposure = Exposure(
            sex, "US", age_y[who], np.ones(who.sum()), edss=edss[who], wheelchair=diary.wheelchair, ms_course=course
        )
        found[:, who] = draws.model.hazards.expected_falls(exposure, draws)
    found = of_volunteers(found, draws) if diary.volunteers else found
    return remembered_of(found, diary.months, draws) if diary.recalled else found


def _kinds(diary: FallDiary, size: int, seed: int) -> Iterator[tuple[NDArray[np.bool_], str, str | None]]:
    """The people of each sex and course, and these two."""
    woman = luck_of(seed, "sex", size) < diary.women
    progressive = luck_of(seed, "course", size) < diary.primary_progressive
    for sex, of_sex in (("female", woman), ("male", ~woman)):
        for course, of_course in (("primary_progressive", progressive), ("relapsing", ~progressive)):
            if (of_sex & of_course).any():
                yield of_sex & of_course, sex, course if diary.ms else None


def edss_of(diary: FallDiary, draws: ModelDraws, luck: Array) -> Array:
    """The EDSS of each person, from the shares of the study or of `fall.ms.sample`."""
    if diary.edss:
        steps, shares = (np.array(column) for column in zip(*diary.edss, strict=True))
    else:
        steps, shares = draws.knots("fall.ms.sample"), draws["fall.ms.sample"][0]
    return steps[np.minimum(np.searchsorted(np.cumsum(shares) / shares.sum(), luck), len(steps) - 1)]


def _counts(expected: Array, draws: ModelDraws, seed: int) -> Array:
    """A count for each person: which group they belong to, then a negative binomial [n, size]."""
    size = expected.shape[1]
    all_, shape = groups(draws), draws.column("fall.dispersion")
    often = luck_of(seed, "group", size) < all_.share[:, :1]
    mean = expected * np.where(often, all_.mean[:, :1], all_.mean[:, 1:])
    luck = np.broadcast_to(luck_of(seed, "count", size), mean.shape)
    return _negative_binomial(luck, np.broadcast_to(shape, mean.shape), mean)


def _negative_binomial(luck: Array, shape: Array, mean: Array) -> Array:
    """The count below which a share `luck` of a negative binomial lies."""
    step = mean / (shape + mean)
    at = (shape / (shape + mean)) ** shape
    below, count, n = at.copy(), np.zeros_like(mean), 0
    while n < _MOST and (more := luck > below).any():
        count[more] += 1
        at = at * step * (shape + n) / (n + 1)
        below, n = below + at, n + 1
    return count


def luck_of(seed: int, purpose: str, size: int) -> Array:
    """A number between 0 and 1 for each person."""
    return chance.uniform(seed, f"falls_diary.{purpose}", 0, np.arange(size))


def measure(found: FallCounts, what: str) -> Array:
    """A measure by its name, averaged over replicates [n]; shares in per cent, "fallers_count" in people."""
    return by_replicate(found, what).mean(axis=1)


def by_replicate(found: FallCounts, what: str) -> Array:
    """The same in every replicate [n, replicates]."""
    if what == "fallers_count":
        return found.fallers * found.counts.shape[2]
    return (PER_CENT if what in SHARES else 1.0) * getattr(found, what)
