"""Scans against the model: what it cannot explain is said, with what to consider, and never forced."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from trabecula import chance
from trabecula.assessment.base import Interval
from trabecula.assessment.intervals import INTERVAL, rounded
from trabecula.assessment.measuring_record import Consider, ScanCheck
from trabecula.units import PER_CENT, date_at

if TYPE_CHECKING:
    from trabecula.person import Person
    from trabecula.twin import Foretold, Scan, Twin

SITE_WORDS = {"lumbar_spine": "lumbar spine", "femoral_neck": "femoral neck", "total_hip": "total hip"}
_REPEAT = "Repeat the scan on the same scanner before a decision rests on it."
_DIGITS = 2  # not a parameter: digits of a probability in a sentence

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
    return [_check(each, person) for each in seen.foretold]


def _check(told: "Foretold", person: "Person") -> ScanCheck:
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
        sentence=_sentence(told, day, expected, causes),
        consider=[Consider(what=what, source=source) for what, source in causes],
    )


def _interval(told: "Foretold") -> Interval:
    """What was foretold; a mixture of normals that lie close together is taken as one."""
    reach = float(chance.normal_quantile((1.0 + INTERVAL) / 2.0)) * told.sd
    return Interval(
        median=rounded(told.mean), low=rounded(told.mean - reach), high=rounded(told.mean + reach)
    )


def _sentence(told: "Foretold", day: date, expected: Interval, causes: Causes) -> str:
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
    many = float(
        f"{1.0 / max(tail, 1e-4):.{_DIGITS}g}"
    )  # not a parameter: beyond 1 in 10,000 no model is trusted
    return f"about 1 scan in {many:,.0f}"


def _considered(told: "Foretold", day: date, person: "Person") -> Causes:
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
