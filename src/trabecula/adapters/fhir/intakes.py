"""One medication resource as an intake: what was taken, from when to when, as far as the resource says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pydantic_core import PydanticCustomError

from trabecula.adapters.fhir import dosages, elements, medications, sentences
from trabecula.adapters.fhir.bundle import BundleRecord, Fact, ResourceReading, ignore, named, recalled, undated
from trabecula.adapters.fhir.dosages import Dosage
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.fhir.medications import NamedDrug
from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.person.dates import read_date
from trabecula.person.problems import known_day
from trabecula.vocabulary import BONE_DRUGS, HORMONES
from trabecula.words.message import Message, verbatim

_NOT_TAKEN = {
    "entered-in-error": "entered_in_error",
    "cancelled": "cancelled",
    "declined": "declined",
    "draft": "only_a_draft",
    "preparation": "not_handed_over_yet",
    "intended": "only_intended",
    "not-taken": "not_taken",
    "not-done": "not_given",
    "unknown": "its_status_is_unknown",
}
"""Why a resource with this status does not tell that anything was taken (ids of messages)."""
_LONGEST_D = 36525
"""Days that no supply lasts."""
_NOT = ("wasNotTaken", "wasNotGiven", "notGiven")
_SAID_SHOWN = 60
"""Characters of the name of a product that are shown."""
_CODE_SHOWN = 20
"""Characters of a code that are shown."""
# MedicationRequest.intent of what nobody has ordered yet; statuses of what has not ended.
_ONLY_A_PLAN = {"proposal", "plan", "option"}
_UNDER_WAY = {"active", "in-progress"}
_ON_HOLD = {"on-hold", "suspended"}
_PAUSED = {"stopped", *_ON_HOLD}
"""Statuses after which the next order is a treatment of its own."""


@dataclass(frozen=True)
class DrugIntake:
    """A medicine taken for a time, as one resource has it."""

    drug: str
    """The generic name."""
    field: str
    """The field of the Person: steroids, medicines, hormone_therapy or depot_progestogen."""
    start: date
    end: date | None
    """The last day; None when nothing says it."""
    under_way: bool
    """Whether the order is active and has no end."""
    given: bool
    """Whether it is a dose that was given (MedicationAdministration), not an order."""
    dosage: Dosage
    hormone: str = ""
    """For hormone_therapy its kind."""
    order: str = ""
    """The id of the order, on the order itself and on what was given on it."""
    stopped: bool = False
    """Whether the order was stopped: what follows later is a treatment of its own."""
    on_hold: bool = False
    """Whether it is paused."""
    cut: bool = False
    """Whether the order is active, and is taken to end where a later one, which has ended, begins."""
    dose_is_written: bool = True
    """False when the strength of the product stands for the dose."""
    frequency_is_written: bool = True
    """False when once a day stands for how often it is taken."""


def read_medication(resource: Element, record: BundleRecord) -> ResourceReading:
    """The intakes in a MedicationRequest, -Dispense, -Statement or -Administration, or why nothing was taken.

    An order and what was dispensed on it are one intake: where both are in the bundle, the order is read.
    """
    concept = medications.medication(resource, record)
    if reason := _why_not(resource) or _repeats(resource, record):
        return ignore(concept, reason)
    if _start(resource) is None:
        resource = resource | {"authoredOn": record.visit_day(resource)}
    found = medications.drugs_in(concept)
    if not found:
        return _unknown(resource, concept)
    order = record.resolve(resource.get("request"), resource) if "request" in resource else resource
    outcomes = [_read_drug(resource, drug, text(order.get("id")), record.on) for drug in found]
    read = [outcome for outcome in outcomes if outcome.facts]
    undosed = Message("fhir.a_steroid_without_a_dose")
    in_one_place = Message("fhir.a_steroid_used_in_one_place")
    if not read and outcomes[0].ignored == in_one_place:
        routes = [held.get("route") for held in dosages.instructions(resource)]
        if medications.is_depot(found[0].said, *routes):
            return _left_out(concept, in_one_place, "fhir.a_depot_left_out")
    if not read and outcomes[0].ignored == undosed:
        return _left_out(concept, undosed, "fhir.a_steroid_left_out")
    if not read and outcomes[0].ignored and outcomes[0].assumed:
        return replace(ignore(concept, outcomes[0].ignored), assumed=outcomes[0].assumed)
    undated_ = Message("fhir.a_medicine_without_a_date")
    if not read and outcomes[0].ignored == undated_ and (found[0].is_steroid or found[0].name in BONE_DRUGS):
        return replace(undated(concept), ignored=undated_)
    if not read:
        return ignore(concept, outcomes[0].ignored or "a_medicine_that_is_not_known_here")
    facts = tuple(fact for outcome in read for fact in outcome.facts)
    said = tuple(line for outcome in read for line in outcome.assumed)
    return ResourceReading(named(concept), facts, assumed=said)


def _unknown(resource: Element, concept: Element) -> ResourceReading:
    """Why a medicine is not read that is none of the vocabulary: a steroid that is not, or a code without words."""
    routes = [held.get("route") for held in dosages.instructions(resource)] or [{}]
    kind = medications.unread_steroid(concept, *routes)
    if kind is not None:
        drug = NamedDrug("", elements.all_words(concept))
        is_local = any(medications.is_local(drug, route) for route in routes)
        if is_local and kind != "acth" and not medications.is_depot(drug.said, *routes):
            return ignore(concept, "a_steroid_used_in_one_place")
        return _left_out(concept, Message("fhir.a_steroid_that_is_not_read"), _LEFT_OUT[kind])
    if elements.all_words(concept).strip():
        return ignore(concept, "a_medicine_that_is_not_known_here")
    codes = sorted(elements.codes(concept))
    code = {"code": verbatim(codes[0][:_CODE_SHOWN] if codes else "?")}
    return _left_out(concept, Message("fhir.a_medicine_by_an_unknown_code", code), "fhir.a_medicine_left_out")


_LEFT_OUT = {
    "": "fhir.a_steroid_left_out", "acth": "fhir.acth_left_out", "budesonide": "fhir.budesonide_left_out",
    "depot": "fhir.a_depot_left_out",
}  # fmt: skip
"""What is told of a steroid that is not read: what is known of its kind, and what to do."""


def _left_out(concept: Element, reason: Message, line: str) -> ResourceReading:
    """A medicine that is left out although it may move a risk: that is told under Assumed too."""
    said = (assumption(line, {"drug": named(concept)}),)
    return replace(ignore(concept, reason), assumed=said)


def _why_not(resource: Element) -> str:
    """Why a resource does not tell that anything was taken: its status, its intent, or that it forbids the medicine."""
    if reason := _NOT_TAKEN.get(text(resource.get("status"))):
        return reason
    # Before R4 another element says it: taken (STU3), wasNotTaken and wasNotGiven (DSTU2), notGiven (STU3).
    if text(resource.get("taken")) in ("n", "na") or any(resource.get(name) is True for name in _NOT):
        return "not_taken"
    if text(resource.get("intent")) in _ONLY_A_PLAN:
        return "a_proposal_not_an_order"
    return "an_order_not_to_give_it" if resource.get("doNotPerform") is True else ""


def _repeats(resource: Element, record: BundleRecord) -> str:
    """Why what was dispensed, or stated, on an order that is here itself is not read: it would count twice."""
    based_on = elements.elements(resource.get("authorizingPrescription"))
    if text(resource.get("resourceType")) == "MedicationStatement":
        based_on += elements.elements(resource.get("basedOn"))
    orders = (record.resolve(reference, resource) for reference in based_on)
    is_here = any(text(order.get("resourceType")) == "MedicationRequest" for order in orders)
    return "the_order_it_is_based_on_is_read_instead" if is_here else ""


def _read_drug(resource: Element, drug: NamedDrug, order: str, on: date | None) -> ResourceReading:
    """The intakes of one medicine; one that ends before it begins, or begins after the assessment, is left out."""
    reason, field = _field(resource, drug)
    if not reason and _start(resource) is None:
        reason = "a_medicine_without_a_date"
    intakes = [] if reason else list(_intakes(resource, drug, field))
    if wrong := next((why for intake in intakes if (why := _wrong_days(intake, on))), ""):
        told = {"field": verbatim(drug.said.strip()[:_SAID_SHOWN] or drug.name), "reason": Message(f"fhir.{wrong}")}
        said = (assumption("fhir.value_left_out", told),)
        return ResourceReading(verbatim(drug.name), ignored=Message(f"fhir.{wrong}"), assumed=said)
    if not intakes:
        reason = reason or "a_steroid_without_a_dose"
        return ResourceReading(verbatim(drug.name), ignored=Message(f"fhir.{reason}"))
    acts = drug.is_steroid or drug.name in BONE_DRUGS
    said = tuple(_assumed(drug, intakes)) if acts else ()
    known = recalled(drug.known, {"text": drug.said}) if drug.known else ()
    facts = tuple(Fact("intake", replace(intake, order=order)) for intake in intakes)
    return ResourceReading(verbatim(drug.name), facts, assumed=said + known)


def _wrong_days(intake: DrugIntake, on: date | None) -> str:
    """Why the days of an intake cannot be; "" where they can."""
    if intake.end and intake.end < intake.start:
        return "its_end_is_before_its_start"
    return "it_begins_after_the_assessment" if on and intake.start > on else ""


def _field(resource: Element, drug: NamedDrug) -> tuple[str, str]:
    """Why a medicine has no field of the Person ("" when it has one), and the field."""
    if drug.is_steroid:
        instructions = dosages.instructions(resource) or [{}]
        is_local = any(medications.is_local(drug, instruction.get("route")) for instruction in instructions)
        return ("a_steroid_used_in_one_place" if is_local else ""), "steroids"
    hormone = HORMONES.get(drug.name)
    if hormone is not None and hormone.field == "depot_progestogen":
        return _not_a_depot(resource, drug), "depot_progestogen"
    return _not_a_hormone_therapy(drug), hormone.field if hormone else "medicines"


def _not_a_depot(resource: Element, drug: NamedDrug) -> str:
    """Why a progestogen is no depot: it is for the mouth, or nothing says that it is injected."""
    routes = [held.get("route") for held in dosages.instructions(resource)]
    if medications.is_injected(drug, *routes):
        return ""
    is_oral = dosages.dosages(resource, drug)[0].route == "oral"
    return "a_progestogen_by_mouth" if is_oral else "a_progestogen_without_its_route"


def _not_a_hormone_therapy(drug: NamedDrug) -> str:
    """Why a hormone is no hormone therapy."""
    if drug.name not in HORMONES:
        return ""
    if "ethinyl" in drug.said:
        return "a_contraceptive"
    return "used_in_one_place" if "vagin" in drug.said else ""


# ---------------------------------------------------------------- when


def _start(resource: Element) -> date | None:
    """The first day: effective[x], else authoredOn, whenHandedOver, whenPrepared or dateAsserted."""
    names = (
        "effectiveDateTime",
        "occurenceDateTime",
        "occurrenceDateTime",
        "authoredOn",
        "dateWritten",
        "whenHandedOver",
        "whenPrepared",
        "dateAsserted",
    )
    candidates = (_period(resource).get("start"), *map(resource.get, names))
    return next((day for candidate in candidates if (day := _day(candidate))), None)


def _period(resource: Element) -> Element:
    """The period in which it was taken or given."""
    names = ("effectivePeriod", "occurencePeriod", "occurrencePeriod", "effectiveTimePeriod")
    return next((held for name in names if (held := element(resource.get(name)))), {})


def _day(value: object) -> date | None:
    """A day, the middle of the month or year when only that is known."""
    try:
        day = read_date(elements.iso_date(value))
    except PydanticCustomError:
        return None
    return date(day.year, day.month, day.day)


def _end(resource: Element, drug: NamedDrug, dosage: Dosage, start: date) -> date | None:
    """The last day, from the dosage, the period of the resource, the supply, or the number of tablets.

    A dose that was given ends on its day; a course in words says itself how long it lasts.
    """
    if text(resource.get("resourceType")) == "MedicationAdministration":
        return _day(_period(resource).get("end")) or start
    ended = dosage.end or _day(_period(resource).get("end"))
    if dosage.as_written:
        return ended
    days = dosage.days or _supply_days(resource) or _tablets_days(resource, drug, dosage)
    return ended or (dosages.last_day(start, days) if days else None)


def _supply_days(resource: Element) -> int | None:
    """How long the supply lasts [d], refills included."""
    request = element(resource.get("dispenseRequest"))
    days = dosages.length_days(element(request.get("expectedSupplyDuration")) or element(resource.get("daysSupply")))
    return days * _fills(request) if days else None


def _tablets_days(resource: Element, drug: NamedDrug, dosage: Dosage) -> int | None:
    """How long the dispensed tablets last at this dose [d]; None without their number, their strength or a schedule."""
    request = element(resource.get("dispenseRequest"))
    quantity = elements.number((element(request.get("quantity")) or element(resource.get("quantity"))).get("value"))
    if not (quantity and quantity > 0 and drug.strength_mg and dosage.mg_per_day):
        return None
    if dosage.mg_per_day * _LONGEST_D < quantity * drug.strength_mg:
        return None
    return max(1, round(quantity * drug.strength_mg / dosage.mg_per_day)) * _fills(request)


def _fills(request: Element) -> int:
    """The first fill and the refills that are allowed."""
    repeats = elements.number(request.get("numberOfRepeatsAllowed")) or 0.0
    return 1 + max(0, round(repeats))


# ---------------------------------------------------------------- what


def _intakes(resource: Element, drug: NamedDrug, field: str) -> Iterator[DrugIntake]:
    """One intake for each instruction; later instructions of a steroid follow the earlier ones."""
    given = text(resource.get("resourceType")) == "MedicationAdministration"
    status = text(resource.get("status"))
    found = dosages.dosages(resource, drug)
    start, is_open = _start(resource), False
    for dosage in found if drug.is_steroid or found[0].is_event else found[:1]:
        if dosage.follows and is_open:
            return  # what follows has no day on which it begins; the dosage says so
        first = dosage.start or start
        filled = _with_usual_dose(dosage, drug) if drug.is_steroid else _without_lone_dose(dosage)
        if first is None or (drug.is_steroid and not (filled.dose_mg or filled.as_written)):
            continue
        if drug.per_mg != 1:
            filled = replace(filled, dose_mg=round((filled.dose_mg or 0.0) * drug.per_mg, 2))
        end = _end(resource, drug, filled, first)
        hormone = medications.hormone_kind(drug) if field == "hormone_therapy" else ""
        goes_on = status in _UNDER_WAY and not given and end is None and not dosage.as_written
        intake = DrugIntake(drug.name, field, first, end, goes_on, given, filled, hormone, stopped=status in _PAUSED)
        yield replace(intake, on_hold=status in _ON_HOLD, **_written(dosage, drug))
        is_open = end is None and drug.is_steroid and not dosage.as_written
        start = end + timedelta(days=1) if end and end < date.max else start


def _written(dosage: Dosage, drug: NamedDrug) -> dict[str, bool]:
    """Whether dose and frequency are written, as far as it matters."""
    has_dose = bool(dosage.dose_mg or dosage.as_written) or not drug.is_steroid
    has_often = bool(dosage.times or dosage.as_written) or not drug.is_steroid or dosage.days == 1
    return {"dose_is_written": has_dose, "frequency_is_written": has_often}


def _with_usual_dose(dosage: Dosage, drug: NamedDrug) -> Dosage:
    """One tablet or vial, once a day, where a steroid's dosage is silent; the report says that it was assumed.

    A steroid that is left out would be the greater error: it is the exposure that matters most.
    """
    return replace(dosage, dose_mg=dosage.dose_mg or drug.strength_mg, times=dosage.times or 1.0)


def _without_lone_dose(dosage: Dosage) -> Dosage:
    """A dose without an interval says nothing: 70 mg of alendronate are for a week, not for a day."""
    return dosage if dosage.times else replace(dosage, dose_mg=None)


def _assumed(drug: NamedDrug, intakes: list[DrugIntake]) -> Iterator[AssumedLine]:
    """What the dosage left open, and what in it was not understood."""
    said = verbatim(drug.said.strip()[:_SAID_SHOWN] or drug.name)
    if drug.per_mg != 1:
        yield assumption("fhir.as_prednisone", {"drug": said, "mg": round(drug.per_mg, 2)})
    for intake in intakes:
        dosage, values = intake.dosage, {"drug": said, "day": known_day(intake.start)}
        if dosage.as_needed:
            yield assumption("fhir.as_needed", {"drug": said})
        if not intake.dose_is_written:
            yield assumption(
                "fhir.strength_as_dose", {**values, "mg": dosage.dose_mg, "doses": round(dosage.times or 1)}
            )
        elif not intake.frequency_is_written and not intake.given:
            yield assumption("fhir.once_a_day", {**values, "mg": dosage.dose_mg})
        if dosage.unread:
            yield assumption(
                "fhir.words_not_understood", {**values, "words": verbatim(sentences.joined(dosage.unread))}
            )
        if dosage.otherwise:
            mg = dosage.otherwise.mg_per_day or dosage.otherwise.dose_mg or 0.0
            yield assumption("fhir.words_say_otherwise", {**values, "mg": mg, "read_mg": dosage.mg_per_day or 0.0})
