"""First events when death competes.

Over a step of length dt with hazards h (event) and m (death), the survivor share S loses
S (1 - exp(-(h + m) dt)), of which h / (h + m) to the event.
"""

from dataclasses import dataclass

import numpy as np

from trabecula.evidence.draws import Array


@dataclass(frozen=True)
class Course:
    """Shares at the edges of the steps [n, T + 1]: had the event, died before it, still at risk; sum 1."""

    event: Array
    death: Array
    at_risk: Array


def course(hazard: Array, death: Array, dt_y: Array) -> Course:
    """The course of a first event with a hazard and a death rate [per y, n x T] over steps dt_y [T]."""
    hazard, death = np.broadcast_arrays(hazard, death)
    total = hazard + death
    at_risk = _from(1.0, np.exp(-np.cumsum(total * dt_y, axis=1)))
    lost = at_risk[:, :-1] - at_risk[:, 1:]
    share = np.divide(hazard, total, out=np.zeros_like(total), where=total > 0)
    event = _from(0.0, np.cumsum(lost * share, axis=1))
    return Course(event, 1 - at_risk - event, at_risk)


def read_at(course_: Array, edges_y: Array, horizons_y: Array) -> Array:
    """A course [n, T + 1] at horizons [H], linear inside a step [n, H]."""
    right = np.clip(np.searchsorted(edges_y, horizons_y), 1, len(edges_y) - 1)
    weight = (horizons_y - edges_y[right - 1]) / (edges_y[right] - edges_y[right - 1])
    return course_[:, right - 1] * (1 - weight) + course_[:, right] * weight


def _from(start: float, later: Array) -> Array:
    """A course with its value at the beginning of the grid."""
    return np.concatenate([np.full((len(later), 1), start), later], axis=1)
