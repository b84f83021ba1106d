"""A bulk export into a folder: many patients, one file for each type of resource (FHIR Bulk Data Access 2.0).

The server is asked to begin, then whether it is done, then for its files. What was done stands in `export.notes`, so
that a run that broke off goes on where it was, and a later one asks only for what has changed since. A file has its
name when it is whole. Only GET is sent.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from trabecula.adapters.fhir.elements import elements, text
from trabecula.adapters.server.addresses import is_private, is_same_place
from trabecula.adapters.server.pages import BUSY, JSON, Bearer, ServerRefused, wait_s

NOTES = "export.notes"
"""The file of a folder in which stands how far its export is; no address and nobody is named in its lists of files."""
_NDJSON = "application/fhir+ndjson"
_LINES = "application/fhir+ndjson, application/x-ndjson, application/json"
_POLL_S, _LONGEST_S = 5.0, 24 * 3600.0
"""Between questions whether the server is done, where it does not say; how long it may take in all [s]."""
_ATTEMPTS, _TIMEOUT_S = 5, 120.0
_LARGEST_MANIFEST, _LARGEST_EXPORT = 50_000_000, 500_000_000_000
"""Bytes."""
OWN_FILE = 0o600
"""Rights of a file that only its owner may read."""
_FILE_WAIT_S = 0.25
"""Before a file is asked for again, doubled from try to try."""
_LISTS = ("output", "deleted", "error")
Say = Callable[[str], None]


@dataclass
class ExportNotes:
    """How far an export is."""

    base_url: str
    level: str
    """What was asked for: `Patient`, `Group/...` or the whole system (empty)."""
    since: str = ""
    """Changes since then alone, as an instant of FHIR; empty for everything."""
    status: str = ""
    """Where the server says whether it is done."""
    transaction: str = ""
    """The instant for which the export holds: the next one asks for changes since then."""
    token_for_files: bool = True
    files: dict[str, str] = field(default_factory=dict)
    """Address by name of file, for those that are still to come."""
    counts: dict[str, int] = field(default_factory=dict)
    """How many resources the server says a file has."""
    n_exports: int = 0
    """How many exports there were in this folder, this one included."""

    @property
    def is_done(self) -> bool:
        """Whether every file is here."""
        return bool(self.transaction) and not self.files


class BulkExport:
    """An export of a server into a folder."""

    def __init__(
        self, client: httpx.AsyncClient, base: str, folder: Path, kinds: frozenset[str], say: Say = lambda _: None,
        bearer: Bearer | None = None,
    ) -> None:  # fmt: skip
        self.client, self.base, self.folder, self.kinds, self.say = client, base.rstrip("/"), folder, kinds, say
        self.bearer = bearer
        self.size_left = _LARGEST_EXPORT

    async def run(self, level: str, since: str = "") -> ExportNotes:
        """Begin, or go on with what broke off; `since`: an instant, or `last`. Raises ServerRefused."""
        notes = self._begun(level, since)
        if not notes.status and not notes.transaction:
            notes.status = await self._kick_off(notes)
            self._write(notes)
        if not notes.transaction:
            self._take(notes, await self._finished(notes.status))
            self._write(notes)
        for name in list(notes.files):
            await self._bring(notes, name)
            del notes.files[name]
            self._write(notes)
        return notes

    def _begun(self, level: str, since: str) -> ExportNotes:
        """What to go on with, or a new export."""
        before = self._read()
        if before is None and since == "last":
            raise ServerRefused(f"--since: found last, and no export in {self.folder}; expected one; leave it out")
        if before is None:
            return ExportNotes(self.base, level, since, n_exports=1)
        if (before.base_url, before.level) != (self.base, level):
            raise ServerRefused(f"{self.folder}: found an export of something else; expected an empty folder")
        if not before.is_done:
            self.say(f"Going on with the export in {self.folder}.")
            return before
        if not since:
            raise ServerRefused(f"{self.folder}: found a finished export; expected --since last, or an empty folder")
        asked = before.transaction if since == "last" else since
        return ExportNotes(self.base, level, asked, n_exports=before.n_exports + 1)

    async def _kick_off(self, notes: ExportNotes) -> str:
        """Ask the server to begin; where it says how far it is."""
        asked = {"_outputFormat": _NDJSON, "_type": ",".join(sorted(self.kinds))}
        if notes.since:
            asked["_since"] = notes.since
        url = "/".join(filter(None, (self.base, notes.level, "$export")))
        answer = await self._get(f"{url}?{urlencode(asked)}", {"Accept": JSON, "Prefer": "respond-async"})
        status = answer.headers.get("content-location", "")
        if answer.status_code != httpx.codes.ACCEPTED or not status:
            raise ServerRefused(
                f"$export: found {answer.status_code}; expected 202: the server may have no bulk export"
            )
        self._check_own(status, "$export")
        return status

    async def _finished(self, status: str) -> Mapping[str, Any]:
        """The list of files, once the server is done."""
        until = asyncio.get_running_loop().time() + _LONGEST_S
        while True:
            answer = await self._get(status, {"Accept": "application/json"})
            if answer.status_code == httpx.codes.OK:
                return _manifest(answer)
            if answer.status_code != httpx.codes.ACCEPTED:
                (self.folder / NOTES).unlink(missing_ok=True)  # it is gone; the next run begins anew
                raise ServerRefused(
                    f"$export: found {answer.status_code} while waiting; expected 202 or 200; try again"
                )
            seconds = wait_s(answer.headers, _POLL_S)
            if asyncio.get_running_loop().time() + seconds > until:
                raise ServerRefused("$export: found that it takes more than a day; expected less; run it again later")
            await asyncio.sleep(seconds)

    def _take(self, notes: ExportNotes, manifest: Mapping[str, Any]) -> None:
        """Note what there is to be brought."""
        notes.token_for_files = manifest.get("requiresAccessToken") is not False
        for name, url, count in _named(manifest, notes.n_exports):
            if notes.token_for_files:
                self._check_own(url, name)
            elif not is_private(url):
                raise ServerRefused(f"{name}: found an address without https; expected one with it")
            notes.files[name] = url
            if count is not None:
                notes.counts[name] = count
        notes.transaction = text(manifest.get("transactionTime"))
        if not notes.transaction:
            raise ServerRefused("$export: found no transactionTime; expected one: without it no later export fits")

    def _check_own(self, url: str, what: str) -> None:
        """Refuse an address to which our token may not go."""
        if not is_private(url) or not is_same_place(url, self.base):
            raise ServerRefused(f"{what}: found an address of another server; expected the one that was asked")

    async def _get(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        """A short answer; a busy server is asked again, and a token that is not taken is renewed once."""
        answer, renewed = await self._once(url, headers, False), False
        for attempt in range(_ATTEMPTS - 1):
            if answer.status_code == httpx.codes.UNAUTHORIZED and self.bearer is not None and not renewed:
                renewed = True
            elif answer.status_code in BUSY:
                await asyncio.sleep(wait_s(answer.headers, 2.0**attempt))
            else:
                break
            answer = await self._once(url, headers, renewed)
        if len(answer.content) > _LARGEST_MANIFEST:
            raise ServerRefused("$export: found an answer without an end; expected a list of files")
        return answer

    async def _once(self, url: str, headers: Mapping[str, str], renew: bool) -> httpx.Response:
        """One answer."""
        try:
            return await self.client.get(url, headers={**headers, **await self._token(renew)}, timeout=_TIMEOUT_S)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = type(error).__name__
            raise ServerRefused(f"$export: found no answer ({why}); expected one; run it again to go on") from None

    async def _token(self, renew: bool = False) -> dict[str, str]:
        """The header with the token, where there is one."""
        return {} if self.bearer is None else {"Authorization": f"Bearer {await self.bearer(renew)}"}

    async def _bring(self, notes: ExportNotes, name: str) -> None:
        """One file, whole; what breaks off is begun again."""
        part, told = self.folder / f"{name}.part", ""
        for attempt in range(_ATTEMPTS):
            told = await self._file(notes.files[name], part, notes.token_for_files, renew=attempt > 0)
            if not told:
                lines = _lines_in(part)
                if notes.counts.get(name, lines) == lines:
                    part.rename(self.folder / name)
                    self.say(f"{name}: {lines:,} resources")
                    return
                told = f"{lines:,} lines where the server said {notes.counts[name]:,}"
            if attempt < _ATTEMPTS - 1:
                await asyncio.sleep(_FILE_WAIT_S * 2.0**attempt)
        raise ServerRefused(f"{name}: found {told}; expected the whole file; run it again to go on")

    async def _file(self, url: str, part: Path, with_token: bool, renew: bool) -> str:
        """What went wrong with one attempt; empty for a file that came to its end."""
        headers = {"Accept": _LINES, **(await self._token(renew) if with_token else {})}
        try:
            async with self.client.stream("GET", url, headers=headers, timeout=_TIMEOUT_S) as answer:
                if answer.status_code != httpx.codes.OK:
                    return str(answer.status_code)
                with _private(part).open("wb") as file:
                    async for content in answer.aiter_bytes():
                        self.size_left -= len(content)
                        if self.size_left < 0:
                            raise ServerRefused(f"{part.stem}: found an export without an end; expected less")
                        file.write(content)
                return ""
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"an answer that broke off ({type(error).__name__})"
        except OSError as error:
            raise ServerRefused(f"{part.parent}: found that nothing can be written ({error.strerror})") from None

    def _read(self) -> ExportNotes | None:
        """The notes of the folder, if there are any."""
        path = self.folder / NOTES
        try:
            return ExportNotes(**json.loads(path.read_bytes())) if path.exists() else None
        except (OSError, ValueError, TypeError):
            raise ServerRefused(f"{path}: found notes that cannot be read; expected those of an export") from None

    def _write(self, notes: ExportNotes) -> None:
        """Keep the notes, whole or not at all."""
        part = self.folder / f"{NOTES}.part"
        _private(part).write_text(json.dumps(asdict(notes), indent=1))
        part.rename(self.folder / NOTES)


def _private(path: Path) -> Path:
    """A file that only its owner may read, before anything is in it."""
    path.touch(mode=OWN_FILE)
    path.chmod(OWN_FILE)
    return path


def _manifest(answer: httpx.Response) -> Mapping[str, Any]:
    """The list of files."""
    try:
        found = answer.json()
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("output"), list):
        raise ServerRefused("$export: found an answer that is no list of files; expected one")
    return found


def _named(manifest: Mapping[str, Any], export: int) -> Iterator[tuple[str, str, int | None]]:
    """The files: the name that each will have, where it is, and how many resources it is said to have."""
    for kind in _LISTS:
        for number, held in enumerate(elements(manifest.get(kind)), 1):
            called = text(held.get("type")) if kind == "output" else kind
            plain = called if called.isascii() and called.isalpha() else "other"
            count = held.get("count")
            given = count if isinstance(count, int) and not isinstance(count, bool) else None
            yield f"{plain}.{export}-{number}.ndjson", text(held.get("url")), given


def _lines_in(path: Path) -> int:
    """How many resources a file has."""
    with path.open("rb") as lines:
        return sum(1 for line in lines if line.strip())
