"""From data to a person: every problem found at once, each with its place and what to do."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from trabecula.errors import TrabeculaError
from trabecula.person.dates import read_date
from trabecula.person.explanations import explain
from trabecula.person.problems import PartProblem, Path, Problem, show, steps_of, written
from trabecula.person.record import DENIED, Person
from trabecula.words.message import Message

_TAGS = frozenset({"fall", "levels"})
"""Names that pydantic puts into a path for the two forms of a taper; they are not fields."""
_STAND_INS = {"birth_date": "1880", "sex": "female"}
"""Put in for an unreadable field so that the rest can still be checked; such a record is never handed out."""


class PersonError(TrabeculaError, ValueError):
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
        expected, todo = (Message("expected.a_record_fields_with_values"), Message("todo.write_for_example_sex_female"))
        raise PersonError((Problem("", show(data), expected, todo),))
    return _RecordReader(data, on).read()


def write_person(person: Person) -> dict[str, Any]:
    """The record as plain data for YAML or JSON: what was given, as it was given."""
    return person.model_dump(mode="json", exclude_defaults=True)


_SHORT: Mapping[str, dict[str, Any]] = {
    **{name: {"const": "none"} for name in DENIED}, "falls": {"anyOf": [{"const": "none"}, {"type": "integer"}]}
}  # fmt: skip
"""What may stand in place of a list."""


def person_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record."""
    schema = Person.model_json_schema()
    for name, short in _SHORT.items():
        field = schema["properties"][name]
        about = {key: field.pop(key) for key in ("description", "default") if key in field}
        schema["properties"][name] = {"anyOf": [field, short], **about}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:trabecula:person:1",
        "title": "Trabecula person record",
    }
    about, _, _example = schema["description"].partition("\n\n>>> ")
    return {**head, **{key: value for key, value in schema.items() if key != "title"}, "description": about}


class Draft:
    """A copy of the data without what is empty; lists remember the original number of each entry.

    known: names of fields; an empty field with another name stays, to be refused as unknown.
    numbers: for each list of the copy (by identity) the numbers that its entries had in the data.
    removed: the places, as they are in the data, of what was taken out.
    """

    def __init__(self, data: Mapping[str, Any], known: Collection[str] = ()) -> None:
        self.known = known
        self.numbers: dict[int, list[int]] = {}
        self.removed: set[Path] = set()
        self.root: Any = self._copy(data)

    def _copy(self, value: Any) -> Any:
        """A copy that may be changed; a field without a value counts as left out."""
        if isinstance(value, Mapping):
            return {key: self._copy(held) for key, held in value.items() if not self._is_left_out(key, held)}
        if not isinstance(value, list | tuple):
            return value
        copy = [self._copy(entry) for entry in value]
        self.numbers[id(copy)] = list(range(len(copy)))
        return copy

    def _is_left_out(self, key: Any, held: Any) -> bool:
        """Whether a field has no value; one with a name that no field has is a slip all the same."""
        return held is None and (not self.known or key in self.known)

    def original(self, path: Path) -> Path:
        """Where a value of the draft stood in the data."""
        node: Any = self.root
        done: list[Any] = []
        for step in path:
            is_entry = isinstance(node, list) and isinstance(step, int)
            done.append(self.numbers[id(node)][int(step)] if is_entry else step)
            node = _child(node, step)
        return tuple(done)

    def current(self, path: Path) -> Path:
        """Where a value of the data stands in the draft now; its old place when it was taken out."""
        node: Any = self.root
        done: list[Any] = []
        for step in path:
            numbers = self.numbers[id(node)] if isinstance(node, list) else []
            done.append(numbers.index(step) if step in numbers else step)
            node = None if isinstance(node, list) and step not in numbers else _child(node, done[-1])
        return tuple(done)

    def remove(self, path: Path) -> None:
        """Take out the value that stood at this place; nothing when it went with what it was part of."""
        self.removed.add(path)
        *way, last = path
        node: Any = self.root
        for step in way:
            node = _child(node, self._number(node, step))
        place = self._number(node, last)
        if isinstance(node, dict):
            node.pop(last, None)
        elif isinstance(node, list) and place < len(node):
            del node[place], self.numbers[id(node)][place]

    def _number(self, node: Any, step: Any) -> Any:
        """Where an entry of a list stands now, behind all others when it was taken out; of a field its name."""
        if not isinstance(node, list):
            return step
        numbers = self.numbers[id(node)]
        return numbers.index(step) if step in numbers else len(node)


def _child(node: Any, step: str | int) -> Any:
    """The value one step down, None when there is none."""
    if isinstance(node, dict):
        return node.get(step)
    return node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None


class _RecordReader:
    """Reads, notes what is wrong, takes it out, and reads again, until nothing more is found.

    Pydantic stops at the first thing that is wrong with a part: what a whole life contradicts would be told only
    after every slip of the pen was corrected. Taking out what is wrong shows the rest in the same answer.
    """

    def __init__(self, data: Mapping[str, Any], on: datetime.date | None) -> None:
        self.data = Draft(data, _FIELDS)
        self.on = on or _assessed_on(data)
        self.problems: list[Problem] = []
        self.guessed: set[str] = set()

    def read(self) -> Person:
        """The person, or everything that is wrong."""
        while True:
            try:
                person = Person.model_validate(self.data.root, context={"on": self.on, "guessed": self.guessed})
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
        details = error.errors(include_url=False)
        findings = [finding for detail in details for finding in self.findings(detail)]
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

    def several(self, path: Path, problems: tuple[PartProblem, ...]) -> Iterator[tuple[Path, Problem | None]]:
        """The problems that a part found in itself."""
        for problem in problems:
            if problem.absent:
                follows = any(removed[: len(path)] == path for removed in self.data.removed)
                yield path, None if follows else _placed(problem, (*path, *steps_of(problem.field)))
            else:
                where = self.data.original((*self.data.current(path), *steps_of(problem.field)))
                yield where, _placed(problem, where)

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


def _field_names(part: type[BaseModel]) -> frozenset[str]:
    """The names of all fields of a part and of the parts in it."""
    names, inner = set(part.model_fields), [info.annotation for info in part.model_fields.values()]
    while inner:
        kind = inner.pop()
        inner += get_args(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= _field_names(kind)
    return frozenset(names)


_FIELDS = _field_names(Person)


def _placed(problem: PartProblem, path: Path) -> Problem:
    """A part's own complaint, with its place in the record."""
    return Problem(written(path), problem.found, problem.expected, problem.todo)


def _path(loc: Path) -> Path:
    """Where the problem is, in fields and numbers."""
    return tuple(step for before, step in zip(("", *loc), loc, strict=False) if before != "taper" or step not in _TAGS)


def _assessed_on(data: Mapping[str, Any]) -> datetime.date | None:
    """The date of assessment in the record, if it can be read."""
    try:
        return read_date(data.get("assessed_on"))
    except PydanticCustomError:
        return None
