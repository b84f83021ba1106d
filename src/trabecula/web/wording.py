"""The words of choices and of problems, as a form says them."""

import re
from functools import cache

from trabecula.adapters.files import InputError
from trabecula.person import Problem
from trabecula.reporting import sentences
from trabecula.reporting.sentences import Said
from trabecula.web.fields import choices, kind_of
from trabecula.web.marking import marked
from trabecula.words.language import SOURCE, Language, language

_ = marked
_NOTHING = "nothing"
_AS_TYPED = re.compile(rf"{_NOTHING}|true|false|nan|-?inf|\".*\"|[-+−]?\d[\d.,:/-]*(?: \S+)?")
"""What was found that is said as it was typed."""
CHOICES = {
    "female": _("Female"), "male": _("Male"), "US": _("United States"), "UK": _("United Kingdom"), "SE": _("Sweden"),
    "white": _("White"), "black": _("Black"), "asian": _("Asian"), "hispanic": _("Hispanic"), "other": _("Other"),
    "natural": _("Natural"), "surgical": _("Ovaries removed"), "medical": _("Through medicines"),
    "clinically_isolated": _("Clinically isolated syndrome"), "relapsing": _("Relapsing"),
    "secondary_progressive": _("Secondary progressive"), "primary_progressive": _("Primary progressive"),
    "none": _("None"), "cane": _("One cane"), "two_canes": _("Two canes"), "walker": _("Walker"),
    "wheelchair": _("Wheelchair"), "bed": _("Bed"), "mild": _("Mild"), "moderate": _("Moderate"),
    "severe": _("Severe"), "oral": _("By mouth"), "iv": _("Into a vein"), "im": _("Into a muscle"),
    "lumbar_spine": _("Lumbar spine (L1-L4)"), "femoral_neck": _("Femoral neck"), "total_hip": _("Total hip"),
    "radius": _("Radius"), "hologic": "Hologic", "lunar": "Lunar (GE)", "norland": "Norland",
    "unknown": _("Not known"), "hip": _("Hip"), "femoral_shaft": _("Femoral shaft"), "spine": _("Spine"),
    "forearm": _("Forearm, wrist"), "humerus": _("Upper arm"), "pelvis": _("Pelvis"),
    "tibia_ankle": _("Lower leg, ankle"), "rib": _("Rib"), "low": _("Low"), "high": _("High"),
    "never": _("Never"), "former": _("Former"), "current": _("Current"), "type1": _("Type 1"), "type2": _("Type 2"),
}  # fmt: skip
YES_NO = {"yes": _("Yes"), "no": _("No")}


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
        return Said(lang.text("Needed: {expected}.", expected=expected), lang.code)
    text = lang.text("Found {found}; expected {expected}; {todo}.", found=found, expected=expected, todo=todo)
    return Said(text, lang.code)
