"""Several users: who may sign in and as what, their sessions, and how often each may ask.

The settings are a JSON file that the environment names; without it the app is for one person at one machine.
"""

import hashlib
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from trabecula.adapters.server.addresses import is_private
from trabecula.errors import TrabeculaError

_SETTINGS = "TRABECULA_SIGN_IN"
"""The environment variable that names the file with the settings."""
USER: ContextVar[str] = ContextVar("user", default="")
"""Who is signed in, for the page that is being made; empty where nobody needs to."""
Role = Literal["clinician", "analyst"]
"""A clinician uses the pages; an analyst the interface for programs as well."""
IDLE_S, LONGEST_S = 30 * 60.0, 10 * 3600.0
"""How long a session lives without a request, and in all [s]: a break, and a day's work."""
_MOST_SESSIONS, _MOST_OF_ONE = 5_000, 5
"""Sessions of everybody, and of one user; the oldest go first."""
_SECRET_BYTES = 32
_MINUTE_S = 60.0


class SignInRefused(TrabeculaError, ValueError):
    """A file of settings that cannot be used."""


class SignInSettings(BaseModel):
    """Where users sign in, and as what."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    public_url: str
    """The address at which browsers find the app; https, but on this machine."""
    issuer: str
    """The OpenID provider, as its discovery document names itself."""
    client_id: str
    client_secret_file: Path | None = None
    """A file whose first line is the secret; a public client has none, and is held by PKCE alone."""
    roles_claim: str = "groups"
    """The claim of the ID token that lists what a user is."""
    roles: Mapping[str, Role]
    """Which of its values is which role; who has none of them may sign in and see nothing."""
    audit: Path
    """The file to which who came, and when, is appended."""

    @model_validator(mode="after")
    def _only_encrypted(self) -> Self:
        """Both addresses are https, unless they are on this machine."""
        for name, address in (("public_url", self.public_url), ("issuer", self.issuer)):
            if not is_private(address):
                raise ValueError(f"{name} must begin with https://")
        if not self.roles:
            raise ValueError("roles must name at least one value, or nobody can use the app")
        return self

    @property
    def host(self) -> str:
        """The name at which the app is found."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def is_encrypted(self) -> bool:
        """Whether browsers come by https."""
        return self.public_url.startswith("https:")

    @property
    def return_url(self) -> str:
        """Where the provider sends browsers back."""
        return f"{self.public_url.rstrip('/')}/signed-in"

    @cached_property
    def client_secret(self) -> str:
        """The secret that the provider gave to this program; empty for a public client."""
        return self.client_secret_file.read_text("utf-8").splitlines()[0].strip() if self.client_secret_file else ""


def read_sign_in(named: str | None) -> SignInSettings | None:
    """The settings in a file; None where none is named. Raises SignInRefused for one that cannot be used."""
    if not named:
        return None
    try:
        settings = SignInSettings.model_validate_json(Path(named).read_bytes())
        _ = settings.client_secret  # what cannot be used is told at the start, not to the first user
        with settings.audit.open("ab"):
            pass
        return settings
    except ValidationError as error:
        told = "; ".join(_told(".".join(map(str, found["loc"])), found["msg"]) for found in error.errors())
        raise SignInRefused(f"{_SETTINGS}: found {named}, which cannot be used ({told}); correct it") from None
    except (OSError, UnicodeDecodeError, IndexError) as error:
        why = type(error).__name__
        raise SignInRefused(
            f"{_SETTINGS}: found {named}, which, or a file that it names, cannot be used ({why}); correct it"
        ) from None


def _told(field: str, fault: str) -> str:
    """What is wrong with a field; what is wrong with several names them itself."""
    plain = fault.removeprefix("Value error, ")
    return f"{field}: {plain}" if field else plain


@dataclass(frozen=True)
class UserSession:
    """Somebody who has signed in."""

    user: str
    """The provider's name for them (`sub`), which stays the same."""
    roles: frozenset[Role]
    begun: float
    seen: float


class UserSessions:
    """Who is signed in. A browser has a secret; what is kept here is its fingerprint, which opens nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: OrderedDict[bytes, UserSession] = OrderedDict()

    def begin(self, user: str, roles: frozenset[Role]) -> str:
        """Open a session, and the secret of it; the user's oldest ends where there are many."""
        secret, now = secrets.token_urlsafe(_SECRET_BYTES), self._clock()
        own = [name for name, session in self._open.items() if session.user == user]
        for name in own[: max(len(own) + 1 - _MOST_OF_ONE, 0)]:
            del self._open[name]
        while len(self._open) >= _MOST_SESSIONS:
            self._open.popitem(last=False)
        self._open[_fingerprint(secret)] = UserSession(user, roles, now, now)
        return secret

    def of(self, secret: str) -> UserSession | None:
        """Whose session it is, if it still lives; it then lives on."""
        name, now = _fingerprint(secret), self._clock()
        session = self._open.get(name)
        if session is None:
            return None
        if now - session.seen > IDLE_S or now - session.begun > LONGEST_S:
            del self._open[name]
            return None
        self._open[name] = replace(session, seen=now)
        self._open.move_to_end(name)
        return session

    def end(self, secret: str) -> None:
        """Close a session."""
        self._open.pop(_fingerprint(secret), None)


def _fingerprint(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


class Requests:
    """How often somebody may ask: so many at once, and so many a minute after that."""

    def __init__(self, at_once: int, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once, self._a_second, self._clock = at_once, a_minute / _MINUTE_S, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, who: str) -> int:
        """Count a request; how long to wait before it would be answered [s], 0 when it is."""
        now = self._clock()
        left, at = self._left.pop(who, (float(self._at_once), now))
        left = min(left + (now - at) * self._a_second, float(self._at_once))
        allowed = left >= 1.0
        self._left[who] = (left - 1.0 if allowed else left, now)
        if len(self._left) > _MOST_SESSIONS:
            self._left.popitem(last=False)
        return 0 if allowed else math.ceil((1.0 - left) / self._a_second)
