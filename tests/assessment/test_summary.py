"""What is said beside the numbers has its words in every language."""

from datetime import date

import pytest

from trabecula.assessment.causes_switches import CAUSES
from trabecula.assessment.follow_up import _LISTS, _MS_LISTS
from trabecula.assessment.scans import _ANY, _HIGH, _HIGH_SPINE, _LOW, _LOW_TREATED
from trabecula.assessment.summary import person_line
from trabecula.person import read_person
from trabecula.words.language import LANGUAGES, language

ON = date(2026, 11, 22)


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_named_by_a_word_has_its_text(code):
    """Causes, kinds of entries, and what could explain a scan."""
    reasons = (*_ANY, *_HIGH, *_HIGH_SPINE, *_LOW, *_LOW_TREATED)
    ids = [f"cause.{name}" for name in CAUSES] + [f"explains.{name}" for name, _ in reasons]
    ids += [f"follow_up.new.{name}" for name in (*_LISTS, *_MS_LISTS)]
    assert [id for id in ids if not language(code).knows(id)] == []


def line(**record):
    """The line about a woman of 67."""
    person = read_person({"birth_date": "1959-10-30", "sex": "female", **record}, ON)
    return str(person_line(person, ON, None, "never"))


def test_several_sites_scanned_on_one_day_are_one_scan():
    """Three rows of a DXA are one visit to the scanner."""
    sites = ("lumbar_spine", "femoral_neck", "total_hip")
    scans = [{"date": day, "site": site, "t_score": -1.0} for day in ("2017-01-17", "2026-09-22") for site in sites]
    assert line(dxa=scans).endswith("2 DXA scans")
    assert line(dxa=scans[:3]).endswith("1 DXA scan")


def test_a_fracture_is_the_first_word_about_somebody():
    """The latest first, what an accident broke marked, what has no date named all the same."""
    broken = [
        {"site": "forearm", "year": 2016, "trauma": "low"},
        {"site": "hip", "date": "2026-10-20", "trauma": "low"},
        {"site": "tibia_ankle", "date_unknown": True, "trauma": "high"},
    ]
    found = line(fractures=broken)
    assert found.startswith("Woman of 67, fractures (hip 2026; forearm, wrist 2016; lower leg, ankle (high-energy)), ")
    assert "fracture" not in line()


def test_a_forearm_alone_is_a_scan_with_its_score():
    """And one without a T-score is a scan all the same."""
    scan = {"date": "2026-10-12", "site": "radius"}
    assert line(dxa=[{**scan, "t_score": -3.1}]).endswith("DXA of the radius only, T-score \N{MINUS SIGN}3.1")
    assert line(dxa=[{**scan, "z_score": -1.0}]).endswith("DXA of the radius only")


def test_a_trans_person_is_neither_called_by_the_sex_at_birth_nor_guessed():
    """What the skeleton needs is said; testosterone in a woman alone says nothing of her gender."""
    taken = {"start": "2015", "kind": "oestrogen"}
    assert line(sex="male", hormone_therapy=[taken]).startswith("Person of 67, male at birth, on gender-affirming")
    testosterone = {"start": "2015", "kind": "testosterone"}
    assert line(hormone_therapy=[testosterone]).startswith("Woman of 67")
    assert line(hormone_therapy=[{**testosterone, "gender_affirming": True}]).startswith(
        "Person of 67, female at birth"
    )
