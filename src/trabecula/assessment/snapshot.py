"""What is kept of a life that was lived through, so that a later question need not live through it again.

    small = take_snapshot(known.past.skeleton, known.measured)                    # some 50 kB once it is compressed
    again = prepare(person, on, model, draws, seed, horizon_y, small)  # the same person, draw by draw

Every number is kept as it is, so that an answer is the same to the last digit. It is for a program's own use on the
same day: the person, the day and the draws must be those of before.
"""

import numpy as np

from trabecula.skeleton import SITES, Skeleton
from trabecula.skeleton.equations import N_STATES
from trabecula.skeleton.markers import NAMES
from trabecula.twin import Measurements
from trabecula.units import Array

_BYTES = np.dtype(np.float64).itemsize


def take_snapshot(past: Skeleton, measured: Measurements) -> bytes:
    """The states on the last day, density on the days of scans, and markers on the last day and those of samples.

    As 64-bit floats, one row a quantity and one column a draw [(states + (sites + markers) x days) x n].
    """
    days = _days(measured, float(past.days[-1]))
    at = np.searchsorted(past.days, days)
    scanned = np.isin(days, [scan.day for scan in measured.scans])
    sampled = np.isin(days, [*(sample.day for sample in measured.markers), past.days[-1]])
    read = [np.where(scanned, past.density[site][:, at], np.nan) for site in SITES]
    read += [np.where(sampled, past.markers[name][:, at], np.nan) for name in NAMES]
    return np.hstack([past.state, *read]).T.tobytes()


def skeleton_of(data: bytes, measured: Measurements, today: float, n: int) -> Skeleton:
    """The skeleton that was kept, of `n` draws; not a number where it was not looked at.

    Raises ValueError when the bytes were kept of somebody else.
    """
    days = _days(measured, today)
    shape = (N_STATES + (len(SITES) + len(NAMES)) * len(days), n)
    if len(data) != shape[0] * n * _BYTES:
        raise ValueError("the saved state is for another person, date or number of draws: discard it")
    numbers = np.frombuffer(data).reshape(shape).T
    read = np.split(numbers[:, N_STATES:], len(SITES) + len(NAMES), axis=1)
    density: dict[str, Array] = dict(zip(SITES, read[: len(SITES)], strict=True))
    markers: dict[str, Array] = dict(zip(NAMES, read[len(SITES) :], strict=True))
    return Skeleton(days, density, markers, {}, np.ascontiguousarray(numbers[:, :N_STATES]))


def _days(measured: Measurements, today: float) -> Array:
    """The days that are kept: those of the measurements, and the day of assessment."""
    return np.unique([*measured.days, today])
