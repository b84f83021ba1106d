"""How often a password may be guessed: some times in ten minutes from one address, and then not for a while."""

import time
from collections import deque
from collections.abc import Callable

_WINDOW_S = 600.0
"""How long a wrong password counts [s]."""
_MOST, _MOST_OF_ALL = 10, 200
"""Wrong passwords from one address, and from all of them together, within that time."""
_MOST_ADDRESSES = 1_000
"""Addresses that are told apart; more of them count as one."""
_ALL, _OTHERS = "", "others"


class Guesses:
    """Counts wrong passwords; `clock` counts seconds.

    A browser that has once brought the right password has a cookie that says so, and is not counted: nobody can lock
    a clinic out by guessing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[str, deque[float]] = {_ALL: deque(), _OTHERS: deque()}

    def wait_s(self, address: str) -> int:
        """How long an address must wait before it may try again [s]; 0 when it may."""
        waits = (self._wait_s(name, most) for name, most in ((self._name(address), _MOST), (_ALL, _MOST_OF_ALL)))
        return max(waits)

    def wrong(self, address: str) -> None:
        """Count a wrong password."""
        if address not in self._wrong and len(self._wrong) < _MOST_ADDRESSES:
            self._wrong[address] = deque()
        for name in (self._name(address), _ALL):
            self._wrong[name].append(self._clock())

    def _name(self, address: str) -> str:
        """Under which an address is counted."""
        return address if address in self._wrong else _OTHERS

    def _wait_s(self, name: str, most: int) -> int:
        """How long until fewer than `most` count [s]."""
        times, now = self._wrong[name], self._clock()
        while times and times[0] <= now - _WINDOW_S:
            times.popleft()
        if not times and name not in (_ALL, _OTHERS):
            del self._wrong[name]
        return int(times[0] + _WINDOW_S - now) + 1 if len(times) >= most else 0
