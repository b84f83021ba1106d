"""From data to a person: every problem found at once, each with its place and what to do."""

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from trabecula.person.dates import read_date
from trabecula.person.draft import Draft, Path, written
from trabecula.person.explaining import Problem, explain
from trabecula.person.record import Person
from trabecula.person.wording import Wrong, show

_TAGS = frozenset({"fall", "levels"})
"""Names that pydantic puts into a path for the two forms of a taper; they are not fields."""
_STAND_INS = {"birth_date": "1880", "sex": "female"}
"""Put in for an unreadable field so that the rest can still be checked; such a record is never handed out."""


class PersonError(ValueError):
    """A record that cannot be read; `problems` has everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class Reading(NamedTuple):
    """A person as read from a file, with the loss report of the adapter if it made one."""

    person: Person
    report: Any | None


def read_person(data: Mapping[str, Any], on: datetime.date | None = None) -> Person:
    """Read a record; after `on`, the date of assessment (else `assessed_on`), nothing can have happened.

    Raises PersonError with all problems at once.
    """
    if not isinstance(data, Mapping):
        raise PersonError(
            (Problem("", show(data), "a record: fields with values", 'write for example "sex: female"'),)
        )
    return _Reader(data, on).read()


def write_person(person: Person) -> dict[str, Any]:
    """The record as plain data for YAML or JSON: what was given, as it was given."""
    return person.model_dump(mode="json", exclude_defaults=True)


def person_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record."""
    schema = Person.model_json_schema()
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:trabecula:person:1",
        "title": "Trabecula person record",
    }
    return {**head, **{key: value for key, value in schema.items() if key != "title"}}


class _Reader:
    """Reads, notes what is wrong, takes it out, and reads again, until nothing more is found."""

    def __init__(self, data: Mapping[str, Any], on: datetime.date | None) -> None:
        self.data = Draft(data)
        self.on = on or _assessed_on(data)
        self.problems: list[Problem] = []
        self.guessed: set[str] = set()

    def read(self) -> Person:
        """The person, or everything that is wrong."""
        while True:
            try:
                person = Person.model_validate(
                    self.data.root, context={"on": self.on, "guessed": self.guessed}
                )
            except ValidationError as error:
                if not self.learn(error):
                    break
            else:
                if not self.problems:
                    return person
                break
        raise PersonError(tuple(dict.fromkeys(self.problems)))

    def learn(self, error: ValidationError) -> bool:
        """Note the problems and take their values out; False when nothing could be taken out."""
        findings = [each for detail in error.errors(include_url=False) for each in self.findings(detail)]
        before = frozenset(self.data.removed)
        for path, problem in findings:
            if problem is not None:
                self.problems.append(problem)
            self.take_out(path, before)
        return len(self.data.removed) > len(before)

    def findings(self, detail: ErrorDetails) -> Iterator[tuple[Path, Problem | None]]:
        """The problems in one of pydantic's errors; None for what only follows from what was taken out."""
        path = self.data.original(_path(detail["loc"]))
        if detail["type"] == "missing":
            yield path, None if path in self.data.removed else explain(detail, path)
        elif detail["type"] == "trabecula_several":
            yield from self.several(path, detail.get("ctx", {})["problems"])
        else:
            yield path, explain(detail, path)

    def several(self, path: Path, wrongs: tuple[Wrong, ...]) -> Iterator[tuple[Path, Problem | None]]:
        """The problems that a part found in itself."""
        for wrong in wrongs:
            if wrong.absent:
                follows = any(each[: len(path)] == path for each in self.data.removed)
                yield path, None if follows else _problem(wrong, (*path, *_steps(wrong.field)))
            else:
                where = self.data.original((*self.data.current(path), *_steps(wrong.field)))
                yield where, _problem(wrong, where)

    def take_out(self, path: Path, before: frozenset[Path]) -> None:
        """Remove a value; if it was removed in an earlier round and is needed, remove what it belongs to."""
        while path and path in before:
            path = path[:-1]
        if not path:
            return
        self.data.remove(path)
        if len(path) == 1 and path[0] in _STAND_INS:
            self.guessed.add(str(path[0]))
            self.data.root[path[0]] = _STAND_INS[str(path[0])]


def _problem(wrong: Wrong, path: Path) -> Problem:
    """A part's own complaint, with its place in the record."""
    return Problem(written(path), wrong.found, wrong.expected, wrong.todo)


def _path(loc: Path) -> Path:
    """Where the problem is, in fields and numbers."""
    return tuple(
        step for before, step in zip(("", *loc), loc, strict=False) if before != "taper" or step not in _TAGS
    )


def _steps(field: str) -> Path:
    """The steps of a path as it is written: "dxa[2].date"."""
    return tuple(int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", field))


def _assessed_on(data: Mapping[str, Any]) -> datetime.date | None:
    """The date of assessment in the record, if it can be read."""
    try:
        return read_date(data.get("assessed_on"))
    except PydanticCustomError:
        return None
