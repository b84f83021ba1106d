"""A FHIR R4 bundle as a Person and a report of what was read, ignored and assumed."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from trabecula.adapters.fhir import bundle, conditions, intakes, merging, observations
from trabecula.adapters.fhir.bundle import BundleEntry, BundleRecord, FhirError, ResourceReading, read_record
from trabecula.adapters.fhir.documents import read_document, read_outcome, read_report, version_of
from trabecula.adapters.fhir.elements import Element, all_words, codings
from trabecula.adapters.fhir.merging import LISTS, FieldValue, MergedValues
from trabecula.adapters.fhir.own import own_record
from trabecula.adapters.fhir.questionnaires import read_questionnaire
from trabecula.adapters.loss import NAMELESS, AssumedLine, IgnoredLine, LossReport, ReadLine, assumption
from trabecula.person import Person, PersonError, Problem, read_person
from trabecula.person.dates import read_date
from trabecula.words.message import Message, verbatim

_READERS: dict[str, Callable[[Element, BundleRecord], ResourceReading]] = {
    "Condition": conditions.read_condition,
    "Procedure": conditions.read_procedure,
    "FamilyMemberHistory": conditions.read_family,
    "Observation": observations.read_observation,
    "MedicationRequest": intakes.read_medication,
    "MedicationStatement": intakes.read_medication,
    "MedicationAdministration": intakes.read_medication,
    "MedicationDispense": intakes.read_medication,
    "MedicationOrder": intakes.read_medication,
    "DiagnosticReport": read_report,
    "DocumentReference": read_document,
    "ImagingStudy": read_document,
    "QuestionnaireResponse": read_questionnaire,
    "OperationOutcome": read_outcome,
}
READ = frozenset(_READERS) - {"OperationOutcome"}
"""Types of resources out of which something is read."""
# Types that are not read on their own, with the reason; every other unknown type is said to be not used.
_NOT_READ = {
    bundle.NO_RESOURCE: "an_entry_without_a_resource",
    "Medication": "read_with_the_requests_that_refer_to_it",
    "Device": "read_with_the_observations_that_refer_to_it",
    "Encounter": "a_visit_has_no_value_of_its_own",
    "Claim": "billing",
    "ExplanationOfBenefit": "billing",
    "Immunization": "vaccinations_are_not_used",
}
Line = tuple[str, Message, Message]
"""A type of resource, what it is called, and the field it went to or the reason why it did not."""
_CODE_SHOWN, _CODES_SHOWN = 20, 5
"""Characters of a code, and codes, that are shown."""
_ESSENTIAL = {"birth_date", "sex"}
"""Without them nobody can be assessed: a problem with one ends the reading, one with anything else leaves it out."""


def read_bundle(bundle: object, on: date | None = None) -> tuple[Person, LossReport]:
    """Read a bundle about one person; `on` is the date of assessment, after which nothing can have happened.

    Raises FhirError when the bundle is not one, is not about exactly one patient, or lacks birth date or sex.
    Every other value that cannot be read is left out, with its reason in the report.
    """
    record = read_record(bundle, on)
    own = own_record(record, _outcomes(record))
    outcomes = own.outcomes
    facts = [(number, fact) for number, outcome in enumerate(outcomes) for fact in outcome.facts]
    merged = merging.merge(facts, read_date(_birth_date(outcomes, record)))
    person, items, refused = _person((*merged.items, *own.items), record)
    return person, _report(record, outcomes, replace(merged, items=items), refused)


# ---------------------------------------------------------------- outcomes


def _outcomes(record: BundleRecord) -> list[ResourceReading]:
    """What came of every entry, in their order; pages of a search overlap, and what comes again counts once."""
    seen: set[tuple[str, str]] = set()
    outcomes = []
    for entry in record.entries:
        is_repeated = bool(entry.id) and (entry.kind, entry.id) in seen and "contained" not in entry.path
        seen.add((entry.kind, entry.id))
        outcomes.append(_ignored("the_same_resource_again") if is_repeated else _outcome(entry, record))
    return outcomes


def _outcome(entry: BundleEntry, record: BundleRecord) -> ResourceReading:
    """What came of one entry."""
    if entry is record.patient:
        return bundle.read_patient(entry)
    reader = _READERS.get(entry.kind)
    if reader is None:
        return _ignored(_NOT_READ.get(entry.kind, "this_type_of_resource_is_not_used"))
    if not record.is_about_patient(entry.resource):
        return _ignored("about_somebody_else_than_the_patient")
    if entry.resource.get("modifierExtension"):
        return bundle.ignore(entry.resource.get("code"), "an_extension_that_changes_its_meaning")
    return _without_future(reader(entry.resource, record), record)


def _without_future(outcome: ResourceReading, record: BundleRecord) -> ResourceReading:
    """Without values of a day after the assessment, where a later one would win: a wrong year hides what is true."""
    on = record.on.isoformat() if record.on else ""
    late = [fact for fact in outcome.facts if on and fact.when > on and fact.field not in merging.LISTS]
    if not late:
        return outcome
    reason = Message("fhir.it_begins_after_the_assessment")
    line = assumption("fhir.value_left_out", {"field": verbatim(late[0].field), "reason": reason})
    kept = tuple(fact for fact in outcome.facts if fact not in late)
    return replace(outcome, facts=kept, ignored=None if kept else reason, assumed=(*outcome.assumed, line))


def _ignored(reason: str) -> ResourceReading:
    """A resource that is left out before anybody looks what it is called."""
    return ResourceReading(NAMELESS, ignored=Message(f"fhir.{reason}"))


def _birth_date(outcomes: Sequence[ResourceReading], record: BundleRecord) -> str:
    """The birth date in the facts of the patient; one that is no day of the calendar is refused."""
    facts = (fact for outcome in outcomes for fact in outcome.facts)
    written = next(fact.value for fact in facts if fact.field == "birth_date")
    try:
        return read_date(written).isoformat()
    except ValueError:
        expected, todo = Message("fhir.a_day_of_the_calendar"), Message("todo.correct_it")
        raise _essential_refused(Problem("birth_date", verbatim(written), expected, todo), record) from None


# ---------------------------------------------------------------- person


def _person(
    items: Sequence[FieldValue], record: BundleRecord
) -> tuple[Person, tuple[FieldValue, ...], list[tuple[FieldValue, Message]]]:
    """The person, the items that are in it, and those that it refused with the reason.

    What the Person refuses is taken out and the rest read again, round after round: one impossible value in a record
    of thousands must not cost the others. It ends, since every round takes something out.
    """
    kept, refused = list(items), []
    while True:
        try:
            return read_person(_data(kept), record.on), tuple(kept), refused
        except PersonError as error:
            out = _refused(error, kept, record)
            kept = [item for item in kept if all(item is not gone for gone, _ in out)]
            refused += out


def _refused(error: PersonError, items: Sequence[FieldValue], record: BundleRecord) -> list[tuple[FieldValue, Message]]:
    """The items that problems are about, with the reason.

    Raises FhirError for a problem with an essential, or about nothing that could be taken out.
    """
    places = _places(items)
    found: dict[int, tuple[FieldValue, Message]] = {}
    for problem in error.problems:
        if problem.path in _ESSENTIAL:
            raise _essential_refused(problem, record)
        for place, item in places.items():
            if _is_at(problem.path, place):
                parts = {"found": problem.found, "expected": problem.expected}
                found.setdefault(id(item), (item, Message("fhir.refused", parts)))
    if not found:
        raise _essential_refused(error.problems[0], record)
    return list(found.values())


def _is_at(path: str, place: str) -> bool:
    """Whether a problem's path is a place, lies in it, or holds it."""
    return path == place or path.startswith((f"{place}.", f"{place}[")) or place.startswith((f"{path}.", f"{path}["))


def _essential_refused(problem: Problem, record: BundleRecord) -> FhirError:
    """A problem that no part of the record can be left out for."""
    path = f"{record.patient.path} ({problem.path})" if problem.path in _ESSENTIAL else problem.path
    return FhirError(path, problem.found, problem.expected, problem.todo)


def _places(items: Sequence[FieldValue]) -> dict[str, FieldValue]:
    """Items by their place in the Person: "dxa[2]", "ms.onset"."""
    counts: Counter[str] = Counter()
    places = {}
    for item in items:
        place = f"{item.field}[{counts[item.field]}]" if item.field in LISTS else item.field
        counts[item.field] += 1
        places[place] = item
    return places


def _data(items: Sequence[FieldValue]) -> dict[str, Any]:
    """The record as plain data."""
    data: dict[str, Any] = {}
    for item in items:
        *way, last = item.field.split(".")
        held = data
        for step in way:
            held = held.setdefault(step, {})
        if item.field in LISTS:
            held.setdefault(last, []).append(item.value)
        elif item.value != {}:
            held[last] = item.value
        else:
            held.setdefault(last, {})
    return data


# ---------------------------------------------------------------- report


def _report(
    record: BundleRecord,
    outcomes: Sequence[ResourceReading],
    merged: MergedValues,
    refused: Sequence[tuple[FieldValue, Message]],
) -> LossReport:
    """Every entry once: read into its fields, noted, or ignored with its reason; the counts add up to the bundle."""
    fields = _fields_by_entry(merged.items)
    reasons = merged.left_out | {entry: reason for item, reason in refused for entry in item.entries}
    read: Counter[Line] = Counter()
    ignored: Counter[Line] = Counter()
    nothing_new = Message("fhir.adds_nothing")
    for number, (entry, outcome) in enumerate(zip(record.entries, outcomes, strict=True)):
        if number in fields or outcome.noted:
            noted = Message("fhir.noted", {"what": outcome.noted})
            read[(entry.kind, outcome.what, fields.get(number, noted))] += 1
        else:
            reason = outcome.ignored or reasons.get(number, nothing_new)
            ignored[(entry.kind, outcome.what, reason)] += 1
    return LossReport(
        source=Message("fhir.bundle", {"kind": record.kind, "version": verbatim(version_of(record))}),
        read=tuple(ReadLine(resource=k, what=w, field=f, n=n) for (k, w, f), n in _in_order(read)),
        ignored=tuple(IgnoredLine(resource=k, what=w, reason=r, n=n) for (k, w, r), n in _in_order(ignored)),
        assumed=_all_assumed(record, outcomes, merged, refused, fields),
    )


def _in_order(lines: Counter[Line]) -> list[tuple[Line, int]]:
    """Lines by type of resource, name, and field or reason, as they read in English."""
    return sorted(lines.items(), key=lambda line: tuple(str(part) for part in line[0]))


def _fields_by_entry(items: Sequence[FieldValue]) -> dict[int, Message]:
    """The fields that every entry fills."""
    fields: dict[int, dict[str, None]] = {}
    for item in items:
        for entry in item.entries:
            fields.setdefault(entry, {})[item.field] = None
    return {entry: verbatim(", ".join(names)) for entry, names in fields.items()}


def _unknown_diagnoses(record: BundleRecord, outcomes: Sequence[ResourceReading]) -> tuple[AssumedLine, ...]:
    """Says how many diagnoses have nothing but codes that are not known."""
    unknown = Message("fhir.no_code_that_is_used_here")
    codes = [
        code.code[:_CODE_SHOWN]
        for entry, outcome in zip(record.entries, outcomes, strict=True)
        if entry.kind == "Condition" and outcome.ignored == unknown
        for code in list(codings(entry.resource.get("code")))[:1]
        if not all_words(entry.resource.get("code")).strip()
    ]
    shown = {"n": len(codes), "codes": verbatim(", ".join(list(dict.fromkeys(codes))[:_CODES_SHOWN]))}
    return (assumption("fhir.diagnoses_by_unknown_codes", shown),) if codes else ()


def _all_assumed(
    record: BundleRecord,
    outcomes: Sequence[ResourceReading],
    merged: MergedValues,
    refused: Sequence[tuple[FieldValue, Message]],
    fields: dict[int, Message],
) -> tuple[AssumedLine, ...]:
    """What was assumed about values that are in the person, each once."""
    told = (outcome for number, outcome in enumerate(outcomes) if number in fields or outcome.ignored)
    lines = [line for outcome in told for line in outcome.assumed]
    lines += merged.assumed
    for item, reason in refused:
        # The resource may count as read for another field: then a part of it is missing.
        is_part = any(entry in fields for entry in item.entries)
        line = "fhir.part_left_out" if is_part else "fhir.value_left_out"
        lines.append(assumption(line, {"field": verbatim(item.field), "reason": reason}))
    lines += _unknown_diagnoses(record, outcomes)
    if (version := version_of(record)) != "R4":
        lines.append(assumption("fhir.of_another_version", {"version": verbatim(version)}))
    if record.has_more:
        lines.append(assumption("fhir.one_page_of_a_search", {}))
    return tuple(dict.fromkeys(lines))
