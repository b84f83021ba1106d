"""The page that answers "what would change?": one choice at once, up to four beside each other."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import HTMLResponse

from trabecula.assess import Assessment
from trabecula.assess.compare_record import Comparison
from trabecula.assess.plans_reading import PlanError, read_plan
from trabecula.assess.record import EvidenceUsed
from trabecula.person import Problem
from trabecula.report import interactive, pictures
from trabecula.web import answering, choosing, rendering
from trabecula.web.asked import Asked
from trabecula.web.speaking import spoken
from trabecula.web.state import Page, Seal, seal_page

Typed = Mapping[str, str]


def what_if_page(asked: Asked, typed: Typed, seal: Seal, *, part: bool) -> HTMLResponse:
    """The panel with the answer to what was chosen; `part`: only what changes on a page that is open."""
    known, page = asked.known, asked.page
    plans, problems = _plans(page, typed)
    try:
        comparison = answering.compared(known, [read_plan(each) for each in plans]) if plans else None
    except PlanError as error:
        comparison, problems = None, error.problems
    kept = _kept(page, typed, plans, comparison)
    done = typed.get("do") in ("keep", "clear") and not problems
    return rendering.page(
        "whatif.part.html" if part else "whatif.html", REFUSED if problems else 200,
        state="" if part else seal_page(kept, seal), kept=kept.plans, typed={} if done else typed, problems=problems,
        most=choosing.MOST,
        questions=[(each, choosing.open_to(each, known.person, known.on)) for each in choosing.questions()],
        courses=choosing.COURSES, **_shown(comparison), remarks=page.remarks, view="what-if",
    )  # fmt: skip


REFUSED = 422


def _plans(page: Page, typed: Typed) -> tuple[list[dict[str, Any]], tuple[Problem, ...]]:
    """The plans that were kept, without one that is to go, and what is chosen now."""
    if typed.get("do") == "clear":
        return [], ()
    plans = [dict(each) for each in page.plans]
    now = choosing.chosen(typed, len(plans) + 1)
    if now is not None and len(plans) == choosing.MOST:
        todo = "remove them, and begin anew"
        return plans, (Problem("", "a fifth plan", f"up to {choosing.MOST} plans beside each other", todo),)
    return [*plans, *([now] if now else [])], ()


def _kept(page: Page, typed: Typed, plans: list[dict[str, Any]], comparison: Comparison | None) -> Page:
    """What the next page carries: the plans that are kept for comparison."""
    if typed.get("do") == "clear":
        return replace(page, plans=())
    if typed.get("do") == "keep" and comparison is not None:
        return replace(page, plans=tuple(plans))
    return page


def _shown(comparison: Comparison | None) -> dict[str, Any]:
    """What the template shows of a comparison."""
    if comparison is None:
        return {"choices": None, "picture": None, "comparison": None}
    lang = spoken()
    context = interactive.context(_basis(comparison), comparison, lang)
    picture = pictures.plans(comparison, lang) if len(comparison.plans) > 1 else None
    return {"choices": context, "picture": picture, "comparison": comparison}


def _basis(comparison: Comparison) -> Assessment:
    """What the list of sources reads of an assessment, from a comparison that rests on the same draws."""
    registry, used = answering.evidence(), comparison.evidence
    assumed = set(registry.assumed())
    evidence = EvidenceUsed(
        parameters=list(used), findings=[], assumed=[each for each in used if each in assumed],
        recalled=list(registry.recalled(used)),
    )  # fmt: skip
    return Assessment.model_construct(
        software=comparison.software, date=comparison.date, draws=comparison.draws, seed=comparison.seed,
        interval=comparison.interval, country=comparison.country, evidence=evidence,
    )  # fmt: skip
