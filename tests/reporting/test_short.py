"""The answer for a screen: the conclusion first, at most 24 lines, and what must never be cut."""

import re

import pytest

from assessment.conftest import NAMES, example, known
from trabecula.assessment import results
from trabecula.assessment.answer import answered
from trabecula.reporting.assessment import assessment_page
from trabecula.reporting.html import page_clinician
from trabecula.reporting.short import short_page
from trabecula.reporting.terminal import to_terminal
from trabecula.words.language import LANGUAGES, language

KIDNEYS = [{"date": "2026-10-01", "test": "eGFR", "value": 24, "unit": "mL/min/1.73m2"}]


def said(text):
    """Text without line breaks, and with ordinary spaces."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("name", NAMES)
def test_it_fits_a_screen(name, width):
    """24 lines on the shipped examples, no wider than the screen."""
    lines = to_terminal(short_page(answered(example(name))), width).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_conclusion_stands_first_and_is_that_of_the_data(name, code):
    """The same sentences in the short page, the full page and the JSON, below the line about the person."""
    answer, lang = answered(example(name)), language(code)
    wanted = [said(lang.say(sentence)) for sentence in answer.summary.sentences]
    data = answer.model_dump(mode="json", context={"language": code})["summary"]
    assert [said(sentence) for sentence in data["sentences"]] == wanted
    for page in (short_page(answer, code=code), assessment_page(answer, code=code)):
        text = said(to_terminal(page, 120))
        assert " • ".join(wanted) in text
        assert text.index(wanted[0]) < 250


@pytest.mark.parametrize("name", NAMES)
def test_what_the_full_page_has_stays_there(name):
    """Bones over time, all sites, guidelines, the plan, missing data, evidence."""
    text = to_terminal(assessment_page(answered(example(name))), 80)
    for title in ("Bones", "Fracture risk", "What guidelines say", "What is due and when", "Missing data", "Evidence"):
        assert f"\n{title}" in text


def test_contraindications_are_never_cut():
    """Which medicines, and what on file speaks against them."""
    text = said(to_terminal(short_page(answered(known(laboratory=KIDNEYS)))))
    assert re.search(r"Not for this person: [a-z, ]*alendronate.*eGFR 24", text)
    assert "Only with care: denosumab (eGFR 24" in text


def test_questions_and_what_was_not_understood_are_never_cut():
    """However many there are."""
    asked = [results.UnusualValue(path=f"dxa[{n}]", message=f"odd {n}") for n in range(30)]
    answer = answered(known()).model_copy(update={"questions": asked})
    text = said(to_terminal(short_page(answer, read=["1 resource not used", "  Observation x: code not used"])))
    assert all(f"dxa[{n}]: odd {n}" in text for n in range(30))
    assert "Observation x: code not used" in text


def test_a_risk_that_is_no_number_is_none_here_either():
    """Where the conclusion says clearly raised, so does the table."""
    answer = answered(example("ms_man_58"))
    assert answer.caution is not None
    lines = to_terminal(short_page(answer), 100).splitlines()
    main = next(line for line in lines if line.startswith("Major osteoporotic  "))
    assert "clearly raised" in main
    assert "(" not in main


def test_no_face_prints_a_figure_beside_the_word_that_it_is_none():
    """Neither the tables of the whole answer nor those of the clinician's page."""
    answer = answered(example("ms_man_58"))
    rows = re.findall(r"^Major osteoporotic .*$", to_terminal(assessment_page(answer), 100), re.MULTILINE)
    page = re.sub(r"<[^>]+>", " ", page_clinician(answer))
    assert rows
    assert [row for row in rows if "clearly raised" not in row] == []
    assert re.search(r"Major osteoporotic\s+clearly raised", page)
    assert not re.search(r"Major osteoporotic\s+[\d.]+ %", page)
