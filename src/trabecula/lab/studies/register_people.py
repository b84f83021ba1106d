"""Samples the people of an MS register: age, onset, the course of disability, and steroids for relapses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.evidence import Evidence
from trabecula.lab.studies.fracture_record import MsHistory, RegisterSetting
from trabecula.people import expected_edss, half_steps, spread_over, strata
from trabecula.person import Disability, HistoryDate, MultipleSclerosis, Person, SteroidCourse
from trabecula.skeleton import SITES
from trabecula.skeleton.density import site_correlation
from trabecula.units import Array, date_at, days

NEEDS_HELP = 6.0
"""The EDSS from which help is needed to walk, by definition of the scale."""
_YEAR_OF_ONSET = 1.0
"""The onset is at least so long before follow-up [y]."""
_YOUNGEST_ONSET_Y = 10.0
"""No onset is sampled before this age [y]."""
CANDIDATES = 20
"""Candidates for each who is chosen."""
_PER_YEAR, _PER_POINT, _PER_SD = 0.08, 0.15, 0.7
"""About how the logarithm of hip fractures goes with age [1/y], EDSS and personal level [1/SD]: who is worth a look."""
_STEPS = (2.0, 4.0, 6.0, 7.0, 8.0)
"""The EDSS in the middle of the follow-up that part the candidates."""


@dataclass(frozen=True)
class RegisterMember:
    """Somebody with MS in a register, and the control who differs in nothing else."""

    person: Person
    """Their record, to the end of follow-up."""
    onset: date
    """Day of the first symptom."""
    z: dict[str, float]
    """Distance of the density that nothing explains, by bone site [SD]."""
    antidepressant: bool | None
    """Whether they take one, if known."""
    weight: float
    """For how many people they stand, on average 1."""


@dataclass(frozen=True)
class _Candidates:
    """Everybody a register could have; `size` arrays of people."""

    age_y: Array
    since_y: Array
    woman: NDArray[np.bool_]
    progressive: NDArray[np.bool_]
    speed: Array
    levels: Array
    """[size, sites]"""
    edss: Array
    """In the middle of the follow-up."""


def members(register: RegisterSetting, size: int, seed: int, evidence: Evidence) -> Sequence[RegisterMember]:
    """`size` people with MS on the first day of follow-up; the same seed gives the same people.

    They are chosen from many more: those who break more bones are likelier to be taken and stand for fewer people, and
    every step of disability and age has its share, so that thirty give what hundreds would.
    """
    all_ = _candidates(register, size * CANDIDATES, seed, evidence)
    chosen, weight = _choose(all_, size, seed)
    takes = strata(size, seed, "register.drug") < (register.antidepressant or 0.0)
    found = []
    for n, i in enumerate(chosen):
        onset = date_at(-days(float(all_.since_y[i])), register.first_day)
        ms = _ms(register, bool(all_.progressive[i]), onset, float(all_.since_y[i]), float(all_.speed[i]), evidence)
        person = _person(register, n, float(all_.age_y[i]), bool(all_.woman[i]), ms, seed)
        z = {site: float(all_.levels[i, s]) for s, site in enumerate(SITES)}
        drug = None if register.antidepressant is None else bool(takes[n])
        found.append(RegisterMember(person, onset, z, drug, float(weight[n])))
    return found


def _candidates(register: RegisterSetting, size: int, seed: int, evidence: Evidence) -> _Candidates:
    ages = spread_over(register.age_y, strata(size, seed, "register.age"))
    since = _years_since_onset(register.ms, ages, seed)
    progressive = strata(size, seed, "register.course") < register.ms.primary_progressive
    speed = np.exp(register.ms.speed_log_sd * chance.normal_quantile(strata(size, seed, "register.speed")))
    later = (since + register.years / 2.0) * speed
    courses = (expected_edss(later, course, evidence) for course in ("primary_progressive", "relapsing"))
    return _Candidates(
        ages,
        since,
        strata(size, seed, "register.sex") < register.women,
        progressive,
        speed,
        _levels(size, seed, evidence),
        np.where(progressive, *courses),
    )


def _choose(all_: _Candidates, size: int, seed: int) -> tuple[NDArray[np.int64], Array]:
    """`size` of the candidates, evenly along disability and age, and for how many each stands."""
    hip = np.exp(_PER_YEAR * all_.age_y + _PER_POINT * all_.edss - _PER_SD * all_.levels.mean(axis=1))
    often = hip / hip.mean() + 1.0
    step = np.digitize(all_.edss, _STEPS)
    order = np.lexsort((np.where(step % 2, -all_.age_y, all_.age_y), step))
    ends = np.cumsum(often[order]) * size / often.sum()
    first = float(chance.uniform(seed, "register.first", 0, 0))
    chosen = order[np.minimum(np.searchsorted(ends, first + np.arange(size)), len(order) - 1)]
    weight = 1.0 / often[chosen]
    return chosen, weight / weight.mean()


def _years_since_onset(ms: MsHistory, ages: Array, seed: int) -> Array:
    """Years from the first symptom, which lies before the first day."""
    luck = strata(len(ages), seed, "register.onset")
    if ms.since_onset_y is not None:
        return np.minimum(spread_over(ms.since_onset_y, luck), ages - _YOUNGEST_ONSET_Y)
    spread = ms.onset_age_y
    high = np.minimum(spread.high, ages - _YEAR_OF_ONSET)
    onset = [
        float(spread_over(spread.model_copy(update={"high": top}), np.array([share]))[0])
        for top, share in zip(high, luck, strict=True)
    ]
    return ages - np.array(onset)


def _levels(size: int, seed: int, evidence: Evidence) -> Array:
    """Personal levels of density, going together between the sites as in people [size, sites]."""
    luck = np.stack([chance.normal_quantile(strata(size, seed, f"register.level.{site}")) for site in SITES], axis=1)
    return luck @ np.linalg.cholesky(site_correlation(evidence)).T


def _person(register: RegisterSetting, i: int, age_y: float, woman: bool, ms: MultipleSclerosis, seed: int) -> Person:
    birth = HistoryDate.fromordinal(date_at(-days(float(age_y)), register.first_day).toordinal())
    return Person(
        birth_date=birth,
        sex="female" if woman else "male",
        country=register.country,
        ms=ms,
        steroids=tuple(_pulses(register, i, ms, seed)),
    )


def _ms(
    register: RegisterSetting, progressive: bool, first: date, since_y: float, speed: float, evidence: Evidence
) -> MultipleSclerosis:
    """MS with an examination a year, from its onset to the end of follow-up."""
    course = "primary_progressive" if progressive else "relapsing"
    after = np.arange(0.0, since_y + register.years + 1.0)
    edss = half_steps(expected_edss(after * speed, course, evidence))
    onset = HistoryDate.fromordinal(first.toordinal())
    return MultipleSclerosis(
        onset=onset,
        course=course,
        disability=tuple(
            Disability(date=_later(onset, year), edss=float(step)) for year, step in zip(after, edss, strict=True)
        ),
    )


def _pulses(register: RegisterSetting, i: int, ms: MultipleSclerosis, seed: int) -> Iterator[SteroidCourse]:
    """A course in some of the years with relapses, from when relapses were treated so."""
    pulses = register.ms.pulses
    for year, visit in enumerate(ms.disability):
        start = visit.date
        luck = float(chance.uniform(seed, "register.pulse", year, i))
        if (
            luck < pulses.per_year
            and start >= pulses.since
            and ms.course == "relapsing"
            and (visit.edss or 0.0) < NEEDS_HELP
        ):
            yield SteroidCourse(
                drug="methylprednisolone",
                route="iv",
                dose_mg=pulses.dose_mg,
                start=visit.date,
                end=HistoryDate.fromordinal(start.toordinal() + pulses.days - 1),
            )


def _later(day: date, years: float) -> HistoryDate:
    return HistoryDate.fromordinal(day.toordinal() + round(days(float(years))))
