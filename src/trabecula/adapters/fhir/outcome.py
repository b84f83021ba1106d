"""What came of one resource: facts for the Person, or a reason why there are none."""

from dataclasses import dataclass
from typing import Any

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.codes import Meaning
from trabecula.adapters.loss import NAMELESS, AssumedLine, assumption
from trabecula.words.message import Message, verbatim


@dataclass(frozen=True)
class Fact:
    """A value for a field of the Person ("ms.disability"), and the date by which the latest is chosen."""

    field: str
    value: Any
    when: str = ""


@dataclass(frozen=True)
class Outcome:
    """One resource, read: what it is called, the facts in it or why it is ignored, and what was assumed."""

    what: Message
    facts: tuple[Fact, ...] = ()
    ignored: Message | None = None
    assumed: tuple[AssumedLine, ...] = ()
    noted: Message | None = None


def named(concept: object) -> Message:
    """What a concept is called, as the bundle has it."""
    found = elements.words(concept)
    return verbatim(found) if found else NAMELESS


def ignore(concept: object, reason: str | Message) -> Outcome:
    """A resource that is left out; a reason that is a text is the id of a message about bundles."""
    return Outcome(
        named(concept), ignored=reason if isinstance(reason, Message) else Message(f"fhir.{reason}")
    )


def recalled(known: Meaning, concept: object) -> tuple[AssumedLine, ...]:
    """Says that a code was read whose meaning is recalled, not verified, nor confirmed by the record."""
    if known.status != "recalled" or known.display.lower() in elements.all_words(concept):
        return ()
    values = {"system": known.system, "code": known.code, "display": known.display}
    return (assumption("fhir.recalled", values),)
