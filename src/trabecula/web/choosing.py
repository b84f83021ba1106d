"""From the panel of choices to a plan: each choice is a plan of the library; what is chosen together is one plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from trabecula.assess.plans import Plan, RepeatedCourses, Tapering
from trabecula.assess.plans_reading import library
from trabecula.person import Person, generic_name
from trabecula.web.marking import marked as _

MOST = 4  # not a parameter: plans that are compared
_WORDS = frozenset({"name", "title", "because"})
_LISTS = ("medicines", "stop")
COURSES = "courses_per_year"
_LONGEST = 120  # not a parameter: characters of a title


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
        ("steroids", _("Steroids"), _("As recorded"), False),
        ("medicine", _("Medicine for bone"), _("As recorded"), False),
        ("training", _("Training"), _("As now"), False),
        ("edss", _("Disability in the years to come"), _("Rises as usual"), False),
        ("more", _("And"), "", True),
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
    return "training" if "exercise" in changes and changes <= {"exercise", "falls_programme"} else "more"


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


def chosen(typed: Mapping[str, str], number: int) -> dict[str, Any] | None:
    """What was chosen, as the data of plan number so-and-so; None when nothing was."""
    plans = [library()[name] for name in _named(typed)]
    if not plans:
        return None
    data: dict[str, Any] = {"name": f"choice-{number}", "title": _title(plans, typed)}
    if len(plans) == 1 and plans[0].because:
        data["because"] = plans[0].because
    for plan in plans:
        for field, value in plan.model_dump(mode="json", exclude_unset=True, exclude=set(_WORDS)).items():
            data[field] = data.get(field, []) + value if field in _LISTS else value
    _set_courses(data, typed)
    return data


def _title(plans: Sequence[Plan], typed: Mapping[str, str]) -> str:
    """The titles together, with a number of courses that was typed."""
    courses = typed.get(COURSES, "").strip()
    repeated = courses and any(isinstance(plan.steroids, RepeatedCourses) for plan in plans)
    return "; ".join(
        [*(plan.title for plan in plans), *([f"courses a year: {courses}"] if repeated else [])]
    )[:_LONGEST]


def _named(typed: Mapping[str, str]) -> Iterator[str]:
    """The names of the library's plans that were chosen, in the order of the panel."""
    for question in questions():
        for plan in question.plans:
            if typed.get(f"{question.name}:{plan.name}") == "yes" or typed.get(question.name) == plan.name:
                yield plan.name


def _set_courses(data: dict[str, Any], typed: Mapping[str, str]) -> None:
    """How many courses a year, when a plan repeats courses and a number was typed."""
    number, steroids = typed.get(COURSES, "").strip(), data.get("steroids")
    if number and isinstance(steroids, dict) and COURSES in steroids:
        steroids[COURSES] = (
            float(number) if number.replace(".", "", 1).isdecimal() and number.isascii() else number
        )
