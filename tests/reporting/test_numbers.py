import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula.words import numbers
from trabecula.words.language import language

positive = st.floats(1e-9, 1e9)
fractions = st.floats(0, 1)


def back(text):
    """The number that a text stands for."""
    return float(text.replace("−", "-").replace(",", ""))


@given(positive)
def test_two_significant_figures_are_within_a_twentieth_of_the_number(value):
    """Rounding to two figures never moves a number by more than 5 %."""
    assert math.isclose(back(numbers.significant(value)), value, rel_tol=0.05)


@given(positive)
def test_a_number_shows_two_figures_and_no_exponent(value):
    """What a person reads has two figures that count, and only zeros to hold their place."""
    text = numbers.significant(value)
    assert re.fullmatch(r"\d+(\.\d+)?", text)
    counting = text.replace(".", "").lstrip("0")
    assert set(counting[2:]) <= {"0"}
    assert "." not in text or len(counting) == 2


@given(positive, positive)
def test_rounding_never_turns_two_numbers_around(one, other):
    """The smaller number is never shown as the larger."""
    low, high = sorted([one, other])
    assert back(numbers.significant(low)) <= back(numbers.significant(high))


@given(positive)
def test_a_negative_number_has_a_minus_sign_and_the_same_figures(value):
    """Minus is a minus sign, not a hyphen."""
    assert numbers.significant(-value) == "−" + numbers.significant(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.996, "1.0"),
        (9.96, "10"),
        (99.6, "100"),
        (0.0999, "0.10"),
        (123, "120"),
        (4, "4.0"),
        (-3.25, "−3.2"),
    ],
)
def test_rounding_carries(value, text):
    """A carry keeps two figures: 9.96 is 10, not 10.0."""
    assert numbers.significant(value) == text


@given(st.floats(-20, 20), st.integers(0, 3))
def test_nothing_is_never_negative(value, decimals):
    """A number that rounds to nothing has no sign."""
    text = numbers.fixed(value, decimals)
    assert "-" not in text
    assert text.startswith("−") == (back(text) < 0)


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_a_range_reads_as_a_range(low, high):
    """An en dash joins positive ends; next to a minus sign it is the word `to`."""
    low, high = sorted([low, high])
    ends = numbers.fixed(low, 1), numbers.fixed(high, 1)
    text = numbers.span(*ends)
    assert "–" not in text or "−" not in text
    assert re.split(r"–|\xa0to\xa0", text) == list(dict.fromkeys(ends))


@given(fractions)
def test_a_probability_has_no_false_precision(fraction):
    """Below a tenth of a per cent no figure is given, and nearly certain is not certain."""
    text = numbers.share(fraction)
    assert (text == "<0.1") == (100 * fraction < 0.1)
    assert (text == "100") == (fraction == 1)
    assert len(re.sub(r"[<>.]|^0\.0*", "", text)) <= 3


@given(st.floats(-99, 300))
def test_a_change_says_its_direction(per_cent):
    """A gain has a plus, a loss a minus, and less than half a tenth of a per cent is no change."""
    text = numbers.change(per_cent)
    assert text == "0" or text[0] == ("+" if per_cent > 0 else "−")
    assert math.isclose(back(text), per_cent, rel_tol=0.051, abs_tol=0.051)


@given(st.floats(0.001, 0.95))
def test_one_person_in_so_many_is_close_to_the_probability(fraction):
    """The phrase is within a fifth of the probability it stands for."""
    part, whole = numbers.one_in(fraction)
    assert math.isclose(part / whole, fraction, rel_tol=0.2, abs_tol=0.051)


@pytest.mark.parametrize(
    ("fraction", "odds"),
    [(0.0412, (1, 25)), (0.08, (1, 12)), (0.5, (5, 10)), (0.0031, (1, 320)), (0.0001, None), (0.99, None)],
)
def test_odds_are_round_as_people_say_them(fraction, odds):
    """One in 25, not one in 24.27; at the ends there is nothing to say."""
    assert numbers.one_in(fraction) == odds


@pytest.mark.parametrize(
    ("fraction", "text"), [(0.041, "41"), (0.492, "490"), (0.0004, "<1"), (0.9996, ">999"), (1.0, "1,000")]
)
def test_people_are_counted_whole_and_in_two_figures(fraction, text):
    """Out of 1,000: a probability is never shown as nobody, and only certainty as everybody."""
    assert numbers.people(fraction, 1000) == text


def test_one_of_a_thing_is_singular():
    """1 year, 2 years; 1 finding, 1,200 findings."""
    assert language("en").years(1) == "1\xa0year"
    assert language("en").years(2.5) == "2.5\xa0years"
    assert numbers.counted(1, "finding") == "1 finding"
    assert numbers.counted(1200, "finding") == "1,200 findings"


def test_a_number_of_a_record_is_shown_as_it_is():
    """What a source printed is not rounded."""
    assert [numbers.printed(each) for each in (12.8, 0.392, -1.0, 29e6)] == ["12.8", "0.392", "−1", "29,000,000"]
