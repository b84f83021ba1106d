"""The likelihood on every core: sets of parameters are dealt to processes, each with a core of its own."""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trabecula.lab.calibrate.likelihood import Likelihood
from trabecula.skeleton.kernel import cores

Array = NDArray[np.float64]
_DEALS = 2  # parts a process, so that none waits long for the slowest


@dataclass(frozen=True)
class Shared(Likelihood):
    """A likelihood whose runs of the model are shared out."""

    pool: ProcessPoolExecutor | None = field(default=None, compare=False)

    def values(self, moves: Array) -> Array:
        """What the model says of every finding for every row of moves [n, d] -> [findings, n]."""
        if self.pool is None or len(moves) < 2:
            return super().values(moves)
        parts = np.array_split(moves, min(len(moves), _DEALS * cores()))
        return np.hstack(list(self.pool.map(_values, parts)))


@contextmanager
def shared(likelihood: Likelihood) -> Iterator[Likelihood]:
    """The same likelihood on every core, as long as the block lasts; on one where processes can't be forked."""
    if "fork" not in multiprocessing.get_all_start_methods():
        yield likelihood
        return
    context = multiprocessing.get_context("fork")
    counter = context.Value("i", 0)
    with ProcessPoolExecutor(cores(), context, _begin, (likelihood, counter)) as pool:
        yield Shared(likelihood.evidence, likelihood.free, likelihood.wanted, likelihood.people, pool=pool)


_mine: list[Likelihood] = []
"""What a process runs: set once, when it begins."""


def _begin(likelihood: Likelihood, counter: Any) -> None:
    """Take a core, and leave the others to the other processes."""
    _mine.append(likelihood)
    if hasattr(os, "sched_setaffinity"):
        with counter.get_lock():
            place, counter.value = counter.value, counter.value + 1
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[place % len(cores)]})


def _values(moves: Array) -> Array:
    return _mine[0].values(moves)
