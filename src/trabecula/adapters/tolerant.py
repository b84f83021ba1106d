"""A record of a register: what is wrong with a part of it is left unread and told, and never blocks the person.

One person's record is refused with every problem, so that whoever wrote it can mend it. Out of a register of thousands
a course that nobody understands would cost a score: it is taken out, and the row says which and why.
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from trabecula.person import Person, PersonError
from trabecula.person.problems import Problem
from trabecula.person.reading import read_person
from trabecula.words.message import Message

ESSENTIAL = ("birth_date", "sex", "death_date", "country", "stand_in", "assessed_on")
"""Fields without which a person is refused, or that would change who is assessed."""
_CHANGES = (
    "steroids", "dxa", "medicines", "injections", "fractures", "falls", "ms.disability", "ms.disease_modifying_drugs",
)  # fmt: skip
"""Parts of a record without which a score is another one, which is told with what was left unread."""
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_ROUNDS = 20
"""Taking out one thing can show another; no record has so many layers."""

Place = Callable[[str], str | None]
"""Where the value of a path stands in the source, such as a cell; None where the path says it best."""


def read_tolerant(
    data: Mapping[str, Any], on: date, place: Place = lambda _: None
) -> tuple[Person, tuple[Message, ...]]:
    """The person, and what was left unread and why.

    place: where the source has the value of a path. Raises PersonError where what is wrong is essential.
    """
    draft, unread = _Numbered(data), []
    for _ in range(_ROUNDS):
        try:
            return read_person(draft.plain(), on), tuple(unread)
        except PersonError as error:
            problems = [draft.original(problem) for problem in error.problems]
            if any(_is_essential(problem) for problem in problems) or not draft.take_out(problems):
                raise PersonError(tuple(_placed(problem, place) for problem in problems)) from None
            unread += [_unread(problem, place) for problem in problems]
    raise AssertionError("something is taken out in every round")


def _unread(problem: Problem, place: Place) -> Message:
    """That something was left unread, why, and what it would change."""
    part = next((name for name in _CHANGES if problem.path.startswith(name)), None)
    name = "register.left_unread" if part is None else f"register.left_unread.{part.rpartition('.')[2]}"
    return Message(name, {"what": _placed(problem, place).message})


def _is_essential(problem: Problem) -> bool:
    """Whether a problem is about who the person is."""
    return not problem.path or problem.path in ESSENTIAL


def _placed(problem: Problem, place: Place) -> Problem:
    """A problem with its place in the source."""
    where = place(problem.path)
    return problem if where is None else Problem(where, problem.found, problem.expected, problem.todo)


class _Numbered:
    """A record whose entries of lists keep the number that they had at first."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data: Any = copy.deepcopy(dict(data))
        self._numbers: dict[int, list[int]] = {}
        for found in _lists(self._data):
            self._numbers[id(found)] = list(range(len(found)))

    def plain(self) -> dict[str, Any]:
        """The record as it is now."""
        return self._data

    def original(self, problem: Problem) -> Problem:
        """A problem whose path has the numbers of the source."""
        node, path = self._data, ""
        for step in _steps(problem.path):
            number = self._numbers[id(node)][step] if isinstance(node, list) and isinstance(step, int) else step
            path += f"[{number}]" if isinstance(number, int) else f".{number}" if path else number
            node = _child(node, step)
        return Problem(path, problem.found, problem.expected, problem.todo)

    def take_out(self, problems: list[Problem]) -> bool:
        """Take out what is wrong: of a list the whole entry, else the field, or the group that lacks it."""
        before = repr(self._data)
        for problem in problems:
            self._drop([*_steps(problem.path)])
        return repr(self._data) != before

    def _drop(self, steps: list[str | int]) -> None:
        """Take out the first entry of a list on the way, or the last field that is there."""
        node, last = self._data, None
        for step in steps:
            if isinstance(node, list):
                numbers = self._numbers[id(node)]
                if step in numbers:
                    del node[numbers.index(step)], numbers[numbers.index(step)]
                return
            if not isinstance(node, dict) or step not in node:
                break
            last, node = (node, step), node[step]
        if last is not None:
            del last[0][last[1]]


def _lists(value: Any) -> Iterator[list[Any]]:
    """Every list in some data."""
    if isinstance(value, list):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _lists(part)


def _steps(path: str) -> Iterator[str | int]:
    """The fields and numbers of a written path."""
    for name, number in _STEP.findall(path):
        yield name or int(number)


def _child(node: Any, step: str | int) -> Any:
    """The value one step down; None when there is none."""
    if isinstance(node, dict):
        return node.get(step)
    return node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None
