"""Events of many lives: the same hazards lived through here and in starsim, per person-year, in one run.

    .venv/bin/python benchmarks/events.py [--people 100000] [--years 10] [--peer PYTHON_WITH_STARSIM]

A recurrent fracture and death, with hazards that grow with age and differ between people, in steps of a quarter of a
year; working out the hazards counts for both. Here as in `simulation`: thresholds keyed by person, and the moment at
which the hazard passes them, exact whatever the steps. Both are asked for the fractures that a closed form expects.
Starsim (`pip install starsim`) is tried with its common random numbers, as here, and without them, which is faster, and
in shorter steps, which it needs to know when something happened. Compiling and setting up count for neither.
"""

import argparse
import json
import subprocess
import time
from itertools import product
from pathlib import Path

import numpy as np

from trabecula.simulation.events import NOTHING, first_events, thresholds

DT_Y, GROWS, RATE, ROUNDS = 0.25, 0.08, 0.01, 5


def hazards(age_y, frailty, years):
    """Of a fracture and of death in each quarter [2, n, T]."""
    grown = np.exp(GROWS * (age_y[:, None] + np.arange(0.0, years, DT_Y) - 60.0))
    return RATE * np.stack([grown * frailty[:, None], grown])


def lived(age_y, frailty, years):
    """Fractures and deaths."""
    n = len(age_y)
    who, dt = np.arange(n), np.full(round(years / DT_Y), DT_Y)
    hazard, episode = hazards(age_y, frailty, years), np.zeros(n, dtype=np.int64)
    left = np.stack([thresholds(1, cause, episode, who) for cause in ("fracture", "death")])
    rows, begin, fractures, deaths = who, np.zeros(n), 0, 0
    while len(rows):
        cause, when = np.full(len(rows), NOTHING, dtype=np.int64), np.full(len(rows), float(years))
        own = np.ascontiguousarray(left[:, rows])
        rates = hazard if len(rows) == n else np.ascontiguousarray(hazard[:, rows])
        first_events(rates, dt, begin, own, cause, when)
        left[:, rows] = own
        deaths += int(np.sum(cause == 1))
        again = cause == 0
        rows, begin = rows[again], when[again]
        fractures += len(rows)
        episode[rows] += 1
        left[0, rows] = thresholds(1, "fracture", episode[rows], rows)
    return fractures, deaths


def expected(age_y, frailty, years):
    """Fractures and deaths that the hazards expect of these people."""
    fracture, death = hazards(age_y, frailty, years)
    passed = np.cumsum(death * DT_Y, axis=1)
    alive = np.exp(-(passed - death * DT_Y))
    there = alive * -np.expm1(-death * DT_Y) / death
    return float((fracture * there).sum()), float((1.0 - np.exp(-passed[:, -1])).sum())


def ours(age_y, frailty, years):
    """Events, and seconds of the fastest round: on the clock, of the processor."""
    lived(age_y[:10], frailty[:10], years)
    runs = []
    for _ in range(ROUNDS):
        begun, used = time.perf_counter(), time.process_time()
        found = lived(age_y, frailty, years)
        runs.append((time.perf_counter() - begun, time.process_time() - used))
    return *found, *map(min, zip(*runs, strict=True))


def theirs(python, people, years, keyed, steps):
    """The same in starsim, in so many steps a year."""
    script = Path(__file__).with_name("events_starsim.py")
    runs = []
    for _ in range(ROUNDS):
        asked = [python, script, *map(str, (people, years, steps)), keyed]
        done = subprocess.run(asked, capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    best = min(runs, key=lambda run: run["processor_s"])
    return best["events"], best["deaths"], min(run["seconds"] for run in runs), best["processor_s"], best["version"]


def main():
    """Measure, and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--peer", help="a Python that has starsim")
    wanted = parser.parse_args()
    rng = np.random.default_rng(1)
    age_y = rng.uniform(50.0, 80.0, wanted.people)
    frailty = np.exp(rng.normal(0.0, 0.5, wanted.people) - 0.125)
    fractures, deaths = expected(age_y, frailty, wanted.years)
    print(f"{wanted.people} people, {wanted.years} years, expected {fractures:.0f} fractures and {deaths:.0f} deaths")
    found = ours(age_y, frailty, wanted.years)
    _say("here, keyed by person", found, wanted)
    for keyed, steps in product(("yes", "no"), (4, 12, 52)) if wanted.peer else ():
        *peer, version = theirs(wanted.peer, wanted.people, wanted.years, keyed, steps)
        kind = "common random numbers" if keyed == "yes" else "plain random numbers"
        name = f"starsim {version}, {kind}, {steps} steps a year"
        _say(name, peer, wanted)
        print(f"    {peer[3] / found[3]:.1f} x the processor time of here")


def _say(name, found, wanted):
    """One line."""
    fractures, deaths, seconds, used = found
    each = 1e9 * used / (wanted.people * wanted.years)
    print(f"{name}: {fractures} fractures, {deaths} deaths, {seconds:.3f} s, {each:.0f} ns of processor a person-year")


if __name__ == "__main__":
    main()
