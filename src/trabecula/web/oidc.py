"""Signing in at an OpenID provider: the authorisation code flow with PKCE (OpenID Connect Core 1.0, RFC 7636).

A browser is sent to the provider with a state, a nonce and the hash of a verifier, and comes back with a code, which is
exchanged for an ID token. What belongs to one attempt is kept here, bound to the browser that began it, and is good
once. Written on httpx and joserfc, which the app needs anyway. Why somebody was not let in is told to nobody.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx

from trabecula.adapters.server.addresses import is_private
from trabecula.web.accounts import SignInSettings
from trabecula.web.tokens import SKEW_S, Fetch, Issuer, TokenCheck, TokenRefused, fetch_keys
from trabecula.web.ways import Ways

DISCOVERY = "/.well-known/openid-configuration"
_TIMEOUT_S, _LARGEST, _METADATA_S = 5.0, 200_000, 600.0
"""How long the provider may take [s], how much it may say, how long what it says of itself is good [s]."""
_DAY_S = 86_400


class IdTokens(TokenCheck):
    """Checks ID tokens: good once by the nonce of the attempt, and for as long as providers make them."""

    def _check(self, claims: Mapping[str, Any], issuer: Issuer, audience: str) -> None:
        """Audience, time and nonce (OpenID Connect Core 1.0, 3.1.3.7)."""
        now, listed = self.clock(), claims.get("aud")
        audiences = listed if isinstance(listed, list) else [listed]
        expires, issued, nonce = _time(claims.get("exp")), _time(claims.get("iat")), claims.get("nonce")
        if not isinstance(nonce, str) or not nonce:
            raise TokenRefused
        is_ours = audience in audiences and claims.get("azp", audience) == audience
        is_alone = len(audiences) == 1 or "azp" in claims
        if not is_ours or not is_alone or not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise TokenRefused
        if not (issued <= now + SKEW_S and now - SKEW_S < expires <= issued + _DAY_S):
            raise TokenRefused
        self._once((issuer.name, nonce), expires + SKEW_S)


def _time(value: object) -> float:
    """A claim that is a time; raises TokenRefused for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise TokenRefused


class Provider:
    """The OpenID provider, and who is on the way to it."""

    def __init__(
        self, settings: SignInSettings, clock: Callable[[], float] = time.time, fetch: Fetch = fetch_keys
    ) -> None:
        self.settings, self.clock, self.fetch = settings, clock, fetch
        self._ways = Ways(clock)
        self._metadata: tuple[Mapping[str, Any], float] = ({}, float("-inf"))
        self._tokens: TokenCheck | None = None

    async def begin(self, browser: bytes, to: str) -> str:
        """The address to which a browser is sent; `to`: the page of ours that it wanted. Raises TokenRefused."""
        metadata = await self._known()
        way = self._ways.begin(browser, to)
        asked = {
            "response_type": "code", "client_id": self.settings.client_id, "scope": "openid",
            "redirect_uri": self.settings.return_url, "state": way.state, "nonce": way.nonce,
            "code_challenge": way.challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        address = metadata["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    async def finish(self, browser: bytes, state: str, code: str, issuer: str) -> tuple[Mapping[str, Any], str]:
        """What the ID token says of a browser that came back, and the page that it wanted. Raises TokenRefused.

        issuer: `iss` of the answer (RFC 9207), empty where the provider sends none.
        """
        way = self._ways.back(browser, state)
        if not code or issuer not in ("", self.settings.issuer):
            raise TokenRefused
        metadata = await self._known()
        token = await self._exchange(metadata["token_endpoint"], code, way.verifier)
        check = self._checked(metadata["jwks_uri"])
        claims = await check.claims(f"Bearer {token}", self.settings.client_id)
        if not secrets.compare_digest(claims["nonce"].encode(), way.nonce.encode()):
            raise TokenRefused
        return claims, way.to

    def _checked(self, keys_at: str) -> TokenCheck:
        """The check of ID tokens; it remembers which were used while the provider's keys stay where they are."""
        if self._tokens is None or self._tokens.issuers[self.settings.issuer].keys_at != keys_at:
            self._tokens = IdTokens([Issuer(self.settings.issuer, keys_at)], self.fetch, self.clock)
        return self._tokens

    async def _known(self) -> Mapping[str, Any]:
        """What the provider says of itself."""
        metadata, at = self._metadata
        if self.clock() - at > _METADATA_S:
            metadata = await self.fetch(self.settings.issuer.rstrip("/") + DISCOVERY)
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if metadata.get("issuer") != self.settings.issuer or not all(is_private(metadata.get(n)) for n in needed):
                raise TokenRefused
            self._metadata = (metadata, self.clock())
        return metadata

    async def _exchange(self, address: str, code: str, verifier: str) -> str:
        """The ID token for a code."""
        sent = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.settings.return_url,
            "client_id": self.settings.client_id, "code_verifier": verifier,
        }  # fmt: skip
        secret = self.settings.client_secret
        auth = (
            httpx.BasicAuth(quote_plus(self.settings.client_id), quote_plus(secret))
            if secret
            else httpx.USE_CLIENT_DEFAULT
        )
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
                answer = await client.post(address, data=sent, auth=auth)
            if answer.status_code != httpx.codes.OK or len(answer.content) > _LARGEST:
                raise TokenRefused
            token = answer.json()["id_token"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            raise TokenRefused from None
        if not isinstance(token, str):
            raise TokenRefused
        return token
