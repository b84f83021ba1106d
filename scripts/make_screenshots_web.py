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

from trabecula.web import create_app, server

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "web"))
from walking import every_page  # type: ignore[import-not-found]

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
WINDOWS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": DESK},
    "phone": {"viewport": PHONE},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
}
TODAY = datetime.date(2026, 11, 22)


@contextmanager
def served() -> Iterator[str]:
    """The address of an app that runs in this process on a free port."""
    listening = server.listen("127.0.0.1", 0)
    running = uvicorn.Server(
        uvicorn.Config(create_app(today=lambda: TODAY), access_log=False, log_level="warning")
    )
    thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
    thread.start()
    yield server.address(listening)
    running.should_exit = True
    thread.join()


def walk(browser: Browser, address: str, folder: Path, kind: str) -> None:
    """One walk in one kind of window, a picture of each page; on the desk also what would be printed."""
    context = browser.new_context(base_url=address, **WINDOWS[kind])
    page = context.new_page()
    for name in every_page(page):
        page.screenshot(path=folder / f"{name}-{kind}.png", full_page=True)
        if kind == "desk":
            page.pdf(path=folder / f"{name}-print.pdf", format="A4", prefer_css_page_size=True)
    context.close()


def main(folder: Path, kinds: list[str]) -> None:
    """Every page, in every kind of window."""
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for kind in kinds:
            walk(browser, address, folder, kind)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or list(WINDOWS))
