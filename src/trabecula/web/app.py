"""The web app: thin views on the same functions as the command line. Nothing is stored; state travels in the page.

The app itself, and the server around it: it binds before anything else, so that a port that is taken is said at once,
and keeps no access log, since an address may hold what somebody typed after it.
"""

import datetime
import gc
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from trabecula import __version__
from trabecula.reporting.html import STATIC as REPORT_STATIC
from trabecula.web import api
from trabecula.web.api import ABOUT
from trabecula.web.localisation import LanguageMiddleware
from trabecula.web.pages import Pages
from trabecula.web.routes import SizeLimit, add_pages
from trabecula.web.security import Access, Guard
from trabecula.web.session import DRAWS
from trabecula.web.state import Seal
from trabecula.web.upload import LARGEST_REQUEST

STATIC = Path(__file__).parent / "static"


def create_app(
    password: str | None = None, today: Callable[[], datetime.date] = datetime.date.today, key: bytes | None = None,
    draws: int = DRAWS,
) -> ASGIApp:  # fmt: skip
    """The app; with a password every request must bring it (HTTP Basic).

    `today` is the clock, `key` the secret of this program's pages (a new one for each start unless given), `draws` the
    size of the sample behind the intervals of a page.
    """
    app = FastAPI(
        title="Trabecula", version=__version__, docs_url=None, redoc_url=None, max_body_size=LARGEST_REQUEST,
        description=ABOUT,
    )  # fmt: skip
    add_pages(app, Pages(Seal(key), today, draws))
    app.include_router(api.router(today))
    app.mount("/static/report", StaticFiles(directory=REPORT_STATIC), name="report_static")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return LanguageMiddleware(Guard(SizeLimit(app), Access(password)))


_WAITING = 128
"""Connections that may wait."""
_LOOKS = (10_000, 10, 10)
"""Objects made between two looks for garbage, and looks at the young between two at the old."""
_SECONDS_TO_FINISH = 10
"""How long answers under way may take when the server is stopped."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; raises OSError when the address cannot be had. Port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=_WAITING)
    listening.setblocking(False)
    return listening


def address(listening: socket.socket) -> str:
    """Where the app is found: http://127.0.0.1:8040/."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def server(password: str | None) -> uvicorn.Server:
    """The server; what it says about requests never reaches a log."""
    config = uvicorn.Config(
        create_app(password), access_log=False, log_level="warning", server_header=False,
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
