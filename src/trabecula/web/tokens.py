"""Tokens that other programs sign: whose they are is known by their keys, and each is good once.

A token is a JSON Web Token (RFC 7519) in the header `Authorization: Bearer ...`. It is believed when its issuer is on
our list, its signature fits a key that this issuer publishes under the token's `kid`, it is for the address that was
called, it has neither expired nor lies in the future nor lasts longer than it may, and its `jti` was not seen before.
Keys are fetched from the issuer's JWK Set and fetched anew for a `kid` that is not known, so that keys may rotate. Why
a token is refused is told to nobody.
"""

import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
"""Signatures with a key of which only half is known to us; never `none`, never a shared secret."""
LONGEST_S, SKEW_S = 3600, 60
"""How long a token may be good, and how far clocks may be apart [s]."""
_LONGEST_TOKEN = 16_000
_KEYS_S, _ASK_AGAIN_S, _KEYS_TIMEOUT_S = 600.0, 30.0, 5.0
"""How long fetched keys are good, how soon they are fetched again for an unknown `kid`, how long that may take [s]."""
_MOST_SEEN = 100_000
"""Tokens that are remembered; beyond that none is taken until some have expired."""
_LARGEST_KEYS = 200_000
Fetch = Callable[[str], Awaitable[Mapping[str, Any]]]
"""Brings the JWK Set of an address."""


class TokenRefused(ValueError):
    """A token that is not believed; whoever sent it is not told why."""


@dataclass(frozen=True)
class Issuer:
    """Somebody whose tokens are believed."""

    name: str
    """The `iss` of its tokens."""
    keys_at: str = ""
    """The address of its JWK Set; a token's own `jku` must be the same."""
    keys: Sequence[Mapping[str, Any]] = ()
    """Its keys, where they were handed over by other means."""


@dataclass
class _Kept:
    """Keys of an issuer, by `kid`."""

    keys: Mapping[str, Any] = field(default_factory=dict)
    at: float = float("-inf")


async def fetch_keys(address: str) -> Mapping[str, Any]:
    """A JWK Set over HTTP; no redirect is followed. Raises TokenRefused where there is none."""
    try:
        async with httpx.AsyncClient(timeout=_KEYS_TIMEOUT_S) as client:
            answer = await client.get(address)
        if answer.status_code != httpx.codes.OK or len(answer.content) > _LARGEST_KEYS:
            raise TokenRefused
        return answer.json()
    except (httpx.HTTPError, ValueError):
        raise TokenRefused from None


class TokenCheck:
    """Checks tokens of some issuers; remembers those that it has seen until they expire."""

    def __init__(
        self, issuers: Sequence[Issuer], fetch: Fetch = fetch_keys, clock: Callable[[], float] = time.time
    ) -> None:
        self.issuers = {issuer.name: issuer for issuer in issuers}
        self.fetch, self.clock = fetch, clock
        self._kept: dict[str, _Kept] = {}
        self._seen: dict[tuple[str, str], float] = {}

    async def claims(self, authorization: str, audience: str) -> Mapping[str, Any]:
        """What a token says, if it may be believed by who is called at `audience`; raises TokenRefused."""
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not 0 < len(token) <= _LONGEST_TOKEN:
            raise TokenRefused
        header, issuer = self._unproven(token)
        key = await self._key(issuer, header)
        try:
            claims = jwt.decode(token, key, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, TypeError, KeyError):
            raise TokenRefused from None
        self._check(claims, issuer, audience)
        return claims

    def _unproven(self, token: str) -> tuple[Mapping[str, Any], Issuer]:
        """The header, and who the token says it is from: nothing of it is believed before the signature is."""
        try:
            signed = jws.extract_compact(token.encode("ascii"))
            header, claims = signed.headers(), json.loads(signed.payload)
            issuer = self.issuers[claims["iss"]]
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise TokenRefused from None
        if header.get("alg") not in ALGORITHMS or header.get("jku", issuer.keys_at) != issuer.keys_at:
            raise TokenRefused
        return header, issuer

    async def _key(self, issuer: Issuer, header: Mapping[str, Any]) -> Any:
        """The key that the header names, fetched again where it is not among those that are kept."""
        kid, now = header.get("kid"), self.clock()
        if not isinstance(kid, str):
            raise TokenRefused
        kept = self._kept.setdefault(issuer.name, _Kept())
        handed = _by_kid(issuer.keys)
        if kid not in handed and issuer.keys_at and now - kept.at > (_KEYS_S if kid in kept.keys else _ASK_AGAIN_S):
            kept.at = now
            with suppress(TokenRefused):  # while its server is down, its keys of before are good
                kept.keys = _by_kid((await self.fetch(issuer.keys_at)).get("keys", ()))
        key = handed.get(kid) or kept.keys.get(kid)
        if key is None:
            raise TokenRefused
        return key

    def _check(self, claims: Mapping[str, Any], issuer: Issuer, audience: str) -> None:
        """Issuer, audience, time and use of a token whose signature holds."""
        now, listed = self.clock(), claims.get("aud")
        expires, issued, jti = claims.get("exp", ""), claims.get("iat", ""), claims.get("jti")
        audiences = listed if isinstance(listed, list) else [listed]
        is_whole = all(isinstance(at, int | float) and not isinstance(at, bool) for at in (expires, issued))
        if not is_whole or not isinstance(jti, str) or not jti or audience not in audiences:
            raise TokenRefused
        is_now = issued <= now + SKEW_S and now - SKEW_S < expires <= issued + LONGEST_S
        if not is_now or claims.get("nbf", issued) > now + SKEW_S:
            raise TokenRefused
        self._once((issuer.name, jti), expires + SKEW_S)

    def _once(self, token: tuple[str, str], until: float) -> None:
        """Refuse a token that was seen; remember it until it would expire anyway."""
        now = self.clock()
        if len(self._seen) >= _MOST_SEEN:
            self._seen = {seen: at for seen, at in self._seen.items() if at > now}
        if self._seen.get(token, now) > now or len(self._seen) >= _MOST_SEEN:
            raise TokenRefused
        self._seen[token] = until


def _by_kid(keys: object) -> Mapping[str, Any]:
    """Public keys by their `kid`; what is no key of a kind that we know is left out."""
    found: dict[str, Any] = {}
    for given in keys if isinstance(keys, list | tuple) else ():
        try:
            (key,) = KeySet.import_key_set({"keys": [given]}).keys
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if key.kid and key.key_type in ("EC", "RSA"):
            found[key.kid] = key
    return found
