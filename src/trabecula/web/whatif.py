"""The page that answers "what would change?": one choice at once, up to four beside each other."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import HTMLResponse

from trabecula.assessment import Assessment
from trabecula.assessment.plans.plan import Plan
from trabecula.assessment.plans.reading import PlanError, read_plan
from trabecula.assessment.results import Comparison, EvidenceUsed
from trabecula.person import Problem
from trabecula.reporting import interactive, pictures
from trabecula.web import answering, choosing, rendering
from trabecula.web.asked import Asked
from trabecula.web.forms import asked_back
from trabecula.web.rendering import REFUSED
from trabecula.web.speaking import spoken
from trabecula.web.state import Page, Seal, Typed, seal_page


def what_if_page(asked: Asked, typed: Typed, seal: Seal, *, part: bool) -> HTMLResponse:
    """The panel with the answer to what was chosen; `part`: only what changes on a page that is open."""
    known, page = asked.known, asked.page
    try:
        plans, problems = _plans(page, typed), ()
    except PlanError as error:
        plans = _carried(page)
        problems = tuple(asked_back(each, typed.get(choosing.COURSES)) for each in error.problems)
    comparison = answering.compared(known, plans) if plans else None
    kept = _kept(page, typed, plans)
    done = typed.get("do") in ("keep", "clear") and not problems
    return rendering.page(
        "whatif.part.html" if part else "whatif.html", REFUSED if problems else 200,
        state="" if part else seal_page(kept, seal), kept=kept.plans, typed={} if done else typed, problems=problems,
        most=choosing.MOST,
        questions=[(each, choosing.open_to(each, known.person, known.on)) for each in choosing.questions()],
        courses=choosing.COURSES, **_shown(comparison), view="what-if",
    )  # fmt: skip


def _plans(page: Page, typed: Typed) -> list[Plan]:
    """The plans that were kept and what is chosen now; raises PlanError when that is too much or contradicts itself."""
    if typed.get("do") == "clear":
        return []
    kept = _carried(page)
    now = choosing.chosen(typed, len(kept) + 1)
    if now is not None and len(kept) == choosing.MOST:
        expected = f"up to {choosing.MOST} plans beside each other"
        raise PlanError((Problem("", "a fifth plan", expected, "remove them, and begin anew"),))
    return [*kept, *([now] if now else [])]


def _carried(page: Page) -> list[Plan]:
    """The plans that were kept before."""
    return [read_plan(each) for each in page.plans]


def _kept(page: Page, typed: Typed, plans: Sequence[Plan]) -> Page:
    """What the next page carries: the plans that are kept for comparison."""
    if typed.get("do") not in ("keep", "clear"):
        return page
    return replace(page, plans=tuple(each.model_dump(mode="json", exclude_unset=True) for each in plans))


def _shown(comparison: Comparison | None) -> dict[str, Any]:
    """What the template shows of a comparison."""
    if comparison is None:
        return {"choices": None, "picture": None}
    lang = spoken()
    context = interactive.context(_basis(comparison), comparison, lang, asked=True)
    is_told = len(comparison.plans) > 1 and not comparison.caution  # its scale counts people
    picture = pictures.plans(comparison, lang) if is_told else None
    return {"choices": context, "picture": picture}


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
