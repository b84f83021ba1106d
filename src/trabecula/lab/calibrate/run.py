"""The whole calibration: climb to the mode, sample around it, and say how it went."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trabecula import __version__
from trabecula.evidence import Evidence
from trabecula.lab.calibrate.free import Free, free_parameters, moves_of
from trabecula.lab.calibrate.left_out import left_out
from trabecula.lab.calibrate.likelihood import Likelihood, goals
from trabecula.lab.calibrate.point import Point, climb
from trabecula.lab.calibrate.sampler import Posterior, Target, sample
from trabecula.lab.calibrate.workers import shared

Array = NDArray[np.float64]
_NOT_BONE = (
    "fracture.",
    "fall.",
    "mortality.",
    "person.",
    "plan.",
    "twin.",
    "activity.",
    "studies.allowance_factor",  # learnt from the fit, so no part of what it rests on
)


@dataclass(frozen=True)
class Calibration:
    """What a run found: the mode, the draws, and what they rest on."""

    likelihood: Likelihood
    point: Point
    posterior: Posterior
    seed: int


def calibrate(
    evidence: Evidence,
    folder: Path,
    particles: int,
    seed: int,
    steps: int,
    wider: float,
    said: Callable[[str], None] = lambda _: None,
) -> Calibration:
    """Run or resume a calibration; everything that takes long is kept in `folder`."""
    free = free_parameters()
    likelihood = Likelihood(evidence, free, goals(evidence))
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_another(folder, likelihood, seed, particles, wider)
    with shared(likelihood) as model:
        point = _point(model, moves_of(evidence, free), steps, folder / "mode.npz", said)
        target = Target(model.distances, model.prior_sd, model.groups, point.moves, point.jacobian)
        drawn = sample(target, particles, seed, folder / "runs", wider, said)
    return Calibration(likelihood, point, drawn, seed)


class AnotherRun(ValueError):
    """A folder that holds the runs of another calibration."""


def _refuse_another(folder: Path, likelihood: Likelihood, seed: int, particles: int, wider: float) -> None:
    """A folder holds one calibration: same findings, priors, registry, seed and number of particles."""
    key = f"{split_hash(likelihood)}/{registry_hash(likelihood)}/{seed}/{particles}/{wider}"
    path = folder / "run.txt"
    if path.exists() and path.read_text(encoding="utf-8") != key:
        raise AnotherRun(
            f"{folder} holds another calibration (other findings, priors, values, seed or number of particles);"
            " choose a new folder, or remove this one"
        )
    path.write_text(key, encoding="utf-8")


def _point(
    likelihood: Likelihood, start: Array, steps: int, path: Path, said: Callable[[str], None]
) -> Point:
    """The mode, from its file if a run before found it."""
    if path.exists():
        kept = np.load(path)
        return Point(kept["moves"], kept["z"], kept["jacobian"], float(kept["cost"]))
    point = climb(likelihood, start, steps, said)
    np.savez(path, moves=point.moves, z=point.z, jacobian=point.jacobian, cost=point.cost)
    return point


def split_hash(likelihood: Likelihood) -> str:
    """What was fitted: the findings with their values and tolerances."""
    told = [
        f"{g.study.id} {g.target.finding} {g.published!r} {g.allowed.se!r} {g.allowed.tau!r}"
        for found in likelihood.wanted.values()
        for g in found
    ]
    return _hash(told)


def registry_hash(likelihood: Likelihood) -> str:
    """What the fit held: priors, and the values of the registry that could bear on a skeleton."""
    free = {each.name for each in likelihood.free}
    about_bone = (name for name in likelihood.evidence if not name.startswith(_NOT_BONE) and name not in free)
    held = [f"{name} {likelihood.evidence[name].value}" for name in about_bone]
    return _hash([*held, *(f"{each.name} {each.centre.tolist()} {each.sd}" for each in likelihood.free)])


def _hash(lines: Sequence[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()[:16]  # length of a name


def ship(found: Calibration, directory: Path) -> None:
    """Write draws and manifest where the registry reads them."""
    directory.mkdir(parents=True, exist_ok=True)
    np.save(directory / "draws.npy", found.posterior.moves.astype(np.float32))
    manifest = json.dumps(manifest_of(found), indent=1)
    (directory / "manifest.json").write_text(manifest + "\n", encoding="utf-8")


def manifest_of(found: Calibration) -> dict[str, object]:
    """How the draws were made, and what their columns are."""
    likelihood = found.likelihood
    return {
        "software": f"trabecula {__version__}",
        "draws": len(found.posterior.moves),
        "seed": found.seed,
        "findings": len(likelihood.weights),
        "split": split_hash(likelihood),
        "registry": registry_hash(likelihood),
        "people_an_arm": likelihood.people,
        "runs_of_the_model": found.posterior.evaluations,
        "emulator_errors": [round(error, 2) for error in found.posterior.errors],
        "moved": [round(share, 3) for share in found.posterior.acceptance],
        "allowance_factor": left_out(likelihood, found.posterior.moves).factor,
        "columns": [_column(each) for each in likelihood.free],
    }


def _column(free: Free) -> dict[str, object]:
    return {
        "parameter": free.name,
        "scale": "share" if free.share else "positive",
        "centre": free.centre.tolist(),
        "prior_sd": free.sd,
    }
