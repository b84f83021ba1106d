"""Several rows on one page: empty ones for courses, and a visit with all sites of a scan, whose day is asked once."""

import pytest

from trabecula.web.fields import STEPS
from trabecula.web.state import Seal, open_page
from trabecula.web.visits import rows_of, visits_of

from .conftest import KEY, state_in, text_in

SEAL = Seal(KEY)
(SCANS,) = (group for step in STEPS for group in step.groups if group.rows == "dxa")
(COURSES,) = (group for step in STEPS for group in step.groups if group.rows == "steroids")
VISIT = {
    "dxa[0].site": "lumbar_spine", "dxa[0].with": "0", "dxa[0].t_score": "-1.1", "dxa[0].date": "2025-03-04",
    "dxa[0].device": "hologic", "dxa[1].site": "femoral_neck", "dxa[1].with": "0", "dxa[1].bmd_g_cm2": "0.81",
    "dxa[2].site": "total_hip", "dxa[2].with": "0", "dxa[2].z_score": "",
}  # fmt: skip


def sent(web, typed, **more):
    """What the page behind the step of bones carries."""
    page = web.post("/form", data={"step": "bones", **typed, "do": "go:bones", **more})
    return page, open_page(state_in(page.text), SEAL).entries


def test_a_visit_asks_for_its_day_once(web):
    """Every site that was measured gets the day and the scanner; a site without a measurement is no scan."""
    _, entries = sent(web, VISIT)
    assert entries == {
        "dxa[0].site": "lumbar_spine", "dxa[0].t_score": -1.1, "dxa[0].date": "2025-03-04", "dxa[0].device": "hologic",
        "dxa[1].site": "femoral_neck", "dxa[1].bmd_g_cm2": 0.81, "dxa[1].date": "2025-03-04",
        "dxa[1].device": "hologic",
    }  # fmt: skip


def test_the_first_site_of_a_visit_may_be_the_one_that_was_not_measured(web):
    """Its row goes, and its day stays with the others."""
    _, entries = sent(web, {**VISIT, "dxa[0].t_score": ""})
    assert [entries[path] for path in sorted(entries)] == [0.81, "2025-03-04", "hologic", "femoral_neck"]


def test_a_day_without_a_measurement_is_asked_about(web):
    """What was typed stays, and the page says what is missing."""
    empty = {**VISIT, "dxa[0].t_score": "", "dxa[1].bmd_g_cm2": ""}
    page = web.post("/form", data={"step": "bones", **empty, "do": "next"})
    assert page.status_code == 422
    assert 'value="2025-03-04"' in page.text


def test_scans_of_one_day_are_one_visit_and_every_usual_site_has_a_row():
    """Two visits of a file, the second with one site, and an empty one."""
    entries = {"dxa[0].date": "2020", "dxa[0].site": "total_hip", "dxa[1].date": "2020", "dxa[1].site": "radius",
               "dxa[2].date": "2022", "dxa[2].site": "total_hip"}  # fmt: skip
    first, second, empty = visits_of(SCANS, entries)
    assert [row.site for row in first.rows] == ["total_hip", "radius", "lumbar_spine", "femoral_neck"]
    assert [row.number for row in first.rows] == [0, 1, 3, 4]
    assert [row.number for row in second.rows] == [2, 5, 6]
    assert (empty.blank, [row.number for row in empty.rows]) == (True, [7, 8, 9])


def test_a_visit_is_removed_as_a_whole(web):
    """One button takes all its sites."""
    page, _ = sent(web, VISIT)
    assert 'value="remove:dxa[0] dxa[1] dxa[2]"' in page.text
    _, entries = sent(web, VISIT, do="remove:dxa[0] dxa[1] dxa[2]")
    assert entries == {}


def test_what_is_wrong_with_the_day_of_a_visit_is_told_once(web):
    """Beside the field where it was typed, and once in the summary."""
    person = web.post("/form", data={"step": "person", "birth_date": "1970", "sex": "female", "do": "go:bones"})
    typed = {**VISIT, "dxa[0].date": "soon", "state": state_in(person.text)}
    page = web.post("/form", data={"step": "bones", **typed, "do": "next"})
    assert text_in(page.text).count('"soon"') == 2
    assert '<a href="#f-dxa-0-date">' in page.text


def test_three_courses_have_room_on_one_page():
    """And one more when they are filled."""
    filled = {f"steroids[{n}].start": "2020" for n in range(3)}
    assert [row.number for row in rows_of(COURSES, {})] == [0, 1, 2]
    assert [row.blank for row in rows_of(COURSES, filled)] == [False, False, False, True]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_no_unit_shows_a_place_for_a_number(web, step):
    """Behind an entry stands "months", and not how a catalogue would write some of them."""
    page = web.post("/form", data={"do": f"go:{step.id}"}).text
    assert "{n" not in page
