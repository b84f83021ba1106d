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

from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.words.message import Message

Element = dict[str, Any]
"""A resource or a part of one, as JSON has it."""

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NUMBER = re.compile(r"[-+]?\d{1,12}([.,]\d{1,15})?")
_NO_WIDTH = "\u200b"
_LONGEST_TEXT = 80  # characters of a name in the report
_LARGEST = 1e12  # far beyond every measurement
"""No record holds a larger number; beyond it lies only a mistake (and infinity)."""


def element(value: object) -> Element:
    """An object; anything else (a missing one, a text in its place) is an empty one."""
    return value if isinstance(value, dict) else {}


def elements(value: object) -> list[Element]:
    """The objects of a list; one object stands for a list of one, as converters from XML write it."""
    listed = value if isinstance(value, list) else [value]
    return [held for held in listed if isinstance(held, dict)]


def text(value: object) -> str:
    """A text on one line, or nothing."""
    return " ".join(value.replace(_NO_WIDTH, "").split()) if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """A finite number, also when it is written as a text ("2,5"); None for anything else, true and false included."""
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
    """One code of a CodeableConcept; empty texts for what it leaves out."""

    system: str
    """The address of the code system, as written."""
    code: str
    display: str
    """What the record calls it, which need not be the name in the code system."""


def codings(concept: object) -> Iterator[Coding]:
    """The codes of a CodeableConcept (or of a bare Coding), in their order."""
    held = element(concept)
    for coding in [*elements(held.get("coding")), *([held] if "code" in held else [])]:
        yield Coding(text(coding.get("system")), text(coding.get("code")), text(coding.get("display")))


def codes(concept: object) -> set[str]:
    """The bare codes of a concept, lower case."""
    return {coding.code.lower() for coding in codings(concept) if coding.code}


def words(concept: object) -> str:
    """What a concept is called: its text, or else the display or the code of its first coding; shortened."""
    listed = list(codings(concept))
    coded = [*(coding.display for coding in listed), *(coding.code for coding in listed)]
    return next((name for name in (text(element(concept).get("text")), *coded) if name), "")[:_LONGEST_TEXT]


def all_words(concept: object) -> str:
    """Every text and display of a concept, lower case, for looking up words in it."""
    named = [text(element(concept).get("text")), *(coding.display for coding in codings(concept))]
    return " ".join(named).lower()


# ---------------------------------------------------------------- the value of an observation

# Forms of value[x] that can hold a number, in the order in which they are tried.
_NUMBERS = ("valueQuantity", "valueInteger", "valueDecimal", "valueString", "valueCodeableConcept")
_ONE_NUMBER = re.compile(r"[^\d.,<>=-]*([<>]=?)?\s*([-−]?\d{1,9}(?:[.,]\d{1,9})?)\s*([^\d]*)")
"""A number alone in a text, perhaps with words and a unit around it ("EDSS 4.5", "-2,5 SD", "> 60")."""


@dataclass(frozen=True)
class MeasuredNumber:
    """A number with its unit as written ("" when there is none)."""

    value: float
    unit: str = ""
    """The UCUM code if there is one, else the unit as printed."""
    comparator: str = ""
    """Quantity.comparator, `<` or `>=`: the value is a limit of the assay."""

    def assumed(self, what: Message) -> tuple[AssumedLine, ...]:
        """Says when a limit of the assay was read as the value; nothing for an exact one."""
        if self.comparator in ("", "="):
            return ()
        values = {"what": what, "comparator": self.comparator, "value": self.value}
        return (assumption("fhir.a_limit_read_as_the_value", values),)


def measured(held: Element) -> MeasuredNumber | None:
    """The number of an observation or a component, from whichever form of value[x] it has; None when there is none.

    Exports write scores as quantities, integers, texts ("EDSS 4.5") and even as coded answers.
    """
    for name in _NUMBERS:
        if name in held and (found := _read(name, held[name])):
            return found
    return None


def _read(name: str, value: object) -> MeasuredNumber | None:
    """A number from one form of value."""
    if name == "valueQuantity":
        return _quantity(element(value))
    if name == "valueCodeableConcept":
        return _in_words(words(value))
    if isinstance(value, str):
        return _in_words(text(value))
    plain = number(value)
    return None if plain is None else MeasuredNumber(plain)


def _quantity(quantity: Element) -> MeasuredNumber | None:
    """A Quantity; the UCUM code of the unit says more than its print."""
    value = number(quantity.get("value"))
    if value is None:
        return None
    return MeasuredNumber(
        value, text(quantity.get("code")) or text(quantity.get("unit")), text(quantity.get("comparator"))
    )


def _in_words(said: str) -> MeasuredNumber | None:
    """The only number in a text; a text with two numbers is not understood."""
    match = _ONE_NUMBER.fullmatch(said)
    if match is None:
        return None
    comparator, digits, unit = match.groups()
    value = number(digits.replace("−", "-"))
    return None if value is None else MeasuredNumber(value, unit.strip(), comparator or "")
