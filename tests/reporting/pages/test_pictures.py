import re
import xml.etree.ElementTree as ET
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from reporting.conftest import bone_site, interval, make_assessment
from reporting.pages.conftest import HOSTILE, make_causes, make_comparison, make_scan, plan
from trabecula.assessment.results import MarkerCourse, MarkerPoint, Share
from trabecula.person import read_person
from trabecula.reporting import pictures
from trabecula.reporting.pictures.events import Events, Period
from trabecula.reporting.pictures.plans import wrapped
from trabecula.words.language import language

ENGLISH = language("en")
NS = "{http://www.w3.org/2000/svg}"


def around_a_course():
    """Markers on every day of three weeks up to the day of assessment."""
    points = [MarkerPoint(date=date(2026, 11, day), value=interval(1 - day / 40)) for day in range(1, 23)]
    return [MarkerCourse(marker=name, course=points) for name in ("CTX", "P1NP", "osteocalcin")]


def share(value):
    """What a cause adds to a chance."""
    low, high = sorted((value / 2, value * 2))
    return Share(cause="x", label="x", share=interval(value, low, high), mean=value)


def every(assessment, comparison, lang=ENGLISH, happened=None):
    """Each picture there is."""
    return [
        pictures.trajectory(assessment, lang, happened=happened),
        pictures.turnover(assessment, lang),
        pictures.risks_over_time(assessment, lang),
        pictures.causes(assessment, lang),
        pictures.plans(comparison, lang),
        pictures.people(assessment, lang),
        pictures.average_people(assessment, lang),
        pictures.beside("two", interval(0.08), interval(0.06), "Two", lang),
        pictures.why([("One", share(0.02)), ("Other", share(-0.01))], "then", lang),
    ]


@pytest.fixture
def drawn(full, comparison, person):
    """Each picture of the full assessment."""
    whole = full.model_copy(update={"markers": around_a_course()})
    return every(whole, comparison, happened=pictures.events(person, whole.date))


def test_pictures_drawn_at_the_same_time_are_those_drawn_alone(full, comparison):
    """Two people who ask a server at once get their own pictures: matplotlib's style is one for the whole program."""
    whole = full.model_copy(update={"markers": around_a_course()})
    alone = [each.svg for each in every(whole, comparison)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda _: [each.svg for each in every(whole, comparison)], range(8)))
    assert all(each == alone for each in together)


def test_each_picture_is_told_in_words_and_has_its_numbers_in_a_table(drawn):
    """Nobody needs to see it."""
    for each in drawn:
        root = ET.fromstring(each.svg)
        assert root.get("role") == "img"
        assert root.find(f"{NS}title").text == each.title
        assert root.find(f"{NS}desc").text == each.description
        assert each.table.rows
        assert all(len(row) == len(each.table.columns) for row in each.table.rows)


def test_the_same_data_give_the_same_bytes(full, comparison):
    """No date, no random id."""
    whole = full.model_copy(update={"markers": around_a_course()})
    assert every(whole, comparison) == every(whole, comparison)


def test_a_picture_can_stand_under_a_strict_policy(drawn):
    """No style attributes, no style elements, no scripts, nothing from elsewhere."""
    for each in drawn:
        assert not re.search(r'\sstyle=|<style|<script|(?:href|src)="(?!#)', each.svg)


def test_pictures_on_one_page_share_no_id(drawn):
    """Each id carries the name of its picture."""
    ids = [name for each in drawn for name in re.findall(r'\sid="([^"]+)"', each.svg)]
    assert len(ids) == len(set(ids))


def test_words_in_a_picture_are_never_markup(full):
    """A plan with a hostile title is a title, and nothing else."""
    drawing = pictures.plans(make_comparison(plan("x", HOSTILE, -0.01, -0.02, 0.01)), ENGLISH)
    hostile = pictures.causes(full.model_copy(update={"causes": make_causes()}), ENGLISH)
    for each in (drawing, hostile):
        ET.fromstring(each.svg)
        assert "<script" not in each.svg


def test_a_scan_is_a_point_and_one_that_nothing_explains_looks_different(full):
    """Told apart by shape, not by colour."""
    none, one, odd = (
        pictures.trajectory(full.model_copy(update={"scans": scans}), ENGLISH)
        for scans in ([], [make_scan()], [make_scan(surprising=True)])
    )
    assert len({none.svg, one.svg, odd.svg}) == 3
    assert "Measured on 3 November 2026: 0.83 g/cm²." in one.description


def test_what_happened_stands_below_the_course(full, person):
    """Steroid courses, bone medicines and broken bones each have a row, and only if there are some."""
    happened = pictures.events(person, full.date)
    assert happened.rows == ("courses", "medicines", "fractures")
    svg = pictures.trajectory(full, ENGLISH, happened=happened).svg
    assert all(f">{words}<" in svg for words in ("steroid course", "bone medicine", "broken bone"))
    assert "steroid course" not in pictures.trajectory(full, ENGLISH, happened=Events(date(1982, 1, 1))).svg


def test_only_bone_medicines_up_to_the_day_are_events(person):
    """An antidepressant is none, and nothing later is known."""
    assert [each.name for each in pictures.events(person, date(2026, 1, 1)).medicines] == ["alendronate"]
    assert pictures.events(person, date(2010, 1, 1)).rows == ()


def test_years_of_tablets_are_as_long_as_they_were():
    """A pulse is a few days with its taper, tablets without an end go on."""
    record = {
        "birth_date": "1982-03-14",
        "sex": "female",
        "steroids": [
            {"start": "2021-02-01", "as_written": "prednisolone 5 mg/d"},
            {"start": "2004-05-02", "end": "2010-05-01", "as_written": "prednisolone 7.5 mg/d"},
            {"start": "2014-05-02", "as_written": "5 x 1 g IV methylprednisolone"},
        ],
    }
    found = pictures.events(read_person(record), date(2026, 1, 1)).courses
    assert [(each.start, each.end) for each in found] == [
        (date(2004, 5, 2), date(2010, 5, 1)),
        (date(2014, 5, 2), date(2014, 5, 6)),
        (date(2021, 2, 1), None),
    ]


def test_a_long_course_looks_longer_than_a_pulse(full):
    """The same first day, another picture."""
    pulse, tablets = (
        Events(date(1982, 3, 14), (Period("x", date(2010, 5, 2), end),)) for end in (date(2010, 5, 6), date(2019, 5, 6))
    )
    drawn = [pictures.trajectory(full, ENGLISH, happened=each).svg for each in (pulse, tablets)]
    assert drawn[0] != drawn[1]


def test_ages_in_the_table_are_counted_as_birthdays_are(full):
    """A man of 63 is not 64 in the table, and the round ages are round."""
    days = [point.model_copy(update={"age_y": point.age_y + 0.8}) for point in full.bone[-1].trajectory]
    hip = full.bone[-1].model_copy(update={"trajectory": days})
    rows = pictures.trajectory(full.model_copy(update={"bone": [hip]}), ENGLISH).table.rows
    today = next(row for row in rows if row[1] == "2026")
    assert today[0] == "44"
    assert {row[0] for row in rows} == {"25", "30", "35", "40", "44", "45", "50", "54"}


def test_a_course_of_one_day_can_be_drawn(full):
    """Somebody at the beginning of their history."""
    site = bone_site("total_hip", 0.9)
    short = site.model_copy(update={"trajectory": site.trajectory[24:25], "now": 0})
    assert pictures.trajectory(full.model_copy(update={"bone": [short]}), ENGLISH).table.rows


def test_a_person_without_a_recent_course_has_no_picture_of_it(full):
    """A single day of markers is no course."""
    assert pictures.turnover(full, ENGLISH) is None


def test_causes_add_up_to_the_total_in_the_order_of_their_size(full):
    """The largest first, the total last."""
    rows = pictures.causes(full, ENGLISH).table.rows
    assert [row[0] for row in rows][:2] == ["falls due to MS", "steroid pulses"]
    assert rows[-1][0] == "Together"


def test_nothing_to_explain_is_no_picture(assessment):
    """Without causes, without plans."""
    assert pictures.causes(assessment, ENGLISH) is None
    refused = make_comparison(plan("x", "X", 0.0, 0.0, 0.0, risks=[]))
    assert pictures.plans(refused, ENGLISH) is None


def test_what_takes_away_is_a_hollow_bar_and_says_fewer():
    """Told apart by its look and by its words."""
    drawn = pictures.why([("One", share(0.02)), ("Other", share(-0.01))], "then", ENGLISH)
    assert [row[1] for row in drawn.table.rows] == ["20 more (10–40)", "10 fewer (5–20)"]
    assert drawn.svg.count('fill="none" stroke="#15507f"') == 1
    assert pictures.why([], "then", ENGLISH) is None


@pytest.mark.parametrize("title", ["Short", "Two lines of a title that is longer than one", "many words " * 20])
def test_a_title_has_at_most_two_lines(title):
    """What has no room on two lines ends in dots, and stands whole in the table."""
    lines = wrapped(title).splitlines()
    assert len(lines) <= 2
    assert wrapped(title).endswith("…") == (len(title) > 66)
    drawn = pictures.plans(make_comparison(plan("x", title, -0.01, -0.02, 0.01)), ENGLISH)
    assert drawn.table.rows[-1][0] == title


def test_a_plan_that_may_do_nothing_is_said_to(comparison):
    """In the table, where the others have their difference with its range."""
    rows = {row[0]: row for row in pictures.plans(comparison, ENGLISH).table.rows}
    assert rows["Enough calcium and vitamin D"][-1] == "may have no effect"
    assert rows["Strength and balance training"][2] == "−1.2 (−2.0 to −0.40)".replace(" to ", "\xa0to\xa0")


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        ((-0.012, -0.02, -0.004), "83 (50–250)"),
        ((-0.00023, -0.001, -0.0001), "4,300 (1,000–10,000)"),
        ((0.012, 0.004, 0.022), "one extra fracture per 83 (45–250) people"),
        ((-0.002, -0.005, 0.001), "may have no effect"),
        ((0.0, 0.0, 0.0), "no effect"),
    ],
)
def test_how_many_follow_a_plan_for_one_fracture_fewer(difference, said):
    """With the range; harm is named as harm, and what is done already is not called uncertain."""
    rows = pictures.plans(make_comparison(plan("x", "X", *difference)), ENGLISH).table.rows
    assert rows[-1][-1] == said


def dots(svg):
    """The people of each kind of mark, by its size; each dot begins with a move. The key has one of each."""
    marks = re.findall(r'<path d="([^"]*)"[^>]* stroke="([^"]*)" stroke-width="([\d.]+)"', svg)
    counted = Counter()
    for path, colour, size in marks:
        counted[colour, size] += path.count("M")
    return counted


def test_a_thousand_people_are_a_thousand(full):
    """Those who break a bone at least, about and at most, and the rest: 41 (20 to 82) of them."""
    drawn = dots(pictures.people(full, ENGLISH).svg)
    assert drawn["#15507f", "4.8"] == 82 + 3
    assert drawn["#c8dbec", "3.2"] == 41 - 20 + 1
    assert drawn["#ffffff", "3.6"] == 82 - 41 + 1
    assert drawn["#545b61", "1.4"] == 1000 - 82


def test_the_average_stands_beside_them(full):
    """The same picture of people of the same age and sex."""
    drawing = pictures.average_people(full, ENGLISH)
    assert dots(drawing.svg)["#15507f", "4.8"] == 18 + 1
    assert drawing.table.rows[0][1:] == ("18", "982")


@pytest.mark.parametrize("risk", [0.0, 0.004, 0.5, 1.0])
def test_any_chance_can_be_drawn(risk):
    """From nobody to everybody."""
    main = (
        make_assessment()
        .risks[0]
        .model_copy(
            update={
                "site": "major_osteoporotic",
                "horizon_y": 10.0,
                "risk": interval(risk, risk / 2, min(2 * risk, 1.0)),
            }
        )
    )
    drawn = dots(pictures.people(make_assessment(risks=[main]), ENGLISH).svg)
    assert drawn["#15507f", "4.8"] + drawn["#545b61", "1.4"] == 1000 + 3


def test_cards_that_are_compared_have_one_scale():
    """A choice that lowers a chance more has the shorter bar, on every card; the end of the scale is named."""
    first = pictures.beside("a", interval(0.08), interval(0.06), "x", ENGLISH, end=0.2)
    second = pictures.beside("b", interval(0.08), interval(0.01), "x", ENGLISH, end=0.2)
    widths = [re.findall(r'<rect x="0.00" y="\d+" width="([\d.]+)"', drawn.svg) for drawn in (first, second)]
    assert widths[0][0] == widths[1][0] == "120.00"
    assert float(widths[1][1]) < float(widths[0][1])
    assert ">200 of 1,000<" in first.svg.replace("\xa0", " ")
    assert pictures.end_of_scale([interval(0.08)]) == 0.2


def test_what_takes_away_goes_to_the_other_side():
    """94 fewer is not drawn towards more."""
    svg = pictures.why([("One", share(0.02)), ("Other", share(-0.01))], "then", ENGLISH).svg
    bars = re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)" height="10" fill="(?!#d9dee2)', svg)
    (more_at, _), (fewer_at, fewer_wide) = bars
    assert float(fewer_at) + float(fewer_wide) == pytest.approx(float(more_at), abs=0.02)


def test_all_panels_of_chances_have_one_scale(full):
    """A small chance looks small."""
    axes = pictures.risks_over_time(full, ENGLISH).figure.axes
    assert len({panel.get_ylim() for panel in axes}) == 1


def test_what_is_only_planned_is_not_drawn_as_taken(full):
    """A medicine that goes on is hollow after the day of assessment."""
    running = Events(date(1982, 3, 14), medicines=(Period("denosumab", date(2020, 5, 2), None),), on=full.date)
    svg = pictures.trajectory(full, ENGLISH, happened=running).svg
    taken = pictures.trajectory(full, ENGLISH, happened=replace(running, on=None)).svg
    assert svg.count('fill="#1f6f6b"') == taken.count('fill="#1f6f6b"')
    assert svg.count('stroke="#1f6f6b"') == taken.count('stroke="#1f6f6b"') + 1


def test_an_axis_of_differences_has_its_unit(comparison, lang):
    """Percentage points beside per cent, people beside people."""
    assert f">{lang.text('picture.percentage_points')}<" in pictures.plans(comparison, lang).svg
    assert f">{lang.text('picture.people_of_1_000')}<" in pictures.plans(comparison, lang, people=True).svg


def test_pictures_speak_each_language(full, comparison, lang):
    """No English word is left in a German or Italian picture."""
    for each in every(full, comparison, lang):
        if each is not None and lang.code != "en":
            assert not re.search(r"\b(this person|average|today|years|fewer)\b", each.svg)
