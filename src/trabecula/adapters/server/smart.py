"""How a program that nobody signs in to gets a token: SMART Backend Services (SMART App Launch 2.2).

The server says in `.well-known/smart-configuration` where tokens are given. The program proves who it is by a token of
its own, signed with a private key whose public half the server knows (RFC 7523), and asks to read, type by type.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Self

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from trabecula.adapters.server.addresses import is_private
from trabecula.adapters.server.pages import BUSY, ServerRefused

DISCOVERY = ".well-known/smart-configuration"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_S, _EARLY_S, _USUAL_S = 240, 30.0, 300.0
"""How long our own token is good, how long before its end a token is renewed, its life where nobody says [s]."""
_TIMEOUT_S, _LARGEST = 30.0, 200_000
"""How long the authorisation server may take [s], and how much it may say [bytes]."""
_MOST_WAITS = 3


class ServerSettings(BaseModel):
    """A FHIR server, and who we are there."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    base_url: Annotated[str, Field(min_length=1)]
    """The base address of the FHIR server."""
    client_id: str = ""
    """The name that the server gave to this program; empty where it asks nobody who they are."""
    key_file: Path | None = None
    """A file with our private key as a JWK; its public half was handed to the server."""
    scopes: str = ""
    """What is asked for; reading each type that is read, unless it is given."""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        """Encrypted; a name comes with a key; nothing but reading is asked for."""
        if not is_private(self.base_url):
            raise ValueError("base_url must begin with https://")
        if bool(self.client_id) != (self.key_file is not None):
            raise ValueError("client_id and key_file belong together")
        if not all(_only_reads(scope) for scope in self.scopes.split()):
            raise ValueError("scopes must be for reading alone, such as system/Observation.rs")
        return self


def _only_reads(scope: str) -> bool:
    """Whether a scope is for reading: `system/*.read` of the first version, `system/*.rs` of the second."""
    context, _, rest = scope.partition("/")
    return context == "system" and rest.partition("?")[0].rpartition(".")[2] in ("read", "r", "s", "rs")


def read_settings(path: str | Path) -> ServerSettings:
    """The settings in a file; raises ServerRefused for one that cannot be used."""
    try:
        settings = ServerSettings.model_validate_json(Path(path).read_bytes())
        if settings.key_file is not None:
            signing_key(settings.key_file)
        return settings
    except ValidationError as error:
        faults = ((".".join(map(str, found["loc"])), found["msg"]) for found in error.errors(include_input=False))
        told = "; ".join(": ".join(filter(None, (where, said))) for where, said in faults)
        raise ServerRefused(f"{path}: found settings that cannot be used ({told}); correct them") from None
    except OSError as error:
        raise ServerRefused(f"{path}: found no settings ({error.strerror}); expected a JSON file") from None


def signing_key(path: Path) -> Any:
    """The private key in a file; raises ServerRefused for what is none."""
    try:
        (key,) = KeySet.import_key_set({"keys": [json.loads(path.read_bytes())]}).keys
    except (OSError, ValueError, TypeError, KeyError, JoseError):
        key = None
    is_fit = isinstance(key, RSAKey) or (isinstance(key, ECKey) and key.curve_name == "P-384")
    if key is None or not is_fit or not key.is_private:
        raise ServerRefused(
            f"key_file: found {path}, which is no private key; expected a JWK of type RSA or EC (P-384)"
        )
    return key


async def discovered(client: httpx.AsyncClient, base: str) -> Mapping[str, Any]:
    """What a server says of its authorisation; raises ServerRefused where it says nothing that can be used."""
    found = await _json(client, "GET", f"{base.rstrip('/')}/{DISCOVERY}", "the server's smart-configuration")
    if not is_private(found.get("token_endpoint")):
        raise ServerRefused("the server's smart-configuration: found no token_endpoint with https; expected one")
    return found


async def _asked(client: httpx.AsyncClient, method: str, url: str, what: str, **sent: Any) -> httpx.Response:
    """One answer of an authorisation server."""
    try:
        return await client.request(method, url, headers={"Accept": "application/json"}, timeout=_TIMEOUT_S, **sent)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = type(error).__name__
        raise ServerRefused(f"{what}: found no answer ({why}); expected one; try again") from None


async def _json(client: httpx.AsyncClient, method: str, url: str, what: str, **sent: Any) -> Mapping[str, Any]:
    """A JSON object from an authorisation server; a busy one is asked again."""
    answer = await _asked(client, method, url, what, **sent)
    for attempt in range(_MOST_WAITS - 1):
        if answer.status_code not in BUSY:
            break
        await asyncio.sleep(2.0**attempt)
        answer = await _asked(client, method, url, what, **sent)
    try:
        found = answer.json() if len(answer.content) <= _LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if answer.status_code != httpx.codes.OK or not isinstance(found, dict):
        code = found.get("error") if isinstance(found, dict) else ""
        told = f"{answer.status_code}{f', {code}' if isinstance(code, str) and code.isidentifier() else ''}"
        raise ServerRefused(f"{what}: found an answer that is none ({told}); expected JSON", answer.status_code)
    return found


async def token_of(client: httpx.AsyncClient, address: str, form: Mapping[str, str], **sent: Any) -> Mapping[str, Any]:
    """The answer of a token endpoint, with a bearer token in it; raises ServerRefused."""
    found = await _json(client, "POST", address, "the server's tokens", data=dict(form), **sent)
    token, kind = found.get("access_token"), found.get("token_type")
    if not isinstance(token, str) or not token or not isinstance(kind, str) or kind.lower() != "bearer":
        raise ServerRefused("the server's tokens: found an answer without a bearer token; expected one")
    return found


class BackendToken:
    """The token of a program: asked for when it is first needed, renewed before it ends or when it is not taken."""

    def __init__(
        self, client: httpx.AsyncClient, settings: ServerSettings, kinds: Iterable[str],
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self.client, self.settings, self.kinds, self.clock = client, settings, tuple(kinds), clock
        self._token, self._until = "", float("-inf")
        self._lock = asyncio.Lock()

    async def __call__(self, renew: bool = False) -> str:
        """The token; `renew`: the last one was not taken. Raises ServerRefused."""
        before = self._token
        async with self._lock:
            if self._token == before and (renew or self.clock() >= self._until):
                await self._ask()
            return self._token

    async def _ask(self) -> None:
        """A new token."""
        says = await discovered(self.client, self.settings.base_url)
        address = says["token_endpoint"]
        assert self.settings.key_file is not None, "a token is asked for with a key"
        proof = asserted(self.settings.client_id, self.settings.key_file, address, self.clock())
        asked = self.settings.scopes or scopes("system", self.kinds, says)
        form = {"grant_type": "client_credentials", "scope": asked, **proof}
        found = await token_of(self.client, address, form)
        lasts = found.get("expires_in")
        seconds = lasts if isinstance(lasts, int | float) and lasts > 0 else _USUAL_S
        self._token, self._until = found["access_token"], self.clock() + max(seconds - _EARLY_S, seconds / 2)


def scopes(context: str, kinds: Iterable[str], says: Mapping[str, Any]) -> str:
    """Reading each type, in the words of the version that the server speaks; context: `system` or `patient`."""
    capabilities = says.get("capabilities")
    is_new = isinstance(capabilities, list) and "permission-v2" in capabilities
    return " ".join(f"{context}/{kind}.{'rs' if is_new else 'read'}" for kind in sorted(kinds))


def asserted(client_id: str, key_file: Path, audience: str, now: float) -> Mapping[str, str]:
    """Who we are, signed for the one server that it is sent to, as fields of a form."""
    key = signing_key(key_file)
    algorithm = "ES384" if isinstance(key, ECKey) else "RS384"
    header = {"alg": algorithm, "typ": "JWT", "kid": key.kid or key.thumbprint()}
    claims = {
        "iss": client_id, "sub": client_id, "aud": audience, "iat": int(now), "exp": int(now) + _ASSERTION_S,
        "jti": secrets.token_urlsafe(),
    }  # fmt: skip
    signed = jwt.encode(header, claims, key, algorithms=[algorithm])
    return {"client_assertion_type": _ASSERTION, "client_assertion": signed}
