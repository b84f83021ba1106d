"""`make bench`: person-decades per core-second of the kernel beside scipy's LSODA, errors beside speeds.

The peer gets its best reasonable settings: a numba-compiled right-hand side, the thin `odeint` interface, one call
per segment (LSODA can't know where a dose falls), and the loosest tolerance whose density error is still within
the 1e-5 that the kernel is allowed. Both are timed in turn, several rounds, on one core; the median is printed.
"""

import time
from collections.abc import Callable
from statistics import median

import numpy as np
from numba import njit
from rich.console import Console
from rich.table import Table
from scipy.integrate import odeint

import schedules
from trabecula.evidence import Evidence
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
from trabecula.skeleton.parameters import kernel_parameters

ROUNDS = 5
BATCH = 64
ALLOWED_BMD_ERROR = 1e-5
PEER_TOLERANCES = (1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 1e-7, 1e-8)
SCENARIOS = (
    ("a", schedules.pulses_and_denosumab, 60.0),
    ("b", schedules.daily_prednisone, 8.0),
    ("c", schedules.quiet_years, 3.0),
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


def main() -> None:
    """Print the table."""
    console = Console()
    table = Table(title="Person-decades per core-second (median of rounds, one core)")
    for column in ("schedule", "ours", "LSODA", "ratio", "goal", "BMD error: ours", "LSODA", "LSODA rtol"):
        table.add_column(column, justify="left" if column == "schedule" else "right")
    draws = Evidence.load().draws(n=1, seed=1).central()
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


if __name__ == "__main__":
    main()
