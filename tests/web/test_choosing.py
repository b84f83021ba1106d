"""What is chosen together on the panel: one plan that has all of it, under a name that says so."""

from html import unescape

import pytest

from trabecula.assessment.plans.plan import RepeatedCourses
from trabecula.assessment.plans.reading import PlanError, library, read_plan
from trabecula.web.state import Seal, SessionPage, open_page, seal_page
from trabecula.web.whatif import REPEATED, chosen, questions
from trabecula.words.language import LANGUAGES, language

from .conftest import KEY, state_in, text_in

IMPACT = {"training": "exercise-with-impact"}
EVERYTHING = {"more:all-without-medicine": "yes"}
YEARLY = {"steroids": "pulses-yearly"}


def refusal(**typed):
    """Everything that is told of a choice that cannot be."""
    with pytest.raises(PlanError) as error:
        chosen(typed, 1)
    return str(error.value)


def test_what_is_chosen_together_is_all_in_the_plan():
    """Who trains with impact and does everything else still trains with impact."""
    both = chosen(IMPACT | EVERYTHING, 1)
    assert str(both.title) == "Strength, balance and impact training; All measures that need no prescription"
    assert both.exercise == library()["exercise-with-impact"].exercise
    assert (both.smoking, both.calcium_mg_per_day) == ("former", 1200)


def test_choices_that_contradict_each_other_are_refused_by_name():
    """Of two numbers of infusions none is left out without a word."""
    told = refusal(**YEARLY, **{"steroids:pulses-monthly": "yes"})
    assert "“Monthly methylprednisolone infusion” together with “Yearly methylprednisolone infusion course”" in told


def test_a_number_of_courses_stands_in_the_title_and_nothing_contradicts_it():
    """The name that the library gives to one course a year is not used for six."""
    plan = chosen(YEARLY | {"courses_per_year": "6"}, 1)
    assert str(plan.title) == "Three-infusion methylprednisolone courses, 6 a year"
    assert plan.because is None
    assert chosen(YEARLY, 1).because == library()["pulses-yearly"].because


def test_every_plan_that_repeats_courses_has_words_for_another_number():
    """A plan that comes to the library needs a line in the words of plans."""
    repeated = {name for name, plan in library().items() if isinstance(plan.steroids, RepeatedCourses)}
    assert repeated == set(REPEATED)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_longest_name_is_told_whole_and_in_the_language(code):
    """Whatever is chosen together has all its names, in the language of the page."""
    *several, more = questions()
    longest = [max(question.plans, key=lambda plan: len(str(plan.title))) for question in several]
    typed = {question.name: plan.name for question, plan in zip(several, longest, strict=True)}
    typed |= {f"{more.name}:{plan.name}": "yes" for plan in more.plans}
    plan = chosen(typed | {"courses_per_year": "2.5"}, 1)
    told = language(code).say(plan.title).split("; ")
    assert told[1:] == [language(code).say(single.title) for single in (*longest[1:], *more.plans)]


@pytest.mark.parametrize(("typed", "number"), [("1,5", 1.5), ("1.5", 1.5), ("0,1", 0.1), ("12", 12)])
def test_a_number_of_courses_is_read_as_the_form_reads_numbers(typed, number):
    """With a comma or a point."""
    assert chosen(YEARLY | {"courses_per_year": typed}, 1).steroids.courses_per_year == number


NUMBERS = {
    "13": "a number of steroid courses a year from 0.1 to 12", "0,01": "from 0.1 to 12", "-1": "from 0.1 to 12",
    "often": "a number", "1.000": "a number",
}  # fmt: skip


@pytest.mark.parametrize("typed", NUMBERS)
def test_a_number_that_cannot_be_is_refused(typed):
    """More courses than a month has, fewer than ten years have, and what is no number."""
    assert NUMBERS[typed] in refusal(**YEARLY, courses_per_year=typed)


def test_a_number_of_courses_needs_courses_that_are_repeated():
    """A number beside nothing that it counts is told, and not passed over."""
    assert "a repeated-infusion option" in refusal(courses_per_year="3")
    assert "a repeated-infusion option" in refusal(**IMPACT, courses_per_year="3")


SPOKEN = {"en": "choose a number in this range", "de": "eine Zahl in diesem Bereich wählen",
          "it": "scegliere un numero in questo intervallo"}  # fmt: skip


@pytest.mark.parametrize("code", SPOKEN)
def test_the_panel_tells_a_wrong_number_in_the_language(web, example, code):
    """Beside what was typed, with the way to its field; what was kept before still stands there."""
    kept = web.post("/what-if", data={"state": state_in(example), **IMPACT, "do": "keep"}).text
    data = {"state": state_in(kept), **YEARLY, "courses_per_year": "13"}
    page = web.post("/what-if", params={"lang": code}, data=data)
    assert page.status_code == 422
    assert SPOKEN[code] in unescape(page.text)
    assert '<a href="#w-courses">' in page.text
    assert 'value="13"' in page.text
    assert page.text.count('aria-invalid="true"') == 1
    assert 'id="w-choice-1-title"' in page.text


FRAIL = {
    "birth_date": "1962-05-01", "sex": "female", "smoking": "current", "parental_hip_fracture": "yes",
    "fractures[0].site": "hip", "fractures[0].date": "2025", "fractures[1].site": "spine", "fractures[1].date": "2024",
    "falls[0].count": "8", "rheumatoid_arthritis": "yes", "ms.onset": "1990", "ms.disability[0].edss": "6",
    "dxa[0].site": "femoral_neck", "dxa[0].t_score": "-3.9", "dxa[0].date": "2026-10-01",
    "steroids[0].start": "2010", "steroids[0].as_written": "10 mg prednisone daily",
    "calcium_mg_per_day": "1300", "vitamin_d_ug_per_day": "25",
}  # fmt: skip
"""Somebody in whom so many risks meet that the answer tells no numbers."""


def test_the_panel_tells_no_number_that_the_answer_withholds(web):
    """The same word of caution stands on the panel, one choice at a time and beside each other."""
    state = seal_page(SessionPage(FRAIL), Seal(KEY))
    kept = web.post("/what-if", data={"state": state, **IMPACT, "do": "keep"}).text
    panel = text_in(web.post("/what-if", data={"state": state_in(kept), "medicine": "zoledronate"}).text)
    assert "not as numbers" in panel
    assert "It lowers the chance of breaking a bone." in panel
    assert "of 1,000" not in panel
    assert "Side by side" not in panel


def test_the_panel_says_when_a_choice_adds_nothing(web):
    """Who takes enough calcium already reads that, and not what tablets may do."""
    page = web.post(
        "/what-if", data={"state": seal_page(SessionPage(FRAIL), Seal(KEY)), "more:calcium-vitamin-d": "yes"}
    )
    assert "the plan adds none" in text_in(page.text)
    assert "This plan changes nothing in this record." in text_in(page.text)
    assert "Daily tablets" not in text_in(page.text)


def test_a_choice_that_could_change_nothing_is_told(web):
    """Whoever chooses something gets an answer, also when nothing of it can be done; it is read aloud, too."""
    data = {"state": seal_page(SessionPage(FRAIL), Seal(KEY)), "medicine": "stop-denosumab"}
    part = web.post("/what-if", data=data, headers={"HX-Request": "true"}).text
    assert part.count("This plan changes nothing in this record.") == 2


def test_a_kept_plan_is_removed_alone(web, example):
    """The others stay, in their order; what was chosen meanwhile stays chosen."""
    state = state_in(example)
    for choice in (IMPACT, {"medicine": "zoledronate"}, {"training": "exercise"}):
        state = state_in(web.post("/what-if", data={"state": state, **choice, "do": "keep"}).text)
    page = web.post("/what-if", data={"state": state, "medicine": "alendronate", "do": "remove:2"})
    kept = [str(read_plan(plan, kept=True).title) for plan in open_page(state_in(page.text), Seal(KEY)).plans]
    assert kept == [str(library()[name].title) for name in ("exercise-with-impact", "exercise")]
    assert '<option value="alendronate" selected>' in page.text


def test_a_printed_answer_says_whose_it_is(web, example):
    """The day, the pseudonym, and that this is no medical device."""
    page = text_in(web.post("/what-if", data={"state": state_in(example), **IMPACT}).text)
    assert "22 November 2026 · Record example-woman-44" in page
    assert "Not a medical device" in page.partition("What would change it?")[2]
