"""One scale for disability, from whatever was measured."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from person_records import HALF_STEPS

from trabecula.evidence import Evidence
from trabecula.person import Disability, edss_of
from trabecula.person.dates import read_date

DAY = read_date("2020-05-01")
EVIDENCE = Evidence.load()


def edss(**measure) -> float:
    """The EDSS of a measure."""
    return edss_of(Disability(date=DAY, **measure), EVIDENCE).edss


@given(HALF_STEPS)
def test_an_edss_is_taken_as_it_is(score):
    """What the neurologist wrote has no uncertainty of ours."""
    estimate = edss_of(Disability(date=DAY, edss=score), EVIDENCE)
    assert (estimate.edss, estimate.sd, estimate.basis) == (score, 0.0, "edss")


@pytest.mark.parametrize(
    ("metres", "score"), [(500, 4.0), (499, 4.5), (300, 4.5), (200, 5.0), (199, 5.5), (100, 5.5), (99, 6.0)]
)
def test_walking_unaided_is_scored_by_its_distance(metres, score):
    """The steps of the scale from 4.0 to 6.0."""
    assert score == edss(walking_distance_m=metres, aid="none")


@pytest.mark.parametrize(
    ("metres", "aid", "score"),
    [(150, "cane", 6.0), (40, "cane", 6.5), (150, "walker", 6.0), (60, "two_canes", 6.5), (3, "walker", 7.0)],
)
def test_support_sets_the_score_from_six_on(metres, aid, score):
    """One side or both, and how far it carries."""
    assert score == edss(walking_distance_m=metres, aid=aid)


@pytest.mark.parametrize(("aid", "score"), [("cane", 6.0), ("walker", 6.5), ("wheelchair", 7.5), ("bed", 8.5)])
def test_an_aid_alone_is_a_measure(aid, score):
    """Who is known to use a wheelchair has a score without a walk."""
    assert score == edss(aid=aid)


def test_a_wheelchair_counts_more_than_a_few_steps():
    """A distance beside a wheelchair does not make a walker."""
    assert edss(aid="wheelchair", walking_distance_m=10) == edss(aid="wheelchair")


def test_walking_unaided_says_nothing_without_a_distance():
    """No aid is compatible with half of the scale."""
    with pytest.raises(ValueError, match="no edss, pdds or walking_distance_m"):
        Disability(date=DAY, aid="none")


@given(st.integers(0, 7))
def test_a_higher_pdds_is_never_a_lower_edss(step):
    """Both scales rise together."""
    assert edss(pdds=step) <= edss(pdds=step + 1)


@given(st.floats(0, 5000), st.floats(0, 5000), st.sampled_from(["none", "cane", "two_canes", "walker"]))
def test_who_walks_farther_is_never_more_disabled(one, other, aid):
    """With the same aid, distance orders the scores."""
    near, far = sorted((one, other))
    assert edss(walking_distance_m=far, aid=aid) <= edss(walking_distance_m=near, aid=aid)


def test_an_estimated_edss_is_uncertain_and_says_what_it_rests_on():
    """The estimate carries a standard deviation and its basis."""
    estimate = edss_of(Disability(date=DAY, pdds=4), EVIDENCE)
    assert (estimate.edss, round(estimate.sd, 1), estimate.basis) == (6.0, 1.4, "pdds")


def test_the_evidence_decides_and_remembers():
    """A what-if may map the PDDS in another way; the tracer sees what was read."""
    evidence = Evidence.load()
    edss_of(Disability(date=DAY, pdds=3), evidence)
    assert evidence.used() == ("person.edss.from_pdds", "person.edss.from_pdds_sd")
