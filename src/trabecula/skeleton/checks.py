"""What is asked of an equation that somebody replaces, and what is said when it does not hold."""

import re
from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
from numba import njit, typeof
from numba.core.errors import NumbaError

from trabecula.skeleton.equations import LANES, N_INPUTS, TURNOVER
from trabecula.words.message import Message, MessageError, verbatim

_LONGEST_REASON = 200
"""Letters of what numba says that are passed on."""
_SAYS_NOTHING = re.compile(r"^(Failed in|During:|File |There are|- Of which|>>>|\s*$|\[\d+\]|\^)")
"""Lines of numba's errors that tell nobody what to do."""


class EquationRefused(MessageError):
    """An equation that cannot be used, or that gave no number: which, where and why."""


def plain_function(name: str, function: Any) -> Callable[..., Any]:
    """A function as Python has it: what was compiled already is compiled anew, in its place."""
    found = getattr(function, "py_func", function)
    if not callable(found) or not hasattr(found, "__code__"):
        raise EquationRefused(Message("refusal.equation.no_function", {"name": name, "found": _named(function)}))
    return found


def check_function(
    name: str, function: Callable[..., Any], model: Callable[..., Any], p: Any, n_states: int, *, is_number: bool
) -> None:
    """Compile a function by itself and call it once with the values of health.

    model: the one that ships, whose arguments it must take; p: one record of the letters; is_number: whether it must
    give one number, as a part does. Raises EquationRefused.
    """
    found, expected = (list(signature(of).parameters) for of in (function, model))
    if len(found) != len(expected) or (found != expected and sorted(found) == sorted(expected)):
        texts = {what: verbatim(f"({', '.join(names)})") for what, names in (("found", found), ("expected", expected))}
        raise EquationRefused(Message("refusal.equation.arguments", {"name": name, **texts}))
    room = {
        "y": np.ones(n_states), "dy": np.empty(n_states), "x": np.ones(N_INPUTS), "kV": np.ones(LANES),
        "found": np.empty(len(TURNOVER)), "p": p[0],
    }  # fmt: skip
    asked = [room.get(argument, 1.0) for argument in expected]
    compiled = njit(error_model="numpy")(function)
    try:
        compiled.compile(tuple(typeof(one) for one in asked))
    except Exception as error:  # numba's own are of many kinds
        values = {"name": name, "reason": _reason(error)}
        raise EquationRefused(Message("refusal.equation.not_compiled", values)) from None
    try:
        given = compiled(*asked)
    except Exception as error:  # whatever the function raises
        raise raised(name, error) from None
    if is_number and not isinstance(given, float | int):
        raise EquationRefused(Message("refusal.equation.no_number", {"name": name, "found": _named(given)}))


def raised(names: str, error: Exception) -> EquationRefused:
    """What is said of an equation that stops with an error of its own."""
    values = {"names": verbatim(names), "kind": type(error).__name__, "reason": _reason(error)}
    return EquationRefused(Message("refusal.equation.raised", values))


def _named(found: Any) -> Message:
    """What something is, in a word or two of the language."""
    kind = type(found).__name__
    return verbatim(f"{kind} {np.shape(found)}" if isinstance(found, np.ndarray | tuple | list) else kind)


def _reason(error: Exception) -> Message:
    """The first line of an error that says something, without colours."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in text.splitlines() if not _SAYS_NOTHING.match(line.strip())]
    said = lines[0] if lines else type(error).__name__
    said = f"p has no {said}" if isinstance(error, KeyError) else said
    said = re.sub(r" of type Record\(.*", "", said) if isinstance(error, NumbaError) else said
    return verbatim(said[:_LONGEST_REASON].rstrip(".:"))
