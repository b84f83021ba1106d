"""The kernel of many: draws or people side by side in the lanes of vector registers, each at its own pace.

It is written from the same equations as the kernel that is read (`kernel`), by calling them with terms (`lanes`), and
is tested against it. A group goes through the segments together; within one every lane has its own step, error and
method, and what a lane does depends on no other: a lane that is not asked is computed and not kept.

What is added up over a life is double. A slope, and with it the gain of a step, is computed in single precision: it is
off by some 3e-7 of itself, thirty times less than a step of the asked tolerance. Tolerances that are tighter than
`TIGHTEST`, inputs that are not steady where the equations think them so, and equations that can't be put in terms are
for the other kernel.
"""

from collections.abc import Callable
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
_H, _LEFT, _AT, _PART, _TRY, _LIVELY, _PATIENCE, _METHOD, _STAGES, _STOPPED, _PACES = range(11)
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
    k: int, group: NDArray[np.int64], edges: Vector, start: Vector, end: Vector, dose: Vector,
    work: Buffer, sums: Vector, lane: Vector,
) -> None:  # fmt: skip
    """Begin a segment: what is given, what acts, and the first slope."""
    given = 0.0
    for i in range(LANES_A_GROUP):
        g = group[i]
        own, on = dose[g % len(dose), k], 1.0 - lane[_STOPPED, i]
        for m in range(3):
            work[program.DOSE + m, i] = on * own[m]
            given += own[m]
        for j in range(N_INPUTS):
            sums[program.START + j, i] = start[g, k, j]
            sums[program.CHANGE + j, i] = end[g, k, j] - start[g, k, j]
        if k == 0 or jumps(own, end[g, k - 1], start[g, k]):
            lane[_H, i] = min(lane[_H, i], FIRST_STEP_D)
            work[program.LAST, i] = 1.0
            lane[_LIVELY, i] = LIVELY
        work[program.SHARE, i] = 0.0
        lane[_LEFT, i] = 0.0 if lane[_STOPPED, i] > 0.0 else edges[k + 1] - edges[k]
    if given > 0.0:
        program.give(work, sums, 0, 0)
    program.of_segment(work, sums, 0, 0)
    program.rates(work, sums, program.Y, program.K0)


@njit
def _choose(work: Buffer, lane: Vector) -> tuple[bool, bool]:
    """The step and the method of each lane; whether any takes the pair, and whether any takes a long step."""
    pair, long = False, False
    for i in range(LANES_A_GROUP):
        lane[_METHOD, i], lane[_STAGES, i] = _NONE, FEWEST
        if lane[_LEFT, i] > 0.0:
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
def _step(method: int, length: float, work: Buffer, sums: Vector, lane: Vector) -> None:
    """A step in the lanes that take this method; in the others a step of no length."""
    for i in range(LANES_A_GROUP):
        on = lane[_METHOD, i] == method
        work[program.STEP, i] = lane[_TRY, i] if on else 0.0
        lane[_AT, i] = (length - lane[_LEFT, i]) / length
        lane[_PART, i] = lane[_TRY, i] / length if on else 0.0
    if method == _PAIR:
        _pair(work, sums, lane)
    else:
        _long(work, sums, lane)


@njit
def _judge(
    method: int, given_up: bool, group: NDArray[np.int64], until: float,
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
            if lane[_H, i] < MIN_STEP_D or given_up:
                lane[_STOPPED, i] = 1.0
                outcome[group[i]] = 2 if error < np.inf else 1
                day[group[i]] = until - lane[_LEFT, i]
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
def _write(group: NDArray[np.int64], sums: Vector, lane: Vector, out: Vector, place: int) -> None:
    """Write the states of the lanes that still march; the idle site copies the last."""
    for i in range(LANES_A_GROUP):
        if lane[_STOPPED, i] > 0.0:
            continue
        for s in range(program.N):
            out[group[i], place, program.ORDER[s]] = sums[program.SUMS + s, i]
        for c in range(len(program.COPIED)):
            out[group[i], place, program.COPIED[c, 0]] = out[group[i], place, program.COPIED[c, 1]]


@njit(nogil=True)
def _march_group(
    group: NDArray[np.int64], edges: Vector, start: Vector, end: Vector, dose: Vector, save: NDArray[np.int64],
    letters: Vector, y: Vector, tolerance: float, quiet: float, out: Vector, outcome: NDArray[np.int64], day: Vector,
    work: Buffer, sums: Vector, lane: Vector,
) -> None:  # fmt: skip
    """March the draws of a group over all segments; the last state of each goes into `y` too."""
    for i in range(LANES_A_GROUP):
        sums[program.LETTERS_AT : program.LETTERS_AT + letters.shape[1], i] = letters[group[i]]
        for s in range(program.N):
            sums[program.SUMS + s, i] = y[group[i], program.ORDER[s]]
            work[program.Y + s, i] = y[group[i], program.ORDER[s]]
    work[program.PAIR_WORTH], work[program.LONG_WORTH] = 1.0 / tolerance, 1.0 / quiet
    lane[:] = 0.0
    lane[_H], lane[_PATIENCE] = FIRST_STEP_D, LIVELY
    program.of_draw(work, sums, 0, 0)
    _rest(work, sums)
    saved = 0
    for k in range(len(edges) - 1):
        if saved < len(save) and save[saved] == k:
            _write(group, sums, lane, out, saved)
            saved += 1
        _enter(k, group, edges, start, end, dose, work, sums, lane)
        length, tried = edges[k + 1] - edges[k], 0
        while lane[_LEFT].max() > 0.0:
            tried += 1
            program.fastest(work, sums, 0, 0)
            pair, long = _choose(work, lane)
            for method, on in ((_PAIR, pair), (_LONG, long)):
                if on:
                    _step(method, length, work, sums, lane)
                    _judge(method, tried > MOST_TRIES, group, edges[k + 1], work, sums, lane, outcome, day)
    if saved < len(save):
        _write(group, sums, lane, out, saved)
    for i in range(LANES_A_GROUP):
        for s in range(program.N):
            y[group[i], program.ORDER[s]] = sums[program.SUMS + s, i]


def _march_many(stamp: int) -> Callable[..., int]:
    """The compiled march of many groups, cached on disk; the stamp is part of its key, as in `kernel`."""

    @kept(nogil=True)
    def march_groups(
        first: int, last: int, order: NDArray[np.int64], edges: Vector, start: Vector, end: Vector, dose: Vector,
        save: NDArray[np.int64], letters: Vector, y: Vector, tolerance: float, quiet: float, out: Vector,
        outcome: NDArray[np.int64], day: Vector, work: Buffer, sums: Vector, lane: Vector,
    ) -> int:  # fmt: skip
        for group in range(first, last):
            _march_group(
                order[group], edges, start, end, dose, save, letters, y, tolerance, quiet, out, outcome, day,
                work, sums, lane,
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


def groups(parameters: NDArray[np.void]) -> NDArray[np.int64]:
    """The draws of each group [groups, LANES_A_GROUP]: those that settle about as fast, and so step alike.

    The last group is filled up with its last draw.
    """
    fastest = np.maximum(np.maximum(parameters["kS"], parameters["kC"]), parameters["kB"])
    order = np.argsort(fastest, kind="stable")
    missing = -len(order) % LANES_A_GROUP
    return np.append(order, np.repeat(order[-1:], missing)).reshape(-1, LANES_A_GROUP)


def march_groups(
    bounds: tuple[int, int], order: NDArray[np.int64], segments: Segments, parameters: NDArray[np.void], y: Vector,
    save: NDArray[np.int64], rtol: float, out: Vector, outcome: NDArray[np.int64], day: Vector,
    equations: Equations,
) -> None:  # fmt: skip
    """March the groups from a number to a number: states at the edges `save` into `out`, the last into `y`.

    How it ended, and on which day if it did not arrive, goes into `outcome` and `day`.
    """
    numbers = np.ascontiguousarray(parameters).view(np.float64).reshape(len(parameters), -1)
    letters = np.ascontiguousarray(numbers[:, : len(LETTERS)])
    room = _room(program.ALL, np.float32), _room(program.ALL_SUMS, np.float64), np.zeros((_PACES, LANES_A_GROUP))
    _compiled(equations)(
        *bounds, order, segments.edges_d, segments.start, segments.end, segments.dose, save, letters, y,
        *pace.tolerances(rtol), out, outcome, day, *room,
    )  # fmt: skip


@cache
def _compiled(equations: Equations) -> Callable[..., int]:
    """The march under some equations: those that ship are on disk, others are compiled once."""
    if equations.is_shipped:
        return _march_groups
    space: dict[str, Any] = {"program": program.of(equations)}
    for function in (_move, _pair, _long, _rest, _enter, _choose, _step, _refuse, _judge, _write, _march_group):
        space[function.__name__] = rebound(function, space)
    return rebound(_march_groups, space)


def _room(places: int, kind: type) -> NDArray[Any]:
    """A buffer of zeros [places, LANES_A_GROUP] that begins where a line of memory does."""
    size, item = places * LANES_A_GROUP, np.dtype(kind).itemsize
    room = np.zeros(size + _LINE // item, kind)
    first = -room.ctypes.data % _LINE // item
    return room[first : first + size].reshape(places, LANES_A_GROUP)
