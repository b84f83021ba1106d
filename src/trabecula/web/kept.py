"""The way back: a page that answered a form is kept for some hours, so that Back and reload find it.

A form is answered with the address of the page that it leads to (post, redirect, get). The page is kept in memory
alone, never on a disk, and locked with a secret that only the browser has, in a cookie: the program by itself cannot
read what it keeps, and an address by itself opens nothing. What is typed on a page is put into it when the form is
sent, so that Back shows it. A browser without cookies is answered in the way of before: by the page itself.
"""

import hashlib
import re
import secrets
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

PLACE: ContextVar[str] = ContextVar("place", default="")
"""The name under which the page that is being made will be kept; empty where it is not kept."""
_SECRET_BYTES, _NONCE_BYTES, _PLACE_BYTES = 32, 16, 16
_LONGEST_S = 6 * 60 * 60
"""How long a page is kept [s]."""
_MOST_BYTES = 64_000_000
"""What all pages together may take; the oldest go first."""
_MOST_OF_ONE = 60
"""Pages of one browser."""
_PLACE = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


@dataclass(frozen=True)
class Visitor:
    """A browser: its secret, which nobody keeps here, and whether it has brought it."""

    secret: bytes
    cookie: str
    """The secret, signed, as a cookie holds it."""
    known: bool
    """Whether the browser sent it; otherwise it was made for this request."""
    stale: bool = False
    """Whether it sent one that is none of this program's: the program was started again."""


class Visitors:
    """Gives each browser a secret, signed so that only our own are taken."""

    def __init__(self, key: bytes | None = None) -> None:
        self._signer = Signer(key or secrets.token_bytes(), salt="trabecula.web.visitor")

    def of(self, scope: Scope) -> Visitor:
        """Who asks."""
        sent = cookie_parser(Headers(scope=scope).get("cookie", "")).get(cookie_name(scope), "")
        try:
            secret = bytes.fromhex(self._signer.unsign(sent).decode("ascii"))
            return Visitor(secret, sent, known=True)
        except (BadSignature, ValueError):
            secret = secrets.token_bytes(_SECRET_BYTES)
            return Visitor(secret, self._signer.sign(secret.hex()).decode("ascii"), known=False, stale=bool(sent))


def cookie_name(scope: Scope) -> str:
    """Cookies know no ports, so that the name has it: two programs on a machine leave each other alone."""
    _, port = scope.get("server") or ("", 0)
    return f"trabecula-{port}"


def cookie_header(visitor: Visitor, scope: Scope, encrypted: bool = False) -> str:
    """The header that hands a browser its secret: hidden from scripts, gone with the browser or after a day.

    encrypted: whether browsers come by https, and the cookie travels in no other way.
    """
    rest = f"HttpOnly; SameSite=Lax{'; Secure' if encrypted else ''}"
    return f"{cookie_name(scope)}={visitor.cookie}; Path=/; Max-Age={2 * _LONGEST_S}; {rest}"


@dataclass(frozen=True)
class KeptPage:
    """A page as it was sent."""

    status: int
    body: bytes


@dataclass(frozen=True)
class _Locked:
    """A page that only its browser can open."""

    owner: bytes
    """A fingerprint of the browser's secret."""
    nonce: bytes
    content: bytes
    status: int
    until: float


def new_place() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(_PLACE_BYTES)


class KeptPages:
    """Pages that somebody may go back to, the oldest first; `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._pages, self._lock = clock, OrderedDict[str, _Locked](), threading.Lock()
        self._bytes = 0

    def keep(self, visitor: Visitor, place: str, page: KeptPage) -> None:
        """Keep a page under its name, in the place of what was there."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        content = _mixed(zlib.compress(page.body, level=1), visitor.secret, nonce)
        locked = _Locked(_fingerprint(visitor), nonce, content, page.status, self._clock() + _LONGEST_S)
        with self._lock:
            self._drop(place)
            self._pages[place] = locked
            self._bytes += len(content)
            self._make_room(locked.owner)

    def open(self, visitor: Visitor, place: str) -> KeptPage | None:
        """The page again, for the browser that it was made for; None when it is no longer there."""
        with self._lock:
            found = self._pages.get(place)
        if found is None or found.owner != _fingerprint(visitor) or found.until < self._clock():
            return None
        return KeptPage(found.status, zlib.decompress(_mixed(found.content, visitor.secret, found.nonce)))

    def take(self, visitor: Visitor, place: str) -> KeptPage | None:
        """As `open`, once: what is taken is kept no longer."""
        page = self.open(visitor, place)
        if page is not None:
            with self._lock:
                self._drop(place)
        return page

    def has(self, visitor: Visitor, place: str) -> bool:
        """Whether a name is that of a page of this browser."""
        found = self._pages.get(place) if _PLACE.fullmatch(place) else None
        return found is not None and found.owner == _fingerprint(visitor)

    def _make_room(self, owner: bytes) -> None:
        """Forget what is too old, too much for one browser, or too much in all."""
        now = self._clock()
        mine = [place for place, page in self._pages.items() if page.owner == owner]
        for place in mine[:-_MOST_OF_ONE]:
            self._drop(place)
        while self._pages:
            oldest = next(iter(self._pages))
            if self._pages[oldest].until >= now and self._bytes <= _MOST_BYTES:
                return
            self._drop(oldest)

    def _drop(self, place: str) -> None:
        """Forget a page."""
        gone = self._pages.pop(place, None)
        if gone is not None:
            self._bytes -= len(gone.content)


def _fingerprint(visitor: Visitor) -> bytes:
    """What tells browsers apart without their secrets."""
    return hashlib.sha256(b"owner" + visitor.secret).digest()


def _mixed(content: bytes, secret: bytes, nonce: bytes) -> bytes:
    """The content mixed (exclusive or) with a stream that only the secret makes (SHAKE256); mixed again, as it was.

    A nonce is never used twice, so no two pages have the same stream.
    """
    stream = hashlib.shake_256(b"page" + secret + nonce).digest(len(content))
    mixed = int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(content), "big")
