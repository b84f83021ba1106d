"""Where segments begin and end."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trabecula.timeline.build import merged

days = st.lists(st.floats(-1e4, 4e4), max_size=60)


@given(days, st.lists(st.floats(1000.0, 2000.0), max_size=10))
def test_edges_rise_strictly_from_the_start_to_the_end(changes, exact):
    """Whatever changes, and how often on the same day."""
    edges = merged(changes, exact, 1000.0, 2000.0)
    assert edges[0] == 1000.0
    assert edges[-1] == 2000.0
    assert np.all(np.diff(edges) > 0.0)


@given(days, st.lists(st.floats(1000.0, 2000.0), max_size=10))
def test_days_that_are_asked_for_are_edges_to_the_last_digit(changes, exact):
    """Even when something else changes a moment before."""
    nearly = [day + 1e-9 for day in exact]
    assert set(exact) <= set(merged([*changes, *nearly], exact, 1000.0, 2000.0))


@given(days)
def test_no_change_is_lost(changes):
    """Every change within the timeline has an edge within a moment of it."""
    edges = merged(changes, [], 1000.0, 2000.0)
    for day in changes:
        if 1000.0 <= day <= 2000.0:
            assert np.min(np.abs(edges - day)) <= 1e-5
