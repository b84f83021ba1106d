"""From a person's record to the facts that guideline rules read; what the record does not say stays unknown."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trabecula.assessment.figures import Interval
from trabecula.assessment.fracture_facts import fractures
from trabecula.assessment.hormone_facts import hormones
from trabecula.assessment.measured_facts import Frax, blood_tests, body, risks_typed, scans
from trabecula.assessment.medicine_facts import bone_medicines
from trabecula.assessment.results import Assessment
from trabecula.evidence import Evidence
from trabecula.fracture.record import bmi
from trabecula.guidelines import Facts, Range
from trabecula.person import Person
from trabecula.person.dates import read_date
from trabecula.person.history import falls_past_year
from trabecula.timeline.build import dosings_of
from trabecula.timeline.channels import Clock
from trabecula.timeline.disability import examined
from trabecula.timeline.steroids import SteroidDays, steroid_days
from trabecula.units import DAYS_PER_WEEK, DAYS_PER_YEAR, MG_PER_G, PER_CENT, Array, age_on

_HORIZON_Y = 10.0  # the horizon of FRAX, which guidelines are written for
_OWN = {"own_mof_percent": "major_osteoporotic", "own_hip_percent": "hip"}


def facts(person: Person, assessment: Assessment, on: date, evidence: Evidence, frax: Frax | None = None) -> Facts:
    """The facts of one person on a day.

    assessment: gives our own 10-year probabilities, which are told beside FRAX and decide nothing, and the EDSS; on:
    later entries are not known; evidence: dose equivalents, densities and their precision; frax: typed in.
    """
    known: dict[str, Any] = {
        "on": on,
        **_who(person, on),
        **scans(person, on, evidence),
        **fractures(person, on),
        **steroids(person, on, evidence),
        **_own(assessment),
        **risks_typed(person, on, frax),
        **blood_tests(person, on),
        **body(person, on),
        **_sclerosis(person, assessment, on, evidence),
        **_habits(person, on),
        **bone_medicines(person, on, evidence),
    }
    return Facts.model_validate(known)


def medicine_facts(person: Person, on: date, evidence: Evidence) -> Facts:
    """The facts that decide on medicines, which need no assessment."""
    known = {**_who(person, on), **fractures(person, on), **blood_tests(person, on)}
    return Facts.model_validate({"on": on, **known, **bone_medicines(person, on, evidence)})


def _who(person: Person, on: date) -> dict[str, Any]:
    """Age, sex, hormones, body, other diseases."""
    age_y = age_on(on, person.birth_date)
    passed = _postmenopausal(person, on, age_y)
    return {
        "age_y": age_y,
        "sex": person.sex,
        "postmenopausal": passed,
        "pregnancy_possible": False if passed else person.pregnancy_wish,
        "bmi_kg_m2": bmi(person),
        "country": person.country,
        "parental_hip_fracture": person.parental_hip_fracture,
        "rheumatoid_arthritis": person.rheumatoid_arthritis,
        "secondary_osteoporosis": person.secondary_osteoporosis,
        "type2_diabetes": None if person.diabetes is None else person.diabetes == "type2",
        "heart_attack_or_stroke_past_year": _infarct_past_year(person, on),
        "oral_bisphosphonate_unsuitable": person.oral_bisphosphonate_unsuitable,
        **hormones(person, on),
        "heart_attack": person.heart_attack,
        "stroke": person.stroke,
        "weight_kg": person.weight_kg,
        "skeletal_radiation": person.skeletal_radiation,
    }


def _infarct_past_year(person: Person, on: date) -> bool | None:
    """Whether a stroke or heart attack happened within a year; unknown for one without a date."""
    events = ((person.stroke, person.stroke_on), (person.heart_attack, person.heart_attack_on))
    found = {_past_year(when, on) if when is not None else False if had is False else None for had, when in events}
    return True if True in found else None if None in found else False


def _past_year(when: date, on: date) -> bool | None:
    """Whether a day lies in the past year; unknown for a month or year that may lie on either side."""
    first, last = read_date(when).first, min(read_date(when).last, on)
    recent = {(on - day).days <= DAYS_PER_YEAR for day in (first, last)}
    return None if len(recent) > 1 else recent.pop()


def _postmenopausal(person: Person, on: date, age_y: float) -> bool | None:
    """Whether menopause has passed; unknown when nobody wrote it down."""
    if person.sex == "male" or person.menopause is None:
        return False if person.sex == "male" else person.menopausal
    if person.menopause.date is not None:
        return person.menopause.date <= on
    return (person.menopause.age_y or 0.0) <= age_y


def _own(assessment: Assessment) -> dict[str, Any]:
    """Our own 10-year probabilities [%], with their intervals; none above what any cohort has measured."""
    risks = {risk.site: risk for risk in assessment.risks if risk.horizon_y == _HORIZON_Y and not risk.above_measured}
    own = {name: risks[site].risk for name, site in _OWN.items() if site in risks}
    return {name: _percent(risk) for name, risk in own.items()}


def _percent(risk: Interval) -> Range:
    """A probability as a range [%]; its middle is the mean, which is what is told."""
    return Range(low=PER_CENT * risk.low, median=PER_CENT * risk.mean, high=PER_CENT * risk.high)


def _sclerosis(person: Person, assessment: Assessment, on: date, evidence: Evidence) -> dict[str, Any]:
    """Disability, aid and falls; a disability that nobody has examined lately is unknown."""
    examined_on = person.ms.examinations if person.ms is not None else ()
    visits = [visit for visit in examined_on if visit.date <= on]
    edss = assessment.person.edss
    aids = [(visit.date, visit.aid) for visit in visits if visit.aid is not None]
    return {
        "ms": person.ms is not None,
        "edss": edss.median if edss is not None and examined(person, on, evidence) == "lately" else None,
        "aid": aids[-1][1] if aids else None,
        "new_aid": _is_new(aids, on),
        "falls_past_year": falls_past_year(person.falls, on),
    }


def _is_new(aids: Sequence[tuple[date, str]], on: date) -> bool | None:
    """Whether the first aid was needed in the past year; unknown when no aid was ever asked for."""
    needed = [when for when, aid in aids if aid != "none"]
    if not needed:
        return False if aids else None
    return (on - min(needed)).days <= DAYS_PER_YEAR and len(aids) > len(needed)


def _habits(person: Person, on: date) -> dict[str, Any]:
    """Smoking, alcohol, food, activity."""
    done = [record for record in person.activity if record.date <= on]
    last = max(done, key=lambda record: record.date) if done else None
    alcohol = person.alcohol_units_per_day
    names = ("moderate_minutes_per_week", "resistance_sessions_per_week", "steps_per_day")
    return {
        "smoking": None if person.smoking is None else person.smoking == "current",
        "alcohol_units_per_week": None if alcohol is None else alcohol * DAYS_PER_WEEK,
        "calcium_mg_per_day": person.calcium_mg_per_day,
        "vitamin_d_ug_per_day": person.vitamin_d_ug_per_day,
        **({} if last is None else {name: getattr(last, name) for name in names}),
    }


_YEAR_D = round(DAYS_PER_YEAR)
_KEPT_D = 31  # "more than 30 days", as guidelines ask
_NOW_D = 30  # a pulse in the last month treats the relapse of today


def steroids(person: Person, on: date, evidence: Evidence) -> dict[str, Any]:
    """The steroid facts; an empty list says nothing, so all stay unknown, unless it is said that there were none."""
    if not person.steroids:
        return dict(NO_STEROIDS) if person.no_steroids else {}
    clock = Clock(person.birth_date, on, on + timedelta(days=_YEAR_D))
    course = steroid_days(dosings_of(person, clock, evidence), evidence)
    today = int(clock.today)
    mg, pulse = _window(course, today)
    now = _YEAR_D  # place of today in the window: a year before it, a year after it
    daily = np.where(pulse, 0.0, mg)
    past = slice(1, now + 1)
    recent = pulse[now - _NOW_D : now + 1]
    before = slice(0, max(today - course.first, 0))
    was_daily = (course.prednisone_mg[before] > 0) & ~course.pulse[before]
    return {
        "steroid_mg_per_day": float(daily[now]),
        "steroid_days": _length(course, today) if daily[now] > 0 else 0.0,
        "steroid_month_mg_per_day": _kept(mg[past]),
        "steroid_g_per_year": float(mg[past].sum()) / MG_PER_G,
        "steroid_pulses_past_year": _runs(pulse[past]),
        "steroid_ever": bool(course.first <= today),
        "steroid_stopped": bool(daily[now] == 0 and was_daily.any()),
        "relapse_treated": bool(recent.any()),
    }


NO_STEROIDS = {
    **dict.fromkeys(("steroid_mg_per_day", "steroid_days", "steroid_month_mg_per_day", "steroid_g_per_year"), 0.0),
    **dict.fromkeys(("steroid_ever", "steroid_stopped", "relapse_treated"), False),
    "steroid_pulses_past_year": 0,
}
"""What is known of a person who never took a glucocorticoid."""


def _window(course: SteroidDays, today: int) -> tuple[Array, NDArray[np.bool_]]:
    """Dose and pulse flags from a year before today to a year after it."""
    days = np.arange(today - _YEAR_D, today + _YEAR_D + 1, dtype=np.float64)
    return course.sample(course.prednisone_mg, days), course.sample(course.pulse, days)


def _length(course: SteroidDays, today: int) -> float:
    """Days of the run of treated days around today, past and planned; one that is going on is seen a year ahead."""
    treated = course.prednisone_mg > 0.0
    place = today - course.first
    gaps = np.flatnonzero(~treated)
    before, after = gaps[gaps < place], gaps[gaps > place]
    last = int(after[0]) if len(after) else min(len(treated), place + _YEAR_D)
    return float(last - (int(before[-1]) + 1 if len(before) else 0))


def _kept(mg: Array) -> float:
    """The highest dose that was not gone below on 31 days in a row [mg/d]."""
    return float(np.lib.stride_tricks.sliding_window_view(mg, _KEPT_D).min(axis=1).max())


def _runs(flags: NDArray[np.bool_]) -> int:
    """How many runs of days there are."""
    return int(np.count_nonzero(np.diff(np.append(False, flags).astype(np.int8)) == 1))
