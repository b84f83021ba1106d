"""Parts of the hazards that somebody replaces: what uses a part uses the one that was given."""

import numpy as np
import pytest

from trabecula.fracture import Exposure, HazardParts, HazardRefused, falls, fracture_risk, hazards, time_grid
from trabecula.fracture.changes import PARTS
from trabecula.words.language import LANGUAGES, language

AGE_Y, DT_Y = time_grid(60, 70, 0)
WOMAN = Exposure("female", "US", AGE_Y, DT_Y, edss=4.0)
Z = {site: np.full((1, 1), -1.0) for site in ("lumbar_spine", "femoral_neck", "total_hip")}


def twice_the_falls(exposure, draws):
    """Everybody falls twice as often as with MS."""
    return 2.0 * falls.ms_rate(exposure, draws)


def steep(site, sex, age_y, draws):  # noqa: ARG001
    """A gradient of 3 at every site and age."""
    return np.full((draws.n, len(age_y)), 3.0)


def test_every_part_replaced_by_itself_changes_nothing(draws):
    """The functions are bound to other names, not written anew."""
    itself = HazardParts().replacing(**{name: getattr(module, name_) for name, (module, name_) in PARTS.items()})
    own, shipped = itself.risks(WOMAN, Z, draws, (10.0,)), fracture_risk(WOMAN, Z, draws, (10.0,))
    for site in shipped.fracture:
        assert np.allclose(own.fracture[site], shipped.fracture[site], rtol=1e-12, atol=0.0)


def test_a_replaced_part_is_followed_by_whatever_uses_it(central):
    """Falls with MS are asked for by the rate of the person, and by the part that falls have in a fracture."""
    more = HazardParts().replacing(ms_falls=twice_the_falls)
    assert more.own_falls(WOMAN, central) == pytest.approx(2.0 * falls.rates(WOMAN, central))
    before, after = (of.per_year["hip"] for of in (hazards(WOMAN, {}, central), more.hazards(WOMAN, {}, central)))
    assert (after > before).all()
    assert more.population_falls("female", AGE_Y, central) == pytest.approx(
        falls.population_rate("female", AGE_Y, central)
    )


def test_a_replaced_gradient_reaches_density_and_factors(central):
    """It stands in the part of density, and in what smoking does to a density that nobody measured."""
    changed = HazardParts().replacing(density_gradient=steep)
    own, shipped = changed.hazards(WOMAN, Z, central).parts["hip"], hazards(WOMAN, Z, central).parts["hip"]
    assert own["density"] == pytest.approx(3.0 * np.exp(-(np.log(3.0) ** 2) / 2.0))
    assert (own["density"] != shipped["density"]).all()
    smoker = Exposure("female", "US", AGE_Y, DT_Y, present={"current_smoking": True}, density_measured=False)
    assert changed.hazards(smoker, {}, central).parts["hip"]["factors"] != pytest.approx(
        hazards(smoker, {}, central).parts["hip"]["factors"]
    )


def test_the_room_itself_stays_as_it_is(central):
    """Who asks the functions of the room gets those that ship, whatever somebody has replaced elsewhere."""
    before = falls.rates(WOMAN, central)
    HazardParts().replacing(ms_falls=twice_the_falls).own_falls(WOMAN, central)
    assert np.array_equal(before, falls.rates(WOMAN, central))


def refused(ask):
    """What is said of a part that cannot be used, in English; the other languages have a sentence of their own."""
    with pytest.raises(HazardRefused) as refusal:
        ask()
    assert all(language(code).say(refusal.value.message) for code in LANGUAGES)
    return str(refusal.value)


def test_a_part_that_does_not_exist_is_answered_with_those_that_do():
    """A slip of the pen does not pass silently."""
    said = refused(lambda: HazardParts().replacing(gradient=steep))
    assert "no part 'gradient'" in said
    assert "density_gradient" in said


def test_other_arguments_are_refused():
    """Before anything is computed."""
    said = refused(lambda: HazardParts().replacing(density_gradient=lambda site: site))
    assert "takes (site); expected (site, sex, age_y, draws)" in said


@pytest.mark.parametrize("wrong", [np.nan, -1.0, np.inf])
def test_a_part_that_gives_no_rate_is_named_with_site_and_age(wrong, central):
    """Which part, for what, in whom."""
    bad = HazardParts().replacing(prior_effect=lambda site, exposure, draws: np.full((1, len(exposure.age_y)), wrong))
    said = refused(lambda: bad.hazards(WOMAN, {}, central))
    assert "part prior_effect of the hazards gave" in said
    assert "(hip, at 60.5 years, draw 0)" in said


def test_a_part_of_another_shape_is_refused(central):
    """Rows are draws and columns steps."""
    bad = HazardParts().replacing(prior_effect=lambda site, exposure, draws: np.ones(3))
    assert "shape (3,)" in refused(lambda: bad.hazards(WOMAN, {}, central))


@pytest.mark.parametrize("function", [lambda site, exposure, draws: "a", lambda site, exposure, draws: {}[site]])
def test_a_part_that_stops_is_named_with_the_site_and_its_own_error(function, central):
    """The error itself follows below, with the line."""
    said = refused(lambda: HazardParts().replacing(prior_effect=function).hazards(WOMAN, {}, central))
    assert "part prior_effect of the hazards (hip) stopped with" in said


def test_a_part_without_site_or_age_is_named_without_them(central):
    """Medicines are asked for nobody's age."""
    bad = HazardParts().replacing(medicines_on_falls=lambda present, draws: np.nan)
    assert "medicines_on_falls of the hazards gave nan (everybody, draw 0)" in refused(
        lambda: bad.hazards(WOMAN, {}, central)
    )


def test_rows_that_are_no_draws_and_arguments_in_another_order_are_refused(central):
    """Before they meet other arrays."""
    bad = HazardParts().replacing(medicines_on_falls=lambda present, draws: np.ones((3, 1)))
    assert "array of shape (3, 1)" in refused(lambda: bad.hazards(WOMAN, {}, central))
    said = refused(lambda: HazardParts().replacing(medicines_on_falls=lambda draws, present: 1.0))
    assert "takes (draws, present); expected (present, draws)" in said
