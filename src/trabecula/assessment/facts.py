"""From a person's record to the facts that guideline rules read; what the record does not say stays unknown."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trabecula import twin
from trabecula.assessment.figures import Interval
from trabecula.assessment.fracture_facts import fractures
from trabecula.assessment.results import Assessment
from trabecula.evidence import Evidence
from trabecula.fracture.record import bmi
from trabecula.guidelines import Facts, MedicineUse, Range
from trabecula.person import Laboratory, Medicine, Person
from trabecula.person.history import falls_past_year
from trabecula.person.medicines import says_of_others
from trabecula.skeleton import SITES
from trabecula.skeleton.density import t_score, z_score
from trabecula.timeline.build import dosings_of
from trabecula.timeline.channels import Clock
from trabecula.timeline.disability import examined
from trabecula.timeline.medicines import is_bolus
from trabecula.timeline.steroids import SteroidDays, steroid_days
from trabecula.units import DAYS_PER_WEEK, DAYS_PER_YEAR, MG_PER_G, PER_CENT, Array, age_on, days_since_birth, years
from trabecula.vocabulary import BONE_DRUGS, CLASSES, BoneDrug, ranked_classes

_HORIZON_Y = 10.0  # the horizon of FRAX, which guidelines are written for
_OWN = {"own_mof_percent": "major_osteoporotic", "own_hip_percent": "hip"}
_LABORATORY = {"egfr": ("eGFR", "ml_min"), "calcium": ("calcium", "mmol_l"), "vitamin_d": ("25-OH-D", "nmol_l")}
_UNDATED = {"creatinine_umol_l": "creatinine"}
"""Blood tests of which only the latest value is a fact."""
_DIGITS = 1  # decimals of a T-score, as a report prints it


@dataclass(frozen=True)
class Frax:
    """FRAX as the clinician read it off [%]; our own probabilities are never called by this name."""

    mof_percent: float | None = None
    """Major osteoporotic fracture within 10 years [%]."""
    hip_percent: float | None = None
    """Hip fracture within 10 years [%]."""
    with_bmd: bool | None = None
    """Whether the density of the femoral neck was entered."""
    steroid_adjusted: bool | None = None
    """Whether the values are adjusted for the steroid dose already."""


def facts(person: Person, assessment: Assessment, on: date, evidence: Evidence, frax: Frax | None = None) -> Facts:
    """The facts of one person on a day.

    assessment: gives our own 10-year probabilities, which stand in where no FRAX is typed in, and the EDSS; on: later
    entries are not known; evidence: dose equivalents, densities and their precision; frax: typed in by the clinician.
    """
    known: dict[str, Any] = {
        "on": on,
        **_who(person, on),
        **_scans(person, on, evidence),
        **fractures(person, on),
        **steroids(person, on, evidence),
        **_own(assessment),
        **_typed(frax),
        **_laboratory(person, on),
        **_sclerosis(person, assessment, on, evidence),
        **_habits(person, on),
        **bone_medicines(person, on, evidence),
    }
    return Facts.model_validate(known)


def medicine_facts(person: Person, on: date, evidence: Evidence) -> Facts:
    """The facts that decide on medicines, which need no assessment."""
    known = {**_who(person, on), **fractures(person, on), **_laboratory(person, on)}
    return Facts.model_validate({"on": on, **known, **bone_medicines(person, on, evidence)})


def _who(person: Person, on: date) -> dict[str, Any]:
    """Age, sex, hormones, body, other diseases."""
    age_y = age_on(on, person.birth_date)
    passed = _postmenopausal(person, on, age_y)
    infarct = (person.heart_attack, person.stroke)
    return {
        "age_y": age_y,
        "sex": person.sex,
        "postmenopausal": passed,
        "pregnancy_possible": False if passed else person.pregnancy_wish,
        "bmi_kg_m2": bmi(person),
        "height_loss_cm": person.height_loss_cm,
        "parental_hip_fracture": person.parental_hip_fracture,
        "rheumatoid_arthritis": person.rheumatoid_arthritis,
        "secondary_osteoporosis": person.secondary_osteoporosis,
        "type2_diabetes": None if person.diabetes is None else person.diabetes == "type2",
        "heart_attack_or_stroke_past_year": False if infarct == (False, False) else None,
        "heart_attack": person.heart_attack,
        "stroke": person.stroke,
        "weight_kg": person.weight_kg,
        "skeletal_radiation": person.skeletal_radiation,
    }


def _postmenopausal(person: Person, on: date, age_y: float) -> bool | None:
    """Whether menopause has passed; unknown when nobody wrote it down."""
    if person.sex == "male" or person.menopause is None:
        return False if person.sex == "male" else person.menopausal
    if person.menopause.date is not None:
        return person.menopause.date <= on
    return (person.menopause.age_y or 0.0) <= age_y


def _scans(person: Person, on: date, evidence: Evidence) -> dict[str, Any]:
    """The latest scores by site, and whether density fell further than scans differ by chance."""
    measured = twin.scans(person, evidence, days_since_birth(on, person.birth_date))
    printed = {(scan.site, scan.date): scan for scan in person.dxa}
    days = sorted(scan.date for scan in person.dxa if scan.date <= on and scan.site in SITES)
    found: dict[str, Any] = {"dxa_on": days[-1] if days else None, "dxa_scans": len(set(days)) or None}
    losses = []
    for site in SITES:
        here = [scan for scan in measured if scan.site == site]
        if not here:
            continue
        last = here[-1]
        when = max(scan.date for scan in person.dxa if scan.site == site and scan.date <= on)
        row, age_y = printed[site, when], years(last.day)
        t = t_score(evidence, site, person.sex, last.bmd_g_cm2)
        z = z_score(evidence, site, person.sex, age_y, last.bmd_g_cm2, person.ancestry)
        found[f"t_score_{site}"] = row.t_score if row.t_score is not None else round(float(t), _DIGITS)
        found[f"z_score_{site}"] = row.z_score if row.z_score is not None else round(float(z), _DIGITS)
        losses += [twin.is_loss(before, after, evidence) for before, after in pairwise(here)][-1:]
    unknown = None in losses or not losses
    return {**found, "bmd_loss_beyond_lsc": True if True in losses else None if unknown else False}


def _own(assessment: Assessment) -> dict[str, Any]:
    """Our own 10-year probabilities [%], with their intervals; none above what any cohort has measured."""
    risks = {risk.site: risk for risk in assessment.risks if risk.horizon_y == _HORIZON_Y and not risk.above_measured}
    own = {name: risks[site].risk for name, site in _OWN.items() if site in risks}
    return {name: _percent(risk) for name, risk in own.items()}


def _percent(risk: Interval) -> Range:
    """A probability as a range [%]; its middle is the mean, which is what is told."""
    return Range(low=PER_CENT * risk.low, median=PER_CENT * risk.mean, high=PER_CENT * risk.high)


def _typed(frax: Frax | None) -> dict[str, Any]:
    """FRAX as it was typed in."""
    return {} if frax is None else {f"frax_{name}": value for name, value in asdict(frax).items()}


def _laboratory(person: Person, on: date) -> dict[str, Any]:
    """The latest blood tests, with their days."""
    found: dict[str, Any] = {}
    for name, (test, unit) in _LABORATORY.items():
        done: list[Laboratory] = [sample for sample in person.laboratory if sample.test == test and sample.date <= on]
        if done:
            last = max(done, key=lambda sample: sample.date)
            found |= {f"{name}_{unit}": last.standard_value, f"{name}_on": last.date}
    for name, test in _UNDATED.items():
        values = [(row.date, row.standard_value) for row in person.laboratory if row.test == test and row.date <= on]
        found |= {name: max(values)[1]} if values else {}
    return found


def _sclerosis(person: Person, assessment: Assessment, on: date, evidence: Evidence) -> dict[str, Any]:
    """Disability, aid and falls; a disability that nobody has examined lately is unknown."""
    examined_on = person.ms.disability if person.ms is not None else ()
    visits = sorted((visit for visit in examined_on if visit.date <= on), key=lambda visit: visit.date)
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


def bone_medicines(person: Person, on: date, evidence: Evidence) -> dict[str, Any]:
    """Medicines with their dates, and what they mean for bone; a list without one that is known here says nothing."""
    against_ms = person.ms.disease_modifying_drugs if person.ms is not None else ()
    taken = [medicine for medicine in (*person.medicines, *against_ms) if medicine.start <= on]
    uses = tuple(medicine_use(medicine) for medicine in taken)
    found: dict[str, Any] = {"medicines": uses if uses or person.no_medicines else None}
    if not says_of_others(person.medicines, person.no_medicines):
        return found
    now = [medicine for medicine in taken if medicine.end is None or medicine.end >= on]
    ranked = ranked_classes()
    changes = [medicine.start for medicine in taken if medicine.kind in ranked]
    kinds_now = {medicine.kind for medicine in now}
    return {
        **found,
        "antiepileptic": "antiepileptic" in kinds_now,
        "bone_drug": next((kind for kind in ranked if kind in kinds_now), "none"),
        **_times(taken, now, on, evidence),
        "stopping": _stopping(taken, kinds_now, on),
        "bone_drug_change_y": (on - max(changes)).days / DAYS_PER_YEAR if changes else None,
    }


def _times(taken: Sequence[Medicine], now: Sequence[Medicine], on: date, evidence: Evidence) -> dict[str, float | None]:
    """The facts that rows name: time in life on a class; time on a form that is taken now; days since a dose."""
    times: dict[str, float | None] = {}
    for drug in BONE_DRUGS.values():
        of_class = [medicine for medicine in now if medicine.kind == drug.drug_class]
        if drug.years_fact:
            form = [medicine for medicine in of_class if _is_form(medicine, drug, evidence)]
            times[drug.years_fact] = max(((on - medicine.start).days / DAYS_PER_YEAR for medicine in form), default=0.0)
        if drug.days_since_dose_fact and drug.given:
            times[drug.days_since_dose_fact] = _days_since_first_dose(of_class, drug.given.interval, on, evidence)
    for key, row in CLASSES.items():
        if row.years_fact:
            spells = [(medicine.start, min(medicine.end or on, on)) for medicine in taken if medicine.kind == key]
            times[row.years_fact] = sum((end - start).days for start, end in spells) / DAYS_PER_YEAR
    return times


def _is_form(medicine: Medicine, drug: BoneDrug, evidence: Evidence) -> bool:
    """Whether a medicine is of the form for which a drug stands: any tablet of its class, or this injection."""
    return not is_bolus(medicine, evidence) if drug.taken else medicine.generic == drug.key


def medicine_use(medicine: Medicine) -> MedicineUse:
    """A medicine as the facts have it."""
    return MedicineUse(
        drug=medicine.generic,
        kind=medicine.kind,
        start=medicine.start,
        end=medicine.end,
        every_days=medicine.interval_days,
    )


def _days_since_first_dose(now: Sequence[Medicine], usual: str, on: date, evidence: Evidence) -> float | None:
    """Days since the first dose [d]; later doses are not on record, and are not taken for granted."""
    if not now:
        return None
    last = max(now, key=lambda medicine: medicine.start)
    days = (on - last.start).days
    return float(days) if days <= (last.interval_days or evidence.scalar(usual)) else None


def _stopping(taken: Sequence[Medicine], kinds_now: Collection[str | None], on: date) -> str:
    """What was stopped in the past year with no antiresorptive medicine after it."""
    if any(row.antiresorptive for key, row in CLASSES.items() if key in kinds_now):
        return "none"
    ended = {medicine.kind for medicine in taken if medicine.end and 0 <= (on - medicine.end).days <= DAYS_PER_YEAR}
    return next((kind for kind in ranked_classes() if CLASSES[kind].needs_follow_on and kind in ended), "none")
