"""The shipped registry, draws of it, and people to try."""

import numpy as np
import pytest

from trabecula.evidence import Evidence
from trabecula.fracture import BONE_SITES, Exposure, time_grid
from trabecula.model import Model


@pytest.fixture(scope="session")
def evidence():
    """The package's own registry."""
    return Evidence.load()


@pytest.fixture(scope="session")
def central(evidence):
    """One draw at the values themselves."""
    return Model(evidence).draws(1).central()


@pytest.fixture(scope="session")
def draws(evidence):
    """A few draws."""
    return Model(evidence).draws(20, seed=1)


def person(age_y=50.0, sex="female", until=110.0, monthly_y=10.0, **more):
    """Someone on a grid of monthly, then yearly steps; about whom little is known."""
    age, dt_y = time_grid(age_y, until, monthly_y)
    return Exposure(sex, "US", age, dt_y, **more)


def z_everywhere(z):
    """The same Z-score at all bone sites, for ever."""
    return dict.fromkeys(BONE_SITES, np.full((1, 1), float(z)))
