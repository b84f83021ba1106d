"""One person who was asked about everything, once."""

from pathlib import Path

import pytest

import trabecula as tb

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def person():
    """A woman of 44 with relapsing MS."""
    return tb.read(ROOT / "examples" / "ms_woman_44.yaml")


@pytest.fixture(scope="session")
def assessment(person):
    """What is said of her."""
    return tb.assess(person, draws=20)


@pytest.fixture(scope="session")
def comparison(person):
    """Two choices of hers, one of them refused without `force`."""
    return tb.compare(person, ["exercise", "alendronate"], draws=20)


@pytest.fixture(scope="session")
def shares(person):
    """What did it."""
    return tb.causes(person, draws=20)


@pytest.fixture(scope="session")
def advice(person):
    """What guidelines say."""
    return tb.advise(person, draws=20)


@pytest.fixture(scope="session")
def reproduction():
    """A small study."""
    return tb.reproduce("leblanc_1990", draws=2)
