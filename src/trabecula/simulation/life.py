"""Lives: a crowd goes through its past, then year by year through bones, visits and events.

The past is marched once, from the healthy skeleton of youth; every scenario begins from the state it leaves. A year is
marched whole; its hazards have four steps, and an event falls where it falls inside them. After a fracture the hazards
of that person are worked out anew from that moment on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trabecula.course import average_density
from trabecula.fracture import Exposure, Hazards, PriorFracture, falls
from trabecula.simulation.acting import QUARTERS, Treatment, edges_y, long_term_mg, pulses, segments
from trabecula.simulation.clinic import Clinic
from trabecula.simulation.crowd import Crowd
from trabecula.simulation.draw import OneDraw
from trabecula.simulation.events import NOTHING, first_events, thresholds
from trabecula.simulation.scenario import Care, PopulationStudy
from trabecula.skeleton import SITES, individual, kernel_parameters
from trabecula.skeleton.density import reference_mean, t_score
from trabecula.skeleton.equations import LOG_V, M
from trabecula.skeleton.kernel import march
from trabecula.units import MONTHS_PER_YEAR, Array, days
from trabecula.vocabulary import FRACTURE_SITES, answered_groups, followed_sites

DEATH = "death"
BLOCK_Y = 5
"""Years of the past that are marched at once."""
_PAST_DOSES = 8
"""Years of tablets before a year that its hazards remember."""
_KINDS = ("hip", "spine", "forearm", "other")
"""The kinds of earlier fractures that foretell differently; forearm stands for all that foretell in full."""
_COUNTED = {**{site: (site,) for site in followed_sites()}, **answered_groups()}
"""Sites and groups whose first fractures are counted."""
_AVERAGE_Y = 0.25
_STEPS = np.full(QUARTERS, 1.0 / QUARTERS)
_MIDDLES = (np.arange(QUARTERS) + 0.5) / QUARTERS
_NEEDS_WHEELCHAIR = "timeline.edss.needs_wheelchair"


@dataclass
class Year:
    """What happened to each of a crowd in a year of a scenario."""

    number: int
    age_y: Array
    """At its beginning [n]."""
    alive: NDArray[np.bool_]
    """At its beginning [n]."""
    lived_y: Array
    """[n]"""
    died: NDArray[np.bool_]
    fractures: Mapping[str, NDArray[np.int64]]
    """By site [n]."""
    firsts: Mapping[str, NDArray[np.bool_]]
    """Whether the first since the first day came, by site and group [n]."""
    falls: Array
    """That were to be expected while they lived [n]."""
    edss: Array
    """In the middle of the year; 0 without MS [n]."""
    t_scores: Mapping[str, Array]
    """True ones at the beginning, by site [n]."""
    scanned: NDArray[np.bool_]
    begins: NDArray[np.bool_]
    """Who begins a medicine."""
    treated: NDArray[np.bool_]
    events: list[tuple[NDArray[np.int64], Array, str]] = field(default_factory=list)
    """People (numbers of the study), years from the first day, and what happened."""


@dataclass
class _State:
    """What a life carries from year to year."""

    bones: Array
    alive: NDArray[np.bool_]
    left: Array
    """Of each threshold [causes, n]."""
    episode: NDArray[np.int64]
    """[causes, n]"""
    broken: Mapping[str, Array]
    """When the latest fracture of each kind was [y from the first day; infinite in the past: never] [n]."""
    fractures: NDArray[np.int64]
    """Since the first day [n]."""
    had: Mapping[str, NDArray[np.bool_]]
    """Who has had one since the first day, by site and group [n]."""


def prior_kind(site: str) -> str:
    """What kind of earlier fracture one at a site is."""
    if site in ("hip", "spine"):
        return site
    return "forearm" if FRACTURE_SITES[site].foretells_fully else "other"


class CrowdLives:
    """A crowd with its past behind it; `years` goes through a scenario."""

    def __init__(self, crowd: Crowd, study: PopulationStudy, seed: int, draw: OneDraw) -> None:
        self.crowd, self.study, self.seed, self.draw = crowd, study, seed, draw
        self.ms = crowd.illness is not None
        letters = np.repeat(kernel_parameters(draw, draw.model.equations), len(crowd))
        self._letters = individual(letters, draw, crowd.traits)
        self._average = _average(crowd.sex, draw)
        self._past = self._marched_past()
        first = self._average_at(crowd.age_y)
        self._scale = {s: reference_mean(draw.evidence, s, crowd.sex, crowd.age_y) / first[s] for s in SITES}
        self._everybody = self._population()

    @property
    def causes(self) -> tuple[str, ...]:
        """What can happen."""
        return (*followed_sites(), DEATH)

    # Bones

    def _marched_past(self) -> Array:
        """The states of all bones on the first day [n, N_STATES]."""
        youth = self.draw.evidence.scalar("skeleton.history.start_age")
        state = self.draw.model.equations.healthy(len(self.crowd))
        first = -int(np.ceil(self.study.people.age.oldest - youth))
        for begin in range(first, 0, BLOCK_Y):
            state = self._march(state, begin, min(begin + BLOCK_Y, 0), self.study.baseline, None)[:, -1]
        return state

    def _march(self, state: Array, first: int, last: int, care: Care, treatment: Treatment | None) -> Array:
        """States at the quarters from a year to a year [n, T, N_STATES]."""
        edges = edges_y(first, last, ms=self.ms)
        given = segments(self.crowd, edges, care.relapses, self.study.begins, treatment, self.draw)
        steps = (len(edges) - 1) // ((last - first) * QUARTERS)
        save = np.arange(0, len(edges), steps)
        return march(given, self._letters, state, save, equations=self.draw.model.equations)

    def _average_at(self, age_y: Array) -> dict[str, Array]:
        """Relative density of the average person at ages, by site."""
        return {site: np.interp(age_y, *self._average[site]) for site in SITES}

    def bmd(self, density: Mapping[str, Array]) -> dict[str, Array]:
        """Density on the scale of the reference population from relative density, by site [g/cm2, n x T]."""
        crowd = self.crowd
        factor = {s: self._scale[s] * (1.0 + crowd.cv[s] * crowd.level[s]) for s in SITES}
        return {s: density[s] * (factor[s] if density[s].ndim == 1 else factor[s][:, None]) for s in SITES}

    def _scores(self, density: Mapping[str, Array], year: int) -> dict[str, Array]:
        """Z-scores in the middle of each quarter, by site [n, QUARTERS]."""
        crowd = self.crowd
        average = self._average_at(crowd.age_y[:, None] + year + _MIDDLES)
        found = {}
        for site in SITES:
            cv, level = crowd.cv[site][:, None], crowd.level[site][:, None]
            middle = (density[site][:, 1:] + density[site][:, :-1]) / 2.0
            found[site] = (middle / average[site] * (1.0 + cv * level) - 1.0) / cv
        return found

    # Hazards

    def _population(self) -> Hazards:
        """The general population of the same age, over the whole study [n, years x QUARTERS]."""
        steps = self.study.years * QUARTERS
        at = (np.arange(steps) + 0.5) / QUARTERS
        exposure = Exposure(
            self.crowd.sex, self.study.people.country, self.crowd.age_y[:, None] + at, np.full(steps, 1.0 / QUARTERS)
        )
        return self.draw.model.hazards.room["hazard"].population_hazards(exposure, self.draw)

    def _exposure(self, year: int, broken: Mapping[str, Array], care: Care, rows: NDArray[np.int64]) -> Exposure:
        """Some people in a year."""
        crowd, times = self.crowd, year + _MIDDLES
        edss = crowd.edss(times, self.draw)[rows] if self.ms else np.nan
        seated = edss >= self.draw.evidence.scalar(_NEEDS_WHEELCHAIR)
        past = year + 0.5 - np.arange(_PAST_DOSES, 0, -1, dtype=np.float64)
        present = {name: has[rows, None].astype(np.float64) for name, has in crowd.present.items()}
        alcohol = present.pop("high_alcohol")
        course = None
        if crowd.illness is not None:
            course = np.where(crowd.illness.primary[rows, None], "primary_progressive", "relapsing")
        return Exposure(
            crowd.sex, self.study.people.country, crowd.age_y[rows, None] + times, _STEPS,
            edss=edss, wheelchair=seated, ms_course=course,
            prednisone_mg=long_term_mg(crowd, times, care.relapses)[rows],
            pulse_mg_per_year=self._pulsed(year, care)[rows] if self.ms else 0.0,
            past_prednisone_mg=long_term_mg(crowd, past, care.relapses)[rows], past_dt_y=np.ones(_PAST_DOSES),
            present=present, alcohol_units_per_day=np.where(alcohol > 0.0, np.inf, 0.0), bmi=crowd.bmi[rows, None],
            density_measured=True,
            priors=tuple(PriorFracture(kind, year - broken[kind][rows, None]) for kind in _KINDS),
            fall_ratio=crowd.fall_frailty[rows, None] / self._mean_frailty,
        )  # fmt: skip

    @property
    def _mean_frailty(self) -> float:
        """What frailty is divided by so that what falls do to fractures averages 1."""
        power = self.draw.column("fall.exponent")
        return float((falls.mean_power(falls.groups(self.draw), power) ** (1.0 / power))[0, 0])

    def _pulsed(self, year: int, care: Care) -> Array:
        """Whether a course was given in the year before each step, as a number [n, QUARTERS]."""
        months = year + np.arange(-MONTHS_PER_YEAR, MONTHS_PER_YEAR) / MONTHS_PER_YEAR
        begun, _ = pulses(self.crowd, months, self.study.begins, self.draw)
        if care.relapses.given != "pulses":
            begun &= months < 0.0
        total = np.cumsum(begun, axis=1)
        until = np.floor(_MIDDLES * MONTHS_PER_YEAR).astype(int) + int(MONTHS_PER_YEAR)
        return (total[:, until] - total[:, until - int(MONTHS_PER_YEAR)]).astype(np.float64)

    def _hazards(
        self, year: int, scores: Mapping[str, Array], broken: Mapping[str, Array], care: Care, rows: NDArray[np.int64]
    ) -> tuple[Array, Array]:
        """Hazard of each cause for some people [causes, rows, QUARTERS]; and how often they fall [rows, QUARTERS]."""
        exposure = self._exposure(year, broken, care, rows)
        steps = slice(year * QUARTERS, (year + 1) * QUARTERS)
        average = Hazards(
            {site: rate[rows, steps] for site, rate in self._everybody.per_year.items()}, {},
            self._everybody.death_per_year[rows, steps], self._everybody.death_of_all[rows, steps],
        )  # fmt: skip
        room = self.draw.model.hazards.room
        z = {site: score[rows] for site, score in scores.items()}
        per_year, death = room["hazard"].events(exposure, z, self.draw, average)
        shape = (len(rows), QUARTERS)
        found = np.stack([np.broadcast_to(rate, shape) for rate in (*per_year.values(), death)])
        falling = room["falls"].expected_rate(exposure, self.draw) * self.crowd.fall_frailty[rows, None]
        return np.ascontiguousarray(found), np.broadcast_to(falling, shape)

    # Years

    def begun(self) -> _State:
        """The first day."""
        n, seed, who = len(self.crowd), self.seed, self.crowd.luck.who
        usual = float(self.draw["fracture.prior.usual_years"][0])
        never = np.full(n, -np.inf)
        broken = {kind: never.copy() for kind in _KINDS}
        broken["forearm"] = np.where(self.crowd.prior, -usual, never)
        none = np.zeros(n, dtype=np.int64)
        left = np.stack([thresholds(seed, cause, none, who) for cause in self.causes])
        episode = np.zeros((len(self.causes), n), dtype=np.int64)
        had = {name: np.zeros(n, dtype=bool) for name in _COUNTED}
        return _State(self._past.copy(), np.ones(n, dtype=bool), left, episode, broken, none.copy(), had)

    def years(self, care: Care) -> "list[Year]":
        """Everything that happens under some care, year by year."""
        state, clinic = self.begun(), Clinic(self.crowd, care, self.draw)
        return [self._year(number, state, clinic) for number in range(self.study.years)]

    def _year(self, number: int, state: _State, clinic: Clinic) -> Year:
        """A visit, a year of bones, and what happens in it."""
        care = clinic.care
        now = self.bmd(_relative(state.bones))
        dose = long_term_mg(self.crowd, np.array([number + 0.0]), care.relapses)[:, 0]
        scanned, begins = clinic.visit(number, now, state.fractures, dose, state.alive)
        drug = None if care.treat is None else care.treat.drug
        states = self._march(state.bones, number, number + 1, care, Treatment(drug, clinic.treated & state.alive))
        state.bones = states[:, -1]
        scores = self._scores(_relative(states), number)
        found = Year(
            number, self.crowd.age_y + number, state.alive.copy(), np.where(state.alive, 1.0, 0.0),
            np.zeros(len(self.crowd), dtype=bool),
            {site: np.zeros(len(self.crowd), dtype=np.int64) for site in followed_sites()},
            {name: np.zeros(len(self.crowd), dtype=bool) for name in state.had}, np.zeros(len(self.crowd)),
            np.nan_to_num(self.crowd.edss(np.array([number + 0.5]), self.draw)[:, 0]),
            {s: t_score(self.draw.evidence, s, self.crowd.sex, now[s]) for s in SITES}, scanned, begins,
            clinic.treated & state.alive,
        )  # fmt: skip
        self._happen(found, state, scores, care)
        return found

    def _happen(self, year: Year, state: _State, scores: Mapping[str, Array], care: Care) -> None:
        """Event after event, until nobody has another one this year."""
        rows = np.flatnonzero(state.alive)
        begin = np.zeros(len(rows))
        while len(rows):
            hazard, falling = self._hazards(year.number, scores, state.broken, care, rows)
            cause, when = np.full(len(rows), NOTHING, dtype=np.int64), np.ones(len(rows))
            left = np.ascontiguousarray(state.left[:, rows])
            first_events(hazard, _STEPS, begin, left, cause, when)
            state.left[:, rows] = left
            year.falls[rows] += _between(falling, begin, when)
            happened = cause != NOTHING
            rows, begin = self._after(year, state, rows[happened], cause[happened], when[happened])

    def _after(
        self, year: Year, state: _State, rows: NDArray[np.int64], cause: NDArray[np.int64], when: Array
    ) -> tuple[NDArray[np.int64], Array]:
        """Write down what happened; who lives on, and from when."""
        who = self.crowd.luck.who
        for number, name in enumerate(self.causes):
            own = rows[cause == number]
            moment = year.number + when[cause == number]
            if len(own):
                year.events.append((who[own], moment, name))
            if name == DEATH:
                state.alive[own], year.died[own], year.lived_y[own] = False, True, moment - year.number
                continue
            state.episode[number, own] += 1
            state.left[number, own] = thresholds(self.seed, name, state.episode[number, own], who[own])
            state.fractures[own] += 1
            state.broken[prior_kind(name)][own] = moment
            year.fractures[name][own] += 1
            for group in (group for group, sites in _COUNTED.items() if name in sites):
                year.firsts[group][own] |= ~state.had[group][own]
                state.had[group][own] = True
        lives_on = cause != len(self.causes) - 1
        return rows[lives_on], when[lives_on]


def _relative(states: Array) -> dict[str, Array]:
    """Density by site relative to the healthy of youth [n] or [n, T]."""
    return {site: np.exp(states[..., LOG_V + i]) * states[..., M + i] for i, site in enumerate(SITES)}


def _between(rate: Array, begin: Array, end: Array) -> Array:
    """What a rate [n, QUARTERS] comes to from one moment of the year to another [n]."""
    edges = np.arange(QUARTERS) / QUARTERS
    low, high = np.maximum(edges, begin[:, None]), np.minimum(edges + 1.0 / QUARTERS, end[:, None])
    return (rate * np.maximum(high - low, 0.0)).sum(axis=1)


def _average(sex: str, draw: OneDraw) -> Mapping[str, tuple[Array, Array]]:
    """The average person of a sex: ages and relative densities, by site; worked out once under a draw."""
    if sex in draw.averages:
        return draw.averages[sex]
    first, last = (draw.evidence.scalar(name) for name in ("skeleton.history.start_age", "course.density_until"))
    ages = np.arange(first, last + _AVERAGE_Y, _AVERAGE_Y)
    found = average_density(sex, draw.sample, days(ages))
    draw.averages[sex] = {site: (ages, found[site][draw.number]) for site in SITES}
    return draw.averages[sex]
