"""A table of events small enough to be worked out by hand."""

import numpy as np
import pytest

from trabecula.economics import YearlyEvents
from trabecula.economics.valuing import Rules
from trabecula.evidence import Evidence, Spread

RULES = Rules("UK", 2013, 0.0, 0.0, "naci_2010", "dewaure_2014")


@pytest.fixture
def draws():
    """One draw at the values themselves."""
    return Evidence.load().draws(1).central()


@pytest.fixture
def table():
    """Makes a table of one strategy: shares alive, and hip fractures in each year; no MS, women of 60."""

    def make(alive, hips, edss=np.nan, age_y=60.0):
        years = len(hips)
        return YearlyEvents(
            strategies=("only",),
            alive=np.array(alive, dtype=float).reshape(1, 1, -1),
            fractures={"hip": np.array(hips, dtype=float).reshape(1, 1, -1)},
            edss=np.full((1, years), edss),
            age_y=np.full(years, age_y),
            male=0.0,
        )

    return make


@pytest.fixture
def spread_none():
    """A value that does not vary."""
    return Spread(kind="none")
