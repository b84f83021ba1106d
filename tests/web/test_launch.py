"""The app is opened out of a record system (SMART app launch); its FHIR and authorisation server is a process."""

import datetime
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from beside import free_port, process
from trabecula.web import create_app
from trabecula.web.launch import LaunchRefused, LaunchSettings, read_launch
from trabecula.web.signin import _wanted

from .calling import fetched, record
from .conftest import FEW_DRAWS, KEY
from .serving import served

ON = datetime.date(2026, 11, 22)
APP, LAUNCH = "trabecula-app", "a-launch"
PERSON = record(
    injections=[{"drug": "denosumab", "date": f"202{year}-03-01"} for year in range(1, 6)],
    dxa=[{"date": "2022-12-01", "site": "femoral_neck", "t_score": -2.9}],
)


@pytest.fixture(scope="module")
def ehr(tmp_path_factory):
    """The address of the record system."""
    held = fetched(PERSON, ON)
    resources = [
        held["patient"],
        *(entry["resource"] for name in held if name != "patient" for entry in held[name]["entry"]),
    ]
    folder = tmp_path_factory.mktemp("ehr")
    (folder / "data.json").write_text(json.dumps(resources))
    (folder / "keys.json").write_text('{"keys": []}')
    script = Path(__file__).parents[1] / "adapters" / "smart_server.py"
    with process(script, folder / "data.json", folder / "keys.json", asked="asked") as address:
        yield address


@pytest.fixture(scope="module")
def clinic(ehr):
    """The address of the app, which knows two of the record system's servers."""
    port = free_port()
    servers = [{"name": name, "base_url": f"{ehr}/{name}", "client_id": APP} for name in ("well", "broken")]
    launch = LaunchSettings.model_validate({"public_url": f"http://127.0.0.1:{port}", "servers": servers})
    with served(create_app(today=lambda: ON, key=KEY, draws=FEW_DRAWS, launch=launch), port) as address:
        yield address


@pytest.fixture
def browser(clinic):
    """A browser that goes where it is led."""
    with httpx.Client(base_url=clinic, follow_redirects=True, timeout=300, headers={"accept-language": "en"}) as client:
        yield client


@pytest.fixture
def wrong(ehr):
    """Says what shall be wrong with the record system, for one test."""
    yield lambda **what: httpx.post(f"{ehr}/wrong", json=what)
    httpx.post(f"{ehr}/wrong", json={})


def asked_to_authorise(page):
    """What the record system was asked on the way."""
    (step,) = [step for step in page.history if step.url.path == "/authorize"]
    return {name: values[0] for name, values in parse_qs(step.url.query.decode()).items()}


@pytest.mark.parametrize("launch", [LAUNCH, ""])
def test_a_launch_ends_on_the_page_for_review(ehr, clinic, browser, launch):
    """Out of a patient's chart, or from here with the choice there; only reading is asked for, and nobody is named in
    an address of ours."""
    page = browser.get("/launch", params={"iss": f"{ehr}/well", **({"launch": launch} if launch else {})})
    assert page.status_code == 200, page.text
    way = [step.url.path for step in page.history]
    assert way == ["/launch", "/authorize", "/launched"]
    assert page.url.path.startswith("/page/")
    assert "Prolia" in page.text or "denosumab" in page.text.lower()
    assert "1979" in page.text or "2022-12-01" in page.text or "December 2022" in page.text
    asked = asked_to_authorise(page)
    scopes = asked["scope"].split()
    assert scopes[0] == ("launch" if launch else "launch/patient")
    assert all(scope.startswith("patient/") and scope.endswith(".rs") for scope in scopes[1:])
    assert asked["aud"] == f"{ehr}/well"
    ours = [str(step.url) for step in [*page.history, page] if str(step.url).startswith(clinic)]
    assert not any("p1" in address.split("?")[0] or "patient=" in address for address in ours)
    assert {line.split()[0] for line in httpx.get(f"{ehr}/asked").json() if "/token" not in line} == {"GET"}


@pytest.mark.parametrize("issuer", ["https://evil.example/fhir", "", "{ehr}/well/../other", "{ehr}/other"])
def test_only_servers_of_the_list_are_asked(ehr, browser, issuer):
    """An address in a link could be anybody's, and none is meant where there are two."""
    before = len(httpx.get(f"{ehr}/asked").json())
    page = browser.get("/launch", params={"iss": issuer.format(ehr=ehr), "launch": LAUNCH})
    assert page.status_code == 422 or page.status_code == 400
    assert "not on its list" in page.text
    assert len(httpx.get(f"{ehr}/asked").json()) == before


def way_back(ehr, browser):
    """The address to which the record system sends a browser back."""
    there = browser.get("/launch", params={"iss": f"{ehr}/well"}, follow_redirects=False).headers["location"]
    return httpx.get(there).headers["location"]


def test_a_way_back_is_good_once_and_for_the_browser_that_began_it(ehr, clinic, browser):
    """A code and state that somebody overheard, or slipped to a user, open nothing."""
    back = way_back(ehr, browser)
    with httpx.Client(base_url=clinic, timeout=300, headers={"accept-language": "en"}) as other:
        assert "did not begin" in other.get(back).text
    assert "did not begin" in browser.get(back).text, "it is used up"
    again = way_back(ehr, browser)
    assert browser.get(again.replace("state=", "state=x")).status_code != 200
    assert browser.get(again).status_code == 200
    assert "did not begin" in browser.get(again).text


def test_a_refusal_of_the_record_system_is_told(ehr, browser, wrong):
    """Somebody said no there: there is no code."""
    wrong(authorize={"error": "access_denied", "code": ""})
    page = browser.get("/launch", params={"iss": f"{ehr}/well"})
    assert "did not begin" in page.text
    assert page.status_code != 200


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"configuration": {"authorization_endpoint": "http://fhir.example/authorize"}}, "no authorization_endpoint"),
        ({"configuration": {"token_endpoint": None}}, "no token_endpoint"),
        ({"token": {"patient": ""}}, "found no patient"),
        ({"token": {"token_type": "mac"}}, "without a bearer token"),
        ({"token": {"patient": "p2"}}, "404"),
        ({"token": {"patient": "../p1"}}, "no id of FHIR"),
    ],
)
def test_what_a_record_system_says_wrong_is_told_without_an_id(ehr, browser, wrong, what, said):
    """Its own words are not repeated, and no half of a record is shown."""
    wrong(**what)
    page = browser.get("/launch", params={"iss": f"{ehr}/well"})
    assert page.status_code != 200
    assert said in page.text
    assert "Musterfrau" not in page.text


def test_half_a_record_is_not_shown(ehr, browser):
    """One type of resource ends in an error."""
    page = browser.get("/launch", params={"iss": f"{ehr}/broken"})
    assert page.status_code != 200
    assert "Observation: found an error of the server (500, exception)" in page.text


def test_without_settings_there_is_no_such_page():
    """Nobody launches what nobody set up."""
    with served(create_app(today=lambda: ON, key=KEY, draws=FEW_DRAWS)) as address:
        assert httpx.get(f"{address}/launch").status_code == 404


def test_who_has_to_sign_in_first_comes_back_to_the_launch():
    """With what the record system handed over; an address of another kind is not followed."""
    scope = {"path": "/launch", "query_string": b"iss=https%3A%2F%2Ffhir.example%2Fr4&launch=abc"}
    assert _wanted(scope) == "/launch?iss=https%3A%2F%2Ffhir.example%2Fr4&launch=abc"
    assert _wanted(scope | {"query_string": b'iss="><script>'}) == "/"
    assert _wanted({"path": "/form", "query_string": b"x=1"}) == "/form"
    assert urlsplit(_wanted(scope)).netloc == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"public_url": "http://bone.example"}, "https"),
        ({"servers": []}, "servers"),
        ({"servers": [{"name": "x", "base_url": "http://fhir.example", "client_id": "y"}]}, "https"),
        (
            {"servers": [{"name": "x", "base_url": "https://a.example", "client_id": "y", "key_file": "/nowhere"}]},
            "key",
        ),
        ({"more": 1}, "more"),
    ],
)
def test_settings_that_are_unsafe_or_misspelt_are_refused_at_the_start(tmp_path, change, said):
    """Not told to the first user."""
    good = {"public_url": "https://bone.example", "servers": [
        {"name": "x", "base_url": "https://a.example", "client_id": "y"}]}  # fmt: skip
    path = tmp_path / "smart.json"
    path.write_text(json.dumps(good))
    assert read_launch(str(path)) is not None
    path.write_text(json.dumps(good | change))
    with pytest.raises(LaunchRefused, match=said):
        read_launch(str(path))
