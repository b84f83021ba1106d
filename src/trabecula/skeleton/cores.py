"""How many cores a march may use."""

import os
import threading

_ALONE = threading.Event()


def march_alone() -> None:
    """From now on this process marches in the thread that asks: it is one of several that share the cores."""
    _ALONE.set()


def cores() -> int:
    """Cores that this process may use: a container or a calibration may leave it fewer than there are."""
    if _ALONE.is_set():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
