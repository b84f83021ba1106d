"""Bone scans, done and to come: what the model cannot explain, and when the next scan is expected to tell something.

What the history and the earlier scans do not explain is said, with what to consider, and never forced. A scan to come
tells something when the true change since the last one is probably beyond the least significant change: 2.77 times the
precision of the scanner. It matters when it could fall on the other side of the T-score from which treatment is
considered than today's best estimate. Both are read off the draws; nothing is simulated here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from trabecula import chance
from trabecula.assessment.figures import INTERVAL, Interval, interval, rounded
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.results import Explanation, NextMeasurement, ScanCheck, ScanProspect, Site
from trabecula.course import Bones
from trabecula.guidelines.plan_tasks import Task
from trabecula.person import Dxa, Person
from trabecula.skeleton import SITES
from trabecula.skeleton.density import t_score
from trabecula.twin import Scan, ScanExpectation, Twin, least_significant_change
from trabecula.units import PER_CENT, Array, date_at, days, years
from trabecula.vocabulary import site_name
from trabecula.words.message import Message, Value


@dataclass(frozen=True)
class Prospect:
    """What a scan of one site on a day could show."""

    site: Site
    day: float
    """Days since birth."""
    change: Array
    """True change since the last scan of the site [share, n]."""
    beyond: float
    """Probability that the change is beyond the least significant one."""


def next_measurement(known: PatientState) -> NextMeasurement:
    """When the next scan of this person is expected to tell something.

    Without an earlier scan it is now. Otherwise it is the first year in which the change since the last scan of some
    site is beyond the least significant one with a probability of `measuring.expected_to_tell`, though no sooner than
    `measuring.shortest_interval` after that scan.
    """
    own = known.bones
    density = {site: own.density(site, known.level) for site in SITES}
    last: dict[Site, float] = {scan.site: scan.day for scan in known.measured.scans}  # type: ignore[misc]
    least: dict[Site, float] = {site: least_significant_change(site, known.evidence) for site in SITES}  # type: ignore[misc]
    ahead = _yearly(own, known.horizon_y)
    prospects = [_prospect(site, day, last[site], density[site], own, least[site]) for day in ahead for site in last]
    first = _first(prospects, last, known)
    due = own.on if not last else None if first is None else first.day
    threshold = known.evidence.scalar("measuring.treatment_t_score")
    lowest_now = _lowest_t(known, density, own.now)
    changes = _other_side(known, density, own, ahead[-1] if due is None else due, threshold)
    return NextMeasurement(
        due=None if due is None else date_at(due, known.person.birth_date),
        site=None if first is None else first.site,
        least_significant_percent={site: rounded(PER_CENT * value) for site, value in least.items()},
        telling=[_forecast(prospect, known) for prospect in prospects],
        treatment_t_score=threshold,
        below_now=rounded(float(np.mean(lowest_now <= threshold))),
        changes_decision=rounded(changes),
        sentence=_when(known, bool(last), first, least, threshold=threshold, percent=PER_CENT * changes),
    )


_NEAR = timedelta(days=183)
"""A forecast within half a year of a day stands for it."""


def by_plan(measurement: NextMeasurement, tasks: Sequence[Task]) -> NextMeasurement:
    """One date for the next scan: that of the dated plan if a guideline asks for one, with what it can tell by then."""
    planned = min((task for task in tasks if task.task == "dxa"), key=lambda task: task.date, default=None)
    if planned is None:
        return measurement
    near = [scan for scan in measurement.telling if abs(scan.date - planned.date) <= _NEAR]
    site = max(near, key=lambda scan: scan.beyond_least_significant, default=None)
    if site is None:
        told = Message("scan.is_first") if not measurement.telling else Message("scan.too_soon_to_say")
    else:
        percent = {"percent": PER_CENT * site.beyond_least_significant, "site": site_name(site.site)}
        told = Message("scan.by_then", percent)
    sentence = Message("scan.by_plan", {"day": planned.date, "why": planned.why, "told": told})
    return measurement.model_copy(
        update={"due": planned.date, "site": site.site if site else None, "sentence": sentence}
    )


def _yearly(own: Bones, horizon_y: float) -> Array:
    """The days a scan is thought of: each year from today to the horizon, among those that were read."""
    wanted = own.on + days(np.append(np.arange(1.0, horizon_y), horizon_y))
    return wanted[np.isin(wanted, own.days)]


def _prospect(site: Site, day: float, since: float, density: Array, own: Bones, least: float) -> Prospect:
    """How far the true density of a site will have moved since its last scan."""
    change = density[:, own.place(day)] / density[:, own.place(since)] - 1.0
    return Prospect(site, day, change, float(np.mean(np.abs(change) > least)))


def _first(prospects: Sequence[Prospect], last: Mapping[Site, float], known: PatientState) -> Prospect | None:
    """The first scan that is likely to tell something; of one day's sites the most telling."""
    enough = known.evidence.scalar("measuring.expected_to_tell")
    wait = days(known.evidence.scalar("measuring.shortest_interval"))
    telling = [scan for scan in prospects if scan.beyond >= enough and scan.day >= last[scan.site] + wait]
    return min(telling, key=lambda scan: (scan.day, -scan.beyond), default=None)


def _lowest_t(known: PatientState, density: Mapping[str, Array], t: int) -> Array:
    """The lowest T-score of the sites [SD, n]."""
    scores = [t_score(known.evidence, site, known.person.sex, density[site][:, t]) for site in SITES]
    return np.min(scores, axis=0)


def _other_side(known: PatientState, density: Mapping[str, Array], own: Bones, day: float, threshold: float) -> float:
    """Probability that the lowest T-score a scan would print lies on the other side than today's best estimate.

    The scanner's own error is keyed by site and by how many years ahead the scan is, so that the same question has the
    same answer, also a day later.
    """
    ahead_y, who = round(years(day - own.on)), known.seen.sample.keys
    printed = {}
    for site in SITES:
        cv = known.evidence.scalar(f"reference.dxa.precision_cv.{site}")
        error = chance.normal(known.draws.seed, f"next_scan.{site}", ahead_y, who)
        printed[site] = density[site] * (1.0 + cv * error[:, None])
    today = float(np.median(_lowest_t(known, density, own.now))) <= threshold
    return float(np.mean((_lowest_t(known, printed, own.place(day)) <= threshold) != today))


def _forecast(prospect: Prospect, known: PatientState) -> ScanProspect:
    """The same as it is written down."""
    return ScanProspect(
        site=prospect.site,
        date=date_at(prospect.day, known.person.birth_date),
        change_percent=interval(PER_CENT * prospect.change),
        beyond_least_significant=rounded(prospect.beyond),
    )


def _when(
    known: PatientState, scanned: bool, first: Prospect | None, least: Mapping[Site, float], **matters: Value
) -> Message:
    """When to scan next, in a sentence; matters: the threshold, and the chance that the scan changes sides [%]."""
    other_side = Message("scan.other_side", matters)
    if not scanned:
        return Message("scan.first", {"matters": other_side})
    if first is None:
        at_the_end = Message("scan.other_side_at_the_end", matters)
        return Message("scan.none_due", {"years": known.horizon_y, "matters": at_the_end})
    values = {
        "month": date_at(first.day, known.person.birth_date),
        "site": site_name(first.site),
        "least": PER_CENT * least[first.site],
        "percent": PER_CENT * first.beyond,
    }
    return Message("scan.due", {**values, "matters": other_side})


_DIGITS = 2
"""Digits of a probability in a sentence."""
_RAREST = 1e-4
"""One scan in 10,000: beyond it no model is trusted."""

Reason = tuple[str, str | None]
"""What could explain a scan (`explains.*`), and the finding it rests on."""
_ANY: tuple[Reason, ...] = (("other_scanner", "dxa.el_maghraoui_2008.performance"),)
_LOW: tuple[Reason, ...] = (
    ("steroids", "unexplained_loss.american_bone_health.medicines"),
    ("vitamin_d", "unexplained_loss.american_bone_health.diseases"),
    ("malabsorption", "unexplained_loss.american_bone_health.diseases"),
    ("parathyroid", "unexplained_loss.american_bone_health.diseases"),
    ("weight", "unexplained_loss.hannan_2000.weight"),
)
_LOW_TREATED: tuple[Reason, ...] = (("not_taken", "unexplained_loss.weycker_2013.adherence"),)
_HIGH_SPINE: tuple[Reason, ...] = (
    ("osteophytes", "dxa.spinal_degeneration_1997.bmd"),
    ("fractured_vertebra", "dxa.nerve_2021.fracture_overestimates"),
)
_HIGH: tuple[Reason, ...] = (("treatment", None),)


def scan_checks(seen: Twin, person: Person) -> list[ScanCheck]:
    """Every scan on file against its forecast, oldest first."""
    return [_check(forecast, person) for forecast in seen.forecasts]


def scans_for_rules(person: Person, on: date) -> list[Message]:
    """What is said of scans whose bone is not followed, latest first: only rules of guidelines read them."""
    done = sorted((scan for scan in person.dxa if scan.date <= on and not scan.is_used), key=lambda scan: scan.date)
    return [
        Message("scan.for_rules", {"site": site_name(scan.site), "day": scan.date, "measured": _printed(scan)})
        for scan in reversed(done)
    ]


def _printed(scan: Dxa) -> list[Message]:
    """What the scanner printed, the scores first."""
    numbers = {"t_score": scan.t_score, "z_score": scan.z_score, "bmd": scan.bmd_g_cm2}
    return [Message(f"scan.for_rules.{name}", {"x": x}) for name, x in numbers.items() if x is not None]


def _check(told: ScanExpectation, person: Person) -> ScanCheck:
    """One scan against its forecast."""
    scan, expected = told.scan, _interval(told)
    day = date_at(scan.day, person.birth_date)
    reasons = _reasons(told, day, person) if told.surprising else ()
    consider = [Explanation(what=Message(f"explains.{name}"), source=source) for name, source in reasons]
    return ScanCheck(
        date=day,
        site=scan.site,  # type: ignore[arg-type]
        bmd_g_cm2=rounded(scan.bmd_g_cm2),
        from_score=scan.from_score,
        expected=expected,
        earlier_scans=told.earlier,
        tail=rounded(told.tail),
        surprising=told.surprising,
        sentence=_verdict(told, day, expected, [reason.what for reason in consider]),
        consider=consider,
    )


def _interval(told: ScanExpectation) -> Interval:
    """What was foretold; a mixture of normals that lie close together is taken as one."""
    reach = float(chance.normal_quantile((1.0 + INTERVAL) / 2.0)) * told.sd
    middle = rounded(told.mean)
    return Interval(mean=middle, median=middle, low=rounded(told.mean - reach), high=rounded(told.mean + reach))


def _verdict(told: ScanExpectation, day: date, expected: Interval, reasons: Sequence[Message]) -> Message:
    """What the scan says of the model."""
    scan = told.scan
    numbers = {"measured": _measured(scan), "low": expected.low, "high": expected.high}
    values = {"site": site_name(scan.site), "day": day, "numbers": Message("scan.numbers", numbers)}
    if not told.surprising:
        inside = expected.low <= rounded(scan.bmd_g_cm2) <= expected.high
        return Message("scan.explained" if inside else "scan.far_out", values)
    more = {
        "side": Message("scan.lower" if scan.bmd_g_cm2 < told.mean else "scan.higher"),
        "known": Message("scan.history_and_scans" if told.earlier else "scan.history"),
        "many": float(f"{1.0 / max(told.tail, _RAREST):.{_DIGITS}g}"),
        "reasons": reasons,
    }
    return Message("scan.unexplained", {**values, **more})


def _measured(scan: Scan) -> Message:
    """What the scanner measured, or the score that density was read from."""
    if scan.from_score is not None:
        return Message("scan.from_score", {"score": scan.from_score, "bmd": scan.bmd_g_cm2})
    name = "scan.measured" if scan.device == "hologic" else "scan.measured_elsewhere"
    return Message(name, {"bmd": scan.bmd_g_cm2})


def _reasons(told: ScanExpectation, day: date, person: Person) -> tuple[Reason, ...]:
    """What could explain a scan that came out lower, or higher, than was foretold."""
    if told.scan.bmd_g_cm2 < told.mean:
        treated = any(medicine.start <= day for medicine in person.medicines)
        return (*_LOW, *(_LOW_TREATED if treated else ()), *_ANY)
    return (*(_HIGH_SPINE if told.scan.site == "lumbar_spine" else ()), *_HIGH, *_ANY)


def conditioning_notes(seen: Twin) -> list[Message]:
    """What to know of how the measurements were used."""
    if seen.effective >= seen.sample.n:
        return []
    left = Message("note.draws_left", {"left": seen.effective, "of": seen.sample.n})
    if seen.trust >= 1.0:
        return [left]
    return [Message("note.hardly_fit", {"draws_left": left, "percent": PER_CENT * seen.trust})]
