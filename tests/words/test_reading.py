"""What people type in their language is read as they mean it, asked when it may mean two things, and shown back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula.words.language import LANGUAGES, language
from trabecula.words.reading import possible_dates, read_date, read_number, shown_date, shown_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *(("1,66", 1.66), ("1.66", 1.66), ("166", 166), ("-2,5", -2.5), ("−2.5", -2.5), ("0,125", 0.125)),
        *(("1.234,5", 1234.5), ("1,234.5", 1234.5), ("8 000", 8000), ("8'000", 8000), ("8\u202f000,5", 8000.5)),
    ],
)
def test_a_number_is_read_with_a_point_or_a_comma(typed, number):
    """In every language alike: whoever types on a German form may have an English keyboard."""
    assert read_number(typed) == number


@pytest.mark.parametrize("typed", ["8.000", "1,000", "1.250", "12.345.678", "one", "", "1,2,3", "0x10", "1e5", "٣"])
def test_what_may_be_thousands_or_is_no_number_is_not_read(typed):
    """Eight steps or eight thousand: that is asked."""
    assert read_number(typed) is None


def test_a_density_is_never_a_thousand():
    """A bone density of 1.043 g/cm2 has three decimals."""
    assert read_number("1,043", small=True) == 1.043


@pytest.mark.parametrize(
    ("typed", "code", "found"),
    [
        *(("02.05.2014", "de", "2014-05-02"), ("2.5.2014", "de", "2014-05-02"), ("2. 5. 2014", "de", "2014-05-02")),
        *(("05.2014", "de", "2014-05"), ("2. Mai 2014", "de", "2014-05-02"), ("Mai 2014", "de", "2014-05")),
        *(("02/05/2014", "it", "2014-05-02"), ("2-5-2014", "it", "2014-05-02"), ("05/2014", "it", "2014-05")),
        *(("2 maggio 2014", "it", "2014-05-02"), ("1º maggio 2014", "it", "2014-05-01")),
        *(("25/05/2014", "en", "2014-05-25"), ("05/25/2014", "en", "2014-05-25"), ("5/5/2014", "en", "2014-05-05")),
        *(
            ("2 May 2014", "en", "2014-05-02"),
            ("May 2, 2014", "en", "2014-05-02"),
            ("2nd May 2014", "en", "2014-05-02"),
        ),
        *((iso, code, iso) for iso in ("2014-05-02", "2014-05", "2014") for code in LANGUAGES),
        *(("2014-5-2", "de", "2014-05-02"), ("2014/05/02", "it", "2014-05-02")),
    ],
)
def test_a_date_is_read_as_the_language_writes_it(typed, code, found):
    """In figures or in words, to the day, the month or the year; the year first is the same everywhere."""
    assert read_date(typed, language(code)) == found


@pytest.mark.parametrize(
    ("typed", "code"), [("02/05/2014", "en"), ("02.05.2014", "en"), ("02/05/2014", "de"), ("02-05-2014", "en")]
)
def test_a_date_that_may_be_two_is_not_read(typed, code):
    """The second of May or the fifth of February: both are found, and somebody has to say which."""
    assert read_date(typed, language(code)) is None
    assert possible_dates(typed, language(code)) == ("2014-05-02", "2014-02-05")


@pytest.mark.parametrize("typed", ["31.02.2014", "2.5.14", "soon", "", "13.13.2014", "Foo 2014", "2 May 3, 2014"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_no_date_is_not_read(typed, code):
    """Nor is a year of two figures completed."""
    assert possible_dates(typed, language(code)) == ()


@given(st.dates(), st.sampled_from(LANGUAGES), st.sampled_from([4, 7, 10]))
def test_a_date_that_is_shown_is_read_again(when, code, length):
    """A form shows what it then reads."""
    text = when.isoformat()[:length]
    assert read_date(shown_date(text, language(code)), language(code)) == text


@given(st.floats(-999, 999).map(lambda x: round(x, 4)), st.sampled_from(LANGUAGES))
def test_a_number_that_is_shown_is_read_again(value, code):
    """To the last digit, as far as it cannot be taken for thousands."""
    assert read_number(shown_number(value, language(code)), small=True) in (value, None)


@pytest.mark.parametrize(("code", "shown"), [("en", "1.66"), ("de", "1,66"), ("it", "1,66")])
def test_a_number_is_shown_as_the_language_writes_it(code, shown):
    """A comma in German and Italian."""
    assert shown_number(1.66, language(code)) == shown


@pytest.mark.parametrize(("code", "shown"), [("en", "2014-05-02"), ("de", "02.05.2014"), ("it", "02/05/2014")])
def test_a_date_is_shown_as_the_language_writes_it(code, shown):
    """English shows the year first, which nobody reads otherwise; what is no date stays as it was typed."""
    assert shown_date("2014-05-02", language(code)) == shown
    assert shown_date("in May", language(code)) == "in May"
