"""Does the sampler find what is there? Simulation-based calibration on the blocks that are cheap.

    python scripts/check_calibration.py --refits 100 --output docs/evidence/sbc.json

For each refit, parameters are drawn from the prior, findings are made up from them (the model's own values with
the tolerance as error), and the calibration is run on the made-up findings. If the sampler is right, the place of
the true value among the draws is uniform (Talts 2018, arXiv:1804.06788). A check of the code, no validation of the
model. Finished refits are kept, so that the script can be stopped and resumed.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.evidence import Evidence
from trabecula.lab.calibrate import FreeParameter, Likelihood, TargetDensity, climb, free_parameters, sample
from trabecula.lab.calibrate.likelihood import fitted_findings, moves_of
from trabecula.model import Model

Array = NDArray[np.float64]
PARTICLES, STEPS, PEOPLE = 49, 5, 1
DESIGN, FITS, PASSES = 8, 4, 8
NARROWED = 0.5  # of the prior's sd: far out there is no skeleton to speak of
BLOCKS = {"acute": ("acute",), "ageing": ("ageing",)}


class MadeUp(Likelihood):
    """The likelihood of findings that were made up."""

    def with_data(self, data: Array) -> "MadeUp":
        """The same, with other published values [findings]."""
        other = MadeUp(self.model, self.free, self.goals, self.people)
        object.__setattr__(other, "data", data)
        return other

    @property
    def published(self) -> Array:
        """The made-up values."""
        return self.data  # type: ignore[attr-defined]


def moved_by(likelihood: Likelihood, free: tuple[FreeParameter, ...], evidence: Evidence) -> tuple[FreeParameter, ...]:
    """The parameters that a block answers to, their priors narrowed."""
    here = moves_of(evidence, free)
    values = likelihood.values(np.vstack([here, here + 0.1 * np.eye(len(free))]))
    answer = np.abs(values[:, 1:] - values[:, :1]) / likelihood.allowed[:, None]
    chosen = [each for each, most in zip(free, answer.max(axis=0), strict=True) if most > 0.01]
    return tuple(FreeParameter(f.name, f.share, f.centre, NARROWED * f.sd, f.because) for f in chosen)


def refit(likelihood: MadeUp, seed: int) -> list[int] | None:
    """The places of the true values among the draws, 0..PARTICLES; none where the truth is no skeleton."""
    d = len(likelihood.free)
    truth = likelihood.prior_sd * np.stack([chance.normal(seed, f"sbc.truth.{i}", 0, 0) for i in range(d)])
    made = likelihood.values(truth[None])[:, 0]
    if not np.isfinite(made).all():
        return None
    noise = np.stack([chance.normal(seed, f"sbc.noise.{i}", 0, 0) for i in range(len(made))])
    own = likelihood.with_data(made + noise * likelihood.allowed / likelihood.weights)
    point = climb(own, np.zeros(d), STEPS)
    drawn = sample(
        TargetDensity(own.distances, own.prior_sd, own.groups, point.moves, point.jacobian),
        PARTICLES, seed, design=DESIGN, fits=FITS, passes=PASSES,
    )  # fmt: skip
    return np.sum(drawn.moves < truth, axis=0).tolist()


def main() -> None:
    """Run the refits of every block, keeping each as it is done."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--refits", type=int, default=100)
    options.add_argument("--blocks", nargs="*", default=list(BLOCKS))
    options.add_argument("--output", type=Path, default=Path("docs/evidence/sbc.json"))
    given = options.parse_args()
    evidence = Evidence.load()
    kept = json.loads(given.output.read_text(encoding="utf-8")) if given.output.exists() else {}
    for block in given.blocks:
        wanted = fitted_findings(evidence, BLOCKS[block])
        free = moved_by(Likelihood(Model(evidence), free_parameters(), wanted, PEOPLE), free_parameters(), evidence)
        likelihood = MadeUp(Model(evidence), free, wanted, PEOPLE)
        names = [f.name for f in free]
        if kept.get(block, {}).get("parameters") != names:  # refits of another model don't count for this one
            kept[block] = {"draws": PARTICLES, "findings": len(likelihood.weights), "parameters": names, "places": {}}
        done = kept[block]
        for seed in range(given.refits):
            if str(seed) in done["places"]:
                continue
            begin = time.perf_counter()
            done["places"][str(seed)] = refit(likelihood, seed)
            given.output.write_text(json.dumps(kept), encoding="utf-8")
            print(f"{block} {seed}: {time.perf_counter() - begin:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
