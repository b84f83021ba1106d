"""The kernel of many: draws or people side by side in the lanes of vector registers, each at its own pace.

It is written from the same equations as the kernel that is read (`kernel`), by calling them with terms (`lanes`), and
is tested against it. Every lane has its own segments, step, error and method, and what a lane does depends on no other:
a lane that is not asked is computed and not kept. So lives of different people may stand side by side; a lane that has
arrived at an edge waits until some have, and they enter their next segments together.

What is added up over a life is double. A slope, and with it the gain of a step, is computed in single precision: it is
off by some 3e-7 of itself, thirty times less than a step of the asked tolerance. Tolerances that are tighter than
`TIGHTEST`, inputs that are not steady where the equations think them so, and equations that can't be put in terms are
for the other kernel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numba import njit
from numpy.typing import NDArray

from trabecula.compiled import kept
from trabecula.skeleton import equations as shipped
from trabecula.skeleton import lanes, numerics, pace, parts, program
from trabecula.skeleton.changes import Equations, rebound
from trabecula.skeleton.equations import LETTERS, N_INPUTS, Vector
from trabecula.skeleton.inputs import Segments
from trabecula.skeleton.lanes import LANES_A_GROUP
from trabecula.skeleton.numerics import FEWEST, FURTHEST, LONG_ORDER, PAIR_C, PAIR_ORDER, STAGES, stages_for
from trabecula.skeleton.pace import (
    BEARS,
    FIRST_STEP_D,
    LEAST_LAST_ERROR,
    LIVELY,
    MIN_STEP_D,
    MOST_LIVELY,
    MOST_TRIES,
    WORTH,
    inlined,
    jumps,
    next_step,
    shorter_step,
    step_within,
)

TIGHTEST = 1e-5
"""The tightest tolerance for which slopes in single precision are fine enough."""
_LINE = 64
"""Bytes to which a buffer is aligned."""

# The pace of each lane.
_H, _LEFT, _AT, _PART, _TRY, _LIVELY, _PATIENCE, _METHOD, _STAGES, _STOPPED = range(10)
_EDGE, _SAVED, _LENGTH, _TRIED, _ENTERS, _PACES = range(10, 16)
_WAITING = 2
"""Lanes that wait at an edge before the others let them enter, where lives are mixed; those of one wait for all."""
_NONE, _PAIR, _LONG = range(3)


_C1, _C2, _C3, _C4 = (float(c) for c in PAIR_C[1:5])

Buffer = NDArray[np.float32]


@inlined
def _move(work: Buffer, lane: Vector, c: float) -> None:
    """How far in the segment the inputs of a stage are."""
    for i in range(LANES_A_GROUP):
        work[program.SHARE, i] = lane[_AT, i] + c * lane[_PART, i]


@njit
def _pair(work: Buffer, sums: Vector, lane: Vector) -> None:
    """A step of order 5 in all lanes."""
    program.stage_1(work, sums, 0, 0)
    _move(work, lane, _C1)
    program.rates(work, sums, program.Z, program.K1)
    program.stage_2(work, sums, 0, 0)
    _move(work, lane, _C2)
    program.rates(work, sums, program.Z, program.K2)
    program.stage_3(work, sums, 0, 0)
    _move(work, lane, _C3)
    program.rates(work, sums, program.Z, program.K3)
    program.stage_4(work, sums, 0, 0)
    _move(work, lane, _C4)
    program.rates(work, sums, program.Z, program.K4)
    program.stage_5(work, sums, 0, 0)
    _move(work, lane, 1.0)
    program.rates(work, sums, program.Z, program.K5)
    program.arrive(work, sums, 0, 0)
    program.rates(work, sums, program.Z, program.K6)
    program.judge_pair(work, sums, 0, 0)


@njit
def _long(work: Buffer, sums: Vector, lane: Vector) -> None:
    """A long step in all lanes, each with as many stages as it needs."""
    most = 0
    for i in range(LANES_A_GROUP):
        most = max(most, int(lane[_STAGES, i]))
        work[program.FORMULA + 2, i] = STAGES[int(lane[_STAGES, i]), 1, 2]
    program.begin_long(work, sums, 0, 0)
    for stage in range(2, most + 1):
        for i in range(LANES_A_GROUP):
            stages = int(lane[_STAGES, i])
            own = min(stage, stages)
            work[program.SHARE, i] = lane[_AT, i] + STAGES[stages, own - 1, 4] * lane[_PART, i]
            work[program.RUNS, i] = 1.0 if stage <= stages else 0.0
            for m in range(4):
                work[program.FORMULA + m, i] = STAGES[stages, own, m]
        program.rates(work, sums, program.Z, program.SLOPE)
        program.go_on(work, sums, 0, 0)
    _move(work, lane, 1.0)
    program.rates(work, sums, program.Z, program.K6)
    program.judge_long(work, sums, 0, 0)


@njit
def _rest(work: Buffer, sums: Vector) -> None:
    """What rounding makes of the slopes in health, where they are 0: taken off every slope, so that health lasts."""
    for i in range(LANES_A_GROUP):
        for j in range(N_INPUTS):
            sums[program.START + j, i] = program.HEALTHY_INPUTS[j]
            sums[program.CHANGE + j, i] = 0.0
        for s in range(program.N):
            work[program.Z + s, i] = program.HEALTHY[s]
            work[program.REST + s, i] = 0.0
        work[program.SHARE, i] = 0.0
    program.of_segment(work, sums, 0, 0)
    program.rates(work, sums, program.Z, program.REST)


@njit
def _enter(
    group: NDArray[np.int64], life: NDArray[np.int64], edges: Vector, counts: NDArray[np.int64], start: Vector,
    end: Vector, dose: Vector, save: NDArray[np.int64], out: Vector, work: Buffer, sums: Vector, lane: Vector,
) -> None:  # fmt: skip
    """The lanes that wait at an edge: what is read there, and then what is given, what acts, and the first slope."""
    given, some = 0.0, False
    for i in range(LANES_A_GROUP):
        for m in range(3):
            work[program.DOSE + m, i] = 0.0
        lane[_ENTERS, i] = 0.0
        g, k = group[i], int(lane[_EDGE, i])
        who = life[g]
        if lane[_STOPPED, i] > 0.0 or lane[_LEFT, i] > 0.0 or k > counts[who]:
            continue
        saved = int(lane[_SAVED, i])
        if saved < save.shape[1] and save[who, saved] == k:
            _write(i, g, sums, out, saved)
            lane[_SAVED, i] += 1.0
        lane[_EDGE, i] += 1.0
        if k == counts[who]:
            continue
        some = True
        own = dose[g % len(dose), k]
        for m in range(3):
            work[program.DOSE + m, i] = own[m]
            given += own[m]
        for j in range(N_INPUTS):
            sums[program.START + j, i] = start[g, k, j]
            sums[program.CHANGE + j, i] = end[g, k, j] - start[g, k, j]
        if k == 0 or jumps(own, end[g, k - 1], start[g, k]):
            lane[_H, i] = min(lane[_H, i], FIRST_STEP_D)
            work[program.LAST, i] = 1.0
            lane[_LIVELY, i] = LIVELY
        work[program.SHARE, i] = 0.0
        lane[_LEFT, i] = lane[_LENGTH, i] = edges[who, k + 1] - edges[who, k]
        lane[_TRIED, i], lane[_ENTERS, i] = 0.0, 1.0
    if given > 0.0:
        program.give(work, sums, 0, 0)
    if some:
        program.of_segment(work, sums, 0, 0)
        program.rates(work, sums, program.Y, program.K6)
        for s in range(program.N):
            for i in range(LANES_A_GROUP):
                if lane[_ENTERS, i] > 0.0:
                    work[program.K0 + s, i] = work[program.K6 + s, i]


@njit
def _choose(work: Buffer, lane: Vector) -> tuple[bool, bool]:
    """The step and the method of each lane; whether any takes the pair, and whether any takes a long step."""
    pair, long = False, False
    for i in range(LANES_A_GROUP):
        lane[_METHOD, i], lane[_STAGES, i] = _NONE, FEWEST
        if lane[_LEFT, i] > 0.0:
            lane[_TRIED, i] += 1.0
            fastest, lively = float(work[program.FASTEST, i]), lane[_LIVELY, i]
            if lively > 0.0:
                lane[_H, i] = min(lane[_H, i], BEARS / fastest)
            step = step_within(lane[_LEFT, i], lane[_H, i], FURTHEST / fastest, lively)
            lane[_TRY, i] = step
            if lively == 0.0 and step * fastest > BEARS:
                lane[_METHOD, i] = _LONG
                lane[_STAGES, i] = stages_for(step * fastest)
                long = True
            else:
                lane[_METHOD, i] = _PAIR
                pair = True
    return pair, long


@njit
def _step(method: int, work: Buffer, sums: Vector, lane: Vector) -> None:
    """A step in the lanes that take this method; in the others a step of no length."""
    for i in range(LANES_A_GROUP):
        on = lane[_METHOD, i] == method
        work[program.STEP, i] = lane[_TRY, i] if on else 0.0
        length = lane[_LENGTH, i]
        lane[_AT, i] = (length - lane[_LEFT, i]) / length
        lane[_PART, i] = lane[_TRY, i] / length if on else 0.0
    if method == _PAIR:
        _pair(work, sums, lane)
    else:
        _long(work, sums, lane)


@njit
def _judge(
    method: int, group: NDArray[np.int64], life: NDArray[np.int64], edges: Vector,
    work: Buffer, sums: Vector, lane: Vector, outcome: NDArray[np.int64], day: Vector,
) -> None:  # fmt: skip
    """Keep what succeeded, and give up the lanes that get nowhere."""
    for i in range(LANES_A_GROUP):
        on, error = lane[_METHOD, i] == method, float(work[program.ERROR, i])
        work[program.TAKEN, i] = 1.0 if on and error <= 1.0 else 0.0
        if on and error <= 1.0:
            lane[_LEFT, i] -= lane[_TRY, i]
            lane[_H, i] = next_step(lane[_TRY, i], lane[_H, i], float(work[program.FACTOR, i]))
            lane[_LIVELY, i] = max(0.0, lane[_LIVELY, i] - 1.0)
            if method == _LONG:
                lane[_PATIENCE, i] = LIVELY
            else:
                work[program.LAST, i] = max(error, LEAST_LAST_ERROR)
        elif on:
            _refuse(i, method, error, float(work[program.FASTEST, i]), lane)
            if lane[_H, i] < MIN_STEP_D or lane[_TRIED, i] > MOST_TRIES:
                lane[_STOPPED, i] = 1.0
                outcome[group[i]] = 2 if error < np.inf else 1
                day[group[i]] = edges[life[group[i]], int(lane[_EDGE, i])] - lane[_LEFT, i]
                lane[_LEFT, i] = 0.0
    program.take(work, sums, 0, 0)


@inlined
def _refuse(i: int, method: int, error: float, fastest: float, lane: Vector) -> None:
    """After a step that failed: a shorter one; for long steps to be worth their while the fast states settle first."""
    lane[_H, i] = shorter_step(lane[_TRY, i], error, LONG_ORDER if method == _LONG else PAIR_ORDER)
    if method == _LONG and lane[_H, i] * fastest < WORTH:
        lane[_LIVELY, i] = lane[_PATIENCE, i]
        lane[_PATIENCE, i] = min(2.0 * lane[_PATIENCE, i], MOST_LIVELY)


@inlined
def _write(i: int, g: int, sums: Vector, out: Vector, place: int) -> None:
    """Write the states of a lane; the idle site copies the last."""
    for s in range(program.N):
        out[g, place, program.ORDER[s]] = sums[program.SUMS + s, i]
    for c in range(len(program.COPIED)):
        out[g, place, program.COPIED[c, 0]] = out[g, place, program.COPIED[c, 1]]


@njit
def _waiting(
    group: NDArray[np.int64], life: NDArray[np.int64], counts: NDArray[np.int64], lane: Vector
) -> tuple[int, int]:
    """How many lanes are under way, and how many wait at an edge."""
    going, waiting = 0, 0
    for i in range(LANES_A_GROUP):
        if lane[_LEFT, i] > 0.0:
            going += 1
        elif lane[_STOPPED, i] == 0.0 and lane[_EDGE, i] <= counts[life[group[i]]]:
            waiting += 1
    return going, waiting


@njit(nogil=True)
def _march_group(
    group: NDArray[np.int64], life: NDArray[np.int64], edges: Vector, counts: NDArray[np.int64], start: Vector,
    end: Vector, dose: Vector, save: NDArray[np.int64], letters: Vector, y: Vector, tolerance: float, quiet: float,
    out: Vector, outcome: NDArray[np.int64], day: Vector, work: Buffer, sums: Vector, lane: Vector,
) -> None:  # fmt: skip
    """March the draws of a group over all segments of their lives; the last state of each goes into `y` too."""
    for i in range(LANES_A_GROUP):
        sums[program.LETTERS_AT : program.LETTERS_AT + letters.shape[1], i] = letters[group[i]]
        for s in range(program.N):
            sums[program.SUMS + s, i] = y[group[i], program.ORDER[s]]
            work[program.Y + s, i] = y[group[i], program.ORDER[s]]
    work[program.PAIR_WORTH], work[program.LONG_WORTH] = 1.0 / tolerance, 1.0 / quiet
    lane[:] = 0.0
    lane[_H], lane[_PATIENCE], lane[_LENGTH] = FIRST_STEP_D, LIVELY, 1.0
    program.of_draw(work, sums, 0, 0)
    _rest(work, sums)
    going, waiting, enough = 0, LANES_A_GROUP, LANES_A_GROUP
    for i in range(LANES_A_GROUP):
        enough = _WAITING if life[group[i]] != life[group[0]] else enough
    while going + waiting > 0:
        if waiting >= enough or going == 0:
            _enter(group, life, edges, counts, start, end, dose, save, out, work, sums, lane)
        program.fastest(work, sums, 0, 0)
        pair, long = _choose(work, lane)
        for method, on in ((_PAIR, pair), (_LONG, long)):
            if on:
                _step(method, work, sums, lane)
                _judge(method, group, life, edges, work, sums, lane, outcome, day)
        going, waiting = _waiting(group, life, counts, lane)
    for i in range(LANES_A_GROUP):
        for s in range(program.N):
            y[group[i], program.ORDER[s]] = sums[program.SUMS + s, i]


def _march_many(stamp: int) -> Callable[..., int]:
    """The compiled march of many groups, cached on disk; the stamp is part of its key, as in `kernel`."""

    @kept(nogil=True)
    def march_groups(
        first: int, last: int, order: NDArray[np.int64], life: NDArray[np.int64], edges: Vector,
        counts: NDArray[np.int64], start: Vector, end: Vector, dose: Vector, save: NDArray[np.int64], letters: Vector,
        y: Vector, tolerance: float, quiet: float, out: Vector, outcome: NDArray[np.int64], day: Vector, work: Buffer,
        sums: Vector, lane: Vector,
    ) -> int:  # fmt: skip
        for group in range(first, last):
            _march_group(
                order[group], life, edges, counts, start, end, dose, save, letters, y, tolerance, quiet, out, outcome,
                day, work, sums, lane,
            )  # fmt: skip
        return stamp

    return march_groups


_SOURCES = (parts, shipped, numerics, pace, lanes, program)
_STAMP = crc32(b"".join(Path(str(module.__file__)).read_bytes() for module in _SOURCES))
_march_groups = _march_many(_STAMP)


def takes(segments: Segments, rtol: float, equations: Equations) -> bool:
    """Whether this kernel marches such inputs to such a tolerance."""
    return (
        rtol >= TIGHTEST
        and bool((segments.start[:, :, program.STEADY] == segments.end[:, :, program.STEADY]).all())
        and program.can(equations)
    )


@dataclass(frozen=True)
class Many:
    """The marches of one or of many lives, side by side: L lives, and of all of them together n draws."""

    life: NDArray[np.int64]
    """Whose each draw is [n]."""
    edges_d: Vector
    """Of each life; behind its last edge, anything [L, K + 1]."""
    counts: NDArray[np.int64]
    """Segments of each life [L]."""
    start: Vector
    """Inputs at the start of each segment [n, K, N_INPUTS]."""
    end: Vector
    """And at its end."""
    dose: Vector
    """What is given [1 or n, K, 3]."""
    save: NDArray[np.int64]
    """The edges at which each life is read, rising; behind the last of them -1 [L, S]."""


def side_by_side(given: Sequence[tuple[Segments, NDArray[np.int64]]]) -> Many:
    """Lives, each with the edges at which it is read, in arrays; those of a single one are its own."""
    if len(given) == 1:
        one, read = given[0]
        life, counts = np.zeros(len(one.start), np.int64), np.array([len(one.edges_d) - 1])
        return Many(life, one.edges_d[None], counts, one.start, one.end, one.dose, read[None])
    sizes = [len(one.start) for one, _ in given]
    life, counts = np.repeat(np.arange(len(given)), sizes), np.array([len(one.edges_d) - 1 for one, _ in given])
    n, k = len(life), int(counts.max())
    edges, save = np.zeros((len(given), k + 1)), np.full((len(given), max(len(read) for _, read in given)), -1)
    start, end, dose = np.empty((n, k, N_INPUTS)), np.empty((n, k, N_INPUTS)), np.empty((n, k, 3))
    first = 0
    for who, (one, read) in enumerate(given):
        rows, inside = slice(first, first := first + sizes[who]), slice(0, counts[who])
        edges[who, : counts[who] + 1], save[who, : len(read)] = one.edges_d, read
        start[rows, inside], end[rows, inside], dose[rows, inside] = one.start, one.end, one.dose
    return Many(life, edges, counts, start, end, dose, save)


def groups(parameters: NDArray[np.void], many: Many) -> NDArray[np.int64]:
    """The draws of each group [groups, LANES_A_GROUP]: of one life, those that settle about as fast, and so step alike.

    What is left of lives with about as many segments goes together; the last group is filled up with its last draw.
    """
    fastest = np.maximum(np.maximum(parameters["kS"], parameters["kC"]), parameters["kB"])
    whole: list[NDArray[np.int64]] = []
    left: list[NDArray[np.int64]] = []
    for who in np.argsort(many.counts, kind="stable"):
        own = np.flatnonzero(many.life == who)
        own = own[np.argsort(fastest[own], kind="stable")]
        full = len(own) - len(own) % LANES_A_GROUP
        whole.append(own[:full])
        left.append(own[full:])
    order = np.concatenate([*whole, *left])
    missing = -len(order) % LANES_A_GROUP
    return np.append(order, np.repeat(order[-1:], missing)).reshape(-1, LANES_A_GROUP)


def march_groups(
    bounds: tuple[int, int], order: NDArray[np.int64], many: Many, parameters: NDArray[np.void], y: Vector,
    rtol: float, out: Vector, outcome: NDArray[np.int64], day: Vector, equations: Equations,
) -> None:  # fmt: skip
    """March the groups from a number to a number: states at the edges to be read into `out`, the last into `y`.

    How it ended, and on which day if it did not arrive, goes into `outcome` and `day`.
    """
    numbers = np.ascontiguousarray(parameters).view(np.float64).reshape(len(parameters), -1)
    letters = np.ascontiguousarray(numbers[:, : len(LETTERS)])
    room = _room(program.ALL, np.float32), _room(program.ALL_SUMS, np.float64), np.zeros((_PACES, LANES_A_GROUP))
    _compiled(equations)(
        *bounds, order, many.life, many.edges_d, many.counts, many.start, many.end, many.dose, many.save, letters, y,
        *pace.tolerances(rtol), out, outcome, day, *room,
    )  # fmt: skip


@cache
def _compiled(equations: Equations) -> Callable[..., int]:
    """The march under some equations: those that ship are on disk, others are compiled once."""
    if equations.is_shipped:
        return _march_groups
    space: dict[str, Any] = {"program": program.of(equations)}
    used = (_move, _pair, _long, _rest, _write, _enter, _choose, _step, _refuse, _judge, _waiting, _march_group)
    for function in used:  # each after those that it calls
        space[function.__name__] = rebound(function, space)
    return rebound(_march_groups, space)


def _room(places: int, kind: type) -> NDArray[Any]:
    """A buffer of zeros [places, LANES_A_GROUP] that begins where a line of memory does."""
    size, item = places * LANES_A_GROUP, np.dtype(kind).itemsize
    room = np.zeros(size + _LINE // item, kind)
    first = -room.ctypes.data % _LINE // item
    return room[first : first + size].reshape(places, LANES_A_GROUP)
