"""A FHIR R4 bundle as a Person and a report of what was read, ignored and assumed."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from trabecula.adapters.fhir import conditions, intakes, observations, patient, settling
from trabecula.adapters.fhir.bundle import NO_RESOURCE, Entry, FhirError, Record, read_record
from trabecula.adapters.fhir.elements import Element
from trabecula.adapters.fhir.outcome import Outcome
from trabecula.adapters.fhir.settling import LISTS, Item, Settled
from trabecula.adapters.loss import Assumed, Ignored, LossReport, Read
from trabecula.person import Person, PersonError, Problem, read_person
from trabecula.person.dates import read_date

_READERS: dict[str, Callable[[Element, Record], Outcome]] = {
    "Condition": conditions.read_condition,
    "Procedure": conditions.read_procedure,
    "FamilyMemberHistory": conditions.read_family,
    "Observation": observations.read_observation,
    "MedicationRequest": intakes.read_medication,
    "MedicationStatement": intakes.read_medication,
    "MedicationAdministration": intakes.read_medication,
    "MedicationDispense": intakes.read_medication,
}
_NOT_READ = {
    NO_RESOURCE: "an entry without a resource",
    "Medication": "read with the requests and administrations that refer to it",
    "Device": "read with the observations that refer to it",
    "DiagnosticReport": "its results are observations, which are read one by one",
    "Encounter": "a visit has no value of its own",
    "Claim": "billing",
    "ExplanationOfBenefit": "billing",
    "Immunization": "vaccinations are not used",
    "OperationOutcome": "a message of the server",
}
_ESSENTIAL = {"birth_date", "sex"}


def read_bundle(bundle: object, on: date | None = None) -> tuple[Person, LossReport]:
    """Read a bundle about one person; `on` is the date of assessment, after which nothing can have happened.

    Raises FhirError when the bundle is not one, is not about exactly one patient, or lacks birth date or sex.
    Every other value that cannot be read is left out, with its reason in the report.
    """
    record = read_record(bundle, on)
    outcomes = _outcomes(record)
    facts = [(number, fact) for number, each in enumerate(outcomes) for fact in each.facts]
    settled = settling.settle(facts, read_date(_birth_date(outcomes, record)))
    person, items, refused = _person(settled.items, record)
    return person, _report(record, outcomes, replace(settled, items=items), refused)


# ---------------------------------------------------------------- outcomes


def _outcomes(record: Record) -> list[Outcome]:
    """What came of every entry, in their order."""
    seen: set[tuple[str, str]] = set()
    outcomes = []
    for entry in record.entries:
        is_repeated = bool(entry.id) and (entry.kind, entry.id) in seen and "contained" not in entry.path
        seen.add((entry.kind, entry.id))
        outcomes.append(
            Outcome("", ignored="the same resource again") if is_repeated else _outcome(entry, record)
        )
    return outcomes


def _outcome(entry: Entry, record: Record) -> Outcome:
    """What came of one entry."""
    if entry is record.patient:
        return patient.read_patient(entry)
    reader = _READERS.get(entry.kind)
    if reader is None:
        return Outcome("", ignored=_NOT_READ.get(entry.kind, "this type of resource is not used"))
    if not record.is_about_patient(entry.resource):
        return Outcome("", ignored="about somebody else than the patient")
    return reader(entry.resource, record)


def _birth_date(outcomes: Sequence[Outcome], record: Record) -> str:
    """The birth date in the facts of the patient; one that is no day of the calendar is refused."""
    written = next(fact.value for each in outcomes for fact in each.facts if fact.field == "birth_date")
    try:
        return read_date(written).isoformat()
    except ValueError:
        raise _essential_refused(
            Problem("birth_date", written, "a day of the calendar", "correct it"), record
        ) from None


# ---------------------------------------------------------------- person


def _person(items: Sequence[Item], record: Record) -> tuple[Person, tuple[Item, ...], list[tuple[Item, str]]]:
    """The person; items that the Person refuses are taken out one round after the other."""
    kept, refused = list(items), []
    while True:
        try:
            return read_person(_data(kept), record.on), tuple(kept), refused
        except PersonError as error:
            out = _refused(error, kept, record)
            kept = [item for item in kept if all(item is not each for each, _ in out)]
            refused += out


def _refused(error: PersonError, items: Sequence[Item], record: Record) -> list[tuple[Item, str]]:
    """The items that problems are about; a problem with an essential, or about nothing, ends the reading."""
    places = _places(items)
    found: dict[int, tuple[Item, str]] = {}
    for problem in error.problems:
        if problem.path in _ESSENTIAL:
            raise _essential_refused(problem, record)
        for place, item in places.items():
            if _is_at(problem.path, place):
                found.setdefault(
                    id(item), (item, f"refused: found {problem.found}; expected {problem.expected}")
                )
    if not found:
        raise _essential_refused(error.problems[0], record)
    return list(found.values())


def _is_at(path: str, place: str) -> bool:
    """Whether a problem's path is a place, lies in it, or holds it."""
    return (
        path == place
        or path.startswith((f"{place}.", f"{place}["))
        or place.startswith((f"{path}.", f"{path}["))
    )


def _essential_refused(problem: Problem, record: Record) -> FhirError:
    """A problem that no part of the record can be left out for."""
    path = f"{record.patient.path} ({problem.path})" if problem.path in _ESSENTIAL else problem.path
    return FhirError(path, problem.found, problem.expected, problem.todo)


def _places(items: Sequence[Item]) -> dict[str, Item]:
    """Items by their place in the Person: "dxa[2]", "ms.onset"."""
    counts: Counter[str] = Counter()
    places = {}
    for item in items:
        place = f"{item.field}[{counts[item.field]}]" if item.field in LISTS else item.field
        counts[item.field] += 1
        places[place] = item
    return places


def _data(items: Sequence[Item]) -> dict[str, Any]:
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
    record: Record, outcomes: Sequence[Outcome], settled: Settled, refused: Sequence[tuple[Item, str]]
) -> LossReport:
    """Every entry once: read into its fields, noted, or ignored with its reason."""
    fields = _fields_by_entry(settled.items)
    reasons = settled.left_out | {entry: reason for item, reason in refused for entry in item.entries}
    read: Counter[tuple[str, str, str]] = Counter()
    ignored: Counter[tuple[str, str, str]] = Counter()
    for number, (entry, outcome) in enumerate(zip(record.entries, outcomes, strict=True)):
        if number in fields or outcome.noted:
            read[(entry.kind, outcome.what, fields.get(number) or f"noted: {outcome.noted}")] += 1
        else:
            ignored[(entry.kind, outcome.what, outcome.ignored or reasons.get(number, "adds nothing"))] += 1
    return LossReport(
        source=f"FHIR R4 bundle ({record.kind})",
        read=tuple(Read(resource=k, what=w, field=f, n=n) for (k, w, f), n in sorted(read.items())),
        ignored=tuple(Ignored(resource=k, what=w, reason=r, n=n) for (k, w, r), n in sorted(ignored.items())),
        assumed=_all_assumed(record, outcomes, settled, refused, fields),
    )


def _fields_by_entry(items: Sequence[Item]) -> dict[int, str]:
    """The fields that every entry fills."""
    fields: dict[int, dict[str, None]] = {}
    for item in items:
        for entry in item.entries:
            fields.setdefault(entry, {})[item.field] = None
    return {entry: ", ".join(names) for entry, names in fields.items()}


def _all_assumed(
    record: Record,
    outcomes: Sequence[Outcome],
    settled: Settled,
    refused: Sequence[tuple[Item, str]],
    fields: dict[int, str],
) -> tuple[Assumed, ...]:
    """What was assumed about values that are in the person, each once."""
    lines = [line for number, each in enumerate(outcomes) if number in fields for line in each.assumed]
    lines += settled.assumed
    for item, reason in refused:
        if any(entry in fields for entry in item.entries):
            # The resource counts as read for another field, so the part that is missing is said here.
            lines.append(
                Assumed(
                    what=item.field, assumed=f"left out, {reason}", cost="this part of the entry is missing"
                )
            )
    if record.has_more:
        cost = "what stands on the other pages is missing"
        lines.append(Assumed(what="one page of a search", assumed="that it is all", cost=cost))
    return tuple(dict.fromkeys(lines))
