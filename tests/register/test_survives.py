"""A run that meets the worst: killed at any moment, a full disk, a dying source, empty cells everywhere."""

import json
import random
import resource
import signal
import subprocess
import sys
import time
from itertools import islice

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from register_people import ON, InMemory, person, register

from trabecula.adapters.files import InputError
from trabecula.adapters.table.register import TableRegister
from trabecula.adapters.table.writing import tables, write_csv
from trabecula.model import Model
from trabecula.register import Entry, Scoring, run, table
from trabecula.register.chunks import RunRefused
from trabecula.words.message import verbatim

SCORING = Scoring(ON, draws=20, highest=2, fine_draws=20)
PEOPLE = 8
COMMAND = """
import trabecula.register.running as running
running.chunk_of, running.FINE_CHUNK = (lambda size: 2), 1
from trabecula.cli import cli
cli()
"""


def started(source, output):
    """The command in a process of its own, with chunks of two people."""
    asked = ("cohort", "score", source, "-o", output, "--date", ON, "--workers", 1, "--draws", 20, "--highest", 2)
    line = [sys.executable, "-c", COMMAND, *map(str, (*asked, "--fine-draws", 20))]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def test_killed_at_any_moment_a_rerun_ends_with_the_same_file(tmp_path):
    """Killed while it reads, scores or joins; nothing that is half-written is ever taken for whole."""
    write_csv(tables((f"p{n}", person(n)) for n in range(PEOPLE)), tmp_path / "people")
    whole = started(tmp_path / "people", tmp_path / "whole.parquet")
    began = time.monotonic()
    assert whole.wait() == 0, whole.stderr.read()
    took, luck = time.monotonic() - began, random.Random(20)
    for moment in (luck.uniform(0.3, 0.6), luck.uniform(0.6, 0.9), luck.uniform(0.8, 1.0)):
        killed = started(tmp_path / "people", tmp_path / "killed.parquet")
        time.sleep(moment * took)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    again = started(tmp_path / "people", tmp_path / "killed.parquet")
    assert again.wait() == 0, again.stderr.read()
    assert (tmp_path / "killed.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    there = {path.name for path in tmp_path.iterdir() if not path.name.endswith(".part")}
    assert there == {"people", "whole.parquet", "whole.json", "killed.parquet", "killed.json"}


def test_a_full_disk_ends_a_run_in_one_sentence_and_the_next_one_goes_on(tmp_path, monkeypatch):
    """No file is half-written; what was finished stays, and is not worked out again."""
    monkeypatch.setattr("trabecula.register.running.chunk_of", lambda _: 2)
    target, before = tmp_path / "scores.parquet", resource.getrlimit(resource.RLIMIT_FSIZE)
    run(register(2), SCORING, tmp_path / "warm.parquet", 1)  # what is compiled is kept now
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, before[1]))
    try:
        with pytest.raises(RunRefused) as refused:
            run(register(4), SCORING, target, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "can't be written" in str(refused.value)
    assert not target.exists()
    assert not [*tmp_path.rglob("*.part")]
    run(register(4), SCORING, target, 1)
    assert pq.read_table(target).num_rows == 4


class Dying(InMemory):
    """A register whose database goes away after some people."""

    answers = 5

    def __iter__(self):
        """Some people, and then nothing."""
        yield from islice(super().__iter__(), self.answers)
        if self.answers < len(self.entries):
            raise InputError(verbatim("a server"), verbatim("no answer"), verbatim("one"), verbatim("try again"))


def test_a_database_that_dies_half_way_leaves_what_was_finished(tmp_path, monkeypatch):
    """The next run goes on there, and ends with the file of a run that nothing happened to."""
    monkeypatch.setattr("trabecula.register.running.chunk_of", lambda _: 2)
    dying = Dying(register(PEOPLE).entries)
    with pytest.raises(InputError, match="no answer"):
        run(dying, SCORING, tmp_path / "scores.parquet", 1)
    assert not (tmp_path / "scores.parquet").exists()
    assert len([*(tmp_path / "scores.parquet.parts").glob("all-*.parquet")]) == 2
    dying.answers = PEOPLE
    run(dying, SCORING, tmp_path / "scores.parquet", 1)
    run(register(PEOPLE), SCORING, tmp_path / "whole.parquet", 1)
    assert (tmp_path / "scores.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


FULL = tables((f"p{n}", person(n)) for n in range(PEOPLE))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.floats(0.05, 0.95))
def test_empty_cells_anywhere_never_lose_a_person(tmp_path_factory, luck, share):
    """Every row of people that still says anything is somebody: read, or refused with a reason."""
    folder = tmp_path_factory.mktemp("empty")
    thinned = {
        sheet: [rows[0], *([None if luck.random() < share else cell for cell in row] for row in rows[1:])]
        for sheet, rows in FULL.items()
    }
    write_csv(thinned, folder)
    expected = sum(any(cell is not None for cell in row) for row in thinned["people"][1:])
    entries = list(TableRegister(folder, ON))
    assert len(entries) == expected
    assert all((entry.person is None) != (entry.refusal is None) for entry in entries)


def test_people_with_hardly_a_cell_are_scored_or_refused_with_a_reason(tmp_path):
    """All the way to the table of scores; and no cell that names anybody is in the manifest."""
    luck = random.Random(7)
    kept = ("id", "birth_date", "sex")
    header = FULL["people"][0]
    rows = [[c if luck.random() < 0.5 or n in map(header.index, kept[:1]) else None for n, c in enumerate(row)]
            for row in FULL["people"][1:]]  # fmt: skip
    write_csv({**FULL, "people": [header, *rows]}, tmp_path / "people")
    found = run(TableRegister(tmp_path / "people", ON), SCORING, tmp_path / "s.parquet", 1)
    assert found["people"]["in"] == PEOPLE == found["people"]["scored"] + found["people"]["refused"]
    refused = [row for row in pq.read_table(tmp_path / "s.parquet").to_pylist() if row["status"] == "refused"]
    assert all(row["refusal"] for row in refused)
    assert "p1" not in json.dumps(found["refused_because"])


def test_whoever_cannot_be_worked_out_is_refused_and_ends_nothing():
    """Everybody else of the chunk has a score."""
    odd = person(1).model_copy(update={"birth_date": person(1).birth_date.replace(year=2020)})
    rows = table([Entry("child", odd), Entry("b", person(2))], SCORING, Model.default()).to_pylist()
    assert [row["status"] for row in rows] == ["refused", "scored"]
