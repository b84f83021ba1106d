"""`make bench`: the fracture risks of 100,000 people, ten years, eight sites and the groups, with their density given.

People are rows of one run. Everyone has an own density, body mass, habits, illnesses and fall history; yearly steps.
"""

import time
from datetime import timedelta

import numpy as np
from rich.console import Console

from trabecula.evidence import Draws, Evidence
from trabecula.fracture import SITES, Exposure, fracture_risk, time_grid
from trabecula.fracture.dependence import population

PEOPLE = 100_000
AGE_Y = 60.0
HORIZONS_Y = (1.0, 2.0, 5.0, 10.0)
ROUNDS = 2
ALLOWED = timedelta(seconds=10)


def main() -> None:
    """Time it, and say whether it is within what was promised."""
    console = Console()
    draws = Evidence.load().draws(1).central()
    runs = [once(draws) for _ in range(ROUNDS)]
    seconds, hip = min(runs)
    console.print(
        f"Fracture risks of {PEOPLE:,} women of {AGE_Y:.0f} ({len(SITES)} sites, ten yearly steps): {seconds:.1f} s"
        f" of processor time of {ALLOWED.total_seconds():.0f} s allowed; mean ten-year hip risk {100 * hip:.2f} %."
    )
    if seconds > ALLOWED.total_seconds():
        raise SystemExit("Slower than promised.")


def once(draws: Draws) -> tuple[float, float]:
    """(seconds of processor time on one core, mean ten-year hip risk) of one run."""
    start = time.process_time()
    age_y, dt_y = time_grid(AGE_Y, AGE_Y + max(HORIZONS_Y), 0)
    base = Exposure("female", "US", age_y, dt_y)
    total = 0.0
    for group in population(base, PEOPLE, 1, draws):
        risks = fracture_risk(group.exposure, group.z, draws, HORIZONS_Y)
        total += float(np.sum(risks.at("hip", max(HORIZONS_Y))))
    return time.process_time() - start, total / PEOPLE


if __name__ == "__main__":
    main()
