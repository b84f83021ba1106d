"""The answer in the browser: its conclusion, what would tell most, and how each number is made up."""

import re
from html import unescape

import pytest

from trabecula.web.examples import EXAMPLES
from trabecula.web.explained import asked_next, explanations
from trabecula.web.forms import entries_of
from trabecula.web.session import Session, day_of
from trabecula.web.state import SessionPage
from trabecula.words.language import LANGUAGES, language

from .conftest import FEW_DRAWS, TODAY, state_in, text_in


@pytest.fixture(scope="module")
def assessment():
    """The answer for the first example."""
    person = EXAMPLES["ms_woman_44"].person
    return Session(SessionPage(entries_of(person)), person, day_of(person, TODAY), FEW_DRAWS).assessment


def test_the_parts_of_a_risk_are_those_of_the_answer(assessment):
    """The table multiplies back to the rates that the answer has, and names documents."""
    found = {each.name: each for each in explanations(assessment, language("en"))}
    assert {"risk-major_osteoporotic", "risk-hip", "risk-any", "falls", "density"} == set(found)
    (row,) = found["risk-hip"].rows
    rate = float(row[1])
    for cell in row[2:]:
        rate *= float(cell.removeprefix("× "))
    assert rate / 1000 == pytest.approx(assessment.fracture["hip"].per_year, rel=0.1)
    assert all(each.sources for each in found.values())


def test_what_is_asked_next_leads_to_its_page(web, example):
    """The costliest gaps, each with the step of the form on which it is filled."""
    asked = re.search(r'<section class="asked.*?</section>', example, re.DOTALL)[0]
    first = re.search(r'name="do" value="(go:\w+)"', asked)[1]
    page = web.post("/form", data={"state": state_in(example), "do": first})
    assert page.status_code == 200
    assert example.index('class="asked') < example.index('id="c-risks"')


def test_a_gap_that_no_entry_fills_is_not_asked(assessment):
    """Nobody can enter the future."""
    assert "gap.future" not in {each.what.id for each in asked_next(assessment)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_has_the_numbers_and_the_action_of_the_summary(web, code):
    """The conclusion in the JSON and the page say the same, in every language."""
    asked = {"lang": code}
    page = web.post("/example/ms_woman_44", params=asked)
    data = {"state": state_in(page.text)}
    summary = web.post("/download/assessment.json", params=asked, data=data).json()["summary"]
    said = plain(page.text)
    assert 1 <= len(summary["sentences"]) <= 5
    assert [each for each in summary["sentences"] if plain(each) not in said] == []


def plain(text):
    """A text with single spaces, as it is read."""
    return " ".join(text_in(unescape(text)).replace("\u2060", "").replace("\xa0", " ").replace("\u202f", " ").split())
