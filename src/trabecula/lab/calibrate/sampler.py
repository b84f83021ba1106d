"""Posterior draws: long walks on an emulator, each of which the model itself accepts or refuses.

1. Runs of the model are spread over the normal approximation around the best point, and an emulator is fitted to them.
2. Walkers go where the emulator thinks the posterior is; the model is run there, and the emulator fitted again, until
   it says the same as the model to within about a unit of log density.
3. From then on the emulator stays. A walker takes a long Hamiltonian walk on it, from x to y, and the model decides:
   y is taken with the probability min(1, (p(y)/e(y)) / (p(x)/e(x))), p being the posterior and e the emulated one. So
   the draws are of the posterior whatever the emulator is (delayed acceptance; Christen and Fox 2005, J Comput Graph
   Stat 14:795); a poor one only refuses more. A walk leads far, so that a few that are taken make a fresh draw.

Every run of the model is kept in a file of its own under its number: a calibration that is killed and started again
reads what is there, goes the same way and gives the same draws.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.lab.calibrate.emulator import Emulator
from trabecula.lab.calibrate.likelihood import log_density
from trabecula.lab.calibrate.point import precision_of

Array = NDArray[np.float64]
Distances = Callable[[Array], Array]
Said = Callable[[str], None]
_DESIGN_WIDER = 1.2  # the first runs reach a little beyond the normal approximation
DESIGN, FITS, PASSES = 5, 5, 15  # first clouds, fits of the emulator, walks to decide on
_CLOSE = 1.0  # standard deviation of the emulator's error of log density that is close enough
_LEAPS, _WALK = 12, 24  # leaps of a Hamiltonian step; such steps in a walk
_LEAP = (0.12, 0.24)  # length of a leap in widths of the posterior, drawn anew for each step
_ONE_SD = (0.16, 0.84)  # quantiles one standard deviation off the middle of a normal
_JITTER = 1e-3  # keeps a covariance of few walkers regular
_BATCH = 100  # runs of the model between two entries in the log


@dataclass(frozen=True)
class Target:
    """What is drawn from: log density -1/2 (sum of squared distances + sum of squared moves over the prior's sd).

    distances: of rows of moves [n, d] -> [findings, n], not finite where the model has no answer; groups: the findings
    of each study; mode [d], jacobian [findings, d]: of the normal approximation.
    """

    distances: Distances
    prior_sd: Array
    groups: Sequence[NDArray[np.int64]]
    mode: Array
    jacobian: Array

    @property
    def precision(self) -> Array:
        """Inverse covariance of the normal approximation [d, d]."""
        return precision_of(self.jacobian, self.prior_sd)

    def log_density(self, moves: Array, z: Array) -> Array:
        """Log density [n]; -inf where the model has no answer."""
        return log_density(moves, z, self.prior_sd)


@dataclass(frozen=True)
class Posterior:
    """Equally weighted draws [n, d], their log density, and how the run went.

    errors: standard deviation of the emulator's error of log density, fit by fit; acceptance: share of the walkers
    that moved, pass by pass.
    """

    moves: Array
    log_density: Array
    errors: tuple[float, ...]
    acceptance: tuple[float, ...]
    evaluations: int


class _Runs:
    """Runs of the model by their number, each batch kept in a file once it is done."""

    def __init__(self, distances: Distances, folder: Path | None, said: Said) -> None:
        self._distances, self._folder, self._said, self.done = distances, folder, said, 0

    def __call__(self, x: Array) -> Array:
        cuts = range(0, len(x), _BATCH)
        return np.hstack([self._some(x[first : first + _BATCH]) for first in cuts])

    def _some(self, x: Array) -> Array:
        path = None if self._folder is None else self._folder / f"{self.done:06d}.npz"
        self.done += len(x)
        if path is not None and path.exists():
            kept = np.load(path)
            if np.array_equal(kept["x"], x):
                return np.asarray(kept["z"], dtype=np.float64)
        found = self._distances(x)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".part.npz")
            np.savez(unfinished, x=x, z=found)
            unfinished.replace(path)
        self._said(f"{self.done} runs of the model")
        return found


class _Luck:
    """Random numbers by purpose and turn, the same for the same seed in any order of the work."""

    def __init__(self, seed: int, particles: int, d: int) -> None:
        self._seed, self._who, self._d = seed, np.arange(particles), d

    def normals(self, purpose: str, turn: int) -> Array:
        columns = [
            chance.normal(self._seed, f"calibrate.{purpose}.{column}", turn, self._who)
            for column in range(self._d)
        ]
        return np.stack(columns, axis=1)

    def uniforms(self, purpose: str, turn: int) -> Array:
        return chance.uniform(self._seed, f"calibrate.{purpose}", turn, self._who)


def sample(
    target: Target,
    particles: int,
    seed: int,
    folder: Path | None = None,
    wider: float = 1.0,
    said: Said = lambda _: None,
    design: int = DESIGN,
    fits: int = FITS,
    passes: int = PASSES,
) -> Posterior:
    """Draw from a posterior.

    particles: how many walkers, and draws; seed: key of all randomness; folder: where runs of the model are kept, so
    that a calibration can be resumed; wider: start from a cloud so many times as wide; said: told of progress; design:
    first runs of the model, in clouds of `particles`; fits: of the emulator at most; passes: walks that the model
    decides on.
    """
    luck, runs = _Luck(seed, particles, len(target.mode)), _Runs(target.distances, folder, said)
    root = wider * _DESIGN_WIDER * np.linalg.cholesky(np.linalg.inv(target.precision)).astype(np.float64)
    x = target.mode + np.vstack([luck.normals("design", turn) @ root.T for turn in range(design)])
    z, errors = runs(x), list[float]()
    while True:
        emulator = Emulator.of(
            x, z, target.mode, target.jacobian, target.precision, target.prior_sd, target.groups
        )
        best = x[np.argsort(-target.log_density(x, z))[:particles]]
        here = _walk(emulator, _State.of(emulator, best), _root_of(best, root), luck, f"fit.{len(errors)}")
        z_here = runs(here.moves)
        log_p = target.log_density(here.moves, z_here)
        errors.append(_spread(log_p - here.log_e))
        said(f"emulator fitted to {len(x)} runs of the model: its log density errs by {errors[-1]:.2f}")
        if errors[-1] < _CLOSE or len(errors) == fits:
            break
        x, z = np.vstack([x, here.moves]), np.hstack([z, z_here])
    steady, acceptance = _root_of(here.moves, root), list[float]()
    for turn in range(passes):
        there = _walk(emulator, here, steady, luck, f"pass.{turn}")
        log_p_there = target.log_density(there.moves, runs(there.moves))
        with np.errstate(invalid="ignore"):  # from one place without an answer to another: nobody moves
            gained = (log_p_there - there.log_e) - (log_p - here.log_e)
        taken = np.log(luck.uniforms("accept", turn)) < gained
        here, log_p = here.moved(there, taken), np.where(taken, log_p_there, log_p)
        acceptance.append(float(np.mean(taken)))
        said(f"pass {turn + 1}: {acceptance[-1]:.0%} of the walks taken")
    return Posterior(here.moves, log_p, tuple(errors), tuple(acceptance), runs.done)


@dataclass(frozen=True)
class _State:
    """Where the walkers are [n, d], with the emulator's log density and its slope there."""

    moves: Array
    log_e: Array
    slope: Array

    @classmethod
    def of(cls, emulator: Emulator, moves: Array) -> "_State":
        return cls(moves, *emulator.log_density(moves))

    def moved(self, there: "_State", taken: NDArray[np.bool_]) -> "_State":
        return _State(
            np.where(taken[:, None], there.moves, self.moves),
            np.where(taken, there.log_e, self.log_e),
            np.where(taken[:, None], there.slope, self.slope),
        )


def _walk(emulator: Emulator, here: _State, root: Array, luck: _Luck, name: str) -> _State:
    """A Hamiltonian walk of every walker; steps are alike and independent, so that the whole walk is reversible.

    root [d, d]: root of a covariance, the unit in which the walkers move.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a walker that flies off is refused
        for turn in range(_WALK):
            here = _leapt(emulator, here, root, luck, name, turn)
    return here


def _leapt(emulator: Emulator, here: _State, root: Array, luck: _Luck, name: str, turn: int) -> _State:
    """One Hamiltonian step of every walker."""
    leap = (_LEAP[0] + (_LEAP[1] - _LEAP[0]) * luck.uniforms(f"{name}.leap", turn))[:, None]
    momentum = luck.normals(f"{name}.momentum", turn)
    there, pushed = here, momentum + 0.5 * leap * (here.slope @ root)
    for step in range(_LEAPS):
        there = _State.of(emulator, there.moves + leap * pushed @ root.T)
        pushed = pushed + (0.5 if step == _LEAPS - 1 else 1.0) * leap * (there.slope @ root)
    energy = 0.5 * (np.sum(momentum**2, axis=1) - np.sum(pushed**2, axis=1))
    taken = np.log(luck.uniforms(f"{name}.accept", turn)) < there.log_e - here.log_e + energy
    return here.moved(there, taken)


def _root_of(moves: Array, otherwise: Array) -> Array:
    """Root of the walkers' covariance, or another if they are too few for one."""
    n, d = moves.shape
    if n <= d:
        return otherwise
    shared = np.cov(moves.T).reshape(d, d)
    return np.linalg.cholesky(shared + _JITTER * np.diag(np.diag(shared))).astype(np.float64)


def _spread(error: Array) -> float:
    """Half the distance between the 16 % and 84 % quantiles: a standard deviation that a few stray walkers leave."""
    low, high = np.quantile(error[np.isfinite(error)], _ONE_SD)
    return float(0.5 * (high - low))
