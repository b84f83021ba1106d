"""From a person's record to the facts that rules read: what nobody wrote down stays unknown."""

from datetime import date

import pytest

from trabecula.assessment.facts import Frax, facts
from trabecula.assessment.figures import Interval
from trabecula.assessment.results import Assessment, PersonSummary, Risk
from trabecula.evidence import Evidence
from trabecula.guidelines import Facts
from trabecula.person import read_person

ON = date(2026, 11, 22)
EVIDENCE = Evidence.load()
WOMAN = {"birth_date": "1966-03-14", "sex": "female", "country": "US"}
CHANCE = Interval(median=0.14, low=0.09, high=0.22)


def answer():
    """As much of an assessment as facts read: probabilities, and the EDSS."""
    risks = [Risk(site="major_osteoporotic", horizon_y=10.0, risk=CHANCE, average=0.1)]
    person = PersonSummary.model_construct(edss=Interval(median=3.5, low=3.0, high=4.0))
    return Assessment.model_construct(risks=risks, person=person)


def of(record, frax=None):
    """The facts of a record."""
    return facts(read_person({**WOMAN, **record}, ON), answer(), ON, EVIDENCE, frax)


def test_a_bare_record_leaves_nearly_everything_unknown():
    """Only who it is, and what would have been written down: MS, a prosthesis, an operation."""
    known = set(of({}).model_dump(exclude_none=True))
    written_down = {"ms", "hip_prosthesis", "gonads_removed", "gender_affirming_hormones", "bone_profile"}
    written_down |= {"balance_tested", "tbs_measured"}
    assert known == {"on", "age_y", "sex", "country", "own_mof_percent", *written_down}


def test_five_days_of_a_gram_are_a_pulse_of_6_25_g():
    """A pulse is no daily treatment, whatever it adds to the year."""
    found = of({"steroids": [{"start": "2026-06-04", "as_written": "5 x 1 g IV methylprednisolone"}]})
    assert found.steroid_g_per_year == pytest.approx(6.25)
    assert (found.steroid_pulses_past_year, found.steroid_mg_per_day, found.steroid_days) == (1, 0, 0)
    assert found.steroid_month_mg_per_day == 0
    assert (found.steroid_stopped, found.steroid_ever, found.relapse_treated) == (False, True, False)


def test_daily_tablets_have_a_dose_and_a_length():
    """A dose that changed is one treatment; what is planned counts, and a pulse on top is a pulse."""
    steroids = [
        {"start": "2026-08-24", "end": "2026-10-22", "drug": "prednisone", "route": "oral", "dose_mg": 40},
        {"start": "2026-10-23", "end": "2027-01-30", "drug": "prednisone", "route": "oral", "dose_mg": 10},
        {"start": "2026-11-10", "as_written": "3 x 1 g IV methylprednisolone"},
    ]
    found = of({"steroids": steroids})
    assert found.steroid_mg_per_day == 10
    assert found.steroid_days == (date(2027, 1, 30) - date(2026, 8, 24)).days + 1
    assert found.steroid_month_mg_per_day == 40
    assert (found.steroid_pulses_past_year, found.relapse_treated) == (1, True)


def test_tablets_that_ended_are_stopped():
    """A course of half a year, two years ago."""
    course = {"start": "2024-01-01", "end": "2024-06-30", "drug": "prednisone", "route": "oral", "dose_mg": 10}
    found = of({"steroids": [course]})
    assert (found.steroid_stopped, found.steroid_mg_per_day, found.steroid_g_per_year) == (True, 0, 0)


@pytest.mark.parametrize(
    ("trauma", "fragility"), [("low", True), ("high", False), ("unknown", None)]
)  # fmt: skip
def test_a_fracture_of_unknown_cause_is_unknown(trauma, fragility):
    """Nobody said how the wrist broke."""
    found = of({"fractures": [{"site": "forearm", "date": "2020-02", "trauma": trauma}]})
    assert (found.fragility_fracture, found.major_fracture) == (fragility, fragility)
    assert found.hip_fracture is False


def test_the_latest_scan_counts_as_it_was_printed_or_from_its_density():
    """A printed T-score is taken; a density alone is read against the reference."""
    scans = [
        {"date": "2018-01-10", "site": "total_hip", "bmd_g_cm2": 0.80, "t_score": -1.2, "device": "hologic"},
        {"date": "2026-01-10", "site": "total_hip", "bmd_g_cm2": 0.70, "device": "hologic"},
        {"date": "2026-01-10", "site": "lumbar_spine", "t_score": -2.7},
    ]
    found = of({"dxa": scans})
    assert found.t_score_lumbar_spine == -2.7
    assert found.t_score_total_hip == pytest.approx(-2.0, abs=0.1)
    assert (found.bmd_loss_beyond_lsc, found.dxa_scans, found.dxa_on) == (True, 2, date(2026, 1, 10))


def test_what_comes_later_is_not_known_yet():
    """An assessment knows nothing of the day after it."""
    later = {
        "laboratory": [{"date": "2026-11-20", "test": "25-OH-D", "value": 40, "unit": "nmol/L"}],
        "medicines": [{"drug": "alendronate", "start": "2026-11-21"}],
    }
    person = read_person({**WOMAN, **later}, ON)
    before = facts(person, answer(), date(2026, 11, 1), EVIDENCE)
    assert (before.vitamin_d_nmol_l, before.medicines) == (None, None)
    assert of(later).vitamin_d_nmol_l == 40


def test_denosumab_stopped_without_anything_after_it_is_noticed():
    """And it is not once zoledronate follows."""
    stopped = [{"drug": "denosumab", "start": "2023-01-01", "end": "2026-09-01", "dose_mg": 60, "per": "6 months"}]
    follows = [*stopped, {"drug": "zoledronate", "start": "2026-11-01"}]
    assert of({"medicines": stopped}).stopping == "denosumab"
    found = of({"medicines": follows})
    assert (found.stopping, found.bone_drug) == ("none", "bisphosphonate")


@pytest.mark.parametrize(("start", "days"), [("2026-09-01", 82), ("2024-09-01", None)])
def test_a_dose_that_nobody_wrote_down_is_not_taken_for_granted(start, days):
    """Half a year after the first dose of denosumab it is unknown whether the next was given in time."""
    found = of({"medicines": [{"drug": "denosumab", "start": start, "dose_mg": 60, "per": "6 months"}]})
    assert (found.bone_drug, found.denosumab_days_since_dose) == ("denosumab", days)


def test_falls_are_brought_to_a_year_but_never_made_up():
    """Six in two years are three a year; four in half a year are at least four."""
    assert of({"falls": [{"count": 6, "period_months": 24, "until": "2026-11-20"}]}).falls_past_year == 3
    assert of({"falls": [{"count": 4, "period_months": 6, "until": "2026-11-20"}]}).falls_past_year == 4
    assert of({}).falls_past_year is None


def test_disability_that_nobody_examined_stays_unknown():
    """The usual course of the disease is no examination."""
    assert of({"ms": {"onset": "2010"}}).edss is None
    assert of({"ms": {"onset": "2010", "disability": [{"date": "2026-01-05", "edss": 3.5}]}}).edss == 3.5


def test_frax_is_typed_in_and_ours_stays_beside_it():
    """Two numbers with two names."""
    found = of({}, Frax(mof_percent=12.0, with_bmd=True))
    assert (found.frax_mof_percent, found.frax_hip_percent, found.frax_with_bmd) == (12.0, None, True)
    assert found.own_mof_percent is not None
    assert found.own_mof_percent.high == pytest.approx(22)


def test_facts_that_follow_are_filled_in_and_a_contradiction_is_refused():
    """A broken hip is a fragility fracture; none at all is no hip."""
    assert Facts(hip_fracture=True).fragility_fracture is True
    assert Facts(fragility_fracture=False).hip_fracture is False
    assert Facts(sex="male").postmenopausal is False
    with pytest.raises(ValueError, match="fragility_fracture is false beside a fracture"):
        Facts(fragility_fracture=False, hip_fracture=True)


NONE = {"steroids": "none", "medicines": "none", "fractures": "none", "falls": 0}
DENIED = {
    **dict.fromkeys(("steroid_mg_per_day", "steroid_days", "steroid_month_mg_per_day", "steroid_g_per_year"), 0),
    **dict.fromkeys(("steroid_ever", "steroid_stopped", "relapse_treated", "steroid_pulses_past_year"), False),
    **dict.fromkeys(("fragility_fracture", "hip_fracture", "vertebral_fracture", "major_fracture"), False),
    **dict.fromkeys(("fragility_fracture_after_40", "fragility_fracture_after_50", "osteopenic_site_fracture"), False),
    **dict.fromkeys(("fragility_fractures", "vertebral_fractures", "falls_past_year"), 0),
    **{"bone_drug": "none", "stopping": "none", "antiepileptic": False, "medicines": (), "parathyroid_y": 0},
}


@pytest.mark.parametrize("fact", DENIED)
def test_none_is_an_answer(fact):
    """What was asked and is not there is false, or nought; what nobody asked is unknown."""
    found, silent = of(NONE), of({})
    assert getattr(found, fact) == DENIED[fact]
    assert getattr(found, fact) is not None
    assert getattr(silent, fact) is None


@pytest.mark.parametrize(
    ("broken", "fragility"),
    [
        ({"site": "hip", "trauma": "low"}, True),
        ({"site": "spine", "found_on_imaging": True}, True),
        ({"site": "rib", "trauma": "low"}, True),
        ({"site": "hip", "trauma": "unknown"}, None),
        ({"site": "hip", "trauma": "high"}, False),
        ({"site": "hand", "trauma": "low"}, False),
        ({"site": "foot", "trauma": "unknown"}, False),
        ({"site": "skull", "trauma": "low"}, False),
        ({"site": "hip", "trauma": "low", "date": "1980-01-01"}, None),
    ],
)
def test_a_fragility_fracture_is_what_its_definition_says(broken, fragility):
    """Of low force or spontaneous, at a site that counts, in an adult; a force that nobody recorded is unknown."""
    assert of({"fractures": [{"date": "2020-02-01", **broken}]}).fragility_fracture is fragility


@pytest.mark.parametrize(
    ("date", "after_40", "after_50"),
    [("2000-01-01", False, False), ("2010-01-01", True, False), ("2020-01-01", True, True), (None, None, None)],
)
def test_a_guideline_asks_for_fractures_from_its_own_age(date, after_40, after_50):
    """A woman of 1966 who broke her hip at 33, 43 and 53, or nobody knows when."""
    when = {"date": date} if date else {"date_unknown": True}
    found = of({"fractures": [{"site": "hip", "trauma": "low", **when}]})
    assert (found.fragility_fracture_after_40, found.fragility_fracture_after_50) == (after_40, after_50)
    assert (found.hip_fracture, found.central_fracture_after_40) == (True, after_40)


def test_vertebral_fractures_have_a_number_a_grade_and_a_time():
    """Two vertebrae of grade 1, and a worse one later that only an image showed."""
    broken = [
        {"site": "spine", "date": "2020-11-22", "trauma": "low", "vertebrae": 2, "grade": 1},
        {"site": "spine", "date": "2025-11-22", "found_on_imaging": True, "grade": 3},
        {"site": "hip", "date": "2018-11-22", "trauma": "high"},
    ]
    found = of({"fractures": broken})
    assert (found.vertebral_fractures, found.vertebral_grade, found.fragility_fractures) == (3, 3, 2)
    assert found.years_since_vertebral_fracture == pytest.approx(1.0, abs=0.01)
    assert (found.hip_fracture, found.years_since_hip_fracture) == (False, None)


MEASURED = {
    "country": "UK",
    "height_cm": 160,
    "weight_kg": 60,
    "frax": [
        {"date": "2025-01-01", "mof_percent": 20, "hip_percent": 5, "with_bmd": True, "country": "UK"},
        {"date": "2026-01-01", "mof_percent": 9},
        {"date": "2026-01-01", "mof_percent": 11, "with_bmd": True},
    ],
    "dvo_risk": [{"date": "2026-01-01", "percent": 6.5}],
    "laboratory": [
        {"date": "2026-01-01", "test": "PTH", "value": 100, "unit": "pg/mL"},
        {"date": "2026-01-01", "test": "ALP", "value": 2, "unit": "ukat/L"},
        {"date": "2026-01-01", "test": "phosphate", "value": 3.1, "unit": "mg/dL"},
        {"date": "2026-01-01", "test": "albumin", "value": 4.2, "unit": "g/dL"},
        {"date": "2026-01-01", "test": "creatinine", "value": 1, "unit": "mg/dL"},
    ],
    "dxa": [
        {"date": "2026-02-01", "site": "lumbar_spine", "t_score": -1.1, "tbs": 1.21},
        {"date": "2026-03-01", "site": "radius", "t_score": -3.1, "z_score": -1.0, "side": "left"},
    ],
    "hip_prostheses": [{"side": "right", "date": "2019"}],
    "heights": [{"date": "2000", "height_cm": 166}, {"date": "2026-05-01", "height_cm": 163}],
    "balance_tests": [
        {"date": "2026-05-01", "test": "berg", "value": 41},
        {"date": "2026-05-01", "test": "tug", "value": 14.5},
        {"date": "2024-05-01", "test": "t25fw", "value": 9},
    ],
    "stroke_on": "2026-06-01",
    "kyphosis": True,
    "back_pain": False,
    "dxa_not_practicable": True,
}


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("frax_mof_percent", 11), ("frax_hip_percent", None), ("frax_with_bmd", True), ("frax_on", date(2026, 1, 1)),
        ("dvo_3y_percent", 6.5), ("pth_pmol_l", 10.6), ("alp_u_l", 120), ("phosphate_mmol_l", 1.0),
        ("albumin_g_l", 42), ("creatinine_umol_l", 88.4), ("pth_on", date(2026, 1, 1)), ("tbs", 1.21),
        ("creatinine_clearance_ml_min", 56.7), ("t_score_radius", -3.1), ("z_score_radius", -1.0),
        ("t_score_lumbar_spine", -1.1), ("hip_prosthesis", "right"), ("dxa_on", date(2026, 3, 1)), ("dxa_scans", 1),
        ("height_loss_cm", 3), ("height_loss_measured_cm", 3), ("berg_points", 41), ("tug_s", 14.5),
        ("t25fw_s", None), ("heart_attack_or_stroke_past_year", True), ("stroke", True), ("heart_attack", None),
        ("kyphosis", True), ("back_pain", False), ("dxa_not_practical", True), ("country", "UK"),
    ],
)  # fmt: skip
def test_what_was_measured_reaches_the_rules(fact, value):
    """In one unit, the latest before the day, and what was not measured is unknown."""
    assert getattr(of(MEASURED), fact) == (pytest.approx(value, rel=0.01) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("record", "recent"),
    [
        ({"stroke": True}, None),
        ({"stroke": False, "heart_attack": False}, False),
        ({"stroke_on": "2024-01-01", "heart_attack": False}, False),
        ({"stroke_on": "2024-01-01"}, None),
        ({"heart_attack_on": "2026-01"}, True),
        ({"heart_attack_on": "2025", "stroke": False}, None),
    ],
)
def test_a_stroke_without_its_date_may_have_been_this_year(record, recent):
    """A date settles it; a year that lies on both sides of it does not."""
    assert of(record).heart_attack_or_stroke_past_year is recent


def test_doses_on_record_say_how_late_the_next_one_is():
    """By their dates; of a course that ended, the last regular one; zoledronate is counted."""
    course = {"drug": "denosumab", "start": "2021-03-10", "dose_mg": 60, "per": "6 months"}
    ended = of({"medicines": [{**course, "end": "2026-03-12"}]})
    assert (ended.denosumab_days_since_dose, ended.stopping, ended.bone_drug) == (257, "denosumab", "none")
    assert ended.denosumab_y == pytest.approx(5.0, abs=0.01)
    dated = of({"medicines": [course], "injections": [{"drug": "Prolia", "date": "2026-04-01"}]})
    assert (dated.denosumab_days_since_dose, dated.bone_drug) == (235, "denosumab")
    infused = [{"drug": "zoledronate", "date": day} for day in ("2023-11-22", "2024-11-22")]
    zoledronate = {"drug": "zoledronate", "start": "2023-11-22", "end": "2024-11-22"}
    paused = of({"medicines": [zoledronate], "injections": infused})
    assert (paused.zoledronate_doses, paused.zoledronate_days_since_dose) == (2, 730)
    assert (paused.paused_bisphosphonate, paused.pause_y) == ("zoledronate", pytest.approx(1.0, abs=0.01))


def test_hormones_are_facts_of_whoever_takes_them():
    """A woman of 60 on oestrogen; a trans woman on hers; nobody who was not asked."""
    taken = {"start": "2015", "kind": "oestrogen"}
    woman, silent = of({"hormone_therapy": [taken]}), of({})
    assert (woman.oestrogen_therapy, woman.sex_hormones, woman.gender_affirming_hormones) == (True, True, False)
    assert (silent.oestrogen_therapy, silent.sex_hormones, silent.gonads_removed) == (None, None, False)
    trans = of({"sex": "male", "hormone_therapy": [taken], "gonads_removed": "2016"})
    assert (trans.gender_affirming_hormones, trans.gonads_removed, trans.postmenopausal) == (True, True, False)
    assert of({"hormone_therapy": "none"}).oestrogen_therapy is False


def test_ovaries_that_were_removed_are_a_menopause():
    """At the age of the operation, by surgery."""
    found = of({"gonads_removed": "2006-03-14"})
    assert (found.postmenopausal, found.gonads_removed) == (True, True)
    assert found.age_at_menopause_y == pytest.approx(40.0, abs=0.01)
