"""From the panel of choices to a plan: each choice is a plan of the library; what is chosen together is one plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

from trabecula.assessment.plans.plan import Plan, RepeatedCourses, Tapering
from trabecula.assessment.plans.reading import PlanError, library, read_plan
from trabecula.person import Person, Problem, generic_name
from trabecula.person.wording import show
from trabecula.web.forms import read_number
from trabecula.web.state import Typed
from trabecula.words.language import language

MOST = 4  # plans that are compared
REPEATED = {
    "pulses-monthly": "plan.single_infusions_n_a_year",
    "pulses-yearly": "plan.courses_of_three_infusions_n_a",
    "pulses-yearly-with-taper": "plan.courses_of_three_infusions_and_a",
}
"""Plans of the library that repeat courses, as they are called with another number of them."""
_WORDS = frozenset({"name", "title", "because"})
_LISTS, _TRAINING = ("medicines", "stop"), "exercise"
COURSES = "courses_per_year"


@dataclass(frozen=True)
class Question:
    """What is asked in the panel: one of several plans, or any of several (`many`)."""

    name: str
    title: str
    usual: str
    """What it means to choose nothing."""
    plans: tuple[Plan, ...]
    many: bool = False


def _changes(plan: Plan) -> frozenset[str]:
    """The fields that a plan changes."""
    return frozenset(plan.model_fields_set - _WORDS)


@cache
def questions() -> tuple[Question, ...]:
    """The panel: every plan of the library has a place in it."""
    found: dict[str, list[Plan]] = {}
    for plan in library().values():
        found.setdefault(_place(_changes(plan)), []).append(plan)
    asked = (
        ("steroids", "page.steroids", "web.as_recorded", False),
        ("medicine", "web.medicine_for_bone", "web.as_recorded", False),
        ("training", "web.training", "web.as_now", False),
        ("edss", "web.disability_in_the_years_to_come", "web.rises_as_usual", False),
        ("more", "web.and", "", True),
    )
    return tuple(
        Question(name, title, usual, tuple(found.get(name, ())), many) for name, title, usual, many in asked
    )


def _place(changes: frozenset[str]) -> str:
    """Where in the panel a plan that changes these fields stands."""
    for name, fields in {
        "steroids": {"steroids"}, "medicine": {"medicines", "stop"}, "edss": {"edss"},
    }.items():  # fmt: skip
        if changes <= fields:
            return name
    return "training" if _TRAINING in changes and changes <= {_TRAINING, "falls_programme"} else "more"


def open_to(question: Question, person: Person, on: date) -> tuple[Plan, ...]:
    """The plans of a question that mean something for a person: what is not taken cannot be stopped."""
    return tuple(plan for plan in question.plans if _means_something(plan, person, on))


def _means_something(plan: Plan, person: Person, on: date) -> bool:
    """Whether what a plan stops, tapers or gives up is going on."""
    taken = {each.generic for each in person.medicines if each.end is None or each.end > on}
    tablets = any(each.ongoing or (each.end is not None and each.end > on) for each in person.steroids)
    return (
        all(generic_name(drug) in taken for drug in plan.stop)
        and (tablets or not isinstance(plan.steroids, Tapering))
        and (person.smoking == "current" or _changes(plan) != {"smoking"})
    )


def chosen(typed: Typed, number: int) -> Plan | None:
    """What was chosen, as plan number so-and-so; None when nothing was, PlanError when it does not go together."""
    plans = [library()[name] for name in _named(typed)]
    courses = _courses(typed.get(COURSES, "").strip(), plans)
    if not plans:
        return None
    _check_together(plans)
    data = _together(plans)
    titles = [plan.title if courses is None else _counted(plan, courses) for plan in plans]
    data |= {"name": f"choice-{number}", "title": "; ".join(titles)}
    if titles == [plans[0].title]:
        data["because"] = plans[0].because
    if courses is not None:
        data["steroids"][COURSES] = courses
    return read_plan(data)


def _courses(typed: str, plans: Sequence[Plan]) -> float | str | None:
    """How many courses a year were typed; it means nothing when no choice repeats any, and is told then."""
    number = read_number(typed)
    if typed and not any(isinstance(plan.steroids, RepeatedCourses) for plan in plans):
        todo = "choose them, or leave the number out"
        raise PlanError((Problem(COURSES, show(number), "infusions that are repeated", todo),))
    return number if typed else None


def _counted(plan: Plan, courses: float | str) -> str:
    """The title of a plan with the number of courses that was typed in place of its own."""
    is_repeated = isinstance(plan.steroids, RepeatedCourses)
    return language("en").text(REPEATED[plan.name], n=show(courses)) if is_repeated else plan.title


def _check_together(plans: Sequence[Plan]) -> None:
    """Refuse two choices that set the same thing otherwise: one of them would be left out without a word."""
    for one, other in combinations(plans, 2):
        mine, theirs = _settings(one), _settings(other)
        if any(mine[each] != theirs[each] for each in mine.keys() & theirs.keys()):
            found, todo = f"“{one.title}” together with “{other.title}”", "leave one out"
            raise PlanError((Problem("", found, "choices that do not contradict each other", todo),))


def _settings(plan: Plan) -> dict[str, Any]:
    """What a plan sets, training part by part; lists of medicines, which may be put together, left out."""
    data = _data(plan)
    training = data.pop(_TRAINING, {})
    return {name: each for name, each in data.items() if name not in _LISTS} | training


def _together(plans: Sequence[Plan]) -> dict[str, Any]:
    """What the plans change, as one."""
    together: dict[str, Any] = {}
    for name, value in (each for plan in plans for each in _data(plan).items()):
        if name in _LISTS:
            together[name] = together.get(name, []) + value
        else:
            together[name] = together.get(name, {}) | value if name == _TRAINING else value
    return together


def _data(plan: Plan) -> dict[str, Any]:
    """What a plan changes, as data."""
    return plan.model_dump(mode="json", exclude_unset=True, exclude=set(_WORDS))


def _named(typed: Typed) -> Iterator[str]:
    """The names of the library's plans that were chosen, in the order of the panel."""
    for question in questions():
        for plan in question.plans:
            if typed.get(f"{question.name}:{plan.name}") == "yes" or typed.get(question.name) == plan.name:
                yield plan.name
