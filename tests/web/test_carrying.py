"""What pages carry, so that nothing is stored and nothing is worked out twice."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest

from trabecula.web import session
from trabecula.web.pages import Pages
from trabecula.web.state import PageCache, Seal, SessionPage, open_page, seal_page

from .conftest import KEY, TODAY, state_in, text_in

SEAL = Seal(KEY)
CHOICE = {"training": "exercise"}


@pytest.fixture
def carried(example):
    """What the page with the answer for an example carries."""
    return open_page(state_in(example), SEAL)


@pytest.fixture
def never_lived(monkeypatch):
    """A program in which nobody can be lived through from birth."""
    whole = session.prepare

    def prepare(*asked):
        assert asked[-1] is not None, "a history was marched again"
        return whole(*asked)

    monkeypatch.setattr(session, "prepare", prepare)


def choice(web, state):
    """The answer to a choice."""
    return web.post("/what-if", data={"state": state, **CHOICE}, headers={"HX-Request": "true"})


@pytest.mark.usefixtures("never_lived")
def test_a_choice_begins_with_the_history_that_the_page_carries(web, example):
    """Nobody is lived through from birth for a choice, on the panel nor on the pages beside it."""
    panel = web.post("/what-if", data={"state": state_in(example)}).text
    assert choice(web, state_in(panel)).status_code == 200
    kept = web.post("/what-if", data={"state": state_in(panel), **CHOICE, "do": "keep"}).text
    assert web.post("/result", data={"state": state_in(kept), "view": "person"}).status_code == 200


def test_a_choice_is_answered_the_same_without_the_history(web, example, carried):
    """A page that carries no history gets the same answer; it only takes longer."""
    blank = seal_page(replace(carried, cache=None), SEAL)
    assert choice(web, blank).text == choice(web, state_in(example)).text


def test_an_answer_is_the_same_when_it_was_carried(web, example):
    """The other view and back, and the answer as data, are those of the first page."""
    person = web.post("/result", data={"state": state_in(example), "view": "person"}).text
    back = web.post("/result", data={"state": state_in(person), "view": "clinician"}).text
    assert text_in(back) == text_in(example)
    blank = seal_page(SessionPage(open_page(state_in(example), SEAL).entries), SEAL)
    first, again = (
        web.post("/download/assessment.json", data={"state": state}).json() for state in (blank, state_in(back))
    )
    assert first == again


def test_two_people_who_ask_at_once_get_their_own_answers(address):
    """An answer, its pictures included, is the same whoever else is answered in the same moment."""
    names = ("ms_woman_44", "ms_man_58")

    def answer(name):
        return httpx.post(f"{address}/example/{name}", timeout=60).text

    alone = [answer(name) for name in names]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(answer, names * 3)) == alone * 3


def test_another_entry_is_another_life(web, example, carried):
    """Nothing that was worked out for other entries is carried on."""
    typed = {"step": "person", **{key: str(carried.entries[key]) for key in ("birth_date", "sex")}, "height_cm": "150"}
    page = web.post("/form", data={"state": state_in(example), **typed, "do": "next"}).text
    assert open_page(state_in(page), SEAL).cache is None


def test_what_was_worked_out_on_another_day_is_worked_out_anew(web, carried):
    """A page that stayed open overnight is answered for today."""
    lived = carried.cache
    stale = seal_page(replace(carried, cache=replace(lived, on="2026-11-21", answer=b"{}")), SEAL)
    page = web.post("/result", data={"state": stale})
    assert page.status_code == 200
    assert open_page(state_in(page.text), SEAL).cache == lived


def test_a_history_too_large_for_a_page_is_lived_through_again(web, example, monkeypatch):
    """Somebody with very many scans waits a little longer, and gets the same answer."""
    from trabecula.web import session

    entries = open_page(state_in(example), SEAL).entries
    monkeypatch.setattr(session, "LARGEST_HISTORY", 0)
    page = web.post("/result", data={"state": seal_page(SessionPage(entries), SEAL)}).text
    found = open_page(state_in(page), SEAL).cache
    assert found.history == b""
    assert found.answer
    assert choice(web, state_in(page)).text == choice(web, state_in(example)).text


def test_what_was_worked_out_is_left_out_before_a_page_carries_too_much(carried):
    """What the next page could not open is worked out again; the entries always come along."""
    huge = replace(carried, cache=replace(carried.cache, answer=os.urandom(400_000)))
    again = open_page(seal_page(huge, SEAL), SEAL)
    assert (again.cache, again.entries) == (None, carried.entries)


def test_another_program_cannot_bring_an_answer(web):
    """What was not sealed here is not taken for an answer: it is looked through first."""
    lived = PageCache("2026-11-22", 20, b"", b'{"person": "somebody else"}')
    forged = seal_page(SessionPage({"birth_date": "1970", "sex": "female"}, cache=lived), Seal(b"another key"))
    page = web.post("/result", data={"state": forged}).text
    assert "expired" in page
    assert "somebody else" not in page


@pytest.mark.parametrize("view", ["clinician", "person"])
def test_a_page_carries_its_knowledge_once(web, example, view):
    """What a page carries is large, so it stands in one form; every button names that form."""
    page = web.post("/result", data={"state": state_in(example), "view": view}).text
    assert page.count('name="state"') == 1
    panel = web.post("/what-if", data={"state": state_in(page)}).text
    assert panel.count('name="state"') == 1


def test_a_page_with_many_scans_and_all_draws_stays_below_300_kilobytes():
    """What a page carries leaves room for what it shows, also for the example with the most scans."""
    pages = Pages(SEAL, lambda: TODAY, session.DRAWS)
    answer = pages.example("ms_woman_67")
    panel = pages.what_if({}, open_page(state_in(answer.body.decode()), SEAL))
    assert max(len(answer.body), len(panel.body)) < 300_000
