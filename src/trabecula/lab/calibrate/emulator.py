"""What the model says, for a moment's arithmetic: findings as polynomials of the parameters their study answers to.

A study answers to some twenty of the free parameters (a trial of teriparatide not to what bounds denosumab), and near
the posterior its findings are close to quadratic in them (with a cube of each), so that some thousand runs of the
model determine them. A sampler walks on them and lets the model itself decide at the end (`sampler`): an emulator that
is wrong costs moves, not truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.lab.calibrate.likelihood import log_density

Array = NDArray[np.float64]
_ANSWERS = 0.01  # change of z for one width of a parameter from which a study answers to it
_LEAST = 1.0  # how firmly a curvature is held at 0 against a run of the model
_FREE, _LEVEL = 1e-3, 1e-9  # the same of a slope, and of the level
_CUBE = 3  # an exponent
_BEST = 0.7  # the best third of the runs counts in full
_SPAN = 30.0  # log density below the best third at which a run counts a third (e-fold)
_FAINTEST = 6.0  # e-folds after which a run counts no less


@dataclass(frozen=True)
class _Polynomial:
    """Findings of one study: z = level + slope v + v curve v + cube v^3; v: `active` moves, in widths."""

    rows: NDArray[np.int64]
    active: NDArray[np.int64]
    level: Array
    slope: Array
    curve: Array
    cube: Array

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
    width: Array
    prior_sd: Array
    studies: Sequence[_Polynomial]

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
        fitted = [
            _fit(v, z[rows].T, weight, rows, np.flatnonzero(answers[rows].any(axis=0))) for rows in groups
        ]
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


def _fit(
    v: Array, z: Array, weight: Array, rows: NDArray[np.int64], active: NDArray[np.int64]
) -> _Polynomial:
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
