"""A study from a file, with every problem explained before anything runs."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from trabecula.errors import TrabeculaError
from trabecula.evidence import Evidence
from trabecula.fracture.baseline import countries
from trabecula.person import Problem
from trabecula.person.explanations import explain
from trabecula.person.problems import show, written
from trabecula.simulation.scenario import SEEN, PopulationStudy
from trabecula.vocabulary import BONE_DRUGS
from trabecula.words.message import Message, verbatim


class StudyRefused(TrabeculaError, ValueError):
    """A study that cannot be run; `problems` has everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def study_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a study's file."""
    found = PopulationStudy.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def read_study(source: Path | Mapping[str, Any], evidence: Evidence) -> PopulationStudy:
    """A study from a YAML file or from plain data. Raises StudyRefused with all problems at once."""
    data = _loaded(source) if isinstance(source, Path) else source
    if not isinstance(data, Mapping):
        raise _refused("", show(data), "expected.a_study", "todo.write_a_study")
    try:
        study = PopulationStudy.model_validate(data)
    except ValidationError as error:
        raise StudyRefused(tuple(dict.fromkeys(_problems(error)))) from None
    known = countries(evidence)
    if study.people.country not in known:
        names = verbatim(", ".join(sorted(known)))
        raise _refused(
            "people.country", show(study.people.country), "expected.a_country_with_tables", "todo.use_one_of", names
        )
    return study


def _loaded(path: Path) -> Any:
    """What the file holds."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = verbatim(str(error).splitlines()[0])
        raise _refused("", verbatim(path.name), "expected.a_study", "todo.correct_the_file", reason) from None


def _refused(path: str, found: Message, expected: str, todo: str, names: Message | None = None) -> StudyRefused:
    """One problem."""
    told = Message(todo) if names is None else Message(todo, {"names": names})
    return StudyRefused((Problem(path, found, Message(expected), told),))


def _problems(error: ValidationError) -> Iterator[Problem]:
    """Everything that pydantic found, each with what to do."""
    for detail in error.errors(include_url=False):
        yield _problem(detail)


def _problem(detail: ErrorDetails) -> Problem:
    """One of pydantic's errors."""
    path = tuple(step for step in detail["loc"])
    told = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        found = Message("found.the_unknown_field_what", {"what": verbatim(str(path[-1]))})
        todo = Message("todo.use_one_of", {"names": verbatim(", ".join(_fields(path[:-1])))})
        return Problem(written(path), found, Message("expected.a_field_of_a_study"), todo)
    if detail["type"] == "unseen":
        todo = Message("todo.use_one_of", {"names": verbatim(", ".join(SEEN))})
        return Problem(written(path), verbatim(told["name"]), Message("expected.what_a_clinic_sees"), todo)
    if detail["type"] == "drug":
        known = ", ".join(name for name, row in BONE_DRUGS.items() if row.modelled)
        todo = Message("todo.use_one_of", {"names": verbatim(known)})
        return Problem(written(path), verbatim(told["name"]), Message("expected.a_simulated_drug"), todo)
    if detail["type"] == "ages":
        return Problem(
            written(path), show(detail["input"]), Message("expected.ages_in_order"), Message("todo.correct_it")
        )
    return explain(detail, path)


def _fields(path: tuple[int | str, ...]) -> list[str]:
    """The fields that stand at a place of a study."""
    schema = PopulationStudy.model_json_schema()
    here: Any = schema
    for step in path:
        here = _resolved(here, schema)
        here = here.get("properties", {}).get(step) or here.get("additionalProperties") or {}
    return list(_resolved(here, schema).get("properties", {}))


def _resolved(part: Any, schema: Mapping[str, Any]) -> Any:
    """What a reference of the schema stands for; of several kinds the one that has fields."""
    for one in (part, *part.get("anyOf", ()), *part.get("allOf", ())):
        if "$ref" in one:
            return schema["$defs"][one["$ref"].rpartition("/")[2]]
    return part
