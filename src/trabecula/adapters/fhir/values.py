"""The value of an observation: a number with its unit, or words."""

import re
from dataclasses import dataclass

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.words.message import Message

_NUMBERS = ("valueQuantity", "valueInteger", "valueDecimal", "valueString", "valueCodeableConcept")
_ONE_NUMBER = re.compile(r"[^\d.,<>=-]*([<>]=?)?\s*([-−]?\d{1,9}(?:[.,]\d{1,9})?)\s*([^\d]*)")
"""A number alone in a text, perhaps with words and a unit around it ("EDSS 4.5", "-2,5 SD", "> 60")."""


@dataclass(frozen=True)
class Measured:
    """A number with its unit as written ("" when there is none)."""

    value: float
    unit: str = ""
    comparator: str = ""

    def assumed(self, what: Message) -> tuple[AssumedLine, ...]:
        """Says when a limit of the assay was read as the value."""
        if self.comparator in ("", "="):
            return ()
        values = {"what": what, "comparator": self.comparator, "value": self.value}
        return (assumption("fhir.a_limit_read_as_the_value", values),)


def measured(held: Element) -> Measured | None:
    """The number of an observation or a component, from whichever form of value it has."""
    for name in _NUMBERS:
        if name in held and (found := _read(name, held[name])):
            return found
    return None


def _read(name: str, value: object) -> Measured | None:
    """A number from one form of value."""
    if name == "valueQuantity":
        return _quantity(element(value))
    if name == "valueCodeableConcept":
        return _in_words(elements.words(value))
    if isinstance(value, str):
        return _in_words(text(value))
    plain = elements.number(value)
    return None if plain is None else Measured(plain)


def _quantity(quantity: Element) -> Measured | None:
    """A Quantity; the UCUM code of the unit says more than its print."""
    value = elements.number(quantity.get("value"))
    if value is None:
        return None
    return Measured(
        value, text(quantity.get("code")) or text(quantity.get("unit")), text(quantity.get("comparator"))
    )


def _in_words(said: str) -> Measured | None:
    """The only number in a text; a text with two numbers is not understood."""
    match = _ONE_NUMBER.fullmatch(said)
    if match is None:
        return None
    comparator, digits, unit = match.groups()
    value = elements.number(digits.replace("−", "-"))
    return None if value is None else Measured(value, unit.strip(), comparator or "")
