"""How bone remodels: exposures in, density and markers out, relative to the healthy 30-year-old."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trabecula.evidence import Draws
from trabecula.skeleton.changes import Equations, FurtherState
from trabecula.skeleton.checks import EquationRefused, raised
from trabecula.skeleton.diagnosis import explained
from trabecula.skeleton.equations import LOG_V, SITES, M, Y
from trabecula.skeleton.inputs import DoseRefused, Segments, segments
from trabecula.skeleton.kernel import RTOL, SHIPPED, MarchError, march
from trabecula.skeleton.markers import markers, sources
from trabecula.skeleton.parameters import TRAITS, Traits, individual, kernel_parameters, unknown_person
from trabecula.timeline import Timeline
from trabecula.units import Array


@dataclass(frozen=True)
class Skeleton:
    """The course of one skeleton under every draw."""

    days: Array
    """Days since birth on which it was read [T]."""
    density: dict[str, Array]
    """Matrix times mineralisation by site, relative to the start of the march [n, T]."""
    markers: dict[str, Array]
    """CTX, P1NP and osteocalcin, relative to a healthy 30-year-old [n, T]; none where nobody asked for them."""
    quality: dict[str, Array]
    """Share of the osteocytes that is alive by site, 1 in the healthy [n, T].

    It stands for the quality of bone beyond its density: how much dead osteocytes weaken it is not known, so no risk
    uses it.
    """
    state: Array
    """All states on the last day, before what is given on it [n, N_STATES]: `simulate` goes on from there."""


def simulate(
    timeline: Timeline,
    draws: Draws,
    days: ArrayLike,
    traits: Traits | None = None,
    rtol: float = RTOL,
    since: Skeleton | None = None,
    equations: Equations = SHIPPED,
    *,
    with_markers: bool = True,
) -> Skeleton:
    """March the skeleton through a timeline and read it on `days`, each an edge of the timeline.

    `traits` say how this person differs from others in each draw; without them, not at all. The march begins with the
    healthy, or goes on from the last day of `since`, which is then the first of the `days`.

    equations: those that ship, unless others are given; with_markers: whether markers are read too. Raises DoseRefused
    for absurd doses, ValueError for inputs without meaning, MarchError if the march fails: with a replaced equation it
    says which one, where and when.
    """
    days = np.asarray(days, dtype=np.float64)
    states, given, save = _marched(
        timeline, draws, days, traits, rtol, None if since is None else since.state, equations
    )
    density = {site: np.exp(states[:, :, LOG_V + i]) * states[:, :, M + i] for i, site in enumerate(SITES)}
    quality = {site: states[:, :, Y + i].copy() for i, site in enumerate(SITES)}
    marked = {}
    if with_markers:
        after = sources(states, given.start[:, np.minimum(save, len(given.edges_d) - 2)], draws, equations)
        before = sources(states, given.end[:, np.maximum(save - 1, 0)], draws, equations)
        marked = markers(days, after, before, draws, None if since is None else since.markers)
    return Skeleton(days, density, marked, quality, states[:, -1].copy())


def states_on(
    timeline: Timeline,
    draws: Draws,
    days: ArrayLike,
    traits: Traits | None = None,
    since: Array | None = None,
    equations: Equations = SHIPPED,
) -> Array:
    """All states on `days` alone [n, T, N_STATES], as `simulate` marches them; no marker is read.

    `since`: the states [n, N_STATES] of the first of the days, from which the march goes on.
    """
    read = np.asarray(days, dtype=np.float64)
    return _marched(timeline, draws, read, traits, RTOL, since, equations)[0]


def log_density(states: Array) -> dict[str, Array]:
    """Logarithm of density by site, relative to the healthy 30-year-old [n, T]."""
    return {site: states[:, :, LOG_V + i] + np.log(states[:, :, M + i]) for i, site in enumerate(SITES)}


def _marched(
    timeline: Timeline, draws: Draws, days: Array, traits: Traits | None, rtol: float, since: Array | None,
    equations: Equations,
) -> tuple[Array, Segments, NDArray[np.int64]]:  # fmt: skip
    """The states on the days [n, T, N_STATES], what acted up to the last of them, and which edges of it they are."""
    given = segments(timeline, draws)
    save = _edges_of(days, timeline)
    first = 0 if since is None else int(save[0])
    given, save = _between(first, max(int(save[-1]), first + 1), given), save - first
    parameters = kernel_parameters(draws, equations)
    if traits is not None:
        parameters = individual(parameters, draws, traits)
    begin = equations.healthy(draws.n) if since is None else since
    try:
        return march(given, parameters, begin, save, rtol, equations=equations), given, save
    except MarchError as stopped:
        raise explained(stopped, equations, given, parameters, timeline.birth) from None
    except Exception as error:  # what ships raises nothing else
        if equations.is_shipped:
            raise
        raise raised(", ".join(equations.changed_names), error) from error


def _between(first: int, last: int, given: Segments) -> Segments:
    """What acts between two edges."""
    edges, inside = slice(first, last + 1), slice(first, last)
    return Segments(given.edges_d[edges], given.start[:, inside], given.end[:, inside], given.dose[:, inside])


def _edges_of(days: Array, timeline: Timeline) -> NDArray[np.int64]:
    """The edge numbers of days; a day that is no edge is a mistake of the caller."""
    found = np.searchsorted(timeline.edges_d, days)
    if found.max(initial=0) >= len(timeline.edges_d) or not np.array_equal(timeline.edges_d[found], days):
        raise ValueError("every day to be read must be an edge of the timeline")
    return found
