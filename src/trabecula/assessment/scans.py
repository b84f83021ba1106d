"""When to measure next: the day on which a bone scan is expected to tell something, and whether it could matter.

A scan tells something when the true change since the last one is probably beyond the least significant change: 2.77
times the precision of the scanner. It matters when it could fall on the other side of the T-score from which
treatment is considered than today's best estimate. Both are read off the draws; nothing is simulated here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.assessment.results import (
    INTERVAL,
    Explanation,
    Interval,
    NextMeasurement,
    ScanCheck,
    ScanForecast,
    Site,
    interval,
    rounded,
)
from trabecula.skeleton import SITES
from trabecula.skeleton.density import t_score
from trabecula.twin import least_significant_change
from trabecula.units import PER_CENT, date_at, days

if TYPE_CHECKING:
    from trabecula.assessment.patient_state import PatientState
    from trabecula.course import Bones

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Chance:
    """What a scan of one site on a day could show: true change since its last scan [share, n], and how likely."""

    site: Site
    day: float
    change: Array
    beyond: float


def next_measurement(known: "PatientState") -> NextMeasurement:
    """When the next scan of this person is expected to tell something."""
    own = known.bones
    density = {site: own.density(site, known.level) for site in SITES}
    last: dict[Site, float] = {scan.site: scan.day for scan in known.measured.scans}  # type: ignore[misc]
    least: dict[Site, float] = {site: least_significant_change(site, known.evidence) for site in SITES}  # type: ignore[misc]
    ahead = _yearly(own, known.horizon_y)
    chances = [
        _chance(site, day, last[site], density[site], own, least[site]) for day in ahead for site in last
    ]
    first = _first(chances, last, known)
    due = own.on if not last else None if first is None else first.day
    threshold = known.evidence.scalar("measuring.treatment_t_score")
    lowest_now = _lowest_t(known, density, own.now)
    changes = _other_side(known, density, own, ahead[-1] if due is None else due, threshold)
    return NextMeasurement(
        due=None if due is None else date_at(due, known.person.birth_date),
        site=None if first is None else first.site,
        least_significant_percent={site: rounded(PER_CENT * value) for site, value in least.items()},
        telling=[_telling(each, known) for each in chances],
        treatment_t_score=threshold,
        below_now=rounded(float(np.mean(lowest_now <= threshold))),
        changes_decision=rounded(changes),
        sentence=_sentence(known, bool(last), first, least, changes, threshold),
    )


def _yearly(own: "Bones", horizon_y: float) -> Array:
    """The days a scan is thought of: each year from today to the horizon, among those that were read."""
    wanted = own.on + days(np.append(np.arange(1.0, horizon_y), horizon_y))
    return wanted[np.isin(wanted, own.days)]


def _chance(site: Site, day: float, since: float, density: Array, own: "Bones", least: float) -> Chance:
    """How far the true density of a site will have moved since its last scan."""
    change = density[:, own.place(day)] / density[:, own.place(since)] - 1.0
    return Chance(site, day, change, float(np.mean(np.abs(change) > least)))


def _first(chances: Sequence[Chance], last: Mapping[Site, float], known: "PatientState") -> Chance | None:
    """The first scan that is likely to tell something; of one day's sites the most telling."""
    enough = known.evidence.scalar("measuring.expected_to_tell")
    wait = days(known.evidence.scalar("measuring.shortest_interval"))
    telling = [each for each in chances if each.beyond >= enough and each.day >= last[each.site] + wait]
    return min(telling, key=lambda each: (each.day, -each.beyond), default=None)


def _lowest_t(known: "PatientState", density: Mapping[str, Array], t: int) -> Array:
    """The lowest T-score of the sites [SD, n]."""
    scores = [t_score(known.evidence, site, known.person.sex, density[site][:, t]) for site in SITES]
    return np.min(scores, axis=0)


def _other_side(
    known: "PatientState", density: Mapping[str, Array], own: "Bones", day: float, threshold: float
) -> float:
    """Probability that the lowest T-score a scan would print lies on the other side than today's best estimate."""
    who = np.arange(known.seen.sample.n)
    printed = {}
    for site in SITES:
        cv = known.evidence.scalar(f"reference.dxa.precision_cv.{site}")
        error = chance.normal(known.draws.seed, f"next_scan.{site}", int(day), who)
        printed[site] = density[site] * (1.0 + cv * error[:, None])
    today = float(np.median(_lowest_t(known, density, own.now))) <= threshold
    return float(np.mean((_lowest_t(known, printed, own.place(day)) <= threshold) != today))


def _telling(each: Chance, known: "PatientState") -> ScanForecast:
    return ScanForecast(
        site=each.site,
        date=date_at(each.day, known.person.birth_date),
        change_percent=interval(PER_CENT * each.change),
        beyond_least_significant=rounded(each.beyond),
    )


def _sentence(
    known: "PatientState",
    scanned: bool,
    first: Chance | None,
    least: Mapping[Site, float],
    changes: float,
    threshold: float,
) -> str:
    """The answer for the page."""
    matters = (
        f"The chance that it falls on the other side of a T-score of {threshold:g} than today's best estimate is "
        f"{PER_CENT * changes:.0f} %."
    )
    if not scanned:
        return f"No scan of spine or hip is on file: the first one tells most, and can be done now. {matters}"
    if first is None:
        return (
            f"Within {known.horizon_y:g} years no change is expected that two scans could tell from noise; a scan for "
            f"another reason may still be due. {matters.replace('it falls', 'one at the end of that time falls')}"
        )
    month = date_at(first.day, known.person.birth_date).strftime("%Y-%m")
    return (
        f"The next bone scan is expected to tell something from {month} on: by then the {SITE_WORDS[first.site]} has "
        f"changed by more than {PER_CENT * least[first.site]:.1f} %, the smallest change that is no noise, with a "
        f"probability of {PER_CENT * first.beyond:.0f} %. {matters}"
    )


if TYPE_CHECKING:
    from trabecula.person import Person
    from trabecula.twin import Scan, ScanExpectation, Twin

SITE_WORDS = {"lumbar_spine": "lumbar spine", "femoral_neck": "femoral neck", "total_hip": "total hip"}
_REPEAT = "Repeat the scan on the same scanner before a decision rests on it."
_DIGITS = 2  # digits of a probability in a sentence

_ANY = (
    (
        "another scanner, or another way of placing the person or the region",
        "dxa.el_maghraoui_2008.performance",
    ),
)
_LOW = (
    ("steroids that are not on file", "unexplained_loss.american_bone_health.medicines"),
    ("too little vitamin D", "unexplained_loss.american_bone_health.diseases"),
    ("malabsorption such as coeliac disease", "unexplained_loss.american_bone_health.diseases"),
    ("an overactive parathyroid or thyroid gland", "unexplained_loss.american_bone_health.diseases"),
    ("loss of weight", "unexplained_loss.hannan_2000.weight"),
)
_LOW_TREATED = (("a medicine that was not taken as written", "unexplained_loss.weycker_2013.adherence"),)
_HIGH_SPINE = (
    ("osteophytes and worn discs, which add up to 14 %", "dxa.spinal_degeneration_1997.bmd"),
    ("a fractured vertebra within the region", "dxa.nerve_2021.fracture_overestimates"),
)
_HIGH = (("a treatment for bone, or more load on it, that is not on file", None),)
Causes = Sequence[tuple[str, str | None]]


def scan_checks(seen: "Twin", person: "Person") -> list[ScanCheck]:
    """Every scan on file against its forecast, oldest first."""
    return [_check(each, person) for each in seen.forecasts]


def _check(told: "ScanExpectation", person: "Person") -> ScanCheck:
    scan, expected = told.scan, _interval(told)
    day = date_at(scan.day, person.birth_date)
    causes = _considered(told, day, person) if told.surprising else ()
    return ScanCheck(
        date=day,
        site=scan.site,  # type: ignore[arg-type]
        bmd_g_cm2=rounded(scan.bmd_g_cm2),
        from_score=scan.from_score,
        expected=expected,
        earlier_scans=told.earlier,
        tail=rounded(told.tail),
        surprising=told.surprising,
        sentence=_check_sentence(told, day, expected, causes),
        consider=[Explanation(what=what, source=source) for what, source in causes],
    )


def _interval(told: "ScanExpectation") -> Interval:
    """What was foretold; a mixture of normals that lie close together is taken as one."""
    reach = float(chance.normal_quantile((1.0 + INTERVAL) / 2.0)) * told.sd
    return Interval(
        median=rounded(told.mean), low=rounded(told.mean - reach), high=rounded(told.mean + reach)
    )


def _check_sentence(told: "ScanExpectation", day: date, expected: Interval, causes: Causes) -> str:
    """What the scan says of the model."""
    where = f"{SITE_WORDS[told.scan.site]}, {day.isoformat()}"
    numbers = f"{_measured(told.scan)}, {expected.low:.3f} to {expected.high:.3f} expected"
    if not told.surprising:
        inside = expected.low <= rounded(told.scan.bmd_g_cm2) <= expected.high
        return f"The scan ({where}) {_EXPLAINED if inside else _FAR_OUT}: {numbers}."
    side = "lower" if told.scan.bmd_g_cm2 < told.mean else "higher"
    known = "the history and the earlier scans explain" if told.earlier else "the history explains"
    return (
        f"The scan ({where}) is {side} than {known}: {numbers}; {_odds(told.tail)} lies so far out. "
        f"Consider {', '.join(what for what, _ in causes)}. {_REPEAT}"
    )


_EXPLAINED = "is explained by the history"
_FAR_OUT = "lies outside what nine of ten such people have, not far enough out to be called unexplained"


def _measured(scan: "Scan") -> str:
    """What the scanner measured, or the score that density was read from."""
    if scan.from_score is not None:
        return f"{scan.from_score}, read as {scan.bmd_g_cm2:.2f} g/cm2 on the Hologic scale"
    scale = "" if scan.device == "hologic" else " on the Hologic scale"
    return f"{scan.bmd_g_cm2:.3f} g/cm2{scale} measured"


def _odds(tail: float) -> str:
    """A small probability as one in so many."""
    many = float(f"{1.0 / max(tail, 1e-4):.{_DIGITS}g}")  # beyond 1 in 10,000 no model is trusted
    return f"about 1 scan in {many:,.0f}"


def _considered(told: "ScanExpectation", day: date, person: "Person") -> Causes:
    """What could explain a scan that came out lower, or higher, than was foretold."""
    if told.scan.bmd_g_cm2 < told.mean:
        treated = any(each.start <= day for each in person.medicines)
        return (*_LOW, *(_LOW_TREATED if treated else ()), *_ANY)
    return (*(_HIGH_SPINE if told.scan.site == "lumbar_spine" else ()), *_HIGH, *_ANY)


def conditioning_notes(seen: "Twin") -> list[str]:
    """What to know of how the measurements were used."""
    if seen.effective >= seen.sample.n:
        return []
    said = (
        f"What was measured in this person leaves as much as {seen.effective:.0f} of the {seen.sample.n} possible "
        "courses; the intervals rest on these."
    )
    if seen.trust >= 1.0:
        return [said]
    return [
        f"{said} The measurements fit hardly any of them. For how fast bone changes they were given only "
        f"{PER_CENT * seen.trust:.2g} % of their weight; for how dense it is, all of it."
    ]
