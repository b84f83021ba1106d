"""The record of one patient of a FHIR server: every type that is read, each with all its pages, as one Bundle.

A type that the server does not have, or does not give to us, is named in the Bundle, and so in the report of what was
lost; without the patient, diagnoses, observations or any medicines there is no record.
"""

import asyncio
import re

from trabecula.adapters.fhir.elements import Element, text
from trabecula.adapters.fhir.forms import collected
from trabecula.adapters.fhir.reading import READ
from trabecula.adapters.server.pages import FhirServer, ServerRefused

MEDICINES = ("MedicationRequest", "MedicationStatement")
"""Medicines stand in one of them, or in both."""
SEARCHED = (
    "Condition", "Observation", *MEDICINES, "MedicationAdministration", "MedicationDispense", "Procedure",
    "FamilyMemberHistory", "DiagnosticReport", "DocumentReference", "QuestionnaireResponse", "Encounter",
)  # fmt: skip
"""Types that are asked for: what is read, and the visits that say when something was."""
ASKED = frozenset({"Patient", "Medication", *SEARCHED})
"""All that may come, for the scopes of a token."""
_NEEDED = ("Condition", "Observation")
_NOT_GIVEN = frozenset({400, 401, 403, 404, 405, 406, 422, 501})
"""Statuses by which a server says that it does not have a type, or does not give it."""
_PAGE = 200
"""Resources that are asked for at once; a server may send fewer."""
_AT_ONCE = 3
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
assert set(SEARCHED) - READ <= {"Encounter"}


async def record_of(server: FhirServer, patient: str) -> Element:
    """A Bundle about one patient; raises ServerRefused, whose words do not name the patient."""
    if not _ID.fullmatch(patient):
        raise ServerRefused("the patient: found something that is no id of FHIR; expected letters, digits, - and .")
    person = await server.get(f"Patient/{patient}")
    if text(person.get("resourceType")) != "Patient" or text(person.get("id")) != patient:
        raise ServerRefused("Patient: found another resource than the one asked for; expected that")
    turn = asyncio.Semaphore(_AT_ONCE)
    found = await asyncio.gather(*(_of_type(server, kind, patient, turn) for kind in SEARCHED))
    if all(found[SEARCHED.index(kind)] is None for kind in MEDICINES):
        raise ServerRefused(f"{' and '.join(MEDICINES)}: found neither; expected one: without medicines no record")
    resources = [person]
    for kind, held in zip(SEARCHED, found, strict=True):
        resources += [_not_given(kind)] if held is None else held
    return collected(resources)


async def _of_type(server: FhirServer, kind: str, patient: str, turn: asyncio.Semaphore) -> list[Element] | None:
    """The resources of a type; None where the server does not give them."""
    included = f"&_include={kind}:medication" if kind.startswith("Medication") else ""
    query = f"{kind}?patient={patient}&_count={_PAGE}"
    async with turn:
        try:
            return await server.pages(await server.get(query + included))
        except ServerRefused as refused:
            if refused.status not in _NOT_GIVEN:
                raise
        if not included:
            return _unless_needed(kind)
        try:  # not every server knows how to send what is referred to along
            return await server.pages(await server.get(query))
        except ServerRefused as refused:
            if refused.status not in _NOT_GIVEN:
                raise
            return _unless_needed(kind)


def _unless_needed(kind: str) -> None:
    """Nothing, for a type without which there still is a record; raises ServerRefused for the others."""
    if kind in _NEEDED:
        raise ServerRefused(f"{kind}: found that the server does not give it; expected it: without it no record")


def _not_given(kind: str) -> Element:
    """What the Bundle says of a type that is not in it."""
    said = f"{kind}: not given by the server"
    issue = {"severity": "error", "code": "not-found", "details": {"text": said}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
