"""What is typed in German or Italian is read as it is meant there, and shown back the same way on every page."""

from html import unescape
from html.parser import HTMLParser

import pytest

from trabecula.web import forms
from trabecula.web.state import Seal, open_page

from .conftest import KEY, TODAY, state_in, text_in

SEAL = Seal(KEY)
TYPED = {
    "de": {"birth_date": "02.05.1970", "weight_kg": "61,5", "height_cm": "166,0"},
    "it": {"birth_date": "02/05/1970", "weight_kg": "61,5", "height_cm": "166,0"},
    "en": {"birth_date": "2 May 1970", "weight_kg": "61.5", "height_cm": "166.0"},
}
SHOWN = {"de": "02.05.1970", "it": "02/05/1970", "en": "1970-05-02"}


def step(web, code, step, typed, do="next"):
    """The page after a step of the form was sent from a page in a language."""
    data = {"step": step, "lang": code, **typed, "do": do}
    return web.post("/form", params={"lang": code}, data=data)


@pytest.mark.parametrize("code", TYPED)
def test_a_date_and_a_number_are_read_and_shown_in_the_language(web, code):
    """On the step itself and on the review; what the page carries is the same in every language."""
    page = step(web, code, "person", TYPED[code] | {"sex": "female"})
    assert page.status_code == 200
    entries = open_page(state_in(page.text), SEAL).entries
    assert entries == {"birth_date": "1970-05-02", "weight_kg": 61.5, "height_cm": 166.0, "sex": "female"}
    data = {"state": state_in(page.text)}
    review = text_in(web.post("/form", params={"lang": code}, data={**data, "do": "go:review"}).text)
    back = web.post("/form", params={"lang": code}, data={**data, "do": "go:person"}).text
    number = {"en": "61.5"}.get(code, "61,5")
    assert SHOWN[code] in review
    assert f"{number} kg" in review
    assert f'value="{SHOWN[code]}"' in back
    assert f'value="{number}"' in back


def test_what_was_typed_on_one_page_is_not_read_in_the_language_of_the_next(web):
    """The button of a language sends what was typed in the language before it."""
    typed = {"step": "person", "lang": "de", "birth_date": "2.5.1970", "weight_kg": "61,5", "do": "go:person"}
    page = web.post("/form", params={"lang": "it"}, data=typed).text
    assert 'value="02/05/1970"' in page
    english = {**typed, "lang": "en", "birth_date": "02/05/1970"}
    page = web.post("/form", params={"lang": "it"}, data=english).text
    assert open_page(state_in(page), SEAL).entries["birth_date"] == "02/05/1970"


@pytest.mark.parametrize(("code", "typed"), [("de", "6 Monate"), ("it", "6 mesi"), ("en", "6 months")])
def test_the_time_between_doses_is_typed_in_the_language(web, code, typed):
    """And shown in it."""
    row = {"drug": "denosumab", "start": "2020", "per": typed}
    page = step(web, code, "life", {f"medicines[0].{name}": text for name, text in row.items()}, "go:review")
    assert open_page(state_in(page.text), SEAL).entries["medicines[0].per"] == "6 months"
    assert typed in text_in(page.text)


@pytest.mark.parametrize(("code", "typed"), [("de", "Zoledronat"), ("de", "zoledronsäure"), ("it", "zoledronato")])
def test_a_medicine_is_typed_as_the_language_calls_it(web, code, typed):
    """And shown so; another name stays as it was written, and means the same."""
    row = {"medicines[0].drug": typed, "medicines[0].start": "2020", "medicines[0].end": "2021"}
    page = step(web, code, "life", row, "go:review")
    assert typed in text_in(page.text)
    person = {"birth_date": "1960", "sex": "female"}
    answer = step(web, code, "person", {**person, "state": state_in(page.text)}, "assess")
    assert answer.status_code == 200
    assert forms.person_of(open_page(state_in(answer.text), SEAL).entries, TODAY).medicines[0].generic == "zoledronate"


def test_an_example_is_shown_in_the_language_and_comes_back_unchanged(web, example):
    """Sending every step of a German form changes nothing of the record."""
    state, before = state_in(example), open_page(state_in(example), SEAL).entries
    for name in ("person", "ms", "steroids", "bones", "life"):
        page = web.post("/form", params={"lang": "de"}, data={"state": state, "do": f"go:{name}"}).text
        fields = dict(_fields(page))
        sent = step(web, "de", name, {**fields, "state": state}, "back")
        state = state_in(sent.text)
    assert open_page(state, SEAL).entries == before


CARRIED = ("state", "step", "lang", "page")
"""What a page carries beside its entries."""


def _fields(page):
    """Names and values of the entries of a page."""
    found = []

    class Reader(HTMLParser):
        name = None

        def handle_starttag(self, tag, attributes):
            given = dict(attributes)
            if tag == "select":
                self.name = given["name"]
            elif tag == "option" and "selected" in given:
                found.append((self.name, given["value"]))
            elif tag == "input" and given.get("type") in ("text", "hidden") and given["name"] not in CARRIED:
                found.append((given["name"], given["value"]))

    Reader().feed(page)
    return found


def test_a_date_that_may_be_two_is_asked(web):
    """An English page cannot know whether May or February is meant: it says what to write for either."""
    page = step(web, "en", "person", {"birth_date": "02/05/1970", "sex": "female"})
    assert page.status_code == 422
    assert 'value="02/05/1970"' in page.text
    text = unescape(page.text)
    assert text.count("enter 1970-05-02 for 2 May 1970, or 1970-02-05 for 5 February 1970") == 2


@pytest.mark.parametrize(("code", "like"), [("de", "02.05.2014"), ("it", "02/05/2014"), ("en", "2014-05-02")])
def test_what_is_no_date_is_told_with_one_of_the_language(web, code, like):
    """The form asks for a date as the language writes it."""
    page = step(web, code, "person", {"birth_date": "soon", "sex": "female"})
    assert page.status_code == 422
    assert unescape(page.text).count(like) >= 3
