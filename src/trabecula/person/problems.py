"""What is wrong with a record: where, what was found, what was expected and what to do, each of them a message.

Nothing here is a sentence: `str(problem)` has the English one for logs and terminals, a page says the messages in
its own language. What a person typed is shown as it was typed.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from trabecula.words.message import Message, sourced, verbatim

Path = tuple[str | int, ...]
"""Where a value stands: the fields and numbers that lead to it."""
NOTHING = Message("found.nothing")
LONGEST = 60
"""Characters of a value that are shown."""
ALIKE = 0.7
"""How alike two words must be to suggest one for the other (difflib's ratio, 0 to 1)."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    path: the place in the record (`ms.disability[2].edss`) or in the file; empty for the whole of it.
    """

    path: str
    found: Message
    """What stands there, as it was typed; `NOTHING` when the field is missing."""
    expected: Message
    """What can stand there."""
    todo: Message
    """What to do about it, as an instruction: add drug, did you mean 166 cm?"""

    @property
    def message(self) -> Message:
        """All four parts as one message: path: found X; expected Y; do Z."""
        parts = {"found": self.found, "expected": self.expected, "todo": self.todo}
        if not self.path:
            return Message("problem.of_all", parts)
        return Message("problem.at_path", {"path": self.path, **parts})

    def __str__(self) -> str:
        return str(self.message)


class PartProblem(NamedTuple):
    """What a part of the record finds wrong with itself, before it knows its own place."""

    field: str
    """One of its fields, or a path below it (`dxa[2].date`); empty for the whole part."""
    found: Message
    expected: Message
    todo: Message
    absent: bool = False
    """The trouble is that something is missing (which it may be because it could not be read)."""


def refusal(found: object, expected: Message, todo: Message) -> PydanticCustomError:
    """The error with which a single value is refused; `found` is the value itself, or a message about it."""
    context = {"found": show(found), "expected": expected, "todo": todo}
    return PydanticCustomError("trabecula", "found {found}; expected {expected}; {todo}", context)


def refusals(problems: Sequence[PartProblem]) -> PydanticCustomError:
    """One error that carries several problems of a part, each with its own field."""
    text = "; ".join(f"{problem.field}: found {problem.found}; expected {problem.expected}" for problem in problems)
    return PydanticCustomError("trabecula_several", "{text}", {"text": text, "problems": tuple(problems)})


def require(problems: list[PartProblem]) -> None:
    """Raise all that is wrong with a part at once."""
    if problems:
        raise refusals(problems)


def written(path: Path) -> str:
    """A path as people write it: `ms.disability[2].edss`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def steps_of(text: str) -> Path:
    """The steps of a path as it is written, `dxa[2].date`."""
    return tuple(int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", text))


def field_name(name: str) -> Message:
    """A field as a page calls it; in English, and where no catalogue has a name for it, as it is written."""
    return Message(f"field.{name}", source=name)


def quoted(text: str) -> Message:
    """What was written, shortened, in quotation marks."""
    return verbatim(f'"{shortened(text)}"')


def known_day(when: datetime.date) -> Message:
    """A day as exactly as it is known: a whole date as the language writes it, else the month or year as written."""
    precision = getattr(when, "precision", "day")
    return Message("date.day", {"day": when}) if precision == "day" else verbatim(getattr(when, "written", ""))


def plain(value: float) -> str:
    """A number as people write it: no trailing zeros, no exponent unless it is huge."""
    return f"{value:.12g}"


def show(value: object) -> Message:
    """A value as a person would write it, shortened."""
    if isinstance(value, Message):
        return value
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return verbatim("true" if value else "false")
    if isinstance(value, float):
        return verbatim(plain(value))
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, datetime.date):
        return known_day(value)
    if isinstance(value, Mapping):
        return Message("found.a_group_of_fields")
    return Message("found.a_list") if isinstance(value, list | tuple) else quoted(str(value))


def _whole(value: int) -> Message:
    """A whole number; Python refuses to print one of thousands of digits."""
    try:
        return verbatim(shortened(str(value)))
    except ValueError:
        return Message("found.thousands_of_digits")


def shortened(text: str) -> str:
    """The text on one line, cut when it is long."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} ..."


def did_you_mean(word: str) -> Message:
    """The suggestion of another word."""
    return Message("todo.did_you_mean_what", {"what": verbatim(f'"{word}"')})


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=ALIKE)), None)


def description(docstring: str | None) -> Message:
    """What belongs into a field: the first clause of its documentation, which other languages have by its English."""
    if not docstring:
        return Message("expected.a_value")
    clause = docstring.split(".")[0].split(":")[0]
    return sourced("expected", clause[0].lower() + clause[1:])
