"""Fewer edges: the same exposures where nothing happens for long."""

import numpy as np
import pytest

from assessment.conftest import example
from trabecula.assessment.causes_switches import Switches
from trabecula.timeline.merging import merged

NEVER = (np.inf, np.inf)


@pytest.mark.parametrize("name", ["ms_woman_44", "ms_man_58", "ms_woman_67"])
def test_fewer_edges_hold_the_same_exposures(name):
    """Steroids to the last digit, diet to a hundredth, disability to a hundredth of a point, and every injection."""
    whole = Switches(example(name)).timeline
    fewer = merged(whole, [whole.edges_d[40]], NEVER)
    assert len(fewer.edges_d) < 0.8 * len(whole.edges_d)
    assert whole.edges_d[40] in fewer.edges_d
    middles = whole.middles_d
    np.testing.assert_array_equal(fewer.flag_at(middles, fewer.prednisone_mg), whole.prednisone_mg)
    np.testing.assert_allclose(fewer.flag_at(middles, fewer.calcium_mg_per_day), whole.calcium_mg_per_day, rtol=0.011)
    np.testing.assert_allclose(fewer.edss_at(middles), whole.edss_at(middles), atol=0.02)
    assert {bolus.day for bolus in whole.boluses} <= {*fewer.edges_d}


def test_between_two_days_every_edge_stays():
    """Where oestrogen falls, straight lines between distant edges would not be it."""
    whole = Switches(example("ms_woman_44")).timeline
    ends = (whole.edges_d[10], whole.edges_d[60])
    assert set(whole.edges_d[10:61]) <= set(merged(whole, (), ends).edges_d)
