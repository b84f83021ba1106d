"""The whole calibration: climb to the mode, sample around it, learn the allowance, and write how it went."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trabecula.lab.calibrate.likelihood import (
    EASED,
    STIFFENED,
    FreeParameter,
    Likelihood,
    ModePoint,
    climb,
    fitted_findings,
    free_parameters,
    in_parallel,
    log_density,
    moves_of,
    step_of,
)
from trabecula.lab.calibrate.sampler import Posterior, TargetDensity, sample
from trabecula.model import Model
from trabecula.units import Array

_NOT_FITTED_WITH = ("mortality.", "person.", "plan.", "twin.", "activity.", "studies.allowance_factor")
"""Parameters that cannot bear on what is fitted, by the beginning of their ids; the last is learnt from the fit."""
_NAME_LENGTH = 16
"""Letters of a hash that are kept."""


@dataclass(frozen=True)
class Calibration:
    """What a run found: the mode, the draws, and what they rest on."""

    likelihood: Likelihood
    """What was fitted, and what was free."""
    point: ModePoint
    """The mode."""
    posterior: Posterior
    """The draws around it."""
    seed: int
    """Key of all randomness."""


def calibrate(
    model: Model,
    folder: Path,
    particles: int,
    seed: int,
    steps: int,
    wider: float,
    said: Callable[[str], None] = lambda _: None,
) -> Calibration:
    """Run or resume a calibration; everything that takes long is kept in `folder`."""
    free = free_parameters()
    likelihood = Likelihood(model, free, fitted_findings(model.evidence))
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_another(folder, likelihood, seed, particles, wider)
    start = moves_of(model.evidence, free)
    likelihood = _corrected(likelihood, start, folder / "off.npy", said)
    with in_parallel(likelihood) as shared:
        point = _point(shared, start, steps, folder / "mode.npz", said)
        target = TargetDensity(shared.distances, shared.prior_sd, shared.groups, point.moves, point.jacobian)
        drawn = sample(target, particles, seed, folder / "runs", wider, said)
    return Calibration(likelihood, point, drawn, seed)


class OtherCalibration(ValueError):
    """A folder that holds the runs of another calibration."""


def _refuse_another(folder: Path, likelihood: Likelihood, seed: int, particles: int, wider: float) -> None:
    """A folder holds one calibration: same findings, priors, registry, seed and number of particles."""
    of_model = f"/{likelihood.model.fingerprint.hex()}" if likelihood.model.changes else ""
    key = f"{split_hash(likelihood)}/{registry_hash(likelihood)}/{seed}/{particles}/{wider}{of_model}"
    path = folder / "run.txt"
    if path.exists() and path.read_text(encoding="utf-8") != key:
        raise OtherCalibration(
            f"{folder} holds another calibration (other findings, priors, values, seed or number of particles);"
            " choose a new folder, or remove this one"
        )
    path.write_text(key, encoding="utf-8")


def _corrected(likelihood: Likelihood, start: Array, path: Path, said: Callable[[str], None]) -> Likelihood:
    """The likelihood with few virtual people put right by many at the start, from its file if a run before did so."""
    if not path.exists():
        said("asking many virtual people once, a minute or two")
        np.save(path, likelihood.corrected(start).off)
    return replace(likelihood, off=np.load(path))


def _point(likelihood: Likelihood, start: Array, steps: int, path: Path, said: Callable[[str], None]) -> ModePoint:
    """The mode, from its file if a run before found it."""
    if path.exists():
        kept = np.load(path)
        return ModePoint(kept["moves"], kept["z"], kept["jacobian"], float(kept["cost"]))
    point = climb(likelihood, start, steps, said)
    np.savez(path, moves=point.moves, z=point.z, jacobian=point.jacobian, cost=point.cost)
    return point


def split_hash(likelihood: Likelihood) -> str:
    """What was fitted: the findings with their values and tolerances."""
    fitted = [
        f"{goal.study.id} {goal.target.finding} {goal.published!r} {goal.allowed.se!r} {goal.allowed.tau!r}"
        for found in likelihood.goals.values()
        for goal in found
    ]
    return _hash(fitted)


def registry_hash(likelihood: Likelihood) -> str:
    """What the fit held: priors, and the values of the registry that could bear on what was fitted."""
    free = {parameter.name for parameter in likelihood.free}
    held_still = (n for n in likelihood.evidence if not n.startswith(_NOT_FITTED_WITH) and n not in free)
    held = [f"{name} {likelihood.evidence[name].value}" for name in held_still]
    priors = (f"{parameter.name} {parameter.centre.tolist()} {parameter.sd}" for parameter in likelihood.free)
    return _hash([*held, *priors])


def _hash(lines: Sequence[str]) -> str:
    """A short name for a list of lines: the same lines, the same name."""
    return sha256("\n".join(lines).encode()).hexdigest()[:_NAME_LENGTH]


def ship(found: Calibration, directory: Path) -> None:
    """Write draws and manifest where the registry reads them."""
    directory.mkdir(parents=True, exist_ok=True)
    np.save(directory / "draws.npy", found.posterior.moves.astype(np.float32))
    manifest = json.dumps(manifest_of(found), indent=1)
    (directory / "manifest.json").write_text(manifest + "\n", encoding="utf-8")


def manifest_of(found: Calibration) -> dict[str, object]:
    """How the draws were made, and what their columns are."""
    likelihood = found.likelihood
    left_out = leave_one_out(likelihood, found.point)
    return {
        "software": f"trabecula {likelihood.model.version}",
        "draws": len(found.posterior.moves),
        "seed": found.seed,
        "findings": len(likelihood.weights),
        "split": split_hash(likelihood),
        "registry": registry_hash(likelihood),
        "people_an_arm": likelihood.people,
        "runs_of_the_model": found.posterior.evaluations,
        "emulator_errors": [round(error, 2) for error in found.posterior.errors],
        "moved": [round(share, 3) for share in found.posterior.acceptance],
        "allowance_factor": left_out.factor,
        "allowance_factors": left_out.own_factors,
        "columns": [_column(parameter) for parameter in likelihood.free],
    }


def _column(free: FreeParameter) -> dict[str, object]:
    """One free parameter as the registry reads it beside its column of the draws."""
    return {
        "parameter": free.name,
        "scale": "share" if free.share else "positive",
        "centre": free.centre.tolist(),
        "prior_sd": free.sd,
    }


# --- The allowance ----------------------------------------------------------------------------------------------------
#
# How far is the model from a fitted finding that it was not fitted to? Every study is left out once and the rest fitted
# again, by Gauss-Newton steps from the common point: the derivatives there serve for all of them, the model itself says
# how far it is. The variance is that of the normal approximation without the study (docs/decisions/0016).
#
# From that follows the allowance that holds what it promises: the factor on the rule's allowance (`studies.tau.*`) with
# which nine of ten fitted findings lie in the 90 % interval of a model that did not see their study. Nothing predicted
# is looked at.

_PROMISED = 0.9
"""The share of the findings that an interval is to hold."""
_HALF_WIDTH = 1.645
"""Standard deviations from the middle to the end of a 90 % interval."""
REFIT_STEPS = 5
"""Steps from the common point to that without a study."""
_FINENESS, _LARGEST = 0.05, 20.0
"""Steps in which the factor is sought, and where the search ends."""
_TOO_FEW_HELD, _ENOUGH = 0.8, 10
"""A chapter in which the common factor holds fewer gets one of its own, if it has so many findings (decision 15)."""


@dataclass(frozen=True)
class LeaveOneOut:
    """Fitted findings predicted without their study: distance and variance [findings], in units of the tolerance."""

    distance: Array
    """What the model fitted without the study says, from each finding [findings]."""
    variance: Array
    """Variance of what it says [findings]."""
    share_se: Array
    """Share of the squared tolerance that is the standard error of what was published."""

    blocks: NDArray[np.str_]
    """The chapter of each finding."""

    def held(self, factor: float) -> float:
        """The share of findings in the 90 % interval of model, measurement and `factor` times the allowance."""
        width = np.sqrt(self.variance + self.share_se + factor**2 * (1.0 - self.share_se))
        return float(np.mean(np.abs(self.distance) <= _HALF_WIDTH * width))

    @property
    def factor(self) -> float:
        """The smallest factor on the allowance, 1 at least, that holds nine of ten."""
        factor = 1.0
        while self.held(factor) < _PROMISED and factor < _LARGEST:
            factor += _FINENESS
        return round(factor, 2)

    def of(self, block: str) -> "LeaveOneOut":
        """The findings of one chapter."""
        inside = self.blocks == block
        return LeaveOneOut(self.distance[inside], self.variance[inside], self.share_se[inside], self.blocks[inside])

    @property
    def own_factors(self) -> dict[str, float]:
        """The factors of chapters that need one of their own."""
        parts = {str(block): self.of(str(block)) for block in np.unique(self.blocks)}
        return {
            block: part.factor
            for block, part in parts.items()
            if len(part.distance) >= _ENOUGH and part.held(self.factor) < _TOO_FEW_HELD
        }


def leave_one_out(likelihood: Likelihood, point: ModePoint, steps: int = REFIT_STEPS) -> LeaveOneOut:
    """Predict every study from the others: fit them again from the common point, and run the model there."""
    rows, weights = likelihood.groups, likelihood.weights
    apart = [_without(point, left_out) for left_out in rows]
    with in_parallel(likelihood) as shared:
        found = _fitted_again(shared, apart, steps)
    distance, variance = np.empty(len(weights)), np.empty(len(weights))
    for left_out, other, z in zip(rows, apart, found, strict=True):
        slope = point.jacobian[left_out]
        distance[left_out] = z[left_out]
        variance[left_out] = np.diag(slope @ np.linalg.solve(other.precision(likelihood.prior_sd), slope.T))
    allowed = [goal.allowed for found in likelihood.goals.values() for goal in found]
    share_se = np.array([rule.se**2 / (rule.se**2 + rule.tau**2) for rule in allowed])
    blocks = np.array([goal.study.block for found in likelihood.goals.values() for goal in found])
    return LeaveOneOut(distance / weights, variance / weights**2, share_se, blocks)


def _without(point: ModePoint, left_out: NDArray[np.int64]) -> ModePoint:
    """The common point for a fit to which some findings say nothing."""
    slopes = point.jacobian.copy()
    slopes[left_out] = 0.0
    return ModePoint(point.moves, point.z, slopes, point.cost - float(np.sum(point.z[left_out] ** 2)))


def _fitted_again(likelihood: Likelihood, apart: Sequence[ModePoint], steps: int) -> list[Array]:
    """Weighted distances of all findings [findings] at the best point that each of these fits comes to."""
    best, damping = list(apart), np.ones(len(apart))
    for _ in range(steps):
        tried = np.array([at.moves + step_of(at, likelihood.prior_sd, d) for at, d in zip(best, damping, strict=True)])
        z = likelihood.distances(tried)
        for i, (at, left_out) in enumerate(zip(best, likelihood.groups, strict=True)):
            counts = np.delete(z[:, i : i + 1], left_out, axis=0)
            cost = -2.0 * float(log_density(tried[i : i + 1], counts, likelihood.prior_sd)[0])
            better = cost < at.cost
            damping[i] = damping[i] / EASED if better else damping[i] * STIFFENED
            best[i] = ModePoint(tried[i], z[:, i], at.jacobian, cost) if better else at
    return [at.z for at in best]
