"""Which language a page speaks: the one that its address asks for (`?lang=de`), else what the browser prefers.

An address that was asked for with a language hands it on (`link`), so that the choice stays without a cookie; the
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
_PARAMETER = "lang"
_FULL = 1.0
"""The weight of a wish without a weight (RFC 9110, 12.4.2)."""


@dataclass(frozen=True)
class LanguageChoice:
    """A language, and whether somebody chose it on a page."""

    code: str = SOURCE
    """ISO 639, one of `LANGUAGES`."""
    chosen: bool = False
    """By the address, which every link of the page then hands on."""


_DEFAULT = LanguageChoice()
_CHOICE: ContextVar[LanguageChoice] = ContextVar("language", default=_DEFAULT)


def page_language() -> Language:
    """The language of the page, or of the answer to a program, that is being made.

    It belongs to the request: threads that work for it have it too, and no other request can change it.
    """
    return language(_CHOICE.get().code)


def link(path: str) -> str:
    """An address of the app, with the language that was chosen."""
    now = _CHOICE.get()
    return f"{path}?{_PARAMETER}={now.code}" if now.chosen else path


def negotiated(query: str, accepted: str) -> LanguageChoice:
    """What an address asks for (its last `lang` that there is), else the browser's first wish that there is.

    query: of the address, undecoded; accepted: the header Accept-Language (RFC 9110, 12.5.4).
    """
    wanted = [code for code in parse_qs(query).get(_PARAMETER, ()) if code in LANGUAGES]
    if wanted:
        return LanguageChoice(wanted[-1], chosen=True)
    wishes = sorted(_wishes(accepted), key=lambda wish: -wish[1])
    return LanguageChoice(next((code for code, _ in wishes if code in LANGUAGES), SOURCE))


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


class LanguageMiddleware:
    """Settles the language of each request before anything answers it, refusals included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request in its language."""
        if scope["type"] == "http":
            query = scope.get("query_string", b"").decode("latin-1")
            _CHOICE.set(negotiated(query, Headers(scope=scope).get("accept-language", "")))
        await self.app(scope, receive, send)
