"""What a browser may do with a page, who may ask, and what never leaves."""

import asyncio
import base64
import json
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from trabecula.web import connections, create_app
from trabecula.web.guesses import Guesses
from trabecula.web.security import Access
from trabecula.web.state import Seal

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


@pytest.mark.parametrize("what", ["a path of 5,000 steps", "NaN"])
def test_crafted_entries_are_refused_and_nothing_falls_over(web, what):
    """What another program sealed may lead ever deeper, or hold no number: both are told like any damaged page."""
    path, value = ("a" + "[0]" * 5000, 1) if what != "NaN" else ("weight_kg", float("nan"))
    content = {"entries": {path: value}, "remarks": [], "plans": [], "causes": None, "cache": None}
    sealed = Seal(b"another key").close(json.dumps(content).encode())
    assert web.post("/form", data={"state": sealed, "do": "assess"}).status_code == 400


def test_a_password_can_be_guessed_ten_times_and_then_not_for_a_while():
    """From one address; another one may still try, and after ten minutes so may the first."""
    now = [0.0]
    guesses = Guesses(lambda: now[0])
    for _ in range(10):
        assert guesses.wait_s("a") == 0
        guesses.wrong("a")
    assert 0 < guesses.wait_s("a") <= 601
    assert guesses.wait_s("b") == 0
    now[0] = 601.0
    assert guesses.wait_s("a") == 0


def test_who_brought_the_password_before_is_not_locked_out(locked):
    """Whoever guesses from the address of a clinic's proxy does not stop those who work there."""

    async def asked():
        async with httpx.AsyncClient(transport=locked, base_url="http://clinic.example") as inside:
            assert (await inside.get("/", auth=("x", SECRET))).status_code == 200
            async with httpx.AsyncClient(transport=locked, base_url="http://clinic.example") as outside:
                said = [(await outside.get("/", auth=("x", "wrong"))).status_code for _ in range(12)]
                said.append((await outside.get("/", auth=("x", SECRET))).status_code)
            return said, (await inside.get("/", auth=("x", SECRET))).status_code

    with ThreadPoolExecutor(1) as thread:
        said, trusted = thread.submit(asyncio.run, asked()).result()
    assert said == [401] * 10 + [429] * 3
    assert trusted == 200


def test_packets_are_sent_at_once():
    """What the listening socket says holds for every connection that it accepts."""
    with connections.listen("127.0.0.1", 0) as listening:
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_a_request_that_never_ends_is_hung_up_on(address, monkeypatch):
    """A head that comes drop by drop is not waited for."""
    monkeypatch.setattr(connections, "HEAD_S", 0.3)
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as dripping:
        dripping.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert dripping.recv(100) == b""
