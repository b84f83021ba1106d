"""What was measured, as facts: scans, blood tests, heights, balance; and risks that were typed off a calculator."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from trabecula import twin
from trabecula.evidence import Evidence
from trabecula.person import BalanceTest, Dxa, FraxResult, Laboratory, Person
from trabecula.person.kidney import creatinine_clearance, egfr_goes_before
from trabecula.skeleton import SITES
from trabecula.skeleton.density import t_score, z_score
from trabecula.units import DAYS_PER_YEAR, age_on, days_since_birth, years

_DIGITS = 1  # decimals of a T-score, as a report prints it
_TESTS = {
    "egfr": ("eGFR", "ml_min"), "calcium": ("calcium", "mmol_l"), "vitamin_d": ("25-OH-D", "nmol_l"),
    "pth": ("PTH", "pmol_l"), "alp": ("ALP", "u_l"), "phosphate": ("phosphate", "mmol_l"),
    "albumin": ("albumin", "g_l"), "creatinine": ("creatinine", "umol_l"),
}  # fmt: skip
"""The facts of a blood test: its name there, the name of the test, and its unit."""
_PROFILE = {"calcium", "albumin", "phosphate", "alp"}
"""With a test of the kidneys, what a laboratory measures before a cause of bone loss is looked for."""
_BALANCE = {"berg": "berg_points", "tug": "tug_s", "t25fw": "t25fw_s"}
_GROWN_Y = 18.0  # from here on a height is one that can be lost


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


def scans(person: Person, on: date, evidence: Evidence) -> dict[str, Any]:
    """The latest scores by site, and whether density fell further than scans differ by chance."""
    measured = twin.scans(person, evidence, days_since_birth(on, person.birth_date))
    printed = {(scan.site, scan.date): scan for scan in person.dxa}
    days = sorted(scan.date for scan in person.dxa if scan.date <= on and scan.site in SITES)
    found: dict[str, Any] = {"dxa_scans": len(set(days)) or None, **_as_printed(person, on)}
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


def _as_printed(person: Person, on: date) -> dict[str, Any]:
    """What a report prints and nothing here computes: the forearm's scores, TBS; and the day of the latest scan."""
    done = sorted((scan for scan in person.dxa if scan.date <= on), key=lambda scan: scan.date)
    forearm = [scan for scan in done if scan.site == "radius"]
    sides = {hip.side for hip in person.hip_prostheses if hip.date is None or hip.date <= on}
    return {
        "dxa_on": done[-1].date if done else None,
        "t_score_radius": _latest(forearm, "t_score"),
        "z_score_radius": _latest(forearm, "z_score"),
        "tbs": _latest(done, "tbs"),
        "tbs_measured": _latest(done, "tbs") is not None,
        "hip_prosthesis": "both" if len(sides) > 1 else next(iter(sides), "none"),
        "dxa_not_practical": person.dxa_not_practicable,
    }


def _latest(done: Iterable[Dxa], name: str) -> float | None:
    """The latest value that is known, of scans in order."""
    known = [getattr(scan, name) for scan in done if getattr(scan, name) is not None]
    return known[-1] if known else None


def risks_typed(person: Person, on: date, frax: Frax | None) -> dict[str, Any]:
    """FRAX as it was typed in now, else the latest of the record (with BMD before without); the risk of the DVO."""
    done = [result for result in person.frax if result.date <= on]
    last: FraxResult | None = max(done, key=lambda result: (result.date, bool(result.with_bmd)), default=None)
    dvo = max((risk for risk in person.dvo_risk if risk.date <= on), key=lambda risk: risk.date, default=None)
    typed = {} if frax is None else {name: value for name, value in asdict(frax).items() if value is not None}
    known = typed if typed or last is None else last.model_dump(exclude={"date"}) | {"on": last.date}
    return {"dvo_3y_percent": dvo.percent if dvo else None, **{f"frax_{name}": known[name] for name in known}}


def blood_tests(person: Person, on: date) -> dict[str, Any]:
    """The latest blood tests with their days; creatinine clearance too, where weight and creatinine are known."""
    found: dict[str, Any] = {}
    for name, (test, unit) in _TESTS.items():
        done: list[Laboratory] = [sample for sample in person.laboratory if sample.test == test and sample.date <= on]
        if done:
            last = max(done, key=lambda sample: sample.date)
            found |= {f"{name}_{unit}": last.standard_value, f"{name}_on": last.date}
    recent = {name for name in _TESTS if f"{name}_on" in found and (on - found[f"{name}_on"]).days <= DAYS_PER_YEAR}
    found["bone_profile"] = recent >= _PROFILE and bool(recent & {"creatinine", "egfr"})
    creatinine, weight = found.get("creatinine_umol_l"), person.weight_kg
    if creatinine and weight:
        clearance = creatinine_clearance(age_on(on, person.birth_date), person.sex, weight, creatinine)
        days = found.get("egfr_on"), found["creatinine_on"]
        if not egfr_goes_before(found.get("egfr_ml_min"), clearance, days):
            found["creatinine_clearance_ml_min"] = clearance
    return found


def body(person: Person, on: date) -> dict[str, Any]:
    """Height that was lost, signs of a broken vertebra, and the latest tests of balance in the past year."""
    grown = [height for height in person.heights if age_on(height.date, person.birth_date) >= _GROWN_Y]
    done = sorted((height.date, height.height_cm) for height in grown if height.date <= on)
    measured = [height for _, height in done]
    loss = max(measured) - measured[-1] if len(measured) > 1 else None
    lost = person.height_loss_cm if person.height_loss_cm is not None else loss
    recent = [test for test in person.balance_tests if 0 <= (on - test.date).days <= DAYS_PER_YEAR]
    tests: dict[str, BalanceTest] = {test.test: test for test in sorted(recent, key=lambda test: test.date)}
    return {
        "height_loss_cm": lost,
        "height_loss_measured_cm": loss,
        "kyphosis": person.kyphosis,
        "back_pain": person.back_pain,
        "balance_tested": bool(tests),
        **{_BALANCE[name]: test.value for name, test in tests.items()},
    }
