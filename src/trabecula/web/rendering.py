"""Templates: one environment, everything escaped, nothing undefined passed over."""

from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment
from starlette.responses import HTMLResponse

from trabecula import __version__
from trabecula.reporting.html import STATIC as REPORT_STATIC
from trabecula.reporting.html import environment
from trabecula.reporting.sentences import said as worded
from trabecula.web import fields
from trabecula.web.entries import pattern_of
from trabecula.web.security import SHARED
from trabecula.web.speaking import NAMES, at, spoken
from trabecula.web.wording import choices_of, said, told
from trabecula.words.language import language

__all__ = ["REPORT_STATIC", "page", "templates"]

DAMAGED, NOT_FOUND, NOT_ALLOWED, TOO_LARGE, REFUSED, FAULT = 400, 404, 405, 413, 422, 500
TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates(code: str) -> Environment:
    """The report's templates and ours, in a language."""
    made = environment(code, TEMPLATES)
    made.globals.update(
        version=__version__, steps=fields.STEPS, kind_of=fields.kind_of, choices_of=choices_of, said=said,
        told=partial(told, lang=language(code)), worded=partial(worded, lang=language(code)),
        pattern_of=pattern_of, all_fields=fields.FIELDS, to=at, tongues=NAMES,
    )  # fmt: skip
    return made


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template, in the language that is spoken."""
    made = templates(spoken().code).get_template(template).render(shared=SHARED.get(), **values)
    return HTMLResponse(made, status)
