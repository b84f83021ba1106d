"""Why a march under replaced equations stopped: which of them gave no number, for which state, and when.

The equations are run once more in plain Python, from the last state that was reached.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trabecula.skeleton.changes import WHOLES, Equations
from trabecula.skeleton.equations import GS, LANE_NAMES, LANES, SITE_STATES, SITES, Letters, Vector
from trabecula.skeleton.inputs import Segments
from trabecula.skeleton.kernel import MarchError
from trabecula.timeline.record import NO_BIRTHDAY
from trabecula.units import date_at, years
from trabecula.vocabulary import site_name
from trabecula.words.message import Message, verbatim

_TRIED_D = (0.0, 1e-6, 1e-3, 1.0)
"""Steps from the last state in which the equations are asked again [d]."""


def explained(
    stopped: MarchError, equations: Equations, given: Segments, parameters: NDArray[np.void], birth: date
) -> MarchError:
    """The error with what replaced equations have to do with it; as it was when none is replaced."""
    if equations.is_shipped or stopped.state is None:
        return stopped
    x, p = _inputs_on(stopped.day, given, stopped.draw), parameters.view(np.recarray)[stopped.draw].copy()
    name, place = _first_failure(equations, stopped.state, x, p)
    if place is None:
        names = verbatim(", ".join(equations.changed_names))
        return MarchError(Message("refusal.equation.stopped", {"names": names, "when": _when(stopped.day, birth)}))
    values = {"name": name, "state": _state(equations, place), "when": _when(stopped.day, birth)}
    return MarchError(Message("refusal.equation.march", values))


class Watch:
    """Remembers the first replaced function that gave no number, or stopped with an error."""

    def __init__(self) -> None:
        self.name: str | None = None

    def __call__(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, watched."""

        def watched(*given: Any) -> Any:
            try:
                found = function(*given)
            except (ArithmeticError, ValueError, IndexError):  # compiled, most of these give no number
                found = np.nan
            if self.name is None and found is not None and not np.all(np.isfinite(found)):
                self.name = name
            return found

        return watched


def _inputs_on(day: float, given: Segments, draw: int) -> Vector:
    """The inputs of a draw on a day [N_INPUTS]."""
    k = int(np.clip(np.searchsorted(given.edges_d, day, side="right") - 1, 0, len(given.edges_d) - 2))
    share = (day - given.edges_d[k]) / (given.edges_d[k + 1] - given.edges_d[k])
    return given.start[draw, k] + share * (given.end[draw, k] - given.start[draw, k])


def _first_failure(equations: Equations, state: Vector, x: Vector, p: Letters) -> tuple[str, int | None]:
    """The replaced function that gave no number, and the place of the first state whose rate is none; None if all are.

    One that puts the parts together writes what it finds, so that it is known by its states alone. Where every
    replaced part gave a number, however large, none of them is named.
    """
    watch, wholes = Watch(), [name for name, _ in equations.replaced if name in WHOLES]
    derivatives = equations.bound(watch)["derivatives"]
    kV, rate = np.array([p.kV_LS, p.kV_FN, p.kV_TH, p.kV_TH]), np.zeros(len(state))
    for step in _TRIED_D:
        dy = np.full(len(state), np.nan)
        with np.errstate(all="ignore"):
            derivatives(state + step * rate, x, kV, p, dy)
        failed = np.flatnonzero(~np.isfinite(dy))
        if failed.size:
            named = [name for name in (watch.name, *wholes) if name]
            return (named[0], int(failed[0])) if named else ("", None)
        rate = dy
    return "", None


def _state(equations: Equations, place: int) -> Message:
    """A state by its name, and its site if it has one."""
    if place >= GS:
        return verbatim(equations.states[place])
    kind, lane = divmod(place, LANES)
    site = LANE_NAMES[lane] if lane < len(SITES) else SITES[-1]
    return Message("equation.state_at", {"state": verbatim(SITE_STATES[kind]), "site": site_name(site)})


def _when(day: float, birth: date) -> Message:
    """A day of life as a date, or an age where nobody was born."""
    if birth == NO_BIRTHDAY:
        return Message("equation.at_age", {"age": years(day)})
    return Message("equation.on_day", {"date": date_at(day, birth), "day": int(day)})
