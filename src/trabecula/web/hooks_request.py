"""What a CDS client sends, read: the hook, its context, and a person out of what was prefetched or can be fetched.

A request names resources by the keys of `PREFETCH`. What is missing is fetched from the client's own FHIR server, with
the token that it gave, and only from a server that is on our list: an address in a request could be anybody's. Pages
are followed within the same server, each once, up to a number of pages, bytes and seconds.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID

import httpx
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from trabecula.adapters.fhir.building import address
from trabecula.adapters.fhir.codes import rows
from trabecula.adapters.server.pages import Budget, FhirServer, ServerRefused
from trabecula.vocabulary import LABORATORY, SKELETAL_SITES, codes_of

Resource = dict[str, Any]
_PATIENT = "{{context.patientId}}"
NEEDED = ("patient", "conditions", "observations", "medications")
"""Without these there is no answer; without the others there is one that says so."""
_MOST_PAGES, _MOST_BYTES, _MOST_S = 40, 20_000_000, 8.0
"""Of all that is fetched for one request."""
_LONGEST_ID = 64


@cache
def prefetch() -> Mapping[str, str]:
    """What is asked for, by key: templates with tokens of the context's own fields alone, which every client knows."""
    observations = f"Observation?patient={_PATIENT}&code={','.join(_observed())}&_count=500"
    searches = {
        "conditions": "Condition", "medications": "MedicationRequest", "statements": "MedicationStatement",
        "administrations": "MedicationAdministration", "procedures": "Procedure",
    }  # fmt: skip
    found = {key: f"{kind}?patient={_PATIENT}&_count=500" for key, kind in searches.items()}
    return {"patient": f"Patient/{_PATIENT}", "observations": observations, **found}


def _observed() -> Iterator[str]:
    """The codes of observations that are read: no other is asked for."""
    kinds = ("dxa", "edss", "measure", "smoking_status", "alcohol")
    listed = [(row["system"], row["code"]) for row in rows("readings.csv") if row["reads_as"] in kinds]
    listed += [(code.system, code.code) for _, code in codes_of(LABORATORY)]
    listed += [(code.system, code.code) for _, code in codes_of(SKELETAL_SITES) if code.says]
    for system, code in dict.fromkeys(listed):
        if system in ("LOINC", "SNOMED"):
            yield f"{address(system)}|{code}"


class Authorization(BaseModel):
    """The token with which resources may be fetched."""

    model_config = ConfigDict(frozen=True, strict=True)
    access_token: Annotated[str, Field(min_length=1)]
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str
    subject: str


class HookContext(BaseModel):
    """What is on the screen; further fields belong to other hooks."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow", alias_generator=to_camel)
    user_id: Annotated[str, Field(min_length=1)]
    patient_id: Annotated[str, Field(min_length=1, max_length=_LONGEST_ID, pattern=r"^[A-Za-z0-9.\-]+$")]
    draft_orders: dict[str, Any] | None = None
    selections: list[str] | None = None


class HookRequest(BaseModel):
    """A call of a service (CDS Hooks 2.0); fields that we do not know are let be, as the specification asks."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow", alias_generator=to_camel)
    hook: Literal["patient-view", "order-select", "order-sign"]
    hook_instance: Annotated[UUID, Field(strict=False)]
    fhir_server: str | None = None
    fhir_authorization: Authorization | None = None
    context: HookContext
    prefetch: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "HookRequest":
        """A token is for a server; orders have a bundle, and a selection of them where one was made."""
        if self.fhir_authorization is not None and self.fhir_server is None:
            raise ValueError("fhirAuthorization needs fhirServer")
        if self.hook != "patient-view" and self.context.draft_orders is None:
            raise ValueError("context.draftOrders is needed")
        if self.hook == "order-select" and self.context.selections is None:
            raise ValueError("context.selections is needed")
        return self


@dataclass
class Gathered:
    """The resources about a patient, and the keys that could not be had."""

    resources: list[Resource] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def bundle(self) -> Resource:
        """All of them as one Bundle, each resource once."""
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": held} for held in self.resources],
        }

    @property
    def needed(self) -> list[str]:
        """Missing keys without which there is no answer."""
        return [key for key in NEEDED if key in self.missing]


async def gather(
    request: HookRequest, servers: Sequence[str], transport: httpx.AsyncBaseTransport | None = None
) -> Gathered:
    """What was prefetched, completed from the client's server where that is one of `servers`."""
    given = request.prefetch or {}
    server = _allowed(request.fhir_server, servers)
    headers = {"Accept": "application/fhir+json"}
    if request.fhir_authorization is not None:
        headers["Authorization"] = f"Bearer {request.fhir_authorization.access_token}"
    async with httpx.AsyncClient(headers=headers, timeout=_MOST_S, transport=transport) as client:
        source = FhirServer(client, server, Budget(_MOST_PAGES, _MOST_BYTES, _MOST_S))
        keys = {key: template.replace(_PATIENT, request.context.patient_id) for key, template in prefetch().items()}
        found = await asyncio.gather(
            *(_of_key(source, query, given.get(key), key in given) for key, query in keys.items())
        )
    gathered = Gathered()
    for key, resources in zip(keys, found, strict=True):
        gathered.resources += resources or []
        if resources is None:
            gathered.missing.append(key)
    return gathered


def _allowed(named: str | None, servers: Sequence[str]) -> str:
    """The server of a request, if it is on the list; else none."""
    plain = (named or "").rstrip("/")
    return f"{plain}/" if plain and plain in {server.rstrip("/") for server in servers} else ""


async def _of_key(source: FhirServer, query: str, given: Any, is_given: bool) -> list[Resource] | None:
    """The resources of a key: as prefetched, with further pages; else as fetched; None where they cannot be had.

    null is an answer: there is nothing. An OperationOutcome says that the client tried and failed.
    """
    if is_given and given is None:
        return []
    if isinstance(given, dict) and given.get("resourceType") == "OperationOutcome":
        return None
    try:
        return await source.pages(given if isinstance(given, dict) else await source.get(query))
    except ServerRefused:
        return None
