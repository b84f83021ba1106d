"""Templates, everything escaped and nothing undefined passed over, and the words of choices and of problems."""

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment
from starlette.responses import HTMLResponse

from trabecula import __version__
from trabecula.adapters.files import InputError
from trabecula.person import Problem
from trabecula.person.problems import NOTHING
from trabecula.reporting.html import environment
from trabecula.web import fields, forms, medicines
from trabecula.web.accounts import USER
from trabecula.web.assets import asset
from trabecula.web.entries import pattern_of
from trabecula.web.fields import choices, kind_of
from trabecula.web.kept import PLACE
from trabecula.web.localisation import NAMES, link, page_language
from trabecula.web.security import HAS_REGISTER, SHARED
from trabecula.web.state import Scalar
from trabecula.words.language import Language, language
from trabecula.words.message import Message, verbatim

DAMAGED, NOT_FOUND, NOT_ALLOWED, GONE, TOO_LARGE, REFUSED, FAULT = 400, 404, 405, 410, 413, 422, 500
"""Statuses of HTTP (RFC 9110), as pages and the interface for programs use them."""
TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates(code: str) -> Environment:
    """The report's templates and ours, in a language; what ours call is put into their globals here alone."""
    made = environment(code, TEMPLATES)
    made.globals.update(
        version=__version__, steps=fields.STEPS, kind_of=fields.kind_of, choices_of=choices_of,
        problem_text=partial(problem_text, lang=language(code)), say=partial(say, lang=language(code)),
        entry_text=partial(forms.entry_text, lang=language(code)), pattern_of=pattern_of,
        all_fields=fields.FIELDS, to=link, languages=NAMES, asset=asset, medicine_fields=medicines.FIELDS,
        confirms=medicines.CONFIRMS, offered=partial(medicines.offered, lang=language(code)),
    )  # fmt: skip
    return made


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template, in the language of the request.

    values: what the template reads; one that it reads and is not given is a fault, not an empty place.
    """
    made = (
        templates(page_language().code)
        .get_template(template)
        .render(shared=SHARED.get(), user=USER.get(), kept_as=PLACE.get(), has_register=HAS_REGISTER.get(), **values)
    )
    return HTMLResponse(made, status)


MAKERS = {"hologic": "Hologic", "lunar": "Lunar (GE)", "norland": "Norland"}
"""Makers of scanners, who are called the same in every language."""
YES_NO = ("yes", "no")


@cache
def choices_of(path: str) -> Mapping[str, Message]:
    """The choices of a field: what is sent, and what a person reads."""
    words = YES_NO if kind_of(path) == "yes_no" else choices(path)
    return {word: fields.choice_name(path, word) or _choice(word) for word in words}


def _choice(word: str) -> Message:
    """A choice that is no row of the vocabulary, as a person reads it."""
    return verbatim(MAKERS[word]) if word in MAKERS else Message(f"choice.{word}")


def said(path: str, entry: Scalar) -> str:
    """What was entered in a field, as a person reads it in the language of the page."""
    pattern, lang = pattern_of(path), page_language()
    if kind_of(pattern) not in ("choice", "yes_no"):
        return forms.entry_text(path, entry, lang)
    label = choices_of(pattern).get(str(entry))
    return str(entry) if label is None else lang.heading(label)


def say(sentence: Message | str, lang: Language) -> str:
    """A sentence in a language; a text that is none of ours as it is."""
    return lang.say(sentence) if isinstance(sentence, Message) else sentence


def problem_text(wrong: Problem | InputError, lang: Language) -> str:
    """What is wrong, as a form says it: what is needed where nothing was found, else found, expected and what to do."""
    if wrong.found == NOTHING:
        return lang.text("problem.needed", expected=wrong.expected)
    is_asked = isinstance(wrong.todo, Message) and wrong.todo.id == "todo.did_you_mean_what"
    id = "problem.found_expected_meant" if is_asked else "problem.found_expected_todo"
    return lang.text(id, found=wrong.found, expected=wrong.expected, todo=wrong.todo)
