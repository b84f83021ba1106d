"""Makes a picture of every page of the web app: on a desk, on a phone, in the dark and on paper. For looking at.

.venv/bin/python scripts/make_screenshots_web.py FOLDER
"""

import datetime
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from trabecula.web import create_app
from trabecula.web.connections import address, listen
from trabecula.words.language import LANGUAGES, SOURCE

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "web"))
from walking import Walker  # type: ignore[import-not-found]

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
WINDOWS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": DESK},
    "phone": {"viewport": PHONE},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
}
OTHERS = [code for code in LANGUAGES if code != SOURCE]
PATIENCE_MS = 180_000
"""On a busy machine the causes may take a minute."""
TODAY = datetime.date(2026, 11, 22)


@contextmanager
def served() -> Iterator[str]:
    """The address of an app that runs in this process on a free port."""
    listening = listen("127.0.0.1", 0)
    running = uvicorn.Server(uvicorn.Config(create_app(today=lambda: TODAY), access_log=False, log_level="warning"))
    thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
    thread.start()
    yield address(listening)
    running.should_exit = True
    thread.join()


def walk(browser: Browser, address: str, folder: Path, kind: str) -> None:
    """One walk in one kind of window, a picture of each page; on the desk also what would be printed."""
    context = browser.new_context(base_url=address, **WINDOWS[kind])
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    for name in Walker(page).pages():
        page.screenshot(path=folder / f"{name}-{kind}.png", full_page=True)
        if kind == "desk":
            page.pdf(path=folder / f"{name}-print.pdf", format="A4", prefer_css_page_size=True)
    context.close()


def speak(browser: Browser, address: str, folder: Path, code: str) -> None:
    """The first pages and an answer as somebody sees them whose browser asks for another language."""
    context = browser.new_context(base_url=address, locale=code, **WINDOWS["desk"])
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    for name, path in {"start": "/", "form-1": "/form", "about": "/about"}.items():
        page.goto(path)
        page.screenshot(path=folder / f"{name}-{code}.png", full_page=True)
    page.goto("/")
    with page.expect_navigation():
        page.locator(".examples button").last.click()
    for place, name in enumerate(("answer-clinician", "answer-person", "what-if")):
        with page.expect_navigation():
            page.locator(".views button").nth(place).click()
        page.screenshot(path=folder / f"{name}-{code}.png", full_page=True)
    context.close()


def main(folder: Path, kinds: list[str]) -> None:
    """Every page, in every kind of window, and some in the other languages."""
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for kind in kinds:
            walk(browser, address, folder, kind)
        for code in OTHERS:
            speak(browser, address, folder, code)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or list(WINDOWS))
