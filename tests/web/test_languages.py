"""The pages of the app in every language: nothing of two words or more is left in English."""

import re

import pytest

from reporting.test_languages import EXAMPLES, OTHERS, cited_texts, english_in, plain
from trabecula.web.state import Seal, SessionPage, seal_page
from trabecula.web.whatif import questions
from web.conftest import KEY, state_in
from web.test_choosing import FRAIL

STEPS = ("person", "ms", "steroids", "bones", "life", "review")
BROKEN = {"step": "person", "sex": "female", "height_cm": "1.66", "birth_date": "soon", "do": "next"}


def before_an_answer(web, code):
    """The pages that are about nobody yet, and what is wrong with what was typed or opened."""
    asked = {"lang": code}
    yield "start", web.get("/", params=asked).text
    yield "not found", web.get("/nothing", params=asked).text
    yield "no method", web.get("/what-if", params=asked).text
    yield "problems", web.post("/form", params=asked, data=BROKEN).text
    for content in (b"!!x", b"a: [", b"%PDF-1.4", b"", b"- 1", b"name: x\nsex: 3\nsteroids: [{start: 2030-01-01}]"):
        files = {"file": ("a.yaml", content, "text/yaml")}
        yield f"file {content[:4]!r}", web.post("/upload", params=asked, files=files).text


def of_an_example(web, code, name):
    """Result, choices and form of an example."""
    asked = {"lang": code}
    first = web.post(f"/example/{name}", params=asked).text
    yield "clinician", first
    state = {"state": state_in(first)}
    explained = web.post("/result", params=asked, data={**state, "causes": "yes"}).text
    yield "causes", explained
    yield ("person", web.post("/result", params=asked, data={"state": state_in(explained), "view": "person"}).text)
    chosen = {**state, "training": "exercise", "medicine": "zoledronate", "pulses": "monthly"}
    yield "choice", web.post("/what-if", params=asked, data=chosen).text
    yield "choice that cannot be", web.post("/what-if", params=asked, data={**state, "courses": "-3"}).text
    for step in STEPS:
        yield step, web.post("/form", params=asked, data={**state, "do": f"go:{step}"}).text


@pytest.mark.parametrize("code", OTHERS)
def test_no_page_about_nobody_holds_english(web, code):
    """The start, what was not found, and everything that can be wrong."""
    found = {name: english_in(plain(page), code) for name, page in before_an_answer(web, code)}
    assert {name: left for name, left in found.items() if left} == {}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_no_page_of_an_example_holds_english(web, file, code):
    """The answer for both readers, its causes, choices, and every step of the form."""
    cited = cited_texts(file)
    found = {name: english_in(plain(page), code, cited) for name, page in of_an_example(web, code, file.stem)}
    assert {name: left for name, left in found.items() if left} == {}


DOCUMENT = re.compile(r'<li\b[^>]*\blang="en"[^>]*>.*?</li>', re.DOTALL)


@pytest.mark.parametrize("code", OTHERS)
def test_no_choice_of_the_panel_holds_english(web, code):
    """Every plan of the library, for somebody whose answer tells no numbers; documents keep their own language."""
    state = seal_page(SessionPage(FRAIL), Seal(KEY))
    found = {}
    for plan, name, value in choices():
        data, part = {"state": state, name: value}, {"hx-request": "true"}
        page = web.post("/what-if", params={"lang": code}, data=data, headers=part).text
        found[plan] = english_in(plain(DOCUMENT.sub(" ", page)), code)
    assert {name: left for name, left in found.items() if left} == {}


def choices():
    """Every plan of the panel, with the field that chooses it."""
    for question in questions():
        for plan in question.plans:
            many = (f"{question.name}:{plan.name}", "yes")
            yield plan.name, *(many if question.many else (question.name, plan.name))
