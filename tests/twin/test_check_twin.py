"""The twin on people made by the model itself: a check of the code, and no validation."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "check_twin.py"


@pytest.fixture(scope="module")
def figures():
    """What the script prints, for a hundred and eighty people."""
    spec = importlib.util.spec_from_file_location("check_twin", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    sys.modules["check_twin"] = script
    spec.loader.exec_module(script)
    return script.check(histories=36, draws=100)


def mean(figures, name):
    """Mean of the figures of a kind."""
    return np.mean([value for key, value in figures.items() if key.startswith(name)])


def test_ninety_per_cent_intervals_hold_about_ninety_per_cent_of_next_scans(figures):
    """At two and five years, after one scan and after two; a hundred and eighty people leave an error of two points."""
    assert 0.82 < mean(figures, "held.one") < 0.96
    assert 0.82 < mean(figures, "held.two") < 0.96


def test_a_second_scan_narrows_on_average(figures):
    """Today's scan added to an old one narrows much, an old one added to today's a little."""
    assert mean(figures, "narrowed.a_scan_of_today_added") < 0.8
    assert mean(figures, "narrowed.a_scan_of_five_years_ago_added") < 1.0


def test_people_never_scanned_spread_as_the_reference_population(figures):
    """Averaged over histories the standard deviation of the Z-score is one."""
    assert mean(figures, "spread.today") == pytest.approx(1.0, abs=0.08)
    assert mean(figures, "spread.5y") == pytest.approx(1.0, abs=0.12)
