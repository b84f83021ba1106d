"""A run whose pieces are worked out by a Dask cluster: the same table to the last byte."""

import pytest
from virtual_lives import TOWN

from trabecula.evidence import Evidence
from trabecula.simulation.cells import PopulationRefused
from trabecula.simulation.reading import read_study
from trabecula.simulation.running import Ensemble, run

distributed = pytest.importorskip("distributed", reason="Dask is not installed: make test-engines brings it")


@pytest.fixture
def town():
    """The study of a town."""
    return read_study(TOWN, Evidence.load())


def test_a_cluster_gives_the_same_table_as_one_process(town, tmp_path):
    """Two workers, each a process of its own, and pieces in whatever order they come."""
    alone = run(town, tmp_path / "alone", Ensemble(), workers=1, chunk=9)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        together = run(town, tmp_path / "together", Ensemble(), chunk=9, dask=cluster.scheduler_address)
    assert together["results"] == alone["results"]


def test_a_scheduler_that_does_not_answer_is_refused(town, tmp_path):
    """With its address and what to do; what is finished stays."""
    with pytest.raises(PopulationRefused, match=r"127\.0\.0\.1:9"):
        run(town, tmp_path / "out", Ensemble(), dask="tcp://127.0.0.1:9")
