"""A FHIR server, asked page by page within a budget of pages, bytes and seconds.

What it says wrong, slowly or without an end becomes a refusal of one sentence, in which the type of a resource stands
and never an address or an id. Half a record is no record: what breaks off is refused, not read as far as it came.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from trabecula.adapters.fhir.elements import Element, element, elements, text
from trabecula.adapters.server.addresses import is_within
from trabecula.errors import TrabeculaError

logging.getLogger("httpx").setLevel(logging.WARNING)  # it would write down every address, and an id stands in some
JSON = "application/fhir+json"
_ATTEMPTS = 4
"""Of one page, where the server says that it is busy."""
BUSY = (429, 503)
_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0
"""Between attempts, where the server does not say how long [s]; doubled each time."""
_OK, _UNKNOWN = 200, 401
Bearer = Callable[[bool], Awaitable[str]]
"""The token that is sent; True asks for a new one, as the last was not taken."""


class ServerRefused(TrabeculaError, ValueError):
    """A server that does not give what it is asked for: what, what was found, what to do; no address, no id."""

    def __init__(self, said: str, status: int = 0) -> None:
        self.status = status
        super().__init__(said)


@dataclass(frozen=True)
class Budget:
    """What may be asked of a server for one answer."""

    pages: int
    size: int
    """Bytes."""
    seconds: float


class FhirServer:
    """Reads of one server, each page once, until the budget is spent."""

    def __init__(self, client: httpx.AsyncClient, base: str, budget: Budget, bearer: Bearer | None = None) -> None:
        self.client, self.base, self.bearer = client, f"{base.rstrip('/')}/" if base else "", bearer
        self.until = asyncio.get_running_loop().time() + budget.seconds
        self.pages_left, self.bytes_left, self.seen = budget.pages, budget.size, set[str]()

    async def pages(self, first: Element) -> list[Element]:
        """The resources of a search with all its pages, or the one resource; raises ServerRefused."""
        found: list[Element] = []
        page = first
        while text(page.get("resourceType")) == "Bundle":
            found += _resources(page)
            link = _next(page)
            if not link:
                return found
            page = await self.get(link)
        if text(page.get("resourceType")) == "OperationOutcome":
            raise ServerRefused(f"a page: found an error of the server ({_issue(page)}); expected a Bundle; try again")
        return [*found, page]

    async def get(self, link: str) -> Element:
        """One page, which no other call has brought; raises ServerRefused."""
        url = urljoin(self.base, link)
        what = _type_in(url, self.base)
        self._check(url, what)
        self.seen.add(url)
        status, body, renewed = 0, b"", False
        for attempt in range(_ATTEMPTS):
            status, headers, body = await self._ask(url, what, renewed)
            if status == _OK:
                return _read(body, what)
            if status == _UNKNOWN and self.bearer is not None and not renewed:
                renewed = True
            elif status in BUSY and attempt < _ATTEMPTS - 1:
                await self._wait(headers, attempt, what)
            else:
                break
        raise ServerRefused(f"{what}: found an error of the server ({status}{_said(body)}); expected the data", status)

    def _check(self, url: str, what: str) -> None:
        """Refuse another server, a page that was seen, and what is beyond the budget."""
        if not self.base or not is_within(self.base, url):
            raise ServerRefused(f"{what}: found a link to another server; expected one below the base address")
        if url in self.seen:
            raise ServerRefused(f"{what}: found a page that was there before; expected pages that end")
        self.pages_left -= 1
        if self.pages_left < 0:
            raise ServerRefused(f"{what}: found more pages than are read of one record; expected fewer")

    async def _ask(self, url: str, what: str, renewed: bool) -> tuple[int, httpx.Headers, bytes]:
        """Status, headers and body of one answer."""
        left = self.until - asyncio.get_running_loop().time()
        headers = {"Accept": JSON}
        try:
            async with asyncio.timeout(left):
                if self.bearer is not None:
                    headers["Authorization"] = f"Bearer {await self.bearer(renewed)}"
                async with self.client.stream("GET", url, headers=headers) as answer:
                    return answer.status_code, answer.headers, await self._body(answer, what)
        except (httpx.TimeoutException, TimeoutError):
            raise ServerRefused(f"{what}: found no answer in time; expected one; try again later") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = type(error).__name__
            raise ServerRefused(f"{what}: found no server that answers ({why}); expected one; try again") from None

    async def _body(self, answer: httpx.Response, what: str) -> bytes:
        """What is sent, as far as the budget of bytes goes."""
        content = bytearray()
        async for part in answer.aiter_bytes():
            content += part
            self.bytes_left -= len(part)
            if self.bytes_left < 0:
                raise ServerRefused(f"{what}: found more data than are read of one record; expected less")
        return bytes(content)

    async def _wait(self, headers: httpx.Headers, attempt: int, what: str) -> None:
        """Wait for as long as a busy server asks for, if there is so much time."""
        seconds = wait_s(headers, _WAIT_S * 2**attempt)
        if seconds > self.until - asyncio.get_running_loop().time():
            raise ServerRefused(f"{what}: found a server that is busy; expected an answer; try again later")
        await asyncio.sleep(seconds)


def wait_s(headers: httpx.Headers, otherwise: float) -> float:
    """How long a server asks to wait (Retry-After in seconds); never longer than a minute [s]."""
    said = headers.get("retry-after", "")
    return min(float(said) if said.isascii() and said.isdecimal() else otherwise, _LONGEST_WAIT_S)


def _type_in(url: str, base: str) -> str:
    """The type of resource that an address is about: all of an address that may be told."""
    first = urlsplit(url[len(base) :] if url.startswith(base) else "").path.partition("/")[0]
    return first if first.isascii() and first.isalpha() else "a page"


def _read(body: bytes, what: str) -> Element:
    """The resource in an answer."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ServerRefused(f"{what}: found an answer that is no JSON object; expected a FHIR resource")
    return found


def _said(body: bytes) -> str:
    """The code of what went wrong, as FHIR says it; its words may hold anything, and are not told."""
    try:
        code = _issue(element(json.loads(body)))
    except (ValueError, RecursionError):
        return ""
    return f", {code}" if code else ""


def _issue(outcome: Element) -> str:
    """The code of the first issue of an OperationOutcome."""
    code = next((text(issue.get("code")) for issue in elements(outcome.get("issue"))), "")
    return code if code.replace("-", "").isascii() and code.replace("-", "").isalpha() else ""


def _resources(bundle: Element) -> list[Element]:
    """The resources of a page; what a server says about the search itself is kept: it may have left something out."""
    held = [element(entry.get("resource")) for entry in elements(bundle.get("entry"))]
    return [resource for resource in held if resource]


def _next(bundle: Element) -> str:
    """The address of the next page."""
    named = (link for link in elements(bundle.get("link")) if text(link.get("relation")) == "next")
    return text(next(named, {}).get("url"))
