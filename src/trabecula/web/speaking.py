"""Which language a page speaks: the one that its address asks for (`?lang=de`), else what the browser prefers.

An address that was asked for with a language hands it on (`at`), so that the choice stays without a cookie; the
language is all that an address ever says about somebody.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from trabecula.words.language import LANGUAGES, SOURCE, Language, language

NAMES = {"en": "English", "de": "Deutsch", "it": "Italiano"}
"""Each language as whoever speaks it calls it."""
_ASKED = "lang"
_FULL = 1.0  # the weight of a wish without a weight


@dataclass(frozen=True)
class Spoken:
    """A language, and whether somebody chose it on a page."""

    code: str = SOURCE
    chosen: bool = False


_UNASKED = Spoken()
_SPOKEN: ContextVar[Spoken] = ContextVar("spoken", default=_UNASKED)


def spoken() -> Language:
    """The language of the page that is being made."""
    return language(_SPOKEN.get().code)


def at(path: str) -> str:
    """An address of the app, with the language that was chosen."""
    now = _SPOKEN.get()
    return f"{path}?{_ASKED}={now.code}" if now.chosen else path


def chosen(query: str, accepted: str) -> Spoken:
    """What an address asks for (its last `lang` that there is), else the browser's first wish that there is."""
    asked = [each for each in parse_qs(query).get(_ASKED, ()) if each in LANGUAGES]
    if asked:
        return Spoken(asked[-1], chosen=True)
    wishes = sorted(_wishes(accepted), key=lambda each: -each[1])
    return Spoken(next((code for code, _ in wishes if code in LANGUAGES), SOURCE))


def _wishes(accepted: str) -> Iterator[tuple[str, float]]:
    """The languages of an Accept-Language header with their weights; what cannot be read is no wish."""
    for part in accepted.split(","):
        name, _, weight = part.partition(";")
        try:
            wish = float(weight.strip().removeprefix("q=") or _FULL)
        except ValueError:
            continue
        if 0 < wish <= 1:
            yield name.strip().partition("-")[0].lower(), wish


class Speaking:
    """Settles the language of each request before anything answers it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request in its language."""
        if scope["type"] == "http":
            query = scope.get("query_string", b"").decode("latin-1")
            _SPOKEN.set(chosen(query, Headers(scope=scope).get("accept-language", "")))
        await self.app(scope, receive, send)
