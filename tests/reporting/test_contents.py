import pytest

from reporting.conftest import bone_site, interval, make_assessment
from reporting.pages.conftest import make_causes, make_next, make_scan
from trabecula.assessment import results
from trabecula.assessment.results import CausesOf, Share
from trabecula.drawing.page import Paragraph, Table
from trabecula.reporting.assessment import assessment_page
from trabecula.reporting.terminal import to_terminal
from trabecula.words.message import verbatim


def blocks_of(assessment, title, read=()):
    """What stands under a title."""
    sections = {each.title: each.blocks for each in assessment_page(assessment, read).sections}
    return sections.get(title, ())


def table_of(assessment, title):
    """The table under a title, as {label: cells}; a comparison is named after the row above it."""
    table = next(block for block in blocks_of(assessment, title) if isinstance(block, Table))
    cells, last = {}, ""
    for row in table.rows:
        last = f"{last}, average" if row.beside else row.label.replace("\xa0", " ")
        cells[last] = [str(each).replace("\xa0", " ") for each in row.cells]
    return table.columns, cells


def test_bones_are_shown_today_and_at_the_horizon_beside_the_average(assessment):
    """Density with its range, both scores, the change to come, and the average of each."""
    columns, cells = table_of(assessment, "Bones")
    assert columns == ("Lumbar spine", "Femoral neck", "Total hip")
    assert cells["Density, g/cm²"][0] == "0.95 (0.81–1.10)"
    assert cells["Density, g/cm², average"][0] == "1.05"
    assert cells["T-score"][0] == "−1.0 (−2.3 to 0.3)"
    assert cells["Change by 2036, %"][0] == "−6.6 (−9.3 to −4.1)"
    assert cells["Change by 2036, %, average"][0] == "−3.1"
    assert cells["Scans used"] == ["none", "1", "2"]


def test_a_scan_that_nothing_explains_is_shown():
    """A slip of the pen in a density does not pass in silence; what is explained needs no line."""
    odd = make_scan(surprising=True).model_copy(update={"sentence": verbatim("The scan is lower. Repeat the scan.")})
    explained = make_scan().model_copy(update={"sentence": verbatim("The scan is explained.")})
    text = to_terminal(assessment_page(make_assessment(scans=[odd, explained])))
    assert "Unexplained scan: The scan is lower. Repeat the scan." in text
    assert "The scan is explained." not in text


def test_the_next_scan_stands_on_the_page(assessment):
    """When it is worth while, in the words of the answer."""
    ahead = make_next().model_copy(update={"sentence": verbatim("It is expected to tell something from 2030-11 on.")})
    text = to_terminal(assessment_page(make_assessment(next_measurement=ahead)))
    assert "Next scan: It is expected to tell something from 2030-11 on." in text
    assert "DXA scans" not in to_terminal(assessment_page(assessment))


def test_single_sites_come_first_and_groups_last(assessment):
    """From the hip down, then what they make together."""
    _, cells = table_of(assessment, "Fracture risk")
    labels = [label for label in cells if "average" not in label]
    assert labels[:3] == ["Hip", "Femoral shaft", "Spine"]
    assert labels[-2:] == ["Major osteoporotic", "Any bone"]


def test_a_risk_has_a_range_and_an_average(assessment):
    """Median, range, and the average of the same age and sex at each horizon."""
    _, cells = table_of(assessment, "Fracture risk")
    assert cells["Major osteoporotic"][3] == "4.1 % (2.1–8.2)"
    assert cells["Major osteoporotic, average"][3] == "1.8 %"


def test_a_risk_below_a_tenth_of_a_per_cent_has_no_figure(assessment):
    """No false precision: less than a tenth is all that is said."""
    _, cells = table_of(assessment, "Fracture risk")
    assert cells["Femoral shaft"][0] == "<0.1 %"


def test_the_main_risk_is_also_said_as_people(assessment):
    """One in so many, and both counted out of the same number."""
    words = blocks_of(assessment, "Fracture risk")[0].text.replace("\xa0", " ")
    assert "about 1 in 25 people like this" in words
    assert "41 of 1,000 (20–82), compared with an average of 18 of 1,000 at the same age and sex" in words


def test_large_risks_are_counted_out_of_a_hundred():
    """No more figures than the estimate has."""
    risk = results.Risk(site="major_osteoporotic", horizon_y=10.0, risk=interval(0.31, 0.2, 0.4), average=0.22)
    words = blocks_of(make_assessment(risks=[risk]), "Fracture risk")[0].text.replace("\xa0", " ")
    assert "about 1 in 3 people" in words
    assert "31 of 100 (20–40), compared with an average of 22 of 100 at the same age and sex" in words


def test_a_tiny_risk_is_said_without_odds():
    """Below one in a thousand there are no round odds, and still a sentence."""
    risk = results.Risk(site="major_osteoporotic", horizon_y=10.0, risk=interval(0.0004), average=0.0001)
    words = blocks_of(make_assessment(risks=[risk]), "Fracture risk")[0].text.replace("\xa0", " ")
    assert "some people like this" in words


def test_a_site_nobody_named_is_still_shown():
    """A new site of the model gets its own name in plain letters."""
    risk = results.Risk(site="big_toe", horizon_y=10.0, risk=interval(0.01), average=0.01)
    _, cells = table_of(make_assessment(risks=[risk]), "Fracture risk")
    assert "Big toe" in cells


def causes_with(of, *shares):
    """The shares of one result."""
    made = [
        Share(cause=label, label=label, share=interval(value, *sorted((value / 2, value * 2))), mean=value)
        for label, value in shares
    ]
    return CausesOf(of=of, unit="probability", total=made[0].share, mean=0.0, shares=made)


@pytest.fixture
def explained():
    """Falls do more to the chance beyond age than they do against the age of 30; pulses do hardly anything."""
    beyond = causes_with("major_osteoporotic", ("falls due to MS", 0.025), ("steroid pulses", 0.00017))
    thirty = causes_with("major_osteoporotic", ("ageing and hormones", 0.026), ("falls due to MS", 0.018))
    found = make_causes().model_copy(
        update={"risk": [thirty], "beyond_age": [beyond], "sentence": verbatim("Falls +2.5.")}
    )
    return make_assessment(causes=found)


def test_the_shares_that_the_sentence_names_stand_in_the_table_below_it(explained):
    """Beyond age in one table, against the age of 30 in another, and neither is taken for the other."""
    tables = {each.corner: each for each in blocks_of(explained, "Causes") if isinstance(each, Table)}
    corners = [corner.replace("\xa0", " ") for corner in tables]
    assert corners[:2] == ["Beyond age, 10 years, % points", "Versus age 30, 10 years, % points"]
    falls = [str(row.cells[0]) for each in tables.values() for row in each.rows if row.label == "falls due to MS"]
    assert [each.replace("\xa0", " ") for each in falls] == ["+2.5 (+1.2 to +5.0)", "+1.8 (+0.9 to +3.6)"]


def test_a_share_next_to_nothing_has_no_figure(explained):
    """Four figures of next to nothing would be false precision, and nothing at all would be false."""
    text = to_terminal(assessment_page(explained))
    line = next(each for each in text.splitlines() if "steroid pulses" in each)
    assert line.split()[-1] == "<0.1"


def test_falls_and_death_stand_beside_their_average(assessment):
    """Falls a year and death within the horizon."""
    columns, cells = table_of(assessment, "Falls, and death from any cause")
    assert columns == ("This person", "Average")
    assert cells["Falls a year"] == ["3.2 (0.90–11)", "0.41"]
    assert cells["Death within 10 years"] == ["3.0 % (2.0–5.0)", "1.9 %"]


def test_turnover_is_that_of_the_day_of_assessment():
    """A course of markers through time is read on the day, not at its end."""
    course = [
        results.MarkerPoint(date=day, value=interval(value))
        for day, value in (("2026-01-01", 3.0), ("2026-11-22", 1.5), ("2027-11-22", 9.0))
    ]
    columns, cells = table_of(
        make_assessment(markers=[results.MarkerCourse(marker="CTX", course=course)]), "Bone turnover"
    )
    assert columns == ("CTX",)
    assert cells["Today"] == ["× 1.5 (0.75–3.0)"]


def test_what_was_missing_says_what_stands_in_and_what_that_costs(assessment):
    """Three things about every gap."""
    text = to_terminal(assessment_page(assessment))
    assert "country: rates of the US; rates differ threefold" in text


def test_the_evidence_line_counts_what_is_assumed_and_recalled(assessment):
    """How much of the answer nobody has measured, and where to look."""
    words = blocks_of(assessment, "Evidence")[0].text
    assert words.startswith("3 parameters used, 2 of them assumed; 1 finding not yet checked in the source.")
    assert "trabecula evidence ID" in words.replace("\xa0", " ")


def test_what_an_adapter_says_is_shown_with_its_entries_as_a_list(assessment):
    """Plain lines are sentences, indented ones entries."""
    blocks = blocks_of(assessment, "Import notes", ["3 resources, 2 read", "  1 Observation: cancelled"])
    assert blocks[0] == Paragraph("3 resources, 2 read")
    assert blocks[1].entries[0].text == "1 Observation: cancelled"


@pytest.mark.parametrize(
    "empty", [{"bone": []}, {"risks": []}, {"markers": []}, {"deaths": []}, {"missing": []}, {"questions": []}]
)
def test_a_section_with_nothing_to_say_is_left_out(assessment, empty):
    """An answer without a part is still an answer."""
    whole = to_terminal(assessment_page(assessment))
    assert len(to_terminal(assessment_page(assessment.model_copy(update=empty)))) < len(whole)


def test_a_person_without_ms_has_no_edss(assessment):
    """Nothing is said about a disability that is not there."""
    person = assessment.person.model_copy(update={"edss": None})
    text = to_terminal(assessment_page(make_assessment(person=person)))
    assert "• EDSS" not in text
    assert "• Steroids" in text


def test_a_course_of_one_day_can_be_drawn():
    """Somebody at the beginning of their history has a point and no line."""
    site = bone_site("total_hip", 0.9)
    short = site.model_copy(update={"trajectory": site.trajectory[24:25], "now": 0})
    assert to_terminal(assessment_page(make_assessment(bone=[short])))
