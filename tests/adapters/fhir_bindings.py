"""Required bindings of FHIR R4 that neither validator checks: each element with the codes that it may hold.

From the value sets of the specification 4.0.1, for the resources that Trabecula writes.
"""

from collections.abc import Iterator
from typing import Any

_REQUESTS = {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}
_INTENTS = {
    "proposal",
    "plan",
    "directive",
    "order",
    "original-order",
    "reflex-order",
    "filler-order",
    "instance-order",
}
_OBSERVED = {"registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"}
_DAYS = {"s", "min", "h", "d", "wk", "mo", "a"}
REQUIRED: dict[str, set[str]] = {
    "Bundle.type": {
        "document", "message", "transaction", "transaction-response", "batch", "batch-response", "history", "searchset",
        "collection",
    },
    "Patient.gender": {"male", "female", "other", "unknown"},
    "Observation.status": _OBSERVED,
    "RiskAssessment.status": _OBSERVED,
    "FamilyMemberHistory.status": {"partial", "completed", "entered-in-error", "health-unknown"},
    "MedicationStatement.status": {
        "active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown", "not-taken",
    },
    "MedicationStatement.dosage.timing.repeat.periodUnit": _DAYS,
    "MedicationAdministration.status": {
        "in-progress", "not-done", "on-hold", "completed", "entered-in-error", "stopped", "unknown",
    },
    "ServiceRequest.status": _REQUESTS,
    "ServiceRequest.intent": {*_INTENTS, "instance-order", "option"},
    "CarePlan.status": _REQUESTS,
    "CarePlan.intent": {"proposal", "plan", "order", "option"},
    "CarePlan.activity.detail.status": {
        "not-started", "scheduled", "in-progress", "on-hold", "completed", "cancelled", "stopped", "unknown",
        "entered-in-error",
    },
    "DocumentReference.status": {"current", "superseded", "entered-in-error"},
    "Provenance.entity.role": {"derivation", "revision", "quotation", "source", "removal"},
}  # fmt: skip
CONCEPTS: dict[str, tuple[str, set[str]]] = {
    "Condition.clinicalStatus": (
        "condition-clinical", {"active", "recurrence", "relapse", "inactive", "remission", "resolved"},
    ),
    "Condition.verificationStatus": (
        "condition-ver-status",
        {"unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"},
    ),
}  # fmt: skip
"""Elements that are CodeableConcepts with a required binding: code system and codes."""


def unbound(resource: dict[str, Any]) -> Iterator[str]:
    """Every code of a resource that its required binding does not have."""
    kind = resource["resourceType"]
    for path, value in _leaves(kind, resource):
        if path in REQUIRED and value not in REQUIRED[path]:
            yield f"{path}: {value}"
    for name in CONCEPTS:
        kind_, _, element = name.partition(".")
        if kind_ == kind and element in resource:
            (coding,) = resource[element]["coding"]
            system, codes = CONCEPTS[name]
            if not coding["system"].endswith(f"/{system}") or coding["code"] not in codes:
                yield f"{name}: {coding}"


def checked(resource: dict[str, Any]) -> set[str]:
    """The elements with a required binding that a resource has: a check that meets none proves nothing."""
    return {path for path, _ in _leaves(resource["resourceType"], resource) if path in REQUIRED}


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Every value with its path, without the numbers of lists."""
    if isinstance(value, dict):
        for name, held in value.items():
            yield from _leaves(f"{path}.{name}", held)
    elif isinstance(value, list):
        for held in value:
            yield from _leaves(path, held)
    else:
        yield path, value
