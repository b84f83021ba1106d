"""Where work is done: light work at once, answers only so many at a time; whoever waits costs no memory.

What begins with a history that a page carries is a fifth of an answer, and does not queue behind whole ones.
"""

import os
from collections.abc import Callable
from functools import cache, partial
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

Done = TypeVar("Done")


@cache
def _room(work: str) -> CapacityLimiter:
    """As many of a kind at a time as there are cores."""
    del work
    return CapacityLimiter(os.cpu_count() or 1)


async def lightly(work: Callable[..., Done], *given: object) -> Done:
    """Work of some milliseconds."""
    return await to_thread.run_sync(partial(work, *given))


async def briefly(work: Callable[..., Done], *given: object) -> Done:
    """Work of some tenths of a second: a choice, or an answer that is there already."""
    return await to_thread.run_sync(partial(work, *given), limiter=_room("brief"))


async def heavily(work: Callable[..., Done], *given: object) -> Done:
    """Work that computes an answer from birth on."""
    return await to_thread.run_sync(partial(work, *given), limiter=_room("heavy"))
