"""Samples virtual people: the population of a study, with keyed draws.

Within a sample each quantity is stratified (a Latin hypercube), so that a few people stand for many: the mean age of
twenty sampled people is that of the population, not that of twenty lucky ones.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from trabecula import chance
from trabecula.evidence import Evidence
from trabecula.person import Disability, HistoryDate, Menopause, MultipleSclerosis, Person
from trabecula.units import Array, date_at, days


class _Part(BaseModel):
    """Frozen, and closed to fields nobody described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TruncatedNormal(_Part):
    """How a quantity is spread over a population: a normal, cut off at both ends."""

    mean: float
    """Of the normal before it is cut, as printed."""
    sd: float = Field(ge=0.0)
    """The same; 0 gives everybody the mean."""
    low: float = -float("inf")
    high: float = float("inf")
    """Nobody lies beyond."""


class MsPopulation(_Part):
    """How MS has run in the people of a population."""

    course: Literal["clinically_isolated", "relapsing", "secondary_progressive", "primary_progressive"] = "relapsing"
    years_since_onset: TruncatedNormal
    """On the sample date [y]; nobody's onset lies in their first year of life."""
    edss: TruncatedNormal
    """On the sample date, rounded to the scale's half points; 0.5 becomes 1."""


class Population(_Part):
    """Who took part, as printed."""

    n: int = Field(gt=0, description="People in the study, all arms together.")
    age_y: TruncatedNormal
    women: float = Field(ge=0.0, le=1.0, description="Share of women.")
    menopause: Literal["natural", "premenopausal", "postmenopausal"] = Field(
        default="natural", description="natural: by age; otherwise all women are before or after it."
    )
    years_since_menopause: TruncatedNormal | None = Field(
        default=None, description="For postmenopausal women, if printed."
    )
    ms: MsPopulation | None = None


def sample(population: Population, size: int, on: date, seed: int, evidence: Evidence) -> Sequence[Person]:
    """`size` people of a population as they are `on` a day; the same seed gives the same people.

    evidence: for the age at menopause. Each person is a plain record, such as a form gives: country US, nothing known
    but age, sex, menopause and MS.

    A virtual woman has her age at menopause from the beginning, whether it has come or not.
    """
    ages = _spread(population.age_y, size, seed, "age")
    women = strata(size, seed, "sex") < population.women
    menopause_y = _menopause_ages(population, ages, seed, evidence)
    ms = [None] * size if population.ms is None else _ms(population.ms, ages, on, seed)
    return [
        Person(
            birth_date=HistoryDate.fromordinal(date_at(-days(float(age)), on).toordinal()),
            sex="female" if woman else "male",
            country="US",
            menopause=Menopause(age_y=round(float(stop), 2), cause="natural") if woman else None,
            ms=sclerosis,
        )
        for age, woman, stop, sclerosis in zip(ages, women, menopause_y, ms, strict=True)
    ]


def _menopause_ages(population: Population, ages: Array, seed: int, evidence: Evidence) -> Array:
    """Age at menopause of each woman [y], on the side of her age that the population asks for."""
    if population.menopause == "postmenopausal" and population.years_since_menopause is not None:
        return ages - _spread(population.years_since_menopause, len(ages), seed, "menopause")
    mean, sd = (evidence.scalar(f"menopause.age.{name}") for name in ("mean", "sd"))
    until_now = chance.normal_cdf((ages - mean) / sd)
    luck = strata(len(ages), seed, "menopause")
    share = {
        "natural": luck,
        "premenopausal": until_now + (1.0 - until_now) * luck,
        "postmenopausal": until_now * luck,
    }[population.menopause]
    return np.clip(mean + sd * chance.normal_quantile(np.clip(share, _TINY, 1.0 - _TINY)), _EARLIEST_Y, None)


_TINY = 1e-9  # keeps a share away from 0 and 1
_EARLIEST_Y = 20.0  # no menopause is sampled before


def _ms(population: MsPopulation, ages: Array, on: date, seed: int) -> list[MultipleSclerosis]:
    """MS with one examination on the day itself."""
    since = np.minimum(_spread(population.years_since_onset, len(ages), seed, "ms_onset"), ages - 1.0)
    steps = np.round(_spread(population.edss, len(ages), seed, "edss") * 2.0) / 2.0
    edss = np.where(steps == 0.5, 1.0, steps)  # the scale has no 0.5
    return [
        MultipleSclerosis(
            onset=HistoryDate.fromordinal(date_at(-days(float(years)), on).toordinal()),
            course=population.course,
            disability=(Disability(date=HistoryDate.fromordinal(on.toordinal()), edss=float(now)),),
        )
        for years, now in zip(since, edss, strict=True)
    ]


def _spread(spread: TruncatedNormal, size: int, seed: int, purpose: str) -> Array:
    """Stratified draws of a truncated normal [size]."""
    return spread_over(spread, strata(size, seed, purpose))


def spread_over(spread: TruncatedNormal, share: Array) -> Array:
    """What lies at each share, from 0 to 1, of a truncated normal [size]."""
    if spread.sd == 0.0:
        return np.full(len(share), spread.mean)
    low, high = (chance.normal_cdf((bound - spread.mean) / spread.sd) for bound in (spread.low, spread.high))
    share = low + (high - low) * share
    return spread.mean + spread.sd * chance.normal_quantile(np.clip(share, _TINY, 1.0 - _TINY))


def stratified_normals(size: int, seed: int, purpose: str) -> Array:
    """One standard normal number from each of `size` equal strata, in keyed order."""
    return chance.normal_quantile(strata(size, seed, purpose))


def strata(size: int, seed: int, purpose: str) -> Array:
    """One number in each of `size` equal strata of (0, 1), in keyed order."""
    luck = chance.uniform(seed, f"people.{purpose}", 0, np.arange(size))
    return (np.argsort(np.argsort(luck)) + 0.5) / size
