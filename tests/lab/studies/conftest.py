"""The made-up study, and the registry."""

import pytest

from lab.studies import by_hand
from trabecula.evidence import Evidence
from trabecula.lab.studies import collection


@pytest.fixture(scope="session")
def evidence():
    """The registry that ships."""
    return Evidence.load()


@pytest.fixture
def made_up(monkeypatch, tmp_path):
    """The made-up study in the place of the real ones."""
    by_hand.use(monkeypatch, tmp_path)
    yield collection.studies()["nowhere_1990"]
    collection.studies.cache_clear()
    collection.fracture_studies.cache_clear()
