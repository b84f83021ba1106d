"""CDS Hooks 2.0: the services, who may call them, and what they answer.

    GET  /cds-services                    what there is; open to everybody
    POST /cds-services/{id}               cards, for a token of a client that is on our list
    POST /cds-services/{id}/feedback      what became of cards

These addresses stand outside the guard of the pages: a client has a token in place of a password, and browsers of other
sites may call where their origin is on the list. Without a list of issuers the services answer on this machine alone.
"""

import datetime
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trabecula.errors import TrabeculaError
from trabecula.web.hooks_answer import HookCall, RecentAnswers, cards
from trabecula.web.hooks_feedback import Feedback, FeedbackStore
from trabecula.web.hooks_request import HookRequest, gather, prefetch
from trabecula.web.localisation import page_language
from trabecula.web.security import NO_STORE, Access, host_is_mine, place_of
from trabecula.web.session import DRAWS, heavily
from trabecula.web.tokens import Issuer, TokenCheck, TokenRefused
from trabecula.words.language import LANGUAGES, Language, language

PATH = "/cds-services"
SERVICES = {f"trabecula-{hook}": hook for hook in ("patient-view", "order-select", "order-sign")}
"""Each service and its hook."""
LARGEST = 20_000_000
"""Bytes of a request: whole records are prefetched."""
SETTINGS = "TRABECULA_HOOKS"
"""The environment variable that names the file with the settings."""
_BAD, _UNKNOWN, _NOT_FOUND, _MISSING, _TOO_LARGE, _NO_JSON, _WRONG_HOST = 400, 401, 404, 412, 413, 415, 421
_LOG = logging.getLogger("trabecula.web")
_REMEMBERED_S = 600
"""How long a browser need not ask again whether it may call from elsewhere."""


class SettingsRefused(TrabeculaError, ValueError):
    """A file of settings that cannot be used."""


class _Client(BaseModel):
    """A client that may call: where its keys are, and its FHIR servers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    jwks_uri: str = ""
    keys: tuple[dict[str, Any], ...] = ()
    fhir_servers: tuple[str, ...] = ()


class HookSettings(BaseModel):
    """Who may call, from where, and how they are answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    base_url: str = "http://127.0.0.1:8040"
    """The address of the app, as clients call it: the audience of their tokens begins with it."""
    clients: dict[str, _Client] = {}
    """By the issuer of their tokens."""
    origins: tuple[str, ...] = ()
    """Sites whose pages may call from a browser."""
    language: str | None = None
    """Of the cards; that of the request unless it is given."""
    feedback: Path | None = None
    """Where feedback is kept, as lines of JSON."""

    @property
    def issuers(self) -> list[Issuer]:
        """Whose tokens are believed."""
        return [Issuer(name, client.jwks_uri, client.keys) for name, client in self.clients.items()]


def read_settings(path: str | None = None) -> HookSettings:
    """The settings in the file that the environment names; the usual ones without it. Raises SettingsRefused."""
    named = path or os.environ.get(SETTINGS)
    if not named:
        return HookSettings()
    try:
        settings = HookSettings.model_validate_json(Path(named).read_bytes())
    except (OSError, ValidationError) as error:
        problems = error.errors() if isinstance(error, ValidationError) else []
        told = "; ".join(f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in problems)
        why = told or type(error).__name__
        raise SettingsRefused(f"{SETTINGS}: found {named}, which cannot be used ({why}); correct it") from None
    if settings.language is not None and settings.language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise SettingsRefused(f"{SETTINGS}: language: found {settings.language}; expected one of {known}; correct it")
    return settings


@dataclass
class Hooks:
    """The services of one program."""

    settings: HookSettings
    access: Access
    today: Callable[[], datetime.date]
    tokens: TokenCheck
    draws: int = DRAWS
    """Size of the sample behind the intervals."""
    transport: httpx.AsyncBaseTransport | None = None
    """How FHIR servers are reached; the network unless given."""
    recent: RecentAnswers = field(default_factory=RecentAnswers)
    store: FeedbackStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = FeedbackStore(self.settings.feedback)

    @property
    def app(self) -> str:
        """The address of the app for people."""
        return f"{self.settings.base_url.rstrip('/')}/"

    async def discovery(self, request: Request) -> Response:  # noqa: ARG002  # the form of every route
        """What there is."""
        lang = self._language()
        services = [
            {
                "hook": hook, "id": id, "title": lang.text(f"hook.title.{hook}"),
                "description": lang.text(f"hook.description.{hook}"), "prefetch": dict(prefetch()),
                "usageRequirements": lang.text("hook.usage"), "version": "2.0.0",
            }
            for id, hook in SERVICES.items()
        ]  # fmt: skip
        return JSONResponse({"services": services})

    async def service(self, request: Request) -> Response:
        """Cards."""
        id = request.path_params["id"]
        issuer = await self._issuer(request, f"{PATH}/{id}")
        read = await self._read(request, HookRequest)
        if SERVICES[id] != read.hook:
            raise _Refused(_BAD, {"message": f"hook: found {read.hook}; expected {SERVICES[id]}"})
        gathered = await gather(read, self._servers(issuer), self.transport)
        if gathered.needed:
            told = f"prefetch: missing {', '.join(gathered.needed)}"
            raise _Refused(_MISSING, {"message": told, "missing": gathered.needed})
        call = HookCall(read, gathered, self.today(), self._language(), self.app, self.draws, self.recent)
        found = await heavily(cards, call)
        self.store.given((card["uuid"], card["source"]["label"]) for card in found)
        return JSONResponse({"cards": found})

    async def feedback(self, request: Request) -> Response:
        """What became of cards: kept, and nothing answered."""
        id = request.path_params["id"]
        await self._issuer(request, f"{PATH}/{id}/feedback")
        self.store.keep(id, await self._read(request, Feedback))
        return JSONResponse({})

    async def _issuer(self, request: Request, path: str) -> str:
        """Who calls; raises _Refused for a service that there is not, and for who may not."""
        if not self.settings.clients and self.access.is_open:
            name = ""
        else:
            try:
                audience = f"{self.settings.base_url.rstrip('/')}{path}"
                claims = await self.tokens.claims(request.headers.get("authorization", ""), audience)
            except TokenRefused:
                raise _Refused(_UNKNOWN) from None
            name = str(claims["iss"])
        if request.path_params["id"] not in SERVICES:
            raise _Refused(_NOT_FOUND)
        return name

    def _servers(self, issuer: str) -> tuple[str, ...]:
        """The FHIR servers of a client."""
        return self.settings.clients[issuer].fhir_servers if issuer in self.settings.clients else ()

    async def _read(self, request: Request, kind: type[Any]) -> Any:
        """The body of a request; raises _Refused with the fields that are wrong, never with their values."""
        try:
            return kind.model_validate_json(await _body(request))
        except ValidationError as error:
            wrong = dict.fromkeys(".".join(map(str, detail["loc"])) or "request" for detail in error.errors())
            raise _Refused(_BAD, {"message": f"not as CDS Hooks 2.0 has it: {', '.join(wrong)}"}) from None

    def _language(self) -> Language:
        """The language of the settings, else that of the request."""
        return language(self.settings.language) if self.settings.language else page_language()


class _Refused(Exception):
    """A request that is not answered with cards."""

    def __init__(self, status: int, said: Mapping[str, Any] | None = None) -> None:
        self.status, self.said = status, said
        super().__init__()


async def _body(request: Request) -> bytes:
    """The body, as far as it is JSON and not too long."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise _Refused(_NO_JSON, {"message": "content-type: expected application/json"})
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > LARGEST:
            raise _Refused(_TOO_LARGE, {"message": f"expected at most {LARGEST} bytes"})
    return bytes(content)


async def _refusal(request: Request, error: Exception) -> Response:  # noqa: ARG001  # the form of every handler
    """The status, and what is missing or wrong; of a token nothing is told."""
    assert isinstance(error, _Refused)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == _UNKNOWN else None
    return JSONResponse(dict(error.said or {}), error.status, headers)


class HooksBeside:
    """Answers the addresses of the services, and hands every other request on."""

    def __init__(self, hooks: Hooks, pages: ASGIApp) -> None:
        self.hooks, self.pages = hooks, pages
        cors = Middleware(
            CORSMiddleware, allow_origins=hooks.settings.origins, allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Accept"], max_age=_REMEMBERED_S,
        )  # fmt: skip
        routes = [
            Route(PATH, hooks.discovery, methods=["GET"]),
            Route(f"{PATH}/{{id}}", hooks.service, methods=["POST"]),
            Route(f"{PATH}/{{id}}/feedback", hooks.feedback, methods=["POST"]),
        ]
        self.services = Starlette(routes=routes, middleware=[cors], exception_handlers={_Refused: _refusal})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == PATH or path.startswith(f"{PATH}/")):
            await self.pages(scope, receive, send)
        elif not self._is_mine(scope):
            await Response(status_code=_WRONG_HOST)(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; a fault has been answered without a word, and its place is logged without a value."""
        try:
            await self.services(scope, receive, _with_headers(send))
        except Exception as fault:
            _LOG.error("%s: %s", PATH, place_of(fault))

    def _is_mine(self, scope: Scope) -> bool:
        """Where nobody needs a token, only this machine's own names are answered."""
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        return bool(self.hooks.settings.clients) or host_is_mine(host, self.hooks.access)


def _with_headers(send: Send) -> Send:
    """Sends an answer that nobody keeps, and that is what it says it is."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Cache-Control"], headers["X-Content-Type-Options"] = NO_STORE, "nosniff"
        await send(message)

    return sending
