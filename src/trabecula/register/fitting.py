"""Parameters fitted to one's own people: what happened to them moves the draws that the model began with.

    fit = fitted(people, outcomes, ("fall.ms.rate",), "major_osteoporotic", on, Model.default())
    write_posterior(fit.draws, folder / "posterior")

A person's likelihood is that of being followed so long and breaking a bone then, or not: the hazard of the first
fracture at the end of follow-up, and its integral until then, over all draws of what nobody knows of the person and of
the other parameters. Death and loss to follow-up say nothing of fractures. The prior of the chosen parameters is the
posterior that ships, where they were calibrated, else their spread, as a normal distribution of how far they move (on
the logarithm, or the logit of a share). The posterior is the normal distribution around its mode (Laplace), found by
Newton's steps on a quadratic through points a standard deviation away; how well the quadratic holds is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from trabecula.assessment.answer import risks_ahead
from trabecula.assessment.figures import INTERVAL
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.together import prepared_together
from trabecula.evidence import Evidence
from trabecula.evidence.draws import Column, PosteriorDraws, moved_value
from trabecula.evidence.records import Parameter
from trabecula.evidence.registry import DRAWS
from trabecula.fracture.risk import group_hazard
from trabecula.model import Model
from trabecula.person import Person
from trabecula.register.sizes import CHUNK
from trabecula.register.validation import FRACTURE, Outcomes
from trabecula.units import Array
from trabecula.vocabulary import sites_of
from trabecula.words.message import Message, MessageError, verbatim

MOST = 4
"""Parameters that are fitted at once."""
_STEPS, _CLOSE = 30, 0.05
"""Newton's steps at most, and how near the mode is to the last one [standard deviations]."""
_FURTHEST, _FLATTEST = 2.0, 0.05
"""How far one of Newton's steps leads, and how flat a quadratic may be, in standard deviations."""
_ENDS = ((1.0 - INTERVAL) / 2.0, 0.5, (1.0 + INTERVAL) / 2.0)
"""Of what is told of a parameter: its interval and its middle."""
_LEAST = 1e-300
"""So that a hazard that is none has a logarithm."""
_SHARE = {"lognormal": False, "logitnormal": True}
"""Spreads that can be fitted, and whether they move on the logit."""

Told = Callable[[int], None]
"""Hears how many times everybody has been lived through."""
LogLikelihood = Callable[[Array], float]
"""Of moves of the chosen parameters [d]."""


class FitRefused(MessageError):
    """What cannot be fitted, and why."""


@dataclass(frozen=True)
class FittedParameter:
    """A chosen parameter before and after, as its draws have it; the first value of a curve."""

    name: str
    unit: str
    before: tuple[float, float, float]
    """5 %, median, 95 %."""
    after: tuple[float, float, float]
    said: float
    """The share of the prior's width that is gone; near 0 the people said nothing of it."""


@dataclass(frozen=True)
class OwnFit:
    """What people of one's own say of chosen parameters."""

    parameters: tuple[FittedParameter, ...]
    people: int
    fractures: int
    left_out: int
    """Who could not be lived through."""
    times: int
    """How often everybody was lived through."""
    bent: float
    """How far the log-likelihood is from the quadratic, two standard deviations from the mode; 2 is its own height."""
    draws: PosteriorDraws


@dataclass(frozen=True)
class Prior:
    """What is known of the chosen parameters before: normal moves."""

    columns: Mapping[str, Column]
    moves: Array
    """Of the draws [m, d]."""
    mean: Array
    """[d]"""
    covariance: Array
    """[d, d]"""


@dataclass(frozen=True)
class NormalFit:
    """A normal distribution around a mode [d], [d, d]."""

    mode: Array
    covariance: Array
    bent: float


def fitted(
    people: Sequence[Person], outcomes: Outcomes, names: Sequence[str], site: str, on: date, model: Model,
    draws: int = CHUNK, seed: int = 1, told: Told = lambda _: None,
) -> OwnFit:  # fmt: skip
    """Fit parameters to what happened to people.

    people, outcomes: who was followed from the day `on`, and until what; site: a site or group of fractures; draws:
    of all other parameters and of what nobody knows of a person. Raises FitRefused for parameters that cannot be
    fitted, and for outcomes that say nothing.
    """
    if not np.any(outcomes.events == FRACTURE):
        raise FitRefused(Message("fit.no_fracture", {"site": verbatim(site)}))
    prior = prior_of(model.evidence, names)
    lived = _Lived(people, outcomes, site, on, draws, seed)
    times = 0

    def log_likelihood(moves: Array) -> float:
        nonlocal times
        found = lived.log_likelihood(_with(model, prior, moves))
        times += 1
        told(times)
        return found

    found = laplace(log_likelihood, prior.mean, prior.covariance)
    moved = moves_after(prior, found)
    after = _posterior(model.evidence, prior, moved, len(people) - len(lived.left_out), site)
    return OwnFit(
        tuple(_told(model.evidence[name], prior, moved, i) for i, name in enumerate(prior.columns)),
        len(people) - len(lived.left_out), int(np.sum(outcomes.events == FRACTURE)), len(lived.left_out), times,
        found.bent, after,
    )  # fmt: skip


def foretold(
    people: Sequence[Person], site: str, within_y: float, on: date, model: Model, draws: int = CHUNK, seed: int = 1
) -> float:
    """The mean chance of a first fracture of people within some years, death competing."""
    sample, found = model.fresh().draws(draws, seed), list[float]()
    for first in range(0, len(people), CHUNK):
        batch = prepared_together(people[first : first + CHUNK], on, sample)
        lived = (risks_ahead(known)[1] for known in batch if isinstance(known, PatientState))
        found += [float(risks.at(site, within_y).mean()) for risks in lived]
    return float(np.mean(found))


def prior_of(evidence: Evidence, names: Sequence[str]) -> Prior:
    """What is known of parameters: their posterior draws, or for others the spread that they have.

    Raises FitRefused for none, too many, one twice, and one about which nothing is uncertain.
    """
    if not 1 <= len(names) <= MOST or len(set(names)) < len(names):
        raise FitRefused(Message("fit.how_many", {"n": len(names), "most": MOST}))
    found = {evidence[name].id: _column(evidence, name) for name in names}
    moves = np.column_stack([moves for _, moves in found.values()])
    covariance = np.atleast_2d(np.cov(moves.T))
    return Prior({name: column for name, (column, _) in found.items()}, moves, moves.mean(axis=0), covariance)


def _column(evidence: Evidence, name: str) -> tuple[Column, Array]:
    """What a parameter is among posterior draws, and how its draws moved; by its spread where it has none."""
    parameter, joint = evidence[name], evidence.joint
    if joint is not None and parameter.id in joint.columns:
        column = joint.columns[parameter.id]
        return column, joint.moves[:, column.place]
    kind, sd = parameter.spread.kind, parameter.spread.sd or 0.0
    if kind not in _SHARE or sd == 0.0:
        raise FitRefused(Message("fit.no_spread", {"name": verbatim(parameter.id)}))
    many = DRAWS if joint is None else len(joint.moves)
    value = np.asarray(parameter.value, dtype=np.float64)
    return Column(-1, value, _SHARE[kind]), sd * evidence.draws(many).normal(f"parameter.{parameter.id}")


def _with(model: Model, prior: Prior, moves: Array) -> Model:
    """The model with the chosen parameters moved so far, the same in every draw."""
    moved = zip(prior.columns.items(), moves, strict=True)
    values = {name: moved_value(column.centre, column.share, float(move)).tolist() for (name, column), move in moved}
    return model.replacing(parameters=values)


class _Lived:
    """Everybody who was followed, lived through again and again under one sample of luck."""

    def __init__(
        self, people: Sequence[Person], outcomes: Outcomes, site: str, on: date, draws: int, seed: int
    ) -> None:
        self.people, self.outcomes, self.sites, self.on = people, outcomes, sites_of(site), on
        self.draws, self.seed = draws, seed
        self.left_out: set[int] = set()
        """Places of those who could not be lived through."""

    def log_likelihood(self, model: Model) -> float:
        """Of what happened to all of them."""
        sample, total = model.fresh().draws(self.draws, self.seed), 0.0
        for first in range(0, len(self.people), CHUNK):
            batch = prepared_together(self.people[first : first + CHUNK], self.on, sample)
            for place, known in enumerate(batch, first):
                if isinstance(known, PatientState):
                    total += self._of(known, float(self.outcomes.years[place]), int(self.outcomes.events[place]))
                else:
                    self.left_out.add(place)
        return total

    def _of(self, known: PatientState, followed_y: float, event: int) -> float:
        """Of what happened to one, averaged over the draws; nothing is known beyond the horizon."""
        exposure, risks = risks_ahead(known)
        hazard = group_hazard(risks.hazards, self.sites, known.sample)
        until = min(followed_y, known.horizon_y)
        passed = np.clip(until - exposure.edges_y[:-1] + exposure.edges_y[0], 0.0, exposure.dt_y)
        unbroken = np.exp(-hazard @ passed)
        if event != FRACTURE or followed_y > known.horizon_y:
            return float(np.log(unbroken.mean()))
        last = max(int(np.searchsorted(exposure.edges_y - exposure.edges_y[0], until)) - 1, 0)
        return float(np.log(np.maximum((unbroken * hazard[:, last]).mean(), _LEAST)))


def laplace(log_likelihood: LogLikelihood, mean: Array, covariance: Array) -> NormalFit:
    """The normal distribution around the mode of a likelihood under a normal prior [d], [d, d].

    The width of the steps follows that of the posterior, so that the quadratic is fitted where the posterior is.
    """
    centre, width = mean.copy(), _root(covariance)
    precision = _inverse(covariance)

    def log_posterior(moves: Array) -> float:
        away = moves - mean
        return log_likelihood(moves) - float(away @ precision @ away) / 2.0

    for _ in range(_STEPS):
        slope, curvature = _quadratic(_around(log_posterior, centre, width), len(mean))
        step = np.clip(np.linalg.solve(curvature, slope), -_FURTHEST, _FURTHEST)
        narrower = _root(_inverse(curvature))
        moved = np.abs(np.linalg.solve(narrower, step)).max()
        centre, width = centre + width @ step, width @ narrower
        if moved < _CLOSE:
            break
    return NormalFit(centre, width @ width.T, _bent(_around(log_posterior, centre, width), len(mean)))


def _root(covariance: Array) -> Array:
    """The lower root of a covariance [d, d]."""
    return np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)


def _inverse(matrix: Array) -> Array:
    """The inverse of a matrix [d, d]."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _around(height: LogLikelihood, centre: Array, width: Array) -> LogLikelihood:
    """The same function of standard deviations away from a centre."""
    return lambda away: height(centre + width @ away)


def _quadratic(height: LogLikelihood, d: int) -> tuple[Array, Array]:
    """The slope of a function at 0 [d], and minus its curvature [d, d], by differences over one."""
    unit, top = np.eye(d), height(np.zeros(d))
    up, down = (np.array([height(sign * axis) for axis in unit]) for sign in (1.0, -1.0))
    curvature = np.diag(2.0 * top - up - down)
    for i, j in combinations(range(d), 2):
        curvature[i, j] = curvature[j, i] = up[i] + up[j] - top - height(unit[i] + unit[j])
    values, axes = np.linalg.eigh(curvature)
    return (up - down) / 2.0, (axes * np.maximum(values, _FLATTEST)) @ axes.T


def _bent(height: LogLikelihood, d: int) -> float:
    """How far a function is from its quadratic two standard deviations from the mode, at most over the axes."""
    top = height(np.zeros(d))
    there = [height(sign * _FURTHEST * axis) for axis in np.eye(d) for sign in (1.0, -1.0)]
    return float(np.abs(np.array(there) - top + _FURTHEST**2 / 2.0).max())


def moves_after(prior: Prior, found: NormalFit) -> Array:
    """The moves of the draws after the fit [m, d]: each keeps its place among them, so that the rest stays joint."""
    before, after = (_root(covariance) for covariance in (prior.covariance, found.covariance))
    return found.mode + np.linalg.solve(before, (prior.moves - prior.mean).T).T @ after.T


def _posterior(evidence: Evidence, prior: Prior, moved: Array, people: int, site: str) -> PosteriorDraws:
    """The draws of the registry with the chosen parameters moved, and what was done to them."""
    joint = evidence.joint or PosteriorDraws(np.empty((len(moved), 0)), {}, {})
    middles = {
        name: moved_value(column.centre, column.share, float(np.median(moved[:, i]))).tolist()
        for i, (name, column) in enumerate(prior.columns.items())
    }
    by_name = {name: moved[:, i] for i, name in enumerate(prior.columns)}
    return joint.with_moves(by_name, prior.columns, fitted=middles, own_people=people, own_site=site)


def _told(parameter: Parameter, prior: Prior, moved: Array, i: int) -> FittedParameter:
    """One parameter before and after."""
    column = prior.columns[parameter.id]

    def ends(moves: Array) -> tuple[float, float, float]:
        """5 %, median, 95 % of its first value."""
        found = moved_value(column.centre, column.share, moves).reshape(len(moves), -1)[:, 0]
        low, middle, high = np.quantile(found, _ENDS)
        return float(low), float(middle), float(high)

    gone = 1.0 - float(moved[:, i].std() / prior.moves[:, i].std())
    return FittedParameter(parameter.id, parameter.unit, ends(prior.moves[:, i]), ends(moved[:, i]), gone)
