"""How many cores a march may use, and how threads share it."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from multiprocessing.process import BaseProcess

import numpy as np

_PARTS_A_WORKER = 4  # so that no thread waits long for the slowest
_ALONE = threading.Event()


def march_alone() -> None:
    """From now on this process marches in the thread that asks: it is one of several that share the cores."""
    _ALONE.set()


def begin_worker() -> None:
    """A worker begins: one core is its own, and it ends with the process that started it, however that ends."""
    march_alone()
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_after, args=(parent,), name="parent", daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    """Wait for the end of a process, then end this one at once: nobody waits for what it does."""
    parent.join()
    os._exit(1)


def cores() -> int:
    """Cores that this process may use: a container or a calibration may leave it fewer than there are."""
    if _ALONE.is_set():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shared(run: Callable[[tuple[int, int]], object], n: int, threads: int | None) -> None:
    """Run the work from a number to a number on all, in parts that threads take as they come."""
    workers = max(1, min(threads or cores(), n))
    if workers == 1:
        run((0, n))
        return
    cuts = np.unique(np.linspace(0, n, _PARTS_A_WORKER * workers + 1).astype(int)).tolist()
    list(_pool(workers).map(run, pairwise(cuts)))


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    """Threads that stay for the next march: starting them anew took longer than a short one."""
    return ThreadPoolExecutor(workers, thread_name_prefix="march")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads stay behind in a fork
