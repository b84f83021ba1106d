"""From end to end: a client with a token, our services, and its FHIR server, which pages, waits, fails and loops."""

import datetime
import json
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from trabecula.web import create_app, hooks_request
from trabecula.web.hooks import HookSettings

from .calling import BASE, ISSUER, KEYS_AT, call, fetched, finished, key, posted, public, record, token, wrong
from .conftest import FEW_DRAWS
from .fhir_server import TOKEN

ON = datetime.date(2026, 11, 22)
PATH = "/cds-services/trabecula-patient-view"
KEY = key()
PERSON = record(
    medicines=[{"drug": "denosumab", "start": "2023-01-10", "dose_mg": 60.0, "per": "6 months"}],
    injections=[{"drug": "denosumab", "date": day} for day in ("2023-01-10", "2023-07-12", "2024-01-09", "2026-03-01")],
    dxa=[
        {"date": day, "site": site, "t_score": score}
        for day, score in (("2022-12-01", -2.9), ("2024-12-03", -2.4))
        for site in ("lumbar_spine", "femoral_neck", "total_hip")
    ],
    weight_kg=61.0,
    height_cm=164.0,
)
MANNERS = ("well", "slow", "broken", "loop", "endless", "away", "noise")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a FHIR server, which is a process of its own."""
    held = fetched(PERSON, ON)
    resources = [
        held["patient"],
        *(entry["resource"] for name in held if name != "patient" for entry in held[name]["entry"]),
    ]
    data = tmp_path_factory.mktemp("fhir") / "data.json"
    data.write_text(json.dumps(resources))
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("fhir_server.py")), str(data)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def app(server):
    """Our app, with one client whose servers are listed."""
    client = {
        "jwks_uri": KEYS_AT,
        "keys": public(KEY)["keys"],
        "fhir_servers": [f"{server}/{name}" for name in MANNERS],
    }
    settings = HookSettings.model_validate({"base_url": BASE, "clients": {ISSUER: client}})
    return create_app(today=lambda: ON, draws=FEW_DRAWS, settings=settings)


def asked(app, server, held=None, access=TOKEN):
    """The answer to a call whose data is on a server."""
    authorization = {
        "access_token": access, "token_type": "Bearer", "expires_in": 300, "scope": "user/*.read", "subject": "us",
    }  # fmt: skip
    body = call("patient-view", held, fhirServer=server, fhirAuthorization=authorization)
    assert wrong("request", body) == []
    return finished(posted(app, PATH, body, Authorization=f"Bearer {token(KEY, PATH)}"))


def said(answer):
    """The summaries of an answer that is as the schema has it."""
    assert answer.status_code == 200, answer.text
    assert wrong("response", answer.json()) == []
    return [card["summary"] for card in answer.json()["cards"]]


def prefetched(app):
    """What is said when everything was prefetched."""
    body = call("patient-view", fetched(PERSON, ON))
    return said(finished(posted(app, PATH, body, Authorization=f"Bearer {token(KEY, PATH)}")))


def test_what_is_fetched_says_what_is_prefetched(app, server):
    """All pages are followed: four injections and two scans of three sites come in pages of two."""
    assert said(asked(app, f"{server}/well")) == prefetched(app)


def test_a_partial_prefetch_is_completed(app, server):
    """Only what is missing is fetched, with the token that was given."""
    held = fetched(PERSON, ON)
    part = {name: held[name] for name in ("patient", "conditions", "medications", "procedures")}
    before = count(server)
    assert said(asked(app, f"{server}/well/", part)) == prefetched(app)
    kinds = {"observations": 1, "statements": 1, "administrations": 2}
    assert count(server) - before >= sum(kinds.values())


def test_pages_of_a_prefetch_are_followed(app, server):
    """A client may prefetch a first page and link to the others."""
    held = fetched(PERSON, ON)
    given = held["administrations"]["entry"]
    link = {"relation": "next", "url": f"{server}/well/MedicationAdministration?patient=p1&page=2"}
    held["administrations"] = {"resourceType": "Bundle", "type": "searchset", "entry": given[:2], "link": [link]}
    assert said(asked(app, f"{server}/well", held)) == prefetched(app)


def count(server):
    """How often the server was asked."""
    return httpx.get(f"{server}/counts").json()["asked"]


@pytest.mark.parametrize(
    ("manner", "missing"),
    [
        ("broken", ["observations"]),
        ("away", ["observations"]),
        ("noise", ["observations"]),
        ("slow", ["observations"]),
        ("loop", ["conditions", "observations", "medications"]),
        ("endless", ["conditions", "observations", "medications"]),
    ],
)
def test_a_server_that_misbehaves_is_survived_and_what_is_missing_is_named(app, server, manner, missing, monkeypatch):
    """Errors, another server's pages, a body without an end, an answer that does not come, a loop of pages: 412."""
    monkeypatch.setattr(hooks_request, "_MOST_S", 2.0)
    began = time.monotonic()
    answer = asked(app, f"{server}/{manner}")
    assert (answer.status_code, answer.json()["missing"]) == (412, missing)
    assert time.monotonic() - began < 10


def test_a_token_that_the_server_does_not_take_gets_nothing(app, server):
    """Everything is missing, and nothing of the token is in the answer."""
    answer = asked(app, f"{server}/well", access="another-token")
    assert answer.status_code == 412
    assert "another-token" not in answer.text


@pytest.mark.parametrize("end", ["/unlisted", "/well/../unlisted", "@evil.example/"])
def test_a_server_that_is_not_listed_is_never_asked(app, server, end):
    """An address in a request could be anybody's, also inside our own network."""
    before = count(server)
    assert asked(app, f"{server}{end}").status_code == 412
    assert count(server) == before
