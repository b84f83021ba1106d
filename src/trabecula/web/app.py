"""The web app: thin views on the same functions as the command line. Nothing is stored; state travels in the page."""

import datetime
from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from trabecula import __version__
from trabecula.web import api, rendering
from trabecula.web.answering import DRAWS
from trabecula.web.description import ABOUT
from trabecula.web.pages import Pages
from trabecula.web.routes import Bounded, add_pages
from trabecula.web.security import Access, Guard
from trabecula.web.speaking import Speaking
from trabecula.web.state import Seal
from trabecula.web.upload import LARGEST_REQUEST

STATIC = Path(__file__).parent / "static"


def create_app(
    password: str | None = None,
    today: Callable[[], datetime.date] = datetime.date.today,
    key: bytes | None = None,
    draws: int = DRAWS,
) -> ASGIApp:
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
    app.mount("/static/report", StaticFiles(directory=rendering.REPORT_STATIC), name="report_static")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return Guard(Speaking(Bounded(app)), Access(password))
