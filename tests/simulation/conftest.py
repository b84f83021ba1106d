"""What happened to a few virtual people, for all tests of this room."""

import pytest
from virtual_lives import CLINIC, lives_of


@pytest.fixture(scope="session")
def clinic():
    """Women and men of a clinic, with what happened to them in each scenario."""
    study, lives = lives_of(CLINIC, 200)
    return study, lives, [{name: one.years(care) for name, care in study.cares.items()} for one in lives]
