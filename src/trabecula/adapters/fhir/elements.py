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

from trabecula.adapters.fhir.numbers import plain_dashes
from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.words.message import Message

Element = dict[str, Any]
"""A resource or a part of one, as JSON has it."""

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NUMBER = re.compile(r"[-+]?\d{1,12}([.,]\d{1,15})?")
_TWO_WAYS = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
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


def number(value: object, decimals: bool = False) -> float | None:
    """A finite number, also when it is written as a text ("2,5"); None for anything else, true and false included.

    "1,000" is a thousand or one: None, unless `decimals` says that thousands cannot be meant.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        said = plain_dashes(value).strip()
        is_clear = _NUMBER.fullmatch(said) and (decimals or not _TWO_WAYS.fullmatch(said))
        value = said.replace(",", ".") if is_clear else ""
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
    """The codes of a CodeableConcept (of a bare Coding, or of a plain word as before R4), in their order."""
    held = {"code": concept} if isinstance(concept, str) else element(concept)
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
_ONE_NUMBER = re.compile(
    r"(?P<before>(?:[^\d<>=]*[\s:(])?|[^\d.,<>=-]*)(?P<comparator>[<>]=?)?\s*"
    r"(?P<digits>-?\d{1,9}(?:[.,]\d{1,9})?)\s*(?P<unit>\D*)"
)
"""A number alone in a text, perhaps with words and a unit around it ("EDSS 4.5", "-2,5 SD", "> 60")."""
_APART = re.compile(r"(^\s*|[:=(]\s*)-\s+(?=\d)")
"""A minus with a blank behind it, where it can be nothing else: "- 1.9", "T: - 1.9"."""
_BELOW = re.compile(r"\b(?:minus|meno|neg)|\b(?:below|unter|sotto)\b")
"""Words that mean a minus."""
_MAY_STAND_BEFORE = frozenset(" :(+~≈=\"'")


@dataclass(frozen=True)
class MeasuredNumber:
    """A number with its unit as written ("" when there is none)."""

    value: float
    unit: str = ""
    """The UCUM code if there is one, else the unit as printed."""
    comparator: str = ""
    """Quantity.comparator, `<` or `>=`: the value is a limit of the assay."""
    printed: str = ""
    """The unit as printed beside its code."""

    def assumed(self, what: Message) -> tuple[AssumedLine, ...]:
        """Says when a limit of the assay was read as the value; nothing for an exact one."""
        if self.comparator in ("", "="):
            return ()
        values = {"what": what, "comparator": self.comparator, "value": self.value}
        return (assumption("fhir.a_limit_read_as_the_value", values),)


def measured(held: Element, decimals: bool = False) -> MeasuredNumber | None:
    """The number of an observation or a component, from whichever form of value[x] it has; None when there is none.

    Exports write scores as quantities, integers, texts ("EDSS 4.5") and even as coded answers. `decimals` says that
    "1,050" cannot be a thousand.
    """
    for name in _NUMBERS:
        if name in held and (found := _read(name, held[name], decimals)):
            return found
    return None


def _read(name: str, value: object, decimals: bool) -> MeasuredNumber | None:
    """A number from one form of value."""
    if name == "valueQuantity":
        return _quantity(element(value), decimals)
    if name == "valueCodeableConcept":
        return _in_words(words(value), decimals)
    if isinstance(value, str):
        return _in_words(text(value), decimals)
    plain = number(value)
    return None if plain is None else MeasuredNumber(plain)


def _quantity(quantity: Element, decimals: bool) -> MeasuredNumber | None:
    """A Quantity; the UCUM code of the unit says more than its print."""
    value = number(quantity.get("value"), decimals)
    if value is None:
        return None
    code, unit = text(quantity.get("code")), text(quantity.get("unit"))
    return MeasuredNumber(value, code or unit, text(quantity.get("comparator")), unit)


def _in_words(said: str, decimals: bool) -> MeasuredNumber | None:
    """The only number in a text; one with two, or with a sign that is not known before it, is not understood."""
    said = _APART.sub(r"\1-", plain_dashes(said).replace("≤", "<=").replace("≥", ">="))
    match = _ONE_NUMBER.fullmatch(said)
    if match is None or match["before"].rstrip().endswith("-"):
        return None
    before, comparator, digits, unit = match.groups()
    value = number(digits, decimals)
    is_signed = bool(before) and not (before[-1].isalpha() or before[-1] in _MAY_STAND_BEFORE)
    if value is None or is_signed or unit.startswith("-"):
        return None
    is_below = bool(_BELOW.search(f"{before} {unit}".lower())) and value > 0
    return MeasuredNumber(-value if is_below else value, _BELOW.split(unit)[0].strip(), comparator or "")
