"""Plans from data, with every problem explained, and the library of named plans that comes with the package."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from trabecula.assessment.plans.plan import Exercise, Plan
from trabecula.errors import TrabeculaError
from trabecula.person import Problem
from trabecula.person.explanations import explain
from trabecula.person.problems import Path, did_you_mean, nearest, quoted, show, written
from trabecula.words.message import WHOLE, Message, verbatim

_TAGS = frozenset({"none", "courses", "repeated", "tapering"})
"""Names that pydantic puts into a path for the ways to write steroids; they are not fields."""


class PlanError(TrabeculaError, ValueError):
    """A plan that can't be read; `problems` has everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """`problems`: each with path, what was found, what was expected, and what to do."""
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def read_plan(data: Mapping[str, Any], kept: bool = False) -> Plan:
    """Read a plan; raises PlanError with all problems at once.

    kept: the program itself wrote it down, with messages as they are (`model_dump(context=WHOLE)`).
    """
    if not isinstance(data, Mapping):
        expected, todo = (
            Message("expected.a_plan_fields_with_values"),
            Message("todo.write_for_example_name_more_exercise"),
        )
        raise PlanError((Problem("", show(data), expected, todo),))
    try:
        given = {key: value for key, value in data.items() if value is not None}
        return Plan.model_validate(given, context=WHOLE if kept else None)
    except ValidationError as error:
        found = [problem for detail in error.errors(include_url=False) for problem in _problems(detail)]
        raise PlanError(tuple(dict.fromkeys(found))) from None


def _problems(detail: ErrorDetails) -> Iterator[Problem]:
    """One of pydantic's errors, as problems."""
    path = tuple(step for i, step in enumerate(detail["loc"]) if not (i == 1 and step in _TAGS))
    if detail["type"] == "trabecula_several":
        for wrong in detail.get("ctx", {})["problems"]:
            where = (*path, wrong.field) if wrong.field else path
            yield Problem(written(where), wrong.found, wrong.expected, wrong.todo)
    elif detail["type"] == "extra_forbidden" and len(path) <= 2:
        yield _unknown(path)
    elif detail["type"] == "string_pattern_mismatch":
        expected, todo = (
            Message("expected.small_letters_figures_and_hyphens"),
            Message("todo.write_for_example_more_exercise"),
        )
        yield Problem(written(path), show(detail["input"]), expected, todo)
    else:
        yield explain(detail, path)


def _unknown(path: Path) -> Problem:
    """A field that a plan does not have."""
    name, known = str(path[-1]), list((Exercise if path[0] == "exercise" else Plan).model_fields)
    near = nearest(name, known)
    todo = did_you_mean(near) if near else Message("todo.a_plan_has_fields", {"fields": verbatim(", ".join(known))})
    found = Message("found.the_unknown_field_what", {"what": quoted(name)})
    return Problem(written(path), found, Message("expected.a_field_of_a_plan"), todo)


@cache
def library() -> Mapping[str, Plan]:
    """The named plans that come with the package, in the order of their files."""
    folder = resources.files("trabecula.assessment.plans").joinpath("data", "library")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    read = (read_plan(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)
    return {plan.name: plan for plan in read}
