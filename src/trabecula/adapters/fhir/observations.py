"""Observations: bone density, disability, body size, blood tests, smoking, alcohol, falls."""

from dataclasses import replace

from trabecula import units
from trabecula.adapters.fhir import codes, elements
from trabecula.adapters.fhir.bundle import BundleRecord, Fact, ResourceReading, ignore, named, recalled, undated
from trabecula.adapters.fhir.codes import Meaning, factor
from trabecula.adapters.fhir.documents import is_about_bone, scan_in_words
from trabecula.adapters.fhir.elements import Element, MeasuredNumber, element, measured, text
from trabecula.adapters.loss import NAMELESS, AssumedLine, assumption
from trabecula.vocabulary import LABORATORY, SKELETAL_SITES
from trabecula.words.message import Message, sourced, verbatim

_NO_CODE = "no_code_that_is_used_here"
# Observation.status: a value to rely on, and why others are left out (ids of messages).
_FINAL = {"", "final", "amended", "corrected", "preliminary"}
_NOT_VALID = {
    "entered-in-error": "entered_in_error", "cancelled": "cancelled", "registered": "registered_without_a_result",
}  # fmt: skip
_FIELDS = {"height": "height_cm", "weight": "weight_kg", "bmi": "bmi"}
_PERCENT = {"%", "percent", "prozent", ""}
"""Units of a probability; a share of one is another number."""
_UNIT_SHOWN = 20
"""Characters of a unit that are shown."""


def read_observation(resource: Element, record: BundleRecord) -> ResourceReading:
    """The facts of an Observation and of its components, which share its day and body site.

    An observation with a focus is about somebody else (a fetus, a donor); one that is not final, amended, corrected
    or preliminary has no value to rely on.
    """
    status = text(resource.get("status"))
    if status not in _FINAL:
        return ignore(resource.get("code"), _NOT_VALID.get(status, "its_status_does_not_say_that_it_is_valid"))
    if elements.elements(resource.get("focus")):
        return ignore(resource.get("code"), "about_somebody_or_something_else")
    if not when(resource):
        resource = resource | {"effectiveDateTime": record.visit_day(resource)}
    # A component is an observation of its own, of the same day and body site.
    shared = {name: held for name, held in resource.items() if not name.startswith("value") and name != "component"}
    parts = [shared | part for part in elements.elements(resource.get("component"))]
    outcomes = [_read_one(part, record) for part in (resource, *parts)]
    read = [outcome for outcome in outcomes if outcome.facts or outcome.noted]
    return _together(outcomes[0], read) if read else _most_telling(outcomes)


def _together(first: ResourceReading, read: list[ResourceReading]) -> ResourceReading:
    """The facts of an observation and its components under one name."""
    facts = tuple(fact for outcome in read for fact in outcome.facts)
    assumed = tuple(line for outcome in read for line in outcome.assumed)
    what = first.what if first.what != NAMELESS else read[0].what
    return ResourceReading(what, facts, assumed=assumed, noted=read[0].noted)


def _most_telling(outcomes: list[ResourceReading]) -> ResourceReading:
    """Of several reasons the one that says more than that a code is unknown: a panel holds much that is not used."""
    unknown = Message(f"fhir.{_NO_CODE}")
    telling = (outcome.ignored for outcome in outcomes if outcome.ignored != unknown)
    return replace(outcomes[0], ignored=next(telling, unknown))


def _read_one(held: Element, record: BundleRecord) -> ResourceReading:
    """The facts of one code with its value."""
    known = codes.meaning(held.get("code"))
    if known is None:
        return _read_answer(held)
    if known.reads_as == "refused":
        return ignore(held.get("code"), sourced("reading", known.value))
    outcome = _read_known(held, record, known)
    said = recalled(known, held.get("code")) if outcome.facts else ()
    return replace(outcome, assumed=outcome.assumed + said)


def _read_answer(held: Element) -> ResourceReading:
    """An observation whose code is not known but whose answer is: the menopause, smoking."""
    answer = codes.meaning(held.get("valueCodeableConcept"))
    if answer is None or answer.reads_as not in ("menopause", "smoking"):
        is_scan = is_about_bone(held.get("code")) and any(name.startswith("value") for name in held)
        return scan_in_words(held.get("code")) if is_scan else ignore(held.get("code"), _NO_CODE)
    field = {"menopause": "menopausal", "smoking": "smoking"}[answer.reads_as]
    value = True if field == "menopausal" else answer.value
    return ResourceReading(
        named(held.get("code")),
        (Fact(field, value, when(held)),),
        assumed=recalled(answer, held.get("valueCodeableConcept")),
    )


def _read_known(held: Element, record: BundleRecord, known: Meaning) -> ResourceReading:
    """The facts of an observation whose code is known."""
    match known.reads_as:
        case "dxa":
            return _read_scan(held, record, known, when(held))
        case "edss" | "pdds":
            return _read_disability(held, known)
        case "measure":
            return _read_measure(held, known)
        case "laboratory":
            return _read_laboratory(held, known)
        case "frax":
            return _read_frax(held, known)
        case "smoking_status":
            return _read_smoking(held)
        case "alcohol":
            return _read_alcohol(held)
        case "fall":
            return _read_fall(held)
        case _:
            return ignore(held.get("code"), _NO_CODE)


def when(held: Element) -> str:
    """The day of an observation as an ISO date: effective[x], when it was made, else issued; empty for neither."""
    period = element(held.get("effectivePeriod"))
    moments = (held.get("effectiveDateTime"), held.get("effectiveInstant"))
    candidates = (*moments, period.get("end"), period.get("start"), held.get("issued"))
    return next((day for candidate in candidates if (day := elements.iso_date(candidate))), "")


def _no_value(held: Element) -> ResourceReading:
    """An observation without a number that can be read."""
    absent = elements.words(held.get("dataAbsentReason"))
    if not absent:
        left_out = ignore(held.get("code"), "no_value_that_is_a_number")
        return _told(held, left_out) if any(name.startswith("value") for name in held) else left_out
    return ignore(held.get("code"), Message("fhir.no_value_because", {"reason": verbatim(absent)}))


def _told(held: Element, left_out: ResourceReading) -> ResourceReading:
    """A value of a known code that was not understood: left out, and told under Assumed."""
    line = assumption(
        "fhir.a_value_left_out", {"what": named(held.get("code")), "reason": left_out.ignored or NAMELESS}
    )
    return replace(left_out, assumed=(line,))


def _read_disability(held: Element, known: Meaning) -> ResourceReading:
    """An EDSS or a PDDS on its day; one without a date cannot stand in the course of the disease."""
    found, day, what = measured(held, decimals=True), when(held), named(held.get("code"))
    if found is None:
        return _no_value(held)
    if not day:
        return undated(held.get("code"))
    if not _is_score(found):
        return ignore(held.get("code"), _wrong_unit(found))
    value = int(found.value) if known.reads_as == "pdds" and found.value.is_integer() else found.value
    fact = Fact("ms.disability", {"date": day, known.reads_as: value}, day)
    return ResourceReading(what, (fact,), assumed=found.assumed(what))


def _wrong_unit(found: MeasuredNumber) -> Message:
    """Why a value is not read whose unit is that of something else, or whose code and print of the unit differ."""
    units_ = dict.fromkeys(unit[:_UNIT_SHOWN] for unit in (found.unit, found.printed) if unit)
    return Message("fhir.a_unit_that_does_not_belong_to_it", {"unit": verbatim(", ".join(units_))})


def _read_measure(held: Element, known: Meaning) -> ResourceReading:
    """Height, weight or body mass index in the unit of the record (cm, kg, kg/m2), also where no unit is written."""
    found, what = measured(held), named(held.get("code"))
    if found is None:
        return _no_value(held)
    factor_ = factor(known.value, found.unit) if found.unit else 1.0
    if factor_ and factor(known.value, found.printed) not in (None, factor_):
        return ignore(held.get("code"), _wrong_unit(found))
    if factor_ is None:
        unit = {"unit": verbatim(found.unit[:_UNIT_SHOWN])}
        return ignore(held.get("code"), Message("fhir.a_unit_that_is_not_known", unit))
    assumed = found.assumed(what) + (() if found.unit else (assumption("fhir.without_its_unit", {"what": what}),))
    # Rounding hides what a conversion from inches adds in the fourteenth digit.
    return ResourceReading(
        what, (Fact(_FIELDS[known.value], round(found.value * factor_, 6), when(held)),), assumed=assumed
    )


def _read_laboratory(held: Element, known: Meaning) -> ResourceReading:
    """A blood test with its day and unit; both are needed, and the Person checks and converts the unit."""
    found, day, what = measured(held), when(held), named(held.get("code"))
    if found is None:
        return _no_value(held)
    if not day:
        return undated(held.get("code"))
    if not found.unit:
        return ignore(held.get("code"), "without_a_unit")
    value = {"date": day, "test": known.value, "value": found.value, "unit": _unit(found, known)}
    return ResourceReading(what, (Fact("laboratory", value, day),), assumed=found.assumed(what))


def _unit(found: MeasuredNumber, known: Meaning) -> str:
    """The unit; an eGFR is for 1.73 m2 by its code, whether or not the unit repeats it."""
    test = LABORATORY[known.value]
    is_short = test.short_unit and found.unit.lower().startswith(test.short_unit.lower())
    return test.unit if is_short else found.unit


def _read_frax(held: Element, known: Meaning) -> ResourceReading:
    """A probability that the calculator of FRAX printed, in percent, on its day."""
    found, day, what = measured(held), when(held), named(held.get("code"))
    if found is None:
        return _no_value(held)
    if not day:
        return undated(held.get("code"))
    if found.unit.strip("{}").lower() not in _PERCENT:
        return ignore(held.get("code"), _wrong_unit(found))
    fact = Fact("frax", {"date": day, known.value: found.value}, day)
    return ResourceReading(what, (fact,), assumed=found.assumed(what))


def _read_smoking(held: Element) -> ResourceReading:
    """Smoking status by its coded answer or by its words; never, former or current."""
    answer = codes.meaning(held.get("valueCodeableConcept")) or codes.meaning({"text": held.get("valueString")})
    if answer is None or answer.reads_as != "smoking":
        return ignore(held.get("code"), "an_answer_that_does_not_say_whether_the_person_smokes")
    return ResourceReading(named(held.get("code")), (Fact("smoking", answer.value, when(held)),))


def _read_alcohol(held: Element) -> ResourceReading:
    """Drinks a day, or a week, as units of alcohol a day."""
    found, what = measured(held), named(held.get("code"))
    if found is None:
        return _no_value(held)
    per_day = found.value / units.DAYS_PER_WEEK if "wk" in found.unit or "week" in found.unit else found.value
    assumed = assumption("fhir.a_drink_is_a_unit", {"what": what})
    return ResourceReading(what, (Fact("alcohol_units_per_day", per_day, when(held)),), assumed=(assumed,))


def _read_fall(held: Element) -> ResourceReading:
    """A fall on its day."""
    day = when(held)
    if held.get("valueBoolean") is False:
        return ignore(held.get("code"), "no_fall")
    if not day:
        return undated(held.get("code"))
    return ResourceReading(named(held.get("code")), (Fact("falls", {"date": day}),))


# ---------------------------------------------------------------- bone density

_RADIUS_CODE = "38265-5"
"""LOINC: T-score at the radius and ulna, whatever an export means by it (decision 3)."""
_FEMUR = "femur"
"""A code or a body site that does not say which part of the femur."""
# Makes of scanners that the record knows; densities of others are read without one.
_MAKES = ("hologic", "lunar", "norland")


def _read_scan(held: Element, record: BundleRecord, known: Meaning, day: str) -> ResourceReading:
    """One number of a scan: T-score, Z-score or density [g/cm2], at its site.

    Code and bodySite may name the same place, or the second refine the first (both at the upper femur); a pair that
    contradicts itself is left out rather than guessed at.
    """
    concept, found = held.get("code"), measured(held, decimals=True)
    site, quantity = known.value.split()
    body_site = _body_site(held)
    femur = {_FEMUR, *(key for key, row in SKELETAL_SITES.items() if row.breaks_as == "hip")}
    if body_site and site != body_site and not {site, body_site} <= femur:
        return ignore(concept, "code_and_body_site_differ")
    if found is None:
        return _no_value(held)
    if not day:
        return undated(concept)
    value = _in_unit(found, quantity)
    if value is None:
        return _told(held, ignore(concept, _wrong_unit(found)))
    chosen, assumed = _site(site, body_site, known)
    scan = {"date": day, "site": chosen, quantity: value}
    scan |= {"device": _make(held, record), "side": _side(held, known), "called": known.display}
    what = named(concept)
    return ResourceReading(what, (Fact("dxa", scan, day),), assumed=assumed + found.assumed(what))


def _site(site: str, body_site: str, known: Meaning) -> tuple[str, tuple[AssumedLine, ...]]:
    """The site of the record: the body site refines the code."""
    if known.code == _RADIUS_CODE:
        return site, (assumption("fhir.t_score_of_the_radius", {"code": _RADIUS_CODE}),)
    chosen = body_site if body_site in SKELETAL_SITES else site
    if chosen != _FEMUR:
        return chosen, ()
    return _FEMUR, ()


def _body_site(held: Element) -> str:
    """The body site by its code or its words; words of the code itself count when they say "neck"."""
    concept = next(iter(elements.elements(held.get("bodySite"))), {})
    coded = codes.meaning(concept)
    if coded and coded.reads_as == "body_site":
        return coded.value
    said = elements.all_words(concept)
    if said.strip():
        names = [(name, key) for key, row in SKELETAL_SITES.items() for name in (row.label, *row.aliases)]
        return next((key for name, key in [*names, (_FEMUR, _FEMUR)] if name in said), "unknown")
    return "femoral_neck" if "neck" in elements.all_words(held.get("code")) else ""


def _side(held: Element, known: Meaning) -> str:
    """Left, right or unsaid (""): two sides are two scans."""
    said = f"{known.display} {elements.all_words(held.get('bodySite'))}".lower()
    return next((side for side in ("left", "right") if side in said), "")


def _in_unit(found: MeasuredNumber, quantity: str) -> float | None:
    """A density in g/cm2; a score without a unit, whatever is annotated in its place ({T-score}, 1, SD).

    None for a unit of the other kind: a score in g/cm2, a density in nothing.
    """
    if quantity == "bmd_g_cm2":
        by = factor(quantity, found.unit) or factor(quantity, found.printed)
        return None if by is None else round(found.value * by, 6)
    return found.value if _is_score(found) else None


def _is_score(found: MeasuredNumber) -> bool:
    """Whether a unit is that of a score: none, 1, SD or an annotation; neither code nor print may say another."""
    said = [unit for unit in (found.unit, found.printed) if unit.strip("{}[] ")]
    clear = [unit for unit in said if not unit.startswith("{")]
    return all(factor("score", unit) for unit in clear)


def _make(held: Element, record: BundleRecord) -> str:
    """The make of the scanner, if the device or the method names it: densities differ between makes."""
    device = record.resolve(held.get("device"), held)
    names = [text(name.get("name")) for name in elements.elements(device.get("deviceName"))]
    names += [text(element(held.get("device")).get("display")), text(device.get("manufacturer"))]
    said = " ".join([*names, elements.words(held.get("method"))]).lower()
    return next((make for make in _MAKES if make in said), "unknown")
