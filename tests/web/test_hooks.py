"""CDS Hooks 2.0: requests and answers as the specification has them, cards that say what the assessment says."""

import datetime
import json

import httpx
import pytest

from trabecula.web import create_app
from trabecula.web.hooks import HookSettings
from trabecula.web.hooks_answer import RecentAnswers
from trabecula.web.hooks_cards import OVERRIDES
from trabecula.web.hooks_request import prefetch
from trabecula.web.session import assessment_of, conditioned_person

from .calling import HOOKS, call, drafted, fetched, finished, posted, record, wrong
from .conftest import FEW_DRAWS

ON = datetime.date(2026, 11, 22)
LATE = {
    "medicines": [{"drug": "denosumab", "start": "2023-01-10", "dose_mg": 60.0, "per": "6 months"}],
    "injections": [{"drug": "denosumab", "date": "2026-03-01"}],
}
LOW_D = {"laboratory": [{"date": "2026-10-06", "test": "25-OH-D", "value": 20.0, "unit": "nmol/L"}], **LATE}
KIDNEYS = {"laboratory": [{"date": "2026-10-06", "test": "eGFR", "value": 20.0, "unit": "mL/min/1.73m2"}]}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """An app on this machine alone, with a clock that stands still and a place for feedback."""
    settings = HookSettings(feedback=tmp_path_factory.mktemp("hooks") / "feedback.jsonl")
    made = create_app(today=lambda: ON, draws=FEW_DRAWS, settings=settings)
    made.kept = settings.feedback
    return made


def answer(app, hook, held, **more):
    """The answer to a request, both of which are as the schemas have them."""
    headers = more.pop("headers", {})
    body = call(hook, held, **more)
    assert wrong("request", body) == []
    found = finished(posted(app, f"/cds-services/trabecula-{hook}", body, **headers))
    assert found.status_code == 200, found.text
    assert wrong("response", found.json()) == []
    return found.json()["cards"]


def cards(app, hook, person, **more):
    """The cards about a person."""
    return answer(app, hook, fetched(person, ON), **more)


def summaries(found):
    """What stands on cards."""
    return [card["summary"] for card in found]


def test_discovery_needs_no_token_and_asks_for_root_primitives_only(app):
    """Three services, each with templates that every client can fill in."""

    async def get():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.get("/cds-services")

    found = finished(get())
    assert found.status_code == 200
    assert wrong("discovery", found.json()) == []
    assert [service["hook"] for service in found.json()["services"]] == list(HOOKS)
    tokens = {part.partition("}}")[0] for text in prefetch().values() for part in text.split("{{")[1:]}
    assert tokens == {"context.patientId"}


def test_a_chart_gets_the_conclusion_of_the_assessment(app):
    """The card and the page say the same sentences, with the same figures."""
    person = record()
    (first, *_) = cards(app, "patient-view", person)
    found = assessment_of(conditioned_person(person, ON, FEW_DRAWS)).summary
    assert first["summary"] == str(found.risk)
    assert first["indicator"] == "info"
    assert first["links"][0]["type"] == "absolute"
    assert {reason["system"] for reason in first["overrideReasons"]} == {OVERRIDES}


def test_an_answer_is_kept_for_some_minutes_and_for_the_same_record_alone():
    """A second look at the same record is the same answer; another weight, and ten minutes later, are new ones."""
    clock = [0.0]
    recent = RecentAnswers(lambda: clock[0])
    first = recent.of(record(weight_kg=61.0), ON, FEW_DRAWS)
    assert recent.of(record(weight_kg=61.0), ON, FEW_DRAWS) is first
    assert recent.of(record(weight_kg=62.0), ON, FEW_DRAWS) is not first
    clock[0] = 601.0
    assert recent.of(record(weight_kg=61.0), ON, FEW_DRAWS) is not first


def test_late_denosumab_is_critical_and_said_first(app):
    """The last injection was in March: the card names the danger, and the draft is a task."""
    found = cards(app, "patient-view", record(**LATE))
    assert found[0]["indicator"] == "warning"
    assert found[1]["indicator"] == "critical"
    assert found[1]["summary"].startswith("Denosumab is overdue")
    (suggestion,) = found[1]["suggestions"]
    assert suggestion["actions"][0]["resource"]["resourceType"] == "Task"


def test_low_vitamin_d_before_denosumab_is_told(app):
    """25-OH-D of 20 nmol/L: replete first."""
    assert any("Replete vitamin D" in summary for summary in summaries(cards(app, "patient-view", record(**LOW_D))))


def test_a_dxa_that_is_due_is_a_request_in_draft(app):
    """A woman on prednisone who was never scanned: the suggestion creates a proposal, not an order."""
    steroids = [{"drug": "prednisone", "dose_mg": 10.0, "start": "2026-01-01", "route": "oral"}]
    found = cards(app, "patient-view", record(steroids=steroids))
    (scan,) = [card for card in found if card["summary"].startswith("Bone density (DXA) is due")]
    request = scan["suggestions"][0]["actions"][0]["resource"]
    assert (request["resourceType"], request["intent"], request["status"]) == ("ServiceRequest", "proposal", "draft")
    assert request["subject"] == {"reference": "Patient/p1"}
    assert scan["source"]["label"] != "Trabecula"


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_a_bone_medicine_that_is_refused_is_critical_and_can_be_taken_back(app, hook):
    """Alendronate with an eGFR of 20: what is on file, on whose word, and the draft can be removed."""
    orders = {"draftOrders": drafted("alendronate 70 mg tablet"), "selections": ["MedicationRequest/request-123"]}
    found = cards(app, hook, record(**KIDNEYS), context=orders)
    (card,) = [card for card in found if card["indicator"] == "critical"]
    assert card["summary"].startswith("alendronate must not be given here")
    action = card["suggestions"][0]["actions"][0]
    assert (action["type"], action["resourceId"]) == ("delete", "MedicationRequest/request-123")


def test_what_is_refused_is_what_the_assessment_refuses(app):
    """No card against a medicine that the assessment leaves open, and one against each that it refuses."""
    person = record(**KIDNEYS)
    checks = assessment_of(conditioned_person(person, ON, FEW_DRAWS)).medicines
    for check in checks:
        orders = {"draftOrders": drafted(str(check.name))}
        found = cards(app, "order-sign", person, context=orders)
        assert any(card["indicator"] == "critical" for card in found) == bool(check.refused), check.drug


def test_a_steroid_course_brings_what_bone_needs_beside_it(app):
    """Prednisone on the screen: the plan as it would be with it; an inhaler or drops bring nothing."""
    dosage = [{"text": "Take 1 tablet daily for 120 days"}]
    orders = {"draftOrders": drafted("prednisone 10 MG oral tablet", dosageInstruction=dosage)}
    found = cards(app, "order-sign", record(), context=orders)
    assert summaries(found) == ["Steroid course drafted (prednisone): check bone protection."]
    assert "-" in found[0]["detail"]
    drops = {"draftOrders": drafted("prednisolone 1 % eye drops")}
    assert cards(app, "order-sign", record(), context=drops) == []


def test_denosumab_that_lapses_is_told_while_something_else_is_ordered(app):
    """Ordering a cream is a chance to notice it; ordering denosumab itself needs no such card."""
    other = cards(app, "order-sign", record(**LATE), context={"draftOrders": drafted("emollient cream")})
    assert any("overdue" in summary for summary in summaries(other))
    same = cards(app, "order-sign", record(**LATE), context={"draftOrders": drafted("denosumab 60 mg/mL syringe")})
    assert not any("overdue" in summary for summary in summaries(same))


def test_only_selected_orders_count_in_order_select(app):
    """A steroid that lies on the screen unselected is not told."""
    orders = drafted("prednisone 10 mg tablet")
    context = {"draftOrders": orders, "selections": ["MedicationRequest/another"]}
    assert cards(app, "order-select", record(), context=context) == []


def test_missing_keys_are_named(app):
    """Without a record there is no answer: 412, and which keys are missing."""
    held = fetched(record(), ON)
    body = call("patient-view", {name: held[name] for name in ("patient", "conditions")})
    found = finished(posted(app, "/cds-services/trabecula-patient-view", body))
    assert found.status_code == 412
    assert found.json()["missing"] == ["observations", "medications"]


def test_null_means_that_there_is_nothing(app):
    """A key whose value is null was looked for: there are no such resources."""
    held = fetched(record(), ON) | {"observations": None, "medications": None}
    assert answer(app, "patient-view", held)


def test_what_is_not_needed_and_missing_is_said(app):
    """Without statements an injection may be overlooked: the card names the key."""
    held = {name: part for name, part in fetched(record(), ON).items() if name != "statements"}
    assert "statements" in answer(app, "patient-view", held)[0]["detail"]


def test_a_failed_prefetch_is_no_record(app):
    """An OperationOutcome in place of the patient is a key that is missing."""
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
    body = call("patient-view", fetched(record(), ON) | {"patient": outcome})
    found = finished(posted(app, "/cds-services/trabecula-patient-view", body))
    assert (found.status_code, found.json()["missing"]) == (412, ["patient"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hook": "order-dispatch"}, "hook"),
        ({"hookInstance": "1"}, "hookInstance"),
        ({"context": {"userId": "Practitioner/1"}}, "context.patientId"),
        ({"context": {"userId": "Practitioner/1", "patientId": "../secret?x"}}, "context.patientId"),
        ({"fhirAuthorization": {"access_token": "x"}}, "fhirAuthorization"),
        ({"prefetch": [1]}, "prefetch"),
    ],
)
def test_a_request_that_is_none_is_told_which_field(app, change, field):
    """400, with the names of fields and none of their values."""
    body = call("patient-view", {}) | change
    found = finished(posted(app, "/cds-services/trabecula-patient-view", body))
    assert found.status_code == 400
    assert field in found.json()["message"]
    assert "secret" not in found.text


def test_another_service_and_another_hook_are_not_answered(app):
    """404 for what there is not, 400 for a hook that a service does not serve."""
    assert finished(posted(app, "/cds-services/other", call("patient-view", {}))).status_code == 404
    wrong_hook = call("patient-view", {})
    assert finished(posted(app, "/cds-services/trabecula-order-sign", wrong_hook)).status_code == 400


def test_a_record_without_an_answer_says_so(app):
    """A child has no assessment: silence would read as nothing to do."""
    held = fetched(record(), ON)
    held["patient"]["birthDate"] = "2020-01-01"
    (card,) = answer(app, "patient-view", held)
    assert card["summary"] == "No bone health assessment for this record."


@pytest.mark.parametrize(("code", "word"), [("de", "Knochendichtemessung"), ("it", "Densitometria")])
def test_cards_speak_the_language_of_the_request(app, code, word):
    """Accept-Language chooses; every summary is short in each language."""
    steroids = [{"drug": "prednisone", "dose_mg": 10.0, "start": "2026-01-01", "route": "oral"}]
    person = record(steroids=steroids, **LATE)
    found = cards(app, "patient-view", person, headers={"Accept-Language": code})
    assert any(word in summary for summary in summaries(found))
    assert all(len(summary) < 140 for summary in summaries(found))


def test_what_the_sandbox_sends_is_answered(app):
    """The public sandbox's own forms: an order without an intent, a server that is not on our list, and its token."""
    sandbox = {
        "fhirServer": "https://launch.smarthealthit.org/v/r4/fhir",
        "fhirAuthorization": {
            "access_token": "x", "token_type": "Bearer", "expires_in": 3600, "scope": "patient/*.* user/*.* launch",
            "subject": "48163c5e-88b5-4cb3-92d3-23b800caa927",
        },
    }  # fmt: skip
    order = drafted(
        "Prednisone 20 MG Oral Tablet",
        authoredOn="2026-11-22",
        dosageInstruction=[
            {"timing": {"repeat": {"frequency": 1, "period": 1, "boundsPeriod": {"start": "2026-11-22"}}}}
        ],
        reasonCode=[{"coding": [{"system": "http://snomed.info/sct", "code": "24700007"}], "text": "MS"}],
    )
    context = {"draftOrders": order, "selections": ["MedicationRequest/request-123"]}
    held = fetched(record(), ON)
    assert answer(app, "patient-view", held, **sandbox)
    for hook in ("order-select", "order-sign"):
        found = answer(app, hook, held, context=context, **sandbox)
        assert any("Steroid" in summary for summary in summaries(found)), hook


def test_feedback_is_kept_without_health_data(app):
    """What became of which kind of card, and the code of the reason: no comment, no patient, no card's number."""
    (card, *_) = cards(app, "patient-view", record())
    told = {
        "feedback": [
            {
                "card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:05:31Z",
                "overrideReason": {
                    "reason": {"code": "declined", "system": OVERRIDES}, "userComment": "Mrs Smith is afraid of it",
                },
            }
        ]
    }  # fmt: skip
    assert wrong("feedback", told) == []
    found = finished(posted(app, "/cds-services/trabecula-patient-view/feedback", told))
    assert found.status_code == 200
    text = app.kept.read_text()
    assert "Smith" not in text
    assert card["uuid"] not in text
    kept = json.loads(text.splitlines()[-1])
    assert (kept["outcome"], kept["reason"], kept["day"]) == ("overridden", "declined", "2026-11-22")


@pytest.mark.parametrize(
    "told",
    [
        {"feedback": []},
        {"feedback": [{"card": "x", "outcome": "accepted", "outcomeTimestamp": "2026-11-22T10:05:31Z"}]},
        {"feedback": [{"card": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "outcome": "ignored"}]},
    ],
)
def test_feedback_that_is_none_is_refused(app, told):
    """As the schema refuses it."""
    assert wrong("feedback", told)
    path = "/cds-services/trabecula-patient-view/feedback"
    assert finished(posted(app, path, told)).status_code == 400


def test_too_much_and_another_kind_of_content_are_refused(app):
    """413 and 415, before anything is read as JSON."""

    async def post(content, kind):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            path = "/cds-services/trabecula-patient-view"
            return (await client.post(path, content=content, headers={"Content-Type": kind})).status_code

    assert finished(post(b"{}", "text/plain")) == 415
    assert finished(post(b" " * 20_000_001, "application/json")) == 413
    assert finished(post(b"[" * 100_000, "application/json")) == 400
    assert finished(post(b'{"hook": NaN}', "application/json")) == 400
