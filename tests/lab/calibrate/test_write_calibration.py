"""The script that writes a calibration into the registry writes records that load, and names what moved each."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import yaml

PATH = Path(__file__).parents[3] / "scripts" / "write_calibration.py"
spec = importlib.util.spec_from_file_location("write_calibration", PATH)
assert spec is not None
assert spec.loader is not None
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)

RECORD = """- id: skeleton.some.rate
  label: Some rate
  unit: 1/d
  value: 0.02
  spread: {kind: lognormal, sd: 0.3}
  spread_because: Somebody's guess.
  method: assumed
  from:
    - old.one
  because: >-
    A reason of two
    lines.
  reviewed: 2026-11-22
"""
FREE = script.FreeParameter("skeleton.some.rate", False, np.asarray(0.02), 0.7, "a reason")


def test_a_fitted_record_has_its_value_width_method_fit_and_findings():
    """The value moves on its scale; the findings that moved it are named, and the old ones are gone."""
    record = yaml.safe_load(script.rewritten(RECORD, FREE, 0.5, 0.123, ["new.one", "new.two"]))[0]
    assert record["value"] == pytest.approx(0.02 * np.exp(0.5), rel=0.01)
    assert record["spread"] == {"kind": "lognormal", "sd": 0.12}
    assert (record["method"], record["fit"]) == ("calibrated", script.FIT)
    assert record["from"] == ["new.one", "new.two"]
    assert record["because"].startswith("A reason of two lines. Fitted together")


def test_writing_twice_does_not_pile_up_reasons():
    """A second calibration replaces the sentences of the first."""
    once = script.rewritten(RECORD, FREE, 0.5, 0.1, ["a.b"])
    twice = script.rewritten(once, FREE, 0.1, 0.2, ["c.d"])
    assert twice.count("Fitted together") == 1
    assert twice.count("spread_because") == 1
    assert yaml.safe_load(twice)[0]["from"] == ["c.d"]


def test_a_parameter_that_no_finding_moves_keeps_its_value_and_gets_the_width_of_its_draws():
    """Without findings nothing but the spread is touched."""
    record = yaml.safe_load(script.rewritten(RECORD, FREE, 0.5, 0.68, []))[0]
    assert (record["value"], record["method"], record["from"]) == (0.02, "assumed", ["old.one"])
    assert record["spread"]["sd"] == 0.68
    assert "posterior draws" in record["spread_because"]
