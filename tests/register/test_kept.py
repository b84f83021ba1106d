"""What was said about people, in SQLite and in PostgreSQL: the same table, the same answers."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

import pytest
from scored_rows import ON, scores

from beside_postgres import postgres, programs
from trabecula.register.chunks import RunRefused
from trabecula.register.kept import VERSION, Acknowledgements, Unanswered
from trabecula.register.worklist import watched

LATE = scores("p1", dxa_overdue=True)


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL server, where there is one to start."""
    if programs() is None:
        pytest.skip("PostgreSQL 15 or newer is not installed, and nobody may install it")
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request, tmp_path):
    """An empty database, and a way to run a statement in it as somebody else would."""
    if request.param == "sqlite":
        file = tmp_path / "kept.sqlite"

        def run(*texts):
            with closing(sqlite3.connect(file)) as database, database:
                for text in texts:
                    database.execute(text)

        return str(file), run
    import psycopg

    url = request.getfixturevalue("server")

    def run(*texts):
        with psycopg.connect(url, autocommit=True) as database:
            for text in texts:
                database.execute(text)

    run("DROP TABLE IF EXISTS acknowledged, acknowledged_version")
    return url, run


def test_what_was_said_comes_back_and_can_be_taken_back(where):
    """Acknowledged, snoozed, taken back; with who, when, and what was seen."""
    kept = Acknowledgements(where[0])
    assert dict(kept()) == {}
    assert kept.say(LATE, ON, by="8f1c")
    said = kept()["p1"]
    assert (said.snoozed_until, dict(said.seen), said.by, said.on) == (None, watched(LATE), "8f1c", ON)
    assert kept.say(LATE, ON, date(2027, 1, 1))
    assert kept()["p1"].snoozed_until == date(2027, 1, 1)
    assert kept.take_back("p1")
    assert not kept.take_back("p1")
    assert dict(kept()) == {}


def test_of_two_at_once_one_is_kept_and_the_other_told(where):
    """Eight people press the same button: one of them is kept. Whoever saw an older word changes nothing."""
    kept = Acknowledgements(where[0])
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda name: kept.say(LATE, ON, by=name, before=""), "abcdefgh"))
    assert sum(done) == 1
    first = kept()["p1"]
    assert first.by == "abcdefgh"[done.index(True)]
    assert kept.say(LATE, ON, date(2027, 1, 1), before=first.mark)
    assert not kept.say(LATE, ON, before=first.mark)
    assert not kept.take_back("p1", first.mark)
    assert kept.take_back("p1", kept()["p1"].mark)


def test_an_older_table_is_read_as_it_is_and_brought_up_by_who_writes(where):
    """A table of version 1 has no marks; nothing of it is lost."""
    address, run = where
    run(
        "CREATE TABLE acknowledged (id TEXT PRIMARY KEY, snoozed_until TEXT, seen TEXT NOT NULL, by_whom TEXT, "
        "on_day TEXT NOT NULL)",
        f"INSERT INTO acknowledged VALUES ('old', NULL, '{json.dumps(watched(LATE))}', NULL, '2026-11-01')",
    )
    kept = Acknowledgements(address)
    before = kept()["old"]
    assert kept.say(LATE, ON)
    assert kept()["old"] == before
    assert kept.say(scores("old"), ON, before=before.mark)


def test_a_newer_table_is_refused_and_left_alone(where):
    """A program that is older than its database neither reads nor writes it, and says so."""
    address, run = where
    kept = Acknowledgements(address)
    kept.say(LATE, ON)
    run(f"UPDATE acknowledged_version SET version = {VERSION + 1}")
    for attempt in (kept, lambda: kept.say(LATE, ON)):
        with pytest.raises(RunRefused, match=f"version {VERSION + 1}"):
            attempt()


def test_a_database_that_does_not_answer_is_told_without_its_address():
    """A server that is gone: a sentence, which a password in the address never enters."""
    kept = Acknowledgements("postgresql://clinic:secret@127.0.0.1:1/register")
    for attempt in (kept, lambda: kept.say(LATE, ON)):
        with pytest.raises(Unanswered, match=r"the PostgreSQL server: .* doesn't answer") as told:
            attempt()
        assert "secret" not in str(told.value)


def test_a_file_that_is_none_or_is_held_by_another(tmp_path, monkeypatch):
    """A file of something else, and one in which another program writes: told, and nothing half-written."""
    monkeypatch.setattr("trabecula.register.kept._PATIENCE_S", 0)
    (tmp_path / "text.sqlite").write_text("no database, " * 100)
    with pytest.raises(RunRefused, match="is no database of acknowledgements"):
        Acknowledgements(str(tmp_path / "text.sqlite"))()
    kept = Acknowledgements(str(tmp_path / "held.sqlite"))
    kept.say(LATE, ON)
    with closing(sqlite3.connect(tmp_path / "held.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "p1" in kept()
        with pytest.raises(RunRefused, match="can't be written now"):
            kept.take_back("p1")
    assert "p1" in kept()
