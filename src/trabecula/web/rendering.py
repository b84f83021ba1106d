"""Templates: one environment, everything escaped, nothing undefined passed over."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from starlette.responses import HTMLResponse

from trabecula import __version__
from trabecula.report.html import STATIC as REPORT_STATIC
from trabecula.report.html import environment
from trabecula.web import fields
from trabecula.web.entries import pattern_of
from trabecula.web.wording import choices_of, said, told

__all__ = ["LANGUAGE", "REPORT_STATIC", "page", "templates"]

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE = "en"


@cache
def templates(code: str = LANGUAGE) -> Environment:
    """The report's templates and ours, in a language."""
    made = environment(code, TEMPLATES)
    made.globals.update(
        version=__version__, steps=fields.STEPS, kind_of=fields.kind_of, choices_of=choices_of, told=told, said=said,
        pattern_of=pattern_of, all_fields=fields.FIELDS,
    )  # fmt: skip
    return made


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template."""
    return HTMLResponse(templates().get_template(template).render(**values), status)
