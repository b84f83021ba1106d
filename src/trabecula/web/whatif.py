"""The panel that answers "what would change?": from what is chosen to one plan, and from plans to a page.

Each choice is a plan of the library; what is chosen together is one plan; up to four stand beside each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

from starlette.responses import HTMLResponse

from trabecula.assessment.plans.plan import Plan, RepeatedCourses, TabletTaper
from trabecula.assessment.plans.reading import PlanError, library, read_plan
from trabecula.assessment.results import Comparison, EvidenceUsed
from trabecula.person import Person, Problem
from trabecula.person.problems import show
from trabecula.reporting import interactive, pictures
from trabecula.reporting.statements import Basis
from trabecula.vocabulary import generic_name
from trabecula.web import rendering
from trabecula.web.forms import asked_back
from trabecula.web.localisation import page_language
from trabecula.web.rendering import REFUSED
from trabecula.web.session import Session, comparison_of, evidence
from trabecula.web.state import FormTexts, Seal, SessionPage, seal_page
from trabecula.words.message import WHOLE, Message
from trabecula.words.reading import read_number

MOST_PLANS = 4
"""Plans that stand beside each other."""
REPEATED = {
    "pulses-monthly": "plan.single_infusions_n_a_year",
    "pulses-yearly": "plan.courses_of_three_infusions_n_a",
    "pulses-yearly-with-taper": "plan.courses_of_three_infusions_and_a",
}
"""Plans of the library that repeat courses, as they are called with another number of them."""
_WORDS = frozenset({"name", "title", "because"})
_LISTS, _TRAINING = ("medicines", "stop"), "exercise"
COURSES = "courses_per_year"
_KEEP, _CLEAR, _REMOVE = "keep", "clear", "remove"
"""What the buttons of the panel do with plans."""


@dataclass(frozen=True)
class ChoiceQuestion:
    """What is asked in the panel."""

    name: str
    """Of the entry in the form; never shown."""
    title: str
    usual: str
    """What it means to choose nothing."""
    plans: tuple[Plan, ...]
    many: bool = False
    """Whether any of the plans may be chosen, and not only one of them."""


def _changes(plan: Plan) -> frozenset[str]:
    """The fields that a plan changes."""
    return frozenset(plan.model_fields_set - _WORDS)


@cache
def questions() -> tuple[ChoiceQuestion, ...]:
    """The panel: every plan of the library has a place in it, by what it changes; a new plan needs no line here."""
    found: dict[str, list[Plan]] = {}
    for plan in library().values():
        found.setdefault(_place(_changes(plan)), []).append(plan)
    asked = (
        ("steroids", "page.steroids", "web.whatif.as_recorded", False),
        ("medicine", "web.whatif.medicine", "web.whatif.as_recorded", False),
        ("training", "web.whatif.training", "web.whatif.as_now", False),
        ("edss", "web.whatif.edss", "web.whatif.rises_as_usual", False),
        ("more", "web.whatif.more", "", True),
    )
    return tuple(
        ChoiceQuestion(name, title, usual, tuple(found.get(name, ())), many) for name, title, usual, many in asked
    )


def _place(changes: frozenset[str]) -> str:
    """Where in the panel a plan that changes these fields stands."""
    for name, fields in {
        "steroids": {"steroids"}, "medicine": {"medicines", "stop"}, "edss": {"edss"},
    }.items():  # fmt: skip
        if changes <= fields:
            return name
    return "training" if _TRAINING in changes and changes <= {_TRAINING, "falls_programme"} else "more"


def open_to(question: ChoiceQuestion, person: Person, on: date) -> tuple[Plan, ...]:
    """The plans of a question that mean something for a person: what is not taken cannot be stopped."""
    return tuple(plan for plan in question.plans if _means_something(plan, person, on))


def _means_something(plan: Plan, person: Person, on: date) -> bool:
    """Whether what a plan stops, tapers or gives up is going on."""
    taken = {drug.generic for drug in person.medicines if drug.end is None or drug.end > on}
    tablets = any(course.ongoing or (course.end is not None and course.end > on) for course in person.steroids)
    return (
        all(generic_name(drug) in taken for drug in plan.stop)
        and (tablets or not isinstance(plan.steroids, TabletTaper))
        and (person.smoking == "current" or _changes(plan) != {"smoking"})
    )


def chosen(typed: FormTexts, number: int) -> Plan | None:
    """What was chosen, as plan number so-and-so; None when nothing was, PlanError when it does not go together."""
    plans = [library()[name] for name in _named(typed)]
    courses = _courses(typed.get(COURSES, "").strip(), plans)
    if not plans:
        return None
    _check_together(plans)
    data = _together(plans)
    titles = [plan.title if courses is None else _counted(plan, courses) for plan in plans]
    title = titles[0] if len(titles) == 1 else Message("plan.together", {"titles": titles})
    data |= {"name": f"choice-{number}", "title": title}
    if title == plans[0].title:
        data["because"] = plans[0].because
    if courses is not None:
        data["steroids"][COURSES] = courses
    return read_plan(data)


def _courses(typed: str, plans: Sequence[Plan]) -> float | str | None:
    """How many courses a year were typed; it means nothing when no choice repeats any, and is told then."""
    number = read_number(typed)
    number = typed if number is None else number
    if typed and not any(isinstance(plan.steroids, RepeatedCourses) for plan in plans):
        expected = Message("expected.infusions_that_are_repeated")
        todo = Message("todo.choose_them_or_leave_the_number")
        raise PlanError((Problem(COURSES, show(number), expected, todo),))
    return number if typed else None


def _counted(plan: Plan, courses: float | str) -> Message:
    """The title of a plan with the number of courses that was typed in place of its own."""
    is_repeated = isinstance(plan.steroids, RepeatedCourses)
    return Message(REPEATED[plan.name], {"n": courses}) if is_repeated else plan.title


def _check_together(plans: Sequence[Plan]) -> None:
    """Refuse two choices that set the same thing otherwise: one of them would be left out without a word."""
    for one, other in combinations(plans, 2):
        mine, theirs = _settings(one), _settings(other)
        if any(mine[name] != theirs[name] for name in mine.keys() & theirs.keys()):
            found = Message("found.one_together_with_other", {"one": one.title, "other": other.title})
            expected = Message("expected.choices_that_do_not_contradict_each")
            raise PlanError((Problem("", found, expected, Message("todo.leave_one_out")),))


def _settings(plan: Plan) -> dict[str, Any]:
    """What a plan sets, training part by part; lists of medicines, which may be put together, left out."""
    data = _data(plan)
    training = data.pop(_TRAINING, {})
    return {name: value for name, value in data.items() if name not in _LISTS} | training


def _together(plans: Sequence[Plan]) -> dict[str, Any]:
    """What the plans change, as one: lists of medicines are joined, training is put together by its parts."""
    together: dict[str, Any] = {}
    for name, value in (setting for plan in plans for setting in _data(plan).items()):
        if name in _LISTS:
            together[name] = together.get(name, []) + value
        else:
            together[name] = together.get(name, {}) | value if name == _TRAINING else value
    return together


def _data(plan: Plan) -> dict[str, Any]:
    """What a plan changes, as data."""
    return plan.model_dump(mode="json", exclude_unset=True, exclude=set(_WORDS))


def _named(typed: FormTexts) -> Iterator[str]:
    """The names of the library's plans that were chosen, in the order of the panel."""
    for question in questions():
        for plan in question.plans:
            if typed.get(f"{question.name}:{plan.name}") == "yes" or typed.get(question.name) == plan.name:
                yield plan.name


def what_if_page(session: Session, typed: FormTexts, seal: Seal, *, part: bool) -> HTMLResponse:
    """The panel with the answer to what was chosen; `part`: only what changes on a page that is open."""
    known, page = session.known, session.page
    try:
        plans, problems = _plans(page, typed), ()
    except PlanError as error:
        plans = _carried(page)
        problems = tuple(asked_back(problem, typed.get(COURSES), page_language()) for problem in error.problems)
    comparison = comparison_of(known, plans) if plans else None
    kept = _kept(page, typed, plans)
    done = typed.get("do") in (_KEEP, _CLEAR) and not problems
    return rendering.page(
        "whatif.part.html" if part else "whatif.html", REFUSED if problems else 200,
        state="" if part else seal_page(kept, seal), kept=_carried(kept),
        typed={} if done else typed, problems=problems,
        most=MOST_PLANS,
        questions=[(question, open_to(question, known.person, known.on)) for question in questions()],
        courses=COURSES, **_shown(comparison), view="what-if", record=known.person.id, on=known.on,
    )  # fmt: skip


def _plans(page: SessionPage, typed: FormTexts) -> list[Plan]:
    """The plans that were kept and what is chosen now; raises PlanError when that is too much or contradicts itself."""
    if typed.get("do") == _CLEAR:
        return []
    kept = _still_kept(page, typed)
    now = chosen(typed, len(kept) + 1)
    if now is not None and len(kept) == MOST_PLANS:
        expected = Message("expected.up_to_n_plans_beside_each", {"n": MOST_PLANS})
        todo = Message("todo.remove_them_and_begin_anew")
        raise PlanError((Problem("", Message("found.a_fifth_plan"), expected, todo),))
    return [*kept, *([now] if now else [])]


def _still_kept(page: SessionPage, typed: FormTexts) -> list[Plan]:
    """The plans that were kept before, without one that a button removes (`remove:2`, counted from 1)."""
    command, _, number = typed.get("do", "").partition(":")
    gone = number if command == _REMOVE else ""
    return [plan for count, plan in enumerate(_carried(page), start=1) if str(count) != gone]


def _carried(page: SessionPage) -> list[Plan]:
    """The plans that were kept before."""
    return [read_plan(plan, kept=True) for plan in page.plans]


def _kept(page: SessionPage, typed: FormTexts, plans: Sequence[Plan]) -> SessionPage:
    """What the next page carries: the plans that are kept for comparison."""
    do = typed.get("do", "")
    if do.startswith(f"{_REMOVE}:"):
        plans = _still_kept(page, typed)
    elif do not in (_KEEP, _CLEAR):
        return page
    # With titles for whatever language comes next.
    carried = (plan.model_dump(mode="json", exclude_unset=True, context=WHOLE) for plan in plans)
    return replace(page, plans=tuple(carried))


def _shown(comparison: Comparison | None) -> dict[str, Any]:
    """What the template shows of a comparison."""
    if comparison is None:
        return {"choices": None, "picture": None}
    lang = page_language()
    context = interactive.context(_basis(comparison), comparison, lang, asked=True)
    is_told = len(comparison.plans) > 1 and not comparison.caution  # its scale counts people
    picture = pictures.plans(comparison, lang, people=True) if is_told else None
    return {"choices": context, "picture": picture}


def _basis(comparison: Comparison) -> Basis:
    """What the list of sources reads: a comparison says which parameters it read, the registry which are assumed."""
    registry, used = evidence(), comparison.evidence
    assumed = set(registry.assumed())
    rests_on = EvidenceUsed(
        parameters=list(used), findings=[], assumed=[id for id in used if id in assumed],
        recalled=list(registry.recalled(used)),
    )  # fmt: skip
    return Basis(
        software=comparison.software, date=comparison.date, draws=comparison.draws, seed=comparison.seed,
        interval=comparison.interval, country=comparison.country, stands_in_for=comparison.stands_in_for,
        evidence=rests_on,
    )  # fmt: skip
