"""A scan that the model cannot explain is said, with what to consider, and never forced."""

import numpy as np
import pytest
from twin_people import EVIDENCE, STEROIDS, conditioned, person, scan

from trabecula import twin
from trabecula.assessment.scans import conditioning_notes, scan_checks

LATER = 30_000.0
BEFORE = scan("2016-06-01", 0.86)


def checks(*dxa, **record):
    """What is said of each scan."""
    return scan_checks(conditioned(dxa=list(dxa), **record)[1], person(dxa=list(dxa), **record))


def test_a_scan_as_foretold_is_called_explained():
    """A hip that fell as hips fall raises no question, and nothing to consider."""
    said = checks(BEFORE, scan("2020-05-30", 0.83))
    assert not any(each.surprising for each in said)
    assert all(each.consider == [] for each in said)
    assert [each.earlier_scans for each in said] == [0, 1]


def test_a_sudden_fall_is_reported_with_causes_and_sources():
    """A fifth of the hip lost in a year is said to be unexplained, and each cause to consider has a source on file."""
    said = checks(scan("2019-06-01", 0.86), scan("2020-05-30", 0.69))[-1]
    assert said.surprising
    assert said.bmd_g_cm2 < said.expected.low
    assert "lower than predicted from the history and earlier scans" in str(said.sentence)
    assert "Repeat on the same scanner" in str(said.sentence)
    assert all(EVIDENCE.finding(each.source) for each in said.consider if each.source)
    assert not any("medicine" in str(each.what) for each in said.consider)


def test_a_fall_under_treatment_asks_whether_the_medicine_was_taken():
    """With a medicine on file a fall may mean that it was not taken as written."""
    drug = [{"drug": "alendronate", "start": "2018-01-01", "dose_mg": 70, "per": "week"}]
    said = checks(scan("2019-06-01", 0.86), scan("2020-05-30", 0.69), medicines=drug)[-1]
    assert any("missed doses" in str(each.what) for each in said.consider)


def test_a_spine_that_rises_alone_asks_for_osteophytes_and_fractures():
    """Density that appears at the spine may be worn discs or a broken vertebra; at the hip nobody asks that."""
    spine, hip = (
        checks(scan("2019-06-01", 0.86, site), scan("2020-05-30", 1.08, site))[-1]
        for site in ("lumbar_spine", "total_hip")
    )
    assert any("osteophytes" in str(each.what) for each in spine.consider)
    assert not any("osteophytes" in str(each.what) for each in hip.consider)
    assert spine.surprising
    assert hip.surprising


def test_the_first_scan_of_someone_far_below_all_others_is_reported_too():
    """A hip at less than half of the usual density is unexplained even when it is the first scan."""
    said = checks(scan("2020-05-30", 0.42))[0]
    assert said.surprising
    assert said.earlier_scans == 0
    assert "lower than predicted from the history" in str(said.sentence)


def test_a_converted_density_is_said_to_be_converted():
    """What a Lunar scanner prints is not what the sentence compares, so the sentence names the scale."""
    lunar, hologic = (checks(scan("2020-05-30", 0.86, device=device))[0] for device in ("lunar", "hologic"))
    assert "on the Hologic scale" in str(lunar.sentence)
    assert "scale" not in str(hologic.sentence)


def score(value, device="lunar", on="2020-05-30"):
    """A scan of which only the T-score was kept."""
    return {"date": on, "site": "lumbar_spine", "t_score": value, "device": device}


def test_a_score_is_not_told_as_a_measured_density():
    """Nobody measured 0.60 g/cm2 in somebody of whom a T-score by another make is on file."""
    said = checks(score(-4.1))[0]
    assert str(said.from_score) == "T-score −4.1"
    assert "T-score −4.1, read as 0.60 g/cm2 on the Hologic scale" in str(said.sentence)
    assert "measured" not in str(said.sentence)
    assert checks(BEFORE)[0].from_score is None


def test_what_lies_outside_the_expected_range_is_not_called_explained():
    """From the middle outwards: explained, at the edge, unexplained; the sentence never contradicts its numbers."""
    said = [checks(score(value))[0] for value in (-1.0, -2.0, -3.0, -4.0, -5.0, -6.0)]
    for each in said:
        inside = each.expected.low <= each.bmd_g_cm2 <= each.expected.high
        assert ("consistent with the history:" in str(each.sentence)) == inside
    words = ("consistent with the history:", "not far enough to be flagged", "lower than predicted from the history")
    assert all(any(word in str(each.sentence) for each in said) for word in words)


def test_a_score_is_less_sure_than_the_density_behind_it():
    """It is rounded, and its reference is that of the maker; a density of the same make is as sure as the scanner."""
    (density,) = twin.scans(person(dxa=[scan("2020-05-30", 0.7)]), EVIDENCE, LATER)
    hologic, lunar = (
        twin.scans(person(dxa=[score(-2.0, device)]), EVIDENCE, LATER)[0] for device in ("hologic", "lunar")
    )
    assert hologic.cv > density.cv
    assert hologic.shared_cv == 0.0
    assert lunar.shared_cv == EVIDENCE.scalar("reference.dxa.conversion_cv")


@pytest.mark.parametrize(
    ("device", "after", "lost"), [("hologic", 0.70, True), ("hologic", 0.79, False), ("lunar", 0.70, None)]
)
def test_a_loss_between_two_makes_is_no_verdict(device, after, lost):
    """An eighth less on the same scanner is a loss, one per cent is noise; on another make nobody can tell."""
    dxa = [scan("2016-06-01", 0.80), scan("2020-05-30", after, device=device)]
    assert twin.is_loss(*twin.scans(person(dxa=dxa), EVIDENCE, LATER), EVIDENCE) is lost


def test_other_sites_of_the_same_day_are_not_used_to_foretell_a_scan():
    """A scan is compared with earlier days: the order in which a report lists its sites changes nothing."""
    hip, neck = scan("2020-05-30", 0.84), scan("2020-05-30", 0.70, "femoral_neck")
    forward, backward = checks(hip, neck), checks(neck, hip)
    assert sorted(forward, key=lambda each: each.site) == sorted(backward, key=lambda each: each.site)


def test_the_probability_of_a_scan_as_far_out_is_uniform_for_people_of_the_model():
    """Few scans of people made by the model itself are called surprising."""
    _, seen, own = conditioned(dxa=[BEFORE])
    now = own.density("total_hip", seen.level)[:40, own.now]
    tails = [checks(BEFORE, scan("2020-05-30", round(float(bmd), 3)))[-1].tail for bmd in now[::4]]
    assert 0.25 < np.mean(tails) < 0.75
    assert min(tails) > 0.001


def test_a_note_says_how_much_is_left_and_nothing_is_noted_without_measurements():
    """Measurements leave some of the possible courses, and the answer says how many; without any there is no note."""
    assert conditioning_notes(conditioned()[1]) == []
    (note,) = conditioning_notes(conditioned(dxa=[BEFORE])[1])
    assert "of 200 draws" in str(note)
    assert "Few draws" not in str(note)


def test_a_note_says_when_the_measurements_fit_hardly_anybody():
    """Weights that had to be flattened are said, and what was flattened."""
    wild = [scan("2014-06-01", 0.5), scan("2016-06-01", 1.3), scan("2018-06-01", 0.45), scan("2020-05-30", 1.3)]
    (note,) = conditioning_notes(conditioned(dxa=wild, steroids=STEROIDS)[1])
    assert str(note).endswith("full weight for the level.")
