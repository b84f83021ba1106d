"""Browsers on their way to another program and back: state, nonce and verifier of each, good once and for a while.

A code in an address can be overheard, or slipped to somebody. It opens nothing without the state, which belongs to the
browser that began, nor without the verifier (RFC 7636), which stays here.
"""

import base64
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from trabecula.web.tokens import TokenRefused

_LONGEST_S, _MOST = 600.0, 2_000
"""How long a way may take [s], and how many may be open; the oldest go first."""
_BYTES = 32


@dataclass(frozen=True)
class Way:
    """A browser on the way."""

    browser: bytes
    state: str
    nonce: str
    verifier: str
    to: str
    """What it wants here when it is back."""
    until: float

    @property
    def challenge(self) -> str:
        """What the other program holds against the verifier (S256)."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class Ways:
    """All that are open."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._open: OrderedDict[str, Way] = OrderedDict()

    def begin(self, browser: bytes, to: str) -> Way:
        """A new way."""
        state, nonce, verifier = (secrets.token_urlsafe(_BYTES) for _ in range(3))
        while len(self._open) >= _MOST:
            self._open.popitem(last=False)
        self._open[state] = Way(browser, state, nonce, verifier, to, self._clock() + _LONGEST_S)
        return self._open[state]

    def back(self, browser: bytes, state: str) -> Way:
        """The way on which a browser comes back; raises TokenRefused for one that is not open, or another's."""
        way = self._open.pop(state, None)
        if way is None or way.until < self._clock() or not secrets.compare_digest(way.browser, browser):
            raise TokenRefused
        return way
