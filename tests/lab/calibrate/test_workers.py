"""Any split of the work gives the same answer."""

import numpy as np
import pytest

from trabecula.evidence import Evidence
from trabecula.lab.calibrate import Likelihood, free_parameters
from trabecula.lab.calibrate.likelihood import fitted_findings, in_parallel, moves_of
from trabecula.model import Model


def test_the_likelihood_on_all_cores_is_the_likelihood_on_one():
    """Dealt to processes or not, every set of parameters gets the same distances."""
    evidence = Evidence.load()
    alone = Likelihood(Model(evidence), free_parameters(), fitted_findings(evidence, ["nutrition"]), people=1)
    here = moves_of(evidence, alone.free)
    moves = here + 0.02 * np.arange(5)[:, None]
    with in_parallel(alone) as together:
        assert together.distances(moves) == pytest.approx(alone.distances(moves), rel=1e-10, abs=1e-10)
