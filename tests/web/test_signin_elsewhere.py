"""Signing in at a maintained provider (npm `oidc-provider`), with its own pages for name, password and consent.

Skipped where it is not installed: `npm install --prefix FOLDER oidc-provider`, and TRABECULA_OIDC_PROVIDER=FOLDER.
"""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from beside import free_port
from trabecula.web import create_app
from trabecula.web.accounts import SignInSettings

from .conftest import FEW_DRAWS, KEY, TODAY
from .provider import CLIENT, SECRET
from .serving import served

FOLDER = os.environ.get("TRABECULA_OIDC_PROVIDER", "")
NODE = os.environ.get("TRABECULA_NODE") or shutil.which("node") or ""
pytestmark = pytest.mark.skipif(
    not (FOLDER and NODE), reason="no oidc-provider: npm install it, and name its folder in TRABECULA_OIDC_PROVIDER"
)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """The address of an app whose users sign in at the provider."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "secret").write_text(SECRET)
    port, ours = free_port(), free_port()
    issuer, address = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{ours}"
    script = Path(__file__).with_name("oidc_provider.mjs")
    running = subprocess.Popen(
        [NODE, str(script), FOLDER, str(port), f"{address}/signed-in"], stderr=subprocess.DEVNULL
    )
    for _ in range(600):
        try:
            httpx.get(f"{issuer}/.well-known/openid-configuration")
            break
        except httpx.ConnectError:
            time.sleep(0.1)
    settings = SignInSettings(
        public_url=address, issuer=issuer, client_id=CLIENT, client_secret_file=folder / "secret",
        roles={"bone-clinic": "clinician"}, audit=folder / "audit.jsonl",
    )  # fmt: skip
    with served(create_app(today=lambda: TODAY, key=KEY, draws=FEW_DRAWS, sign_in=settings), ours) as served_at:
        yield served_at
    running.kill()
    running.wait()


def filled(browser, page, **typed):
    """The page after its form was sent, with its own hidden fields."""
    (action,) = re.findall(r'<form[^>]*action="([^"]+)"', page.text)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    return browser.post(str(page.url.join(action)), data=hidden | typed)


def signed_in(browser, name):
    """The page that somebody comes to who signs in there."""
    page = browser.get("/form")
    assert "/interaction/" in page.url.path
    page = filled(browser, page, login=name, password="any")
    while "/interaction/" in page.url.path:
        page = filled(browser, page)
    return page


def test_somebody_signs_in_and_comes_back_to_the_page_they_wanted(clinic):
    """By name, password and consent; the session then holds without the provider."""
    with httpx.Client(base_url=clinic, follow_redirects=True, timeout=300) as browser:
        page = signed_in(browser, "u-1")
        assert (page.status_code, page.url.path[:6]) == (200, "/page/")
        assert browser.get("/learn").status_code == 200
        assert [step.status_code for step in browser.get("/learn").history] == []


def test_who_has_no_group_sees_nothing(clinic):
    """Signed in there is not yet let in here."""
    with httpx.Client(base_url=clinic, follow_redirects=True, timeout=300) as browser:
        assert signed_in(browser, "nobody").status_code == 403
