"""Plain access to the elements of a resource: what is not there, or not of its type, is simply absent.

Real bundles carry vendor extensions, texts for numbers and single objects for lists. These helpers read all
of it and never raise; what a value *means* is decided elsewhere, strictly.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

Element = dict[str, Any]

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NUMBER = re.compile(r"[-+]?\d{1,12}([.,]\d{1,15})?")
_NO_WIDTH = "\u200b"
_LONGEST_TEXT = 80  # characters of a name in the report
_LARGEST = 1e12  # far beyond every measurement
"""No record holds a larger number; beyond it lies only a mistake (and infinity)."""


def element(value: object) -> Element:
    """An object; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def elements(value: object) -> list[Element]:
    """The objects of a list; one object stands for a list of one."""
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, dict)]


def text(value: object) -> str:
    """A text on one line, or nothing."""
    return " ".join(value.replace(_NO_WIDTH, "").split()) if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """A finite number, also when it is written as a text ("2,5")."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        value = value.strip().replace(",", ".") if _NUMBER.fullmatch(value.strip()) else ""
    try:
        read = float(value)  # pyright: ignore[reportArgumentType]  # numbers, Decimal; the rest raises
    except (TypeError, ValueError, OverflowError):
        return None
    return read if math.isfinite(read) and abs(read) <= _LARGEST else None


def iso_date(value: object) -> str:
    """The date of a dateTime as it is known ("2014", "2014-05", "2014-05-02"), or nothing."""
    match = _DATE.match(text(value))
    return match.group() if match else ""


def calendar_day(value: object) -> date | None:
    """The day of a dateTime that is known to the day."""
    try:
        return date.fromisoformat(iso_date(value))
    except ValueError:
        return None


@dataclass(frozen=True)
class Coding:
    """One code of a CodeableConcept."""

    system: str
    code: str
    display: str


def codings(concept: object) -> Iterator[Coding]:
    """The codes of a CodeableConcept (or of a bare Coding), in their order."""
    held = element(concept)
    for each in [*elements(held.get("coding")), *([held] if "code" in held else [])]:
        yield Coding(text(each.get("system")), text(each.get("code")), text(each.get("display")))


def codes(concept: object) -> set[str]:
    """The bare codes of a concept, lower case."""
    return {coding.code.lower() for coding in codings(concept) if coding.code}


def words(concept: object) -> str:
    """What a concept is called: its text, or else the display or the code of its first coding."""
    listed = list(codings(concept))
    named = [
        text(element(concept).get("text")),
        *(each.display for each in listed),
        *(each.code for each in listed),
    ]
    return next((name for name in named if name), "")[:_LONGEST_TEXT]


def all_words(concept: object) -> str:
    """Every text and display of a concept, lower case, for looking up words in it."""
    named = [text(element(concept).get("text")), *(each.display for each in codings(concept))]
    return " ".join(named).lower()
