"""The numbers on the pages are those that the library gives, with their sides and ends."""

import pytest

from trabecula.assessment.answer import answered
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.reading import library
from trabecula.model import Model
from trabecula.web.examples import EXAMPLES
from trabecula.words.numbers import change, people, percent, share, span

from .conftest import FEW_DRAWS, TODAY, state_in, text_in

MAIN = "major_osteoporotic"


@pytest.fixture(scope="module")
def known():
    """The first example as the library knows it, with the draws of the app and without its pages."""
    return prepare(EXAMPLES["ms_woman_44"].person, TODAY, Model.default(), FEW_DRAWS, 1, 10.0)


@pytest.fixture(scope="module")
def assessment(known):
    """What the library answers."""
    return answered(known)


def at(found, site):
    """What is found at a site over ten years."""
    return next(each for each in found if each.site == site and getattr(each, "horizon_y", 10) == 10)


def test_the_answer_that_is_kept_is_the_librarys(web, example, assessment):
    """The file with the answer is what a program on the same machine would get."""
    kept = web.post("/download/assessment.json", data={"state": state_in(example)})
    assert kept.json() == assessment.model_dump(mode="json")


def test_the_clinician_reads_the_chances_of_the_library(example, assessment):
    """At each site the chance with its range, and that of the average person."""
    page = text_in(example)
    for site, name in ((MAIN, "Major osteoporotic"), ("hip", "Hip")):
        found = at(assessment.risks, site)
        reach = span(share(found.risk.low), share(found.risk.high))
        assert text_in(f"{name} {percent(found.risk.mean)} ({reach}) {percent(found.average)}") in page


def test_the_person_reads_the_chance_of_the_library(web, example, assessment):
    """As people out of a thousand, with the fewest and the most, beside people of that age and sex."""
    page = text_in(web.post("/result", data={"state": state_in(example), "view": "person"}).text)
    risk = at(assessment.risks, MAIN)
    found = (risk.risk.mean, risk.average, risk.risk.low, risk.risk.high)
    mean, usual, *ends = (people(chance, 1000) for chance in found)
    assert f"about {mean} will break" in page
    assert f"it could be {span(*ends)}" in page
    assert f"of 1,000 people of your age and sex, about {usual}." in page


@pytest.mark.parametrize(
    ("question", "name", "side"), [("medicine", "zoledronate", "fewer"), ("steroids", "pulses-monthly", "more")]
)
def test_the_panel_tells_what_the_library_compares(web, example, known, question, name, side):
    """A medicine leaves fewer broken bones and more bone, infusions the contrary; by as much as the library says."""
    panel = text_in(web.post("/what-if", data={"state": state_in(example), question: name}).text)
    (plan,) = compare(known, [library()[name]]).plans
    by = at(plan.risks, MAIN).difference
    assert (by.high < 0) == (side == "fewer")
    n, *ends = (round(1000 * abs(each)) for each in (by.mean, by.low, by.high))
    assert f"About {n} {side} people in 1,000 would break a bone ({min(ends)}–{max(ends)})." in panel
    for each, site in zip(plan.bone, ("Lumbar spine", "Femoral neck", "Total hip"), strict=True):
        more = each.difference_percent
        assert (more.low > 0) == (side == "fewer")
        assert text_in(f"{site} {change(more.median)} ({span(change(more.low), change(more.high))})") in panel
