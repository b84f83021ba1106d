"""When to measure next: the day on which a bone scan is expected to tell something, and whether it could matter.

A scan tells something when the true change since the last one is probably beyond the least significant change: 2.77
times the precision of the scanner. It matters when it could fall on the other side of the T-score from which
treatment is considered than today's best estimate. Both are read off the draws; nothing is simulated here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.assessment.intervals import interval, rounded
from trabecula.assessment.measuring_record import NextMeasurement, Site, Telling
from trabecula.assessment.scan_checks import SITE_WORDS
from trabecula.skeleton import SITES
from trabecula.skeleton.density import t_score
from trabecula.twin import least_significant_change
from trabecula.units import PER_CENT, date_at, days

if TYPE_CHECKING:
    from trabecula.assessment.conditioned import Conditioned
    from trabecula.course import Bones

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Chance:
    """What a scan of one site on a day could show: true change since its last scan [share, n], and how likely."""

    site: Site
    day: float
    change: Array
    beyond: float


def next_measurement(known: "Conditioned") -> NextMeasurement:
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


def _first(chances: Sequence[Chance], last: Mapping[Site, float], known: "Conditioned") -> Chance | None:
    """The first scan that is likely to tell something; of one day's sites the most telling."""
    enough = known.evidence.scalar("measuring.expected_to_tell")
    wait = days(known.evidence.scalar("measuring.shortest_interval"))
    telling = [each for each in chances if each.beyond >= enough and each.day >= last[each.site] + wait]
    return min(telling, key=lambda each: (each.day, -each.beyond), default=None)


def _lowest_t(known: "Conditioned", density: Mapping[str, Array], t: int) -> Array:
    """The lowest T-score of the sites [SD, n]."""
    scores = [t_score(known.evidence, site, known.person.sex, density[site][:, t]) for site in SITES]
    return np.min(scores, axis=0)


def _other_side(
    known: "Conditioned", density: Mapping[str, Array], own: "Bones", day: float, threshold: float
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


def _telling(each: Chance, known: "Conditioned") -> Telling:
    return Telling(
        site=each.site,
        date=date_at(each.day, known.person.birth_date),
        change_percent=interval(PER_CENT * each.change),
        beyond_least_significant=rounded(each.beyond),
    )


def _sentence(
    known: "Conditioned",
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
