"""A running app on a free port, a client that asks it, and a browser that looks at it."""

import datetime
import re
from html import unescape
from pathlib import Path

import httpx
import pytest

import chromium
from trabecula.web import create_app

from .serving import served

ROOT = Path(__file__).parents[2]
TODAY = datetime.date(2026, 11, 22)
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
KEY = b"a key for tests"
FEW_DRAWS = 20
PATIENCE_MS = 120_000
"""How long a page may take on a busy machine."""


@pytest.fixture(scope="session")
def address():
    """The address of an app that lives as long as the tests; its clock stands still."""
    with served(create_app(today=lambda: TODAY, key=KEY, draws=FEW_DRAWS)) as found:
        yield found


@pytest.fixture(scope="session")
def web(address):
    """Asks the app as a browser does: it goes where it is led, and brings its cookie."""
    with httpx.Client(base_url=address, timeout=60, follow_redirects=True) as client:
        client.get("/")
        yield client


@pytest.fixture(scope="session")
def example(web):
    """The page with the answer for the first example."""
    return web.post("/example/ms_woman_44").text


def state_in(page: str) -> str:
    """What a page carries."""
    return re.search(r'name="state" value="([^"]*)"', page)[1]


def text_in(page: str) -> str:
    """What a page says, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture(scope="session")
def browser():
    """A browser without a window. Without one the tests fail: what is not looked at is not shown to work."""
    found = chromium.found()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def opened(browser, address):
    """Opens fresh windows of the browser; what each asks for is in `asked`, what it says is wrong in `complaints`."""

    def open_window(**options):
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, **options)
        context.set_default_timeout(PATIENCE_MS)
        window = context.new_page()
        window.asked, window.complaints = [], []
        window.on("request", lambda request: window.asked.append(request.url))
        window.on(
            "console", lambda message: window.complaints.append(message.text) if message.type == "error" else None
        )
        window.on("pageerror", lambda error: window.complaints.append(str(error)))
        return window

    return open_window


@pytest.fixture
def page(opened):
    """A fresh window of the browser."""
    window = opened()
    yield window
    window.context.close()
