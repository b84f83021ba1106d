"""What was said about people on the work list: acknowledged, or snoozed until a day; kept in SQLite.

A row is one person; what is watched (`worklist.WATCHED`) is kept as it was, so that whoever changes comes back.
"""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

from trabecula.register.chunks import RunRefused
from trabecula.register.worklist import Acknowledged, Scores, watched
from trabecula.words.message import Message, verbatim

_TABLE = """CREATE TABLE IF NOT EXISTS acknowledged
    (id TEXT PRIMARY KEY, snoozed_until TEXT, seen TEXT NOT NULL, by_whom TEXT, on_day TEXT NOT NULL)"""


def acknowledgements(database: Path) -> Mapping[str, Acknowledged]:
    """What was said about people, by id; nothing where there is no database yet. Raises RunRefused for a broken one."""
    if not database.exists():
        return {}
    try:
        with closing(sqlite3.connect(database)) as found:
            found.execute(_TABLE)
            rows = found.execute("SELECT id, snoozed_until, seen FROM acknowledged").fetchall()
    except sqlite3.DatabaseError:
        raise RunRefused(Message("register.broken_database", {"file": verbatim(database.name)})) from None
    return {
        id: Acknowledged(date.fromisoformat(until) if until else None, json.loads(seen)) for id, until, seen in rows
    }


def acknowledge(database: Path, row: Scores, on: date, until: date | None = None, by: str | None = None) -> None:
    """Keep that somebody has seen a person's row; until: quiet up to that day, else until something changes."""
    with closing(sqlite3.connect(database)) as found, found:
        found.execute(_TABLE)
        seen = json.dumps(watched(row), default=str)
        until_text = until.isoformat() if until else None
        found.execute(
            "INSERT OR REPLACE INTO acknowledged VALUES (?, ?, ?, ?, ?)",
            (row["id"], until_text, seen, by, on.isoformat()),
        )
