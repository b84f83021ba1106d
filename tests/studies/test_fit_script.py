"""The script that fits the skeleton writes records that load, and names what moved each parameter."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import yaml

PATH = Path(__file__).parents[2] / "scripts" / "fit_skeleton.py"
spec = importlib.util.spec_from_file_location("fit_skeleton", PATH)
assert spec is not None
assert spec.loader is not None
fit_skeleton = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fit_skeleton)

RECORD = """- id: skeleton.some.rate
  label: Some rate
  unit: 1/d
  value: 0.02
  spread: {kind: lognormal, sd: 0.3}
  method: assumed
  from:
    - old.one
  because: >-
    A reason of two
    lines.
  reviewed: 2026-11-22
"""
FREE = fit_skeleton.Free("skeleton.some.rate", False, np.asarray(0.02))


def written(record, moved=0.5, by=("new.one", "new.two")):
    """The record after the fit, as YAML reads it."""
    return yaml.safe_load(fit_skeleton.rewritten(record, FREE, moved, list(by)))[0]


def test_a_fitted_record_has_its_value_method_fit_and_findings():
    """The value moves on its scale; the findings that moved it are named, and the old ones are gone."""
    record = written(RECORD)
    assert record["value"] == pytest.approx(0.02 * np.exp(0.5), rel=0.01)
    assert record["method"] == "calibrated"
    assert record["fit"] == fit_skeleton.FIT
    assert record["from"] == ["new.one", "new.two"]
    assert record["because"].startswith("A reason of two lines. Fitted together")


def test_fitting_twice_does_not_pile_up_reasons():
    """A second fit replaces the sentence of the first."""
    twice = fit_skeleton.rewritten(fit_skeleton.rewritten(RECORD, FREE, 0.5, ["a.b"]), FREE, 0.1, ["c.d"])
    assert twice.count("Fitted together") == 1
    assert yaml.safe_load(twice)[0]["from"] == ["c.d"]


def test_a_parameter_that_no_finding_moves_stays_as_it_was():
    """Without findings the record is not touched."""
    assert fit_skeleton.rewritten(RECORD, FREE, 0.5, []) == RECORD


def test_shares_stay_shares_and_full_load_stays_full():
    """On the logit scale 0 and 1 do not move, and what lies between stays between."""
    curve = fit_skeleton.Free("skeleton.load.edss_hip", True, np.array([1.0, 0.5, 0.0]))
    assert curve.value(2.0).tolist() == pytest.approx([1.0, np.exp(2) / (1 + np.exp(2)), 0.0])


def test_predicted_findings_are_never_looked_at():
    """The goals of the fit are the fitted findings with numbers, and nothing else."""
    from trabecula.evidence import Evidence

    goals = fit_skeleton.goals(Evidence.load())
    assert all(
        goal.target.role == "fitted" and goal.target.direction is None
        for found in goals.values()
        for goal in found
    )
