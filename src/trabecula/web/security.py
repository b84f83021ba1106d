"""Who may ask and what a browser may do with an answer: headers, hosts, origins, a password, and quiet logs.

Against a page of somebody else's that sends forms here (`same_origin`), a foreign name that resolves to this machine
(`host_is_mine`), a script that got into a page (the policy), and an error message with a person's data in it
(`place_of`).
"""

import base64
import binascii
import logging
import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trabecula.web.guesses import Guesses
from trabecula.web.kept import Visitor, Visitors, cookie_header
from trabecula.web.localisation import page_language

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NO_STORE = "no-store"
"""For pages, which may hold something about a person; styles, fonts and scripts say themselves how long they stay."""
SHARED: ContextVar[bool] = ContextVar("shared", default=False)
"""Whether the app that answers is used from other machines than the one it runs on: by a password, or signed in."""
HAS_REGISTER: ContextVar[bool] = ContextVar("has_register", default=False)
"""Whether the app that answers has the work list of a register."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LOG = logging.getLogger("trabecula.web")


@dataclass(frozen=True)
class Access:
    """Who may use the app: anybody on this machine, who knows the password, or who signs in at a name of its own."""

    password: str | None = None
    host: str = ""
    """The name at which users who sign in find the app; empty where nobody signs in."""
    encrypted: bool = False
    """Whether browsers come by https alone."""

    @property
    def is_open(self) -> bool:
        """Whether whoever reaches the app may use it."""
        return self.password is None and not self.host

    def allows(self, authorization: str) -> bool:
        """Whether a request with this Authorization header may pass (the user name does not matter)."""
        if self.password is None:
            return True
        given = _basic_password(authorization)
        return given is not None and secrets.compare_digest(given.encode(), self.password.encode())


def _basic_password(authorization: str) -> str | None:
    """The password of an HTTP Basic header, or None when there is none."""
    kind, _, credentials = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return None


def host_is_mine(host: str, access: Access) -> bool:
    """Without a password only the machine's own names are answered: a foreign name that resolves to it is a trick.

    Where users sign in, the name that the settings say, and no other.
    """
    if access.host:
        return _name_of(host) == access.host
    return access.password is not None or _name_of(host) in LOOPBACK


def _name_of(host: str) -> str | None:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def same_origin(headers: Headers) -> bool:
    """Whether a form was sent from one of our own pages, as far as the browser says so.

    Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with a form of our own, so that null alone proves
    nothing; Sec-Fetch-Site then tells.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin", "null")
    return origin == "null" or _is_at(origin, headers.get("host", ""))


def _is_at(origin: str, host: str) -> bool:
    """Whether an origin is this host."""
    try:
        return urlsplit(origin).netloc == host
    except ValueError:
        return False


class Guard:
    """Refuses strangers, sets the headers of every answer, and keeps what went wrong out of the log.

    Around everything but the choice of the language. Who may pass gets a cookie with a secret of the browser's own
    (`kept`), which the routes find in the scope as `visitor`.
    """

    def __init__(self, app: ASGIApp, access: Access, visitors: Visitors) -> None:
        self.app, self.access, self.visitors, self.guesses = app, access, visitors, Guesses()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        visitor = scope["visitor"] = self.visitors.of(scope)
        refusal = self._refusal(scope, visitor)
        new = cookie_header(visitor, scope, self.access.encrypted) if refusal is None and not visitor.known else ""
        guarded = _HeaderSender(send, "" if scope["path"].startswith("/static/") else NO_STORE, new)
        SHARED.set(not self.access.is_open)
        try:
            await (refusal or self.app)(scope, receive, guarded)
        except Exception as fault:
            _LOG.error("%s %s: %s", scope["method"], scope["path"], place_of(fault))
            if not guarded.started:
                await said_plainly("web.guard.fault", 500)(scope, receive, guarded)

    def _refusal(self, scope: Scope, visitor: Visitor) -> Response | None:
        """Why a request is not answered, or None."""
        headers = Headers(scope=scope)
        if not host_is_mine(headers.get("host", ""), self.access):
            return said_plainly("web.guard.wrong_host", 421)
        stranger = self._stranger(headers.get("authorization", ""), (scope.get("client") or ("",))[0], visitor)
        if stranger is None and scope["method"] not in _SAFE and not same_origin(headers):
            return said_plainly("web.guard.foreign_form", 403)
        return stranger

    def _stranger(self, authorization: str, address: str, visitor: Visitor) -> Response | None:
        """Why somebody without the password is not answered; nobody may guess it often."""
        if self.access.password is None:
            return None
        wait_s = 0 if visitor.known or not authorization else self.guesses.wait_s(address)
        if wait_s:
            return said_plainly("web.guard.too_many_guesses", 429, {"Retry-After": str(wait_s)})
        if self.access.allows(authorization):
            return None
        if authorization:
            self.guesses.wrong(address)
        return said_plainly("web.guard.password", 401, {"WWW-Authenticate": 'Basic realm="Trabecula", charset="UTF-8"'})


def said_plainly(id: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A sentence in the language of the request, without a page around it."""
    return PlainTextResponse(page_language().text(id), status, headers)


def place_of(fault: BaseException) -> str:
    """What went wrong and where, without any value: an error's message may hold a person's data."""
    fault = fault.__cause__ or fault
    trace, last = fault.__traceback__, None
    while trace is not None:
        last, trace = trace, trace.tb_next
    where = f" in {last.tb_frame.f_code.co_name}, line {last.tb_lineno}" if last else ""
    return f"{type(fault).__name__}{where}"


class _HeaderSender:
    """Sends an answer with our headers; remembers whether it has begun.

    keeping: how long a browser may keep the answer, empty where it says so itself; cookie: for a browser without one,
    with pages only.
    """

    def __init__(self, send: Send, keeping: str, cookie: str) -> None:
        self.send, self.keeping, self.cookie, self.started = send, keeping, cookie, False

    async def __call__(self, message: Message) -> None:
        """One message of the answer."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if self.keeping:
                headers["Cache-Control"] = self.keeping
            if self.cookie and (headers.get("content-type", "").startswith("text/html") or "location" in headers):
                headers.append("Set-Cookie", self.cookie)
        await self.send(message)
