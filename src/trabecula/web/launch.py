"""SMART app launch: the app is opened out of a record system, or asks it for a patient, and reads that one record.

    GET /launch?iss=...&launch=...    from a record system; without `launch` it asks there which patient is meant
    GET /launched                     where the record system sends the browser back; ends on the page for review

Only servers on our list are asked, and only to read. Code, state and verifier are as for signing in (`ways`). The token
serves for the one reading and is then forgotten; the record is in the page alone, as if it had been a file.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from trabecula.adapters.fhir.elements import Element
from trabecula.adapters.server.addresses import is_private
from trabecula.adapters.server.pages import Budget, FhirServer, ServerRefused
from trabecula.adapters.server.patient import ASKED, record_of
from trabecula.adapters.server.smart import asserted, discovered, scopes, signing_key, token_of
from trabecula.errors import TrabeculaError
from trabecula.web.tokens import TokenRefused
from trabecula.web.ways import Way, Ways

LAUNCH, LAUNCHED = "/launch", "/launched"
SETTINGS = "TRABECULA_SMART"
"""The environment variable that names the file with the settings."""
_BUDGET = Budget(pages=200, size=20_000_000, seconds=40.0)
"""For one record: a page that is waited for must come within a minute."""
_LONGEST = 2_000
"""Characters of what a record system hands over."""


class LaunchRefused(TrabeculaError, ValueError):
    """A file of settings that cannot be used."""


class LaunchServer(BaseModel):
    """A FHIR server out of which the app is opened."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=60)]
    """As users know it."""
    base_url: str
    client_id: Annotated[str, Field(min_length=1)]
    client_secret_file: Path | None = None
    """A file whose first line is the secret; a public client has none, and is held by PKCE alone."""
    key_file: Path | None = None
    """A file with our private key as a JWK, where the server knows its public half in place of a secret."""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        """Encrypted, unless it is on this machine; known by one thing."""
        if not is_private(self.base_url):
            raise ValueError("base_url must begin with https://")
        if self.client_secret_file is not None and self.key_file is not None:
            raise ValueError("client_secret_file and key_file are two ways to say who we are; one is enough")
        return self

    @property
    def issuer(self) -> str:
        """Its address without a stroke at the end."""
        return self.base_url.rstrip("/")

    @property
    def secret(self) -> str:
        """The secret that the server gave to this program; empty where there is none."""
        return self.client_secret_file.read_text("utf-8").splitlines()[0].strip() if self.client_secret_file else ""


class LaunchSettings(BaseModel):
    """Out of which servers the app may be opened, and where browsers find it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    public_url: str
    """The address at which browsers find the app; https, but on this machine."""
    servers: Annotated[tuple[LaunchServer, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_encrypted(self) -> Self:
        """https, unless it is on this machine."""
        if not is_private(self.public_url):
            raise ValueError("public_url must begin with https://")
        return self

    @property
    def return_url(self) -> str:
        """Where a record system sends browsers back."""
        return f"{self.public_url.rstrip('/')}{LAUNCHED}"

    @property
    def host(self) -> str:
        """The name at which the app is found."""
        return urlsplit(self.public_url).hostname or ""


def read_launch(named: str | None = None) -> LaunchSettings | None:
    """The settings in the file that the environment names; None where it names none. Raises LaunchRefused."""
    named = named or os.environ.get(SETTINGS)
    if not named:
        return None
    try:
        settings = LaunchSettings.model_validate_json(Path(named).read_bytes())
        for server in settings.servers:  # what cannot be used is told at the start, not to the first user
            _ = server.secret if server.key_file is None else signing_key(server.key_file)
        return settings
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in error.errors())
        raise LaunchRefused(f"{SETTINGS}: found {named}, which cannot be used ({told}); correct it") from None
    except (OSError, UnicodeDecodeError, IndexError, ServerRefused) as error:
        why = str(error) if isinstance(error, ServerRefused) else type(error).__name__
        raise LaunchRefused(f"{SETTINGS}: found {named}, which cannot be used ({why}); correct it") from None


class Launches:
    """Who is on the way to a record system, and what comes back."""

    def __init__(
        self, settings: LaunchSettings, clock: Callable[[], float] = time.time, budget: Budget = _BUDGET
    ) -> None:
        self.settings, self.clock, self.budget = settings, clock, budget
        self._ways = Ways(clock)

    def server(self, issuer: str) -> LaunchServer:
        """The server that is meant: the one of a list of one where none is named. Raises TokenRefused."""
        listed: Sequence[LaunchServer] = self.settings.servers
        found = [server for server in listed if server.issuer == issuer.rstrip("/")]
        if not issuer and len(listed) == 1:
            return listed[0]
        if not found:
            raise TokenRefused
        return found[0]

    async def begin(self, browser: bytes, issuer: str, launch: str) -> str:
        """The address to which a browser is sent; raises TokenRefused and ServerRefused."""
        server = self.server(issuer)
        if len(launch) > _LONGEST:
            raise TokenRefused
        async with httpx.AsyncClient() as client:
            says = await _says(client, server)
        way = self._ways.begin(browser, server.issuer)
        context = "launch" if launch else "launch/patient"
        asked = {
            "response_type": "code", "client_id": server.client_id, "redirect_uri": self.settings.return_url,
            "scope": f"{context} {scopes('patient', ASKED, says)}", "state": way.state, "aud": server.base_url,
            "code_challenge": way.challenge, "code_challenge_method": "S256", **({"launch": launch} if launch else {}),
        }  # fmt: skip
        address = says["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    async def finish(self, browser: bytes, state: str, code: str) -> tuple[Element, str]:
        """The record of the patient, as a Bundle, and the name of its server; raises TokenRefused, ServerRefused."""
        way = self._ways.back(browser, state)
        server = self.server(way.to)
        if not 0 < len(code) <= _LONGEST:
            raise TokenRefused
        async with httpx.AsyncClient(timeout=self.budget.seconds) as client:
            given = await self._exchanged(client, server, code, way)
            patient, token = given.get("patient"), given["access_token"]
            if not isinstance(patient, str) or not patient:
                raise ServerRefused("the server's tokens: found no patient; expected the one who is open there")

            async def bearer(renew: bool) -> str:  # noqa: ARG001  # there is no other
                return token

            source = FhirServer(client, server.base_url, self.budget, bearer)
            return await record_of(source, patient), server.name

    async def _exchanged(
        self, client: httpx.AsyncClient, server: LaunchServer, code: str, way: Way
    ) -> Mapping[str, Any]:
        """What a server gives for a code."""
        address = (await _says(client, server))["token_endpoint"]
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.settings.return_url,
            "client_id": server.client_id, "code_verifier": way.verifier,
        }  # fmt: skip
        if server.key_file is not None:
            form |= asserted(server.client_id, server.key_file, address, self.clock())
        secret = server.secret
        basic = httpx.BasicAuth(quote_plus(server.client_id), quote_plus(secret)) if secret else None
        return await token_of(client, address, form, **({"auth": basic} if basic else {}))


async def _says(client: httpx.AsyncClient, server: LaunchServer) -> Mapping[str, Any]:
    """What a server says of its authorisation, with an address for browsers; raises ServerRefused."""
    says = await discovered(client, server.base_url)
    if not is_private(says.get("authorization_endpoint")):
        raise ServerRefused("the server's smart-configuration: found no authorization_endpoint; expected one")
    return says
