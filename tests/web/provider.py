"""A small OpenID provider for the tests, in a process of its own: real HTTP, real keys, real signed tokens.

    python tests/web/provider.py PORT

Whoever is sent here is signed in at once, as the user that `POST /next` last named; that also says what shall be wrong
with the next ID token: other claims, no signature, a key that is not published.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT, SECRET = "trabecula", "a secret of the client"
KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
FOREIGN = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})


def provider(address):
    """The provider at an address."""
    codes, following = {}, {}

    async def metadata(_):
        return JSONResponse({
            "issuer": address, "authorization_endpoint": f"{address}/authorize", "token_endpoint": f"{address}/token",
            "jwks_uri": f"{address}/keys",
        })  # fmt: skip

    async def keys(_):
        return JSONResponse({"keys": [KEY.as_dict(private=False)]})

    async def following_user(request):
        following.clear()
        following.update(await request.json())
        return JSONResponse({})

    async def authorize(request):
        asked, code = request.query_params, secrets.token_urlsafe()
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        codes[code] = (dict(asked), dict(following))
        back = urlencode({"code": code, "state": asked["state"], "iss": address})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    async def token(request):
        form = await request.form()
        asked, wanted = codes.pop(form["code"], (None, None))
        if asked is None or not may(request, form, asked):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"token_type": "Bearer", "access_token": "x", "id_token": signed(address, asked, wanted)})

    return Starlette(routes=[
        Route("/.well-known/openid-configuration", metadata), Route("/keys", keys), Route("/authorize", authorize),
        Route("/token", token, methods=["POST"]), Route("/next", following_user, methods=["POST"]),
    ])  # fmt: skip


def may(request, form, asked):
    """Whether a code is exchanged by the client that it was made for, with the verifier."""
    expected = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    return (
        request.headers.get("authorization") == f"Basic {expected}"
        and challenge == asked["code_challenge"]
        and form["redirect_uri"] == asked["redirect_uri"]
    )


def signed(address, asked, wanted):
    """An ID token, with what shall be other than it should."""
    now = int(time.time())
    claims = {
        "iss": address, "sub": "u-1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"],
        "groups": ["bone-clinic"], **wanted.get("claims", {}),
    }  # fmt: skip
    claims = {name: value for name, value in claims.items() if value is not None}
    if wanted.get("unsigned"):
        parts = (json.dumps({"alg": "none", "kid": "1"}), json.dumps(claims))
        return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts) + "."
    key = FOREIGN if wanted.get("foreign") else KEY
    return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)


if __name__ == "__main__":
    port = int(sys.argv[1])
    uvicorn.run(provider(f"http://127.0.0.1:{port}"), host="127.0.0.1", port=port, log_level="warning")
