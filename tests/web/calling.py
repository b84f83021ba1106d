"""A CDS client to try the services with: keys and tokens, records as they are prefetched, and the published schemas."""

import asyncio
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from jsonschema import Draft202012Validator, FormatChecker

from trabecula.adapters.fhir.building import to_json
from trabecula.adapters.fhir.writing import write_bundle
from trabecula.person import Person, read_person
from trabecula.web.hooks_request import prefetch

BASE = "https://bone.example.org"
ISSUER = "https://ehr.example.org"
KEYS_AT = f"{ISSUER}/jwks.json"
PATIENT = "p1"
SCHEMAS = Path(__file__).parent / "cds_hooks"
HOOKS = ("patient-view", "order-select", "order-sign")


@cache
def validator(name: str) -> Draft202012Validator:
    """The schema of a message, with its formats."""
    schema = json.loads(SCHEMAS.joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def wrong(name: str, message: Any) -> list[str]:
    """What a schema has against a message."""
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(message)]


def key(kid: str = "first") -> ECKey:
    """A key pair of a client."""
    return ECKey.generate_key("P-384", {"kid": kid, "use": "sig"})


def public(*keys: ECKey) -> dict[str, Any]:
    """The JWK Set that a client publishes."""
    return {"keys": [each.as_dict(private=False) for each in keys]}


def token(signing: Any, path: str, now: float | None = None, algorithm: str = "ES384", **claims: Any) -> str:
    """A token for a service, as the sandbox makes them; what is given replaces what is usual, None leaves it out."""
    at = time.time() if now is None else now
    usual = {
        "iss": ISSUER, "aud": f"{BASE}{path}", "exp": int(at) + 300, "iat": int(at), "jti": str(uuid.uuid4()),
    }  # fmt: skip
    said = {name: value for name, value in (usual | claims).items() if value is not None}
    header = {"alg": algorithm, "typ": "JWT", "kid": getattr(signing, "kid", None) or "first", "jku": KEYS_AT}
    return jwt.encode(header, said, signing, algorithms=[algorithm])


def fetched(person: Person, on: Any) -> dict[str, Any]:
    """A record as a client prefetches it: by the keys of the services."""
    bundle = json.loads(to_json(write_bundle(person, on).bundle, 0))
    resources = [entry["resource"] for entry in bundle["entry"]]
    for resource in resources:
        if resource["resourceType"] == "Patient":
            resource["id"] = PATIENT
        else:
            resource["subject" if "subject" in resource else "patient"] = {"reference": f"Patient/{PATIENT}"}
    return {name: _held(template, resources) for name, template in prefetch().items()}


def _held(template: str, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """What a template finds."""
    kind = template.partition("?")[0].partition("/")[0]
    found = [held for held in resources if held["resourceType"] == kind]
    if kind == "Patient":
        return found[0]
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": held} for held in found]}


def record(**fields: Any) -> Person:
    """A woman of 64, after menopause, with what is given."""
    return read_person({"birth_date": "1962-03-04", "sex": "female", "country": "US", "menopausal": True, **fields})


def drafted(text: str, **more: Any) -> dict[str, Any]:
    """An order on the screen."""
    order = {
        "resourceType": "MedicationRequest", "id": "request-123", "status": "draft",
        "subject": {"reference": f"Patient/{PATIENT}"}, "medicationCodeableConcept": {"text": text},
    }  # fmt: skip
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": order | more}]}


def call(hook: str, held: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A request of a hook."""
    context = {"userId": "Practitioner/1", "patientId": PATIENT, **more.pop("context", {})}
    head = {"hook": hook, "hookInstance": str(uuid.uuid4()), "context": context, **more}
    return head if held is None else {**head, "prefetch": held}


async def posted(app: Any, path: str, body: Any, **headers: str) -> httpx.Response:
    """The answer of an app in this process."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        return await client.post(path, json=body, headers=headers)


def finished(work):
    """What a coroutine comes to. In a thread of its own: the browser of other tests holds the loop of this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
