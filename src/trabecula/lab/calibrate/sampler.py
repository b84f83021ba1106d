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
from trabecula.lab.calibrate.likelihood import log_density, precision_of
from trabecula.units import Array

# --- Emulator ---------------------------------------------------------------------------------------------------------
#
# A study answers to some twenty of the free parameters (a trial of teriparatide not to what bounds denosumab), and near
# the posterior its findings are close to quadratic in them (with a cube of each), so that some thousand runs of the
# model determine them. A sampler walks on them and lets the model itself decide at the end: an emulator that is wrong
# costs moves, not truth.

_ANSWERS = 0.01
"""Change of z for one width of a parameter from which a study answers to it."""
_LEAST = 1.0
"""How firmly a curvature is held at 0 against a run of the model."""
_FREE, _LEVEL = 1e-3, 1e-9
"""The same of a slope, and of the level."""
_CUBE = 3
"""An exponent."""
_BEST = 0.7
"""The best third of the runs counts in full."""
_SPAN = 30.0
"""Log density below the best third at which a run counts a third (e-fold)."""
_FAINTEST = 6.0
"""E-folds after which a run counts no less."""


@dataclass(frozen=True)
class _Polynomial:
    """Findings of one study: z = level + slope v + v curve v + cube v^3; v: `active` moves, in widths."""

    rows: NDArray[np.int64]
    """The places of the findings of the study."""
    active: NDArray[np.int64]
    """The places of the parameters that the study answers to."""
    level: Array
    """z at the middle [rows]."""
    slope: Array
    """[rows, active]"""
    curve: Array
    """[rows, active, active]"""
    cube: Array
    """[rows, active]"""

    def at(self, v: Array) -> tuple[Array, Array]:
        """z [n, rows] and its derivatives [n, rows, active]."""
        v = v[:, self.active]
        f, a, _ = self.curve.shape
        bent = (v @ self.curve.transpose(1, 0, 2).reshape(a, f * a)).reshape(len(v), f, a)
        z = self.level + v @ self.slope.T + np.einsum("nfb,nb->nf", bent, v) + v**_CUBE @ self.cube.T
        return z, self.slope + 2.0 * bent + _CUBE * self.cube * v[:, None, :] ** 2


@dataclass(frozen=True)
class Emulator:
    """z of every finding as a function of the moves."""

    middle: Array
    """The best point [d]."""
    width: Array
    """Posterior widths of the normal approximation, the unit of v [d]."""
    prior_sd: Array
    """Widths of the priors [d]."""
    studies: Sequence[_Polynomial]
    """A polynomial a study."""

    @classmethod
    def of(
        cls,
        moves: Array,
        z: Array,
        middle: Array,
        jacobian: Array,
        precision: Array,
        prior_sd: Array,
        groups: Sequence[NDArray[np.int64]],
    ) -> "Emulator":
        """Fit to runs of the model: moves [n, d], z [findings, n]; `groups`: the findings of each study.

        middle [d], jacobian [findings, d], precision [d, d]: of the normal approximation.
        """
        answered = np.isfinite(z).all(axis=0)
        moves, z = moves[answered], z[:, answered]
        width = np.sqrt(np.diag(np.linalg.inv(precision)))
        v, weight = (moves - middle) / width, np.sqrt(_plausible(moves, z, prior_sd))
        answers = np.abs(jacobian * width) > _ANSWERS
        fitted = [_fit(v, z[rows].T, weight, rows, np.flatnonzero(answers[rows].any(axis=0))) for rows in groups]
        return cls(middle, width, prior_sd, fitted)

    def log_density(self, moves: Array) -> tuple[Array, Array]:
        """Log posterior density up to a constant [n], and its derivatives [n, d]."""
        v = (moves - self.middle) / self.width
        total, slope = np.zeros(len(moves)), np.zeros_like(moves)
        for study in self.studies:
            z, dz = study.at(v)
            total -= 0.5 * np.sum(z**2, axis=1)
            slope[:, study.active] -= np.einsum("nf,nfa->na", z, dz)
        scaled = moves / self.prior_sd
        return total - 0.5 * np.sum(scaled**2, axis=1), slope / self.width - scaled / self.prior_sd


def _plausible(moves: Array, z: Array, prior_sd: Array) -> Array:
    """How much each run counts: the plausible ones in full, others less."""
    log_p = log_density(moves, z, prior_sd)
    return np.exp(np.clip((log_p - np.quantile(log_p, _BEST)) / _SPAN, -_FAINTEST, 0.0))


def _fit(v: Array, z: Array, weight: Array, rows: NDArray[np.int64], active: NDArray[np.int64]) -> _Polynomial:
    """Weighted least squares, the curvatures held at 0 as far as the runs do not speak."""
    k = len(active)
    first, second = np.triu_indices(k)
    v = v[:, active]
    features = np.hstack([np.ones((len(v), 1)), v, v[:, first] * v[:, second], v**_CUBE])
    held = np.repeat([_LEVEL, _FREE, _LEAST], [1, k, len(first) + k])
    weighted = features * weight[:, None]
    found = np.linalg.solve(weighted.T @ weighted + np.diag(held), weighted.T @ (z * weight[:, None]))
    curve = np.zeros((len(rows), k, k))
    parts: list[Array] = np.split(found.astype(np.float64), np.cumsum([1, k, len(first)]))
    level, slope, bends, cube = parts
    curve[:, first, second] = 0.5 * bends.T
    curve += curve.transpose(0, 2, 1)
    return _Polynomial(rows, active, level[0], slope.T, curve, cube.T)


# --- Sampler ----------------------------------------------------------------------------------------------------------

Distances = Callable[[Array], Array]
Said = Callable[[str], None]
_DESIGN_WIDER = 1.2
"""The first runs reach a little beyond the normal approximation."""
DESIGN, FITS, PASSES = 5, 5, 15
"""First clouds, fits of the emulator, walks to decide on."""
_CLOSE = 1.0
"""Standard deviation of the emulator's error of log density that is close enough."""
_LEAPS, _WALK = 12, 24
"""Leaps of a Hamiltonian step; such steps in a walk."""
_LEAP = (0.12, 0.24)
"""Length of a leap in widths of the posterior, drawn anew for each step."""
_ONE_SD = (0.16, 0.84)
"""Quantiles one standard deviation off the middle of a normal."""
_JITTER = 1e-3
"""Keeps a covariance of few walkers regular."""
_BATCH = 100
"""Runs of the model between two entries in the log."""


@dataclass(frozen=True)
class TargetDensity:
    """What is drawn from: log density -1/2 (sum of squared distances + sum of squared moves over the prior's sd)."""

    distances: Distances
    """Of rows of moves [n, d] -> [findings, n], not finite where the model has no answer."""
    prior_sd: Array
    """Widths of the priors [d]."""
    groups: Sequence[NDArray[np.int64]]
    """The places of each study's findings."""
    mode: Array
    """The most probable point [d]."""
    jacobian: Array
    """Derivatives of the distances there [findings, d]: with the priors, the normal approximation."""

    @property
    def precision(self) -> Array:
        """Inverse covariance of the normal approximation [d, d]."""
        return precision_of(self.jacobian, self.prior_sd)

    def log_density(self, moves: Array, z: Array) -> Array:
        """Log density [n]; -inf where the model has no answer."""
        return log_density(moves, z, self.prior_sd)


@dataclass(frozen=True)
class Posterior:
    """Equally weighted draws, their log density, and how the run went."""

    moves: Array
    """A draw a row, on the scales of the priors [n, d]."""
    log_density: Array
    """Of each draw, up to a constant [n]."""
    errors: tuple[float, ...]
    """Standard deviation of the emulator's error of log density, fit by fit."""
    acceptance: tuple[float, ...]
    """Share of the walkers that moved, pass by pass."""
    evaluations: int
    """Runs of the model."""


class _Runs:
    """Runs of the model by their number, each batch kept in a file once it is done."""

    def __init__(self, distances: Distances, folder: Path | None, said: Said) -> None:
        self._distances, self._folder, self._said, self.done = distances, folder, said, 0

    def __call__(self, x: Array) -> Array:
        """Distances at places [n, d] -> [findings, n], from the files where they hold just these places."""
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
        """Standard normal numbers [particles, d]."""
        columns = [
            chance.normal(self._seed, f"calibrate.{purpose}.{column}", turn, self._who) for column in range(self._d)
        ]
        return np.stack(columns, axis=1)

    def uniforms(self, purpose: str, turn: int) -> Array:
        """Numbers between 0 and 1 [particles]."""
        return chance.uniform(self._seed, f"calibrate.{purpose}", turn, self._who)


def sample(
    target: TargetDensity,
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
        emulator = Emulator.of(x, z, target.mode, target.jacobian, target.precision, target.prior_sd, target.groups)
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
    """Places [n, d]."""
    log_e: Array
    """The emulator's log density there [n]."""
    slope: Array
    """Its derivatives [n, d]."""

    @classmethod
    def of(cls, emulator: Emulator, moves: Array) -> "_State":
        """The walkers at places [n, d]."""
        return cls(moves, *emulator.log_density(moves))

    def moved(self, there: "_State", taken: NDArray[np.bool_]) -> "_State":
        """Those `taken` [n] there, the others here."""
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
