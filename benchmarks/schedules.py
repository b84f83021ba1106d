"""The schedules on which the kernel is timed and checked: what patients live through, as kernel inputs.

Used by `make bench` and by tests/skeleton/test_kernel.py; the numbers are schedules, not science.
"""

from collections.abc import Callable

import numpy as np

from trabecula.skeleton.equations import CALCIUM_DRIVE, LOG_LOAD, N_INPUTS, OCCUPANCY, OESTROGEN, TERIPARATIDE, WORK
from trabecula.skeleton.inputs import Segments

YEAR_D = 365.25
# Daily mean receptor occupancy of 1 g IV methylprednisolone, of the day after, and of 7.5 mg prednisone.
PULSE, DAY_AFTER, LOW_DOSE = 0.81, 0.06, 0.14
DENOSUMAB_MG = 60.0


def _segments(
    n: int, pieces: list[tuple[float, dict[int, float], float]], menopause_y: float | None = None
) -> Segments:
    """Pieces of (last day, inputs, denosumab at the start) from the age of 30, yearly edges added, ageing on."""
    last = pieces[-1][0]
    edges = np.union1d(np.array([0.0] + [day for day, _, _ in pieces]), np.arange(0.0, last, YEAR_D))
    k = len(edges) - 1
    start, dose = np.zeros((k, N_INPUTS)), np.zeros((k, 3))
    start[:, CALCIUM_DRIVE] = 1.0
    starts = np.array([0.0] + [day for day, _, _ in pieces[:-1]])
    piece_of = np.searchsorted(starts, edges[:-1], side="right") - 1
    for i, (_, inputs, denosumab_mg) in enumerate(pieces):
        for channel, value in inputs.items():
            start[piece_of == i, channel] = value
        dose[np.searchsorted(edges, starts[i]), 1] = denosumab_mg
    end = start.copy()
    for ends, at in ((start, edges[:-1]), (end, edges[1:])):
        ends[:, WORK] = np.exp(-0.00384 * at / YEAR_D)
        since = np.maximum(at / YEAR_D - (menopause_y or np.inf), 0.0)
        ends[:, OESTROGEN] = 0.08 + 0.92 / (1.0 + (since / 1.5) ** 1.5)
    shape = (n, k, N_INPUTS)
    return Segments(edges, np.broadcast_to(start, shape).copy(), np.broadcast_to(end, shape).copy(), dose[None])


def pulses_and_denosumab(n: int, years: int = 10) -> Segments:
    """Five five-day pulses a year and denosumab twice a year."""
    pieces = []
    for year in range(years):
        for pulse in range(5):
            day = (year + pulse / 5) * YEAR_D
            dose = DENOSUMAB_MG if pulse in (0, 3) else 0.0
            pieces += [
                (day + 5, {OCCUPANCY: PULSE}, dose),
                (day + 6, {OCCUPANCY: DAY_AFTER}, 0.0),
                ((year + (pulse + 1) / 5) * YEAR_D, {}, 0.0),
            ]
    return _segments(n, pieces)


def daily_prednisone(n: int, years: int = 10) -> Segments:
    """7.5 mg of prednisone a day."""
    return _segments(n, [(years * YEAR_D, {OCCUPANCY: LOW_DOSE}, 0.0)])


def quiet_years(n: int, years: int = 40) -> Segments:
    """Forty years in which only age and the menopause act, in a woman from 30 to 70."""
    return _segments(n, [(years * YEAR_D, {}, 0.0)], menopause_y=20.0)


def denosumab_stopped(n: int) -> Segments:
    """Three years of denosumab, then two without."""
    pieces = [((i + 1) * YEAR_D / 2, {}, DENOSUMAB_MG if i < 6 else 0.0) for i in range(10)]
    return _segments(n, pieces)


def teriparatide(n: int) -> Segments:
    """Two years of teriparatide, then two without."""
    return _segments(n, [(2 * YEAR_D, {TERIPARATIDE: 1.0}, 0.0), (4 * YEAR_D, {}, 0.0)])


def bed_rest(n: int) -> Segments:
    """Four months in bed, then a year of recovery."""
    loads = {LOG_LOAD: np.log(0.55), LOG_LOAD + 1: np.log(0.2), LOG_LOAD + 2: np.log(0.2)}
    return _segments(n, [(120.0, {k: float(v) for k, v in loads.items()}, 0.0), (YEAR_D, {}, 0.0)])


Schedule = Callable[[int], Segments]
ALL: dict[str, Schedule] = {
    "five pulses a year and denosumab": pulses_and_denosumab,
    "7.5 mg prednisone daily": daily_prednisone,
    "forty quiet years": quiet_years,
    "denosumab, stopped": denosumab_stopped,
    "teriparatide, stopped": teriparatide,
    "bed rest": bed_rest,
}
