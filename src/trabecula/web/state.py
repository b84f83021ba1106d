"""What a page carries from one request to the next, since nothing is stored: signed, compressed, never in an address.

The key is made when the program starts. After a restart old pages are told from new ones by their seal: what was typed
is still in them and is read again like an upload (checked, limited), never trusted.
"""

import base64
import binascii
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from itsdangerous import BadSignature, Signer

from trabecula.adapters.files import has_half_character
from trabecula.words.message import Message, pack, unpack

KILOBYTE = 1_000
LARGEST_SEALED = 400 * KILOBYTE
"""What a page carries, packed and sealed."""
LARGEST_HISTORY = 200 * KILOBYTE
"""A history before it is packed; a larger one is not carried."""
LARGEST_OPENED = 4_000 * KILOBYTE
"""What a sealed text may become when it is unpacked."""


class Unreadable(ValueError):
    """A sealed text that was damaged on the way: nothing can be kept."""


@dataclass(frozen=True)
class SealContent:
    """What was in a page."""

    content: bytes
    fresh: bool
    """Whether this program has sealed it itself since it started; otherwise anybody may have written it."""


class Seal:
    """Seals and opens what pages carry: packed (zlib), signed (HMAC), as a text for a hidden field.

    Sealed is not secret: whoever has the page reads what is in it, which is what they typed.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._signer = Signer(key or secrets.token_bytes(), salt="trabecula.web.state")

    def close(self, content: bytes) -> str:
        """A text for a hidden field."""
        packed = base64.urlsafe_b64encode(zlib.compress(content))
        return self._signer.sign(packed).decode("ascii")

    def open(self, sealed: str) -> SealContent:
        """What is in it; raises Unreadable when it is no sealed text at all."""
        if len(sealed) > LARGEST_SEALED or not sealed.isascii():
            raise Unreadable
        try:
            return SealContent(_unpack(self._signer.unsign(sealed)), fresh=True)
        except BadSignature:
            return SealContent(_unpack(sealed.rpartition(".")[0].encode("ascii")), fresh=False)


def _unpack(packed: bytes) -> bytes:
    """The content, unless it grows beyond what a page may carry: a small text can unpack to any size."""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(base64.urlsafe_b64decode(packed), LARGEST_OPENED)
    except (binascii.Error, zlib.error, ValueError):
        raise Unreadable from None
    if not unpacking.eof:
        raise Unreadable
    return content


FormTexts = Mapping[str, str]
"""What a form sends: names and texts."""
Scalar = str | int | float | bool
Entries = dict[str, Scalar]
"""A record as paths and values, `steroids[0].start`: what was typed is text, what came from a file is as it was."""


@dataclass(frozen=True)
class PageCache:
    """What was worked out for the entries on a day with so many draws, so that the next page need not do it again."""

    on: str
    """The day, ISO 8601."""
    draws: int
    history: bytes
    """What `assessment.snapshot` kept of the life up to that day, from which every what-if begins; empty where that is
    too large for a page."""
    answer: bytes = b""
    """The assessment as JSON, its messages whole; empty until somebody asked for it."""


@dataclass(frozen=True)
class SessionPage:
    """What a page knows, and hands on to the next."""

    entries: Entries
    remarks: tuple[Message, ...] = ()
    """What an adapter said about the file that the entries came from."""
    plans: tuple[dict[str, Any], ...] = ()
    """The plans that were kept to compare, as data."""
    causes: dict[str, Any] | None = None
    """The shares of the causes, once somebody has asked for them."""
    cache: PageCache | None = None
    """What was worked out so far."""
    confirmed: frozenset[str] = frozenset()
    """Names of medicines, in lower case, that are wanted as they were typed although nobody knows them."""
    fresh: bool = True
    """Sealed by this program since it started; otherwise only the entries are known, and they are not trusted."""

    def changed(self, entries: Entries) -> "SessionPage":
        """The page with other entries: what was found for the old ones is forgotten."""
        if entries == self.entries:
            return self
        return replace(self, entries=entries, causes=None, cache=None)


def seal_page(page: SessionPage, seal: Seal) -> str:
    """The page's knowledge for a hidden field: a line of JSON, and behind it the bytes of what was worked out.

    What was worked out is left out where the whole would be more than a page may carry.
    """
    found = page.cache
    content = {
        "entries": page.entries, "remarks": [pack(line) for line in page.remarks], "plans": page.plans,
        "causes": page.causes, "confirmed": sorted(page.confirmed),
        "cache": found and (found.on, found.draws, len(found.history)),
    }  # fmt: skip
    line = json.dumps(content, separators=(",", ":"), allow_nan=False).encode()
    if found is None:
        return seal.close(line)
    sealed = seal.close(b"\n".join((line, found.history + found.answer)))
    return sealed if len(sealed) <= LARGEST_SEALED else seal_page(replace(page, cache=None), seal)


def open_page(sealed: str, seal: Seal) -> SessionPage:
    """What a page carried; one from before a restart is marked as not fresh, and only its entries are kept."""
    if not sealed:
        return SessionPage({})
    opened = seal.open(sealed)
    line, _, rest = opened.content.partition(b"\n")
    content = _data(line)
    entries = content.get("entries")
    if not isinstance(entries, dict) or not all(isinstance(value, Scalar) for value in entries.values()):
        raise Unreadable
    if not opened.fresh:
        return SessionPage(entries, fresh=False)
    remarks, plans = tuple(unpack(line) for line in content["remarks"]), tuple(content["plans"])
    confirmed = frozenset(content["confirmed"])
    return SessionPage(entries, remarks, plans, content["causes"], _cache(content["cache"], rest), confirmed)


def _cache(told: tuple[str, int, int] | None, rest: bytes) -> PageCache | None:
    """What was worked out; only ever read behind a seal of our own."""
    if told is None:
        return None
    on, draws, length = told
    return PageCache(on, draws, rest[:length], rest[length:])


def _no_number(word: str) -> NoReturn:
    """NaN and infinity are no values of a record."""
    raise ValueError(word)


def _data(content: bytes) -> dict[str, Any]:
    """JSON in which nothing is nested deeply and every text can be printed; raises Unreadable for any other."""
    try:
        data = json.loads(content, parse_constant=_no_number)
        is_broken = has_half_character(data)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if is_broken or not isinstance(data, dict):
        raise Unreadable
    return data
