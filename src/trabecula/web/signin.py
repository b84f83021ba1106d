"""The door for several users: nobody passes who has not signed in, has no role, or asks too often.

    GET  /sign-in      sends the browser to the provider
    GET  /signed-in    where the provider sends it back; opens a session
    POST /sign-out     ends the session, and empties the browser of what it kept

It stands inside the guard, which has checked the host and where a form came from, and writes the headers.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trabecula.web.accounts import USER, Requests, Role, SignInSettings, UserSession, UserSessions
from trabecula.web.audit import AuditLog
from trabecula.web.kept import Visitor
from trabecula.web.launch import LAUNCH
from trabecula.web.localisation import link
from trabecula.web.oidc import Provider
from trabecula.web.rendering import page
from trabecula.web.security import said_plainly
from trabecula.web.tokens import TokenRefused

SIGN_IN, SIGNED_IN, SIGN_OUT = "/sign-in", "/signed-in", "/sign-out"
LONGEST_S = 60.0
"""How long an answer may take [s]; then the browser is told so, and the lane goes on alone."""
_AT_ONCE, _A_MINUTE = 60, 120
"""Requests of one user; pages ask for one each, and styles are not counted."""
_SIGN_INS_AT_ONCE, _SIGN_INS_A_MINUTE = 60, 60
"""Ways to the provider that are begun from one address: a clinic may come from a single one. Coming back costs nothing
without one of them, and the password is guessed at the provider, who counts."""
_OPEN = ("/static/",)
_API = ("/api/", "/openapi.json")
_TOO_OFTEN, _NO_ROLE, _NOT_IN, _TOO_LONG = 429, 403, 401, 503
_LAUNCH = r"launch(?:\?[A-Za-z0-9._~%=&+:/-]{0,4000})?"
_TO = re.compile(
    rf"/(?:page/[A-Za-z0-9_-]{{22}}|form|register(?:/person/[A-Za-z0-9_-]{{22}})?|learn(?:/[a-z_]+)?|about|{_LAUNCH})?",
    re.ASCII,
)
"""Pages of ours to which somebody may be led after signing in; nothing else. What a record system hands over with its
launch comes along: it means nothing to anybody else."""
_SAFE = ("GET", "HEAD", "OPTIONS")


class SignIn:
    """Lets in whoever has signed in, as what they are; writes down who came."""

    def __init__(self, app: ASGIApp, settings: SignInSettings, provider: Provider | None = None) -> None:
        self.app, self.settings = app, settings
        self.provider = provider or Provider(settings)
        self.audit, self.sessions = AuditLog(settings.audit), UserSessions()
        self.requests = Requests(_AT_ONCE, _A_MINUTE)
        self.ways = Requests(_SIGN_INS_AT_ONCE, _SIGN_INS_A_MINUTE)
        self.cookie = "__Host-trabecula-session" if settings.is_encrypted else "trabecula-session"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(_OPEN):
            await self.app(scope, receive, send)
            return
        secret = cookie_parser(Headers(scope=scope).get("cookie", "")).get(self.cookie, "")
        session = self.sessions.of(secret) if secret else None
        answer = await self._own(scope, secret, session) or self._refusal(scope, session)
        if answer is not None:
            await answer(scope, receive, send)
            return
        assert session is not None, "who has no session was refused"
        await self._let_in(session, secret, scope, receive, send)

    async def _own(self, scope: Scope, secret: str, session: UserSession | None) -> Response | None:
        """The answer of the addresses that are the door's own."""
        path, method = scope["path"], scope["method"]
        if path == SIGN_IN and method == "GET":
            return await self._begin(scope)
        if path == SIGNED_IN and method == "GET":
            return await self._finish(scope, secret)
        if path == SIGN_OUT and method == "POST":
            return self._end(secret, session)
        return None

    async def _begin(self, scope: Scope) -> Response:
        """To the provider."""
        if wait_s := self.ways.wait_s(_address(scope)):
            return said_plainly("web.guard.too_often", _TOO_OFTEN, {"Retry-After": str(wait_s)})
        to = QueryParams(scope.get("query_string", b"")).get("to", "/")
        visitor: Visitor = scope["visitor"]
        try:
            there = await self.provider.begin(visitor.secret, to if _TO.fullmatch(to) else "/")
        except TokenRefused:
            return said_plainly("web.signin.unreachable", _TOO_LONG)
        return RedirectResponse(there, 303)

    async def _finish(self, scope: Scope, secret: str) -> Response:
        """Back from the provider; a browser that comes in gets a new session, whatever it had."""
        query, visitor = QueryParams(scope.get("query_string", b"")), scope["visitor"]
        given = (query.get("state", ""), query.get("code", ""), query.get("iss", ""))
        try:
            claims, to = await self.provider.finish(visitor.secret, *given)
        except TokenRefused:
            self.audit.write("sign_in_refused")
            return _page("web.signin.refused", _NOT_IN)
        self.sessions.end(secret)
        roles = self._roles(claims)
        self.audit.write("signed_in", claims["sub"], ",".join(sorted(roles)))
        answer = RedirectResponse(to, 303)
        answer.headers.append("Set-Cookie", self._cookie(self.sessions.begin(claims["sub"], roles)))
        return answer

    def _end(self, secret: str, session: UserSession | None) -> Response:
        """The session ends, and the browser forgets."""
        self.sessions.end(secret)
        if session is not None:
            self.audit.write("signed_out", session.user)
        answer = _page("web.signin.signed_out", 200)
        answer.headers.append("Set-Cookie", self._cookie("", gone=True))
        answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return answer

    def _cookie(self, secret: str, gone: bool = False) -> str:
        """The session's cookie: hidden from scripts, never sent with forms of other sites."""
        rest = f"{'; Secure' if self.settings.is_encrypted else ''}{'; Max-Age=0' if gone else ''}"
        return f"{self.cookie}={secret}; Path=/; HttpOnly; SameSite=Lax{rest}"

    def _roles(self, claims: Mapping[str, object]) -> frozenset[Role]:
        """What a user is, by the claim that says so."""
        listed = claims.get(self.settings.roles_claim, ())
        values = [value for value in (listed if isinstance(listed, list) else [listed]) if isinstance(value, str)]
        return frozenset(self.settings.roles[value] for value in values if value in self.settings.roles)

    def _refusal(self, scope: Scope, session: UserSession | None) -> Response | None:
        """Why a request is not answered, or None."""
        is_api = scope["path"].startswith(_API)
        if session is None:
            if is_api:
                return JSONResponse({"problems": []}, _NOT_IN)
            if scope["method"] in _SAFE:
                return RedirectResponse(f"{SIGN_IN}?{urlencode({'to': _wanted(scope)})}", 303)
            is_part = "hx-request" in Headers(scope=scope)  # it stands in a page that is there
            return (said_plainly if is_part else _page)("web.signin.ended", _NOT_IN)
        if scope["method"] not in _SAFE and not _from_our_page(Headers(scope=scope), self.settings):
            return said_plainly("web.guard.foreign_form", _NO_ROLE)
        if not session.roles or (is_api and "analyst" not in session.roles):
            self.audit.write("no_role", session.user, _kind(scope), _NO_ROLE)
            return _page("web.signin.no_role", _NO_ROLE)
        if wait_s := self.requests.wait_s(session.user):
            return said_plainly("web.guard.too_often", _TOO_OFTEN, {"Retry-After": str(wait_s)})
        return None

    async def _let_in(self, session: UserSession, secret: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer somebody who may; what is kept for them opens in this session alone."""
        USER.set(session.user)
        visitor: Visitor = scope["visitor"]
        own = hmac.digest(visitor.secret, secret.encode(), hashlib.sha256)
        inner = dict(scope) | {"visitor": replace(visitor, secret=own)}
        sending = _Recorded(send, self._record(scope, session))
        try:
            async with asyncio.timeout(LONGEST_S):
                await self.app(inner, receive, sending)
        except TimeoutError:
            if sending.begun:
                raise
            await said_plainly("web.guard.too_long", _TOO_LONG, {"Retry-After": "60"})(scope, receive, sending)

    def _record(self, scope: Scope, session: UserSession) -> Callable[[int], None]:
        """Writes down what was answered with which status."""
        return lambda status: self.audit.write("request", session.user, _kind(scope), status)


class _Recorded:
    """Sends an answer on once it is written down: what cannot be recorded is not answered."""

    def __init__(self, send: Send, record: Callable[[int], None]) -> None:
        self.send, self.record, self.begun = send, record, False

    async def __call__(self, message: Message) -> None:
        """One message of the answer."""
        if message["type"] == "http.response.start":
            self.record(message["status"])
            self.begun = True
        await self.send(message)


def _wanted(scope: Scope) -> str:
    """The page of ours that somebody asked for before signing in; the first one where it is none of those."""
    query = scope.get("query_string", b"").decode("latin-1")
    wanted = f"{scope['path']}?{query}" if scope["path"] == LAUNCH and query else scope["path"]
    return wanted if _TO.fullmatch(wanted) else "/"


def _address(scope: Scope) -> str:
    """From where a request comes."""
    return (scope.get("client") or ("",))[0]


def _kind(scope: Scope) -> str:
    """The kind of page: no name of a page that is kept, and nothing that somebody typed after the address."""
    first = re.match(r"/[a-z-]*(?:/[a-z-]+)?", scope["path"])
    path = "/page" if scope["path"].startswith("/page/") else first[0] if first else "/"
    return f"{scope['method']} {path}"


def _from_our_page(headers: Headers, settings: SignInSettings) -> bool:
    """Whether a form comes from one of our own pages: a browser that says nothing is not believed here."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return headers.get("origin", "null").rstrip("/") == settings.public_url.rstrip("/")


def _page(id: str, status: int) -> Response:
    """A page with one sentence, and the way in."""
    return page("signin.html", status, sentence=id, sign_in=link(SIGN_IN), state="")
