"""What is worked out while somebody looks at a page: how far it is, and where its answer will be kept.

The answer is kept like any page (`kept`): in memory, locked with the browser's secret, under a name that nobody
guesses; who asks for it by that name hears how much is done until it is there. One piece of work goes on at a time, a
few wait, and whoever comes then is told to ask when they want it.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from starlette.responses import Response

from trabecula.web.kept import KeptPage, KeptPages, Visitor, new_place
from trabecula.web.session import behind

_MOST = 8
"""Pieces of work that may go on and wait, of all browsers together."""

Told = Callable[[float], None]
"""Hears how much of a piece of work is done, a share."""


class Background:
    """Work that goes on behind the pages of one running app."""

    def __init__(self, kept: KeptPages) -> None:
        self._kept = kept
        self._share: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, visitor: Visitor, make: Callable[[Told], Response]) -> str | None:
        """The name under which what is made will be kept for a browser; None where too much is waiting already.

        make: gives the answer, and tells how far it is.
        """
        if len(self._share) >= _MOST:
            return None
        place = new_place()
        self._share[place] = 0.0
        task = asyncio.create_task(self._work(visitor, place, make))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return place

    def share(self, place: str) -> float | None:
        """How much of it is done; None once it has ended, or of a name that is none."""
        return self._share.get(place)

    async def _work(self, visitor: Visitor, place: str, make: Callable[[Told], Response]) -> None:
        """Make the answer and keep it; a fault leaves nothing behind but that it has ended."""
        try:
            page = await behind(make, partial(self._share.__setitem__, place))
            self._kept.keep(visitor, place, KeptPage(page.status_code, bytes(page.body)))
        finally:
            del self._share[place]

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A fault goes to no log, where its message might tell of a person; its browser hears that nothing is there."""
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()
