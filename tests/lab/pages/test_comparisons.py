from dataclasses import replace

import pytest

from lab.studies import by_hand
from trabecula.lab.pages.agreement import AgreementCount
from trabecula.lab.pages.comparisons import at, distance, label, published, share, unit, when
from trabecula.lab.pages.validation import BLOCKS
from trabecula.lab.studies.fracture_record import FractureStudy
from trabecula.lab.studies.record import Study


@pytest.mark.parametrize(
    ("day", "said"),
    [(3, "day 3"), (30, "day 30"), (84, "week 12"), (182, "week 26"), (365, "month 12"), (547, "month 18"),
     (730.5, "month 24"), (1096, "month 36"), (1826, "year 5"), (-18262, "year −50"), (2742, "year 7.5")],
)  # fmt: skip
def test_a_day_is_said_as_papers_say_it(day, said):
    """Days, then weeks or months, then years."""
    assert at(day).replace("\xa0", " ") == said


def test_a_span_of_time_has_two_ends(lines):
    """A change since a later day than the first says since when; a study of one day says no day."""
    target = lines["spine"].target
    later = target.model_copy(update={"since_day": 365.0, "day": 730.0})
    assert when(later).replace("\xa0", " ") == "month 12 to month 24"
    assert when(target.model_copy(update={"day": 0.0})) == ""


def test_a_finding_is_named_by_what_was_measured_when_and_in_whom(lines):
    """Not by its id, which stands in a column of its own."""
    named = {name: label(line).replace("\xa0", " ") for name, line in lines.items()}
    assert named == {
        "spine": "Lumbar spine, day 60, tablets",
        "hip": "Total hip, day 60, tablets versus none",
        "p1np": "P1NP, day 10, tablets",
    }


def test_a_published_number_stands_as_it_was_printed_and_a_direction_in_a_word(lines):
    """With the interval of its standard error."""
    assert str(published(lines["spine"])).replace("\xa0", " ") == "−2 (−3.0 to −1.0)"
    assert str(published(lines["p1np"])) == "down"


def test_a_distance_has_a_sign_and_a_direction_has_none(lines):
    """Above is plus, below is minus."""
    assert distance(lines["spine"]) == "−2.67"
    assert distance(replace(lines["spine"], comparison=replace(by_hand.SPINE, z=2.5))) == "+2.50"
    assert distance(lines["p1np"]) == "–"


def test_a_share_of_nothing_is_no_share():
    """Nothing is divided by nothing."""
    assert share(AgreementCount(0, 0)) == "–"
    assert share(AgreementCount(1, 3)).replace("\xa0", " ") == "33 %"


def test_a_unit_names_the_arm_it_is_relative_to(lines):
    """Per cent of what."""
    target = lines["hip"].target.model_copy(update={"statistic": "percent_above_arm"})
    assert unit(replace(lines["hip"], target=target)) == "% above none"


def test_every_block_of_studies_has_a_title():
    """A new block needs a place on the page."""
    blocks = [kind.model_json_schema()["properties"]["block"]["enum"] for kind in (Study, FractureStudy)]
    assert {each for some in blocks for each in some} == set(BLOCKS)
