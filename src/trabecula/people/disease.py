"""How MS runs in virtual people: onset, course, disability, relapses and what was given against them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trabecula.data_files import read_mapping
from trabecula.evidence import Evidence
from trabecula.people.life import Life
from trabecula.people.luck import Luck
from trabecula.units import Array, date_at, days

if TYPE_CHECKING:
    from trabecula.people.register import VirtualRegister

MEDICINES: Mapping[str, Any] = read_mapping(Path(__file__).with_name("medicines.yaml"))
"""What is taken, from when on, and by whom."""
YEARS = 80  # no course is longer; each year has its own numbers


@dataclass(frozen=True)
class Disease:
    """MS of one person."""

    onset: date
    course: str
    edss: Array
    """At each year from onset to the day [years]."""
    noted: dict[str, Any]
    """The field `ms` of the record."""
    steroids: dict[str, Any]
    """The fields `steroids` and `no_steroids`."""

    @property
    def now(self) -> float:
        """The EDSS today."""
        return float(self.edss[-1])


def expected_edss(since_y: Array, course: str, evidence: Evidence) -> Array:
    """The EDSS so many years after onset in the expected course of `timeline.edss` [years]."""
    known = evidence[f"timeline.edss.course_{course}"]
    at, value = np.asarray(known.at, dtype=np.float64), np.asarray(known.value, dtype=np.float64)
    beyond = np.maximum(since_y - at[-1], 0.0) * evidence.scalar("timeline.edss.slope_late")
    return np.minimum(np.interp(since_y, at, value) + beyond, evidence.scalar("timeline.edss.greatest"))


def half_steps(edss: Array) -> Array:
    """The nearest values of the scale, which has no 0.5."""
    steps = np.round(edss * 2.0) / 2.0
    return np.where(steps == 0.5, 1.0, steps)


@dataclass(frozen=True)
class _Draws:
    """What the MS of a block of people is made of: an array or a matrix of people and years for each purpose."""

    evidence: Evidence
    onset_y: Array
    luck: Luck
    yearly: Mapping[str, Array]
    once: Mapping[str, Array]

    def share(self, name: str, n: int) -> bool:
        """Whether a person is among the share of a parameter."""
        return bool(self.once[name][n] < self.evidence.scalar(f"people.{name}"))


_YEARLY = ("visit", "relapse", "severity", "treated", "day", "taper", "length")
_ONCE = (
    "ms.primary_progressive", "ms.progression", "noted.onset_day", "noted.diagnosis", "noted.course", "noted.edss",
    "noted.relapses", "noted.steroids", "ms.treated", "ms.drug", "ms.second_drug", "ms.switch", "ms.oral",
    "ms.oral_dose", "ms.oral_start",
)  # fmt: skip


def diseases(register: "VirtualRegister", drawn: list[Life], luck: Luck) -> list[Disease]:
    """The MS of each person of a block."""
    evidence = register.evidence
    mean, sd, youngest = (evidence.scalar(f"people.onset.{name}") for name in ("mean", "sd", "youngest"))
    age = np.array([life.age_y for life in drawn])
    onset = luck.between("onset", mean, sd, youngest, np.maximum(age - 1.0, youngest + 1.0))
    speed = np.exp(evidence.scalar("people.ms.speed_log_sd") * luck.normal("speed"))
    draws = _Draws(
        evidence, onset, luck,
        {name: luck.uniform(f"ms.{name}", YEARS) for name in _YEARLY}, {name: luck.uniform(name) for name in _ONCE},
    )  # fmt: skip
    return [_disease(register, life, float(speed[life.number]), draws) for life in drawn]


def _disease(register: "VirtualRegister", life: Life, speed: float, draws: _Draws) -> Disease:
    """The MS of one person."""
    evidence, n = draws.evidence, life.number
    since_y = life.age_y - float(draws.onset_y[n])
    onset = date_at(-days(since_y), register.on)
    primary = bool(draws.once["ms.primary_progressive"][n] < evidence.scalar("fall.ms.primary_progressive.share"))
    at = np.append(np.arange(0.0, since_y), since_y)[-YEARS:]
    edss = half_steps(expected_edss(at * speed, "primary_progressive" if primary else "relapsing", evidence))
    course = _course(primary, since_y, float(edss[-1]), draws, n)
    visits = list(_visits(at, edss, onset, draws, n))
    relapses = [] if primary else list(_relapses(at, onset, draws, n))
    ms: dict[str, Any] = {"onset": _rough(onset, draws.share("noted.onset_day", n))}
    if draws.share("noted.diagnosis", n):
        later = min(since_y, evidence.scalar("timeline.onset.before_diagnosis") * draws.once["ms.progression"][n])
        ms["diagnosis"] = date_at(days(later), onset).isoformat()
    if draws.share("noted.course", n):
        ms["course"] = course
    ms |= {"disability": visits if draws.share("noted.edss", n) else visits[:0]}
    ms |= {"relapses": [told for _, told, _ in relapses] if draws.share("noted.relapses", n) else []}
    ms |= {"disease_modifying_drugs": list(_drugs(register, onset, draws, n))}
    return Disease(onset, course, edss, ms, _steroids(register, life, relapses, draws))


def _course(primary: bool, since_y: float, edss: float, draws: _Draws, n: int) -> str:
    """What the course is called today."""
    if primary:
        return "primary_progressive"
    median = draws.evidence.scalar("people.ms.progression.median")
    begins = -np.log(draws.once["ms.progression"][n]) * median / np.log(2.0)
    progressed = begins < since_y and edss >= draws.evidence.scalar("people.ms.progression.least_edss")
    return "secondary_progressive" if progressed else "relapsing"


def _rough(day: date, known: bool) -> str:
    """A date, to the day or only to its year."""
    return day.isoformat() if known else str(day.year)


def _visits(at: Array, edss: Array, onset: date, draws: _Draws, n: int) -> Iterator[dict[str, Any]]:
    """The examinations that are on file; the latest one is always there when any is."""
    often = draws.evidence.scalar("people.noted.visit")
    seen = draws.yearly["visit"][n]
    for year, (years, value) in enumerate(zip(at, edss, strict=True)):
        if seen[year % YEARS] < often or year == len(at) - 1:
            yield {"date": date_at(days(float(years)), onset).isoformat(), "edss": float(value)}


def _relapses(at: Array, onset: date, draws: _Draws, n: int) -> Iterator[tuple[date, dict[str, Any], int]]:
    """Relapses: one in a year at most, rarer as time goes on."""
    rates = draws.evidence.curve_at("people.relapse.rate", at[:-1])
    for year, (years, rate) in enumerate(zip(at[:-1], np.atleast_1d(rates), strict=True)):
        if draws.yearly["relapse"][n, year] < 1.0 - np.exp(-rate):
            width = float(at[year + 1] - years)
            day = date_at(days(float(years) + width * float(draws.yearly["day"][n, year])), onset)
            kinds = ("mild", "moderate", "severe")
            severity = kinds[int(draws.yearly["severity"][n, year] * len(kinds))]
            yield day, {"date": day.isoformat(), "severity": severity}, year


def _drugs(register: "VirtualRegister", onset: date, draws: _Draws, n: int) -> Iterator[dict[str, Any]]:
    """A drug against MS, perhaps a second one after it; each from when it was there."""
    if not draws.share("ms.treated", n):
        return
    rows = MEDICINES["disease_modifying"]
    first, second = (chosen(rows, float(draws.once[name][n])) for name in ("ms.drug", "ms.second_drug"))
    begin = max(onset, date(int(first["from"]), 1, 1))
    if begin >= register.on:
        return
    span = (register.on - begin).days
    change = begin + timedelta(days=int(span * float(draws.once["ms.switch"][n])))
    there = date(int(second["from"]), 1, 1)
    switches = second is not first and begin < max(change, there) < register.on
    yield taken(first, begin, max(change, there) if switches else None)
    if switches:
        yield taken(second, max(change, there) + timedelta(days=1), None)


def chosen(rows: list[dict[str, Any]], luck: float) -> dict[str, Any]:
    """A row by its share."""
    ends = np.cumsum([row["share"] for row in rows])
    return rows[int(min(np.searchsorted(ends, luck * ends[-1]), len(rows) - 1))]


def taken(row: dict[str, Any], start: date, end: date | None) -> dict[str, Any]:
    """A medicine of the record."""
    dose = {name: row[name] for name in ("dose_mg", "every_days") if name in row}
    return {"drug": row["drug"], **dose, "start": start.isoformat()} | ({"end": end.isoformat()} if end else {})


# ---------------------------------------------------------------- glucocorticoids


def _steroids(
    register: "VirtualRegister", life: Life, relapses: list[tuple[date, dict[str, Any], int]], draws: _Draws
) -> dict[str, Any]:
    """Pulses for relapses, in a few people tablets for years; nothing where nobody kept a list."""
    n = life.number
    if not draws.share("noted.steroids", n):
        return {}
    begun = date(int(draws.evidence.scalar("people.pulse.since")), 1, 1)
    courses = [
        _pulse(day, year, draws, n)
        for day, _, year in relapses
        if day >= begun and draws.yearly["treated"][n, year] < draws.evidence.scalar("people.pulse.treated")
    ]
    if draws.share("ms.oral", n):
        courses.append(_tablets(register, life, draws))
    kept = [course for course in courses if date.fromisoformat(course["end"]) <= register.on]
    return {"steroids": kept} if kept else {"no_steroids": True}


def _pulse(day: date, year: int, draws: _Draws, n: int) -> dict[str, Any]:
    """Some days of infusions, in some followed by falling tablets."""
    evidence = draws.evidence
    shortest, longest = (evidence.scalar(f"people.pulse.{name}_days") for name in ("shortest", "longest"))
    length = int(shortest + (longest - shortest + 1.0) * float(draws.yearly["length"][n, year]))
    course = {"drug": "methylprednisolone", "route": "iv", "dose_mg": evidence.scalar("people.pulse.dose_mg")}
    if draws.yearly["taper"][n, year] >= evidence.scalar("people.pulse.taper"):
        return course | {"start": day.isoformat(), "end": (day + timedelta(days=length - 1)).isoformat()}
    falls = int(evidence.scalar("person.steroid.taper_days"))
    from_mg = evidence.scalar("person.steroid.taper_from_mg")
    end = day + timedelta(days=length + falls - 1)
    taper = {"drug": "prednisone", "from_mg": from_mg, "days": falls}
    return course | {"start": day.isoformat(), "days": length, "taper": taper, "end": end.isoformat()}


def _tablets(register: "VirtualRegister", life: Life, draws: _Draws) -> dict[str, Any]:
    """Daily tablets for one to some years, within the course of MS."""
    evidence, n = draws.evidence, life.number
    since_d = days(life.age_y - float(draws.onset_y[n]))
    longest = days(evidence.scalar("people.ms.oral.longest"))
    start = register.on - timedelta(days=int(since_d * float(draws.once["ms.oral_start"][n])))
    end = min(register.on, start + timedelta(days=int(longest * float(draws.once["ms.oral_dose"][n]))))
    tablet = evidence.scalar("people.ms.oral.tablet_mg")
    dose = round(evidence.scalar("people.ms.oral.most_mg") * float(draws.once["ms.oral_dose"][n]) / tablet) * tablet
    return {
        "drug": "prednisone", "route": "oral", "dose_mg": max(dose, tablet), "start": start.isoformat(),
        "end": end.isoformat(),
    }  # fmt: skip
