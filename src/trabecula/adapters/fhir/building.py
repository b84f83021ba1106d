"""What resources are built of: codes, quantities, references; and JSON in which a decimal stays the decimal it was.

Numbers become `Decimal` by their shortest text, so that 0.598 is written as 0.598 and not as what a binary number
comes to; whoever reads the file back with decimals has the same digits.
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from trabecula.adapters.fhir.codes import rows
from trabecula.adapters.fhir.elements import Element
from trabecula.vocabulary import Code, Concept

OWN = "urn:trabecula:record:1"
"""The code system of the fields of a record: what no code of a public system says."""
ESTIMATES = "urn:trabecula:estimate:1"
"""The code system of what was worked out; nobody may take an estimate for a measurement."""
UCUM = "http://unitsofmeasure.org"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"


def address(system: str) -> str:
    """The address by which FHIR knows a code system."""
    if system == "ICD10":
        return "http://hl7.org/fhir/sid/icd-10"
    return next(row["address"] for row in rows("systems.csv") if row["system"] == system)


def hl7(system: str, code: str) -> Element:
    """A concept of one of HL7's own code systems."""
    return {"coding": [{"system": f"{_TERMINOLOGY}/{system}", "code": code}]}


def concept(text: str, *codings: Element) -> Element:
    """A concept: its codes, if there are any, and what it is called."""
    return ({"coding": list(codings)} if codings else {}) | {"text": text}


def coding(code: Code) -> Element:
    """A code of the vocabulary."""
    return {"system": address(code.system), "code": code.code, "display": code.display}


def own(code: str) -> Element:
    """A field of the record, as a code."""
    return {"system": OWN, "code": code}


def coded(row: Concept, text: str = "", says: str | None = "") -> Element:
    """What a row of the vocabulary is, by its first code that somebody has looked up and that says just this.

    says: what the code must say beside the thing; None for anything.
    """
    found = (code for code in row.codes if code.status == "verified" and code.system in ("SNOMED", "LOINC", "ATC"))
    fitting = [coding(code) for code in found if says in (None, code.says)]
    return concept(text or row.label, *fitting[:1])


def quantity(value: float, unit: str = "", ucum: str = "") -> Element:
    """A Quantity with its unit as people read it, and its UCUM code where it is known."""
    named = {"unit": unit} if unit else {}
    return {"value": exact(value), **named, **({"system": UCUM, "code": ucum} if ucum else {})}


def exact(value: float) -> Decimal:
    """A number with the digits that its shortest text has."""
    return Decimal(repr(value))


def given(**elements: Any) -> Element:
    """The elements that there are: FHIR has no empty ones."""
    return {name: value for name, value in elements.items() if value not in (None, "", [], {})}


def extension(url: str, **values: Any) -> Element:
    """A simple extension, or one of parts."""
    return {"url": url, **values}


def parts(url: str, texts: Mapping[str, str]) -> Element:
    """An extension whose parts are texts."""
    return extension(url, extension=[extension(name, valueString=text) for name, text in texts.items()])


def to_json(value: Any, indent: int = 1) -> str:
    """JSON with exact decimals; `indent` 0 writes one line."""
    return "".join(_written(value, "\n" if indent else "", " " * indent))


def _written(value: Any, line: str, step: str) -> Iterable[str]:
    """The pieces of a text."""
    if isinstance(value, Decimal):
        yield str(value)
    elif isinstance(value, Mapping):
        pairs = (
            [json.dumps(key), ": " if line else ":", *_written(held, line + step, step)] for key, held in value.items()
        )
        yield from _listed("{}", pairs, line, step)
    elif isinstance(value, list | tuple):
        yield from _listed("[]", (_written(held, line + step, step) for held in value), line, step)
    else:
        yield json.dumps(value, ensure_ascii=False, allow_nan=False)


def _listed(ends: str, items: Iterable[Iterable[str]], line: str, step: str) -> Iterable[str]:
    """Items between brackets."""
    yield ends[0]
    before = line + step if line else ""
    any_item = False
    for item in items:
        yield ("," if any_item else "") + before
        yield from item
        any_item = True
    yield (line if any_item else "") + ends[1]
