"""Who came, and when: lines of JSON that are only ever appended, each bound to the one before; nothing of health.

    {"at": "2026-11-22T10:00:00+00:00", "event": "request", "user": "8f1c", "what": "POST /form", "status": 303,
     "chain": "5a0e..."}

`chain` is a hash of the line and of the chain before it, so that a line that was changed, taken out or put in is found
(`broken_at`). The last lines cannot be guarded in that way: send the file on as it grows.
"""

import datetime
import hashlib
import json
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

_BEGIN = "0" * 64
_OWNER_ONLY = 0o600


def _utc() -> datetime.datetime:
    """Now."""
    return datetime.datetime.now(datetime.UTC)


class AuditLog:
    """A file to which lines are appended. Raises OSError where it cannot be, so that nothing goes unrecorded."""

    def __init__(self, path: Path, clock: Callable[[], datetime.datetime] = _utc) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._chain = _last_chain(path)
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)

    def write(self, event: str, user: str = "", what: str = "", status: int = 0) -> None:
        """Append a line: what happened, whose doing it was, and no more than the kind of page."""
        with self._lock:
            at = self._clock().isoformat(timespec="seconds")
            entry = {"at": at, "event": event, "user": user, "what": what, **({"status": status} if status else {})}
            self._chain = chained(self._chain, entry)
            os.write(self._file, (json.dumps(entry | {"chain": self._chain}) + "\n").encode("ascii"))


def chained(before: str, entry: Mapping[str, object]) -> str:
    """The chain of a line after the chain of the one before."""
    return hashlib.sha256(f"{before}{json.dumps(entry, sort_keys=True)}".encode("ascii")).hexdigest()


def _last_chain(path: Path) -> str:
    """Where a file that is there goes on."""
    try:
        lines = path.read_text("ascii").splitlines()
    except FileNotFoundError:
        return _BEGIN
    return json.loads(lines[-1])["chain"] if lines else _BEGIN


def broken_at(path: Path) -> int | None:
    """The first line of a log that does not follow from the one before, counted from 1; None where all do."""
    before = _BEGIN
    for number, line in enumerate(path.read_text("ascii").splitlines(), start=1):
        try:
            entry = json.loads(line)
            told = entry.pop("chain")
        except (ValueError, KeyError, AttributeError):
            return number
        before = chained(before, entry)
        if told != before:
            return number
    return None
