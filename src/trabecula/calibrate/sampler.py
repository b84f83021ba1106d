"""Posterior draws by tempered sequential Monte Carlo, started from the normal approximation around the best point.

Particles are drawn from a normal q around the mode and led to the posterior p through q^(1-t) p^t, t from 0 to 1.
At each temperature they are weighted, resampled, and moved by the preconditioned Crank-Nicolson step of q:

    x' = m + sqrt(1 - b^2) (x - m) + b xi,   xi ~ N(0, C),   accepted with min(1, (r(x')/r(x))^t),   r = p/q

The step leaves q unchanged by itself, so that acceptance depends only on how far p departs from q: it does not
fall with the number of parameters, and no derivative is needed (Cotter 2013, Statistical Science 28:424). A random
walk in 73 dimensions would need some hundred times as many runs of the model.
Every evaluation is kept in a file of its own under its number: a run that is killed and started again reads what
is there, goes the same way and gives the same draws.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trabecula import chance

Array = NDArray[np.float64]
_ESS = 0.5  # not a parameter: effective share of the particles that a temperature must leave
_STEPS = (0.4, 0.7, 0.5)  # not a parameter: sizes b of the moves at each temperature
_LAST_STEPS = (0.3, 0.5, 0.7, 0.4, 0.5, 0.3)  # not a parameter: the same once t = 1
_BLOCK_STEPS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4)  # not a parameter: the same block by block, the freest first
_BISECTIONS = 40  # not a parameter: enough to find the temperature to 1e-12

LogDensity = Callable[[Array], Array]


@dataclass(frozen=True)
class Posterior:
    """Equally weighted draws [n, d], their log density, and how the run went."""

    moves: Array
    log_density: Array
    temperatures: tuple[float, ...]
    acceptance: tuple[float, ...]
    evaluations: int


@dataclass(frozen=True)
class _Normal:
    """q: a normal around the mode."""

    mean: Array
    root: Array

    @classmethod
    def of(cls, mean: Array, precision: Array, wider: float) -> "_Normal":
        return cls(mean, wider * np.linalg.cholesky(np.linalg.inv(precision)).astype(np.float64))

    def at(self, luck: Array) -> Array:
        return self.mean + luck @ self.root.T

    def whitened(self, x: Array) -> Array:
        return np.linalg.solve(self.root, (x - self.mean).T).T.astype(np.float64)

    def log(self, x: Array) -> Array:
        whitened = np.linalg.solve(self.root, (x - self.mean).T)
        return -0.5 * np.sum(whitened**2, axis=0)


class _Evaluations:
    """Runs of the model by their number, each kept in a file once it is done."""

    def __init__(self, log_density: LogDensity, folder: Path | None, said: Callable[[str], None]) -> None:
        self._log_density, self._folder, self._said, self.done = log_density, folder, said, 0

    def __call__(self, x: Array) -> Array:
        path = None if self._folder is None else self._folder / f"{self.done:04d}.npz"
        self.done += 1
        if path is not None and path.exists():
            kept = np.load(path)
            if np.array_equal(kept["x"], x):
                return np.asarray(kept["log_density"], dtype=np.float64)
        found = self._log_density(x)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".part.npz")
            np.savez(unfinished, x=x, log_density=found)
            unfinished.replace(path)
        self._said(f"evaluation {self.done}: {len(x)} particles")
        return found


def sample(
    log_density: LogDensity,
    mode: Array,
    precision: Array,
    particles: int,
    seed: int,
    folder: Path | None = None,
    wider: float = 1.0,
    said: Callable[[str], None] = lambda _: None,
    prior_sd: Array | None = None,
) -> Posterior:
    """Draw from a posterior.

    log_density: of rows [n, d], up to a constant; mode [d], precision [d, d]: of the normal that it starts from,
    `wider` times as wide; particles: how many draws; seed: key of all randomness; folder: where evaluations are
    kept, so that a run can be resumed; said: told of progress; prior_sd: [d], for a last sweep of moves by blocks of
    directions, those that the data leave to the prior first, in longer steps than all together would allow.
    """
    q, d = _Normal.of(mode, precision, wider), len(mode)
    evaluate = _Evaluations(log_density, folder, said)
    who = np.arange(particles)
    x = q.at(_normals(seed, "calibrate.start", 0, who, d))
    log_p = evaluate(x)
    log_r, t, temperatures, acceptance = log_p - q.log(x), 0.0, [], []
    while t < 1.0:
        step = _next_temperature(log_r, t)
        chosen = _resample(
            _weights(log_r, step - t), chance.uniform(seed, "calibrate.resample", len(temperatures), 0)
        )
        x, log_p, log_r, t = x[chosen], log_p[chosen], log_r[chosen], step
        temperatures.append(t)
        for b in _LAST_STEPS if t == 1.0 else _STEPS:
            turn = len(acceptance)
            tried = (
                q.mean
                + np.sqrt(1.0 - b * b) * (x - q.mean)
                + b * (q.at(_normals(seed, "calibrate.move", turn, who, d)) - q.mean)
            )
            log_p_tried = evaluate(tried)
            log_r_tried = log_p_tried - q.log(tried)
            taken = np.log(chance.uniform(seed, "calibrate.accept", turn, who)) < t * (log_r_tried - log_r)
            x, log_p, log_r = (
                np.where(taken[:, None], tried, x),
                np.where(taken, log_p_tried, log_p),
                np.where(taken, log_r_tried, log_r),
            )
            acceptance.append(float(np.mean(taken)))
            said(f"t = {t:.3f}, step {b}: {acceptance[-1]:.0%} moved")
    for block, b in zip(_blocks(q, prior_sd), _BLOCK_STEPS, strict=False):
        turn = len(acceptance)
        w, luck = q.whitened(x), _normals(seed, "calibrate.move", turn, who, d)
        tried = q.at(w + ((np.sqrt(1.0 - b * b) - 1.0) * w + b * luck) @ block @ block.T)
        log_p_tried = evaluate(tried)
        log_r_tried = log_p_tried - q.log(tried)
        taken = np.log(chance.uniform(seed, "calibrate.accept", turn, who)) < log_r_tried - log_r
        x, log_p, log_r = (
            np.where(taken[:, None], tried, x),
            np.where(taken, log_p_tried, log_p),
            np.where(taken, log_r_tried, log_r),
        )
        acceptance.append(float(np.mean(taken)))
        said(f"block of {block.shape[1]}, step {b}: {acceptance[-1]:.0%} moved")
    return Posterior(x, log_p, tuple(temperatures), tuple(acceptance), evaluate.done * particles)


def _blocks(q: _Normal, prior_sd: Array | None) -> list[Array]:
    """Directions in which q is a standard normal, in blocks [d, k]: those that the prior decides first."""
    if prior_sd is None:
        return []
    share = q.root.T @ np.diag(prior_sd**-2.0) @ q.root
    directions = np.linalg.eigh(share)[1][:, ::-1]
    return [np.ascontiguousarray(each) for each in np.array_split(directions, len(_BLOCK_STEPS), axis=1)]


def _normals(seed: int, purpose: str, turn: int, who: NDArray[np.int64], d: int) -> Array:
    """Standard normal numbers [n, d]."""
    return np.stack([chance.normal(seed, f"{purpose}.{column}", turn, who) for column in range(d)], axis=1)


def _weights(log_r: Array, step: float) -> Array:
    """Weights of the particles after a step of the temperature, summing to 1."""
    log_w = step * log_r
    w = np.exp(log_w - np.max(log_w))
    return w / w.sum()


def _next_temperature(log_r: Array, t: float) -> float:
    """As far as the weights allow: the effective sample size falls to a fixed share, or t = 1."""

    def effective(step: float) -> float:
        return 1.0 / (len(log_r) * float(np.sum(_weights(log_r, step) ** 2)))

    if effective(1.0 - t) >= _ESS:
        return 1.0
    low, high = 0.0, 1.0 - t
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if effective(middle) >= _ESS else (low, middle)
    return t + low


def _resample(weights: Array, luck: Array | float) -> NDArray[np.int64]:
    """Systematic resampling: one random number, evenly spaced picks."""
    points = (np.arange(len(weights)) + float(np.asarray(luck).ravel()[0])) / len(weights)
    return np.minimum(np.searchsorted(np.cumsum(weights), points), len(weights) - 1).astype(np.int64)
