"""Several users: signing in at a provider in a process of its own, roles, sessions, limits, what is written down."""

import json
import threading
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from beside import process
from trabecula.web import accounts, connections, create_app, signin
from trabecula.web.accounts import Requests, SignInRefused, SignInSettings, UserSessions, read_sign_in
from trabecula.web.audit import AuditLog, broken_at

from .conftest import FEW_DRAWS, KEY, TODAY
from .provider import CLIENT, SECRET

HERE = Path(__file__).parent
PAGE = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def provider():
    """The address of the provider."""
    with process(HERE / "provider.py", asked="keys") as address:
        yield address


@contextmanager
def running(app):
    """An app on a free port."""
    listening = connections.listen("127.0.0.1", 0)
    address = connections.address(listening).rstrip("/")
    config = uvicorn.Config(app(address), access_log=False, log_level="warning", http=connections.PromptProtocol)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    yield address
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the secret and the log are."""
    folder = tmp_path_factory.mktemp("several")
    (folder / "secret").write_text(SECRET)
    return folder


@pytest.fixture(scope="module")
def clinic(provider, folder):
    """The address of an app to which users sign in."""

    def app(address):
        settings = SignInSettings(
            public_url=address, issuer=provider, client_id=CLIENT, client_secret_file=folder / "secret",
            roles={"bone-clinic": "clinician", "bone-research": "analyst"}, audit=folder / "audit.jsonl",
        )  # fmt: skip
        return create_app(today=lambda: TODAY, key=KEY, draws=FEW_DRAWS, sign_in=settings)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(signin, "_SIGN_INS_AT_ONCE", 1_000)
        with running(app) as address:
            yield address


def visit(clinic):
    """A browser that goes where it is led."""
    return httpx.Client(base_url=clinic, follow_redirects=True, timeout=120, headers={"accept-language": "en"})


def following(provider, **wanted):
    """Says who signs in next, and what is wrong with their token."""
    httpx.post(f"{provider}/next", json=wanted).raise_for_status()


@pytest.fixture
def signed_in(clinic, provider):
    """The browser of a clinician who has signed in."""
    following(provider)
    with visit(clinic) as client:
        client.get("/")
        yield client


def test_somebody_is_led_to_the_provider_and_back_to_the_page_they_wanted(clinic, provider):
    """With a session that scripts cannot read, and under the address that was asked for."""
    following(provider)
    with visit(clinic) as client:
        page = client.get("/form")
        assert page.status_code == 200
        way = ["/form", "/sign-in", "/authorize", "/signed-in", "/form"]
        assert [step.url.path for step in page.history] == way
        (cookie,) = [cookie for cookie in client.cookies.jar if "session" in cookie.name]
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert "Sign out" in page.text
        answer = client.post("/example/ms_woman_44", headers=PAGE)
        assert "Woman of 44" in answer.text


WRONG = {
    "another key": {"foreign": True},
    "no signature": {"unsigned": True},
    "expired": {"claims": {"exp": 1_000_000_000, "iat": 999_999_000}},
    "of the future": {"claims": {"iat": 4_000_000_000, "exp": 4_000_000_300}},
    "for somebody else": {"claims": {"aud": "another"}},
    "for several": {"claims": {"aud": ["trabecula", "another"]}},
    "another issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "another attempt": {"claims": {"nonce": "x"}},
    "no nonce": {"claims": {"nonce": None}},
    "nobody": {"claims": {"sub": ""}},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_is_wrong_lets_nobody_in_and_says_nothing(clinic, provider, wrong):
    """One sentence for every fault, no session, and nothing on the page of what was wrong."""
    following(provider, **WRONG[wrong])
    with visit(clinic) as client:
        page = client.get("/sign-in")
        assert page.status_code == 401
        assert "You are not signed in." in page.text
        assert not any("session" in name for name in client.cookies)
        plain = page.text.lower()
        assert not any(word in plain for word in ("token", "nonce", "issuer", "audience", "signature", "expired"))


def test_a_way_back_is_good_once_and_for_the_browser_that_began_it(clinic, provider):
    """A code and state that somebody overheard, or that were used, open nothing."""
    following(provider)
    with visit(clinic) as one, visit(clinic) as other:
        there = one.get("/sign-in", follow_redirects=False).headers["location"]
        back = httpx.get(there).headers["location"]
        assert other.get(back).status_code == 401
        assert one.get(back).status_code == 401
        there = one.get("/sign-in", follow_redirects=False).headers["location"]
        back = httpx.get(there).headers["location"]
        assert one.get(back).status_code == 200
        assert one.get(back).status_code == 401


def test_nobody_is_led_to_a_page_of_somebody_else(clinic, provider):
    """Whatever the address of signing in says."""
    following(provider)
    for to in ("//evil.example", "https://evil.example/", "/\\evil.example", "/form?x=1"):
        with visit(clinic) as client:
            assert client.get("/sign-in", params={"to": to}).url.path == "/"


def test_without_a_session_nothing_is_answered_but_styles_and_health(clinic):
    """Pages lead to signing in, forms and programs are refused."""
    with httpx.Client(base_url=clinic) as client:
        assert client.get("/form").headers["location"] == "/sign-in?to=%2Fform"
        assert client.post("/form", headers=PAGE, data={"do": "next"}).status_code == 401
        part = client.post("/what-if", headers={**PAGE, "hx-request": "true"})
        assert (part.status_code, "<html" in part.text) == (401, False)
        assert client.post("/api/assess", headers=PAGE, json={}).status_code == 401
        assert client.get("/openapi.json").status_code == 401
        assert client.post("/cds-services/trabecula-patient-view", json={}).status_code == 401
        assert client.get("/static/web.css").status_code == 200
        assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok")
        assert client.get("/healthz", headers={"host": "10.0.0.1"}).status_code == 200
        assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 421


def test_a_role_opens_what_it_opens(clinic, provider):
    """A clinician has no interface for programs, an analyst has; who has no role sees nothing."""
    expected = {"bone-clinic": (200, 403), "bone-research": (200, 200), "porters": (403, 403)}
    for group, (pages, api) in expected.items():
        following(provider, claims={"groups": [group], "sub": group})
        with visit(clinic) as client:
            assert (client.get("/").status_code, client.get("/api/plans").status_code) == (pages, api), group


def test_a_form_of_another_site_does_nothing_for_who_is_signed_in(signed_in):
    """Nor does one of a browser that does not say where it comes from."""
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil"}, {}):
        assert signed_in.post("/example/ms_woman_44", headers=headers).status_code == 403
    assert signed_in.post("/form", headers=PAGE, data={"do": "next"}).status_code in (200, 422)


def test_signing_out_ends_the_session_everywhere_in_the_browser(clinic, provider):
    """The session is over even for who kept the cookie, and the browser is told to forget."""
    following(provider)
    with visit(clinic) as client:
        client.get("/")
        kept = {name: value for name, value in client.cookies.items() if "session" in name}
        page = client.post("/sign-out", headers=PAGE)
        assert "You are signed out" in page.text
        assert page.headers["clear-site-data"] == '"cache", "cookies", "storage"'
        again = httpx.get(f"{clinic}/form", cookies=kept)
        assert again.headers["location"].startswith("/sign-in")


def test_pages_that_were_kept_for_one_user_do_not_open_for_the_next(clinic, provider):
    """In the same browser, with the same cookie of the browser."""
    with visit(clinic) as client:
        following(provider, claims={"sub": "anna"})
        client.get("/")
        kept = client.post("/form", headers=PAGE, data={"do": "next", "step": "person", "height_cm": "166"}).url.path
        assert "166" in client.get(kept).text
        following(provider, claims={"sub": "bert"})
        client.get("/sign-in")
        assert client.get(kept).status_code == 410


def test_the_log_says_who_came_and_nothing_about_health(clinic, provider, folder):
    """Each line follows from the one before; what somebody typed, or the name of a page, is in none."""
    following(provider, claims={"sub": "reader-7"})
    with visit(clinic) as client:
        client.get("/")
        client.post("/form", headers=PAGE, data={"do": "next", "step": "person", "height_cm": "171"})
        client.post("/sign-out", headers=PAGE)
    log = folder / "audit.jsonl"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    mine = [line for line in lines if line["user"] == "reader-7"]
    assert (mine[0]["event"], mine[-1]["event"]) == ("signed_in", "signed_out")
    assert {"GET /", "POST /form", "GET /page"} <= {line["what"] for line in mine}
    assert "171" not in "".join(line["what"] for line in lines)
    assert broken_at(log) is None
    assert log.stat().st_mode & 0o077 == 0


def test_whoever_asks_too_often_is_told_to_wait(clinic, provider):
    """A user who is signed in, by the hundred; another one is answered."""
    following(provider, claims={"sub": "hasty"})
    with visit(clinic) as hasty, visit(clinic) as calm:
        hasty.get("/about")
        statuses = [hasty.get("/about") for _ in range(90)]
        refused = [answer for answer in statuses if answer.status_code == 429]
        assert refused
        assert int(refused[0].headers["retry-after"]) >= 1
        following(provider, claims={"sub": "calm"})
        assert calm.get("/about").status_code == 200


def test_an_answer_that_takes_too_long_is_given_up(clinic, provider, monkeypatch):
    """With a sentence, and not with a page that never comes."""
    monkeypatch.setattr(signin, "LONGEST_S", 0.0)
    following(provider)
    with visit(clinic) as client:
        answer = client.post("/example/ms_woman_67", headers=PAGE)
        if answer.status_code == 401:
            client.get("/sign-in")
            answer = client.post("/example/ms_woman_67", headers=PAGE)
    assert (answer.status_code, "took too long" in answer.text) == (503, True)


def test_a_log_that_was_changed_is_found(tmp_path):
    """A line altered, one taken out, one put in; and a log goes on where it ended."""
    path = tmp_path / "log"
    for name in ("a", "b"):
        log = AuditLog(path)
        log.write("signed_in", name)
        log.write("request", name, "GET /", 200)
    assert broken_at(path) is None
    lines = path.read_text().splitlines()
    for changed, at in (
        ([lines[0], lines[1].replace('"a"', '"b"'), *lines[2:]], 2), ([lines[0], *lines[2:]], 2),
        ([*lines[:2], lines[0], *lines[2:]], 3), ([lines[0], "no json", *lines[2:]], 2),
    ):  # fmt: skip
        path.write_text("\n".join(changed) + "\n")
        assert broken_at(path) == at


def test_sessions_end_by_themselves_and_are_few():
    """After half an hour without a request, after a working day, and the oldest of more than five."""
    now = [0.0]
    sessions = UserSessions(lambda: now[0])
    secret = sessions.begin("u", frozenset({"clinician"}))
    assert sessions.of(secret).user == "u"
    now[0] += accounts.IDLE_S + 1
    assert sessions.of(secret) is None
    secret = sessions.begin("u", frozenset())
    for _ in range(25):
        now[0] += accounts.IDLE_S - 1
        last = sessions.of(secret)
    assert last is None
    first, *others = (sessions.begin("u", frozenset()) for _ in range(6))
    assert sessions.of(first) is None
    assert all(sessions.of(secret) for secret in others)
    assert secret.encode() not in repr(sessions._open).encode()


def test_who_asks_too_often_waits_and_others_do_not():
    """So many at once, then so many a minute."""
    now = [0.0]
    requests = Requests(3, 60, lambda: now[0])
    assert [requests.wait_s("a") for _ in range(4)] == [0, 0, 0, 1]
    assert requests.wait_s("b") == 0
    now[0] += 1.0
    assert [requests.wait_s("a"), requests.wait_s("a")] == [0, 1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"public_url": "http://bone.example"}, "public_url must begin with https://"),
        ({"issuer": "ftp://id.example"}, "issuer must begin with https://"),
        ({"roles": {}}, "roles must name at least one value"),
        ({"roles": {"x": "king"}}, "roles.x"),
        ({"audit": "/no/such/folder/log"}, "cannot be used (FileNotFoundError)"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_settings_that_cannot_be_used_are_told_at_the_start(tmp_path, change, told):
    """Which file, which field, and what is wrong with it."""
    good = {"public_url": "https://bone.example", "issuer": "https://id.example", "client_id": "x",
            "roles": {"x": "clinician"}, "audit": str(tmp_path / "log")}  # fmt: skip
    file = tmp_path / "sign-in.json"
    file.write_text(json.dumps(good))
    assert read_sign_in(str(file)).return_url == "https://bone.example/signed-in"
    file.write_text(json.dumps(good | change))
    with pytest.raises(SignInRefused, match=r"sign-in\.json") as refused:
        read_sign_in(str(file))
    assert told in str(refused.value)
    assert read_sign_in(None) is None
