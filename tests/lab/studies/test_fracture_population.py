"""The published 10-year probabilities of the United Kingdom, cell by cell."""

import numpy as np
import pytest

from trabecula.evidence import Evidence
from trabecula.lab.studies.fracture_population import uk_cells, uk_predictions
from trabecula.model import Model

EVIDENCE = Evidence.load()
CELLS = uk_cells(EVIDENCE)
MADE = uk_predictions(CELLS, Model(EVIDENCE).draws(1).central())


def root_mean_square(cells):
    """Of the relative error."""
    return np.sqrt(np.mean([(MADE[cell.finding][0] / cell.printed - 1) ** 2 for cell in cells]))


def test_every_cell_with_a_number_is_read():
    """230 probabilities: two cells of the tables say 'less than 0.1'."""
    assert len(CELLS) == 230
    assert len({cell.finding for cell in CELLS}) == 230
    assert {cell.factor for cell in CELLS if cell.t_score is None} == {
        "none", "alcohol", "gc", "parental_hip", "prior_fracture", "ra", "smoking",
    }  # fmt: skip


def test_the_model_without_ms_meets_the_tables():
    """Over cells above one per cent the root-mean-square relative error is at most ten per cent."""
    big = [cell for cell in CELLS if cell.printed > 0.01]
    assert len(big) > 150
    assert root_mean_square(big) <= 0.10


def test_cells_that_were_never_fitted_are_met_as_well():
    """The column of T-score -2, and arthritis and alcohol in men, were held out of the fit."""
    held_out = [
        cell
        for cell in CELLS
        if cell.printed > 0.01 and (cell.t_score == -2.0 or (cell.sex == "men" and cell.factor in ("ra", "alcohol")))
    ]
    assert len(held_out) > 25
    assert root_mean_square(held_out) <= 0.12


@pytest.mark.parametrize("group", ["hip", "mof"])
@pytest.mark.parametrize("sex", ["women", "men"])
def test_less_density_is_more_risk_in_model_and_table(group, sex):
    """At every age the risks rise as the T-score falls."""
    for age in (50, 60, 70, 80, 90):
        row = sorted(
            (c for c in CELLS if (c.group, c.sex, c.age_y) == (group, sex, age) and c.t_score is not None),
            key=lambda c: -c.t_score,
        )
        assert np.all(np.diff([MADE[cell.finding][0] for cell in row]) > 0)
