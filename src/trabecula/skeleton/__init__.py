"""How bone remodels: exposures in, density and markers out, relative to the healthy 30-year-old."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trabecula.evidence import Draws
from trabecula.skeleton.changes import Equations, FurtherState
from trabecula.skeleton.checks import EquationRefused, raised
from trabecula.skeleton.diagnosis import explained
from trabecula.skeleton.equations import LOG_V, SITES, M, Y
from trabecula.skeleton.inputs import DoseRefused, Segments, segments
from trabecula.skeleton.kernel import RTOL, SHIPPED, March, MarchError, arrivals_of_many
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
) -> Skeleton:
    """March the skeleton through a timeline and read it on `days`, each an edge of the timeline.

    `traits` say how this person differs from others in each draw; without them, not at all. The march begins with the
    healthy, or goes on from the last day of `since`, which is then the first of the `days`.

    equations: those that ship, unless others are given. Raises DoseRefused for absurd doses, ValueError for inputs
    without meaning, MarchError if the march fails: with a replaced equation it says which one, where and when.
    """
    asked = stretch(timeline, draws, days, traits, None if since is None else since.state, equations)
    return read(asked, marched(asked, rtol), since)


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
    return marched(stretch(timeline, draws, days, traits, since, equations))


@dataclass(frozen=True)
class Stretch:
    """A stretch of a life that is to be marched."""

    timeline: Timeline
    draws: Draws
    days: Array
    """On which the skeleton is read [T]."""
    given: Segments
    """What acts up to the last of them."""
    save: NDArray[np.int64]
    """Which edges of that they are."""
    parameters: NDArray[np.void]
    """The letters of the equations, for this person in each draw."""
    begin: Array
    """States on the first edge [n, N_STATES]."""
    equations: Equations


def stretch(
    timeline: Timeline,
    draws: Draws,
    days: ArrayLike,
    traits: Traits | None = None,
    since: Array | None = None,
    equations: Equations = SHIPPED,
) -> Stretch:
    """What `states_on` marches, not yet marched; raises DoseRefused and ValueError as it does."""
    on = np.asarray(days, dtype=np.float64)
    given, save = segments(timeline, draws), _edges_of(on, timeline)
    first = 0 if since is None else int(save[0])
    given, save = _between(first, max(int(save[-1]), first + 1), given), save - first
    parameters = kernel_parameters(draws, equations)
    if traits is not None:
        parameters = individual(parameters, draws, traits)
    begin = equations.healthy(draws.n) if since is None else since
    return Stretch(timeline, draws, on, given, save, parameters, begin, equations)


def marched(asked: Stretch, rtol: float = RTOL) -> Array:
    """The states of a stretch on its days [n, T, N_STATES]; MarchError if it does not arrive."""
    [found] = marched_together([asked], rtol)
    if isinstance(found, MarchError):
        raise found
    return found


def marched_together(asked: Sequence[Stretch], rtol: float = RTOL) -> list[Array | MarchError]:
    """The states of many stretches, marched side by side: each as if it were alone, to the last bit.

    Whoever does not arrive is told in the place of their states, and changes nothing about the others.
    """
    found: list[Array | MarchError] = [np.empty(0)] * len(asked)
    for equations in dict.fromkeys(one.equations for one in asked):
        places = [i for i, one in enumerate(asked) if one.equations is equations]
        for i, states in zip(places, _arrived([asked[i] for i in places], rtol, equations), strict=True):
            found[i] = states
    return found


def _arrived(asked: Sequence[Stretch], rtol: float, equations: Equations) -> list[Array | MarchError]:
    """The same under the same equations."""
    marches = [March(one.given, one.parameters, one.begin, one.save) for one in asked]
    try:
        arrived = arrivals_of_many(marches, rtol, equations=equations)
    except Exception as error:  # what ships raises nothing else
        if equations.is_shipped:
            raise
        raise raised(", ".join(equations.changed_names), error) from error
    return [
        explained(stopped[0], equations, one.given, one.parameters, one.timeline.birth) if stopped else states
        for one, (states, stopped) in zip(asked, arrived, strict=True)
    ]


def read(asked: Stretch, states: Array, since: Skeleton | None = None, *, with_markers: bool = True) -> Skeleton:
    """The skeleton of a stretch that was marched to some states; markers go on from those of `since`."""
    density = {site: np.exp(states[:, :, LOG_V + i]) * states[:, :, M + i] for i, site in enumerate(SITES)}
    quality = {site: states[:, :, Y + i].copy() for i, site in enumerate(SITES)}
    marked = {}
    if with_markers:
        given, save, draws, equations = asked.given, asked.save, asked.draws, asked.equations
        after = sources(states, given.start[:, np.minimum(save, len(given.edges_d) - 2)], draws, equations)
        before = sources(states, given.end[:, np.maximum(save - 1, 0)], draws, equations)
        marked = markers(asked.days, after, before, draws, None if since is None else since.markers)
    return Skeleton(asked.days, density, marked, quality, states[:, -1].copy())


def log_density(states: Array) -> dict[str, Array]:
    """Logarithm of density by site, relative to the healthy 30-year-old [n, T]."""
    return {site: states[:, :, LOG_V + i] + np.log(states[:, :, M + i]) for i, site in enumerate(SITES)}


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
