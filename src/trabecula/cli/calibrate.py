"""`trabecula calibrate`: posterior draws of the skeleton's parameters from the fitted findings. For model builders.

A run is a folder: started again with the same options it goes on where it stopped, with others it is refused. What it
draws replaces the package's own draws only when `--ship` says so, and the reference answers then move.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import seed_option, whole_option
from trabecula.cli.output import refusing, say

if TYPE_CHECKING:  # imported when the command runs, so that help comes at once
    from trabecula.lab.calibrate.run import Calibration

PARTICLES, STEPS = 300, 8
"""The draws that ship, and the steps of the climb to the mode."""
_FEWEST, _MOST, _MOST_STEPS, _WIDEST = 20, 5000, 50, 3.0
"""What makes sense: fewer particles than findings say nothing, and a cloud three times as wide is mostly refused."""


@click.command(short_help="Sample the skeletal parameters from their posterior (takes hours).")
@click.option(
    "--output", metavar="FOLDER", default="calibration", show_default=True,
    help="Folder for the run; repeat the command to resume a stopped run.",
)  # fmt: skip
@whole_option("particles", "a number of particles", _FEWEST, _MOST, PARTICLES, "Number of posterior draws.")
@seed_option("Random seed; the same seed gives the same draws.")
@whole_option(
    "steps", "a number of steps", 0, _MOST_STEPS, STEPS,
    "Optimiser steps to the posterior mode, from the registry values.",
)  # fmt: skip
@click.option(
    "--wider", type=click.FloatRange(1.0, _WIDEST), default=1.0, show_default=True,
    help="Width of the starting sample relative to the normal approximation; use to check convergence from another"
    " start.",
)  # fmt: skip
@click.option("--ship", is_flag=True, help="Also save the draws in the package registry.")
def calibrate(output: str, particles: int, seed: int, steps: int, wider: float, ship: bool) -> None:
    """Find the posterior mode of the skeletal parameters, then sample the posterior.

    Priors are in `calibrate/data/priors.yaml`; the data are the fitted findings of the studies under the tolerance
    rule. Predicted (held-out) findings are never used. Takes an hour or more, and can be stopped and resumed.

    \b
    Examples:
      trabecula calibrate --output run1
      trabecula calibrate --output check --particles 100 --seed 2 --wider 1.5
    """
    from trabecula.evidence.reading import DATA
    from trabecula.lab.calibrate.run import OtherCalibration
    from trabecula.lab.calibrate.run import ship as write

    with refusing(OtherCalibration, where="--output"):
        found = _run(Path(output), particles, seed, steps, wider)
    write(found, Path(output) / "posterior")
    if ship:
        write(found, DATA / "posterior")
    drawn = found.posterior
    say(f"{len(drawn.moves)} draws from {drawn.evaluations} runs of the model, in {output}/posterior")


def _run(folder: Path, particles: int, seed: int, steps: int, wider: float) -> "Calibration":
    """The run, with its progress on the error stream."""
    from trabecula.lab.calibrate.run import calibrate as run
    from trabecula.model import Model

    begin = time.monotonic()
    return run(
        Model.default(), folder, particles, seed, steps, wider,
        lambda text: click.echo(f"{time.monotonic() - begin:7.0f} s  {text}", err=True),
    )  # fmt: skip
