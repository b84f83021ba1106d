"""CAROC as it is printed, and whom it refuses."""

import pytest
from caroc import OutOfScope, caroc

STEPS = ("low", "moderate", "high")


def step(evidence, sex="female", age=65.0, neck=-1.0, **more):
    """How high the category is."""
    return STEPS.index(caroc(sex, age, neck, evidence, **more).category)


@pytest.mark.parametrize(
    ("sex", "age", "neck", "category"),
    [("female", 50, -2.4, "low"), ("female", 50, -3.0, "moderate"), ("female", 50, -3.9, "high"),
     ("female", 65, -1.8, "low"), ("female", 65, -1.9, "moderate"), ("female", 65, -3.6, "high"),
     ("female", 85, 0.2, "low"), ("female", 85, 0.0, "moderate"), ("female", 85, -2.3, "high"),
     ("male", 70, -2.2, "low"), ("male", 70, -2.4, "moderate"), ("male", 70, -3.8, "high")],
)  # fmt: skip
def test_basal_risk_is_that_of_the_printed_table(sex, age, neck, category, evidence):
    """Cells of the table, one of each band."""
    assert caroc(sex, age, neck, evidence).category == category


def test_lower_density_and_more_age_are_never_a_lower_category(evidence):
    """In both sexes, all over the table."""
    for sex in ("female", "male"):
        for age in range(50, 86, 5):
            found = [step(evidence, sex, age, neck / 10) for neck in range(20, -45, -1)]
            assert found == sorted(found)
    older = [step(evidence, "female", age, -2.0) for age in range(50, 90)]
    assert older == sorted(older)


def test_a_fracture_or_steroids_add_a_step_and_both_are_high(evidence):
    """Whatever the basal risk; pulses and low doses add nothing."""
    assert step(evidence) == 0
    assert step(evidence, fragility_fractures=1) == step(evidence, steroid_mg_per_day=7.5) == 1
    assert step(evidence, steroid_mg_per_day=5.0) == 0
    assert step(evidence, fragility_fractures=1, steroid_mg_per_day=10.0) == 2
    assert step(evidence, fragility_fractures=2) == 2
    assert step(evidence, fragility_fractures=1, hip_or_spine_fracture=True) == 2


def test_osteoporosis_at_the_spine_is_at_least_moderate(evidence):
    """And says why."""
    found = caroc("female", 60.0, -1.0, evidence, lowest_other_t_score=-2.5)
    assert (found.basal, found.category) == ("low", "moderate")
    assert "spine or total hip" in str(found.because[0])


@pytest.mark.parametrize(
    ("sex", "age", "neck", "word"),
    [("female", 45, -2.0, "50 and over"), ("male", 60, None, "femoral neck"), ("x", 60, -1.0, "sex")],
)
def test_whoever_is_out_of_its_scope_is_refused(sex, age, neck, word, evidence):
    """With what was found, and what it would need."""
    with pytest.raises(OutOfScope, match=word):
        caroc(sex, age, neck, evidence)
