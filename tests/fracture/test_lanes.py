"""People side by side."""

import numpy as np
import pytest

from trabecula.fracture.lanes import LANES, in_lanes, in_rows, left


def test_what_is_left_is_an_exponential():
    """From nothing lost to nobody left, to 1e-12 of itself."""
    lost = np.concatenate([[0.0], np.geomspace(1e-12, 40.0, 400)])
    assert [left(one) for one in lost] == pytest.approx(np.exp(-lost), rel=1e-12)
    assert left(1e6) < 1e-19


def test_rows_come_back_as_they_went_in():
    """Also where the last block is not full."""
    rows = np.arange(3.0 * (LANES + 3)).reshape(-1, 3)
    assert np.array_equal(in_rows(in_lanes(rows), len(rows)), rows)
