"""Where work is done: light work at once, answers only so many at a time; whoever waits costs no memory."""

import os
from collections.abc import Callable
from functools import cache, partial
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

Done = TypeVar("Done")


@cache
def _room() -> CapacityLimiter:
    """As many answers at a time as there are cores."""
    return CapacityLimiter(os.cpu_count() or 1)


async def lightly(work: Callable[..., Done], *given: object) -> Done:
    """Work of some milliseconds."""
    return await to_thread.run_sync(partial(work, *given))


async def heavily(work: Callable[..., Done], *given: object) -> Done:
    """Work that computes an answer."""
    return await to_thread.run_sync(partial(work, *given), limiter=_room())
