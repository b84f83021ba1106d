"""What an answer says of the person, and what it makes of entries that are rough, old or of no use to it."""

import pytest

from assessment.conftest import EVIDENCE, TODAY, person
from trabecula.assessment.answer import answered
from trabecula.assessment.facts import facts
from trabecula.assessment.patient_state import prepare
from trabecula.model import Model
from trabecula.person import Dxa
from trabecula.skeleton import SITES
from trabecula.vocabulary import SKELETAL_SITES


def answer(draws=40, **record):
    """The answer about a woman of 60, or whom the record says."""
    return answered(prepare(person(**record), TODAY, Model(EVIDENCE), draws))


def test_infusions_and_denosumab_of_this_month_are_not_lost():
    """Written as "2026-11", they count as those of a day in November do: a course so far, a next dose to give."""
    infusion = {"as_written": "3 x 1 g IV methylprednisolone"}
    drug = {"drug": "denosumab", "dose_mg": 60, "per": "6 months"}
    month, day = (
        answer(steroids=[{"start": start, **infusion}], medicines=[{"start": start, **drug}])
        for start in ("2026-11", "2026-11-11")
    )
    assert str(month.person.steroids) == "1 course since 2026: 3 g of methylprednisolone in all."
    assert (month.person, month.tasks) == (day.person, day.tasks)
    assert any("denosumab" in str(each.what).lower() for each in month.tasks)


def test_falls_of_fourteen_years_ago_are_not_those_of_last_year():
    """Six falls counted in 2012, or none then: the answer is that of somebody whom nobody asked, and says so."""
    silent = answer()
    for count in (0, 6):
        old = answer(falls=[{"count": count, "period_months": 12, "until": "2012-03-01"}])
        assert (old.falls.per_year, old.risks) == (silent.falls.per_year, silent.risks)
        assert "more than a year old" in str(old.falls.basis)
        assert "falls in the last year" in [str(gap.what) for gap in old.missing]
        assert "falls[0].until" in [each.path for each in old.questions]


def seen(*visits):
    """A woman seen on some days since her MS began in 1995."""
    return {"onset": 1995, "course": "relapsing", "disability": list(visits)}


def test_an_edss_that_nobody_examined_is_not_told_as_hers():
    """The usual course stands in for it, with its interval, and the head does not name a number."""
    found = answer(ms=seen()).person
    assert "EDSS unknown" in str(found.line)
    assert found.edss.low < found.edss.median < found.edss.high


def test_an_old_edss_is_told_as_old():
    """The year that was written, no invented day, and a range."""
    old, new = (answer(ms=seen({"date": year, "edss": 2.0})).person for year in ("2004", "2026"))
    assert "last disability assessment years ago" in str(old.line)
    assert str(old.edss_basis) == "EDSS of 2004, projected to the assessment date."
    assert old.edss.high - old.edss.low > 3.0
    assert "EDSS 2.0, no DXA scan" in str(new.line)
    assert new.edss.low == new.edss.high


@pytest.mark.parametrize(("year", "known"), [("2004", False), ("2026", True)])
def test_guidelines_do_not_go_by_an_old_edss(year, known):
    """What is carried on for 22 years is no examination."""
    ms = seen({"date": year, "edss": 4.0})
    assert (facts(person(ms=ms), answer(20, ms=ms), TODAY, EVIDENCE).edss is not None) == known


@pytest.mark.parametrize(
    ("visit", "name"),
    [({"aid": "wheelchair"}, "Walking aid"), ({"walking_distance_m": 300, "aid": "none"}, "Walking distance")],
)
def test_what_was_recorded_of_disability_is_named(visit, name):
    """An aid is no walking distance."""
    basis = answer(20, ms=seen({"date": "2026-05", **visit})).person.edss_basis
    assert str(basis) == f"{name} of May 2026, projected to the assessment date."


@pytest.mark.parametrize(("count", "months"), [(3000, 12), (300, 1), (30, 0.1)])
def test_more_falls_than_anybody_counts_are_still_a_number(count, months):
    """Whatever is within the limits has an answer, and a question beside it."""
    found = answer(ms=None, falls=[{"count": count, "period_months": months}])
    assert found.falls.per_year.low > 100.0
    assert all(0.0 <= each.risk.low <= each.risk.high <= 1.0 for each in found.risks)
    assert "falls[0].count" in [each.path for each in found.questions]


def test_denosumab_by_its_brand_is_denosumab():
    """What is known to be wrong after stopping it is said of Prolia as well."""
    by_brand = answer(20, medicines=[{"drug": "Prolia", "start": "2023-02", "end": "2025-03-01"}])
    assert any("after denosumab is stopped" in str(note) for note in by_brand.notes)


def test_what_rough_details_of_a_course_cost_is_said_in_full():
    """Of tablets without an end, and of infusions without their number."""
    tablets = {"start": "2025-12-01", "as_written": "prednisone 20 mg daily"}
    (detail,) = [each for each in answer(20, steroids=[tablets]).missing if "details" in str(each.what)]
    assert "No end date given" in str(detail.assumed)
    assert "may be very different" in str(detail.cost)


def test_a_scan_of_the_forearm_is_told_as_not_used():
    """It moves nothing, stands in for no scan of spine or hip, and is not passed over in silence."""
    radius = {"date": "2026-02-02", "site": "radius", "t_score": -3.4}
    without, with_it = answer(weight_kg=60, height_cm=162), answer(weight_kg=60, height_cm=162, dxa=[radius])
    # The gap stays, and says which bone was scanned.
    assert "DXA of the radius only, T-score −3.4" in str(with_it.person.line)
    assert [found.missing[0].what.id for found in (without, with_it)] == ["gap.scan", "gap.scan_elsewhere"]
    assert with_it.missing[1:] == without.missing[1:]
    assert with_it.risks == without.risks
    assert any("not used in the risk: a scan of the forearm" in str(note) for note in with_it.notes)


def test_every_other_scan_is_of_a_bone_that_is_followed():
    """What a record may hold and what the skeleton has go together."""
    used = [site for site in SKELETAL_SITES if Dxa(date=TODAY, site=site, t_score=0.0).is_used]
    assert used == list(SITES)


@pytest.mark.parametrize(("device", "lost"), [("hologic", True), ("lunar", None)])
def test_guidelines_hear_of_no_loss_between_two_makes(device, lost):
    """What is a loss on one scanner is unknown when the second scan is by another make."""
    dxa = [
        {"date": day, "site": "total_hip", "bmd_g_cm2": bmd, "device": make}
        for day, bmd, make in (("2022-02-02", 0.80, "hologic"), ("2026-02-02", 0.68, device))
    ]
    assert facts(person(dxa=dxa), answer(20, dxa=dxa), TODAY, EVIDENCE).bmd_loss_beyond_lsc is lost
