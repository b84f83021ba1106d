import re
import sys
from datetime import date
from pathlib import Path

import pytest

from trabecula.assessment.plans.reading import library
from trabecula.words.language import LANGUAGES, UnknownLanguage, language
from trabecula.words.message import Message
from words.sentences import guideline_messages

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
from sort_catalogues import faults

OTHERS = [code for code in LANGUAGES if code != "en"]
PLACE = re.compile(r"\{\w*\}")


def test_every_message_has_its_three_texts_with_the_same_places():
    """Nothing is said that a catalogue lacks; no figure gets lost, none is invented."""
    assert faults() == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_guidelines_and_plans_say_is_translated(code):
    """Every recommendation and every title."""
    lang = language(code)
    texts = [*guideline_messages(), *(plan.title for plan in library().values())]
    assert [text.source for text in texts if not lang.knows(text.id)] == []


STEROIDS = Message("drug.methylprednisolone")


@pytest.mark.parametrize(
    ("message", "german"),
    [
        (Message("who.edss", {"edss": 3.5}), "EDSS 3,5"),
        (Message("who.steroid_courses", {"n": 1}), "1 Kortisonbehandlung"),
        (Message("basis.grams", {"grams": 4.5, "drug": STEROIDS}), "4,5 g Methylprednisolon"),
        (Message("gap.later", {"n": 2, "day": date(2026, 10, 19)}), "2 Messungen nach dem 19.10.2026"),
        (
            Message("gap.risk_factors", {"factors": [Message("factor.smoking"), Message("gap.country")]}),
            "Rauchen, Land",
        ),
    ],
)
def test_a_message_is_said_as_the_language_writes_it(message, german):
    """Places are filled with figures, days and names as the language writes them."""
    assert language("de").say(message) == german


def test_a_course_of_steroids_is_a_pulse_only_where_english_says_so():
    """Years of daily tablets are no "Kortisonstoß": who reads the word thinks of three days of infusions."""
    pulse = re.compile(
        r"pulses?\b|infusion|[Ss]hort (high-dose|steroid|courses of steroids)|[Cc]ourses a year|steroid courses a year"
    )
    english = {**{text.id: str(text.source) for text in guideline_messages()}, **language("en").words}
    said_of_a_pulse = [
        str(english.get(id, id))
        for id, german in language("de").words.items()
        if re.search(r"[Kk]ortisonst(o|ö)ß|Stoßtherapie", str(german))
    ]
    assert [each for each in said_of_a_pulse if not pulse.search(each)] == []


def test_running_is_not_walking_in_german():
    """ "Laufen" is both; somebody who walks with a stick must not read that it is for them, or not for them."""
    running = [
        str(german)
        for id, german in language("de").words.items()
        if re.search(r"\brunning\b", str(language("en").words.get(id, id)))
    ]
    assert running
    assert not [each for each in running if re.search(r"\b[Ll]auf", each)]


def test_days_and_figures_are_those_of_the_language(lang):
    """A point or a comma, a month in words."""
    day = lang.day(date(2026, 11, 22))
    assert day == {"en": "22 November 2026", "de": "22. November 2026", "it": "22 novembre 2026"}[lang.code]
    figure = lang.figures("1,024.5")
    assert figure == {"en": "1,024.5", "de": "1.024,5", "it": "1.024,5"}[lang.code]


def test_one_year_is_not_many(lang):
    """The singular has its own word."""
    assert lang.years(1) != lang.years(2).replace("2", "1")


def test_a_language_without_a_catalogue_is_refused():
    """With the ones that there are."""
    with pytest.raises(UnknownLanguage, match="found xx; expected one of en, de, it"):
        language("xx")
