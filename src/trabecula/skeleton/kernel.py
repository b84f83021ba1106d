"""The only file that knows a solver: marches one skeleton after the other through its timeline.

Two explicit methods take turns, because with steroid kinetics as daily means the largest eigenvalue is about 0.4 per
day (docs/decisions/0002): a Runge-Kutta pair of order 5 where something happens, and steps of order 2 with
many stages through the quiet years, where the pair would be held to steps of ten days by stability alone.
Every dose, visit and change is an edge, and no step crosses an edge, so a five-day pulse can't be stepped over and the
order of the method holds everywhere. Each draw steps at its own pace.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numba import njit
from numpy.typing import NDArray

from trabecula.compiled import kept
from trabecula.skeleton import batch, numerics, pace, parts
from trabecula.skeleton import equations as shipped
from trabecula.skeleton.arriving import Arrivals, March, MarchError, Places, all_stopped
from trabecula.skeleton.changes import Equations, rebound
from trabecula.skeleton.cores import shared
from trabecula.skeleton.equations import (
    LANES,
    LOG_S,
    N_INPUTS,
    N_STATES,
    TURNOVER,
    WIDEST_LOG,
    Letters,
    M,
    Vector,
    derivatives,
    fastest_rate,
    give,
    lasting_rate,
    turnover,
    turnovers,
)
from trabecula.skeleton.inputs import Segments
from trabecula.skeleton.numerics import FURTHEST, LONG_ORDER, PAIR_ORDER, STAGES, stages_for
from trabecula.skeleton.pace import (
    BEARS,
    FAST,
    FIRST_STEP_D,
    I_GAIN,
    LEAST_ERROR,
    LEAST_LAST_ERROR,
    LIVELY,
    LONG_SLOPE,
    LONG_STATE,
    MARGIN,
    MIN_STEP_D,
    MOST_LIVELY,
    MOST_TRIES,
    P_GAIN,
    SAFETY,
    WORTH,
    inlined,
    jumps,
    next_step,
    shorter_step,
    step_within,
    tolerances,
)
from trabecula.words.message import Message

SHIPPED = Equations()
"""The equations as they ship."""
_COMPILING_S, _NAMED = 20, 4  # what compiling another set takes, about; how many of its names are said
RTOL = 8e-5
"""The tolerance of a march unless another is asked for: densities within 1e-5 (decisions 2 and 16)."""

_A, _C, _E = numerics.PAIR_A, numerics.PAIR_C, numerics.PAIR_E
_A10 = float(_A[1, 0])
_A20, _A21 = (float(a) for a in _A[2, :2])
_A30, _A31, _A32 = (float(a) for a in _A[3, :3])
_A40, _A41, _A42, _A43 = (float(a) for a in _A[4, :4])
_A50, _A51, _A52, _A53, _A54 = (float(a) for a in _A[5, :5])
_A60, _A61, _A62, _A63, _A64, _A65 = (float(a) for a in _A[6, :6])
_C1, _C2, _C3, _C4 = (float(c) for c in _C[1:5])
_E0, _E1, _E2, _E3, _E4, _E5, _E6 = (float(e) for e in _E)


@njit(error_model="numpy", fastmath=FAST)
def _inputs_at(start: Vector, end: Vector, share: float, x: Vector) -> None:
    for j in range(N_INPUTS):
        x[j] = start[j] + share * (end[j] - start[j])


@njit(error_model="numpy", fastmath=FAST)
def _chebyshev(
    y: Vector, k0: Vector, slope: Vector, last: Vector, before: Vector, k6: Vector,
    x: Vector, start: Vector, end: Vector, at: float, step: float, length: float,
    kV: Vector, p: Letters, z: Vector, stages: int,
) -> float:  # fmt: skip
    """A long step over quiet time from `y`, whose slope is `k0`: the new state into `z`, its slope into `k6`.

    Returns the error; `slope`, `last` and `before` are room to work in. Apart, because it is large and rarely called.
    """
    first = STAGES[stages, 1]
    for j in range(N_STATES):
        before[j] = y[j]
        last[j] = y[j] + step * first[2] * k0[j]
    at_share, share = at / length, step / length
    c = first[4]
    for stage in range(2, stages + 1):
        of = STAGES[stages, stage]
        mu, nu, mu_slope, gamma_slope = of[0], of[1], of[2], of[3]
        _inputs_at(start, end, at_share + c * share, x)
        derivatives(last, x, kV, p, slope)
        for j in range(N_STATES):
            drift = mu * (last[j] - y[j]) + nu * (before[j] - y[j])  # exactly 0 for what stands still
            z[j] = y[j] + (drift + step * (mu_slope * slope[j] + gamma_slope * k0[j]))
        for j in range(N_STATES):
            before[j] = last[j]
            last[j] = z[j]
        c = of[4]
    _inputs_at(start, end, at_share + share, x)
    derivatives(z, x, kV, p, k6)
    error, total = 0.0, 0.0
    for j in range(N_STATES):
        total += z[j]
        e = LONG_STATE * (y[j] - z[j]) + LONG_SLOPE * step * (k0[j] + k6[j])
        error = max(error, abs(e) / max(1.0, abs(z[j])))
    return error if abs(total) < np.inf else np.nan


@inlined
def _pair(
    y: Vector, k0: Vector, k1: Vector, k2: Vector, k3: Vector, k4: Vector, k5: Vector, k6: Vector,
    x: Vector, start: Vector, end: Vector, at: float, step: float, length: float,
    kV: Vector, p: Letters, z: Vector,
) -> float:  # fmt: skip
    """A step of order 5 from `y`, whose slope is `k0`: the new state into `z`, its slope into `k6`; returns the error.

    k1 to k5 are the slopes of the stages.
    """
    for j in range(N_STATES):
        z[j] = y[j] + step * (_A10 * k0[j])
    _inputs_at(start, end, (at + _C1 * step) / length, x)
    derivatives(z, x, kV, p, k1)
    for j in range(N_STATES):
        z[j] = y[j] + step * (_A20 * k0[j] + _A21 * k1[j])
    _inputs_at(start, end, (at + _C2 * step) / length, x)
    derivatives(z, x, kV, p, k2)
    for j in range(N_STATES):
        z[j] = y[j] + step * (_A30 * k0[j] + _A31 * k1[j] + _A32 * k2[j])
    _inputs_at(start, end, (at + _C3 * step) / length, x)
    derivatives(z, x, kV, p, k3)
    for j in range(N_STATES):
        z[j] = y[j] + step * (_A40 * k0[j] + _A41 * k1[j] + _A42 * k2[j] + _A43 * k3[j])
    _inputs_at(start, end, (at + _C4 * step) / length, x)
    derivatives(z, x, kV, p, k4)
    for j in range(N_STATES):
        z[j] = y[j] + step * (_A50 * k0[j] + _A51 * k1[j] + _A52 * k2[j] + _A53 * k3[j] + _A54 * k4[j])
    _inputs_at(start, end, (at + step) / length, x)
    derivatives(z, x, kV, p, k5)
    for j in range(N_STATES):
        z[j] = y[j] + step * (_A60 * k0[j] + _A61 * k1[j] + _A62 * k2[j] + _A63 * k3[j] + _A64 * k4[j] + _A65 * k5[j])
    derivatives(z, x, kV, p, k6)
    error, total = 0.0, 0.0
    for j in range(N_STATES):
        total += z[j]
        e = step * (_E0 * k0[j] + _E1 * k1[j] + _E2 * k2[j] + _E3 * k3[j] + _E4 * k4[j] + _E5 * k5[j] + _E6 * k6[j])
        error = max(error, abs(e) / max(1.0, abs(z[j])))
    return error if abs(total) < np.inf else np.nan


@inlined
def _widest_log(z: Vector) -> float:
    """The largest of the states that are logarithms; nan stays nan."""
    widest = 0.0
    for j in range(LOG_S, M):
        widest = max(widest, abs(z[j]))
    return widest


@njit(nogil=True, error_model="numpy", fastmath=FAST)
def _march_one(
    edges: Vector, start: Vector, end: Vector, dose: Vector, save: Places,
    p: Letters, y: Vector, tolerance: float, quiet_tolerance: float, out: Vector,
) -> tuple[int, float]:  # fmt: skip
    """March the state `y` over all segments; write it at the edges named in `save` into `out`.

    Returns how it ended (`MarchStatus`) and on which day; `y` is then the last state that was reached.
    """
    x, kV, z = np.empty(N_INPUTS), np.empty(LANES), np.empty(N_STATES)
    turnovers(p, kV)
    lasting = lasting_rate(p)
    k0, k1, k2, k3 = np.empty(N_STATES), np.empty(N_STATES), np.empty(N_STATES), np.empty(N_STATES)
    k4, k5, k6 = np.empty(N_STATES), np.empty(N_STATES), np.empty(N_STATES)
    h, last_error, saved, lively, patience = FIRST_STEP_D, 1.0, 0, 0, LIVELY
    for k in range(len(edges) - 1):
        if saved < len(save) and save[saved] == k:
            out[saved, :] = y
            saved += 1
        give(y, dose[k], p)
        left, length = edges[k + 1] - edges[k], edges[k + 1] - edges[k]
        if k == 0 or jumps(dose[k], end[k - 1], start[k]):
            h = min(h, FIRST_STEP_D)
            last_error = 1.0
            lively = LIVELY
        _inputs_at(start[k], end[k], 0.0, x)
        derivatives(y, x, kV, p, k0)
        tried = 0
        while left > 0.0:
            tried += 1
            if tried > MOST_TRIES:
                return 2, edges[k + 1] - left
            fastest = MARGIN * fastest_rate(y, p, lasting)
            if lively > 0:  # order 5, up to the step that it bears
                h = min(h, BEARS / fastest)
            step = step_within(left, h, FURTHEST / fastest, lively)
            at = length - left
            quiet = lively == 0 and step * fastest > BEARS
            if quiet:
                stages = stages_for(step * fastest)
                error = _chebyshev(y, k0, k1, k2, k3, k6, x, start[k], end[k], at, step, length, kV, p, z, stages)
                error /= quiet_tolerance
            else:
                error = _pair(y, k0, k1, k2, k3, k4, k5, k6, x, start[k], end[k], at, step, length, kV, p, z)
                error /= tolerance
            if not _widest_log(z) < WIDEST_LOG:
                error = np.nan
            if error <= 1.0:
                left -= step
                y[:] = z
                k0, k6 = k6, k0
                if quiet:
                    patience = LIVELY
                    factor = SAFETY * max(error, LEAST_ERROR) ** (-1.0 / LONG_ORDER)
                else:
                    factor = SAFETY * max(error, LEAST_ERROR) ** (-P_GAIN) * last_error**I_GAIN
                    last_error = max(error, LEAST_LAST_ERROR)
                h = next_step(step, h, factor)
                lively = max(0, lively - 1)
                continue
            h = shorter_step(step, error, LONG_ORDER if quiet else PAIR_ORDER)
            if quiet and (at == 0.0 or h * fastest < WORTH):
                lively, patience = patience, min(2 * patience, MOST_LIVELY)
            if h < MIN_STEP_D:
                return (1 if not error < np.inf else 2), edges[k] + at
    if saved < len(save):
        out[saved, :] = y
    return 0, edges[-1]


def _march_many(stamp: int) -> Callable[..., int]:
    """The compiled march of many skeletons, cached on disk.

    numba's cache watches this file alone. The stamp of the equations and coefficients is a closed-over constant, which
    is part of the cache's key: so changed equations are compiled anew and never answered by old machine code. The march
    returns it, which says for which equations it was compiled.
    """

    @kept(nogil=True)
    def march_some(
        first: int, last: int, edges: Vector, start: Vector, end: Vector, dose: Vector, save: Places,
        parameters: NDArray[np.void], y: Vector, tolerance: float, quiet: float,
        out: Vector, outcome: Places, day: Vector,
    ) -> int:  # fmt: skip
        for i in range(first, last):
            outcome[i], day[i] = _march_one(
                edges, start[i], end[i], dose[i % len(dose)], save, parameters[i], y[i], tolerance, quiet, out[i]
            )
        return stamp

    return march_some


def _read_many(stamp: int) -> Callable[..., int]:
    """The compiled reading of turnover off many finished marches, cached on disk in the same way."""

    @kept(nogil=True)
    def read_some(states: Vector, inputs: Vector, parameters: NDArray[np.void], found: Vector) -> int:
        for i in range(len(states)):
            for t in range(states.shape[1]):
                turnover(states[i, t], inputs[i, t], parameters[i], found[i, t])
        return stamp

    return read_some


_SOURCES = (parts, shipped, numerics, pace)
_STAMP = crc32(b"".join(Path(str(module.__file__)).read_bytes() for module in _SOURCES))
_march_some, _read_some = _march_many(_STAMP), _read_many(_STAMP)


def march(
    segments: Segments,
    parameters: NDArray[np.void],
    state: NDArray[np.float64],
    save: NDArray[np.int64],
    rtol: float = RTOL,
    threads: int | None = None,
    equations: Equations = SHIPPED,
) -> NDArray[np.float64]:
    """March a batch of skeletons and return their states at the edges `save`: [n, len(save), n_states].

    segments: inputs per draw; parameters: structured [n] with the letters of the equations (`Equations.parameters`);
    state: states at the first edge [n, n_states], not changed; save: increasing edge numbers, 0..K.
    A draw's result doesn't depend on the others, nor on the number of threads.
    Raises MarchError naming the first draw that did not arrive.
    """
    states, stopped = arrivals(segments, parameters, state, save, rtol, threads, equations)
    if stopped:
        raise stopped[0]
    return states


def arrivals(
    segments: Segments,
    parameters: NDArray[np.void],
    state: NDArray[np.float64],
    save: NDArray[np.int64],
    rtol: float = RTOL,
    threads: int | None = None,
    equations: Equations = SHIPPED,
) -> tuple[NDArray[np.float64], tuple[MarchError, ...]]:
    """The same, for as many as arrive: whoever does not is named, and has no numbers from that day on."""
    [found] = arrivals_of_many([March(segments, parameters, state, save)], rtol, threads, equations)
    return found


def arrivals_of_many(
    marches: Sequence[March], rtol: float = RTOL, threads: int | None = None, equations: Equations = SHIPPED
) -> list[Arrivals]:
    """The arrivals of many lives under the same equations, marched side by side: each as if it were alone."""
    given = [(_in_blocks(one.segments), _plain(one.save, np.int64)) for one in marches]
    if all(batch.takes(segments, rtol, equations) for segments, _ in given):
        return _side_by_side(marches, batch.side_by_side(given), rtol, threads, equations)
    return [
        _one_by_one(segments, save, one.parameters, one.state, rtol, threads, equations)
        for (segments, save), one in zip(given, marches, strict=True)
    ]


def _side_by_side(
    marches: Sequence[March], many: batch.Many, rtol: float, threads: int | None, equations: Equations
) -> list[Arrivals]:
    """The arrivals of lives by the kernel of many."""
    parameters = np.concatenate([one.parameters for one in marches])
    y = np.concatenate([np.asarray(one.state, dtype=np.float64) for one in marches])
    n, order = len(parameters), batch.groups(parameters, many)
    out, outcome, day = _rooms(n, many.save.shape[1], equations)
    _announced(equations)
    shared(
        lambda part: batch.march_groups(part, order, many, parameters, y, rtol, out, outcome, day, equations),
        len(order),
        threads,
    )
    cuts = np.cumsum([0, *(len(one.parameters) for one in marches)]).tolist()
    parts = [slice(first, last) for first, last in pairwise(cuts)]
    return [
        (out[part, : len(one.save)], all_stopped(outcome[part], day[part], y[part]))
        for part, one in zip(parts, marches, strict=True)
    ]


def _one_by_one(
    segments: Segments, save: Places, parameters: NDArray[np.void], state: Vector, rtol: float, threads: int | None,
    equations: Equations,
) -> Arrivals:  # fmt: skip
    """The arrivals of one life by the kernel that is read."""
    n, y = len(parameters), np.array(state, dtype=np.float64)
    out, outcome, day = _rooms(n, len(save), equations)
    march_some, _ = _compiled(equations)
    own = parameters.copy()  # a changed set writes into it what all sites share
    given = (segments.edges_d, segments.start, segments.end, segments.dose, save, own, y)
    shared(lambda part: march_some(*part, *given, *tolerances(rtol), out, outcome, day), n, threads)
    return out, all_stopped(outcome, day, y)


def _rooms(n: int, read: int, equations: Equations) -> tuple[Vector, Places, Vector]:
    """Where states, outcomes and days are written."""
    return np.full((n, read, equations.n_states), np.nan), np.zeros(n, dtype=np.int64), np.zeros(n)


def _in_blocks(segments: Segments) -> Segments:
    """The same in one block of memory an array: numba compiles anew for every other arrangement."""
    return Segments(*(_plain(one) for one in (segments.edges_d, segments.start, segments.end, segments.dose)))


def _plain(array: NDArray[Any], kind: type = np.float64) -> NDArray[Any]:
    return np.require(array, kind, ["C", "W"])


def read_turnover(states: Vector, inputs: Vector, parameters: NDArray[np.void], equations: Equations) -> Vector:
    """What the markers follow (`equations.TURNOVER`), at states and inputs [n, T, ...]: [n, T, 6]."""
    found = np.empty((*states.shape[:2], len(TURNOVER)))
    _, read_some = _compiled(equations)
    read_some(states, inputs, parameters.copy(), found)
    return found


@cache
def _announced(equations: Equations) -> None:
    """Say once that changed equations are compiled."""
    if equations.is_shipped:
        return
    first, more = equations.changed_names[:_NAMED], len(equations.changed_names) - _NAMED
    names = ", ".join((*first, *([f"+{more}"] if more > 0 else [])))
    print(Message("notice.compiling", {"names": names, "seconds": _COMPILING_S}), file=sys.stderr, flush=True)


@cache
def _compiled(equations: Equations) -> tuple[Callable[..., int], Callable[..., int]]:
    """The march and the reading of turnover under some equations: those that ship are on disk, others compiled once."""
    if equations.is_shipped:
        return _march_some, _read_some
    _announced(equations)
    space = equations.bound()
    for function in (_chebyshev, _pair, _march_one):
        space[function.__name__] = rebound(function, space)
    return rebound(_march_some, space), rebound(_read_some, space)


def compile_ahead(equations: Equations) -> None:
    """Compile a changed set before processes share the work, so that each of them finds it compiled."""
    inputs = np.ones((1, 1, N_INPUTS))
    day = Segments(np.array([0.0, 1.0]), inputs, inputs.copy(), np.zeros((1, 1, 3)))
    parameters = np.ones(1, equations.parameters)
    with suppress(MarchError):  # nobody is meant to live with parameters of 1
        march(day, parameters, equations.healthy(1), np.array([0, 1]), equations=equations)
