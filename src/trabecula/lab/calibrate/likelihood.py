"""What is calibrated: the free parameters, how far the model lies from the fitted findings, and the best point.

A finding's distance z has the tolerance rule's standard error and allowance (docs/decisions/0004). A study of k
findings weighs as root k findings: they share people, machine and mistakes. d stands for the number of free
parameters, n for the number of sets of them.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.evidence.draws import moved_value
from trabecula.lab.studies.collection import every_study
from trabecula.lab.studies.fracture_measures import VirtualPeople, measure_of
from trabecula.lab.studies.fracture_record import FractureStudy, FractureTarget
from trabecula.lab.studies.record import StudyTarget
from trabecula.lab.studies.statistics import measured
from trabecula.lab.studies.tolerance import (
    NOT_FITTED_TOGETHER,
    AnyStudy,
    AnyTarget,
    Tolerance,
    published_value,
    tolerance,
)
from trabecula.lab.studies.virtual import run
from trabecula.model import Model, ModelDraws
from trabecula.skeleton import MarchError
from trabecula.skeleton.cores import cores
from trabecula.skeleton.kernel import compile_ahead
from trabecula.units import Array

PRIORS = Path(__file__).parent / "data" / "priors.yaml"
"""A record a free parameter: centre, width and scale of its prior, and why."""


# --- Free parameters --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FreeParameter:
    """A parameter that the data may move, on a scale without bounds (logarithm, or logit of a share)."""

    name: str
    """Its id in the registry."""
    share: bool
    """Whether it moves on the logit; otherwise it is positive and moves on the logarithm."""
    centre: Array
    """Prior median: a number, or the values of a curve that moves as one."""
    sd: float
    """Prior standard deviation on the scale."""
    because: str
    """Why the prior is what it is."""

    def value(self, move: float | Array) -> Array:
        """The value (or the curve) after moving by so much on the scale; a move of 0 is the centre."""
        return moved_value(self.centre, self.share, move)

    def move_to(self, value: Array) -> float:
        """How far a value (or a curve, by its median knot) lies from the centre on the scale."""
        inside = (self.centre > 0.0) & (self.centre < 1.0) if self.share else self.centre > 0.0
        ratio = self._odds(value[inside]) / self._odds(self.centre[inside])
        return float(np.median(np.log(ratio)))

    def _odds(self, value: Array) -> Array:
        """What the scale is the logarithm of."""
        return value / (1.0 - value) if self.share else value


@cache
def free_parameters() -> tuple[FreeParameter, ...]:
    """Everything that the calibration may move, in the order of their names."""
    read: Sequence[Mapping[str, object]] = yaml.safe_load(PRIORS.read_text(encoding="utf-8"))
    return tuple(sorted((_free(record) for record in read), key=lambda parameter: parameter.name))


def _free(record: Mapping[str, object]) -> FreeParameter:
    """One record of the file of priors."""
    centre = np.asarray(record["centre"], dtype=np.float64)
    return FreeParameter(
        str(record["parameter"]), record["scale"] == "share", centre, float(str(record["sd"])), str(record["because"])
    )


def moves_of(evidence: Evidence, free: Sequence[FreeParameter]) -> Array:
    """Where the registry's values lie on the scales of the priors [d]."""
    values = (np.asarray(evidence[parameter.name].value, dtype=np.float64) for parameter in free)
    return np.array([parameter.move_to(value) for parameter, value in zip(free, values, strict=True)])


class MovedDraws(ModelDraws):
    """Draws that are not random: central values, but for the free parameters one row of moves a draw.

    What is not known of a person is the same in every draw, or rows would differ in more than in their moves.
    """

    __slots__ = ("_people_differ",)

    def __init__(
        self, model: Model, free: Sequence[FreeParameter], moves: Array, *, people_differ: bool = False
    ) -> None:
        """Draws of a model in which row i of `moves` [n, d] holds for draw i.

        people_differ: what is not known of a person differs from row to row after all, as in any other draws.
        """
        super().__init__(model, len(moves), 1, central=True)
        self._people_differ = people_differ
        for column, parameter in enumerate(free):
            self._values[parameter.name] = parameter.value(moves[:, column])

    @property
    def of_many(self) -> bool:
        """Whether draws differ in what is not known of a person."""
        return self._people_differ


# --- Likelihood -------------------------------------------------------------------------------------------------------

FEW = VirtualPeople(trial=2, register=24)
"""Virtual people of the studies of falls and fractures."""
ENOUGH, LUCKS = VirtualPeople(trial=8, register=240), 24
"""Those who say once how far the few are off, and how often: what is not known of them differs each time."""
PEOPLE = 4
"""Virtual people an arm; more change the mean of an arm by less than its tolerance."""
RTOL = 3e-4
"""Tolerance of the integrator; the log density moves by 0.02 against 1e-5."""
_SHARE = -0.25
"""The z of each of k findings times k**-.25 makes their squares count as root k."""


@dataclass(frozen=True)
class FittedFinding:
    """A fitted finding with its tolerance."""

    study: AnyStudy
    """The study that must reproduce it."""
    target: AnyTarget
    """How the virtual study measures it."""
    published: float
    """In the unit of the finding."""
    allowed: Tolerance
    """How exactly it is known, and how far the model may be from it."""

    def at(self, value: Array) -> Array:
        """Values in the unit of the finding on the scale on which they are compared."""
        return np.log(np.maximum(value, _LEAST)) if self.allowed.scale.logarithm else value


LEFT_OUT = NOT_FITTED_TOGETHER | {"drug_fractures"}
"""Chapters that the fit does without; fractures under medicines answer to what density alone already says."""
_LEAST = 1e-9
"""Stands for nothing where a logarithm has to stay finite."""


def fitted_findings(evidence: Evidence, blocks: Sequence[str] = ()) -> dict[str, list[FittedFinding]]:
    """The fitted findings with a number, by study; all blocks that answer to something free unless some are named."""
    found: dict[str, list[FittedFinding]] = {}
    for study in every_study().values():
        if study.block not in blocks if blocks else study.block in LEFT_OUT:
            continue
        for target in study.targets:
            if target.role != "fitted" or target.direction is not None:
                continue
            finding = evidence.finding(target.finding)
            value = published_value(target, finding)
            assert value is not None, target.finding
            goal = FittedFinding(study, target, value, tolerance(target, finding, study, evidence))
            found.setdefault(study.id, []).append(goal)
    return found


@dataclass(frozen=True)
class Likelihood:
    """The fitted findings of the studies as a function of the free parameters."""

    model: Model
    """What is not free stays at its central values."""
    free: Sequence[FreeParameter]
    """What may move, in the order of the columns of moves."""
    goals: Mapping[str, Sequence[FittedFinding]]
    """What is fitted, by study."""
    people: int = PEOPLE
    """Virtual people an arm."""
    off: Array | float = 0.0
    """What the few virtual people of falls and fractures say less than enough of them would [findings]."""
    prior_sd: Array = field(init=False)
    """Widths of the priors [d]."""
    weights: Array = field(init=False)
    """What a finding counts because others are of the same study [findings]."""

    def __post_init__(self) -> None:
        """Widths and weights follow from what is free and what is fitted."""
        object.__setattr__(self, "prior_sd", np.array([parameter.sd for parameter in self.free]))
        shares = [np.full(len(found), len(found) ** _SHARE) for found in self.goals.values()]
        object.__setattr__(self, "weights", np.concatenate(shares))

    @property
    def evidence(self) -> Evidence:
        """The registry."""
        return self.model.evidence

    @property
    def names(self) -> list[str]:
        """The findings, in the order of the distances."""
        return [goal.target.finding for found in self.goals.values() for goal in found]

    @property
    def groups(self) -> list[NDArray[np.int64]]:
        """The places of each study's findings."""
        ends = np.cumsum([len(found) for found in self.goals.values()])
        return np.split(np.arange(ends[-1]), ends[:-1])

    def values(self, moves: Array) -> Array:
        """What the model says of every finding, on its scale, for every row of moves [n, d] -> [findings, n]."""
        try:
            return self._values(moves)
        except MarchError:  # one of them is no skeleton: find it, and let the others live
            if len(moves) == 1:
                return np.full((len(self.weights), 1), np.nan)
            half = len(moves) // 2
            return np.hstack([self.values(moves[:half]), self.values(moves[half:])])

    def _values(self, moves: Array) -> Array:
        """What the model says, if every row of moves is a skeleton that can be marched."""
        draws, rows = MovedDraws(self.model, self.free, moves), []
        for found in self.goals.values():
            rows += [goal.at(value) for goal, value in zip(found, self._measured(found, draws), strict=True)]
        return np.array(rows) + np.reshape(self.off, (-1, 1))

    def corrected(self, moves: Array) -> "Likelihood":
        """The same with few virtual people who say at one place [d] what enough of them say there."""
        off = np.concatenate([np.atleast_1d(self._off(found, moves)) for found in self.goals.values()])
        return replace(self, off=off)

    def _off(self, goals: Sequence[FittedFinding], moves: Array) -> Array:
        """How much less the few say of the findings of one study, on their scales [findings of the study]."""
        study = goals[0].study
        if not isinstance(study, FractureStudy):
            return np.zeros(len(goals))
        one = MovedDraws(self.model, self.free, moves[None])
        many = MovedDraws(self.model, self.free, np.repeat(moves[None], LUCKS, axis=0), people_differ=True)
        few, enough = measure_of(study, one, FEW), measure_of(study, many, ENOUGH)
        whats = [(goal, _what(goal.target)) for goal in goals]
        return np.array([np.median(goal.at(enough(what))) - np.median(goal.at(few(what))) for goal, what in whats])

    def _measured(self, goals: Sequence[FittedFinding], draws: ModelDraws) -> Iterator[Array]:
        """What the model says of the findings of one study, each in its unit [n]."""
        study = goals[0].study
        if isinstance(study, FractureStudy):
            measure = measure_of(study, draws, FEW)
            yield from (np.broadcast_to(measure(_what(goal.target)), (draws.n,)) for goal in goals)
        else:
            arms = run(study, draws, self.people, RTOL)
            targets = [goal.target for goal in goals if isinstance(goal.target, StudyTarget)]
            yield from (measured(target, arms, self.evidence) for target in targets)

    def distances(self, moves: Array) -> Array:
        """z of every finding, weighted [findings, n]."""
        return self.weigh(self.values(moves) - self.published[:, None])

    def weigh(self, differences: Array) -> Array:
        """Differences between model and data as weighted z [findings, n]."""
        return self.weights[:, None] * differences / self.allowed[:, None]

    @property
    def published(self) -> Array:
        """What was printed, on the scale of each finding [findings]."""
        return np.array([goal.allowed.scale.at(goal.published) for found in self.goals.values() for goal in found])

    @property
    def allowed(self) -> Array:
        """Root of the squared standard error and allowance [findings]."""
        return np.array(
            [np.hypot(goal.allowed.se, goal.allowed.tau) for found in self.goals.values() for goal in found]
        )

    def log_posterior(self, moves: Array, z: Array) -> Array:
        """Log density up to a constant, prior included [n]; -inf where the model has no answer."""
        return log_density(moves, z, self.prior_sd)


def _what(target: AnyTarget) -> str:
    """The words of a measure of falls, fractures or death."""
    assert isinstance(target, FractureTarget)
    return target.what


def log_density(moves: Array, z: Array, prior_sd: Array) -> Array:
    """Log posterior density up to a constant [n] of moves [n, d] with weighted distances z [findings, n].

    -inf where the model has no answer.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        found = -0.5 * (np.sum(z**2, axis=0) + np.sum((moves / prior_sd) ** 2, axis=1))
    return np.where(np.isfinite(found), found, -np.inf)


# --- The most probable point, by damped Gauss-Newton ------------------------------------------------------------------

_NUDGE = 0.02
"""Step of the finite differences on the scale of the moves."""
_LONGEST = 0.5
"""The longest step of one parameter."""
_DAMPING, EASED, STIFFENED = 5.0, 3.0, 5.0
"""Damping at first; divided after a better step, multiplied after a worse one."""


@dataclass(frozen=True)
class ModePoint:
    """A point [d] with its weighted distances [findings] and their derivatives [findings, d]."""

    moves: Array
    """On the scales of the priors [d]."""
    z: Array
    """Weighted distances there [findings]."""
    jacobian: Array
    """Their derivatives by the moves [findings, d]."""
    cost: float
    """Minus twice the log posterior density, up to a constant."""

    def precision(self, prior_sd: Array) -> Array:
        """Inverse covariance of the normal approximation [d, d]: findings and prior."""
        return precision_of(self.jacobian, prior_sd)


def precision_of(jacobian: Array, prior_sd: Array) -> Array:
    """Inverse covariance [d, d] of findings with these derivatives [findings, d] and a prior with these widths [d]."""
    return jacobian.T @ jacobian + np.diag(prior_sd**-2.0)


def point_at(likelihood: Likelihood, moves: Array) -> ModePoint:
    """Distances and derivatives at a point: every parameter is nudged in a draw of its own, in one pass."""
    nudged = np.vstack([moves, moves + _NUDGE * np.eye(len(moves))])
    z = likelihood.distances(nudged)
    return ModePoint(
        moves, z[:, 0], (z[:, 1:] - z[:, :1]) / _NUDGE, -2.0 * float(likelihood.log_posterior(moves[None], z[:, :1])[0])
    )


def climb(likelihood: Likelihood, start: Array, steps: int, said: Callable[[str], None] = lambda _: None) -> ModePoint:
    """The best point found in so many steps from a start [d]; `said` is told of the cost of each."""
    best, damping = point_at(likelihood, start), _DAMPING
    said(f"start  cost {best.cost:.1f}")
    for turn in range(steps):
        tried = point_at(likelihood, best.moves + step_of(best, likelihood.prior_sd, damping))
        better = np.isfinite(tried.cost) and tried.cost < best.cost
        damping = damping / EASED if better else damping * STIFFENED
        said(f"step {turn + 1}: cost {best.cost:.1f} -> {tried.cost:.1f}")
        best = tried if better else best
    return best


def step_of(point: ModePoint, prior_sd: Array, damping: float) -> Array:
    """One damped Gauss-Newton step."""
    A = point.precision(prior_sd) + damping * np.eye(len(point.moves))
    slope = point.jacobian.T @ point.z + point.moves / prior_sd**2
    return np.clip(-np.linalg.solve(A, slope), -_LONGEST, _LONGEST).astype(np.float64)


# --- On every core: sets of parameters are dealt to processes ---------------------------------------------------------

_DEALS = 2
"""Parts a process, so that none waits long for the slowest."""


@dataclass(frozen=True)
class ParallelLikelihood(Likelihood):
    """A likelihood whose runs of the model are shared out."""

    pool: ProcessPoolExecutor | None = field(default=None, compare=False)
    """The processes; without them everything is run here."""

    def values(self, moves: Array) -> Array:
        """What the model says of every finding for every row of moves [n, d] -> [findings, n]."""
        if self.pool is None or len(moves) < 2:
            return super().values(moves)
        parts = np.array_split(moves, min(len(moves), _DEALS * cores()))
        return np.hstack(list(self.pool.map(_values, parts)))


@contextmanager
def in_parallel(likelihood: Likelihood) -> Iterator[Likelihood]:
    """The same likelihood on every core, as long as the block lasts; on one where processes can't be forked."""
    if "fork" not in multiprocessing.get_all_start_methods():
        yield likelihood
        return
    compile_ahead(likelihood.model.equations)
    context = multiprocessing.get_context("fork")
    counter = context.Value("i", 0)
    with ProcessPoolExecutor(cores(), context, _begin, (likelihood, counter)) as pool:
        yield ParallelLikelihood(
            likelihood.model, likelihood.free, likelihood.goals, likelihood.people, likelihood.off, pool=pool
        )


_mine: list[Likelihood] = []
"""What a process runs: set once, when it begins."""


def _begin(likelihood: Likelihood, counter: Any) -> None:
    """Take a core, and leave the others to the other processes."""
    _mine.append(likelihood)
    if hasattr(os, "sched_setaffinity"):
        with counter.get_lock():
            place, counter.value = counter.value, counter.value + 1
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[place % len(cores)]})


def _values(moves: Array) -> Array:
    """What the model says of some rows of moves, in a process of its own."""
    return _mine[0].values(moves)
