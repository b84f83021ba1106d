"""Activity advice: for every disability there is something realistic to do, and it says where it was read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula.guidelines.activity_bands import Band, band_of, bands
from trabecula.guidelines.records import STATUSES

half_steps = [each / 2 for each in range(19)]


@pytest.mark.parametrize(
    ("edss", "band"), [(0, "walking"), (4.5, "walking"), (5, "aid"), (6.5, "aid"), (7, "seated"), (9, "seated")]
)
def test_the_bands_are_those_of_the_ms_society(edss: float, band: str) -> None:
    """EDSS 0 to 4.5, 5 to 6.5 and 7 to 9 each have their own advice."""
    found = band_of(edss)
    assert found is not None
    assert found.id == band


@given(st.floats(0, 9))
def test_nobody_up_to_9_is_left_without_advice(edss: float) -> None:
    """An estimated EDSS between two half steps belongs to a band as well."""
    assert isinstance(band_of(edss), Band)


@pytest.mark.parametrize("edss", [None, 9.5, 10.0])
def test_beyond_the_recommendations_nothing_is_made_up(edss: float | None) -> None:
    """Nobody has made recommendations for EDSS 9.5, and an unknown EDSS has no band."""
    assert band_of(edss) is None


@given(st.sampled_from(half_steps), st.sampled_from(half_steps))
def test_more_disability_never_leads_to_an_earlier_band(one: float, other: float) -> None:
    """The bands follow disability."""
    order = [each.id for each in bands()]
    mild, severe = (band_of(each) for each in sorted((one, other)))
    assert mild is not None
    assert severe is not None
    assert order.index(mild.id) <= order.index(severe.id)


@pytest.mark.parametrize("band", bands(), ids=lambda band: band.id)
def test_every_advice_has_a_document_and_says_how_well_it_was_read(band: Band) -> None:
    """No advice stands without a source, a place in it, and a status."""
    for advice in band.advice:
        assert advice.citation
        assert advice.locator
        assert advice.status in STATUSES


@pytest.mark.parametrize("band", bands(), ids=lambda band: band.id)
def test_every_band_speaks_of_amount_bone_falls_and_safety(band: Band) -> None:
    """Advice is not only how much: it says what it does for bone, and how to stay safe."""
    topics = {each.topic for each in band.advice}
    assert {"how much", "what", "bone", "falls", "safety"} <= topics


def test_who_cannot_walk_is_offered_sitting_assisted_and_standing_exercise() -> None:
    """EDSS 7 to 9: a trained assistant, exercise sitting down, a standing frame, and safe transfers."""
    band = band_of(8)
    assert band is not None
    text = " ".join(str(each.text).lower() for each in band.advice)
    for word in ("assistant", "sitting", "standing frame", "transfers"):
        assert word in text


def test_nobody_in_a_wheelchair_is_told_to_walk_or_to_count_steps() -> None:
    """Advice for EDSS 7 to 9 holds nothing that cannot be done there."""
    band = band_of(7.5)
    assert band is not None
    text = " ".join(str(each.text).lower() for each in band.advice)
    for word in ("steps", "hiking", "jog", "jump", "dancing"):
        assert word not in text


def test_what_has_not_been_tested_for_bone_is_said() -> None:
    """Standing frames load the hip, but no trial has shown that they protect bone in MS."""
    band = band_of(8)
    assert band is not None
    (bone,) = [each for each in band.advice if each.topic == "bone"]
    assert "not been tested" in str(bone.text)
    assert bone.status == "own"
