"""Back and reload find what was typed: a form leads to a page that is kept, locked, for the browser that asked."""

import re

import httpx
import pytest

from trabecula.web.kept import KeptPage, KeptPages, Visitor, Visitors

from .conftest import state_in

PERSON = {"step": "person", "birth_date": "1970-05-01", "sex": "female"}


def visitor(name: bytes) -> Visitor:
    """A browser."""
    return Visitor(name * 32, "", known=True)


def test_a_kept_page_opens_for_its_browser_alone():
    """Neither another browser nor another name finds it."""
    kept = KeptPages()
    kept.keep(visitor(b"a"), "x", KeptPage(422, b"Anna"))
    assert kept.open(visitor(b"a"), "x") == KeptPage(422, b"Anna")
    assert kept.open(visitor(b"b"), "x") is None
    assert kept.open(visitor(b"a"), "y") is None


def test_what_is_kept_cannot_be_read_without_the_browser():
    """The memory of the program holds no text of the page, nor what would open it."""
    kept, whose = KeptPages(), visitor(b"a")
    kept.keep(whose, "x", KeptPage(200, b"Anna " * 40))
    (locked,) = kept._pages.values()
    assert b"Anna" not in locked.content
    assert whose.secret not in (locked.owner, locked.nonce)


def test_a_page_kept_twice_is_the_second_and_locked_anew():
    """What was typed takes the place of the empty page, with another stream."""
    kept, whose, nonces = KeptPages(), visitor(b"a"), set()
    for body in (b"empty", b"typed"):
        kept.keep(whose, "x", KeptPage(200, body))
        nonces.add(kept._pages["x"].nonce)
    assert kept.open(whose, "x").body == b"typed"
    assert len(nonces) == 2


def test_pages_go_after_some_hours_and_when_there_are_too_many():
    """Nothing is kept for longer than a day's work, and nobody fills the memory."""
    now = [0.0]
    kept, whose = KeptPages(lambda: now[0]), visitor(b"a")
    for number in range(70):
        kept.keep(whose, str(number), KeptPage(200, b"x"))
    assert len(kept._pages) == 60
    now[0] = 7 * 3600.0
    assert kept.open(whose, "69") is None
    kept.keep(whose, "new", KeptPage(200, b"x"))
    assert list(kept._pages) == ["new"]
    assert kept._bytes == len(kept._pages["new"].content)


def test_a_cookie_of_another_program_is_none():
    """A secret that somebody made up, or one from before a restart, opens nothing."""
    scope = {"type": "http", "server": ("x", 80), "headers": []}
    ours = Visitors(b"key").of(scope)
    sent = scope | {"headers": [(b"cookie", f"trabecula-80={ours.cookie}".encode())]}
    assert Visitors(b"key").of(sent).secret == ours.secret
    other = Visitors(b"another").of(sent)
    assert (other.known, other.stale) == (False, True)
    assert other.secret != ours.secret


def test_a_form_leads_to_an_address_that_says_nothing(web):
    """Whatever was typed, the address is one that nobody guesses, and asked for again it shows the same page."""
    page = web.post("/form", data={**PERSON, "height_cm": "166", "do": "next"})
    assert re.fullmatch(r"/page/[A-Za-z0-9_-]{22}", page.url.path)
    assert web.get(page.url).text == page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_address_opens_nothing_for_somebody_else(web):
    """Who finds the address in a history sees no entries."""
    page = web.post("/form", data={**PERSON, "height_cm": "166", "do": "go:person"})
    assert "166" in page.text
    other = httpx.get(str(page.url), cookies={})
    assert "166" not in other.text


def test_who_goes_back_finds_what_was_typed(web):
    """The page that a step was typed on holds it afterwards."""
    first = web.get("/form")
    place = first.url.path.rpartition("/")[2]
    assert f'name="page" value="{place}"' in first.text
    web.post("/form", data={**PERSON, "page": place, "state": state_in(first.text), "height_cm": "166", "do": "next"})
    assert 'value="166"' in web.get(first.url).text


def test_a_page_of_somebody_else_cannot_be_changed(web, address):
    """Whoever sends the name of a page that is not theirs changes nothing there."""
    first = web.get("/form")
    place = first.url.path.rpartition("/")[2]
    with httpx.Client(base_url=address, follow_redirects=True) as other:
        other.get("/")
        other.post("/form", data={**PERSON, "page": place, "height_cm": "1", "do": "next"})
    assert web.get(first.url).text == first.text


def test_a_browser_without_cookies_is_answered_by_the_page_itself(address):
    """As before: the state travels in the page, and nothing is kept."""
    answer = httpx.post(f"{address}/form", data={**PERSON, "do": "next"})
    assert answer.status_code == 200
    assert "EDSS" in answer.text
    led = httpx.get(f"{address}/form")
    assert httpx.get(f"{address}{led.headers['location']}").status_code == 200


def test_a_page_from_before_a_restart_says_that_it_is_gone(address):
    """It leads to the start, and does not pretend that nothing was typed."""
    port = address.rpartition(":")[2]
    page = httpx.get(f"{address}/page/{'a' * 22}", headers={"cookie": f"trabecula-{port}=old.one"})
    assert page.status_code == 410
    assert "no longer kept" in page.text


@pytest.mark.parametrize("path", ["/", "/learn/steroids", "/static/web.css"])
def test_what_is_about_nobody_comes_packed(web, path):
    """Styles, scripts and articles are packed."""
    assert web.get(path).headers.get("content-encoding") == "gzip"


def test_a_page_with_entries_is_never_packed(web, example):
    """The length of a packed page would tell what is in it."""
    page = web.post("/result", data={"state": state_in(example)})
    assert "content-encoding" not in page.headers


def test_styles_and_scripts_are_asked_for_once(web):
    """Their addresses have a fingerprint, under which browsers keep them; without it they are asked for again."""
    named = re.findall(r'"(/static/[^"]+)"', web.get("/").text)
    assert named
    for each in named:
        assert "immutable" in web.get(each).headers["cache-control"]
    bare = web.get("/static/web.css")
    assert bare.headers["cache-control"] == "no-cache"
    assert web.get("/static/web.css", headers={"if-none-match": bare.headers["etag"]}).status_code == 304
