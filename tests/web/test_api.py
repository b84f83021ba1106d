"""The interface for programs: what it describes it does, and whatever is sent, it answers without falling over."""

import datetime

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from trabecula.assessment.results import Assessment
from trabecula.web import api

WOMAN = {"birth_date": "1970-05-01", "sex": "female"}
PLAN = {"name": "falls", "title": "Fewer falls", "falls_programme": True}
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance, negative_data_rejection,
]  # fmt: skip
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def described(address):
    """What the app says about itself."""
    return schemathesis.openapi.from_url(f"{address}/openapi.json")


OPERATIONS = [("/api/assess", "POST"), ("/api/compare", "POST"), ("/api/fhir", "POST"), ("/api/plans", "GET")]


def test_every_address_of_the_description_is_tried(described):
    """The list below is the whole interface."""
    assert [(each.ok().path, each.ok().method.upper()) for each in described.get_all_operations()] == OPERATIONS


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation[0])
def test_whatever_is_sent_the_description_holds(described, operation):
    """Made-up requests, sensible and not, get an answer as described: nothing falls over, nothing wrong passes.

    That a record which only fits the schema is taken cannot be asked: a life has an order that no schema knows.
    """
    path, method = operation

    @given(case=described[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE))
    @FEW
    def sensible(case):
        case.call_and_validate(checks=CHECKS, timeout=60)

    @given(case=described[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    @FEW
    def not_sensible(case):
        case.call_and_validate(checks=CHECKS, timeout=60)

    sensible()
    if method == "POST":
        not_sensible()


def asked(web, path="assess", **body):
    """The answer to a request; few draws, for speed."""
    return web.post(f"/api/{path}", json={"person": WOMAN, "draws": 20, **body})


def test_a_record_is_answered_with_an_assessment(web):
    """The answer has the form that `trabecula schema assessment` prints."""
    answer = asked(web)
    assert answer.status_code == 200
    assert Assessment.model_validate_json(answer.content).date == datetime.date(2026, 11, 22)


def test_plans_are_compared(web):
    """Each plan has a result, in the order in which they were sent."""
    other = {**PLAN, "name": "more"}
    answer = asked(web, "compare", plans=[PLAN, other]).json()
    assert [each["name"] for each in answer["plans"]] == ["falls", "more"]


def test_the_library_of_plans_can_be_sent_as_it_is(web):
    """A plan that the interface hands out it takes back."""
    plans = web.get("/api/plans").json()
    assert asked(web, "compare", plans=plans[:1]).status_code == 200


def test_every_problem_is_told_with_its_place(web):
    """All mistakes of a record come back at once, each with its path."""
    answer = asked(web, person={"birth_date": "soon", "sex": "female", "weight": 61})
    assert answer.status_code == 422
    assert {each["path"] for each in answer.json()["problems"]} == {"person.birth_date", "person.weight"}


def test_a_mistake_in_a_plan_is_told_with_its_number(web):
    """The second plan's mistake is the second plan's."""
    answer = asked(web, "compare", plans=[PLAN, {**PLAN, "edss": "better"}])
    assert [each["path"] for each in answer.json()["problems"]] == ["plans[1].edss"]


WRONG = {
    "steroids that are neither a group nor a list": {"plans": [{**PLAN, "steroids": True}]},
    "too many draws": {"draws": 10**9},
    "more draws and years than anybody waits for": {"draws": 1000, "horizon_y": 60},
    "a text for a number": {"draws": "20"},
    "an unknown field": {"sead": 1},
    "five plans": {"plans": [PLAN] * 5},
    "somebody who has died": {"person": {**WOMAN, "death_date": "2020-01-01"}},
    "a child": {"person": {**WOMAN, "birth_date": "2020-01-01"}},
    "somebody of 115": {"person": {**WOMAN, "birth_date": "1911-01-01"}},
    "a country without tables": {"person": {**WOMAN, "country": "FR"}},
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_answered_is_refused_kindly(web, what):
    """A request that makes no sense gets a reason and what to do."""
    answer = asked(web, "compare" if "plans" in WRONG[what] else "assess", **WRONG[what])
    assert answer.status_code == 422
    assert all(each["todo"] for each in answer.json()["problems"])


def test_a_record_with_more_values_than_a_life_has_is_refused(web):
    """Ten thousand courses are no person's, and nobody waits for them."""
    many = [{"start": "2000", "drug": "prednisone", "dose_mg": 5}] * 10_000
    answer = asked(web, person={**WOMAN, "steroids": many})
    assert answer.status_code == 422
    assert "values" in answer.json()["problems"][0]["found"]


def test_a_fault_of_ours_is_not_called_the_callers_mistake(web, monkeypatch):
    """Pydantic complains of our own records too; then a program is told of a fault, and not what to correct."""
    monkeypatch.setattr(api, "assessment_of", lambda _: Assessment.model_validate({}))
    answer = asked(web)
    assert answer.status_code == 500
    assert answer.json()["problems"][0]["found"] == "a fault in the program"


@pytest.mark.parametrize(
    ("method", "path", "size", "status", "expected"),
    [
        ("POST", "assess", 25_000_000, 413, "bytes"),
        ("POST", "assess", 2_000_000, 413, "bytes"),
        ("GET", "assess", 0, 405, "method"),
        ("POST", "asses", 0, 404, "API path"),
    ],
)
def test_what_reaches_no_answer_is_told_in_json(web, method, path, size, status, expected):
    """Too much, another method, another address: a program reads the same form of refusal."""
    headers = {"content-type": "application/json"}
    answer = web.request(method, f"/api/{path}", content=b" " * size, headers=headers)
    assert answer.status_code == status
    assert expected in answer.json()["problems"][0]["expected"]


def test_only_json_is_read(web):
    """A form of another site cannot pass for a program's request."""
    answer = web.post("/api/assess", content=b'{"person": {}}', headers={"content-type": "text/plain"})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[" * 100_000, b'{"draws": NaN}', b"\xff", b"null", b"9" * 10_000),
        *(b'{"person": {"sex": "\\ud800"}}', b'{"person": {"\\ud800": 1}}'),
    ],
)
def test_what_is_no_request_is_refused(web, body):
    """Broken, endless and empty bodies are told so."""
    answer = web.post("/api/assess", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422


dates = st.dates(datetime.date(1900, 1, 1), datetime.date(2030, 1, 1)).map(str)
courses = st.fixed_dictionaries(
    {"start": dates, "drug": st.sampled_from(["prednisone", "methylprednisolone"]), "dose_mg": st.floats(0.1, 5000)},
    optional={"days": st.integers(1, 3000), "end": dates, "every_days": st.integers(1, 31)},
)
scans = st.fixed_dictionaries(
    {"date": dates, "site": st.sampled_from(["total_hip", "femoral_neck", "lumbar_spine"])},
    optional={"bmd_g_cm2": st.floats(0.1, 2.5), "t_score": st.floats(-10, 10)},
)
people = st.fixed_dictionaries(
    {"birth_date": dates, "sex": st.sampled_from(["female", "male"])},
    optional={
        "assessed_on": dates,
        "weight_kg": st.floats(15, 450),
        "height_cm": st.floats(60, 260),
        "menopausal": st.booleans(),
        "steroids": st.lists(courses, max_size=4),
        "dxa": st.lists(scans, max_size=4),
        "falls": st.lists(st.fixed_dictionaries({"count": st.integers(0, 5000), "period_months": st.floats(0.1, 600)})),
        "ms": st.fixed_dictionaries({}, optional={"onset": dates, "course": st.sampled_from(["relapsing"])}),
    },
)


@given(person=people, horizon=st.floats(1, 60))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_possible_person_is_answered_or_refused(address, person, horizon):
    """However strange a life, its chances lie between 0 and 1, or there is a reason why they are not given."""
    body = {"person": person, "draws": 20, "horizon_y": horizon}
    answer = httpx.post(f"{address}/api/assess", json=body, timeout=60)
    if answer.status_code == 422:
        assert answer.json()["problems"]
        return
    risks = Assessment.model_validate_json(answer.content).risks
    assert all(0 <= each.risk.low <= each.risk.median <= each.risk.high <= 1 for each in risks)


@pytest.mark.parametrize(("code", "expected"), [("de", "eine ganze Zahl"), ("it", "un numero intero")])
def test_what_is_wrong_is_told_in_the_language_asked_for(web, code, expected):
    """By the address or by the header; the names of fields stay what they are."""
    body = {"person": WOMAN, "draws": "20"}
    by_address = web.post("/api/assess", params={"lang": code}, json=body).json()
    assert by_address == web.post("/api/assess", json=body, headers={"accept-language": code}).json()
    (problem,) = by_address["problems"]
    assert (problem["path"], problem["expected"]) == ("draws", expected)


@pytest.mark.parametrize(
    ("path", "said"), [("asses", "eine Adresse dieser Schnittstelle"), ("assess", "prüfen, was gesendet wird")]
)
def test_what_reaches_no_answer_is_told_in_the_language_too(web, path, said):
    """A wrong address, and a body that cannot be read."""
    headers = {"content-type": "application/json"}
    answer = web.post(f"/api/{path}", params={"lang": "de"}, content=b"{", headers=headers).json()
    assert said in answer["problems"][0].values()


def test_an_answer_can_be_had_as_fhir(address):
    """The same request gives a Bundle with the record and the answer, as FHIR's own kind of JSON."""
    answer = httpx.post(
        f"{address}/api/fhir", json={"person": {**WOMAN, "assessed_on": "2026-11-22"}, "draws": 20}, timeout=60
    )
    assert answer.headers["content-type"] == "application/fhir+json"
    kinds = {entry["resource"]["resourceType"] for entry in answer.json()["entry"]}
    assert {"Patient", "RiskAssessment", "CarePlan", "DocumentReference", "Provenance"} <= kinds
