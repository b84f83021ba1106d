"""Who may call: signatures of listed issuers, for this address, now, once; whoever is refused is not told why."""

import base64
import hmac
import json
import time

import pytest
from joserfc.jwk import ECKey, RSAKey

from trabecula.web import create_app
from trabecula.web.hooks import HookSettings
from trabecula.web.tokens import Issuer, TokenCheck, TokenRefused

from .calling import BASE, ISSUER, KEYS_AT, call, finished, key, posted, public, token

PATH = "/cds-services/trabecula-patient-view"
NOW = 1_795_000_000.0
FIRST, SECOND = key("first"), key("second")


class Keys:
    """A JWK Set at an address, which may change; counts how often it is asked for."""

    def __init__(self, *keys):
        self.published, self.asked = public(*keys), 0

    async def fetch(self, address):
        """What is published."""
        assert address == KEYS_AT
        self.asked += 1
        return self.published


def check(keys=None, now=NOW):
    """A check of tokens with a clock that stands still."""
    clock = [now]
    made = TokenCheck([Issuer(ISSUER, KEYS_AT)], (keys or Keys(FIRST)).fetch, lambda: clock[0])
    return made, clock


def says(made, signed, audience=f"{BASE}{PATH}"):
    """The claims of a token, or None where it is refused."""
    try:
        return finished(made.claims(f"Bearer {signed}", audience))
    except TokenRefused:
        return None


def test_a_token_of_a_listed_issuer_is_believed():
    """As the sandbox signs them: ES384, with `jku`, for five minutes."""
    made, _ = check()
    assert says(made, token(FIRST, PATH, NOW))["iss"] == ISSUER


@pytest.mark.parametrize(
    ("algorithm", "signing"),
    [
        ("ES256", ECKey.generate_key("P-256", {"kid": "first"})),
        ("RS384", RSAKey.generate_key(2048, {"kid": "first"})),
        ("PS256", RSAKey.generate_key(2048, {"kid": "first"})),
    ],
)
def test_usual_signatures_are_read(algorithm, signing):
    """Elliptic curves and RSA."""
    made, _ = check(Keys(signing))
    assert says(made, token(signing, PATH, NOW, algorithm))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://somebody.example"}, {"iss": None}, {"aud": f"{BASE}/cds-services/another"}, {"aud": None},
        {"aud": []}, {"exp": NOW - 61}, {"exp": None}, {"exp": "soon"}, {"exp": True}, {"iat": NOW + 3600},
        {"iat": None},
        {"exp": NOW + 7200}, {"nbf": NOW + 600}, {"jti": None}, {"jti": ""}, {"jti": 7}, {"iat": float("1e300")},
    ],
)  # fmt: skip
def test_claims_that_do_not_hold_are_refused(claims):
    """Another issuer or address, too late, too early, for too long, without a number of its own."""
    made, _ = check()
    assert says(made, token(FIRST, PATH, NOW, **claims)) is None


def test_several_audiences_may_be_named():
    """`aud` may be a list."""
    made, _ = check()
    assert says(made, token(FIRST, PATH, NOW, aud=["https://other.example", f"{BASE}{PATH}"]))


def test_a_token_is_good_once():
    """The same `jti` again is a replay; after it has expired it is refused for that, and no longer remembered."""
    made, clock = check()
    signed = token(FIRST, PATH, NOW, jti="once")
    assert says(made, signed)
    assert says(made, signed) is None
    assert says(made, token(FIRST, PATH, NOW, jti="once")) is None
    clock[0] = NOW + 1000
    assert says(made, signed) is None
    assert says(made, token(FIRST, PATH, NOW + 1000, jti="once"))


def test_a_signature_of_another_key_is_refused():
    """The right `kid` over the wrong key; a changed payload; half a token."""
    made, _ = check()
    signed = token(key("first"), PATH, NOW)
    assert says(made, signed) is None
    head, body, signature = token(FIRST, PATH, NOW).split(".")
    other = token(FIRST, PATH, NOW, sub="x").split(".")[1]
    for broken in (f"{head}.{other}.{signature}", f"{head}.{body}.", f"{head}.{body}", "", "a.b.c", "ü" * 10):
        assert says(made, broken) is None


def part(data):
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def test_unsigned_and_shared_secrets_are_refused():
    """`alg: none` in any spelling, and an HMAC whose secret is our copy of the public key."""
    made, _ = check()
    claims = part({"iss": ISSUER, "aud": f"{BASE}{PATH}", "exp": NOW + 300, "iat": NOW, "jti": "x"})
    for algorithm in ("none", "None", "NONE", "", None):
        assert says(made, f"{part({'alg': algorithm, 'kid': 'first'})}.{claims}.") is None
    signed = f"{part({'alg': 'HS256', 'kid': 'first'})}.{claims}"
    mac = hmac.new(FIRST.as_pem(private=False), signed.encode(), "sha256").digest()
    assert says(made, f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}") is None


def test_another_address_of_keys_is_refused():
    """A `jku` that is not the one on our list is never asked."""
    keys = Keys(FIRST)
    made = TokenCheck([Issuer(ISSUER, f"{ISSUER}/other.json")], keys.fetch, lambda: NOW)
    assert says(made, token(FIRST, PATH, NOW)) is None
    assert keys.asked == 0


def test_keys_may_rotate():
    """A new `kid` is fetched, the old key is refused once it is gone, and strangers cannot make us ask all the time."""
    keys = Keys(FIRST)
    made, clock = check(keys)
    assert says(made, token(FIRST, PATH, NOW))
    keys.published = public(SECOND)
    clock[0] += 31
    assert says(made, token(SECOND, PATH, clock[0]))
    assert says(made, token(FIRST, PATH, clock[0])) is None
    asked = keys.asked
    for number in range(50):
        assert says(made, token(key(f"unknown-{number}"), PATH, clock[0])) is None
    assert keys.asked == asked


def test_keys_can_be_handed_over():
    """An issuer whose keys stand in the settings is never asked for them."""
    keys = Keys()
    made = TokenCheck([Issuer(ISSUER, KEYS_AT, public(FIRST)["keys"])], keys.fetch, lambda: NOW)
    assert says(made, token(FIRST, PATH, NOW))
    assert keys.asked == 0


def test_an_issuer_whose_keys_cannot_be_had_is_refused_until_they_can():
    """Its server is down: no token passes, and it is asked again a little later."""

    async def down(_):
        raise TokenRefused

    keys = Keys(FIRST)
    made, clock = check(keys)
    made.fetch = down
    assert says(made, token(FIRST, PATH, NOW)) is None
    made.fetch = keys.fetch
    clock[0] += 31
    assert says(made, token(FIRST, PATH, clock[0]))


def settings(**more):
    """An app that others reach: one client, whose key was handed over."""
    clients = {ISSUER: {"jwks_uri": KEYS_AT, "keys": public(FIRST)["keys"]}}
    return HookSettings.model_validate({"base_url": BASE, "clients": clients, **more})


@pytest.mark.parametrize(
    "signed",
    [
        token(key("first"), PATH), token(FIRST, PATH, iss="https://somebody.example"), token(FIRST, PATH, exp=1),
        token(FIRST, "/cds-services"), f"{part({'alg': 'none'})}.{part({'iss': ISSUER})}.", "", "x",
    ],
    ids=["signature", "issuer", "expired", "audience", "none", "nothing", "noise"],
)  # fmt: skip
def test_whoever_is_refused_is_not_told_why(signed, monkeypatch):
    """401 and nothing else, whatever was wrong; the body of the request is not even read."""
    monkeypatch.setattr("trabecula.web.tokens.fetch_keys", None)
    app = create_app(settings=settings())
    found = finished(posted(app, PATH, {}, Authorization=f"Bearer {signed}"))
    assert (found.status_code, found.json()) == (401, {})
    assert found.headers["www-authenticate"] == "Bearer"


def test_a_replayed_call_is_refused():
    """The same request sent twice with the same token."""
    app = create_app(settings=settings())
    signed = {"Authorization": f"Bearer {token(FIRST, PATH, time.time())}"}
    statuses = [finished(posted(app, PATH, call("patient-view", {}), **signed)).status_code for _ in range(2)]
    assert statuses == [412, 401]


def test_an_app_with_a_password_and_no_clients_answers_nobody():
    """Others can reach it, and nobody is on the list; the password of the pages is none for a program."""
    app = create_app(password="a long password of ours")
    basic = base64.b64encode(b"x:a long password of ours").decode()
    assert finished(posted(app, PATH, {}, Authorization=f"Basic {basic}")).status_code == 401


def test_a_page_of_a_listed_site_may_call_and_no_other():
    """CORS: the preflight of a listed origin is answered, another gets no leave, and cookies are never asked for."""
    import httpx

    app = create_app(settings=settings(origins=["https://sandbox.cds-hooks.org"]))

    async def ask(origin):
        headers = {
            "Origin": origin, "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }  # fmt: skip
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
            return await client.options(PATH, headers=headers)

    listed, other = finished(ask("https://sandbox.cds-hooks.org")), finished(ask("https://evil.example"))
    assert listed.headers["access-control-allow-origin"] == "https://sandbox.cds-hooks.org"
    assert "authorization" in listed.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in listed.headers
    assert "access-control-allow-origin" not in other.headers


def test_a_foreign_name_is_not_answered_on_this_machine_alone():
    """Without clients only the machine's own names are: another that resolves to it is a trick."""
    import httpx

    async def ask(base):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app()), base_url=base) as client:
            return (await client.get("/cds-services")).status_code

    assert finished(ask("http://localhost")) == 200
    assert finished(ask("http://evil.example")) == 421
