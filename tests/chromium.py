"""Where the browser is in which pages are tested."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


def found() -> str:
    """The browser: CHROMIUM says where, else it is looked for. Without one a test fails: nothing was looked at."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(
            "No browser: these tests need Chromium. On Debian: apt-get install chromium; elsewhere install it and"
            " name it in the environment variable CHROMIUM."
        )
    return path
