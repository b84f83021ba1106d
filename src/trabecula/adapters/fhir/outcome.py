"""What came of one resource: facts for the Person, or a reason why there are none."""

from dataclasses import dataclass
from typing import Any

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.codes import Meaning
from trabecula.adapters.loss import Assumed


@dataclass(frozen=True)
class Fact:
    """A value for a field of the Person ("ms.disability"), and the date by which the latest is chosen."""

    field: str
    value: Any
    when: str = ""


@dataclass(frozen=True)
class Outcome:
    """One resource, read: what it is called, the facts in it or why it is ignored, and what was assumed."""

    what: str
    facts: tuple[Fact, ...] = ()
    ignored: str = ""
    assumed: tuple[Assumed, ...] = ()
    noted: str = ""


def ignore(concept: object, reason: str) -> Outcome:
    """A resource that is left out."""
    return Outcome(elements.words(concept), ignored=reason)


def recalled(known: Meaning, concept: object) -> tuple[Assumed, ...]:
    """Says that a code was read whose meaning is recalled, not verified, nor confirmed by the record."""
    if known.status != "recalled" or known.display.lower() in elements.all_words(concept):
        return ()
    what = f"{known.system} {known.code}"
    cost = "the code is recalled, not verified: if it means something else, this entry is wrong"
    return (Assumed(what=what, assumed=f"means {known.display}", cost=cost),)
