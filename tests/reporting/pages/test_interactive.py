"""Choices worked out in advance: what is said where the numbers hold, where they do not, where nothing changes."""

import pytest

from reporting.pages.conftest import make_comparison, plan
from trabecula.assessment.results import Effect
from trabecula.assessment.summary import TOO_HIGH
from trabecula.reporting import html, interactive
from trabecula.words.language import language
from trabecula.words.message import Message

NOTE = Message("plan.note.enough")
TABLETS = Effect(of="calcium", what="Daily tablets", size=None, findings=[], sources=[], status="assumed")


@pytest.fixture
def careful(comparison):
    """Choices for somebody whose chances are known to be too high."""
    return comparison.model_copy(update={"caution": TOO_HIGH})


def test_where_the_chances_are_too_high_no_choice_tells_them(full, careful, lang):
    """No people out of a thousand, no picture of them: only whether a choice lowers or raises the chance."""
    found = interactive.context(full, careful, lang)
    assert (found["caution"].text == str(careful.caution)) == (lang.code == "en")
    assert [each.picture for each in found["choices"]] == [None] * 3
    said = [each.answer.text for each in found["choices"]]
    assert not any(sign.isdigit() for text in said for sign in text)
    assert len(set(said)) == 3
    in_english = interactive.context(full, careful, language("en"))["choices"]
    assert [each.answer.text.split()[1] for each in in_english] == ["lowers", "cannot", "raises"]


def test_a_word_of_caution_stands_above_the_choices(full, careful, person):
    """Whoever opens the file reads it before any choice."""
    page = html.page_interactive(full, careful, "en", person)
    choices = page[page.index('id="w-title"') :]
    assert choices.index("not as numbers") < choices.index("What if ...")


def test_a_choice_tells_as_many_as_the_comparison(full, comparison):
    """The number of people, its range, and the side: fewer when the difference is negative."""
    found = interactive.context(full, comparison, language("en"))["choices"]
    assert found[0].answer.text == "About 12 fewer people in 1,000 would break a bone (4–20)."
    assert found[2].answer.text == "About 12 more people in 1,000 would break a bone (4–22)."


def test_a_choice_that_adds_nothing_says_so_and_asks_nothing(full, lang):
    """Who takes enough calcium already is told that, and not of tablets every day."""
    enough = plan("calcium", "Enough calcium and vitamin D", 0.0, 0.0, 0.0, burdens=[TABLETS])
    told = make_comparison(enough.model_copy(update={"notes": [NOTE]}))
    (choice,) = interactive.context(full, told, lang)["choices"]
    assert [note.text for note in choice.notes] == [lang.say(NOTE)]
    assert choice.effects == ()
    english = interactive.context(full, told, language("en"))["choices"][0]
    assert english.answer.text == "It does not change the chance of breaking a bone."
    assert str(NOTE) in html.page_interactive(full, told, "en")
