"""The pages of the form: what was typed is kept, one step leads to the next, problems stand beside their fields."""

import datetime
from dataclasses import replace

from starlette.responses import Response

from trabecula.web import forms, rendering
from trabecula.web.entries import is_row, pattern_of, renumbered, without_row
from trabecula.web.fields import FIELDS, LISTS, REVIEW, STEP_OF, STEPS, FieldGroup, FormField, FormStep
from trabecula.web.forms import FieldProblem
from trabecula.web.localisation import page_language
from trabecula.web.medicines import CONFIRMS
from trabecula.web.rendering import REFUSED
from trabecula.web.state import Entries, FormTexts, Seal, SessionPage, seal_page
from trabecula.web.understood import understood
from trabecula.web.visits import rows_of, visits_of
from trabecula.words.language import LANGUAGES, Language, language

_COURSE = "steroids[].as_written"
_BY_ID = {step.id: step for step in STEPS}


def typed_page(form: FormTexts, page: SessionPage) -> SessionPage:
    """The page's knowledge with what was typed on the step that was sent, without rows that are to go.

    Rows have the numbers they had on the page, so they go before emptied ones do and the others move up.
    """
    step, gone = _BY_ID.get(form.get("step", "")), _rows_to_go(form.get("do", ""))
    entries = dict(page.entries)
    for row in gone:
        entries, form = without_row(entries, row), without_row(form, row)
    if step is not None:
        entries = forms.typed_into(step, form, entries, _language_of(form))
    changed = page.changed(renumbered(entries, gone[0].partition("[")[0]) if gone else entries)
    return replace(changed, confirmed=changed.confirmed | _wanted(form))


def _wanted(form: FormTexts) -> set[str]:
    """The names of medicines that somebody wants as they are."""
    fields = (name.removeprefix(CONFIRMS) for name, said in form.items() if name.startswith(CONFIRMS) and said == "yes")
    return {form[path].strip().lower() for path in fields if form.get(path)}


def _language_of(form: FormTexts) -> Language:
    """The language in which a page of the form was filled in; its buttons may lead to another."""
    code = form.get("lang", "")
    return language(code) if code in LANGUAGES else page_language()


def _rows_to_go(do: str) -> tuple[str, ...]:
    """The rows that a button removes, `steroids[2]` or those of a visit, `dxa[0] dxa[1]`; none for any other button."""
    command, _, named = do.partition(":")
    rows = tuple(row for row in named.split() if is_row(row) and row.partition("[")[0] in LISTS)
    return rows if command == "remove" else ()


def form_page(form: FormTexts, page: SessionPage, seal: Seal, today: datetime.date) -> Response:
    """The step that a button asks for; `next` stays while something on this step is wrong.

    The button says it in `do`: next, back, add:steroids, remove:steroids[2], go:bones, go:review. Only `next` looks for
    mistakes: whoever goes back, or to another language, should not be held up by what is not finished.
    """
    step = _BY_ID.get(form.get("step", ""))
    command, _, where = form.get("do", "").partition(":")
    if command == "next" and step is not None:
        wrong = forms.on_page(forms.problems_of(page, today), step)
        return step_page(step, page, seal, today, wrong) if wrong else _after(step, page, seal, today)
    if command == "back" and step is not None:
        return step_page(STEPS[max(STEPS.index(step) - 1, 0)], page, seal, today)
    if command == "go" and where == REVIEW:
        return review_page(page, seal, today)
    if command == "go":
        return step_page(_BY_ID.get(where, STEPS[0]), page, seal, today)
    at = where.partition("[")[0] if command in ("add", "remove") else ""
    return step_page(step or STEPS[0], page, seal, today, at=at)


def _after(step: FormStep, page: SessionPage, seal: Seal, today: datetime.date) -> Response:
    """The step behind a step: the last leads to the review."""
    place = STEPS.index(step) + 1
    return step_page(STEPS[place], page, seal, today) if place < len(STEPS) else review_page(page, seal, today)


def step_page(
    step: FormStep, page: SessionPage, seal: Seal, today: datetime.date, wrong: tuple[FieldProblem, ...] = (),
    at: str = "",
) -> Response:  # fmt: skip
    """One step of the form; `at` is the list whose empty row gets the focus."""
    wrong = _once(step, page.entries, wrong)
    return rendering.page(
        "step.html", REFUSED if wrong else 200, step=step, place=STEPS.index(step), entries=page.entries,
        state=seal_page(page, seal), problems=wrong, told_at=_by_field(wrong), rows_of=rows_of,
        visits_of=visits_of, at=at, fresh=page.fresh,
        understood=understood(page.entries, today) if step is STEP_OF.get(_COURSE) else {},
    )  # fmt: skip


def review_page(page: SessionPage, seal: Seal, today: datetime.date) -> Response:
    """Everything that was entered, as it is asked and in the language of the page, and what is wrong with it.

    What came from a file and has no field in the form is used all the same; how many such values there are is told.
    """
    wrong = forms.problems_of(page, today)
    return rendering.page(
        "review.html", state=seal_page(page, seal), problems=wrong, remarks=page.remarks,
        shown={step.id: _filled(step, page.entries) for step in STEPS}, fresh=page.fresh,
        understood=understood(page.entries, today),
        hidden=sum(pattern_of(path) not in FIELDS for path in page.entries),
    )  # fmt: skip


def problem_page(page: SessionPage, wrong: tuple[FieldProblem, ...], seal: Seal, today: datetime.date) -> Response:
    """The first step on which something is wrong; the summary has everything, also what is on other steps."""
    step = min((problem.step for problem in wrong), key=STEPS.index)
    return step_page(step, page, seal, today, wrong)


def _once(step: FormStep, entries: Entries, wrong: tuple[FieldProblem, ...]) -> tuple[FieldProblem, ...]:
    """What is wrong with what the rows of a visit share is told once, where it is asked."""
    asked_at = {
        f"{group.rows}[{row.number}].{name}": f"{group.rows}[{visit.lead}].{name}"
        for group in step.groups if group.visit
        for visit in visits_of(group, entries) for row in visit.rows for name in group.visit
    }  # fmt: skip
    found: dict[tuple[str, str], FieldProblem] = {}
    for problem in wrong:
        path = asked_at.get(problem.path, problem.path)
        found.setdefault((path, str(problem.problem.expected)), FieldProblem(path, problem.problem))
    return tuple(found.values())


def _by_field(wrong: tuple[FieldProblem, ...]) -> dict[str, list[FieldProblem]]:
    """The problems of each field."""
    found: dict[str, list[FieldProblem]] = {}
    for problem in wrong:
        found.setdefault(problem.path, []).append(problem)
    return found


Line = list[tuple[FormField, str]]
"""The filled fields of a group, or of one row of it, each with what a person reads."""


def _filled(step: FormStep, entries: Entries) -> list[tuple[FieldGroup, list[Line]]]:
    """What was entered on a step, as it is asked: by group, one line for each row of a list."""
    return [(group, lines) for group in step.groups if (lines := _lines(group, entries))]


def _lines(group: FieldGroup, entries: Entries) -> list[Line]:
    """The fields of a group that are filled; of a list, row by row."""
    asked_once = tuple(field.path for field in group.fields)
    lines: list[Line] = []
    for paths in [row.paths for row in rows_of(group, entries)] if group.rows else [asked_once]:
        asked = zip(group.fields, paths, strict=True)
        lines.append([(field, rendering.said(path, entries[path])) for field, path in asked if path in entries])
    return [line for line in lines if line]
