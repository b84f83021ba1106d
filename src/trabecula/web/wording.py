"""The words of choices and of problems, as a form says them."""

import re
from functools import cache

from trabecula.adapters.files import InputError
from trabecula.person import Problem
from trabecula.reporting import sentences
from trabecula.reporting.sentences import Said
from trabecula.web.fields import choices, kind_of
from trabecula.words.language import SOURCE, Language, language

_NOTHING = "nothing"
_AS_TYPED = re.compile(rf"{_NOTHING}|true|false|nan|-?inf|\".*\"|[-+−]?\d[\d.,:/-]*(?: \S+)?")
"""What was found that is said as it was typed."""
CHOICES = {
    "female": "choice.female",
    "male": "choice.male",
    "US": "choice.us",
    "UK": "choice.uk",
    "SE": "choice.se",
    "white": "choice.white",
    "black": "choice.black",
    "asian": "choice.asian",
    "hispanic": "choice.hispanic",
    "other": "choice.other",
    "natural": "choice.natural",
    "surgical": "choice.surgical",
    "medical": "choice.medical",
    "clinically_isolated": "choice.clinically_isolated",
    "relapsing": "choice.relapsing",
    "secondary_progressive": "choice.secondary_progressive",
    "primary_progressive": "choice.primary_progressive",
    "none": "choice.none",
    "cane": "choice.cane",
    "two_canes": "choice.two_canes",
    "walker": "choice.walker",
    "wheelchair": "choice.wheelchair",
    "bed": "choice.bed",
    "mild": "choice.mild",
    "moderate": "choice.moderate",
    "severe": "choice.severe",
    "oral": "choice.oral",
    "iv": "choice.iv",
    "im": "choice.im",
    "lumbar_spine": "choice.lumbar_spine",
    "femoral_neck": "bone.femoral_neck",
    "total_hip": "bone.total_hip",
    "radius": "choice.radius",
    "hologic": "Hologic",
    "lunar": "Lunar (GE)",
    "norland": "Norland",
    "unknown": "choice.unknown",
    "hip": "fracture.hip",
    "femoral_shaft": "fracture.femoral_shaft",
    "spine": "fracture.spine",
    "forearm": "choice.forearm",
    "humerus": "fracture.humerus",
    "pelvis": "fracture.pelvis",
    "tibia_ankle": "fracture.tibia_ankle",
    "rib": "choice.rib",
    "low": "choice.low",
    "high": "choice.high",
    "never": "choice.never",
    "former": "choice.former",
    "current": "choice.current",
    "type1": "choice.type1",
    "type2": "choice.type2",
}
YES_NO = {"yes": "choice.yes", "no": "choice.no"}


@cache
def choices_of(path: str) -> tuple[tuple[str, str], ...]:
    """The choices of a field: what is sent, and what a person reads."""
    words = tuple(YES_NO) if kind_of(path) == "yes_no" else choices(path)
    return tuple((word, YES_NO.get(word) or choice(word)) for word in words)


def choice(word: str) -> str:
    """A choice as a person reads it."""
    return CHOICES.get(word, word.replace("_", " ").capitalize())


def said(path: str, entry: object) -> str:
    """What was entered in a field, as a person reads it."""
    is_choice = kind_of(path) in ("choice", "yes_no")
    return dict(choices_of(path)).get(str(entry), str(entry)) if is_choice else str(entry)


def told(wrong: Problem | InputError, lang: Language) -> Said:
    """What is wrong, as a form says it; wholly in English when a part of it has no words in the language."""
    parts = (wrong.found, wrong.expected, wrong.todo)
    spoken = [_found(wrong.found, lang), *(sentences.said(each, lang) for each in parts[1:])]
    if any(each.lang != lang.code for each in spoken):
        return _composed(parts, language(SOURCE))
    return _composed(tuple(each.text for each in spoken), lang)


def _found(text: str, lang: Language) -> Said:
    """What was found: as it was typed, or in words."""
    return Said(text, lang.code) if _AS_TYPED.fullmatch(text) else sentences.said(text, lang)


def _composed(parts: tuple[str, ...], lang: Language) -> Said:
    """The parts as one line."""
    found, expected, todo = parts
    if found == _NOTHING:
        return Said(lang.text("choice.needed_expected", expected=expected), lang.code)
    text = lang.text("choice.found_found_expected_expected_todo", found=found, expected=expected, todo=todo)
    return Said(text, lang.code)
