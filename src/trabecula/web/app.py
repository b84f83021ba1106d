"""The web app: thin views on the same functions as the command line. Nothing is stored; state travels in the page.

The app itself, and the server around it, which keeps no access log, since an address may hold what somebody typed
after it.
"""

import ctypes
import datetime
import gc
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from trabecula import __version__
from trabecula.web import api
from trabecula.web.accounts import SignInSettings
from trabecula.web.api import ABOUT
from trabecula.web.assets import serve_assets
from trabecula.web.connections import IDLE_S, PromptProtocol
from trabecula.web.hooks import Hooks, HooksBeside, HookSettings
from trabecula.web.kept import Visitors
from trabecula.web.launch import Launches, LaunchSettings
from trabecula.web.localisation import LanguageMiddleware
from trabecula.web.pages import Pages
from trabecula.web.registerpages import RegisterPages, RegisterSettings
from trabecula.web.routes import SizeLimit, add_pages
from trabecula.web.security import HAS_REGISTER, NO_STORE, Access, Guard
from trabecula.web.session import DRAWS
from trabecula.web.signin import SignIn
from trabecula.web.state import Seal
from trabecula.web.tokens import TokenCheck
from trabecula.web.upload import LARGEST_REQUEST


def create_app(
    password: str | None = None, today: Callable[[], datetime.date] = datetime.date.today, key: bytes | None = None,
    draws: int = DRAWS, settings: HookSettings | None = None, sign_in: SignInSettings | None = None,
    launch: LaunchSettings | None = None, register: RegisterSettings | None = None,
) -> ASGIApp:  # fmt: skip
    """The app; with a password every request must bring it (HTTP Basic), but those of CDS Hooks, which bring a token.

    `today` is the clock, `key` the secret of this program's pages (a new one for each start unless given), `draws` the
    size of the sample behind the intervals of a page, `settings` who may call the services of CDS Hooks, `sign_in`
    where users sign in; without it, or a password, the app is for one person at this machine; `launch` the record
    systems out of which it is opened; `register` whose work list it shows. Raises RunRefused for a register without
    scores that can be read.
    """
    app = FastAPI(
        title="Trabecula", version=__version__, docs_url=None, redoc_url=None, max_body_size=LARGEST_REQUEST,
        description=ABOUT,
    )  # fmt: skip
    listed = None if register is None else RegisterPages(register, today, key)
    add_pages(app, Pages(Seal(key), today, draws), None if launch is None else Launches(launch), listed)
    app.include_router(api.router(today))
    app.mount("/static", serve_assets, name="static")
    access, settings = _access(password, sign_in), settings or HookSettings()
    hooks = Hooks(settings, access, today, TokenCheck(settings.issuers), draws)
    pages: ASGIApp = SizeLimit(app) if sign_in is None else SignIn(SizeLimit(app), sign_in)
    whole = HooksBeside(hooks, Guard(pages, access, Visitors(key)))
    return _health_beside(LanguageMiddleware(whole if register is None else _with_register(whole)))


def _with_register(app: ASGIApp) -> ASGIApp:
    """Pages lead to the work list."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        HAS_REGISTER.set(True)
        await app(scope, receive, send)

    return answering


def _access(password: str | None, sign_in: SignInSettings | None) -> Access:
    """Who may use the app."""
    return Access(password) if sign_in is None else Access(host=sign_in.host, encrypted=sign_in.is_encrypted)


def _health_beside(app: ASGIApp) -> ASGIApp:
    """Says that the program answers, to whoever asks at /healthz and under any name; nothing more."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http" and scope["path"] == "/healthz"
        await (PlainTextResponse("ok", headers={"Cache-Control": NO_STORE}) if is_asked else app)(scope, receive, send)

    return answering


_LOOKS = (10_000, 10, 10)
"""Objects made between two looks for garbage, and looks at the young between two at the old."""
_MMAP_THRESHOLD, _LARGE = -3, 8_000_000
"""Blocks of so many bytes, such as a file that was sent, go back to the system as soon as they are free; glibc would
learn to keep them."""
_SECONDS_TO_FINISH = 10
"""How long answers under way may take when the server is stopped."""


def server(
    password: str | None, settings: HookSettings | None = None, sign_in: SignInSettings | None = None,
    launch: LaunchSettings | None = None, register: RegisterSettings | None = None,
) -> uvicorn.Server:  # fmt: skip
    """The server; what it says about requests never reaches a log."""
    app = create_app(password, settings=settings, sign_in=sign_in, launch=launch, register=register)
    config = uvicorn.Config(
        app, access_log=False, log_level="warning",
        server_header=False, http=PromptProtocol, timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )  # fmt: skip
    _settle()
    return uvicorn.Server(config)


def _settle() -> None:
    """Leave what lives as long as the program out of every look for garbage: those looks were a fifth of an answer.

    Measured with `benchmarks/web_load.py`; what is imported and compiled by now is never garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_LOOKS)
    with suppress(OSError, AttributeError, TypeError):  # glibc has it
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
