"""For every test: a property holds or not, however busy the machine is; what takes minutes waits to be asked for."""

import os

import pytest
from hypothesis import settings

settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
LONG = "TRABECULA_LONG"
"""The variable by which `make test-long` asks for them."""


def pytest_collection_modifyitems(items):
    """Leave out what is marked as long, unless it was asked for."""
    if os.environ.get(LONG):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: make test-long"))
