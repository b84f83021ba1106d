"""What contributed is worked out while the answer is looked at: by itself, for its browser alone, and once."""

import asyncio
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.responses import HTMLResponse

from trabecula.web.background import Background
from trabecula.web.kept import KeptPages, Visitor

from .conftest import state_in, text_in

PART = {"HX-Request": "true"}
READY, ASKS, WAITS = "What contributed has been worked out", "Calculate contributions", "while you read on"


def visitor(name):
    """A browser."""
    return Visitor(name * 32, "", known=True)


def begun(web, page, **typed):
    """The part of an open answer that waits, and where it asks for how far it is."""
    part = web.post("/causes", data={"state": state_in(page), **typed}, headers=PART)
    return part, re.search(r'hx-get="(/causes/[^"]+)"', part.text)


def finished(web, where, patience=240):
    """The part once it no longer waits."""
    for _ in range(patience):
        part = web.get(where, headers=PART)
        if WAITS not in part.text:
            return part
        threading.Event().wait(0.25)
    raise AssertionError("it was never worked out")


@pytest.mark.parametrize("view", ["clinician", "person"])
def test_what_is_worked_out_behind_is_what_the_button_works_out(web, example, view):
    """The page goes on with the same causes, whichever way they came."""
    part, where = begun(web, example, view=view)
    assert WAITS in part.text
    done = finished(web, where[1])
    assert READY in done.text
    asked = web.post("/result", data={"state": state_in(example), "view": view, "causes": "yes"}).text
    went_on = web.post("/result", data={"state": state_in(done.text), "view": view}).text
    assert text_in(went_on) == text_in(asked)


def test_it_is_there_once_and_for_its_browser_alone(web, address, example):
    """Another browser gets the button that asks, and so does whoever comes a second time."""
    _, where = begun(web, example)
    finished_elsewhere = httpx.get(f"{address}{where[1]}", headers=PART)
    assert READY not in finished_elsewhere.text
    finished(web, where[1])
    assert ASKS in web.get(where[1], headers=PART).text
    assert ASKS in web.get("/causes/AAAAAAAAAAAAAAAAAAAAAA", headers=PART).text


def test_a_browser_that_takes_no_cookie_gets_the_button(address, example):
    """Nothing could be kept for it."""
    part = httpx.post(f"{address}/causes", data={"state": state_in(example)}, headers=PART)
    assert ASKS in part.text


def test_the_address_asked_for_by_hand_leads_to_the_start(web):
    """Only a page sends there."""
    assert web.get("/causes").url.path == "/"


def test_few_wait_and_a_fault_leaves_nothing_behind():
    """Who comes when many wait asks later; work that fails ends, and its place is empty."""

    async def run():
        kept, whose, hold = KeptPages(), visitor(b"a"), threading.Event()
        behind = Background(kept)

        def fails(told):
            told(0.5)
            hold.wait(20)
            raise ValueError("a fault with somebody's name in it")

        places = [behind.begin(whose, fails) for _ in range(12)]
        assert None in places
        while behind.share(places[0]) != 0.5:
            await asyncio.sleep(0.01)
        hold.set()
        while any(behind.share(place) is not None for place in places if place):
            await asyncio.sleep(0.01)
        assert [kept.open(whose, place) for place in places if place] == [None] * (len(places) - places.count(None))
        place = behind.begin(whose, lambda _: HTMLResponse("done"))
        while behind.share(place) is not None:
            await asyncio.sleep(0.01)
        assert kept.take(whose, place).body == b"done"
        assert kept.take(whose, place) is None

    with ThreadPoolExecutor(1) as apart:  # a browser of other tests has a loop of its own in this thread
        apart.submit(asyncio.run, run()).result()


def test_a_reader_sees_it_come_and_shows_it_by_keyboard(page):
    """Progress, then the picture, told once to a screen reader; the focus stays where it is."""
    page.goto("/")
    with page.expect_navigation():
        page.get_by_role("button", name="Woman of 44").click()
    first = page.get_by_role("button", name="Edit entries")
    first.focus()
    show = page.get_by_role("button", name="Show it in the answer")
    show.wait_for()
    assert page.locator("#contributed figure").count() == 1
    assert READY in page.locator("#contributed-said").inner_text()
    assert page.evaluate("document.activeElement.value") == "go:review"
    show.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("#c-causes").count() == 1
    assert page.locator("#contributed").count() == 0


def test_without_scripts_a_button_asks(opened):
    """And the answer has it."""
    window = opened(java_script_enabled=False)
    window.goto("/")
    with window.expect_navigation():
        window.get_by_role("button", name="Woman of 44").click()
    with window.expect_navigation():
        window.get_by_role("button", name=ASKS).click()
    assert window.locator("#c-causes").count() == 1
