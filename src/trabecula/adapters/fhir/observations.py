"""Observations: bone density, disability, body size, blood tests, smoking, alcohol, falls."""

from dataclasses import replace

from trabecula import units
from trabecula.adapters.fhir import codes, elements, scans
from trabecula.adapters.fhir.bundle import Record
from trabecula.adapters.fhir.codes import Meaning
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.fhir.factors import factor
from trabecula.adapters.fhir.outcome import Fact, Outcome, ignore, named, recalled
from trabecula.adapters.fhir.values import Measured, measured
from trabecula.adapters.loss import NAMELESS, AssumedLine, assumption
from trabecula.vocabulary import LABORATORY
from trabecula.words.message import Message, sourced, verbatim

_NO_CODE = "no_code_that_is_used_here"
_FINAL = {"", "final", "amended", "corrected", "preliminary"}
_NOT_VALID = {
    "entered-in-error": "entered_in_error",
    "cancelled": "cancelled",
    "registered": "registered_without_a_result",
}
_FIELDS = {"height": "height_cm", "weight": "weight_kg", "bmi": "bmi"}
_DISABILITY = {"edss", "pdds"}
_UNIT_SHOWN = 20
"""Characters of a unit that are shown."""


def read_observation(resource: Element, record: Record) -> Outcome:
    """The facts of an observation and of its components."""
    status = text(resource.get("status"))
    if status not in _FINAL:
        return ignore(
            resource.get("code"), _NOT_VALID.get(status, "its_status_does_not_say_that_it_is_valid")
        )
    if elements.elements(resource.get("focus")):
        return ignore(resource.get("code"), "about_somebody_or_something_else")
    parts = [_component(resource, part) for part in elements.elements(resource.get("component"))]
    outcomes = [_read_one(part, record) for part in (resource, *parts)]
    read = [outcome for outcome in outcomes if outcome.facts or outcome.noted]
    return _together(outcomes[0], read) if read else _most_telling(outcomes)


def _component(resource: Element, component: Element) -> Element:
    """A component as an observation of its own: same day, same body site."""
    shared = {
        name: value
        for name, value in resource.items()
        if not name.startswith("value") and name != "component"
    }
    return shared | component


def _together(first: Outcome, read: list[Outcome]) -> Outcome:
    """The facts of an observation and its components under one name."""
    facts = tuple(fact for outcome in read for fact in outcome.facts)
    assumed = tuple(line for outcome in read for line in outcome.assumed)
    what = first.what if first.what != NAMELESS else read[0].what
    return Outcome(what, facts, assumed=assumed, noted=read[0].noted)


def _most_telling(outcomes: list[Outcome]) -> Outcome:
    """Of several reasons the one that says more than that a code is unknown."""
    unknown = Message(f"fhir.{_NO_CODE}")
    telling = (outcome.ignored for outcome in outcomes if outcome.ignored != unknown)
    return replace(outcomes[0], ignored=next(telling, unknown))


def _read_one(held: Element, record: Record) -> Outcome:
    """The facts of one code with its value."""
    known = codes.meaning(held.get("code"))
    if known is None:
        return _read_answer(held)
    if known.reads_as == "refused":
        return ignore(held.get("code"), sourced("reading", known.value))
    outcome = _read_known(held, record, known)
    return (
        replace(outcome, assumed=outcome.assumed + recalled(known, held.get("code")))
        if outcome.facts
        else outcome
    )


def _read_answer(held: Element) -> Outcome:
    """An observation whose code is not known but whose answer is: the menopause, smoking."""
    answer = codes.meaning(held.get("valueCodeableConcept"))
    if answer is None or answer.reads_as not in ("menopause", "smoking"):
        return ignore(held.get("code"), _NO_CODE)
    field = {"menopause": "menopausal", "smoking": "smoking"}[answer.reads_as]
    value = True if field == "menopausal" else answer.value
    return Outcome(
        named(held.get("code")),
        (Fact(field, value, when(held)),),
        assumed=recalled(answer, held.get("valueCodeableConcept")),
    )


def _read_known(held: Element, record: Record, known: Meaning) -> Outcome:
    """The facts of an observation whose code is known."""
    match known.reads_as:
        case "dxa":
            return scans.read_scan(held, record, known, when(held))
        case "edss" | "pdds":
            return _read_disability(held, known)
        case "measure":
            return _read_measure(held, known)
        case "laboratory":
            return _read_laboratory(held, known)
        case "smoking_status":
            return _read_smoking(held)
        case "alcohol":
            return _read_alcohol(held)
        case "fall":
            return _read_fall(held)
        case _:
            return ignore(held.get("code"), _NO_CODE)


def when(held: Element) -> str:
    """The day of an observation: when it was made, else when it was issued."""
    candidates = (
        held.get("effectiveDateTime"),
        held.get("effectiveInstant"),
        element(held.get("effectivePeriod")).get("end"),
        element(held.get("effectivePeriod")).get("start"),
        held.get("issued"),
    )
    return next((day for candidate in candidates if (day := elements.iso_date(candidate))), "")


def _no_value(held: Element) -> Outcome:
    """An observation without a number that can be read."""
    absent = elements.words(held.get("dataAbsentReason"))
    if not absent:
        return ignore(held.get("code"), "no_value_that_is_a_number")
    return ignore(held.get("code"), Message("fhir.no_value_because", {"reason": verbatim(absent)}))


def _read_disability(held: Element, known: Meaning) -> Outcome:
    """An EDSS or a PDDS on its day."""
    found, day, what = measured(held), when(held), named(held.get("code"))
    if found is None:
        return _no_value(held)
    if not day:
        return ignore(held.get("code"), "without_a_date")
    value = int(found.value) if known.reads_as == "pdds" and found.value.is_integer() else found.value
    fact = Fact("ms.disability", {"date": day, known.reads_as: value}, day)
    return Outcome(what, (fact,), assumed=found.assumed(what))


def _read_measure(held: Element, known: Meaning) -> Outcome:
    """Height, weight or body mass index, in the unit of the record."""
    found, what = measured(held), named(held.get("code"))
    if found is None:
        return _no_value(held)
    factor_ = factor(known.value, found.unit) if found.unit else 1.0
    if factor_ is None:
        unit = {"unit": verbatim(found.unit[:_UNIT_SHOWN])}
        return ignore(held.get("code"), Message("fhir.a_unit_that_is_not_known", unit))
    assumed = found.assumed(what) + (() if found.unit else (_no_unit(what),))
    # Rounding hides what a conversion from inches adds in the fourteenth digit.
    return Outcome(
        what, (Fact(_FIELDS[known.value], round(found.value * factor_, 6), when(held)),), assumed=assumed
    )


def _no_unit(what: Message) -> AssumedLine:
    """A number without its unit."""
    return assumption("fhir.without_its_unit", {"what": what})


def _read_laboratory(held: Element, known: Meaning) -> Outcome:
    """A blood test with its unit; the unit is checked and converted where the person is read."""
    found, day, what = measured(held), when(held), named(held.get("code"))
    if found is None:
        return _no_value(held)
    if not day or not found.unit:
        return ignore(held.get("code"), "without_a_date" if not day else "without_a_unit")
    value = {"date": day, "test": known.value, "value": found.value, "unit": _unit(found, known)}
    return Outcome(what, (Fact("laboratory", value, day),), assumed=found.assumed(what))


def _unit(found: Measured, known: Meaning) -> str:
    """The unit; an eGFR is for 1.73 m2 by its code, whether or not the unit repeats it."""
    test = LABORATORY[known.value]
    is_short = test.short_unit and found.unit.lower().startswith(test.short_unit.lower())
    return test.unit if is_short else found.unit


def _read_smoking(held: Element) -> Outcome:
    """Smoking status by its coded answer or by its words."""
    answer = codes.meaning(held.get("valueCodeableConcept")) or codes.meaning(
        {"text": held.get("valueString")}
    )
    if answer is None or answer.reads_as != "smoking":
        return ignore(held.get("code"), "an_answer_that_does_not_say_whether_the_person_smokes")
    return Outcome(named(held.get("code")), (Fact("smoking", answer.value, when(held)),))


def _read_alcohol(held: Element) -> Outcome:
    """Drinks a day as units a day."""
    found, what = measured(held), named(held.get("code"))
    if found is None:
        return _no_value(held)
    per_day = found.value / units.DAYS_PER_WEEK if "wk" in found.unit or "week" in found.unit else found.value
    assumed = assumption("fhir.a_drink_is_a_unit", {"what": what})
    return Outcome(what, (Fact("alcohol_units_per_day", per_day, when(held)),), assumed=(assumed,))


def _read_fall(held: Element) -> Outcome:
    """A fall on its day."""
    day = when(held)
    if held.get("valueBoolean") is False or not day:
        return ignore(held.get("code"), "no_fall" if day else "without_a_date")
    return Outcome(named(held.get("code")), (Fact("falls", {"date": day}),))
