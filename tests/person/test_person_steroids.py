"""Steroid courses: from a clinic's words to doses on days."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from person_records import person

from trabecula.evidence import Evidence
from trabecula.person import PersonError, SteroidCourse
from trabecula.person.notation import NotationError, Phase, parse
from trabecula.person.steroids import written_course

START = date(2014, 5, 2)
EVIDENCE = Evidence.load()


def course(**fields) -> SteroidCourse:
    """A course that starts on the second of May 2014."""
    return person(steroids=[{"start": START, **fields}]).steroids[0]


def doses(**fields) -> list[tuple]:
    """Drug, route, dose, doses a day, interval and days of each step."""
    steps = course(**fields).steps(date(2014, 12, 31), EVIDENCE)
    return [(s.drug, s.route, s.dose_mg, s.doses_per_day, s.every_days, s.days) for s in steps]


MP, PRED = "methylprednisolone", "prednisone"


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("3 x 1 g IV methylprednisolone", (MP, "iv", 1000, 1, 1, 3)),
        ("5 x 1000 mg methylprednisolone iv", (MP, "iv", 1000, 1, 1, 5)),
        ("5 × 1,000 mg methylprednisolone i.v.", (MP, "iv", 1000, 1, 1, 5)),
        ("IVMP 1 g x 5d", (MP, "iv", 1000, 1, 1, 5)),
        ("Solu-Medrol 1 g daily for 3 days", (MP, "iv", 1000, 1, 1, 3)),
        ("methylprednisolone 1 g IV, 3 days, over 1 hour, no taper", (MP, "iv", 1000, 1, 1, 3)),
        ("3 x 1 g daily methylprednisolone", (MP, "iv", 1000, 1, 1, 3)),
        ("6 x 500 mg methylprednisolone IV over 3 days", (MP, "iv", 500, 2, 1, 3)),
        ("500 mg oral methylprednisolone x 5 days", (MP, "oral", 500, 1, 1, 5)),
        ("methylprednisolone 16 mg for 7 days", (MP, "oral", 16, 1, 1, 7)),
        ("1250 mg oral prednisone for 3 days", (PRED, "oral", 1250, 1, 1, 3)),
        ("10-day course of prednisone 50 mg", (PRED, "oral", 50, 1, 1, 10)),
        ("prednisone 5 mg twice daily for 2 weeks", (PRED, "oral", 5, 2, 1, 14)),
        ("prednisone 3 x 5 mg daily for 10 days", (PRED, "oral", 5, 3, 1, 10)),
        ("prednisone 10 mg every 2 days for 30 days", (PRED, "oral", 10, 1, 2, 30)),
        ("prednisolone 7,5 mg every other day for 1 month", ("prednisolone", "oral", 7.5, 1, 2, 30)),
        ("dexamethasone 8 mg x 3", ("dexamethasone", "oral", 8, 1, 1, 3)),
        ("dexamethasone 500 µg bd x 5 days", ("dexamethasone", "oral", 0.5, 2, 1, 5)),
    ],
)
def test_a_course_is_read_as_clinics_write_it(text, step):
    """Drug, route, dose, how often and how long."""
    assert [step] == doses(as_written=text)


@pytest.mark.parametrize("text", ["prednisolone 7.5 mg/d", "10 mg alternate days", "prednisone 5 mg od"])
def test_a_course_without_an_end_goes_on(text):
    """It lasts as long as one looks, and the record says that this was read into it."""
    ongoing = course(as_written=text)
    (step,) = ongoing.steps(date(2014, 5, 31), EVIDENCE)
    assert (ongoing.ongoing, step.days, step.end) == (True, 30, date(2014, 5, 31))
    assert "No end date given; the course is treated as ongoing." in map(str, ongoing.assumptions)


def test_an_unnamed_small_dose_is_prednisone_and_said_to_be():
    """10 mg alternate days is prednisone or prednisolone, which are equal in effect."""
    unnamed = course(as_written="10 mg alternate days for 20 days")
    assert doses(as_written="10 mg alternate days for 20 days") == [(PRED, "oral", 10, 1, 2, 20)]
    assert tuple(map(str, unnamed.assumptions)) == ("Tablet not named; assumed to be prednisone.",)


def test_a_taper_without_details_is_a_usual_one_and_said_to_be():
    """Tablets fall from the dose and over the days that the registry assumes."""
    pulse = course(as_written="3 x 1 g IV methylprednisolone, then prednisone taper")
    infusion, *taper = pulse.steps(None, EVIDENCE)
    assert (infusion.dose_mg, infusion.days) == (1000, 3)
    assert {(step.drug, step.route) for step in taper} == {(PRED, "oral")}
    assert (taper[0].dose_mg, sum(step.days for step in taper)) == (60, 14)
    assert all(later.dose_mg < step.dose_mg for step, later in pairwise(taper))
    assert tuple(map(str, pulse.assumptions)) == (
        "Starting dose of the taper not given; a typical one is assumed.",
        "Taper length not given; a typical one is assumed.",
    )


def test_a_what_if_can_change_what_a_usual_taper_is():
    """The evidence that is passed in decides, and remembers that it was asked."""
    evidence = Evidence.load().replacing({"person.steroid.taper_from_mg": 40, "person.steroid.taper_days": 4})
    steps = course(as_written="3 x 1 g IV methylprednisolone, then taper").steps(None, evidence)
    assert [(step.dose_mg, step.days) for step in steps] == [(1000, 3), (40, 2), (20, 2)]
    assert "person.steroid.taper_days" in evidence.used()


def test_the_dates_settle_the_length_of_a_taper():
    """Three infusions from the second of May, the last tablet on the twentieth: sixteen days of tablets."""
    steps = course(as_written="3 x 1 g IV methylprednisolone, then taper", end="2014-05-20").steps(None, EVIDENCE)
    assert steps[-1].end == date(2014, 5, 20)


def test_a_taper_falls_evenly_to_nothing():
    """60 mg over three weeks: falling levels, together about half of 60 mg a day."""
    tapered = course(as_written="prednisone 60 mg daily tapering over 3 weeks")
    assert sum(step.days for step in tapered.steps(None, EVIDENCE)) == 21
    assert tapered.total_mg(None, EVIDENCE)[PRED] == pytest.approx(60 * 21 / 2, rel=0.15)
    assert not tapered.assumptions


def test_a_taper_to_a_lower_dose_is_followed_by_that_dose():
    """From 20 to 5 mg over 6 weeks, then 5 mg until the end."""
    steps = course(as_written="prednisone 20 mg tapering to 5 mg over 6 weeks", end="2014-12-31").steps(None, EVIDENCE)
    assert [(steps[0].dose_mg), (steps[-1].dose_mg), steps[-1].end] == [20, 5, date(2014, 12, 31)]


def test_parts_of_a_course_follow_each_other():
    """Each level with its days, the drug named once."""
    steps = doses(as_written="prednisone 60 mg for 7 days, 40 mg for 4 days, then 20 mg for 3 days")
    assert [(step[2], step[5]) for step in steps] == [(60, 7), (40, 4), (20, 3)]
    starts = [
        step.start.day
        for step in course(as_written="prednisone 60 mg for 7 days, 40 mg for 4 days").steps(None, EVIDENCE)
    ]
    assert starts == [2, 9]


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "",
        "methylprednisolone",
        "prednisone 1 mg/kg for 5 days",
        "3 x 1 g IV methylprednisolone not given",
        "3-5 x 1 g IV methylprednisolone",
        "1 g x 3",
        "IV 500 mg x 5",
        "0 x 1 g IVMP",
        "IVMP 1 g for 0 days",
        "prednisolone 2 x 5 mg daily",
        "prednisone 60 mg, 40 mg, 20 mg",
        "prednisone 60 mg, then 40 mg for 3 days",
        "5 x 1000 g methylprednisolone",
        "prednisone 5 mg 40 times daily",
        "prednisone 5 mg for 99999 years",
    ],
)
def test_what_is_not_certain_is_not_guessed(text):
    """Every word must be understood and every number possible."""
    with pytest.raises(NotationError):
        parse(text)


def test_a_refusal_shows_how_to_write_it():
    """The message has examples that can be copied, and each of them can be read."""
    from trabecula.person.notation import EXAMPLES

    with pytest.raises(PersonError) as error:
        course(as_written="the usual")
    for example in EXAMPLES:
        assert f'"{example}"' in str(error.value)
        assert parse(example)


def test_the_field_beside_the_text_names_the_drug():
    """A prescription without the drug's name is completed by the field, and may not contradict it."""
    assert doses(as_written="500 mg x 5", drug=MP) == [(MP, "iv", 500, 1, 1, 5)]
    with pytest.raises(PersonError, match="prednisone in the text and methylprednisolone in the field drug"):
        course(as_written="prednisone 50 mg for 5 days", drug=MP)


DRUGS = st.sampled_from(["prednisone", "prednisolone", "methylprednisolone", "dexamethasone", "deflazacort"])
MG = st.one_of(st.integers(1, 2000).map(float), st.sampled_from([0.5, 2.5, 7.5, 12.5, 62.5]))


@st.composite
def courses(draw) -> dict:
    """A course field by field."""
    drug = draw(DRUGS)
    only_oral = drug in ("prednisone", "deflazacort")
    fields = {
        "drug": drug,
        "route": "oral" if only_oral else draw(st.sampled_from(["oral", "iv", "im"])),
        "dose_mg": draw(MG),
        "doses_per_day": draw(st.integers(1, 6)),
        "every_days": draw(st.integers(1, 30)),
        "days": draw(st.integers(1, 400)),
    }
    taper = st.fixed_dictionaries({"to_mg": st.sampled_from([0.0, 5.0]), "days": st.integers(1, 60), "drug": DRUGS})
    levels = st.lists(st.fixed_dictionaries({"dose_mg": MG, "days": st.integers(1, 30)}), min_size=1, max_size=3)
    plan = draw(st.one_of(st.none(), taper, levels))
    return fields if plan is None else {**fields, "taper": plan}


@given(courses())
def test_a_course_written_out_is_read_back(fields):
    """Field by field, then in words, then read again: the same doses on the same days."""
    given_course = course(**fields)
    again = course(as_written=str(given_course.written()))
    until = date(2020, 1, 1)
    assert given_course.steps(until, EVIDENCE) == again.steps(until, EVIDENCE)


PHASES = st.builds(
    Phase,
    drug=DRUGS,
    route=st.sampled_from(["oral", "iv", "im"]),
    dose_mg=MG,
    doses_per_day=st.integers(1, 12),
    every_days=st.integers(1, 30),
    days=st.integers(1, 999),
)


@given(st.lists(PHASES, min_size=1, max_size=4))
def test_what_is_written_is_what_is_parsed(phases):
    """Words and phases say the same."""
    assert tuple(phases) == parse(str(written_course(tuple(phases))))


def outcome(text: str) -> str:
    """What comes of a text: a course, or the words of a refusal; anything else is let through and fails."""
    try:
        return str(written_course(parse(text)))
    except NotationError as error:
        return str(error)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    """No text brings the parser down."""
    assert outcome(text)


VOCABULARY = (
    *("3 x", "1 g", "60 mg", "IV", "oral", "prednisone", "methylprednisolone", "then", "taper", "over 3 weeks"),
    *("for 5 days", "daily", "alternate days", "to 5 mg", ",", "x 3", "twice daily", "from 40 mg", "x 3 daily"),
)


@given(st.lists(st.sampled_from(VOCABULARY), max_size=9))
def test_any_order_of_known_words_is_read_or_refused(words):
    """What is read can be laid out in days, without a gap and without an overlap."""
    try:
        read = course(as_written=" ".join(words))
    except PersonError:
        return
    steps = read.steps(date(2016, 1, 1), EVIDENCE)
    assert all(step.days >= 1 and step.dose_mg > 0 for step in steps)
    assert all((after.start - step.end).days == 1 for step, after in pairwise(steps))


def test_the_sum_of_doses_is_by_drug():
    """Milligrams of different drugs are not added."""
    total = course(as_written="3 x 1 g IV methylprednisolone, then prednisone 50 mg for 4 days").total_mg(
        None, EVIDENCE
    )
    assert total == {MP: 3000, PRED: 200}


def test_alternate_days_count_their_doses():
    """Ten days of every second day are five doses."""
    assert course(as_written="prednisone 10 mg every 2 days for 10 days").total_mg(None, EVIDENCE) == {PRED: 50}


def test_a_course_that_goes_on_has_no_total_yet():
    """Its sum needs a last day."""
    ongoing = course(drug=PRED, dose_mg=5)
    with pytest.raises(ValueError, match="say until when"):
        ongoing.total_mg(None, EVIDENCE)
    assert ongoing.total_mg(date(2014, 5, 11), EVIDENCE) == {PRED: 50}


def test_a_taper_after_infusions_is_tablets():
    """Nobody infuses a gram and then 900 mg: the taper begins where tablets begin."""
    steps = doses(drug=MP, route="iv", dose_mg=1000, days=3, taper={"days": 10})
    assert steps[0] == (MP, "iv", 1000, 1, 1, 3)
    assert steps[1][:3] == (PRED, "oral", 60)


@pytest.mark.parametrize(
    "text",
    [
        "5 x 1000 mg methylprednisolone, then taper",
        "5 x 1 g IV methylprednisolone tapering",
        "500 mg oral methylprednisolone x 5 days, then taper",
        "1250 mg oral prednisone for 3 days, then taper",
        "Solu-Medrol 1 g x 3 days then Medrol taper",
    ],
)
def test_a_taper_after_a_pulse_never_begins_at_the_dose_of_the_pulse(text):
    """However it is written, the tablets begin at a dose for tablets."""
    _pulse, first, *_ = course(as_written=text).steps(None, EVIDENCE)
    assert (first.route, first.dose_mg) == ("oral", 60)


def test_a_taper_of_tablets_begins_at_their_dose():
    """Forty milligrams for a week, then less: not sixty."""
    steps = course(as_written="prednisolone 40 mg daily for 7 days, then taper").steps(None, EVIDENCE)
    assert [step.dose_mg for step in steps[:2]] == [40, 40]


def test_a_taper_needs_a_beginning():
    """A dose that goes on for ever cannot be followed by a taper."""
    with pytest.raises(PersonError, match=r"steroids\[0\].taper: found a taper with nothing before it"):
        course(drug=PRED, dose_mg=60, taper={"days": 10})
    with pytest.raises(PersonError, match="a step with no number of days"):
        course(as_written="prednisone 60 mg daily, then taper")
    assert sum(step[5] for step in doses(as_written="prednisone 60 mg daily, then taper", end="2014-06-30")) == 60


def test_a_course_is_described_once():
    """In words or field by field, not both."""
    with pytest.raises(PersonError, match="found as_written and dose_mg, days; expected as_written alone"):
        course(as_written="3 x 1 g IVMP", dose_mg=1000, days=3)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5 Tage 1 g Methylprednisolon i.v.", "5 x 1 g IV methylprednisolone"),
        ("3 x 1 g Methylprednisolon i.v., dann Prednisolon ausschleichend",
         "3 x 1 g IV methylprednisolone, then prednisolone taper"),
        ("Prednisolon 60 mg täglich für 5 Tage", "prednisolone 60 mg daily for 5 days"),
        ("Prednisolon von 60 mg auf 0 über 21 Tage", "prednisolone taper from 60 mg to 0 mg over 21 days"),
        ("Prednison 7,5 mg/Tag", "prednisone 7.5 mg/d"),
        ("10 mg Prednisolon jeden zweiten Tag", "prednisolone 10 mg on alternate days"),
        ("metilprednisolone 1 g e.v. per 5 giorni", "5 x 1 g IV methylprednisolone"),
        ("metilprednisolone 1 g/die ev per 5 gg, poi prednisone a scalare in 3 settimane",
         "5 x 1 g IV methylprednisolone, then prednisone taper over 21 days"),
        ("prednisone 25 mg al giorno per 10 giorni", "prednisone 25 mg daily for 10 days"),
        ("prednisone da 50 mg a 5 mg in 4 settimane", "prednisone taper from 50 mg to 5 mg over 28 days"),
        ("desametasone 8 mg due volte al giorno per 5 giorni", "dexamethasone 8 mg twice daily for 5 days"),
    ],
)  # fmt: skip
def test_a_course_in_german_or_italian_means_what_it_means_in_english(text, meant):
    """Clinics write in their own language; drug, dose, route, days and taper are the same."""
    assert parse(text) == parse(meant)


def test_an_article_before_a_dose_is_no_end_of_a_taper():
    """Italian "a" leads to the end of a taper; English "a" does not."""
    (phase,) = parse("a 1 g dose of IV methylprednisolone")
    assert (phase.dose_mg, phase.taper) == (1000, False)
