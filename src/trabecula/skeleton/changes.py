"""The equations as an object, and how one of them is replaced.

    def fast_steroid_effect(u, p):
        return u**3 / (u**3 + p.u50**3)

    equations = Equations().replacing(fast_steroid_effect=fast_steroid_effect)

What is replaced is compiled in the place of what ships: the functions of `equations` and `kernel` are taken as they
stand and bound to other names, so that no equation is written down twice. The march, its step control and the markers
all follow.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType
from typing import Any

import numpy as np
from numba import njit
from numba.core.dispatcher import Dispatcher
from numpy.typing import NDArray

from trabecula.skeleton import equations as shipped
from trabecula.skeleton import parts
from trabecula.skeleton.checks import EquationRefused, check_function, plain_function
from trabecula.skeleton.equations import (
    GS,
    INPUTS,
    LETTERS,
    LOG_LOAD,
    N_STATES,
    PARAMETERS,
    SHARED_STATES,
    STATES,
    Letters,
    Vector,
    healthy_state,
)
from trabecula.words.message import Message, verbatim

WHOLES = ("acute", "derivatives", "lasting_rate", "fastest_rate", "turnover")
"""The functions that put the parts together, in the order in which they need each other."""
NAMES = tuple(
    name
    for name, found in vars(parts).items()
    if isinstance(found, FunctionType) and found.__module__ == parts.__name__ and name != "decay"
)
"""The parts that can be replaced; beside them the functions that put them together can (`WHOLES`)."""
_BY_NAME = {
    **{name: f"x[{i}]" for i, name in enumerate(INPUTS[:LOG_LOAD])},
    **{name: f"y[{GS + i}]" for i, name in enumerate(SHARED_STATES)},
}
"""What all sites share: inputs and states, which replaced parts read as `p.<name>`."""
FAST = {"error_model": "numpy", "fastmath": {"contract", "arcp", "nsz", "reassoc"}}


@dataclass(frozen=True)
class FurtherState:
    """A state beside those that ship, which all sites share; parts read it as `p.<name>`."""

    rate: Callable[[Vector, Vector, Letters], float]
    """Its time derivative [1/d] in states `y` under inputs `x`: function of y, x, p."""
    healthy: float = 0.0
    """Its value in the healthy 30-year-old, where its rate should be 0."""
    settles_per_day: float = 0.0
    """The fastest rate at which it settles [1/d], if that is faster than what ships; only speed hangs on it."""


@dataclass(frozen=True)
class Equations:
    """How bone remodels: the equations that ship, but for what is replaced. Two of the same content are equal."""

    replaced: tuple[tuple[str, Callable[..., Any]], ...] = ()
    """What stands in the place of a part or a whole, by its name."""
    further_letters: tuple[str, ...] = ()
    """Letters beside those that ship: each is the `symbol` of a parameter of the registry."""
    further_states: tuple[tuple[str, FurtherState], ...] = ()
    """States beside those that ship, by name."""

    def replacing(
        self,
        *,
        letters: Sequence[str] = (),
        states: Mapping[str, FurtherState | Callable[..., float]] | None = None,
        **functions: Callable[..., Any],
    ) -> "Equations":
        """Other equations, with what is given in place of what these have.

        functions: a part by its name (`NAMES`) or one of the functions that put them together (`WHOLES`), with the
        arguments of the one that ships, in Python that numba compiles; letters: further symbols of the registry, which
        parts read as `p.<symbol>`; states: further states by name, or their rates alone (functions of y, x and p).
        Raises EquationRefused for what cannot be used.
        """
        for name in functions:
            if name not in (*NAMES, *WHOLES):
                known = [verbatim(known) for known in (*NAMES, *WHOLES)]
                raise EquationRefused(Message("refusal.equation.unknown", {"name": name, "known": known}))
        own = {name: plain_function(name, function) for name, function in functions.items()}
        given = states or {}
        added = {name: one if isinstance(one, FurtherState) else FurtherState(one) for name, one in given.items()}
        more = {**dict(self.further_states), **added}
        changed = Equations(
            tuple({**dict(self.replaced), **own}.items()),
            tuple(dict.fromkeys((*self.further_letters, *letters))),
            tuple(more.items()),
        )
        changed._check(own, added)
        return changed

    def _check(self, functions: Mapping[str, Callable[..., Any]], states: Mapping[str, FurtherState]) -> None:
        """Compile what is new once, by itself, so that what is wrong with it is said before anything is marched."""
        added = (*self.further_letters, *dict(self.further_states))
        for name in added:
            if not name.isidentifier() or name in (*LETTERS, *_BY_NAME) or added.count(name) > 1:
                raise EquationRefused(Message("refusal.equation.name_taken", {"name": name}))
        p = np.ones(1, self.parameters)
        for name, function in functions.items():
            model = getattr(shipped, name)
            check_function(name, function, getattr(model, "py_func", model), p, self.n_states, is_number=name in NAMES)
        for name, state in states.items():
            check_function(name, plain_function(name, state.rate), _rate, p, self.n_states, is_number=True)

    @property
    def is_shipped(self) -> bool:
        """Whether nothing is replaced or added."""
        return not (self.replaced or self.further_letters or self.further_states)

    @property
    def changed_names(self) -> tuple[str, ...]:
        """What differs from what ships, by name: functions, then letters and states that were added."""
        return (*sorted(dict(self.replaced)), *self.further_letters, *dict(self.further_states))

    @property
    def functions(self) -> tuple[tuple[str, Callable[..., Any]], ...]:
        """Every function that was given, by name: what is replaced, and the rates of further states."""
        return (*self.replaced, *((name, state.rate) for name, state in self.further_states))

    @property
    def n_states(self) -> int:
        """How many states there are."""
        return N_STATES + len(self.further_states)

    @property
    def states(self) -> tuple[str, ...]:
        """The states by name, in the order of `y`."""
        return (*STATES, *dict(self.further_states))

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that parts read off `p`, each the `symbol` of a parameter of the registry."""
        return LETTERS + self.further_letters

    @cached_property
    def parameters(self) -> np.dtype[np.void]:
        """What a record of `p` holds: the letters, and in a changed set what all sites share, by name."""
        if self.is_shipped:
            return PARAMETERS
        names = (*self.letters, *_BY_NAME, *dict(self.further_states))
        return np.dtype([(name, np.float64) for name in dict.fromkeys(names)])

    def healthy(self, n: int) -> NDArray[np.float64]:
        """The healthy 30-year-old, `n` times [n, n_states]."""
        more = [np.full((n, 1), state.healthy) for _, state in self.further_states]
        return np.hstack([healthy_state(n), *more])

    def bound(
        self,
        watch: Callable[[str, Callable[..., Any]], Callable[..., Any]] | None = None,
        names: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The functions of the set by name, compiled when called; plain Python with a `watch` of what is replaced.

        names: other meanings of names that the functions use.
        """
        rates = {f"rate_{i}": state.rate for i, (_, state) in enumerate(self.further_states)}
        given, own_name = {**dict(self.replaced), **rates}, dict(zip(rates, dict(self.further_states), strict=True))
        settling = max((state.settles_per_day for _, state in self.further_states), default=0.0)
        space: dict[str, Any] = {"N_STATES": self.n_states, "FURTHER_SETTLING": settling, **(names or {})}
        for name, found in given.items():
            space[name] = watch(own_name.get(name, name), found) if watch else njit(**FAST)(found)
        for name in ("know", "further_states", "give", *WHOLES):
            if name not in given:
                function = self._written.get(name, getattr(shipped, name))
                space[name] = rebound(function, space, plain=watch is not None)
        return space

    @property
    def _written(self) -> Mapping[str, Callable[..., None]]:
        """`know` and `further_states`: numba wants a line for each name, so the lines are written by these rules."""
        places = {**_BY_NAME, **{name: f"y[{N_STATES + i}]" for i, (name, _) in enumerate(self.further_states)}}
        known = [f"    p['{name}'] = {place}" for name, place in places.items()]
        rates = [f"    dy[{N_STATES + i}] = rate_{i}(y, x, p)" for i in range(len(self.further_states))]
        space: dict[str, Any] = {}
        exec("\n".join(["def know(y, x, p):", *known, "def further_states(y, x, p, dy):", *rates, "    return"]), space)
        return {name: space[name] for name in ("know", "further_states")}


def _rate(y: Vector, x: Vector, p: Letters) -> float:  # noqa: ARG001
    """What the rate of a further state looks like."""
    return 0.0


def rebound(function: Any, space: Mapping[str, Any], *, plain: bool = False) -> Any:
    """A function as it stands, with other meanings of the names that it uses; compiled as it was, unless `plain`."""
    own = getattr(function, "py_func", function)
    names = {**own.__globals__, **space}
    made = FunctionType(own.__code__, names, own.__name__, own.__defaults__, own.__closure__)
    if plain:
        return made
    if isinstance(function, Dispatcher):
        return njit(**{name: value for name, value in function.targetoptions.items() if name != "nopython"})(made)
    return parts.part(made)
