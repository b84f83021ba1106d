"""What a blood test would show: CTX, P1NP and osteocalcin from the rates of resorption and formation.

Nothing feeds back on the bone, so the markers are read off the finished march: each is a linear filter that
follows its source with a lag.
"""

import numpy as np

from trabecula.evidence import Draws
from trabecula.skeleton.changes import Equations
from trabecula.skeleton.kernel import read_turnover
from trabecula.skeleton.parameters import kernel_parameters
from trabecula.units import Array

NAMES = ("CTX", "P1NP", "osteocalcin")
"""Of resorption, of formation, and of the osteoblasts themselves, in the order of forms and results."""


def sources(states: Array, inputs: Array, draws: Draws, equations: Equations) -> dict[str, Array]:
    """What each marker follows, relative to a healthy 30-year-old: states, inputs [n, T, ...] -> [n, T].

    CTX = Z^qC, P1NP = F^qP, with the resorption Z and formation F of the equations at trabecular (spine) and
    cortical bone (hip), of which blood sees both; osteocalcin is
    made by the same osteoblasts, but glucocorticoids silence its gene.
    """
    Z_spine, Z_hip, F_spine, F_hip, Gf, idle = np.moveaxis(
        read_turnover(states, inputs, kernel_parameters(draws, equations), equations), -1, 0
    )
    spine = draws["skeleton.marker.spine_weight"][:, None]
    Z, F = spine * Z_spine + (1.0 - spine) * Z_hip, spine * F_spine + (1.0 - spine) * F_hip
    F = np.maximum(F, 0.0)  # the last digits of an integrator may lie below nothing
    return {
        "CTX": Z ** draws["skeleton.marker.ctx_exponent"][:, None],
        "P1NP": F ** draws["skeleton.marker.p1np_exponent"][:, None],
        "osteocalcin": F / (1.0 - idle) * (1.0 - Gf),
    }


def markers(
    days: Array, after: dict[str, Array], before: dict[str, Array], draws: Draws, since: dict[str, Array] | None = None
) -> dict[str, Array]:
    """The course of each marker [n, T]; one that goes on begins with the last value of `since`.

    after, before: the sources just after and just before each of the `days` [T]; between two days a source is
    taken as linear, so that a dose given on a day acts from that day on.
    """
    per_day = {
        "CTX": 1.0 / draws["skeleton.marker.ctx_lag"],
        "P1NP": 1.0 / draws["skeleton.marker.p1np_lag"],
        "osteocalcin": draws["skeleton.marker.osteocalcin_clearance"],
    }
    begin = {name: (before if since is None else since)[name] for name in NAMES}
    at = 0 if since is None else -1
    return {name: follow(days, after[name], before[name], per_day[name], begin[name][:, at]) for name in NAMES}


def follow(days: Array, after: Array, before: Array, per_day: Array, begin: Array) -> Array:
    """A quantity that follows its source at a rate `per_day` [n]: dy/dt = per_day * (source - y), exactly.

    days: rising [T]; after, before: the source just after and just before each day, linear between two days [n, T];
    begin: its value on the first of the days [n]. Returns [n, T]. Exact for any step, so that monthly and yearly days
    give the same value on the days they share.
    """
    y = np.empty_like(after)
    y[:, 0] = begin
    for t in range(1, len(days)):
        k = per_day * (days[t] - days[t - 1])
        left, first, last = np.exp(-k), after[:, t - 1], before[:, t]
        y[:, t] = last + (y[:, t - 1] - first) * left - (last - first) * (1.0 - left) / k
    return y
