import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.conftest import interval, make_assessment
from trabecula.assessment import results
from trabecula.drawing.page import Estimate, Page, Row, Section, Table
from trabecula.reporting.assessment import assessment_page
from trabecula.reporting.terminal import to_terminal
from trabecula.words.message import verbatim

WIDTHS = (60, 72, 80, 100, 120)


def section_of(text, title):
    """The lines under a title."""
    return re.search(rf"^{title} ─+\n(.*?)(\n\n|\Z)", text, re.DOTALL | re.MULTILINE).group(1)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_screen(page, width):
    """From 60 to 120 columns everything fits."""
    assert max(map(len, to_terminal(page, width).splitlines())) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_every_density_is_whole_at_every_width(page, width):
    """A number and its range are never cut or wrapped."""
    text = to_terminal(page, width)
    for number in ("0.95", "0.81–1.10", "0.78", "0.66–0.90", "−1.0", "−2.3 to 0.3", "−0.7", "−6.6", "× 0.62"):
        assert number in text


@pytest.mark.parametrize(
    ("width", "horizons"),
    [
        (60, ["10 years", "Lifetime"]),
        (80, ["5 years", "10 years", "Lifetime"]),
        (120, ["1 year", "2 years", "5 years", "10 years", "Lifetime"]),
    ],
)
def test_a_narrow_screen_has_fewer_horizons_and_says_so(page, width, horizons):
    """The longest horizon and the lifetime stay; those left out are named."""
    text = section_of(to_terminal(page, width), "Fracture risk")
    head = next(line for line in text.splitlines() if "Lifetime" in line)
    assert re.findall(r"\d+ years?|Lifetime", head) == horizons
    assert ("Not shown on a narrow screen:" in text) == (len(horizons) < 5)


@pytest.mark.parametrize("width", [1, 20, 59])
def test_a_very_narrow_screen_gets_sixty_columns(page, width):
    """Below 60 columns the terminal wraps; nothing is left out for it."""
    assert to_terminal(page, width) == to_terminal(page, 60)


def test_a_very_wide_screen_is_not_filled(page):
    """Beyond 120 columns the eye loses the line."""
    assert to_terminal(page, 300) == to_terminal(page, 120)


def test_plain_text_has_no_codes(page):
    """Without styles there is nothing but text, and ordinary spaces."""
    text = to_terminal(page, 80)
    assert "\x1b" not in text
    assert "\xa0" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_styles_change_nothing_but_the_looks(page):
    """With the codes taken out, the styled text is the plain text."""
    styled = to_terminal(page, 80, styled=True)
    assert "\x1b[1m" in styled
    assert re.sub(r"\x1b\[[0-9;]*m", "", styled) == to_terminal(page, 80)


@pytest.mark.parametrize("width", [60, 80])
def test_values_stand_under_each_other(page, width):
    """The average stands under the value it is beside."""
    lines = section_of(to_terminal(page, width), "Fracture risk").splitlines()
    hip = next(i for i, line in enumerate(lines) if line.startswith("Hip"))
    assert lines[hip].index("%") == lines[hip + 1].index("%")


def test_the_person_the_day_and_the_warning_come_first(page):
    """Who, when, and that this is no medical device."""
    lines = to_terminal(page, 120).splitlines()
    assert lines[0] == "Trabecula 0.1.0, 2026-11-22"
    assert lines[1].startswith("Woman of 44")
    assert "not a medical device" in "".join(lines[2:6])


def test_markup_in_a_record_is_only_text():
    """A path with brackets, or a name that looks like a style, is printed as it is."""
    question = results.UnusualValue(path="dxa[0].bmd", message="[bold red]found[/] \x1b[31m:smile: 5")
    text = to_terminal(assessment_page(make_assessment(questions=[question])))
    assert "dxa[0].bmd: [bold red]found[/]  [31m:smile: 5" in text


numbers = st.floats(1e-6, 1, allow_subnormal=False)
risks = st.lists(st.tuples(numbers, numbers, numbers), min_size=5, max_size=5)


@given(risks, st.sampled_from(WIDTHS))
def test_whatever_the_risks_are_they_fit_and_are_whole(triples, width):
    """Any probability, at any width: lines fit, values and ranges are in one piece."""
    horizons = (1.0, 2.0, 5.0, 10.0, "lifetime")
    found = [
        results.Risk(site="major_osteoporotic", horizon_y=h, risk=interval(m, low, high), average=m)
        for h, (low, m, high) in zip(horizons, map(sorted, triples), strict=True)
    ]
    page = assessment_page(make_assessment(risks=found))
    text = to_terminal(page, width)
    table = next(block for block in page.sections[1].blocks if isinstance(block, Table))
    assert max(map(len, text.splitlines())) <= width
    for cell in table.rows[0].cells[-2:]:
        assert str(cell).replace("\xa0", " ") in text


@given(st.text(max_size=200), st.sampled_from(WIDTHS))
def test_any_text_can_stand_in_a_record(text, width):
    """Whatever somebody wrote, the page is printed."""
    assert to_terminal(assessment_page(make_assessment(notes=[verbatim(text)])), width)


def test_a_table_that_fits_nowhere_keeps_its_numbers():
    """A table too wide for any screen runs over rather than losing figures."""
    cells = tuple(Estimate(f"{'1' * 30}", f"{'2' * 30}") for _ in range(3))
    page = Page("t", (), (Section("s", (Table("", ("a", "b", "c"), (Row("r", cells),)),)),))
    assert to_terminal(page, 60).count("1" * 30) == 3
