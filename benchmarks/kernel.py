"""`make bench`: person-decades per core-second of the kernel beside scipy's LSODA, errors beside speeds.

The peer gets its best reasonable settings: a numba-compiled right-hand side, the thin `odeint` interface, one call
per segment (LSODA can't know where a dose falls), and the loosest tolerance whose density error is still within
the 1e-5 that the kernel is allowed. Both are timed in turn, several rounds, on one core; the median is printed.
A second table sets 200 draws of one person, who do not step alike, through the kernel of many and through the one that
is read, which was the only one before.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

import numpy as np
from numba import njit
from rich.console import Console
from rich.table import Table
from scipy.integrate import odeint

import schedules
from trabecula.evidence import Draws, Evidence
from trabecula.skeleton import batch
from trabecula.skeleton.equations import (
    BP,
    DE,
    LANES,
    LOG_V,
    N_INPUTS,
    N_STATES,
    RO,
    SITES,
    M,
    derivatives,
    healthy_state,
    turnovers,
)
from trabecula.skeleton.inputs import Segments
from trabecula.skeleton.kernel import march
from trabecula.skeleton.parameters import individual, kernel_parameters, unknown_person

ROUNDS = 5
BATCH = 64
DRAWS, CHECKED = 200, 25
TIGHT = 1e-7
ALLOWED_BMD_ERROR = 1e-5
PEER_TOLERANCES = (1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 1e-7, 1e-8)
SCENARIOS = (
    ("a", schedules.pulses_and_denosumab, 200.0),
    ("b", schedules.daily_prednisone, 300.0),
    ("c", schedules.quiet_years, 300.0),
)


@njit
def _right_hand_side(t, y, start, end, t0, t1, p):
    x = np.empty(N_INPUTS)
    for j in range(N_INPUTS):
        x[j] = start[j] + (t - t0) / (t1 - t0) * (end[j] - start[j])
    kV, dy = np.empty(LANES), np.empty(N_STATES)
    turnovers(p, kV)
    derivatives(y, x, kV, p, dy)
    return dy


def lsoda(segments: Segments, p: np.void, rtol: float, atol: float) -> np.ndarray:
    """States at every edge by LSODA, restarted at each edge."""
    y = healthy_state(1)[0]
    states = [y.copy()]
    for k in range(len(segments.edges_d) - 1):
        y = y.copy()
        y[BP] += segments.dose[0, k, 0]
        y[DE] += segments.dose[0, k, 1]
        y[RO] += segments.dose[0, k, 2]
        t0, t1 = segments.edges_d[k : k + 2]
        arguments = (segments.start[0, k], segments.end[0, k], t0, t1, p)
        y = odeint(_right_hand_side, y, (t0, t1), arguments, tfirst=True, rtol=rtol, atol=atol, mxstep=100_000)[-1]
        states.append(y)
    return np.array(states)


def density(states: np.ndarray) -> np.ndarray:
    """Relative density V * m of the three sites."""
    return np.exp(states[..., LOG_V : LOG_V + len(SITES)]) * states[..., M : M + len(SITES)]


def seconds(run: Callable[[], object]) -> float:
    """Process time of one call [s]."""
    begin = time.process_time()
    run()
    return time.process_time() - begin


def loosest_peer(segments: Segments, p: np.void, truth: np.ndarray) -> float:
    """The largest tolerance with which LSODA's density error is still allowed."""
    for rtol in PEER_TOLERANCES:
        if np.abs(density(lsoda(segments, p, rtol, rtol)) - density(truth)).max() <= ALLOWED_BMD_ERROR:
            return rtol
    return PEER_TOLERANCES[-1]


def race(one: Segments, many: Segments, parameters: np.ndarray, rtol: float) -> tuple[list[float], list[float]]:
    """Seconds a person of the kernel and of LSODA, in turn, round by round."""
    save, state = np.arange(len(one.edges_d)), healthy_state(BATCH)
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(seconds(lambda: march(many, parameters, state, save, threads=1)) / BATCH)
        theirs.append(seconds(lambda: lsoda(one, parameters[0], rtol, rtol)))
    return mine, theirs


@contextmanager
def the_kernel_that_is_read() -> Iterator[None]:
    """Nothing is taken by the kernel of many."""
    takes = batch.takes
    batch.takes = lambda *_: False
    try:
        yield
    finally:
        batch.takes = takes


def draws_of_one_person(draws: Draws) -> Table:
    """The table of draws: each with a pace of its own; errors are those of the first few."""
    table = Table(title=f"{DRAWS} draws of one person (ms on one core; errors of BMD)")
    for column in ("schedule", "read", "many", "ratio", "goal", "worst: read", "many", "median: read", "many"):
        table.add_column(column, justify="left" if column == "schedule" else "right")
    parameters = individual(kernel_parameters(draws), draws, unknown_person(draws))
    for letter, schedule, _ in SCENARIOS:
        given, state = schedule(DRAWS), healthy_state(DRAWS)
        few, save = schedule(CHECKED), np.arange(len(given.edges_d))
        with the_kernel_that_is_read():
            truth = march(few, parameters[:CHECKED], state[:CHECKED], save, TIGHT, threads=1)
        times: tuple[list[float], list[float]] = ([], [])
        few_states = [one_march(of_many, few, parameters[:CHECKED]) for of_many in (False, True)]
        errors = [np.abs(density(states) - density(truth)).max(axis=(1, 2)) for states in few_states]
        for _ in range(ROUNDS):
            for of_many, own in enumerate(times):
                own.append(seconds(partial(one_march, bool(of_many), given, parameters)))
        ratio = median(b / a for b, a in zip(*times, strict=True))
        table.add_row(
            f"({letter})", *(f"{1000 * median(own):.1f}" for own in times), f"{ratio:.2f} x", "1.5 x",
            *(f"{found.max():.0e}" for found in errors), *(f"{np.median(found):.0e}" for found in errors),
        )  # fmt: skip
    return table


def one_march(of_many: bool, given: Segments, parameters: np.ndarray) -> np.ndarray:
    """States at every edge by one of the two kernels."""
    save, state = np.arange(len(given.edges_d)), healthy_state(len(parameters))
    if of_many:
        return march(given, parameters, state, save, threads=1)
    with the_kernel_that_is_read():
        return march(given, parameters, state, save, threads=1)


def main() -> None:
    """Print the table."""
    console = Console()
    table = Table(title="Person-decades per core-second (median of rounds, one core)")
    for column in ("schedule", "ours", "LSODA", "ratio", "goal", "BMD error: ours", "LSODA", "LSODA rtol"):
        table.add_column(column, justify="left" if column == "schedule" else "right")
    evidence = Evidence.load()
    draws = evidence.draws(n=1, seed=1).central()
    parameters = np.repeat(kernel_parameters(draws), BATCH)
    for letter, schedule, goal in SCENARIOS:
        console.print(f"({letter}) {schedule.__doc__}", highlight=False)
        one, many = schedule(1), schedule(BATCH)
        save = np.arange(len(one.edges_d))
        decades = (one.edges_d[-1] - one.edges_d[0]) / (10 * schedules.YEAR_D)
        truth = lsoda(one, parameters[0], 1e-11, 1e-13)
        rtol = loosest_peer(one, parameters[0], truth)
        ours = march(many, parameters, healthy_state(BATCH), save, threads=1)
        peer = lsoda(one, parameters[0], rtol, rtol)
        mine, theirs = race(one, many, parameters, rtol)
        ratio = median(b / a for a, b in zip(mine, theirs, strict=True))
        errors = [np.abs(density(states) - density(truth)).max() for states in (ours[0], peer)]
        table.add_row(
            f"({letter})", f"{decades / median(mine):,.0f}", f"{decades / median(theirs):,.0f}", f"{ratio:.1f} x",
            f"{goal:.0f} x", f"{errors[0]:.0e}", f"{errors[1]:.0e}", f"{rtol:.0e}",
        )  # fmt: skip
    console.print(table)
    console.print(draws_of_one_person(evidence.draws(DRAWS, seed=1)))


if __name__ == "__main__":
    main()
