"""Every free parameter has a prior with a reason, on the scale on which it is drawn."""

import numpy as np
import pytest

from trabecula.evidence import Evidence
from trabecula.lab.calibrate import free_parameters
from trabecula.lab.calibrate.likelihood import MovedDraws, moves_of
from trabecula.model import Model

EVIDENCE, FREE = Evidence.load(), free_parameters()


def test_every_free_parameter_is_in_the_registry_and_has_a_reason():
    """No prior for something that isn't there; its width is stated and argued."""
    for each in FREE:
        assert each.name in EVIDENCE
        assert each.sd > 0.0
        assert len(each.because) > 20


def test_the_scale_of_a_prior_is_that_of_the_registry():
    """A share stays a share: what is drawn on the logit there has its prior on the logit here."""
    for each in FREE:
        assert each.share == (EVIDENCE[each.name].spread.kind in ("logitnormal", "beta")), each.name
        assert each.centre.shape == np.shape(EVIDENCE[each.name].value), each.name


def test_a_value_moved_by_its_distance_from_the_centre_comes_back():
    """Scale and unit round-trip for every parameter, numbers and curves."""
    for each in FREE:
        assert each.move_to(each.value(0.3)) == pytest.approx(0.3)
        assert each.value(0.0) == pytest.approx(each.centre)


def test_moved_draws_hold_the_registry_where_nothing_is_free():
    """A row of moves changes what is free and nothing else."""
    moves = np.stack([moves_of(EVIDENCE, FREE), np.zeros(len(FREE))])
    draws = MovedDraws(Model(EVIDENCE), FREE, moves)
    central = Model(EVIDENCE).draws(1).central()
    held = "fall.often.share"
    assert draws[held] == pytest.approx(np.repeat(central[held], 2))
    name = "skeleton.turnover.lumbar_spine"
    assert draws[name][0] == pytest.approx(central[name][0])
    assert draws[name][1] == pytest.approx(next(each.centre for each in FREE if each.name == name))
