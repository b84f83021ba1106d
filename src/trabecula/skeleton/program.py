"""What the kernel of many computes, as terms: the equations, the stages of a step, its error, and what is kept of it.

Each of these becomes one function of vector code (`lanes`); `batch` marches with them. The numbers of the methods are
those of the kernel that is read.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from trabecula.skeleton import numerics, parts
from trabecula.skeleton.changes import NAMES, Equations, rebound
from trabecula.skeleton.equations import (
    CALCIUM_DRIVE,
    GS,
    LANES,
    LETTERS,
    LOG_LOAD,
    LOG_S,
    N_INPUTS,
    N_STATES,
    OESTROGEN,
    SITES,
    WIDEST_LOG,
    WORK,
    M,
    healthy_state,
)
from trabecula.skeleton.lanes import (
    Hoisted,
    Level,
    Store,
    Term,
    double,
    exp,
    largest,
    load,
    root,
    single,
    term,
    vector_code,
    where,
)
from trabecula.skeleton.numerics import PAIR_A, PAIR_E, PAIR_ORDER
from trabecula.skeleton.pace import LEAST_ERROR, LONG_SLOPE, LONG_STATE, MARGIN, SAFETY
from trabecula.units import Array

STEADY = [j for j in range(LOG_LOAD) if j not in (WORK, OESTROGEN)]
"""Inputs that don't change within a segment: their powers are computed once a segment."""
_MOVING = [j for j in range(N_INPUTS) if j not in STEADY]

ORDER = np.array([j for j in range(N_STATES) if j >= GS or j % LANES < len(SITES)])
"""The states that are marched: all but those of the idle lane, which copies the last site."""
N = len(ORDER)
_PLACE = {int(j): i for i, j in enumerate(ORDER)}
HEALTHY = healthy_state(1)[0][ORDER]
HEALTHY_INPUTS = np.array([1.0 if j in (OESTROGEN, WORK, CALCIUM_DRIVE) else 0.0 for j in range(N_INPUTS)])
"""States and inputs at which nothing changes."""
COPIED = np.array([[j, j - 1] for j in range(GS) if j % LANES == len(SITES)])


_BLUR = 1e-7
"""What single precision adds to the error of a long step, for a step times fastest rate of 1."""


def _places(*sizes: int) -> list[int]:
    """Where areas of some sizes begin, one behind the other, and behind them the whole size."""
    return [0, *np.cumsum(sizes).tolist()]


_KEPT, _KEPT_OF_A_DRAW = 120, 8
_NUMBERS, _DOSES, _FORMULAS, _VECTORS = 10, 3, 4, 11
LETTERS_AT, START, CHANGE, SUMS, OF_DRAW, ALL_SUMS = _places(len(LETTERS), *2 * [N_INPUTS], N, _KEPT_OF_A_DRAW)
"""In double precision: letters, inputs of a segment and what they change by, states, what is kept of a draw."""
SHARE, STEP, ERROR, FACTOR, LAST, PAIR_WORTH, LONG_WORTH, FASTEST, TAKEN, RUNS, DOSE, FORMULA, *_AREAS, ALL = _places(
    *_NUMBERS * [1], _DOSES, _FORMULAS, *_VECTORS * [N], _KEPT
)
Y, Z, GAIN, REST, *K, HELD = _AREAS
"""In single precision: share of the segment, step, its error, growth of the next, error before, inverse tolerances,
fastest rate, whether a
step is taken and a stage runs, doses, formula of a stage, state, state tried, gain, slopes in health,
slopes, what is kept."""
K0, K1, K2, K3, K4, K5, K6 = K
BEFORE, SLOPE = K1, K2  # in a long step


class _Letters:
    """Letters as terms; what all sites share is known to those equations that ask for it."""

    def __setitem__(self, name: str, value: Term) -> None:
        self.__dict__[name] = value

    def __getattr__(self, letter: str) -> Term:
        return load("sums", LETTERS_AT + LETTERS.index(letter), Level.DRAW)


class _Inputs:
    """Inputs as terms: steady, or on a line through the segment."""

    def __getitem__(self, j: int) -> Term:
        start = load("sums", START + j, Level.SEGMENT)
        return start + load("work", SHARE) * load("sums", CHANGE + j, Level.SEGMENT) if j in _MOVING else start


class _States:
    """States as terms, and what is written in their place."""

    def __init__(self, buffer: str, first: int) -> None:
        self.written: dict[int, Term] = {}
        self._buffer, self._first = buffer, first

    def __getitem__(self, j: int) -> Term:
        return self.written.get(j) or load(self._buffer, self._first + _PLACE[j])

    def __setitem__(self, j: int, value: Term) -> None:
        self.written[j] = value


@cache
def written(equations: Equations) -> dict[str, list[Store]]:
    """The equations as terms, by what is computed when; an error of any kind where they can't be put in terms."""
    names: dict[str, Any] = {"exp": exp, "max": largest}
    names |= {name: rebound(getattr(parts, name), names, plain=True) for name in NAMES}
    say = equations.bound(lambda _name, function: rebound(function, _known_as(function, names), plain=True), names)
    p, x, now, rates, given = _Letters(), _Inputs(), _States("work", Y), {}, _States("work", Y)
    say["derivatives"](_States("at", 0), x, [p.kV_LS, p.kV_FN, p.kV_TH], p, rates)
    say["give"](given, [load("work", DOSE + i) for i in range(_DOSES)], p)
    fastest = MARGIN * say["fastest_rate"](now, p, say["lasting_rate"](p))
    held, of_draw = Hoisted("work", HELD, _KEPT, Level.SEGMENT), Hoisted("sums", OF_DRAW, _KEPT_OF_A_DRAW, Level.DRAW)
    program: dict[str, list[Store]] = {
        "rates": [("to", _PLACE[j], held(rate) - load("work", REST + _PLACE[j])) for j, rate in rates.items()],
        "fastest": [("work", FASTEST, held(fastest))],
        "give": [store for j, new in given.written.items() for store in _new_state(_PLACE[j], held(new - now[j]))],
    }
    seldom = {level: [(one, at) for one, at in held.kept.items() if one.level == level] for level in Level}
    program["segment"] = [("work", at.operands[1], single(_deep(of_draw, one))) for one, at in seldom[Level.SEGMENT]]
    program["draw"] = [("work", at.operands[1], single(one)) for one, at in seldom[Level.DRAW]]
    program["draw"] += [("sums", at.operands[1], one) for one, at in of_draw.kept.items()]
    return program


def _known_as(function: Callable[..., Any], names: dict[str, Any]) -> dict[str, Any]:
    """What a function that somebody gave means by exp and max, where it means what everybody does."""
    found = function.__globals__
    return {
        name: names[name] for name in ("exp", "max") if found.get(name, max) in (numerics.exp, math.exp, np.exp, max)
    }


@cache
def can(equations: Equations) -> bool:
    """Whether equations can be put in terms: no further states, and no decision by a value."""
    if equations.further_states or equations.further_letters:
        return False
    try:
        written(equations)
    except Exception:  # whatever a function that somebody gave does with what is no number
        return False
    return True


def of(equations: Equations) -> ModuleType:
    """This module for other equations."""
    other = ModuleType(__name__)
    other.__dict__.update(globals())
    for name, key in _OF_EQUATIONS.items():
        setattr(other, name, vector_code(name, _stores(equations, key)))
    return other


def _deep(of_draw: Hoisted, one: Term) -> Term:
    """A term of a segment that reads what is kept of a draw; letters are read where they stand."""
    return one if one.operation == "load" else of_draw(one)


def _new_state(place: int, gain: Term) -> list[Store]:
    """A state with what is given added; a lane to which nothing is given stays as it is to the last bit."""
    new = load("sums", SUMS + place) + double(gain)
    return [("sums", SUMS + place, new), ("work", Y + place, single(new))]


def _slope(weights: Array, i: int) -> Term:
    """A weighted sum of the slopes of a state."""
    terms = [load("work", k + i) * float(w) for k, w in zip(K, weights, strict=False) if w != 0.0]
    total = terms[0]
    for one in terms[1:]:
        total = one + total
    return total


_STEP_NOW = ("work", STEP)


def _stage(m: int) -> list[Store]:
    """The state in which stage m of the pair asks for the slope."""
    step = load(*_STEP_NOW)
    return [("work", Z + i, step * _slope(PAIR_A[m, :m], i) + load("work", Y + i)) for i in range(N)]


def _arrival() -> list[Store]:
    """The gain of a step of the pair, and the state it leads to."""
    gains = [load(*_STEP_NOW) * _slope(PAIR_A[6], i) for i in range(N)]
    found: list[Store] = [("work", GAIN + i, gain) for i, gain in enumerate(gains)]
    return found + [("work", Z + i, load("work", Y + i) + gain) for i, gain in enumerate(gains)]


def _largest_error(errors: Sequence[Term]) -> Term:
    """The largest of errors, relative to states above 1; no number if a state is none, or a logarithm too wide."""
    new = [load("work", Z + i) for i in range(N)]
    total = new[0]
    for one in new[1:]:
        total = total + one
    logs = [abs(new[_PLACE[j]]) for j in range(LOG_S, M) if j in _PLACE]
    relative = [abs(error) / largest(z, 1.0) for error, z in zip(errors, new, strict=True)]
    return where(WIDEST_LOG - largest(*logs), largest(*relative) + total * 0.0, term(np.nan))


def _pair_judged() -> list[Store]:
    """The error of a step of the pair over what is tolerated, and the growth error**-0.125 * last**0.0625."""
    step = load(*_STEP_NOW)
    error = _largest_error([step * _slope(PAIR_E, i) for i in range(N)]) * load("work", PAIR_WORTH)
    growth = SAFETY * root(root(root(root(load("work", LAST)) / largest(error, LEAST_ERROR))))
    return [("work", ERROR, error), ("work", FACTOR, growth)]


def _long_judged() -> list[Store]:
    """The error of a long step over what is tolerated, and the growth error**-0.3125."""
    step = load(*_STEP_NOW)
    both = [load("work", K0 + i) + load("work", K6 + i) for i in range(N)]
    errors = [step * LONG_SLOPE * both[i] - load("work", GAIN + i) * LONG_STATE for i in range(N)]
    blur = step * load("work", FASTEST) * _BLUR
    error = largest(_largest_error(errors) - blur, 0.0) * load("work", LONG_WORTH)
    quarter = root(root(largest(error, LEAST_ERROR)))
    return [("work", ERROR, error), ("work", FACTOR, SAFETY / (quarter * root(root(quarter))))]


def _commit() -> list[Store]:
    """Take a step where it is taken: the gain is added up in double precision."""
    taken, found = load("work", TAKEN), []
    for i in range(N):
        old, slopes = load("sums", SUMS + i), (load("work", K6 + i), load("work", K0 + i))
        new = where(double(taken), old + double(load("work", GAIN + i)), old)
        found += [("sums", SUMS + i, new), ("work", Y + i, single(new)), ("work", K0 + i, where(taken, *slopes))]
    return found


def _long_begins() -> list[Store]:
    """The first stage of a long step: gains so far, of this stage and of the one before."""
    found: list[Store] = []
    for i in range(N):
        gain = load(*_STEP_NOW) * load("work", FORMULA + 2) * load("work", K0 + i)
        none = gain * 0.0
        found += [("work", BEFORE + i, none), ("work", GAIN + i, gain), ("work", Z + i, load("work", Y + i) + gain)]
    return found


def _long_goes_on() -> list[Store]:
    """The next stage of a long step, in the lanes that still run."""
    mu, nu, mu_slope, gamma_slope = (load("work", FORMULA + m) for m in range(_FORMULAS))
    found: list[Store] = []
    for i in range(N):
        last, before = load("work", GAIN + i), load("work", BEFORE + i)
        slope = mu_slope * load("work", SLOPE + i) + gamma_slope * load("work", K0 + i)
        gain = where(load("work", RUNS), mu * last + (nu * before + load(*_STEP_NOW) * slope), last)
        found += [("work", BEFORE + i, last), ("work", GAIN + i, gain), ("work", Z + i, load("work", Y + i) + gain)]
    return found


_OF_EQUATIONS = {"rates": "rates", "fastest": "fastest", "give": "give", "of_segment": "segment", "of_draw": "draw"}


def _stores(equations: Equations, key: str) -> Callable[[], list[Store]]:
    return lambda: written(equations)[key]


rates, fastest, give, of_segment, of_draw = (
    vector_code(name, _stores(Equations(), key)) for name, key in _OF_EQUATIONS.items()
)
stage_1, stage_2, stage_3, stage_4, stage_5 = (
    vector_code(f"stage_{m}", lambda m=m: _stage(m)) for m in range(1, PAIR_ORDER + 1)
)
arrive, judge_pair, judge_long = (vector_code(f.__name__.strip("_"), f) for f in (_arrival, _pair_judged, _long_judged))
take, begin_long, go_on = (vector_code(f.__name__.strip("_"), f) for f in (_commit, _long_begins, _long_goes_on))
