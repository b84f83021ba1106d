"""What a browser may do with a page, who may ask, and what never leaves."""

import asyncio
import base64
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from trabecula.web import create_app
from trabecula.web.security import Access

from .conftest import state_in

SECRET = "a long enough password"


@pytest.mark.parametrize("path", ["/", "/form", "/nothing", "/static/web.css", "/openapi.json"])
def test_every_answer_has_a_strict_policy(web, path):
    """No inline script or style, no frame, no foreign source, no referrer, on every answer."""
    headers = web.get(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_pages_are_not_kept_by_browsers(web, example):
    """A page with somebody's data is not written to a disk by a cache."""
    answer = web.post("/result", data={"state": state_in(example)})
    assert answer.headers["cache-control"] == "no-store"


def test_a_foreign_host_name_is_refused(web):
    """A name of somebody else's that leads to this machine gets nothing."""
    assert web.get("/", headers={"host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}])
def test_a_form_from_another_site_is_refused(web, headers):
    """Another site cannot make a browser ask on somebody's behalf."""
    assert web.post("/example/ms_woman_44", headers=headers).status_code == 403


def test_a_password_is_asked_for_when_there_is_one():
    """With a password nothing is shown without it."""
    access = Access(SECRET)
    right = base64.b64encode(f"anybody:{SECRET}".encode()).decode()
    assert access.allows(f"Basic {right}")
    assert not any(map(access.allows, ("", "Basic", "Basic !", "Bearer x", f"Basic {right[:-4]}")))


@pytest.fixture
def locked():
    """An app with a password, asked directly."""
    return httpx.ASGITransport(create_app(password=SECRET))


def status(transport, **options):
    """The status of the first page (asked in a thread of its own: a browser's loop may run in this one)."""

    async def asked():
        async with httpx.AsyncClient(transport=transport, base_url="http://clinic.example") as client:
            return (await client.get("/", **options)).status_code

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked()).result()


def test_a_locked_app_answers_only_who_knows_the_password(locked):
    """The password opens the app under whatever name the clinic gave it."""
    assert status(locked) == 401
    assert status(locked, auth=("x", "wrong")) == 401
    assert status(locked, auth=("x", SECRET)) == 200


def test_markup_in_an_entry_is_shown_as_text(web):
    """A script in a medicine's name is a name like any other."""
    script = "<script>alert(1)</script>"
    typed = {"step": "life", "medicines[0].drug": script, "medicines[0].start": "2020", "do": "add"}
    page = web.post("/form", data=typed).text
    assert script not in page
    assert "&lt;script&gt;" in page
    typed = {"step": "person", "birth_date": "1970", "sex": "female", "do": "assess"}
    page = web.post("/form", data={"state": state_in(page), **typed}).text
    assert script not in page


@pytest.mark.parametrize(
    ("code", "said"), [("en", "another site"), ("de", "einer fremden Seite"), ("it", "un altro sito")]
)
def test_a_refusal_of_the_guard_is_told_in_the_language(web, code, said):
    """Even what never reaches a page."""
    headers = {"sec-fetch-site": "cross-site"}
    assert said in web.post("/example/ms_woman_44", params={"lang": code}, headers=headers).text
