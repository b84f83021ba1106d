"""Parameters fitted to one's own people: what closed forms say, what outcomes move, and what is handed on."""

from datetime import date

import numpy as np
import pytest
from register_people import person

from trabecula.evidence import Evidence
from trabecula.evidence.draws import read_posterior, write_posterior
from trabecula.model import Model
from trabecula.register.fitting import FitRefused, fitted, foretold, laplace, moves_after, prior_of
from trabecula.register.validation import Outcomes

MODEL = Model(Evidence.load())
ON = date(2016, 1, 1)
SPINE = "fracture.level.us.spine.women"
PEOPLE = [one for one in map(person, range(24)) if one.sex == "female"]


def what_happened(years, event):
    """The same for everybody."""
    return Outcomes(np.full(len(PEOPLE), float(years)), np.full(len(PEOPLE), event))


def test_a_normal_likelihood_gives_the_textbooks_posterior():
    """Precisions add, and the mean is weighed by them; a quadratic is not bent."""
    prior, data = np.array([[0.5, 0.1], [0.1, 0.3]]), np.array([[0.2, -0.05], [-0.05, 0.4]])
    seen, precision = np.array([1.0, -0.5]), np.linalg.inv(data)
    found = laplace(lambda x: -float((x - seen) @ precision @ (x - seen)) / 2.0, np.zeros(2), prior)
    covariance = np.linalg.inv(np.linalg.inv(prior) + precision)
    assert found.covariance == pytest.approx(covariance, rel=1e-6)
    assert found.mode == pytest.approx(covariance @ precision @ seen, rel=1e-6)
    assert found.bent < 1e-6


def test_events_at_a_rate_are_counted():
    """Thirty events in ten years, prior wide: near the logarithm of three, give or take 1 / root 30."""
    found = laplace(lambda x: 30.0 * float(x[0]) - 10.0 * float(np.exp(x[0])), np.zeros(1), np.array([[4.0]]))
    assert found.mode[0] == pytest.approx(np.log(3.0), abs=0.02)
    assert np.sqrt(found.covariance[0, 0]) == pytest.approx(1.0 / np.sqrt(30.0), rel=0.05)


def test_a_parameter_that_says_nothing_stays_what_it_was():
    """With a flat likelihood the draws are the draws, to the last digit that is kept."""
    prior = prior_of(MODEL.evidence, ("fall.ms.rate", SPINE))
    found = laplace(lambda _: 0.0, prior.mean, prior.covariance)
    assert moves_after(prior, found) == pytest.approx(prior.moves, abs=1e-6)


def test_the_level_goes_up_where_everybody_breaks_and_down_where_nobody_does():
    """Not being followed moves nothing; one fracture moves the logarithm by the prior's variance, .09."""
    middles = [
        fitted(PEOPLE, outcomes, (SPINE,), "spine", ON, MODEL, draws=10).parameters[0].after[1]
        for outcomes in (what_happened(3, 1), _mostly(0, 9.5), _mostly(0, 0.0))
    ]
    before = fitted(PEOPLE, _mostly(0, 0.0), (SPINE,), "spine", ON, MODEL, draws=10).parameters[0].before[1]
    everybody, nobody, unseen = middles
    assert everybody > 1.2 * before
    assert nobody < 0.995 * unseen
    assert unseen == pytest.approx(before * np.exp(0.3**2), rel=0.03)


def _mostly(event, years):
    """One fracture at once, without which nothing can be fitted, and all others the same."""
    found = what_happened(years, event)
    found.events[0], found.years[0] = 1, 0.01
    return found


def test_what_was_fitted_is_read_again_and_named_and_foretells_more(tmp_path):
    """Written and read, the draws are those of an evidence that says what was fitted; the rest stays joint."""
    fit = fitted(PEOPLE, what_happened(3, 1), (SPINE, "fall.ms.rate"), "spine", ON, MODEL, draws=10)
    write_posterior(fit.draws, tmp_path / "posterior")
    again = read_posterior(tmp_path / "posterior")
    assert again.moves == pytest.approx(fit.draws.moves, abs=1e-6)
    after = MODEL.evidence.with_posterior(tmp_path)
    assert after.replaced() == tuple(sorted((SPINE, "fall.ms.rate")))
    assert Model(after).fingerprint != MODEL.fingerprint == Model(Evidence.load()).fingerprint
    assert np.median(after.draws(200)[SPINE]) == pytest.approx(fit.parameters[0].after[1], rel=0.02)
    other = "fall.exponent"
    assert np.array_equal(after.draws(50)[other], MODEL.evidence.draws(50)[other])
    chances = [foretold(PEOPLE, "spine", 5.0, ON, model, 10) for model in (MODEL, Model(after))]
    assert chances[1] > 1.1 * chances[0]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ((), "one to 4"),
        (("fall.ms.rate",) * 2, "each once"),
        (("mortality.lifetime_until",), "mortality.lifetime_until"),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(names, told):
    """None, one twice, and a number that nobody doubts."""
    with pytest.raises(FitRefused, match=told):
        prior_of(MODEL.evidence, names)


def test_outcomes_without_a_fracture_are_refused():
    """Nothing can be learnt from them."""
    with pytest.raises(FitRefused, match="no fracture"):
        fitted(PEOPLE, what_happened(5, 0), (SPINE,), "spine", ON, MODEL, draws=10)
