"""Styles, fonts and scripts: read once, packed once, and kept by browsers for as long as their content is the same.

Their addresses have a fingerprint of the content (`asset("/static/web.css")`), so that a new version is a new address.
Nothing in them is about anybody, which is why they may be packed and kept; pages with entries never are.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from trabecula.reporting.html import STATIC as REPORT_STATIC

_FOLDERS: Mapping[str, Path] = {"/static/report/": REPORT_STATIC, "/static/": Path(__file__).parent / "static"}
_PACKED = frozenset({".css", ".js", ".svg", ".txt"})
_FOREVER = "public, max-age=31536000, immutable"
_FINGERPRINT = 12
"""Characters of the fingerprint in an address."""
_NOT_FOUND, _NOT_MODIFIED = 404, 304


@dataclass(frozen=True)
class Asset:
    """A file that pages need."""

    content: bytes
    packed: bytes | None
    """The same in gzip, where that is smaller."""
    kind: str
    fingerprint: str


@cache
def assets() -> Mapping[str, Asset]:
    """All of them by address."""
    found: dict[str, Asset] = {}
    for start, folder in _FOLDERS.items():
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            found[start + file.relative_to(folder).as_posix()] = _read(file)
    return found


def _read(file: Path) -> Asset:
    """One of them."""
    content = file.read_bytes()
    packed = gzip.compress(content, mtime=0) if file.suffix in _PACKED else None
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Asset(content, packed, kind, hashlib.sha256(content).hexdigest()[:_FINGERPRINT])


def asset(address: str) -> str:
    """The address of a file with its fingerprint."""
    return f"{address}?v={assets()[address].fingerprint}"


async def serve_assets(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer for a file; with its fingerprint, or for a font, the browser need not ask again."""
    query = scope["query_string"].decode("latin-1")
    await _answer(assets().get(scope["path"]), Headers(scope=scope), query)(scope, receive, send)


def _answer(found: Asset | None, headers: Headers, query: str) -> Response:
    """The file, packed for who can unpack it; nothing for who has it already."""
    if found is None:
        return Response(status_code=_NOT_FOUND)
    tag = f'"{found.fingerprint}"'
    stays = query == f"v={found.fingerprint}" or found.kind.startswith("font/")
    known = {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": _FOREVER if stays else "no-cache"}
    if headers.get("if-none-match") == tag:
        return Response(status_code=_NOT_MODIFIED, headers=known)
    if found.packed is not None and takes_gzip(headers):
        return Response(found.packed, headers=known | {"Content-Encoding": "gzip"}, media_type=found.kind)
    return Response(found.content, headers=known, media_type=found.kind)


def takes_gzip(headers: Headers) -> bool:
    """Whether a browser unpacks gzip."""
    return "gzip" in headers.get("accept-encoding", "")


def packed(response: Response, headers: Headers) -> Response:
    """A page about nobody, packed for who can unpack it.

    Only for pages without entries: the length of a packed page tells what is in it to who may put words of their own
    beside it (BREACH).
    """
    if not takes_gzip(headers):
        return response
    answer = Response(gzip.compress(bytes(response.body)), response.status_code, media_type=response.media_type)
    answer.headers.update({"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
    return answer
