"""What is kept of a life that was lived through, so that a later question need not live through it again.

    small = take_snapshot(known.past.skeleton, known.measured, known.model)       # some 50 kB once it is compressed
    again = prepare(person, on, model, draws, seed, horizon_y, small)  # the same person, draw by draw

Every number is kept as it is, so that an answer is the same to the last digit. It is for a program's own use on the
same day: the person, the day, the model and the draws must be those of before.
"""

import numpy as np

from trabecula.model import Model
from trabecula.skeleton import SITES, Skeleton
from trabecula.skeleton.markers import NAMES
from trabecula.twin import Measurements
from trabecula.units import Array

_BYTES = np.dtype(np.float64).itemsize


def take_snapshot(past: Skeleton, measured: Measurements, model: Model) -> bytes:
    """The mark of the model; the states on the last day, density on days of scans, markers on that day and of samples.

    As 64-bit floats, one row a quantity and one column a draw [(states + (sites + markers) x days) x n].
    """
    days = _days(measured, float(past.days[-1]))
    at = np.searchsorted(past.days, days)
    scanned = np.isin(days, [scan.day for scan in measured.scans])
    sampled = np.isin(days, [*(sample.day for sample in measured.markers), past.days[-1]])
    read = [np.where(scanned, past.density[site][:, at], np.nan) for site in SITES]
    read += [np.where(sampled, past.markers[name][:, at], np.nan) for name in NAMES]
    return model.fingerprint + np.hstack([past.state, *read]).T.tobytes()


def skeleton_of(data: bytes, measured: Measurements, today: float, n: int, model: Model) -> Skeleton:
    """The skeleton that was kept, of `n` draws; not a number where it was not looked at.

    Raises ValueError when the bytes were kept of somebody else, or under another model.
    """
    days = _days(measured, today)
    mark, n_states = model.fingerprint, model.equations.n_states
    shape = (n_states + (len(SITES) + len(NAMES)) * len(days), n)
    if len(data) != len(mark) + shape[0] * n * _BYTES or not data.startswith(mark):
        raise ValueError("the saved state is for another person, date, model or number of draws: discard it")
    numbers = np.frombuffer(data, offset=len(mark)).reshape(shape).T
    read = np.split(numbers[:, n_states:], len(SITES) + len(NAMES), axis=1)
    density: dict[str, Array] = dict(zip(SITES, read[: len(SITES)], strict=True))
    markers: dict[str, Array] = dict(zip(NAMES, read[len(SITES) :], strict=True))
    return Skeleton(days, density, markers, {}, np.ascontiguousarray(numbers[:, :n_states]))


def _days(measured: Measurements, today: float) -> Array:
    """The days that are kept: those of the measurements, and the day of assessment."""
    return np.unique([*measured.days, today])
