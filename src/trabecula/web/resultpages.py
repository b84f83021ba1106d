"""The page with the answer, in two views, and the files that can be kept of it.

The views are the report's own (`reporting.clinician`, `reporting.plain`), so that a page, a PDF and a file cannot say
different things.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import yaml
from starlette.responses import HTMLResponse, Response

from trabecula.assessment import Assessment
from trabecula.assessment.plans.reading import read_plan
from trabecula.assessment.results import Causes, Comparison
from trabecula.person import write_person
from trabecula.reporting import clinician, pictures, plain
from trabecula.reporting.html import page_both, page_sources, to_pdf
from trabecula.web import rendering
from trabecula.web.explained import asked_next, explanations
from trabecula.web.localisation import page_language
from trabecula.web.session import Session, causes_of, comparison_of
from trabecula.web.state import FormTexts, Seal, SessionPage, seal_page
from trabecula.words.language import LANGUAGES
from trabecula.words.message import WHOLE

VIEWS = ("clinician", "person")
NAMES = ("report.pdf", "sources.pdf", "record.yaml", "assessment.json")
_LONGEST_ID = 40
"""Characters of a record's id in the name of a file."""


def result_page(session: Session, typed: FormTexts, seal: Seal) -> HTMLResponse:
    """The answer for the clinician or for the person; with the causes once somebody has asked for them."""
    view = typed.get("view") if typed.get("view") in VIEWS else VIEWS[0]
    assessment = session.assessment
    page = _page_with_causes(session) if typed.get("causes") == "yes" else session.page
    make = plain.context if view == "person" else clinician.context
    context = make(_with_causes(assessment, page), page_language(), session.person, _comparison(session))
    values: dict[str, Any] = {"plain" if view == "person" else "clinician": context, "remarks": page.remarks}
    state, explained = seal_page(page, seal), page.causes is not None
    values |= {"asked": asked_next(assessment), "explained_figures": explanations(assessment, page_language()),
               "after_conclusion": "result.ask.html", "summary": assessment.summary}  # fmt: skip
    return rendering.page("result.html", view=view, state=state, explained=explained, **values)


def causes_part(session: Session, typed: FormTexts, seal: Seal, told: Callable[[float], None]) -> HTMLResponse:
    """The part of an open answer with what contributed as a picture, and what its forms carry from now on."""
    assessment, page = session.assessment, _page_with_causes(session, told)
    draw = plain.causes_drawn if typed.get("view") == "person" else pictures.causes
    drawn = draw(_with_causes(assessment, page), page_language())
    return rendering.page("causes.html", state=seal_page(page, seal), drawn=drawn)


def _page_with_causes(session: Session, told: Callable[[float], None] = lambda _: None) -> SessionPage:
    """What the page carries, the causes among it; worked out unless it has them."""
    if session.page.causes is not None:
        return session.page
    found = causes_of(session.known, told).model_dump(mode="json", context=WHOLE)
    return replace(session.page, causes=found)


def _with_causes(assessment: Assessment, page: SessionPage) -> Assessment:
    """The answer with the causes that the page carries."""
    found = None if page.causes is None else Causes.model_validate(page.causes, context=WHOLE)
    return assessment.model_copy(update={"causes": found})


def _comparison(session: Session) -> Comparison | None:
    """The plans that were kept, beside each other."""
    plans = [read_plan(plan, kept=True) for plan in session.page.plans]
    return comparison_of(session.known, plans) if plans else None


def download(name: str, session: Session, typed: FormTexts) -> Response:
    """A file to keep: the entries, the answer as data, the report or its sources in the language chosen beside."""
    if name == "record.yaml":
        text = yaml.safe_dump(write_person(session.person), sort_keys=False, allow_unicode=True)
        return _file(text.encode(), "application/yaml", name, session)
    assessment = _with_causes(session.assessment, session.page)
    if name == "assessment.json":
        data = assessment.model_dump_json(indent=2, context={"language": page_language().code})
        return _file(data.encode(), "application/json", name, session)
    code = typed.get("language", "")
    code = code if code in LANGUAGES else page_language().code
    make = page_both if name == "report.pdf" else page_sources
    html = make(assessment, code, session.person, _comparison(session))
    return _file(to_pdf(html), "application/pdf", name, session)


def _file(content: bytes, kind: str, name: str, session: Session) -> Response:
    """A file that a browser saves; its name has the pseudonym of the record, if there is one, and the day."""
    what, _, ending = name.partition(".")
    record = re.sub(r"[^A-Za-z0-9_-]+", "-", session.person.id or "").strip("-")[:_LONGEST_ID]
    parts = filter(None, ("trabecula", what, record, session.on.isoformat()))
    headers = {"Content-Disposition": f'attachment; filename="{"-".join(parts)}.{ending}"'}
    return Response(content, media_type=kind, headers=headers)
