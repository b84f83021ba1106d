"""How this room says what is wrong: found, expected, what to do."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from pydantic_core import PydanticCustomError


class Wrong(NamedTuple):
    """What is wrong with one field of a record."""

    field: str
    found: str
    expected: str
    todo: str
    absent: bool = False
    """The trouble is that something is missing (which it may be because it could not be read)."""


def refusal(found: object, expected: str, todo: str) -> PydanticCustomError:
    """An error that says what was found, what was expected and what to do."""
    context = {"found": show(found), "expected": expected, "todo": todo}
    return PydanticCustomError("trabecula", "found {found}; expected {expected}; {todo}", context)


def refusals(problems: Sequence[Wrong]) -> PydanticCustomError:
    """One error that carries several problems of a record, each with its own field."""
    text = "; ".join(f"{each.field}: found {each.found}; expected {each.expected}" for each in problems)
    return PydanticCustomError("trabecula_several", "{text}", {"text": text, "problems": tuple(problems)})


def plain(value: float) -> str:
    """A number as people write it: no trailing zeros, no exponent unless it is huge."""
    return f"{value:.12g}"


def show(value: object) -> str:
    """A value as a person would write it, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return plain(value) if isinstance(value, float) else _whole(value)
    if isinstance(value, datetime.date):
        return getattr(value, "written", value.isoformat())
    if isinstance(value, Mapping):
        return "a group of fields"
    return "a list" if isinstance(value, list | tuple) else f'"{_shorten(str(value))}"'


def _whole(value: int) -> str:
    """A whole number; Python refuses to print one of thousands of digits."""
    try:
        return _shorten(str(value))
    except ValueError:
        return "a number of thousands of digits"


LONGEST = 60  # characters of a value that are shown


def _shorten(text: str) -> str:
    """The text on one line, cut when it is long."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} ..."


ALIKE = 0.7  # how alike two words must be to suggest one for the other


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=ALIKE)), None)
