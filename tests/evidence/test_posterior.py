"""The posterior draws that ship belong to the registry they ship with, and stay joint."""

import numpy as np
import pytest

from trabecula.evidence import Evidence
from trabecula.evidence.draws import read_posterior
from trabecula.evidence.reading import DATA
from trabecula.lab.calibrate import free_parameters
from trabecula.lab.calibrate.likelihood import Likelihood, fitted_findings
from trabecula.lab.calibrate.run import split_hash
from trabecula.lab.studies.tolerance import NOT_FITTED_TOGETHER
from trabecula.model import Model

EVIDENCE = Evidence.load()
SHIPPED = read_posterior(DATA / "posterior")
NAME, OTHER = "skeleton.turnover.lumbar_spine", "skeleton.osteoblast.turnover"


def test_the_draws_were_made_from_the_findings_that_are_fitted_now():
    """A finding entered, moved to another role or given another tolerance calls for new draws."""
    likelihood = Likelihood(Model(EVIDENCE), free_parameters(), fitted_findings(EVIDENCE))
    assert SHIPPED.manifest["split"] == split_hash(likelihood)
    assert list(SHIPPED.columns) == [each.name for each in free_parameters()]
    assert np.isfinite(SHIPPED.moves).all()


def test_a_draw_takes_all_parameters_from_one_row():
    """What was calibrated together is drawn together, whatever the seed."""
    rows = {tuple(row) for row in zip(*(_all(name) for name in (NAME, OTHER)), strict=True)}
    draws = Model(EVIDENCE).draws(50, seed=9)
    assert {tuple(row) for row in zip(draws[NAME], draws[OTHER], strict=True)} <= rows


def test_more_draws_keep_the_first_ones_and_each_row_comes_once_before_any_comes_twice():
    """300 draws are the 300 rows; the first 50 of 700 are the 50."""
    few, many = Model(EVIDENCE).draws(50, seed=9)[NAME], Model(EVIDENCE).draws(2 * len(SHIPPED.moves), seed=9)[NAME]
    assert np.array_equal(few, many[:50])
    assert sorted(many[: len(SHIPPED.moves)]) == pytest.approx(sorted(_all(NAME)))


def test_a_replaced_value_holds_in_every_draw():
    """A what-if is not drawn over."""
    assert set(Model(EVIDENCE.replacing({NAME: 3e-4})).draws(20)[NAME]) == {3e-4}


def _all(name):
    return SHIPPED.values(name, len(SHIPPED.moves), seed=1)


def test_the_factors_on_the_allowance_are_those_that_the_run_left():
    """What the intervals promise was learnt from the very draws that ship; a chapter has its own where it needs one."""
    assert SHIPPED.manifest["allowance_factor"] == EVIDENCE["studies.allowance_factor"].value
    prefix = "studies.allowance_factor."
    own = {name.removeprefix(prefix): EVIDENCE[name].value for name in EVIDENCE if name.startswith(prefix)}
    assert SHIPPED.manifest["allowance_factors"] == {k: v for k, v in own.items() if k not in NOT_FITTED_TOGETHER}


def test_the_draws_are_small():
    """They ship with every installation: half a megabyte at most."""
    assert sum(file.stat().st_size for file in (DATA / "posterior").iterdir()) <= 500_000
