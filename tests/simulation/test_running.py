"""Runs: the same table for any split of the work, and after whatever stopped it."""

import json
import shutil

import pyarrow.parquet as pq
import pytest
from virtual_lives import CLINIC, TOWN

from trabecula.evidence import Evidence
from trabecula.simulation import running
from trabecula.simulation.cells import PopulationRefused
from trabecula.simulation.reading import read_study
from trabecula.simulation.running import Ensemble, run
from trabecula.simulation.summary import read_results


@pytest.fixture
def town():
    """The study of a town."""
    return read_study(TOWN, Evidence.load())


def ran(study, folder, **how):
    """The hash of the results of a run."""
    return run(study, folder, how.pop("ensemble", Ensemble()), workers=1, **how)["results"]["sha256"]


def test_any_split_of_the_work_gives_the_same_table(town, tmp_path):
    """One chunk, seven, twenty: the same bytes."""
    found = {ran(town, tmp_path / f"{chunk}", chunk=chunk) for chunk in (60, 9, 3)}
    assert len(found) == 1


def test_a_run_that_was_stopped_goes_on_and_ends_the_same(town, tmp_path):
    """What is finished is not worked out again; half a file of a killed process is no cell."""
    whole = ran(town, tmp_path / "whole", chunk=15)
    folder = tmp_path / "stopped"
    ran(town, folder, chunk=15)
    cells = sorted((folder / "cells").glob("*.parquet"))
    before = {cell: cell.stat().st_mtime_ns for cell in cells[1:]}
    cells[0].rename(cells[0].with_name(".half.part"))
    (folder / "results.parquet").unlink()
    assert ran(town, folder, chunk=15, resume=True) == whole
    assert {cell: cell.stat().st_mtime_ns for cell in cells[1:]} == before


def test_a_folder_in_use_and_a_small_disk_are_refused_before_anything_runs(town, tmp_path, monkeypatch):
    """With what to change."""
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "letter.txt").write_text("mine")
    with pytest.raises(PopulationRefused, match="--resume"):
        ran(town, tmp_path / "used")
    monkeypatch.setattr(running.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 1))
    with pytest.raises(PopulationRefused, match="--people"):
        ran(town, tmp_path / "small")


def test_results_say_what_each_scenario_averts(tmp_path):
    """The same people in each; a scenario that changes nothing averts nothing."""
    data = {**CLINIC, "scenarios": {**CLINIC["scenarios"], "the same": {}}, "years": 2}
    ran(read_study(data, Evidence.load()), tmp_path / "out", ensemble=Ensemble(draws=2, seeds=1))
    found = read_results(tmp_path / "out")
    assert found.runs == 2
    assert found.averted("fractures.any", "the same") == (0.0, 0.0, 0.0)
    assert found.total("scans", "scans").mean > 0 == found.total("scans").mean
    assert found.total("people").mean <= 60 * 2
    table = pq.read_table(tmp_path / "out" / "results.parquet")
    assert table.column_names == ["scenario", "draw", "seed", "year", "stratum", "measure", "value"]
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["results"]["rows"] == table.num_rows
