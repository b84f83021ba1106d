"""How far the model lies from the fitted findings, and how likely that makes a set of parameters.

A finding's distance z has the tolerance rule's standard error and allowance (docs/decisions/0004). A study of k
findings weighs as root k findings: they share people, machine and mistakes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.lab.calibrate.free import Free, Moved
from trabecula.lab.studies.record import Study, Target, studies
from trabecula.lab.studies.reproduce import published_value
from trabecula.lab.studies.statistics import measured
from trabecula.lab.studies.tolerance import Tolerance, tolerance
from trabecula.lab.studies.virtual import run
from trabecula.skeleton import MarchError

Array = NDArray[np.float64]
PEOPLE = 4  # virtual people an arm; more change the mean of an arm by less than its tolerance
RTOL = 3e-4  # of the integrator; the log density moves by 0.02 against 1e-5
_SHARE = -0.25  # z of each of k findings times k**-.25 makes their squares count as root k


@dataclass(frozen=True)
class Goal:
    """A fitted finding with its tolerance."""

    study: Study
    target: Target
    published: float
    allowed: Tolerance


def goals(evidence: Evidence, blocks: Sequence[str] = ()) -> dict[str, list[Goal]]:
    """The fitted findings with a number, by study; all blocks unless some are named."""
    found: dict[str, list[Goal]] = {}
    for study in studies().values():
        if blocks and study.block not in blocks:
            continue
        for target in study.targets:
            if target.role != "fitted" or target.direction is not None:
                continue
            finding = evidence.finding(target.finding)
            value = published_value(target, finding)
            assert value is not None, target.finding
            goal = Goal(study, target, value, tolerance(target, finding, study, evidence))
            found.setdefault(study.id, []).append(goal)
    return found


@dataclass(frozen=True)
class Likelihood:
    """The fitted findings of the studies as a function of the free parameters."""

    evidence: Evidence
    free: Sequence[Free]
    wanted: Mapping[str, Sequence[Goal]]
    people: int = PEOPLE
    prior_sd: Array = field(init=False)
    weights: Array = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prior_sd", np.array([each.sd for each in self.free]))
        each = [np.full(len(found), len(found) ** _SHARE) for found in self.wanted.values()]
        object.__setattr__(self, "weights", np.concatenate(each))

    @property
    def names(self) -> list[str]:
        """The findings, in the order of the distances."""
        return [goal.target.finding for found in self.wanted.values() for goal in found]

    @property
    def groups(self) -> list[NDArray[np.int64]]:
        """The places of each study's findings."""
        ends = np.cumsum([len(found) for found in self.wanted.values()])
        return np.split(np.arange(ends[-1]), ends[:-1])

    def values(self, moves: Array) -> Array:
        """What the model says of every finding for every row of moves [n, d] -> [findings, n]."""
        try:
            return self._values(moves)
        except MarchError:  # one of them is no skeleton: find it, and let the others live
            if len(moves) == 1:
                return np.full((len(self.weights), 1), np.nan)
            half = len(moves) // 2
            return np.hstack([self.values(moves[:half]), self.values(moves[half:])])

    def _values(self, moves: Array) -> Array:
        draws, rows = Moved(self.evidence, self.free, moves), []
        for found in self.wanted.values():
            arms = run(found[0].study, draws, self.people, RTOL)
            rows += [measured(goal.target, arms, self.evidence) for goal in found]
        return np.array(rows)

    def distances(self, moves: Array) -> Array:
        """z of every finding, weighted [findings, n]."""
        return self.weigh(self.values(moves) - self.published[:, None])

    def weigh(self, differences: Array) -> Array:
        """Differences between model and data as weighted z [findings, n]."""
        return self.weights[:, None] * differences / self.allowed[:, None]

    @property
    def published(self) -> Array:
        """What was printed [findings]."""
        return np.array([goal.published for found in self.wanted.values() for goal in found])

    @property
    def allowed(self) -> Array:
        """Root of the squared standard error and allowance [findings]."""
        return np.array(
            [np.hypot(g.allowed.se, g.allowed.tau) for found in self.wanted.values() for g in found]
        )

    def log_posterior(self, moves: Array, z: Array) -> Array:
        """Log density up to a constant, prior included [n]; -inf where the model has no answer."""
        return log_density(moves, z, self.prior_sd)


def log_density(moves: Array, z: Array, prior_sd: Array) -> Array:
    """Log posterior density up to a constant [n] of moves [n, d] with weighted distances z [findings, n].

    -inf where the model has no answer.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        found = -0.5 * (np.sum(z**2, axis=0) + np.sum((moves / prior_sd) ** 2, axis=1))
    return np.where(np.isfinite(found), found, -np.inf)
