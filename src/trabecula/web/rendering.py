"""Templates, everything escaped and nothing undefined passed over, and the words of choices and of problems."""

from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment
from starlette.responses import HTMLResponse

from trabecula import __version__
from trabecula.adapters.files import InputError
from trabecula.person import Problem
from trabecula.person.problems import NOTHING
from trabecula.reporting import sentences
from trabecula.reporting.html import STATIC as REPORT_STATIC
from trabecula.reporting.html import environment
from trabecula.reporting.sentences import Said
from trabecula.web import fields, forms
from trabecula.web.entries import pattern_of
from trabecula.web.fields import choices, kind_of
from trabecula.web.localisation import NAMES, link, page_language
from trabecula.web.security import SHARED
from trabecula.web.state import Scalar
from trabecula.words.language import Language, language
from trabecula.words.message import Message

__all__ = ["REPORT_STATIC", "page", "templates"]

DAMAGED, NOT_FOUND, NOT_ALLOWED, TOO_LARGE, REFUSED, FAULT = 400, 404, 405, 413, 422, 500
TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates(code: str) -> Environment:
    """The report's templates and ours, in a language."""
    made = environment(code, TEMPLATES)
    made.globals.update(
        version=__version__, steps=fields.STEPS, kind_of=fields.kind_of, choices_of=choices_of,
        told=partial(told, lang=language(code)), worded=partial(worded, lang=language(code)),
        shown=partial(forms.shown, lang=language(code)), pattern_of=pattern_of, all_fields=fields.FIELDS, to=link,
        languages=NAMES,
    )  # fmt: skip
    return made


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template, in the language that is spoken."""
    made = templates(page_language().code).get_template(template).render(shared=SHARED.get(), **values)
    return HTMLResponse(made, status)


CHOICES = {
    "female": "choice.female",
    "male": "choice.male",
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
    "hologic": "Hologic",
    "lunar": "Lunar (GE)",
    "norland": "Norland",
    "unknown": "choice.unknown",
    "low": "choice.low",
    "high": "choice.high",
}
YES_NO = {"yes": "choice.yes", "no": "choice.no"}


@cache
def choices_of(path: str) -> tuple[tuple[str, str | Message], ...]:
    """The choices of a field: what is sent, and what a person reads."""
    words = tuple(YES_NO) if kind_of(path) == "yes_no" else choices(path)
    return tuple((word, fields.choice_name(path, word) or YES_NO.get(word) or choice(word)) for word in words)


def choice(word: str) -> str:
    """A choice as a person reads it."""
    return CHOICES.get(word, word.replace("_", " ").capitalize())


def said(path: str, entry: Scalar) -> str:
    """What was entered in a field, as a person reads it in the language of the page."""
    pattern, lang = pattern_of(path), page_language()
    if kind_of(pattern) not in ("choice", "yes_no"):
        return forms.shown(path, entry, lang)
    label = dict(choices_of(pattern)).get(str(entry))
    if label is None:
        return str(entry)
    return lang.heading(label) if isinstance(label, Message) else lang.text(label)


def worded(sentence: Message | str, lang: Language) -> Said:
    """A sentence of the rooms below in a language; one that is still English there may stay so, and says it."""
    if isinstance(sentence, Message):
        return Said(lang.say(sentence), lang.code)
    return sentences.said(sentence, lang)


def told(wrong: Problem | InputError, lang: Language) -> Said:
    """What is wrong, as a form says it: what is needed where nothing was found, else found, expected and what to do."""
    if wrong.found == NOTHING:
        return Said(lang.text("problem.needed", expected=wrong.expected), lang.code)
    parts = {"found": wrong.found, "expected": wrong.expected, "todo": wrong.todo}
    return Said(lang.text("problem.found_expected_todo", **parts), lang.code)
