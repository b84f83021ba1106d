"""What the calibration looks at, and how far a model is from it."""

import numpy as np
import pytest

from trabecula.evidence import Evidence
from trabecula.lab.calibrate import FreeParameter, Likelihood, free_parameters
from trabecula.lab.calibrate.likelihood import ENOUGH, LUCKS, MovedDraws, fitted_findings, moves_of
from trabecula.lab.studies.fracture_measures import measure_of
from trabecula.model import Model

EVIDENCE, FREE = Evidence.load(), free_parameters()


def test_predicted_findings_are_never_looked_at():
    """The goals are the fitted findings with numbers, and nothing else."""
    wanted = [goal for found in fitted_findings(EVIDENCE).values() for goal in found]
    assert all(goal.target.role == "fitted" and goal.target.direction is None for goal in wanted)


def test_shares_stay_shares_and_full_load_stays_full():
    """On the logit scale 0 and 1 do not move, and what lies between stays between."""
    curve = FreeParameter("some.curve", True, np.array([1.0, 0.5, 0.0]), 0.7, "")
    assert curve.value(2.0).tolist() == pytest.approx([1.0, np.exp(2) / (1 + np.exp(2)), 0.0])


def test_parameters_without_a_skeleton_have_no_likelihood_and_the_others_keep_theirs():
    """A draw in which the march fails counts as impossible, not as an end of the run."""
    few = fitted_findings(EVIDENCE, ["nutrition"])
    likelihood = Likelihood(Model(EVIDENCE), FREE, few, people=1)
    here = moves_of(EVIDENCE, FREE)
    absurd = here.copy()
    absurd[[each.name for each in FREE].index("skeleton.sclerostin.resorption_exponent")] = 9.0
    together = likelihood.distances(np.stack([here, absurd, here]))
    alone = likelihood.distances(here[None])
    assert together[:, 0] == pytest.approx(alone[:, 0])
    assert together[:, 2] == pytest.approx(alone[:, 0])
    density = likelihood.log_posterior(np.stack([here, absurd, here]), together)
    assert density[0] == density[2]
    assert density[1] < density[0]


STEROID_BANDS = {"dvo_2023_steroids": fitted_findings(EVIDENCE)["dvo_2023_steroids"]}
"""A study of somebody of whom much is not known: menopause, turnover, how steroids act on them."""


def test_the_same_parameters_give_the_same_whatever_stands_beside_them():
    """What is not known of a person does not differ from row to row: a difference is one of the parameters."""
    likelihood = Likelihood(Model(EVIDENCE), FREE, STEROID_BANDS)
    here = moves_of(EVIDENCE, FREE)
    together = likelihood.distances(np.stack([here, here + 0.05, here]))
    assert together[:, 2] == pytest.approx(together[:, 0], abs=1e-9)
    assert not np.allclose(together[:, 1], together[:, 0])


def test_few_people_put_right_say_what_many_say():
    """Where they were put right the distance is that of many people of whom much is not known."""
    likelihood = Likelihood(Model(EVIDENCE), FREE, STEROID_BANDS)
    here = moves_of(EVIDENCE, FREE)
    corrected = likelihood.corrected(here)
    many = MovedDraws(Model(EVIDENCE), FREE, np.repeat(here[None], LUCKS, axis=0), people_differ=True)
    for i, goal in enumerate(STEROID_BANDS["dvo_2023_steroids"]):
        said = measure_of(goal.study, many, ENOUGH)(goal.target.what)
        assert corrected.values(here[None])[i, 0] == pytest.approx(np.median(goal.at(said)))


def test_a_study_of_many_findings_weighs_as_the_root_of_their_number():
    """Sixteen findings of one study at z = 1 count as four."""
    likelihood = Likelihood(Model(EVIDENCE), FREE, fitted_findings(EVIDENCE))
    start = 0
    for found in likelihood.goals.values():
        squares = np.sum(likelihood.weights[start : start + len(found)] ** 2)
        assert squares == pytest.approx(len(found) ** 0.5)
        start += len(found)
