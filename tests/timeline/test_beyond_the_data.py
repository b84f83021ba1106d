"""What the timeline says of steroids that nobody has studied, and of courses at the same time."""

import pytest

BEYOND = "steroid exposure beyond any study"
TOGETHER = "overlapping steroid courses"


def remarks(build, *steroids) -> dict[str, str]:
    """What is assumed about some steroid courses."""
    return {str(gap.what): str(gap.assumed) for gap in build(steroids=list(steroids)).assumptions}


def tablets(dose_mg: float, start: str, end: str | None = None, **how) -> dict:
    """Prednisone by mouth."""
    return {"drug": "prednisone", "dose_mg": dose_mg, "start": start, **({"end": end} if end else {}), **how}


def infusions(start: str, count: int = 5, **how) -> dict:
    """One gram of methylprednisolone into a vein each day."""
    gram = {"drug": "methylprednisolone", "route": "iv", "dose_mg": 1000.0}
    return {**gram, "start": start, "days": count, **how}


def test_a_gram_every_day_for_a_year_is_said_to_be_beyond_what_has_been_studied(build):
    """No study of bone comes near it, and the result says so with the amounts, before anything else."""
    year = infusions("2024-01-01", count=365)
    said = build(steroids=[year]).assumptions[0]
    assert str(said.what) == BEYOND
    assert "456 g in a year" in str(said.assumed)
    assert "365 days in a row above 250 mg" in str(said.assumed)
    assert "check the doses" in str(said.cost)


@pytest.mark.parametrize("days", [61, 90])
def test_two_months_in_a_row_at_a_pulse_dose_are_beyond_it(build, days):
    """More than sixty days above 250 mg, though less than 30 g in the year."""
    assert BEYOND in remarks(build, tablets(251.0, "2024-01-01", days=days))


def test_sixty_days_and_exactly_250_mg_are_not(build):
    """The bounds themselves still count as studied."""
    assert BEYOND not in remarks(build, tablets(300.0, "2024-01-01", days=60))
    assert BEYOND not in remarks(build, tablets(250.0, "2024-01-01", days=100))


def test_many_ordinary_pulses_in_one_year_are_beyond_it(build):
    """Five grams every month are 75 g prednisone equivalents in a year, three times the most that was studied."""
    monthly = [infusions(f"2024-{month:02}-01") for month in range(1, 13)]
    assert "75 g in a year" in remarks(build, *monthly)[BEYOND]


def test_a_year_is_any_365_days_and_not_a_calendar_year(build):
    """Fifteen infusions in December and ten in January are 31 g within a month; two years apart they are not."""
    assert BEYOND in remarks(build, infusions("2023-12-10", 15), infusions("2024-01-10", 10))
    assert BEYOND not in remarks(build, infusions("2022-12-10", 15), infusions("2024-01-10", 10))


def test_courses_of_different_drugs_add_up_in_prednisone_equivalents(build):
    """Thirty milligrams of dexamethasone a day are 200 mg of prednisone: 73 g in a year."""
    dexamethasone = {"drug": "dexamethasone", "dose_mg": 30.0, "start": "2024-01-01", "days": 365}
    assert BEYOND in remarks(build, dexamethasone)


@pytest.mark.parametrize(
    "course",
    [
        {"as_written": "5 x 1 g IV methylprednisolone, then prednisone taper", "start": "2024-03-01"},
        {"as_written": "3 x 1 g IV methylprednisolone", "start": "2024-03-01"},
        infusions("2024-03-01", count=10, taper=[{"dose_mg": 60.0, "days": 7}, {"dose_mg": 20.0, "days": 7}]),
        tablets(20.0, "2010-01-01"),
        tablets(60.0, "2020-01-01", "2021-12-31"),
        tablets(40.0, "2015-01-01", every_days=2),
        infusions("2020-01-01", count=1500, every_days=30),
    ],
)
def test_ordinary_pulses_and_tablets_are_not_beyond_it(build, course):
    """Pulses for relapses, a gram a month, and years of daily tablets have been studied."""
    assert BEYOND not in remarks(build, course)


def test_five_years_of_pulses_every_four_months_are_not_beyond_it(build):
    """The trial of Zivadinov, the most that was studied, is within its own bounds."""
    pulses = [infusions(f"{year}-{month}-01") for year in range(2019, 2024) for month in ("01", "05", "09")]
    assert not {BEYOND, TOGETHER} & remarks(build, *pulses).keys()


def test_a_record_without_steroids_says_neither(build):
    """Nothing is not too much."""
    assert not {BEYOND, TOGETHER} & remarks(build).keys()


class TestOverlap:
    """Courses that are at their full dose at the same time."""

    def test_a_course_recorded_twice_is_remarked_upon(self, build):
        """Both are taken, the doses add up, and the reader is told."""
        said = remarks(build, tablets(20.0, "2024-01-01", days=30), tablets(20.0, "2024-01-01", days=30))
        assert "doses added; 30 days" in said[TOGETHER]

    def test_their_doses_do_add_up(self, build, day):
        """What the remark says is what the timeline has."""
        both = build(steroids=[tablets(20.0, "2024-01-01"), tablets(5.0, "2024-03-01")])
        assert both.flag_at(day("2024-06-01"), both.prednisone_mg) == 25.0

    def test_a_week_together_is_not_and_eight_days_are(self, build):
        """Up to a week is a usual way to change over."""
        first = tablets(20.0, "2024-01-01", "2024-03-31")
        assert TOGETHER not in remarks(build, first, tablets(10.0, "2024-03-25"))
        assert TOGETHER in remarks(build, first, tablets(10.0, "2024-03-24"))

    def test_infusions_for_a_relapse_on_top_of_daily_tablets_are_not(self, build):
        """Five days of infusions in years of tablets, once a year."""
        pulses = [infusions(f"{year}-05-01") for year in range(2019, 2024)]
        assert TOGETHER not in remarks(build, tablets(10.0, "2018-01-01"), *pulses)

    def test_a_taper_into_the_next_course_is_not(self, build):
        """Only days at full dose count: a falling dose next to another course is no double entry."""
        taper = {"to_mg": 0.0, "days": 40, "from_mg": 60.0, "drug": "prednisone"}
        assert TOGETHER not in remarks(build, infusions("2024-01-01", taper=taper), tablets(10.0, "2024-01-10"))

    def test_two_doses_on_alternate_days_are_not(self, build):
        """Twenty milligrams on even days and ten on odd ones never meet."""
        even = tablets(20.0, "2024-01-01", every_days=2)
        assert TOGETHER not in remarks(build, even, tablets(10.0, "2024-01-02", every_days=2))

    def test_daily_and_alternate_day_tablets_together_are(self, build):
        """A gap of a day does not end a course."""
        alternate = tablets(20.0, "2024-01-01", every_days=2)
        assert TOGETHER in remarks(build, alternate, tablets(10.0, "2024-01-01"))
