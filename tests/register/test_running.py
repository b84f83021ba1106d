"""A run: chunks, restart, the highest ranked, one file and its manifest."""

import json
import sys

import pyarrow.parquet as pq
import pytest
from register_people import ON, InMemory, person, register

from trabecula.model import Model
from trabecula.register import Entry, Scoring, run, table
from trabecula.register.chunks import RunRefused
from trabecula.words.message import verbatim

SCORING = Scoring(ON, draws=20, highest=2, fine_draws=40)
PEOPLE = 7


@pytest.fixture
def small(monkeypatch):
    """Chunks of three people."""
    monkeypatch.setattr("trabecula.register.sizes.CHUNK", 3)


def _sha(folder):
    return json.loads((folder / "scores.json").read_text())["scores"]["sha256"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run without a break."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trabecula.register.sizes.CHUNK", 3)
        run(register(PEOPLE), SCORING, folder / "scores.parquet", 1)
    return folder


def test_the_table_has_everybody_in_order(finished):
    """One row a person, in the order of the register, with the scores that a table of them has."""
    rows = pq.read_table(finished / "scores.parquet")
    assert rows.column("id").to_pylist() == [f"p{n}" for n in range(PEOPLE)]
    plain = table(list(register(PEOPLE)), SCORING, Model.default())
    coarse = [n for n in range(PEOPLE) if rows.column("draws")[n].as_py() == SCORING.draws]
    assert len(coarse) == PEOPLE - SCORING.highest
    assert [plain.slice(n, 1).to_pylist() for n in coarse] == [rows.slice(n, 1).to_pylist() for n in coarse]


def test_the_highest_ranked_have_shares_of_all_causes(finished):
    """They, and nobody else, are worked out in full; the shares and the rest make the risk beyond age."""
    rows = pq.read_table(finished / "scores.parquet").to_pylist()
    fine = [row for row in rows if row["draws"] == SCORING.fine_draws]
    assert len(fine) == SCORING.highest
    assert all(row["causes"] and len(row["causes"]) == len(row["cause_shares"]) for row in fine)
    assert all(row["causes"] is None for row in rows if row not in fine)
    first = max(rows, key=lambda row: (row["urgent"] is not None, row["risk_major_osteoporotic_10y"]))
    assert first in fine


@pytest.mark.usefixtures("small")
def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_file(finished, tmp_path, monkeypatch):
    """Whatever was finished is not worked out again, and the file has the same hash."""
    rooms = sys.modules["trabecula.register.running"]
    work, done = rooms._work, []

    def dies(*given):
        if len(done) == 2:
            raise KeyboardInterrupt
        work(*given)
        done.append(given)

    monkeypatch.setattr(rooms, "_work", dies)
    with pytest.raises(KeyboardInterrupt):
        run(register(PEOPLE), SCORING, tmp_path / "scores.parquet", 1)
    assert not (tmp_path / "scores.parquet").exists()
    again = []
    monkeypatch.setattr(rooms, "_work", lambda *given: (again.append(given[2]), work(*given)))
    run(register(PEOPLE), SCORING, tmp_path / "scores.parquet", 1)
    assert again == [3, 1]
    assert _sha(tmp_path) == _sha(finished)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scores.json", "scores.parquet"]


def test_two_workers_make_the_same_file(finished, tmp_path):
    """The split of the work changes nothing."""
    # Chunks are those of the package here, so that workers, which are processes of their own, have them too.
    run(register(PEOPLE), SCORING, tmp_path / "scores.parquet", 2)
    found, known = (pq.read_table(folder / "scores.parquet").to_pylist() for folder in (tmp_path, finished))
    assert known == found


def test_a_folder_of_another_run_is_refused(tmp_path):
    """Chunks of other people are never taken for these."""
    parts = tmp_path / "scores.parquet.parts"
    parts.mkdir()
    (parts / "run.json").write_text('{"asked": "another"}')
    with pytest.raises(RunRefused, match="another run"):
        run(register(2), SCORING, tmp_path / "scores.parquet", 1)


def test_people_in_are_people_out(tmp_path):
    """Scored and refused are all; an id that comes twice is refused the second time; the manifest names nobody."""
    people = InMemory(
        [
            Entry("Anna Muster", person(1)),
            Entry("b", refusal=verbatim("row 3: sex: found x")),
            Entry("Anna Muster", person(2)),
        ]
    )
    found = run(people, Scoring(ON, highest=0), tmp_path / "scores.parquet", 1)
    assert found["people"] == {"in": 3, "scored": 1, "refused": 2}
    assert found["refused_because"] == {"register.id_twice": 1, "verbatim": 1}
    assert "Anna" not in (tmp_path / "scores.json").read_text()
