"""What was said about people on the work list: acknowledged, or snoozed until a day; kept in SQLite or PostgreSQL.

    kept = Acknowledgements("scores.acknowledged.sqlite")        # or "postgresql://clinic@server/register"
    kept.say(row, on=date(2026, 11, 22), by="8f1c")

A row is one person; what is watched (`worklist.WATCHED`) is kept as it was, so that whoever changes comes back. Both
databases have the same table. Reading writes nothing, so that a table of an older version, or a file that may not be
written, is read as it is; the first one who writes brings it to this version. Each row has a mark that changes when the
row does: whoever writes says which one they saw, and of two at once the second is told.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from trabecula.register.chunks import RunRefused
from trabecula.register.worklist import Acknowledged, Scores, watched
from trabecula.words.message import Message, verbatim

VERSION = 2
"""Of the table. 1: without marks; 2: with them."""
NOTHING_YET = ""
"""The mark of a person of whom nothing was said."""
_SERVER = ("postgresql://", "postgres://")
_MARK_BYTES = 8
_PATIENCE_S = 5
"""How long a database is waited for [s]."""
_LOCK = 7_203_041
"""The lock under which one alone brings a table to this version; any number that no other program uses."""
_CREATE = """CREATE TABLE acknowledged
    (id TEXT PRIMARY KEY, snoozed_until TEXT, seen TEXT NOT NULL, by_whom TEXT, on_day TEXT NOT NULL)"""
_STEPS = {
    1: (_CREATE,),
    2: (
        "ALTER TABLE acknowledged ADD COLUMN mark TEXT NOT NULL DEFAULT 'first'",
        "CREATE TABLE acknowledged_version (version INTEGER NOT NULL)",
        "INSERT INTO acknowledged_version VALUES (2)",
    ),
}
"""By version: what makes it out of the one before."""
_INSERT = "INSERT INTO acknowledged (id, snoozed_until, seen, by_whom, on_day, mark) VALUES (%s, %s, %s, %s, %s, %s)"
_SET = "snoozed_until = {0}snoozed_until, seen = {0}seen, by_whom = {0}by_whom, on_day = {0}on_day, mark = {0}mark"


class Unanswered(RunRefused):
    """A database that does not answer now, and may do so later."""


class Acknowledgements:
    """The database, by the name of a file of SQLite or the address of a PostgreSQL server; open while it is asked.

    Raises RunRefused, with the sentence for whoever asked, where it cannot be read or written.
    """

    def __init__(self, where: str) -> None:
        self._where, self._is_server = where, where.startswith(_SERVER)

    def __call__(self) -> Mapping[str, Acknowledged]:
        """What was said about people, by id; nothing where there is no database yet."""
        if not self._is_server and not Path(self._where).exists():
            return {}
        with self._open(writing=False) as database:
            version = self._version(database)
            mark = "mark" if version >= VERSION else "'first'"
            columns = f"id, snoozed_until, seen, by_whom, on_day, {mark}"
            rows = self._run(database, f"SELECT {columns} FROM acknowledged").fetchall() if version else []
            return {id: _read(*rest) for id, *rest in rows}

    def say(
        self, row: Scores, on: date, until: date | None = None, by: str | None = None, before: str | None = None
    ) -> bool:
        """Keep that somebody has seen a person's row; whether it was kept.

        until: quiet up to that day, else until something changes; before: the mark that they saw, where nothing is to
        be kept if another one has said something since.
        """
        values = (
            row["id"], until.isoformat() if until else None, json.dumps(watched(row), default=str), by, on.isoformat(),
            secrets.token_hex(_MARK_BYTES),
        )  # fmt: skip
        with self._written() as database:
            if before is None:
                text = f"{_INSERT} ON CONFLICT (id) DO UPDATE SET {_SET.format('excluded.')}"
                return self._run(database, text, values).rowcount == 1
            if before == NOTHING_YET:
                return self._run(database, f"{_INSERT} ON CONFLICT (id) DO NOTHING", values).rowcount == 1
            assigned = ", ".join(f"{name} = %s" for name in ("snoozed_until", "seen", "by_whom", "on_day", "mark"))
            text = f"UPDATE acknowledged SET {assigned} WHERE id = %s AND mark = %s"
            return self._run(database, text, (*values[1:], row["id"], before)).rowcount == 1

    def take_back(self, id: str, before: str | None = None) -> bool:
        """Forget what was said about a person; whether there was something, with the mark that they saw."""
        with self._written() as database:
            seen = ("", ()) if before is None else (" AND mark = %s", (before,))
            return self._run(database, f"DELETE FROM acknowledged WHERE id = %s{seen[0]}", (id, *seen[1])).rowcount == 1

    def _run(self, database: Any, text: str, values: tuple[Any, ...] = ()) -> Any:
        """Run a statement; SQLite writes its places differently."""
        return database.execute(text if self._is_server else text.replace("%s", "?"), values)

    def _version(self, database: Any) -> int:
        """The version of the table, 0 where there is none; a newer one than ours is refused."""
        if not self._has(database, "acknowledged"):
            return 0
        if not self._has(database, "acknowledged_version"):
            return 1
        found = self._run(database, "SELECT max(version) FROM acknowledged_version").fetchone()[0] or 1
        if found > VERSION:
            raise self._refused("newer_database", found=found, ours=VERSION)
        return found

    def _has(self, database: Any, table: str) -> bool:
        """Whether there is a table."""
        text = "SELECT to_regclass(%s)" if self._is_server else "SELECT max(name) FROM sqlite_master WHERE name = %s"
        return self._run(database, text, (table,)).fetchone()[0] is not None

    @contextmanager
    def _written(self) -> Iterator[Any]:
        """A connection in which all or nothing is written, to a table of this version."""
        with self._open(writing=True) as database:
            lock = f"SELECT pg_advisory_xact_lock({_LOCK})" if self._is_server else "BEGIN IMMEDIATE"
            self._run(database, lock)
            for step in range(self._version(database) + 1, VERSION + 1):
                for text in _STEPS[step]:
                    self._run(database, text)
            yield database
            database.commit()

    @contextmanager
    def _open(self, *, writing: bool) -> Iterator[Any]:
        """A connection, closed at the end; what a database says goes no further, as it may quote a row."""
        faults: tuple[type[Exception], ...] = (sqlite3.Error, OSError)
        if self._is_server:
            import psycopg  # an extra

            faults = (psycopg.Error, OSError)
        try:
            with closing(self._connected(writing=writing)) as database:
                yield database
        except RunRefused:
            raise
        except faults as fault:
            raise self._refused(self._told(fault, writing=writing)) from None
        except (ValueError, TypeError):  # a row of ours that somebody changed
            raise self._refused("broken_database") from None

    def _connected(self, *, writing: bool) -> Any:
        """The connection."""
        if self._is_server:
            import psycopg  # an extra

            return psycopg.connect(self._where, connect_timeout=_PATIENCE_S)
        mode = "rwc" if writing else "ro"
        address = f"{Path(self._where).resolve().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, timeout=_PATIENCE_S, isolation_level=None)

    def _told(self, fault: Exception, *, writing: bool) -> str:
        """Which sentence tells a fault."""
        if self._is_server:
            is_closed = writing and type(fault).__name__.startswith(("InsufficientPrivilege", "ReadOnly"))
            return "closed_database" if is_closed else "no_database"
        if not isinstance(fault, sqlite3.OperationalError):
            return "broken_database"
        return "closed_database" if writing else "no_database"

    def _refused(self, id: str, **values: object) -> RunRefused:
        """A refusal. The address of a server, which may hold a password, is not told."""
        name = Message("register.the_server") if self._is_server else verbatim(Path(self._where).name)
        kind = Unanswered if id == "no_database" else RunRefused
        return kind(Message(f"register.{id}", {"file": name, **values}))  # type: ignore[dict-item]


def _read(until: str | None, seen: str, by: str | None, on: str, mark: str) -> Acknowledged:
    """A row of the table; ValueError or TypeError for one that somebody changed."""
    snoozed = date.fromisoformat(until) if until else None
    return Acknowledged(snoozed, dict(json.loads(seen)), by, date.fromisoformat(on), mark)
